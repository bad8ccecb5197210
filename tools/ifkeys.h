/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the hellos on interfaces. */
#ifndef FAILOVER_IFKEYS_H
#define FAILOVER_IFKEYS_H

#include "config.h"
#include "ifhello.h"
#include "nl.h"

/* Of each key of the link, the one in use first. */
struct ifkeys_secret {
	unsigned char	ours[CONFIG_KEYS][IFHELLO_KEY];
	unsigned char	mates[CONFIG_KEYS][IFHELLO_KEY];
};

/**
 * struct fo_ifkeys - the keys
 * @n: so many are known
 * @secret: the keys, in a page of their own
 * @mode: that of the configuration that they are of; with @unit and @fingerprint
 *        it tells whether another one has the same
 */
struct fo_ifkeys {
	unsigned int	n;
	struct ifkeys_secret *secret;
	uint32_t	mode;
	uint32_t	unit;
	uint64_t	fingerprint[CONFIG_KEYS];
};

int ifkeys_open(struct fo_ifkeys *k);
void ifkeys_close(struct fo_ifkeys *k);
/* Asks for them if the keys of the link are others than before. */
int ifkeys_learn(struct fo_ifkeys *k, struct fo_nl *nl,
		 const struct fo_config *c);

#endif /* FAILOVER_IFKEYS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Watches the monitored interfaces: hellos, tests, and what is heard. */
#ifndef FAILOVER_IFWATCH_H
#define FAILOVER_IFWATCH_H

#include "config.h"
#include "ifhello.h"
#include "ifstate.h"
#include "rtnl.h"

/**
 * struct ifwatch_item - one interface, in the order of the configuration
 * @ifindex: its device, 0: there is none; @mac: that of the device
 * @hello_fd: gets the hellos of the mate, @any_fd everything, during a test;
 *	-1: closed
 * @heard_ms: when the mate was heard, 0: never; @said_ms: when it was told
 * @last: what it said last
 */
struct ifwatch_item {
	char		ifname[IF_NAMESIZE];
	char		nameif[NF_FAILOVER_NAME_MAX];
	int		ifindex;
	unsigned char	mac[MAC_BYTES];
	struct ifstate	state;
	struct ifhello_peer peer;
	int		hello_fd;
	int		any_fd;
	uint64_t	heard_ms;
	uint64_t	said_ms;
	struct ifhello	last;
};

/* Which addresses are ours. */
enum ifwatch_role {
	IFWATCH_NEGOTIATING,	/* none is known to be */
	IFWATCH_STANDBY,
	IFWATCH_ACTIVE,
};

/**
 * struct fo_ifwatch - all interfaces of this unit
 * @poll_fd: readable when there is something to be read; always open
 * @on: interfaces are tested; else all this does nothing
 * @keys: keys of hellos that are known, ours and the mate's of each
 * @hello_ms: when hellos are sent next; @age_ms: when they get old
 */
struct fo_ifwatch {
	int		poll_fd;
	bool		on;
	struct ifwatch_item *item;
	unsigned int	n;
	struct ifstate_times times;
	struct ifhello_self self;
	unsigned int	keys;
	unsigned char	ours[CONFIG_KEYS][IFHELLO_KEY];
	unsigned char	mates[CONFIG_KEYS][IFHELLO_KEY];
	uint64_t	hello_ms;
	uint64_t	age_ms;
};

int ifwatch_open(struct fo_ifwatch *w);
void ifwatch_close(struct fo_ifwatch *w);

/* Follows a configuration; what is known of an interface stays known. */
void ifwatch_set(struct fo_ifwatch *w, const struct fo_config *c, uint64_t now);
/* The device of the interface of that number; NULL: there is none. */
void ifwatch_link(struct fo_ifwatch *w, unsigned int i,
		  const struct fo_dev *dev, uint64_t now);
/* Reads, lets time pass, sends. */
void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifwatch_role role,
		 uint64_t now);
/* Milliseconds until ifwatch_run() is to be called, at least 1. */
unsigned int ifwatch_wait(const struct fo_ifwatch *w, uint64_t now);

#endif /* FAILOVER_IFWATCH_H */

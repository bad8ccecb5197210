/* SPDX-License-Identifier: GPL-2.0 */
/* Watches the monitored interfaces: hellos, tests, and what is heard. */
#ifndef FAILOVER_IFWATCH_H
#define FAILOVER_IFWATCH_H

#include "config.h"
#include "ifask.h"
#include "ifhello.h"
#include "ifkeys.h"
#include "ifstate.h"
#include "rtnl.h"

/**
 * struct ifwatch_item - one interface, in the order of the configuration
 * @ifindex: its device, 0: there is none; @mac: that of the device
 * @port: it is a port of a bridge
 * @hello_fd: gets the hellos of the mate, @any_fd everything, during a test;
 *	-1: closed
 * @heard_ms: when the mate was heard, 0: never; @said_ms: when it was told
 * @last: what it said last; @other: an interface of it that is not this one
 * @strange: frames since the last hello that were none of the mate's
 */
struct ifwatch_item {
	char		ifname[IF_NAMESIZE];
	char		nameif[NF_FAILOVER_NAME_MAX];
	int		ifindex;
	unsigned char	mac[MAC_BYTES];
	bool		port;
	struct ifstate	state;
	struct ifhello_peer peer;
	int		hello_fd;
	int		any_fd;
	uint64_t	heard_ms;
	uint64_t	said_ms;
	struct ifhello	last;
	char		other[NF_FAILOVER_NAME_MAX];
	unsigned int	strange;
};

/**
 * struct fo_ifwatch - all interfaces of this unit
 * @poll_fd: readable when there is something to be read; always open
 * @on: interfaces are tested; else all this does nothing
 * @wanted: the mate tests an interface, and waits for a word of this unit
 * @keys: of hellos
 * @hello_ms: when hellos are sent next; @age_ms: when they get old
 */
struct fo_ifwatch {
	int		poll_fd;
	bool		on;
	bool		wanted;
	struct ifwatch_item *item;
	unsigned int	n;
	struct ifstate_times times;
	struct ifhello_self self;
	struct fo_ifkeys keys;
	uint64_t	hello_ms;
	uint64_t	age_ms;
};

int ifwatch_open(struct fo_ifwatch *w);
void ifwatch_close(struct fo_ifwatch *w);

/* Follows a configuration; what is known of an interface stays known. */
void ifwatch_set(struct fo_ifwatch *w, const struct fo_config *c, uint64_t now);
/* However often they have failed so far, none is held down for it. */
void ifwatch_reset(struct fo_ifwatch *w, uint64_t now);
/* The device of the interface of that number; NULL: there is none. */
void ifwatch_link(struct fo_ifwatch *w, unsigned int i,
		  const struct fo_dev *dev, uint64_t now);
/* Reads, lets time pass, sends. */
void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifask_role role,
		 uint64_t now);
/* In words, why the interface of that number is in its state. */
void ifwatch_why(const struct fo_ifwatch *w, unsigned int i,
		 const struct fo_config *c, char *to, size_t size,
		 uint64_t now);
/* Milliseconds until ifwatch_run() is to be called, at least 1. */
unsigned int ifwatch_wait(const struct fo_ifwatch *w, uint64_t now);

#endif /* FAILOVER_IFWATCH_H */

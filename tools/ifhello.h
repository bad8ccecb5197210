/* SPDX-License-Identifier: GPL-2.0 */
/* Hellos that the units send to each other on the data interfaces. Pure. */
#ifndef FAILOVER_IFHELLO_H
#define FAILOVER_IFHELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/nf_failover.h>

#include "addr.h"

#define IFHELLO_KEY	32
#define IFHELLO_ADDRS	8
#define IFHELLO_MAX	(41 + NF_FAILOVER_NAME_MAX - 1 + \
			 IFHELLO_ADDRS * (1 + 2 * ADDR_BYTES_MAX) + 16)

/* An address that the sender answers for, and where it looks for the mate. */
struct ifhello_addr {
	int		family;
	unsigned char	own[ADDR_BYTES_MAX];
	unsigned char	mate[ADDR_BYTES_MAX];
};

/**
 * struct ifhello - one hello
 * @unit: enum nf_failover_unit, @role: enum nf_failover_role of the sender
 * @status: enum nf_failover_ifstatus of its interface
 * @hears: it has heard the receiver here within the hold time
 * @boot: a random number of each start of the sender; @count: grows with each
 *	of its hellos, on all interfaces
 * @heard_boot: the same two of the receiver, as they were heard last; 0: never
 * @nameif: the interface
 */
struct ifhello {
	uint8_t		unit;
	uint8_t		role;
	uint8_t		status;
	bool		hears;
	uint64_t	boot;
	uint64_t	count;
	uint64_t	heard_boot;
	uint64_t	heard_count;
	char		nameif[NF_FAILOVER_NAME_MAX];
	unsigned int	n_addrs;
	struct ifhello_addr addr[IFHELLO_ADDRS];
};

/*
 * The key of what @unit sends, from the key of the link; NULL: the link is in
 * clear text. A hello that comes back to its sender is none of the mate's.
 */
void ifhello_key(unsigned char key[IFHELLO_KEY], const unsigned char *secret,
		 uint32_t unit);

/* Returns the length; @buf has room for IFHELLO_MAX. */
size_t ifhello_put(unsigned char *buf, const struct ifhello *h,
		   const unsigned char key[IFHELLO_KEY]);
/* Padding may follow in @buf; false: it is not one of the mate's. */
bool ifhello_get(struct ifhello *h, const unsigned char *buf, size_t len,
		 const unsigned char key[IFHELLO_KEY]);

/**
 * struct ifhello_self - what this unit has sent
 * @boot: of this start, never 0
 * @count: of the last hello
 * @recent: of one that was sent not long ago, as @recent_next will be
 */
struct ifhello_self {
	uint64_t	boot;
	uint64_t	count;
	uint64_t	recent;
	uint64_t	recent_next;
};

void ifhello_start(struct ifhello_self *self, uint64_t boot);
/* The hold time has passed once more. */
void ifhello_ages(struct ifhello_self *self);

#define IFHELLO_GONE	4

/**
 * struct ifhello_peer - the mate, on one interface
 * @boot: its start that is believed, and its last @count; 0: none yet
 * @seen_boot: what is to be said back to it; need not be believed
 * @gone: starts that were followed by another one, @n_gone in all
 */
struct ifhello_peer {
	uint64_t	boot;
	uint64_t	count;
	uint64_t	seen_boot;
	uint64_t	seen_count;
	uint64_t	gone[IFHELLO_GONE];
	unsigned int	n_gone;
};

enum ifhello_word {
	IFHELLO_OLD,		/* said before: means nothing */
	IFHELLO_UNPROVEN,	/* may have been said before: ask, by a hello */
	IFHELLO_FIRST,		/* the mate, after its start or ours: answer */
	IFHELLO_HEARD,		/* the mate */
};

enum ifhello_word ifhello_hear(struct ifhello_peer *peer,
			       const struct ifhello_self *self,
			       const struct ifhello *h);

#endif /* FAILOVER_IFHELLO_H */

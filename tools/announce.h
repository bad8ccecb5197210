/* SPDX-License-Identifier: GPL-2.0 */
/* Tells the segments who owns an address: gratuitous ARP, unsolicited NA. */
#ifndef FAILOVER_ANNOUNCE_H
#define FAILOVER_ANNOUNCE_H

#include "config.h"
#include "pool.h"
#include "rtnl.h"

#define ANNOUNCE_FRAME_MAX	128

/* Whole frames; the length is returned. Pure. */
size_t announce_arp(unsigned char *frame, const unsigned char *mac,
		    const unsigned char *addr, bool reply);
size_t announce_na(unsigned char *frame, const unsigned char *mac,
		   const unsigned char *addr);

/* An AF_PACKET socket that only sends, or -errno. */
int announce_open(void);

/* Announces once what this role owns on each data interface. */
void announce_all(int fd, struct fo_rtnl *rt, const struct fo_config *c,
		  bool active);

/*
 * The same for so many of @pool from @from on; returns how far it came, and 0
 * at the end.
 */
unsigned int announce_pool(int fd, struct fo_rtnl *rt,
			   const struct fo_config *c,
			   const struct fo_pool *pool, unsigned int from);

#endif /* FAILOVER_ANNOUNCE_H */

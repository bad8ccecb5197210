/* SPDX-License-Identifier: GPL-2.0 */
/* TCP connections without state that a new active unit lets in for a time. */
#ifndef _FO_RECONNECT_H
#define _FO_RECONNECT_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

/**
 * struct fo_reconnect - whether such connections are let in
 * @net: network namespace
 * @seconds: for how long after a promotion; 0: not at all, FO_FOREVER: always
 * @lock: protects what follows
 * @on: they are, by us
 * @until: for so long, in jiffies
 * @over: ends it
 */
struct fo_reconnect {
	struct net *net;
	u32 seconds;
	spinlock_t lock;
	bool on;
	unsigned long until;
	struct delayed_work over;
};

/* reconnect.c */
void fo_reconnect_init(struct fo_reconnect *r, struct net *net);
void fo_reconnect_set(struct fo_reconnect *r, u32 seconds);
void fo_reconnect_begin(struct fo_reconnect *r);
void fo_reconnect_end(struct fo_reconnect *r);
void fo_reconnect_stop(struct fo_reconnect *r);

#endif /* _FO_RECONNECT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Two sessions and a wire of their own, in one process. */
#ifndef _FO_KUNIT_PAIR_H
#define _FO_KUNIT_PAIR_H

#include <kunit/test.h>
#include <linux/prandom.h>

#include "echo.h"
#include "link.h"
#include "session.h"
#include "stats.h"

#define PAIR_TRACE	4096	/* deliveries that an end can note */

struct pair;

/**
 * struct pair_end - one unit
 * @pair: both
 * @session: what is tested
 * @stats: its counters
 * @link: its link, whose transport is ours
 * @dev: a netdev that is up, has a carrier, and is never registered
 * @wire: frames that it has sent
 * @got: numbers that were delivered to it, in that order
 * @n: how many
 * @hellos: hellos that were delivered to it
 * @msgs: messages that were delivered to it
 * @echoes: its echoes
 * @echoed: those that came back
 * @last: the last one of these
 * @associated: associations that it was told of
 * @acked: how often it was told that the window has room
 * @mismatch: what it was told last about a peer that does not fit
 */
struct pair_end {
	struct pair *pair;
	struct fo_session session;
	struct fo_stats stats;
	struct fo_link link;
	struct net_device *dev;
	struct sk_buff_head wire;
	u32 got[PAIR_TRACE];
	unsigned int n;
	unsigned int hellos;
	unsigned int msgs;
	struct fo_echoes echoes;
	unsigned int echoed;
	struct fo_echoed last;
	unsigned int associated;
	unsigned int acked;
	const char *mismatch;
};

/**
 * struct pair - both units and what the wire does to frames
 * @test: the test
 * @end: primary and secondary
 * @rng: decides about the next three
 * @loss: percent of the frames that are lost
 * @twice: percent that come twice
 * @late: percent that change places with the next one
 * @psks: keys of both
 */
struct pair {
	struct kunit *test;
	struct pair_end end[2];
	struct rnd_state rng;
	unsigned int loss;
	unsigned int twice;
	unsigned int late;
	struct fo_psks psks;
};

void pair_make(struct pair *p, struct kunit *test);
int pair_init(struct kunit *test);
void pair_exit(struct kunit *test);
void pair_carry(struct pair *p);
void pair_cut(struct pair *p);
void pair_receive(struct pair_end *to, struct sk_buff *skb);
void pair_associate(struct pair *p);
bool pair_push(struct pair_end *from, u32 number);

#endif /* _FO_KUNIT_PAIR_H */

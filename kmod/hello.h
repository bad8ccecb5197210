/* SPDX-License-Identifier: GPL-2.0 */
/* Hellos and the hold timer: whether the other unit lives. */
#ifndef _FO_HELLO_H
#define _FO_HELLO_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>

#include "codec_link.h"
#include "session.h"
#include "stats.h"

/**
 * struct fo_hello_ops - what the hellos ask of and tell the rooms above
 * @fill: what this unit has to say
 * @heard: a newer hello of the peer; the struct is valid for the call only
 * @lost: the peer was missed for the hold time; if not @heard, it has not said
 *        a hello since it was lost the last time
 * @silent: nothing was heard of the peer for a good part of the hold time; once
 *          a silence
 *
 * All in softirq.
 */
struct fo_hello_ops {
	void (*fill)(void *ctx, struct fo_hello *h);
	void (*heard)(void *ctx, const struct fo_hello *h);
	void (*lost)(void *ctx, bool heard);
	void (*silent)(void *ctx);
};

/**
 * struct fo_hellos - hellos of one unit
 * @session: the association that they travel in
 * @stats: counters of the unit
 * @ops: rooms above
 * @ctx: for @ops
 * @poll_ns: time between hellos
 * @hold_ns: time after which the peer is lost
 * @silent_ns: time after which it is said to be silent
 * @poll: time to send, or to look for a peer
 * @hold: time to ask whether something was heard
 * @alive: the peer was heard, and has not been lost since
 * @silent: that it is silent was told; only for @look
 * @on: between start and stop
 * @now: sends a hello
 * @look: whether the peer is silent, or lost
 * @lock: protects @out
 * @out: hello to be sent
 * @in: hello that was received; protected by the session's rx_lock
 */
struct fo_hellos {
	struct fo_session *session;
	struct fo_stats *stats;
	const struct fo_hello_ops *ops;
	void *ctx;
	u64 poll_ns;
	u64 hold_ns;
	u64 silent_ns;
	struct hrtimer poll;
	struct hrtimer hold;
	bool alive;
	bool silent;
	bool on;
	struct tasklet_struct now;
	struct tasklet_struct look;
	spinlock_t lock;
	struct fo_hello out;
	struct fo_hello in;
};

/* hello.c */
void fo_hello_init(struct fo_hellos *h, struct fo_session *session,
		   struct fo_stats *stats, const struct fo_hello_ops *ops,
		   void *ctx);
void fo_hello_start(struct fo_hellos *h, u32 poll_ms, u32 hold_ms);
void fo_hello_stop(struct fo_hellos *h);
void fo_hello_now(struct fo_hellos *h);
bool fo_hello_silent(const struct fo_hellos *h);
void fo_hello_rx(struct fo_hellos *h, struct fo_reader *body);

#endif /* _FO_HELLO_H */

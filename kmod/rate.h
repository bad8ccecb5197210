/* SPDX-License-Identifier: GPL-2.0 */
/* How fast frames may be sent where it is loss alone that tells. */
#ifndef _FO_RATE_H
#define _FO_RATE_H

#include "pure.h"

/* Four of them wait at the most: a link of 240 kbit/s, in full frames. */
#define FO_RATE_LEAST	20U	/* frames in a second */

enum fo_rate_state {
	FO_RATE_FREE,		/* as the window has it */
	FO_RATE_TRIAL,		/* whether less is lost when less is sent */
	FO_RATE_BOUND,		/* less is lost */
	FO_RATE_PROBE,		/* whether a little more does no harm */
};

/**
 * struct fo_rate - a bound on the rate
 * @state: enum fo_rate_state
 * @rate: frames in a second, at the most; while free: that arrived
 * @good: the last one that did no harm
 * @bad: the last one that did
 * @gap: nanoseconds between two frames; 0: no bound
 * @next: when the next frame may be sent
 * @since: when the measurement began
 * @heard: when the last frame was acknowledged
 * @delivered: how many were since it began
 * @lost: those that were sent since it began, and again
 * @busy: times that more could have been sent
 * @share: of 1024 frames so many were lost before the trial
 * @held: times that it was the rate that was in the way
 * @late: a queue is felt, which the window heeds
 * @lossy: so many measurements in a row had losses
 * @tries: trials in a row, or measurements in which the bound did not help
 * @step: a probe is the rate and a @step-th of it
 * @rest: measurements until loss is looked at again
 * @rests: how many it will be the next time
 * @wait: nanoseconds between probes that fail
 * @probe_at: when the next one is
 */
struct fo_rate {
	u8 state;
	bool late;
	u8 lossy;
	u8 tries;
	u8 step;
	u16 rest;
	u16 rests;
	u32 rate;
	u32 good;
	u32 bad;
	u64 gap;
	u64 next;
	u64 since;
	u64 heard;
	u32 delivered;
	u32 lost;
	u32 busy;
	u32 held;
	u32 share;
	u64 wait;
	u64 probe_at;
};

/* rate.c */
void fo_rate_init(struct fo_rate *r);
void fo_rate_new(struct fo_rate *r, u64 now);
void fo_rate_sent(struct fo_rate *r, u64 now);
void fo_rate_resent(struct fo_rate *r, u64 was_sent, u64 now);
void fo_rate_acked(struct fo_rate *r, unsigned int frames, u64 round_trip,
		   u64 now);
void fo_rate_late(struct fo_rate *r);

/* No new frame now, for this alone. */
static inline bool fo_rate_waits(const struct fo_rate *r, u64 now)
{
	return r->gap && r->next > now;
}

/* More could be sent than may be, because of the window or of the rate. */
static inline void fo_rate_full(struct fo_rate *r, bool held)
{
	r->busy++;
	r->held += held;
}

#endif /* _FO_RATE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* How many frames may be on their way, so that hellos need not queue. */
#ifndef _FO_PACE_H
#define _FO_PACE_H

#include "pure.h"

#define FO_PACE_START	4U	/* frames, when nothing is known of the way */
#define FO_PACE_LEAST	2U
#define FO_PACE_TARGET	(10 * 1000 * 1000ULL)	/* nanoseconds in queues */
#define FO_PACE_IDLE	(1000 * 1000 * 1000ULL)	/* what was known is old */

/**
 * struct fo_pace - the congestion window
 * @most: frames that it is never more than
 * @window: frames that may be on their way
 * @limit: up to which it doubles
 * @base: shortest round trip in nanoseconds, 0 before the first
 * @queueing: how much longer the shortest one of the last round was
 * @low: shortest one of this round, 0: there was none yet
 * @half: frames from this number on count in this round
 * @mark: the round is over when this one is acknowledged
 * @stuck: rounds in which the least window was still too much
 * @lost: frames that were sent again in this round
 * @full: the window was in use in this round
 */
struct fo_pace {
	unsigned int most;
	unsigned int window;
	unsigned int limit;
	u64 base;
	u64 queueing;
	u64 low;
	u64 half;
	u64 mark;
	unsigned int stuck;
	unsigned int lost;
	bool full;
};

/* pace.c */
void fo_pace_init(struct fo_pace *p, unsigned int most);
void fo_pace_rest(struct fo_pace *p);
bool fo_pace_push(struct fo_pace *p, unsigned int out);
void fo_pace_sample(struct fo_pace *p, u64 seq, bool meets, u64 rtt);
void fo_pace_round(struct fo_pace *p, u64 next);
void fo_pace_silence(struct fo_pace *p, u64 next);

#endif /* _FO_PACE_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * How fast frames may be sent where it is loss alone that tells: a queue that is
 * full before its delay is felt (see pace.c), or a policer, which has none. Pure.
 *
 * A link may as well lose by chance, and then less would be sent for nothing. So
 * it is tried: a bound just below the rate at which frames were delivered. If it
 * makes the loss go away, it stays, and is raised now and then, seldom where that
 * did harm (as bw_hi in BBR). If it does not, it goes, and loss is not looked at
 * for a while.
 */

#include "rate.h"

#define SECOND	(1000 * 1000 * 1000ULL)
/* A measurement is so many frames and round trips, */
#define FRAMES		64U
#define ROUND_TRIPS	8U
/* and begins anew when there was nothing to send for so long. */
#define PAUSE		(SECOND / 1000)
/* In so many in a row so many frames are lost, and of 1024: not by chance, or always. */
#define LOSSES		3U
#define LOSS_SHARE	32U
#define LOSSY		2U
#define TRIALS		3U
#define REST		16U
#define REST_MOST	4096U
/* A timer that is late is made up for, by so many frames. */
#define BURST		4U
#define WAIT_LEAST	(SECOND / 5)
#define WAIT_MOST	(30 * SECOND)
#define STEP_LEAST	16U	/* a sixteenth */
#define BELOW		16U

static void measure(struct fo_rate *r, u64 now)
{
	r->since = now;
	r->delivered = 0;
	r->lost = 0;
	r->busy = 0;
	r->held = 0;
	r->late = false;
}

void fo_rate_init(struct fo_rate *r)
{
	memset(r, 0, sizeof(*r));
	r->rests = REST;
}

/**
 * fo_rate_new() - a new frame is sent, and nothing else was on its way
 * @r: rate
 * @now: time in nanoseconds
 */
void fo_rate_new(struct fo_rate *r, u64 now)
{
	if (!r->gap && now > r->heard + PAUSE)
		measure(r, now);
}

/**
 * fo_rate_sent() - a frame is sent
 * @r: rate
 * @now: time in nanoseconds
 */
void fo_rate_sent(struct fo_rate *r, u64 now)
{
	if (r->gap)
		r->next = max_t(u64, r->next + r->gap,
				now - (BURST - 1) * r->gap);
}

/**
 * fo_rate_resent() - a frame was lost and is sent again
 * @r: rate
 * @was_sent: when it was sent the last time
 * @now: time in nanoseconds
 */
void fo_rate_resent(struct fo_rate *r, u64 was_sent, u64 now)
{
	r->lost += was_sent >= r->since;
	fo_rate_sent(r, now);
}

/* Frames wait for longer than they may: the window becomes smaller. */
void fo_rate_late(struct fo_rate *r)
{
	r->late = true;
}

static void set_rate(struct fo_rate *r, u32 rate)
{
	r->rate = max_t(u32, rate, FO_RATE_LEAST);
	r->gap = SECOND / r->rate;
}

/* A little below, so that the queue becomes empty. */
static void hold(struct fo_rate *r, u32 seen, u64 now)
{
	r->state = FO_RATE_BOUND;
	r->good = min_t(u32, r->good, seen - seen / BELOW);
	r->step = STEP_LEAST;
	set_rate(r, r->good);
	r->probe_at = now + r->wait;
	r->wait = min_t(u64, 2 * r->wait, WAIT_MOST);
}

static void set_free(struct fo_rate *r)
{
	r->state = FO_RATE_FREE;
	r->gap = 0;
	r->tries = 0;
	r->lossy = 0;
	r->rest = r->rests;
	r->rests = min_t(u32, 2 * r->rests, REST_MOST);
}

static void begin_trial(struct fo_rate *r, u32 seen, u32 share)
{
	r->state = FO_RATE_TRIAL;
	r->share = share;
	set_rate(r, seen - seen / 8);
}

static void judge_free(struct fo_rate *r, u32 seen, u32 share)
{
	if (r->rest) {
		r->rest--;
		return;
	}
	/* as long as more arrives each time there is room */
	if (r->lost >= LOSSES && share >= LOSS_SHARE && !r->late &&
	    seen <= r->rate + r->rate / 8)
		r->lossy++;
	else
		r->lossy = 0;
	r->rate = seen;
	if (r->lossy >= LOSSY)
		begin_trial(r, seen, share);
}

static void judge_trial(struct fo_rate *r, u32 seen, u32 share, u64 now)
{
	if (share * 4 <= r->share) {
		r->tries = 0;
		r->good = r->rate;
		r->bad = 0;
		r->wait = WAIT_LEAST;
		hold(r, r->rate, now);
	} else if (share * 4 <= r->share * 3 && ++r->tries < TRIALS) {
		begin_trial(r, min_t(u32, seen, r->rate), r->share);
	} else {
		set_free(r);
	}
}

static void judge_bound(struct fo_rate *r, u32 seen, u32 share, u64 now)
{
	if (r->lost >= LOSSES && share * 4 > r->share) {
		if (++r->tries > TRIALS)
			set_free(r);
		else
			hold(r, seen - seen / BELOW, now);
	} else if (now >= r->probe_at) {
		r->tries = 0;
		r->state = FO_RATE_PROBE;
		set_rate(r, r->good + r->good / r->step);
	}
}

/* Does more arrive if more is sent? If not it is in a queue, or lost. */
static void judge_probe(struct fo_rate *r, u32 seen, u64 now)
{
	if (seen < r->rate - r->rate / STEP_LEAST / 2) {
		r->rests = REST;
		r->bad = r->rate;
		hold(r, r->lost || seen < r->good ? seen : r->rate, now);
		return;
	}
	r->good = r->rate;
	/* up to where it did harm the last time nothing is new */
	if (r->rate > r->bad)
		r->wait = WAIT_LEAST;
	r->step = max_t(u8, r->step / 2, 1);
	set_rate(r, r->rate + r->rate / r->step);
}

static void judge(struct fo_rate *r, u64 now)
{
	u32 seen = r->delivered * SECOND / (now - r->since);
	u32 share = r->lost * 1024 / (r->lost + r->delivered);

	if (r->state == FO_RATE_FREE)
		judge_free(r, seen, share);
	else if (r->held < r->delivered / 16 || r->late)
		set_free(r);	/* the window is enough */
	else if (r->state == FO_RATE_TRIAL)
		judge_trial(r, seen, share, now);
	else if (r->state == FO_RATE_BOUND)
		judge_bound(r, seen, share, now);
	else
		judge_probe(r, seen, now);
}

/**
 * fo_rate_acked() - frames are acknowledged
 * @r: rate
 * @frames: how many
 * @round_trip: in nanoseconds
 * @now: time in nanoseconds
 *
 * What was sent when there was little to send tells nothing of a rate.
 */
void fo_rate_acked(struct fo_rate *r, unsigned int frames, u64 round_trip,
		   u64 now)
{
	r->heard = now;
	r->delivered += frames;
	if (r->delivered < FRAMES || now <= r->since + ROUND_TRIPS * round_trip)
		return;
	if (r->busy >= r->delivered / 4)
		judge(r, now);
	measure(r, now);
}

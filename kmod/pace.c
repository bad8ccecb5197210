// SPDX-License-Identifier: GPL-2.0
/*
 * How many frames may be on their way, so that hellos need not queue.
 *
 * A delay-based congestion window, in the manner of RFC 6817: by how much a
 * round trip is longer than the shortest one, frames wait in queues on the way,
 * which hellos share. So many are sent as wait for FO_PACE_TARGET: they fill the
 * link all the same. Pure.
 *
 * A round is a window of frames. After it the window becomes that which meets
 * the target if as many frames get through in a second as did in this one (as
 * in FAST TCP); at most it doubles, or halves. What makes some frames late and
 * is no queue, a processor that is busy, must not make it smaller: the shortest
 * round trip counts, but of the later half of the frames, which were sent with
 * this window, and without the first ones of a burst, which wait for nobody.
 *
 * Loss alone says nothing: a link may lose by chance. But where half of the
 * frames are lost a queue is shorter than the target.
 */

#include "pace.h"

/* Frames of a round: so many that four of them count. */
#define ROUND_LEAST	8U
/* After so many rounds at the least window the way itself is longer. */
#define STUCK_ROUNDS	2
/* A queue as short as that is none: the link could take more. */
#define NO_QUEUE	(FO_PACE_TARGET / 8)
/* Half of so many are not lost by chance. */
#define LOSS_OF		32U

static unsigned int bounded(const struct fo_pace *p, u64 window)
{
	return max_t(u64, FO_PACE_LEAST, min_t(u64, window, p->most));
}

static void begin_round(struct fo_pace *p, u64 next)
{
	unsigned int n = max_t(unsigned int, p->window, ROUND_LEAST);

	p->half = next + n / 2;
	p->mark = next + n - 1;
	p->low = 0;
	p->lost = 0;
	p->full = false;
}

/**
 * fo_pace_init() - nothing is known of the way
 * @p: pace
 * @most: frames that may be on their way in any case
 */
void fo_pace_init(struct fo_pace *p, unsigned int most)
{
	memset(p, 0, sizeof(*p));
	p->most = most;
	p->limit = most;
	p->window = FO_PACE_START;
	begin_round(p, 1);
}

/**
 * fo_pace_rest() - nothing was sent for a while
 * @p: pace
 *
 * Who goes on with what was right then sends a burst (RFC 5681, 4.1).
 */
void fo_pace_rest(struct fo_pace *p)
{
	p->window = min_t(unsigned int, p->window, FO_PACE_START);
	p->queueing = 0;
}

/**
 * fo_pace_push() - a new frame is sent
 * @p: pace
 * @out: how many are on their way with it
 *
 * Return: whether they are so many that it will meet them.
 */
bool fo_pace_push(struct fo_pace *p, unsigned int out)
{
	if (out >= p->window)
		p->full = true;
	return out > p->window / 2;
}

/**
 * fo_pace_sample() - a frame that was sent once is acknowledged
 * @p: pace
 * @seq: its number
 * @meets: what fo_pace_push() said
 * @rtt: since when, in nanoseconds, not 0
 */
void fo_pace_sample(struct fo_pace *p, u64 seq, bool meets, u64 rtt)
{
	if (!p->base || rtt < p->base)
		p->base = rtt;
	if (meets && seq >= p->half && (!p->low || rtt < p->low))
		p->low = rtt;
}

static void shrink(struct fo_pace *p, u64 fit)
{
	p->window = bounded(p, max_t(u64, fit, p->window / 2));
	p->limit = p->window;
}

/* Less than this cannot be, so what frames wait in is not our queue. */
static void accept_way(struct fo_pace *p)
{
	if (++p->stuck < STUCK_ROUNDS)
		return;
	p->stuck = 0;
	p->base = p->low;
	p->limit = p->most;
}

static void grow(struct fo_pace *p, u64 fit)
{
	u64 least = p->window + 1, most = 2 * p->window;

	if (p->queueing >= NO_QUEUE)
		most = least + p->window / 4;
	else if (p->window < p->limit)
		least = min_t(u64, most, p->limit);
	else
		least += p->window / 8;
	p->window = bounded(p, min_t(u64, most, max_t(u64, fit, least)));
	p->limit = max_t(unsigned int, p->limit, p->window);
}

static void adapt(struct fo_pace *p)
{
	u64 fit = p->window * (p->base + FO_PACE_TARGET) / p->low;
	bool late;

	p->queueing = p->low - p->base;
	late = p->queueing > FO_PACE_TARGET;
	if (late && p->window == FO_PACE_LEAST) {
		accept_way(p);
		return;
	}
	p->stuck = 0;
	if (late)
		shrink(p, fit);
	else if (p->full)
		grow(p, fit);
}

/**
 * fo_pace_round() - the frame @p->mark, or a later one, is acknowledged
 * @p: pace
 * @next: number of the next new frame
 */
void fo_pace_round(struct fo_pace *p, u64 next)
{
	if (p->lost >= max_t(unsigned int, p->window, LOSS_OF) / 2)
		shrink(p, p->window / 2);
	else if (p->low)
		adapt(p);
	begin_round(p, next);
}

/**
 * fo_pace_silence() - neither the oldest frame was acknowledged in time nor any
 *                     of those behind it
 * @p: pace
 * @next: number of the next new frame
 *
 * As it is while nothing is known of the way, at the least.
 */
void fo_pace_silence(struct fo_pace *p, u64 next)
{
	if (p->window > FO_PACE_START)
		p->window = max_t(unsigned int, p->window / 2, FO_PACE_START);
	begin_round(p, next);
}

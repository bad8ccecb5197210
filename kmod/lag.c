// SPDX-License-Identifier: GPL-2.0
/*
 * How long changes take until the other unit has them: a histogram.
 *
 * Four buckets for each power of two, so that a bucket is a fifth to a quarter
 * wide: what is read from it is that much too high at most, and never too low.
 * Two spans of time take turns, so that an answer is of the last one or two
 * minutes. Pure.
 */

#include "lag.h"

/* The unit of the buckets: 1024 ns. */
#define UNIT_BITS	10

/**
 * fo_lag_bucket() - which bucket a time is of
 * @ns: the time in nanoseconds
 *
 * Return: its number.
 */
unsigned int fo_lag_bucket(u64 ns)
{
	u64 v = ns >> UNIT_BITS;
	unsigned int e;

	if (v < 4)
		return v;
	e = 63 - __builtin_clzll(v);
	return min_t(unsigned int, 4 * (e - 1) + ((v >> (e - 2)) & 3),
		     FO_LAG_BUCKETS - 1);
}

/**
 * fo_lag_bound() - no time of a bucket is as long as this
 * @bucket: its number
 *
 * Return: nanoseconds.
 */
u64 fo_lag_bound(unsigned int bucket)
{
	if (bucket < 4)
		return (u64)(bucket + 1) << UNIT_BITS;
	return (u64)(bucket % 4 + 5) << (bucket / 4 - 1 + UNIT_BITS);
}

/**
 * fo_lag_pass() - time has passed
 * @l: histogram
 * @at: the time now
 */
void fo_lag_pass(struct fo_lag *l, u64 at)
{
	if (at - l->began < FO_LAG_SPAN)
		return;
	if (at - l->began < 2 * FO_LAG_SPAN)
		memcpy(l->last, l->now, sizeof(l->last));
	else
		memset(l->last, 0, sizeof(l->last));
	memset(l->now, 0, sizeof(l->now));
	l->began = at;
}

/**
 * fo_lag_add() - so many changes took that long
 * @l: histogram
 * @at: the time now
 * @ns: how long
 * @n: how many
 */
void fo_lag_add(struct fo_lag *l, u64 at, u64 ns, u32 n)
{
	fo_lag_pass(l, at);
	l->now[fo_lag_bucket(ns)] += n;
}

u64 fo_lag_count(const struct fo_lag *l)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < FO_LAG_BUCKETS; i++)
		n += (u64)l->now[i] + l->last[i];
	return n;
}

/**
 * fo_lag_quantile() - what so many of a hundred do not take longer than
 * @l: histogram
 * @percent: 1 to 100
 *
 * Return: nanoseconds, 0 when there are none.
 */
u64 fo_lag_quantile(const struct fo_lag *l, unsigned int percent)
{
	u64 want = (fo_lag_count(l) * percent + 99) / 100;
	unsigned int i;
	u64 n = 0;

	if (!want)
		return 0;
	for (i = 0; i < FO_LAG_BUCKETS - 1; i++) {
		n += (u64)l->now[i] + l->last[i];
		if (n >= want)
			break;
	}
	return fo_lag_bound(i);
}

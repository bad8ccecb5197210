/* SPDX-License-Identifier: GPL-2.0 */
/* How long changes take until the other unit has them: a histogram. */
#ifndef _FO_LAG_H
#define _FO_LAG_H

#include "pure.h"

#define FO_LAG_BUCKETS	128
/* What is older than twice this is forgotten. */
#define FO_LAG_SPAN	(60 * 1000 * 1000 * 1000ULL)	/* nanoseconds */

/**
 * struct fo_lag - times of the last one or two spans
 * @began: begin of the span that @now is of
 * @now: how many there were, by fo_lag_bucket()
 * @last: the same of the span before
 */
struct fo_lag {
	u64 began;
	u32 now[FO_LAG_BUCKETS];
	u32 last[FO_LAG_BUCKETS];
};

/* lag.c */
unsigned int fo_lag_bucket(u64 ns);
u64 fo_lag_bound(unsigned int bucket);
void fo_lag_add(struct fo_lag *l, u64 at, u64 ns, u32 n);
void fo_lag_pass(struct fo_lag *l, u64 at);
u64 fo_lag_count(const struct fo_lag *l);
u64 fo_lag_quantile(const struct fo_lag *l, unsigned int percent);

#endif /* _FO_LAG_H */

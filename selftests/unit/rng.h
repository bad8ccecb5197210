/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers that a seed repeats (splitmix64). */
#ifndef _RNG_H
#define _RNG_H

#include "pure.h"

struct rng {
	u64 x;
};

static inline u64 rng_next(struct rng *r)
{
	u64 z = r->x += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* a number below n */
static inline u64 rng_below(struct rng *r, u64 n)
{
	return rng_next(r) % n;
}

/* true in ppm of a million cases */
static inline bool rng_chance(struct rng *r, u32 ppm)
{
	return rng_below(r, 1000000) < ppm;
}

/* a number of random size: small ones are as likely as large ones */
static inline u64 rng_sized(struct rng *r, unsigned int bits)
{
	return rng_next(r) >> (64 - 1 - rng_below(r, bits));
}

static inline void rng_fill(struct rng *r, void *to, size_t len)
{
	u8 *p = to;

	while (len--)
		*p++ = rng_next(r);
}

#endif /* _RNG_H */

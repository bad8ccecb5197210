// SPDX-License-Identifier: GPL-2.0
/* What the seed decides: each step has a sequence of its own (splitmix64). */
#include "driver.h"

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void random_seed(uint64_t seed, uint64_t step)
{
	state = seed;
	state = next() ^ step;
	next();
}

unsigned int random_below(unsigned int n)
{
	return next() % n;
}

bool random_chance(unsigned int percent)
{
	return random_below(100) < percent;
}

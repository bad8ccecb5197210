// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into a User Mode Linux kernel: the randomness that it takes from
 * its host comes from a seed, $GUEST_SEED, so that two runs are the same. All
 * else in virtual time is deterministic already.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

static uint64_t state;

__attribute__((constructor)) static void begin(void)
{
	const char *seed = getenv("GUEST_SEED");

	state = seed ? strtoull(seed, NULL, 10) : 0;
}

/* splitmix64 */
static uint64_t next(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

ssize_t getrandom(void *buf, size_t len, unsigned int flags)
{
	unsigned char *p = buf;
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = next();
	return len;
}

// SPDX-License-Identifier: GPL-2.0
/* Prints how many kHz the time stamp counter of this machine has. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define PAUSE_US 100000

struct sample {
	int64_t		ns;
	uint64_t	ticks;
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The one of many in which the least came between. */
static struct sample sample(void)
{
	struct sample best = { 0 };
	int64_t least = INT64_MAX;

	for (int i = 0; i < 100; i++) {
		int64_t before = now();
		uint64_t ticks = __rdtsc();
		int64_t took = now() - before;

		if (took >= least)
			continue;
		least = took;
		best = (struct sample) { before + took / 2, ticks };
	}
	return best;
}

int main(void)
{
	struct sample a = sample(), b;

	usleep(PAUSE_US);
	b = sample();
	printf("%.0f\n", (double)(b.ticks - a.ticks) * 1e6 / (b.ns - a.ns));
	return 0;
}

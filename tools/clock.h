/* SPDX-License-Identifier: GPL-2.0 */
/* The time that deadlines are measured by. */
#ifndef FAILOVER_CLOCK_H
#define FAILOVER_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of a clock that nobody sets. */
static inline uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

#endif /* FAILOVER_CLOCK_H */

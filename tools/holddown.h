/* SPDX-License-Identifier: GPL-2.0 */
/* Counts takeovers, to find out that the units switch to and fro. Pure. */
#ifndef FAILOVER_HOLDDOWN_H
#define FAILOVER_HOLDDOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

/* @at: when the last takeovers were, in ms; the newest is @n - 1 */
struct holddown {
	uint64_t	at[CONFIG_TAKEOVERS_MAX + 1];
	unsigned int	n;
};

/*
 * There was one more takeover. True when there were more than @most within
 * @ms; @most 0 never finds that there are too many.
 */
bool holddown_takeover(struct holddown *h, uint64_t now, unsigned int most,
		       uint64_t ms);

#endif /* FAILOVER_HOLDDOWN_H */

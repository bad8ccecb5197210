/* SPDX-License-Identifier: GPL-2.0 */
/* Health of one tracked object, from what each look at it finds. Pure. */
#ifndef FAILOVER_TRACKSTATE_H
#define FAILOVER_TRACKSTATE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/nf_failover.h>

#include "holddown.h"

/**
 * struct trackstate_times - how patient it is
 * @rise: so many good looks in a row end a failure
 * @fall: so many bad ones are one
 * @flaps: more failures within @held_ms make the next one last so long; 0:
 *	they never do
 */
struct trackstate_times {
	unsigned int	rise;
	unsigned int	fall;
	unsigned int	flaps;
	unsigned int	held_ms;
};

/**
 * struct trackstate - one object
 * @status: enum nf_failover_ifstatus: unknown, normal or failed
 * @good: what the last look found, as the @run looks before it
 * @held: it would be normal, but has failed too often
 * @flap: the failures; @until_ms: the last one lasts until then
 */
struct trackstate {
	struct trackstate_times t;
	uint32_t	status;
	bool		good;
	unsigned int	run;
	bool		held;
	struct holddown	flap;
	uint64_t	until_ms;
};

/* @status: as an earlier one has found it. */
void trackstate_init(struct trackstate *s, const struct trackstate_times *t,
		     uint32_t status);
/* How often it failed so far does not matter any more. */
void trackstate_forgive(struct trackstate *s);
/* One more look; returns whether the status is another one. */
bool trackstate_saw(struct trackstate *s, bool good, uint64_t now);

#endif /* FAILOVER_TRACKSTATE_H */

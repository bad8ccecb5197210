/* SPDX-License-Identifier: GPL-2.0 */
/* Two ends of a window over a lossy channel, in virtual time. */
#ifndef _WINDOW_SIM_H
#define _WINDOW_SIM_H

#include "pure.h"

/**
 * struct sim_result - how a run went
 * @why: NULL, or which rule was broken
 * @frames: frames that were to be delivered
 * @sent: transmissions, the first and the repeated ones
 * @steps: events that were handled
 * @refused: forged acks that were refused
 * @fullest: most frames that were in flight
 * @time: virtual time at the end, in nanoseconds
 */
struct sim_result {
	const char *why;
	unsigned int frames;
	unsigned int sent;
	unsigned int steps;
	unsigned int refused;
	unsigned int fullest;
	u64 time;
};

void sim_run(u64 seed, struct sim_result *res);

#endif /* _WINDOW_SIM_H */

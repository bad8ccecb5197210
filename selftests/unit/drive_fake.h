/* SPDX-License-Identifier: GPL-2.0 */
/* What the driver of the daemon calls, over a kernel made of one struct. */
#ifndef DRIVE_FAKE_H
#define DRIVE_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drive.h"

#define S(state_)	NF_FAILOVER_STATE_##state_

/* The kernel, and a line of what was done to it. */
extern struct fo_show kernel;
extern bool alive;
extern char reason[NF_FAILOVER_REASON_MAX];
extern bool refuse;
extern int refuse_in;		/* refused once, after so many that were not */
extern char did[512];
extern const char *unfit;
extern bool tracked;	/* something was found out */
extern unsigned int settling;	/* ms until it counts */
extern unsigned int timer_ms[TIMERS];
extern unsigned char said[PROBE_FRAME_MAX];	/* an answer that waits */
extern unsigned int asked;
extern bool mate_up;
extern bool no_carrier;
extern struct fo_ifc inside;
extern struct fo_ifc mates_inside;
extern uint64_t clock_ms;
extern uint32_t told;
extern char told_after[sizeof(did)];

/* A unit that runs in @state, which the daemon knows already. */
void setup(struct fo_drive *d, uint32_t unit, uint32_t state);
/* Interfaces that are worse are, at last, believed to be so. */
void settled(struct fo_drive *d, const char *before);
/* Of a drive: what it has besides is told. */
void flush(void);
/* What the other unit says. */
void other(uint32_t state);

#endif /* DRIVE_FAKE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What the election wants done, as calls; only for drive.c. */
#ifndef FAILOVER_DRIVE_DEEDS_H
#define FAILOVER_DRIVE_DEEDS_H

#include "drive.h"

/* All that is in @actions of enum elect_action, but for the role itself. */
void deeds_do(struct fo_drive *d, uint32_t actions);

/* The addresses of a role, of one device or of all; what is new is announced. */
void deeds_own(struct fo_drive *d, bool active, const char *ifname);
/* What devices have by themselves; @old is the configuration before, or NULL. */
void deeds_learn(struct fo_drive *d, const struct fo_config *old);

/* A series of announcements: from its begin, its next, the rest of that. */
void deeds_announce(struct fo_drive *d);
void deeds_announce_next(struct fo_drive *d);
void deeds_announce_part(struct fo_drive *d);

/* The addresses of the ruleset: for a new configuration, and read anew. */
void deeds_fill_pool(struct fo_drive *d);
void deeds_read_pool(struct fo_drive *d);

/* Preemption is held down for so long, 0: no more. */
void deeds_hold_down(struct fo_drive *d, unsigned int ms);

/* Looks at the interfaces, and reports them if need be or with @always. */
void deeds_report(struct fo_drive *d, bool always);

uint64_t deeds_now_ms(void);

#endif /* FAILOVER_DRIVE_DEEDS_H */

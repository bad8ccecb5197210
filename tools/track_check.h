/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the scripts of a new configuration may be run. */
#ifndef FAILOVER_TRACK_CHECK_H
#define FAILOVER_TRACK_CHECK_H

#include "config.h"

/* Of lines, not of what the kernel has; 0, or -1 and @e. */
int track_check(const struct fo_config *c, struct fo_error *e);

#endif /* FAILOVER_TRACK_CHECK_H */

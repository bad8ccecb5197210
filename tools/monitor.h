/* SPDX-License-Identifier: GPL-2.0 */
/* Health of the configured interfaces, as far as carrier and up tell it. */
#ifndef FAILOVER_MONITOR_H
#define FAILOVER_MONITOR_H

#include "config.h"
#include "nl.h"
#include "rtnl.h"

/*
 * Looks at the interfaces and reports them to the kernel when something has
 * changed, or in any case with @always. Returns 0 or -errno of the report.
 */
int monitor_report(struct fo_nl *nl, struct fo_rtnl *rt, struct fo_config *c,
		   bool always);

/*
 * Why this unit is not fit to be active, by the interfaces as they were last
 * reported; NULL when it is.
 */
const char *monitor_unfit(const struct fo_config *c);

#endif /* FAILOVER_MONITOR_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Health of the configured interfaces. */
#ifndef FAILOVER_MONITOR_H
#define FAILOVER_MONITOR_H

#include "config.h"
#include "ifwatch.h"
#include "nl.h"
#include "rtnl.h"

/**
 * struct fo_monitor - the interfaces, and the judgement of the policy
 * @watch: their hellos and tests; without them their links count
 * @moved: the devices may have got other MACs since they were looked at
 * @judged: there was a judgement
 * @worse_ms: since when this unit is worse than the mate, 0: it is not
 * @why: in words
 */
struct fo_monitor {
	struct fo_ifwatch watch;
	bool		moved;
	bool		judged;
	uint64_t	worse_ms;
	char		why[NF_FAILOVER_REASON_MAX];
};

/*
 * Looks at the links and reports all interfaces to the kernel when something
 * has changed, or in any case with @always. Returns 0 or -errno of the report.
 */
int monitor_report(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		   struct fo_config *c, uint64_t now, bool always);
/* The same of what was heard and of the time that has passed. */
int monitor_run(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		struct fo_config *c, enum ifask_role role, uint64_t now);

/* What a mate says of its interfaces; NULL: none is heard. */
void monitor_learn(struct fo_config *c, const struct fo_host *mate);

/*
 * Why this unit is not fit to be active, by what was last reported and learnt;
 * NULL when it is. monitor_wait(): it may be otherwise after so many ms; 0: not
 * unless something is reported or learnt.
 */
const char *monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			  uint64_t now);
unsigned int monitor_wait(const struct fo_monitor *m, uint64_t now);

#endif /* FAILOVER_MONITOR_H */

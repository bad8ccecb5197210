// SPDX-License-Identifier: GPL-2.0
/* What the daemon's monitor.c says of interfaces in given states on both units. */
#include <stdio.h>
#include <string.h>

#include "monitor.h"
#include "sim.h"

const char *real_monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			       uint64_t now);

bool verdict(const u32 *here, const u32 *mate)
{
	struct fo_monitor m = { .judged = false };
	struct fo_ifc ifc[IFCS];
	struct fo_config c = {
		.ifc = ifc, .n_ifcs = daemon_cfg.ifcs,
		.ifc_policy = daemon_cfg.policy,
		.ifc_policy_percent = daemon_cfg.percent,
	};
	unsigned int i;

	for (i = 0; i < c.n_ifcs; i++) {
		ifc[i].nameif[0] = '\0';
		ifc[i].weight = daemon_cfg.weight[i];
		ifc[i].status = here[i];
		ifc[i].mate_status = mate[i];
	}
	/* it has lasted */
	return real_monitor_unfit(&m, &c, 1000);
}

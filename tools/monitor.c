// SPDX-License-Identifier: GPL-2.0
/* Health of the configured interfaces; their tests come with a later issue. */
#include "monitor.h"

#include "notice.h"

static uint32_t look(struct fo_rtnl *rt, const struct fo_ifc *ifc)
{
	struct fo_dev dev;

	if (!ifc->monitored)
		return NF_FAILOVER_IFSTATUS_UNMONITORED;
	/* a device that does not exist is as good as one without a cable */
	if (rtnl_dev(rt, ifc->ifname, &dev))
		return NF_FAILOVER_IFSTATUS_NO_LINK;
	if (!(dev.flags & IFF_UP))
		return NF_FAILOVER_IFSTATUS_LINK_DOWN;
	return dev.carrier ? NF_FAILOVER_IFSTATUS_NORMAL :
			     NF_FAILOVER_IFSTATUS_NO_LINK;
}

int monitor_report(struct fo_nl *nl, struct fo_rtnl *rt, struct fo_config *c,
		   bool always)
{
	struct fo_ifc *ifc;
	uint32_t status, was;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		status = look(rt, ifc);
		if (status == ifc->status)
			continue;
		was = ifc->status;
		ifc->status = status;
		notice_ifc(ifc, was);
		always = true;
	}
	if (!always || !c->n_ifcs)
		return 0;
	return nl_interface_set(nl, c->ifc, c->n_ifcs);
}

/* What does not work at all cannot be worse: it needs one that works. */
const char *monitor_unfit(const struct fo_config *c)
{
	const struct fo_ifc *ifc;
	bool any = false;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (!ifc->monitored)
			continue;
		if (ifc->status != NF_FAILOVER_IFSTATUS_NO_LINK &&
		    ifc->status != NF_FAILOVER_IFSTATUS_LINK_DOWN)
			return NULL;
		any = true;
	}
	return any ? "Interface check" : NULL;
}

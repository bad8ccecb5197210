// SPDX-License-Identifier: GPL-2.0
/* Health of the configured interfaces: looks, reports, and judges. */
#include "monitor.h"

#include <stdio.h>
#include <string.h>

#include "ifpolicy.h"
#include "ifstate.h"
#include "log.h"
#include "notice.h"

/* A hello tells of the first interfaces only, and of the others nothing. */
#define TOLD_MAX	16
#define UNTOLD		UINT32_MAX
/* So long a unit is worse than its mate before it is unfit. */
#define SETTLE_MS	10

static uint32_t of_link(const struct fo_ifc *ifc, const struct fo_dev *dev)
{
	if (!ifc->monitored)
		return NF_FAILOVER_IFSTATUS_UNMONITORED;
	/* a device that does not exist is as good as one without a cable */
	if (!dev)
		return NF_FAILOVER_IFSTATUS_NO_LINK;
	if (!(dev->flags & IFF_UP))
		return NF_FAILOVER_IFSTATUS_LINK_DOWN;
	return dev->carrier ? NF_FAILOVER_IFSTATUS_NORMAL :
			      NF_FAILOVER_IFSTATUS_NO_LINK;
}

static uint32_t look(struct fo_monitor *m, struct fo_rtnl *rt,
		     const struct fo_config *c, unsigned int i, uint64_t now)
{
	const struct fo_ifc *ifc = &c->ifc[i];
	struct fo_dev dev;
	bool there = !rtnl_dev(rt, ifc->ifname, &dev);

	if (i >= m->watch.n)
		return of_link(ifc, there ? &dev : NULL);
	ifwatch_link(&m->watch, i, there ? &dev : NULL, now);
	return m->watch.item[i].state.status;
}

static bool set_status(struct fo_ifc *ifc, uint32_t status, const char *cause)
{
	uint32_t was = ifc->status;

	if (status == was)
		return false;
	ifc->status = status;
	notice_ifc(ifc, was);
	if (cause)
		log_notice("interface %s: %s", ifc->nameif, cause);
	return true;
}

static const char *cause(const struct fo_monitor *m, unsigned int i)
{
	return i < m->watch.n ? m->watch.item[i].state.cause : NULL;
}

int monitor_report(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		   struct fo_config *c, uint64_t now, bool always)
{
	uint32_t status;
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++) {
		status = look(m, rt, c, i, now);
		always |= set_status(&c->ifc[i], status, cause(m, i));
	}
	if (!always || !c->n_ifcs)
		return 0;
	return nl_interface_set(nl, c->ifc, c->n_ifcs);
}

int monitor_run(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		struct fo_config *c, enum ifwatch_role role, uint64_t now)
{
	struct fo_ifwatch *w = &m->watch;
	bool news = false;
	unsigned int i;

	ifwatch_run(w, rt, c, role, now);
	for (i = 0; i < w->n && i < c->n_ifcs; i++)
		news |= set_status(&c->ifc[i], w->item[i].state.status,
				   cause(m, i));
	return news ? nl_interface_set(nl, c->ifc, c->n_ifcs) : 0;
}

void monitor_learn(struct fo_config *c, const struct fo_host *mate)
{
	const struct fo_ifc *from;
	struct fo_ifc *ifc;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		ifc->mate_status = mate && mate->n_ifcs >= TOLD_MAX ?
				   UNTOLD : NF_FAILOVER_IFSTATUS_UNKNOWN;
	for (from = mate ? mate->ifc : NULL;
	     mate && from < mate->ifc + mate->n_ifcs; from++) {
		ifc = config_nameif(c, from->nameif);
		if (ifc)
			ifc->mate_status = from->status;
	}
}

/* An interface that the mate cannot tell of is taken to be as ours is. */
static uint32_t mates(const struct fo_ifc *ifc)
{
	return ifc->mate_status == UNTOLD ? ifc->status : ifc->mate_status;
}

/* The sums of one interface more each time: no list of all of them is made. */
static struct ifpolicy_sum sum_up(const struct fo_config *c)
{
	struct ifpolicy_sum all = { .monitored = 0 }, one;
	const struct fo_ifc *ifc;
	struct ifpolicy_ifc pair;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		pair = (struct ifpolicy_ifc) { 1, ifc->status, mates(ifc) };
		one = ifpolicy_sum(&pair, 1);
		all.monitored += one.monitored;
		all.failed += one.failed;
		all.mate_failed += one.mate_failed;
	}
	return all;
}

/* The names of those that failed, as far as there is room for them. */
static void explain(struct fo_monitor *m, const struct fo_config *c,
		    unsigned int mate_failed)
{
	size_t room = sizeof(m->why) - sizeof(", ...; of mate: 4294967295");
	const struct fo_ifc *ifc;
	const char *sep = " ";
	size_t n;

	n = sprintf(m->why, "Interface check, failed:");
	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (!ifstate_failed(ifc->status))
			continue;
		if (n + strlen(sep) + strlen(ifc->nameif) > room) {
			n += sprintf(m->why + n, "%s...", sep);
			break;
		}
		n += sprintf(m->why + n, "%s%s", sep, ifc->nameif);
		sep = ", ";
	}
	sprintf(m->why + n, "; of mate: %u", mate_failed);
}

/*
 * A switch that dies takes the link from both units, but not in the same
 * millisecond: who is worse is believed when it lasts. A daemon that starts
 * finds what has lasted for long.
 */
const char *monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			  uint64_t now)
{
	const struct ifpolicy p = { c->ifc_policy, c->ifc_policy_percent };
	struct ifpolicy_sum s = sum_up(c);
	bool worse = ifpolicy_unfit(&p, &s);

	if (!worse)
		m->worse_ms = 0;
	else if (!m->worse_ms)
		m->worse_ms = m->judged || now <= SETTLE_MS ? now :
			      now - SETTLE_MS;
	m->judged = true;
	if (!worse || monitor_wait(m, now))
		return NULL;
	explain(m, c, s.mate_failed);
	return m->why;
}

unsigned int monitor_wait(const struct fo_monitor *m, uint64_t now)
{
	return m->worse_ms && now < m->worse_ms + SETTLE_MS ?
	       m->worse_ms + SETTLE_MS - now : 0;
}

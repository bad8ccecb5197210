// SPDX-License-Identifier: GPL-2.0
/* Health of the configured interfaces: looks, reports, and judges. */
#include "monitor.h"

#include <stdio.h>
#include <string.h>

#include "ifpolicy.h"
#include "ifstate.h"
#include "log.h"
#include "names.h"
#include "notice.h"

/*
 * A hello tells of the first interfaces only, and of what is not configured over
 * there nothing either.
 */
#define UNTOLD		UINT32_MAX
/* So long a unit is worse than its mate before it is unfit. */
#define SETTLE_MS	10

/* What an interface is found to be, and why. */
struct found {
	uint32_t	status;
	char		cause[NF_FAILOVER_REASON_MAX];
};

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

static const char *cause_of_link(uint32_t status)
{
	switch (status) {
	case NF_FAILOVER_IFSTATUS_NORMAL:
		return "It has a link, and is not tested";
	case NF_FAILOVER_IFSTATUS_LINK_DOWN:
		return "Switched off by an administrator";
	case NF_FAILOVER_IFSTATUS_NO_LINK:
		return "No carrier, or no such device";
	default:
		return "Not monitored";
	}
}

static void look(struct fo_monitor *m, struct fo_rtnl *rt,
		 struct fo_ifc *ifc, unsigned int i, uint64_t now,
		 struct found *f)
{
	struct fo_dev dev;
	bool there = !rtnl_dev(rt, ifc->ifname, &dev);

	ifc->ifindex = there ? dev.ifindex : 0;
	if (i < m->watch.n) {
		ifwatch_link(&m->watch, i, there ? &dev : NULL, now);
		return;
	}
	f->status = of_link(ifc, there ? &dev : NULL);
	snprintf(f->cause, sizeof(f->cause), "%s", cause_of_link(f->status));
}

/* What the tests found out. */
static void ask_watch(const struct fo_monitor *m, const struct fo_config *c,
		      unsigned int i, uint64_t now, struct found *f)
{
	if (i >= m->watch.n)
		return;
	f->status = m->watch.item[i].state.status;
	ifwatch_why(&m->watch, i, c, f->cause, sizeof(f->cause), now);
}

/*
 * What makes a difference for the policy. A test that ends well, and a mate that
 * is missed, are for the log alone, since the history is short.
 */
static void note(struct fo_ifc *ifc, uint32_t was)
{
	const char *word = "does not count";
	int room;

	if (ifstate_failed(was) == ifstate_failed(ifc->status))
		return;
	if (ifstate_failed(ifc->status))
		word = "failed";
	else if (ifstate_passes(ifc->status))
		word = "works";
	room = sizeof(ifc->note) - sizeof("Interface  : ") - strlen(word) -
	       strlen(ifc->nameif);
	sprintf(ifc->note, "Interface %s %s: %.*s", ifc->nameif, word, room,
		ifc->cause);
}

/* Returns whether there is something to report. */
static bool take(struct fo_ifc *ifc, const struct found *f)
{
	uint32_t was = ifc->status;
	bool moved = f->status != was;

	if (!moved && !strcmp(f->cause, ifc->cause))
		return false;
	ifc->status = f->status;
	memcpy(ifc->cause, f->cause, sizeof(ifc->cause));
	log_notice("interface %s: %s: %s", ifc->nameif,
		   names_ifstatus(ifc->status), ifc->cause);
	if (moved) {
		notice_ifc(ifc, was);
		note(ifc, was);
	}
	return true;
}

/* What was noted is so once. */
static int report(struct fo_nl *nl, struct fo_config *c)
{
	int err = nl_interface_set(nl, c->ifc, c->n_ifcs);
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		c->ifc[i].note[0] = '\0';
	return err;
}

int monitor_report(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		   struct fo_config *c, uint64_t now, bool always)
{
	struct found f;
	unsigned int i;

	m->moved = false;
	for (i = 0; i < c->n_ifcs; i++) {
		look(m, rt, &c->ifc[i], i, now, &f);
		ask_watch(m, c, i, now, &f);
		always |= take(&c->ifc[i], &f);
	}
	return always && c->n_ifcs ? report(nl, c) : 0;
}

int monitor_run(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		struct fo_config *c, enum ifask_role role, uint64_t now)
{
	struct fo_ifwatch *w = &m->watch;
	struct found f;
	unsigned int i;
	bool news;
	int err = 0;

	/* nothing goes out with a MAC that is the mate's now */
	if (m->moved)
		err = monitor_report(m, nl, rt, c, now, false);
	ifwatch_run(w, rt, c, role, now);
	news = w->wanted;
	w->wanted = false;
	for (i = 0; i < w->n && i < c->n_ifcs; i++) {
		ask_watch(m, c, i, now, &f);
		news |= take(&c->ifc[i], &f);
	}
	return news ? report(nl, c) : err;
}

/* A hello tells of all. One that the mate does not track has not failed there. */
static void learn_tracks(struct fo_config *c, const struct fo_host *mate)
{
	unsigned int i, n = mate ? mate->n_tracks : 0;
	struct fo_track *t;

	for (t = c->track; t < c->track + c->n_tracks; t++)
		t->mate_status = NF_FAILOVER_IFSTATUS_UNKNOWN;
	for (i = 0; i < n; i++) {
		t = config_track(c, mate->track[i].name);
		if (t)
			t->mate_status = mate->track[i].status;
	}
}

void monitor_learn(struct fo_config *c, const struct fo_host *mate)
{
	const struct fo_ifc *from;
	struct fo_ifc *ifc;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		ifc->mate_status = mate ? UNTOLD : NF_FAILOVER_IFSTATUS_UNKNOWN;
		ifc->mate_word = mate && mate->daemon ? mate->reports : 0;
	}
	for (from = mate ? mate->ifc : NULL;
	     mate && from < mate->ifc + mate->n_ifcs; from++) {
		ifc = config_nameif(c, from->nameif);
		if (ifc)
			ifc->mate_status = from->status;
	}
	learn_tracks(c, mate);
}

/* An interface that the mate cannot tell of is taken to be as ours is. */
static uint32_t mates(const struct fo_ifc *ifc)
{
	return ifc->mate_status == UNTOLD ? ifc->status : ifc->mate_status;
}

/*
 * One that fails counts as so many interfaces that do. There are no more of
 * these by it, of which the policy may want a part: all of them are all of them.
 */
static void add_tracks(struct ifpolicy_sum *all, const struct fo_config *c)
{
	const struct fo_track *t;

	for (t = c->track; t < c->track + c->n_tracks; t++) {
		if (ifstate_failed(t->status))
			all->failed += t->weight;
		if (ifstate_failed(t->mate_status))
			all->mate_failed += t->weight;
	}
}

/* The sums of one interface more each time: no list of all of them is made. */
static struct ifpolicy_sum sum_up(const struct fo_config *c)
{
	struct ifpolicy_sum all = { .monitored = 0 }, one;
	const struct fo_ifc *ifc;
	struct ifpolicy_ifc pair;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		pair = (struct ifpolicy_ifc) { ifc->weight, ifc->status,
						mates(ifc) };
		one = ifpolicy_sum(&pair, 1);
		all.monitored += one.monitored;
		all.failed += one.failed;
		all.mate_failed += one.mate_failed;
	}
	add_tracks(&all, c);
	return all;
}

/* A list of names, as far as there is room for them. */
struct list {
	char	*to;
	size_t	n;
	size_t	room;
	bool	full;
	bool	begun;
};

static void add_name(struct list *l, const char *name)
{
	const char *sep = l->begun ? ", " : " ";

	if (l->full)
		return;
	l->full = l->n + strlen(sep) + strlen(name) > l->room;
	l->n += sprintf(l->to + l->n, "%s%s", sep, l->full ? "..." : name);
	l->begun = true;
}

/* The names of those that failed. */
static void explain(struct fo_monitor *m, const struct fo_config *c,
		    unsigned int mate_failed)
{
	struct list l = {
		.to = m->why,
		.room = sizeof(m->why) - sizeof(", ...; of mate: 4294967295"),
	};
	const struct fo_track *t;
	const struct fo_ifc *ifc;

	l.n = sprintf(m->why, "Interface check, failed:");
	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		if (ifstate_failed(ifc->status))
			add_name(&l, ifc->nameif);
	for (t = c->track; t < c->track + c->n_tracks; t++)
		if (ifstate_failed(t->status))
			add_name(&l, t->name);
	sprintf(m->why + l.n, "; of mate: %u", mate_failed);
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

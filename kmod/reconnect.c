// SPDX-License-Identifier: GPL-2.0
/*
 * TCP connections without state that a new active unit lets in for a time.
 *
 * What the ASA's "failover timeout" is for: after a promotion, segments in the
 * middle of a connection that was not replicated make an entry, instead of
 * being invalid. conntrack can do this (net.netfilter.nf_conntrack_tcp_loose),
 * and whoever wants it for a while only is helped here. Where it is on anyway,
 * there is nothing to do, and nothing is put back.
 */

#include "reconnect.h"

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_l4proto.h>

#include "store.h"

static void shut(struct fo_reconnect *r)
{
	if (!READ_ONCE(r->on))
		return;
	WRITE_ONCE(r->on, false);
	WRITE_ONCE(nf_tcp_pernet(r->net)->tcp_loose, 0);
}

/* Context: process. */
static void over(struct work_struct *work)
{
	shut(container_of(work, struct fo_reconnect, over.work));
}

void fo_reconnect_init(struct fo_reconnect *r, struct net *net)
{
	memset(r, 0, sizeof(*r));
	r->net = net;
	INIT_DELAYED_WORK(&r->over, over);
}

/**
 * fo_reconnect_set() - another time is configured
 * @r: state
 * @seconds: for the promotions from now on; 0 ends it at once
 *
 * Context: process.
 */
void fo_reconnect_set(struct fo_reconnect *r, u32 seconds)
{
	if (r->seconds == seconds)
		return;
	fo_reconnect_end(r);
	r->seconds = seconds;
}

/**
 * fo_reconnect_begin() - the unit has become active
 * @r: state
 *
 * Context: process.
 */
void fo_reconnect_begin(struct fo_reconnect *r)
{
	struct nf_tcp_net *tn = nf_tcp_pernet(r->net);

	cancel_delayed_work_sync(&r->over);
	if (!r->seconds)
		return;
	if (!READ_ONCE(r->on)) {
		if (READ_ONCE(tn->tcp_loose))
			return;
		WRITE_ONCE(tn->tcp_loose, 1);
		WRITE_ONCE(r->on, true);
	}
	if (r->seconds != FO_FOREVER)
		schedule_delayed_work(&r->over, (unsigned long)r->seconds * HZ);
}

/**
 * fo_reconnect_end() - the unit is not active any more
 * @r: state
 *
 * Context: process.
 */
void fo_reconnect_end(struct fo_reconnect *r)
{
	cancel_delayed_work_sync(&r->over);
	shut(r);
}

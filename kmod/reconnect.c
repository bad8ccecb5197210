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
	lockdep_assert_held(&r->lock);
	if (!r->on)
		return;
	r->on = false;
	WRITE_ONCE(nf_tcp_pernet(r->net)->tcp_loose, 0);
}

/* There may have been a promotion since it was due. Context: process. */
static void over(struct work_struct *work)
{
	struct fo_reconnect *r = container_of(work, struct fo_reconnect,
					      over.work);

	spin_lock_bh(&r->lock);
	if (!time_before(jiffies, r->until))
		shut(r);
	spin_unlock_bh(&r->lock);
}

void fo_reconnect_init(struct fo_reconnect *r, struct net *net)
{
	memset(r, 0, sizeof(*r));
	r->net = net;
	spin_lock_init(&r->lock);
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
	if (READ_ONCE(r->seconds) == seconds)
		return;
	fo_reconnect_end(r);
	WRITE_ONCE(r->seconds, seconds);
}

/**
 * fo_reconnect_begin() - the unit becomes active
 * @r: state
 *
 * Context: any but hard interrupt.
 */
void fo_reconnect_begin(struct fo_reconnect *r)
{
	struct nf_tcp_net *tn = nf_tcp_pernet(r->net);
	u32 seconds = READ_ONCE(r->seconds);
	unsigned long time = (unsigned long)seconds * HZ;

	if (!seconds)
		return;
	spin_lock_bh(&r->lock);
	if (!r->on && !READ_ONCE(tn->tcp_loose)) {
		WRITE_ONCE(tn->tcp_loose, 1);
		r->on = true;
	}
	r->until = jiffies + time;
	if (!r->on || seconds == FO_FOREVER)
		cancel_delayed_work(&r->over);
	else
		mod_delayed_work(system_wq, &r->over, time);
	spin_unlock_bh(&r->lock);
}

/**
 * fo_reconnect_end() - the unit is not active any more
 * @r: state
 *
 * Context: any but hard interrupt.
 */
void fo_reconnect_end(struct fo_reconnect *r)
{
	spin_lock_bh(&r->lock);
	cancel_delayed_work(&r->over);
	shut(r);
	spin_unlock_bh(&r->lock);
}

/**
 * fo_reconnect_stop() - nothing runs any more
 * @r: state
 *
 * Context: process.
 */
void fo_reconnect_stop(struct fo_reconnect *r)
{
	fo_reconnect_end(r);
	cancel_delayed_work_sync(&r->over);
}

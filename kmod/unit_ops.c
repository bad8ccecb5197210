// SPDX-License-Identifier: GPL-2.0
/* What the rooms of a unit call: the tables that are handed down to them. */

#include "unit.h"

#include <linux/netdevice.h>

static const struct fo_notify_ops *notify;

void fo_unit_ops_init(const struct fo_notify_ops *ops)
{
	notify = ops;
}

/* Tell user space. Context: any but hard interrupt. */
void fo_unit_tell(struct fo_unit *u, enum nf_failover_event event,
		  const char *reason)
{
	notify->event(u, event, reason, -1);
}

/* Context: softirq, rx_lock. */
static void on_deliver(void *ctx, struct fo_reader *body)
{
	struct fo_unit *u = ctx;

	fo_apply_frame(&u->apply, body);
}

/* Context: softirq, rx_lock. */
static void on_hello(void *ctx, struct fo_reader *body)
{
	struct fo_unit *u = ctx;

	fo_hello_rx(&u->hello, body);
}

void fo_unit_set_synced(struct fo_unit *u, bool synced)
{
	spin_lock_bh(&u->store.lock);
	u->store.this.synced = synced;
	spin_unlock_bh(&u->store.lock);
}

/**
 * fo_unit_refused() - what this unit, as standby, has not taken in
 * @u: unit
 * @to: filled in; room for FO_HELLO_REFUSALS
 *
 * Context: any.
 *
 * Return: how many reasons are in @to; none before a whole bulk sync was taken in.
 */
unsigned int fo_unit_refused(struct fo_unit *u, struct fo_refusal *to)
{
	if (fo_role_claims(&u->role) || !READ_ONCE(u->store.this.synced))
		return 0;
	return fo_refused_get(&u->refused, &u->stats, to);
}

/* Context: softirq, rx_lock. */
static void on_associated(void *ctx)
{
	struct fo_unit *u = ctx;
	struct fo_other *o = &u->store.other;

	spin_lock_bh(&u->store.lock);
	o->known = true;
	o->alive = false;	/* until its first hello says what it is */
	o->boot = u->session.peer.boot;
	strscpy(o->version, u->session.peer.version, sizeof(o->version));
	o->heard = 0;
	o->up_time = 0;
	memset(&o->hello, 0, sizeof(o->hello));
	u->store.this.synced = false;
	u->store.this.requesting = false;
	u->store.this.up_said = 0;
	spin_unlock_bh(&u->store.lock);
	fo_agree_reset(&u->agree);
	fo_agree_greet(&u->agree, u->session.peer.digest);
	fo_msg_reset(&u->msgs);
	WRITE_ONCE(u->cts.damaged, false);
	fo_cts_doubt(&u->cts);
	WRITE_ONCE(u->apply.damaged, false);
	WRITE_ONCE(u->apply.waiting, true);
	WRITE_ONCE(u->handing, false);
	if (fo_role_claims(&u->role))
		fo_bulk_start(&u->bulk, true);
	fo_hello_now(&u->hello);
}

/* Context: softirq, rx_lock. */
static void on_msg(void *ctx, struct fo_reader *body, bool sealed)
{
	struct fo_unit *u = ctx;

	fo_msg_rx(&u->msgs, body, sealed);
}

/* Context: any but hard interrupt. */
static int on_tell(void *ctx, u32 port, const struct fo_msg *m, u8 result)
{
	return notify->msg(ctx, port, m, result);
}

const struct fo_msg_ops fo_unit_msg_ops = { .tell = on_tell };

/* Context: softirq, rx_lock. */
static void on_echo(void *ctx, unsigned int link, size_t len,
		    struct fo_reader *body)
{
	struct fo_unit *u = ctx;

	fo_echo_rx(&u->echoes, link, len, body);
}

/* Context: softirq. */
static void on_echoed(void *ctx, u32 port, const struct fo_echoed *e)
{
	notify->echoed(ctx, port, e);
}

const struct fo_echo_ops fo_unit_echo_ops = { .echoed = on_echoed };

/* Context: BH, fo_objects.lock. */
static void on_object(void *ctx, enum nf_failover_object_event event,
		      const struct fo_object_view *v)
{
	notify->object(ctx, event, v);
}

const struct fo_object_ops fo_unit_object_ops = { .changed = on_object };

/* Context: softirq. */
static void on_acked(void *ctx)
{
	struct fo_unit *u = ctx;

	fo_queue_kick(&u->queue);
	if (READ_ONCE(u->draining))
		wake_up(&u->queue.progress);
}

/* Context: softirq, rx_lock. */
static void on_mismatch(void *ctx, const char *why)
{
	struct fo_unit *u = ctx;
	bool news;

	spin_lock_bh(&u->store.lock);
	news = u->store.mismatch != why;
	u->store.mismatch = why;
	u->store.mismatch_at = jiffies;
	spin_unlock_bh(&u->store.lock);
	if (news)
		fo_unit_tell(u, NF_FAILOVER_EVENT_LINK, why);
}

const struct fo_session_ops fo_unit_session_ops = {
	.deliver	= on_deliver,
	.hello		= on_hello,
	.associated	= on_associated,
	.msg		= on_msg,
	.echo		= on_echo,
	.acked		= on_acked,
	.mismatch	= on_mismatch,
};

const struct fo_link_up fo_unit_link_up = { .rx = fo_session_rx };

/* RCU. One that changes meanwhile is right in the next hello. */
static void fill_mac(struct net *net, const char *ifname, u8 *mac)
{
	const struct net_device *dev = dev_get_by_name_rcu(net, ifname);

	if (dev && dev->addr_len == FO_MAC_LEN)
		memcpy(mac, dev->dev_addr, FO_MAC_LEN);
}

/*
 * One that the daemon has not looked at yet is left out: the mate takes it to be as
 * its own is, and for a unit that is better off if it were unknown.
 */
static void fill_ifcs(struct fo_unit *u, struct fo_hello *h)
{
	bool daemon = READ_ONCE(u->daemon);
	const struct fo_config *c;
	unsigned int i;

	rcu_read_lock();
	c = rcu_dereference(u->store.config);
	for (i = 0; i < c->ifcs && h->ifcs < FO_HELLO_IFCS; i++) {
		if (daemon && !READ_ONCE(c->ifc[i].told))
			continue;
		h->ifc[h->ifcs].status = READ_ONCE(c->ifc[i].status);
		fill_mac(u->net, c->ifc[i].ifname, h->ifc[h->ifcs].mac);
		strscpy(h->ifc[h->ifcs].name, c->ifc[i].nameif, FO_IFC_NAME);
		h->ifcs++;
	}
	if (i < c->ifcs)
		h->flags |= FO_HELLO_MORE_IFCS;
	rcu_read_unlock();
}

static void fill_tracks(struct fo_unit *u, struct fo_hello *h)
{
	const struct fo_config *c;
	unsigned int i;

	BUILD_BUG_ON(FO_TRACKS > FO_HELLO_TRACKS);
	rcu_read_lock();
	c = rcu_dereference(u->store.config);
	for (i = 0; i < c->tracks; i++) {
		h->track[i].status = READ_ONCE(c->track[i].status);
		strscpy(h->track[i].name, c->track[i].name, FO_TRACK_NAME);
	}
	h->tracks = i;
	rcu_read_unlock();
}

static bool needs_resync(const struct fo_unit *u)
{
	return READ_ONCE(u->cts.damaged) || READ_ONCE(u->apply.damaged);
}

/* Context: softirq. */
static void on_fill(void *ctx, struct fo_hello *h)
{
	struct fo_unit *u = ctx;
	struct fo_this *t = &u->store.this;
	bool blocked = fo_agree_blocks(&u->agree);

	spin_lock_bh(&u->store.lock);
	h->role = fo_role_claims(&u->role) ? NF_FAILOVER_ROLE_ACTIVE :
					     NF_FAILOVER_ROLE_STANDBY;
	h->state = t->state;
	h->active_time = fo_store_active_time(t);
	h->flags = (t->daemon ? FO_HELLO_DAEMON : 0) |
		   (t->wants_active ? FO_HELLO_WANTS_ACTIVE : 0) |
		   (t->synced && !blocked ? FO_HELLO_SYNCED : 0) |
		   (t->unfit ? FO_HELLO_UNFIT : 0) |
		   (fo_store_hold_left(t) ? FO_HELLO_HOLD_DOWN : 0) |
		   (READ_ONCE(u->handing) ? FO_HELLO_HANDOVER : 0);
	if (t->requesting) {
		h->request = t->request;
		h->request_no = t->request_no;
	}
	h->reports = t->reports;
	h->up_time = fo_store_say_up_time(t);
	fo_history_say(&u->history, &u->store.other.hello, h);
	spin_unlock_bh(&u->store.lock);
	h->epoch = READ_ONCE(u->role.epoch);
	h->objects = atomic_long_read(&u->cts.slots.count);
	if (!READ_ONCE(u->role.active) && needs_resync(u))
		h->flags |= FO_HELLO_RESYNC;
	fill_ifcs(u, h);
	fill_tracks(u, h);
	h->helpers = fo_helpers_missing(&u->cts, h->helper);
	h->refusals = fo_unit_refused(u, h->refused);
	fo_agree_say(&u->agree, h);
}

/* Of two active units the lower epoch yields, or else the secondary. */
static bool must_yield(const struct fo_unit *u, const struct fo_hello *h)
{
	u64 epoch = READ_ONCE(u->role.epoch);

	if (!fo_role_claims(&u->role) || h->role != NF_FAILOVER_ROLE_ACTIVE)
		return false;
	if (h->epoch != epoch)
		return h->epoch > epoch;
	return u->session.unit == NF_FAILOVER_UNIT_SECONDARY;
}

static void fence(struct fo_unit *u)
{
	fo_role_fence(&u->role);
	/* there is nothing to hand over any more */
	WRITE_ONCE(u->draining, false);
	WRITE_ONCE(u->cts.capturing, false);
	fo_bulk_abort(&u->bulk);
	fo_count(&u->stats, FO_CNT_FENCED);
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_FENCED,
		     "Fenced by an Active mate");
	fo_unit_tell(u, NF_FAILOVER_EVENT_FENCED, "Detected an Active mate");
}

static bool differs(const struct fo_hello *a, const struct fo_hello *b)
{
	const u32 shown = ~(u32)FO_HELLO_RESYNC;

	return a->role != b->role || a->state != b->state ||
	       a->epoch != b->epoch ||
	       (a->flags & shown) != (b->flags & shown) ||
	       a->reports != b->reports || a->ifcs != b->ifcs ||
	       memcmp(a->ifc, b->ifc, a->ifcs * sizeof(*a->ifc)) ||
	       a->tracks != b->tracks ||
	       memcmp(a->track, b->track, a->tracks * sizeof(*a->track)) ||
	       a->helpers != b->helpers ||
	       memcmp(a->helper, b->helper, a->helpers * sizeof(*a->helper)) ||
	       /* their counts grow all the time */
	       a->refusals != b->refusals;
}

/* What the units differ in is the first difference, and some more perhaps. */
static void note_difference(struct fo_unit *u)
{
	char reason[NF_FAILOVER_REASON_MAX] = "differs: ";
	struct fo_difference d;
	size_t len = strlen(reason);

	if (!fo_agree_get(&u->agree, 0, &d))
		return;
	rcu_read_lock();
	fo_agree_words(&u->agree, &d.theirs, reason + len,
		       sizeof(reason) - len);
	rcu_read_unlock();
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_CONFIG_DIFFERS, reason);
}

/* Returns whether the units differ in something else than before. */
static bool compare(struct fo_unit *u, const struct fo_hello *h)
{
	enum fo_agree_news news = fo_agree_hear(&u->agree, h);

	if (news == FO_AGREE_FIRST)
		note_difference(u);
	return news != FO_AGREE_NO_NEWS;
}

/* Context: softirq, rx_lock. */
static void on_heard(void *ctx, const struct fo_hello *h)
{
	struct fo_unit *u = ctx;
	struct fo_other *o = &u->store.other;
	bool appeared, changed, asked, news;

	if (must_yield(u, h))
		fence(u);
	if (!fo_role_claims(&u->role))
		fo_role_learn(&u->role, h->epoch);
	if (h->role == NF_FAILOVER_ROLE_ACTIVE)
		WRITE_ONCE(u->handing, false);
	spin_lock_bh(&u->store.lock);
	appeared = !o->alive;
	changed = differs(&o->hello, h);
	o->alive = true;
	o->heard = ktime_get();
	o->hello = *h;
	fo_store_hear_up_time(o, h);
	asked = fo_store_asked(&u->store, h);
	news = fo_history_hear(&u->history, h);
	spin_unlock_bh(&u->store.lock);
	changed |= compare(u, h);
	/* before all that only tells of it */
	fo_unit_heir(u, h);
	if (h->role == NF_FAILOVER_ROLE_ACTIVE && !fo_role_claims(&u->role))
		fo_relay_pass(&u->role.relay);
	if (news)
		fo_unit_tell(u, NF_FAILOVER_EVENT_HISTORY, NULL);
	if (appeared)
		fo_unit_tell(u, NF_FAILOVER_EVENT_PEER_ALIVE, NULL);
	else if (changed)
		fo_unit_tell(u, NF_FAILOVER_EVENT_PEER_CHANGED, NULL);
	if (asked)
		notify->event(u, NF_FAILOVER_EVENT_ASK, "the other unit",
			      h->request);
}

/* The association is over. rx_lock held. */
static void forget(struct fo_unit *u)
{
	WRITE_ONCE(u->handing, false);
	WRITE_ONCE(u->cts.capturing, false);
	fo_bulk_abort(&u->bulk);
	spin_lock_bh(&u->store.lock);
	u->store.other.alive = false;
	spin_unlock_bh(&u->store.lock);
	fo_msg_reset(&u->msgs);
}

/* Context: softirq. */
static void on_lost(void *ctx, bool heard)
{
	struct fo_unit *u = ctx;

	spin_lock(&u->session.rx_lock);
	/* another association may have begun: what it did stays */
	if (!u->session.up)
		forget(u);
	spin_unlock(&u->session.rx_lock);
	if (!heard)
		return;
	fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_PEER_LOST,
		     "HELLO not heard from mate");
	fo_unit_tell(u, NF_FAILOVER_EVENT_PEER_LOST, NULL);
}

/* Context: softirq. */
static void on_silent(void *ctx)
{
	fo_unit_tell(ctx, NF_FAILOVER_EVENT_PEER_SILENT, NULL);
}

const struct fo_hello_ops fo_unit_hello_ops = {
	.fill	= on_fill,
	.heard	= on_heard,
	.lost	= on_lost,
	.silent	= on_silent,
};

/* Context: process. */
static void on_renew(void *ctx)
{
	struct fo_unit *u = ctx;

	WRITE_ONCE(u->cts.capturing, false);
	/* nor by an event that is under way */
	synchronize_rcu_expedited();
}

/* Context: process. */
static void on_sending(void *ctx)
{
	struct fo_unit *u = ctx;

	fo_session_ready(&u->session);
	fo_unit_tell(u, NF_FAILOVER_EVENT_BULK_BEGIN, NULL);
}

/* Context: process. */
static void on_capture(void *ctx, bool fresh)
{
	struct fo_unit *u = ctx;
	bool on;

	rcu_read_lock();
	on = rcu_dereference(u->store.config)->replication;
	rcu_read_unlock();
	if (on)
		fo_cts_capture(&u->cts, fresh);
}

static void on_sent(void *ctx)
{
	fo_unit_tell(ctx, NF_FAILOVER_EVENT_BULK_END, NULL);
}

/* Context: softirq, rx_lock. */
static void on_begun(void *ctx)
{
	struct fo_unit *u = ctx;
	bool asked = needs_resync(u);

	/* what is damaged from here on is not repaired by this one */
	WRITE_ONCE(u->apply.waiting, false);
	WRITE_ONCE(u->cts.damaged, false);
	WRITE_ONCE(u->apply.damaged, false);
	fo_refused_begin(&u->refused, &u->stats);
	/* only an active unit sends one, even if its hello says so later */
	spin_lock_bh(&u->store.lock);
	u->store.other.hello.role = NF_FAILOVER_ROLE_ACTIVE;
	spin_unlock_bh(&u->store.lock);
	if (asked)
		fo_hello_now(&u->hello);
	fo_unit_tell(u, NF_FAILOVER_EVENT_BULK_BEGIN, NULL);
}

/* Context: process. */
static void on_synced(void *ctx)
{
	struct fo_unit *u = ctx;
	bool ok;

	spin_lock_bh(&u->session.rx_lock);
	/* of this association, and of a standby */
	ok = READ_ONCE(u->apply.accepting) && !READ_ONCE(u->apply.waiting);
	if (ok)
		fo_unit_set_synced(u, true);
	spin_unlock_bh(&u->session.rx_lock);
	if (!ok)
		return;
	fo_unit_tell(u, NF_FAILOVER_EVENT_BULK_END, NULL);
	fo_hello_now(&u->hello);
}

const struct fo_bulk_ops fo_unit_bulk_ops = {
	.renew		= on_renew,
	.sending	= on_sending,
	.capture	= on_capture,
	.sent		= on_sent,
	.begun		= on_begun,
	.synced		= on_synced,
};

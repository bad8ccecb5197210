// SPDX-License-Identifier: GPL-2.0
/*
 * Capture: hear what happens to connections, and put them into the queue.
 *
 * A namespace has one conntrack event notifier, which belongs to ctnetlink. We
 * stand in front of it and hand every event on, with its verdict. ctnetlink is
 * pinned meanwhile; when it is loaded only later we step aside while it
 * registers itself.
 */

#include "ct.h"

#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netns/generic.h>
#include <net/route.h>

#include "trace.h"

#define CTNETLINK	"nf_conntrack_netlink"

/**
 * struct capture_net - capture in one namespace
 * @list: in @captures while it stands in front of the notifier
 * @cts: connections of the unit, NULL while it does not capture
 * @net: namespace
 * @lower: notifier that was there before us
 * @ours: notifier of this namespace
 */
struct capture_net {
	struct list_head list;
	struct fo_cts __rcu *cts;
	struct net *net;
	const struct nf_ct_event_notifier *lower;
	struct nf_ct_event_notifier ours;
};

static unsigned int capture_net_id;

/* Protects the next fields, and installing and removing notifiers. */
static DEFINE_MUTEX(capture_mutex);
static LIST_HEAD(captures);
static struct module *ctnetlink;	/* pinned */
static bool ctnetlink_loading;

static bool owned4(struct fo_cts *c, const union nf_inet_addr *a)
{
	return inet_addr_type(c->net, a->ip) != RTN_UNICAST;
}

static bool owned6(struct fo_cts *c, const union nf_inet_addr *a)
{
	return ipv6_addr_is_multicast(&a->in6) ||
	       ipv6_chk_addr(c->net, &a->in6, NULL, 0);
}

/* An address of this host that does not move with the active role. */
static bool is_own(struct fo_cts *c, u8 family, const union nf_inet_addr *a)
{
	if (family == NFPROTO_IPV4 ? !owned4(c, a) : !owned6(c, a))
		return false;
	return !fo_store_floating(c->store, family, a);
}

/* The source of either direction is where that end of the connection is. */
static bool ends_here(struct fo_cts *c, const struct nf_conn *ct)
{
	u8 family = nf_ct_l3num(ct);

	return is_own(c, family, &ct->tuplehash[0].tuple.src.u3) ||
	       is_own(c, family, &ct->tuplehash[1].tuple.src.u3);
}

static bool state_counts(const struct fo_cts *c, const struct nf_conn *ct)
{
	u8 state;

	/* what it was expected by is used up, and what it expects comes soon */
	if (ct->master || fo_helper_expects(ct))
		return true;
	if (nf_ct_protonum(ct) != IPPROTO_TCP)
		return READ_ONCE(ct->status) & IPS_SEEN_REPLY ||
		       READ_ONCE(c->datagram_from) ==
		       NF_FAILOVER_DATAGRAM_FROM_NEW;
	state = READ_ONCE(ct->proto.tcp.state);
	if (state >= TCP_CONNTRACK_ESTABLISHED &&
	    state <= TCP_CONNTRACK_TIME_WAIT)
		return true;
	return READ_ONCE(c->tcp_from) == NF_FAILOVER_TCP_FROM_SYN_SENT &&
	       state != TCP_CONNTRACK_NONE && state != TCP_CONNTRACK_CLOSE;
}

/* Remembers and counts it. Context: any but hard interrupt, RCU. */
bool fo_ct_ends_here(struct fo_cts *c, struct nf_conn *ct)
{
	if (test_bit(FO_MARK_SKIP, &ct->status))
		return true;
	if (!ends_here(c, ct))
		return false;
	set_bit(FO_MARK_SKIP, &ct->status);
	fo_count(c->stats, FO_CNT_CT_LOCAL);
	return true;
}

/* Whether it would be one to be replicated without any rules. */
static bool is_candidate(struct fo_cts *c, struct nf_conn *ct)
{
	const unsigned long never = IPS_TEMPLATE | IPS_NAT_CLASH |
				    BIT(FO_MARK_SKIP);

	if (READ_ONCE(ct->status) & never || !state_counts(c, ct))
		return false;
	return !fo_ct_ends_here(c, ct);
}

/**
 * fo_ct_eligible() - whether a connection is one to be replicated
 * @c: connections
 * @ct: one of them, without a slot
 *
 * Whether it ends on this host, and what the rules say of it, is found out once
 * and remembered. Context: any but hard interrupt, RCU.
 */
bool fo_ct_eligible(struct fo_cts *c, struct nf_conn *ct)
{
	return !fo_ct_is_out(ct) && is_candidate(c, ct) &&
	       !fo_ct_left_out(c, ct);
}

/**
 * fo_ct_dirty() - put a connection into the queue, unless it is there
 * @c: connections
 * @ct: one of them, of which the caller holds a reference
 * @full: the peer needs a whole record
 *
 * Context: any but hard interrupt; the packet path.
 */
void fo_ct_dirty(struct fo_cts *c, struct nf_conn *ct, bool full)
{
	trace_fo_ct_captured(c->stats, ct, full);
	if (full)
		set_bit(FO_MARK_FULL, &ct->status);
	if (test_and_set_bit(FO_MARK_DIRTY, &ct->status)) {
		fo_count(c->stats, FO_CNT_QUEUE_COALESCED);
		return;
	}
	if (!fo_queue_put(c->queue, &c->ref, ct, hash32_ptr(ct)))
		clear_bit(FO_MARK_DIRTY, &ct->status);
}

/**
 * fo_ct_expect_dirty() - put the expectations of a connection into the queue
 * @c: connections
 * @ct: their master; it may be about to be freed
 *
 * Behind the connection itself, when that is in the queue: it is the same part
 * of it. Context: any but hard interrupt; the packet path.
 */
void fo_ct_expect_dirty(struct fo_cts *c, struct nf_conn *ct)
{
	if (!READ_ONCE(c->expects.on) ||
	    test_and_set_bit(FO_MARK_EXPECT, &ct->status))
		return;
	if (!fo_queue_put(c->queue, &c->expects.ref, ct, hash32_ptr(ct)))
		clear_bit(FO_MARK_EXPECT, &ct->status);
}

/**
 * fo_ct_walked() - a bulk sync has come to a connection
 * @c: connections
 * @ct: one of them
 *
 * The rules may be others than those by which it was left out, or told: that is
 * looked at when its record is written. What it expects is told as well, also when
 * that is nothing. Context: process, RCU.
 */
void fo_ct_walked(struct fo_cts *c, struct nf_conn *ct)
{
	if (!fo_slot_of(ct)) {
		if (!is_candidate(c, ct))
			return;
		fo_ct_judge_anew(c, ct);
		if (fo_ct_is_out(ct))
			return;
	}
	fo_ct_dirty(c, ct, true);
	if (fo_helper_has(ct))
		fo_ct_expect_dirty(c, ct);
}

/**
 * fo_ct_ripe() - tell of a connection that has become old enough
 * @c: connections
 * @ct: one of them, that a walk has come to
 *
 * Context: process, RCU.
 */
void fo_ct_ripe(struct fo_cts *c, struct nf_conn *ct)
{
	if (!fo_slot_of(ct) && fo_ct_eligible(c, ct) && !fo_ct_waits(c, ct))
		fo_ct_dirty(c, ct, false);
}

/**
 * fo_ct_forget() - a connection has died, and nobody is to be told
 * @c: connections
 * @ct: one of them
 * @slot: its slot
 *
 * On a standby that was not the peer's wish, and is repaired by a bulk sync.
 * Context: any but hard interrupt.
 */
void fo_ct_forget(struct fo_cts *c, struct nf_conn *ct, u32 slot)
{
	struct nf_conn *mine = fo_slot_take(&c->slots, slot, ct);

	if (!mine)
		return;		/* it dies by the peer's command */
	if (READ_ONCE(c->accepting)) {
		fo_count(c->stats, FO_CNT_CT_LOST);
		WRITE_ONCE(c->damaged, true);
	}
	nf_ct_put(mine);
}

/**
 * fo_ct_frozen() - whether a deletion is to be kept back, and counts it
 * @c: connections; one of them was seen to be dying
 *
 * Asked wherever a deletion is made, not only by the event: a walk or the
 * queue may have been at work when the interface went down. A deletion that is
 * kept back is found by fo_cts.tend later, if we live. Context: any.
 *
 * Return: true when it must not be sent now.
 */
bool fo_ct_frozen(struct fo_cts *c)
{
	smp_rmb(); /* what it died of came after the freeze */
	if (!smp_load_acquire(&c->frozen) ||
	    time_after(jiffies, READ_ONCE(c->frozen_until)))
		return false;
	fo_count(c->stats, FO_CNT_CT_FROZEN);
	return true;
}

static void destroyed(struct fo_cts *c, struct nf_conn *ct)
{
	const struct nf_conntrack_ecache *e = nf_ct_ecache_find(ct);
	u32 slot = fo_slot_of(ct);

	if (!slot) {
		fo_ct_untold(c, ct);
		return;		/* the peer never heard of it */
	}
	if (!READ_ONCE(c->capturing)) {
		fo_ct_forget(c, ct, slot);
		return;
	}
	if (e && e->missed & BIT(IPCT_DESTROY)) {
		fo_count(c->stats, FO_CNT_CT_REPEATED);
		return;
	}
	if (!fo_ct_frozen(c))
		fo_ct_dirty(c, ct, false);
}

/* The peer is to be told of one that it does not know. */
static bool is_due(struct fo_cts *c, unsigned int events, struct nf_conn *ct)
{
	if (events & (BIT(IPCT_NEW) | BIT(IPCT_RELATED)))
		fo_ct_begins(c, ct);
	if (events & BIT(IPCT_MARK))
		fo_ct_marked(c, ct);
	return fo_ct_eligible(c, ct) && !fo_ct_waits(c, ct);
}

static void capture(struct fo_cts *c, unsigned int events, struct nf_conn *ct)
{
	if (events & BIT(IPCT_DESTROY)) {
		destroyed(c, ct);
		return;
	}
	if (!READ_ONCE(c->capturing) ||
	    (!fo_slot_of(ct) && !is_due(c, events, ct)))
		return;
	fo_ct_dirty(c, ct, false);
	/* a helper may expect something before its connection is there */
	if (events & (BIT(IPCT_NEW) | BIT(IPCT_RELATED)) &&
	    fo_helper_expects(ct))
		fo_ct_expect_dirty(c, ct);
}

/*
 * Context: softirq for forwarded packets, process for local ones, ctnetlink
 * and garbage collection; RCU; possibly under a bucket lock of conntrack. So
 * it neither sends nor changes connections, and calls down in any case.
 */
static int ct_event(unsigned int events, const struct nf_ct_event *item)
{
	struct capture_net *cn = net_generic(nf_ct_net(item->ct),
					     capture_net_id);
	const struct nf_ct_event_notifier *lower = READ_ONCE(cn->lower);
	struct fo_cts *c = rcu_dereference(cn->cts);

	if (c)
		capture(c, events, item->ct);
	return lower ? lower->ct_event(events, item) : 0;
}

/*
 * Context: nf_conntrack_expect_lock, RCU; any but hard interrupt. The master may
 * be on its way out, with all that it expects.
 */
static int exp_event(unsigned int events, const struct nf_exp_event *item)
{
	struct capture_net *cn = net_generic(nf_ct_exp_net(item->exp),
					     capture_net_id);
	const struct nf_ct_event_notifier *lower = READ_ONCE(cn->lower);
	struct fo_cts *c = rcu_dereference(cn->cts);
	struct nf_conn *master = item->exp->master;

	if (c && READ_ONCE(c->capturing) && nf_ct_is_confirmed(master) &&
	    !nf_ct_is_dying(master) && !fo_ct_is_out(master))
		fo_ct_expect_dirty(c, master);
	return lower ? lower->exp_event(events, item) : 0;
}

/*
 * ctnetlink exports nothing to hold on to, and modules cannot be looked up by
 * name; their kobjects can. A built-in one has no module, and stays anyway.
 */
static struct module *pin(const char *name)
{
	struct kobject *k = kset_find_obj(THIS_MODULE->mkobj.kobj.kset, name);
	struct module *mod = NULL;

	if (!k)
		return NULL;
	mod = container_of(k, struct module_kobject, kobj)->mod;
	if (mod && !try_module_get(mod))
		mod = NULL;
	kobject_put(k);
	return mod;
}

static void install(struct capture_net *cn)
{
	struct nf_ct_event_notifier __rcu **at =
		&cn->net->ct.nf_conntrack_event_cb;
	struct nf_ct_event_notifier *cur, *was;

	lockdep_assert_held(&capture_mutex);
	if (ctnetlink_loading)
		return;		/* comes back when it has registered */
	do {
		cur = rcu_access_pointer(*at);
		if (cur == &cn->ours)
			return;
		WRITE_ONCE(cn->lower, cur);
		was = unrcu_pointer(cmpxchg(at, RCU_INITIALIZER(cur),
					    RCU_INITIALIZER(&cn->ours)));
	} while (was != cur);
}

static void uninstall(struct capture_net *cn)
{
	lockdep_assert_held(&capture_mutex);
	/* if somebody is in our place already there is nothing to restore */
	cmpxchg(&cn->net->ct.nf_conntrack_event_cb,
		RCU_INITIALIZER(&cn->ours),
		RCU_INITIALIZER((struct nf_ct_event_notifier *)cn->lower));
}

/**
 * fo_capture_start() - hear events
 * @c: connections
 *
 * Events exist only for connections that were made to have them, which
 * net.netfilter.nf_conntrack_events=1 sees to; it is restored afterwards.
 * Context: process.
 */
void fo_capture_start(struct fo_cts *c)
{
	struct capture_net *cn = net_generic(c->net, capture_net_id);

	mutex_lock(&capture_mutex);
	c->saved_events = c->net->ct.sysctl_events;
	WRITE_ONCE(c->net->ct.sysctl_events, 1);
	rcu_assign_pointer(cn->cts, c);
	list_add(&cn->list, &captures);
	install(cn);
	mutex_unlock(&capture_mutex);
}

/**
 * fo_capture_stop() - hear events no more
 * @c: connections; no event is under way when it returns
 *
 * Context: process.
 */
void fo_capture_stop(struct fo_cts *c)
{
	struct capture_net *cn = net_generic(c->net, capture_net_id);

	mutex_lock(&capture_mutex);
	uninstall(cn);
	list_del(&cn->list);
	RCU_INIT_POINTER(cn->cts, NULL);
	WRITE_ONCE(c->net->ct.sysctl_events, c->saved_events);
	mutex_unlock(&capture_mutex);
	synchronize_rcu();
}

/* ctnetlink is being loaded: it warns when the notifier is taken. */
static int module_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct module *mod = data;
	struct capture_net *cn;

	if (strcmp(mod->name, CTNETLINK))
		return NOTIFY_DONE;
	mutex_lock(&capture_mutex);
	ctnetlink_loading = event == MODULE_STATE_COMING;
	if (event == MODULE_STATE_LIVE && !ctnetlink)
		ctnetlink = pin(CTNETLINK);
	list_for_each_entry(cn, &captures, list) {
		if (ctnetlink_loading)
			uninstall(cn);
		else
			install(cn);
	}
	mutex_unlock(&capture_mutex);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = module_event };

static int __net_init capture_net_init(struct net *net)
{
	struct capture_net *cn = net_generic(net, capture_net_id);

	cn->net = net;
	cn->ours.ct_event = ct_event;
	cn->ours.exp_event = exp_event;
	return 0;
}

struct pernet_operations fo_capture_net_ops = {
	.init	= capture_net_init,
	.id	= &capture_net_id,
	.size	= sizeof(struct capture_net),
};

int fo_capture_init(void)
{
	int err;

	request_module(CTNETLINK);
	err = register_module_notifier(&module_nb);
	if (err)
		return err;
	mutex_lock(&capture_mutex);
	if (!ctnetlink)
		ctnetlink = pin(CTNETLINK);
	mutex_unlock(&capture_mutex);
	return 0;
}

void fo_capture_exit(void)
{
	unregister_module_notifier(&module_nb);
	if (ctnetlink)
		module_put(ctnetlink);
}

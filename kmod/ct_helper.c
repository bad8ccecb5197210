// SPDX-License-Identifier: GPL-2.0
/*
 * Helpers and masters of connections: what makes a connection of FTP or SIP
 * more than one of TCP or UDP.
 *
 * A helper has to be there before a connection is confirmed. One that is
 * missing on a standby is asked for; the connection goes in without it
 * meanwhile, and is told anew by a bulk sync when the helper has come.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>

/* A helper that could not be had is asked for again after this. */
#define ASK_AGAIN	(60 * HZ)

/* RCU. */
static struct nf_conntrack_helper *helper_of(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);

	return help ? rcu_dereference(help->helper) : NULL;
}

/**
 * fo_helper_fill() - the helper and the master of a connection
 * @rec: record of its creation
 * @ct: the connection
 *
 * Context: flush of the queue.
 */
void fo_helper_fill(struct fo_ct_rec *rec, const struct nf_conn *ct)
{
	const struct nf_conntrack_helper *helper;

	rcu_read_lock();
	helper = helper_of(ct);
	if (helper) {
		strscpy(rec->helper, helper->name, sizeof(rec->helper));
		rec->has |= BIT(FO_CT_A_HELPER);
	}
	rcu_read_unlock();
	if (!ct->master || !fo_slot_of(ct->master))
		return;
	rec->master = fo_slot_of(ct->master);
	rec->has |= BIT(FO_CT_A_MASTER);
}

/**
 * fo_helper_expects() - whether a connection is the master of others to come
 * @ct: connection
 *
 * Context: any.
 */
bool fo_helper_expects(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);

	return help && !hlist_empty(&help->expectations);
}

bool fo_helper_has(const struct nf_conn *ct)
{
	return nfct_help(ct);
}

/* --- on the standby ---------------------------------------------------- */

static bool same(const struct fo_missing *a, const struct fo_missing *b)
{
	return a->l3 == b->l3 && a->proto == b->proto &&
	       !strcmp(a->name, b->name);
}

/* fo_helpers.lock. Its own entry, or else a free one, or NULL. */
static struct fo_missing *entry_of(struct fo_helpers *h,
				   const struct fo_missing *what)
{
	struct fo_missing *free = NULL;
	int i;

	for (i = 0; i < FO_MISSING; i++) {
		if (same(&h->missing[i], what))
			return &h->missing[i];
		if (!h->missing[i].name[0] && !free)
			free = &h->missing[i];
	}
	return free;
}

static void ask_for(struct fo_cts *c, const struct fo_missing *what)
{
	struct fo_helpers *h = &c->helpers;
	struct fo_missing *e;
	bool due;

	spin_lock_bh(&h->lock);
	e = entry_of(h, what);
	due = e && !e->wanted &&
	      (!e->name[0] || !time_before(jiffies, e->asked + ASK_AGAIN));
	if (due && !e->name[0])
		*e = *what;
	if (due)
		e->wanted = true;
	spin_unlock_bh(&h->lock);
	if (due)
		queue_work(c->wq, &h->ask);
}

/* The kernel has that of H.245, which is spoken over TCP, in its list for UDP. */
static u8 listed_for(const char *name, u8 proto)
{
	return strcmp(name, "H.245") ? proto : IPPROTO_UDP;
}

/**
 * fo_helper_find() - a helper of this kernel
 * @name: its name
 * @l3: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: protocol of the connection that is to have it
 *
 * Context: RCU.
 *
 * Return: the helper, or NULL when there is none here.
 */
struct nf_conntrack_helper *fo_helper_find(const char *name, u8 l3, u8 proto)
{
	return __nf_conntrack_helper_find(name, l3, listed_for(name, proto));
}

static struct nf_conntrack_helper *find(const struct fo_ct_rec *rec)
{
	return fo_helper_find(rec->helper, rec->l3 == 4 ? NFPROTO_IPV4 :
							  NFPROTO_IPV6,
			      rec->proto);
}

static void note_missing(struct fo_cts *c, const struct fo_ct_rec *rec)
{
	struct fo_missing what = {
		.l3 = rec->l3 == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6,
		.proto = listed_for(rec->helper, rec->proto),
	};

	fo_count(c->stats, FO_CNT_CT_NO_HELPER);
	strscpy(what.name, rec->helper, sizeof(what.name));
	ask_for(c, &what);
}

static int attach_helper(struct fo_cts *c, struct nf_conn *ct,
			 const struct fo_ct_rec *rec)
{
	struct nf_conntrack_helper *helper = find(rec);
	struct nf_conn_help *help;

	if (!helper || !fo_helper_hold(helper)) {
		note_missing(c, rec);
		return 0;
	}
	help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);
	if (!help) {
		fo_helper_release(helper);
		return -ENOMEM;
	}
	/* no rule of ours is to choose another one */
	__set_bit(IPS_HELPER_BIT, &ct->status);
	RCU_INIT_POINTER(help->helper, helper);
	fo_helper_renew(ct);
	fo_pptp_begin(ct);
	return 0;
}

/* The kernel frees masters from within each other: no more than it would nest. */
static bool nests_deep(const struct nf_conn *ct)
{
	unsigned int n = 1;

	for (; ct->master; ct = ct->master)
		if (++n > FO_MASTERS)
			return true;
	return false;
}

static void attach_master(struct fo_cts *c, struct nf_conn *ct, u32 slot)
{
	struct fo_slot *e = fo_ct_told(c, slot);

	if (!e || nests_deep(e->ct)) {
		if (e)
			nf_ct_put(e->ct);
		fo_count(c->stats, FO_CNT_CT_NO_MASTER);
		return;
	}
	__set_bit(IPS_EXPECTED_BIT, &ct->status);
	ct->master = e->ct;
}

/**
 * fo_helper_attach() - give a new connection its master and its helper
 * @c: connections
 * @ct: not confirmed, without NAT, which depends on both
 * @rec: the record that it is made from
 *
 * Context: softirq, RCU, apply_lock.
 *
 * Return: 0, also when the helper is missing, or -ENOMEM.
 */
int fo_helper_attach(struct fo_cts *c, struct nf_conn *ct,
		     const struct fo_ct_rec *rec)
{
	if (rec->has & BIT(FO_CT_A_MASTER))
		attach_master(c, ct, rec->master);
	if (rec->has & BIT(FO_CT_A_HELPER))
		return attach_helper(c, ct, rec);
	return 0;
}

/* Of one that is not confirmed, and will not be. */
void fo_helper_detach(struct nf_conn *ct)
{
	if (ct->master)
		nf_ct_put(ct->master);
	ct->master = NULL;
}

/*
 * A master that was made anew, with the helper that it lacked, is another one
 * than its children have.
 */
static bool has_master(struct fo_cts *c, const struct nf_conn *ct, u32 slot)
{
	struct fo_slot *e = fo_slot_get(&c->slots, slot);
	bool same;

	if (!e)
		return ct->master;
	same = e->ct == ct->master;
	nf_ct_put(e->ct);
	return same;
}

/**
 * fo_helper_fits() - whether a connection has the helper and master it could have
 * @c: connections
 * @ct: one of them, confirmed: neither can be given to it any more
 * @rec: what the peer has
 *
 * Context: softirq, RCU.
 */
bool fo_helper_fits(struct fo_cts *c, const struct nf_conn *ct,
		    const struct fo_ct_rec *rec)
{
	struct nf_conntrack_helper *helper = NULL;

	if (rec->has & BIT(FO_CT_A_HELPER))
		helper = find(rec);
	if (helper && helper != helper_of(ct))
		return false;
	return !(rec->has & BIT(FO_CT_A_MASTER)) ||
	       has_master(c, ct, rec->master);
}

/**
 * fo_helper_renew() - what the helper knows of the traffic is out of date
 * @ct: connection
 *
 * FTP looks for commands only where it expects a new line, which it has not
 * seen; as in an entry of ctnetlink it takes up the numbers with the next
 * packet. Context: softirq, RCU.
 */
void fo_helper_renew(struct nf_conn *ct)
{
	struct nf_conntrack_helper *helper = helper_of(ct);

	if (helper && helper->from_nlattr)
		helper->from_nlattr(NULL, ct);
}

/* The next one to be asked for; false when there is none. */
static bool next_wanted(struct fo_cts *c, struct fo_missing *what)
{
	struct fo_helpers *h = &c->helpers;
	bool some = false;
	int i;

	spin_lock_bh(&h->lock);
	for (i = 0; i < FO_MISSING && !some; i++) {
		some = h->missing[i].wanted;
		if (!some)
			continue;
		h->missing[i].wanted = false;
		h->missing[i].asked = jiffies;
		*what = h->missing[i];
	}
	spin_unlock_bh(&h->lock);
	return some;
}

/* It is there: whatever lacks it is told anew. */
static void has_come(struct fo_cts *c, const struct fo_missing *what)
{
	struct fo_helpers *h = &c->helpers;
	struct fo_missing *e;
	bool was;

	spin_lock_bh(&h->lock);
	e = entry_of(h, what);
	was = e && e->name[0];
	if (was)
		memset(e, 0, sizeof(*e));
	spin_unlock_bh(&h->lock);
	if (!was)
		return;
	spin_lock_bh(c->apply_lock);
	if (READ_ONCE(c->accepting))
		WRITE_ONCE(c->damaged, true);
	spin_unlock_bh(c->apply_lock);
}

/* It cannot be had; see fo_helpers_missing(). */
static void is_missing(struct fo_cts *c, const struct fo_missing *what)
{
	struct fo_helpers *h = &c->helpers;
	struct fo_missing *e;

	spin_lock_bh(&h->lock);
	e = entry_of(h, what);
	if (e && e->name[0])
		e->refused = true;
	spin_unlock_bh(&h->lock);
	pr_warn_ratelimited("nf_failover: the active unit has the helper \"%s\", which cannot be had here\n",
			    what->name);
}

/* Its module may have to be loaded. Context: process. */
static void ask(struct work_struct *work)
{
	struct fo_cts *c = container_of(work, struct fo_cts, helpers.ask);
	struct nf_conntrack_helper *helper;
	struct fo_missing what;

	while (next_wanted(c, &what)) {
		helper = nf_conntrack_helper_try_module_get(what.name, what.l3,
							    what.proto);
		if (!helper) {
			is_missing(c, &what);
			continue;
		}
		nf_conntrack_helper_put(helper);
		has_come(c, &what);
	}
}

/**
 * fo_helpers_tend() - see whether somebody has loaded what could not be had
 * @c: connections
 *
 * Context: process.
 */
void fo_helpers_tend(struct fo_cts *c)
{
	struct fo_missing what;
	bool there;
	int i;

	for (i = 0; i < FO_MISSING; i++) {
		spin_lock_bh(&c->helpers.lock);
		what = c->helpers.missing[i];
		spin_unlock_bh(&c->helpers.lock);
		if (!what.name[0])
			continue;
		rcu_read_lock();
		there = __nf_conntrack_helper_find(what.name, what.l3,
						   what.proto);
		rcu_read_unlock();
		if (there)
			has_come(c, &what);
	}
}

/* Whether a name is among the first @n of @names. */
static bool is_said(char names[][FO_HELPER_NAME], unsigned int n,
		    const char *name)
{
	while (n--)
		if (!strcmp(names[n], name))
			return true;
	return false;
}

/**
 * fo_helpers_missing() - the helpers that this unit cannot give to connections
 * @c: connections
 * @names: filled in; room for FO_HELLO_HELPERS
 *
 * Each once, whatever protocols it is missing for. Context: any but hard
 * interrupt.
 *
 * Return: how many there are.
 */
unsigned int fo_helpers_missing(struct fo_cts *c, char names[][FO_HELPER_NAME])
{
	const struct fo_missing *m = c->helpers.missing;
	unsigned int i, n = 0;

	BUILD_BUG_ON(FO_MISSING > FO_HELLO_HELPERS);
	spin_lock_bh(&c->helpers.lock);
	for (i = 0; i < FO_MISSING; i++)
		if (m[i].refused && !is_said(names, n, m[i].name))
			strscpy(names[n++], m[i].name, FO_HELPER_NAME);
	spin_unlock_bh(&c->helpers.lock);
	return n;
}

/* The peer, or failover, is another one. Context: process; nothing applies. */
void fo_helpers_stop(struct fo_cts *c)
{
	cancel_work_sync(&c->helpers.ask);
	spin_lock_bh(&c->helpers.lock);
	memset(c->helpers.missing, 0, sizeof(c->helpers.missing));
	spin_unlock_bh(&c->helpers.lock);
}

void fo_helpers_init(struct fo_cts *c)
{
	spin_lock_init(&c->helpers.lock);
	INIT_WORK(&c->helpers.ask, ask);
}

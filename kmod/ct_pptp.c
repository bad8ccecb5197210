// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions of PPTP: what their helper remembers, and the keys of their calls.
 *
 * A packet of a call, which is GRE, has the number of its receiver only. The one of
 * the sender, and so its connection, is found in a list of keys of the kernel, where
 * the helper has put both directions. On a standby the helper sees no session: there
 * we put in what belongs to a call that is tracked or expected.
 */

#include "ct.h"

#include <linux/jhash.h>
#include <linux/netfilter/nf_conntrack_pptp.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_nat.h>

/* What sets calls up, as records say it: the kernel has no name for it. */
#define NAME	"pptp"

/* RCU; NULL when it is no session. */
static struct nf_ct_pptp_master *pptp_of(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;

	helper = help ? rcu_dereference(help->helper) : NULL;
	return helper && !(helper->flags & NF_CT_HELPER_F_USERSPACE) &&
	       !strcmp(helper->name, NAME) && nf_ct_protonum(ct) == IPPROTO_TCP &&
	       nf_ct_l3num(ct) == NFPROTO_IPV4 ? nfct_help_data(ct) : NULL;
}

/* What NAT of the helper remembers; NULL where there is none. */
static struct nf_nat_pptp *nat_of(const struct nf_conn *ct)
{
#if IS_ENABLED(CONFIG_NF_NAT_PPTP)
	struct nf_conn_nat *nat = nfct_nat(ct);

	return nat ? &nat->help.nat_pptp_info : NULL;
#else
	return NULL;
#endif
}

/* --- on the active unit ------------------------------------------------ */

/* A number is __be16, as in a packet. RCU; false when it is no session. */
static bool read_session(const struct nf_conn *ct, struct fo_pptp *p)
{
	const struct nf_ct_pptp_master *m = pptp_of(ct);
	const struct nf_nat_pptp *nat = nat_of(ct);

	if (!m)
		return false;
	p->slot = fo_slot_of(ct);
	p->session = READ_ONCE(m->sstate);
	p->call = READ_ONCE(m->cstate);
	memcpy(p->pac, &m->pac_call_id, sizeof(p->pac));
	memcpy(p->pns, &m->pns_call_id, sizeof(p->pns));
	if (nat) {
		memcpy(p->nat_pac, &nat->pac_call_id, sizeof(p->nat_pac));
		memcpy(p->nat_pns, &nat->pns_call_id, sizeof(p->nat_pns));
	}
	return true;
}

static void tell(const struct nf_conn *ct, struct fo_writer *w)
{
	struct fo_pptp p = {};

	if (read_session(ct, &p))
		fo_pptp_put(w, &p);
}

/* 0: it is no session. */
static u32 sum(const struct nf_conn *ct)
{
	struct fo_pptp p = {};

	return read_session(ct, &p) ? jhash(&p, offsetofend(struct fo_pptp, nat_pns), 0) | 1 : 0;
}

/**
 * fo_pptp_name() - what an expected connection is set up by
 * @exp: what is expected, by a function that has no name in the kernel
 *
 * Context: RCU, nf_conntrack_expect_lock.
 *
 * Return: the name, or NULL when it is not that of PPTP.
 */
const char *fo_pptp_name(const struct nf_conntrack_expect *exp)
{
	return exp->tuple.dst.protonum == IPPROTO_GRE && pptp_of(exp->master) ?
	       NAME : NULL;
}

/* --- on the standby ---------------------------------------------------- */

/**
 * struct keys - both directions of a call
 * @tuple: from the client (PNS), and to it
 */
struct keys {
	struct nf_conntrack_tuple tuple[IP_CT_DIR_MAX];
};

/* RCU. */
static bool has_keys(const struct nf_ct_pptp_master *m, const struct keys *k)
{
	const struct nf_ct_gre_keymap *map;
	int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		map = READ_ONCE(m->keymap[dir]);
		if (!map || !nf_ct_tuple_equal(&map->tuple, &k->tuple[dir]))
			return false;
	}
	return true;
}

/* The kernel has room for one call of a session. RCU, apply_lock. */
static void set_keys(struct fo_cts *c, struct nf_conn *session,
		     const struct nf_ct_pptp_master *m, struct keys *k)
{
	if (nf_ct_is_dying(session) || has_keys(m, k))
		return;
	nf_ct_gre_keymap_destroy(session);
	if (!fo_gre_keys_add(session, &k->tuple[0], &k->tuple[1]))
		fo_count(c->stats, FO_CNT_CT_NO_ROOM);
}

/* Of a call that is tracked, whichever end has sent first. */
static void keep_tracked(struct fo_cts *c, const struct nf_conn *call)
{
	struct nf_conn *session = call->master;
	const struct nf_ct_pptp_master *m = session ? pptp_of(session) : NULL;
	bool back;
	struct keys k;

	if (!m)
		return;
	back = !nf_inet_addr_cmp(&call->tuplehash[0].tuple.src.u3,
				 &session->tuplehash[0].tuple.src.u3);
	k.tuple[0] = call->tuplehash[back].tuple;
	k.tuple[1] = call->tuplehash[!back].tuple;
	set_keys(c, session, m, &k);
}

/*
 * Of one that is expected: the addresses of the session, and the numbers of the call,
 * of which NAT has translated the client's.
 */
static void keep_expected(struct fo_cts *c, struct nf_conn *session)
{
	const struct nf_ct_pptp_master *m = pptp_of(session);
	const struct nf_nat_pptp *nat = nat_of(session);
	struct keys k;
	int dir;

	if (!m || !fo_helper_expects(session))
		return;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		k.tuple[dir] = session->tuplehash[dir].tuple;
		k.tuple[dir].dst.protonum = IPPROTO_GRE;
	}
	k.tuple[0].src.u.gre.key = m->pns_call_id;
	k.tuple[0].dst.u.gre.key = m->pac_call_id;
	k.tuple[1].src.u.gre.key = m->pac_call_id;
	k.tuple[1].dst.u.gre.key = m->pns_call_id;
	if (nat && READ_ONCE(session->status) & IPS_NAT_MASK) {
		k.tuple[0].src.u.gre.key = nat->pns_call_id;
		k.tuple[1].src.u.gre.key = nat->pac_call_id;
	}
	set_keys(c, session, m, &k);
}

/*
 * What a session has said just before a takeover may not be told. One that is silent
 * so far is taken for an open one, whose calls are seen; should it be opened yet, the
 * helper has nothing against that.
 */
static void set_state(struct nf_ct_pptp_master *m, u8 session)
{
	m->sstate = session == PPTP_SESSION_NONE ? PPTP_SESSION_CONFIRMED : session;
}

/**
 * fo_pptp_begin() - a session was told for the first time
 * @ct: connection that is not in the table yet
 *
 * Context: softirq, RCU.
 */
void fo_pptp_begin(struct nf_conn *ct)
{
	struct nf_ct_pptp_master *m = pptp_of(ct);

	if (m)
		set_state(m, PPTP_SESSION_NONE);
}

/**
 * fo_pptp_keep() - see to it that the packets of a call find its connection
 * @c: connections
 * @ct: one of them: that of a call, a session that expects one, or any other
 *
 * The kernel takes the keys away with any connection of a session that ends, also
 * when it was that of another call. Context: softirq or process, RCU, apply_lock;
 * the unit is standby.
 */
void fo_pptp_keep(struct fo_cts *c, struct nf_conn *ct)
{
	if (nf_ct_protonum(ct) == IPPROTO_GRE)
		keep_tracked(c, ct);
	else
		keep_expected(c, ct);
}

static void write_session(struct nf_conn *ct, struct nf_ct_pptp_master *m,
			  const struct fo_pptp *p)
{
	struct nf_nat_pptp *nat = nat_of(ct);

	set_state(m, p->session);
	m->cstate = p->call;
	memcpy(&m->pac_call_id, p->pac, sizeof(p->pac));
	memcpy(&m->pns_call_id, p->pns, sizeof(p->pns));
	if (nat) {
		memcpy(&nat->pac_call_id, p->nat_pac, sizeof(p->nat_pac));
		memcpy(&nat->pns_call_id, p->nat_pns, sizeof(p->nat_pns));
	}
}

static int apply(struct fo_cts *c, struct fo_rec *from)
{
	struct nf_ct_pptp_master *m;
	struct fo_slot *e;
	struct fo_pptp p;
	int err;

	BUILD_BUG_ON(PPTP_SESSION_CONFIRMED + 1 != FO_PPTP_SESSIONS);
	BUILD_BUG_ON(PPTP_CALL_CLEAR_REQ + 1 != FO_PPTP_CALLS);
	err = fo_pptp_get(from, &p);
	if (err)
		return err;
	e = fo_ct_told(c, p.slot);
	if (!e)
		return 0;
	m = pptp_of(e->ct);
	if (m) {
		write_session(e->ct, m, &p);
		keep_expected(c, e->ct);
	}
	nf_ct_put(e->ct);
	return 0;
}

const struct fo_memory fo_pptp_memory = {
	.op	= FO_EXPECT_PPTP,
	.tell	= tell,
	.sum	= sum,
	.apply	= apply,
};

/* --- a call that was expected ------------------------------------------ */

static void expected(struct nf_conn *call, struct nf_conntrack_expect *exp);

/* Either end may send first: both directions are expected. */
static void forget_other(struct nf_conn *session,
			 const struct nf_conntrack_expect *exp)
{
	struct nf_conn_help *help = nfct_help(session);
	struct nf_conntrack_expect *other;
	struct hlist_node *next;

	if (!help)
		return;
	spin_lock_bh(&nf_conntrack_expect_lock);
	hlist_for_each_entry_safe(other, next, &help->expectations, lnode)
		if (other != exp && other->expectfn == expected)
			fo_exp_remove(other);
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

static void map(struct nf_conn *call, enum nf_nat_manip_type manip,
		const union nf_inet_addr *addr,
		const union nf_conntrack_man_proto *number)
{
	struct nf_nat_range2 r = {
		.flags = NF_NAT_RANGE_MAP_IPS,
		.min_addr = *addr,
		.max_addr = *addr,
	};

	if (number) {
		r.flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		r.min_proto = *number;
		r.max_proto = *number;
	}
	nf_nat_setup_info(call, &r, manip);
}

/*
 * Instead of the kernel's, whose address nobody tells. It goes where its session
 * goes, and NAT translates the number of the client. Context: softirq, RCU.
 */
static void expected(struct nf_conn *call, struct nf_conntrack_expect *exp)
{
	const struct nf_conn *session = call->master;
	const struct nf_conntrack_tuple *back;
	bool to_client = exp->dir == IP_CT_DIR_REPLY;

	forget_other(call->master, exp);
	if (!(READ_ONCE(session->status) & IPS_NAT_MASK))
		return;
	back = &session->tuplehash[!exp->dir].tuple;
	map(call, NF_NAT_MANIP_SRC, &back->dst.u3,
	    to_client ? NULL : &exp->saved_proto);
	map(call, NF_NAT_MANIP_DST, &back->src.u3,
	    to_client ? &exp->saved_proto : NULL);
}

/**
 * fo_pptp_fn() - the function by its name
 * @session: who expects a connection
 * @e: what it expects
 *
 * Context: RCU.
 *
 * Return: what is to set the connection up, or NULL when it is nothing of PPTP.
 */
fo_expectfn_t fo_pptp_fn(const struct nf_conn *session, const struct fo_expect *e)
{
	return e->proto == IPPROTO_GRE && !strcmp(e->fn, NAME) &&
	       pptp_of(session) ? expected : NULL;
}

static bool is_ours(struct nf_conntrack_expect *exp, void *data)
{
	return exp->expectfn == expected;
}

/* Nothing expects a connection any more that needs us. Context: process. */
void fo_pptp_exit(void)
{
	nf_ct_expect_iterate_destroy(is_ours, NULL);
	/* one may just have been used up, and its connection is not set up yet */
	synchronize_rcu();
}

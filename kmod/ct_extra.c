// SPDX-License-Identifier: GPL-2.0
/*
 * What only some connections have, because a rule, a helper or a sysctl has
 * given it to them: labels, shifted sequence numbers, counters, a start.
 *
 * Each is an extension of conntrack, which can be added only before the
 * connection is confirmed.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_conntrack_timestamp.h>

static void fill_labels(struct fo_ct_rec *rec, const struct nf_conn *ct)
{
	const struct nf_conn_labels *l = nf_ct_labels_find(ct);
	unsigned int i;

	if (!l)
		return;
	for (i = 0; i < sizeof(rec->labels); i++)
		rec->labels[i] = READ_ONCE(l->bits[i / sizeof(long)]) >>
				 i % sizeof(long) * BITS_PER_BYTE;
	if (memchr_inv(rec->labels, 0, sizeof(rec->labels)))
		rec->has |= BIT(FO_CT_A_LABELS);
}

static void fill_seqadj(struct fo_ct_rec *rec, struct nf_conn *ct)
{
	const struct nf_conn_seqadj *s = nfct_seqadj(ct);
	int i;

	if (!s)
		return;
	rec->shifted = test_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
	if (!rec->shifted && rec->op != FO_CT_CREATE)
		return;
	rec->has |= BIT(FO_CT_A_SEQADJ);
	spin_lock_bh(&ct->lock);
	for (i = 0; i < 2; i++) {
		rec->seqadj[i].pos = s->seq[i].correction_pos;
		rec->seqadj[i].before = s->seq[i].offset_before;
		rec->seqadj[i].after = s->seq[i].offset_after;
	}
	spin_unlock_bh(&ct->lock);
}

static void fill_acct(struct fo_ct_rec *rec, const struct nf_conn *ct)
{
	const struct nf_conn_acct *a = nf_conn_acct_find(ct);
	int i;

	if (!a)
		return;
	for (i = 0; i < 2; i++) {
		rec->packets[i] = atomic64_read(&a->counter[i].packets);
		rec->bytes[i] = atomic64_read(&a->counter[i].bytes);
	}
	rec->has |= BIT(FO_CT_A_ACCT);
}

/**
 * fo_ct_extra_fill() - what a record says of it
 * @rec: record, whose operation is known; a whole one has the counters, too
 * @ct: its connection
 * @counters: another one has them as well
 *
 * Context: flush of the queue.
 */
void fo_ct_extra_fill(struct fo_ct_rec *rec, struct nf_conn *ct, bool counters)
{
	const struct nf_conn_tstamp *t = nf_conn_tstamp_find(ct);

	fill_labels(rec, ct);
	fill_seqadj(rec, ct);
	if (rec->op == FO_CT_CREATE && t && t->start) {
		rec->start = t->start;
		rec->has |= BIT(FO_CT_A_START);
	}
	if (counters || rec->op == FO_CT_CREATE)
		fill_acct(rec, ct);
}

/**
 * fo_ct_extra_add() - make room for it
 * @ct: connection that is not confirmed
 * @rec: its record
 *
 * For labels in any case: a rule of the peer may set them one day, and there
 * is none here that has made the kernel add them. Context: softirq.
 */
void fo_ct_extra_add(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_conn_tstamp *t;

	nf_ct_acct_ext_add(ct, GFP_ATOMIC);
	t = nf_ct_tstamp_ext_add(ct, GFP_ATOMIC);
	if (t)
		t->start = ktime_get_real_ns();
#ifdef CONFIG_NF_CONNTRACK_LABELS
	nf_ct_ext_add(ct, NF_CT_EXT_LABELS, GFP_ATOMIC);
#endif
	if (rec->has & BIT(FO_CT_A_SEQADJ) && !nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);
}

static bool set_labels(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	const bool any = rec->has & BIT(FO_CT_A_LABELS);
	const struct nf_conn_labels *l = nf_ct_labels_find(ct);
	struct nf_conn_labels to = {};
	unsigned int i;

	if (!l)
		return !any;
	/* most connections have none */
	if (!any && !memchr_inv(l->bits, 0, sizeof(l->bits)))
		return true;
	for (i = 0; i < sizeof(rec->labels); i++)
		to.bits[i / sizeof(long)] |= (unsigned long)rec->labels[i] <<
					     i % sizeof(long) * BITS_PER_BYTE;
	nf_connlabels_replace(ct, (const u32 *)to.bits, NULL,
			      sizeof(to) / sizeof(u32));
	return true;
}

static bool set_seqadj(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_conn_seqadj *s;
	int i;

	if (!(rec->has & BIT(FO_CT_A_SEQADJ)))
		return true;
	s = nfct_seqadj(ct);
	if (!s)
		return false;
	if (!rec->shifted)
		return true;
	spin_lock_bh(&ct->lock);
	for (i = 0; i < 2; i++) {
		s->seq[i].correction_pos = rec->seqadj[i].pos;
		s->seq[i].offset_before = rec->seqadj[i].before;
		s->seq[i].offset_after = rec->seqadj[i].after;
	}
	spin_unlock_bh(&ct->lock);
	set_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
	return true;
}

/* Counters of a connection are kept by this unit only if it counts at all. */
static void set_acct(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_conn_acct *a = nf_conn_acct_find(ct);
	int i;

	if (!a || !(rec->has & BIT(FO_CT_A_ACCT)))
		return;
	for (i = 0; i < 2; i++) {
		atomic64_set(&a->counter[i].packets, rec->packets[i]);
		atomic64_set(&a->counter[i].bytes, rec->bytes[i]);
	}
}

/**
 * fo_ct_extra_set() - take over what a record says of it
 * @ct: connection
 * @rec: its record
 *
 * Context: softirq.
 *
 * Return: false when there is no room for some of it.
 */
bool fo_ct_extra_set(struct nf_conn *ct, const struct fo_ct_rec *rec)
{
	struct nf_conn_tstamp *t;
	bool whole;

	whole = set_labels(ct, rec);
	whole &= set_seqadj(ct, rec);
	set_acct(ct, rec);
	t = nf_conn_tstamp_find(ct);
	if (t && rec->has & BIT(FO_CT_A_START))
		t->start = rec->start;
	return whole;
}

/**
 * fo_ct_shift() - where NAT of a helper has shifted sequence numbers last
 * @ct: connection
 *
 * Context: any.
 *
 * Return: a number that is another one after each time, 0 for never.
 */
u32 fo_ct_shift(const struct nf_conn *ct)
{
	const struct nf_conn_seqadj *s = nfct_seqadj(ct);

	return s && test_bit(IPS_SEQ_ADJUST_BIT, &ct->status) ?
	       READ_ONCE(s->seq[0].correction_pos) +
	       READ_ONCE(s->seq[1].correction_pos) : 0;
}

/**
 * fo_ct_packets() - how many packets a connection had, modulo 2^32
 * @ct: connection
 *
 * Context: any.
 *
 * Return: the number, 0 when nobody counts.
 */
u32 fo_ct_packets(const struct nf_conn *ct)
{
	const struct nf_conn_acct *a = nf_conn_acct_find(ct);

	return a ? atomic64_read(&a->counter[0].packets) +
		   atomic64_read(&a->counter[1].packets) : 0;
}

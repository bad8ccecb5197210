// SPDX-License-Identifier: GPL-2.0
/*
 * What helpers remember of a connection beside what they expect: one record of the
 * class of expectations for each helper that has something to remember. A new helper
 * is a line of the table, and a file of its own.
 */

#include "ct.h"

#include <net/netfilter/nf_conntrack_helper.h>

static const struct fo_memory *const memories[] = {
	&fo_sip_memory,
#ifdef CONFIG_NF_CT_PROTO_GRE
	&fo_pptp_memory,
#endif
	&fo_h323_memory,
};

/**
 * fo_memory_tell() - what the helper of a connection remembers, if it is one of these
 * @ct: connection, with a slot
 * @w: writer with room for it, of FO_HELPER_MAX bytes
 *
 * Context: flush of the queue, RCU.
 */
void fo_memory_tell(const struct nf_conn *ct, struct fo_writer *w)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(memories); i++)
		memories[i]->tell(ct, w);
}

/**
 * fo_memory_sum() - tell what a helper remembers from what it remembered
 * @ct: connection
 *
 * Of helpers that change it without an event. Context: any, RCU.
 *
 * Return: a number that is another one after most changes; 0: nothing.
 */
u32 fo_memory_sum(const struct nf_conn *ct)
{
	u32 sum = 0;
	int i;

	for (i = 0; nfct_help(ct) && !sum && i < ARRAY_SIZE(memories); i++)
		if (memories[i]->sum)
			sum = memories[i]->sum(ct);
	return sum;
}

static const struct fo_memory *memory_of(u8 op)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(memories); i++)
		if (memories[i]->op == op)
			return memories[i];
	return NULL;
}

/**
 * fo_memory_apply() - let the helper here remember it
 * @c: connections
 * @from: record of the class of expectations
 *
 * A connection that has no such helper here is one of those that are told anew.
 * Context: softirq, apply_lock.
 *
 * Return: 0; -EOPNOTSUPP: it is another record, and was not read; -EBADMSG: it is no
 * good record.
 */
int fo_memory_apply(struct fo_cts *c, struct fo_rec *from)
{
	const struct fo_memory *m = memory_of(from->op);
	int err;

	if (!m)
		return -EOPNOTSUPP;
	rcu_read_lock();
	err = m->apply(c, from);
	rcu_read_unlock();
	return err;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What the helper of SIP remembers of a connection: the numbers of the last
 * requests, by which it knows their answers, and a port that some phones are
 * answered at. It sets them with what it expects, so they are told behind that.
 */

#include "ct.h"

#include <linux/netfilter/nf_conntrack_sip.h>
#include <net/netfilter/nf_conntrack_helper.h>

/* By default "sip"; with another port "sip-PORT". */
static bool is_sip(const struct nf_conntrack_helper *helper)
{
	return !(helper->flags & NF_CT_HELPER_F_USERSPACE) &&
	       helper->expect_class_max == SIP_EXPECT_MAX &&
	       (!strcmp(helper->name, "sip") ||
		!strncmp(helper->name, "sip-", 4));
}

/* RCU; NULL when it has another helper, or none. */
static struct nf_ct_sip_master *sip_of(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;

	helper = help ? rcu_dereference(help->helper) : NULL;
	return helper && is_sip(helper) ? nfct_help_data(ct) : NULL;
}

static void tell(const struct nf_conn *ct, struct fo_writer *w)
{
	const struct nf_ct_sip_master *m = sip_of(ct);
	struct fo_sip s = { .slot = fo_slot_of(ct) };
	__be16 port;

	if (!m)
		return;
	s.register_cseq = READ_ONCE(m->register_cseq);
	s.invite_cseq = READ_ONCE(m->invite_cseq);
	port = READ_ONCE(m->forced_dport);
	memcpy(s.forced_dport, &port, sizeof(s.forced_dport));
	fo_sip_put(w, &s);
}

static void remember(struct nf_ct_sip_master *m, const struct fo_sip *s)
{
	__be16 port;

	memcpy(&port, s->forced_dport, sizeof(port));
	WRITE_ONCE(m->register_cseq, s->register_cseq);
	WRITE_ONCE(m->invite_cseq, s->invite_cseq);
	WRITE_ONCE(m->forced_dport, port);
}

static int apply(struct fo_cts *c, struct fo_rec *from)
{
	struct nf_ct_sip_master *m;
	struct fo_slot *e;
	struct fo_sip s;
	int err;

	err = fo_sip_get(from, &s);
	if (err)
		return err;
	e = fo_ct_told(c, s.slot);
	if (!e)
		return 0;
	m = sip_of(e->ct);
	if (m)
		remember(m, &s);
	nf_ct_put(e->ct);
	return 0;
}

/* It changes with what is expected: no sum. */
const struct fo_memory fo_sip_memory = {
	.op	= FO_EXPECT_SIP,
	.tell	= tell,
	.apply	= apply,
};

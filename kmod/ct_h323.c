// SPDX-License-Identifier: GPL-2.0
/*
 * What the helpers of H.323 remember of a connection: the ports that were announced
 * in it, and what NAT has made of them. By them a port that is announced again is
 * translated as before. They are set behind what is expected, without an event.
 */

#include "ct.h"

#include <linux/jhash.h>
#include <linux/netfilter/nf_conntrack_h323.h>
#include <net/netfilter/nf_conntrack_helper.h>

static bool is_h323(const struct nf_conntrack_helper *helper)
{
	static const char *const name[] = { "RAS", "Q.931", "H.245" };

	return !(helper->flags & NF_CT_HELPER_F_USERSPACE) &&
	       match_string(name, ARRAY_SIZE(name), helper->name) >= 0;
}

/* RCU; NULL when it has another helper, or none. */
static struct nf_ct_h323_master *h323_of(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;

	BUILD_BUG_ON(sizeof(struct nf_ct_h323_master) >
		     sizeof_field(struct nf_conn_help, data));
	helper = help ? rcu_dereference(help->helper) : NULL;
	return helper && is_h323(helper) ? nfct_help_data(ct) : NULL;
}

/* The @i-th port, as records have them. */
static __be16 *port_of(struct nf_ct_h323_master *m, int i)
{
	BUILD_BUG_ON((1 + H323_RTP_CHANNEL_MAX) * IP_CT_DIR_MAX != FO_H323_PORTS);
	return i < IP_CT_DIR_MAX ? &m->sig_port[i] :
	       &m->rtp_port[i / IP_CT_DIR_MAX - 1][i % IP_CT_DIR_MAX];
}

/* RCU. False when it has no such helper. */
static bool read_ports(const struct nf_conn *ct, struct fo_h323 *h)
{
	struct nf_ct_h323_master *m = h323_of(ct);
	__be16 port;
	int i;

	if (!m)
		return false;
	h->slot = fo_slot_of(ct);
	for (i = 0; i < FO_H323_PORTS; i++) {
		port = READ_ONCE(*port_of(m, i));
		memcpy(h->port[i], &port, sizeof(h->port[i]));
	}
	return true;
}

static void tell(const struct nf_conn *ct, struct fo_writer *w)
{
	struct fo_h323 h = {};

	if (read_ports(ct, &h))
		fo_h323_put(w, &h);
}

static u32 sum(const struct nf_conn *ct)
{
	struct fo_h323 h = {};

	return read_ports(ct, &h) && memchr_inv(h.port, 0, sizeof(h.port)) ?
	       jhash(h.port, sizeof(h.port), 0) | 1 : 0;
}

static void remember(struct nf_ct_h323_master *m, const struct fo_h323 *h)
{
	__be16 port;
	int i;

	for (i = 0; i < FO_H323_PORTS; i++) {
		memcpy(&port, h->port[i], sizeof(port));
		WRITE_ONCE(*port_of(m, i), port);
	}
}

static int apply(struct fo_cts *c, struct fo_rec *from)
{
	struct nf_ct_h323_master *m;
	struct fo_slot *e;
	struct fo_h323 h;
	int err;

	err = fo_h323_get(from, &h);
	if (err)
		return err;
	e = fo_ct_told(c, h.slot);
	if (!e)
		return 0;
	m = h323_of(e->ct);
	if (m)
		remember(m, &h);
	nf_ct_put(e->ct);
	return 0;
}

const struct fo_memory fo_h323_memory = {
	.op	= FO_EXPECT_H323,
	.tell	= tell,
	.sum	= sum,
	.apply	= apply,
};

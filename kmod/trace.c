// SPDX-License-Identifier: GPL-2.0
/* Tracepoints: each outcome, with what it happened to. */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack.h>

#include "codec_ct.h"
#include "stats.h"

/* What the events are made of; without CONFIG_TRACEPOINTS there are none. */

/* Of what is too short to have one, zeroes. Nothing is checked here. */
static __maybe_unused void
fo_trace_header(struct fo_hdr *h, const u8 *frame, size_t len)
{
	__be32 index = 0;
	__be64 counter = 0;

	memset(h, 0, sizeof(*h));
	if (len < FO_HDR_LEN)
		return;
	memcpy(&index, frame + 4, sizeof(index));
	memcpy(&counter, frame + 8, sizeof(counter));
	h->type = frame[1];
	h->assoc = be32_to_cpu(index);
	h->counter = be64_to_cpu(counter);
}

static void put_end(u8 *to, u8 l3, const void *addr, const void *port)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} end = {};

	if (l3 == 6) {
		end.v6.sin6_family = AF_INET6;
		memcpy(&end.v6.sin6_addr, addr, sizeof(end.v6.sin6_addr));
		memcpy(&end.v6.sin6_port, port, sizeof(end.v6.sin6_port));
	} else {
		end.v4.sin_family = AF_INET;
		memcpy(&end.v4.sin_addr, addr, sizeof(end.v4.sin_addr));
		memcpy(&end.v4.sin_port, port, sizeof(end.v4.sin_port));
	}
	memcpy(to, &end, sizeof(struct sockaddr_in6));
}

static __maybe_unused void
fo_trace_rec(const struct fo_ct_rec *rec, u8 *src, u8 *dst)
{
	put_end(src, rec->l3, rec->orig.saddr, rec->orig.sport);
	put_end(dst, rec->l3, rec->orig.daddr, rec->orig.dport);
}

/* Returns the protocol. */
static __maybe_unused u8
fo_trace_conn(const struct nf_conn *ct, u8 *src, u8 *dst)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	u8 l3 = nf_ct_l3num(ct) == NFPROTO_IPV6 ? 6 : 4;

	put_end(src, l3, &t->src.u3, &t->src.u.all);
	put_end(dst, l3, &t->dst.u3, &t->dst.u.all);
	return nf_ct_protonum(ct);
}

#define CREATE_TRACE_POINTS
#include "trace.h"

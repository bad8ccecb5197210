// SPDX-License-Identifier: GPL-2.0
/*
 * Which connections are replicated. Pure.
 *
 * The first rule that fits decides; what none fits is replicated, unless it is
 * HTTP and that is off. A connection is judged once, so that a list which is
 * gone through costs a connection some tens of comparisons in its life.
 */
#include "filter.h"

#define TCP	6

static bool has_port(const struct fo_flow *flow, u16 from, u16 to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flow->port); i++)
		if (flow->port[i] && flow->port[i] >= from && flow->port[i] <= to)
			return true;
	return false;
}

static bool is_in(const u8 *addr, const u8 *prefix, unsigned int plen)
{
	unsigned int bytes = plen / 8, bits = plen % 8;

	if (memcmp(addr, prefix, bytes))
		return false;
	return !bits || !((addr[bytes] ^ prefix[bytes]) >> (8 - bits));
}

static bool has_addr(const struct fo_flow *flow, const struct fo_filter_rule *r)
{
	unsigned int i;

	if (flow->l3 != r->l3)
		return false;
	for (i = 0; i < ARRAY_SIZE(flow->addr); i++)
		if (is_in(flow->addr[i], r->addr, r->plen))
			return true;
	return false;
}

static bool fits(const struct fo_filter_rule *r, const struct fo_flow *flow)
{
	if (r->keys & FO_FILTER_PROTOCOL && r->protocol != flow->protocol)
		return false;
	if (r->keys & FO_FILTER_PORT &&
	    !has_port(flow, r->port[0], r->port[1]))
		return false;
	if (r->keys & FO_FILTER_ZONE && r->zone != flow->zone)
		return false;
	if (r->keys & FO_FILTER_MARK && (flow->mark & r->mask) != r->mark)
		return false;
	return !(r->keys & FO_FILTER_ADDR) || has_addr(flow, r);
}

static bool is_http(const struct fo_filter *f, const struct fo_flow *flow)
{
	unsigned int i;

	if (flow->protocol != TCP)
		return false;
	for (i = 0; i < f->ports; i++)
		if (has_port(flow, f->port[i], f->port[i]))
			return true;
	return false;
}

/**
 * fo_filter_judge() - whether a connection is to be replicated
 * @f: rules
 * @flow: what they look at
 *
 * Context: any.
 *
 * Return: FO_VERDICT_TELL, or why it is not.
 */
enum fo_verdict fo_filter_judge(const struct fo_filter *f,
				const struct fo_flow *flow)
{
	unsigned int i;

	for (i = 0; i < f->rules; i++)
		if (fits(&f->rule[i], flow))
			return f->rule[i].include ? FO_VERDICT_TELL :
						    FO_VERDICT_RULE;
	return !f->http && is_http(f, flow) ? FO_VERDICT_HTTP :
					      FO_VERDICT_TELL;
}

/* Whether there is nothing to be judged. */
bool fo_filter_takes_all(const struct fo_filter *f)
{
	return f->http && !f->rules;
}

/* Whether a rule looks at one of the @keys. */
bool fo_filter_looks_at(const struct fo_filter *f, u8 keys)
{
	unsigned int i;

	for (i = 0; i < f->rules; i++)
		if (f->rule[i].keys & keys)
			return true;
	return false;
}

static u32 add(u32 h, u32 v)
{
	unsigned int i;

	/* FNV-1a; of strangers it keeps nothing away, and need not */
	for (i = 0; i < 4; i++)
		h = (h ^ (v >> (8 * i) & 0xff)) * 0x01000193;
	return h;
}

/* Of what counts in a rule. */
static u32 add_rule(u32 h, const struct fo_filter_rule *r)
{
	unsigned int i;

	h = add(h, r->include | r->keys << 8);
	if (r->keys & FO_FILTER_PROTOCOL)
		h = add(h, r->protocol);
	if (r->keys & FO_FILTER_PORT)
		h = add(h, r->port[0] | (u32)r->port[1] << 16);
	if (r->keys & FO_FILTER_ZONE)
		h = add(h, r->zone);
	if (r->keys & FO_FILTER_MARK)
		h = add(add(h, r->mark), r->mask);
	if (!(r->keys & FO_FILTER_ADDR))
		return h;
	h = add(h, r->l3 | r->plen << 8);
	for (i = 0; i < (r->l3 == 4 ? 4 : 16); i++)
		h = add(h, r->addr[i]);
	return h;
}

/**
 * fo_filter_digest() - a number that tells lists of rules from one another
 * @f: rules, whose order counts
 *
 * Context: any.
 *
 * Return: the digest; zero when there is no rule.
 */
u32 fo_filter_digest(const struct fo_filter *f)
{
	u32 h = 0x811c9dc5;
	unsigned int i;

	for (i = 0; i < f->rules; i++)
		h = add_rule(h, &f->rule[i]);
	return i ? h : 0;
}

/* Whether both judge alike. Those that read them write what they do not use as zero. */
bool fo_filter_equal(const struct fo_filter *a, const struct fo_filter *b)
{
	return a->http == b->http && a->ports == b->ports &&
	       a->rules == b->rules &&
	       !memcmp(a->port, b->port, sizeof(a->port)) &&
	       !memcmp(a->rule, b->rule, sizeof(a->rule));
}

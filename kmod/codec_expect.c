// SPDX-License-Identifier: GPL-2.0
/*
 * Records of expectations as structs, and back. Pure, like codec.c.
 *
 * A record is a list, which is written and read one entry at a time.
 */

#include "codec_expect.h"

#define TUPLES	(BIT(FO_EXPECT_E_TUPLE4) | BIT(FO_EXPECT_E_TUPLE6))

static void put_tuple(struct fo_writer *w, const struct fo_expect *e)
{
	size_t len = fo_addr_len(e->l3);
	struct fo_writer t;
	u8 buf[55];

	fo_writer_init(&t, buf, sizeof(buf));
	fo_put_u8(&t, e->proto);
	fo_put_bytes(&t, e->tuple.saddr, len);
	fo_put_bytes(&t, e->tuple.daddr, len);
	fo_put_bytes(&t, e->tuple.sport, 2);
	fo_put_bytes(&t, e->tuple.dport, 2);
	fo_put_bytes(&t, e->mask_saddr, len);
	fo_put_bytes(&t, e->mask_sport, 2);
	fo_attr_put(w, e->l3 == 4 ? FO_EXPECT_E_TUPLE4 : FO_EXPECT_E_TUPLE6,
		    buf, t.p - buf);
}

static void get_tuple(struct fo_reader *r, struct fo_expect *e, u8 l3)
{
	size_t len = fo_addr_len(l3);

	e->l3 = l3;
	e->proto = fo_get_u8(r);
	fo_get_bytes(r, e->tuple.saddr, len);
	fo_get_bytes(r, e->tuple.daddr, len);
	fo_get_bytes(r, e->tuple.sport, 2);
	fo_get_bytes(r, e->tuple.dport, 2);
	fo_get_bytes(r, e->mask_saddr, len);
	fo_get_bytes(r, e->mask_sport, 2);
}

static void put_nat(struct fo_writer *w, const struct fo_expect *e)
{
	struct fo_writer t;
	u8 buf[19];

	fo_writer_init(&t, buf, sizeof(buf));
	fo_put_u8(&t, e->nat_dir);
	fo_put_bytes(&t, e->nat_port, 2);
	fo_put_bytes(&t, e->nat_addr, fo_addr_len(e->l3));
	fo_attr_put(w, FO_EXPECT_E_NAT, buf, t.p - buf);
}

static void get_nat(struct fo_reader *r, struct fo_expect *e)
{
	/* its length depends on the tuple, which therefore comes first */
	r->bad |= !e->l3;
	e->nat_dir = fo_get_u8(r);
	r->bad |= e->nat_dir > 1;
	fo_get_bytes(r, e->nat_port, 2);
	fo_get_bytes(r, e->nat_addr, fo_addr_len(e->l3));
}

static void put_text(struct fo_writer *w, u8 type, const char *text, size_t size)
{
	fo_attr_put(w, type, text, strnlen(text, size));
}

/* A name that would not fit is none of the kernel's. */
static void get_text(struct fo_reader *r, char *to, size_t size)
{
	r->bad |= !fo_left(r) || fo_left(r) >= size;
	fo_get_text(r, to, size);
}

/* What does not fit is not cut to something else. */
static u32 get_var32(struct fo_reader *r)
{
	u64 v = fo_get_var(r);

	r->bad |= v > U32_MAX;
	return v;
}

static void put_attrs(struct fo_writer *w, const struct fo_expect *e)
{
	put_tuple(w, e);
	if (e->has & BIT(FO_EXPECT_E_CLASS))
		fo_attr_var(w, FO_EXPECT_E_CLASS, e->class);
	if (e->has & BIT(FO_EXPECT_E_FLAGS))
		fo_attr_var(w, FO_EXPECT_E_FLAGS, e->flags);
	if (e->has & BIT(FO_EXPECT_E_FN))
		put_text(w, FO_EXPECT_E_FN, e->fn, sizeof(e->fn));
	if (e->has & BIT(FO_EXPECT_E_NAT))
		put_nat(w, e);
	if (e->has & BIT(FO_EXPECT_E_HELPER))
		put_text(w, FO_EXPECT_E_HELPER, e->helper, sizeof(e->helper));
	if (e->has & BIT(FO_EXPECT_E_TIMEOUT))
		fo_attr_var(w, FO_EXPECT_E_TIMEOUT, e->timeout);
}

/**
 * fo_expect_put() - write an entry of a list
 * @w: writer; full afterwards when the entry did not fit
 * @e: the expectation; what @e->has does not name is left out
 */
void fo_expect_put(struct fo_writer *w, const struct fo_expect *e)
{
	u8 buf[FO_EXPECT_ENTRY_MAX - 2];
	struct fo_writer t;

	fo_writer_init(&t, buf, sizeof(buf));
	put_attrs(&t, e);
	w->full |= t.full;
	fo_attr_put(w, FO_EXPECT_A_ENTRY, buf, t.p - buf);
}

static bool get_attr(struct fo_attr *a, struct fo_expect *e)
{
	switch (a->type) {
	case FO_EXPECT_E_TUPLE4:
		get_tuple(&a->body, e, 4);
		break;
	case FO_EXPECT_E_TUPLE6:
		get_tuple(&a->body, e, 6);
		break;
	case FO_EXPECT_E_CLASS:
		e->class = get_var32(&a->body);
		break;
	case FO_EXPECT_E_FLAGS:
		e->flags = get_var32(&a->body);
		break;
	case FO_EXPECT_E_FN:
		get_text(&a->body, e->fn, sizeof(e->fn));
		break;
	case FO_EXPECT_E_NAT:
		get_nat(&a->body, e);
		break;
	case FO_EXPECT_E_HELPER:
		get_text(&a->body, e->helper, sizeof(e->helper));
		break;
	case FO_EXPECT_E_TIMEOUT:
		e->timeout = min_t(u64, fo_get_var(&a->body), U32_MAX);
		break;
	default:
		return false;
	}
	e->has |= BIT(a->type);
	return true;
}

/* False when it makes no sense. */
static bool get_entry(struct fo_reader *r, struct fo_expect *e,
		      unsigned int *unknown)
{
	struct fo_attr a;
	int err;

	memset(e, 0, sizeof(*e));
	while ((err = fo_attr_get(r, &a)) > 0) {
		if (!get_attr(&a, e))
			(*unknown)++;
		if (a.body.bad)
			return false;
	}
	return !err && e->has & TUPLES && (e->has & TUPLES) != TUPLES;
}

static int get_slot(struct fo_reader *r, u32 *slot)
{
	u64 n = fo_get_var(r);

	if (r->bad || !n || n > FO_SLOT_MAX)
		return -EBADMSG;
	*slot = n;
	return 0;
}

/**
 * fo_expect_list_get() - read what is before the entries of a list
 * @from: record of class FO_CLASS_EXPECT; its body is then at the first entry
 * @slot: of the master
 *
 * Return: 0; -EOPNOTSUPP for an operation that is not known; -EBADMSG when there
 * is no such slot.
 */
int fo_expect_list_get(struct fo_rec *from, u32 *slot)
{
	if (from->op != FO_EXPECT_LIST)
		return -EOPNOTSUPP;
	return get_slot(&from->body, slot);
}

/**
 * fo_expect_next() - read the next entry of a list
 * @list: what is left of it
 * @e: filled in; what is absent is zero
 * @unknown: grows by the attributes that were skipped
 *
 * Return: 1, 0 at the end of the list, or -EBADMSG when it makes no sense: cut
 * short, without a tuple or with one of each family.
 */
int fo_expect_next(struct fo_reader *list, struct fo_expect *e,
		   unsigned int *unknown)
{
	struct fo_attr a;
	int err;

	while ((err = fo_attr_get(list, &a)) > 0) {
		if (a.type == FO_EXPECT_A_ENTRY)
			return get_entry(&a.body, e, unknown) ? 1 : -EBADMSG;
		(*unknown)++;
	}
	return err;
}

/**
 * fo_sip_put() - write a record of what the helper of SIP remembers
 * @w: writer; full afterwards when it did not fit
 * @s: what that is
 */
void fo_sip_put(struct fo_writer *w, const struct fo_sip *s)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_EXPECT, FO_EXPECT_SIP);

	fo_put_var(w, s->slot);
	fo_put_var(w, s->register_cseq);
	fo_put_var(w, s->invite_cseq);
	fo_put_bytes(w, s->forced_dport, sizeof(s->forced_dport));
	fo_rec_end(w, begin);
}

/**
 * fo_sip_get() - read one
 * @from: record of class FO_CLASS_EXPECT
 * @s: filled in
 *
 * Return: 0; -EOPNOTSUPP when it is another operation; -EBADMSG when it makes no
 * sense.
 */
int fo_sip_get(struct fo_rec *from, struct fo_sip *s)
{
	if (from->op != FO_EXPECT_SIP)
		return -EOPNOTSUPP;
	if (get_slot(&from->body, &s->slot))
		return -EBADMSG;
	s->register_cseq = get_var32(&from->body);
	s->invite_cseq = get_var32(&from->body);
	fo_get_bytes(&from->body, s->forced_dport, sizeof(s->forced_dport));
	return from->body.bad ? -EBADMSG : 0;
}

/**
 * fo_pptp_put() - write a record of what the helper of PPTP remembers
 * @w: writer; full afterwards when it did not fit
 * @p: what that is
 */
void fo_pptp_put(struct fo_writer *w, const struct fo_pptp *p)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_EXPECT, FO_EXPECT_PPTP);

	fo_put_var(w, p->slot);
	fo_put_u8(w, p->session);
	fo_put_u8(w, p->call);
	fo_put_bytes(w, p->pac, sizeof(p->pac));
	fo_put_bytes(w, p->pns, sizeof(p->pns));
	fo_put_bytes(w, p->nat_pac, sizeof(p->nat_pac));
	fo_put_bytes(w, p->nat_pns, sizeof(p->nat_pns));
	fo_rec_end(w, begin);
}

/**
 * fo_pptp_get() - read one
 * @from: record of class FO_CLASS_EXPECT
 * @p: filled in
 *
 * Return: 0; -EOPNOTSUPP when it is another operation; -EBADMSG when it makes no
 * sense.
 */
int fo_pptp_get(struct fo_rec *from, struct fo_pptp *p)
{
	struct fo_reader *r = &from->body;

	if (from->op != FO_EXPECT_PPTP)
		return -EOPNOTSUPP;
	if (get_slot(r, &p->slot))
		return -EBADMSG;
	p->session = fo_get_u8(r);
	p->call = fo_get_u8(r);
	r->bad |= p->session >= FO_PPTP_SESSIONS || p->call >= FO_PPTP_CALLS;
	fo_get_bytes(r, p->pac, sizeof(p->pac));
	fo_get_bytes(r, p->pns, sizeof(p->pns));
	fo_get_bytes(r, p->nat_pac, sizeof(p->nat_pac));
	fo_get_bytes(r, p->nat_pns, sizeof(p->nat_pns));
	return r->bad ? -EBADMSG : 0;
}

static bool is_zero(const u8 *port)
{
	return !(port[0] | port[1]);
}

/**
 * fo_h323_put() - write a record of what a helper of H.323 remembers
 * @w: writer; full afterwards when it did not fit
 * @h: what that is
 */
void fo_h323_put(struct fo_writer *w, const struct fo_h323 *h)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_EXPECT, FO_EXPECT_H323);
	u16 there = 0;
	int i;

	for (i = 0; i < FO_H323_PORTS; i++)
		if (!is_zero(h->port[i]))
			there |= BIT(i);
	fo_put_var(w, h->slot);
	fo_put_var(w, there);
	for (i = 0; i < FO_H323_PORTS; i++)
		if (there & BIT(i))
			fo_put_bytes(w, h->port[i], sizeof(h->port[i]));
	fo_rec_end(w, begin);
}

/**
 * fo_h323_get() - read one
 * @from: record of class FO_CLASS_EXPECT
 * @h: filled in
 *
 * Return: 0; -EOPNOTSUPP when it is another operation; -EBADMSG when it makes no
 * sense.
 */
int fo_h323_get(struct fo_rec *from, struct fo_h323 *h)
{
	struct fo_reader *r = &from->body;
	u64 there;
	int i;

	if (from->op != FO_EXPECT_H323)
		return -EOPNOTSUPP;
	memset(h, 0, sizeof(*h));
	if (get_slot(r, &h->slot))
		return -EBADMSG;
	there = fo_get_var(r);
	r->bad |= there >> FO_H323_PORTS;
	for (i = 0; i < FO_H323_PORTS && !r->bad; i++) {
		if (!(there & BIT(i)))
			continue;
		fo_get_bytes(r, h->port[i], sizeof(h->port[i]));
		r->bad |= is_zero(h->port[i]);
	}
	return r->bad ? -EBADMSG : 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Records of connections as structs, and back.
 *
 * Pure, like codec.c. An IPv4 TCP connection behind NAT takes some 40 bytes to
 * create, 17 to update and 5 to delete; Documentation/protocol.rst has the
 * table.
 */

#include "codec_ct.h"

static void put_tuple(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	size_t len = fo_addr_len(rec->l3);
	struct fo_writer t;
	u8 buf[37];

	fo_writer_init(&t, buf, sizeof(buf));
	fo_put_u8(&t, rec->proto);
	fo_put_bytes(&t, rec->orig.saddr, len);
	fo_put_bytes(&t, rec->orig.daddr, len);
	fo_put_bytes(&t, rec->orig.sport, 2);
	fo_put_bytes(&t, rec->orig.dport, 2);
	fo_attr_put(w, rec->l3 == 4 ? FO_CT_A_TUPLE4 : FO_CT_A_TUPLE6,
		    buf, t.p - buf);
}

static void get_tuple(struct fo_reader *r, struct fo_ct_rec *rec, u8 l3)
{
	size_t len = fo_addr_len(l3);

	rec->l3 = l3;
	rec->proto = fo_get_u8(r);
	fo_get_bytes(r, rec->orig.saddr, len);
	fo_get_bytes(r, rec->orig.daddr, len);
	fo_get_bytes(r, rec->orig.sport, 2);
	fo_get_bytes(r, rec->orig.dport, 2);
}

static void put_nat(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	size_t len = fo_addr_len(rec->l3);
	struct fo_writer t;
	u8 buf[37];

	fo_writer_init(&t, buf, sizeof(buf));
	fo_put_u8(&t, rec->nat);
	if (rec->nat & FO_CT_NAT_SADDR)
		fo_put_bytes(&t, rec->reply.saddr, len);
	if (rec->nat & FO_CT_NAT_DADDR)
		fo_put_bytes(&t, rec->reply.daddr, len);
	if (rec->nat & FO_CT_NAT_SPORT)
		fo_put_bytes(&t, rec->reply.sport, 2);
	if (rec->nat & FO_CT_NAT_DPORT)
		fo_put_bytes(&t, rec->reply.dport, 2);
	fo_attr_put(w, FO_CT_A_NAT, buf, t.p - buf);
}

static void get_nat(struct fo_reader *r, struct fo_ct_rec *rec)
{
	size_t len = fo_addr_len(rec->l3);

	/* its length depends on the tuple, which therefore comes first */
	if (!rec->l3) {
		r->bad = true;
		return;
	}
	rec->nat = fo_get_u8(r);
	if (rec->nat & FO_CT_NAT_SADDR)
		fo_get_bytes(r, rec->reply.saddr, len);
	if (rec->nat & FO_CT_NAT_DADDR)
		fo_get_bytes(r, rec->reply.daddr, len);
	if (rec->nat & FO_CT_NAT_SPORT)
		fo_get_bytes(r, rec->reply.sport, 2);
	if (rec->nat & FO_CT_NAT_DPORT)
		fo_get_bytes(r, rec->reply.dport, 2);
}

static void put_tcp(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	const u8 buf[4] = {
		rec->tcp_state,
		(rec->tcp_wscale[0] & 15) << 4 | (rec->tcp_wscale[1] & 15),
		rec->tcp_flags[0],
		rec->tcp_flags[1],
	};

	fo_attr_put(w, FO_CT_A_TCP, buf, sizeof(buf));
}

static void get_tcp(struct fo_reader *r, struct fo_ct_rec *rec)
{
	u8 scales;

	rec->tcp_state = fo_get_u8(r);
	scales = fo_get_u8(r);
	rec->tcp_wscale[0] = scales >> 4;
	rec->tcp_wscale[1] = scales & 15;
	rec->tcp_flags[0] = fo_get_u8(r);
	rec->tcp_flags[1] = fo_get_u8(r);
}

static void put_zone(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	const u8 buf[3] = { rec->zone >> 8, rec->zone, rec->zone_dir };

	fo_attr_put(w, FO_CT_A_ZONE, buf, sizeof(buf));
}

/* Without the zeros at the end: what is set are mostly the first bits. */
static void put_labels(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	size_t len = sizeof(rec->labels);

	while (len && !rec->labels[len - 1])
		len--;
	fo_attr_put(w, FO_CT_A_LABELS, rec->labels, len);
}

static void get_labels(struct fo_reader *r, struct fo_ct_rec *rec)
{
	/* more of them than we know are left out */
	fo_get_bytes(r, rec->labels, min_t(size_t, fo_left(r),
					   sizeof(rec->labels)));
}

static void put_seqadj(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	struct fo_writer t;
	u8 buf[24];
	int i;

	fo_writer_init(&t, buf, sizeof(buf));
	for (i = 0; rec->shifted && i < 2; i++) {
		fo_put_u32(&t, rec->seqadj[i].pos);
		fo_put_u32(&t, rec->seqadj[i].before);
		fo_put_u32(&t, rec->seqadj[i].after);
	}
	fo_attr_put(w, FO_CT_A_SEQADJ, buf, t.p - buf);
}

static void get_seqadj(struct fo_reader *r, struct fo_ct_rec *rec)
{
	int i;

	rec->shifted = fo_left(r);
	for (i = 0; rec->shifted && i < 2; i++) {
		rec->seqadj[i].pos = fo_get_u32(r);
		rec->seqadj[i].before = fo_get_u32(r);
		rec->seqadj[i].after = fo_get_u32(r);
	}
}

static void put_acct(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	struct fo_writer t;
	u8 buf[40];
	int i;

	fo_writer_init(&t, buf, sizeof(buf));
	for (i = 0; i < 2; i++) {
		fo_put_var(&t, rec->packets[i]);
		fo_put_var(&t, rec->bytes[i]);
	}
	fo_attr_put(w, FO_CT_A_ACCT, buf, t.p - buf);
}

static void get_acct(struct fo_reader *r, struct fo_ct_rec *rec)
{
	int i;

	for (i = 0; i < 2; i++) {
		rec->packets[i] = fo_get_var(r);
		rec->bytes[i] = fo_get_var(r);
	}
}

static void put_sctp(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	u8 buf[9];

	buf[0] = rec->sctp_state;
	memcpy(buf + 1, rec->sctp_vtag, sizeof(rec->sctp_vtag));
	fo_attr_put(w, FO_CT_A_SCTP, buf, sizeof(buf));
}

static void get_sctp(struct fo_reader *r, struct fo_ct_rec *rec)
{
	rec->sctp_state = fo_get_u8(r);
	fo_get_bytes(r, rec->sctp_vtag, sizeof(rec->sctp_vtag));
}

static void put_dccp(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	struct fo_writer t;
	u8 buf[8];

	fo_writer_init(&t, buf, sizeof(buf));
	fo_put_u8(&t, rec->dccp_role);
	fo_put_u8(&t, rec->dccp_state);
	fo_put_u16(&t, rec->dccp_seq >> 32);
	fo_put_u32(&t, rec->dccp_seq);
	fo_attr_put(w, FO_CT_A_DCCP, buf, t.p - buf);
}

static void get_dccp(struct fo_reader *r, struct fo_ct_rec *rec)
{
	rec->dccp_role = fo_get_u8(r);
	rec->dccp_state = fo_get_u8(r);
	rec->dccp_seq = (u64)fo_get_u16(r) << 32;
	rec->dccp_seq |= fo_get_u32(r);
	r->bad |= rec->dccp_role > 1;
}

/* What few connections have; behind what a short record consists of. */
static void put_rare(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	if (rec->has & BIT(FO_CT_A_LABELS))
		put_labels(w, rec);
	if (rec->has & BIT(FO_CT_A_SEQADJ))
		put_seqadj(w, rec);
	if (rec->has & BIT(FO_CT_A_START))
		fo_attr_u64(w, FO_CT_A_START, rec->start);
	if (rec->has & BIT(FO_CT_A_ACCT))
		put_acct(w, rec);
	if (rec->has & BIT(FO_CT_A_SCTP))
		put_sctp(w, rec);
	if (rec->has & BIT(FO_CT_A_DCCP))
		put_dccp(w, rec);
}

/**
 * fo_ct_rec_put() - write a record
 * @w: writer; full afterwards when the record did not fit
 * @rec: the record; what @rec->has does not name is left out
 */
void fo_ct_rec_put(struct fo_writer *w, const struct fo_ct_rec *rec)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_CT, rec->op);

	fo_put_var(w, rec->slot);
	if (rec->has & (BIT(FO_CT_A_TUPLE4) | BIT(FO_CT_A_TUPLE6)))
		put_tuple(w, rec);
	if (rec->has & BIT(FO_CT_A_NAT))
		put_nat(w, rec);
	if (rec->has & BIT(FO_CT_A_STATUS))
		fo_attr_var(w, FO_CT_A_STATUS, rec->status);
	if (rec->has & BIT(FO_CT_A_TIMEOUT))
		fo_attr_var(w, FO_CT_A_TIMEOUT, rec->timeout);
	if (rec->has & BIT(FO_CT_A_TCP))
		put_tcp(w, rec);
	if (rec->has & BIT(FO_CT_A_MARK))
		fo_attr_var(w, FO_CT_A_MARK, rec->mark);
	if (rec->has & BIT(FO_CT_A_ZONE))
		put_zone(w, rec);
	put_rare(w, rec);
	if (rec->has & BIT(FO_CT_A_HELPER))
		fo_attr_put(w, FO_CT_A_HELPER, rec->helper,
			    strnlen(rec->helper, sizeof(rec->helper)));
	if (rec->has & BIT(FO_CT_A_MASTER))
		fo_attr_var(w, FO_CT_A_MASTER, rec->master);
	if (rec->has & BIT(FO_CT_A_SECMARK))
		fo_attr_var(w, FO_CT_A_SECMARK, rec->secmark);
	fo_rec_end(w, begin);
}

/* What does not fit is not cut to something else. */
static u32 get_var32(struct fo_reader *r)
{
	u64 v = fo_get_var(r);

	if (v > U32_MAX)
		r->bad = true;
	return v;
}

/* A name that would not fit is none of the kernel's. */
static void get_helper(struct fo_reader *r, struct fo_ct_rec *rec)
{
	r->bad |= !fo_left(r) || fo_left(r) >= sizeof(rec->helper);
	fo_get_text(r, rec->helper, sizeof(rec->helper));
}

static void get_master(struct fo_reader *r, struct fo_ct_rec *rec)
{
	rec->master = get_var32(r);
	r->bad |= !rec->master || rec->master > FO_SLOT_MAX ||
		  rec->master == rec->slot;
}

static bool get_attr(struct fo_attr *a, struct fo_ct_rec *rec)
{
	switch (a->type) {
	case FO_CT_A_TUPLE4:
		get_tuple(&a->body, rec, 4);
		break;
	case FO_CT_A_TUPLE6:
		get_tuple(&a->body, rec, 6);
		break;
	case FO_CT_A_NAT:
		get_nat(&a->body, rec);
		break;
	case FO_CT_A_STATUS:
		rec->status = get_var32(&a->body);
		break;
	case FO_CT_A_TIMEOUT:
		rec->timeout = min_t(u64, fo_get_var(&a->body), U32_MAX);
		break;
	case FO_CT_A_TCP:
		get_tcp(&a->body, rec);
		break;
	case FO_CT_A_MARK:
		rec->mark = get_var32(&a->body);
		break;
	case FO_CT_A_ZONE:
		rec->zone = fo_get_u16(&a->body);
		rec->zone_dir = fo_get_u8(&a->body);
		a->body.bad |= !rec->zone_dir || rec->zone_dir > 3;
		break;
	case FO_CT_A_LABELS:
		get_labels(&a->body, rec);
		break;
	case FO_CT_A_SEQADJ:
		get_seqadj(&a->body, rec);
		break;
	case FO_CT_A_START:
		rec->start = fo_get_u64(&a->body);
		break;
	case FO_CT_A_ACCT:
		get_acct(&a->body, rec);
		break;
	case FO_CT_A_SCTP:
		get_sctp(&a->body, rec);
		break;
	case FO_CT_A_DCCP:
		get_dccp(&a->body, rec);
		break;
	case FO_CT_A_HELPER:
		get_helper(&a->body, rec);
		break;
	case FO_CT_A_MASTER:
		get_master(&a->body, rec);
		break;
	case FO_CT_A_SECMARK:
		rec->secmark = get_var32(&a->body);
		a->body.bad |= !rec->secmark;
		break;
	default:
		return false;
	}
	rec->has |= BIT(a->type);
	return true;
}

/**
 * fo_ct_rec_get() - read a record
 * @from: record of class FO_CLASS_CT
 * @rec: filled in; what is absent is zero
 * @unknown: how many attributes were skipped
 *
 * Return: 0, or -EBADMSG when it makes no sense: cut short, no such slot, both
 * families at once, or a new connection without its tuple.
 */
int fo_ct_rec_get(struct fo_rec *from, struct fo_ct_rec *rec,
		  unsigned int *unknown)
{
	const u32 tuples = BIT(FO_CT_A_TUPLE4) | BIT(FO_CT_A_TUPLE6);
	struct fo_attr a;
	u64 slot;
	int err;

	memset(rec, 0, sizeof(*rec));
	*unknown = 0;
	rec->op = from->op;
	slot = fo_get_var(&from->body);
	if (from->body.bad || !slot || slot > FO_SLOT_MAX)
		return -EBADMSG;
	rec->slot = slot;
	while ((err = fo_attr_get(&from->body, &a)) > 0) {
		if (!get_attr(&a, rec))
			(*unknown)++;
		if (a.body.bad)
			return -EBADMSG;
	}
	if (err || (rec->has & tuples) == tuples)
		return -EBADMSG;
	if (rec->op == FO_CT_CREATE && !(rec->has & tuples))
		return -EBADMSG;
	return 0;
}

/**
 * fo_secmark_rec_put() - write a security context
 * @w: writer; full afterwards when the record did not fit
 * @rec: the context and its number
 */
void fo_secmark_rec_put(struct fo_writer *w, const struct fo_secmark_rec *rec)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_SECMARK, FO_SECMARK_NAME);

	fo_put_var(w, rec->number);
	fo_put_bytes(w, (const u8 *)rec->text,
		     strnlen(rec->text, sizeof(rec->text)));
	fo_rec_end(w, begin);
}

/**
 * fo_secmark_rec_get() - read a security context
 * @from: record of class FO_CLASS_SECMARK
 * @rec: filled in
 *
 * Return: 0, or -EBADMSG when it makes no sense: no number, no text, or one that
 * is cut off or longer than any of ours.
 */
int fo_secmark_rec_get(struct fo_rec *from, struct fo_secmark_rec *rec)
{
	if (from->op != FO_SECMARK_NAME)
		return -EBADMSG;
	rec->number = get_var32(&from->body);
	if (from->body.bad || !rec->number || !fo_left(&from->body) ||
	    fo_left(&from->body) >= sizeof(rec->text))
		return -EBADMSG;
	fo_get_text(&from->body, rec->text, sizeof(rec->text));
	return 0;
}

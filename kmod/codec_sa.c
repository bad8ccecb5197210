// SPDX-License-Identifier: GPL-2.0
/* Records of IPsec SAs as structs, and back. Pure, like codec.c. */

#include "codec_sa.h"

#include "wire.h"

/* IANA protocol numbers */
#define PROTO_ESP	50
#define PROTO_AH	51

#define FLAGS		(FO_SA_IN | FO_SA_MARK | FO_SA_IF_ID)

/**
 * fo_sa_addr_len() - how long the address of a record is
 * @op: enum fo_sa_op
 *
 * Return: bytes, or 0 for an operation that is not known.
 */
size_t fo_sa_addr_len(u8 op)
{
	switch (op) {
	case FO_SA_USED4:
		return 4;
	case FO_SA_USED6:
		return 16;
	default:
		return 0;
	}
}

static u8 flags_of(const struct fo_sa_rec *rec)
{
	return (rec->in ? FO_SA_IN : 0) |
	       (rec->id.mark || rec->id.mask ? FO_SA_MARK : 0) |
	       (rec->id.if_id ? FO_SA_IF_ID : 0);
}

/**
 * fo_sa_rec_put() - write a record
 * @w: writer; full afterwards when the record did not fit
 * @rec: the record
 */
void fo_sa_rec_put(struct fo_writer *w, const struct fo_sa_rec *rec)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_SA, rec->id.op);
	u8 flags = flags_of(rec);

	fo_put_u8(w, flags);
	fo_put_u8(w, rec->id.proto);
	fo_put_u32(w, rec->id.spi);
	fo_put_bytes(w, rec->id.daddr, fo_sa_addr_len(rec->id.op));
	if (flags & FO_SA_MARK) {
		fo_put_u32(w, rec->id.mark);
		fo_put_u32(w, rec->id.mask);
	}
	if (flags & FO_SA_IF_ID)
		fo_put_u32(w, rec->id.if_id);
	fo_put_var(w, rec->use.sent);
	fo_put_var(w, rec->use.received);
	fo_put_var(w, rec->use.bytes);
	fo_put_var(w, rec->use.packets);
	fo_put_var(w, rec->age);
	fo_put_var(w, rec->used);
	fo_rec_end(w, begin);
}

static void get_id(struct fo_reader *r, u8 flags, struct fo_sa_id *id)
{
	id->proto = fo_get_u8(r);
	id->spi = fo_get_u32(r);
	fo_get_bytes(r, id->daddr, fo_sa_addr_len(id->op));
	if (flags & FO_SA_MARK) {
		id->mark = fo_get_u32(r);
		id->mask = fo_get_u32(r);
	}
	if (flags & FO_SA_IF_ID)
		id->if_id = fo_get_u32(r);
}

static bool is_sa(const struct fo_sa_id *id)
{
	return id->spi && (id->proto == PROTO_ESP || id->proto == PROTO_AH);
}

/**
 * fo_sa_rec_get() - read a record
 * @from: record of class FO_CLASS_SA; its body is used up
 * @rec: filled in
 *
 * Return: 0; -EOPNOTSUPP for an operation that is not known; -EBADMSG when it
 * names no SA, or says what this version does not know.
 */
int fo_sa_rec_get(struct fo_rec *from, struct fo_sa_rec *rec)
{
	struct fo_reader *r = &from->body;
	u8 flags;

	memset(rec, 0, sizeof(*rec));
	rec->id.op = from->op;
	if (!fo_sa_addr_len(from->op))
		return -EOPNOTSUPP;
	flags = fo_get_u8(r);
	rec->in = flags & FO_SA_IN;
	get_id(r, flags, &rec->id);
	rec->use.sent = fo_get_var(r);
	rec->use.received = fo_get_var(r);
	rec->use.bytes = fo_get_var(r);
	rec->use.packets = fo_get_var(r);
	rec->age = fo_get_var(r);
	rec->used = fo_get_var(r);
	if (r->bad || flags & ~FLAGS || !is_sa(&rec->id))
		return -EBADMSG;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes to values and back, within bounds: cursors, headers, records.
 *
 * Pure: no call leaves this file. A reader never reads past its end and a
 * writer never writes past its own; both remember that they were asked to, so
 * that a caller checks once, at the end, instead of after each field.
 */

#include "codec.h"

/* A record's length takes one byte up to here, two bytes above. */
#define SHORT_LEN	0x7f
#define LONG_LEN	0x7fff

/* Lengths of attributes that fit into their first byte. */
#define ATTR_LEN_BITS	3
#define ATTR_LEN_LONG	7

static const u8 *take(struct fo_reader *r, size_t len)
{
	const u8 *p = r->p;

	if (r->bad || (size_t)(r->end - r->p) < len) {
		r->bad = true;
		return NULL;
	}
	r->p += len;
	return p;
}

static u64 get_be(struct fo_reader *r, size_t len)
{
	const u8 *p = take(r, len);
	u64 v = 0;
	size_t i;

	for (i = 0; p && i < len; i++)
		v = v << 8 | p[i];
	return v;
}

u8 fo_get_u8(struct fo_reader *r)
{
	return get_be(r, 1);
}

u16 fo_get_u16(struct fo_reader *r)
{
	return get_be(r, 2);
}

u32 fo_get_u32(struct fo_reader *r)
{
	return get_be(r, 4);
}

u64 fo_get_u64(struct fo_reader *r)
{
	return get_be(r, 8);
}

/**
 * fo_get_var() - read a varint
 * @r: reader
 *
 * Return: the value; a varint of more than 64 bits spoils the reader.
 */
u64 fo_get_var(struct fo_reader *r)
{
	unsigned int shift;
	u64 v = 0;
	u8 b;

	for (shift = 0; shift < 64; shift += 7) {
		b = fo_get_u8(r);
		if (shift == 63 && b > 1)
			break;
		v |= (u64)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return r->bad ? 0 : v;
	}
	r->bad = true;
	return 0;
}

void fo_get_bytes(struct fo_reader *r, void *to, size_t len)
{
	const u8 *p = take(r, len);

	if (p)
		memcpy(to, p, len);
	else
		memset(to, 0, len);
}

/**
 * fo_get_text() - read all that is left as text
 * @r: reader, used up afterwards
 * @to: room for the text, which is always terminated
 * @size: bytes of room
 *
 * What does not fit is cut; bytes that are not printable ASCII become '?', so
 * that a peer can write nothing odd onto an operator's terminal.
 */
void fo_get_text(struct fo_reader *r, char *to, size_t size)
{
	size_t i, len = min_t(size_t, fo_left(r), size - 1);
	const u8 *p = take(r, fo_left(r));

	for (i = 0; p && i < len; i++)
		to[i] = p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '?';
	to[p ? len : 0] = 0;
}

static u8 *room(struct fo_writer *w, size_t len)
{
	u8 *p = w->p;

	if (w->full || (size_t)(w->end - w->p) < len) {
		w->full = true;
		return NULL;
	}
	w->p += len;
	return p;
}

static void put_be(struct fo_writer *w, u64 v, size_t len)
{
	u8 *p = room(w, len);
	size_t i;

	for (i = 0; p && i < len; i++)
		p[i] = v >> 8 * (len - 1 - i);
}

void fo_put_u8(struct fo_writer *w, u8 v)
{
	put_be(w, v, 1);
}

void fo_put_u16(struct fo_writer *w, u16 v)
{
	put_be(w, v, 2);
}

void fo_put_u32(struct fo_writer *w, u32 v)
{
	put_be(w, v, 4);
}

void fo_put_u64(struct fo_writer *w, u64 v)
{
	put_be(w, v, 8);
}

void fo_put_var(struct fo_writer *w, u64 v)
{
	while (v > 0x7f) {
		fo_put_u8(w, v | 0x80);
		v >>= 7;
	}
	fo_put_u8(w, v);
}

void fo_put_bytes(struct fo_writer *w, const void *from, size_t len)
{
	u8 *p = room(w, len);

	if (p)
		memcpy(p, from, len);
}

/**
 * fo_hdr_put() - write the header of a frame
 * @to: FO_HDR_LEN bytes
 * @h: the header
 */
void fo_hdr_put(u8 *to, const struct fo_hdr *h)
{
	struct fo_writer w;

	fo_writer_init(&w, to, FO_HDR_LEN);
	fo_put_u8(&w, h->version);
	fo_put_u8(&w, h->type);
	fo_put_u16(&w, h->len);
	fo_put_u32(&w, h->assoc);
	fo_put_u64(&w, h->counter);
}

/**
 * fo_hdr_get() - read and check the header of a frame
 * @from: the bytes that arrived
 * @len: how many
 * @h: the header
 *
 * Return: 0; -EMSGSIZE when the frame is shorter than its header says or than
 * any frame is; -EPROTO when type or counter cannot be. A version that is not
 * ours is for the caller to refuse, with its reason.
 */
int fo_hdr_get(const u8 *from, size_t len, struct fo_hdr *h)
{
	struct fo_reader r;

	fo_reader_init(&r, from, len);
	h->version = fo_get_u8(&r);
	h->type = fo_get_u8(&r);
	h->len = fo_get_u16(&r);
	h->assoc = fo_get_u32(&r);
	h->counter = fo_get_u64(&r);
	if (r.bad || h->len > len || h->len < FO_FRAME_OVERHEAD)
		return -EMSGSIZE;
	if (!h->type || h->type >= FO_FRAME_TYPES ||
	    h->counter >> FO_COUNTER_BITS)
		return -EPROTO;
	return 0;
}

/**
 * fo_rec_begin() - open a record
 * @w: writer
 * @class: enum fo_wire_class
 * @op: operation of the class
 *
 * Return: what fo_rec_end() wants to be given. When the record does not fit,
 * @w is full, and the caller rewinds it to where the record began.
 */
u8 *fo_rec_begin(struct fo_writer *w, u8 class, u8 op)
{
	u8 *begin = w->p;

	fo_put_u8(w, class << 3 | op);
	fo_put_u8(w, 0);
	return begin;
}

/**
 * fo_rec_end() - close a record: fill in its length
 * @w: writer
 * @begin: what fo_rec_begin() returned
 */
void fo_rec_end(struct fo_writer *w, u8 *begin)
{
	size_t len = w->p - begin - 2;

	if (w->full)
		return;
	if (len <= SHORT_LEN) {
		begin[1] = len;
		return;
	}
	if (len > LONG_LEN || !room(w, 1)) {
		w->full = true;
		return;
	}
	memmove(begin + 3, begin + 2, len);
	begin[1] = 0x80 | len >> 8;
	begin[2] = len;
}

/**
 * fo_rec_get() - find the next record
 * @r: reader over the body of a DATA frame
 * @rec: the record
 *
 * Return: 1 when there is one, 0 at the end, -EBADMSG when the rest of the
 * frame makes no sense.
 */
int fo_rec_get(struct fo_reader *r, struct fo_rec *rec)
{
	size_t len;
	const u8 *p;
	u8 b;

	if (!r->bad && r->p == r->end)
		return 0;
	b = fo_get_u8(r);
	len = fo_get_u8(r);
	if (len & 0x80)
		len = (len & 0x7f) << 8 | fo_get_u8(r);
	p = take(r, len);
	if (!p)
		return -EBADMSG;
	rec->class = b >> 3;
	rec->op = b & 7;
	fo_reader_init(&rec->body, p, len);
	return 1;
}

void fo_attr_put(struct fo_writer *w, u8 type, const void *from, size_t len)
{
	if (len < ATTR_LEN_LONG) {
		fo_put_u8(w, type << ATTR_LEN_BITS | len);
	} else if (len <= 0xff) {
		fo_put_u8(w, type << ATTR_LEN_BITS | ATTR_LEN_LONG);
		fo_put_u8(w, len);
	} else {
		w->full = true;
	}
	fo_put_bytes(w, from, len);
}

void fo_attr_u8(struct fo_writer *w, u8 type, u8 v)
{
	fo_attr_put(w, type, &v, 1);
}

void fo_attr_u32(struct fo_writer *w, u8 type, u32 v)
{
	fo_put_u8(w, type << ATTR_LEN_BITS | 4);
	fo_put_u32(w, v);
}

void fo_attr_u64(struct fo_writer *w, u8 type, u64 v)
{
	fo_put_u8(w, type << ATTR_LEN_BITS | ATTR_LEN_LONG);
	fo_put_u8(w, 8);
	fo_put_u64(w, v);
}

void fo_attr_var(struct fo_writer *w, u8 type, u64 v)
{
	struct fo_writer tmp;
	u8 buf[10];

	fo_writer_init(&tmp, buf, sizeof(buf));
	fo_put_var(&tmp, v);
	fo_attr_put(w, type, buf, tmp.p - buf);
}

/**
 * fo_attr_get() - find the next attribute
 * @r: reader over a body
 * @a: the attribute
 *
 * Return: 1 when there is one, 0 at the end, -EBADMSG when the rest of the
 * body makes no sense.
 */
int fo_attr_get(struct fo_reader *r, struct fo_attr *a)
{
	size_t len;
	const u8 *p;
	u8 b;

	if (!r->bad && r->p == r->end)
		return 0;
	b = fo_get_u8(r);
	len = b & ATTR_LEN_LONG;
	if (len == ATTR_LEN_LONG)
		len = fo_get_u8(r);
	p = take(r, len);
	if (!p)
		return -EBADMSG;
	a->type = b >> ATTR_LEN_BITS;
	fo_reader_init(&a->body, p, len);
	return 1;
}

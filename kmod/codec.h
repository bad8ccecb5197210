/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes to values and back, within bounds: cursors, headers, records. */
#ifndef _FO_CODEC_H
#define _FO_CODEC_H

#include "pure.h"
#include "wire.h"

#define FO_HELPER_NAME	16	/* as NF_CT_HELPER_NAME_LEN */

/**
 * struct fo_reader - bounded cursor over bytes that came from outside
 * @p: next byte
 * @end: first byte that does not belong to it
 * @bad: a read went past @end; every later read yields zero
 */
struct fo_reader {
	const u8 *p;
	const u8 *end;
	bool bad;
};

/**
 * struct fo_writer - bounded cursor over room to be filled
 * @p: next byte
 * @end: first byte that may not be written
 * @full: a write did not fit; nothing more is written
 */
struct fo_writer {
	u8 *p;
	u8 *end;
	bool full;
};

/**
 * struct fo_hdr - header of a frame
 * @version: wire version of the sender
 * @type: enum fo_frame_type
 * @len: bytes from the first of the header to the last of the tag
 * @assoc: association; in HAND frames its number at the receiver, or zero
 * @counter: number of the frame among those of its type, below 2^56
 */
struct fo_hdr {
	u8 version;
	u8 type;
	u16 len;
	u32 assoc;
	u64 counter;
};

/**
 * struct fo_rec - a record as found in a DATA frame
 * @class: enum fo_wire_class
 * @op: operation of that class
 * @body: cursor over exactly its bytes
 */
struct fo_rec {
	u8 class;
	u8 op;
	struct fo_reader body;
};

/**
 * struct fo_attr - an attribute as found in a body
 * @type: number of the attribute
 * @body: cursor over exactly its bytes
 */
struct fo_attr {
	u8 type;
	struct fo_reader body;
};

/* Bytes of an address; @l3: 4 or 6, the version of IP. */
static inline size_t fo_addr_len(u8 l3)
{
	return l3 == 4 ? 4 : 16;
}

static inline size_t fo_left(const struct fo_reader *r)
{
	return r->bad ? 0 : r->end - r->p;
}

static inline void fo_reader_init(struct fo_reader *r, const void *p, size_t len)
{
	r->p = p;
	r->end = r->p + len;
	r->bad = false;
}

static inline void fo_writer_init(struct fo_writer *w, void *p, size_t len)
{
	w->p = p;
	w->end = w->p + len;
	w->full = false;
}

/* codec.c */
u8 fo_get_u8(struct fo_reader *r);
u16 fo_get_u16(struct fo_reader *r);
u32 fo_get_u32(struct fo_reader *r);
u64 fo_get_u64(struct fo_reader *r);
u64 fo_get_var(struct fo_reader *r);
void fo_get_bytes(struct fo_reader *r, void *to, size_t len);
void fo_get_text(struct fo_reader *r, char *to, size_t size);

void fo_put_u8(struct fo_writer *w, u8 v);
void fo_put_u16(struct fo_writer *w, u16 v);
void fo_put_u32(struct fo_writer *w, u32 v);
void fo_put_u64(struct fo_writer *w, u64 v);
void fo_put_var(struct fo_writer *w, u64 v);
void fo_put_bytes(struct fo_writer *w, const void *from, size_t len);

void fo_hdr_put(u8 *to, const struct fo_hdr *h);
int fo_hdr_get(const u8 *from, size_t len, struct fo_hdr *h);

u8 *fo_rec_begin(struct fo_writer *w, u8 class, u8 op);
void fo_rec_end(struct fo_writer *w, u8 *begin);
int fo_rec_get(struct fo_reader *r, struct fo_rec *rec);

void fo_attr_put(struct fo_writer *w, u8 type, const void *from, size_t len);
void fo_attr_u8(struct fo_writer *w, u8 type, u8 v);
void fo_attr_u32(struct fo_writer *w, u8 type, u32 v);
void fo_attr_u64(struct fo_writer *w, u8 type, u64 v);
void fo_attr_var(struct fo_writer *w, u8 type, u64 v);
int fo_attr_get(struct fo_reader *r, struct fo_attr *a);

#endif /* _FO_CODEC_H */

// SPDX-License-Identifier: GPL-2.0
/* Records of neighbours as structs, and back. Pure, like codec.c. */

#include "codec_neigh.h"

#include "wire.h"

/**
 * fo_neigh_addr_len() - how long the address of a record is
 * @op: enum fo_neigh_op
 *
 * Return: bytes, or 0 for an operation that is not known.
 */
size_t fo_neigh_addr_len(u8 op)
{
	switch (op) {
	case FO_NEIGH_SEEN4:
		return 4;
	case FO_NEIGH_SEEN6:
		return 16;
	default:
		return 0;
	}
}

/**
 * fo_neigh_rec_put() - write a record
 * @w: writer; full afterwards when the record did not fit
 * @rec: the record
 */
void fo_neigh_rec_put(struct fo_writer *w, const struct fo_neigh_rec *rec)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_NEIGH, rec->op);

	fo_put_bytes(w, rec->mac, sizeof(rec->mac));
	fo_put_bytes(w, rec->addr, fo_neigh_addr_len(rec->op));
	fo_put_bytes(w, rec->nameif, strnlen(rec->nameif, sizeof(rec->nameif)));
	fo_rec_end(w, begin);
}

static bool is_unicast(const u8 *mac)
{
	static const u8 none[FO_MAC_LEN];

	return !(mac[0] & 1) && memcmp(mac, none, sizeof(none));
}

/* Neither multicast, nor broadcast, nor none at all. */
static bool is_host(const u8 *addr, size_t len)
{
	static const u8 none[FO_NEIGH_ADDR];

	return addr[0] < (len == 4 ? 224 : 255) && memcmp(addr, none, len);
}

/**
 * fo_neigh_rec_get() - read a record
 * @from: record of class FO_CLASS_NEIGH; its body is used up
 * @rec: filled in
 *
 * Return: 0; -EOPNOTSUPP for an operation that is not known; -EBADMSG when it
 * names no host or no interface.
 */
int fo_neigh_rec_get(struct fo_rec *from, struct fo_neigh_rec *rec)
{
	size_t len = fo_neigh_addr_len(from->op);

	memset(rec, 0, sizeof(*rec));
	rec->op = from->op;
	if (!len)
		return -EOPNOTSUPP;
	fo_get_bytes(&from->body, rec->mac, sizeof(rec->mac));
	fo_get_bytes(&from->body, rec->addr, len);
	if (from->body.bad || fo_left(&from->body) >= sizeof(rec->nameif))
		return -EBADMSG;
	fo_get_text(&from->body, rec->nameif, sizeof(rec->nameif));
	if (!is_unicast(rec->mac) || !is_host(rec->addr, len) ||
	    !rec->nameif[0])
		return -EBADMSG;
	return 0;
}

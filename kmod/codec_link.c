// SPDX-License-Identifier: GPL-2.0
/*
 * The bodies of HAND, HELLO and ACK frames as structs, and back.
 *
 * Pure, like codec.c. Each getter fills its struct from nothing: what an older
 * or newer peer leaves out is zero.
 */

#include "codec_link.h"

void fo_hand_put(struct fo_writer *w, const struct fo_hand *h)
{
	fo_attr_u8(w, FO_HAND_A_OP, h->op);
	fo_attr_u8(w, FO_HAND_A_UNIT, h->unit);
	fo_attr_u32(w, FO_HAND_A_ASSOC, h->assoc);
	fo_attr_u64(w, FO_HAND_A_BOOT, h->boot);
	fo_attr_var(w, FO_HAND_A_CAPS, h->caps);
	fo_attr_var(w, FO_HAND_A_MTU, h->mtu);
	fo_attr_put(w, FO_HAND_A_VERSION, h->version,
		    strnlen(h->version, sizeof(h->version)));
}

/**
 * fo_hand_get() - read the body of a HAND frame
 * @r: reader over the body
 * @h: filled in
 *
 * Return: 0, or -EBADMSG when it makes no sense or lacks what a handshake
 * needs: operation, unit, association and boot identity.
 */
int fo_hand_get(struct fo_reader *r, struct fo_hand *h)
{
	struct fo_attr a;
	int err;

	memset(h, 0, sizeof(*h));
	while ((err = fo_attr_get(r, &a)) > 0) {
		switch (a.type) {
		case FO_HAND_A_OP:
			h->op = fo_get_u8(&a.body);
			break;
		case FO_HAND_A_UNIT:
			h->unit = fo_get_u8(&a.body);
			break;
		case FO_HAND_A_ASSOC:
			h->assoc = fo_get_u32(&a.body);
			break;
		case FO_HAND_A_BOOT:
			h->boot = fo_get_u64(&a.body);
			break;
		case FO_HAND_A_CAPS:
			h->caps = fo_get_var(&a.body);
			break;
		case FO_HAND_A_MTU:
			h->mtu = fo_get_var(&a.body);
			break;
		case FO_HAND_A_VERSION:
			fo_get_text(&a.body, h->version, sizeof(h->version));
			break;
		}
		if (a.body.bad)
			return -EBADMSG;
	}
	if (err || !h->op || !h->unit || !h->assoc || !h->boot)
		return -EBADMSG;
	return 0;
}

static void put_request(struct fo_writer *w, const struct fo_hello *h)
{
	struct fo_writer body;
	u8 buf[16];

	if (!h->request && !h->request_no)
		return;
	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_u8(&body, h->request);
	fo_put_var(&body, h->request_no);
	fo_attr_put(w, FO_HELLO_A_REQUEST, buf, body.p - buf);
}

void fo_hello_put(struct fo_writer *w, const struct fo_hello *h)
{
	unsigned int i;
	size_t len;
	u8 buf[1 + FO_MAC_LEN + FO_IFC_NAME];

	fo_attr_u8(w, FO_HELLO_A_ROLE, h->role);
	fo_attr_u8(w, FO_HELLO_A_STATE, h->state);
	fo_attr_var(w, FO_HELLO_A_EPOCH, h->epoch);
	fo_attr_var(w, FO_HELLO_A_FLAGS, h->flags);
	fo_attr_var(w, FO_HELLO_A_ACTIVE_TIME, h->active_time);
	fo_attr_var(w, FO_HELLO_A_OBJECTS, h->objects);
	put_request(w, h);
	for (i = 0; i < h->ifcs; i++) {
		len = strnlen(h->ifc[i].name, FO_IFC_NAME);
		buf[0] = h->ifc[i].status;
		memcpy(buf + 1, h->ifc[i].mac, FO_MAC_LEN);
		memcpy(buf + 1 + FO_MAC_LEN, h->ifc[i].name, len);
		fo_attr_put(w, FO_HELLO_A_IFC, buf, 1 + FO_MAC_LEN + len);
	}
}

static void get_ifc(struct fo_reader *r, struct fo_hello *h)
{
	u8 status = fo_get_u8(r);

	if (h->ifcs == FO_HELLO_IFCS)
		return;
	h->ifc[h->ifcs].status = status;
	fo_get_bytes(r, h->ifc[h->ifcs].mac, FO_MAC_LEN);
	fo_get_text(r, h->ifc[h->ifcs].name, FO_IFC_NAME);
	h->ifcs++;
}

/**
 * fo_hello_get() - read the body of a HELLO frame
 * @r: reader over the body
 * @h: filled in
 * @unknown: how many attributes were skipped
 *
 * Return: 0, or -EBADMSG when it makes no sense.
 */
int fo_hello_get(struct fo_reader *r, struct fo_hello *h, unsigned int *unknown)
{
	struct fo_attr a;
	int err;

	memset(h, 0, sizeof(*h));
	*unknown = 0;
	while ((err = fo_attr_get(r, &a)) > 0) {
		switch (a.type) {
		case FO_HELLO_A_ROLE:
			h->role = fo_get_u8(&a.body);
			break;
		case FO_HELLO_A_STATE:
			h->state = fo_get_u8(&a.body);
			break;
		case FO_HELLO_A_EPOCH:
			h->epoch = fo_get_var(&a.body);
			break;
		case FO_HELLO_A_FLAGS:
			h->flags = fo_get_var(&a.body);
			break;
		case FO_HELLO_A_ACTIVE_TIME:
			h->active_time = fo_get_var(&a.body);
			break;
		case FO_HELLO_A_OBJECTS:
			h->objects = fo_get_var(&a.body);
			break;
		case FO_HELLO_A_IFC:
			get_ifc(&a.body, h);
			break;
		case FO_HELLO_A_REQUEST:
			h->request = fo_get_u8(&a.body);
			h->request_no = fo_get_var(&a.body);
			break;
		default:
			(*unknown)++;
		}
		if (a.body.bad)
			return -EBADMSG;
	}
	return err;
}

void fo_ack_put(struct fo_writer *w, const struct fo_ack *a)
{
	fo_put_u64(w, a->cum);
	fo_put_u64(w, a->sack);
}

int fo_ack_get(struct fo_reader *r, struct fo_ack *a)
{
	a->cum = fo_get_u64(r);
	a->sack = fo_get_u64(r);
	return r->bad ? -EBADMSG : 0;
}

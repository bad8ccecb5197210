// SPDX-License-Identifier: GPL-2.0
/*
 * A frame as it arrives: header, records, and what each class makes of them.
 */

#include "codec_ct.h"
#include "codec_expect.h"
#include "codec_msg.h"
#include "codec_neigh.h"
#include "codec_object.h"
#include "codec_sa.h"
#include "codec_station.h"
#include "fuzz.h"

static size_t put(u8 *buf, size_t room, const struct fo_ct_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_ct_rec_put(&w, rec);
	MUST(w.p <= w.end);
	return w.full ? 0 : w.p - buf;
}

/* What was understood is written and understood again as the same. */
static void same_again(const struct fo_ct_rec *rec)
{
	struct fo_ct_rec copy;
	u8 first[256], second[256];
	size_t len = put(first, sizeof(first), rec);
	struct fo_reader r;
	struct fo_rec from;
	unsigned int unknown;

	MUST(len);
	fo_reader_init(&r, first, len);
	MUST(fo_rec_get(&r, &from) == 1);
	MUST(fo_ct_rec_get(&from, &copy, &unknown) == 0);
	MUST(!unknown);
	MUST(put(second, sizeof(second), &copy) == len);
	MUST(!memcmp(first, second, len));
	MUST(put(second, len - 1, rec) == 0);
}

static void connection(struct fo_rec *from)
{
	const u32 tuples = BIT(FO_CT_A_TUPLE4) | BIT(FO_CT_A_TUPLE6);
	struct fo_ct_rec rec;
	unsigned int unknown;

	if (fo_ct_rec_get(from, &rec, &unknown))
		return;
	MUST(rec.slot && rec.slot <= FO_SLOT_MAX);
	MUST((rec.has & tuples) != tuples);
	MUST(!(rec.has & tuples) == !rec.l3);
	MUST(rec.op != FO_CT_CREATE || rec.l3);
	MUST(!(rec.has & BIT(FO_CT_A_NAT)) || rec.l3);
	MUST(rec.tcp_wscale[0] < 16 && rec.tcp_wscale[1] < 16);
	same_again(&rec);
}

static void message(struct fo_rec *from)
{
	struct fo_msg_ack ack = { 0 };
	u8 first[FO_MSG_DATA + 64];
	struct fo_msg m, copy;
	struct fo_reader r;
	struct fo_writer w;
	struct fo_rec rec;

	if (from->op == FO_MSG_ACK)
		MUST(!fo_msg_ack_get(from, &ack) == !from->body.bad);
	if (from->op != FO_MSG_PART || fo_msg_get(from, &m))
		return;
	MUST(m.no && m.id && m.len <= FO_MSG_DATA);
	fo_writer_init(&w, first, sizeof(first));
	fo_msg_put(&w, &m);
	MUST(!w.full);
	fo_reader_init(&r, first, w.p - first);
	MUST(fo_rec_get(&r, &rec) == 1);
	MUST(!fo_msg_get(&rec, &copy));
	MUST(copy.no == m.no && copy.kind == m.kind && copy.id == m.id);
	MUST(copy.len == m.len && !memcmp(copy.data, m.data, m.len));
}

static void control(struct fo_rec *from)
{
	u64 epoch = fo_get_var(&from->body);

	MUST(!from->body.bad || !epoch);
}

static void station(struct fo_rec *from)
{
	struct fo_station_rec rec;

	if (fo_station_rec_get(from, &rec))
		return;
	MUST(rec.op == FO_STATION_SEEN && !(rec.mac[0] & 1));
	MUST(rec.vlan < 4096);
	MUST(rec.port[0] && memchr(rec.port, 0, sizeof(rec.port)));
}

static void neighbour(struct fo_rec *from)
{
	struct fo_neigh_rec rec;

	if (fo_neigh_rec_get(from, &rec))
		return;
	MUST(fo_neigh_addr_len(rec.op) && !(rec.mac[0] & 1));
	MUST(rec.nameif[0] && memchr(rec.nameif, 0, sizeof(rec.nameif)));
}

static void object(struct fo_rec *from)
{
	struct fo_object_rec rec;
	const u8 *end = from->body.end;

	if (fo_object_rec_get(from, &rec))
		return;
	MUST(rec.op >= FO_OBJECT_PUT && rec.op <= FO_OBJECT_SECRET);
	MUST(fo_object_space_ok(rec.key.space));
	MUST(rec.key.len && rec.key.len <= FO_OBJECT_KEY);
	MUST(rec.left <= FO_OBJECT_LIFE_MAX && rec.len <= FO_OBJECT_VALUE);
	MUST(!rec.len || rec.value + rec.len == end);
}

static void sa(struct fo_rec *from)
{
	struct fo_sa_rec rec;

	if (fo_sa_rec_get(from, &rec))
		return;
	MUST(fo_sa_addr_len(rec.id.op) && rec.id.spi);
	MUST(rec.id.proto == 50 || rec.id.proto == 51);
}

/* What was understood is written and understood again as the same. */
static void entry_again(const struct fo_expect *e)
{
	struct fo_expect copy;
	unsigned int unknown = 0;
	u8 first[256], second[256];
	struct fo_reader r;
	struct fo_writer w;
	size_t len;

	fo_writer_init(&w, first, sizeof(first));
	fo_expect_put(&w, e);
	MUST(!w.full);
	len = w.p - first;
	fo_reader_init(&r, first, len);
	MUST(fo_expect_next(&r, &copy, &unknown) == 1 && !unknown);
	fo_writer_init(&w, second, sizeof(second));
	fo_expect_put(&w, &copy);
	MUST(!w.full && (size_t)(w.p - second) == len);
	MUST(!memcmp(first, second, len));
}

static void sip(struct fo_rec *from)
{
	struct fo_sip s;

	if (fo_sip_get(from, &s))
		return;
	MUST(s.slot && s.slot <= FO_SLOT_MAX);
}

static void context(struct fo_rec *from)
{
	struct fo_secmark_rec s;

	if (fo_secmark_rec_get(from, &s))
		return;
	MUST(s.number && s.text[0] && memchr(s.text, 0, sizeof(s.text)));
}

static void pptp(struct fo_rec *from)
{
	struct fo_pptp p;

	if (fo_pptp_get(from, &p))
		return;
	MUST(p.slot && p.slot <= FO_SLOT_MAX);
	MUST(p.session < FO_PPTP_SESSIONS && p.call < FO_PPTP_CALLS);
}

/* What was read is written as something that is read as the same. */
static void h323(struct fo_rec *from)
{
	struct fo_h323 h, again;
	u8 buf[FO_H323_MAX];
	struct fo_writer w;
	struct fo_reader r;
	struct fo_rec rec;

	if (fo_h323_get(from, &h))
		return;
	MUST(h.slot && h.slot <= FO_SLOT_MAX);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_h323_put(&w, &h);
	MUST(!w.full);
	fo_reader_init(&r, buf, w.p - buf);
	MUST(fo_rec_get(&r, &rec) > 0 && !fo_h323_get(&rec, &again));
	MUST(!memcmp(&h, &again, sizeof(h)));
}

static void expectations(struct fo_rec *from)
{
	struct fo_expect e;
	unsigned int unknown = 0;
	u32 slot;

	if (from->op == FO_EXPECT_SIP) {
		sip(from);
		return;
	}
	if (from->op == FO_EXPECT_PPTP) {
		pptp(from);
		return;
	}
	if (from->op == FO_EXPECT_H323) {
		h323(from);
		return;
	}
	if (fo_expect_list_get(from, &slot))
		return;
	MUST(slot && slot <= FO_SLOT_MAX);
	while (fo_expect_next(&from->body, &e, &unknown) > 0) {
		MUST(e.l3 == 4 || e.l3 == 6);
		MUST(memchr(e.fn, 0, sizeof(e.fn)));
		MUST(memchr(e.helper, 0, sizeof(e.helper)));
		entry_again(&e);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fo_reader r;
	struct fo_rec rec;
	struct fo_hdr h;
	int err;

	if (fo_hdr_get(data, size, &h))
		return 0;
	MUST(h.len >= FO_FRAME_OVERHEAD && h.len <= size);
	MUST(h.type && h.type < FO_FRAME_TYPES);
	MUST(!(h.counter >> FO_COUNTER_BITS));
	fo_reader_init(&r, data + FO_HDR_LEN, h.len - FO_FRAME_OVERHEAD);
	while ((err = fo_rec_get(&r, &rec)) > 0) {
		MUST(rec.class < 32 && rec.op < 8);
		MUST(rec.body.p >= data + FO_HDR_LEN);
		MUST(rec.body.end <= data + h.len - FO_TAG_LEN);
		if (rec.class == FO_CLASS_CT)
			connection(&rec);
		else if (rec.class == FO_CLASS_SECMARK)
			context(&rec);
		else if (rec.class == FO_CLASS_STATION)
			station(&rec);
		else if (rec.class == FO_CLASS_NEIGH)
			neighbour(&rec);
		else if (rec.class == FO_CLASS_OBJECT)
			object(&rec);
		else if (rec.class == FO_CLASS_SA)
			sa(&rec);
		else if (rec.class == FO_CLASS_EXPECT)
			expectations(&rec);
		else if (rec.class == FO_CLASS_CONTROL)
			control(&rec);
		else if (rec.class == FO_CLASS_MSG)
			message(&rec);
	}
	MUST(err == 0 || err == -EBADMSG);
	return 0;
}

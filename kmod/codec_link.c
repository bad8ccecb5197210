// SPDX-License-Identifier: GPL-2.0
/*
 * The bodies of HAND, HELLO, ACK and ECHO frames as structs, and back.
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
	if (h->index)
		fo_attr_u32(w, FO_HAND_A_INDEX, h->index);
	if (h->stamp)
		fo_attr_u64(w, FO_HAND_A_STAMP, h->stamp);
	if (h->digest)
		fo_attr_u64(w, FO_HAND_A_DIGEST, h->digest);
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
		case FO_HAND_A_INDEX:
			h->index = fo_get_u32(&a.body);
			break;
		case FO_HAND_A_STAMP:
			h->stamp = fo_get_u64(&a.body);
			break;
		case FO_HAND_A_DIGEST:
			h->digest = fo_get_u64(&a.body);
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

#define ENTRY_MAX	(5 + 8 + 10 + 4 + FO_REASON_TEXT)
#define LISTS_MAX	(8 + 8 + 5)

static void put_lists(struct fo_writer *w, const struct fo_hello *h)
{
	struct fo_writer body;
	u8 buf[LISTS_MAX];

	if (!h->list)
		return;
	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_u64(&body, h->list);
	fo_put_u64(&body, h->held);
	fo_put_var(&body, h->held_to);
	fo_attr_put(w, FO_HELLO_A_LISTS, buf, body.p - buf);
}

/* What does not fit is in the next hello. */
static void put_entry(struct fo_writer *w, const struct fo_entry *e)
{
	struct fo_writer body, whole = *w;
	u8 buf[ENTRY_MAX];

	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_var(&body, e->seq);
	fo_put_u64(&body, e->time);
	fo_put_var(&body, e->epoch);
	fo_put_u8(&body, e->kind);
	fo_put_u8(&body, e->from);
	fo_put_u8(&body, e->to);
	fo_put_u8(&body, e->role);
	fo_put_bytes(&body, e->reason, strnlen(e->reason, FO_REASON_TEXT - 1));
	fo_attr_put(&whole, FO_HELLO_A_HISTORY, buf, body.p - buf);
	if (!whole.full)
		*w = whole;
}

static void put_digest(struct fo_writer *w, const struct fo_hello *h)
{
	struct fo_writer body;
	u8 buf[8 + 5];

	if (!h->digest)
		return;
	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_u64(&body, h->digest);
	fo_put_var(&body, h->of);
	fo_attr_put(w, FO_HELLO_A_DIGEST, buf, body.p - buf);
}

/* What does not fit has its turn again. */
static void put_setting(struct fo_writer *w, const struct fo_setting *s)
{
	size_t len = strnlen(s->name, FO_IFC_NAME - 1);
	struct fo_writer body, whole = *w;
	u8 buf[3 + FO_IFC_NAME + FO_SETTING_TEXT];

	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_u8(&body, s->id);
	fo_put_u8(&body, s->no);
	fo_put_u8(&body, len);
	fo_put_bytes(&body, s->name, len);
	fo_put_bytes(&body, s->value, strnlen(s->value, FO_SETTING_TEXT - 1));
	fo_attr_put(&whole, FO_HELLO_A_SETTING, buf, body.p - buf);
	if (!whole.full)
		*w = whole;
}

static void put_tracks(struct fo_writer *w, const struct fo_hello *h)
{
	u8 buf[1 + FO_TRACK_NAME];
	unsigned int i;
	size_t len;

	for (i = 0; i < h->tracks; i++) {
		len = strnlen(h->track[i].name, FO_TRACK_NAME);
		buf[0] = h->track[i].status;
		memcpy(buf + 1, h->track[i].name, len);
		fo_attr_put(w, FO_HELLO_A_TRACK, buf, 1 + len);
	}
}

static void put_helper(struct fo_writer *w, const char *name)
{
	struct fo_writer whole = *w;

	fo_attr_put(&whole, FO_HELLO_A_HELPER, name,
		    strnlen(name, FO_HELPER_NAME - 1));
	if (!whole.full)
		*w = whole;
}

static void put_helpers(struct fo_writer *w, const struct fo_hello *h)
{
	unsigned int i;

	for (i = 0; i < h->helpers && !w->full; i++)
		put_helper(w, h->helper[i]);
}

static void put_refusal(struct fo_writer *w, const struct fo_refusal *one)
{
	struct fo_writer body, whole = *w;
	u8 buf[10 + FO_REFUSED_NAME];

	fo_writer_init(&body, buf, sizeof(buf));
	fo_put_var(&body, one->count);
	fo_put_bytes(&body, one->name, strnlen(one->name, FO_REFUSED_NAME - 1));
	fo_attr_put(&whole, FO_HELLO_A_REFUSED, buf, body.p - buf);
	if (!whole.full)
		*w = whole;
}

static void put_refusals(struct fo_writer *w, const struct fo_hello *h)
{
	unsigned int i;

	for (i = 0; i < h->refusals && !w->full; i++)
		put_refusal(w, &h->refused[i]);
}

/**
 * fo_hello_put() - write the body of a HELLO frame
 * @w: writer; full when it does not fit
 * @h: what is said; of history, settings, helpers and refusals only what there
 *     is room for
 */
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
	fo_attr_var(w, FO_HELLO_A_REPORTS, h->reports);
	if (h->up_time)
		fo_attr_var(w, FO_HELLO_A_UP_TIME, h->up_time);
	put_request(w, h);
	put_lists(w, h);
	put_digest(w, h);
	for (i = 0; i < h->ifcs; i++) {
		len = strnlen(h->ifc[i].name, FO_IFC_NAME);
		buf[0] = h->ifc[i].status;
		memcpy(buf + 1, h->ifc[i].mac, FO_MAC_LEN);
		memcpy(buf + 1 + FO_MAC_LEN, h->ifc[i].name, len);
		fo_attr_put(w, FO_HELLO_A_IFC, buf, 1 + FO_MAC_LEN + len);
	}
	put_tracks(w, h);
	for (i = 0; i < h->entries && !w->full; i++)
		put_entry(w, &h->entry[i]);
	for (i = 0; i < h->settings && !w->full; i++)
		put_setting(w, &h->setting[i]);
	put_helpers(w, h);
	put_refusals(w, h);
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

static void get_track(struct fo_reader *r, struct fo_hello *h)
{
	u8 status = fo_get_u8(r);

	if (h->tracks == FO_HELLO_TRACKS)
		return;
	h->track[h->tracks].status = status;
	fo_get_text(r, h->track[h->tracks].name, FO_TRACK_NAME);
	h->tracks++;
}

static void get_helper(struct fo_reader *r, struct fo_hello *h)
{
	if (h->helpers == FO_HELLO_HELPERS)
		return;
	fo_get_text(r, h->helper[h->helpers], FO_HELPER_NAME);
	h->helpers++;
}

static void get_refusal(struct fo_reader *r, struct fo_hello *h)
{
	u64 count = fo_get_var(r);

	if (h->refusals == FO_HELLO_REFUSALS)
		return;
	h->refused[h->refusals].count = count;
	fo_get_text(r, h->refused[h->refusals].name, FO_REFUSED_NAME);
	h->refusals++;
}

static void get_lists(struct fo_reader *r, struct fo_hello *h)
{
	h->list = fo_get_u64(r);
	h->held = fo_get_u64(r);
	h->held_to = fo_get_var(r);
	/* who has none itself holds none */
	if (!h->list) {
		h->held = 0;
		h->held_to = 0;
	}
}

/* An entry after the last one only; a list has an order. */
static void get_entry(struct fo_reader *r, struct fo_hello *h)
{
	u32 last = h->entries ? h->entry[h->entries - 1].seq : 0;
	struct fo_entry *e = &h->entry[h->entries];
	u32 seq = fo_get_var(r);

	if (h->entries == FO_HELLO_ENTRIES || seq <= last)
		return;
	e->seq = seq;
	e->time = fo_get_u64(r);
	e->epoch = fo_get_var(r);
	e->kind = fo_get_u8(r);
	e->from = fo_get_u8(r);
	e->to = fo_get_u8(r);
	e->role = fo_get_u8(r);
	fo_get_text(r, e->reason, sizeof(e->reason));
	h->entries++;
}

static void get_setting(struct fo_reader *r, struct fo_hello *h)
{
	struct fo_setting *s;
	struct fo_reader name;
	size_t len;

	if (h->settings == FO_HELLO_SETTINGS)
		return;
	s = &h->setting[h->settings];
	s->id = fo_get_u8(r);
	s->no = fo_get_u8(r);
	len = fo_get_u8(r);
	if (len > fo_left(r)) {
		r->bad = true;
		return;
	}
	fo_reader_init(&name, r->p, len);
	r->p += len;
	fo_get_text(&name, s->name, sizeof(s->name));
	fo_get_text(r, s->value, sizeof(s->value));
	h->settings++;
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
		case FO_HELLO_A_LISTS:
			get_lists(&a.body, h);
			break;
		case FO_HELLO_A_HISTORY:
			get_entry(&a.body, h);
			break;
		case FO_HELLO_A_DIGEST:
			h->digest = fo_get_u64(&a.body);
			h->of = fo_get_var(&a.body);
			if (!h->digest)
				h->of = 0;
			break;
		case FO_HELLO_A_SETTING:
			get_setting(&a.body, h);
			break;
		case FO_HELLO_A_TRACK:
			get_track(&a.body, h);
			break;
		case FO_HELLO_A_HELPER:
			get_helper(&a.body, h);
			break;
		case FO_HELLO_A_REFUSED:
			get_refusal(&a.body, h);
			break;
		case FO_HELLO_A_REPORTS:
			h->reports = fo_get_var(&a.body);
			break;
		case FO_HELLO_A_UP_TIME:
			h->up_time = fo_get_var(&a.body);
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

void fo_echo_put(struct fo_writer *w, const struct fo_echo *e)
{
	fo_put_u8(w, e->op);
	fo_put_u8(w, e->link);
	fo_put_u64(w, e->no);
}

/**
 * fo_echo_get() - read the body of an ECHO frame
 * @r: reader over the body
 * @e: filled in
 *
 * What follows is padding.
 *
 * Return: 0, or -EBADMSG when it is too short, or neither asks nor answers.
 */
int fo_echo_get(struct fo_reader *r, struct fo_echo *e)
{
	e->op = fo_get_u8(r);
	e->link = fo_get_u8(r);
	e->no = fo_get_u64(r);
	if (r->bad || (e->op != FO_ECHO_REQUEST && e->op != FO_ECHO_REPLY))
		return -EBADMSG;
	return 0;
}

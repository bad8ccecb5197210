// SPDX-License-Identifier: GPL-2.0
/* Bodies of HELLO, ACK and ECHO frames: codec_link.c. */

#include "codec_link.h"
#include "test.h"

#define ROOM	2048

static void random_text(struct rng *rng, char *to, size_t size)
{
	size_t i, len = rng_below(rng, size);

	for (i = 0; i < len; i++)
		to[i] = 0x20 + rng_below(rng, 0x5f);
}

/* Half of them are of a peer that knows of histories. */
static void random_history(struct rng *rng, struct fo_hello *h)
{
	struct fo_entry *e;
	unsigned int n;
	u32 seq = 0;

	if (rng_below(rng, 2))
		return;
	h->list = rng_next(rng) | 1;
	h->held = rng_next(rng);
	h->held_to = rng_sized(rng, 32);
	h->entries = rng_below(rng, FO_HELLO_ENTRIES + 1);
	for (n = 0; n < h->entries; n++) {
		e = &h->entry[n];
		seq += 1 + rng_sized(rng, 29);
		e->seq = seq;
		e->time = rng_next(rng);
		e->epoch = rng_sized(rng, 64);
		e->kind = rng_next(rng);
		e->from = rng_next(rng);
		e->to = rng_next(rng);
		e->role = rng_next(rng);
		random_text(rng, e->reason, sizeof(e->reason));
	}
}

/* Half of them are of a peer that says its settings. */
static void random_settings(struct rng *rng, struct fo_hello *h)
{
	struct fo_setting *s;
	unsigned int n;

	if (rng_below(rng, 2))
		return;
	h->digest = rng_next(rng) | 1;
	h->of = rng_sized(rng, 32);
	h->settings = rng_below(rng, FO_HELLO_SETTINGS + 1);
	for (n = 0; n < h->settings; n++) {
		s = &h->setting[n];
		s->id = rng_next(rng);
		s->no = rng_next(rng);
		random_text(rng, s->name, sizeof(s->name));
		random_text(rng, s->value, sizeof(s->value));
	}
}

static void random_hello(struct rng *rng, struct fo_hello *h)
{
	unsigned int i, n;

	memset(h, 0, sizeof(*h));
	h->role = rng_next(rng);
	h->state = rng_next(rng);
	h->flags = rng_sized(rng, 32);
	h->epoch = rng_sized(rng, 64);
	h->active_time = rng_sized(rng, 64);
	h->up_time = rng_sized(rng, 32);
	h->objects = rng_sized(rng, 64);
	h->request_no = rng_chance(rng, 500000) ? rng_sized(rng, 64) : 0;
	h->request = h->request_no ? rng_next(rng) : 0;
	h->reports = rng_sized(rng, 32);
	h->ifcs = rng_below(rng, FO_HELLO_IFCS + 1);
	for (n = 0; n < h->ifcs; n++) {
		h->ifc[n].status = rng_next(rng);
		for (i = 0; i < FO_MAC_LEN; i++)
			h->ifc[n].mac[i] = rng_next(rng);
		random_text(rng, h->ifc[n].name, FO_IFC_NAME);
	}
	h->tracks = rng_below(rng, FO_HELLO_TRACKS + 1);
	for (n = 0; n < h->tracks; n++) {
		h->track[n].status = rng_next(rng);
		random_text(rng, h->track[n].name, FO_TRACK_NAME);
	}
	h->helpers = rng_below(rng, FO_HELLO_HELPERS + 1);
	for (n = 0; n < h->helpers; n++)
		random_text(rng, h->helper[n], FO_HELPER_NAME);
	h->refusals = rng_below(rng, FO_HELLO_REFUSALS + 1);
	for (n = 0; n < h->refusals; n++) {
		h->refused[n].count = rng_sized(rng, 64);
		random_text(rng, h->refused[n].name, FO_REFUSED_NAME);
	}
	random_history(rng, h);
	random_settings(rng, h);
}

static void assert_entry_equal(const struct fo_entry *a,
			       const struct fo_entry *b)
{
	assert_int_equal(a->seq, b->seq);
	assert_true(a->time == b->time);
	assert_true(a->epoch == b->epoch);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->from, b->from);
	assert_int_equal(a->to, b->to);
	assert_int_equal(a->role, b->role);
	assert_string_equal(a->reason, b->reason);
}

static void assert_hello_equal(const struct fo_hello *a, const struct fo_hello *b)
{
	unsigned int i;

	assert_int_equal(a->role, b->role);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->flags, b->flags);
	assert_true(a->epoch == b->epoch);
	assert_true(a->active_time == b->active_time);
	assert_int_equal(a->up_time, b->up_time);
	assert_true(a->objects == b->objects);
	assert_int_equal(a->request, b->request);
	assert_true(a->request_no == b->request_no);
	assert_int_equal(a->reports, b->reports);
	assert_int_equal(a->ifcs, b->ifcs);
	for (i = 0; i < a->ifcs; i++) {
		assert_int_equal(a->ifc[i].status, b->ifc[i].status);
		assert_memory_equal(a->ifc[i].mac, b->ifc[i].mac, FO_MAC_LEN);
		assert_string_equal(a->ifc[i].name, b->ifc[i].name);
	}
	assert_int_equal(a->tracks, b->tracks);
	for (i = 0; i < a->tracks; i++) {
		assert_int_equal(a->track[i].status, b->track[i].status);
		assert_string_equal(a->track[i].name, b->track[i].name);
	}
	assert_int_equal(a->helpers, b->helpers);
	assert_memory_equal(a->helper, b->helper, sizeof(a->helper));
	assert_int_equal(a->refusals, b->refusals);
	for (i = 0; i < a->refusals; i++) {
		assert_true(a->refused[i].count == b->refused[i].count);
		assert_string_equal(a->refused[i].name, b->refused[i].name);
	}
	assert_true(a->list == b->list);
	assert_true(a->held == b->held);
	assert_int_equal(a->held_to, b->held_to);
	assert_int_equal(a->entries, b->entries);
	for (i = 0; i < a->entries; i++)
		assert_entry_equal(&a->entry[i], &b->entry[i]);
	assert_true(a->digest == b->digest);
	assert_int_equal(a->of, b->of);
	assert_int_equal(a->settings, b->settings);
	for (i = 0; i < a->settings; i++) {
		assert_int_equal(a->setting[i].id, b->setting[i].id);
		assert_int_equal(a->setting[i].no, b->setting[i].no);
		assert_string_equal(a->setting[i].name, b->setting[i].name);
		assert_string_equal(a->setting[i].value, b->setting[i].value);
	}
}

static size_t put_hello(u8 *buf, size_t room, const struct fo_hello *h)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_hello_put(&w, h);
	return w.full ? 0 : w.p - buf;
}

static int get_hello(const u8 *buf, size_t len, struct fo_hello *h,
		     unsigned int *unknown)
{
	u8 *p = exact(buf, len);
	struct fo_reader r;
	int err;

	memset(h, 0xee, sizeof(*h));
	fo_reader_init(&r, p, len);
	err = fo_hello_get(&r, h, unknown);
	exact_free(p, len);
	return err;
}

static void hello_round_trip(void **state)
{
	struct fo_hello h, got;
	struct rng rng = { 4 };
	unsigned int unknown;
	u8 buf[ROOM];
	size_t len;
	int n;

	(void)state;
	for (n = 0; n < 5000; n++) {
		random_hello(&rng, &h);
		len = put_hello(buf, sizeof(buf), &h);
		assert_true(len);
		assert_int_equal(get_hello(buf, len, &got, &unknown), 0);
		assert_int_equal(unknown, 0);
		assert_hello_equal(&h, &got);
	}
}

/* Wherever it is cut, a hello is refused or says less, never something else. */
static void hello_truncated(void **state)
{
	struct fo_hello h, got;
	struct rng rng = { 5 };
	unsigned int unknown;
	size_t len, cut, i, before;
	u8 buf[ROOM], again[ROOM], *p;
	struct fo_reader r;
	struct fo_attr a;
	int n;

	(void)state;
	for (n = 0; n < 50; n++) {
		random_hello(&rng, &h);
		/* attributes in front of the interfaces */
		before = 7 + !!h.up_time + !!h.request_no + !!h.list +
			 !!h.digest;
		len = put_hello(buf, sizeof(buf), &h);
		for (cut = 0; cut <= len; cut++) {
			p = buf;
			fo_reader_init(&r, buf, len);
			for (i = 0; p < buf + cut && fo_attr_get(&r, &a) > 0; i++)
				p = (u8 *)r.p;
			assert_int_equal(get_hello(buf, cut, &got, &unknown),
					 p == buf + cut ? 0 : -EBADMSG);
			if (p == buf + cut && i > before) {
				assert_int_equal(got.ifcs + got.tracks +
						 got.entries + got.settings +
						 got.helpers + got.refusals,
						 i - before);
				assert_int_equal(put_hello(again, ROOM, &got), cut);
				assert_memory_equal(again, buf, cut);
			}
		}
	}
}

/* All that is always said, at its longest. */
static void longest(struct fo_hello *h)
{
	int i;

	memset(h, 0xff, sizeof(*h));
	h->ifcs = FO_HELLO_IFCS;
	for (i = 0; i < FO_HELLO_IFCS; i++)
		memset(h->ifc[i].name, 'n', FO_IFC_NAME);
	h->tracks = FO_HELLO_TRACKS;
	for (i = 0; i < FO_HELLO_TRACKS; i++)
		memset(h->track[i].name, 't', FO_TRACK_NAME);
	h->entries = h->settings = h->helpers = h->refusals = 0;
}

/* The largest hello; with less room nothing is written past the end. */
static void hello_without_room(void **state)
{
	struct fo_hello h;
	size_t whole, have;
	struct fo_writer w;
	u8 buf[ROOM], *p;

	(void)state;
	longest(&h);
	whole = put_hello(buf, sizeof(buf), &h);
	printf("# hello: at most %zu bytes\n", whole);
	assert_int_equal(whole, 2 + 2 + 12 + 6 + 12 + 12 + 6 + 6 + (2 + 1 + 10) +
			 2 + 21 + 2 + 13 + 16 * (2 + 1 + 6 + 32) +
			 8 * (2 + 1 + 16));
	assert_true(whole <= FO_HELLO_MAX);
	for (have = 0; have <= whole; have++) {
		p = exact(NULL, have);
		fo_writer_init(&w, p, have);
		fo_hello_put(&w, &h);
		assert_int_equal(w.full, have < whole);
		assert_true(w.p <= w.end);
		exact_free(p, have);
	}
}

/*
 * As many entries as there is room for, and with all interfaces there is room
 * for one: the longest one at least.
 */
static void hello_history_fits(void **state)
{
	struct fo_hello h, got;
	size_t whole, bare, have, len;
	unsigned int unknown, fit;
	struct fo_writer w;
	u8 buf[ROOM], *p;
	int i;

	(void)state;
	longest(&h);
	bare = put_hello(buf, sizeof(buf), &h);
	h.entries = FO_HELLO_ENTRIES;
	for (i = 0; i < FO_HELLO_ENTRIES; i++) {
		h.entry[i].seq = 0xfffffff0u + i;
		memset(h.entry[i].reason, 'r', FO_REASON_TEXT);
	}
	whole = put_hello(buf, sizeof(buf), &h);
	len = (whole - bare) / FO_HELLO_ENTRIES;
	printf("# hello: an entry takes at most %zu bytes\n", len);
	assert_true(bare + len <= FO_HELLO_MAX);
	for (have = bare; have <= whole; have++) {
		p = exact(NULL, have);
		fo_writer_init(&w, p, have);
		fo_hello_put(&w, &h);
		assert_false(w.full);
		fit = (have - bare) / len;
		assert_int_equal(w.p - p, bare + fit * len);
		assert_int_equal(get_hello(p, w.p - p, &got, &unknown), 0);
		assert_int_equal(got.entries, fit);
		assert_int_equal(got.ifcs, FO_HELLO_IFCS);
		exact_free(p, have);
	}
}

/* Entries out of order, numbered 0 or too many are not taken. */
static void hello_odd_entries(void **state)
{
	static const struct { u8 seq; bool taken; } t[] = {
		{ 0, false }, { 3, true }, { 3, false }, { 2, false },
		{ 4, true }, { 9, true }, { 10, true }, { 11, false },
	};
	struct fo_hello got;
	struct fo_writer w;
	unsigned int i, n, unknown;
	u8 buf[ROOM], body[32] = { 0 };

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		body[0] = t[i].seq;
		memcpy(body + 14, "a\x1b[1m", 5);
		fo_attr_put(&w, FO_HELLO_A_HISTORY, body, 19);
	}
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(unknown, 0);
	assert_int_equal(got.entries, FO_HELLO_ENTRIES);
	for (i = n = 0; i < ARRAY_SIZE(t); i++)
		if (t[i].taken)
			assert_int_equal(got.entry[n++].seq, t[i].seq);
	assert_string_equal(got.entry[0].reason, "a?[1m");
	/* one that ends before its role */
	fo_writer_init(&w, buf, sizeof(buf));
	body[0] = 1;
	fo_attr_put(&w, FO_HELLO_A_HISTORY, body, 13);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), -EBADMSG);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_LISTS, body, 16);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), -EBADMSG);
}

/* With all interfaces and one entry there is room for the longest setting. */
static void hello_settings_fit(void **state)
{
	struct fo_hello h;
	u8 buf[ROOM];
	size_t len;

	(void)state;
	longest(&h);
	h.entries = 1;
	memset(h.entry[0].reason, 'r', FO_REASON_TEXT);
	h.settings = 1;
	memset(h.setting[0].name, 'n', FO_IFC_NAME);
	memset(h.setting[0].value, 'v', FO_SETTING_TEXT);
	len = put_hello(buf, sizeof(buf), &h);
	h.settings = 0;
	printf("# hello: a setting takes at most %zu bytes\n",
	       len - put_hello(buf, sizeof(buf), &h));
	assert_in_range(len, 1, FO_HELLO_MAX);
}

/* A name that is longer than the attribute is refused, a long one is cut. */
static void hello_odd_settings(void **state)
{
	static const struct { u8 len, bytes; int err; } t[] = {
		{ 0, 3, 0 }, { 0, 2, -EBADMSG }, { 5, 8, 0 },
		{ 5, 7, -EBADMSG }, { 255, 8, -EBADMSG }, { 60, 63, 0 },
	};
	u8 buf[ROOM], body[64];
	struct fo_hello got;
	struct fo_writer w;
	unsigned int i, unknown;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		memset(body, 'x', sizeof(body));
		body[2] = t[i].len;
		fo_writer_init(&w, buf, sizeof(buf));
		fo_attr_put(&w, FO_HELLO_A_SETTING, body, t[i].bytes);
		assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown),
				 t[i].err);
		if (t[i].err)
			continue;
		assert_int_equal(got.settings, 1);
		assert_int_equal(strlen(got.setting[0].name),
				 t[i].len < FO_IFC_NAME ? t[i].len :
							  FO_IFC_NAME - 1);
	}
	/* more than are taken */
	fo_writer_init(&w, buf, sizeof(buf));
	for (i = 0; i < FO_HELLO_SETTINGS + 3; i++)
		fo_attr_put(&w, FO_HELLO_A_SETTING, "\1\0\0v", 4);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(got.settings, FO_HELLO_SETTINGS);
}

static void hello_too_many_interfaces(void **state)
{
	struct fo_writer w;
	struct fo_hello got;
	unsigned int unknown;
	u8 buf[ROOM];
	int i;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	for (i = 0; i < FO_HELLO_IFCS + 5; i++)
		fo_attr_put(&w, FO_HELLO_A_IFC, "\1macmaceth", 10);
	fo_attr_u8(&w, FO_HELLO_A_ROLE, 1);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(got.ifcs, FO_HELLO_IFCS);
	assert_int_equal(got.role, 1);
}

static void hello_odd_interfaces(void **state)
{
	struct fo_writer w;
	struct fo_hello got;
	unsigned int unknown;
	u8 buf[ROOM], name[100];

	(void)state;
	/* no name; control characters; longer than there is room for */
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_IFC, "\1macmac", 7);
	fo_attr_put(&w, FO_HELLO_A_IFC, "\2macmac\033[2J\r\n", 13);
	memset(name, 'x', sizeof(name));
	fo_attr_put(&w, FO_HELLO_A_IFC, name, sizeof(name));
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(got.ifcs, 3);
	assert_string_equal(got.ifc[0].name, "");
	assert_string_equal(got.ifc[1].name, "?[2J??");
	assert_int_equal(strlen(got.ifc[2].name), FO_IFC_NAME - 1);

	/* not even a status; less than a MAC */
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_IFC, "", 0);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), -EBADMSG);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_IFC, "\1macma", 6);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), -EBADMSG);
}

static void hello_counts_unknown(void **state)
{
	struct fo_hello h, got;
	struct rng rng = { 6 };
	struct fo_writer w;
	unsigned int unknown;
	u8 buf[ROOM];

	(void)state;
	random_hello(&rng, &h);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, 0, "x", 1);
	fo_hello_put(&w, &h);
	fo_attr_put(&w, 30, "0123456789", 10);
	fo_attr_put(&w, 31, "", 0);
	assert_false(w.full);
	assert_int_equal(get_hello(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(unknown, 3);
	assert_hello_equal(&h, &got);

	assert_int_equal(get_hello(buf, 0, &got, &unknown), 0);
	assert_int_equal(unknown, 0);
}

static void ack_bytes(void **state)
{
	static const u8 want[FO_ACK_LEN] = {
		0, 1, 2, 3, 4, 5, 6, 7, 0x80, 0, 0, 0, 0, 0, 0, 1,
	};
	const struct fo_ack a = { 0x0001020304050607ULL, 1ULL << 63 | 1 };
	u8 buf[FO_ACK_LEN + 4] = { 0 }, *p;
	struct fo_writer w;
	struct fo_reader r;
	struct fo_ack got;
	size_t len;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_ack_put(&w, &a);
	assert_int_equal(w.p - buf, FO_ACK_LEN);
	assert_memory_equal(buf, want, FO_ACK_LEN);
	for (len = 0; len <= sizeof(buf); len++) {
		p = exact(buf, len);
		fo_reader_init(&r, p, len);
		assert_int_equal(fo_ack_get(&r, &got),
				 len < FO_ACK_LEN ? -EBADMSG : 0);
		if (len >= FO_ACK_LEN)
			assert_true(got.cum == a.cum && got.sack == a.sack);
		exact_free(p, len);
	}
	for (len = 0; len < FO_ACK_LEN; len++) {
		p = exact(NULL, len);
		fo_writer_init(&w, p, len);
		fo_ack_put(&w, &a);
		assert_true(w.full && w.p <= w.end);
		exact_free(p, len);
	}
}

/* Bytes at random: an answer, whatever it is, and no step outside. */
static void random_bytes(void **state)
{
	struct fo_hello hello;
	struct rng rng = { 7 };
	unsigned int unknown;
	u8 buf[96];
	size_t len;
	int i, err;

	(void)state;
	for (i = 0; i < 50000; i++) {
		len = rng_below(&rng, sizeof(buf) + 1);
		rng_fill(&rng, buf, len);
		err = get_hello(buf, len, &hello, &unknown);
		assert_true(err == 0 || err == -EBADMSG);
		assert_true(hello.ifcs <= FO_HELLO_IFCS);
		assert_true(hello.entries <= FO_HELLO_ENTRIES);
	}
}

static int get_echo(const u8 *buf, size_t len, struct fo_echo *e)
{
	u8 *p = exact(buf, len);
	struct fo_reader r;
	int err;

	memset(e, 0xee, sizeof(*e));
	fo_reader_init(&r, p, len);
	err = fo_echo_get(&r, e);
	exact_free(p, len);
	return err;
}

/* What follows is padding, and what is cut is refused. */
static void echo(void **state)
{
	const struct fo_echo e = { FO_ECHO_REPLY, 1, 0x0123456789abcdefULL };
	struct fo_writer w;
	struct fo_echo got;
	u8 buf[64] = {};
	size_t len;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_echo_put(&w, &e);
	assert_int_equal(w.p - buf, FO_ECHO_LEN);
	for (len = FO_ECHO_LEN; len <= sizeof(buf); len++) {
		assert_int_equal(get_echo(buf, len, &got), 0);
		assert_int_equal(got.op, e.op);
		assert_int_equal(got.link, e.link);
		assert_true(got.no == e.no);
	}
	for (len = 0; len < FO_ECHO_LEN; len++)
		assert_int_equal(get_echo(buf, len, &got), -EBADMSG);
	buf[0] = 0;
	assert_int_equal(get_echo(buf, FO_ECHO_LEN, &got), -EBADMSG);
	buf[0] = FO_ECHO_REPLY + 1;
	assert_int_equal(get_echo(buf, FO_ECHO_LEN, &got), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_round_trip),
		cmocka_unit_test(hello_truncated),
		cmocka_unit_test(hello_without_room),
		cmocka_unit_test(hello_history_fits),
		cmocka_unit_test(hello_odd_entries),
		cmocka_unit_test(hello_settings_fit),
		cmocka_unit_test(hello_odd_settings),
		cmocka_unit_test(hello_too_many_interfaces),
		cmocka_unit_test(hello_odd_interfaces),
		cmocka_unit_test(hello_counts_unknown),
		cmocka_unit_test(ack_bytes),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(echo),
	};

	return cmocka_run_group_tests_name("codec_link", tests, NULL, NULL);
}

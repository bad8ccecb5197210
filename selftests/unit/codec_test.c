// SPDX-License-Identifier: GPL-2.0
/* Cursors, varints, headers, records and attributes: codec.c. */

#include "codec.h"
#include "test.h"

static const struct {
	u64 value;
	size_t len;
	u8 bytes[10];
} varints[] = {
	{ 0, 1, { 0x00 } },
	{ 1, 1, { 0x01 } },
	{ 127, 1, { 0x7f } },
	{ 128, 2, { 0x80, 0x01 } },
	{ 300, 2, { 0xac, 0x02 } },
	{ 16383, 2, { 0xff, 0x7f } },
	{ 16384, 3, { 0x80, 0x80, 0x01 } },
	{ 432000, 3, { 0x80, 0xaf, 0x1a } },
	{ FO_SLOT_MAX, 4, { 0xff, 0xff, 0xff, 0x07 } },
	{ 0xffffffff, 5, { 0xff, 0xff, 0xff, 0xff, 0x0f } },
	{ 1ULL << 63, 10,
	  { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 } },
	{ ~0ULL, 10,
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 } },
};

static void varint_table(void **state)
{
	struct fo_reader r;
	struct fo_writer w;
	u8 buf[10];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(varints); i++) {
		fo_writer_init(&w, buf, sizeof(buf));
		fo_put_var(&w, varints[i].value);
		assert_false(w.full);
		assert_int_equal(w.p - buf, varints[i].len);
		assert_memory_equal(buf, varints[i].bytes, varints[i].len);
		fo_reader_init(&r, buf, varints[i].len);
		assert_true(fo_get_var(&r) == varints[i].value);
		assert_false(r.bad);
		assert_int_equal(fo_left(&r), 0);
	}
}

static void varint_truncated(void **state)
{
	struct fo_reader r;
	size_t i, len;
	u8 *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(varints); i++) {
		for (len = 0; len < varints[i].len; len++) {
			p = exact(varints[i].bytes, len);
			fo_reader_init(&r, p, len);
			assert_int_equal(fo_get_var(&r), 0);
			assert_true(r.bad);
			exact_free(p, len);
		}
	}
}

static void varint_overflow(void **state)
{
	static const struct {
		size_t len;
		u8 bytes[11];
	} bad[] = {
		{ 10, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02 } },
		{ 10, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f } },
		{ 11, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
			0x00 } },
		{ 11, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0x01 } },
		{ 11, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81,
			0x00 } },
	};
	/* longer than it needs to be, yet a number */
	static const u8 padded[] = { 0x85, 0x80, 0x80, 0x00 };
	struct fo_reader r;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fo_reader_init(&r, bad[i].bytes, bad[i].len);
		assert_int_equal(fo_get_var(&r), 0);
		assert_true(r.bad);
		assert_int_equal(fo_left(&r), 0);
	}
	fo_reader_init(&r, padded, sizeof(padded));
	assert_int_equal(fo_get_var(&r), 5);
	assert_false(r.bad);
}

static void varint_random(void **state)
{
	struct rng rng = { 1 };
	struct fo_reader r;
	struct fo_writer w;
	u8 buf[10];
	u64 v;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		v = rng_sized(&rng, 64);
		fo_writer_init(&w, buf, sizeof(buf));
		fo_put_var(&w, v);
		assert_false(w.full);
		fo_reader_init(&r, buf, w.p - buf);
		assert_true(fo_get_var(&r) == v);
		assert_true(!r.bad && r.p == r.end);
	}
}

static void integers_are_big_endian(void **state)
{
	static const u8 want[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct fo_reader r;
	struct fo_writer w;
	u8 buf[15];

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_put_u8(&w, 1);
	fo_put_u16(&w, 0x0203);
	fo_put_u32(&w, 0x04050607);
	fo_put_u64(&w, 0x08090a0b0c0d0e0fULL);
	assert_true(!w.full && w.p == w.end);
	assert_memory_equal(buf, want, sizeof(want));
	fo_reader_init(&r, buf, sizeof(buf));
	assert_int_equal(fo_get_u8(&r), 1);
	assert_int_equal(fo_get_u16(&r), 0x0203);
	assert_int_equal(fo_get_u32(&r), 0x04050607);
	assert_true(fo_get_u64(&r) == 0x08090a0b0c0d0e0fULL);
	assert_true(!r.bad && r.p == r.end);
}

/* One read past the end spoils all that follow, even those that would fit. */
static void reader_stays_bad(void **state)
{
	u8 to[4] = { 9, 9, 9, 9 };
	struct fo_reader r;
	struct fo_attr a;
	struct fo_rec rec;
	u8 *p = exact("\1\2\3", 3);
	char text[4] = "xyz";

	(void)state;
	fo_reader_init(&r, p, 3);
	assert_int_equal(fo_get_u32(&r), 0);
	assert_true(r.bad);
	assert_int_equal(fo_left(&r), 0);
	assert_int_equal(fo_get_u8(&r), 0);
	assert_int_equal(fo_get_var(&r), 0);
	fo_get_bytes(&r, to, 2);
	assert_memory_equal(to, "\0\0\11\11", 4);
	fo_get_text(&r, text, sizeof(text));
	assert_string_equal(text, "");
	assert_int_equal(fo_rec_get(&r, &rec), -EBADMSG);
	assert_int_equal(fo_attr_get(&r, &a), -EBADMSG);
	exact_free(p, 3);
}

static void text_table(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, room;
		const char *want;
	} t[] = {
		{ "", 0, 8, "" },
		{ "inside", 6, 8, "inside" },
		{ "seven77", 7, 8, "seven77" },
		{ "eight888", 8, 8, "eight88" },
		{ "much too long", 13, 8, "much to" },
		{ "x", 1, 1, "" },
		{ "\033[2Jx", 5, 8, "?[2Jx" },
		{ "a\0b", 3, 8, "a?b" },
		{ "\r\n\t\177", 4, 8, "????" },
		{ "\200\377\303\244", 4, 8, "????" },
		{ " ~", 2, 8, " ~" },
	};
	struct fo_reader r;
	char to[9];
	size_t i;
	u8 *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		memset(to, '#', sizeof(to));
		p = exact(t[i].bytes, t[i].len);
		fo_reader_init(&r, p, t[i].len);
		fo_get_text(&r, to, t[i].room);
		assert_string_equal(to, t[i].want);
		assert_int_equal(to[t[i].room], '#');
		assert_true(!r.bad && r.p == r.end);
		exact_free(p, t[i].len);
	}
}

static const struct fo_hdr hdr = {
	.version = FO_WIRE_VERSION,
	.type = FO_FRAME_DATA,
	.len = 40,
	.assoc = 0xa1b2c3d4,
	.counter = 0x00123456789abcdeULL,
};

static void header_bytes(void **state)
{
	static const u8 want[FO_HDR_LEN] = {
		1, 3, 0, 40, 0xa1, 0xb2, 0xc3, 0xd4,
		0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde,
	};
	u8 buf[FO_HDR_LEN];

	(void)state;
	fo_hdr_put(buf, &hdr);
	assert_memory_equal(buf, want, sizeof(want));
}

static void header_table(void **state)
{
	static const struct {
		u8 version, type;
		u16 len;
		u64 counter;
		size_t have;
		int want;
	} t[] = {
		{ 1, FO_FRAME_HAND, 32, 0, 32, 0 },
		{ 1, FO_FRAME_ACK, 48, 1, 48, 0 },
		{ 1, FO_FRAME_DATA, 40, 1, 60, 0 },	/* padded by the medium */
		{ 2, FO_FRAME_DATA, 40, 1, 40, 0 },	/* the caller's to refuse */
		{ 1, FO_FRAME_DATA, 40, 1, 39, -EMSGSIZE },
		{ 1, FO_FRAME_DATA, 31, 1, 40, -EMSGSIZE },
		{ 1, FO_FRAME_DATA, 0, 1, 40, -EMSGSIZE },
		{ 1, FO_FRAME_DATA, 0xffff, 1, 9000, -EMSGSIZE },
		{ 1, 0, 40, 1, 40, -EPROTO },
		{ 1, FO_FRAME_TYPES, 40, 1, 40, -EPROTO },
		{ 1, 0xff, 40, 1, 40, -EPROTO },
		{ 1, FO_FRAME_DATA, 40, (1ULL << FO_COUNTER_BITS) - 1, 40, 0 },
		{ 1, FO_FRAME_DATA, 40, 1ULL << FO_COUNTER_BITS, 40, -EPROTO },
		{ 1, FO_FRAME_DATA, 40, ~0ULL, 40, -EPROTO },
	};
	struct fo_hdr h, got;
	size_t i;
	u8 *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		h = hdr;
		h.version = t[i].version;
		h.type = t[i].type;
		h.len = t[i].len;
		h.counter = t[i].counter;
		p = exact(NULL, t[i].have);
		fo_hdr_put(p, &h);
		memset(&got, 0xee, sizeof(got));
		assert_int_equal(fo_hdr_get(p, t[i].have, &got), t[i].want);
		if (!t[i].want) {
			assert_int_equal(got.version, h.version);
			assert_int_equal(got.type, h.type);
			assert_int_equal(got.len, h.len);
			assert_int_equal(got.assoc, h.assoc);
			assert_true(got.counter == h.counter);
		}
		exact_free(p, t[i].have);
	}
}

static void header_truncated(void **state)
{
	struct fo_hdr h = hdr, got;
	u8 whole[40] = { 0 };
	size_t len;
	u8 *p;

	(void)state;
	fo_hdr_put(whole, &h);
	for (len = 0; len <= sizeof(whole); len++) {
		p = exact(whole, len);
		assert_int_equal(fo_hdr_get(p, len, &got),
				 len < sizeof(whole) ? -EMSGSIZE : 0);
		exact_free(p, len);
	}
}

static size_t write_record(struct fo_writer *w, u8 class, u8 op, size_t len)
{
	u8 *begin = fo_rec_begin(w, class, op);
	size_t i;

	for (i = 0; i < len; i++)
		fo_put_u8(w, i * 7);
	fo_rec_end(w, begin);
	return w->p - begin;
}

/* Lengths around the change from one to two bytes and the greatest one. */
static void record_lengths(void **state)
{
	static const struct {
		size_t len, head;
	} t[] = {
		{ 0, 2 }, { 1, 2 }, { 126, 2 }, { 127, 2 }, { 128, 3 }, { 129, 3 },
		{ 255, 3 }, { 256, 3 }, { 1400, 3 }, { 8192, 3 }, { 0x7fff, 3 },
	};
	u8 *buf = malloc(0x9000);
	struct fo_reader r;
	struct fo_writer w;
	struct fo_rec rec;
	size_t i, n;

	(void)state;
	assert_non_null(buf);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		fo_writer_init(&w, buf, t[i].len + t[i].head);
		assert_int_equal(write_record(&w, 31, 7, t[i].len),
				 t[i].len + t[i].head);
		assert_true(!w.full && w.p == w.end);
		fo_reader_init(&r, buf, w.p - buf);
		assert_int_equal(fo_rec_get(&r, &rec), 1);
		assert_int_equal(rec.class, 31);
		assert_int_equal(rec.op, 7);
		assert_int_equal(fo_left(&rec.body), t[i].len);
		for (n = 0; n < t[i].len; n++)
			assert_int_equal(fo_get_u8(&rec.body), (u8)(n * 7));
		assert_int_equal(fo_rec_get(&r, &rec), 0);
	}
	fo_writer_init(&w, buf, 0x9000);
	write_record(&w, 1, 1, 0x8000);
	assert_true(w.full);
	free(buf);
}

/* Room for one byte less than the record needs, down to none. */
static void record_without_room(void **state)
{
	static const size_t lens[] = { 0, 5, 127, 128, 300 };
	struct fo_writer w;
	size_t i, need, have;
	u8 *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		need = lens[i] + (lens[i] > 127 ? 3 : 2);
		for (have = 0; have <= need; have++) {
			p = exact(NULL, have);
			fo_writer_init(&w, p, have);
			write_record(&w, 1, 1, lens[i]);
			assert_int_equal(w.full, have < need);
			assert_true(w.p <= w.end);
			exact_free(p, have);
		}
	}
}

/* A row of records is read back as it was written; each cut is noticed. */
static void records_in_a_row(void **state)
{
	static const size_t lens[] = { 3, 0, 200, 127, 1 };
	size_t i, len, end[ARRAY_SIZE(lens)], whole;
	u8 buf[512], *p;
	struct fo_reader r;
	struct fo_writer w;
	struct fo_rec rec;
	int err, n;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		write_record(&w, i, i + 1, lens[i]);
		end[i] = w.p - buf;
	}
	assert_false(w.full);
	whole = w.p - buf;
	for (len = 0; len <= whole; len++) {
		p = exact(buf, len);
		fo_reader_init(&r, p, len);
		for (n = 0; (err = fo_rec_get(&r, &rec)) > 0; n++) {
			assert_int_equal(rec.class, n);
			assert_int_equal(rec.op, n + 1);
			assert_int_equal(fo_left(&rec.body), lens[n]);
		}
		for (i = 0; i < ARRAY_SIZE(lens) && end[i] <= len; i++)
			;
		assert_int_equal(n, i);
		assert_int_equal(err, !len || end[n - !!n] == len ? 0 : -EBADMSG);
		exact_free(p, len);
	}
}

static void attribute_lengths(void **state)
{
	static const struct {
		size_t len, head;
	} t[] = {
		{ 0, 1 }, { 1, 1 }, { 6, 1 }, { 7, 2 }, { 8, 2 }, { 127, 2 },
		{ 128, 2 }, { 255, 2 },
	};
	u8 from[256], buf[300];
	struct rng rng = { 2 };
	struct fo_reader r;
	struct fo_writer w;
	struct fo_attr a;
	size_t i;

	(void)state;
	rng_fill(&rng, from, sizeof(from));
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		fo_writer_init(&w, buf, t[i].len + t[i].head);
		fo_attr_put(&w, 31, from, t[i].len);
		assert_true(!w.full && w.p == w.end);
		fo_reader_init(&r, buf, w.p - buf);
		assert_int_equal(fo_attr_get(&r, &a), 1);
		assert_int_equal(a.type, 31);
		assert_int_equal(fo_left(&a.body), t[i].len);
		assert_memory_equal(a.body.p, from, t[i].len);
		assert_int_equal(fo_attr_get(&r, &a), 0);
	}
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, 1, from, 256);
	assert_true(w.full);
	assert_ptr_equal(w.p, buf);
}

static void write_attrs(struct fo_writer *w)
{
	fo_attr_u8(w, 1, 0x12);
	fo_attr_u32(w, 2, 0x12345678);
	fo_attr_u64(w, 3, 0x123456789abcdef0ULL);
	fo_attr_var(w, 4, 300);
	fo_attr_var(w, 5, ~0ULL);
	fo_attr_put(w, 6, "0123456789", 10);
	fo_attr_put(w, 7, "", 0);
}

static void attributes_in_a_row(void **state)
{
	static const size_t end[] = { 0, 2, 7, 17, 20, 32, 44, 45 };
	struct fo_reader r;
	struct fo_writer w;
	struct fo_attr a;
	size_t len, i;
	u8 buf[64], *p;
	int err, n;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	write_attrs(&w);
	assert_int_equal(w.p - buf, end[ARRAY_SIZE(end) - 1]);
	for (len = 0; len <= end[ARRAY_SIZE(end) - 1]; len++) {
		p = exact(buf, len);
		fo_reader_init(&r, p, len);
		for (n = 0; (err = fo_attr_get(&r, &a)) > 0; n++)
			assert_int_equal(a.type, n + 1);
		for (i = 0; i + 1 < ARRAY_SIZE(end) && end[i + 1] <= len; i++)
			;
		assert_int_equal(n, i);
		assert_int_equal(err, end[i] == len ? 0 : -EBADMSG);
		exact_free(p, len);
	}
}

/* A writer with room for N bytes holds the first of them and says it is full. */
static void writer_full_at_every_position(void **state)
{
	struct fo_writer w;
	size_t whole, have;
	u8 buf[64], *p;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	write_attrs(&w);
	whole = w.p - buf;
	for (have = 0; have <= whole; have++) {
		p = exact(NULL, have);
		fo_writer_init(&w, p, have);
		write_attrs(&w);
		assert_int_equal(w.full, have < whole);
		assert_true(w.p <= w.end);
		assert_memory_equal(p, buf, w.p - p);
		exact_free(p, have);
	}
}

static void full_writer_writes_nothing(void **state)
{
	u8 buf[32], want[32];
	struct fo_writer w;
	u8 *begin;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	memset(want, 0xee, sizeof(want));
	fo_writer_init(&w, buf, 3);
	fo_put_u32(&w, 0);
	assert_true(w.full);
	begin = fo_rec_begin(&w, 1, 1);
	fo_put_u8(&w, 0);
	fo_put_u64(&w, 0);
	fo_put_bytes(&w, want, 1);
	fo_put_var(&w, 5);
	fo_attr_put(&w, 1, want, 1);
	fo_rec_end(&w, begin);
	assert_true(w.full);
	assert_memory_equal(buf, want, sizeof(buf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(varint_table),
		cmocka_unit_test(varint_truncated),
		cmocka_unit_test(varint_overflow),
		cmocka_unit_test(varint_random),
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(reader_stays_bad),
		cmocka_unit_test(text_table),
		cmocka_unit_test(header_bytes),
		cmocka_unit_test(header_table),
		cmocka_unit_test(header_truncated),
		cmocka_unit_test(record_lengths),
		cmocka_unit_test(record_without_room),
		cmocka_unit_test(records_in_a_row),
		cmocka_unit_test(attribute_lengths),
		cmocka_unit_test(attributes_in_a_row),
		cmocka_unit_test(writer_full_at_every_position),
		cmocka_unit_test(full_writer_writes_nothing),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}

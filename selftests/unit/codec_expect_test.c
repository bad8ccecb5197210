// SPDX-License-Identifier: GPL-2.0
/* Records of expectations: codec_expect.c. */

#include "codec_expect.h"
#include "test.h"

#define ROOM	256
#define ALL	(BIT(FO_EXPECT_E_CLASS) | BIT(FO_EXPECT_E_FLAGS) |	\
		 BIT(FO_EXPECT_E_FN) | BIT(FO_EXPECT_E_NAT) |		\
		 BIT(FO_EXPECT_E_HELPER) | BIT(FO_EXPECT_E_TIMEOUT))

/* What FTP expects after PORT of a client behind NAT. */
static const struct fo_expect ftp = {
	.has = BIT(FO_EXPECT_E_TUPLE4) | BIT(FO_EXPECT_E_FN) |
	       BIT(FO_EXPECT_E_NAT) | BIT(FO_EXPECT_E_TIMEOUT),
	.l3 = 4, .proto = 6,
	.tuple = { { 203, 0, 113, 10 }, { 203, 0, 113, 2 }, { 0 },
		   { 0x9c, 0x40 } },
	.mask_saddr = { 255, 255, 255, 255 },
	.fn = "nat-follow-master", .nat_dir = 1, .nat_port = { 0x9c, 0x40 },
	.nat_addr = { 10, 10, 0, 10 }, .timeout = 300,
};

static void random_text(struct rng *rng, char *to, size_t size)
{
	size_t i, len = 1 + rng_below(rng, size - 1);

	for (i = 0; i < len; i++)
		to[i] = 'a' + rng_below(rng, 26);
}

static void random_entry(struct rng *rng, struct fo_expect *e)
{
	size_t len;

	memset(e, 0, sizeof(*e));
	e->l3 = rng_below(rng, 2) ? 4 : 6;
	len = e->l3 == 4 ? 4 : 16;
	e->has = (rng_next(rng) & ALL) |
		 BIT(e->l3 == 4 ? FO_EXPECT_E_TUPLE4 : FO_EXPECT_E_TUPLE6);
	e->proto = rng_next(rng);
	rng_fill(rng, e->tuple.saddr, len);
	rng_fill(rng, e->tuple.daddr, len);
	rng_fill(rng, e->tuple.sport, 2);
	rng_fill(rng, e->tuple.dport, 2);
	rng_fill(rng, e->mask_saddr, len);
	rng_fill(rng, e->mask_sport, 2);
	if (e->has & BIT(FO_EXPECT_E_CLASS))
		e->class = rng_sized(rng, 32);
	if (e->has & BIT(FO_EXPECT_E_FLAGS))
		e->flags = rng_sized(rng, 32);
	if (e->has & BIT(FO_EXPECT_E_FN))
		random_text(rng, e->fn, sizeof(e->fn));
	if (e->has & BIT(FO_EXPECT_E_NAT)) {
		e->nat_dir = rng_below(rng, 2);
		rng_fill(rng, e->nat_port, 2);
		rng_fill(rng, e->nat_addr, len);
	}
	if (e->has & BIT(FO_EXPECT_E_HELPER))
		random_text(rng, e->helper, sizeof(e->helper));
	if (e->has & BIT(FO_EXPECT_E_TIMEOUT))
		e->timeout = rng_sized(rng, 32);
}

static size_t put(u8 *buf, size_t room, u32 slot, const struct fo_expect *e,
		  size_t n)
{
	struct fo_writer w;
	u8 *begin;

	fo_writer_init(&w, buf, room);
	begin = fo_rec_begin(&w, FO_CLASS_EXPECT, FO_EXPECT_LIST);
	fo_put_var(&w, slot);
	while (n--)
		fo_expect_put(&w, e++);
	fo_rec_end(&w, begin);
	return w.full ? 0 : w.p - buf;
}

/* Entries that were understood, or the error of the first that was not. */
static int get(const u8 *buf, size_t len, u32 *slot, struct fo_expect *e,
	       unsigned int max)
{
	u8 *p = exact(buf, len);
	unsigned int unknown = 0, n = 0;
	struct fo_reader r;
	struct fo_rec rec;
	int err = -EBADMSG;

	fo_reader_init(&r, p, len);
	if (fo_rec_get(&r, &rec) == 1)
		err = fo_expect_list_get(&rec, slot);
	while (!err && n < max) {
		err = fo_expect_next(&rec.body, &e[n], &unknown);
		if (err != 1)
			break;
		n++;
		err = 0;
	}
	exact_free(p, len);
	return err ? err : (int)n;
}

static void round_trip(void **state)
{
	struct fo_expect sent[4], got[5];
	struct rng rng = { 21 };
	u8 buf[5 * ROOM];
	u32 slot, same;
	size_t len;
	int i, j, n;

	(void)state;
	for (i = 0; i < 5000; i++) {
		n = rng_below(&rng, 5);
		for (j = 0; j < n; j++)
			random_entry(&rng, &sent[j]);
		slot = 1 + rng_below(&rng, FO_SLOT_MAX);
		len = put(buf, sizeof(buf), slot, sent, n);
		assert_true(len);
		assert_int_equal(get(buf, len, &same, got, 5), n);
		assert_int_equal(same, slot);
		for (j = 0; j < n; j++)
			assert_memory_equal(&got[j], &sent[j], sizeof(got[j]));
	}
}

static void without_room(void **state)
{
	struct rng rng = { 22 };
	struct fo_expect e;
	size_t len, whole;
	u8 buf[ROOM], *p;
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		random_entry(&rng, &e);
		whole = put(buf, sizeof(buf), 7, &e, 1);
		for (len = 0; len < whole; len++) {
			p = exact(NULL, len);
			assert_int_equal(put(p, len, 7, &e, 1), 0);
			exact_free(p, len);
		}
	}
}

/* Cut anywhere: refused, or an entry knows less. */
static void truncated(void **state)
{
	struct rng rng = { 23 };
	struct fo_expect e, got;
	size_t len, cut;
	u8 buf[ROOM];
	u32 slot;
	int i, n;

	(void)state;
	for (i = 0; i < 300; i++) {
		random_entry(&rng, &e);
		len = put(buf, sizeof(buf), 1, &e, 1);
		for (cut = 0; cut < len; cut++)
			assert_int_equal(get(buf, cut, &slot, &got, 1),
					 -EBADMSG);
		if (len > 129)
			continue;
		/* class and length, slot, then head and length of the entry */
		for (cut = 5; cut < len; cut++) {
			buf[1] = cut - 2;
			buf[4] = cut - 5;
			n = get(buf, cut, &slot, &got, 1);
			assert_true(n == 1 || n == -EBADMSG);
			assert_true(n != 1 || got.has != e.has);
		}
	}
}

#define T4	0x0f, 19, 6, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 80, \
		255, 255, 255, 255, 0, 0
#define BYTES(...)	(const u8 []){ __VA_ARGS__ }, sizeof((u8 []){ __VA_ARGS__ })

/* Bodies after the slot, each one record; how many entries are understood. */
static const struct {
	const char *what;
	const u8 *body;
	size_t len;
	int want;
} bodies[] = {
	{ "no entry", NULL, 0, 0 },
	{ "an entry", BYTES(0x0f, 21, T4), 1 },
	{ "an empty entry", BYTES(0x08), -EBADMSG },
	{ "no tuple", BYTES(0x0a, 0x41, 1), -EBADMSG },
	{ "something else", BYTES(0x10, 0x0f, 21, T4), 1 },
	{ "short tuple", BYTES(0x0f, 4, 0x0a, 1, 2, 3), -EBADMSG },
	{ "NAT before its tuple",
	  BYTES(0x0f, 30, 0x37, 7, 1, 0, 80, 10, 0, 0, 1, T4), -EBADMSG },
	{ "NAT in a third direction",
	  BYTES(0x0f, 30, T4, 0x37, 7, 2, 0, 80, 10, 0, 0, 1), -EBADMSG },
	{ "function without name", BYTES(0x0f, 22, T4, 0x28), -EBADMSG },
	{ "helper without name", BYTES(0x0f, 22, T4, 0x38), -EBADMSG },
	{ "class beyond 32 bits",
	  BYTES(0x0f, 27, T4, 0x1d, 0x80, 0x80, 0x80, 0x80, 0x10), -EBADMSG },
	{ "a later attribute", BYTES(0x0f, 22, T4, 0xf8), 1 },
};

static void body_table(void **state)
{
	struct fo_expect e[2];
	u8 buf[ROOM];
	size_t i;
	u32 slot;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		buf[0] = FO_CLASS_EXPECT << 3 | FO_EXPECT_LIST;
		buf[1] = bodies[i].len + 1;
		buf[2] = 1;
		if (bodies[i].len)
			memcpy(buf + 3, bodies[i].body, bodies[i].len);
		if (get(buf, 3 + bodies[i].len, &slot, e, 2) != bodies[i].want)
			fail_msg("%zu: %s", i, bodies[i].what);
	}
}

static void slots_and_ops(void **state)
{
	struct fo_expect e;
	u8 buf[ROOM];
	u32 slot;
	size_t len = put(buf, sizeof(buf), FO_SLOT_MAX, &ftp, 0);

	(void)state;
	assert_int_equal(get(buf, len, &slot, &e, 1), 0);
	assert_int_equal(slot, FO_SLOT_MAX);
	len = put(buf, sizeof(buf), FO_SLOT_MAX + 1, &ftp, 0);
	assert_int_equal(get(buf, len, &slot, &e, 1), -EBADMSG);
	len = put(buf, sizeof(buf), 0, &ftp, 0);
	assert_int_equal(get(buf, len, &slot, &e, 1), -EBADMSG);
	buf[0] = FO_CLASS_EXPECT << 3 | 2;
	assert_int_equal(get(buf, len, &slot, &e, 1), -EOPNOTSUPP);
}

/* As Documentation/protocol.rst has them. */
static void sizes(void **state)
{
	struct fo_expect e = ftp;
	u8 buf[ROOM];

	(void)state;
	assert_int_equal(put(buf, sizeof(buf), 100000, &e, 0), 5);
	assert_int_equal(put(buf, sizeof(buf), 100000, &e, 1), 59);
	e.has &= ~(BIT(FO_EXPECT_E_FN) | BIT(FO_EXPECT_E_NAT));
	assert_int_equal(put(buf, sizeof(buf), 100000, &e, 1), 31);
	e.l3 = 6;
	assert_int_equal(put(buf, sizeof(buf), 100000, &e, 1), 67);
	e.has = ftp.has;
	assert_int_equal(put(buf, sizeof(buf), 100000, &e, 1), 107);
}

static void random_bytes(void **state)
{
	struct rng rng = { 24 };
	struct fo_expect e[4];
	u8 buf[100];
	int i, n;
	size_t len;
	u32 slot;

	(void)state;
	for (i = 0; i < 100000; i++) {
		len = 2 + rng_below(&rng, sizeof(buf) - 1);
		rng_fill(&rng, buf, len);
		buf[0] = FO_CLASS_EXPECT << 3 | FO_EXPECT_LIST;
		buf[1] = len - 2;
		n = get(buf, len, &slot, e, 4);
		assert_true(n >= 0 || n == -EBADMSG);
	}
}

/* What is read of a body: 0, or an error. */
static int read_sip(const u8 *body, size_t len, u8 op, struct fo_sip *s)
{
	u8 buf[ROOM], *p, *begin;
	struct fo_reader r;
	struct fo_writer w;
	struct fo_rec rec;
	int err = -EBADMSG;

	fo_writer_init(&w, buf, sizeof(buf));
	begin = fo_rec_begin(&w, FO_CLASS_EXPECT, op);
	fo_put_bytes(&w, body, len);
	fo_rec_end(&w, begin);
	p = exact(buf, w.p - buf);
	fo_reader_init(&r, p, w.p - buf);
	if (fo_rec_get(&r, &rec) == 1)
		err = fo_sip_get(&rec, s);
	exact_free(p, w.p - buf);
	return err;
}

/* The longest takes FO_SIP_MAX; one that is cut, or has no slot, is none. */
static void sip(void **state)
{
	const struct fo_sip longest = { FO_SLOT_MAX, U32_MAX, U32_MAX, { 0xff, 1 } };
	u8 buf[ROOM];
	struct fo_sip s;
	struct fo_writer w;
	size_t len;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_sip_put(&w, &longest);
	assert_int_equal(w.p - buf, FO_SIP_MAX);
	assert_int_equal(read_sip(buf + 2, FO_SIP_MAX - 2, FO_EXPECT_SIP, &s), 0);
	assert_memory_equal(&s, &longest, sizeof(s));
	for (len = 0; len < FO_SIP_MAX - 2; len++)
		assert_int_equal(read_sip(buf + 2, len, FO_EXPECT_SIP, &s),
				 -EBADMSG);
	assert_int_equal(read_sip(buf + 2, FO_SIP_MAX - 2, FO_EXPECT_LIST, &s),
			 -EOPNOTSUPP);
	assert_int_equal(read_sip((const u8 *)"\0\1\1\0\0", 5, FO_EXPECT_SIP, &s),
			 -EBADMSG);
	/* a number of more than 32 bits */
	assert_int_equal(read_sip((const u8 *)"\1\xff\xff\xff\xff\x7f\1\0\0", 9,
				  FO_EXPECT_SIP, &s), -EBADMSG);
}

static int read_pptp(const u8 *body, size_t len, u8 op, struct fo_pptp *p)
{
	u8 *copy = exact(body, len);
	struct fo_rec rec = { .class = FO_CLASS_EXPECT, .op = op };
	int err;

	fo_reader_init(&rec.body, copy, len);
	err = fo_pptp_get(&rec, p);
	exact_free(copy, len);
	return err;
}

/* The longest takes FO_PPTP_MAX; a state that the kernel does not have is none. */
static void pptp(void **state)
{
	const struct fo_pptp longest = {
		FO_SLOT_MAX, FO_PPTP_SESSIONS - 1, FO_PPTP_CALLS - 1,
		{ 0x40, 1 }, { 0xa7, 0x83 }, { 0x40, 2 }, { 0, 7 },
	};
	const size_t body = FO_PPTP_MAX - 2;
	u8 buf[ROOM];
	struct fo_pptp p;
	struct fo_writer w;
	size_t len;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_pptp_put(&w, &longest);
	assert_int_equal(w.p - buf, FO_PPTP_MAX);
	assert_true(FO_PPTP_MAX <= FO_HELPER_MAX);
	memset(&p, 0, sizeof(p));
	assert_int_equal(read_pptp(buf + 2, body, FO_EXPECT_PPTP, &p), 0);
	assert_memory_equal(&p, &longest, sizeof(p));
	for (len = 0; len < body; len++)
		assert_int_equal(read_pptp(buf + 2, len, FO_EXPECT_PPTP, &p),
				 -EBADMSG);
	assert_int_equal(read_pptp(buf + 2, body, FO_EXPECT_SIP, &p), -EOPNOTSUPP);
	buf[6]++;
	assert_int_equal(read_pptp(buf + 2, body, FO_EXPECT_PPTP, &p), -EBADMSG);
	buf[6]--;
	buf[7]++;
	assert_int_equal(read_pptp(buf + 2, body, FO_EXPECT_PPTP, &p), -EBADMSG);
	/* as Documentation/protocol.rst has it */
	p.slot = 100000;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_pptp_put(&w, &p);
	assert_int_equal(w.p - buf, 15);
	/* no slot */
	assert_int_equal(read_pptp((const u8 *)"\0\1\1\1\2\3\4\5\6\7\10", 11,
				   FO_EXPECT_PPTP, &p), -EBADMSG);
}

static int read_h323(const u8 *body, size_t len, u8 op, struct fo_h323 *h)
{
	u8 *copy = exact(body, len);
	struct fo_rec rec = { .class = FO_CLASS_EXPECT, .op = op };
	int err;

	fo_reader_init(&rec.body, copy, len);
	err = fo_h323_get(&rec, h);
	exact_free(copy, len);
	return err;
}

/* Each set of ports comes back, each in its place. */
static void h323_sets(void **state)
{
	unsigned int set;
	int i;

	(void)state;
	for (set = 0; set < 1 << FO_H323_PORTS; set++) {
		struct fo_h323 in = { .slot = 1 + set }, out;
		struct fo_writer w;
		u8 buf[ROOM];

		for (i = 0; i < FO_H323_PORTS; i++)
			if (set & BIT(i))
				in.port[i][i & 1] = 1 + i;
		fo_writer_init(&w, buf, sizeof(buf));
		fo_h323_put(&w, &in);
		memset(&out, 0xff, sizeof(out));
		assert_int_equal(read_h323(buf + 2, w.p - buf - 2, FO_EXPECT_H323,
					   &out), 0);
		assert_memory_equal(&out, &in, sizeof(in));
	}
}

/* The longest takes FO_H323_MAX; an eleventh port, or one that is 0, is none. */
static void h323(void **state)
{
	const size_t body = FO_H323_MAX - 2;
	struct fo_h323 longest = { FO_SLOT_MAX, {} }, h = { 100000, {} };
	u8 buf[ROOM];
	struct fo_writer w;
	size_t len;

	(void)state;
	memset(longest.port, 0xff, sizeof(longest.port));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_h323_put(&w, &longest);
	assert_int_equal(w.p - buf, FO_H323_MAX);
	assert_true(FO_H323_MAX <= FO_HELPER_MAX);
	/* as Documentation/protocol.rst has it */
	memset(h.port, 0xff, 2 * sizeof(h.port[0]));
	fo_writer_init(&w, buf + FO_H323_MAX, sizeof(buf) - FO_H323_MAX);
	fo_h323_put(&w, &h);
	assert_int_equal(w.p - (buf + FO_H323_MAX), 10);
	assert_int_equal(read_h323(buf + 2, body, FO_EXPECT_H323, &h), 0);
	assert_memory_equal(&h, &longest, sizeof(h));
	for (len = 0; len < body; len++)
		assert_int_equal(read_h323(buf + 2, len, FO_EXPECT_H323, &h),
				 -EBADMSG);
	assert_int_equal(read_h323(buf + 2, body, FO_EXPECT_PPTP, &h), -EOPNOTSUPP);
	/* an eleventh port, one that is 0, no slot */
	assert_int_equal(read_h323((const u8 *)"\1\x80\x08\1\1", 5,
				   FO_EXPECT_H323, &h), -EBADMSG);
	assert_int_equal(read_h323((const u8 *)"\1\1\0\0", 4, FO_EXPECT_H323, &h),
			 -EBADMSG);
	assert_int_equal(read_h323((const u8 *)"\0\1\1\1", 4, FO_EXPECT_H323, &h),
			 -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(without_room),
		cmocka_unit_test(truncated),
		cmocka_unit_test(body_table),
		cmocka_unit_test(slots_and_ops),
		cmocka_unit_test(sizes),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(sip),
		cmocka_unit_test(pptp),
		cmocka_unit_test(h323_sets),
		cmocka_unit_test(h323),
	};

	return cmocka_run_group_tests_name("codec_expect", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* Records of IPsec SAs: codec_sa.c. */

#include "codec_sa.h"
#include "test.h"

#define HEAD	2	/* class and operation, length */
#define FIXED	(1 + 1 + 4)

/* A connection of an office after some hours. */
static const struct fo_sa_rec four = {
	.id = { .op = FO_SA_USED4, .proto = 50, .daddr = { 203, 0, 113, 10 },
		.spi = 0xc0ffee01 },
	.use = { .sent = 1500000, .bytes = 2000000000, .packets = 1500000 },
	.age = 5000, .used = 4990,
};

static const struct fo_sa_rec six = {
	.id = { .op = FO_SA_USED6, .proto = 51, .daddr = { 0xfd, [15] = 1 },
		.spi = 256, .mark = 0, .mask = 0xff, .if_id = 7 },
	.in = true,
	.use = { .received = 1ULL << 40, .bytes = ~0ULL, .packets = ~0ULL },
	.age = 1,
};

static size_t put(u8 *buf, size_t room, const struct fo_sa_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_sa_rec_put(&w, rec);
	return w.full ? 0 : w.p - buf;
}

/* -1: there is no such record at all. */
static int get(const u8 *from, size_t len, struct fo_sa_rec *rec)
{
	struct fo_reader r;
	struct fo_rec one;

	fo_reader_init(&r, from, len);
	if (fo_rec_get(&r, &one) != 1)
		return -1;
	return fo_sa_rec_get(&one, rec);
}

static void round_trip(void **state)
{
	struct fo_sa_rec rec;
	u8 buf[128];
	size_t len = put(buf, sizeof(buf), &four);

	(void)state;
	assert_int_equal(len, HEAD + FIXED + 4 + 3 + 1 + 5 + 3 + 2 + 2);
	assert_int_equal(buf[0], FO_CLASS_SA << 3 | FO_SA_USED4);
	assert_int_equal(buf[2], 0);
	assert_int_equal(get(buf, len, &rec), 0);
	assert_memory_equal(&rec, &four, sizeof(rec));
	len = put(buf, sizeof(buf), &six);
	assert_int_equal(len, HEAD + FIXED + 16 + 8 + 4 + 1 + 6 + 10 + 10 + 1 + 1);
	assert_int_equal(buf[2], FO_SA_IN | FO_SA_MARK | FO_SA_IF_ID);
	assert_int_equal(get(buf, len, &rec), 0);
	assert_memory_equal(&rec, &six, sizeof(rec));
}

static void longest(void **state)
{
	struct fo_sa_rec all = six;
	u8 buf[128];

	(void)state;
	all.use.sent = all.use.received = all.age = all.used = ~0ULL;
	assert_int_equal(put(buf, sizeof(buf), &all),
			 HEAD + FIXED + 16 + 8 + 4 + 6 * 10);
}

static void without_room(void **state)
{
	size_t len, whole;
	u8 buf[128], *p;

	(void)state;
	whole = put(buf, sizeof(buf), &six);
	for (len = 0; len < whole; len++) {
		p = exact(NULL, len);
		assert_int_equal(put(p, len, &six), 0);
		exact_free(p, len);
	}
}

/* A body that is shorter by some bytes, in a record that says so. */
static void truncated(void **state)
{
	const struct fo_sa_rec *all[] = { &four, &six };
	struct fo_sa_rec rec;
	size_t i, len, whole;
	u8 buf[128], *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		whole = put(buf, sizeof(buf), all[i]);
		for (len = HEAD; len < whole; len++) {
			buf[1] = len - HEAD;
			p = exact(buf, len);
			assert_int_equal(get(p, len, &rec), -EBADMSG);
			exact_free(p, len);
		}
	}
}

static void refused(void **state)
{
	struct fo_sa_rec rec, bad[3] = { four, four, four };
	u8 buf[128];
	size_t i, len;

	(void)state;
	bad[0].id.spi = 0;
	bad[1].id.proto = 6;
	bad[2].id.proto = 0;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[i]), &rec),
				 -EBADMSG);
	bad[0] = four;
	bad[0].id.op = 3;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[0]), &rec),
			 -EOPNOTSUPP);
	/* a flag of a later version: what follows is not known */
	len = put(buf, sizeof(buf), &four);
	buf[2] = 1 << 3;
	assert_int_equal(get(buf, len, &rec), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(longest),
		cmocka_unit_test(without_room),
		cmocka_unit_test(truncated),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests_name("codec_sa", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* Bodies of HAND frames: codec_link.c. */

#include "codec_link.h"
#include "test.h"

#define ROOM	2048

static const struct fo_hand hand = {
	.op = FO_HAND_INIT,
	.unit = 2,
	.assoc = 0xcafe0001,
	.index = 0xcafe0002,
	.boot = 0x0123456789abcdefULL,
	.stamp = 1700000000000000000ULL,
	.caps = 300,
	.mtu = 1500,
	.digest = 0xfedcba9876543211ULL,
	.version = "1.0.0",
};

static void assert_hand_equal(const struct fo_hand *a, const struct fo_hand *b)
{
	assert_int_equal(a->op, b->op);
	assert_int_equal(a->unit, b->unit);
	assert_int_equal(a->assoc, b->assoc);
	assert_int_equal(a->index, b->index);
	assert_true(a->boot == b->boot);
	assert_true(a->stamp == b->stamp);
	assert_true(a->caps == b->caps);
	assert_int_equal(a->mtu, b->mtu);
	assert_true(a->digest == b->digest);
	assert_string_equal(a->version, b->version);
}

static size_t put_hand(u8 *buf, const struct fo_hand *h)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, ROOM);
	fo_hand_put(&w, h);
	assert_false(w.full);
	return w.p - buf;
}

static int get_hand(const u8 *buf, size_t len, struct fo_hand *h)
{
	u8 *p = exact(buf, len);
	struct fo_reader r;
	int err;

	memset(h, 0xee, sizeof(*h));
	fo_reader_init(&r, p, len);
	err = fo_hand_get(&r, h);
	exact_free(p, len);
	return err;
}

static void hand_round_trip(void **state)
{
	struct rng rng = { 3 };
	struct fo_hand h, got;
	u8 buf[ROOM];
	size_t i, len;
	int n;

	(void)state;
	for (n = 0; n < 5000; n++) {
		memset(&h, 0, sizeof(h));
		h.op = 1 + rng_below(&rng, 255);
		h.unit = 1 + rng_below(&rng, 255);
		h.assoc = 1 + rng_below(&rng, U32_MAX);
		h.boot = rng_sized(&rng, 64) | 1;
		h.index = rng_sized(&rng, 32);
		h.stamp = rng_sized(&rng, 64);
		h.caps = rng_sized(&rng, 64);
		h.mtu = rng_sized(&rng, 32);
		h.digest = rng_sized(&rng, 64);
		len = rng_below(&rng, sizeof(h.version));
		for (i = 0; i < len; i++)
			h.version[i] = 0x20 + rng_below(&rng, 0x5f);
		assert_int_equal(get_hand(buf, put_hand(buf, &h), &got), 0);
		assert_hand_equal(&h, &got);
	}
}

/*
 * A cut between attributes can only be seen when what is missing is needed;
 * any other cut is refused.
 */
static void hand_truncated(void **state)
{
	struct fo_hand got;
	u8 buf[ROOM];
	size_t len, whole = put_hand(buf, &hand);
	/*
	 * the ends of those that are needed, caps, MTU, version, index, stamp,
	 * digest
	 */
	static const size_t ends[] = { 19, 22, 25, 31, 36, 46, 56 };
	size_t i;

	(void)state;
	assert_int_equal(whole, ends[6]);
	for (len = 0; len <= whole; len++) {
		bool good = false;

		for (i = 0; i < 7; i++)
			good |= len == ends[i];
		assert_int_equal(get_hand(buf, len, &got), good ? 0 : -EBADMSG);
	}
}

static void hand_needs(void **state)
{
	struct fo_hand h, got;
	u8 buf[ROOM];
	int i;

	(void)state;
	for (i = 0; i < 6; i++) {
		h = hand;
		if (i == 0)
			h.op = 0;
		if (i == 1)
			h.unit = 0;
		if (i == 2)
			h.assoc = 0;
		if (i == 3)
			h.boot = 0;
		if (i == 4)
			h.version[0] = 0;
		if (i == 5)
			h.caps = 0;
		assert_int_equal(get_hand(buf, put_hand(buf, &h), &got),
				 i < 4 ? -EBADMSG : 0);
	}
}

static void hand_version_is_printable(void **state)
{
	struct fo_hand h = hand, got;
	u8 buf[ROOM];

	(void)state;
	memcpy(h.version, "\033[31m1.0\n\177\377", 12);
	assert_int_equal(get_hand(buf, put_hand(buf, &h), &got), 0);
	assert_string_equal(got.version, "?[31m1.0???");

	/* without a zero at its end; the reader keeps room for one */
	memset(h.version, 'v', sizeof(h.version));
	assert_int_equal(get_hand(buf, put_hand(buf, &h), &got), 0);
	assert_int_equal(strlen(got.version), FO_VERSION_TEXT - 1);
}

/* Attributes of a later version, in front, between and behind. */
static void hand_skips_unknown(void **state)
{
	struct fo_hand got;
	struct fo_writer w;
	u8 buf[ROOM], more[200] = { 0 };

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, 31, more, sizeof(more));
	fo_attr_put(&w, 0, more, 0);
	fo_hand_put(&w, &hand);
	fo_attr_put(&w, 30, more, 6);
	assert_false(w.full);
	assert_int_equal(get_hand(buf, w.p - buf, &got), 0);
	assert_hand_equal(&hand, &got);
}

/* A known attribute that grew keeps its old part in front. */
static void hand_longer_attributes(void **state)
{
	struct fo_writer w;
	struct fo_hand got;
	u8 buf[ROOM];

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HAND_A_OP, "\2\377", 2);
	fo_attr_put(&w, FO_HAND_A_UNIT, "\1\377\377", 3);
	fo_attr_put(&w, FO_HAND_A_ASSOC, "\0\0\0\7\377", 5);
	fo_attr_put(&w, FO_HAND_A_BOOT, "\0\0\0\0\0\0\0\11\377", 9);
	assert_int_equal(get_hand(buf, w.p - buf, &got), 0);
	assert_int_equal(got.op, 2);
	assert_int_equal(got.unit, 1);
	assert_int_equal(got.assoc, 7);
	assert_int_equal(got.boot, 9);
}

static void hand_short_attributes(void **state)
{
	static const struct {
		u8 type, len;
	} t[] = {
		{ FO_HAND_A_OP, 0 }, { FO_HAND_A_UNIT, 0 },
		{ FO_HAND_A_ASSOC, 3 }, { FO_HAND_A_BOOT, 7 },
		{ FO_HAND_A_CAPS, 0 }, { FO_HAND_A_MTU, 0 },
	};
	struct fo_writer w;
	struct fo_hand got;
	u8 buf[ROOM];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		fo_writer_init(&w, buf, sizeof(buf));
		fo_hand_put(&w, &hand);
		fo_attr_put(&w, t[i].type, "\1\1\1\1\1\1\1", t[i].len);
		assert_int_equal(get_hand(buf, w.p - buf, &got), -EBADMSG);
	}
}

/* Bytes at random: an answer, whatever it is, and no step outside. */
static void hand_random_bytes(void **state)
{
	struct rng rng = { 7 };
	struct fo_hand h;
	u8 buf[96];
	size_t len;
	int i, err;

	(void)state;
	for (i = 0; i < 50000; i++) {
		len = rng_below(&rng, sizeof(buf) + 1);
		rng_fill(&rng, buf, len);
		err = get_hand(buf, len, &h);
		assert_true(err == 0 || err == -EBADMSG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hand_round_trip),
		cmocka_unit_test(hand_truncated),
		cmocka_unit_test(hand_needs),
		cmocka_unit_test(hand_version_is_printable),
		cmocka_unit_test(hand_skips_unknown),
		cmocka_unit_test(hand_longer_attributes),
		cmocka_unit_test(hand_short_attributes),
		cmocka_unit_test(hand_random_bytes),
	};

	return cmocka_run_group_tests_name("codec_hand", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* Records of user objects: codec_object.c. */

#include "codec_object.h"
#include "test.h"

/* What a frame has for records on a link of an MTU of 1280, in UDP over IPv6. */
#define NARROW	(1280 - 48 - FO_FRAME_OVERHEAD)

static const struct fo_object_rec login = {
	.op = FO_OBJECT_PUT,
	.key = { .space = "portal", .len = 9, .key = "192.0.2.7" },
	.left = 3600000,
	.value = (const u8 *)"alice",
	.len = 5,
};

static size_t put(u8 *buf, size_t room, const struct fo_object_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_object_rec_put(&w, rec);
	return w.full ? 0 : w.p - buf;
}

/* -1: there is no such record at all. */
static int get(const u8 *from, size_t len, struct fo_object_rec *rec)
{
	struct fo_reader r;
	struct fo_rec one;

	fo_reader_init(&r, from, len);
	if (fo_rec_get(&r, &one) != 1)
		return -1;
	return fo_object_rec_get(&one, rec);
}

static void is_record(const struct fo_object_rec *got,
		      const struct fo_object_rec *want)
{
	assert_int_equal(got->op, want->op);
	assert_memory_equal(&got->key, &want->key, sizeof(got->key));
	if (!fo_object_has_value(want->op))
		return;
	assert_int_equal(got->left, want->left);
	assert_int_equal(got->len, want->len);
	assert_memory_equal(got->value, want->value, want->len);
}

static void round_trip(void **state)
{
	struct fo_object_rec rec, gone = login, secret = login;
	u8 buf[64];
	size_t len = put(buf, sizeof(buf), &login);

	(void)state;
	/* class, length; space; key; lifetime; value */
	assert_int_equal(len, 2 + 7 + 10 + 4 + 5);
	assert_int_equal(get(buf, len, &rec), 0);
	is_record(&rec, &login);
	secret.op = FO_OBJECT_SECRET;
	assert_int_equal(put(buf, sizeof(buf), &secret), len);
	assert_int_equal(get(buf, len, &rec), 0);
	is_record(&rec, &secret);
	gone.op = FO_OBJECT_EXPIRED;
	len = put(buf, sizeof(buf), &gone);
	assert_int_equal(len, 2 + 7 + 10);
	assert_int_equal(get(buf, len, &rec), 0);
	is_record(&rec, &gone);
	assert_int_equal(rec.len, 0);
}

/* The longest one fits into a frame of the narrowest link. */
static void longest(void **state)
{
	struct fo_object_rec rec, big = { .op = FO_OBJECT_PUT };
	u8 value[FO_OBJECT_VALUE], buf[NARROW];
	size_t len;

	(void)state;
	memset(big.key.space, 's', FO_OBJECT_SPACE - 1);
	memset(big.key.key, 'k', FO_OBJECT_KEY);
	memset(value, 0xfe, sizeof(value));
	big.key.len = FO_OBJECT_KEY;
	big.left = FO_OBJECT_LIFE_MAX;
	big.value = value;
	big.len = sizeof(value);
	len = put(buf, sizeof(buf), &big);
	assert_int_equal(len, 3 + 16 + 129 + 6 + 1024);
	assert_int_equal(get(buf, len, &rec), 0);
	is_record(&rec, &big);
}

static void without_room(void **state)
{
	u8 buf[64], *p;
	size_t len, whole = put(buf, sizeof(buf), &login);

	(void)state;
	for (len = 0; len < whole; len++) {
		p = exact(NULL, len);
		assert_int_equal(put(p, len, &login), 0);
		exact_free(p, len);
	}
}

/* A body that is shorter by some bytes, in a record that says so. */
static void truncated(void **state)
{
	struct fo_object_rec rec;
	u8 buf[64], *p;
	size_t len, whole = put(buf, sizeof(buf), &login);

	(void)state;
	for (len = 2; len < whole; len++) {
		buf[1] = len - 2;
		p = exact(buf, len);
		/* a shorter value is a value */
		assert_int_equal(get(p, len, &rec),
				 len >= 2 + 7 + 10 + 4 ? 0 : -EBADMSG);
		exact_free(p, len);
	}
}

static void refused(void **state)
{
	static const char *const bad_space[] = {
		"", "two words", "a/b", "\x1b[2J", "q\"", "\xc3\xa4",
	};
	struct fo_object_rec rec, bad;
	u8 buf[1400];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad_space); i++) {
		bad = login;
		memset(bad.key.space, 0, sizeof(bad.key.space));
		strcpy(bad.key.space, bad_space[i]);
		assert_false(fo_object_space_ok(bad.key.space));
		assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec),
				 -EBADMSG);
	}
	bad = login;
	bad.key.len = 0;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec), -EBADMSG);
	bad = login;
	bad.left = FO_OBJECT_LIFE_MAX + 1;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec), -EBADMSG);
	bad = login;
	bad.op = 5;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec),
			 -EOPNOTSUPP);
	bad.op = 0;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec),
			 -EOPNOTSUPP);
}

/* Lengths that are greater than what there is room for. */
static void too_long(void **state)
{
	static const u8 zeros[FO_OBJECT_VALUE + 1];
	struct fo_object_rec rec, bad = login;
	u8 buf[1400], *at = buf + 2;
	size_t len;

	(void)state;
	bad.value = zeros;
	bad.len = sizeof(zeros);
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad), &rec), -EBADMSG);
	len = put(buf, sizeof(buf), &login);
	*at = FO_OBJECT_SPACE;
	assert_int_equal(get(buf, len, &rec), -EBADMSG);
	len = put(buf, sizeof(buf), &login);
	at += 7;
	assert_int_equal(*at, 9);
	*at = FO_OBJECT_KEY + 1;
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
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests_name("codec_object", tests, NULL, NULL);
}

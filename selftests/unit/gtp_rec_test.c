// SPDX-License-Identifier: GPL-2.0
/* PDP contexts of GTP as user objects, and how lists of them differ: gtp_rec.c. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gtp_rec.h"
#include "rng.h"
#include "test.h"

static const struct gtp_ctx v1 = {
	.dev = "gtp0", .family = 4, .version = 1, .tid = 0x11223344,
	.peer_family = 4, .peer = { 203, 0, 113, 10 }, .ms = { 10, 9, 0, 1 },
	.out = 0xaabbccdd,
};

static const struct gtp_ctx v0 = {
	.dev = "gtp0", .family = 4, .version = 0, .tid = 0x1122334455667788,
	.peer_family = 4, .peer = { 203, 0, 113, 10 }, .ms = { 10, 9, 0, 2 },
	.out = 0xaabb,
};

static const struct gtp_ctx six = {
	.dev = "gtp-of-15-bytes", .family = 6, .version = 1, .tid = UINT32_MAX,
	.peer_family = 6, .peer = { 0x20, 1, [15] = 2 },
	.ms = { 0xfd, [7] = 7 }, .out = 1,
};

/* With zeros behind it, as what is read has it. */
static void comes_back(const struct gtp_ctx *g, size_t key_len, size_t value_len)
{
	unsigned char key[GTP_KEY], value[GTP_VALUE];
	struct gtp_ctx got;

	assert_int_equal(gtp_put_key(key, g), key_len);
	assert_int_equal(gtp_put_value(value, g), value_len);
	assert_true(gtp_get_key(&got, key, key_len));
	assert_true(gtp_get_value(&got, value, value_len));
	assert_memory_equal(&got, g, sizeof(got));
	assert_true(gtp_is_sound(&got));
}

/* The sizes are those of protocol.rst. */
static void sizes(void **state)
{
	(void)state;
	comes_back(&v1, 10, 13);
	comes_back(&v0, 14, 11);
	comes_back(&six, 21, 37);
}

static void layout(void **state)
{
	unsigned char b[GTP_VALUE];

	(void)state;
	assert_int_equal(gtp_put_key(b, &v1), 10);
	assert_memory_equal(b, "\4\1\x11\x22\x33\x44gtp0", 10);
	assert_int_equal(gtp_put_value(b, &v1), 13);
	assert_memory_equal(b, "\4\xcb\0\x71\x0a\x0a\x09\0\1\xaa\xbb\xcc\xdd", 13);
	gtp_put_key(b, &v0);
	assert_memory_equal(b, "\4\0\x11\x22\x33\x44\x55\x66\x77\x88gtp0", 14);
	gtp_put_value(b, &v0);
	assert_memory_equal(b + 9, "\xaa\xbb", 2);
}

/* --- what is none ----------------------------------------------------------- */

#define BYTES(s)	{ s, sizeof(s) - 1 }

static const struct {
	const char *bytes;
	size_t len;
} bad_keys[] = {
	BYTES(""),
	BYTES("\4"),
	BYTES("\4\1"),
	BYTES("\4\1\0\0\0\1"),			/* no device */
	BYTES("\4\0\0\0\0\0\0\0\0\1"),
	BYTES("\5\1\0\0\0\1gtp0"),		/* a family */
	BYTES("\0\1\0\0\0\1gtp0"),
	BYTES("\4\2\0\0\0\1gtp0"),		/* a version */
	BYTES("\4\1\0\0\0\1gtp-of-16-bytes-"),
	BYTES("\4\1\0\0\0\1gtp\0"),
	BYTES("\4\1\0\0\0\1\0gtp"),
	BYTES("\4\1\0\0\0\1gt/p"),
	BYTES("\4\1\0\0\0\1gt:p"),
	BYTES("\4\1\0\0\0\1gt p"),
	BYTES("\4\1\0\0\0\1gt\033p"),
	BYTES("\4\1\0\0\0\1gt\xc3\xbc"),
	BYTES("\4\1\0\0\0\1."),
	BYTES("\4\1\0\0\0\1.."),
	BYTES("all"),				/* which says that these are all */
};

static void refused_keys(void **state)
{
	struct gtp_ctx g;
	unsigned char *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad_keys) / sizeof(*bad_keys); i++) {
		/* on the heap, so that what is read behind it is noticed */
		p = malloc(bad_keys[i].len ? bad_keys[i].len : 1);
		memcpy(p, bad_keys[i].bytes, bad_keys[i].len);
		if (gtp_get_key(&g, p, bad_keys[i].len))
			fail_msg("key %zu is taken", i);
		free(p);
	}
}

/* Each length but the right one, for each kind. */
static void refused_values(void **state)
{
	const struct gtp_ctx *of[] = { &v1, &v0, &six };
	unsigned char value[GTP_VALUE + 1], *p;
	struct gtp_ctx g;
	size_t i, len, right;

	(void)state;
	for (i = 0; i < 3; i++) {
		memset(value, 0, sizeof(value));
		right = gtp_put_value(value, of[i]);
		for (len = 0; len <= GTP_VALUE; len++) {
			p = malloc(len ? len : 1);
			memcpy(p, value, len);
			g = *of[i];
			assert_int_equal(gtp_get_value(&g, p, len),
					 len == right);
			free(p);
		}
		g = *of[i];
		value[0] = 5;
		assert_false(gtp_get_value(&g, value, right));
	}
}

static void sound(void **state)
{
	struct gtp_ctx g;

	(void)state;
	g = v1;
	g.tid = 1ull << 32;
	assert_false(gtp_is_sound(&g));
	g = v0;
	g.out = 1 << 16;
	assert_false(gtp_is_sound(&g));
	g = v1;
	g.peer_family = 0;
	assert_false(gtp_is_sound(&g));
	g = v1;
	g.dev[0] = 0;
	assert_false(gtp_is_sound(&g));
	g = v1;
	memset(g.dev, 'g', sizeof(g.dev));
	assert_false(gtp_is_sound(&g));
}

/* What is taken has the same bytes; nothing is read beyond them. */
static void anything(void **state)
{
	unsigned char again[GTP_VALUE], *key, *value;
	struct rng rng = { 20261127 };
	size_t key_len, value_len, i, taken = 0;
	struct gtp_ctx g;
	int n;

	(void)state;
	for (n = 0; n < 50000; n++) {
		key_len = rng_below(&rng, GTP_KEY);
		value_len = rng_below(&rng, GTP_VALUE);
		key = malloc(key_len + 1);
		value = malloc(value_len + 1);
		for (i = 0; i < key_len; i++)
			key[i] = i < 2 ? rng_below(&rng, 8) :
				 rng_below(&rng, 4) ? 'a' + rng_below(&rng, 26) :
				 rng_below(&rng, 256);
		for (i = 0; i < value_len; i++)
			value[i] = i ? rng_below(&rng, 256) : rng_below(&rng, 8);
		if (gtp_get_key(&g, key, key_len)) {
			taken++;
			assert_int_equal(gtp_put_key(again, &g), key_len);
			assert_memory_equal(again, key, key_len);
			if (gtp_get_value(&g, value, value_len)) {
				assert_true(gtp_is_sound(&g));
				assert_int_equal(gtp_put_value(again, &g),
						 value_len);
				assert_memory_equal(again, value, value_len);
			}
		}
		free(key);
		free(value);
	}
	assert_in_range(taken, 100, 50000);
}

static void text(void **state)
{
	char t[GTP_TEXT];

	(void)state;
	assert_string_equal(gtp_text(&v1, t), "gtp0 TEI 0x11223344 of 10.9.0.1");
	assert_string_equal(gtp_text(&v0, t),
			    "gtp0 TID 0x1122334455667788 of 10.9.0.2");
	assert_string_equal(gtp_text(&six, t),
			    "gtp-of-15-bytes TEI 0xffffffff of fd00:0:0:7::");
}

/* --- lists ------------------------------------------------------------------- */

static char said[256];
static char refuse;

static bool say(char what, const struct gtp_ctx *g)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%c%u ",
		 what, (unsigned int)g->tid);
	return what != refuse;
}

static bool put(void *ctx, const struct gtp_ctx *g)
{
	(void)ctx;
	return say('+', g);
}

static bool del(void *ctx, const struct gtp_ctx *g)
{
	(void)ctx;
	return say('-', g);
}

/* Numbers of tunnels, each with the last byte of the subscriber behind it. */
static void fill(struct gtp_list *l, const char *from)
{
	struct gtp_ctx g = v1;
	unsigned int tid, ms;
	int used;

	for (; sscanf(from, "%u:%u%n", &tid, &ms, &used) == 2; from += used) {
		g.tid = tid;
		g.ms[3] = ms;
		assert_true(gtp_list_add(l, &g));
	}
}

static void says(struct gtp_list *told, const char *new, bool with_del,
		 const char *want)
{
	const struct gtp_ops ops = { put, with_del ? del : NULL };
	struct gtp_list now = { .n = 0 };

	*said = 0;
	fill(&now, new);
	gtp_diff(&now, told, &ops, NULL);
	assert_string_equal(said, want);
	gtp_list_free(&now);
}

static void differences(void **state)
{
	struct gtp_list told = { .n = 0 };

	(void)state;
	says(&told, "2:2 1:1 3:3", true, "+1 +2 +3 ");
	says(&told, "3:3 1:1 2:2", true, "");
	says(&told, "1:1 2:9 3:3", true, "+2 ");
	says(&told, "1:1 2:9", true, "-3 ");
	/* another tunnel of a subscriber: the old one goes first */
	says(&told, "7:1 2:9", true, "-1 +7 ");
	says(&told, "2:9", false, "");
	says(&told, "", true, "-2 -7 ");
	assert_int_equal(told.n, 0);
	gtp_list_free(&told);
}

static void again(void **state)
{
	struct gtp_list told = { .n = 0 };

	(void)state;
	refuse = '+';
	says(&told, "1:1", true, "+1 ");
	says(&told, "1:1", true, "+1 ");
	refuse = 0;
	says(&told, "1:1", true, "+1 ");
	refuse = '+';
	says(&told, "1:2", true, "+1 ");
	says(&told, "1:2", true, "+1 ");
	refuse = '-';
	says(&told, "", true, "-1 ");
	says(&told, "", true, "-1 ");
	refuse = 0;
	says(&told, "", true, "-1 ");
	says(&told, "", true, "");
	gtp_list_free(&told);
}

/* A walk of the kernel's while they change may give one twice. */
static void once(void **state)
{
	struct gtp_list l = { .n = 0 };

	(void)state;
	gtp_list_sort(&l);
	assert_null(gtp_list_find(&l, &v1));
	fill(&l, "3:3 1:1 3:3 2:2 1:1");
	gtp_list_sort(&l);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.item[0].tid, 1);
	assert_int_equal(l.item[2].tid, 3);
	gtp_list_free(&l);
}

/* All of the key counts: one number, but of another device, family or version. */
static void keys(void **state)
{
	struct gtp_list l = { .n = 0 };
	struct gtp_ctx g = v1;

	(void)state;
	gtp_list_add(&l, &g);
	g.family = 6;
	gtp_list_add(&l, &g);
	g.version = 0;
	gtp_list_add(&l, &g);
	strcpy(g.dev, "gtp1");
	gtp_list_add(&l, &g);
	gtp_list_sort(&l);
	assert_int_equal(l.n, 4);
	assert_non_null(gtp_list_find(&l, &v1));
	g.tid++;
	assert_null(gtp_list_find(&l, &g));
	gtp_list_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(layout),
		cmocka_unit_test(refused_keys),
		cmocka_unit_test(refused_values),
		cmocka_unit_test(sound),
		cmocka_unit_test(anything),
		cmocka_unit_test(text),
		cmocka_unit_test(differences),
		cmocka_unit_test(again),
		cmocka_unit_test(once),
		cmocka_unit_test(keys),
	};

	return cmocka_run_group_tests_name("gtp_rec", tests, NULL, NULL);
}

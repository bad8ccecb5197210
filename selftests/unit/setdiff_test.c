// SPDX-License-Identifier: GPL-2.0
/* What one list of elements has that another has not: setdiff.c. */

#include <stdio.h>

#include "setdiff.h"
#include "test.h"

#define HOUR	3600000

static char said[256];
static bool refuse;

static bool say(const char *what, const struct setitem *e)
{
	size_t at = strlen(said);

	snprintf(said + at, sizeof(said) - at, "%s%s%.*s", at ? " " : "", what,
		 (int)e->len, (const char *)e->key);
	return !refuse;
}

static bool put(void *ctx, const struct setitem *e)
{
	(void)ctx;
	return say("+", e);
}

static bool del(void *ctx, const struct setitem *e)
{
	(void)ctx;
	return say("-", e);
}

static const struct setdiff_ops ops = { put, del };

static void add(struct setlist *l, const char *key, uint64_t timeout,
		uint64_t end)
{
	struct setitem e = { .len = strlen(key), .timeout = timeout,
			     .end = end };

	memcpy(e.key, key, e.len);
	assert_true(setlist_add(l, &e));
}

static void differs(struct setlist *now, struct setlist *told, const char *want)
{
	said[0] = 0;
	setdiff(now, told, &ops, NULL);
	assert_string_equal(said, want);
}

static void new_and_gone(void **state)
{
	struct setlist now = { .n = 0 }, told = { .n = 0 };

	(void)state;
	add(&now, "c", HOUR, HOUR);
	add(&now, "a", HOUR, HOUR);
	add(&now, "b", HOUR, HOUR);
	add(&told, "d", HOUR, HOUR);
	add(&told, "b", HOUR, HOUR);
	differs(&now, &told, "+a +c -d");
	/* it is all told now */
	differs(&now, &told, "");
	assert_int_equal(told.n, 3);
	setlist_free(&now);
	differs(&now, &told, "-a -b -c");
	assert_int_equal(told.n, 0);
	setlist_free(&told);
}

/* One that each packet renews is not told with each look. */
static void renewed(void **state)
{
	struct setlist now = { .n = 0 }, told = { .n = 0 };

	(void)state;
	add(&now, "a", HOUR, HOUR);
	differs(&now, &told, "+a");
	now.item[0].end += HOUR / 8;
	differs(&now, &told, "");
	now.item[0].end += 1;
	differs(&now, &told, "+a");
	differs(&now, &told, "");
	/* that is counted from what was told */
	now.item[0].end += HOUR / 16;
	differs(&now, &told, "");
	now.item[0].end += HOUR / 16 + 1;
	differs(&now, &told, "+a");
	/* a shorter life, and another timeout */
	now.item[0].end -= HOUR / 2;
	differs(&now, &told, "+a");
	now.item[0].timeout = 2 * HOUR;
	differs(&now, &told, "+a");
	setlist_free(&now);
	setlist_free(&told);
}

/* What was refused is tried again. */
static void refused(void **state)
{
	struct setlist now = { .n = 0 }, told = { .n = 0 };

	(void)state;
	add(&now, "a", HOUR, HOUR);
	add(&told, "b", HOUR, HOUR);
	refuse = true;
	differs(&now, &told, "+a -b");
	differs(&now, &told, "+a -b");
	refuse = false;
	differs(&now, &told, "+a -b");
	differs(&now, &told, "");
	setlist_free(&now);
	setlist_free(&told);
}

static void kept(void **state)
{
	const struct setdiff_ops only = { put, NULL };
	struct setlist now = { .n = 0 }, told = { .n = 0 };

	(void)state;
	add(&now, "a", HOUR, HOUR);
	add(&told, "b", HOUR, HOUR);
	said[0] = 0;
	setdiff(&now, &told, &only, NULL);
	assert_string_equal(said, "+a");
	assert_int_equal(told.n, 2);
	setlist_free(&now);
	setlist_free(&told);
}

/* Keys are bytes: one may begin another one, and hold zeroes. */
static void keys(void **state)
{
	struct setlist now = { .n = 0 }, told = { .n = 0 };
	struct setitem e = { .key = { 0, 0, 1 }, .len = 3, .end = HOUR };

	(void)state;
	add(&now, "aa", HOUR, HOUR);
	add(&told, "a", HOUR, HOUR);
	differs(&now, &told, "-a +aa");
	assert_true(setlist_add(&now, &e));
	e.key[2] = 2;
	assert_true(setlist_add(&told, &e));
	setdiff(&now, &told, &ops, NULL);
	assert_int_equal(told.n, 2);
	assert_int_equal(told.item[1].key[2], 1);
	setlist_free(&now);
	setlist_free(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_and_gone),
		cmocka_unit_test(renewed),
		cmocka_unit_test(refused),
		cmocka_unit_test(kept),
		cmocka_unit_test(keys),
	};

	return cmocka_run_group_tests_name("setdiff", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* Counters: each by itself, each with a name of its own. */

#include <kunit/test.h>
#include <linux/string.h>

#include "stats.h"

static void counters(struct kunit *test)
{
	struct fo_stats s;
	int i;

	KUNIT_ASSERT_EQ(test, fo_stats_init(&s), 0);
	for (i = 0; i < FO_COUNTER_COUNT; i++)
		KUNIT_EXPECT_EQ(test, fo_stats_counter(&s, i), 0);
	for (i = 0; i < FO_COUNTER_COUNT; i++)
		fo_count_n(&s, i, i + 1);
	fo_count(&s, 0);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(&s, 0), 2);
	for (i = 1; i < FO_COUNTER_COUNT; i++)
		KUNIT_EXPECT_EQ(test, fo_stats_counter(&s, i), i + 1);
	fo_stats_exit(&s);
}

static void rows(struct kunit *test)
{
	struct fo_stats s;
	int r, c, n;

	KUNIT_ASSERT_EQ(test, fo_stats_init(&s), 0);
	for (r = 0; r < FO_ROW_COUNT; r++)
		for (c = 0; c < FO_COLUMN_COUNT; c++)
			for (n = 0; n < r * FO_COLUMN_COUNT + c; n++)
				fo_count_row(&s, r, c);
	for (r = 0; r < FO_ROW_COUNT; r++)
		for (c = 0; c < FO_COLUMN_COUNT; c++)
			KUNIT_EXPECT_EQ(test, fo_stats_row(&s, r, c),
					r * FO_COLUMN_COUNT + c);
	fo_stats_exit(&s);
}

static void names(struct kunit *test)
{
	int i, j;

	for (i = 0; i < FO_COUNTER_COUNT; i++) {
		KUNIT_ASSERT_NOT_NULL(test, fo_counter_names[i]);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, fo_counter_names[i],
					    fo_counter_names[j]);
	}
	for (i = 0; i < FO_ROW_COUNT; i++)
		KUNIT_EXPECT_NOT_NULL(test, fo_row_names[i]);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(counters),
	KUNIT_CASE(rows),
	KUNIT_CASE(names),
	{ }
};

static struct kunit_suite stats_suite = {
	.name = "stats",
	.test_cases = cases,
};

kunit_test_suite(stats_suite);

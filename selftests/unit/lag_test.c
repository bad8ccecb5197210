// SPDX-License-Identifier: GPL-2.0
/* The histogram of the lag: lag.c. */

#include "lag.h"
#include "test.h"

#define S	1000000000ULL

/* Buckets are in order, without a gap, and not wider than a quarter. */
static void buckets(void **state)
{
	unsigned int b, last = 0;
	struct rng rng = { 5 };
	u64 ns, bound;
	int i;

	(void)state;
	for (ns = 0; ns < 1 << 20; ns++) {
		b = fo_lag_bucket(ns);
		assert_in_range(b, last, last + 1);
		last = b;
	}
	for (i = 0; i < 100000; i++) {
		ns = rng_next(&rng) >> (22 + rng_next(&rng) % 42);
		b = fo_lag_bucket(ns);
		assert_true(b < FO_LAG_BUCKETS);
		bound = fo_lag_bound(b);
		assert_true(ns < bound);
		assert_true(bound - ns <= (ns / 4 > 1024 ? ns / 4 + 1024 : 1024));
		assert_int_equal(fo_lag_bucket(bound), b + 1);
	}
	/* what is longer than any is of the last one */
	assert_int_equal(fo_lag_bucket(~0ULL), FO_LAG_BUCKETS - 1);
}

static void assert_about(u64 got, u64 want)
{
	assert_true(got > want);
	assert_true(got <= want + want / 4 + 1024);
}

static void quantiles(void **state)
{
	struct fo_lag l = { 0 };
	u64 i;

	(void)state;
	assert_true(fo_lag_quantile(&l, 50) == 0);
	for (i = 1; i <= 1000; i++)
		fo_lag_add(&l, 1, i * 1000000, 1);
	assert_true(fo_lag_count(&l) == 1000);
	assert_about(fo_lag_quantile(&l, 50), 500 * 1000000ULL);
	assert_about(fo_lag_quantile(&l, 99), 990 * 1000000ULL);
	assert_about(fo_lag_quantile(&l, 100), 1000 * 1000000ULL);
	/* many of one kind */
	fo_lag_add(&l, 1, 5000, 100000000);
	assert_about(fo_lag_quantile(&l, 99), 5000);
}

/* What was is known for one span more, and not for two. */
static void forgets(void **state)
{
	struct fo_lag l = { .began = S };

	(void)state;
	fo_lag_add(&l, 2 * S, 1000000, 3);
	fo_lag_pass(&l, 60 * S);
	assert_true(fo_lag_count(&l) == 3);
	fo_lag_add(&l, 61 * S, 9000000, 4);
	assert_true(fo_lag_count(&l) == 7);
	fo_lag_pass(&l, 120 * S);
	assert_true(fo_lag_count(&l) == 7);
	fo_lag_pass(&l, 121 * S);
	assert_true(fo_lag_count(&l) == 4);
	fo_lag_pass(&l, 300 * S);
	assert_true(fo_lag_count(&l) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buckets),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(forgets),
	};

	return cmocka_run_group_tests_name("lag", tests, NULL, NULL);
}

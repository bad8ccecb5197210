// SPDX-License-Identifier: GPL-2.0
/* Looks at a tracked object, one letter each, and what they make of it. */
#include "test.h"

#include "trackstate.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_
#define LOOK_MS		1000

/* 'g' a good look, 'b' a bad one; the status after each: - unknown, N, F. */
static const struct {
	unsigned int rise, fall;
	uint32_t from;
	const char *looks;
	const char *want;
} rows[] = {
	{ 1, 1, I(UNKNOWN), "gbgb", "NFNF" },
	{ 1, 1, I(UNKNOWN), "bg", "FN" },
	/* the first good one is enough, bad ones are counted */
	{ 3, 2, I(UNKNOWN), "g", "N" },
	{ 3, 2, I(UNKNOWN), "bgb", "-NN" },
	{ 3, 2, I(UNKNOWN), "bb", "-F" },
	/* in a row */
	{ 3, 2, I(NORMAL), "bgbgbb", "NNNNNF" },
	{ 3, 2, I(FAILED), "ggbgggb", "FFFFFNN" },
	{ 1, 4, I(NORMAL), "bbbgbbbb", "NNNNNNNF" },
	{ 2, 1, I(FAILED), "gbgbgg", "FFFFFN" },
	{ 100, 1, I(FAILED), "gggggggg", "FFFFFFFF" },
	/* what an earlier daemon can not have found means nothing */
	{ 2, 2, I(UNMONITORED), "g", "N" },
};

static char letter(const struct trackstate *s)
{
	return s->status == I(NORMAL) ? 'N' : s->status == I(FAILED) ? 'F' :
	       '-';
}

static void counts(void **state)
{
	struct trackstate s;
	unsigned int i, j;
	uint32_t was;
	bool moved;

	(void)state;
	for (i = 0; i < N(rows); i++) {
		struct trackstate_times t = { rows[i].rise, rows[i].fall, 0,
					      60000 };

		trackstate_init(&s, &t, rows[i].from);
		for (j = 0; rows[i].looks[j]; j++) {
			was = s.status;
			moved = trackstate_saw(&s, rows[i].looks[j] == 'g',
					       j * LOOK_MS);
			if (letter(&s) != rows[i].want[j])
				fail_msg("row %u, look %u: %c", i, j,
					 letter(&s));
			assert_int_equal(moved, was != s.status);
		}
	}
}

/* More than two failures within a minute: the third lasts for a minute. */
static void is_held_down(void **state)
{
	const struct trackstate_times t = { 1, 1, 2, 60000 };
	struct trackstate s;
	unsigned int i;
	uint64_t now;

	(void)state;
	trackstate_init(&s, &t, I(NORMAL));
	for (i = 0; i < 2; i++) {
		assert_true(trackstate_saw(&s, false, 1000 + i * 2000));
		assert_true(trackstate_saw(&s, true, 2000 + i * 2000));
	}
	assert_true(trackstate_saw(&s, false, 5000));
	for (now = 6000; now < 65000; now += 1000) {
		assert_false(trackstate_saw(&s, true, now));
		assert_true(s.held);
		assert_int_equal(s.status, I(FAILED));
	}
	/* a bad look is none that it is held down for */
	assert_false(trackstate_saw(&s, false, 64500));
	assert_false(s.held);
	assert_true(trackstate_saw(&s, true, 65000));
	assert_int_equal(s.status, I(NORMAL));
	assert_false(s.held);
	/* not again for what was long ago */
	assert_true(trackstate_saw(&s, false, 200000));
	assert_true(trackstate_saw(&s, true, 201000));
}

/* An operator ends that; what still fails has failed all the same. */
static void held_down_no_longer(void **state)
{
	const struct trackstate_times t = { 1, 1, 1, 3600000 };
	struct trackstate s;

	(void)state;
	trackstate_init(&s, &t, I(NORMAL));
	assert_true(trackstate_saw(&s, false, 1000));
	assert_true(trackstate_saw(&s, true, 2000));
	assert_true(trackstate_saw(&s, false, 3000));
	assert_false(trackstate_saw(&s, true, 4000));
	assert_true(s.held);
	trackstate_forgive(&s);
	assert_int_equal(s.status, I(FAILED));
	assert_false(trackstate_saw(&s, false, 5000));
	assert_true(trackstate_saw(&s, true, 6000));
	assert_int_equal(s.status, I(NORMAL));
	/* and it counts anew */
	assert_true(trackstate_saw(&s, false, 7000));
	assert_true(trackstate_saw(&s, true, 8000));
}

/* New times do not forget what was counted. */
static void other_times(void **state)
{
	struct trackstate_times t = { 1, 5, 0, 0 };
	struct trackstate s;

	(void)state;
	trackstate_init(&s, &t, I(NORMAL));
	assert_false(trackstate_saw(&s, false, 1));
	assert_false(trackstate_saw(&s, false, 2));
	s.t.fall = 3;
	assert_true(trackstate_saw(&s, false, 3));
	s.t.fall = 1;
	assert_false(trackstate_saw(&s, false, 4));
	assert_true(trackstate_saw(&s, true, 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(is_held_down),
		cmocka_unit_test(held_down_no_longer),
		cmocka_unit_test(other_times),
	};

	return cmocka_run_group_tests_name("trackstate", tests, NULL, NULL);
}

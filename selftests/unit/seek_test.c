// SPDX-License-Identifier: GPL-2.0
/* When a mate that is not heard is asked, and what is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seek.h"

/* Polls and holds, and when the kernel says that the mate is silent. */
static const struct {
	unsigned int poll, hold, silent;
} timers[] = {
	{ 10, 30, 20 }, { 10, 100, 50 }, { 50, 200, 100 },
	{ 200, 800, 400 }, { 1000, 5000, 2500 }, { 15000, 45000, 30000 },
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Lets time pass until @end, asking when it is time; returns how often. */
static unsigned int ask_until(struct fo_seek *k, uint64_t *now, uint64_t end)
{
	unsigned int n = 0;

	while (*now + seek_wait(k, *now) <= end) {
		if (*now < k->next_ms)
			*now += seek_wait(k, *now);
		if (*now >= k->next_ms) {
			seek_asked(k, *now, 2, false);
			n++;
		}
	}
	*now = end;
	return n;
}

/* Without an answer it is gone when the hold time ends, and not before. */
static void costs_no_time(void **state)
{
	unsigned int i, n;
	struct fo_seek k;
	uint64_t now;

	(void)state;
	for (i = 0; i < N(timers); i++) {
		now = 1000 + timers[i].silent;
		seek_begin(&k, timers[i].poll, timers[i].hold, now);
		assert_false(seek_is_gone(&k, now));
		n = ask_until(&k, &now, 1000 + timers[i].hold);
		assert_in_range(n, 3, 7);
		assert_true(seek_is_gone(&k, now));
		assert_false(seek_answers(&k, now));
	}
}

/* One answer is as good as a hello; then it is asked once a poll. */
static void an_answer_lasts(void **state)
{
	unsigned int i, n;
	struct fo_seek k;
	uint64_t now, at;

	(void)state;
	for (i = 0; i < N(timers); i++) {
		now = timers[i].silent;
		seek_begin(&k, timers[i].poll, timers[i].hold, now);
		seek_asked(&k, now, 1, false);
		at = now + 1;
		seek_answer(&k, at);
		now = at;
		n = ask_until(&k, &now, at + timers[i].hold - 1);
		assert_true(seek_answers(&k, now));
		assert_false(seek_is_gone(&k, now));
		assert_in_range(n, 2, timers[i].hold / timers[i].poll + 1);
		ask_until(&k, &now, at + timers[i].hold +
				    timers[i].poll);
		assert_false(seek_answers(&k, now));
		assert_true(seek_is_gone(&k, now));
	}
}

/* The deadline of an answer wakes, even when no question is due. */
static void wakes_for_the_deadline(void **state)
{
	struct fo_seek k;

	(void)state;
	seek_begin(&k, 200, 800, 100);
	seek_answer(&k, 100);
	seek_asked(&k, 850, 1, false);
	assert_int_equal(seek_wait(&k, 850), 50);
	assert_int_equal(seek_wait(&k, 5000), 1);
}

/* Who stood still has not asked: what is over the hold time is not gone. */
static void a_stall_is_no_silence(void **state)
{
	struct fo_seek k;

	(void)state;
	seek_begin(&k, 200, 800, 10000);
	assert_false(seek_is_gone(&k, 10000));
	seek_asked(&k, 10000, 2, false);
	assert_false(seek_is_gone(&k, 10000));
	/* an answer, then ten seconds of nothing, and one question */
	seek_answer(&k, 10001);
	seek_asked(&k, 20000, 2, false);
	assert_false(seek_answers(&k, 20000));
	assert_false(seek_is_gone(&k, 20000));
	/* three before a stall, and one after it */
	seek_begin(&k, 200, 800, 5000);
	seek_asked(&k, 5000, 2, false);
	seek_asked(&k, 5100, 2, false);
	seek_asked(&k, 5200, 2, false);
	assert_true(seek_is_gone(&k, 5250));
	assert_false(seek_is_gone(&k, 9000));
	seek_asked(&k, 9000, 2, false);
	assert_false(seek_is_gone(&k, 9000));
	/* an answer, then ten seconds of nothing, and one question */
	seek_answer(&k, 10001);
	seek_asked(&k, 20000, 2, false);
	/* three at one moment are no better than one */
	seek_asked(&k, 20001, 2, false);
	seek_asked(&k, 20002, 2, false);
	assert_false(seek_is_gone(&k, 20002));
	assert_true(seek_is_gone(&k, 20200));
}

static void nobody_to_ask(void **state)
{
	struct fo_seek k;

	(void)state;
	seek_begin(&k, 200, 800, 10000);
	seek_asked(&k, 10000, 0, false);
	assert_true(seek_is_gone(&k, 10000));
	/* an interface comes up */
	seek_asked(&k, 10100, 1, false);
	assert_false(seek_is_gone(&k, 10100));
}

/* After many questions without an answer, and where nothing hangs on one. */
static void slows_down(void **state)
{
	struct fo_seek k;
	unsigned int i;

	(void)state;
	seek_begin(&k, 200, 800, 0);
	for (i = 0; i < 20; i++)
		seek_asked(&k, i * 100, 1, false);
	assert_int_equal(seek_wait(&k, 1900), 200);
	seek_asked(&k, 2000, 1, true);
	assert_int_equal(seek_wait(&k, 2000), SEEK_SLOW_MS);
	seek_end(&k);
	assert_false(seek_answers(&k, 0));
	assert_false(seek_is_gone(&k, 99999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs_no_time),
		cmocka_unit_test(an_answer_lasts),
		cmocka_unit_test(wakes_for_the_deadline),
		cmocka_unit_test(a_stall_is_no_silence),
		cmocka_unit_test(nobody_to_ask),
		cmocka_unit_test(slows_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

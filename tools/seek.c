// SPDX-License-Identifier: GPL-2.0
/* When a mate that is not heard is asked, and what to believe. Pure.
 *
 * The kernel says that the mate is silent when a part of the hold time is
 * left, in which it is asked some times; without an answer it is gone when the
 * hold time ends, and not later. A process that stood still meanwhile has not
 * asked: it may have the events of the whole silence before it, and must not
 * believe that nobody answers.
 */
#include "seek.h"

/* Questions in what is left of the hold time. */
#define PARTS		4
/* Without an answer to so many of them nobody is there. */
#define ENOUGH		3

/* As silent_ns() in the kernel's hello.c. */
static unsigned int silent_ms(unsigned int poll_ms, unsigned int hold_ms)
{
	return 2 * poll_ms > hold_ms / 2 ? 2 * poll_ms : hold_ms / 2;
}

static unsigned int less(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

void seek_begin(struct fo_seek *k, unsigned int poll_ms, unsigned int hold_ms,
		uint64_t now)
{
	unsigned int left = hold_ms - silent_ms(poll_ms, hold_ms);

	*k = (struct fo_seek) {
		.on		= true,
		.step_ms	= less(left / PARTS, poll_ms),
		.poll_ms	= poll_ms,
		.hold_ms	= hold_ms,
		.next_ms	= now,
	};
	if (!k->step_ms)
		k->step_ms = 1;
}

void seek_end(struct fo_seek *k)
{
	*k = (struct fo_seek) { .on = false };
}

/* A question was due a while ago: what came of those before is old. */
static bool stood_still(const struct fo_seek *k, uint64_t now)
{
	return now > k->next_ms + k->poll_ms;
}

void seek_asked(struct fo_seek *k, uint64_t now, unsigned int asked,
		bool slowly)
{
	unsigned int wait = k->answered ? k->poll_ms : k->step_ms;

	k->blind = !asked;
	if (stood_still(k, now))
		k->rounds = 0;
	if (!k->rounds++)
		k->first_ms = now;
	/* who is sure that nobody is there asks no more than who heard it */
	if (k->rounds > ENOUGH + PARTS)
		wait = k->poll_ms;
	if (slowly && wait < SEEK_SLOW_MS)
		wait = SEEK_SLOW_MS;
	k->next_ms = now + wait;
}

void seek_answer(struct fo_seek *k, uint64_t now)
{
	k->answered = true;
	k->answered_ms = now;
	k->rounds = 0;
}

bool seek_answers(const struct fo_seek *k, uint64_t now)
{
	return k->on && k->answered && now < k->answered_ms + k->hold_ms;
}

bool seek_is_gone(const struct fo_seek *k, uint64_t now)
{
	if (!k->on || seek_answers(k, now))
		return false;
	if (k->blind)
		return true;
	return k->rounds >= ENOUGH && !stood_still(k, now) &&
	       now >= k->first_ms + (ENOUGH - 1) * k->step_ms;
}

unsigned int seek_wait(const struct fo_seek *k, uint64_t now)
{
	uint64_t due = k->next_ms;

	if (seek_answers(k, now) && k->answered_ms + k->hold_ms < due)
		due = k->answered_ms + k->hold_ms;
	return due > now ? due - now : 1;
}

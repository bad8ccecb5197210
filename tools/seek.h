/* SPDX-License-Identifier: GPL-2.0 */
/* When a mate that is not heard is asked, and what to believe. Pure. */
#ifndef FAILOVER_SEEK_H
#define FAILOVER_SEEK_H

#include <stdbool.h>
#include <stdint.h>

/* Between two questions that nothing hangs on. */
#define SEEK_SLOW_MS	1000

/**
 * struct fo_seek - a silence of the mate
 * @on: it is not heard, and is asked
 * @step_ms: between two questions, until there is an answer
 * @poll_ms: between two after that
 * @hold_ms: an answer is as good as a hello for so long
 * @answered: there was an answer, the last one at @answered_ms
 * @first_ms: when it was first asked after the last answer
 * @rounds: how often since then
 * @blind: there was no interface to ask on the last time
 * @next_ms: when it is asked again
 *
 * An answer is one of a mate that holds the active addresses. All times are
 * milliseconds of one clock.
 */
struct fo_seek {
	bool		on;
	bool		answered;
	bool		blind;
	unsigned int	step_ms;
	unsigned int	poll_ms;
	unsigned int	hold_ms;
	unsigned int	rounds;
	uint64_t	answered_ms;
	uint64_t	first_ms;
	uint64_t	next_ms;
};

void seek_begin(struct fo_seek *k, unsigned int poll_ms, unsigned int hold_ms,
		uint64_t now);
void seek_end(struct fo_seek *k);

/* It was asked on @asked interfaces; @slowly: nothing hangs on the answer. */
void seek_asked(struct fo_seek *k, uint64_t now, unsigned int asked,
		bool slowly);
void seek_answer(struct fo_seek *k, uint64_t now);

/* It answers: the last time within the hold time. */
bool seek_answers(const struct fo_seek *k, uint64_t now);

/*
 * It does not, and that means something: it was asked often enough, or there
 * is nobody to ask.
 */
bool seek_is_gone(const struct fo_seek *k, uint64_t now);

/* Milliseconds until something is to be done, at least 1. */
unsigned int seek_wait(const struct fo_seek *k, uint64_t now);

#endif /* FAILOVER_SEEK_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* "failover exec": commands that one unit has run on the other. */
#ifndef FAILOVER_EXEC_H
#define FAILOVER_EXEC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "grammar.h"
#include "nl.h"

/* Of one command: seconds, and bytes that it may print. */
#define EXEC_LIMIT_S		10
#define EXEC_LIMIT_MAX_S	60
#define EXEC_OUTPUT_MAX		(256 * 1024)
/* Of all that the other unit asks for. */
#define EXEC_RUNNING_MAX	4
#define EXEC_RATE_MAX		20	/* a second */

/* Exit statuses that are not those of the command. */
enum {
	EXEC_LATE	= 124,	/* it was cut: time or output */
	EXEC_FAILED	= 125,	/* the other unit could not be asked */
	EXEC_REFUSED	= 126,	/* it refused */
};

/**
 * struct exec_request - what the other unit is asked to run
 * @json: with the option -j
 * @limit_s: seconds after which it is cut
 * @n, @w: its words, without "failover" in front
 * @text: where they are kept
 */
struct exec_request {
	bool		json;
	uint16_t	limit_s;
	unsigned int	n;
	const char	*w[GRAMMAR_WORDS_MAX];
	char		text[NF_FAILOVER_MSG_LEN];
};

/* What comes back, a part each. */
enum exec_type {
	EXEC_OUT	= 1,	/* bytes of its standard output */
	EXEC_ERR	= 2,	/* of its standard error */
	EXEC_END	= 3,	/* enum exec_end, a number, a text */
};

enum exec_end {
	EXEC_END_STATUS,	/* its exit status */
	EXEC_END_SIGNAL,	/* the signal that ended it */
	EXEC_END_TIME,		/* seconds after which it was cut */
	EXEC_END_OUTPUT,	/* it had more to say than EXEC_OUTPUT_MAX */
	EXEC_END_REFUSED,	/* why is in the text */
	EXEC_ENDS,
};

/* exec_words.c, pure: both sides. False when it does not fit, or is none. */
bool exec_put(struct fo_msg *m, const struct exec_request *r);
bool exec_get(const struct fo_msg *m, struct exec_request *r);
/* Why the words are no line of failover that may be run so, or NULL. */
const char *exec_refuse(unsigned int n, const char *const *w);
/* Makes what the other unit says fit for a terminal. */
void exec_clean(unsigned char *p, size_t len);

/**
 * struct fo_exec - what the daemon knows of commands of the other unit
 * @nl: socket that their requests come to; @on: it is open
 * @config, @history: files of the daemon
 * @runner: processes that run one each, or 0
 * @second, @requests: how many came in the second that began then, in ms
 */
struct fo_exec {
	struct fo_nl	nl;
	bool		on;
	const char	*config;
	const char	*history;
	pid_t		runner[EXEC_RUNNING_MAX];
	uint64_t	second;
	unsigned int	requests;
};

/* exec.c: in the daemon. None of these waits. */
int exec_open(struct fo_exec *x);
void exec_close(struct fo_exec *x);
/* A request may be there. */
void exec_event(struct fo_exec *x, const struct fo_config *c);
/* After SIGCHLD. */
void exec_reap(struct fo_exec *x);

/* exec_run.c: a process of its own; does not return. */
void exec_run(const struct fo_config *c, const struct fo_exec *x, uint64_t id,
	      const struct exec_request *r) __attribute__((noreturn));

#endif /* FAILOVER_EXEC_H */

// SPDX-License-Identifier: GPL-2.0
/* "failover exec": a command on the other unit, or here if it is the one. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "cmd.h"
#include "exec.h"
#include "names.h"

/* How much longer is waited than the command may take. */
#define GRACE_S		5

static int __attribute__((format(printf, 2, 3)))
fail(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fflush(stdout);
	fputs("failover: exec: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return status;
}

/* --- here -------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* Not reaped yet: as long as it is a zombie, its group is its own. */
static bool has_ended(pid_t pid)
{
	siginfo_t si = { .si_pid = 0 };

	return !waitid(P_PID, pid, &si, WEXITED | WNOHANG | WNOWAIT) &&
	       si.si_pid;
}

/* SIGCHLD is blocked. */
static bool wait_child(pid_t pid, unsigned int seconds)
{
	int64_t until = now_ms() + seconds * 1000ll, left;
	struct timespec t;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (!has_ended(pid)) {
		left = until - now_ms();
		if (left <= 0)
			return false;
		t.tv_sec = left / 1000;
		t.tv_nsec = left % 1000 * 1000000;
		sigtimedwait(&set, NULL, &t);
	}
	return true;
}

static int end_child(pid_t pid, unsigned int limit_s)
{
	bool late = !wait_child(pid, limit_s);
	int status = 0;

	if (late) {
		kill(-pid, SIGTERM);
		wait_child(pid, 1);
	}
	/* and what it has left behind in its group */
	kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (late)
		return fail(EXEC_LATE, "the command was cut after %u s",
			    limit_s);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return fail(128 + WTERMSIG(status),
		    "the command was ended by signal %d", WTERMSIG(status));
}

/* As exec_run.c does it for the other unit, but for what it may print. */
static int run_listed(const struct fo_exec_line *x, unsigned int limit_s)
{
	char *const env[] = { (char *)CHILD_PATH, (char *)"LC_ALL=C.UTF-8",
			      NULL };
	char text[NF_FAILOVER_PATH_MAX], *save, *word;
	char *argv[GRAMMAR_WORDS_MAX + 1] = { NULL };
	unsigned int n = 0;
	const char *why;
	sigset_t set;
	pid_t pid;

	strcpy(text, x->command);
	for (word = strtok_r(text, " ", &save); word && n < GRAMMAR_WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	why = child_refuse_program(argv[0]);
	if (why)
		return fail(EXEC_REFUSED, "%s: %s", argv[0], why);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fflush(stdout);
	pid = fork();
	if (!pid)
		child_exec(argv[0], argv, env, STDOUT_FILENO, STDERR_FILENO);
	if (pid < 0)
		return fail(EXEC_FAILED, "%s", strerror(errno));
	setpgid(pid, pid);
	return end_child(pid, limit_s);
}

/* The same is allowed here as on the other unit. */
static int run_here(struct cmd *c, const struct fo_config *conf,
		    const struct exec_request *r)
{
	char *argv[GRAMMAR_WORDS_MAX + 1] = { (char *)"failover" };
	const struct fo_exec_line *x = NULL;
	const char *why;
	unsigned int i;

	if (r->n == 1)
		x = config_exec(conf, r->w[0]);
	if (x)
		return run_listed(x, r->limit_s);
	why = exec_refuse(r->n, r->w);
	if (why)
		return fail(EXEC_REFUSED, "%s: %s", r->w[0], why);
	for (i = 0; i < r->n; i++)
		argv[i + 1] = (char *)r->w[i];
	nl_close(&c->nl);
	return cmd_run(c, r->n + 1, argv);
}

/* --- on the other unit ------------------------------------------------- */

static const char *const results[] = {
	[NF_FAILOVER_MSG_RESULT_NO_LISTENER] =
		"failoverd does not run on the other unit",
	[NF_FAILOVER_MSG_RESULT_NO_TALK] =
		"the other unit does not know of this command",
	[NF_FAILOVER_MSG_RESULT_CLEAR_TEXT] =
		"the other unit takes no command over a link in clear text, unless \"failover exec clear-text\" is configured there",
	[NF_FAILOVER_MSG_RESULT_LOST] =
		"the other unit was lost; the command may have been run",
	[NF_FAILOVER_MSG_RESULT_TIMEOUT] =
		"the other unit has not acknowledged the command; it may have been run",
};

static int fail_done(uint32_t result)
{
	const char *why = result < sizeof(results) / sizeof(results[0]) ?
			  results[result] : NULL;

	return fail(EXEC_FAILED, "%s", why ? why : "not delivered");
}

static int on_end(const struct fo_msg *m)
{
	unsigned int how = m->len > 2 ? m->data[1] : EXEC_ENDS;
	unsigned int number = m->len > 2 ? m->data[2] : 0;

	switch (how) {
	case EXEC_END_STATUS:
		return number;
	case EXEC_END_SIGNAL:
		return fail(128 + (number & 0x7f),
			    "the command was ended by signal %u", number);
	case EXEC_END_TIME:
		return fail(EXEC_LATE,
			    "the command was cut after %u s", number);
	case EXEC_END_OUTPUT:
		return fail(EXEC_LATE,
			    "the command was cut after %d KiB of output",
			    EXEC_OUTPUT_MAX / 1024);
	case EXEC_END_REFUSED:
		return fail(EXEC_REFUSED, "the other unit refused: %.*s",
			    (int)(m->len - 3), (const char *)m->data + 3);
	}
	return fail(EXEC_FAILED, "the other unit speaks another version");
}

/* -1: go on; else an exit status. */
static int take(struct fo_msg *m)
{
	if (m->kind == NF_FAILOVER_MSG_KIND_DONE)
		return m->result == NF_FAILOVER_MSG_RESULT_DELIVERED ? -1 :
		       fail_done(m->result);
	if (!m->len)
		return -1;
	exec_clean(m->data + 3, m->len > 3 ? m->len - 3 : 0);
	switch (m->data[0]) {
	case EXEC_OUT:
	case EXEC_ERR:
		exec_clean(m->data + 1, m->len - 1);
		fwrite(m->data + 1, 1, m->len - 1,
		       m->data[0] == EXEC_OUT ? stdout : stderr);
		return -1;
	case EXEC_END:
		return on_end(m);
	}
	return -1;
}

static int wait_end(struct cmd *c, uint64_t id, unsigned int limit_s)
{
	int64_t until = now_ms() + limit_s * 1000ll, left;
	struct fo_msg m;
	int ret;

	for (;;) {
		left = until - now_ms();
		ret = left > 0 ? nl_msg_next(&c->nl, &m, left) : 0;
		if (ret < 0)
			return fail(EXEC_FAILED, "%s", c->nl.error);
		if (!ret)
			return fail(EXEC_FAILED,
				    "mate did not answer in %u s", limit_s);
		if (m.id != id)
			continue;
		ret = take(&m);
		if (ret >= 0)
			return ret;
	}
}

static int run_there(struct cmd *c, const struct exec_request *r)
{
	struct fo_msg m = { .id = 0 };
	int status;

	while (!m.id)
		if (getrandom(&m.id, sizeof(m.id), 0) != sizeof(m.id))
			return fail(EXEC_FAILED, "%s", strerror(errno));
	if (!exec_put(&m, r))
		return fail(EXIT_USAGE, "the command is too long");
	if (nl_msg_send(&c->nl, &m))
		return fail(EXEC_FAILED, "%s", c->nl.error);
	status = wait_end(c, m.id, r->limit_s + GRACE_S);
	fflush(stdout);
	return status;
}

/* --- which ------------------------------------------------------------- */

enum { HERE, THERE, NOWHERE };

static int find_unit(const struct fo_show *s, const char *which)
{
	uint32_t role = !strcmp(which, "active") ? NF_FAILOVER_ROLE_ACTIVE :
						   NF_FAILOVER_ROLE_STANDBY;

	if (!strcmp(which, "mate"))
		return THERE;
	if (!s->config.enabled)
		return NOWHERE;
	if (s->this.role == role)
		return HERE;
	return nl_peer_alive(s) && s->other.role == role ? THERE : NOWHERE;
}

static void get_request(struct exec_request *r, const struct cmd *c)
{
	const struct fo_words *w = c->match.words;
	unsigned int i;

	*r = (struct exec_request) {
		.json = c->json,
		.limit_s = !c->timeout_s ? 1 :
			   c->timeout_s > EXEC_LIMIT_MAX_S ? EXEC_LIMIT_MAX_S :
			   c->timeout_s,
	};
	for (i = 3; i < w->n; i++)
		r->w[r->n++] = w->w[i];
	/* as everywhere, the name of the command may stand in front */
	if (r->n > 1 && !strcmp(r->w[0], "failover"))
		memmove(r->w, r->w + 1, --r->n * sizeof(r->w[0]));
}

int cmd_exec(struct cmd *c)
{
	const char *which = c->match.words->w[2];
	struct exec_request r;
	struct fo_show s;
	int status;

	get_request(&r, c);
	if (!r.n)
		return fail(EXIT_USAGE, "expected a command after %s", which);
	if (nl_open(&c->nl))
		return fail(EXEC_FAILED, "%s", c->nl.error);
	if (nl_get(&c->nl, &s, true)) {
		status = fail(EXEC_FAILED, "%s", c->nl.error);
		goto out;
	}
	switch (find_unit(&s, which)) {
	case HERE:
		status = run_here(c, &s.config, &r);
		break;
	case THERE:
		status = run_there(c, &r);
		break;
	default:
		status = fail(EXEC_FAILED, "no %s unit is heard", which);
	}
out:
	nl_show_free(&s);
	nl_close(&c->nl);
	return status;
}

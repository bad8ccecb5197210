// SPDX-License-Identifier: GPL-2.0
/* Runs hooks, one after the other, in a process beside the daemon.
 *
 * What is slow or hangs is here: folders, files, hooks. Nothing of the daemon's
 * is kept open, so that the kernel sees when the daemon is gone; and when it
 * is, this process and the hook that it is at end too.
 */
#include "hooks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "log.h"
#include "names.h"
#include "version.h"

#define LINES_MAX	200
#define LINE_MAX_BYTES	400
/* From SIGTERM to SIGKILL. */
#define GRACE_MS	2000
#define VARS		12
#define VAR_MAX		(NF_FAILOVER_REASON_MAX + 32)

/* @stale: the role has changed again; @stop: the daemon is gone or ends. */
struct series {
	const char *dir;
	unsigned int limit_s;
	const struct hooks_change *change;
	char vars[VARS][VAR_MAX];
	char *env[VARS + 1];
	unsigned int n_vars;
	int signal_fd;
	bool stale;
	bool stop;
};

/* One hook that runs. */
struct run {
	const char *name;
	pid_t pid;
	int out;
	uint64_t deadline;
	int killed;		/* 0, SIGTERM, SIGKILL */
	bool exited;
	char line[LINE_MAX_BYTES + 1];
	size_t len;
	unsigned int lines;
};

/* --- what is run ------------------------------------------------------- */

bool hooks_name(const char *name)
{
	static const char *const left[] = { ".dpkg-", ".ucf-", ".rpm", ".bak",
					    ".orig", ".swp" };
	unsigned int i;

	if (*name == '.' || strchr(name, '~'))
		return false;
	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (strstr(name, left[i]))
			return false;
	return true;
}

static int to_run(const struct dirent *e)
{
	return hooks_name(e->d_name);
}

/* By bytes: the order must not depend on a locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void refuse(const char *path, const char *why)
{
	log_id(MSG_HOOK_REFUSED, path, why);
}

/* Whether @path is there, to be trusted, and meant to be run. */
static bool usable(const char *path, mode_t type)
{
	const char *why;
	struct stat st;

	if (lstat(path, &st)) {
		if (errno != ENOENT)
			refuse(path, strerror(errno));
		return false;
	}
	if (type == S_IFREG && S_ISDIR(st.st_mode))
		return false;
	why = child_refuse(&st);
	if (!why && (st.st_mode & S_IFMT) != type)
		why = "it is no folder";
	if (why)
		refuse(path, why);
	return !why && (st.st_mode & S_IXUSR);
}

/* --- what it is told --------------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
add_var(struct series *s, const char *fmt, ...)
{
	va_list ap;

	if (s->n_vars == VARS)
		return;
	va_start(ap, fmt);
	vsnprintf(s->vars[s->n_vars], VAR_MAX, fmt, ap);
	va_end(ap);
	s->env[s->n_vars] = s->vars[s->n_vars];
	s->env[++s->n_vars] = NULL;
}

static void fill_env(struct series *s)
{
	const struct hooks_change *c = s->change;

	add_var(s, CHILD_PATH);
	add_var(s, "FAILOVER_UNIT=%s", names_unit_key(c->unit));
	add_var(s, "FAILOVER_ROLE=%s", hooks_role_word(c->role));
	add_var(s, "FAILOVER_STATE=%s", names_state(c->state));
	add_var(s, "FAILOVER_FROM=%s", names_state(c->from));
	add_var(s, "FAILOVER_REASON=%s", c->reason);
	add_var(s, "FAILOVER_EPOCH=%" PRIu64, c->epoch);
	add_var(s, "FAILOVER_MATE_STATE=%s", names_state(c->mate_state));
	add_var(s, "FAILOVER_VERSION=" FAILOVER_VERSION);
}

/* --- one hook ---------------------------------------------------------- */

static bool spawn(struct series *s, struct run *r, const char *path)
{
	char *const argv[] = { (char *)path, NULL };
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return false;
	r->pid = fork();
	if (!r->pid)
		child_exec(path, argv, s->env, pipes[1], pipes[1]);
	close(pipes[1]);
	r->out = pipes[0];
	fcntl(r->out, F_SETFL, O_NONBLOCK);
	if (r->pid < 0) {
		close(r->out);
		return false;
	}
	/* both do it, so that it is done whoever comes first */
	setpgid(r->pid, r->pid);
	return true;
}

static void say_line(struct run *r)
{
	r->line[r->len] = '\0';
	r->len = 0;
	if (r->lines > LINES_MAX)
		return;
	if (r->lines++ == LINES_MAX) {
		log_id(MSG_HOOK_TOO_LONG, r->name);
		return;
	}
	child_clean(r->line);
	log_id(MSG_HOOK_SAYS, r->name, r->line);
}

static void take_output(struct run *r, const char *buf, size_t n)
{
	for (; n; n--, buf++) {
		if (*buf != '\n') {
			r->line[r->len++] = *buf ? *buf : '?';
			if (r->len < LINE_MAX_BYTES)
				continue;
		}
		say_line(r);
	}
}

/* False when there will be no more. */
static bool read_output(struct run *r)
{
	char buf[4096];
	ssize_t n = read(r->out, buf, sizeof(buf));

	if (n > 0)
		take_output(r, buf, n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* What was written before the end; not more, nobody may make this last. */
static void drain_output(struct run *r)
{
	unsigned int i;
	int ready = 1;

	for (i = 0; i < 64 && r->out >= 0 && ready > 0; i++) {
		struct pollfd p = { .fd = r->out, .events = POLLIN };

		ready = poll(&p, 1, 0);
		if (ready > 0 && !read_output(r))
			break;
	}
	if (r->len)
		say_line(r);
}

static void kill_group(struct run *r, int sig)
{
	kill(-r->pid, sig);
	r->killed = sig;
}

static void on_deadline(const struct series *s, struct run *r)
{
	char limit[32];

	if (r->killed) {
		kill_group(r, SIGKILL);
		r->deadline = UINT64_MAX;
		return;
	}
	snprintf(limit, sizeof(limit), "%u s", s->limit_s);
	log_id(MSG_HOOK_LATE, r->name, limit);
	kill_group(r, SIGTERM);
	r->deadline = now_ms() + GRACE_MS;
}

static void read_signals(struct series *s)
{
	struct signalfd_siginfo si;

	while (read(s->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		s->stale |= si.ssi_signo == SIGUSR1;
		s->stop |= si.ssi_signo == SIGTERM || si.ssi_signo == SIGINT;
	}
}

static void on_signals(struct series *s, struct run *r)
{
	siginfo_t exited = { .si_pid = 0 };

	read_signals(s);
	/* not reaped yet: as long as it is a zombie, its group is its own */
	if (!waitid(P_PID, r->pid, &exited, WEXITED | WNOHANG | WNOWAIT))
		r->exited = exited.si_pid;
	if (s->stop && !r->exited && r->killed != SIGKILL)
		kill_group(r, SIGKILL);
}

static int until(const struct run *r)
{
	uint64_t now = now_ms();

	if (r->deadline == UINT64_MAX)
		return -1;
	return r->deadline > now ? (int)(r->deadline - now) : 0;
}

static void wait_exit(struct series *s, struct run *r)
{
	struct pollfd p[2] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		{ .fd = r->out, .events = POLLIN },
	};

	/* its end may have come before the first wait */
	on_signals(s, r);
	while (!r->exited) {
		if (poll(p, 2, until(r)) < 0 && errno != EINTR)
			break;
		if (!until(r))
			on_deadline(s, r);
		if (p[1].revents && !read_output(r))
			p[1].fd = -1;
		if (p[0].revents)
			on_signals(s, r);
	}
}

static void say_status(const struct run *r, int status)
{
	char text[32];

	if (r->killed || (WIFEXITED(status) && !WEXITSTATUS(status)))
		return;
	if (WIFEXITED(status))
		snprintf(text, sizeof(text), "status %d", WEXITSTATUS(status));
	else
		snprintf(text, sizeof(text), "signal %d", WTERMSIG(status));
	log_id(MSG_HOOK_STATUS, r->name, text);
}

static void run_hook(struct series *s, const char *name, const char *path)
{
	struct run r = { .name = name,
			 .deadline = now_ms() + s->limit_s * 1000ull };
	int status = 0;

	if (!spawn(s, &r, path)) {
		log_err("hook %s: %s", name, strerror(errno));
		return;
	}
	wait_exit(s, &r);
	/* what it has left behind in its group */
	kill(-r.pid, SIGKILL);
	waitpid(r.pid, &status, 0);
	drain_output(&r);
	close(r.out);
	say_status(&r, status);
}

/* --- the series -------------------------------------------------------- */

static void run_listed(struct series *s, struct dirent **list, int n)
{
	char path[PATH_MAX];
	int i;

	for (i = 0; i < n && !s->stop; i++) {
		snprintf(path, sizeof(path), "%s/%s", s->dir, list[i]->d_name);
		if (!usable(path, S_IFREG))
			continue;
		read_signals(s);
		if (s->stale) {
			log_id(MSG_HOOKS_SKIPPED,
			       hooks_role_word(s->change->role),
			       list[i]->d_name);
			return;
		}
		run_hook(s, list[i]->d_name, path);
	}
}

static void run_all(struct series *s)
{
	struct dirent **list;
	int n;

	if (!usable(s->dir, S_IFDIR))
		return;
	n = scandir(s->dir, &list, to_run, by_name);
	if (n < 0) {
		refuse(s->dir, strerror(errno));
		return;
	}
	run_listed(s, list, n);
	while (n)
		free(list[--n]);
	free(list);
}

static int catch_signals(void)
{
	static const int caught[] = { SIGCHLD, SIGUSR1, SIGTERM, SIGINT,
				      SIGHUP };
	sigset_t set;
	unsigned int i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void hooks_run(const char *dir, unsigned int limit_s,
	       const struct hooks_change *c)
{
	static struct series s;

	/* above all the socket that the kernel knows the daemon by */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	log_reopen();
	s = (struct series) { .dir = dir, .limit_s = limit_s, .change = c };
	s.signal_fd = catch_signals();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	child_be_ordinary();
	fill_env(&s);
	run_all(&s);
	_exit(0);
}

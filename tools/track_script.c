// SPDX-License-Identifier: GPL-2.0
/* A tracked object that is a script: it is good when it ends with status 0.
 *
 * It is run as hooks are: without a shell, as the user of the daemon, in a clean
 * environment and a process group of its own. The group is killed when the time
 * is over, and with it what a script that has ended left behind.
 */
#include "track_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "names.h"

/**
 * struct run - one call
 * @said: the first line that it printed
 * @whole: that line has ended
 */
struct run {
	pid_t		pid;
	int		out;
	uint64_t	deadline;
	bool		exited;
	bool		late;
	char		said[64];
	size_t		len;
	bool		whole;
};

static bool spawn(const struct track_watch *w, struct run *r)
{
	char name[sizeof("FAILOVER_TRACK=") + CONFIG_TRACK_NAME];
	char unit[64];
	char *const env[] = { CHILD_PATH, name, unit, NULL };
	char *const argv[] = { (char *)w->spec.text, NULL };
	int pipes[2];

	snprintf(name, sizeof(name), "FAILOVER_TRACK=%s", w->name);
	snprintf(unit, sizeof(unit), "FAILOVER_UNIT=%s",
		 names_unit_key(w->unit));
	if (pipe2(pipes, O_CLOEXEC))
		return false;
	r->pid = fork();
	if (!r->pid)
		child_exec(w->spec.text, argv, env, pipes[1], pipes[1]);
	close(pipes[1]);
	r->out = pipes[0];
	fcntl(r->out, F_SETFL, O_NONBLOCK);
	/* both do it, so that it is done whoever comes first */
	if (r->pid > 0)
		setpgid(r->pid, r->pid);
	else
		close(r->out);
	return r->pid > 0;
}

static void take(struct run *r, const char *p, ssize_t n)
{
	for (; n > 0 && !r->whole; n--, p++) {
		r->whole = *p == '\n' || r->len == sizeof(r->said) - 1;
		if (!r->whole)
			r->said[r->len++] = *p ? *p : '?';
	}
}

/* All that is there, so that the script never waits; the first line counts. */
static void read_output(struct run *r)
{
	char buf[4096];
	ssize_t n;
	int i;

	for (i = 0; i < 64 && r->out >= 0; i++) {
		n = read(r->out, buf, sizeof(buf));
		take(r, buf, n);
		if (n > 0 || (n < 0 && errno == EINTR))
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		close(r->out);
		r->out = -1;
	}
}

/* When the daemon is gone, or wants this to end, nothing is left behind. */
static void read_signals(const struct track_watch *w, struct run *r)
{
	siginfo_t exited = { .si_pid = 0 };
	struct signalfd_siginfo si;

	while (read(w->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		kill(-r->pid, SIGKILL);
		_exit(0);
	}
	/* not reaped yet: as long as it is a zombie, its group is its own */
	if (!waitid(P_PID, r->pid, &exited, WEXITED | WNOHANG | WNOWAIT))
		r->exited = exited.si_pid;
}

static void wait_exit(const struct track_watch *w, struct run *r)
{
	struct pollfd p[2] = { { .fd = w->signal_fd, .events = POLLIN },
			       { .events = POLLIN } };
	uint64_t now;

	/* its end may have come before the first wait */
	read_signals(w, r);
	while (!r->exited) {
		now = now_ms();
		if (now >= r->deadline && !r->late) {
			r->late = true;
			kill(-r->pid, SIGKILL);
		}
		p[1].fd = r->out;
		poll(p, 2, r->late ? -1 : (int)(r->deadline - now));
		read_output(r);
		read_signals(w, r);
	}
	kill(-r->pid, SIGKILL);
	read_output(r);
}

static void judge(struct track_watch *w, struct run *r, int status)
{
	const char *sep = r->len ? ": " : "";

	r->said[r->len] = '\0';
	child_clean(r->said);
	if (r->late)
		track_found(w, false, "Killed, not done in %u ms",
			    w->spec.timeout_ms);
	else if (WIFSIGNALED(status))
		track_found(w, false, "Signal %d%s%s", WTERMSIG(status), sep,
			    r->said);
	else
		track_found(w, !WEXITSTATUS(status), "Status %d%s%s",
			    WEXITSTATUS(status), sep, r->said);
}

static void look(struct track_watch *w)
{
	const char *why = child_refuse_path(w->spec.text);
	struct run r = { .deadline = now_ms() + w->spec.timeout_ms };
	int status = 0;

	if (why) {
		track_found(w, false, "Not run: %s", why);
		return;
	}
	if (!spawn(w, &r)) {
		track_found(w, false, "Not run: %s", strerror(errno));
		return;
	}
	wait_exit(w, &r);
	waitpid(r.pid, &status, 0);
	if (r.out >= 0)
		close(r.out);
	judge(w, &r, status);
}

static void begin(struct track_watch *w)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_SETMASK, &set, NULL);
	w->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

const struct track_ops track_script_ops = { .open = begin, .look = look };

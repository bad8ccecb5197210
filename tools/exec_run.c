// SPDX-License-Identifier: GPL-2.0
/* Runs one command of the other unit, in a process beside the daemon.
 *
 * What is slow or hangs is here: the command, and waiting until the other unit
 * has taken what it prints. When the daemon is gone, both end as well. There is
 * no shell, the environment is clean, and only its time, its output and its exit
 * status are the command's own.
 */
#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
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
#include "version.h"

/* From SIGTERM to SIGKILL. */
#define GRACE_MS	1000
/* The kernel tells within 3 s what has become of a part. */
#define SENT_MS		10000

/**
 * struct run - a command that runs
 * @argv: it, in @text or elsewhere; @path: its program
 * @out: its standard output and error
 * @end: why it was killed, or EXEC_END_STATUS
 * @silent: nobody wants to hear of it any more
 */
struct run {
	struct fo_nl	nl;
	uint64_t	id;
	uint16_t	limit_s;
	char		text[NF_FAILOVER_PATH_MAX];
	char		path[PATH_MAX];
	char		limit[8];
	const char	*argv[GRAMMAR_WORDS_MAX + 8];
	int		out[2];
	int		signal_fd;
	pid_t		pid;
	bool		exited;
	uint64_t	deadline;
	enum exec_end	end;
	bool		silent;
	size_t		said;
};

/* --- what is said ------------------------------------------------------ */

/* Waits until the other unit has it; without it nothing more is of use. */
static void say(struct run *r, enum exec_type type, const void *p, size_t len)
{
	struct fo_msg m = { .id = r->id, .kind = NF_FAILOVER_MSG_KIND_REPLY,
			    .len = len + 1 };
	int ret;

	if (r->silent)
		return;
	m.data[0] = type;
	memcpy(m.data + 1, p, len);
	ret = nl_msg_send(&r->nl, &m);
	while (!ret) {
		ret = nl_msg_next(&r->nl, &m, SENT_MS);
		if (ret == 1 && (m.kind != NF_FAILOVER_MSG_KIND_DONE ||
				 m.id != r->id))
			ret = 0;
		else if (!ret)
			break;
	}
	r->silent = ret != 1 || m.result != NF_FAILOVER_MSG_RESULT_DELIVERED;
}

static void say_end(struct run *r, enum exec_end end, unsigned int number,
		    const char *text)
{
	unsigned char p[256] = { end, number };

	snprintf((char *)p + 2, sizeof(p) - 2, "%s", text);
	say(r, EXEC_END, p, 2 + strlen((char *)p + 2));
}

static void __attribute__((noreturn)) refuse(struct run *r, const char *why)
{
	log_id(MSG_EXEC_REFUSED, why);
	say_end(r, EXEC_END_REFUSED, 0, why);
	_exit(0);
}

/* --- what is run ------------------------------------------------------- */

/* The command is beside the daemon. */
static bool find_failover(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size);
	char *slash;

	if (n <= 0 || (size_t)n >= size - sizeof("failover"))
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	strcpy(slash + 1, "failover");
	return true;
}

static void listed(struct run *r, const struct fo_exec_line *x)
{
	unsigned int n = 0;
	char *save, *word;
	const char *why;

	strcpy(r->text, x->command);
	for (word = strtok_r(r->text, " ", &save);
	     word && n < GRAMMAR_WORDS_MAX; word = strtok_r(NULL, " ", &save))
		r->argv[n++] = word;
	snprintf(r->path, sizeof(r->path), "%s", n ? r->argv[0] : "");
	why = child_refuse_program(r->path);
	if (why)
		refuse(r, why);
}

/* Without a file it writes the usual one, which may be another unit's. */
static bool is_write(const struct exec_request *q)
{
	unsigned int last = q->n - 1;

	return !strcmp(q->w[last], "write") &&
	       (!last || (last == 1 && !strcmp(q->w[0], "failover")));
}

static void of_failover(struct run *r, const struct fo_exec *x,
			const struct exec_request *q)
{
	const char *why = exec_refuse(q->n, q->w);
	unsigned int n = 0, i;

	if (why)
		refuse(r, why);
	if (!find_failover(r->path, sizeof(r->path)))
		refuse(r, "failover is not beside failoverd");
	/* it says itself that it waited for too long */
	snprintf(r->limit, sizeof(r->limit), "%u",
		 r->limit_s > 1 ? r->limit_s - 1 : 1);
	r->argv[n++] = "failover";
	if (q->json)
		r->argv[n++] = "-j";
	r->argv[n++] = "--timeout";
	r->argv[n++] = r->limit;
	if (strcmp(x->history, "-")) {
		r->argv[n++] = "--history";
		r->argv[n++] = x->history;
	}
	for (i = 0; i < q->n; i++)
		r->argv[n++] = q->w[i];
	if (is_write(q) && strcmp(x->config, FAILOVER_CONF))
		r->argv[n++] = x->config;
}

static void spawn(struct run *r)
{
	char *const env[] = { (char *)CHILD_PATH, (char *)"LC_ALL=C.UTF-8",
			      NULL };
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		refuse(r, strerror(errno));
	r->pid = fork();
	if (!r->pid)
		child_exec(r->path, (char *const *)r->argv, env, out[1],
			   err[1]);
	if (r->pid < 0)
		refuse(r, strerror(errno));
	setpgid(r->pid, r->pid);
	close(out[1]);
	close(err[1]);
	r->out[0] = out[0];
	r->out[1] = err[0];
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
}

/* --- while it runs ----------------------------------------------------- */

/* The first reason counts. */
static void cut(struct run *r, enum exec_end end)
{
	if (r->end != EXEC_END_STATUS)
		return;
	r->end = end;
	kill(-r->pid, SIGTERM);
	r->deadline = now_ms() + GRACE_MS;
}

static void on_deadline(struct run *r)
{
	if (r->end == EXEC_END_STATUS) {
		cut(r, EXEC_END_TIME);
		return;
	}
	kill(-r->pid, SIGKILL);
	r->deadline = UINT64_MAX;
}

/* False when there will be no more; what comes after the bound is not sent. */
static bool read_output(struct run *r, unsigned int i)
{
	unsigned char buf[NF_FAILOVER_MSG_LEN - 1];
	ssize_t n = read(r->out[i], buf, sizeof(buf));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!n)
		return false;
	if (r->said + n > EXEC_OUTPUT_MAX)
		cut(r, EXEC_END_OUTPUT);
	if (r->end == EXEC_END_OUTPUT)
		return true;
	r->said += n;
	say(r, i ? EXEC_ERR : EXEC_OUT, buf, n);
	if (r->silent)
		cut(r, EXEC_END_REFUSED);
	return true;
}

/* What it has written before its end; nobody may make this last. */
static void drain_output(struct run *r)
{
	unsigned int i, n;
	int ready;

	for (i = 0; i < 2; i++) {
		struct pollfd p = { .fd = r->out[i], .events = POLLIN };

		for (n = 0; n < 80; n++) {
			ready = r->out[i] < 0 ? 0 : poll(&p, 1, 0);
			if (ready <= 0 || !read_output(r, i))
				break;
		}
	}
}

static void look_for_end(struct run *r)
{
	siginfo_t exited = { .si_pid = 0 };
	struct signalfd_siginfo si;

	while (read(r->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		kill(-r->pid, SIGKILL);
		_exit(1);
	}
	/* not reaped yet: as long as it is a zombie, its group is its own */
	if (!waitid(P_PID, r->pid, &exited, WEXITED | WNOHANG | WNOWAIT))
		r->exited = exited.si_pid;
}

static int left_ms(const struct run *r)
{
	uint64_t now = now_ms();

	if (r->deadline == UINT64_MAX)
		return -1;
	return r->deadline > now ? (int)(r->deadline - now) : 0;
}

static void wait_end(struct run *r)
{
	struct pollfd p[3] = {
		{ .fd = r->signal_fd, .events = POLLIN },
		{ .fd = r->out[0], .events = POLLIN },
		{ .fd = r->out[1], .events = POLLIN },
	};
	unsigned int i;

	look_for_end(r);
	while (!r->exited) {
		if (poll(p, 3, left_ms(r)) < 0 && errno != EINTR)
			break;
		if (!left_ms(r))
			on_deadline(r);
		for (i = 0; i < 2; i++)
			if (p[i + 1].revents && !read_output(r, i))
				p[i + 1].fd = r->out[i] = -1;
		look_for_end(r);
	}
}

static void tell_end(struct run *r, int status)
{
	switch (r->end) {
	case EXEC_END_STATUS:
		if (WIFEXITED(status))
			say_end(r, EXEC_END_STATUS, WEXITSTATUS(status), "");
		else
			say_end(r, EXEC_END_SIGNAL, WTERMSIG(status), "");
		break;
	case EXEC_END_TIME:
		log_id(MSG_EXEC_CUT, "it took too long");
		say_end(r, EXEC_END_TIME, r->limit_s, "");
		break;
	case EXEC_END_OUTPUT:
		log_id(MSG_EXEC_CUT, "it had too much to say");
		say_end(r, EXEC_END_OUTPUT, 0, "");
		break;
	default:
		log_id(MSG_EXEC_CUT, "nobody waits for it any more");
	}
}

static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static uint16_t limit(const struct exec_request *q)
{
	if (!q->limit_s)
		return 1;
	return q->limit_s < EXEC_LIMIT_MAX_S ? q->limit_s : EXEC_LIMIT_MAX_S;
}

void exec_run(const struct fo_config *c, const struct fo_exec *x, uint64_t id,
	      const struct exec_request *q)
{
	static struct run r;
	const struct fo_exec_line *line;
	int status = 0;

	/* above all the sockets that the kernel knows the daemon by */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	log_reopen();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	child_be_ordinary();
	r = (struct run) { .id = id, .limit_s = limit(q) };
	r.signal_fd = catch_signals();
	if (nl_open(&r.nl))
		_exit(1);
	line = q->n == 1 ? config_exec(c, q->w[0]) : NULL;
	if (line)
		listed(&r, line);
	else
		of_failover(&r, x, q);
	r.deadline = now_ms() + r.limit_s * 1000ull;
	spawn(&r);
	wait_end(&r);
	/* what it has left behind in its group */
	kill(-r.pid, SIGKILL);
	waitpid(r.pid, &status, 0);
	drain_output(&r);
	tell_end(&r, status);
	_exit(0);
}

// SPDX-License-Identifier: GPL-2.0
/* Tracked objects: real scripts, files and processes, as the daemon tracks them. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grammar.h"
#include "log.h"
#include "track.h"
#include "track_check.h"
#include "track_watch.h"

#define I(status_)	NF_FAILOVER_IFSTATUS_##status_
/* In which everything must be done; only a broken test waits so long. */
#define PATIENCE_MS	60000

static char dir[] = "/tmp/fo-track.XXXXXX";
static char logged[4096];
static struct fo_track_set set;
static struct fo_config config;

void log_row(enum message m, const char *const *args)
{
	size_t n = strlen(logged);

	snprintf(logged + n, sizeof(logged) - n, "%u|%s\n", messages[m].id,
		 args[0] ? args[0] : "");
}

void log_msg(int priority, const char *fmt, ...)
{
	(void)priority;
	(void)fmt;
}

void log_reopen(void)
{
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static const char *path(const char *name)
{
	static char p[2][128];
	static int which;

	which = !which;
	snprintf(p[which], sizeof(p[0]), "%s/%s", dir, name);
	return p[which];
}

static void put(const char *name, mode_t mode, const char *text)
{
	FILE *f = fopen(path("new"), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path("new"), mode), 0);
	assert_int_equal(rename(path("new"), path(name)), 0);
}

static void script(const char *name, const char *text)
{
	char all[512];

	snprintf(all, sizeof(all), "#!/bin/sh\n%s\n", text);
	put(name, 0755, all);
}

/* "%" in a line is the folder. */
static int read_lines(struct fo_config *c, const char *text, struct fo_error *e)
{
	char all[1024], *to = all;
	FILE *f;
	int err;

	for (; *text; text++) {
		if (*text == '%')
			to += sprintf(to, "%s", dir);
		else
			*to++ = *text;
	}
	config_init(c);
	f = fmemopen(all, to - all, "r");
	assert_non_null(f);
	err = grammar_read(c, f, e);
	fclose(f);
	return err;
}

/* Tracks what the lines say from now on. */
static void tracks(const char *lines)
{
	struct fo_error e;

	logged[0] = '\0';
	if (read_lines(&config, lines, &e))
		fail_msg("%s", e.text);
	config.enabled = true;
	config.held_takeovers = 0;
	config.unit = NF_FAILOVER_UNIT_PRIMARY;
	track_set(&set, &config, now_ms());
}

/* As the daemon does, until @n words more have come, or something has moved. */
static void hear(int ms)
{
	struct pollfd p = { .fd = set.poll_fd, .events = POLLIN };

	poll(&p, 1, ms);
	track_run(&set, now_ms());
	track_take(&set, &config);
}

static void becomes(unsigned int i, uint32_t status, const char *cause)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (config.track[i].status != status ||
	       !strstr(config.track[i].cause, cause)) {
		if (now_ms() > end)
			fail_msg("%s: status %u: \"%s\", want %u: \"%s\"",
				 config.track[i].name, config.track[i].status,
				 config.track[i].cause, status, cause);
		hear(20);
	}
}

/* Nothing of it is left when it is not tracked any more. */
static void nothing_runs(void)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	tracks("");
	do {
		assert_true(now_ms() < end);
		hear(5);
	} while (set.n_leaving);
	assert_int_equal(set.n, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void scripts(void **state)
{
	(void)state;
	script("check", "test -e %/good; exit 3");
	script("check", "echo \"$FAILOVER_TRACK of $FAILOVER_UNIT, HOME=$HOME\"\necho second");
	tracks("failover track a script %/check interval msec 100");
	becomes(0, I(NORMAL), "Status 0: a of primary, HOME=");
	script("check", "printf 'bad\\033[1m'\nexit 7");
	becomes(0, I(FAILED), "Status 7: bad?[1m");
	assert_string_equal(config.track[0].note,
			    "Track a failed: Status 7: bad?[1m");
	script("check", "kill -9 $$");
	becomes(0, I(FAILED), "Signal 9");
	put("check", 0755, "#!/no/such/program\n");
	becomes(0, I(FAILED), "Status 127: cannot be run");
	script("check", ":");
	becomes(0, I(NORMAL), "Status 0");
	assert_string_equal(config.track[0].note, "Track a works: Status 0");
	assert_string_equal(logged, "990501|a\n990502|a\n");
	/* it is looked at again each time */
	chmod(path("check"), 0777);
	becomes(0, I(FAILED), "Not run: others than its owner may write to it");
	unlink(path("check"));
	becomes(0, I(FAILED), "Not run: No such file or directory");
	nothing_runs();
}

static bool exists(const char *name)
{
	return !access(path(name), F_OK);
}

static pid_t pid_in(const char *name)
{
	FILE *f = fopen(path(name), "r");
	int pid = 0;

	if (!f || fscanf(f, "%d", &pid) != 1)
		pid = 0;
	if (f)
		fclose(f);
	return pid;
}

static void waits_for_end(pid_t pid)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	/* an orphan, which somebody else waits for */
	while (!kill(pid, 0) && now_ms() < end) {
		char stat[64], line[256] = "";
		FILE *f;

		snprintf(stat, sizeof(stat), "/proc/%d/stat", pid);
		f = fopen(stat, "r");
		if (!f)
			return;
		if (!fgets(line, sizeof(line), f))
			line[0] = '\0';
		fclose(f);
		if (strstr(line, ") Z"))
			return;
		hear(5);
	}
	assert_true(now_ms() < end);
}

/* One that hangs is killed with all that it has started, and has failed. */
static void late_scripts(void **state)
{
	pid_t child;

	(void)state;
	script("hang", "sleep 1000 & echo $! >\"$0.pid\"\ntrap '' TERM\necho x; wait; sleep 1000");
	tracks("failover track a script %/hang interval msec 100 timeout msec 300");
	becomes(0, I(FAILED), "Killed, not done in 300 ms");
	child = pid_in("hang.pid");
	assert_true(child > 0);
	/* the next is under way; what the first one started is gone */
	script("hang", ":");
	becomes(0, I(NORMAL), "Status 0");
	waits_for_end(child);
	/* so is what one leaves behind that ends in time */
	script("hang", "sleep 1000 & echo $! >\"$0.pid\"; exit 4");
	becomes(0, I(FAILED), "Status 4");
	waits_for_end(pid_in("hang.pid"));
	/* and of one that is at work when nobody wants to know any more */
	unlink(path("hang.pid"));
	script("hang", "echo $$ >\"$0.pid\"; sleep 1000");
	tracks("failover track a script %/hang timeout 1000");
	while (!exists("hang.pid") || !pid_in("hang.pid"))
		hear(10);
	child = pid_in("hang.pid");
	assert_int_equal(kill(child, 0), 0);
	nothing_runs();
	waits_for_end(child);
}

/* A script that writes without end does not wait, and is no burden. */
static void loud_scripts(void **state)
{
	(void)state;
	script("loud", "yes | head -c 3000000\nexit 5");
	tracks("failover track a script %/loud interval msec 100 timeout 30");
	becomes(0, I(FAILED), "Status 5: y");
	nothing_runs();
}

static void files(void **state)
{
	(void)state;
	unlink(path("f"));
	/* the interval is so long that only events can tell */
	tracks("failover track a file %/f interval 3600\n"
	       "failover track b file %/f contains up interval 3600\n"
	       "failover track c file %/f at-least 10 interval 3600\n");
	becomes(0, I(FAILED), "No such file");
	becomes(1, I(FAILED), "No such file");
	put("f", 0644, "10\n");
	becomes(0, I(NORMAL), "It is there");
	becomes(1, I(FAILED), "No such file");	/* as bad as it was */
	becomes(2, I(NORMAL), "It holds 10");
	/* replaced by another one, and written to */
	put("f", 0644, "9 up\n");
	becomes(1, I(NORMAL), "It contains up");
	becomes(2, I(FAILED), "It holds 9");
	assert_int_equal(config.track[0].status, I(NORMAL));
	put("f", 0644, "99999999999999999999\n");
	becomes(1, I(FAILED), "It does not contain up");
	put("f", 0644, "0x10\n");
	put("f", 0644, " 11 up");
	becomes(1, I(NORMAL), "It contains up");
	becomes(2, I(NORMAL), "It holds 11");
	unlink(path("f"));
	becomes(0, I(FAILED), "No such file");
	becomes(2, I(FAILED), "No such file");
	/* nobody waits for who would write to it */
	assert_int_equal(mkfifo(path("f"), 0600), 0);
	tracks("failover track a file %/f interval msec 100");
	becomes(0, I(FAILED), "It is no regular file");
	unlink(path("f"));
	nothing_runs();
}

/* A folder that was not there is found at a look, and watched from then on. */
static void folders(void **state)
{
	(void)state;
	tracks("failover track a file %/d/f interval msec 100");
	becomes(0, I(FAILED), "No such file");
	assert_int_equal(mkdir(path("d"), 0755), 0);
	put("d/f", 0644, "");
	becomes(0, I(NORMAL), "It is there");
	assert_int_equal(rename(path("d"), path("e")), 0);
	becomes(0, I(FAILED), "No such file");
	assert_int_equal(rename(path("e"), path("d")), 0);
	becomes(0, I(NORMAL), "It is there");
	unlink(path("d/f"));
	rmdir(path("d"));
	becomes(0, I(FAILED), "No such file");
	nothing_runs();
}

/* It is that program when this returns: exec has closed the pipe. */
static pid_t start(const char *name)
{
	int ends[2];
	char none;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(path(name), name, "1000", NULL);
		_exit(127);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &none, 1), 0);
	close(ends[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void processes(void **state)
{
	char line[256], copy[256], prog[32];
	pid_t one, two;

	(void)state;
	/* longer than what the kernel keeps of a name; no other test has it */
	snprintf(prog, sizeof(prog), "fo-track-test-prog%d", getpid());
	snprintf(copy, sizeof(copy), "cp /bin/sleep %s", path(prog));
	assert_int_equal(system(copy), 0);
	one = start(prog);
	two = start(prog);
	snprintf(line, sizeof(line),
		 "failover track a process %s interval msec 100\n"
		 "failover track b process %%/%s at-least 2 interval msec 100\n",
		 prog, prog);
	tracks(line);
	becomes(0, I(NORMAL), "2 processes run");
	becomes(1, I(NORMAL), "2 processes run");
	/* its program is replaced meanwhile */
	assert_int_equal(unlink(path(prog)), 0);
	end(two);
	becomes(1, I(FAILED), "1 process runs");
	assert_int_equal(config.track[0].status, I(NORMAL));
	/* one that nobody has waited for yet does not run */
	kill(one, SIGKILL);
	becomes(0, I(FAILED), "0 processes run");
	waitpid(one, NULL, 0);
	assert_int_equal(system(copy), 0);
	one = start(prog);
	becomes(0, I(NORMAL), "1 process runs");
	/* at once, also when nobody looks for an hour */
	snprintf(line, sizeof(line),
		 "failover track a process %s interval 3600", prog);
	tracks(line);
	becomes(0, I(NORMAL), "1 process runs");
	end(one);
	becomes(0, I(FAILED), "0 processes run");
	nothing_runs();
}

/* A service's filter, say, that does not let pidfd_open(2) pass. */
static void forbid_pidfds(void)
{
	struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(lines) / sizeof(lines[0]), lines };

	assert_false(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	assert_false(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
}

/* What cannot be watched runs all the same, and is looked at each time. */
static void processes_unwatched(void **state)
{
	struct track_watch w = { .spec = { .at_least = 1 } };
	int status;
	pid_t pid;

	(void)state;
	assert_true(readlink("/proc/self/exe", w.spec.text, sizeof(w.spec.text) - 1) > 0);
	pid = fork();
	if (!pid) {
		forbid_pidfds();
		track_process_ops.look(&w);
		_exit(w.word.good && !w.settled && !w.n_fds ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Who looks at an object is killed: it is looked at again. */
static void watchers(void **state)
{
	pid_t was;

	(void)state;
	put("f", 0644, "");
	tracks("failover track a file %/f interval msec 100");
	becomes(0, I(NORMAL), "It is there");
	was = set.item[0].pid;
	kill(was, SIGKILL);
	unlink(path("f"));
	becomes(0, I(FAILED), "No such file");
	put("f", 0644, "");
	becomes(0, I(NORMAL), "It is there");
	/* one that says nothing is believed to have found something bad */
	was = set.item[0].pid;
	kill(was, SIGSTOP);
	while (set.item[0].pid == was && now_ms() < set.item[0].silent_ms)
		hear(1000);
	becomes(0, I(FAILED), "No answer from who looks at it");
	assert_non_null(strstr(logged, "990503|a\n"));
	becomes(0, I(NORMAL), "It is there");
	assert_int_not_equal(set.item[0].pid, was);
	nothing_runs();
}

/* The same object goes on, another one begins anew. */
static void other_lines(void **state)
{
	pid_t was;

	(void)state;
	put("f", 0644, "");
	tracks("failover track a file %/f interval msec 100 rise 100\n"
	       "failover track b file %/f interval msec 100");
	becomes(0, I(NORMAL), "It is there");
	becomes(1, I(NORMAL), "It is there");
	was = set.item[0].pid;
	/* the weight is the policy's business */
	tracks("failover track b file %/f interval msec 200\n"
	       "failover track a file %/f interval msec 100 rise 100 weight 7");
	assert_int_equal(set.item[1].pid, was);
	assert_int_equal(set.item[1].state.status, I(NORMAL));
	assert_int_equal(set.item[0].state.status, I(UNKNOWN));
	/* what the kernel knows of one is where it begins */
	tracks("");
	tracks("failover track a file %/f interval msec 100 rise 100");
	nothing_runs();
	logged[0] = '\0';
	read_lines(&config, "failover track a file %/f interval msec 100 rise 100",
		   &(struct fo_error) { .line = 0 });
	config.enabled = true;
	config.track[0].status = I(FAILED);
	track_set(&set, &config, now_ms());
	assert_int_equal(set.item[0].state.status, I(FAILED));
	while (set.item[0].state.run < 3)
		hear(100);
	assert_int_equal(config.track[0].status, I(FAILED));
	/* failover is off: nothing is looked at */
	config.enabled = false;
	track_set(&set, &config, now_ms());
	assert_int_equal(set.n, 0);
	assert_int_equal(track_wait(&set, now_ms()), 0);
	nothing_runs();
}

/* Only what a line brings is looked at, and the word that is wrong is told. */
static void refused(void **state)
{
	struct fo_error e = { .line = 0 };
	struct fo_config c;

	(void)state;
	script("check", ":");
	assert_int_equal(read_lines(&c, "\nfailover track a script %/check\n", &e), 0);
	assert_int_equal(track_check(&c, &e), 0);
	chmod(path("check"), 0775);
	assert_int_equal(track_check(&c, &e), -1);
	assert_int_equal(e.line, 2);
	assert_int_equal(e.word, 5);
	assert_non_null(strstr(e.text, "others than its owner may write to it; expected an executable that only root can change"));
	c.track[0].fresh = false;
	assert_int_equal(track_check(&c, &e), 0);
	c.track[0].fresh = true;
	chmod(path("check"), 0644);
	assert_int_equal(track_check(&c, &e), -1);
	assert_non_null(strstr(e.text, "it is not executable"));
	chmod(path("check"), 0755);
	chmod(dir, 0777);
	assert_int_equal(track_check(&c, &e), -1);
	assert_non_null(strstr(e.text, "others may write to a folder above it"));
	chmod(dir, 0755);
	assert_int_equal(chown(path("check"), 1234, 0), 0);
	assert_int_equal(track_check(&c, &e), -1);
	assert_non_null(strstr(e.text, "it does not belong to root"));
	assert_int_equal(chown(path("check"), 0, 0), 0);
	assert_int_equal(read_lines(&c, "failover track a script %", &e), 0);
	assert_int_equal(track_check(&c, &e), -1);
	assert_non_null(strstr(e.text, "it is a folder"));
}

/* --- sessions of BFD ---------------------------------------------------- */

#define WELCOME	"0001 BIRD 2.0.12 ready.\n"
#define HEAD	"1020-bfd1:\n IP address  Interface  State  Since  Interval  Timeout\n"
#define END	"0000 \n"

/* Answers of what should be BIRD, and what is to be seen of them. */
static const struct answer {
	const char *text;
	const char *again;	/* without end */
	bool open;		/* it stays so */
	const char *cause;
	bool good;
} answers[] = {
	{ WELCOME HEAD " 10.0.0.3  eth0  Down  1  2  3\n 10.0.0.2  eth0  Up  1  2  3\n" END,
	  NULL, true, "It is Up", true },
	{ WELCOME HEAD " 10.0.0.2  eth0  Down  1  2  3\n 10.0.0.3  eth0  Up  1  2  3\n" END,
	  NULL, true, "It is Down", false },
	{ WELCOME HEAD " 10.0.0.2  eth0  Init  1  2  3\n" END, NULL, true,
	  "It is Init", false },
	/* of two protocols, or over two devices */
	{ WELCOME HEAD " 10.0.0.2  eth0  Down  1  2  3\n1020-bfd2:\n 10.0.0.2  eth1  Up  1  2  3\n 10.0.0.2  eth2  Down  1  2  3\n" END,
	  NULL, true, "It is Up", true },
	{ WELCOME HEAD END, NULL, true, "No such session", false },
	{ WELCOME "1010-There is no BFD protocol running.\n" END, NULL, true,
	  "No such session", false },
	{ WELCOME "1020 bfd1: not up\n", NULL, false,
	  "BIRD ended before its answer did", false },
	{ WELCOME HEAD " 10.0.0.20  eth0  Up  1  2  3\n 110.0.0.2  eth0  Up  1  2  3\n x  10.0.0.2  Up\n" END,
	  NULL, true, "No such session", false },
	{ WELCOME "9001 syntax error, unexpected CF_SYM_UNDEFINED\n", NULL, true,
	  "BIRD: syntax error, unexpected CF_SYM_UNDEFINED", false },
	{ HEAD " 10.0.0.2  eth0  Up  1  2  3\n" END, NULL, true, "It is not BIRD",
	  false },
	{ "HTTP/1.1 400 Bad Request\r\n", NULL, true,
	  "This is not how BIRD answers", false },
	{ " 10.0.0.2  eth0  Up  1  2  3\n", NULL, true,
	  "This is not how BIRD answers", false },
	{ WELCOME HEAD " 10.0.0.2  eth0  \033[1mUp  1  2  3\n" END, NULL, true,
	  "This is not how BIRD answers", false },
	{ WELCOME HEAD " ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", true,
	  "This is not how BIRD answers", false },
	{ WELCOME HEAD, " 10.0.0.2  eth0  Up  1  2  3\n", true,
	  "The answer of BIRD has no end", false },
	{ WELCOME HEAD " 10.0.0.2  eth0  Up  1  2  3\n", NULL, false,
	  "BIRD ended before its answer did", false },
	{ WELCOME HEAD " 10.0.0.2  eth0  Up  1  2  3\n", NULL, true,
	  "No answer of BIRD in time", false },
	{ "", NULL, true, "No answer of BIRD in time", false },
};

static void say(int fd, const char *text)
{
	while (*text) {
		ssize_t n = send(fd, text, strlen(text), MSG_NOSIGNAL);

		if (n <= 0)
			return;
		text += n;
	}
}

static void answer(int fd, const struct answer *a)
{
	char buf[256];

	say(fd, a->text);
	while (a->again && send(fd, a->again, strlen(a->again), MSG_NOSIGNAL) > 0)
		;
	/* until it is not wanted any more */
	while (a->open && recv(fd, buf, sizeof(buf), 0) > 0)
		;
	close(fd);
}

/* Answers each that asks, in a process of its own. */
static pid_t bird(const struct answer *a)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), one;
	pid_t pid;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path("bird"));
	unlink(to.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(listen(fd, 8), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while ((one = accept(fd, NULL, NULL)) >= 0)
			answer(one, a);
		_exit(1);
	}
	close(fd);
	return pid;
}

/* The kind is asked as the process that looks asks it. */
static void sessions(void **state)
{
	static const struct answer *a;
	struct track_watch w;
	struct fo_error e;
	pid_t pid;

	(void)state;
	assert_int_equal(read_lines(&config, "failover track a bfd 10.0.0.2 socket %/bird", &e), 0);
	memset(&w, 0, sizeof(w));
	assert_int_equal(track_spec_read(&w.spec, &config.track[0], &e), 0);
	for (a = answers; a < answers + sizeof(answers) / sizeof(answers[0]); a++) {
		pid = bird(a);
		track_bfd_ops.look(&w);
		assert_string_equal(w.word.cause, a->cause);
		assert_int_equal(w.word.good, a->good);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	/* nobody is there any more */
	track_bfd_ops.look(&w);
	assert_string_equal(w.word.cause, "Socket of BIRD: Connection refused");
	unlink(path("bird"));
	track_bfd_ops.look(&w);
	assert_string_equal(w.word.cause, "Socket of BIRD: No such file or directory");
	assert_false(w.word.good);
}

static void find_session(const char *line, const char *cause)
{
	static const struct answer both = {
		WELCOME HEAD " fe80::2%eth1  eth1  Up  1  2  3\n"
		" fe80::2  eth0  Down  1  2  3\n 10.0.0.2  ---  Up  1  2  3\n" END,
		NULL, true, NULL, true
	};
	pid_t pid = bird(&both);

	tracks(line);
	becomes(0, strcmp(cause, "It is Up") ? I(FAILED) : I(NORMAL), cause);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	nothing_runs();
}

/* The device tells sessions with the same address from each other. */
static void sessions_of_devices(void **state)
{
	(void)state;
	find_session("failover track a bfd fe80::2 dev eth0 socket %/bird", "It is Down");
	find_session("failover track a bfd fe80::2 dev eth1 socket %/bird", "It is Up");
	find_session("failover track a bfd fe80::2 dev eth2 socket %/bird", "No such session");
	find_session("failover track a bfd 10.0.0.2 socket %/bird", "It is Up");
}

static int begin(void **state)
{
	(void)state;
	umask(022);
	return !mkdtemp(dir) || chmod(dir, 0755) || track_open(&set);
}

static int finish(void **state)
{
	char command[64];

	(void)state;
	track_close(&set);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts),
		cmocka_unit_test(late_scripts),
		cmocka_unit_test(loud_scripts),
		cmocka_unit_test(files),
		cmocka_unit_test(folders),
		cmocka_unit_test(processes),
		cmocka_unit_test(processes_unwatched),
		cmocka_unit_test(watchers),
		cmocka_unit_test(sessions),
		cmocka_unit_test(sessions_of_devices),
		cmocka_unit_test(other_lines),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests_name("track", tests, begin, finish);
}

// SPDX-License-Identifier: GPL-2.0
/* Hooks: real scripts in a folder, run as the daemon runs them. */
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "hooks.h"
#include "log.h"

#define S(state_)	NF_FAILOVER_STATE_##state_
/* In which everything must be done; only a broken test waits so long. */
#define PATIENCE_MS	60000

static char dir[] = "/tmp/fo-hooks.XXXXXX";
/* What was logged, also by the process that runs the hooks. */
static char *logged;

void log_row(enum message m, const char *const *args)
{
	size_t n = strlen(logged);

	snprintf(logged + n, 65536 - n, "%u", messages[m].id);
	for (; *args; args++) {
		n = strlen(logged);
		snprintf(logged + n, 65536 - n, "|%s", *args);
	}
	strcat(logged, "\n");
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
	FILE *f = fopen(path(name), "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	assert_int_equal(chmod(path(name), mode), 0);
}

static char *read_out(void)
{
	static char out[8192];
	FILE *f = fopen(path("out"), "r");
	size_t n = f ? fread(out, 1, sizeof(out) - 1, f) : 0;

	if (f)
		fclose(f);
	out[n] = '\0';
	return out;
}

static int setup(void **state)
{
	(void)state;
	logged[0] = '\0';
	assert_non_null(mkdtemp(strcpy(dir, "/tmp/fo-hooks.XXXXXX")));
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(chdir(dir), 0);
	return 0;
}

static int teardown(void **state)
{
	char cmd[64];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return chdir("/") || system(cmd);
}

static struct fo_hooks hooks(void)
{
	return (struct fo_hooks) { .dir = dir, .limit_s = 20 };
}

static void nap(void)
{
	struct timespec t = { .tv_nsec = 5000000 };

	nanosleep(&t, NULL);
}

/* As the loop of the daemon does, until no series runs or waits. */
static void settle(struct fo_hooks *h)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (h->runner) {
		assert_true(now_ms() < end);
		nap();
		hooks_reap(h);
	}
}

static struct elect_view view(uint32_t state)
{
	return (struct elect_view) {
		.enabled = true, .unit = NF_FAILOVER_UNIT_SECONDARY,
		.state = state, .epoch = 7, .peer_alive = true,
		.peer_state = S(FAILED),
	};
}

static void to(struct fo_hooks *h, uint32_t from, uint32_t state,
	       const char *why)
{
	struct elect_view v = view(state);

	hooks_moved(h, from, state, "event", why);
	hooks_settled(h, &v);
}

#define TELL	"echo \"$FAILOVER_ROLE $FAILOVER_FROM>$FAILOVER_STATE $FAILOVER_REASON\" >>out"

static void once_per_role(void **state)
{
	struct fo_hooks h = hooks();

	(void)state;
	put("10", 0755, TELL);
	to(&h, S(NEGOTIATION), S(NEGOTIATION), NULL);
	settle(&h);
	to(&h, S(NEGOTIATION), S(COLD_STANDBY), NULL);
	to(&h, S(COLD_STANDBY), S(STANDBY_READY), NULL);
	settle(&h);
	hooks_moved(&h, S(STANDBY_READY), S(JUST_ACTIVE), "event", "HELLO");
	hooks_moved(&h, S(JUST_ACTIVE), S(ACTIVE_DRAIN), "step", NULL);
	to(&h, S(ACTIVE_DRAIN), S(ACTIVE), NULL);
	settle(&h);
	to(&h, S(ACTIVE), S(ACTIVE), NULL);
	settle(&h);
	to(&h, S(ACTIVE), S(DISABLED), NULL);
	settle(&h);
	assert_string_equal(read_out(),
			    "standby Negotiation>Negotiation failoverd started\n"
			    "active Standby Ready>Active HELLO\n"
			    "disabled Active>Disabled event\n");
}

/* Nobody said why: the kernel has fenced the unit, say. */
static void found(void **state)
{
	struct elect_view v = view(S(COLD_STANDBY));
	struct fo_hooks h = hooks();

	(void)state;
	put("10", 0755, TELL);
	to(&h, S(ACTIVE), S(ACTIVE), NULL);
	settle(&h);
	hooks_settled(&h, &v);
	settle(&h);
	assert_non_null(strstr(read_out(), "standby Active>Cold Standby found in the kernel\n"));
}

static void environment(void **state)
{
	struct fo_hooks h = hooks();
	char *out;

	(void)state;
	setenv("SECRET", "of the daemon", 1);
	put("10", 0755, "env | grep -v -e ^PWD -e ^SHLVL -e ^_= -e ^OLDPWD -e ^PATH | sort >out");
	to(&h, S(STANDBY_READY), S(ACTIVE), "HELLO not heard from mate");
	settle(&h);
	out = read_out();
	assert_int_equal(strncmp(out,
		"FAILOVER_EPOCH=7\n"
		"FAILOVER_FROM=Standby Ready\n"
		"FAILOVER_MATE_STATE=Failed\n"
		"FAILOVER_REASON=HELLO not heard from mate\n"
		"FAILOVER_ROLE=active\n"
		"FAILOVER_STATE=Active\n"
		"FAILOVER_UNIT=secondary\n"
		"FAILOVER_VERSION=", 164), 0);
	assert_null(strstr(out, "SECRET"));
}

/* No file, signal or priority of the daemon is left to a hook. */
static void inherits_nothing(void **state)
{
	struct fo_hooks h = hooks();
	int fd = open("/dev/null", O_RDONLY);
	unsigned long long ignored;
	sigset_t set, old;
	char *out;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	put("10", 0755, "ls /proc/self/fd | xargs >out; exec sed -n 's/^Sig\\(Blk\\|Ign\\):.//p' /proc/self/status >>out");
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fd);
	signal(SIGHUP, SIG_DFL);
	/* 3: the folder itself */
	out = read_out();
	assert_int_equal(strncmp(out, "0 1 2 3\n0000000000000000\n", 25), 0);
	/* 32 and 33 belong to the C library, which leaves them as they are */
	ignored = strtoull(out + 25, NULL, 16);
	assert_true((ignored & ~0x180000000ull) == 0);
}

static void sorted_and_chosen(void **state)
{
	struct fo_hooks h = hooks();

	(void)state;
	put("b", 0755, "echo b >>out");
	put("B", 0755, "echo B >>out");
	put("10-x.sh", 0755, "echo 10-x.sh >>out");
	put("9", 0755, "echo 9 >>out");
	put("c~", 0755, "echo backup >>out");
	put(".hidden", 0755, "echo hidden >>out");
	put("c.dpkg-old", 0755, "echo old >>out");
	put("plain", 0644, "echo plain >>out");
	assert_int_equal(mkdir(path("folder"), 0755), 0);
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	assert_string_equal(read_out(), "10-x.sh\n9\nB\nb\n");
	assert_string_equal(logged, "");
}

static void not_trusted(void **state)
{
	struct fo_hooks h = hooks();

	(void)state;
	put("1", 0775, "echo 1 >>out");
	put("2", 0757, "echo 2 >>out");
	put("3", 0755, "echo 3 >>out");
	assert_int_equal(symlink("3", path("4")), 0);
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	assert_string_equal(read_out(), "3\n");
	assert_non_null(strstr(logged, "/1|others than"));
	assert_non_null(strstr(logged, "/2|others than"));
	assert_non_null(strstr(logged, "/4|it is no regular file"));
	/* who may write to the folder chooses what is run */
	logged[0] = '\0';
	assert_int_equal(chmod(dir, 0777), 0);
	to(&h, S(ACTIVE), S(STANDBY_READY), NULL);
	settle(&h);
	assert_string_equal(read_out(), "3\n");
	assert_non_null(strstr(logged, "others than"));
}

static void refusals(void **state)
{
	static const struct {
		mode_t mode;
		uid_t uid;
		bool good;
	} row[] = {
		{ S_IFREG | 0755, 0, true },
		{ S_IFREG | 0500, 0, true },
		{ S_IFDIR | 0755, 0, true },
		{ S_IFREG | 0755, 12345, false },
		{ S_IFREG | 0775, 0, false },
		{ S_IFREG | 0757, 0, false },
		{ S_IFDIR | 01777, 0, false },
		{ S_IFLNK | 0777, 0, false },
		{ S_IFIFO | 0700, 0, false },
		{ S_IFSOCK | 0700, 0, false },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct stat st = { .st_mode = row[i].mode,
				   .st_uid = row[i].uid };

		assert_int_equal(!child_refuse(&st), row[i].good);
	}
}

/* A folder that is not there is no complaint; one of no use is. */
static void no_folder(void **state)
{
	struct fo_hooks h = hooks();

	(void)state;
	h.dir = "/nonexistent/hooks.d";
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	assert_string_equal(logged, "");
	put("file", 0755, "");
	h.dir = path("file");
	to(&h, S(ACTIVE), S(STANDBY_READY), NULL);
	settle(&h);
	assert_non_null(strstr(logged, "it is no folder"));
	h.dir = NULL;
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	assert_int_equal(h.runner, 0);
}

static void output(void **state)
{
	struct fo_hooks h = hooks();

	(void)state;
	put("1", 0755, "echo out; echo err >&2; printf 'a\\033[31mb\\tc'");
	put("2", 0755, "exit 3");
	put("3", 0755, "kill -TERM $$");
	put("4", 0755, "head -c 1000 /dev/zero | tr '\\0' x");
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	assert_non_null(strstr(logged, "990304|1|out\n"));
	assert_non_null(strstr(logged, "990304|1|err\n"));
	assert_non_null(strstr(logged, "990304|1|a?[31mb c\n"));
	assert_non_null(strstr(logged, "990303|2|status 3\n"));
	assert_non_null(strstr(logged, "990303|3|signal 15\n"));
	/* 1000 bytes, in lines of 400 */
	assert_non_null(strstr(logged, "990304|4|xxx"));
}

/* It may not fill the log, and is not stopped by a full pipe. */
static void too_much(void **state)
{
	struct fo_hooks h = hooks();
	unsigned int n = 0;
	char *p;

	(void)state;
	put("1", 0755, "yes | head -n 100000; echo done >out");
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	settle(&h);
	assert_string_equal(read_out(), "done\n");
	for (p = logged; (p = strstr(p, "990304|")); p++)
		n++;
	assert_int_equal(n, 200);
	assert_non_null(strstr(logged, "990305|1\n"));
}

static bool gone(pid_t pid)
{
	char name[64], text[256] = "";
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/stat", pid);
	f = fopen(name, "r");
	if (!f)
		return true;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	return !text[0] || strstr(text, ") Z ");
}

/* Two pids that a hook has written. */
static void read_pids(pid_t *leader, pid_t *child)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (sscanf(read_out(), "%d %d\n", leader, child) != 2) {
		assert_true(now_ms() < end);
		nap();
	}
}

static void wait_gone(pid_t pid)
{
	uint64_t end = now_ms() + PATIENCE_MS;

	while (!gone(pid)) {
		assert_true(now_ms() < end);
		nap();
	}
}

#define HANG	"sleep 1000 & echo $$ $! >out; sleep 1000"

/* The limit is for the whole group, and for those that ignore SIGTERM. */
static void killed(void **state)
{
	struct fo_hooks h = hooks();
	pid_t leader, child;
	uint64_t begin = now_ms();

	(void)state;
	h.limit_s = 1;
	put("1", 0755, "trap '' TERM; " HANG);
	put("2", 0755, "echo next >>out");
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	/* the daemon goes on at once */
	assert_true(now_ms() - begin < 1000);
	read_pids(&leader, &child);
	settle(&h);
	assert_true(now_ms() - begin >= 1000);
	wait_gone(leader);
	wait_gone(child);
	assert_non_null(strstr(logged, "990302|1|1 s\n"));
	assert_non_null(strstr(read_out(), "next\n"));
}

/* Of what waits only the newest is told, and what runs ends early. */
static void newest(void **state)
{
	struct fo_hooks h = hooks();
	pid_t leader, child;

	(void)state;
	put("1", 0755, "[ $FAILOVER_ROLE = active ] || exit 0; " HANG);
	put("2", 0755, "echo $FAILOVER_ROLE >>told");
	to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
	read_pids(&leader, &child);
	to(&h, S(ACTIVE), S(STANDBY_READY), "first");
	to(&h, S(STANDBY_READY), S(ACTIVE), "second");
	to(&h, S(ACTIVE), S(STANDBY_READY), "third");
	assert_string_equal(h.next.reason, "third");
	kill(-leader, SIGKILL);
	settle(&h);
	assert_int_equal(rename(path("told"), path("out")), 0);
	assert_string_equal(read_out(), "standby\n");
	assert_non_null(strstr(logged, "990306|active|2\n"));
}

/* A daemon that dies takes its hooks with it. */
static void daemon_dies(void **state)
{
	pid_t daemon, leader, child;

	(void)state;
	put("1", 0755, HANG);
	daemon = fork();
	if (!daemon) {
		struct fo_hooks h = hooks();

		to(&h, S(STANDBY_READY), S(ACTIVE), NULL);
		pause();
		_exit(0);
	}
	read_pids(&leader, &child);
	kill(daemon, SIGKILL);
	waitpid(daemon, NULL, 0);
	wait_gone(leader);
	wait_gone(child);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(once_per_role),
		TEST(found),
		TEST(environment),
		TEST(inherits_nothing),
		TEST(sorted_and_chosen),
		TEST(not_trusted),
		TEST(refusals),
		TEST(no_folder),
		TEST(output),
		TEST(too_much),
		TEST(killed),
		TEST(newest),
		TEST(daemon_dies),
	};

	logged = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (logged == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

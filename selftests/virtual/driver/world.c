// SPDX-License-Identifier: GPL-2.0
/* Network namespaces, and the programs that run in them. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

#define NAME_LEN	64
#define BATCH_LEN	2048

static struct {
	int fd;
	char name[NAME_LEN];
} places[PLACES];

const char *world_name(enum place place)
{
	return places[place].name;
}

static void path_of(enum place place, char *path, size_t len)
{
	if (place == HERE)
		snprintf(path, len, "/proc/self/ns/net");
	else
		snprintf(path, len, "/run/netns/%s", places[place].name);
}

static void open_place(enum place place)
{
	char path[128];

	path_of(place, path, sizeof(path));
	places[place].fd = open(path, O_RDONLY | O_CLOEXEC);
	if (places[place].fd < 0)
		fail("%s: %s", path, strerror(errno));
}

/* A namespace that there is, or the name of one that is to be made. */
void world_open(enum place place, const char *name)
{
	snprintf(places[place].name, NAME_LEN, "%s", name);
	places[place].fd = -1;
	if (place < FW1)
		open_place(place);
}

void enter(enum place place)
{
	if (setns(places[place].fd, CLONE_NEWNET))
		fail("setns: %s: %s", places[place].name, strerror(errno));
}

/* As ip-netns(8) does it. */
void world_make(enum place place)
{
	char path[128];
	int fd;

	path_of(place, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	close(fd);
	if (unshare(CLONE_NEWNET) ||
	    mount("/proc/self/ns/net", path, "none", MS_BIND, NULL))
		fail("new namespace %s: %s", path, strerror(errno));
	enter(HERE);
	open_place(place);
}

void world_drop(enum place place)
{
	char path[128];

	path_of(place, path, sizeof(path));
	close(places[place].fd);
	places[place].fd = -1;
	if (umount2(path, MNT_DETACH) || unlink(path))
		fail("%s: %s", path, strerror(errno));
}

/* A child with @in and @out as its standard input and output, -1 for none. */
pid_t start(enum place place, int in, int out, const char *const argv[])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (place != HERE)
		enter(place);
	if (in < 0)
		in = open("/dev/null", O_RDONLY);
	dup2(in, 0);
	if (out >= 0) {
		dup2(out, 1);
		dup2(out, 2);
	}
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

void stop(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int run(enum place place, const char *input, const char *const argv[])
{
	int in = -1, status;
	pid_t pid;

	if (input) {
		in = memfd_create("input", 0);
		if (in < 0 || write(in, input, strlen(input)) < 0)
			fail("memfd: %s", strerror(errno));
		lseek(in, 0, SEEK_SET);
	}
	pid = start(place, in, -1, argv);
	if (in >= 0)
		close(in);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			fail("waitpid: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Commands of ip(8), all of which must succeed. */
void batch(enum place place, const char *fmt, ...)
{
	static const char *const argv[] = { "ip", "-batch", "-", NULL };
	char text[BATCH_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (run(place, text, argv))
		fail("ip -batch in %s failed:\n%s", places[place].name, text);
}

/* A file of /proc; those of the network are the ones of where we are. */
void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

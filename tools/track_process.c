// SPDX-License-Identifier: GPL-2.0
/* A tracked object that is a program: so many processes of it run.
 *
 * The kernel tells at once when one ends that was counted (pidfd), in any
 * namespace and whatever else the machine starts. That one has begun is looked
 * for as long as they are too few: who wants to know of it from the kernel (the
 * process connector) is woken by each fork of the machine, and is told nothing
 * outside of the first network namespace.
 */
#include "track_watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COMM_MAX	16	/* with its end; longer names are cut */

static bool is_comm(const char *pid, const char *name)
{
	char path[64], comm[COMM_MAX + 1] = "";
	FILE *f;
	bool is;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	is = fgets(comm, sizeof(comm), f);
	fclose(f);
	comm[strcspn(comm, "\n")] = '\0';
	return is && !strcmp(comm, name);
}

/* By its path, or by its last part; a program that was replaced still runs. */
static bool is_exe(const char *pid, const char *name)
{
	static const char gone[] = " (deleted)";
	char path[64], exe[PATH_MAX + 1], *last;
	size_t end = sizeof(gone) - 1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%.20s/exe", pid);
	n = readlink(path, exe, PATH_MAX);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	if ((size_t)n > end && !strcmp(exe + n - end, gone))
		exe[n - end] = '\0';
	last = strrchr(exe, '/');
	return !strcmp(*name == '/' || !last ? exe : last + 1, name);
}

/* One that has ended and was not waited for has no other threads. */
static bool is_zombie(const char *pid)
{
	char path[64], line[128], *at;
	bool is = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return true;
	if (fgets(line, sizeof(line), f)) {
		at = strrchr(line, ')');
		is = at && (at[2] == 'Z' || at[2] == 'X');
	}
	fclose(f);
	return is;
}

static bool runs(const char *pid, const char *name)
{
	if (*name != '/' && is_comm(pid, name))
		return !is_zombie(pid);
	return is_exe(pid, name) && !is_zombie(pid);
}

static void forget(struct track_watch *w)
{
	while (w->n_fds)
		close(w->fd[--w->n_fds].fd);
}

/*
 * Returns whether it runs: one that ends between both does not, one that cannot
 * be watched (too many files, a service's filter) does.
 */
static bool watch(struct track_watch *w, const char *pid)
{
	int fd;

	if (w->n_fds == TRACK_PROCESSES_MAX)
		return true;
	fd = syscall(SYS_pidfd_open, atoi(pid), 0);
	if (fd < 0)
		return errno != ESRCH;
	if (!runs(pid, w->spec.text)) {
		close(fd);
		return false;
	}
	w->fd[w->n_fds++] = (struct pollfd) { .fd = fd, .events = POLLIN };
	return true;
}

static void look(struct track_watch *w)
{
	unsigned int n = 0;
	struct dirent *e;
	DIR *d = opendir("/proc");

	forget(w);
	if (!d) {
		w->settled = false;
		track_found(w, false, "/proc cannot be read");
		return;
	}
	while ((e = readdir(d)))
		if (isdigit((unsigned char)e->d_name[0]) &&
		    atoi(e->d_name) != getpid() &&
		    runs(e->d_name, w->spec.text))
			n += watch(w, e->d_name);
	closedir(d);
	/* enough of them are watched, and more do not matter */
	w->settled = n >= w->spec.at_least && n == w->n_fds;
	track_found(w, n >= w->spec.at_least,
		    n == 1 ? "1 process runs" : "%u processes run", n);
}

const struct track_ops track_process_ops = { .look = look };

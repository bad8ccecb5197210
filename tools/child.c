// SPDX-License-Identifier: GPL-2.0
/* Programs that are run for the other unit, and hooks: their surroundings. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

const char *child_refuse(const struct stat *st)
{
	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return "it is no regular file";
	if (st->st_uid && st->st_uid != geteuid())
		return "it does not belong to root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "others than its owner may write to it";
	return NULL;
}

const char *child_refuse_program(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return strerror(errno);
	return S_ISDIR(st.st_mode) ? "it is a folder" : child_refuse(&st);
}

/* A folder that others write to is no place, but for one like /tmp. */
static const char *refuse_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return strerror(errno);
	if (st.st_uid && st.st_uid != geteuid())
		return "a folder above it does not belong to root";
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) && !(st.st_mode & S_ISVTX))
		return "others may write to a folder above it";
	return NULL;
}

const char *child_refuse_path(const char *path)
{
	char real[PATH_MAX], *slash;
	const char *why;

	if (!realpath(path, real))
		return strerror(errno);
	why = child_refuse_program(real);
	if (!why && access(real, X_OK))
		why = "it is not executable";
	for (slash = strrchr(real, '/'); !why && slash != real;
	     slash = strrchr(real, '/')) {
		*slash = '\0';
		why = refuse_folder(real);
	}
	return why ? why : refuse_folder("/");
}

void child_clean(char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = *line == '\t' ? ' ' : '?';
}

/* The daemon is favoured when memory or time is short. */
void child_be_ordinary(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	setpriority(PRIO_PROCESS, 0, 0);
	if (fd < 0)
		return;
	dprintf(fd, "0");
	close(fd);
}

void child_exec(const char *path, char *const *argv, char *const *env, int out,
		int err)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;
	int sig;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* what who started the daemon ignored, as well */
	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(path, argv, env);
	dprintf(STDERR_FILENO, "cannot be run: %s\n", strerror(errno));
	_exit(127);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Programs that are run for the other unit, and hooks: their surroundings. */
#ifndef FAILOVER_CHILD_H
#define FAILOVER_CHILD_H

#include <sys/stat.h>

#define CHILD_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* In the child, before child_exec(): what is slow is not to be favoured. */
void child_be_ordinary(void);

/*
 * In the child of a fork: nothing of the parent's signals and files but these
 * two; a process group of its own, which ends when the parent does.
 */
void child_exec(const char *path, char *const *argv, char *const *env, int out,
		int err) __attribute__((noreturn));

/* Why a file or folder is not trusted, or NULL. */
const char *child_refuse(const struct stat *st);
const char *child_refuse_program(const char *path);
/* The same of one that is run again and again: and why its folders are not. */
const char *child_refuse_path(const char *path);

/* Makes a line of output fit for the log. */
void child_clean(char *line);

#endif /* FAILOVER_CHILD_H */

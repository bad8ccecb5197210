/* SPDX-License-Identifier: GPL-2.0 */
/* The file that keeps the history over restarts: one entry, one line. */
#ifndef FAILOVER_HISTORY_FILE_H
#define FAILOVER_HISTORY_FILE_H

#include "history.h"

#define HISTORY_FILE		"/var/lib/failover/history"
/* A file that grows beyond this becomes FILE.1, in the place of the last. */
#define HISTORY_FILE_SIZE	(256 * 1024)

/*
 * Adds what is in FILE.1 and FILE to @h, oldest first, and counts the lines
 * that are no entries. 0, also when there is no file, or -errno.
 */
int history_read(const char *path, struct fo_history *h, unsigned int *bad);

/*
 * Appends the entries of @h that are not in @kept and waits until they are on
 * the disk; a file of @max_size or more is rotated first. 0 or -errno, and
 * then nothing was appended.
 */
int history_append(const char *path, const struct fo_history *h,
		   const struct fo_history *kept, size_t max_size);

#endif /* FAILOVER_HISTORY_FILE_H */

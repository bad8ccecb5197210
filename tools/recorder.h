/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps the history of both units in a file, beside the daemon's own work. */
#ifndef FAILOVER_RECORDER_H
#define FAILOVER_RECORDER_H

/* @path "-": nothing is kept. 0 or -errno. */
int recorder_start(const char *path);

/* Writes what is not written yet and ends it. */
void recorder_stop(void);

#endif /* FAILOVER_RECORDER_H */

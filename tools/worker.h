/* SPDX-License-Identifier: GPL-2.0 */
/* A thread of the daemon beside its loop, which is asked to end by a descriptor. */
#ifndef FAILOVER_WORKER_H
#define FAILOVER_WORKER_H

#include <pthread.h>

/* @stop_fd: readable when the thread is to end; -1: it does not run */
struct worker {
	pthread_t	thread;
	int		stop_fd;
};

/* Returns 0 or -errno; @fn gets NULL and its word is not asked for. */
int worker_start(struct worker *w, void *(*fn)(void *));
/* Waits for its end; nothing if it does not run. */
void worker_stop(struct worker *w);

#endif /* FAILOVER_WORKER_H */

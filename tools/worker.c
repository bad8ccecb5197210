// SPDX-License-Identifier: GPL-2.0
/* A thread of the daemon beside its loop. */
#include "worker.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void forget(struct worker *w)
{
	close(w->stop_fd);
	w->stop_fd = -1;
}

int worker_start(struct worker *w, void *(*fn)(void *))
{
	int err;

	w->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (w->stop_fd < 0)
		return -errno;
	err = -pthread_create(&w->thread, NULL, fn, NULL);
	if (err)
		forget(w);
	return err;
}

void worker_stop(struct worker *w)
{
	uint64_t one = 1;

	if (w->stop_fd < 0)
		return;
	if (write(w->stop_fd, &one, sizeof(one)) == sizeof(one))
		pthread_join(w->thread, NULL);
	forget(w);
}

// SPDX-License-Identifier: GPL-2.0
/* Keeps the history of both units in a file, beside the daemon's own work.
 *
 * A thread with sockets of its own: a disk that does not answer must delay
 * neither a takeover nor the signs of life of the daemon. It writes what the
 * kernel has and the file has not; when that fails it tries again with the
 * next entry, as long as the kernel keeps them.
 */
#include "recorder.h"

#include <poll.h>
#include <string.h>

#include "history_file.h"
#include "log.h"
#include "nl.h"
#include "worker.h"

/* Without an event, such as a first one that was lost. */
#define LOOK_MS		60000
/* A takeover is a burst of entries, and has the processor for itself. */
#define SETTLE_MS	100

/**
 * struct recorder - the thread
 * @kept: entries of the file that the kernel has, or may have again
 * @error: of the last attempt, which is said once
 */
static struct {
	struct worker worker;
	const char *path;
	struct fo_nl nl;
	struct fo_history kept;
	int error;
} rec = { .worker.stop_fd = -1 };

static void complain(int err)
{
	if (err && err != rec.error)
		log_warn("%s: cannot keep the history: %s", rec.path,
			 strerror(-err));
	if (!err && rec.error)
		log_notice("%s: the history is kept again", rec.path);
	rec.error = err;
}

static void keep(void)
{
	struct fo_history all = { .n = 0 };
	int err = nl_history(&rec.nl, &all);

	if (!err)
		err = history_append(rec.path, &all, &rec.kept,
				     HISTORY_FILE_SIZE);
	complain(err);
	if (err) {
		history_free(&all);
		return;
	}
	history_renew(&rec.kept, &all);
	history_free(&all);
}

static void *record(void *unused)
{
	struct pollfd fds[] = {
		{ .fd = nl_event_fd(&rec.nl), .events = POLLIN },
		{ .fd = rec.worker.stop_fd, .events = POLLIN },
	};
	struct fo_event ev;

	(void)unused;
	do {
		/* before they are read: what comes later wakes us again */
		while (nl_event(&rec.nl, &ev) == 1)
			;
		keep();
	} while (poll(fds, 2, LOOK_MS) >= 0 && !fds[1].revents &&
		 !poll(&fds[1], 1, SETTLE_MS));
	keep();
	return NULL;
}

int recorder_start(const char *path)
{
	unsigned int bad;
	int err;

	if (!strcmp(path, "-"))
		return 0;
	rec.path = path;
	err = history_read(path, &rec.kept, &bad);
	if (err)
		complain(err);
	else if (bad)
		log_warn("%s: %u lines are not entries of a history", path,
			 bad);
	err = nl_open(&rec.nl);
	if (!err)
		err = nl_subscribe_history(&rec.nl);
	return err ? err : worker_start(&rec.worker, record);
}

void recorder_stop(void)
{
	worker_stop(&rec.worker);
	nl_close(&rec.nl);
	history_free(&rec.kept);
}

// SPDX-License-Identifier: GPL-2.0
/* Looks at one tracked object, in a process beside the daemon.
 *
 * Whatever is slow or hangs is here: scripts, files on a dead server, tables with
 * a million routes. The daemon only hears what was found, and ends this when it
 * hears nothing. Each look is told, since the daemon counts them: one each
 * interval, and one at once when an event has made a difference. Nothing of the
 * daemon's is kept open, and when it is gone this ends, too.
 */
#include "track_watch.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"

/* Events that come together are one. */
#define SETTLE_MS	5

static const struct track_ops *const kinds[] = {
	[TRACK_SCRIPT]	= &track_script_ops,
	[TRACK_PROCESS]	= &track_process_ops,
	[TRACK_FILE]	= &track_file_ops,
	[TRACK_ROUTE]	= &track_route_ops,
	[TRACK_BFD]	= &track_bfd_ops,
};

void track_found(struct track_watch *w, bool good, const char *fmt, ...)
{
	va_list ap;

	w->word.good = good;
	va_start(ap, fmt);
	vsnprintf(w->word.cause, sizeof(w->word.cause), fmt, ap);
	va_end(ap);
}

static void plain_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A child that has ended may still be told of; else it is the end of this. */
static void heed_signals(const struct track_watch *w)
{
	struct signalfd_siginfo si;

	while (read(w->signal_fd, &si, sizeof(si)) == sizeof(si))
		if (si.ssi_signo != SIGCHLD)
			_exit(0);
}

/* Returns whether something came that is worth a look, before @end. */
static bool wait_event(struct track_watch *w, const struct track_ops *ops,
		       uint64_t end)
{
	bool heard = false;
	uint64_t now;
	int n;

	while ((now = now_ms()) < end && !heard) {
		w->fd[w->n_fds] = (struct pollfd) { .fd = w->signal_fd,
						    .events = POLLIN };
		n = poll(w->fd, w->n_fds + 1, end - now);
		if (n > 0 && w->fd[w->n_fds].revents) {
			heed_signals(w);
			n--;
		}
		heard = n > 0 && (!ops->event || ops->event(w));
	}
	return heard;
}

static void tell(const struct track_watch *w, int to)
{
	/* nobody hears it any more */
	if (send(to, &w->word, sizeof(w->word), MSG_NOSIGNAL) < 0 &&
	    errno != EINTR)
		_exit(0);
}

static void __attribute__((noreturn))
go_on(struct track_watch *w, const struct track_ops *ops, int to)
{
	uint64_t next;
	bool event = false, was;

	for (;;) {
		was = w->word.good;
		if (event && ops->event)
			poll(NULL, 0, SETTLE_MS);
		if (event || !w->settled)
			ops->look(w);
		/* one that changes nothing is not one more in a row */
		if (!event || w->word.good != was) {
			tell(w, to);
			next = now_ms() + w->spec.interval_ms;
		}
		event = wait_event(w, ops, next);
	}
}

void track_watch_run(struct track_watch *w, int to)
{
	const struct track_ops *ops = kinds[w->spec.kind];

	/* what hangs can be ended; who has children looks after it itself */
	w->signal_fd = -1;
	plain_signals();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* so that it is known by its name, beside the daemon */
	prctl(PR_SET_NAME, "failoverd-track");
	child_be_ordinary();
	if (ops->open)
		ops->open(w);
	go_on(w, ops, to);
}

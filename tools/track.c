// SPDX-License-Identifier: GPL-2.0
/* Tracked objects: the half that is in the daemon.
 *
 * Each is looked at by a process of its own (track_watch.c), which says what it
 * has found. The daemon counts, and never waits: one that says nothing for
 * longer than a look may take has failed, and is looked at by another process.
 */
#include "track.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ifstate.h"
#include "log.h"
#include "track_watch.h"

/* A busy machine has so much time more; a test has not. */
#ifndef SILENCE_MS
#define SILENCE_MS	10000
#endif
/* One that cannot be started, or ends at once, is tried again after this. */
#define AGAIN_MS	1000

int track_open(struct fo_track_set *s)
{
	*s = (struct fo_track_set) { .n = 0 };
	s->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	return s->poll_fd < 0 ? -errno : 0;
}

static unsigned int patience(const struct track_item *it)
{
	return it->spec.interval_ms + it->spec.timeout_ms + SILENCE_MS;
}

/*
 * What its process has to say is not of interest any more. Another child of the
 * daemon may have the socket as well for a while, and would keep it in the set.
 */
static void hang_up(struct fo_track_set *s, struct track_item *it)
{
	if (it->fd < 0)
		return;
	epoll_ctl(s->poll_fd, EPOLL_CTL_DEL, it->fd, NULL);
	close(it->fd);
	it->fd = -1;
}

static void stop(struct fo_track_set *s, struct track_item *it, int sig)
{
	hang_up(s, it);
	if (it->pid)
		kill(it->pid, sig);
	it->ended = true;
}

static void leave(struct fo_track_set *s, struct track_item *it)
{
	stop(s, it, SIGTERM);
	if (it->pid && s->n_leaving < sizeof(s->leaving) / sizeof(pid_t))
		s->leaving[s->n_leaving++] = it->pid;
}

void track_close(struct fo_track_set *s)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		leave(s, &s->item[i]);
	if (s->poll_fd >= 0)
		close(s->poll_fd);
	s->poll_fd = -1;
	s->n = 0;
}

/* In the child of the daemon: nothing of it is kept open but @to. */
static void __attribute__((noreturn))
be_watch(const struct fo_track_set *s, const struct track_item *it, int to)
{
	static struct track_watch w;

	if (to != STDERR_FILENO + 1)
		dup2(to, STDERR_FILENO + 1);
	to = STDERR_FILENO + 1;
	close_range(to + 1, ~0U, 0);
	w = (struct track_watch) { .spec = it->spec, .unit = s->unit };
	memcpy(w.name, it->name, sizeof(w.name));
	track_watch_run(&w, to);
}

static bool begin(struct fo_track_set *s, struct track_item *it)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd))
		return false;
	it->pid = fork();
	if (!it->pid)
		be_watch(s, it, fd[1]);
	close(fd[1]);
	it->fd = fd[0];
	if (it->pid > 0 && !epoll_ctl(s->poll_fd, EPOLL_CTL_ADD, fd[0], &ev))
		return true;
	hang_up(s, it);
	if (it->pid < 0)
		it->pid = 0;
	return false;
}

static void start(struct fo_track_set *s, struct track_item *it, uint64_t now)
{
	it->ended = false;
	it->silent_ms = now + patience(it);
	if (begin(s, it))
		return;
	log_err("tracked object %s: %s", it->name, strerror(errno));
	stop(s, it, SIGKILL);
	it->silent_ms = now + AGAIN_MS;
}

/* --- the configuration ------------------------------------------------- */

static struct track_item *find(struct fo_track_set *s,
			       const struct fo_track *t)
{
	struct track_item *it = s->item;

	for (; it < s->item + s->n; it++)
		if (!strcmp(it->name, t->name) && !strcmp(it->what, t->what))
			return it;
	return NULL;
}

static struct trackstate_times times_of(const struct track_item *it,
					const struct fo_config *c)
{
	return (struct trackstate_times) {
		.rise	 = it->spec.rise,
		.fall	 = it->spec.fall,
		.flaps	 = c->held_takeovers,
		.held_ms = c->held_time * 1000,
	};
}

/* A new one, of which an earlier daemon may have found out something. */
static bool make(struct track_item *it, const struct fo_track *t,
		 const struct fo_config *c)
{
	struct trackstate_times times;
	struct fo_error e;

	*it = (struct track_item) { .fd = -1 };
	memcpy(it->name, t->name, sizeof(it->name));
	memcpy(it->what, t->what, sizeof(it->what));
	memcpy(it->cause, t->cause, sizeof(it->cause));
	if (track_spec_read(&it->spec, t, &e)) {
		log_err("tracked object %s: %s", t->name, e.text);
		return false;
	}
	times = times_of(it, c);
	trackstate_init(&it->state, &times, t->status);
	return true;
}

void track_set(struct fo_track_set *s, const struct fo_config *c, uint64_t now)
{
	unsigned int i, n = c->enabled ? c->n_tracks : 0;
	struct track_item item[CONFIG_TRACKS], *old;

	s->unit = c->unit;
	for (i = 0; i < n; i++) {
		old = find(s, &c->track[i]);
		if (old) {
			item[i] = *old;
			item[i].state.t = times_of(old, c);
			/* taken over, and not stopped below */
			old->pid = 0;
			old->fd = -1;
		} else if (!make(&item[i], &c->track[i], c)) {
			n = i;
		}
	}
	for (i = 0; i < s->n; i++)
		leave(s, &s->item[i]);
	memcpy(s->item, item, n * sizeof(item[0]));
	s->n = n;
	for (i = 0; i < n; i++)
		if (!s->item[i].pid && !s->item[i].ended)
			start(s, &s->item[i], now);
}

/* --- what was found ---------------------------------------------------- */

static void saw(struct track_item *it, bool good, const char *cause,
		uint64_t now)
{
	bool moved = trackstate_saw(&it->state, good, now);

	if (it->state.held)
		snprintf(it->cause, sizeof(it->cause),
			 "Failed too often, held down");
	/* one that is still counted is as it was, and so is why */
	else if (moved || good == (it->state.status ==
				   NF_FAILOVER_IFSTATUS_NORMAL))
		snprintf(it->cause, sizeof(it->cause), "%s", cause);
}

static void hear(struct fo_track_set *s, struct track_item *it, uint64_t now)
{
	struct track_word w;
	ssize_t n;

	if (it->fd < 0)
		return;
	while ((n = recv(it->fd, &w, sizeof(w), MSG_DONTWAIT)) == sizeof(w)) {
		w.cause[sizeof(w.cause) - 1] = '\0';
		saw(it, w.good, w.cause, now);
		it->silent_ms = now + patience(it);
	}
	if (n >= 0 || errno != EAGAIN)
		hang_up(s, it);
}

/* A process that hangs in the kernel cannot be ended; it still counts. */
static void miss(struct fo_track_set *s, struct track_item *it, uint64_t now)
{
	if (it->pid) {
		log_id(MSG_TRACK_SILENT, it->name);
		saw(it, false, "No answer from who looks at it", now);
		stop(s, it, SIGKILL);
		it->silent_ms = now + patience(it);
	} else {
		start(s, it, now);
	}
}

static void reap_leaving(struct fo_track_set *s)
{
	unsigned int i, kept = 0;

	for (i = 0; i < s->n_leaving; i++)
		if (waitpid(s->leaving[i], NULL, WNOHANG) != s->leaving[i])
			s->leaving[kept++] = s->leaving[i];
	s->n_leaving = kept;
}

static void reap(struct fo_track_set *s, struct track_item *it, uint64_t now)
{
	if (!it->pid || waitpid(it->pid, NULL, WNOHANG) != it->pid)
		return;
	/* its last words */
	hear(s, it, now);
	hang_up(s, it);
	it->pid = 0;
	it->silent_ms = now + AGAIN_MS;
}

void track_run(struct fo_track_set *s, uint64_t now)
{
	struct track_item *it = s->item;

	reap_leaving(s);
	for (; it < s->item + s->n; it++) {
		hear(s, it, now);
		reap(s, it, now);
		if (now >= it->silent_ms)
			miss(s, it, now);
	}
}

unsigned int track_wait(const struct fo_track_set *s, uint64_t now)
{
	uint64_t next = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < s->n; i++)
		if (s->item[i].silent_ms < next)
			next = s->item[i].silent_ms;
	if (!s->n)
		return 0;
	return next > now ? next - now : 1;
}

/* --- what is told ------------------------------------------------------ */

static void note(struct fo_track *t)
{
	bool failed = ifstate_failed(t->status);
	const char *word = failed ? "failed" : "works";
	int room = sizeof(t->note) - sizeof("Track  : ") - strlen(word) -
		   strlen(t->name);

	log_id(failed ? MSG_TRACK_FAILED : MSG_TRACK_WORKS, t->name, t->cause);
	sprintf(t->note, "Track %s %s: %.*s", t->name, word, room, t->cause);
}

/* The first good word of an object is no news for the history. */
static bool take(const struct track_item *it, struct fo_track *t)
{
	uint32_t was = t->status;

	if (it->state.status == was && !strcmp(it->cause, t->cause))
		return false;
	t->status = it->state.status;
	memcpy(t->cause, it->cause, sizeof(t->cause));
	if (ifstate_failed(was) != ifstate_failed(t->status))
		note(t);
	return true;
}

void track_reset(struct fo_track_set *s)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		trackstate_forgive(&s->item[i].state);
}

bool track_take(const struct fo_track_set *s, struct fo_config *c)
{
	const struct track_item *it = s->item;
	struct fo_track *t;
	bool news = false;

	for (t = c->track; t < c->track + c->n_tracks; t++)
		t->note[0] = '\0';
	for (; it < s->item + s->n; it++) {
		t = config_track(c, it->name);
		if (t && !strcmp(t->what, it->what))
			news |= take(it, t);
	}
	return news;
}

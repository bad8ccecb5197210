// SPDX-License-Identifier: GPL-2.0
/* "failover monitor": events as lines, or as JSON, one a line. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "names.h"

/* One line; @event is a word of the spec, or one of "start" and "lost". */
struct line {
	const char *event;
	const char *reason;
	struct fo_event_host this;
	struct fo_event_host other;
};

static void now_text(char *text, size_t size)
{
	struct timespec now;
	char date[32], zone[8];
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(text, size, "%s.%03ld%s", date, now.tv_nsec / 1000000, zone);
}

static const char *state_of(const struct fo_event_host *h)
{
	return names_state(h->known ? h->state :
				      NF_FAILOVER_STATE_NOT_DETECTED);
}

static void print_text(const char *when, const struct line *l)
{
	printf("%s %-12s %s / %s%s%s\n", when, l->event, state_of(&l->this),
	       state_of(&l->other), *l->reason ? ": " : "", l->reason);
}

static json_t *host(const struct fo_event_host *h)
{
	if (!h->known)
		return json_pack("{s:s}", "state", state_of(h));
	return json_pack("{s:s, s:s, s:I}", "state", state_of(h),
			 "role", names_role_key(h->role),
			 "epoch", (json_int_t)h->epoch);
}

static void print_json(const char *when, const struct line *l)
{
	json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:o}", "time", when,
			      "event", l->event, "this", host(&l->this),
			      "other", host(&l->other), "reason", *l->reason ?
			      json_string(l->reason) : json_null());

	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/* False when nobody reads it any more. */
static bool print(const struct cmd *c, const struct line *l)
{
	char when[64];

	now_text(when, sizeof(when));
	if (c->json)
		print_json(when, l);
	else
		print_text(when, l);
	return !fflush(stdout);
}

static struct fo_event_host now_of(const struct fo_host *h)
{
	return (struct fo_event_host) { .known = h->known, .role = h->role,
					.state = h->state, .epoch = h->epoch };
}

/* How the pair is now, since no event tells. */
static int print_now(struct cmd *c, const char *event, const char *reason)
{
	struct line l = { .event = event, .reason = reason };
	struct fo_show s;
	int err = nl_get(&c->nl, &s, true);

	l.this = now_of(&s.this);
	l.other = now_of(&s.other);
	nl_show_free(&s);
	if (err)
		return err;
	return print(c, &l) ? 0 : -EPIPE;
}

static int print_events(struct cmd *c)
{
	struct fo_event ev;
	struct line l;
	int ret;

	while ((ret = nl_event(&c->nl, &ev)) == 1) {
		l = (struct line) { .event = names_event_key(ev.type),
				    .reason = ev.reason, .this = ev.this,
				    .other = ev.other };
		if (!print(c, &l))
			return -EPIPE;
	}
	if (ret == -ENOBUFS)
		return print_now(c, "lost",
				 "events were lost, this is how it is now");
	return ret;
}

int cmd_catch_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* 0: interrupted, -EPIPE: nobody reads it, or -errno of the kernel. */
static int follow(struct cmd *c, int signal_fd)
{
	struct pollfd p[] = {
		{ .fd = nl_event_fd(&c->nl), .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		/* an end of a pipe whose other end is gone has an error */
		{ .fd = STDOUT_FILENO, .events = 0 },
	};
	int ret = 0;

	while (!ret && !p[1].revents && !p[2].revents) {
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return -errno;
		if (p[0].revents)
			ret = print_events(c);
	}
	return ret;
}

int cmd_monitor(struct cmd *c)
{
	int fd = cmd_catch_signals(), err;

	if (nl_subscribe(&c->nl))
		return cmd_fail(c);
	err = print_now(c, "start", "");
	if (!err)
		err = follow(c, fd);
	close(fd);
	return !err || err == -EPIPE ? EXIT_OK : cmd_fail(c);
}

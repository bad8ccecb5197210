// SPDX-License-Identifier: GPL-2.0
/* When hooks are told of the role: the half that is in the daemon.
 *
 * It forks a process that runs the hooks one after the other (hooks_run.c) and
 * goes on at once. There is one such process at a time. A change that comes
 * meanwhile waits, and only the newest does; the process is told to end after
 * the hook that it is at, since what it has to say is not true any more.
 */
#include "hooks.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"

static const char *const words[] = {
	[HOOKS_UNTOLD]		= "",
	[HOOKS_DISABLED]	= "disabled",
	[HOOKS_STANDBY]		= "standby",
	[HOOKS_ACTIVE]		= "active",
};

const char *hooks_role_word(enum hooks_role role)
{
	return words[role];
}

static enum hooks_role role_of(uint32_t state)
{
	if (state == NF_FAILOVER_STATE_DISABLED)
		return HOOKS_DISABLED;
	return elect_is_active(state) ? HOOKS_ACTIVE : HOOKS_STANDBY;
}

void hooks_moved(struct fo_hooks *h, uint32_t from, uint32_t to,
		 const char *event, const char *why)
{
	if (role_of(from) == role_of(to))
		return;
	/* to and fro before anybody was told: what counts is where it began */
	if (!h->moved)
		h->from = from;
	h->moved = true;
	snprintf(h->reason, sizeof(h->reason), "%s", why && *why ? why : event);
}

/* Only to be called when no process runs. */
static void start(struct fo_hooks *h, const struct hooks_change *c)
{
	sigset_t stale, old;
	pid_t pid;

	/* the process must not die of it before it is ready for it */
	sigemptyset(&stale);
	sigaddset(&stale, SIGUSR1);
	sigprocmask(SIG_BLOCK, &stale, &old);
	pid = fork();
	if (!pid)
		hooks_run(h->dir, h->limit_s, c);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid < 0)
		log_err("hooks: fork: %s", strerror(errno));
	h->runner = pid > 0 ? pid : 0;
}

static void tell(struct fo_hooks *h, const struct hooks_change *c)
{
	if (!h->runner) {
		start(h, c);
		return;
	}
	h->next = *c;
	h->waiting = true;
	kill(h->runner, SIGUSR1);
	log_notice("hooks: role %s is told when the hook that runs has ended",
		   words[c->role]);
}

static const char *reason(const struct fo_hooks *h)
{
	if (h->moved)
		return h->reason;
	return h->told == HOOKS_UNTOLD ? "failoverd started" :
					 "found in the kernel";
}

void hooks_settled(struct fo_hooks *h, const struct elect_view *v)
{
	struct hooks_change c = {
		.role = role_of(v->state), .unit = v->unit, .state = v->state,
		.from = h->moved ? h->from :
			h->told == HOOKS_UNTOLD ? v->state : h->state,
		.epoch = v->epoch, .mate_state = v->peer_state,
	};

	/* the kernel calls one failed that it does not hear any more */
	if (!v->peer_alive && v->peer_state != NF_FAILOVER_STATE_FAILED)
		c.mate_state = NF_FAILOVER_STATE_NOT_DETECTED;
	snprintf(c.reason, sizeof(c.reason), "%s", reason(h));
	h->state = v->state;
	h->moved = false;
	if (!h->dir || c.role == h->told)
		return;
	h->told = c.role;
	tell(h, &c);
}

void hooks_reap(struct fo_hooks *h)
{
	if (!h->runner || waitpid(h->runner, NULL, WNOHANG) != h->runner)
		return;
	h->runner = 0;
	if (!h->waiting)
		return;
	h->waiting = false;
	start(h, &h->next);
}

// SPDX-License-Identifier: GPL-2.0
/* "failover active" and "failover no active": ask, wait, say how it went. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "cmd.h"
#include "elect.h"
#include "names.h"

/* When no event comes it is looked at all the same. */
#define LOOK_MS	200

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int refuse(const char *why)
{
	fprintf(stderr, "failover: not done: %s\n", why);
	return EXIT_FAIL;
}

static void tell_states(const struct fo_show *s)
{
	uint32_t state;

	fprintf(stderr, "failover: this unit is %s, the other unit is %s\n",
		show_host_state(s, &s->this, &state),
		show_host_state(s, &s->other, &state));
}

static bool switched(const struct fo_show *s, bool active)
{
	if (active)
		return s->this.state == NF_FAILOVER_STATE_ACTIVE;
	return s->this.role == NF_FAILOVER_ROLE_STANDBY &&
	       s->other.role == NF_FAILOVER_ROLE_ACTIVE && nl_peer_alive(s);
}

enum { MAY, DONE, REFUSED };

static int check(const struct fo_show *s, bool active)
{
	bool is = elect_is_active(s->this.state);

	if (!s->config.enabled)
		return refuse("failover is off"), REFUSED;
	if (active == is)
		return DONE;
	if (active && nl_peer_alive(s) &&
	    s->this.state != NF_FAILOVER_STATE_STANDBY_READY) {
		tell_states(s);
		return refuse("this unit is not Standby Ready"), REFUSED;
	}
	if (!active && (!nl_peer_alive(s) || s->other.state !=
			NF_FAILOVER_STATE_STANDBY_READY)) {
		tell_states(s);
		return refuse("the other unit is not Standby Ready"), REFUSED;
	}
	if (!active && !s->other.daemon)
		return refuse("failoverd does not run on the other unit"),
		       REFUSED;
	return MAY;
}

static int look(struct cmd *c, bool active,
		int (*fn)(const struct fo_show *s, bool active))
{
	struct fo_show show;
	int ret = nl_get(&c->nl, &show, true);

	ret = ret ? ret : fn(&show, active);
	nl_show_free(&show);
	return ret;
}

static int look_switched(const struct fo_show *s, bool active)
{
	return switched(s, active);
}

static int look_told(const struct fo_show *s, bool active)
{
	(void)active;
	tell_states(s);
	return 0;
}

/* 1: switched, 0: time is over, -errno. */
static int wait_switched(struct cmd *c, bool active, double until)
{
	struct pollfd p = { .fd = nl_event_fd(&c->nl), .events = POLLIN };
	struct fo_event ev;
	int ret;

	for (;;) {
		ret = look(c, active, look_switched);
		if (ret || now_ms() >= until)
			return ret;
		poll(&p, 1, LOOK_MS);
		while (nl_event(&c->nl, &ev) == 1)
			;
	}
}

static int fail_ask(struct cmd *c, int err)
{
	if (err == -EHOSTDOWN)
		return refuse("failoverd does not run on this unit");
	return cmd_fail(c);
}

int cmd_switch(struct cmd *c)
{
	bool active = !c->match.no;
	double start;
	int ret = look(c, active, check);

	if (ret < 0)
		return cmd_fail(c);
	if (ret == REFUSED)
		return EXIT_FAIL;
	if (ret == DONE) {
		printf("This unit is %s already\n",
		       active ? "active" : "standby");
		return EXIT_OK;
	}
	if (nl_subscribe(&c->nl))
		return cmd_fail(c);
	start = now_ms();
	ret = nl_ask(&c->nl, active ? NF_FAILOVER_ASK_ACTIVE :
				      NF_FAILOVER_ASK_STANDBY);
	if (ret)
		return fail_ask(c, ret);
	ret = wait_switched(c, active, start + c->timeout_s * 1e3);
	if (ret < 0)
		return cmd_fail(c);
	if (ret) {
		printf("This unit is %s now; the switchover took %.1f ms\n",
		       active ? "active" : "standby", now_ms() - start);
		return EXIT_OK;
	}
	look(c, active, look_told);
	return refuse("the units did not switch in time");
}

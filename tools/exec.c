// SPDX-License-Identifier: GPL-2.0
/* Commands that the other unit has run here: the half that is in the daemon.
 *
 * It takes a request, forks a process for it (exec_run.c) and goes on at once.
 * What is more than a few at a time, or many in a second, is not answered.
 */
#include "exec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

int exec_open(struct fo_exec *x)
{
	int err = nl_open(&x->nl);

	if (!err)
		err = nl_msg_listen(&x->nl);
	x->on = !err;
	if (err)
		log_err("exec: %s", x->nl.error);
	return err;
}

void exec_close(struct fo_exec *x)
{
	if (x->on)
		nl_close(&x->nl);
	x->on = false;
}

static bool over_rate(struct fo_exec *x)
{
	uint64_t now = now_ms();

	if (now - x->second >= 1000) {
		x->second = now;
		x->requests = 0;
	}
	return x->requests++ >= EXEC_RATE_MAX;
}

static void say_request(const struct exec_request *r, bool taken)
{
	char text[128] = "";
	unsigned int i;
	size_t at = 0;

	for (i = 0; i < r->n && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%s",
			       i ? " " : "", r->w[i]);
	for (at = 0; text[at]; at++)
		if ((unsigned char)text[at] < ' ' || text[at] == 0x7f)
			text[at] = '?';
	log_id(taken ? MSG_EXEC : MSG_EXEC_DROPPED, text);
}

/* Sent, and forgotten: what becomes of it comes to the socket, and is skipped. */
static void refuse(struct fo_exec *x, const struct fo_msg *m,
		   const char *why)
{
	struct fo_msg r = { .id = m->id, .kind = NF_FAILOVER_MSG_KIND_REPLY };
	unsigned char *p = r.data;

	p[0] = EXEC_END;
	p[1] = EXEC_END_REFUSED;
	p[2] = 0;
	r.len = 3 + snprintf((char *)p + 3, sizeof(r.data) - 3, "%s", why);
	nl_msg_send(&x->nl, &r);
}

static void take(struct fo_exec *x, const struct fo_config *c,
		 const struct fo_msg *m)
{
	struct exec_request r;
	unsigned int i = 0;

	if (!exec_get(m, &r))
		return;
	while (i < EXEC_RUNNING_MAX && x->runner[i])
		i++;
	if (i == EXEC_RUNNING_MAX || over_rate(x)) {
		say_request(&r, false);
		refuse(x, m, "too many commands at once");
		return;
	}
	say_request(&r, true);
	x->runner[i] = fork();
	if (!x->runner[i])
		exec_run(c, x, m->id, &r);
	if (x->runner[i] < 0) {
		log_err("exec: fork: %s", strerror(errno));
		x->runner[i] = 0;
	}
}

void exec_event(struct fo_exec *x, const struct fo_config *c)
{
	struct fo_msg m;

	/* one at a time: there is more to do than this */
	if (nl_msg_next(&x->nl, &m, 0) == 1 &&
	    m.kind == NF_FAILOVER_MSG_KIND_REQUEST)
		take(x, c, &m);
}

void exec_reap(struct fo_exec *x)
{
	unsigned int i;

	for (i = 0; i < EXEC_RUNNING_MAX; i++)
		if (x->runner[i] &&
		    waitpid(x->runner[i], NULL, WNOHANG) == x->runner[i])
			x->runner[i] = 0;
}

// SPDX-License-Identifier: GPL-2.0
/* "failover reset" and "failover reload-standby": ask a policy daemon. */
#include <errno.h>
#include <stdio.h>

#include "cmd.h"

static int fail_ask(struct cmd *c, int err, bool mate)
{
	if (err != -EHOSTDOWN)
		return cmd_fail(c);
	fprintf(stderr, "failover: not done: failoverd does not run on %s unit\n",
		mate ? "the other" : "this");
	return EXIT_FAIL;
}

static int ask(struct cmd *c, enum nf_failover_ask what, bool mate)
{
	int err = mate ? nl_ask_mate(&c->nl, what) : nl_ask(&c->nl, what);

	return err ? fail_ask(c, err, mate) : EXIT_OK;
}

int cmd_reset(struct cmd *c)
{
	return ask(c, NF_FAILOVER_ASK_RESET,
		   grammar_arg(&c->match, "mate", 0, NULL));
}

/* Why not; NULL: the other unit is a standby, and this one goes on. */
static const char *refused(const struct fo_show *s)
{
	if (!s->config.enabled)
		return "failover is off";
	if (s->this.role != NF_FAILOVER_ROLE_ACTIVE)
		return "this unit is not active";
	if (!nl_peer_alive(s))
		return "the other unit is not there";
	return NULL;
}

int cmd_reload(struct cmd *c)
{
	struct fo_show s;
	const char *why = NULL;
	int err = nl_get(&c->nl, &s, true);

	if (!err)
		why = refused(&s);
	nl_show_free(&s);
	if (err)
		return cmd_fail(c);
	if (why) {
		fprintf(stderr, "failover: not done: %s\n", why);
		return EXIT_FAIL;
	}
	return ask(c, NF_FAILOVER_ASK_RELOAD, true);
}

// SPDX-License-Identifier: GPL-2.0
/* The lines about sets of nftables. Pure. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

static struct fo_set *find(struct fo_config *c, const char *what)
{
	struct fo_set *s = c->set;

	for (; s < c->set + c->n_sets; s++)
		if (!strcmp(s->what, what))
			return s;
	return NULL;
}

static void del(struct fo_config *c, struct fo_set *s)
{
	if (!s)
		return;
	c->n_sets--;
	memmove(s, s + 1, (char *)(c->set + c->n_sets) - (char *)s);
}

/* "failover replication nft-set FAMILY TABLE SET" */
int rules_set_nft_set(struct fo_config *c, const struct fo_match *m,
		      struct fo_error *e)
{
	const char *table = grammar_arg(m, "NAME", 0, NULL);
	const char *set = grammar_arg(m, "NAME", 1, NULL);
	struct fo_set s;

	if (!table) {
		c->n_sets = 0;
		return 0;
	}
	snprintf(s.what, sizeof(s.what), "%s %s %s", m->words->w[3], table,
		 set);
	if (m->no) {
		del(c, find(c, s.what));
		return 0;
	}
	if (find(c, s.what))
		return 0;
	if (c->n_sets == CONFIG_SETS)
		return error_set(e, m->line, 0, "expected at most %d sets",
				 CONFIG_SETS);
	c->set[c->n_sets++] = s;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The lines about routes. Pure. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

#include "route.h"

static struct fo_route *find(struct fo_config *c, const char *what)
{
	struct fo_route *r = c->route;

	for (; r < c->route + c->n_routes; r++)
		if (!strcmp(r->what, what))
			return r;
	return NULL;
}

static void del(struct fo_config *c, struct fo_route *r)
{
	if (!r)
		return;
	c->n_routes--;
	memmove(r, r + 1, (char *)(c->route + c->n_routes) - (char *)r);
}

/* "PROTOCOL [table TABLE]", in one way for what means the same. */
static int get_what(const struct fo_match *m, char *what, struct fo_error *e)
{
	struct route_spec s = { .protocol = 0 };
	char name[16], word[32];
	uint32_t table = ROUTE_TABLE_MAIN;
	unsigned int number;

	snprintf(word, sizeof(word), "%s", m->words->w[3]);
	if (grammar_arg(m, "PROTOCOL", 0, NULL)) {
		if (rules_get_number(m, "PROTOCOL", 1, 255, &number, e))
			return -1;
		snprintf(word, sizeof(word), "protocol %u", number);
	}
	if (grammar_arg(m, "TABLE", 0, NULL)) {
		if (rules_get_number(m, "TABLE", 1, 99999999, &table, e))
			return -1;
		snprintf(word + strlen(word), sizeof(word) - strlen(word),
			 " table %u", table);
	}
	if (!route_spec_parse(&s, word))
		return error_set(e, m->line, 4,
				 "expected routes that programs make, not in the table local");
	snprintf(what, CONFIG_ROUTE_TEXT, "%s",
		 route_protocol_text(s.protocol, name));
	if (table != ROUTE_TABLE_MAIN)
		snprintf(what + strlen(what), CONFIG_ROUTE_TEXT - strlen(what),
			 " table %u", table);
	return 0;
}

/* "failover replication route PROTOCOL [table TABLE]" */
int rules_set_route(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	struct fo_route r = { .routes = 0 };

	if (m->words->n < 4) {
		c->n_routes = 0;
		return 0;
	}
	if (get_what(m, r.what, e))
		return -1;
	if (m->no) {
		del(c, find(c, r.what));
		return 0;
	}
	if (find(c, r.what))
		return 0;
	if (c->n_routes == CONFIG_ROUTES)
		return error_set(e, m->line, 0,
				 "expected at most %d lines of routes",
				 CONFIG_ROUTES);
	c->route[c->n_routes++] = r;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The lines about which connections are replicated, and when. Pure. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

int rules_set_http(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e)
{
	(void)e;
	c->http = !m->no;
	return 0;
}

/* "failover replication http-port TCPPORT [...]" */
int rules_set_http_port(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	const char *word;
	unsigned int i;

	(void)e;
	c->n_http_ports = 0;
	for (i = 0; !m->no && i < CONFIG_HTTP_PORTS; i++) {
		word = grammar_arg(m, "TCPPORT", i, NULL);
		if (word)
			c->http_port[c->n_http_ports++] = atoi(word);
	}
	if (!c->n_http_ports)
		c->http_port[c->n_http_ports++] = CONFIG_HTTP_PORT;
	return 0;
}

int rules_set_delay(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	uint32_t s = 0;

	if (!m->no && rules_get_number(m, "SECONDS", 0, CONFIG_TOLD_AFTER_MAX,
				       &s, e))
		return -1;
	c->told_after = s;
	return 0;
}

/* What each word after a key sets; the types have looked at it. */
static const struct {
	const char *item;
	bool (*set)(struct fo_filter *f, const char *word);
} parts[] = {
	{ "PROTOCOL", filter_set_protocol }, { "PORTS", filter_set_ports },
	{ "PREFIX", filter_set_address }, { "ZONE", filter_set_zone },
	{ "MARK", filter_set_mark },
};

static struct fo_filter *find(struct fo_config *c, const struct fo_filter *f)
{
	struct fo_filter *old = c->filter;

	for (; old < c->filter + c->n_filters; old++)
		if (filter_same_keys(old, f))
			return old;
	return NULL;
}

static void del(struct fo_config *c, struct fo_filter *f)
{
	c->n_filters--;
	memmove(f, f + 1, (char *)(c->filter + c->n_filters) - (char *)f);
}

/* "no failover replication include": all of them */
static void del_all(struct fo_config *c, bool include)
{
	unsigned int i;

	for (i = c->n_filters; i--; )
		if (c->filter[i].include == include)
			del(c, &c->filter[i]);
}

static int add(struct fo_config *c, const struct fo_filter *f,
	       const struct fo_match *m, struct fo_error *e)
{
	struct fo_filter *old = find(c, f);

	/* another one of the same connections would never be asked */
	if (old) {
		*old = *f;
		return 0;
	}
	if (c->n_filters == CONFIG_FILTERS)
		return error_set(e, m->line, 0, "expected at most %d rules",
				 CONFIG_FILTERS);
	c->filter[c->n_filters++] = *f;
	return 0;
}

/* "failover replication include|exclude any", or one key and its value, or more */
int rules_set_filter(struct fo_config *c, const struct fo_match *m,
		     struct fo_error *e)
{
	struct fo_filter f = { .include = has(m, "include") }, *old;
	const char *word;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		word = grammar_arg(m, parts[i].item, 0, NULL);
		if (word)
			parts[i].set(&f, word);
	}
	if (f.keys || has(m, "any")) {
		old = find(c, &f);
		if (!m->no)
			return add(c, &f, m, e);
		if (old && old->include == f.include)
			del(c, old);
		return 0;
	}
	if (m->no) {
		del_all(c, f.include);
		return 0;
	}
	return error_set(e, m->line, m->words->end_pos,
			 "missing: expected any, protocol, port, address, zone or mark");
}

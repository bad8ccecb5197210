// SPDX-License-Identifier: GPL-2.0
/* The lines about timeouts in hours, minutes and seconds. Pure. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

/* The word of the line, CONFIG_FOREVER for -1; @expected: in words. */
static int get_timeout(const struct fo_match *m, uint32_t min, uint32_t *seconds,
		       const char *expected, struct fo_error *e)
{
	unsigned int i, h = 0, mins = 0, s = 0;
	const char *word = grammar_arg(m, "HH:MM:SS", 0, &i);
	int n = 0;

	if (!strcmp(word, "-1")) {
		*seconds = CONFIG_FOREVER;
		return 0;
	}
	if (strcmp(word, "0") &&
	    (sscanf(word, "%u:%u:%u%n", &h, &mins, &s, &n) != 3 || word[n] ||
	     mins > 59 || s > 59 || h > CONFIG_HOURS_MAX))
		return bad_word(e, m, i, expected);
	*seconds = h * 3600 + mins * 60 + s;
	return *seconds < min ? bad_word(e, m, i, expected) : 0;
}

/* "failover timeout HH:MM:SS" */
int rules_set_reconnect(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	c->reconnect = 0;
	return m->no ? 0 : get_timeout(m, 0, &c->reconnect,
				       "0:00:00 to 1193:59:59, or -1", e);
}

/* "failover replication route timeout HH:MM:SS" */
int rules_set_route_timeout(struct fo_config *c, const struct fo_match *m,
			    struct fo_error *e)
{
	c->route_timeout = CONFIG_ROUTE_TIMEOUT;
	return m->no ? 0 : get_timeout(m, CONFIG_ROUTE_TIMEOUT_MIN,
				       &c->route_timeout,
				       "0:00:10 to 1193:59:59, or -1", e);
}

// SPDX-License-Identifier: GPL-2.0
/* "failover prompt": hostname, priority and state, as the ASA's prompt has them.
 *
 * It stands in the prompt of a shell: never an error, never a module loaded.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

#define MODULE	"/sys/module/nf_failover"

struct view {
	bool known;
	struct fo_show show;
};

static const char *hostname_word(const struct view *v)
{
	static char name[65];

	(void)v;
	if (gethostname(name, sizeof(name) - 1))
		return NULL;
	name[strcspn(name, ".")] = '\0';
	return name;
}

static const char *priority_word(const struct view *v)
{
	if (!v->known || !v->show.config.unit)
		return NULL;
	return v->show.config.unit == NF_FAILOVER_UNIT_PRIMARY ? "pri" : "sec";
}

/* Without a configuration there is no failover to speak of. */
static const char *state_word(const struct view *v)
{
	bool active = v->show.this.role == NF_FAILOVER_ROLE_ACTIVE;

	if (!priority_word(v))
		return NULL;
	if (!v->show.config.enabled)
		return active ? "actNoFailover" : "stbyNoFailover";
	if (v->show.this.state == NF_FAILOVER_STATE_FAILED)
		return "failed";
	return active ? "act" : "stby";
}

static const struct {
	const char *name;
	const char *(*fn)(const struct view *v);
} words[] = {
	{ "hostname",	hostname_word },
	{ "priority",	priority_word },
	{ "state",	state_word },
};

static void print_word(const struct view *v, const char *name, bool *any)
{
	const char *word;
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].name, name))
			continue;
		word = words[i].fn(v);
		if (word)
			printf("%s%s", *any ? "/" : "", word);
		*any |= !!word;
	}
}

int cmd_prompt(struct cmd *c)
{
	const struct fo_words *w = c->match.words;
	struct view v = { .known = false };
	unsigned int i;
	bool any = false;

	/* asked for a family that is not there, the kernel looks for a module */
	if (!access(MODULE, F_OK) && !nl_open(&c->nl)) {
		v.known = !nl_get(&c->nl, &v.show, true);
		nl_close(&c->nl);
	}
	for (i = 2; i < w->n; i++)
		print_word(&v, w->w[i], &any);
	for (i = 0; w->n == 2 && i < sizeof(words) / sizeof(words[0]); i++)
		print_word(&v, words[i].name, &any);
	putchar('\n');
	nl_show_free(&v.show);
	return EXIT_OK;
}

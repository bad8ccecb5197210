// SPDX-License-Identifier: GPL-2.0
/* Help and completion from the table of rules. Pure. */
#include "grammar.h"

#include <string.h>

static bool wanted(const struct fo_rule *r, const struct fo_words *w)
{
	const char *p = r->set ? r->set : r->no;

	/* "help" itself is word 1, so a rule is compared from word 2 on */
	if (w->n <= 2)
		return true;
	if (strncmp(p, "failover", 8))
		return grammar_starts(p, w, 2) ||
		       (r->place == FO_SUB && !strcmp(w->w[2], "interface"));
	return p[8] && grammar_starts(p + 9, w, 2);
}

static void print_rule(FILE *f, const struct fo_rule *r)
{
	const char *no = r->no ? "[no] " : "";

	if (r->later)
		fprintf(f, "  %s\n      not supported yet: %s\n", r->set,
			r->later);
	else if (!r->set)
		fprintf(f, "  no %s\n", r->no);
	else
		fprintf(f, "  %s%s%s\n", r->place == FO_SUB ? " " : "", no,
			r->set);
	if (r->help)
		fprintf(f, "      %s\n", r->help);
}

/* Prints the lines that begin with the words after "help"; how many. */
unsigned int grammar_help(FILE *f, const struct fo_words *w)
{
	const struct fo_rule *r = grammar_rules;
	unsigned int n = 0;

	for (; r < grammar_rules + grammar_n_rules; r++) {
		if (!wanted(r, w))
			continue;
		print_rule(f, r);
		n++;
	}
	return n;
}

static void print_item(void *data, const char *item, size_t len)
{
	if (len)
		fprintf(data, "%.*s\n", (int)len, item);
}

/* What may come after the words: literals, and types in upper case. */
void grammar_complete(FILE *f, const struct fo_words *w)
{
	if (w->n == 1 && !w->no)
		fputs("no\n", f);
	grammar_expect(w, print_item, f);
}

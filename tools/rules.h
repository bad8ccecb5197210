/* SPDX-License-Identifier: GPL-2.0 */
/* What the lines of the command language change; only for rules*.c. */
#ifndef _RULES_H
#define _RULES_H

#include "grammar.h"

/* An error about word @i of the line. */
static inline int bad_word(struct fo_error *e, const struct fo_match *m,
		    unsigned int i, const char *expected)
{
	return error_set(e, m->line, m->words->pos[i], "\"%.40s\": expected %s",
			 m->words->w[i], expected);
}

static inline bool has(const struct fo_match *m, const char *word)
{
	return grammar_arg(m, word, 0, NULL);
}

/* rules_link.c */
void rules_get_addr(const struct fo_match *m, struct fo_addr *a);
int rules_set_link(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e);
int rules_set_link_ip(struct fo_config *c, const struct fo_match *m,
		      struct fo_error *e);

#endif

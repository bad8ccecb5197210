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

/* rules.c */
/* The number @item in ms; seconds unless "msec" stands before it. */
int rules_get_time(const struct fo_match *m, const char *item, uint32_t min,
		   uint32_t max, uint32_t *ms, struct fo_error *e);
/* The number @item, if it is there, from @min to @max. */
int rules_get_number(const struct fo_match *m, const char *item, uint32_t min,
		     uint32_t max, uint32_t *n, struct fo_error *e);
/* Whether the words from @i on are read back as they are written. */
bool rules_is_plain(const struct fo_match *m, unsigned int i);

/* rules_track.c */
int rules_set_track(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e);

/* rules_time.c */
int rules_set_reconnect(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e);
int rules_set_route_timeout(struct fo_config *c, const struct fo_match *m,
			    struct fo_error *e);

/* rules_route.c */
int rules_set_route(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e);

/* rules_set.c */
int rules_set_nft_set(struct fo_config *c, const struct fo_match *m,
		      struct fo_error *e);

/* rules_filter.c */
int rules_set_http(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e);
int rules_set_http_port(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e);
int rules_set_delay(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e);
int rules_set_filter(struct fo_config *c, const struct fo_match *m,
		     struct fo_error *e);

/* rules_link.c */
void rules_get_addr(const struct fo_match *m, struct fo_addr *a);
int rules_set_link(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e);
int rules_set_link_ip(struct fo_config *c, const struct fo_match *m,
		      struct fo_error *e);

#endif

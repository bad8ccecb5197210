// SPDX-License-Identifier: GPL-2.0
/* Lines about tracked objects, and what they mean. Pure.
 *
 * The configuration keeps the words of a line, in one form, since the kernel has
 * to keep and to compare them; whoever looks at the object has them read by the
 * same grammar.
 */
#include "track_spec.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

static const char *const kinds[] = {
	[TRACK_SCRIPT]	= "script",
	[TRACK_PROCESS]	= "process",
	[TRACK_FILE]	= "file",
	[TRACK_ROUTE]	= "route",
	[TRACK_BFD]	= "bfd",
};

const char *track_kind_word(enum track_kind kind)
{
	return kinds[kind];
}

/* The word that says what kind it is has this index. */
#define KIND_WORD	3

static enum track_kind kind_of(const struct fo_match *m)
{
	enum track_kind k = TRACK_SCRIPT;

	while (k < TRACK_BFD && strcmp(m->words->w[KIND_WORD], kinds[k]))
		k++;
	return k;
}

static int get_times(const struct fo_match *m, struct track_spec *s,
		     struct fo_error *e)
{
	s->interval_ms = s->kind == TRACK_SCRIPT ? TRACK_SCRIPT_INTERVAL :
						   TRACK_INTERVAL;
	s->rise = 1;
	s->fall = 1;
	if (rules_get_time(m, "INTERVAL", TRACK_INTERVAL_MIN,
			   TRACK_INTERVAL_MAX, &s->interval_ms, e) ||
	    rules_get_number(m, "RISE", 1, TRACK_TIMES_MAX, &s->rise, e) ||
	    rules_get_number(m, "FALL", 1, TRACK_TIMES_MAX, &s->fall, e))
		return -1;
	s->timeout_ms = s->interval_ms;
	return rules_get_time(m, "TIMEOUT", TRACK_INTERVAL_MIN,
			      TRACK_INTERVAL_MAX, &s->timeout_ms, e);
}

static int get_limit(const struct fo_match *m, struct track_spec *s,
		     struct fo_error *e)
{
	s->limited = has(m, "at-least");
	s->at_least = 1;
	return rules_get_number(m, "PROCESSES", 1, TRACK_PROCESSES_MAX,
				&s->at_least, e) ||
	       rules_get_number(m, "VALUE", 0, 99999999, &s->at_least, e);
}

static void get_route(const struct fo_match *m, struct track_spec *s)
{
	const char *net = grammar_arg(m, "ADDR/LEN", 0, NULL);
	const char *via = grammar_arg(m, "ADDR", 0, NULL);
	const char *dev = grammar_arg(m, "DEV", 0, NULL);

	s->family = net ? AF_INET : AF_INET6;
	if (!net)
		net = grammar_arg(m, "ADDR6/LEN", 0, NULL);
	if (!via)
		via = grammar_arg(m, "ADDR6", 0, NULL);
	addr_parse_prefix(s->family, net, s->dst, &s->prefix);
	s->has_via = via;
	if (via)
		addr_parse(s->family, via, s->via);
	if (dev)
		strcpy(s->dev, dev);
}

/* The session with a peer, and the socket of who has it. */
static int get_session(const struct fo_match *m, struct track_spec *s,
		       struct fo_error *e)
{
	const char *peer = grammar_arg(m, "ADDR", 0, NULL);
	const char *dev = grammar_arg(m, "DEV", 0, NULL);
	unsigned int i;
	const char *path = grammar_arg(m, "SOCKET", 0, &i);

	s->family = peer ? AF_INET : AF_INET6;
	addr_parse(s->family, peer ? peer : grammar_arg(m, "ADDR6", 0, NULL),
		   s->dst);
	if (dev)
		strcpy(s->dev, dev);
	if (path && strlen(path) >= TRACK_SOCKET_MAX)
		return bad_word(e, m, i, "a path of at most 107 characters");
	strcpy(s->text, path ? path : TRACK_BIRD);
	return 0;
}

/* A program by its path, or by a name that is none. */
static int get_program(const struct fo_match *m, struct track_spec *s,
		       struct fo_error *e)
{
	unsigned int i;
	const char *word = grammar_arg(m, "PROGRAM", 0, &i);

	if (strchr(word, '/') && *word != '/')
		return bad_word(e, m, i,
				"the name of a program, or its path from / on");
	strcpy(s->text, word);
	return 0;
}

/* Bits behind the prefix would never be found in a table of routes. */
static int check_net(const struct fo_match *m, const struct track_spec *s,
		     struct fo_error *e)
{
	unsigned int i, bit;

	for (bit = s->prefix; bit < 8 * addr_len(s->family); bit++)
		if (s->dst[bit / 8] & (0x80 >> bit % 8))
			break;
	if (bit == 8 * addr_len(s->family))
		return 0;
	if (!grammar_arg(m, "ADDR/LEN", 0, &i))
		grammar_arg(m, "ADDR6/LEN", 0, &i);
	return bad_word(e, m, i, "a network, without bits behind its prefix");
}

static int get_kind(const struct fo_match *m, struct track_spec *s,
		    struct fo_error *e)
{
	const char *text = grammar_arg(m, "TEXT", 0, NULL);

	switch (s->kind) {
	case TRACK_PROCESS:
		return get_program(m, s, e);
	case TRACK_ROUTE:
		get_route(m, s);
		s->table = TRACK_TABLE_MAIN;
		if (rules_get_number(m, "TABLE", 1, 99999999, &s->table, e))
			return -1;
		return check_net(m, s, e);
	case TRACK_BFD:
		return get_session(m, s, e);
	default:
		strcpy(s->text, grammar_arg(m, "PATH", 0, NULL));
		snprintf(s->contains, sizeof(s->contains), "%s",
			 text ? text : "");
		return 0;
	}
}

static int get_spec(const struct fo_match *m, struct track_spec *s,
		    struct fo_error *e)
{
	unsigned int i;

	*s = (struct track_spec) { .kind = kind_of(m) };
	if (!rules_is_plain(m, KIND_WORD))
		return bad_word(e, m, KIND_WORD + 1,
				"words without blanks and quotes in them");
	if (grammar_arg(m, "TEXT", 0, &i) &&
	    strlen(m->words->w[i]) >= sizeof(s->contains))
		return bad_word(e, m, i, "a text of at most 255 characters");
	return get_kind(m, s, e) || get_limit(m, s, e) || get_times(m, s, e) ?
	       -1 : 0;
}

/* --- the words that are kept ------------------------------------------- */

static void put_time(FILE *f, const char *word, uint32_t ms)
{
	if (ms % 1000)
		fprintf(f, " %s msec %u", word, ms);
	else
		fprintf(f, " %s %u", word, ms / 1000);
}

static void put_route(FILE *f, const struct track_spec *s)
{
	char text[ADDR_TEXT_MAX];

	fprintf(f, " %s/%u", addr_text(s->family, s->dst, text), s->prefix);
	if (s->has_via)
		fprintf(f, " via %s", addr_text(s->family, s->via, text));
	if (s->dev[0])
		fprintf(f, " dev %s", s->dev);
	if (s->table != TRACK_TABLE_MAIN)
		fprintf(f, " table %u", s->table);
}

static void put_session(FILE *f, const struct track_spec *s)
{
	char text[ADDR_TEXT_MAX];

	fprintf(f, " %s", addr_text(s->family, s->dst, text));
	if (s->dev[0])
		fprintf(f, " dev %s", s->dev);
	if (strcmp(s->text, TRACK_BIRD))
		fprintf(f, " socket %s", s->text);
}

/* What is as by default is left out. */
static void put_spec(FILE *f, const struct track_spec *s)
{
	bool script = s->kind == TRACK_SCRIPT;

	fputs(kinds[s->kind], f);
	if (s->kind == TRACK_ROUTE)
		put_route(f, s);
	else if (s->kind == TRACK_BFD)
		put_session(f, s);
	else
		fprintf(f, " %s", s->text);
	if (s->contains[0])
		fprintf(f, " contains %s", s->contains);
	if (s->limited)
		fprintf(f, " at-least %u", s->at_least);
	if (s->interval_ms != (script ? TRACK_SCRIPT_INTERVAL :
					TRACK_INTERVAL))
		put_time(f, "interval", s->interval_ms);
	if (script && s->timeout_ms != s->interval_ms)
		put_time(f, "timeout", s->timeout_ms);
	if (s->rise != 1)
		fprintf(f, " rise %u", s->rise);
	if (s->fall != 1)
		fprintf(f, " fall %u", s->fall);
}

/* False when it does not fit. */
static bool spec_text(const struct track_spec *s, char *to, size_t size)
{
	char *text = NULL;
	bool fits = false;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return false;
	put_spec(f, s);
	if (!fclose(f) && len < size) {
		memcpy(to, text, len + 1);
		fits = true;
	}
	free(text);
	return fits;
}

int track_spec_read(struct track_spec *s, const struct fo_track *t,
		    struct fo_error *e)
{
	char line[GRAMMAR_LINE_MAX];
	struct fo_words words;
	struct fo_match m;

	snprintf(line, sizeof(line), "failover track %s %s", t->name, t->what);
	if (grammar_split(&words, line, e) ||
	    grammar_match_file(&m, &words, NULL, e))
		return -1;
	if (m.rule->apply != rules_set_track || m.no)
		return error_set(e, 0, 0, "it is no tracked object");
	m.line = t->line;
	return get_spec(&m, s, e);
}

/* --- the configuration ------------------------------------------------- */

static void del_track(struct fo_config *c, const char *name)
{
	struct fo_track *t = config_track(c, name);

	if (!t)
		return;
	c->n_tracks--;
	memmove(t, t + 1, (char *)(c->track + c->n_tracks) - (char *)t);
}

static int no_track(struct fo_config *c, const struct fo_match *m)
{
	const char *name = grammar_arg(m, "TRACK", 0, NULL);

	if (name)
		del_track(c, name);
	else
		c->n_tracks = 0;
	return 0;
}

int rules_set_track(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	struct fo_track t = { .weight = 1, .line = m->line, .fresh = true };
	const char *weight = grammar_arg(m, "WEIGHT", 0, NULL);
	struct track_spec s;
	struct fo_track *old;

	if (m->no)
		return no_track(c, m);
	if (get_spec(m, &s, e))
		return -1;
	if (!spec_text(&s, t.what, sizeof(t.what)))
		return bad_word(e, m, KIND_WORD,
				"what is to be tracked in at most 255 characters");
	strcpy(t.name, grammar_arg(m, "TRACK", 0, NULL));
	if (weight)
		t.weight = atoi(weight);
	old = config_track(c, t.name);
	if (!old && c->n_tracks == CONFIG_TRACKS)
		return error_set(e, m->line, 0,
				 "expected at most %d tracked objects",
				 CONFIG_TRACKS);
	if (!old)
		old = &c->track[c->n_tracks++];
	*old = t;
	return 0;
}

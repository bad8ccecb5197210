// SPDX-License-Identifier: GPL-2.0
/* Matches lines against the table of rules, and says what was expected. Pure.
 *
 * All rules are tried. The matcher remembers the word that it got farthest to
 * and all that could have stood there, so the error message is right without
 * a line of code for it.
 */
#include "grammar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED_MAX	32
#define PATTERN_MAX	160

struct matcher {
	const struct fo_words *w;
	const char *item[GRAMMAR_WORDS_MAX];
	const char *expected[EXPECTED_MAX];
	size_t expected_len[EXPECTED_MAX];
	unsigned int n_expected;
	unsigned int farthest;
	bool no;
	/* where copies of composed patterns live, for as long as @expected */
	char composed[2][64][PATTERN_MAX];
	unsigned int n_composed[2];
};

static size_t item_len(const char *item)
{
	return strcspn(item, " []");
}

static void expect_one(struct matcher *m, unsigned int i, const char *item,
		       size_t len)
{
	unsigned int k;

	if (i < m->farthest)
		return;
	if (i > m->farthest) {
		m->farthest = i;
		m->n_expected = 0;
	}
	for (k = 0; k < m->n_expected; k++)
		if (m->expected_len[k] == len &&
		    !memcmp(m->expected[k], item, len))
			return;
	if (k == EXPECTED_MAX)
		return;
	m->expected[k] = item;
	m->expected_len[k] = len;
	m->n_expected++;
}

/* Remembers @item, or each of its choices, as what could have been word @i. */
static void expect(struct matcher *m, unsigned int i, const char *item,
		   size_t len)
{
	const char *bar = memchr(item, '|', len);

	for (; bar; bar = memchr(item, '|', len)) {
		expect_one(m, i, item, bar - item);
		len -= bar + 1 - item;
		item = bar + 1;
	}
	expect_one(m, i, item, len);
}

static const struct fo_type *find_type(const char *item, size_t len)
{
	unsigned int i;

	for (i = 0; i < grammar_n_types; i++)
		if (strlen(grammar_types[i].name) == len &&
		    !memcmp(grammar_types[i].name, item, len))
			return &grammar_types[i];
	return NULL;
}

static bool is_one_of(const char *choice, size_t len, const char *word)
{
	const char *end = choice + len, *next;
	size_t n = strlen(word);

	for (; choice < end; choice = next + 1) {
		next = memchr(choice, '|', end - choice);
		if (!next)
			next = end;
		if ((size_t)(next - choice) == n && !memcmp(choice, word, n))
			return true;
	}
	return false;
}

static bool item_accepts(const char *item, size_t len, const char *word)
{
	const struct fo_type *type = find_type(item, len);

	return type ? type->is(word) : is_one_of(item, len, word);
}

/* @p is at '['; returns what follows its ']'. */
static const char *after_group(const char *p)
{
	int depth = 0;

	for (; *p; p++) {
		depth += *p == '[';
		depth -= *p == ']';
		if (!depth)
			return p + 1;
	}
	return p;
}

/* Whether the words from @i on are the pattern from @p on. */
static bool match(struct matcher *m, const char *p, unsigned int i)
{
	size_t len;

	p += strspn(p, " ]");
	if (*p == '[')
		return match(m, p + 1, i) || match(m, after_group(p), i);
	if (!*p) {
		if (i == m->w->n)
			return true;
		expect(m, i, "", 0);
		return false;
	}
	len = item_len(p);
	if (len == 3 && !memcmp(p, "...", 3))
		return true;
	if (i == m->w->n || !item_accepts(p, len, m->w->w[i])) {
		expect(m, i, p, len);
		return false;
	}
	m->item[i] = p;
	return match(m, p + len, i + 1);
}

/*
 * Rules that do not begin with "failover" have the program's name before
 * them at the shell.
 */
static unsigned int first_word(const char *pattern, bool shell)
{
	return shell && strncmp(pattern, "failover", 8);
}

/* "interface DEV [no] LINE"; kept, because error messages point into it. */
static const char *compose(struct matcher *m, const char *pattern, bool no)
{
	char *p;

	if (m->n_composed[no] == 64)
		return pattern;
	p = m->composed[no][m->n_composed[no]++];
	snprintf(p, PATTERN_MAX, "interface DEV %s%s", no ? "no " : "",
		 pattern);
	return p;
}

struct attempt {
	bool shell;
	const char *dev;	/* the device of the line above, if any */
};

static bool match_one(struct matcher *m, const char *pattern, bool shell)
{
	return pattern && match(m, pattern, first_word(pattern, shell));
}

static bool match_sub(struct matcher *m, const struct fo_rule *r,
		      const struct attempt *a)
{
	const char *p = m->no ? r->no : r->set;

	if (p && a->dev && !a->shell && match(m, p, 0))
		return true;
	if (p && match_one(m, compose(m, p, false), a->shell))
		return true;
	if (m->no || !r->no)
		return false;
	m->no = match_one(m, compose(m, r->no, true), a->shell);
	return m->no;
}

static const struct fo_rule *match_rules(struct matcher *m,
					 const struct attempt *a)
{
	const struct fo_rule *r = grammar_rules;

	for (; r < grammar_rules + grammar_n_rules; r++) {
		if (r->place == FO_SHELL && !a->shell)
			continue;
		if (r->place == FO_SUB) {
			if (match_sub(m, r, a))
				return r;
		} else if (match_one(m, m->no ? r->no : r->set, a->shell)) {
			return r;
		}
	}
	return NULL;
}

/* Appends "a, b or c". */
static void list_expected(const struct matcher *m, char *text, size_t size)
{
	const struct fo_type *type;
	const char *sep;
	unsigned int i;
	size_t at = 0;
	int len;

	for (i = 0; i < m->n_expected && at < size; i++) {
		sep = !i ? "" : i + 1 == m->n_expected ? " or " : ", ";
		type = find_type(m->expected[i], m->expected_len[i]);
		len = m->expected_len[i];
		at += snprintf(text + at, size - at, "%s%.*s", sep,
			       type || !len ? 0 : len, m->expected[i]);
		if (at < size && type)
			at += snprintf(text + at, size - at, "%s",
				       type->expected);
		else if (at < size && !len)
			at += snprintf(text + at, size - at,
				       "the end of the line");
	}
}

/* What follows "failover key" may be one, mistyped: errors go to the log. */
static bool is_secret(const struct fo_words *w, unsigned int i)
{
	return i > 1 && !strcmp(w->w[1], "key");
}

static int refuse(const struct matcher *m, struct fo_error *e)
{
	char expected[CONFIG_ERROR_MAX - 80];

	list_expected(m, expected, sizeof(expected));
	if (m->farthest < m->w->n && is_secret(m->w, m->farthest))
		return error_set(e, 0, m->w->pos[m->farthest], "expected %s",
				 expected);
	if (m->farthest < m->w->n)
		return error_set(e, 0, m->w->pos[m->farthest],
				 "\"%.40s\": expected %s",
				 m->w->w[m->farthest], expected);
	return error_set(e, 0, m->w->end_pos, "missing: expected %s",
			 expected);
}

/* The word that names the device of a one-line "interface DEV ...". */
static const char *own_dev(const struct fo_match *m)
{
	const char *dev = grammar_arg(m, "DEV", 0, NULL);

	return dev ? dev : m->dev;
}

/* The items may point into @m; keeps only what the table or the line owns. */
static void keep_match(struct fo_match *fm, const struct matcher *m)
{
	const struct fo_type *type;
	unsigned int i;

	fm->no = m->no;
	for (i = 0; i < m->w->n; i++) {
		type = !m->item[i] ? NULL :
			find_type(m->item[i], item_len(m->item[i]));
		fm->item[i] = type ? type->name : m->w->w[i];
	}
	if (fm->rule->place == FO_SUB)
		fm->dev = own_dev(fm);
}

static int match_line(struct fo_match *fm, const struct fo_words *w,
		      const struct attempt *a, struct fo_error *e)
{
	struct matcher *m = calloc(1, sizeof(*m));
	int err = 0;

	if (!m)
		return error_set(e, 0, 0, "out of memory");
	m->w = w;
	m->no = w->no;
	*fm = (struct fo_match) { .words = w, .dev = a->dev };
	fm->rule = match_rules(m, a);
	if (fm->rule)
		keep_match(fm, m);
	else
		err = refuse(m, e);
	free(m);
	return err;
}

int grammar_match_shell(struct fo_match *m, const struct fo_words *w,
			struct fo_error *e)
{
	struct attempt a = { .shell = true };

	return match_line(m, w, &a, e);
}

/* @dev: device of the "interface" line above, or NULL. */
int grammar_match_file(struct fo_match *m, const struct fo_words *w,
		       const char *dev, struct fo_error *e)
{
	struct attempt a = { .dev = dev };

	return match_line(m, w, &a, e);
}

/* The word that was accepted as the @nth @item, and its index. */
const char *grammar_arg(const struct fo_match *m, const char *item,
			unsigned int nth, unsigned int *index)
{
	unsigned int i;

	for (i = 0; i < m->words->n; i++) {
		if (!m->item[i] || strcmp(m->item[i], item) || nth--)
			continue;
		if (index)
			*index = i;
		return m->words->w[i];
	}
	return NULL;
}

/* Applies a matched line; the checks of the whole come later. */
int grammar_apply(struct fo_config *c, const struct fo_match *m,
		  struct fo_error *e)
{
	const struct fo_rule *r = m->rule;

	if (r->later && !m->no)
		return error_set(e, m->line, 0, "not supported yet: %s",
				 r->later);
	return r->apply ? r->apply(c, m, e) : 0;
}

/* Takes a leading "no" away: "no LINE", at the shell "failover no LINE". */
static void take_no(struct fo_words *w, unsigned int at)
{
	if (w->no || w->n <= at || strcmp(w->w[at], "no"))
		return;
	w->no = true;
	w->n--;
	memmove(&w->w[at], &w->w[at + 1], (w->n - at) * sizeof(w->w[0]));
	memmove(&w->pos[at], &w->pos[at + 1], (w->n - at) * sizeof(w->pos[0]));
}

/* Splits a line of a file; '#' and '!' begin a comment. */
int grammar_split(struct fo_words *w, const char *line, struct fo_error *e)
{
	char *save, *word;

	*w = (struct fo_words) { .n = 0 };
	if (strlen(line) >= sizeof(w->buf))
		return error_set(e, 0, 0,
				 "expected a line of less than %zu bytes",
				 sizeof(w->buf));
	strcpy(w->buf, line);
	for (word = strtok_r(w->buf, " \t\r\n", &save); word;
	     word = strtok_r(NULL, " \t\r\n", &save)) {
		if (*word == '#' || *word == '!')
			break;
		if (w->n == GRAMMAR_WORDS_MAX)
			return error_set(e, 0, w->n + 1,
					 "expected at most %d words",
					 GRAMMAR_WORDS_MAX);
		w->w[w->n] = word;
		w->pos[w->n] = w->n + 1;
		w->n++;
	}
	w->end_pos = w->n + 1;
	take_no(w, 0);
	return 0;
}

/* The words of a shell; argv[0] is taken as "failover". */
int grammar_argv(struct fo_words *w, int argc, char *const *argv,
		 struct fo_error *e)
{
	int i;

	*w = (struct fo_words) { .n = 0 };
	if (argc > GRAMMAR_WORDS_MAX)
		return error_set(e, 0, argc, "expected at most %d words",
				 GRAMMAR_WORDS_MAX);
	for (i = 0; i < argc; i++) {
		/* a line pasted from a file has its own "failover" */
		if (w->n == 1 && !strcmp(argv[i], "failover"))
			continue;
		w->w[w->n] = w->n ? argv[i] : "failover";
		w->pos[w->n++] = i + 1;
		take_no(w, 1);
	}
	w->end_pos = argc + 1;
	return 0;
}

/* What may stand after the words of @w, from all rules of the shell. */
void grammar_expect(const struct fo_words *w,
		    void (*fn)(void *data, const char *item, size_t len),
		    void *data)
{
	struct matcher *m = calloc(1, sizeof(*m));
	const struct attempt a = { .shell = true };
	const struct fo_rule *r = grammar_rules;
	unsigned int i;

	if (!m)
		return;
	m->w = w;
	for (; r < grammar_rules + grammar_n_rules; r++) {
		m->no = w->no;
		if (r->place == FO_SUB)
			match_sub(m, r, &a);
		else
			match_one(m, m->no ? r->no : r->set, true);
	}
	for (i = 0; i < m->n_expected && m->farthest == w->n; i++)
		fn(data, m->expected[i], m->expected_len[i]);
	free(m);
}

/* Whether the words from @from on can begin a line of @pattern. */
bool grammar_starts(const char *pattern, const struct fo_words *w,
		    unsigned int from)
{
	struct matcher *m = calloc(1, sizeof(*m));
	bool starts;

	if (!m)
		return false;
	m->w = w;
	starts = match(m, pattern, from) || m->farthest == w->n;
	free(m);
	return starts;
}

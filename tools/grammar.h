/* SPDX-License-Identifier: GPL-2.0 */
/* The command language: one table for shell, file, help, completion. Pure. */
#ifndef FAILOVER_GRAMMAR_H
#define FAILOVER_GRAMMAR_H

#include "config.h"

#define GRAMMAR_WORDS_MAX	32
#define GRAMMAR_LINE_MAX	1024

/**
 * struct fo_words - one line, split
 * @no: a "no" stood in front and was taken away
 * @w: the words; @pos is their place in the line, from 1
 * @buf: where the words of a line of a file are kept
 */
struct fo_words {
	unsigned int	n;
	bool		no;
	const char	*w[GRAMMAR_WORDS_MAX];
	unsigned int	pos[GRAMMAR_WORDS_MAX];
	unsigned int	end_pos;
	char		buf[GRAMMAR_LINE_MAX];
};

struct fo_rule;

/**
 * struct fo_match - a line and the rule that it fulfils
 * @no: the "no" form
 * @item: for each word what it was accepted as, such as "DEV" or "standby"
 * @dev: of a line under "interface DEV", the device
 */
struct fo_match {
	const struct fo_rule	*rule;
	const struct fo_words	*words;
	bool			no;
	const char		*item[GRAMMAR_WORDS_MAX];
	const char		*dev;
	int			line;
};

enum fo_place {
	FO_GLOBAL,	/* a line of the configuration, also at the shell */
	FO_SUB,		/* a line under "interface DEV" */
	FO_SHELL,	/* only at the shell */
};

/* What a line at the shell asks for; 0 is a line of the configuration. */
enum fo_verb {
	FO_VERB_CONFIG,
	FO_VERB_SHOW,
	FO_VERB_SHOW_CONFIG,
	FO_VERB_SHOW_COUNTERS,
	FO_VERB_SHOW_HISTORY,
	FO_VERB_SHOW_STATE,
	FO_VERB_SHOW_STATISTICS,
	FO_VERB_SHOW_INTERFACE,
	FO_VERB_ACTIVE,
	FO_VERB_WRITE,
	FO_VERB_CONFIGURE,
	FO_VERB_CHECK,
	FO_VERB_RESYNC,
	FO_VERB_GENKEY,
	FO_VERB_HELP,
	FO_VERB_MONITOR,
	FO_VERB_HEALTH,
	FO_VERB_PROMPT,
	FO_VERB_RESET,
	FO_VERB_RELOAD,
	FO_VERB_SHOW_MONITOR,
	FO_VERB_EXEC,
	FO_VERB_CHECK_LINK,
	FO_VERB_SHOW_TRACK,
	FO_VERB_OBJECT_PUT,
	FO_VERB_OBJECT_GET,
	FO_VERB_OBJECT_DELETE,
	FO_VERB_OBJECT_LIST,
	FO_VERB_OBJECT_WATCH,
};

typedef int (*fo_apply_t)(struct fo_config *c, const struct fo_match *m,
			  struct fo_error *e);

/**
 * struct fo_rule - one form of a line
 * @set: its pattern: lower case is literal, upper case is a type, a|b is a
 *	choice, [ ] may be left out; NULL: only the "no" form exists
 * @no: what may follow "no"; NULL: there is no such form
 * @place: where it may stand
 * @verb: what the shell does with it
 * @apply: changes the configuration; NULL: the line means nothing to us
 * @later: why it is refused, until the issue that it belongs to fills @apply
 * @help: one line for people; NULL: another form of the line above
 */
struct fo_rule {
	const char	*set;
	const char	*no;
	enum fo_place	place;
	enum fo_verb	verb;
	fo_apply_t	apply;
	const char	*later;
	const char	*help;
};

/* A type of word: its name in patterns, its test, what is said of it. */
struct fo_type {
	const char	*name;
	bool		(*is)(const char *word);
	const char	*expected;
};

/* rules.c: the table */
extern const struct fo_rule grammar_rules[];
extern const unsigned int grammar_n_rules;

/* types.c */
extern const struct fo_type grammar_types[];
extern const unsigned int grammar_n_types;

/* grammar.c */
int grammar_split(struct fo_words *w, const char *line, struct fo_error *e);
int grammar_argv(struct fo_words *w, int argc, char *const *argv,
		 struct fo_error *e);
int grammar_match_shell(struct fo_match *m, const struct fo_words *w,
			struct fo_error *e);
int grammar_match_file(struct fo_match *m, const struct fo_words *w,
		       const char *dev, struct fo_error *e);
int grammar_apply(struct fo_config *c, const struct fo_match *m,
		  struct fo_error *e);
const char *grammar_arg(const struct fo_match *m, const char *item,
			unsigned int nth, unsigned int *index);

/* grammar_file.c */
int grammar_read(struct fo_config *c, FILE *f, struct fo_error *e);
int grammar_read_path(struct fo_config *c, const char *path,
		      struct fo_error *e);
void grammar_error(FILE *f, const char *path, const struct fo_error *e);

/* grammar_help.c */
unsigned int grammar_help(FILE *f, const struct fo_words *w);
void grammar_complete(FILE *f, const struct fo_words *w);

/* Calls @fn with each thing that may stand after the words of @w. */
void grammar_expect(const struct fo_words *w,
		    void (*fn)(void *data, const char *item, size_t len),
		    void *data);
bool grammar_starts(const char *pattern, const struct fo_words *w,
		    unsigned int from);

#endif /* FAILOVER_GRAMMAR_H */

// SPDX-License-Identifier: GPL-2.0
/* Reads a whole configuration file, and prints what is wrong in it. Pure. */
#include "grammar.h"

#include <errno.h>
#include <string.h>

/* The device that the lines below an "interface DEV" are about. */
struct context {
	char dev[IF_NAMESIZE];
	bool set;
};

/* A line of the global configuration ends the one of an interface. */
static void next_context(struct context *ctx, const struct fo_match *m)
{
	bool own = !strcmp(m->words->w[0], "interface");

	if (m->rule->place == FO_SUB && !own)
		return;
	ctx->set = own && !m->words->no;
	if (ctx->set)
		snprintf(ctx->dev, sizeof(ctx->dev), "%s",
			 grammar_arg(m, "DEV", 0, NULL));
}

static int read_line(struct fo_config *c, const char *line, int number,
		     struct context *ctx, struct fo_error *e)
{
	struct fo_words words;
	struct fo_match m;

	if (grammar_split(&words, line, e))
		return -1;
	if (!words.n && !words.no)
		return 0;
	if (grammar_match_file(&m, &words, ctx->set ? ctx->dev : NULL, e))
		return -1;
	m.line = number;
	if (grammar_apply(c, &m, e))
		return -1;
	next_context(ctx, &m);
	return 0;
}

/* Reads and checks; on an error -1, @e, and @c is to be thrown away. */
int grammar_read(struct fo_config *c, FILE *f, struct fo_error *e)
{
	struct context ctx = { .set = false };
	char line[GRAMMAR_LINE_MAX + 2];
	int number = 0;

	while (fgets(line, sizeof(line), f)) {
		number++;
		if (read_line(c, line, number, &ctx, e)) {
			e->line = number;
			return -1;
		}
	}
	if (ferror(f))
		return error_set(e, number, 0, "%s", strerror(errno));
	return config_check(c, e);
}

/* @path "-" is standard input. */
int grammar_read_path(struct fo_config *c, const char *path,
		      struct fo_error *e)
{
	bool in = !strcmp(path, "-");
	FILE *f = in ? stdin : fopen(path, "re");
	int err;

	if (!f)
		return error_set(e, 0, 0, "%s", strerror(errno));
	err = grammar_read(c, f, e);
	if (!in)
		fclose(f);
	return err;
}

/* "failover.conf:7: word 4 "foo": expected primary or secondary" */
void grammar_error(FILE *f, const char *path, const struct fo_error *e)
{
	fprintf(f, "%s:", path);
	if (e->line)
		fprintf(f, "%d:", e->line);
	if (e->word)
		fprintf(f, " word %u", e->word);
	fprintf(f, " %s\n", e->text);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The command language: no file breaks it, what is read is printed so that it
 * is read back the same, and completion survives every line.
 */

#include "fuzz.h"

#include "grammar.h"

static int read_text(struct fo_config *c, const void *text, size_t size)
{
	FILE *f = fmemopen((void *)text, size, "r");
	struct fo_error e = { .line = 0 };
	int err;

	config_init(c);
	if (!f)
		return -1;
	err = grammar_read(c, f, &e);
	/* every refusal says something */
	MUST(!err || e.text[0]);
	fclose(f);
	return err;
}

static void read_back(struct fo_config *c)
{
	struct fo_config again;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	/* keys are not shown else, and a line without one is refused */
	c->reveal = true;
	config_print(f, c);
	fclose(f);
	MUST(!read_text(&again, text, len));
	again.reveal = true;
	MUST(config_equal(c, &again));
	config_free(&again);
	free(text);
}

static void complete(const uint8_t *data, size_t size)
{
	struct fo_words w;
	struct fo_match m;
	struct fo_error e;
	char line[GRAMMAR_LINE_MAX + 8];
	char *text = NULL;
	size_t len;
	FILE *f;

	if (size >= sizeof(line))
		size = sizeof(line) - 1;
	memcpy(line, data, size);
	line[size] = '\0';
	if (grammar_split(&w, line, &e) || !w.n)
		return;
	grammar_match_shell(&m, &w, &e);
	f = open_memstream(&text, &len);
	grammar_complete(f, &w);
	grammar_help(f, &w);
	fclose(f);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fo_config c;

	if (size && !read_text(&c, data, size))
		read_back(&c);
	if (size)
		config_free(&c);
	complete(data, size);
	return 0;
}

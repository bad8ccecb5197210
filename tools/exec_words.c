// SPDX-License-Identifier: GPL-2.0
/* Requests of "failover exec" as bytes, and which of them are run. Pure.
 *
 * A request is one part: version, flags, two bytes of seconds, the words with a
 * zero behind each.
 */
#include "exec.h"

#include <string.h>

#define VERSION		1
#define FLAG_JSON	1
#define HEAD		4

bool exec_put(struct fo_msg *m, const struct exec_request *r)
{
	size_t at = HEAD, len;
	unsigned int i;

	m->kind = NF_FAILOVER_MSG_KIND_REQUEST;
	m->data[0] = VERSION;
	m->data[1] = r->json ? FLAG_JSON : 0;
	m->data[2] = r->limit_s >> 8;
	m->data[3] = r->limit_s;
	for (i = 0; i < r->n; i++) {
		len = strlen(r->w[i]) + 1;
		if (len > sizeof(m->data) - at)
			return false;
		memcpy(m->data + at, r->w[i], len);
		at += len;
	}
	m->len = at;
	return r->n;
}

bool exec_get(const struct fo_msg *m, struct exec_request *r)
{
	size_t at, len = m->len;

	*r = (struct exec_request) { .n = 0 };
	if (len <= HEAD || m->data[0] != VERSION || m->data[len - 1])
		return false;
	r->json = m->data[1] & FLAG_JSON;
	r->limit_s = m->data[2] << 8 | m->data[3];
	memcpy(r->text, m->data, len);
	for (at = HEAD; at < len; at += strlen(r->text + at) + 1) {
		if (r->n == GRAMMAR_WORDS_MAX)
			return false;
		r->w[r->n++] = r->text + at;
	}
	return true;
}

/*
 * What shows the other unit, and what an operator does there. Not what reads or
 * writes files, what goes on for ever, and not exec itself; nor lines of the
 * configuration, which belong into that of the unit itself.
 */
static bool is_for_exec(const struct fo_match *m)
{
	switch (m->rule->verb) {
	case FO_VERB_SHOW:
	case FO_VERB_SHOW_CONFIG:
	case FO_VERB_SHOW_COUNTERS:
	case FO_VERB_SHOW_HISTORY:
	case FO_VERB_SHOW_STATE:
	case FO_VERB_SHOW_STATISTICS:
	case FO_VERB_SHOW_INTERFACE:
	case FO_VERB_SHOW_MONITOR:
	case FO_VERB_SHOW_TRACK:
	case FO_VERB_ACTIVE:
	case FO_VERB_RESYNC:
	case FO_VERB_HELP:
	case FO_VERB_HEALTH:
	case FO_VERB_PROMPT:
	case FO_VERB_RESET:
	case FO_VERB_RELOAD:
		return true;
	case FO_VERB_WRITE:
		return !grammar_arg(m, "FILE", 0, NULL);
	default:
		return false;
	}
}

const char *exec_refuse(unsigned int n, const char *const *w)
{
	char *argv[GRAMMAR_WORDS_MAX + 1] = { (char *)"failover" };
	struct fo_error e = { .line = 0 };
	struct fo_words words;
	struct fo_match m;
	unsigned int i;

	if (!n || n >= GRAMMAR_WORDS_MAX)
		return "no command";
	for (i = 0; i < n; i++)
		argv[i + 1] = (char *)w[i];
	/* an option would be one of the command's */
	for (i = 0; i < n; i++)
		if (w[i][0] == '-')
			return "options are not passed on";
	if (grammar_argv(&words, n + 1, argv, &e) ||
	    grammar_match_shell(&m, &words, &e))
		return "neither a command of failover nor in \"failover exec allow\"";
	if (!is_for_exec(&m))
		return "not a command for \"failover exec\"";
	return NULL;
}

/*
 * U+0080 to U+009F are controls as well, 0xc2 and the number in UTF-8. At the
 * end of a part nobody knows what will follow that byte.
 */
static bool is_c1(const unsigned char *p, size_t len)
{
	return *p == 0xc2 && (len == 1 || (p[1] >= 0x80 && p[1] <= 0x9f));
}

void exec_clean(unsigned char *p, size_t len)
{
	for (; len; len--, p++) {
		if ((*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
			*p = '?';
		if (!is_c1(p, len))
			continue;
		*p = '?';
		if (len > 1)
			p[1] = '?';
	}
}

// SPDX-License-Identifier: GPL-2.0
/* The command: options, the line, and the table of subcommands. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "version.h"

#define TIMEOUT_S	10
#define TIMEOUT_MAX_S	3600

/* @kernel: needs the kernel module. */
static const struct {
	int (*fn)(struct cmd *c);
	bool kernel;
} verbs[] = {
	[FO_VERB_CONFIG]	= { cmd_line, true },
	[FO_VERB_SHOW]		= { cmd_show, true },
	[FO_VERB_SHOW_CONFIG]	= { cmd_show_config, true },
	[FO_VERB_SHOW_COUNTERS]	= { cmd_show_counters, true },
	[FO_VERB_SHOW_HISTORY]	= { cmd_show_history, true },
	[FO_VERB_SHOW_STATE]	= { cmd_show_state, true },
	[FO_VERB_SHOW_STATISTICS] = { cmd_show_statistics, true },
	[FO_VERB_SHOW_INTERFACE] = { cmd_show_interface, true },
	[FO_VERB_ACTIVE]	= { cmd_switch, true },
	[FO_VERB_WRITE]		= { cmd_write, true },
	[FO_VERB_CONFIGURE]	= { cmd_configure, true },
	[FO_VERB_CHECK]		= { cmd_check, false },
	[FO_VERB_RESYNC]	= { cmd_resync, true },
	[FO_VERB_GENKEY]	= { cmd_genkey, false },
	[FO_VERB_HELP]		= { cmd_help, false },
	[FO_VERB_MONITOR]	= { cmd_monitor, true },
	/* these have an answer without a module, too */
	[FO_VERB_HEALTH]	= { cmd_health, false },
	[FO_VERB_CHECK_LINK]	= { cmd_check_link, false },
	[FO_VERB_PROMPT]	= { cmd_prompt, false },
	[FO_VERB_RESET]		= { cmd_reset, true },
	[FO_VERB_RELOAD]	= { cmd_reload, true },
	[FO_VERB_SHOW_MONITOR]	= { cmd_show_monitor, true },
	[FO_VERB_SHOW_TRACK]	= { cmd_show_track, true },
	[FO_VERB_OBJECT_PUT]	= { cmd_object_put, true },
	[FO_VERB_OBJECT_GET]	= { cmd_object_get, true },
	[FO_VERB_OBJECT_DELETE]	= { cmd_object_delete, true },
	[FO_VERB_OBJECT_LIST]	= { cmd_object_list, true },
	[FO_VERB_OBJECT_WATCH]	= { cmd_object_watch, true },
	/* has statuses of its own */
	[FO_VERB_EXEC]		= { cmd_exec, false },
};

static const char usage[] =
	"Usage: failover [-j] [--timeout SECONDS] [--history FILE] LINE...\n"
	"  -j, --json       show, check and monitor as JSON\n"
	"  --timeout N      how long \"active\", \"no active\" and \"exec\" wait (10)\n"
	"  --history FILE   what failoverd keeps of the history there\n"
	"  -V, --version    print the version\n"
	"  -h, --help       print this\n"
	"LINE is a line of the configuration or a command; \"failover\" alone\n"
	"switches failover on. \"failover help\" lists all lines.\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "timeout", required_argument, NULL, 't' },
	{ "history", required_argument, NULL, 'H' },
	{ "complete", no_argument, NULL, 'C' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

int cmd_fail(struct cmd *c)
{
	fprintf(stderr, "failover: %s\n", c->nl.error);
	return EXIT_FAIL;
}

static int run(struct cmd *c)
{
	enum fo_verb verb = c->match.rule->verb;
	int status;

	if (verbs[verb].kernel && nl_open(&c->nl))
		return cmd_fail(c);
	status = verbs[verb].fn(c);
	if (verbs[verb].kernel)
		nl_close(&c->nl);
	return status;
}

int cmd_run(struct cmd *c, int argc, char **argv)
{
	struct fo_error e = { .line = 0 };
	struct fo_words words;

	if (grammar_argv(&words, argc, argv, &e) ||
	    grammar_match_shell(&c->match, &words, &e)) {
		grammar_error(stderr, "failover", &e);
		return EXIT_USAGE;
	}
	return run(c);
}

/* For the completion of the shell: what may come after these words. */
static int complete(int argc, char **argv)
{
	struct fo_error e;
	struct fo_words words;

	if (!grammar_argv(&words, argc, argv, &e))
		grammar_complete(stdout, &words);
	return EXIT_OK;
}

static bool parse_timeout(struct cmd *c, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	c->timeout_s = v;
	return *text && !*end && v <= TIMEOUT_MAX_S;
}

static int print(const char *text, FILE *f, int status)
{
	fputs(text, f);
	return status;
}

/* Options may stand anywhere: a word that begins with '-' is behind a "--". */
int main(int argc, char **argv)
{
	struct cmd c = { .timeout_s = TIMEOUT_S };
	bool completing = false;
	int o;

	while ((o = getopt_long(argc, argv, "jVh", options, NULL)) != -1) {
		switch (o) {
		case 'j':
			c.json = true;
			break;
		case 't':
			if (!parse_timeout(&c, optarg))
				return print(usage, stderr, EXIT_USAGE);
			break;
		case 'H':
			c.history = optarg;
			break;
		case 'C':
			completing = true;
			break;
		case 'V':
			return print("failover " FAILOVER_VERSION "\n",
				     stdout, EXIT_OK);
		case 'h':
			return print(usage, stdout, EXIT_OK);
		default:
			return print(usage, stderr, EXIT_USAGE);
		}
	}
	/* one word before the line stands for "failover" itself */
	argv[optind - 1] = argv[0];
	if (completing)
		return complete(argc - optind + 1, argv + optind - 1);
	return cmd_run(&c, argc - optind + 1, argv + optind - 1);
}

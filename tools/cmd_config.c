// SPDX-License-Identifier: GPL-2.0
/* Subcommands that read, change, check and keep the configuration. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "key.h"
#include "track_check.h"
#include "version.h"

static const char *file_arg(const struct cmd *c)
{
	return grammar_arg(&c->match, "FILE", 0, NULL);
}

int cmd_show_config(struct cmd *c)
{
	struct fo_show show;
	int err = nl_get(&c->nl, &show, true);

	if (!err)
		config_print(stdout, &show.config);
	nl_show_free(&show);
	return err ? cmd_fail(c) : EXIT_OK;
}

static void warn_active(const struct fo_show *show)
{
	if (show->this.role == NF_FAILOVER_ROLE_ACTIVE && nl_peer_alive(show))
		fprintf(stderr,
			"failover: this unit was active; the other unit takes over without a drain (see \"failover no active\")\n");
}

/* One line of the configuration: read all, apply it, check and set all. */
int cmd_line(struct cmd *c)
{
	struct fo_error e = { .line = 0 };
	struct fo_show show;
	int status = EXIT_FAIL;
	bool was_on;

	if (nl_get(&c->nl, &show, true)) {
		nl_show_free(&show);
		return cmd_fail(c);
	}
	was_on = show.config.enabled;
	if (grammar_apply(&show.config, &c->match, &e) ||
	    config_check(&show.config, &e) || key_load(&show.config, &e) ||
	    track_check(&show.config, &e)) {
		e.line = 0;
		grammar_error(stderr, "failover", &e);
	} else if (nl_config_set(&c->nl, &show.config)) {
		cmd_fail(c);
	} else {
		status = EXIT_OK;
		if (was_on && !show.config.enabled)
			warn_active(&show);
	}
	nl_show_free(&show);
	return status;
}

/* Reads a file as a whole; 0, or -1 after telling what is wrong. */
static int read_file(const char *path, struct fo_config *config, bool load)
{
	const char *name = strcmp(path, "-") ? path : "stdin";
	struct fo_error e = { .line = 0 };

	config_init(config);
	if (!grammar_read_path(config, path, &e) &&
	    (!load || (!key_load(config, &e) && !track_check(config, &e))))
		return 0;
	grammar_error(stderr, name, &e);
	config_free(config);
	return -1;
}

/* All or nothing: on an error the configuration in force stays. */
int cmd_configure(struct cmd *c)
{
	struct fo_config config;
	int err;

	if (read_file(file_arg(c), &config, true))
		return EXIT_FAIL;
	err = nl_config_set(&c->nl, &config);
	config_free(&config);
	return err ? cmd_fail(c) : EXIT_OK;
}

int cmd_check(struct cmd *c)
{
	struct fo_config config;

	if (read_file(file_arg(c), &config, false))
		return EXIT_FAIL;
	config_free(&config);
	return EXIT_OK;
}

static int fail_file(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return EXIT_FAIL;
}

/*
 * A key that is not in a file of its own cannot be read back from the kernel:
 * the line that gave it is taken over from the file that is replaced, if it is
 * still the same key.
 */
static int take_over_keys(const char *path, struct fo_config *config)
{
	struct fo_error e = { .line = 0 };
	struct fo_config old;
	struct fo_key *k;
	int missing = 0;

	config_init(&old);
	if (grammar_read_path(&old, path, &e) || key_load(&old, &e))
		config_free(&old);
	for (k = config->key; k < config->key + CONFIG_KEYS; k++)
		if (k->kind == KEY_KEPT)
			missing += !key_find(k, &old);
	config_free(&old);
	config->reveal = true;
	return missing;
}

/* The old file stays whole until the new one is on the disk. */
static int replace_file(const char *path, const struct fo_config *config)
{
	bool secret = key_in_text(config);
	char tmp[PATH_MAX];
	int fd, err;
	FILE *f;

	if (snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path) >= PATH_MAX)
		return errno = ENAMETOOLONG, -1;
	fd = mkostemp(tmp, O_CLOEXEC);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return -1;
	fprintf(f, "# written by failover write\n");
	config_print(f, config);
	err = fflush(f) || fchmod(fd, secret ? 0600 : 0644) || fsync(fd);
	err |= fclose(f);
	err = err || rename(tmp, path);
	if (err)
		unlink(tmp);
	return err ? -1 : 0;
}

int cmd_write(struct cmd *c)
{
	const char *path = file_arg(c) ? file_arg(c) : FAILOVER_CONF;
	struct fo_show show;
	int status = EXIT_OK;

	if (nl_get(&c->nl, &show, true)) {
		status = cmd_fail(c);
	} else {
		if (path[0] == '/' && !file_arg(c))
			mkdir("/etc/failover", 0755);
		if (take_over_keys(path, &show.config)) {
			fprintf(stderr,
				"failover: the key is neither in a file of its own nor in %s, and is never read back: put it into a file (failover genkey, failover key file PATH)\n",
				path);
			status = EXIT_FAIL;
		} else if (replace_file(path, &show.config)) {
			status = fail_file(path);
		}
	}
	nl_show_free(&show);
	return status;
}

int cmd_resync(struct cmd *c)
{
	return nl_bulk_start(&c->nl, "Set by the config command") ?
	       cmd_fail(c) : EXIT_OK;
}

int cmd_help(struct cmd *c)
{
	if (grammar_help(stdout, c->match.words))
		return EXIT_OK;
	fprintf(stderr, "failover: no line begins with these words\n");
	return EXIT_USAGE;
}

int cmd_genkey(struct cmd *c)
{
	struct fo_error e = { .line = 0 };

	if (!key_make(file_arg(c), &e))
		return EXIT_OK;
	fprintf(stderr, "failover: %s\n", e.text);
	return EXIT_FAIL;
}

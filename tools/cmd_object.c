// SPDX-License-Identifier: GPL-2.0
/* "failover object": small keyed values that the other unit has, too. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "object_text.h"

static int refuse(const char *what)
{
	fprintf(stderr, "failover: %s\n", what);
	return EXIT_USAGE;
}

/* --- what it is given --------------------------------------------------- */

static int take_key(struct cmd *c, struct fo_object *o)
{
	int len = object_bytes(o->key, sizeof(o->key),
			       grammar_arg(&c->match, "KEY", 0, NULL));

	snprintf(o->space, sizeof(o->space), "%s",
		 grammar_arg(&c->match, "SPACE", 0, NULL));
	if (len == -1)
		return refuse("the key: expected hex: and an even number of hexadecimal digits");
	if (len < 1)
		return refuse("the key: expected 1 to 128 bytes");
	o->key_len = len;
	return EXIT_OK;
}

static int read_value(struct fo_object *o, const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int status = EXIT_OK;

	if (!f) {
		fprintf(stderr, "failover: %s: %s\n", path, strerror(errno));
		return EXIT_FAIL;
	}
	o->len = fread(o->value, 1, sizeof(o->value), f);
	if (ferror(f)) {
		fprintf(stderr, "failover: %s: %s\n", path, strerror(errno));
		status = EXIT_FAIL;
	} else if (o->len == sizeof(o->value) && getc(f) != EOF) {
		status = refuse("the value: expected 1024 bytes at most");
	}
	if (f != stdin)
		fclose(f);
	return status;
}

static int take_value(struct cmd *c, struct fo_object *o)
{
	const char *word = grammar_arg(&c->match, "BYTES", 0, NULL);
	int len;

	if (!strcmp(word, "-"))
		return read_value(o, word);
	if (*word == '@')
		return read_value(o, word + 1);
	len = object_bytes(o->value, sizeof(o->value), word);
	if (len == -1)
		return refuse("the value: expected hex: and an even number of hexadecimal digits");
	if (len < 0)
		return refuse("the value: expected 1024 bytes at most");
	o->len = len;
	return EXIT_OK;
}

static void take_lifetime(struct cmd *c, struct fo_object *o)
{
	const char *word = grammar_arg(&c->match, "LIFETIME", 0, NULL);

	o->lives = word;
	o->lifetime = word ? strtoull(word, NULL, 10) * 1000 : 0;
}

/* As a key is shown. */
#define OBJECT_SECRET	"*****"

/* --- what it prints ----------------------------------------------------- */

/* A value that is used up at the end of its last second. */
static uint64_t seconds(const struct fo_object *o)
{
	return (o->lifetime + 999) / 1000;
}

static void add_bytes(json_t *to, const char *name, const unsigned char *p,
		      size_t len)
{
	char digits[2 * NF_FAILOVER_OBJECT_VALUE_LEN + 1], key[16];

	if (object_is_text(p, len)) {
		json_object_set_new(to, name,
				    json_stringn((const char *)p, len));
		return;
	}
	snprintf(key, sizeof(key), "%s_hex", name);
	object_digits(digits, p, len);
	json_object_set_new(to, key, json_string(digits));
}

static json_t *as_json(const struct fo_object *o)
{
	json_t *j = json_pack("{s:s}", "space", o->space);

	add_bytes(j, "key", o->key, o->key_len);
	if (o->secret)
		json_object_set_new(j, "value", json_null());
	else
		add_bytes(j, "value", o->value, o->len);
	json_object_set_new(j, "secret", json_boolean(o->secret));
	json_object_set_new(j, "lifetime_s", o->lives ?
			    json_integer(seconds(o)) : json_null());
	json_object_set_new(j, "from", json_string(o->mate ? "mate" : "this"));
	return j;
}

static void print_line(const struct fo_object *o)
{
	char key[OBJECT_WORD(NF_FAILOVER_OBJECT_KEY_LEN)];
	char value[OBJECT_WORD(NF_FAILOVER_OBJECT_VALUE_LEN)];
	char left[24] = "-";

	object_word(key, o->key, o->key_len);
	object_word(value, o->value, o->len);
	if (o->secret)
		strcpy(value, OBJECT_SECRET);
	if (o->lives)
		snprintf(left, sizeof(left), "%" PRIu64, seconds(o));
	printf("%-15s %10s %s %s\n", o->space, left, key, value);
}

/* --- the commands ------------------------------------------------------- */

int cmd_object_put(struct cmd *c)
{
	struct fo_object o = { .len = 0 };
	int status = take_key(c, &o);

	if (!status)
		status = take_value(c, &o);
	if (status)
		return status;
	take_lifetime(c, &o);
	return nl_object_put(&c->nl, &o) ? cmd_fail(c) : EXIT_OK;
}

int cmd_object_delete(struct cmd *c)
{
	struct fo_object o = { .len = 0 };
	int status = take_key(c, &o);

	if (status)
		return status;
	return nl_object_delete(&c->nl, &o) ? cmd_fail(c) : EXIT_OK;
}

static int print_value(struct cmd *c, const struct fo_object *o)
{
	char word[OBJECT_WORD(NF_FAILOVER_OBJECT_VALUE_LEN)];

	if (c->json)
		return show_print_json(as_json(o));
	if (grammar_arg(&c->match, "raw", 0, NULL)) {
		fwrite(o->value, 1, o->len, stdout);
	} else {
		object_word(word, o->value, o->len);
		puts(word);
	}
	return fflush(stdout) ? EXIT_FAIL : EXIT_OK;
}

int cmd_object_get(struct cmd *c)
{
	struct fo_object o = { .len = 0 };
	int status = take_key(c, &o);

	if (status)
		return status;
	if (nl_object_get(&c->nl, &o))
		return cmd_fail(c);
	if (!o.secret)
		return print_value(c, &o);
	fprintf(stderr, "failover: its value is secret\n");
	return EXIT_FAIL;
}

struct list {
	struct fo_object *o;
	unsigned int n, room;
};

static int collect(void *ctx, const struct fo_object *o)
{
	struct list *l = ctx;
	struct fo_object *more;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		more = reallocarray(l->o, l->room, sizeof(*l->o));
		if (!more)
			return -ENOMEM;
		l->o = more;
	}
	l->o[l->n++] = *o;
	return 0;
}

static int by_key(const void *one, const void *two)
{
	const struct fo_object *a = one, *b = two;
	size_t len = a->key_len < b->key_len ? a->key_len : b->key_len;
	int order = strcmp(a->space, b->space);

	if (!order)
		order = memcmp(a->key, b->key, len);
	return order ? order : (int)a->key_len - (int)b->key_len;
}

static int print_list(struct cmd *c, const struct list *l)
{
	json_t *all;
	unsigned int i;

	if (c->json) {
		all = json_array();
		for (i = 0; i < l->n; i++)
			json_array_append_new(all, as_json(&l->o[i]));
		return show_print_json(all);
	}
	printf("%-15s %10s %s %s\n", "Space", "Lifetime", "Key", "Value");
	for (i = 0; i < l->n; i++)
		print_line(&l->o[i]);
	return EXIT_OK;
}

int cmd_object_list(struct cmd *c)
{
	struct list l = { .n = 0 };
	int err = nl_object_list(&c->nl,
				 grammar_arg(&c->match, "SPACE", 0, NULL),
				 collect, &l);
	int status;

	if (l.n)
		qsort(l.o, l.n, sizeof(*l.o), by_key);
	status = err ? cmd_fail(c) : print_list(c, &l);
	free(l.o);
	return status;
}

/* --- watch -------------------------------------------------------------- */

static const char *const events[] = {
	[NF_FAILOVER_OBJECT_EVENT_PUT]		= "put",
	[NF_FAILOVER_OBJECT_EVENT_DELETED]	= "deleted",
	[NF_FAILOVER_OBJECT_EVENT_EXPIRED]	= "expired",
};

static void print_event(struct cmd *c, const char *event,
			const struct fo_object *o)
{
	json_t *j;

	if (!c->json) {
		printf("%-8s %-4s ", event, o->mate ? "mate" : "this");
		print_line(o);
		return;
	}
	j = as_json(o);
	json_object_set_new(j, "event", json_string(event));
	json_dumpf(j, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(j);
}

static const char *event_name(const struct fo_object *o)
{
	return o->event < sizeof(events) / sizeof(*events) ? events[o->event] :
							     "?";
}

/* 0: all that there were; -EPIPE: nobody reads it; -errno. */
static int print_events(struct cmd *c, const char *space)
{
	struct fo_object o;
	int ret;

	while ((ret = nl_object_event(&c->nl, &o)) == 1) {
		if (space && strcmp(space, o.space))
			continue;
		print_event(c, event_name(&o), &o);
		if (fflush(stdout))
			return -EPIPE;
	}
	if (ret == -ENOBUFS)
		snprintf(c->nl.error, sizeof(c->nl.error),
			 "changes were lost: list them, and watch anew");
	return ret;
}

static int print_now(void *ctx, const struct fo_object *o)
{
	print_event(ctx, "now", o);
	return 0;
}

static int follow(struct cmd *c, const char *space, int signal_fd)
{
	struct pollfd p[] = {
		{ .fd = nl_event_fd(&c->nl), .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = 0 },
	};
	int ret = 0;

	while (!ret && !p[1].revents && !p[2].revents) {
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return -errno;
		if (p[0].revents)
			ret = print_events(c, space);
	}
	return ret;
}

/* What there is comes first: nothing gets lost between a list and a watch. */
int cmd_object_watch(struct cmd *c)
{
	const char *space = grammar_arg(&c->match, "SPACE", 0, NULL);
	int fd = cmd_catch_signals(), err;

	err = nl_subscribe_objects(&c->nl);
	if (!err)
		err = nl_object_list(&c->nl, space, print_now, c);
	if (!err)
		err = fflush(stdout) ? -EPIPE : follow(c, space, fd);
	close(fd);
	return !err || err == -EPIPE ? EXIT_OK : cmd_fail(c);
}

// SPDX-License-Identifier: GPL-2.0
/* "failover show track": the tracked objects of both units. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "history.h"
#include "names.h"

/* What a unit says of its own; an absent one says nothing. */
static uint32_t status_of(const struct fo_show *s, const struct fo_host *h,
			  const struct fo_track *t)
{
	unsigned int i;

	/* that of our own objects is with their configuration */
	if (h == &s->this)
		return t->status;
	for (i = 0; nl_peer_alive(s) && i < h->n_tracks; i++)
		if (!strcmp(h->track[i].name, t->name))
			return h->track[i].status;
	return NF_FAILOVER_IFSTATUS_UNKNOWN;
}

/* The first word of what it is. */
static int kind_len(const struct fo_track *t)
{
	return strcspn(t->what, " ");
}

static void print_cause(const struct fo_track *t, const char *indent)
{
	char at[HISTORY_TIME_MAX];

	if (!t->cause[0])
		return;
	printf("%s\t%s", indent, t->cause);
	if (t->since)
		printf("; %s since %s", names_trackstatus(t->status),
		       history_time(t->since, at));
	printf("\n");
}

void show_tracks(const struct fo_show *s, const struct fo_host *h,
		 const char *indent, bool causes)
{
	const struct fo_track *t = s->config.track;

	for (; t < s->config.track + s->config.n_tracks; t++) {
		printf("%sTrack %s (%.*s): %s\n", indent, t->name,
		       kind_len(t), t->what, names_trackstatus(status_of(s, h, t)));
		if (causes && h == &s->this)
			print_cause(t, indent);
	}
}

static void print_host(const struct fo_show *s, const char *who,
		       const struct fo_host *h, uint32_t unit)
{
	show_host_line(s, who, h, unit);
	show_tracks(s, h, "\t\t", true);
}

static void print_text(const struct fo_show *s)
{
	const struct fo_track *t = s->config.track;

	for (; t < s->config.track + s->config.n_tracks; t++)
		printf("Track %s: %s, weight %u\n", t->name, t->what,
		       t->weight);
	if (!s->config.n_tracks) {
		printf("Nothing is tracked\n");
		return;
	}
	print_host(s, "This host", &s->this, s->config.unit);
	print_host(s, "Other host", &s->other, show_other_unit(s));
}

json_t *show_tracks_config_json(const struct fo_config *c)
{
	const struct fo_track *t = c->track;
	json_t *all = json_array();

	for (; t < c->track + c->n_tracks; t++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:i}", "name", t->name, "what", t->what,
			"weight", (int)t->weight));
	return all;
}

/* The other unit does not tell why. */
json_t *show_tracks_json(const struct fo_show *s, const struct fo_host *h)
{
	const struct fo_track *t = s->config.track;
	json_t *all = json_array(), *one;

	for (; t < s->config.track + s->config.n_tracks; t++) {
		one = json_pack("{s:s, s:s}", "name", t->name, "status",
				names_trackstatus(status_of(s, h, t)));
		if (h == &s->this && t->cause[0])
			json_object_set_new(one, "cause",
					    json_string(t->cause));
		if (h == &s->this && t->since)
			json_object_set_new(one, "since", json_integer(
					    t->since / 1000000000));
		json_array_append_new(all, one);
	}
	return all;
}

static json_t *host_json(const struct fo_show *s, const struct fo_host *h,
			 uint32_t unit)
{
	uint32_t state;

	return json_pack("{s:s, s:s, s:o}", "unit", names_unit_key(unit),
			 "state", show_host_state(s, h, &state),
			 "tracks", show_tracks_json(s, h));
}

static int print_json(const struct fo_show *s)
{
	return show_print_json(json_pack(
		"{s:o, s:o, s:o}",
		"tracks", show_tracks_config_json(&s->config),
		"this", host_json(s, &s->this, s->config.unit),
		"other", host_json(s, &s->other, show_other_unit(s))));
}

int cmd_show_track(struct cmd *c)
{
	return show_command(c, print_json, print_text);
}

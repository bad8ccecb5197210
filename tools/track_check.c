// SPDX-License-Identifier: GPL-2.0
/* Whether the scripts of a new configuration may be run. */
#include "track_check.h"

#include "child.h"
#include "track_spec.h"

/* "failover track NAME script PATH" */
#define PATH_WORD	5

static int check(const struct fo_track *t, struct fo_error *e)
{
	struct track_spec s;
	const char *why;

	if (track_spec_read(&s, t, e))
		return -1;
	why = s.kind == TRACK_SCRIPT ? child_refuse_path(s.text) : NULL;
	return why ? error_set(e, t->line, PATH_WORD,
			       "\"%.200s\": %s; expected an executable that only root can change",
			       s.text, why) : 0;
}

int track_check(const struct fo_config *c, struct fo_error *e)
{
	const struct fo_track *t = c->track;

	for (; t < c->track + c->n_tracks; t++)
		if (t->fresh && check(t, e))
			return -1;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* "failover show state", in the layout of the ASA. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "elect.h"
#include "names.h"

/* What happened last that counts as a failure of a unit. */
struct failure {
	const char *what;
	uint64_t time;
};

struct view {
	struct fo_show s;
	struct fo_history h;
	struct failure this;
	struct failure other;
};

/* Each unit tells of itself; that it was not heard tells the other one. */
static const char *failure_of(const struct fo_entry *e, bool mate)
{
	if (e->kind == NF_FAILOVER_HISTORY_KIND_PEER_LOST)
		return e->mate == mate ? NULL : "Comm Failure";
	if (e->mate != mate)
		return NULL;
	if (e->kind == NF_FAILOVER_HISTORY_KIND_DAEMON_GONE)
		return "Daemon Failure";
	return e->to == NF_FAILOVER_STATE_FAILED ? "Ifc Failure" : NULL;
}

static struct failure last_failure(const struct fo_history *h, bool mate)
{
	struct failure last = { .what = NULL };
	const struct fo_entry *e;
	const char *what;

	for (e = h->e; e < h->e + h->n; e++) {
		what = failure_of(e, mate);
		if (what && e->time >= last.time)
			last = (struct failure) { what, e->time };
	}
	return last;
}

/* The configuration of the active unit is not copied by this version. */
static const char *configuration(const struct fo_show *s)
{
	return elect_is_active(s->this.state) ? "Sync Skipped" :
						"Sync Skipped - STANDBY";
}

static const char *communication(const struct fo_show *s)
{
	unsigned int i;

	for (i = 0; i < CONFIG_LINKS; i++)
		if (s->config.link[i].status ==
		    NF_FAILOVER_LINK_STATUS_MISMATCH)
			return "Failed - mismatch";
	if (nl_peer_alive(s))
		return "Ready";
	return s->other.known ? "Failed" : "Not Detected";
}

static void print_host(const struct fo_show *s, const char *who,
		       const struct fo_host *h, uint32_t unit,
		       const struct failure *f)
{
	char at[HISTORY_TIME_MAX] = "";
	char word[NL_TEXT_MAX];
	uint32_t state;

	snprintf(word, sizeof(word), "%s%s", show_host_state(s, h, &state),
		 show_how_ready(s, h));
	printf("%-15s%s\n", who, names_unit(unit));
	printf("%-15s%-15s%-25s%s\n", "", word,
	       f->what ? f->what : "None",
	       f->what ? history_time(f->time, at) : "");
}

static void print_text(const struct view *v)
{
	const struct fo_show *s = &v->s;

	printf("%-15s%-15s%-25s%s\n", "", "State", "Last Failure Reason",
	       "Date/Time");
	print_host(s, "This host  -", &s->this, s->config.unit, &v->this);
	print_host(s, "Other host -", &s->other, show_other_unit(s),
		   &v->other);
	printf("\n====Configuration State===\n\t%s\n", configuration(s));
	printf("====Communication State===\n\t%s\n", communication(s));
}

static json_t *failure_json(const struct failure *f)
{
	if (!f->what)
		return json_null();
	return json_pack("{s:s, s:I}", "reason", f->what, "time_ns",
			 (json_int_t)f->time);
}

static json_t *host_json(const struct fo_show *s, const struct fo_host *h,
			 uint32_t unit, const struct failure *f)
{
	uint32_t state;

	return json_pack("{s:s, s:s, s:o}", "unit", names_unit_key(unit),
			 "state", show_host_state(s, h, &state),
			 "last_failure", failure_json(f));
}

static int print_json(const struct view *v)
{
	const struct fo_show *s = &v->s;

	return show_print_json(json_pack(
		"{s:o, s:o, s:s, s:s}",
		"this", host_json(s, &s->this, s->config.unit, &v->this),
		"other", host_json(s, &s->other, show_other_unit(s),
				   &v->other),
		"configuration", configuration(s),
		"communication", communication(s)));
}

int cmd_show_state(struct cmd *c)
{
	struct view v = { .h.n = 0 };
	int status = EXIT_OK;

	if (nl_get(&c->nl, &v.s, true) || nl_history(&c->nl, &v.h)) {
		status = cmd_fail(c);
	} else {
		v.this = last_failure(&v.h, false);
		v.other = last_failure(&v.h, true);
		if (c->json)
			status = print_json(&v);
		else
			print_text(&v);
	}
	nl_show_free(&v.s);
	history_free(&v.h);
	return status;
}

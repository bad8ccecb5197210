// SPDX-License-Identifier: GPL-2.0
/* "failover show history": what the kernel has, and what the file kept. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "cmd.h"
#include "history_file.h"
#include "names.h"

#define RULE \
	"=========================================================================="

/**
 * struct view - what is shown
 * @kept: entries that only the file has, oldest first
 * @now: entries of the kernel
 */
struct view {
	struct fo_history kept;
	struct fo_history now;
	unsigned int bad;
	int file_error;
};

/* The newest list of a unit that the kernel has; "" if it has none. */
static const char *list_of(const struct fo_history *h, bool mate)
{
	unsigned int i;

	for (i = h->n; i--;)
		if (h->e[i].mate == mate)
			return h->e[i].list;
	return "";
}

/* What the kernel has as well is taken from there. */
static void drop_double(struct view *v)
{
	unsigned int i, n = 0;

	for (i = 0; i < v->kept.n; i++)
		if (!history_has(&v->now, &v->kept.e[i]))
			v->kept.e[n++] = v->kept.e[i];
	v->kept.n = n;
}

static int get_view(struct cmd *c, struct view *v)
{
	const char *path = c->history ? c->history : HISTORY_FILE;

	*v = (struct view) { .bad = 0 };
	if (nl_history(&c->nl, &v->now))
		return cmd_fail(c);
	v->file_error = history_read(path, &v->kept, &v->bad);
	if (v->file_error)
		fprintf(stderr, "failover: %s: %s\n", path,
			strerror(-v->file_error));
	if (v->bad)
		fprintf(stderr, "failover: %s: %u lines are not entries of a history, and are left out\n",
			path, v->bad);
	drop_double(v);
	return EXIT_OK;
}

/* --- text -------------------------------------------------------------- */

static void print_age(const char *what, uint64_t ns)
{
	if (ns == HISTORY_NEVER)
		printf("\tTime since %s: never heard\n", what);
	else
		printf("\tTime since %s: %" PRIu64 ".%06" PRIu64 " msec\n",
		       what, ns / 1000000, ns % 1000000);
}

static void print_seen(const char *who, const struct fo_seen_list *ifcs,
		       const struct fo_seen_list *tracks)
{
	unsigned int i;

	for (i = 0; i < ifcs->n; i++)
		printf("\t%s interface %s: %s\n", who, ifcs->one[i].name,
		       names_ifstatus(ifcs->one[i].status));
	for (i = 0; i < tracks->n; i++)
		printf("\t%s track %s: %s\n", who, tracks->one[i].name,
		       names_trackstatus(tracks->one[i].status));
}

static void print_mate(const struct fo_flight *f)
{
	if (!f->mate_known) {
		printf("\tMate: Not Detected\n");
		return;
	}
	printf("\tMate: %s (%s), epoch %" PRIu64 ", failoverd %s, %s\n",
	       names_state(f->mate.state), names_role_key(f->mate.role),
	       f->mate.epoch, f->mate.daemon ? "up" : "down",
	       f->alive ? "heard" : "not heard for the hold time");
}

static void print_flight(const struct fo_flight *f)
{
	static const char *const kind[] = { "lan", "state" };
	unsigned int i;

	print_age("last hello of the mate", f->hello_age);
	print_age("last frame of the mate", f->frame_age);
	print_mate(f);
	for (i = 0; i < f->links.n; i++)
		printf("\tLink %s: %s\n", kind[i],
		       names_link_status_key(f->links.status[i]));
	print_seen("This host", &f->ifcs, &f->tracks);
	if (f->mate_known)
		print_seen("Other host", &f->mate.ifcs, &f->mate.tracks);
	printf("\tfailoverd %s, up since %" PRIu64 " sec\n",
	       f->daemon ? "up" : "down", f->uptime / 1000000000);
	printf("\tXmit Q: %" PRIu64 ", Recv Q: %" PRIu64 ", frames sent again: %" PRIu64 ", hold time expired: %" PRIu64 ", hellos missed: %" PRIu64 "\n",
	       f->xmitq, f->recvq, f->retransmits, f->hold_expired,
	       f->hellos_missed);
}

/* The record belongs to the moment in which it was decided. */
static bool has_record(const struct fo_entry *e)
{
	return e->flight.known &&
	       (history_is_takeover(e) ||
		e->kind != NF_FAILOVER_HISTORY_KIND_MOVED);
}

static void print_entry(const struct fo_entry *e, bool details)
{
	char at[HISTORY_TIME_MAX];

	printf("%s\n%-27s%-27s%s\n", history_time(e->time, at),
	       names_state(e->from), names_state(e->to), e->reason);
	if (details && has_record(e))
		print_flight(&e->flight);
	printf("\n");
}

/* Entries of one unit; a line between its starts. */
static void print_list(const struct fo_history *h, bool mate, bool kept,
		       bool details, const char **list)
{
	const struct fo_entry *e;

	for (e = h->e; e < h->e + h->n; e++) {
		if (e->mate != mate)
			continue;
		if (strcmp(*list, e->list))
			printf("--- unit start %s%s ---\n\n", e->list,
			       kept ? ", from the file" : "");
		*list = e->list;
		print_entry(e, details);
	}
}

static void print_unit(const struct view *v, bool mate, bool details)
{
	/* the only start there is needs no line */
	const char *list = "";

	if (list_of(&v->kept, mate)[0] == '\0')
		list = list_of(&v->now, mate);
	printf(RULE "\n%-27s%-27s%s\n" RULE "\n", "From State", "To State",
	       "Reason");
	print_list(&v->kept, mate, true, details, &list);
	print_list(&v->now, mate, false, details, &list);
	printf(RULE "\n");
}

static void print_text(const struct view *v, bool details)
{
	print_unit(v, false, details);
	if (!details)
		return;
	printf("\nPEER History, as its hellos told it\n");
	print_unit(v, true, details);
}

/* --- JSON -------------------------------------------------------------- */

static void add_entries(json_t *all, const struct fo_history *h, bool mate,
			const char *source)
{
	const struct fo_entry *e;
	json_t *one;

	for (e = h->e; e < h->e + h->n; e++) {
		if (e->mate != mate)
			continue;
		one = history_to_json(e);
		json_object_set_new(one, "source", json_string(source));
		json_array_append_new(all, one);
	}
}

static json_t *unit_json(const struct view *v, bool mate)
{
	const char *list = list_of(&v->now, mate);
	json_t *all = json_array();

	add_entries(all, &v->kept, mate, "file");
	add_entries(all, &v->now, mate, "kernel");
	return json_pack("{s:o, s:o}", "list",
			 *list ? json_string(list) : json_null(),
			 "entries", all);
}

static int print_json(const struct view *v)
{
	return show_print_json(json_pack("{s:o, s:o, s:i, s:o}",
					 "this", unit_json(v, false),
					 "other", unit_json(v, true),
					 "bad_lines", v->bad,
					 "file_error", v->file_error ?
					 json_string(strerror(-v->file_error)) :
					 json_null()));
}

int cmd_show_history(struct cmd *c)
{
	bool details = grammar_arg(&c->match, "details", 0, NULL);
	struct view v;
	int status = get_view(c, &v);

	if (status == EXIT_OK && c->json)
		status = print_json(&v);
	else if (status == EXIT_OK)
		print_text(&v, details);
	if (status == EXIT_OK && v.file_error)
		status = EXIT_FAIL;
	history_free(&v.kept);
	history_free(&v.now);
	return status;
}

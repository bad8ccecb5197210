// SPDX-License-Identifier: GPL-2.0
/* "failover show statistics": of the link, the unit, events, bulk syncs. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "names.h"

/* The bandwidth is that of so long. */
#define SAMPLE_MS	1000

static uint64_t counter(const struct fo_show *s, const char *name)
{
	const struct fo_row *r;

	for (r = s->counters.row; r < s->counters.row + s->counters.n; r++)
		if (!strcmp(r->name, name))
			return r->v[0];
	return 0;
}

/* --- the link ----------------------------------------------------------- */

struct link_stats {
	uint64_t tx;
	uint64_t rx;
	uint64_t tx_bytes;
	uint64_t rx_bytes;
	double seconds;
	double kbps_in;
	double kbps_out;
	double loss_in;
	double loss_out;
	struct fo_lag lag;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * part / whole : 0;
}

/*
 * In: the mate numbers its hellos, so those that never came are known. Out:
 * what had to be sent again.
 */
static void fill_link(struct link_stats *l, const struct fo_show *a,
		      const struct fo_show *b, double seconds)
{
	uint64_t missed = counter(b, "hellos-missed");

	*l = (struct link_stats) {
		.tx = counter(b, "tx-frames"),
		.rx = counter(b, "rx-frames"),
		.tx_bytes = counter(b, "tx-bytes"),
		.rx_bytes = counter(b, "rx-bytes"),
		.seconds = seconds,
		.lag = b->lag,
	};
	l->kbps_in = (l->rx_bytes - counter(a, "rx-bytes")) * 8 / seconds /
		     1000;
	l->kbps_out = (l->tx_bytes - counter(a, "tx-bytes")) * 8 / seconds /
		      1000;
	l->loss_in = percent(missed, missed + counter(b, "rx-hellos"));
	l->loss_out = percent(counter(b, "tx-retransmits"), l->tx);
}

static int get_link(struct cmd *c, struct link_stats *l)
{
	const struct timespec pause = { SAMPLE_MS / 1000,
					SAMPLE_MS % 1000 * 1000000 };
	struct fo_show a, b;
	double begin;
	int err = nl_get(&c->nl, &a, false);

	begin = now();
	if (err) {
		nl_show_free(&a);
		return err;
	}
	nanosleep(&pause, NULL);
	err = nl_get(&c->nl, &b, false);
	if (!err)
		fill_link(l, &a, &b, now() - begin);
	nl_show_free(&a);
	nl_show_free(&b);
	return err;
}

static json_t *us_json(bool known, uint64_t ns)
{
	return known ? json_integer((json_int_t)(ns / 1000)) : json_null();
}

static json_t *lag_json(const struct fo_lag *l)
{
	return json_pack("{s:o, s:o, s:I, s:o, s:o, s:I, s:o, s:o}",
			 "oldest_unsent_us", us_json(l->unsent, l->unsent),
			 "oldest_unacknowledged_us",
			 us_json(l->unacked, l->unacked),
			 "changes", (json_int_t)l->changes,
			 "p50_us", us_json(l->changes, l->p50),
			 "p99_us", us_json(l->changes, l->p99),
			 "window", (json_int_t)l->window,
			 "round_trip_us", us_json(l->round_trip, l->round_trip),
			 "queueing_us", us_json(l->round_trip, l->queueing));
}

static int link_json(const struct link_stats *l)
{
	return show_print_json(json_pack(
		"{s:I, s:I, s:I, s:I, s:{s:f, s:f, s:f}, s:{s:f, s:f}, s:o}",
		"tx", (json_int_t)l->tx, "rx", (json_int_t)l->rx,
		"tx_bytes", (json_int_t)l->tx_bytes,
		"rx_bytes", (json_int_t)l->rx_bytes,
		"bandwidth", "in_kbps", l->kbps_in, "out_kbps", l->kbps_out,
		"seconds", l->seconds,
		"frame_loss", "in_percent", l->loss_in,
		"out_percent", l->loss_out, "lag", lag_json(&l->lag)));
}

static void print_age(const char *what, uint64_t ns)
{
	if (ns)
		printf("%s: %.3f ms old\n", what, ns / 1e6);
	else
		printf("%s: none\n", what);
}

/* Of those that this unit sent. */
static void print_lag(const struct fo_lag *l)
{
	print_age("Oldest change not sent", l->unsent);
	print_age("Oldest change not acknowledged", l->unacked);
	if (l->changes)
		printf("Change to acknowledgment: p50 %.3f ms, p99 %.3f ms (%" PRIu64 " changes of the last minutes)\n",
		       l->p50 / 1e6, l->p99 / 1e6, l->changes);
	if (l->round_trip)
		printf("Frames on their way: %" PRIu64 " at most, shortest round trip %.3f ms, %.3f ms longer in use\n",
		       l->window, l->round_trip / 1e6, l->queueing / 1e6);
}

static int show_link(struct cmd *c)
{
	struct link_stats l;

	if (get_link(c, &l))
		return cmd_fail(c);
	if (c->json)
		return link_json(&l);
	printf("tx:%" PRIu64 "\nrx:%" PRIu64 "\n", l.tx, l.rx);
	printf("Bandwidth: %.0f kbps in / %.0f kbps out\n", l.kbps_in,
	       l.kbps_out);
	printf("Frame loss rate: %.1f%% / %.1f%%\n", l.loss_in, l.loss_out);
	print_lag(&l.lag);
	return EXIT_OK;
}

/* --- rows of counters --------------------------------------------------- */

struct stat_row {
	const char *what;
	const char *key;
	const char *counter;
};

static const struct stat_row unit_rows[] = {
	{ "Hellos sent", "hellos_sent", "tx-hellos" },
	{ "Hellos received", "hellos_received", "rx-hellos" },
	{ "Hellos missed", "hellos_missed", "hellos-missed" },
	{ "Hold time expired", "hold_expired", "hold-expired" },
	{ "Frames sent", "frames_sent", "tx-frames" },
	{ "Frames received", "frames_received", "rx-frames" },
	{ "Frames sent again", "retransmits", "tx-retransmits" },
	{ "Frames not sent, link down", "link_down", "tx-link-down" },
	{ "Frames not sent, error", "tx_errors", "tx-errors" },
	{ "Frames damaged", "bad_seal", "rx-bad-seal" },
	{ "Frames replayed", "replayed", "rx-replay" },
	{ "Associations", "associations", "associations" },
	{ NULL },
};

static const struct stat_row event_rows[] = {
	{ "Changes to active", "promotions", "promotions" },
	{ "Changes to standby", "demotions", "demotions" },
	{ "Handovers given", "handovers_given", "handovers-given" },
	{ "Handovers taken", "handovers_taken", "handovers-taken" },
	{ "Handovers failed", "handovers_failed", "handovers-failed" },
	{ "Fenced by an active mate", "fenced", "fenced" },
	{ "Hold time expired", "hold_expired", "hold-expired" },
	{ "failoverd gone", "daemon_gone", "daemon-gone" },
	{ "Bulk syncs sent", "bulk_syncs", "bulk-syncs" },
	{ "Bulk syncs for a damaged standby", "resyncs", "resyncs" },
	{ "Events lost", "events_lost", "events-lost" },
	{ NULL },
};

static int rows_json(const struct fo_show *s, const struct stat_row *r)
{
	json_t *o = json_object();

	for (; r->what; r++)
		json_object_set_new(o, r->key,
				    json_integer(counter(s, r->counter)));
	return show_print_json(o);
}

static void rows_text(const struct fo_show *s, const struct stat_row *r)
{
	char name[64];

	for (; r->what; r++) {
		snprintf(name, sizeof(name), "%s:", r->what);
		printf("\t%-34s %" PRIu64 "\n", name,
		       counter(s, r->counter));
	}
}

static int unit_json(const struct fo_show *s)
{
	return rows_json(s, unit_rows);
}

static void unit_text(const struct fo_show *s)
{
	printf("Failover unit statistics\n");
	rows_text(s, unit_rows);
}

static int events_json(const struct fo_show *s)
{
	return rows_json(s, event_rows);
}

static void events_text(const struct fo_show *s)
{
	printf("Failover event statistics\n");
	rows_text(s, event_rows);
}

/* --- bulk syncs --------------------------------------------------------- */

static json_t *time_json(uint64_t ns)
{
	return ns ? json_integer(ns) : json_null();
}

static int bulk_json(const struct fo_show *s)
{
	json_t *all = json_array();
	const struct fo_bulk_row *b;

	for (b = s->bulk; b < s->bulk + s->n_bulks; b++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:I, s:o, s:o, s:I}", "name", b->name,
			"direction", b->received ? "received" : "sent",
			"count", (json_int_t)b->count,
			"begin_ns", time_json(b->begin),
			"end_ns", time_json(b->end),
			"entries", (json_int_t)b->entries));
	return show_print_json(all);
}

static void bulk_text(const struct fo_show *s)
{
	char begin[HISTORY_TIME_MAX], end[HISTORY_TIME_MAX], took[32];
	const struct fo_bulk_row *b;

	printf("%-16s%-10s%-8s%-26s%-26s%-14s%s\n", "Client", "Way", "Count",
	       "Start time", "End time", "Time taken", "Entries");
	for (b = s->bulk; b < s->bulk + s->n_bulks; b++) {
		snprintf(took, sizeof(took), b->end ? "%.1f msec" : "-",
			 (b->end - b->begin) / 1e6);
		printf("%-16s%-10s%-8" PRIu64 "%-26s%-26s%-14s%" PRIu64 "\n",
		       b->name, b->received ? "received" : "sent", b->count,
		       b->begin ? history_time(b->begin, begin) : "never",
		       b->end ? history_time(b->end, end) : "-", took,
		       b->entries);
	}
}

/* --- interfaces --------------------------------------------------------- */

static int interface_json(const struct fo_show *s)
{
	json_t *all = json_array();
	const struct fo_ifc *i;

	for (i = s->config.ifc; i < s->config.ifc + s->config.n_ifcs; i++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:b, s:s, s:s}", "nameif", i->nameif,
			"ifname", i->ifname, "monitored", i->monitored,
			"this", names_ifstatus(show_ifc_status(s, &s->this, i)),
			"other", names_ifstatus(show_ifc_status(s, &s->other,
								i))));
	return show_print_json(all);
}

static void interface_text(const struct fo_show *s)
{
	const struct fo_ifc *i;

	printf("%-20s%-16s%-26s%s\n", "Interface", "Device", "This host",
	       "Other host");
	for (i = s->config.ifc; i < s->config.ifc + s->config.n_ifcs; i++)
		printf("%-20s%-16s%-26s%s\n", i->nameif, i->ifname,
		       names_ifstatus(show_ifc_status(s, &s->this, i)),
		       names_ifstatus(show_ifc_status(s, &s->other, i)));
}

static const struct {
	const char *word;
	int (*json)(const struct fo_show *s);
	void (*text)(const struct fo_show *s);
} kinds[] = {
	{ "events", events_json, events_text },
	{ "unit", unit_json, unit_text },
	{ "bulk-sync", bulk_json, bulk_text },
	{ "interface", interface_json, interface_text },
};

int cmd_show_statistics(struct cmd *c)
{
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (grammar_arg(&c->match, kinds[i].word, 0, NULL))
			return show_command(c, kinds[i].json, kinds[i].text);
	return show_link(c);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands of the command failover. */
#ifndef FAILOVER_CMD_H
#define FAILOVER_CMD_H

#include <stdbool.h>

#include "grammar.h"
#include "nl.h"

enum { EXIT_OK = 0, EXIT_FAIL = 1, EXIT_USAGE = 2 };

/* One call of the command; @match is the line that it was given. */
struct cmd {
	struct fo_match match;
	bool json;
	unsigned int timeout_s;
	const char *history;	/* file of it; NULL: the usual one */
	struct fo_nl nl;
};

/* Each returns an exit status. */
int cmd_show(struct cmd *c);
int cmd_show_config(struct cmd *c);
int cmd_show_counters(struct cmd *c);
int cmd_show_history(struct cmd *c);
int cmd_show_state(struct cmd *c);
int cmd_show_statistics(struct cmd *c);
int cmd_show_interface(struct cmd *c);
int cmd_line(struct cmd *c);
int cmd_write(struct cmd *c);
int cmd_configure(struct cmd *c);
int cmd_check(struct cmd *c);
int cmd_check_link(struct cmd *c);
int cmd_switch(struct cmd *c);
int cmd_resync(struct cmd *c);
int cmd_genkey(struct cmd *c);
int cmd_help(struct cmd *c);
int cmd_monitor(struct cmd *c);
int cmd_health(struct cmd *c);
int cmd_prompt(struct cmd *c);
int cmd_reset(struct cmd *c);
int cmd_reload(struct cmd *c);
int cmd_show_monitor(struct cmd *c);
int cmd_exec(struct cmd *c);
int cmd_show_track(struct cmd *c);
int cmd_object_put(struct cmd *c);
int cmd_object_get(struct cmd *c);
int cmd_object_delete(struct cmd *c);
int cmd_object_list(struct cmd *c);
int cmd_object_watch(struct cmd *c);

/* The line of another call, with the options of this one. */
int cmd_run(struct cmd *c, int argc, char **argv);

/* Prints what the kernel said and returns EXIT_FAIL. */
int cmd_fail(struct cmd *c);

/*
 * cmd_monitor.c: for what runs until it is interrupted; a signalfd of the signals
 * that end it, or -1. Who reads no more is an error of a write, not a signal.
 */
int cmd_catch_signals(void);

/* show.c and show_json.c */
void show_text(const struct fo_show *s);
const char *show_how_ready(const struct fo_show *s, const struct fo_host *h);
const char *show_host_state(const struct fo_show *s, const struct fo_host *h,
			    uint32_t *state);
void show_host_line(const struct fo_show *s, const char *who,
		    const struct fo_host *h, uint32_t unit);
unsigned int show_monitored(const struct fo_config *c);
uint32_t show_other_unit(const struct fo_show *s);
/* Gets everything and prints it in one of two ways; an exit status. */
int show_command(struct cmd *c, int (*json)(const struct fo_show *s),
		 void (*text)(const struct fo_show *s));
/* Takes the value over; an exit status. */
struct json_t;
int show_print_json(struct json_t *o);
bool show_mate_answers(const struct fo_show *s);
bool show_link_failed(const struct fo_show *s, const struct fo_link *l);
int show_json(const struct fo_show *s);
int show_json_counters(const struct fo_show *s);

/* show_monitor.c: the health of an interface, and a line for each */
uint32_t show_ifc_status(const struct fo_show *s, const struct fo_host *h,
			 const struct fo_ifc *ifc);
void show_ifcs(const struct fo_show *s, const struct fo_host *h,
	       const char *indent, bool causes);

/* show_track.c: a line for each object; as JSON, of one unit and as configured */
void show_tracks(const struct fo_show *s, const struct fo_host *h,
		 const char *indent, bool causes);
struct json_t *show_tracks_json(const struct fo_show *s,
				const struct fo_host *h);
struct json_t *show_tracks_config_json(const struct fo_config *c);

#endif /* FAILOVER_CMD_H */

// SPDX-License-Identifier: GPL-2.0
/* "failover show" for people, in the fields and the order of the ASA. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "cmd.h"
#include "elect.h"
#include "names.h"
#include "gtp_look.h"
#include "ipsec_look.h"
#include "nft_set.h"
#include "route_nl.h"

#define LAN		NF_FAILOVER_LINK_KIND_LAN

/* A unit that is not heard, but answers on a data interface when asked. */
bool show_mate_answers(const struct fo_show *s)
{
	unsigned int i;

	for (i = 0; i < s->config.n_ifcs && !nl_peer_alive(s); i++)
		if (s->config.ifc[i].answer == NF_FAILOVER_ANSWER_MATE)
			return true;
	return false;
}

/*
 * What is known of a unit now: of another one that was heard once and is not
 * any more, the ASA says Failed. One that answers holds the addresses that it
 * was asked for: those of the role that is not ours.
 */
const char *show_host_state(const struct fo_show *s, const struct fo_host *h,
			    uint32_t *state)
{
	*state = h->state;
	if (h == &s->other && show_mate_answers(s))
		*state = s->this.role == NF_FAILOVER_ROLE_ACTIVE ?
			 NF_FAILOVER_STATE_COLD_STANDBY :
			 NF_FAILOVER_STATE_ACTIVE;
	else if (h == &s->other && !nl_peer_alive(s))
		*state = h->known && h->state != NF_FAILOVER_STATE_NOT_DETECTED
			 ? NF_FAILOVER_STATE_FAILED :
			   NF_FAILOVER_STATE_NOT_DETECTED;
	return names_state(*state);
}

/* Behind the state of one that stands by, and has not taken in all that it was told. */
const char *show_how_ready(const struct fo_show *s, const struct fo_host *h)
{
	uint32_t state;

	show_host_state(s, h, &state);
	return state == NF_FAILOVER_STATE_STANDBY_READY && h->n_refused ?
	       " (incomplete)" : "";
}

unsigned int show_monitored(const struct fo_config *c)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->n_ifcs; i++)
		n += c->ifc[i].monitored;
	return n;
}

/*
 * The link has failed and the unit at its other end has not: it is heard on
 * the other link, or answers on the data networks.
 */
bool show_link_failed(const struct fo_show *s, const struct fo_link *l)
{
	return (l->status == NF_FAILOVER_LINK_STATUS_DOWN ||
		l->status == NF_FAILOVER_LINK_STATUS_PEER_SILENT ||
		(l->status == NF_FAILOVER_LINK_STATUS_UP && !s->other.known)) &&
	       (nl_peer_alive(s) || show_mate_answers(s));
}

/*
 * "(up)", "(down)", "(down - why)", "(Failed - No Switchover)" or
 * "(Failed - mismatch: why)"
 */
static void print_link(const char *what, const struct fo_show *s,
		       const struct fo_link *l)
{
	const char *word = "up";

	if (show_link_failed(s, l)) {
		printf("%s%s %s (Failed - No Switchover)\n", what, l->name,
		       l->ifname);
		return;
	}
	if (s->config.enabled &&
	    s->config.key_mode == NF_FAILOVER_KEY_MODE_UNSET)
		word = "down - ";
	else if (l->status == NF_FAILOVER_LINK_STATUS_MISMATCH)
		word = "Failed - mismatch: ";
	else if (l->status == NF_FAILOVER_LINK_STATUS_DOWN)
		word = l->mismatch[0] ? "down - " : "down";
	printf("%s%s %s (%s%s)\n", what, l->name, l->ifname, word,
	       !strcmp(word, "up") ? "" : l->mismatch);
}

static void print_time(const char *what, uint32_t ms)
{
	if (ms % 1000)
		printf("%s%u milliseconds", what, ms);
	else
		printf("%s%u seconds", what, ms / 1000);
}

static void print_clock(const char *what, time_t at)
{
	char text[64] = "never";
	struct tm tm;

	if (at && localtime_r(&at, &tm))
		strftime(text, sizeof(text), "%H:%M:%S %Z %b %-d %Y", &tm);
	printf("%s%s\n", what, text);
}

static void print_preempt(const struct fo_show *s)
{
	const struct fo_config *c = &s->config;

	if (c->preempt && c->preempt_delay)
		printf("failover preempt %u\n", c->preempt_delay);
	else if (c->preempt)
		printf("failover preempt\n");
	if (s->this.hold_down)
		print_clock("Hold-down: no preemption until ", time(NULL) +
			    (s->this.hold_down_ms + 999) / 1000);
	if (nl_peer_alive(s) && s->other.hold_down)
		printf("Hold-down: the other host allows no preemption\n");
}

/* After a takeover; see operation.rst. */
static void print_liberal(const struct fo_host *h)
{
	if (!h->liberal)
		return;
	printf("TCP windows: %u connections are not checked, ", h->liberal);
	if (h->liberal_ms)
		printf("for %u more seconds\n", (h->liberal_ms + 999) / 1000);
	else
		printf("until both ends are heard\n");
}

static void print_failover_at(const struct fo_show *s)
{
	print_clock("Last Failover at: ", s->failover_at);
	if (s->failover_at && s->reason[0])
		printf("Last Failover reason: %s\n", s->reason);
}

static const char *or_unknown(const char *text)
{
	return text[0] ? text : "Unknown";
}

static void print_sets(const struct fo_config *c)
{
	const struct fo_set *s = c->set;

	for (; s < c->set + c->n_sets; s++)
		printf("failover replication nft-set %s%s%s\n", s->what,
		       s->why[0] ? ": " : "", s->why);
}

static void print_routes(const struct fo_config *c)
{
	const struct fo_route *r = c->route;

	for (; r < c->route + c->n_routes; r++)
		printf("failover replication route %s: %u routes%s%s\n",
		       r->what, r->routes, r->why[0] ? "; " : "", r->why);
}

static uint64_t counter(const struct fo_show *s, const char *name)
{
	const struct fo_row *r;

	for (r = s->counters.row; r < s->counters.row + s->counters.n; r++)
		if (!strcmp(r->name, name))
			return r->v[0];
	return 0;
}

/* Connections that are lost in a takeover because that was configured. */
static void print_filtered(const struct fo_show *s)
{
	const struct fo_config *c = &s->config;
	uint64_t rules = counter(s, "ct-filtered");
	uint64_t http = counter(s, "ct-filtered-http");
	uint64_t brief = counter(s, "ct-filtered-short");

	if (c->n_filters)
		printf("failover replication by %u rules\n", c->n_filters);
	if (c->told_after)
		printf("failover replication delay %u\n", c->told_after);
	if (rules || http || brief)
		printf("Connections not replicated: %" PRIu64 " by rules, %" PRIu64
		       " HTTP, %" PRIu64 " shorter than the delay\n",
		       rules, http, brief);
}

static void print_ipsec(const struct fo_config *c)
{
	if (c->ipsec == NF_FAILOVER_IPSEC_NONE)
		printf("no failover replication ipsec\n");
	if (c->ipsec == NF_FAILOVER_IPSEC_KEYS)
		printf("failover replication ipsec keys%s%s\n",
		       c->ipsec_why[0] ? ": " : "", c->ipsec_why);
}

static void print_gtp(const struct fo_config *c)
{
	if (c->gtp)
		printf("failover replication gtp: %u contexts%s%s\n",
		       c->gtp_contexts, c->gtp_why[0] ? "; " : "", c->gtp_why);
}

static void print_ifc_rules(const struct fo_config *c)
{
	if (c->ifc_poll_ms) {
		print_time("Interface Poll frequency ", c->ifc_poll_ms);
		print_time(", holdtime ", c->ifc_hold_ms);
		printf("\n");
	} else {
		printf("Interface Poll frequency not set, changes of link are watched\n");
	}
	if (c->ifc_policy)
		printf("Interface Policy %u\n", c->ifc_policy);
	else if (c->ifc_policy_percent)
		printf("Interface Policy %u%%\n", c->ifc_policy_percent);
	else
		printf("Interface Policy not set\n");
}

static void print_header(const struct fo_show *s)
{
	const struct fo_config *c = &s->config;
	char timeout[CONFIG_TIMEOUT_TEXT];
	const struct fo_link *l;

	printf("Failover %s\n", c->enabled ? "On" : "Off");
	printf("Failover unit %s\n", names_unit(c->unit));
	if (c->link[LAN].name[0])
		print_link("Failover LAN Interface: ", s, &c->link[LAN]);
	else
		printf("Failover LAN Interface: not Configured\n");
	for (l = &c->link[NF_FAILOVER_LINK_KIND_BACKUP];
	     l < c->link + CONFIG_LINKS; l++)
		if (l->name[0])
			print_link("Failover Backup Interface: ", s, l);
	printf("Reconnect timeout %s\n",
	       config_timeout_text(c->reconnect, timeout));
	print_time("Unit Poll frequency ", c->poll_ms);
	print_time(", holdtime ", c->hold_ms);
	printf("\n");
	print_ifc_rules(c);
	printf("Monitored Interfaces %u of %d maximum\n",
	       show_monitored(c), CONFIG_IFCS_MAX);
	printf("MAC Address Move Notification Interval not set\n");
	if (c->http)
		printf("failover replication http\n");
	print_filtered(s);
	if (!c->replication)
		printf("no failover replication connections\n");
	if (!c->neighbours)
		printf("no failover replication neighbours\n");
	if (!c->objects)
		printf("no failover replication objects\n");
	print_sets(c);
	print_routes(c);
	print_ipsec(c);
	print_gtp(c);
	if (!c->expectations)
		printf("no failover replication expectations\n");
	print_preempt(s);
	printf("Version: Ours %s, Mate %s\n", or_unknown(s->this.version),
	       or_unknown(s->other.version));
	printf("Serial Number: Ours %s, Mate %s\n",
	       or_unknown(s->this.serial), or_unknown(s->other.serial));
	print_failover_at(s);
	print_liberal(&s->this);
}

void show_host_line(const struct fo_show *s, const char *who,
		    const struct fo_host *h, uint32_t unit)
{
	uint32_t state;

	printf("\t%s: %s - %s%s\n", who, names_unit(unit),
	       show_host_state(s, h, &state), show_how_ready(s, h));
}

static void print_host(const struct fo_show *s, const char *who,
		       const struct fo_host *h, uint32_t unit)
{
	struct utsname u;

	show_host_line(s, who, h, unit);
	printf("\t\tActive time: %" PRIu64 " (sec)\n", h->active_time);
	if (h->up_time)
		printf("\t\tUp time: %" PRIu64 " (sec)\n", h->up_time);
	if (h == &s->this && !uname(&u))
		printf("\t\tslot 0: Linux hw/sw rev (%s/%s) status (Up Sys)\n",
		       u.machine, u.release);
	show_ifcs(s, h, "\t\t  ", false);
	show_tracks(s, h, "\t\t  ", false);
}

/* Until it was heard, the other unit can only be the other half. */
uint32_t show_other_unit(const struct fo_show *s)
{
	if (s->other.known && s->other.unit)
		return s->other.unit;
	switch (s->config.unit) {
	case NF_FAILOVER_UNIT_PRIMARY:
		return NF_FAILOVER_UNIT_SECONDARY;
	case NF_FAILOVER_UNIT_SECONDARY:
		return NF_FAILOVER_UNIT_PRIMARY;
	}
	return NF_FAILOVER_UNIT_UNSET;
}

/* The rows of the ASA in its order; what it has besides is not for Linux. */
static const char *const asa_rows[] = {
	"General", "sys cmd", "up time", "RPC services", "TCP conn", "UDP conn",
	"ARP tbl", "Xlate Timeout", "IPv6 ND tbl", "VPN IKEv2 SA",
	"VPN IKEv2 P2", "SIP Session", "ICMP session", "Route Session",
};

#define ASA_ROWS	(sizeof(asa_rows) / sizeof(asa_rows[0]))

static const struct fo_row *find_row(const struct fo_rows *rows,
				     const char *name)
{
	const struct fo_row *r;

	for (r = rows->row; r < rows->row + rows->n; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

static void print_row(const struct fo_row *r)
{
	printf("\t%-15s %-10" PRIu64 " %-10" PRIu64 " %-10" PRIu64 " %" PRIu64
	       "\n", r->name, r->v[0], r->v[1], r->v[2], r->v[3]);
}

/* Dashes for what is not replicated: a zero would say that none was there. */
static void print_asa_row(const struct fo_rows *rows, const char *name)
{
	const struct fo_row *r = find_row(rows, name);

	if (r)
		print_row(r);
	else
		printf("\t%-15s %-10s %-10s %-10s -\n", name, "-", "-", "-");
}

static bool is_asa_row(const char *name)
{
	size_t i;

	for (i = 0; i < ASA_ROWS; i++)
		if (!strcmp(asa_rows[i], name))
			return true;
	return false;
}

static void print_rows(const struct fo_rows *rows)
{
	const struct fo_row *r;
	size_t i;

	for (i = 0; i < ASA_ROWS; i++)
		print_asa_row(rows, asa_rows[i]);
	for (r = rows->row; r < rows->row + rows->n; r++)
		if (!is_asa_row(r->name))
			print_row(r);
}

static void print_statistics(const struct fo_show *s)
{
	const struct fo_link *l = config_state_link(&s->config);

	printf("Stateful Failover Logical Update Statistics\n");
	if (l->name[0])
		print_link("\tLink : ", s, l);
	else
		printf("\tLink : Unconfigured.\n");
	printf("\t%-16s%-11s%-11s%-11s%s\n", "Stateful Obj", "xmit", "xerr",
	       "rcv", "rerr");
	print_rows(&s->classes);
}

static void print_queues(const struct fo_show *s)
{
	const struct fo_row *r;
	char name[NL_TEXT_MAX + 1];

	printf("\n\tLogical Update Queue Information\n");
	printf("\t%-16s%-8s%-8s%s\n", "", "Cur", "Max", "Total");
	for (r = s->queues.row; r < s->queues.row + s->queues.n; r++) {
		snprintf(name, sizeof(name), "%s:", r->name);
		printf("\t%-15s %-7" PRIu64 " %-7" PRIu64 " %" PRIu64 "\n",
		       name, r->v[0], r->v[1], r->v[2]);
	}
}

/* "Warning: ...; the other unit answers on inside, outside" */
static void warn_of_link(const struct fo_show *s, const struct fo_link *l)
{
	const struct fo_ifc *ifc;
	const char *sep = "; the other unit answers on ";

	if (l->name[0] && l->warning[0])
		printf("Warning: link %s: %s\n", l->name, l->warning);
	if (!l->name[0] || !show_link_failed(s, l))
		return;
	printf("Warning: no HELLO is heard on %s%s", l->name,
	       l->status == NF_FAILOVER_LINK_STATUS_DOWN ?
	       ", which is down" : "");
	for (ifc = s->config.ifc; ifc < s->config.ifc + s->config.n_ifcs;
	     ifc++) {
		if (ifc->answer != NF_FAILOVER_ANSWER_MATE)
			continue;
		printf("%s%s", sep, ifc->nameif);
		sep = ", ";
	}
	printf("\n");
}

/* What a firewall in the middle has to let through, when nothing comes. */
static void warn_of_path(const struct fo_show *s, const struct fo_link *l)
{
	const struct fo_addr *a = config_udp_addr(&s->config, l);
	char active[ADDR_TEXT_MAX], standby[ADDR_TEXT_MAX];

	if (!s->config.enabled || !a ||
	    (l->status != NF_FAILOVER_LINK_STATUS_UP &&
	     l->status != NF_FAILOVER_LINK_STATUS_PEER_SILENT))
		return;
	printf("Warning: nothing is heard on %s; UDP port %u has to pass between %s and %s, both ways\n",
	       l->name, l->port, addr_text(a->family, a->active, active),
	       addr_text(a->family, a->standby, standby));
}

/* "Warning: interface inside: ip address 1: A here, B on the other unit" */
static void warn_of_difference(const struct fo_difference *d)
{
	printf("Warning: %s: %s here, %s on the other unit%s\n", d->setting,
	       d->ours, d->theirs, d->blocks ?
	       "; until they are the same the standby is not Standby Ready" :
	       "");
}

/* "Warning: helper ftp is missing on this unit: ..." */
static void warn_of_helpers(const struct fo_host *h, const char *whose)
{
	unsigned int i;

	for (i = 0; i < h->n_helpers; i++)
		printf("Warning: helper %s is missing on %s, so that its connections are replicated without it\n",
		       h->helper[i], whose);
}

/* "Warning: the other unit has not taken in all since its last bulk sync: ..." */
static void warn_of_refused(const struct fo_host *h, const char *whose)
{
	unsigned int i;

	if (!h->n_refused)
		return;
	printf("Warning: %s has not taken in all since its last bulk sync (failover resync):",
	       whose);
	for (i = 0; i < h->n_refused; i++)
		printf("%s %s %" PRIu64, i ? "," : "", h->refused[i].reason,
		       h->refused[i].count);
	printf("\n");
}

static void warn(const struct fo_show *s)
{
	const struct fo_ifc *ifc;
	unsigned int i;

	if (s->config.key_mode == NF_FAILOVER_KEY_MODE_CLEAR)
		printf("Warning: the links are in CLEAR TEXT (failover key none)\n");
	if (s->config.key[1].kind != KEY_NONE)
		printf("Note: two keys are accepted on the links (failover key next)\n");
	for (i = 0; i < CONFIG_LINKS; i++) {
		warn_of_link(s, &s->config.link[i]);
		warn_of_path(s, &s->config.link[i]);
	}
	for (i = 0; i < s->n_differences; i++)
		warn_of_difference(&s->difference[i]);
	warn_of_helpers(&s->this, "this unit");
	warn_of_refused(&s->this, "this unit");
	if (s->other.alive) {
		warn_of_helpers(&s->other, "the other unit");
		warn_of_refused(&s->other, "the other unit");
	}
	for (ifc = s->config.ifc; ifc < s->config.ifc + s->config.n_ifcs;
	     ifc++)
		if (ifc->answer == NF_FAILOVER_ANSWER_OTHER)
			printf("Warning: addresses of interface %s are answered by a host that is not the other unit\n",
			       ifc->nameif);
	if (s->config.enabled && !s->this.daemon)
		printf("Warning: failoverd does not run on this unit, which cannot change its role\n");
	if (s->config.enabled && nl_peer_alive(s) && !s->other.daemon)
		printf("Warning: failoverd does not run on the other unit, which cannot change its role\n");
}

void show_text(const struct fo_show *s)
{
	print_header(s);
	warn(s);
	print_host(s, "This host", &s->this, s->config.unit);
	print_host(s, "Other host", &s->other, show_other_unit(s));
	printf("\n");
	print_statistics(s);
	print_queues(s);
}

int show_command(struct cmd *c, int (*json)(const struct fo_show *s),
		 void (*text)(const struct fo_show *s))
{
	struct fo_show s;
	int status = EXIT_OK, err = nl_get(&c->nl, &s, false);

	if (!err) {
		nft_sets_look(&s.config);
		routes_look(&c->nl, &s);
		ipsec_look(&c->nl, &s);
		gtp_look(&c->nl, &s);
	}
	if (err)
		status = cmd_fail(c);
	else if (c->json)
		status = json(&s);
	else
		text(&s);
	nl_show_free(&s);
	return status;
}

int cmd_show(struct cmd *c)
{
	return show_command(c, show_json, show_text);
}

static void counters_text(const struct fo_show *s)
{
	const struct fo_row *r;

	for (r = s->counters.row; r < s->counters.row + s->counters.n; r++)
		printf("%-40s %" PRIu64 "\n", r->name, r->v[0]);
}

int cmd_show_counters(struct cmd *c)
{
	return show_command(c, show_json_counters, counters_text);
}

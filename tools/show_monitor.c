// SPDX-License-Identifier: GPL-2.0
/* "failover show monitor-interface", in the layout of the ASA. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "history.h"
#include "names.h"

/* What a unit says of its own interface. */
static uint32_t own_status(const struct fo_show *s, const struct fo_host *h,
			   const struct fo_ifc *ifc)
{
	unsigned int i;

	/* the health of our own interfaces is with their configuration */
	if (h == &s->this)
		return ifc->status;
	/* what an absent unit said last is not known to be so now */
	if (!nl_peer_alive(s))
		return NF_FAILOVER_IFSTATUS_UNKNOWN;

	for (i = 0; i < h->n_ifcs; i++)
		if (!strcmp(h->ifc[i].nameif, ifc->nameif))
			return h->ifc[i].status;
	return NF_FAILOVER_IFSTATUS_UNKNOWN;
}

/*
 * An interface that works waits for the same one of the other unit. Without
 * tests all that the units know of one another's is the link.
 */
uint32_t show_ifc_status(const struct fo_show *s, const struct fo_host *h,
			 const struct fo_ifc *ifc)
{
	const struct fo_host *mate = h == &s->this ? &s->other : &s->this;
	uint32_t status = own_status(s, h, ifc);

	if (status == NF_FAILOVER_IFSTATUS_NORMAL && !s->config.ifc_poll_ms &&
	    own_status(s, mate, ifc) != NF_FAILOVER_IFSTATUS_NORMAL)
		return NF_FAILOVER_IFSTATUS_WAITING;
	return status;
}

/* Whether a unit has the addresses of the active one. */
static bool has_active(const struct fo_show *s, const struct fo_host *h)
{
	uint32_t state;

	if (h == &s->this || nl_peer_alive(s))
		return h->role == NF_FAILOVER_ROLE_ACTIVE;
	/* a lost unit owns nothing, even if it was active to the last */
	show_host_state(s, h, &state);
	return state == NF_FAILOVER_STATE_ACTIVE;
}

/* An address that a role owns, or NULL. */
static const char *address_of(const struct fo_addr *a, bool active, char *text)
{
	if (!active && !a->has_standby)
		return NULL;
	return addr_text(a->family, active ? a->active : a->standby, text);
}

/* The first of IPv4, then those of IPv6. */
static void print_addrs(const struct fo_ifc *ifc, bool active)
{
	char text[ADDR_TEXT_MAX];
	const struct fo_addr *a;
	const char *sep = "", *one;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++) {
		one = address_of(a, active, text);
		if (!one)
			continue;
		printf("%s%s", sep, one);
		sep = "/";
	}
	if (!*sep)
		printf("0.0.0.0");
}

/* Why one of this unit's is not as it should be, for people. */
static void print_cause(const struct fo_ifc *ifc, const char *indent)
{
	char at[HISTORY_TIME_MAX];

	if (ifc->status == NF_FAILOVER_IFSTATUS_NORMAL || !ifc->cause[0])
		return;
	printf("%s\t%s, since %s\n", indent, ifc->cause,
	       history_time(ifc->since, at));
}

void show_ifcs(const struct fo_show *s, const struct fo_host *h,
	       const char *indent, bool causes)
{
	bool active = has_active(s, h);
	const struct fo_ifc *ifc;

	for (ifc = s->config.ifc; ifc < s->config.ifc + s->config.n_ifcs;
	     ifc++) {
		printf("%sInterface %s (", indent, ifc->nameif);
		print_addrs(ifc, active);
		printf("): %s\n", names_ifstatus(show_ifc_status(s, h, ifc)));
		if (causes && h == &s->this)
			print_cause(ifc, indent);
	}
}

static void print_host(const struct fo_show *s, const char *who,
		       const struct fo_host *h, uint32_t unit)
{
	show_host_line(s, who, h, unit);
	show_ifcs(s, h, "\t\t", true);
}

static void print_text(const struct fo_show *s)
{
	print_host(s, "This host", &s->this, s->config.unit);
	print_host(s, "Other host", &s->other, show_other_unit(s));
	if (!s->config.ifc_poll_ms)
		printf("Interfaces are judged by their link; \"failover polltime interface\" has them tested\n");
}

static json_t *addrs_json(const struct fo_ifc *ifc, bool active)
{
	json_t *all = json_array();
	char text[ADDR_TEXT_MAX];
	const struct fo_addr *a;
	const char *one;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++) {
		one = address_of(a, active, text);
		if (one)
			json_array_append_new(all, json_string(one));
	}
	return all;
}

static void add_cause(json_t *one, const struct fo_ifc *ifc)
{
	if (!ifc->cause[0])
		return;
	json_object_set_new(one, "cause", json_string(ifc->cause));
	json_object_set_new(one, "since",
			    json_integer(ifc->since / 1000000000));
}

static json_t *host_json(const struct fo_show *s, const struct fo_host *h,
			 uint32_t unit)
{
	bool active = has_active(s, h);
	json_t *all = json_array(), *one;
	const struct fo_ifc *ifc;
	uint32_t state;

	for (ifc = s->config.ifc; ifc < s->config.ifc + s->config.n_ifcs;
	     ifc++) {
		one = json_pack("{s:s, s:s, s:b, s:i, s:o, s:s}",
				"nameif", ifc->nameif, "ifname", ifc->ifname,
				"monitored", ifc->monitored, "weight",
				(int)ifc->weight, "addresses",
				addrs_json(ifc, active), "status",
				names_ifstatus(show_ifc_status(s, h, ifc)));
		/* the other unit does not tell why */
		if (h == &s->this)
			add_cause(one, ifc);
		json_array_append_new(all, one);
	}
	return json_pack("{s:s, s:s, s:o}", "unit", names_unit_key(unit),
			 "state", show_host_state(s, h, &state),
			 "interfaces", all);
}

static int print_json(const struct fo_show *s)
{
	return show_print_json(json_pack(
		"{s:o, s:o, s:b}",
		"this", host_json(s, &s->this, s->config.unit),
		"other", host_json(s, &s->other, show_other_unit(s)),
		"tested", s->config.ifc_poll_ms != 0));
}

int cmd_show_monitor(struct cmd *c)
{
	return show_command(c, print_json, print_text);
}

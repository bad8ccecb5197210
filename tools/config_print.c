// SPDX-License-Identifier: GPL-2.0
/* The configuration as lines that the grammar accepts. Pure. */
#include "config.h"

#include <string.h>

#define LAN	NF_FAILOVER_LINK_KIND_LAN

static void print_addr(FILE *f, const char *what, const struct fo_addr *a)
{
	char text[ADDR_TEXT_MAX];

	fprintf(f, "%s %s/%u", what, addr_text(a->family, a->active, text),
		a->prefix);
	if (a->has_standby)
		fprintf(f, " standby %s",
			addr_text(a->family, a->standby, text));
	fputc('\n', f);
}

static void print_link_ips(FILE *f, const struct fo_config *c)
{
	const struct fo_link_ip *ip;
	char what[64];
	unsigned int i, j;

	for (i = 0; i < CONFIG_LINKS; i++) {
		/* in the order of the links, whatever order they came in */
		if (!c->link[i].name[0])
			continue;
		ip = config_link_ip(c, c->link[i].name);
		if (!ip)
			continue;
		snprintf(what, sizeof(what), "failover interface ip %s",
			 ip->name);
		for (j = 0; j < ip->n_addrs; j++)
			print_addr(f, what, &ip->addr[j]);
	}
}

static void print_link(FILE *f, const char *what, const struct fo_link *l)
{
	if (!l->name[0])
		return;
	fprintf(f, "failover %s %s %s", what, l->name, l->ifname);
	if (l->transport == NF_FAILOVER_TRANSPORT_UDP)
		fprintf(f, " transport udp port %u", l->port);
	fputc('\n', f);
}

static void print_links(FILE *f, const struct fo_config *c)
{
	print_link(f, "lan interface", &c->link[LAN]);
	/* written out even when it is the failover link: that is what it does */
	print_link(f, "link", config_state_link(c));
	print_link(f, "backup link", &c->link[NF_FAILOVER_LINK_KIND_BACKUP]);
	print_link(f, "backup link", &c->link[NF_FAILOVER_LINK_KIND_BACKUP2]);
	print_link_ips(f, c);
}

static void print_time(FILE *f, uint32_t ms)
{
	if (ms % 1000)
		fprintf(f, " msec %u", ms);
	else
		fprintf(f, " %u", ms / 1000);
}

/*
 * A key itself is never shown; the grammar does not take the asterisks, so that
 * a file with them is not mistaken for one with the key.
 */
static void print_key(FILE *f, const struct fo_key *k, const char *next,
		      bool reveal)
{
	const char *text = reveal ? k->text : "*****";

	if (k->kind == KEY_FILE)
		fprintf(f, "failover key%s file %s\n", next, k->text);
	else if (k->kind == KEY_HEX && reveal)
		fprintf(f, "failover key%s hex %s\n", next, text);
	else if (k->kind != KEY_NONE)
		fprintf(f, "failover key%s %s\n", next, text);
}

static void print_keys(FILE *f, const struct fo_config *c)
{
	if (c->key_mode == NF_FAILOVER_KEY_MODE_CLEAR)
		fprintf(f, "failover key none\n");
	print_key(f, &c->key[0], "", c->reveal);
	print_key(f, &c->key[1], " next", c->reveal);
}

/* HTTP, which is off by default, is there in any case, so that it is seen. */
static void print_filters(FILE *f, const struct fo_config *c)
{
	char text[FILTER_TEXT_MAX];
	unsigned int i;

	fprintf(f, "%sfailover replication http\n", c->http ? "" : "no ");
	if (c->n_http_ports != 1 || c->http_port[0] != CONFIG_HTTP_PORT) {
		fprintf(f, "failover replication http-port");
		for (i = 0; i < c->n_http_ports; i++)
			fprintf(f, " %u", c->http_port[i]);
		fprintf(f, "\n");
	}
	for (i = 0; i < c->n_filters; i++)
		fprintf(f, "failover replication %s\n",
			filter_text(&c->filter[i], text));
	if (c->told_after)
		fprintf(f, "failover replication delay %u\n", c->told_after);
}

static void print_replication(FILE *f, const struct fo_config *c)
{
	char timeout[CONFIG_TIMEOUT_TEXT];
	unsigned int i;

	fprintf(f, "%sfailover replication connections\n",
		c->replication ? "" : "no ");
	fprintf(f, "%sfailover replication neighbours\n",
		c->neighbours ? "" : "no ");
	fprintf(f, "%sfailover replication objects\n",
		c->objects ? "" : "no ");
	for (i = 0; i < c->n_sets; i++)
		fprintf(f, "failover replication nft-set %s\n",
			c->set[i].what);
	for (i = 0; i < c->n_routes; i++)
		fprintf(f, "failover replication route %s\n",
			c->route[i].what);
	if (c->route_timeout != CONFIG_ROUTE_TIMEOUT)
		fprintf(f, "failover replication route timeout %s\n",
			config_timeout_text(c->route_timeout, timeout));
	fprintf(f, "%sfailover replication ipsec%s\n",
		c->ipsec == NF_FAILOVER_IPSEC_NONE ? "no " : "",
		c->ipsec == NF_FAILOVER_IPSEC_KEYS ? " keys" : "");
	if (c->gtp)
		fprintf(f, "failover replication gtp\n");
	fprintf(f, "%sfailover replication expectations\n",
		c->expectations ? "" : "no ");
	fprintf(f, "failover replication tcp from %s\n",
		c->tcp_from == NF_FAILOVER_TCP_FROM_SYN_SENT ?
		"syn-sent" : "established");
	fprintf(f, "failover replication datagram from %s\n",
		c->datagram_from == NF_FAILOVER_DATAGRAM_FROM_NEW ?
		"new" : "reply");
	print_filters(f, c);
}

/* In the greatest unit that says it exactly. */
static void print_rate(FILE *f, const struct fo_config *c)
{
	if (!c->rate)
		return;
	if (c->rate % 1000)
		fprintf(f, "failover replication rate %u kbit\n", c->rate);
	else if (c->rate % 1000000)
		fprintf(f, "failover replication rate %u mbit\n",
			c->rate / 1000);
	else
		fprintf(f, "failover replication rate %u gbit\n",
			c->rate / 1000000);
}

static void print_accounting(FILE *f, const struct fo_config *c)
{
	if (c->accounting)
		fprintf(f, "failover replication accounting %u\n",
			c->accounting);
}

static void print_preempt(FILE *f, const struct fo_config *c)
{
	if (!c->preempt)
		fprintf(f, "no failover preempt\n");
	else if (!c->preempt_delay)
		fprintf(f, "failover preempt\n");
	else
		fprintf(f, "failover preempt %u\n", c->preempt_delay);
	if (!c->held_takeovers)
		fprintf(f, "no failover hold-down\n");
	else
		fprintf(f, "failover hold-down %u %u\n", c->held_takeovers,
			c->held_time);
}

static void print_monitor(FILE *f, const struct fo_ifc *ifc)
{
	fprintf(f, "%smonitor-interface %s", ifc->monitored ? "" : "no ",
		ifc->nameif);
	if (ifc->monitored && ifc->weight != 1)
		fprintf(f, " weight %u", ifc->weight);
	fprintf(f, "\n");
}

static void print_policy(FILE *f, const struct fo_config *c)
{
	if (c->ifc_policy)
		fprintf(f, "failover interface-policy %u\n", c->ifc_policy);
	if (c->ifc_policy_percent)
		fprintf(f, "failover interface-policy %u%%\n",
			c->ifc_policy_percent);
}

static void print_ifc_polltime(FILE *f, const struct fo_config *c)
{
	if (!c->ifc_poll_ms)
		return;
	fprintf(f, "failover polltime interface");
	print_time(f, c->ifc_poll_ms);
	fprintf(f, " holdtime");
	print_time(f, c->ifc_hold_ms);
	fprintf(f, "\n");
}

char *config_timeout_text(uint32_t seconds, char *text)
{
	if (seconds == CONFIG_FOREVER)
		strcpy(text, "-1");
	else
		snprintf(text, CONFIG_TIMEOUT_TEXT, "%u:%02u:%02u",
			 seconds / 3600, seconds / 60 % 60, seconds % 60);
	return text;
}

/* What is as by default is left out here. */
static void print_asa(FILE *f, const struct fo_config *c)
{
	char text[CONFIG_TIMEOUT_TEXT];
	unsigned int i;

	if (c->reconnect)
		fprintf(f, "failover timeout %s\n",
			config_timeout_text(c->reconnect, text));
	if (c->wait_disable)
		fprintf(f, "failover wait-disable\n");
	if (c->exec_clear)
		fprintf(f, "failover exec clear-text\n");
	for (i = 0; i < c->n_execs; i++)
		fprintf(f, "failover exec allow %s %s\n", c->exec[i].name,
			c->exec[i].command);
}

static void print_macs(FILE *f, const struct fo_config *c)
{
	char active[MAC_TEXT_MAX], standby[MAC_TEXT_MAX];
	const struct fo_ifc *ifc;
	unsigned int i;

	if (c->mac_auto)
		fprintf(f, "failover mac address auto %u\n", c->mac_auto);
	for (i = 0; i < c->n_ifcs; i++) {
		ifc = &c->ifc[i];
		if (mac_is_set(ifc->mac.active))
			fprintf(f, "failover mac address %s %s %s\n",
				ifc->nameif, mac_text(ifc->mac.active, active),
				mac_text(ifc->mac.standby, standby));
	}
}

static void print_ifc(FILE *f, const struct fo_ifc *ifc)
{
	const struct fo_addr *a;

	fprintf(f, "interface %s\n", ifc->ifname);
	if (ifc->nameif[0])
		fprintf(f, " nameif %s\n", ifc->nameif);
	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
		print_addr(f, a->family == AF_INET ? " ip address" :
			   " ipv6 address", a);
}

static void print_tracks(FILE *f, const struct fo_config *c)
{
	const struct fo_track *t = c->track;

	for (; t < c->track + c->n_tracks; t++) {
		fprintf(f, "failover track %s %s", t->name, t->what);
		if (t->weight != 1)
			fprintf(f, " weight %u", t->weight);
		fprintf(f, "\n");
	}
}

/* The order is that of the ASA where it matters, and "failover" is last. */
void config_print(FILE *f, const struct fo_config *c)
{
	unsigned int i;

	if (c->unit != NF_FAILOVER_UNIT_UNSET)
		fprintf(f, "failover lan unit %s\n",
			c->unit == NF_FAILOVER_UNIT_PRIMARY ?
			"primary" : "secondary");
	print_links(f, c);
	print_keys(f, c);
	fprintf(f, "failover polltime unit");
	print_time(f, c->poll_ms);
	fprintf(f, " holdtime");
	print_time(f, c->hold_ms);
	fprintf(f, "\nfailover ethertype 0x%04x\n", c->ethertype);
	print_replication(f, c);
	print_accounting(f, c);
	print_rate(f, c);
	print_preempt(f, c);
	print_policy(f, c);
	print_ifc_polltime(f, c);
	print_asa(f, c);
	for (i = 0; i < c->n_ifcs; i++)
		print_ifc(f, &c->ifc[i]);
	for (i = 0; i < c->n_ifcs; i++)
		if (c->ifc[i].nameif[0])
			print_monitor(f, &c->ifc[i]);
	print_tracks(f, c);
	print_macs(f, c);
	fprintf(f, "%sfailover\n", c->enabled ? "" : "no ");
}

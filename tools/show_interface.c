// SPDX-License-Identifier: GPL-2.0
/* "failover show interface": the links and their addresses. */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "names.h"

/* The address of the primary unit, or of the secondary. */
static const char *ip_of(const struct fo_addr *a, bool primary, char *text)
{
	if (!primary && !a->has_standby)
		return "none";
	return addr_text(a->family, primary ? a->active : a->standby, text);
}

/* As the ASA: a mask for IPv4, a prefix length for IPv6. */
static void print_system(const struct fo_addr *a)
{
	char text[ADDR_TEXT_MAX], mask[ADDR_TEXT_MAX];
	unsigned char bytes[ADDR_BYTES_MAX];
	uint32_t m;

	printf("\tSystem IP Address: %s", ip_of(a, true, text));
	if (a->family != AF_INET) {
		printf("/%u\n", a->prefix);
		return;
	}
	m = htonl(a->prefix ? ~0u << (32 - a->prefix) : 0);
	memcpy(bytes, &m, sizeof(m));
	printf(" %s\n", addr_text(AF_INET, bytes, mask));
}

static void print_link(const struct fo_config *c, const struct fo_link *l)
{
	bool primary = c->unit == NF_FAILOVER_UNIT_PRIMARY;
	const struct fo_link_ip *ip = config_link_ip(c, l->name);
	char text[ADDR_TEXT_MAX];
	const struct fo_addr *a;

	printf("interface %s %s\n", l->name, l->ifname);
	if (l->transport == NF_FAILOVER_TRANSPORT_UDP)
		printf("\tTransport        : UDP port %u\n", l->port);
	if (!ip || !ip->n_addrs)
		printf("\tSystem IP Address: none\n\tMy IP Address    : none\n\tOther IP Address : none\n");
	for (a = ip ? ip->addr : NULL; ip && a < ip->addr + ip->n_addrs; a++) {
		print_system(a);
		printf("\tMy IP Address    : %s\n", ip_of(a, primary, text));
		printf("\tOther IP Address : %s\n", ip_of(a, !primary, text));
	}
}

/* A link that carries both is there once. */
static unsigned int links_of(const struct fo_config *c,
			     const struct fo_link **list)
{
	const struct fo_link *l = c->link;
	unsigned int n = 0;

	for (; l < c->link + CONFIG_LINKS; l++)
		if (l->name[0] && config_link(c, l->name) == l)
			list[n++] = l;
	return n;
}

static void print_text(const struct fo_show *s)
{
	const struct fo_link *list[CONFIG_LINKS];
	unsigned int i, n = links_of(&s->config, list);

	if (!n)
		printf("No failover link is configured\n");
	for (i = 0; i < n; i++)
		print_link(&s->config, list[i]);
}

static json_t *link_json(const struct fo_config *c, const struct fo_link *l)
{
	bool primary = c->unit == NF_FAILOVER_UNIT_PRIMARY;
	const struct fo_link_ip *ip = config_link_ip(c, l->name);
	char system[ADDR_TEXT_MAX], my[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
	json_t *all = json_array();
	const struct fo_addr *a;

	for (a = ip ? ip->addr : NULL; ip && a < ip->addr + ip->n_addrs; a++)
		json_array_append_new(all, json_pack(
			"{s:s, s:i, s:s, s:s}",
			"system", ip_of(a, true, system),
			"prefix_len", a->prefix,
			"my", ip_of(a, primary, my),
			"other", ip_of(a, !primary, other)));
	return json_pack("{s:s, s:s, s:s, s:o}", "name", l->name,
			 "ifname", l->ifname, "transport",
			 names_transport_key(l->transport), "addresses", all);
}

static int print_json(const struct fo_show *s)
{
	const struct fo_link *list[CONFIG_LINKS];
	unsigned int i, n = links_of(&s->config, list);
	json_t *all = json_array();

	for (i = 0; i < n; i++)
		json_array_append_new(all, link_json(&s->config, list[i]));
	return show_print_json(all);
}

int cmd_show_interface(struct cmd *c)
{
	return show_command(c, print_json, print_text);
}

// SPDX-License-Identifier: GPL-2.0
/* The configuration in memory: find, add, delete, compare. Pure. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

void config_init(struct fo_config *c)
{
	*c = (struct fo_config) {
		.poll_ms	= CONFIG_POLL_DEFAULT,
		.hold_ms	= CONFIG_HOLD_DEFAULT,
		.ethertype	= CONFIG_ETHERTYPE,
		.tcp_from	= NF_FAILOVER_TCP_FROM_ESTABLISHED,
		.datagram_from	= NF_FAILOVER_DATAGRAM_FROM_REPLY,
		.replication	= true,
		.neighbours	= true,
		.objects	= true,
		.ipsec		= NF_FAILOVER_IPSEC_NUMBERS,
		.expectations	= true,
		.held_takeovers	= CONFIG_TAKEOVERS,
		.held_time	= CONFIG_HELD,
		.ifc_poll_ms	= CONFIG_IFC_POLL_DEFAULT,
		.ifc_hold_ms	= 5 * CONFIG_IFC_POLL_DEFAULT,
		.ifc_policy	= CONFIG_IFC_POLICY,
		.route_timeout	= CONFIG_ROUTE_TIMEOUT,
		.n_http_ports	= 1,
		.http_port	= { CONFIG_HTTP_PORT },
	};
}

void config_free(struct fo_config *c)
{
	free(c->ifc);
	explicit_bzero(c->key, sizeof(c->key));
	config_init(c);
}

/*
 * Two configurations are equal when they print the same lines: what is not
 * printed (lines of the file, status from the kernel) does not count.
 */
bool config_equal(const struct fo_config *a, const struct fo_config *b)
{
	char *text[2] = { NULL, NULL };
	const struct fo_config *c[2] = { a, b };
	bool equal = false;
	size_t len;
	FILE *f;
	int i;

	for (i = 0; i < 2; i++) {
		f = open_memstream(&text[i], &len);
		if (!f)
			goto out;
		config_print(f, c[i]);
		fclose(f);
	}
	equal = text[0] && text[1] && !strcmp(text[0], text[1]);
out:
	free(text[0]);
	free(text[1]);
	return equal;
}

struct fo_ifc *config_ifc(const struct fo_config *c, const char *ifname)
{
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		if (!strcmp(c->ifc[i].ifname, ifname))
			return &c->ifc[i];
	return NULL;
}

/* Finds or adds; NULL only without memory. Moves what was returned before. */
struct fo_ifc *config_ifc_add(struct fo_config *c, const char *ifname)
{
	struct fo_ifc *ifc = config_ifc(c, ifname);
	size_t n = c->n_ifcs + 1;

	if (ifc)
		return ifc;
	ifc = realloc(c->ifc, n * sizeof(*ifc));
	if (!ifc)
		return NULL;
	c->ifc = ifc;
	ifc = &c->ifc[c->n_ifcs++];
	*ifc = (struct fo_ifc) { .monitored = true, .weight = 1 };
	snprintf(ifc->ifname, sizeof(ifc->ifname), "%s", ifname);
	return ifc;
}

void config_ifc_del(struct fo_config *c, const char *ifname)
{
	struct fo_ifc *ifc = config_ifc(c, ifname);

	if (!ifc)
		return;
	c->n_ifcs--;
	memmove(ifc, ifc + 1,
		(char *)(c->ifc + c->n_ifcs) - (char *)ifc);
}

struct fo_ifc *config_nameif(const struct fo_config *c, const char *nameif)
{
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		if (!strcmp(c->ifc[i].nameif, nameif))
			return &c->ifc[i];
	return NULL;
}

const struct fo_exec_line *config_exec(const struct fo_config *c,
				       const char *name)
{
	unsigned int i;

	for (i = 0; i < c->n_execs; i++)
		if (!strcmp(c->exec[i].name, name))
			return &c->exec[i];
	return NULL;
}

struct fo_track *config_track(const struct fo_config *c, const char *name)
{
	struct fo_track *t = (struct fo_track *)c->track;

	for (; t < c->track + c->n_tracks; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

struct fo_link_ip *config_link_ip(const struct fo_config *c, const char *name)
{
	struct fo_link_ip *ip = (struct fo_link_ip *)c->link_ip;
	unsigned int i;

	for (i = 0; i < CONFIG_LINKS; i++)
		if (!strcmp(ip[i].name, name))
			return &ip[i];
	return NULL;
}

/* Finds or adds; NULL when there are already addresses of all links. */
struct fo_link_ip *config_link_ip_add(struct fo_config *c, const char *name)
{
	struct fo_link_ip *ip = config_link_ip(c, name);

	if (ip)
		return ip;
	ip = config_link_ip(c, "");
	if (ip) {
		*ip = (struct fo_link_ip) { .n_addrs = 0 };
		snprintf(ip->name, sizeof(ip->name), "%s", name);
	}
	return ip;
}

/* The link of this name; NULL: it is not defined. */
const struct fo_link *config_link(const struct fo_config *c, const char *name)
{
	const struct fo_link *l = c->link;

	for (; l < c->link + CONFIG_LINKS; l++)
		if (!strcmp(l->name, name))
			return l;
	return NULL;
}

/* The link that carries the state: the failover link unless it has its own. */
const struct fo_link *config_state_link(const struct fo_config *c)
{
	if (c->link[NF_FAILOVER_LINK_KIND_STATE].name[0])
		return &c->link[NF_FAILOVER_LINK_KIND_STATE];
	return &c->link[NF_FAILOVER_LINK_KIND_LAN];
}

/* The pair of addresses that a link over UDP uses; NULL: there is none. */
const struct fo_addr *config_udp_addr(const struct fo_config *c,
				      const struct fo_link *l)
{
	const struct fo_link_ip *ip = config_link_ip(c, l->name);

	if (l->transport != NF_FAILOVER_TRANSPORT_UDP || !ip ||
	    !ip->n_addrs || !ip->addr[0].has_standby)
		return NULL;
	return &ip->addr[0];
}

static struct fo_addr *find_addr(struct fo_addr *list, unsigned int n,
				 const struct fo_addr *a, bool only)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (list[i].family == a->family &&
		    (only || !memcmp(list[i].active, a->active,
				     addr_len(a->family))))
			return &list[i];
	return NULL;
}

/*
 * Adds or replaces an address. @only: at most one of this family, as with
 * "ip address"; else only the same active address is replaced.
 */
bool config_addr_set(struct fo_addr *list, unsigned int *n,
		     const struct fo_addr *a, bool only)
{
	struct fo_addr *old = find_addr(list, *n, a, only);

	if (!old) {
		if (*n == CONFIG_ADDRS_MAX)
			return false;
		old = &list[(*n)++];
	}
	*old = *a;
	return true;
}

/* Deletes one address, or with @active NULL all of the family. */
void config_addr_del(struct fo_addr *list, unsigned int *n, int family,
		     const unsigned char *active)
{
	unsigned int i, kept = 0;

	for (i = 0; i < *n; i++) {
		if (list[i].family == family &&
		    (!active || !memcmp(list[i].active, active,
					addr_len(family))))
			continue;
		list[kept++] = list[i];
	}
	*n = kept;
}

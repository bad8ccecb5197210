// SPDX-License-Identifier: GPL-2.0
/* What a configuration must fulfil as a whole, as a table of checks. Pure. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#define LAN	NF_FAILOVER_LINK_KIND_LAN
#define STATE	NF_FAILOVER_LINK_KIND_STATE

/* Returns -1, so that a caller can return it. */
int error_set(struct fo_error *e, int line, unsigned int word,
	      const char *fmt, ...)
{
	va_list ap;

	e->line = line;
	e->word = word;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

static int check_timers(struct fo_config *c, struct fo_error *e)
{
	int line = c->timers_line;

	if (c->poll_ms < CONFIG_POLL_MIN || c->poll_ms > CONFIG_POLL_MAX)
		return error_set(e, line, 0,
				 "polltime is %u ms, expected 10 ms to 15 s",
				 c->poll_ms);
	if (c->hold_ms < CONFIG_HOLD_MIN || c->hold_ms > CONFIG_HOLD_MAX)
		return error_set(e, line, 0,
				 "holdtime is %u ms, expected 30 ms to 45 s",
				 c->hold_ms);
	if (c->hold_ms < 3 * c->poll_ms)
		return error_set(e, line, 0,
				 "holdtime is %u ms, expected at least three polltimes, %u ms",
				 c->hold_ms, 3 * c->poll_ms);
	return 0;
}

/*
 * The same link for both is kept as a failover link only, which is how the
 * kernel keeps it. Either line says that it is in UDP.
 */
static int check_one_link(struct fo_config *c, struct fo_error *e)
{
	struct fo_link *lan = &c->link[LAN], *state = &c->link[STATE];
	bool name, dev;

	if (!state->name[0] || !lan->name[0])
		return 0;
	name = !strcmp(lan->name, state->name);
	dev = !strcmp(lan->ifname, state->ifname);
	if (name && dev && state->transport)
		*lan = *state;
	if (name && dev)
		*state = (struct fo_link) { .name = "" };
	else if (name)
		return error_set(e, state->line, 0,
				 "link %s is on %s and on %s, expected one device",
				 lan->name, lan->ifname, state->ifname);
	else if (dev)
		return error_set(e, state->line, 0,
				 "device %s has the links %s and %s, expected the same name for both",
				 lan->ifname, lan->name, state->name);
	return 0;
}

static int check_links(struct fo_config *c, struct fo_error *e)
{
	const struct fo_link *l, *m;

	if (check_one_link(c, e))
		return -1;
	for (l = &c->link[STATE + 1]; l < c->link + CONFIG_LINKS; l++)
		for (m = c->link; l->name[0] && m < l; m++) {
			if (!strcmp(m->name, l->name))
				return error_set(e, l->line, 0,
						 "link %s is there twice, expected another name",
						 l->name);
			if (!strcmp(m->ifname, l->ifname))
				return error_set(e, l->line, 0,
						 "device %s has the links %s and %s, expected a device for each",
						 l->ifname, m->name, l->name);
		}
	return 0;
}

/* @routed: the two ends of a link, which may be in different networks. */
static int check_addr(const struct fo_addr *a, const char *of, bool routed,
		      struct fo_error *e)
{
	char text[ADDR_TEXT_MAX];
	size_t len = addr_len(a->family);

	if (!addr_is_host(a->family, a->active))
		return error_set(e, a->line, 0,
				 "%s: %s is not the address of a host", of,
				 addr_text(a->family, a->active, text));
	if (!a->has_standby)
		return 0;
	if (!addr_is_host(a->family, a->standby))
		return error_set(e, a->line, 0,
				 "%s: %s is not the address of a host", of,
				 addr_text(a->family, a->standby, text));
	if (!memcmp(a->active, a->standby, len))
		return error_set(e, a->line, 0,
				 "%s: %s is the active and the standby address, expected two",
				 of, addr_text(a->family, a->active, text));
	if (!routed &&
	    !addr_same_net(a->family, a->prefix, a->active, a->standby))
		return error_set(e, a->line, 0,
				 "%s: standby address %s is outside the prefix of the active one (/%u)",
				 of, addr_text(a->family, a->standby, text),
				 a->prefix);
	return 0;
}

static bool in_udp(const struct fo_config *c, const char *name)
{
	return config_link(c, name)->transport == NF_FAILOVER_TRANSPORT_UDP;
}

static int check_link_ips(struct fo_config *c, struct fo_error *e)
{
	struct fo_link_ip *ip;
	unsigned int i, j;

	for (i = 0; i < CONFIG_LINKS; i++) {
		ip = &c->link_ip[i];
		if (!ip->name[0])
			continue;
		if (!config_link(c, ip->name))
			return error_set(e, ip->line, 0,
					 "link %s has addresses but is not defined, expected \"failover lan interface %s DEV\" or \"failover link %s DEV\"",
					 ip->name, ip->name, ip->name);
		for (j = 0; j < ip->n_addrs; j++)
			if (check_addr(&ip->addr[j], ip->name,
				       in_udp(c, ip->name), e))
				return -1;
	}
	return 0;
}

/* Frames need no addresses, datagrams do. */
static int check_udp(struct fo_config *c, struct fo_error *e)
{
	const struct fo_link *l = c->link;

	for (; l < c->link + CONFIG_LINKS; l++)
		if (l->name[0] && l->transport == NF_FAILOVER_TRANSPORT_UDP &&
		    !config_udp_addr(c, l))
			return error_set(e, l->line, 0,
					 "link %s is in UDP and has no addresses, expected \"failover interface ip %s ADDR/LEN standby ADDR\" as well",
					 l->name, l->name);
	return 0;
}

/* "interface DEV" with nothing that means something to us leaves no trace. */
static void drop_empty_ifcs(struct fo_config *c)
{
	unsigned int i;

	for (i = c->n_ifcs; i-- > 0; )
		if (!c->ifc[i].nameif[0] && !c->ifc[i].n_addrs)
			config_ifc_del(c, c->ifc[i].ifname);
}

static int check_ifc(struct fo_config *c, const struct fo_ifc *ifc,
		     struct fo_error *e)
{
	unsigned int i;

	if (!ifc->nameif[0])
		return error_set(e, ifc->line, 0,
				 "interface %s has addresses but no name, expected \"nameif NAME\"",
				 ifc->ifname);
	if (config_nameif(c, ifc->nameif) != ifc)
		return error_set(e, ifc->line, 0,
				 "nameif %s of %s is already the name of %s",
				 ifc->nameif, ifc->ifname,
				 config_nameif(c, ifc->nameif)->ifname);
	for (i = 0; i < CONFIG_LINKS; i++)
		if (!strcmp(c->link[i].ifname, ifc->ifname))
			return error_set(e, ifc->line, 0,
					 "device %s is the link %s and the interface %s, expected a dedicated device for the link",
					 ifc->ifname, c->link[i].name,
					 ifc->nameif);
	for (i = 0; i < ifc->n_addrs; i++)
		if (check_addr(&ifc->addr[i], ifc->nameif, false, e))
			return -1;
	return 0;
}

static int check_ifcs(struct fo_config *c, struct fo_error *e)
{
	unsigned int i;

	drop_empty_ifcs(c);
	for (i = 0; i < c->n_ifcs; i++)
		if (check_ifc(c, &c->ifc[i], e))
			return -1;
	return 0;
}

/* Whether @a and @b have an address in common. */
static bool overlap(const struct fo_addr *a, const struct fo_addr *b)
{
	size_t len = addr_len(a->family);

	if (a->family != b->family)
		return false;
	return !memcmp(a->active, b->active, len) ||
	       (a->has_standby && !memcmp(a->standby, b->active, len)) ||
	       (b->has_standby && !memcmp(a->active, b->standby, len)) ||
	       (a->has_standby && b->has_standby &&
		!memcmp(a->standby, b->standby, len));
}

static int check_overlap(const struct fo_config *c, unsigned int n,
			 const struct fo_addr *a, struct fo_error *e)
{
	const struct fo_ifc *ifc;
	const struct fo_addr *b;
	unsigned int i, j;

	for (i = 0; i <= n; i++) {
		ifc = &c->ifc[i];
		for (j = 0; j < ifc->n_addrs; j++) {
			b = &ifc->addr[j];
			if (a == b)
				return 0;
			/* fe80::1 may be on every interface */
			if (a->family == AF_INET6 && a->active[0] == 0xfe &&
			    i != n)
				continue;
			if (overlap(a, b))
				return error_set(e, a->line, 0,
						 "an address of %s is already one of %s",
						 c->ifc[n].nameif,
						 ifc->nameif);
		}
	}
	return 0;
}

static int check_overlaps(struct fo_config *c, struct fo_error *e)
{
	unsigned int i, j;

	for (i = 0; i < c->n_ifcs; i++)
		for (j = 0; j < c->ifc[i].n_addrs; j++)
			if (check_overlap(c, i, &c->ifc[i].addr[j], e))
				return -1;
	return 0;
}

static int bad_mac(struct fo_error *e, int line, const char *of,
		   const unsigned char *mac, const char *other)
{
	char text[MAC_TEXT_MAX];

	return error_set(e, line, 0, "%s: %s is already a MAC of %s", of,
			 mac_text(mac, text), other);
}

/* No two interfaces of the pair have one MAC, in whatever role. */
static int check_mac(const struct fo_config *c, const struct fo_ifc *ifc,
		     struct fo_error *e)
{
	unsigned char mac[4][MAC_BYTES];
	int line = ifc->mac_line ? ifc->mac_line : c->mac_line;
	const struct fo_ifc *o;
	unsigned int i;

	if (!mac_of(c, ifc, true, mac[0]))
		return 0;
	mac_of(c, ifc, false, mac[1]);
	if (mac_equal(mac[0], mac[1]))
		return error_set(e, line, 0,
				 "%s: the MACs of the active and the standby unit are the same, expected two",
				 ifc->nameif);
	for (o = c->ifc; o < ifc; o++) {
		if (!mac_of(c, o, true, mac[2]))
			continue;
		mac_of(c, o, false, mac[3]);
		for (i = 0; i < 4; i++)
			if (mac_equal(mac[i / 2], mac[2 + i % 2]))
				return bad_mac(e, line, ifc->nameif,
					       mac[i / 2], o->nameif);
	}
	return 0;
}

static int check_macs(struct fo_config *c, struct fo_error *e)
{
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		if (check_mac(c, &c->ifc[i], e))
			return -1;
	return 0;
}

/* Reasons and the history name both kinds in one list. */
static int check_tracks(struct fo_config *c, struct fo_error *e)
{
	const struct fo_track *t = c->track;

	for (; t < c->track + c->n_tracks; t++)
		if (config_nameif(c, t->name))
			return error_set(e, t->line, 0,
					 "tracked object %s has the name of an interface, expected another one",
					 t->name);
	return 0;
}

static int check_keys(struct fo_config *c, struct fo_error *e)
{
	if (c->key[1].kind != KEY_NONE && c->key[0].kind == KEY_NONE)
		return error_set(e, c->key[1].line, 0,
				 "a next key without a key, expected \"failover key ...\" as well");
	return 0;
}

static int check_enabled(struct fo_config *c, struct fo_error *e)
{
	if (!c->enabled)
		return 0;
	if (c->unit == NF_FAILOVER_UNIT_UNSET)
		return error_set(e, c->enabled_line, 0,
				 "failover without a unit, expected \"failover lan unit primary\" or \"secondary\" before");
	if (!c->link[LAN].name[0])
		return error_set(e, c->enabled_line, 0,
				 "failover without a failover link, expected \"failover lan interface NAME DEV\" before");
	return 0;
}

static int (*const checks[])(struct fo_config *c, struct fo_error *e) = {
	check_timers,
	check_links,
	check_link_ips,
	check_udp,
	check_keys,
	check_ifcs,
	check_overlaps,
	check_macs,
	check_tracks,
	check_enabled,
};

/* Checks and normalises; 0, or -1 and @e. The same for file and shell. */
int config_check(struct fo_config *c, struct fo_error *e)
{
	unsigned int i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i](c, e))
			return -1;
	return 0;
}

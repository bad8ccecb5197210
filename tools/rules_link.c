// SPDX-License-Identifier: GPL-2.0
/* The lines about the links of a pair and their addresses. Pure. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

/* The addresses of a link go with it, unless another link has its name. */
static void drop_link(struct fo_config *c, struct fo_link *l)
{
	char name[NF_FAILOVER_NAME_MAX];
	struct fo_link_ip *ip;

	memcpy(name, l->name, sizeof(name));
	*l = (struct fo_link) { .name = "" };
	ip = name[0] && !config_link(c, name) ? config_link_ip(c, name) : NULL;
	if (ip)
		*ip = (struct fo_link_ip) { .name = "" };
}

/* The further link of this name, or a free place for it. */
static struct fo_link *backup_link(struct fo_config *c, const char *name)
{
	struct fo_link *l = &c->link[NF_FAILOVER_LINK_KIND_BACKUP];
	struct fo_link *free = NULL;

	for (; l < c->link + CONFIG_LINKS; l++) {
		if (name && !strcmp(l->name, name))
			return l;
		if (!free && !l->name[0])
			free = l;
	}
	return free;
}

/* "no failover backup link [NAME ...]": that one, or all. */
static int drop_backup_link(struct fo_config *c, const char *name)
{
	struct fo_link *l = &c->link[NF_FAILOVER_LINK_KIND_BACKUP];

	for (; l < c->link + CONFIG_LINKS; l++)
		if (!name || !strcmp(l->name, name))
			drop_link(c, l);
	return 0;
}

int rules_set_link(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	const char *name = grammar_arg(m, "NAME", 0, NULL);
	const char *port = grammar_arg(m, "PORT", 0, NULL);
	bool backup = has(m, "backup");
	struct fo_link *l = backup ? backup_link(c, name) :
			    &c->link[has(m, "lan") ?
				     NF_FAILOVER_LINK_KIND_LAN :
				     NF_FAILOVER_LINK_KIND_STATE];

	if (m->no && backup)
		return drop_backup_link(c, name);
	if (!l)
		return error_set(e, m->line, 0,
				 "link %s is one too many, expected at most %u with \"failover backup link\"",
				 name, CONFIG_LINKS - NF_FAILOVER_LINK_KIND_BACKUP);
	if (m->no || strcmp(l->name, name))
		drop_link(c, l);
	if (m->no)
		return 0;
	l->line = m->line;
	strcpy(l->name, name);
	strcpy(l->ifname, grammar_arg(m, "DEV", 0, NULL));
	l->transport = has(m, "udp") ? NF_FAILOVER_TRANSPORT_UDP :
				       NF_FAILOVER_TRANSPORT_ETHERNET;
	l->port = port ? atoi(port) : CONFIG_UDP_PORT;
	return 0;
}

/* Reads ADDR/LEN or ADDR MASK, and the standby address. */
void rules_get_addr(const struct fo_match *m, struct fo_addr *a)
{
	const char *word = grammar_arg(m, "ADDR6/LEN", 0, NULL);
	unsigned int n = 0;

	*a = (struct fo_addr) { .family = word ? AF_INET6 : AF_INET,
				.line = m->line };
	if (!word)
		word = grammar_arg(m, "ADDR/LEN", 0, NULL);
	if (word) {
		addr_parse_prefix(a->family, word, a->active, &a->prefix);
	} else {
		addr_parse(AF_INET, grammar_arg(m, "ADDR", n++, NULL),
			   a->active);
		addr_parse_mask(grammar_arg(m, "MASK", 0, NULL), &a->prefix);
	}
	a->has_standby = has(m, "standby");
	if (a->has_standby)
		addr_parse(a->family,
			   grammar_arg(m, a->family == AF_INET6 ? "ADDR6" :
				       "ADDR", n, NULL), a->standby);
}

/* "no failover interface ip NAME" takes all its addresses away. */
int rules_set_link_ip(struct fo_config *c, const struct fo_match *m,
		       struct fo_error *e)
{
	unsigned int i;
	const char *name = grammar_arg(m, "NAME", 0, &i);
	struct fo_link_ip *ip;
	struct fo_addr a;

	if (m->no) {
		ip = config_link_ip(c, name);
		if (ip)
			*ip = (struct fo_link_ip) { .name = "" };
		return 0;
	}
	ip = config_link_ip_add(c, name);
	if (!ip)
		return bad_word(e, m, i, "the name of a link");
	ip->line = m->line;
	/* without addresses: frames on the link do not need them */
	if (m->words->n == i + 2)
		return 0;
	rules_get_addr(m, &a);
	config_addr_set(ip->addr, &ip->n_addrs, &a, true);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What both units should have alike, and what they differ in.
 *
 * Each hello has a digest of the settings of its sender. While the two differ,
 * hellos carry the settings themselves as well, some at a time and in turn; the
 * receiver compares each with its own and holds what differs. So nothing has to
 * be acknowledged, and two units that agree pay twelve bytes a hello.
 */

#include "agree.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "version.h"

/* More hellos than it takes until each setting has had its turn. */
#define SLACK	8

/**
 * struct place - one of several settings of a kind
 * @link: of a link
 * @ifc: of an interface
 * @addr: of an address of either
 */
struct place {
	const struct fo_config_link *link;
	const struct fo_config_ifc *ifc;
	const struct fo_addr *addr;
};

typedef void (*say_t)(const struct fo_agree *g, const struct fo_config *c,
		      const struct place *at, char *to);

static __printf(2, 3) void say(char *to, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(to, FO_SETTING_TEXT, fmt, args);
	va_end(args);
}

#define SAY(name)	static void say_##name(const struct fo_agree *g, \
				const struct fo_config *c, \
				const struct place *at, char *to)

SAY(version) { say(to, "%s", FO_VERSION); }
SAY(mac_auto) { say(to, "%u", c->mac_auto); }
SAY(ipsec)
{
	static const char *const words[] = {
		[NF_FAILOVER_IPSEC_NONE]	= "no",
		[NF_FAILOVER_IPSEC_NUMBERS]	= "yes",
		[NF_FAILOVER_IPSEC_KEYS]	= "keys",
	};

	say(to, "%s", words[c->ipsec]);
}

SAY(gtp) { say(to, "%s", c->gtp ? "yes" : "no"); }
SAY(exec_clear) { say(to, "%s", c->exec_clear ? "yes" : "no"); }
SAY(links) { say(to, "%u", c->links); }
SAY(link_name) { say(to, "%s", at->link->name); }
SAY(ifcs) { say(to, "%u", c->ifcs); }
SAY(tracks)
{
	unsigned int i, weight = 0;

	for (i = 0; i < c->tracks; i++)
		weight += c->track[i].weight;
	say(to, "%u, weight %u in all", c->tracks, weight);
}

SAY(addrs) { say(to, "%u", at->ifc->addrs); }

SAY(poll)
{
	say(to, "msec %u holdtime msec %u", c->poll_ms, c->hold_ms);
}

SAY(ifc_poll)
{
	if (c->ifc_poll_ms)
		say(to, "msec %u holdtime msec %u", c->ifc_poll_ms,
		    c->ifc_hold_ms);
	else
		say(to, "not set");
}

SAY(monitor)
{
	if (at->ifc->monitored && at->ifc->weight != 1)
		say(to, "yes, weight %u", at->ifc->weight);
	else
		say(to, "%s", at->ifc->monitored ? "yes" : "no");
}

SAY(ifc_policy)
{
	if (c->ifc_policy)
		say(to, "%u", c->ifc_policy);
	else if (c->ifc_policy_percent)
		say(to, "%u%%", c->ifc_policy_percent);
	else
		say(to, "not set");
}

SAY(replication)
{
	say(to, "%s, tcp from %s, datagram from %s, http %s, accounting %u",
	    c->replication ? "connections" : "no connections",
	    c->tcp_from == NF_FAILOVER_TCP_FROM_SYN_SENT ? "syn-sent" : "established",
	    c->datagram_from == NF_FAILOVER_DATAGRAM_FROM_NEW ? "new" :
								"reply",
	    c->filter.http ? "yes" : "no", c->accounting);
}

/* The rules have no room here; their digest tells that they differ. */
SAY(filters)
{
	const struct fo_filter *f = &c->filter;
	unsigned int i;
	size_t n;

	n = scnprintf(to, FO_SETTING_TEXT, "delay %u, %u rules %08x, http-port",
		      c->delay, f->rules, fo_filter_digest(f));
	for (i = 0; i < f->ports; i++)
		n += scnprintf(to + n, FO_SETTING_TEXT - n, " %u", f->port[i]);
}

SAY(reconnect)
{
	if (c->reconnect == FO_FOREVER)
		say(to, "never ends");
	else
		say(to, "%u seconds", c->reconnect);
}

SAY(link_transport)
{
	say(to, "%s", at->link->transport == NF_FAILOVER_TRANSPORT_UDP ?
		      "udp" : "ethernet");
}

/* Frames that are not in UDP have none. */
SAY(link_port)
{
	if (at->link->transport == NF_FAILOVER_TRANSPORT_UDP)
		say(to, "%u", at->link->port);
}

SAY(link_mtu)
{
	const struct net_device *dev = dev_get_by_name_rcu(g->net,
							   at->link->ifname);

	if (dev)
		say(to, "%u", READ_ONCE(dev->mtu));
}

/* Of a netdev that is absent it is not known. */
SAY(mode)
{
	const struct net_device *dev = dev_get_by_name_rcu(g->net,
							   at->ifc->ifname);

	if (dev)
		say(to, "%s", netif_is_bridge_port(dev) ? "transparent" :
							  "routed");
}

SAY(mac)
{
	const struct fo_macs *m = &at->ifc->mac;

	if (is_zero_ether_addr(m->active))
		say(to, "not set");
	else
		say(to, "%pM %pM", m->active, m->standby);
}

SAY(addr)
{
	const struct fo_addr *a = at->addr;

	if (a->family == NFPROTO_IPV4 && a->has_standby)
		say(to, "%pI4/%u standby %pI4", &a->active, a->plen,
		    &a->standby);
	else if (a->family == NFPROTO_IPV4)
		say(to, "%pI4/%u", &a->active, a->plen);
	else if (a->has_standby)
		say(to, "%pI6c/%u standby %pI6c", &a->active, a->plen,
		    &a->standby);
	else
		say(to, "%pI6c/%u", &a->active, a->plen);
}

enum of { PAIR, OF_LINK, OF_LINK_ADDR, OF_IFC, OF_IFC_ADDR };

/*
 * Each setting: what there is one of for each, whether the standby unit cannot
 * be ready while it differs, and its words. It blocks when sessions would not
 * survive a takeover: another set of interfaces or addresses, a bridge in the
 * place of a router, state that is sent where nobody listens. Encryption is not
 * here: units with different keys, or one with none, do not hear each other.
 */
static const struct kind {
	enum of of;
	bool blocks;
	const char *words;
	say_t say;
} kinds[FO_SETTINGS] = {
	[FO_SETTING_VERSION]	 = { PAIR, false, "version of the module",
				     say_version },
	[FO_SETTING_POLL]	 = { PAIR, false, "failover polltime unit",
				     say_poll },
	[FO_SETTING_IFC_POLL]	 = { PAIR, false, "failover polltime interface",
				     say_ifc_poll },
	[FO_SETTING_IFC_POLICY]	 = { PAIR, false, "failover interface-policy",
				     say_ifc_policy },
	[FO_SETTING_REPLICATION] = { PAIR, false, "failover replication",
				     say_replication },
	[FO_SETTING_RECONNECT]	 = { PAIR, false, "failover timeout",
				     say_reconnect },
	[FO_SETTING_MAC_AUTO]	 = { PAIR, false, "mac-address auto",
				     say_mac_auto },
	[FO_SETTING_EXEC_CLEAR]	 = { PAIR, false, "failover exec clear-text",
				     say_exec_clear },
	[FO_SETTING_LINKS]	 = { PAIR, true, "number of links",
				     say_links },
	[FO_SETTING_LINK_NAME]	 = { OF_LINK, false, "name", say_link_name },
	[FO_SETTING_LINK_MTU]	 = { OF_LINK, false, "mtu", say_link_mtu },
	[FO_SETTING_LINK_ADDR]	 = { OF_LINK_ADDR, false, "ip", say_addr },
	[FO_SETTING_IFCS]	 = { PAIR, true, "number of interfaces",
				     say_ifcs },
	[FO_SETTING_IFC_MODE]	 = { OF_IFC, true, "mode", say_mode },
	[FO_SETTING_IFC_MONITOR] = { OF_IFC, false, "monitored", say_monitor },
	[FO_SETTING_IFC_MAC]	 = { OF_IFC, false, "mac address", say_mac },
	[FO_SETTING_IFC_ADDRS]	 = { OF_IFC, true, "number of addresses",
				     say_addrs },
	[FO_SETTING_IFC_ADDR]	 = { OF_IFC_ADDR, true, "ip address",
				     say_addr },
	[FO_SETTING_LINK_TRANSPORT] = { OF_LINK, false, "transport",
					say_link_transport },
	[FO_SETTING_LINK_PORT]	 = { OF_LINK, false, "port", say_link_port },
	[FO_SETTING_TRACKS]	 = { PAIR, false, "failover track",
				     say_tracks },
	[FO_SETTING_IPSEC]	 = { PAIR, false, "failover replication ipsec",
				     say_ipsec },
	[FO_SETTING_FILTERS]	 = { PAIR, false, "failover replication filters",
				     say_filters },
	[FO_SETTING_GTP]	 = { PAIR, false, "failover replication gtp",
				     say_gtp },
};

#define LINK_SHIFT	4	/* of a number, below it the address */

/* --- the settings of this unit ---------------------------------------- */

static bool find_link_addr(const struct fo_config *c, u8 no, struct place *at)
{
	unsigned int a = no & ((1 << LINK_SHIFT) - 1);

	if (no >> LINK_SHIFT >= c->links)
		return false;
	at->link = &c->link[no >> LINK_SHIFT];
	if (a >= at->link->addrs)
		return false;
	at->addr = &at->link->addr[a];
	return true;
}

/* What ID, NO and NAME of S mean. RCU. */
static bool find(const struct fo_config *c, const struct fo_setting *s,
		 struct place *at)
{
	memset(at, 0, sizeof(*at));
	switch (kinds[s->id].of) {
	case PAIR:
		return true;
	case OF_LINK:
		if (s->no >= c->links)
			return false;
		at->link = &c->link[s->no];
		return true;
	case OF_LINK_ADDR:
		return find_link_addr(c, s->no, at);
	case OF_IFC:
		at->ifc = fo_config_nameif(c, s->name);
		return at->ifc;
	case OF_IFC_ADDR:
		at->ifc = fo_config_nameif(c, s->name);
		if (!at->ifc || s->no >= at->ifc->addrs)
			return false;
		at->addr = &at->ifc->addr[s->no];
		return true;
	}
	return false;
}

static bool name_addr(const struct fo_config *c, u32 i, struct fo_setting *s)
{
	unsigned int n;

	for (n = 0; n < c->ifcs; n++) {
		if (i < c->ifc[n].addrs) {
			s->no = i;
			strscpy(s->name, c->ifc[n].nameif, sizeof(s->name));
			return true;
		}
		i -= c->ifc[n].addrs;
	}
	return false;
}

static bool name_link_addr(const struct fo_config *c, u32 i,
			   struct fo_setting *s)
{
	unsigned int n;

	for (n = 0; n < c->links; n++) {
		if (i < c->link[n].addrs) {
			s->no = n << LINK_SHIFT | i;
			return true;
		}
		i -= c->link[n].addrs;
	}
	return false;
}

/* Number and name of the I-th setting of the kind that S is of. RCU. */
static bool name(const struct fo_config *c, u32 i, struct fo_setting *s)
{
	switch (kinds[s->id].of) {
	case PAIR:
		return !i;
	case OF_LINK:
		s->no = i;
		return i < c->links;
	case OF_LINK_ADDR:
		return name_link_addr(c, i, s);
	case OF_IFC:
		if (i >= c->ifcs)
			return false;
		strscpy(s->name, c->ifc[i].nameif, sizeof(s->name));
		return true;
	case OF_IFC_ADDR:
		return name_addr(c, i, s);
	}
	return false;
}

static unsigned int count(const struct fo_config *c, u8 id)
{
	unsigned int i, n = 0;

	switch (kinds[id].of) {
	case PAIR:
		return 1;
	case OF_LINK:
		return c->links;
	case OF_LINK_ADDR:
		for (i = 0; i < c->links; i++)
			n += c->link[i].addrs;
		return n;
	case OF_IFC:
		return c->ifcs;
	case OF_IFC_ADDR:
		for (i = 0; i < c->ifcs; i++)
			n += c->ifc[i].addrs;
		return n;
	}
	return 0;
}

/* The I-th of all settings. RCU. */
static bool setting(const struct fo_agree *g, const struct fo_config *c, u32 i,
		    struct fo_setting *s)
{
	struct place at;
	unsigned int n;

	memset(s, 0, sizeof(*s));
	for (s->id = 1; s->id < FO_SETTINGS; s->id++) {
		n = count(c, s->id);
		if (i >= n) {
			i -= n;
			continue;
		}
		if (!name(c, i, s) || !find(c, s, &at))
			return false;
		kinds[s->id].say(g, c, &at, s->value);
		return true;
	}
	return false;
}

static u64 hash(const struct fo_setting *s)
{
	u64 h = 0xcbf29ce484222325ULL;
	const char *p;

	/* FNV-1a; of strangers it keeps nothing away, and need not */
	h = (h ^ s->id) * 0x100000001b3ULL;
	h = (h ^ s->no) * 0x100000001b3ULL;
	for (p = s->name; *p; p++)
		h = (h ^ *p) * 0x100000001b3ULL;
	h = (h ^ '=') * 0x100000001b3ULL;
	for (p = s->value; *p; p++)
		h = (h ^ *p) * 0x100000001b3ULL;
	return h;
}

/**
 * fo_agree_refresh() - the digest of this unit, when something has changed
 * @g: comparison
 *
 * The order of interfaces does not matter. Context: process, mutex of the unit.
 *
 * Return: the digest.
 */
u64 fo_agree_refresh(struct fo_agree *g)
{
	const struct fo_config *c;
	struct fo_setting s;
	u64 digest = 0;
	u32 i;

	if (!READ_ONCE(g->stale))
		return g->digest;
	WRITE_ONCE(g->stale, false);
	rcu_read_lock();
	c = rcu_dereference(g->store->config);
	for (i = 0; setting(g, c, i, &s); i++)
		digest += hash(&s);
	rcu_read_unlock();
	spin_lock_bh(&g->lock);
	g->digest = digest | 1;
	g->of = i;
	spin_unlock_bh(&g->lock);
	return digest | 1;
}

/* Something that is compared may be another. Context: any. */
void fo_agree_stale(struct fo_agree *g)
{
	WRITE_ONCE(g->stale, true);
}

/**
 * fo_agree_greet() - what a handshake says of the settings of the other unit
 * @g: comparison
 * @digest: of its settings, or 0
 *
 * If it is not ours, already the first hello names settings. Context: softirq.
 */
void fo_agree_greet(struct fo_agree *g, u64 digest)
{
	spin_lock_bh(&g->lock);
	g->theirs = digest;
	spin_unlock_bh(&g->lock);
}

/**
 * fo_agree_say() - what a hello says of the settings of this unit
 * @g: comparison
 * @h: hello
 *
 * One after the other: of two of which one fits each has its turn.
 * Context: softirq.
 */
void fo_agree_say(struct fo_agree *g, struct fo_hello *h)
{
	const struct fo_config *c;
	u32 i, from;

	spin_lock_bh(&g->lock);
	h->digest = g->digest;
	h->of = g->of;
	from = g->next;
	if (g->theirs && g->theirs != g->digest && g->of)
		g->next = (from + 1) % g->of;
	else
		from = U32_MAX;
	spin_unlock_bh(&g->lock);
	if (from == U32_MAX)
		return;
	rcu_read_lock();
	c = rcu_dereference(g->store->config);
	for (i = from; h->settings < FO_HELLO_SETTINGS; i++) {
		if (!setting(g, c, i, &h->setting[h->settings]))
			break;
		h->settings++;
	}
	rcu_read_unlock();
}

/* --- what the units differ in ----------------------------------------- */

static struct fo_difference *held(struct fo_agree *g,
				  const struct fo_setting *s)
{
	struct fo_difference *d;

	for (d = g->diff; d < g->diff + g->n; d++)
		if (d->theirs.id == s->id && d->theirs.no == s->no &&
		    !strcmp(d->theirs.name, s->name))
			return d;
	return NULL;
}

static void drop(struct fo_agree *g, struct fo_difference *d)
{
	*d = g->diff[--g->n];
}

/* What the peer does not say any more, though all have had their turn. */
static bool forget(struct fo_agree *g, u32 of)
{
	bool news = false;
	unsigned int i;

	for (i = g->n; i--; ) {
		if (g->hellos - g->diff[i].heard <= of + SLACK)
			continue;
		drop(g, &g->diff[i]);
		news = true;
	}
	return news;
}

/* Its value here; nothing when it is not known. RCU. */
static bool ours(const struct fo_agree *g, const struct fo_setting *s,
		 char *value)
{
	const struct fo_config *c = rcu_dereference(g->store->config);
	struct place at;

	value[0] = 0;
	if (find(c, s, &at)) {
		kinds[s->id].say(g, c, &at, value);
		return value[0];
	}
	say(value, "not there");
	return true;
}

/* A setting of the other unit. With the lock held. */
static bool compare(struct fo_agree *g, const struct fo_setting *s)
{
	char value[FO_SETTING_TEXT];
	struct fo_difference *d;
	bool differs, news;

	/* of a later version */
	if (!s->id || s->id >= FO_SETTINGS)
		return false;
	differs = s->value[0] && ours(g, s, value) && strcmp(value, s->value);
	d = held(g, s);
	if (!differs) {
		if (d)
			drop(g, d);
		return d;
	}
	news = !d || strcmp(d->ours, value) ||
	       strcmp(d->theirs.value, s->value);
	if (!d && g->n < FO_DIFFERENCES)
		d = &g->diff[g->n++];
	if (!d)
		return false;
	d->blocks = kinds[s->id].blocks;
	d->heard = g->hellos;
	d->theirs = *s;
	strscpy(d->ours, value, sizeof(d->ours));
	return news;
}

/**
 * fo_agree_hear() - what a hello of the other unit says of its settings
 * @g: comparison
 * @h: hello
 *
 * Context: softirq.
 *
 * Return: whether the units differ in something else than before.
 */
enum fo_agree_news fo_agree_hear(struct fo_agree *g, const struct fo_hello *h)
{
	unsigned int i, before;
	bool news;

	rcu_read_lock();
	spin_lock_bh(&g->lock);
	before = g->n;
	g->theirs = h->digest;
	g->hellos++;
	if (h->digest == g->digest)
		g->n = 0;
	news = g->n != before;
	for (i = 0; i < h->settings; i++)
		news |= compare(g, &h->setting[i]);
	news |= forget(g, h->of);
	i = g->n;
	spin_unlock_bh(&g->lock);
	rcu_read_unlock();
	if (!news)
		return FO_AGREE_NO_NEWS;
	return i && !before ? FO_AGREE_FIRST : FO_AGREE_CHANGED;
}

/* Another peer, or none. Context: any but hard interrupt. */
void fo_agree_reset(struct fo_agree *g)
{
	spin_lock_bh(&g->lock);
	g->theirs = 0;
	g->next = 0;
	g->n = 0;
	spin_unlock_bh(&g->lock);
}

/**
 * fo_agree_blocks() - whether the standby unit is not ready for a difference
 * @g: comparison
 *
 * Context: any but hard interrupt.
 *
 * Return: whether it is so.
 */
bool fo_agree_blocks(struct fo_agree *g)
{
	bool blocks = false;
	unsigned int i;

	if (!READ_ONCE(g->n))
		return false;
	spin_lock_bh(&g->lock);
	for (i = 0; i < g->n; i++)
		blocks |= g->diff[i].blocks;
	spin_unlock_bh(&g->lock);
	return blocks;
}

/**
 * fo_agree_get() - a difference, for show
 * @g: comparison
 * @i: which one
 * @d: the difference
 *
 * Context: any but hard interrupt.
 *
 * Return: false when there is none any more.
 */
bool fo_agree_get(struct fo_agree *g, unsigned int i, struct fo_difference *d)
{
	bool found;

	spin_lock_bh(&g->lock);
	found = i < g->n;
	if (found)
		*d = g->diff[i];
	spin_unlock_bh(&g->lock);
	return found;
}

/**
 * fo_agree_words() - what a setting is called
 * @g: comparison
 * @s: setting
 * @to: the words
 * @size: room for them
 *
 * Context: RCU.
 */
void fo_agree_words(struct fo_agree *g, const struct fo_setting *s, char *to,
		    size_t size)
{
	const struct fo_config *c = rcu_dereference(g->store->config);
	const struct kind *k = &kinds[s->id];
	unsigned int link = k->of == OF_LINK ? s->no : s->no >> LINK_SHIFT;

	switch (k->of) {
	case PAIR:
		scnprintf(to, size, "%s", k->words);
		break;
	case OF_LINK:
	case OF_LINK_ADDR:
		scnprintf(to, size, "link %s: %s",
			  link < c->links ? c->link[link].name : "of the state",
			  k->words);
		break;
	case OF_IFC:
		scnprintf(to, size, "interface %s: %s", s->name, k->words);
		break;
	case OF_IFC_ADDR:
		scnprintf(to, size, "interface %s: %s %u", s->name, k->words,
			  s->no + 1);
		break;
	}
}

void fo_agree_init(struct fo_agree *g, struct net *net, struct fo_store *store)
{
	memset(g, 0, sizeof(*g));
	g->net = net;
	g->store = store;
	g->stale = true;
	spin_lock_init(&g->lock);
}

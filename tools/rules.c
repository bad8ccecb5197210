// SPDX-License-Identifier: GPL-2.0
/* The command language: the one table, and what each line changes. Pure. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int set_enabled(struct fo_config *c, const struct fo_match *m,
		       struct fo_error *e)
{
	(void)e;
	c->enabled = !m->no;
	c->enabled_line = m->line;
	return 0;
}

static int set_unit(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	(void)e;
	c->unit = m->no ? NF_FAILOVER_UNIT_UNSET :
		  has(m, "primary") ? NF_FAILOVER_UNIT_PRIMARY :
		  NF_FAILOVER_UNIT_SECONDARY;
	return 0;
}

int rules_get_time(const struct fo_match *m, const char *item, uint32_t min,
		   uint32_t max, uint32_t *ms, struct fo_error *e)
{
	unsigned int i;
	const char *word = grammar_arg(m, item, 0, &i);
	char expected[64];
	uint32_t v;

	if (!word)
		return 0;
	v = atoi(word);
	if (strcmp(m->words->w[i - 1], "msec"))
		v = v > max / 1000 ? max + 1 : v * 1000;
	if (v < min || v > max) {
		snprintf(expected, sizeof(expected), "msec %u to %u s", min,
			 max / 1000);
		return bad_word(e, m, i, expected);
	}
	*ms = v;
	return 0;
}

static int set_polltime(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	uint32_t poll = CONFIG_POLL_DEFAULT, hold = 0;

	c->timers_line = m->line;
	if (!m->no &&
	    (rules_get_time(m, "POLL", CONFIG_POLL_MIN, CONFIG_POLL_MAX, &poll, e) ||
	     rules_get_time(m, "HOLD", CONFIG_HOLD_MIN, CONFIG_HOLD_MAX, &hold, e)))
		return -1;
	/* nobody gets a hold shorter than the default without asking for it */
	if (!hold)
		hold = 3 * poll > CONFIG_HOLD_DEFAULT ? 3 * poll :
		       CONFIG_HOLD_DEFAULT;
	c->poll_ms = poll;
	c->hold_ms = hold;
	return 0;
}

/* What is on or off, by its word. */
static int set_replicated(struct fo_config *c, const struct fo_match *m,
			  struct fo_error *e)
{
	const struct {
		const char *word;
		bool *on;
	} classes[] = {
		{ "connections",	&c->replication },
		{ "neighbours",		&c->neighbours },
		{ "objects",		&c->objects },
		{ "gtp",		&c->gtp },
		{ "expectations",	&c->expectations },
	};
	size_t i;

	(void)e;
	for (i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (!strcmp(m->words->w[2], classes[i].word))
			*classes[i].on = !m->no;
	return 0;
}

static int set_ipsec(struct fo_config *c, const struct fo_match *m,
		     struct fo_error *e)
{
	bool keys = has(m, "keys");

	(void)e;
	if (!m->no)
		c->ipsec = keys ? NF_FAILOVER_IPSEC_KEYS :
				  NF_FAILOVER_IPSEC_NUMBERS;
	else if (!keys)
		c->ipsec = NF_FAILOVER_IPSEC_NONE;
	else if (c->ipsec == NF_FAILOVER_IPSEC_KEYS)
		c->ipsec = NF_FAILOVER_IPSEC_NUMBERS;
	return 0;
}

static int set_tcp_from(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	(void)e;
	c->tcp_from = !m->no && has(m, "syn-sent") ?
		      NF_FAILOVER_TCP_FROM_SYN_SENT :
		      NF_FAILOVER_TCP_FROM_ESTABLISHED;
	return 0;
}

static int set_datagram_from(struct fo_config *c, const struct fo_match *m,
			     struct fo_error *e)
{
	(void)e;
	c->datagram_from = !m->no && has(m, "new") ?
			   NF_FAILOVER_DATAGRAM_FROM_NEW :
			   NF_FAILOVER_DATAGRAM_FROM_REPLY;
	return 0;
}

int rules_get_number(const struct fo_match *m, const char *item, uint32_t min,
		     uint32_t max, uint32_t *n, struct fo_error *e)
{
	unsigned int i;
	const char *word = grammar_arg(m, item, 0, &i);
	char expected[64];
	uint32_t v;

	if (!word)
		return 0;
	v = atoi(word);
	if (v < min || v > max) {
		snprintf(expected, sizeof(expected), "%u to %u", min, max);
		return bad_word(e, m, i, expected);
	}
	*n = v;
	return 0;
}

static int set_rate(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	uint64_t unit = has(m, "gbit") ? 1000000 : has(m, "mbit") ? 1000 : 1;
	unsigned int i;
	const char *word = grammar_arg(m, "RATE", 0, &i);
	uint64_t rate = m->no ? 0 : strtoull(word, NULL, 10) * unit;

	if (!m->no && (rate < CONFIG_RATE_MIN || rate > CONFIG_RATE_MAX))
		return bad_word(e, m, i, "64 kbit to 100 gbit");
	c->rate = rate;
	return 0;
}

static int set_accounting(struct fo_config *c, const struct fo_match *m,
			  struct fo_error *e)
{
	uint32_t s = 0;

	if (!m->no && rules_get_number(m, "SECONDS", CONFIG_ACCT_MIN,
				       CONFIG_ACCT_MAX, &s, e))
		return -1;
	c->accounting = s;
	return 0;
}

static int set_preempt(struct fo_config *c, const struct fo_match *m,
		       struct fo_error *e)
{
	uint32_t delay = 0;

	if (!m->no &&
	    rules_get_number(m, "DELAY", 0, CONFIG_DELAY_MAX, &delay, e))
		return -1;
	c->preempt = !m->no;
	c->preempt_delay = delay;
	return 0;
}

static int set_hold_down(struct fo_config *c, const struct fo_match *m,
			 struct fo_error *e)
{
	uint32_t n = 0, s = CONFIG_HELD;

	if (!m->no &&
	    (rules_get_number(m, "TAKEOVERS", 1, CONFIG_TAKEOVERS_MAX, &n, e) ||
	     rules_get_number(m, "SECONDS", 1, CONFIG_HELD_MAX, &s, e)))
		return -1;
	c->held_takeovers = n;
	c->held_time = s;
	return 0;
}

/* As on the ASA, at least five polls, and five by default. */
static int set_ifc_polltime(struct fo_config *c, const struct fo_match *m,
			    struct fo_error *e)
{
	uint32_t poll = CONFIG_IFC_POLL_DEFAULT, hold = 0;
	unsigned int i;

	if (!m->no &&
	    (rules_get_time(m, "POLL", CONFIG_IFC_POLL_MIN, CONFIG_IFC_POLL_MAX,
		      &poll, e) ||
	     rules_get_time(m, "HOLD", CONFIG_IFC_HOLD_MIN, CONFIG_IFC_HOLD_MAX,
		      &hold, e)))
		return -1;
	if (grammar_arg(m, "HOLD", 0, &i) && !m->no && hold < 5 * poll)
		return bad_word(e, m, i, "at least five polltimes");
	if (!hold)
		hold = 5 * poll > CONFIG_IFC_HOLD_DEFAULT ?
		       5 * poll : CONFIG_IFC_HOLD_DEFAULT;
	c->ifc_poll_ms = poll;
	c->ifc_hold_ms = hold;
	return 0;
}

static int set_ifc_policy(struct fo_config *c, const struct fo_match *m,
			  struct fo_error *e)
{
	const char *word = grammar_arg(m, "POLICY", 0, NULL);
	bool percent = !m->no && word && strchr(word, '%');
	uint32_t n = m->no || !word ? CONFIG_IFC_POLICY : atoi(word);

	(void)e;
	c->ifc_policy = percent ? 0 : n;
	c->ifc_policy_percent = percent ? n : 0;
	return 0;
}

static int set_key_none(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	(void)e;
	if (m->no && c->key_mode != NF_FAILOVER_KEY_MODE_CLEAR)
		return 0;
	explicit_bzero(c->key, sizeof(c->key));
	c->key_mode = m->no ? NF_FAILOVER_KEY_MODE_UNSET :
			      NF_FAILOVER_KEY_MODE_CLEAR;
	return 0;
}

/* Only what the line says: files are read, and phrases derived, later. */
static int set_key(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e)
{
	struct fo_key *k = &c->key[has(m, "next")];
	const char *text = grammar_arg(m, "PATH", 0, NULL);

	(void)e;
	explicit_bzero(k, sizeof(*k));
	if (m->no) {
		/* without its key the next one is of no use */
		if (k == c->key)
			explicit_bzero(c->key, sizeof(c->key));
		if (k == c->key)
			c->key_mode = NF_FAILOVER_KEY_MODE_UNSET;
		return 0;
	}
	k->line = m->line;
	k->kind = KEY_FILE;
	if (!text) {
		text = grammar_arg(m, "HEX", 0, NULL);
		k->kind = text ? KEY_HEX : KEY_PHRASE;
	}
	if (!text)
		text = grammar_arg(m, "PHRASE", 0, NULL);
	strcpy(k->text, text);
	c->key_mode = NF_FAILOVER_KEY_MODE_SECRET;
	return 0;
}

static int set_ethertype(struct fo_config *c, const struct fo_match *m,
			 struct fo_error *e)
{
	(void)e;
	c->ethertype = m->no ? CONFIG_ETHERTYPE :
		       strtoul(grammar_arg(m, "TYPE", 0, NULL), NULL, 0);
	return 0;
}

static struct fo_ifc *get_ifc(struct fo_config *c, const struct fo_match *m,
			      struct fo_error *e)
{
	struct fo_ifc *ifc = config_ifc_add(c, m->dev);

	if (!ifc)
		error_set(e, m->line, 0, "out of memory");
	else if (!ifc->line)
		ifc->line = m->line;
	return ifc;
}

static int set_interface(struct fo_config *c, const struct fo_match *m,
			 struct fo_error *e)
{
	struct fo_match own = *m;

	own.dev = grammar_arg(m, "DEV", 0, NULL);
	if (!m->no)
		return get_ifc(c, &own, e) ? 0 : -1;
	config_ifc_del(c, own.dev);
	return 0;
}

/* As on the ASA, "no nameif" also takes the addresses away. */
static int set_nameif(struct fo_config *c, const struct fo_match *m,
		      struct fo_error *e)
{
	struct fo_ifc *ifc;

	if (m->no) {
		config_ifc_del(c, m->dev);
		return 0;
	}
	ifc = get_ifc(c, m, e);
	if (!ifc)
		return -1;
	strcpy(ifc->nameif, grammar_arg(m, "NAME", 0, NULL));
	ifc->line = m->line;
	return 0;
}

static int del_address(struct fo_config *c, const struct fo_match *m,
		       int family)
{
	struct fo_ifc *ifc = config_ifc(c, m->dev);
	bool one = has(m, "ADDR6/LEN");
	struct fo_addr a;

	if (!ifc)
		return 0;
	if (one)
		rules_get_addr(m, &a);
	config_addr_del(ifc->addr, &ifc->n_addrs, family,
			one ? a.active : NULL);
	return 0;
}

/* One IPv4 address, as on the ASA, and several of IPv6. */
static int set_address(struct fo_config *c, const struct fo_match *m,
		       struct fo_error *e)
{
	int family = has(m, "ipv6") ? AF_INET6 : AF_INET;
	struct fo_ifc *ifc;
	struct fo_addr a;

	if (m->no)
		return del_address(c, m, family);
	ifc = get_ifc(c, m, e);
	if (!ifc)
		return -1;
	rules_get_addr(m, &a);
	if (!config_addr_set(ifc->addr, &ifc->n_addrs, &a, family == AF_INET))
		return error_set(e, m->line, 0,
				 "interface %s: expected at most %d addresses",
				 ifc->ifname, CONFIG_ADDRS_MAX);
	return 0;
}

/* The ASA names the device here; a nameif is the same on both units. */
static struct fo_ifc *mac_ifc(struct fo_config *c, const struct fo_match *m,
			      struct fo_error *e)
{
	unsigned int i;
	const char *name = grammar_arg(m, "NAME", 0, &i);
	struct fo_ifc *ifc = config_nameif(c, name);

	if (!ifc)
		ifc = config_ifc(c, name);
	if (!ifc)
		bad_word(e, m, i, "the nameif or device of an interface above");
	return ifc;
}

static int set_mac(struct fo_config *c, const struct fo_match *m,
		   struct fo_error *e)
{
	struct fo_ifc *ifc = mac_ifc(c, m, e);

	if (!ifc)
		return -1;
	ifc->mac = (struct fo_macs) { .active = { 0 } };
	ifc->mac_line = m->line;
	if (m->no)
		return 0;
	mac_parse(grammar_arg(m, "MAC", 0, NULL), ifc->mac.active);
	mac_parse(grammar_arg(m, "MAC", 1, NULL), ifc->mac.standby);
	return 0;
}

static int set_mac_auto(struct fo_config *c, const struct fo_match *m,
			struct fo_error *e)
{
	(void)e;
	c->mac_line = m->line;
	c->mac_auto = m->no ? 0 : atoi(grammar_arg(m, "PAIR", 0, NULL));
	return 0;
}

static int set_monitor(struct fo_config *c, const struct fo_match *m,
		       struct fo_error *e)
{
	unsigned int i;
	const char *name = grammar_arg(m, "NAME", 0, &i);
	struct fo_ifc *ifc = config_nameif(c, name);

	if (!ifc)
		return bad_word(e, m, i, "the nameif of an interface above");
	ifc->monitored = !m->no;
	name = grammar_arg(m, "WEIGHT", 0, &i);
	ifc->weight = name && !m->no ? atoi(name) : 1;
	return 0;
}

static int set_wait_disable(struct fo_config *c, const struct fo_match *m,
			    struct fo_error *e)
{
	(void)e;
	c->wait_disable = !m->no;
	return 0;
}

static int set_exec_clear(struct fo_config *c, const struct fo_match *m,
			  struct fo_error *e)
{
	(void)e;
	c->exec_clear = !m->no;
	return 0;
}

/* Whether a line of the shell begins with this word. */
static bool is_first_word(const char *word)
{
	const struct fo_rule *r = grammar_rules;
	size_t n = strlen(word);
	const char *p;

	for (; r < grammar_rules + grammar_n_rules; r++) {
		p = r->set ? r->set : r->no;
		p += strncmp(p, "failover ", 9) ? 0 : 9;
		if (strcspn(p, " ") == n && !memcmp(p, word, n))
			return true;
	}
	return !strcmp(word, "failover") || !strcmp(word, "no");
}

static void del_exec(struct fo_config *c, const char *name)
{
	struct fo_exec_line *x = (void *)config_exec(c, name);

	if (!x)
		return;
	c->n_execs--;
	memmove(x, x + 1, (char *)(c->exec + c->n_execs) - (char *)x);
}

/* The words from @i on, with a space between; false when they do not fit. */
static bool join_words(const struct fo_match *m, unsigned int i, char *to,
		       size_t size)
{
	size_t at = 0;

	for (; i < m->words->n && at < size; i++)
		at += snprintf(to + at, size - at, "%s%s", at ? " " : "",
			       m->words->w[i]);
	return at < size;
}

/* At the shell a word may be anything; in a file it is read back. */
bool rules_is_plain(const struct fo_match *m, unsigned int i)
{
	const char *p;

	for (; i < m->words->n; i++) {
		if (!m->words->w[i][0])
			return false;
		for (p = m->words->w[i]; *p; p++)
			if ((unsigned char)*p <= ' ' || *p == 0x7f ||
			    strchr("#!\"'\\", *p))
				return false;
	}
	return true;
}

static int set_exec(struct fo_config *c, const struct fo_match *m,
		    struct fo_error *e)
{
	struct fo_exec_line x = { .name = "" };
	unsigned int i, path;
	const char *name = grammar_arg(m, "NAME", 0, &i);

	if (m->no && !name) {
		c->n_execs = 0;
		return 0;
	}
	if (m->no) {
		del_exec(c, name);
		return 0;
	}
	grammar_arg(m, "PATH", 0, &path);
	if (is_first_word(name))
		return bad_word(e, m, i, "a name that is no word of failover");
	strcpy(x.name, name);
	if (!rules_is_plain(m, path) ||
	    !join_words(m, path, x.command, sizeof(x.command)))
		return bad_word(e, m, path,
				"a path and arguments of 255 characters, without blanks and quotes in them");
	del_exec(c, name);
	if (c->n_execs == CONFIG_EXECS)
		return error_set(e, m->line, 0, "expected at most %d commands",
				 CONFIG_EXECS);
	c->exec[c->n_execs++] = x;
	return 0;
}

#define SHELL(verb_, pattern_, help_) \
	{ .set = pattern_, .place = FO_SHELL, .verb = FO_VERB_##verb_, \
	  .help = help_ }
#define LATER(pattern_, no_, what_) \
	{ .set = pattern_, .no = no_, .later = what_ }

/* Of a tracked object: how often it is looked at, how often it is to be so. */
#define EVERY	"[interval [msec] INTERVAL]"
#define TIMES	"[rise RISE] [fall FALL] [weight WEIGHT]"
#define TCPPORTS "TCPPORT [TCPPORT [TCPPORT [TCPPORT [TCPPORT [TCPPORT [TCPPORT [TCPPORT]]]]]]]"
#define FILTER	"[protocol PROTOCOL] [port PORTS] [address PREFIX] [zone ZONE] [mark MARK]"

/* Of routes; see route.c. */
#define PROTOCOLS "static|zebra|bird|babel|bgp|isis|ospf|rip|eigrp"

const struct fo_rule grammar_rules[] = {
	{ .set = "failover lan unit primary|secondary",
	  .no = "failover lan unit [primary|secondary]",
	  .apply = set_unit, .help = "which half of the pair this unit is" },
	{ .set = "failover lan interface NAME DEV",
	  .no = "failover lan interface [NAME [DEV [transport udp [port PORT]]]]",
	  .apply = rules_set_link, .help = "the failover link: hellos, roles" },
	{ .set = "failover lan interface NAME DEV transport udp [port PORT]",
	  .apply = rules_set_link,
	  .help = "the same in UDP, also through routers (port 7789)" },
	{ .set = "failover link NAME DEV",
	  .no = "failover link [NAME [DEV [transport udp [port PORT]]]]",
	  .apply = rules_set_link,
	  .help = "the state link; by default the failover link" },
	{ .set = "failover link NAME DEV transport udp [port PORT]",
	  .apply = rules_set_link, .help = "the same in UDP" },
	{ .set = "failover backup link NAME DEV",
	  .no = "failover backup link [NAME [DEV [transport udp [port PORT]]]]",
	  .apply = rules_set_link,
	  .help = "a further link: hellos, and state while its own is silent" },
	{ .set = "failover backup link NAME DEV transport udp [port PORT]",
	  .apply = rules_set_link, .help = "the same in UDP" },
	{ .set = "failover interface ip NAME ADDR/LEN standby ADDR",
	  .no = "failover interface ip NAME [...]", .apply = rules_set_link_ip,
	  .help = "addresses of a link: the primary's, the secondary's" },
	{ .set = "failover interface ip NAME ADDR MASK standby ADDR",
	  .apply = rules_set_link_ip },
	{ .set = "failover interface ip NAME ADDR6/LEN standby ADDR6",
	  .apply = rules_set_link_ip },
	{ .set = "failover interface ip NAME standby", .apply = rules_set_link_ip },
	{ .set = "failover polltime [unit] [msec] POLL [holdtime [msec] HOLD]",
	  .no = "failover polltime [unit] [[msec] POLL [holdtime [msec] HOLD]]",
	  .apply = set_polltime,
	  .help = "time between hellos, and without them until the peer is lost" },
	{ .set = "failover replication connections",
	  .no = "failover replication connections", .apply = set_replicated,
	  .help = "replicate connections (default)" },
	{ .set = "failover replication neighbours",
	  .no = "failover replication neighbours", .apply = set_replicated,
	  .help = "replicate ARP and IPv6 ND entries (default)" },
	{ .set = "failover replication objects",
	  .no = "failover replication objects", .apply = set_replicated,
	  .help = "replicate what \"failover object\" writes (default)" },
	{ .set = "failover replication nft-set inet|ip|ip6|arp|bridge|netdev NAME NAME",
	  .no = "failover replication nft-set [inet|ip|ip6|arp|bridge|netdev NAME NAME]",
	  .apply = rules_set_nft_set,
	  .help = "elements with timeouts of a set of nftables: TABLE SET" },
	{ .set = "failover replication route " PROTOCOLS " [table TABLE]",
	  .no = "failover replication route [" PROTOCOLS " [table TABLE]]",
	  .apply = rules_set_route,
	  .help = "routes of a protocol, for a unit that takes over (none)" },
	{ .set = "failover replication route protocol PROTOCOL [table TABLE]",
	  .no = "failover replication route protocol PROTOCOL [table TABLE]",
	  .apply = rules_set_route, .help = "the same by its number" },
	{ .set = "failover replication route timeout HH:MM:SS",
	  .no = "failover replication route timeout [HH:MM:SS]",
	  .apply = rules_set_route_timeout,
	  .help = "how long a new active unit keeps those of a routing daemon (0:01:10)" },
	{ .set = "failover replication ipsec [keys]",
	  .no = "failover replication ipsec [keys]", .apply = set_ipsec,
	  .help = "how far IPsec SAs have come (default); themselves and policies, too" },
	{ .set = "failover replication gtp",
	  .no = "failover replication gtp", .apply = set_replicated,
	  .help = "PDP contexts of gtp devices, for a unit that takes over" },
	{ .set = "failover replication expectations",
	  .no = "failover replication expectations", .apply = set_replicated,
	  .help = "replicate what helpers expect (default)" },
	{ .set = "failover replication tcp from established|syn-sent",
	  .no = "failover replication tcp [from [established|syn-sent]]",
	  .apply = set_tcp_from,
	  .help = "state from which on TCP connections are replicated" },
	{ .set = "failover replication datagram from reply|new",
	  .no = "failover replication datagram [from [reply|new]]",
	  .apply = set_datagram_from,
	  .help = "packet from which on other flows are replicated" },
	{ .set = "failover replication rate RATE [kbit|mbit|gbit]",
	  .no = "failover replication rate [RATE [kbit|mbit|gbit]]",
	  .apply = set_rate, .help = "most of a bulk sync (no limit)" },
	{ .set = "failover replication accounting SECONDS",
	  .no = "failover replication accounting [SECONDS]",
	  .apply = set_accounting,
	  .help = "send packet and byte counters so often (never)" },
	{ .set = "failover replication http", .no = "failover replication http",
	  .apply = rules_set_http,
	  .help = "replicate HTTP connections, too (off by default, as on the ASA)" },
	{ .set = "failover replication http-port " TCPPORTS,
	  .no = "failover replication http-port [" TCPPORTS "]",
	  .apply = rules_set_http_port,
	  .help = "TCP ports that are HTTP (80)" },
	{ .set = "failover replication include|exclude any",
	  .no = "failover replication include|exclude [any]",
	  .apply = rules_set_filter,
	  .help = "connections that are replicated, or not; the first rule that fits decides" },
	{ .set = "failover replication include|exclude " FILTER,
	  .no = "failover replication include|exclude " FILTER,
	  .apply = rules_set_filter, .help = "the same of some" },
	{ .set = "failover replication delay SECONDS",
	  .no = "failover replication delay [SECONDS]",
	  .apply = rules_set_delay,
	  .help = "a connection is told of when it has lived so long (0)" },
	{ .set = "failover ethertype TYPE",
	  .no = "failover ethertype [TYPE]", .apply = set_ethertype,
	  .help = "EtherType of the frames on the links (0x88b5)" },
	{ .set = "failover preempt [DELAY]", .no = "failover preempt [DELAY]",
	  .apply = set_preempt,
	  .help = "the primary takes the active role back, after seconds" },
	{ .set = "failover hold-down TAKEOVERS SECONDS",
	  .no = "failover hold-down [TAKEOVERS [SECONDS]]",
	  .apply = set_hold_down,
	  .help = "more takeovers in that time hold preemption down (3 60)" },
	{ .set = "failover timeout HH:MM:SS",
	  .no = "failover timeout [HH:MM:SS]", .apply = rules_set_reconnect,
	  .help = "a new active unit lets in TCP without state; -1: always" },
	{ .set = "failover wait-disable", .no = "failover wait-disable",
	  .apply = set_wait_disable,
	  .help = "as on the ASA; there is no such wait in any case" },
	{ .set = "failover exec allow NAME PATH [...]",
	  .no = "failover exec allow [NAME [PATH [...]]]", .apply = set_exec,
	  .help = "what \"failover exec\" of the other unit may run here" },
	{ .set = "failover exec clear-text", .no = "failover exec clear-text",
	  .apply = set_exec_clear,
	  .help = "\"failover exec\" also with \"failover key none\": UNSAFE" },
	{ .set = "failover key none", .no = "failover key none",
	  .apply = set_key_none,
	  .help = "no key: frames on the links are in CLEAR TEXT" },
	{ .set = "failover key file PATH", .no = "failover key [file PATH]",
	  .apply = set_key,
	  .help = "the key of the links, in a file that only root can read" },
	{ .set = "failover key hex HEX", .no = "failover key hex HEX",
	  .apply = set_key,
	  .help = "the key itself, 64 hexadecimal digits" },
	{ .set = "failover key next file PATH",
	  .no = "failover key next [file PATH]", .apply = set_key,
	  .help = "the key that is to replace it: both are accepted meanwhile" },
	{ .set = "failover key next hex HEX",
	  .no = "failover key next hex HEX", .apply = set_key },
	{ .set = "failover key next PHRASE", .apply = set_key },
	{ .set = "failover key PHRASE", .apply = set_key,
	  .help = "a pass phrase that the key is made of" },
	{ .set = "interface DEV", .no = "interface DEV",
	  .apply = set_interface,
	  .help = "the lines below it are about this device" },
	{ .set = "nameif NAME", .no = "nameif [NAME]", .place = FO_SUB,
	  .apply = set_nameif, .help = "name of the interface" },
	{ .set = "ip address ADDR/LEN [standby ADDR]",
	  .no = "ip address [...]", .place = FO_SUB, .apply = set_address,
	  .help = "address of the active unit, and of the standby unit" },
	{ .set = "ip address ADDR MASK [standby ADDR]", .place = FO_SUB,
	  .apply = set_address },
	{ .set = "ipv6 address ADDR6/LEN [standby ADDR6]",
	  .no = "ipv6 address [ADDR6/LEN [standby ADDR6]]", .place = FO_SUB,
	  .apply = set_address, .help = "the same for IPv6; may be repeated" },
	/* ASA lines that need nothing done on Linux */
	{ .set = "description ...", .no = "description [...]",
	  .place = FO_SUB, .help = "for people; not kept" },
	{ .no = "shutdown", .place = FO_SUB },
	{ .no = "security-level [...]", .place = FO_SUB },
	{ .set = "monitor-interface NAME [weight WEIGHT]",
	  .no = "monitor-interface NAME [weight WEIGHT]", .apply = set_monitor,
	  .help = "the interface counts for the health of the unit (default), as so many" },
	{ .set = "failover polltime interface [msec] POLL [holdtime [msec] HOLD]",
	  .no = "failover polltime interface [[msec] POLL [holdtime [msec] HOLD]]",
	  .apply = set_ifc_polltime,
	  .help = "interfaces are tested: time between hellos, and without any" },
	{ .set = "failover interface-policy POLICY",
	  .no = "failover interface-policy [POLICY]",
	  .apply = set_ifc_policy,
	  .help = "so many failed interfaces, or more than N%, are too many" },
	{ .set = "failover track TRACK script PATH " EVERY " [timeout [msec] TIMEOUT] " TIMES,
	  .no = "failover track [TRACK [...]]", .apply = rules_set_track,
	  .help = "a script that succeeds, as one more monitored interface" },
	{ .set = "failover track TRACK process PROGRAM [at-least PROCESSES] " EVERY " " TIMES,
	  .apply = rules_set_track, .help = "processes that run" },
	{ .set = "failover track TRACK file PATH [contains TEXT] [at-least VALUE] " EVERY " " TIMES,
	  .apply = rules_set_track,
	  .help = "a file that is there, has a text or a number in it" },
	{ .set = "failover track TRACK route ADDR/LEN [via ADDR] [dev DEV] [table TABLE] " EVERY " " TIMES,
	  .apply = rules_set_track, .help = "a route that leads somewhere" },
	{ .set = "failover track TRACK route ADDR6/LEN [via ADDR6] [dev DEV] [table TABLE] " EVERY " " TIMES,
	  .apply = rules_set_track },
	{ .set = "failover track TRACK bfd ADDR [dev DEV] [socket SOCKET] " EVERY " " TIMES,
	  .apply = rules_set_track, .help = "a BFD session of BIRD that is up" },
	{ .set = "failover track TRACK bfd ADDR6 [dev DEV] [socket SOCKET] " EVERY " " TIMES,
	  .apply = rules_set_track },
	{ .set = "failover mac address auto PAIR",
	  .no = "failover mac address auto [PAIR]", .apply = set_mac_auto,
	  .help = "MACs of all other interfaces, from the number of the pair" },
	{ .set = "failover mac address NAME MAC MAC",
	  .no = "failover mac address NAME [MAC MAC]", .apply = set_mac,
	  .help = "MAC of the active unit, and of the standby unit" },
	{ .set = "failover", .no = "failover", .apply = set_enabled,
	  .help = "switch failover on; with no: off" },

	/* accepted by later issues, which fill .apply and clear .later */
	LATER("failover ipsec ...", "failover ipsec [...]",
	      "the replication of IPsec"),

	SHELL(SHOW, "failover show", "state of the pair"),
	SHELL(SHOW_CONFIG, "failover show running-config",
	      "configuration that is in force"),
	SHELL(SHOW_COUNTERS, "failover show counters", "all counters"),
	SHELL(SHOW_HISTORY, "failover show history [details]",
	      "changes of state, and why; with those of the other unit"),
	SHELL(SHOW_STATE, "failover show state",
	      "both units and their last failures"),
	SHELL(SHOW_STATISTICS,
	      "failover show statistics [events|unit|bulk-sync|interface]",
	      "of the link, or of one of these"),
	SHELL(SHOW_INTERFACE, "failover show interface",
	      "links and their addresses"),
	SHELL(SHOW_MONITOR, "failover show monitor-interface",
	      "health of the interfaces of both units"),
	SHELL(SHOW_TRACK, "failover show track",
	      "tracked objects of both units"),
	{ .set = "failover active", .no = "failover active",
	  .place = FO_SHELL, .verb = FO_VERB_ACTIVE,
	  .help = "become active; with no: hand over to the other unit" },
	SHELL(RESET, "failover reset [mate]",
	      "forget that a unit failed, and end the hold-down"),
	SHELL(RELOAD, "failover reload-standby",
	      "switch failover off and on again on the standby"),
	SHELL(EXEC, "failover exec active|standby|mate ...",
	      "run a command of failover, or an allowed one, on that unit"),
	SHELL(OBJECT_PUT,
	      "failover object put SPACE KEY BYTES [lifetime LIFETIME]",
	      "replicate a value; BYTES: text, hex:DIGITS, @FILE, - for stdin"),
	SHELL(OBJECT_GET, "failover object get SPACE KEY [raw]",
	      "print a value as put takes it, or its bytes; 1: there is none"),
	SHELL(OBJECT_DELETE, "failover object delete SPACE KEY",
	      "delete a value; 1: there is none"),
	SHELL(OBJECT_LIST, "failover object list [SPACE]",
	      "keys, values, and the seconds that they still live"),
	SHELL(OBJECT_WATCH, "failover object watch [SPACE]",
	      "print changes as they come, until interrupted"),
	SHELL(WRITE, "failover write [FILE]",
	      "keep the configuration that is in force"),
	SHELL(CONFIGURE, "failover configure FILE",
	      "replace the configuration by that of a file, - is stdin"),
	SHELL(CHECK, "failover check config FILE",
	      "check a file; needs no module, root or daemon"),
	SHELL(HEALTH, "failover check",
	      "is all well? one line and exit status for a monitoring system"),
	SHELL(CHECK_LINK, "failover check link [NAME] [count COUNT]",
	      "send echoes over the links: reach, round trip, loss, path MTU"),
	SHELL(MONITOR, "failover monitor",
	      "print events as they come, until interrupted"),
	SHELL(PROMPT, "failover prompt [hostname|priority|state [hostname|priority|state [hostname|priority|state]]]",
	      "words for the prompt of a shell (hostname priority state)"),
	SHELL(GENKEY, "failover genkey [FILE]",
	      "make a new key, in a file that only root can read"),
	SHELL(RESYNC, "failover resync",
	      "send all state to the standby once more"),
	SHELL(HELP, "failover help [...]", "lines that begin with these words"),
};

const unsigned int grammar_n_rules = ARRAY_SIZE(grammar_rules);

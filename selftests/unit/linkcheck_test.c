// SPDX-License-Identifier: GPL-2.0
/* What a link is worth, and what is in its way: linkcheck.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "linkcheck.h"
#include "test.h"

bool nl_peer_alive(const struct fo_show *show)
{
	return show->other.known && show->other.alive;
}

/* A pair that is well, over UDP. */
static void make(struct fo_show *s, struct linkcheck *c)
{
	struct fo_link *l = &s->config.link[0];
	struct fo_link_ip *ip = &s->config.link_ip[0];

	memset(s, 0, sizeof(*s));
	s->config.enabled = true;
	s->config.key_mode = NF_FAILOVER_KEY_MODE_SECRET;
	s->config.poll_ms = 200;
	s->config.hold_ms = 800;
	s->config.ethertype = 0x88b5;
	s->other.known = true;
	s->other.alive = true;
	strcpy(l->name, "L");
	strcpy(l->ifname, "eth3");
	l->transport = NF_FAILOVER_TRANSPORT_UDP;
	l->port = 7789;
	l->status = NF_FAILOVER_LINK_STATUS_PEER_ALIVE;
	l->mtu = 1500;
	l->headers = 28;
	l->frame_age = 10;
	strcpy(ip->name, "L");
	ip->n_addrs = 1;
	ip->addr[0] = (struct fo_addr) { .family = AF_INET, .prefix = 24,
					 .has_standby = true,
					 .active = { 10, 1, 0, 1 },
					 .standby = { 10, 2, 0, 1 } };
	*c = (struct linkcheck) {
		.up = true, .carrier = true, .sent = 20, .back = 20,
		.min_us = 100, .avg_us = 200, .max_us = 300, .longest = 1472,
	};
}

/* How the well pair is changed, and what is said then. */
struct row {
	const char	*what;
	void		(*change)(struct fo_show *s, struct linkcheck *c);
	int		level;
	const char	*stage;
	bool		open;
	bool		icmp;
};

static struct fo_link *link_of(struct fo_show *s)
{
	return &s->config.link[0];
}

static void nothing(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	(void)c;
}

static void off(struct fo_show *s, struct linkcheck *c)
{
	(void)c;
	s->config.enabled = false;
}

static void no_key(struct fo_show *s, struct linkcheck *c)
{
	(void)c;
	s->config.key_mode = NF_FAILOVER_KEY_MODE_UNSET;
}

static void none_back(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->back = 0;
	c->longest = 0;
}

static void no_netdev(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	c->up = false;
	link_of(s)->mtu = 0;
	link_of(s)->status = NF_FAILOVER_LINK_STATUS_DOWN;
	strcpy(link_of(s)->mismatch, "there is no such netdev");
}

static void down(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	c->up = false;
	c->carrier = false;
	link_of(s)->status = NF_FAILOVER_LINK_STATUS_DOWN;
}

static void no_carrier(struct fo_show *s, struct linkcheck *c)
{
	down(s, c);
	c->up = true;
}

static void no_route(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	strcpy(link_of(s)->warning, "frames cannot be sent: no route");
}

/* Not as if that were what is in the way. */
static void stray_address(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	strcpy(link_of(s)->warning, "has the address 192.0.2.1");
}

static void silent(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	s->other.alive = false;
	link_of(s)->status = NF_FAILOVER_LINK_STATUS_PEER_SILENT;
	link_of(s)->frame_age = 1001;
}

static void nobody_ever(struct fo_show *s, struct linkcheck *c)
{
	silent(s, c);
	link_of(s)->status = NF_FAILOVER_LINK_STATUS_UP;
	link_of(s)->frame_age = CONFIG_NO_FRAME;
}

/* Five polls are no silence yet. */
static void lately(struct fo_show *s, struct linkcheck *c)
{
	silent(s, c);
	link_of(s)->frame_age = 1000;
}

static void bad_key(struct fo_show *s, struct linkcheck *c)
{
	lately(s, c);
	c->bad_keys = true;
}

static void refused(struct fo_show *s, struct linkcheck *c)
{
	lately(s, c);
	link_of(s)->status = NF_FAILOVER_LINK_STATUS_MISMATCH;
	strcpy(link_of(s)->mismatch, "the other unit has another key");
}

static void cannot(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	strcpy(c->error, "Operation not permitted");
}

/* A stranger's frame beside a peer that is heard is no matter of keys. */
static void stranger(struct fo_show *s, struct linkcheck *c)
{
	none_back(s, c);
	c->bad_keys = true;
}

static void some_lost(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->back = 19;
}

static void narrow(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->longest = 1372;
}

static void too_narrow(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->longest = 1280 - 28 - 1;
}

/* As long as frames may be; the netdev could more. */
static void jumbo(struct fo_show *s, struct linkcheck *c)
{
	c->longest = 9000;
	link_of(s)->mtu = 65535;
}

static void narrow_jumbo(struct fo_show *s, struct linkcheck *c)
{
	c->longest = 8999;
	link_of(s)->mtu = 65535;
}

static void slow(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->max_us = 400000;
}

static void too_slow(struct fo_show *s, struct linkcheck *c)
{
	(void)s;
	c->max_us = 800000;
}

static void shared(struct fo_show *s, struct linkcheck *c)
{
	(void)c;
	strcpy(link_of(s)->warning, "has the address 192.0.2.1");
}

static const struct row rows[] = {
	{ "well", nothing, HEALTH_OK, NULL, false, false },
	{ "off", off, HEALTH_UNKNOWN, "off", false, false },
	{ "no key", no_key, HEALTH_CRITICAL, "key", false, false },
	{ "no netdev", no_netdev, HEALTH_CRITICAL, "netdev", false, false },
	{ "down", down, HEALTH_CRITICAL, "down", false, false },
	{ "no carrier", no_carrier, HEALTH_CRITICAL, "carrier", false, false },
	{ "no route", no_route, HEALTH_CRITICAL, "send", false, false },
	{ "stray", stray_address, HEALTH_CRITICAL, "one-way", true, false },
	{ "silent", silent, HEALTH_CRITICAL, "silent", true, false },
	{ "nobody", nobody_ever, HEALTH_CRITICAL, "silent", true, false },
	{ "handshake", lately, HEALTH_CRITICAL, "handshake", true, false },
	{ "bad key", bad_key, HEALTH_CRITICAL, "key", false, false },
	{ "refused", refused, HEALTH_CRITICAL, "refused", false, false },
	{ "cannot", cannot, HEALTH_CRITICAL, "send", false, false },
	{ "one way", none_back, HEALTH_CRITICAL, "one-way", true, false },
	{ "stranger", stranger, HEALTH_CRITICAL, "one-way", true, false },
	{ "lost", some_lost, HEALTH_WARNING, "loss", false, false },
	{ "narrow", narrow, HEALTH_WARNING, "mtu", false, true },
	{ "too narrow", too_narrow, HEALTH_CRITICAL, "mtu", false, true },
	{ "jumbo", jumbo, HEALTH_OK, NULL, false, false },
	{ "narrow jumbo", narrow_jumbo, HEALTH_WARNING, "mtu", false, true },
	{ "slow", slow, HEALTH_WARNING, "latency", false, false },
	{ "too slow", too_slow, HEALTH_CRITICAL, "latency", false, false },
	{ "shared", shared, HEALTH_WARNING, "warning", false, false },
};

static void each_stage(void **state)
{
	const struct row *r;
	struct linkverdict v;
	struct linkcheck c;
	struct fo_show s;

	(void)state;
	for (r = rows; r < rows + sizeof(rows) / sizeof(*rows); r++) {
		make(&s, &c);
		r->change(&s, &c);
		linkcheck_judge(&v, &s, link_of(&s), &c);
		if (v.level != (enum health_level)r->level ||
		    v.open != r->open || v.icmp != r->icmp ||
		    !v.stage != !r->stage ||
		    (v.stage && strcmp(v.stage, r->stage)))
			fail_msg("%s: %d %s %d %d: %s", r->what, v.level,
				 v.stage ? v.stage : "-", v.open, v.icmp,
				 v.text);
		assert_true(v.text[0]);
	}
}

static void path(void **state)
{
	char what[LINKCHECK_TEXT_MAX], rule[LINKCHECK_TEXT_MAX];
	struct linkcheck c;
	struct fo_show s;

	(void)state;
	make(&s, &c);
	assert_true(linkcheck_path(&s, link_of(&s), what, rule, sizeof(what)));
	assert_string_equal(what, "UDP port 7789 between 10.1.0.1 and 10.2.0.1, both ways");
	assert_string_equal(rule, "nft add rule inet filter forward ip saddr { 10.1.0.1, 10.2.0.1 } ip daddr { 10.1.0.1, 10.2.0.1 } udp sport 7789 udp dport 7789 accept");
	s.config.link_ip[0].addr[0] = (struct fo_addr) {
		.family = AF_INET6, .prefix = 64, .has_standby = true,
		.active = { 0xfd, [15] = 1 }, .standby = { 0xfd, [15] = 2 },
	};
	assert_true(linkcheck_path(&s, link_of(&s), what, rule, sizeof(what)));
	assert_non_null(strstr(rule, "ip6 saddr { fd00::1, fd00::2 }"));
	s.config.link_ip[0].n_addrs = 0;
	assert_false(linkcheck_path(&s, link_of(&s), what, rule, sizeof(what)));
	link_of(&s)->transport = NF_FAILOVER_TRANSPORT_ETHERNET;
	assert_true(linkcheck_path(&s, link_of(&s), what, rule, sizeof(what)));
	assert_string_equal(what, "EtherType 0x88b5, both ways");
	assert_string_equal(rule, "nft add rule bridge filter forward ether type 0x88b5 accept");
}

struct pipe {
	uint32_t	widest;
	unsigned int	asked;
	int		breaks;
};

static int fits(void *ctx, uint32_t len)
{
	struct pipe *p = ctx;

	p->asked++;
	if (p->breaks && p->asked > 3)
		return p->breaks;
	return len <= p->widest;
}

static void longest(void **state)
{
	struct pipe p = { .widest = 64 };

	(void)state;
	for (; p.widest <= 9000; p.widest++) {
		p.asked = 0;
		assert_int_equal(linkcheck_longest(64, 9000, fits, &p),
				 p.widest);
		assert_in_range(p.asked, 1, 15);
	}
	/* the usual one at once, and what is narrower than that by itself */
	p = (struct pipe) { .widest = 9000 };
	assert_int_equal(linkcheck_longest(64, 1472, fits, &p), 1472);
	assert_int_equal(p.asked, 1);
	assert_int_equal(linkcheck_longest(64, 64, fits, &p), 64);
	assert_int_equal(p.asked, 1);
	p = (struct pipe) { .widest = 1000, .breaks = -ENOTCONN };
	assert_int_equal(linkcheck_longest(64, 9000, fits, &p), -ENOTCONN);
}

static void mtu(void **state)
{
	struct linkcheck c;
	struct fo_show s;

	(void)state;
	make(&s, &c);
	assert_int_equal(linkcheck_mtu(link_of(&s), &c), 1500);
	c.longest = 0;
	assert_int_equal(linkcheck_mtu(link_of(&s), &c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_stage),
		cmocka_unit_test(path),
		cmocka_unit_test(longest),
		cmocka_unit_test(mtu),
	};

	return cmocka_run_group_tests_name("linkcheck", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What a link is worth, and what is in its way. Pure.
 *
 * The stages are in the order in which a frame passes them: the first one that
 * fails is what to repair.
 */
#include "linkcheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* So begins a warning of the kernel, which goes on with the reason. */
#define NOT_SENT	"frames cannot be sent"
/* A frame that came longer ago than this many polls is no news. */
#define POLLS_OF_NEWS	5

static void say(struct linkverdict *v, enum health_level level,
		const char *stage, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void say(struct linkverdict *v, enum health_level level,
		const char *stage, const char *fmt, ...)
{
	va_list ap;

	v->level = level;
	v->stage = stage;
	va_start(ap, fmt);
	vsnprintf(v->text, sizeof(v->text), fmt, ap);
	va_end(ap);
}

/* The netdev, as far as this unit alone can tell. */
static bool judge_netdev(struct linkverdict *v, const struct fo_link *l,
			 const struct linkcheck *c)
{
	if (l->status == NF_FAILOVER_LINK_STATUS_DOWN && l->mismatch[0] &&
	    !l->mtu)
		say(v, HEALTH_CRITICAL, "netdev", "%s: %s", l->ifname,
		    l->mismatch);
	else if (!c->up)
		say(v, HEALTH_CRITICAL, "down", "%s is down: ip link set %s up",
		    l->ifname, l->ifname);
	else if (!c->carrier)
		say(v, HEALTH_CRITICAL, "carrier",
		    "%s has no carrier: the cable, or what is at its other end",
		    l->ifname);
	else if (!strncmp(l->warning, NOT_SENT, strlen(NOT_SENT)))
		say(v, HEALTH_CRITICAL, "send", "%s", l->warning);
	else
		return false;
	return true;
}

static bool frames_come(const struct fo_show *s, const struct fo_link *l)
{
	uint32_t news = s->config.hold_ms;

	if (news < POLLS_OF_NEWS * s->config.poll_ms)
		news = POLLS_OF_NEWS * s->config.poll_ms;
	return l->frame_age <= news;
}

static bool heard(const struct fo_show *s, const struct fo_link *l)
{
	return nl_peer_alive(s) &&
	       l->status == NF_FAILOVER_LINK_STATUS_PEER_ALIVE;
}

/* No echo has come back. What was heard tells where they may be lost. */
static void judge_dead(struct linkverdict *v, const struct fo_show *s,
		       const struct fo_link *l, const struct linkcheck *c)
{
	if (l->status == NF_FAILOVER_LINK_STATUS_MISMATCH) {
		say(v, HEALTH_CRITICAL, "refused",
		    "the other unit is heard, and cannot be paired with: %s",
		    l->mismatch);
		return;
	}
	if (!frames_come(s, l)) {
		say(v, HEALTH_CRITICAL, "silent",
		    "nothing of the other unit arrives");
		v->open = true;
	} else if (c->bad_keys && !heard(s, l)) {
		say(v, HEALTH_CRITICAL, "key",
		    "frames arrive that are under no key of this unit: is the key the same there?");
	} else if (!nl_peer_alive(s)) {
		say(v, HEALTH_CRITICAL, "handshake",
		    "frames of the other unit arrive, but no handshake comes to its end: what this unit sends is lost, or its key is another one");
		v->open = true;
	} else if (c->error[0]) {
		say(v, HEALTH_CRITICAL, "send", "no echo can be sent: %s",
		    c->error);
	} else {
		say(v, HEALTH_CRITICAL, "one-way", heard(s, l) ?
		    "the other unit is heard, but no echo comes back: what this unit sends is lost" :
		    "frames arrive, but none of the other unit's that is new, and no echo comes back");
		v->open = true;
	}
}

uint32_t linkcheck_mtu(const struct fo_link *l, const struct linkcheck *c)
{
	return c->longest ? c->longest + l->headers : 0;
}

/* The longest frame that is of use on the link; 0: there is no netdev. */
uint32_t linkcheck_frame_max(const struct fo_link *l)
{
	uint32_t max = l->mtu > l->headers ? l->mtu - l->headers : 0;

	return max < LINKCHECK_FRAME_MAX ? max : LINKCHECK_FRAME_MAX;
}

static double loss(const struct linkcheck *c)
{
	return 100.0 * (c->sent - c->back) / c->sent;
}

/* Some have come back; what is worst is said. */
static void judge_alive(struct linkverdict *v, const struct fo_show *s,
			const struct fo_link *l, const struct linkcheck *c)
{
	uint32_t mtu = linkcheck_mtu(l, c);
	uint64_t hold_us = s->config.hold_ms * 1000ULL;

	if (mtu && mtu < LINKCHECK_MTU_MIN) {
		say(v, HEALTH_CRITICAL, "mtu",
		    "the path takes packets of %u bytes only, which is less than %u",
		    mtu, LINKCHECK_MTU_MIN);
		v->icmp = true;
	} else if (c->max_us >= 1000000 || c->max_us >= hold_us) {
		say(v, HEALTH_CRITICAL, "latency",
		    "round trips have to take less than a second, and less than the hold time of %u ms",
		    s->config.hold_ms);
	} else if (c->back < c->sent) {
		say(v, HEALTH_WARNING, "loss", "%.1f%% of the frames are lost",
		    loss(c));
	} else if (mtu && c->longest < linkcheck_frame_max(l)) {
		say(v, HEALTH_WARNING, "mtu",
		    "the path takes packets of %u bytes, %s of %u", mtu,
		    l->ifname, l->mtu);
		v->icmp = true;
	} else if (c->max_us >= hold_us / 2) {
		say(v, HEALTH_WARNING, "latency",
		    "round trips are long for a hold time of %u ms",
		    s->config.hold_ms);
	} else if (l->warning[0]) {
		say(v, HEALTH_WARNING, "warning", "%s", l->warning);
	} else {
		say(v, HEALTH_OK, NULL, "frames pass both ways");
	}
}

/**
 * linkcheck_judge() - what a link is worth
 * @v: filled in
 * @s: the unit
 * @l: the link
 * @c: what was found out about it
 */
void linkcheck_judge(struct linkverdict *v, const struct fo_show *s,
		     const struct fo_link *l, const struct linkcheck *c)
{
	*v = (struct linkverdict) { .level = HEALTH_OK };
	if (!s->config.enabled)
		say(v, HEALTH_UNKNOWN, "off", "failover is off");
	else if (s->config.key_mode == NF_FAILOVER_KEY_MODE_UNSET)
		say(v, HEALTH_CRITICAL, "key",
		    "there is no key: failover key");
	else if (c->back)
		judge_alive(v, s, l, c);
	else if (!judge_netdev(v, l, c))
		judge_dead(v, s, l, c);
}

/**
 * linkcheck_path() - what has to pass, and the rule for that
 * @s: the unit
 * @l: the link
 * @what: one protocol and one port; of @size bytes
 * @rule: as nft takes it; of @size bytes
 * @size: LINKCHECK_TEXT_MAX or more
 *
 * Return: false when the link has no addresses.
 */
bool linkcheck_path(const struct fo_show *s, const struct fo_link *l,
		    char *what, char *rule, size_t size)
{
	const struct fo_addr *a = config_udp_addr(&s->config, l);
	char one[ADDR_TEXT_MAX], two[ADDR_TEXT_MAX];
	const char *ip;

	if (l->transport != NF_FAILOVER_TRANSPORT_UDP) {
		snprintf(what, size, "EtherType 0x%04x, both ways",
			 s->config.ethertype);
		snprintf(rule, size,
			 "nft add rule bridge filter forward ether type 0x%04x accept",
			 s->config.ethertype);
		return true;
	}
	if (!a)
		return false;
	ip = a->family == AF_INET6 ? "ip6" : "ip";
	addr_text(a->family, a->active, one);
	addr_text(a->family, a->standby, two);
	snprintf(what, size, "UDP port %u between %s and %s, both ways",
		 l->port, one, two);
	snprintf(rule, size,
		 "nft add rule inet filter forward %s saddr { %s, %s } %s daddr { %s, %s } udp sport %u udp dport %u accept",
		 ip, one, two, ip, one, two, l->port, l->port);
	return true;
}

/**
 * linkcheck_longest() - the longest frame that comes back
 * @from: a length that does
 * @to: the longest one to be tried
 * @fits: whether one does: 1, 0, or a negative error number
 * @ctx: for @fits
 *
 * Return: its length, or a negative error number.
 */
int linkcheck_longest(uint32_t from, uint32_t to,
		      int (*fits)(void *ctx, uint32_t len), void *ctx)
{
	uint32_t len = to;	/* most paths take that */
	int ret;

	while (from < to) {
		ret = fits(ctx, len);
		if (ret < 0)
			return ret;
		if (ret)
			from = len;
		else
			to = len - 1;
		len = from + (to - from + 1) / 2;
	}
	return from;
}

// SPDX-License-Identifier: GPL-2.0
/* "failover check link": echoes over each link, and what they tell. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "linkcheck.h"
#include "names.h"

/* The other unit answers 20 in 100 ms. */
#define ECHOES		20
#define INTERVAL_MS	20
/* What takes longer is no use: the handshake does not wait, either. */
#define LOST_MS		1000
/* How long one of another length is waited for: some round trips, and this. */
#define ROUND_TRIPS	4
#define AGAIN_MS	250
/* So often one of another length is sent, and when some are lost. */
#define TRIES		3
#define TRIES_LOSSY	6
#define FRAME_MIN	64

/* One link that is being looked at. */
struct probe {
	struct fo_nl		*nl;
	uint32_t		link;
	uint64_t		id;
	uint64_t		sum_us;
	struct linkcheck	found;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static void came_back(struct probe *p, const struct fo_echo *e)
{
	struct linkcheck *c = &p->found;
	uint64_t us = e->round_trip / 1000;

	if (e->link != p->link || e->length != FRAME_MIN || c->back == c->sent)
		return;
	c->back++;
	p->sum_us += us;
	if (c->back == 1 || us < c->min_us)
		c->min_us = us;
	if (us > c->max_us)
		c->max_us = us;
	c->avg_us = p->sum_us / c->back;
}

/* Takes what comes for so long, or until all are back. */
static int collect(struct probe *p, int ms, bool all)
{
	int64_t end = now_ms() + ms, left = ms;
	struct fo_echo e;
	int ret;

	while (left >= 0 && !(all && p->found.back == p->found.sent)) {
		ret = nl_echo_next(p->nl, &e, left);
		if (ret < 0)
			return ret;
		if (ret)
			came_back(p, &e);
		left = end - now_ms();
	}
	return 0;
}

/* A steady row of short ones. */
static void series(struct probe *p, unsigned int count)
{
	struct fo_echo e = { .link = p->link, .length = FRAME_MIN };
	int err = 0;

	while (count-- && !err) {
		e.id = ++p->id;
		err = nl_echo_send(p->nl, &e);
		if (err)
			break;
		p->found.sent++;
		err = collect(p, INTERVAL_MS, false);
		if (err)
			p->found.sent--;
	}
	if (err)
		snprintf(p->found.error, sizeof(p->found.error), "%s",
			 p->nl->error);
	/* of those before, some may be on their way */
	collect(p, LOST_MS, true);
}

/* Whether the echo @id comes back in time. */
static int wait_for(struct probe *p, uint64_t id, int ms)
{
	int64_t end = now_ms() + ms, left = ms;
	struct fo_echo e;
	int ret;

	while (left >= 0) {
		ret = nl_echo_next(p->nl, &e, left);
		if (ret < 0)
			return ret;
		if (ret && e.id == id)
			return 1;
		left = end - now_ms();
	}
	return 0;
}

static int fits(void *ctx, uint32_t len)
{
	struct probe *p = ctx;
	struct fo_echo e = { .link = p->link, .length = len };
	const struct linkcheck *c = &p->found;
	int ms = ROUND_TRIPS * c->max_us / 1000 + AGAIN_MS;
	int tries = c->back < c->sent ? TRIES_LOSSY : TRIES;
	int ret = 0;

	while (tries-- && !ret) {
		e.id = ++p->id;
		ret = nl_echo_send(p->nl, &e);
		if (!ret)
			ret = wait_for(p, e.id, ms < LOST_MS ? ms : LOST_MS);
	}
	return ret == -EMSGSIZE ? 0 : ret;
}

static bool flag_of(const char *ifname, short flag)
{
	struct ifreq r = { .ifr_flags = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool set;

	if (fd < 0)
		return false;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", ifname);
	set = !ioctl(fd, SIOCGIFFLAGS, &r) && r.ifr_flags & flag;
	close(fd);
	return set;
}

static void look(struct probe *p, const struct fo_link *l, unsigned int count)
{
	int longest;

	p->found.up = flag_of(l->ifname, IFF_UP);
	p->found.carrier = flag_of(l->ifname, IFF_RUNNING);
	series(p, count);
	if (!p->found.back || linkcheck_frame_max(l) <= FRAME_MIN)
		return;
	longest = linkcheck_longest(FRAME_MIN, linkcheck_frame_max(l), fits, p);
	if (longest > 0)
		p->found.longest = longest;
}

/* --- what is said of it ----------------------------------------------- */

static double ms(uint64_t us)
{
	return us / 1000.0;
}

static void print_numbers(const struct fo_link *l, const struct linkcheck *c)
{
	if (!c->sent)
		return;
	printf("\tEchoes: %u sent, %u came back, %.1f%% loss\n", c->sent,
	       c->back, 100.0 * (c->sent - c->back) / c->sent);
	if (!c->back)
		return;
	printf("\tRound trip min/avg/max: %.3f/%.3f/%.3f ms\n", ms(c->min_us),
	       ms(c->avg_us), ms(c->max_us));
	if (c->longest)
		printf("\tPath MTU: %u, MTU of %s: %u\n", linkcheck_mtu(l, c),
		       l->ifname, l->mtu);
}

static void print_text(const struct fo_show *s, const struct fo_link *l,
		       const struct linkcheck *c, const struct linkverdict *v)
{
	char what[LINKCHECK_TEXT_MAX], rule[LINKCHECK_TEXT_MAX];

	printf("%s %s: %s - %s\n", l->name, l->ifname, health_word(v->level),
	       v->text);
	print_numbers(l, c);
	if (v->open && linkcheck_path(s, l, what, rule, sizeof(what)))
		printf("\tHas to pass: %s\n\tIn a firewall in the middle: %s\n",
		       what, rule);
	if (v->icmp)
		printf("\tWhat tells of a narrow path has to come back (ICMP \"fragmentation needed\", ICMPv6 \"packet too big\"), or %s needs the MTU of the path\n",
		       l->ifname);
}

static json_t *number(bool known, json_t *v)
{
	if (known)
		return v;
	json_decref(v);
	return json_null();
}

static json_t *link_json(const struct fo_show *s, const struct fo_link *l,
			 const struct linkcheck *c,
			 const struct linkverdict *v)
{
	char what[LINKCHECK_TEXT_MAX], rule[LINKCHECK_TEXT_MAX];
	bool open = v->open && linkcheck_path(s, l, what, rule, sizeof(what));
	json_t *o;

	o = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s?, s:s}",
		      "name", l->name, "ifname", l->ifname,
		      "transport", names_transport_key(l->transport),
		      "status", health_word(v->level), "code", v->level,
		      "stage", v->stage, "text", v->text);
	json_object_set_new(o, "open", open ? json_string(what) : json_null());
	json_object_set_new(o, "rule", open ? json_string(rule) : json_null());
	json_object_set_new(o, "sent", json_integer(c->sent));
	json_object_set_new(o, "received", json_integer(c->back));
	json_object_set_new(o, "loss_percent",
			    number(c->sent, json_real(!c->sent ? 0 : 100.0 *
					   (c->sent - c->back) / c->sent)));
	json_object_set_new(o, "rtt_min_us",
			    number(c->back, json_integer(c->min_us)));
	json_object_set_new(o, "rtt_avg_us",
			    number(c->back, json_integer(c->avg_us)));
	json_object_set_new(o, "rtt_max_us",
			    number(c->back, json_integer(c->max_us)));
	json_object_set_new(o, "path_mtu",
			    number(c->longest,
				   json_integer(linkcheck_mtu(l, c))));
	json_object_set_new(o, "mtu", json_integer(l->mtu));
	return o;
}

/* --- the command ------------------------------------------------------ */

static uint64_t bad_keys(const struct fo_show *s)
{
	const struct fo_row *r;
	uint64_t n = 0;

	for (r = s->counters.row; r < s->counters.row + s->counters.n; r++)
		if (!strcmp(r->name, "rx-bad-key") ||
		    !strcmp(r->name, "rx-bad-seal"))
			n += r->v[0];
	return n;
}

/* Looks once more behind the echoes: what comes meanwhile is known then. */
static int check_link(struct cmd *c, const struct fo_show *before, uint32_t i,
		      uint32_t number, json_t *all, enum health_level *worst)
{
	const char *n = grammar_arg(&c->match, "COUNT", 0, NULL);
	struct probe p = { .nl = &c->nl, .link = number };
	struct linkverdict v;
	struct fo_show s;
	int err;

	look(&p, &before->config.link[i], n ? atoi(n) : ECHOES);
	err = nl_get(&c->nl, &s, false);
	if (!err) {
		p.found.bad_keys = bad_keys(&s) > bad_keys(before);
		linkcheck_judge(&v, &s, &s.config.link[i], &p.found);
		if (v.level > *worst)
			*worst = v.level;
		if (c->json)
			json_array_append_new(all, link_json(&s,
					&s.config.link[i], &p.found, &v));
		else
			print_text(&s, &s.config.link[i], &p.found, &v);
	}
	nl_show_free(&s);
	return err;
}

static int unknown(struct cmd *c, const char *why)
{
	if (c->json)
		show_print_json(json_pack("{s:s, s:i, s:s, s:[]}", "status",
					  health_word(HEALTH_UNKNOWN), "code",
					  HEALTH_UNKNOWN, "text", why,
					  "links"));
	else
		printf("%s - %s\n", health_word(HEALTH_UNKNOWN), why);
	return HEALTH_UNKNOWN;
}

static int check_links(struct cmd *c, const struct fo_show *s)
{
	const char *name = grammar_arg(&c->match, "NAME", 0, NULL);
	enum health_level worst = HEALTH_OK;
	unsigned int i, number, meant = 0;
	const struct fo_link *l = s->config.link;
	json_t *all = json_array();
	int err = 0;

	/* the kernel counts those that there are */
	for (i = 0, number = 0; i < CONFIG_LINKS && !err; i++, l++) {
		if (!l->name[0])
			continue;
		if (!name || !strcmp(l->name, name)) {
			meant++;
			err = check_link(c, s, i, number, all, &worst);
		}
		number++;
	}
	if (!err && meant && c->json)
		show_print_json(json_pack("{s:s, s:i, s:O}", "status",
					  health_word(worst), "code", worst,
					  "links", all));
	json_decref(all);
	if (err)
		return unknown(c, c->nl.error);
	return meant ? (int)worst :
	       unknown(c, name ? "there is no such link" :
				 "no failover link is configured");
}

int cmd_check_link(struct cmd *c)
{
	struct fo_show s;
	int status;

	if (nl_open(&c->nl))
		return unknown(c, c->nl.error);
	if (nl_get(&c->nl, &s, false))
		status = unknown(c, c->nl.error);
	else
		status = check_links(c, &s);
	nl_show_free(&s);
	nl_close(&c->nl);
	return status;
}

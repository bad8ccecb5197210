// SPDX-License-Identifier: GPL-2.0
/* What the driver of the daemon calls, over a kernel made of one struct. */
#include "drive_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "announce.h"
#include "log.h"
#include "monitor.h"
#include "takeover.h"

/* The kernel, and a line of what was done to it. */
struct fo_show kernel;
bool alive;
char reason[NF_FAILOVER_REASON_MAX];
bool refuse;
int refuse_in;		/* refused once, after so many that were not */
char did[512];
const char *unfit;
bool tracked;
unsigned int settling;
unsigned int timer_ms[TIMERS];

static void note(const char *fmt, ...)
{
	size_t n = strlen(did);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(did + n, sizeof(did) - n, fmt, ap);
	va_end(ap);
}

int nl_get(struct fo_nl *nl, struct fo_show *show, bool brief)
{
	(void)nl;
	(void)brief;
	*show = kernel;
	return 0;
}

void nl_show_free(struct fo_show *show)
{
	(void)show;
}

bool nl_peer_alive(const struct fo_show *show)
{
	(void)show;
	return alive;
}

int nl_role_set(struct fo_nl *nl, const struct fo_role_set *r)
{
	(void)nl;
	if (refuse || (refuse_in && !--refuse_in) || !kernel.this.daemon)
		return -1;
	if (r->role != NL_KEEP)
		kernel.this.role = r->role;
	if (r->state != NL_KEEP)
		kernel.this.state = r->state;
	if (r->reason)
		snprintf(reason, sizeof(reason), "%s", r->reason);
	note("%s%s%s", r->role == NL_KEEP ? "" : r->role ? "A" : "S",
	     r->drain ? "D" : "",
	     r->wants_active == NL_KEEP || r->role == 1 ? "" :
	     r->wants_active ? "W" : "w");
	if (r->state != NL_KEEP)
		note("%d ", r->state);
	return 0;
}

void flush(void)
{
	note("flush ");
}

int nl_health_set(struct fo_nl *nl, const struct fo_health_set *h)
{
	(void)nl;
	if (h->fit != NL_KEEP) {
		kernel.this.fit = h->fit;
		note(h->fit ? "fit " : "unfit ");
	}
	if (h->hold_down_ms != NL_KEEP) {
		kernel.this.hold_down = h->hold_down_ms;
		kernel.this.hold_down_ms = h->hold_down_ms;
		note("hold%d ", h->hold_down_ms);
	}
	return 0;
}

int nl_config_set(struct fo_nl *nl, const struct fo_config *c)
{
	(void)nl;
	kernel.config.enabled = c->enabled;
	kernel.this.state = c->enabled ? S(NEGOTIATION) : S(DISABLED);
	kernel.this.synced = 0;
	note(c->enabled ? "on " : "off ");
	return 0;
}

int nl_attach(struct fo_nl *nl, uint32_t watchdog_ms)
{
	(void)nl;
	(void)watchdog_ms;
	kernel.this.daemon = 1;
	return 0;
}

int nl_bulk_start(struct fo_nl *nl, const char *reason)
{
	(void)nl;
	(void)reason;
	note("bulk ");
	return 0;
}

int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname)
{
	(void)rt;
	(void)c;
	(void)ifname;
	note(active ? "+active " : "+standby ");
	return 0;
}

bool takeover_learn(struct fo_rtnl *rt, struct fo_config *c,
		    const struct fo_config *old)
{
	(void)rt;
	(void)c;
	(void)old;
	return false;
}

void takeover_release(struct fo_rtnl *rt, const struct fo_config *c)
{
	(void)rt;
	(void)c;
	note("-mac ");
}

void takeover_unlearn(struct fo_rtnl *rt, const struct fo_config *c)
{
	(void)rt;
	(void)c;
}

void takeover_links(struct fo_rtnl *rt, const struct fo_config *c)
{
	(void)rt;
	(void)c;
}

bool takeover_forget(struct fo_rtnl *rt, const struct fo_config *old,
		     const struct fo_config *c)
{
	(void)rt;
	(void)old;
	(void)c;
	return false;
}

void announce_all(int fd, struct fo_rtnl *rt, const struct fo_config *c,
		  bool active)
{
	(void)fd;
	(void)rt;
	(void)c;
	note(active ? "!active " : "!standby ");
}

unsigned int announce_pool(int fd, struct fo_rtnl *rt,
			   const struct fo_config *c,
			   const struct fo_pool *pool, unsigned int from)
{
	(void)fd;
	(void)rt;
	(void)c;
	(void)pool;
	(void)from;
	return 0;
}

void pool_read_start(struct fo_pool_reader *r)
{
	(void)r;
}

bool pool_read_end(struct fo_pool_reader *r, struct fo_ranges *to)
{
	(void)r;
	(void)to;
	return false;
}

void pool_read_event(struct fo_pool_reader *r)
{
	(void)r;
}

int monitor_report(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		   struct fo_config *c, uint64_t now, bool always)
{
	(void)m;
	(void)nl;
	(void)rt;
	(void)c;
	(void)now;
	(void)always;
	return 0;
}

int monitor_run(struct fo_monitor *m, struct fo_nl *nl, struct fo_rtnl *rt,
		struct fo_config *c, enum ifask_role role, uint64_t now)
{
	(void)m;
	(void)nl;
	(void)rt;
	(void)c;
	(void)role;
	(void)now;
	return 0;
}

void ifwatch_set(struct fo_ifwatch *w, const struct fo_config *c, uint64_t now)
{
	(void)w;
	(void)c;
	(void)now;
}

int ifkeys_learn(struct fo_ifkeys *k, struct fo_nl *nl,
		 const struct fo_config *c)
{
	(void)k;
	(void)nl;
	(void)c;
	return 0;
}

void ifwatch_reset(struct fo_ifwatch *w, uint64_t now)
{
	(void)w;
	(void)now;
}

unsigned int ifwatch_wait(const struct fo_ifwatch *w, uint64_t now)
{
	(void)w;
	(void)now;
	return 1;
}

void track_set(struct fo_track_set *s, const struct fo_config *c, uint64_t now)
{
	(void)s;
	(void)c;
	(void)now;
}

void track_reset(struct fo_track_set *s)
{
	(void)s;
}

void track_run(struct fo_track_set *s, uint64_t now)
{
	(void)s;
	(void)now;
}

unsigned int track_wait(const struct fo_track_set *s, uint64_t now)
{
	(void)s;
	(void)now;
	return 0;
}

bool track_take(const struct fo_track_set *s, struct fo_config *c)
{
	(void)s;
	(void)c;
	return tracked;
}

int nl_track_set(struct fo_nl *nl, const struct fo_track *t, unsigned int n)
{
	(void)nl;
	(void)t;
	(void)n;
	note("tracks ");
	return 0;
}

void monitor_learn(struct fo_config *c, const struct fo_host *mate)
{
	(void)c;
	(void)mate;
}

const char *monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			  uint64_t now)
{
	(void)m;
	(void)c;
	(void)now;
	return settling ? NULL : unfit;
}

unsigned int monitor_wait(const struct fo_monitor *m, uint64_t now)
{
	(void)m;
	(void)now;
	return settling;
}

void timers_set(struct fo_timers *t, enum timer which, unsigned int ms)
{
	t->on[which] = ms;
	timer_ms[which] = ms;
}

void timers_stop(struct fo_timers *t, enum timer which)
{
	t->on[which] = false;
}

/* The data networks: what is asked, and who answers. */
unsigned char said[PROBE_FRAME_MAX];	/* an answer that waits */
size_t said_len;
unsigned int asked;
bool mate_up, no_carrier;
struct fo_ifc inside = {
	.ifname = "in", .nameif = "inside", .n_addrs = 1, .addr = { {
		.family = AF_INET, .prefix = 24, .has_standby = true,
		.active = { 10, 10, 0, 254 }, .standby = { 10, 10, 0, 253 },
	} },
}, mates_inside = {
	.nameif = "inside", .mate_mac = { 2, 0, 0, 0, 1, 1 },
};

int probe_init(struct fo_probe *p)
{
	(void)p;
	return 0;
}

int probe_open(struct fo_probe *p)
{
	p->open = true;
	return 0;
}

void probe_close(struct fo_probe *p)
{
	p->open = false;
}

int probe_send(struct fo_probe *p, int ifindex, const unsigned char *frame,
	       size_t len)
{
	assert_true(p->open);
	assert_int_equal(ifindex, 3);
	asked++;
	if (!mate_up)
		return 0;
	/* an ARP reply, of the mate */
	memcpy(said, frame, len);
	memcpy(said, frame + 6, 6);
	memcpy(said + 6, mates_inside.mate_mac, 6);
	said[21] = 2;
	memcpy(said + 22, mates_inside.mate_mac, 6);
	memcpy(said + 28, frame + 38, 4);
	said_len = len;
	return 0;
}

size_t probe_recv(struct fo_probe *p, int *ifindex, unsigned char *frame,
		  size_t size)
{
	size_t len = said_len;

	(void)p;
	(void)size;
	*ifindex = 3;
	memcpy(frame, said, len);
	said_len = 0;
	return len;
}

int rtnl_ports(struct fo_rtnl *rt, int ifindex, bool *any)
{
	(void)rt;
	(void)ifindex;
	*any = true;
	return 0;
}

int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev)
{
	(void)rt;
	*dev = (struct fo_dev) {
		.ifindex = 3, .flags = IFF_UP, .carrier = !no_carrier,
		.ethernet = true, .mac = { 2, 0, 0, 0, 2, 1 },
	};
	snprintf(dev->ifname, sizeof(dev->ifname), "%s", ifname);
	return 0;
}

/* The clock of drive.c, see tools.mk. */
uint64_t clock_ms;

int test_clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	t->tv_sec = clock_ms / 1000;
	t->tv_nsec = clock_ms % 1000 * 1000000;
	return 0;
}

void log_msg(int priority, const char *fmt, ...)
{
	(void)priority;
	(void)fmt;
}

void log_row(enum message m, const char *const *args)
{
	(void)m;
	(void)args;
}

void log_unit(const char *unit)
{
	(void)unit;
}

void hooks_moved(struct fo_hooks *h, uint32_t from, uint32_t to,
		 const char *event, const char *why)
{
	(void)h;
	(void)from;
	(void)to;
	(void)event;
	(void)why;
}

/* Which state the hooks were told of last, and what was done until then. */
uint32_t told;
char told_after[sizeof(did)];

void hooks_settled(struct fo_hooks *h, const struct elect_view *v)
{
	(void)h;
	told = v->state;
	strcpy(told_after, did);
}

/* A unit that runs in @state, which the daemon knows already. */
void setup(struct fo_drive *d, uint32_t unit, uint32_t state)
{
	lookout_end(&d->lookout);
	*d = (struct fo_drive) { .packet_fd = -1 };
	kernel = (struct fo_show) { .this.known = true };
	config_init(&kernel.config);
	kernel.config.enabled = true;
	kernel.config.unit = unit;
	kernel.this.state = state;
	kernel.this.role = elect_is_active(state);
	kernel.this.fit = 1;
	kernel.this.daemon = 1;
	kernel.other.daemon = 1;
	kernel.other.fit = 1;
	unfit = NULL;
	settling = 0;
	alive = true;
	refuse = false;
	refuse_in = 0;
	config_init(&d->config);
	d->config.enabled = true;
	d->config.unit = unit;
	mate_up = false;
	no_carrier = false;
	said_len = 0;
	asked = 0;
	d->state = state;
	d->known = true;
	did[0] = '\0';
}

/* Nothing but @before was done, until the interfaces have settled. */
void settled(struct fo_drive *d, const char *before)
{
	assert_string_equal(did, before);
	assert_true(d->timers.on[TIMER_SETTLE]);
	assert_int_equal(timer_ms[TIMER_SETTLE], settling);
	settling = 0;
	drive_timer(d, TIMER_SETTLE);
}

void other(uint32_t state)
{
	kernel.other.known = true;
	kernel.other.state = state;
	kernel.other.role = elect_is_active(state);
}

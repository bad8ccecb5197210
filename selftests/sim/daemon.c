// SPDX-License-Identifier: GPL-2.0
/*
 * The daemon's half of a unit: drive.c and elect.c as they are, in a process
 * that waits for events and timers as failoverd.c does. Addresses, devices and
 * announcements are left out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "announce.h"
#include "drive.h"
#include "log.h"
#include "monitor.h"
#include "sim.h"
#include "takeover.h"

#define EVENTS	32	/* that the netlink socket holds */

/**
 * struct box - a daemon, or the place of one
 * @port: of its socket; 0: it does not run
 * @due: of its timers, in local time; 0: not set
 * @lost: events did not fit
 * @devs: an interface has changed; @seen: so has its state
 * @deaf: it stands still
 * @killed: it ends when it next leaves or enters the kernel
 */
struct box {
	struct fo_drive drive;
	int unit;
	u32 port;
	u64 due[TIMERS];
	struct fo_event event[EVENTS];
	unsigned int events;
	bool lost;
	bool devs;
	bool seen;
	bool deaf;
	bool killed;
};

struct daemon_cfg daemon_cfg;

static struct box boxes[UNITS];
static bool unfits[UNITS];	/* no interface works */
static u32 last_port;

static struct box *of_nl(struct fo_nl *nl)
{
	return (struct box *)((char *)nl - offsetof(struct box, drive.nl));
}

static struct box *of_timers(struct fo_timers *t)
{
	return (struct box *)((char *)t - offsetof(struct box, drive.timers));
}

/* A process in the kernel ends when it comes out of it. */
static void may_die(struct box *b)
{
	if (!b->killed)
		return;
	if (box_up(b->unit))
		box_port_gone(b->unit, b->port);
	b->port = 0;
	sim_exit();
}

/* --- what drive.c calls ------------------------------------------------ */

void config_init(struct fo_config *c)
{
	memset(c, 0, sizeof(*c));
}

void config_free(struct fo_config *c)
{
	(void)c;
}

bool config_equal(const struct fo_config *a, const struct fo_config *b)
{
	/* the rest does not change */
	return a->enabled == b->enabled && a->poll_ms == b->poll_ms;
}

struct fo_ifc *config_ifc(const struct fo_config *c, const char *ifname)
{
	(void)c;
	(void)ifname;
	return NULL;
}

struct fo_ifc *config_nameif(const struct fo_config *c, const char *nameif)
{
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		if (!strcmp(c->ifc[i].nameif, nameif))
			return &c->ifc[i];
	return NULL;
}

/* Nothing is tracked. */
struct fo_track *config_track(const struct fo_config *c, const char *name)
{
	(void)c;
	(void)name;
	return NULL;
}

/*
 * The data interfaces, as each daemon knows them. The first one has the network;
 * of the others there is their state, which is found out by who plays them.
 */
static struct fo_ifc data[UNITS][IFCS], of_mate[UNITS][IFCS];
static struct ifwatch_item played[UNITS][IFCS];

static void forget_data(int unit)
{
	unsigned int i;

	memset(data[unit], 0, sizeof(data[unit]));
	memset(played[unit], 0, sizeof(played[unit]));
	data[unit][0] = (struct fo_ifc) {
		.ifname = "data", .nameif = "data", .n_addrs = 1, .addr = { {
			.family = AF_INET, .prefix = 24, .has_standby = true,
			.active = { 10, 0, 0, LAN_ACTIVE_IP },
			.standby = { 10, 0, 0, LAN_STANDBY_IP },
		} },
	};
	for (i = 0; i < IFCS; i++) {
		data[unit][i].monitored = true;
		data[unit][i].weight = daemon_cfg.weight[i];
		data[unit][i].status = NF_FAILOVER_IFSTATUS_NORMAL;
		played[unit][i].state.status = NF_FAILOVER_IFSTATUS_NORMAL;
		if (!i)
			continue;
		snprintf(data[unit][i].ifname, IF_NAMESIZE, "data%u", i);
		snprintf(data[unit][i].nameif, NF_FAILOVER_NAME_MAX, "data%u",
			 i);
	}
}

static void get_data(int unit, const struct box_view *v, struct fo_show *show)
{
	struct fo_ifc *mate = of_mate[unit];
	unsigned int i;

	memcpy(mate->mate_mac, v->peer_mac, sizeof(v->peer_mac));
	show->config.ifc = data[unit];
	show->config.n_ifcs = daemon_cfg.ifcs ? daemon_cfg.ifcs : 1;
	show->config.ifc_policy = daemon_cfg.policy;
	show->config.ifc_policy_percent = daemon_cfg.percent;
	show->other.ifc = mate;
	show->other.n_ifcs = daemon_cfg.ifcs ? v->peer_ifcs : 1;
	show->other.reports = v->peer_reports;
	for (i = 0; i < v->peer_ifcs; i++) {
		snprintf(mate[i].nameif, sizeof(mate[i].nameif), "%s",
			 v->peer_ifc[i].name);
		mate[i].status = v->peer_ifc[i].status;
	}
}

static struct box *of_probe(struct fo_probe *p)
{
	return (struct box *)((char *)p -
			      offsetof(struct box, drive.lookout.probe));
}

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
	(void)ifindex;
	may_die(of_probe(p));
	lan_send(of_probe(p)->unit, frame, len);
	return 0;
}

size_t probe_recv(struct fo_probe *p, int *ifindex, unsigned char *frame,
		  size_t size)
{
	(void)size;
	*ifindex = 1;
	return lan_recv(of_probe(p)->unit, frame);
}

int rtnl_ports(struct fo_rtnl *rt, int ifindex, bool *any)
{
	*any = true;
	return 0;
}

int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev)
{
	(void)rt;
	(void)ifname;
	*dev = (struct fo_dev) {
		.ifindex = 1, .flags = IFF_UP, .carrier = true,
		.ethernet = true,
	};
	lan_mac(sim.cur, dev->mac);
	return 0;
}

/* As put_host_base() in the kernel's netlink.c. */
static void get_serial(u64 boot, char *serial)
{
	snprintf(serial, NL_TEXT_MAX, "%016llx", (unsigned long long)boot);
}

int nl_get(struct fo_nl *nl, struct fo_show *show, bool brief)
{
	struct box_view v;

	(void)brief;
	may_die(of_nl(nl));
	box_get(of_nl(nl)->unit, &v);
	memset(show, 0, sizeof(*show));
	show->config.enabled = v.enabled;
	show->config.unit = v.unit;
	show->config.poll_ms = v.poll_ms;
	show->config.hold_ms = v.hold_ms;
	show->config.preempt = daemon_cfg.preempt;
	show->config.preempt_delay = daemon_cfg.preempt_delay;
	show->config.held_takeovers = daemon_cfg.held_takeovers;
	show->config.held_time = daemon_cfg.held_time;
	snprintf(show->reason, sizeof(show->reason), "%s", v.reason);
	if (v.mismatch)
		show->config.link[0].status = NF_FAILOVER_LINK_STATUS_MISMATCH;
	show->this = (struct fo_host) {
		.known = true, .unit = v.unit, .role = v.role,
		.state = v.state, .epoch = v.epoch, .synced = v.synced,
		.daemon = v.daemon, .wants_active = v.wants, .fit = v.fit,
		.hold_down = v.hold_left > 0, .hold_down_ms = v.hold_left,
	};
	get_serial(v.boot, show->this.serial);
	show->other = (struct fo_host) {
		.known = v.known, .role = v.peer_role, .state = v.peer_state,
		.epoch = v.peer_epoch, .synced = v.peer_synced,
		.daemon = v.peer_daemon, .wants_active = v.peer_wants,
		.alive = v.peer_alive, .fit = v.peer_fit,
		.hold_down = v.peer_held,
		.silent = v.peer_silent,
	};
	get_data(of_nl(nl)->unit, &v, show);
	return 0;
}

void nl_show_free(struct fo_show *show)
{
	(void)show;
}

/* As in nl.c. */
bool nl_peer_alive(const struct fo_show *show)
{
	return show->other.known && show->other.alive;
}

int nl_role_set(struct fo_nl *nl, const struct fo_role_set *r)
{
	const struct box_role to = {
		.role = r->role, .state = r->state, .wants = r->wants_active,
		.drain = r->drain, .reason = r->reason,
	};

	may_die(of_nl(nl));
	return box_role_set(of_nl(nl)->unit, of_nl(nl)->port, &to);
}

int nl_health_set(struct fo_nl *nl, const struct fo_health_set *h)
{
	may_die(of_nl(nl));
	return box_health(of_nl(nl)->unit, of_nl(nl)->port, h->fit,
			  h->hold_down_ms);
}

int nl_config_set(struct fo_nl *nl, const struct fo_config *c)
{
	may_die(of_nl(nl));
	return box_configure(of_nl(nl)->unit, c->enabled);
}

int nl_interface_set(struct fo_nl *nl, const struct fo_ifc *ifc, unsigned int n)
{
	u32 status[IFCS];
	unsigned int i;

	may_die(of_nl(nl));
	for (i = 0; i < n; i++)
		status[i] = ifc[i].status;
	return box_report(of_nl(nl)->unit, of_nl(nl)->port, status, n);
}

/* What drive.c calls of monitor.c, which is there under other names. */
const char *real_monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			       uint64_t now);
int real_monitor_report(struct fo_monitor *m, struct fo_nl *nl,
			struct fo_rtnl *rt, struct fo_config *c, uint64_t now,
			bool always);

const char *monitor_unfit(struct fo_monitor *m, const struct fo_config *c,
			  uint64_t now)
{
	if (daemon_cfg.ifcs)
		return real_monitor_unfit(m, c, now);
	return unfits[sim.cur] ? "Interface check" : NULL;
}

int nl_attach(struct fo_nl *nl, uint32_t watchdog_ms)
{
	may_die(of_nl(nl));
	return box_attach(of_nl(nl)->unit, of_nl(nl)->port, watchdog_ms);
}

int nl_bulk_start(struct fo_nl *nl, const char *reason)
{
	(void)reason;
	return box_bulk(of_nl(nl)->unit);
}

int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname)
{
	(void)rt;
	(void)c;
	(void)ifname;
	lan_hold(sim.cur, active ? LAN_ACTIVE : LAN_STANDBY);
	return 0;
}

void takeover_unlearn(struct fo_rtnl *rt, const struct fo_config *c)
{
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
}

void announce_all(int fd, struct fo_rtnl *rt, const struct fo_config *c,
		  bool active)
{
	(void)fd;
	(void)rt;
	(void)c;
	(void)active;
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

void pool_fill(struct fo_pool *p, const struct fo_ranges *r,
	       const struct fo_config *c)
{
	(void)p;
	(void)r;
	(void)c;
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
	return daemon_cfg.ifcs ?
	       real_monitor_report(m, nl, rt, c, now, always) : 0;
}

void ifwatch_set(struct fo_ifwatch *w, const struct fo_config *c, uint64_t now)
{
	w->on = daemon_cfg.ifcs;
	w->n = daemon_cfg.ifcs;
	w->item = played[sim.cur];
	if (w->on)
		timers_set(&boxes[sim.cur].drive.timers, TIMER_IFWATCH, 1);
}

void ifwatch_link(struct fo_ifwatch *w, unsigned int i,
		  const struct fo_dev *dev, uint64_t now)
{
}

void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifask_role role,
		 uint64_t now)
{
}

void ifwatch_why(const struct fo_ifwatch *w, unsigned int i,
		 const struct fo_config *c, char *to, size_t size, uint64_t now)
{
	snprintf(to, size, "as it is played");
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
	return 60000;
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
	return false;
}

int nl_track_set(struct fo_nl *nl, const struct fo_track *t, unsigned int n)
{
	(void)nl;
	(void)t;
	(void)n;
	return 0;
}

void timers_set(struct fo_timers *t, enum timer which, unsigned int ms)
{
	of_timers(t)->due[which] = ms ? sim_clock() + ms * MSEC : 0;
	t->on[which] = ms;
}

void timers_stop(struct fo_timers *t, enum timer which)
{
	timers_set(t, which, 0);
}

void log_msg(int priority, const char *fmt, ...)
{
	static char text[128];
	va_list ap;

	(void)priority;
	if (!sim.verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	sim_say(sim.cur, text);
}

void log_row(enum message m, const char *const *args)
{
	static char text[MESSAGE_MAX];

	if (sim.verbose)
		sim_say(sim.cur, message_text(text, sizeof(text), m, NULL,
					      args));
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

void hooks_settled(struct fo_hooks *h, const struct elect_view *v)
{
	(void)h;
	(void)v;
}

int sim_clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	t->tv_sec = sim_clock() / SEC;
	t->tv_nsec = sim_clock() % SEC;
	return 0;
}

/* --- the process ------------------------------------------------------- */

static u64 until_timer(const struct box *b)
{
	u64 now = sim_clock(), left = NEVER;
	enum timer t;

	for (t = 0; t < TIMERS; t++) {
		if (!b->due[t])
			continue;
		if (b->due[t] <= now)
			return 0;
		if (b->due[t] - now < left)
			left = b->due[t] - now;
	}
	return left;
}

static void on_timers(struct box *b)
{
	enum timer t;

	for (t = 0; t < TIMERS; t++) {
		if (!b->due[t] || b->due[t] > sim_clock())
			continue;
		b->due[t] = 0;
		b->drive.timers.on[t] = false;
		drive_timer(&b->drive, t);
	}
}

static void on_events(struct box *b)
{
	struct fo_event ev;

	while (b->events) {
		ev = b->event[0];
		b->events--;
		memmove(b->event, b->event + 1, b->events * sizeof(ev));
		drive_event(&b->drive, &ev);
	}
	drive_heard(&b->drive);
	if (b->lost) {
		b->lost = false;
		drive_run(&b->drive);
	}
	if (b->devs) {
		b->devs = false;
		drive_devs(&b->drive);
	}
	if (b->seen) {
		b->seen = false;
		drive_ifwatch(&b->drive);
	}
}

/* As failoverd.c: attach, configure unless that was done, look, wait. */
static void run(void *arg)
{
	struct box *b = arg;
	struct fo_drive *d = &b->drive;
	struct box_view v;

	if (!box_up(b->unit))
		box_boot(b->unit);
	while (nl_attach(&d->nl, DRIVE_WATCHDOG_MS))
		sim_block(b, 100 * MSEC);
	box_get(b->unit, &v);
	if (!v.enabled)
		box_configure(b->unit, true);
	timers_set(&d->timers, TIMER_TICK, DRIVE_WATCHDOG_MS / 3);
	drive_run(d);
	for (;;) {
		may_die(b);
		if (b->deaf) {
			sim_block(b, NEVER);
			continue;
		}
		on_events(b);
		if (lan_waits(b->unit))
			drive_probe(&b->drive);
		on_timers(b);
		if (!b->events && !b->lost && !b->devs && !b->seen &&
		    !lan_waits(b->unit) && until_timer(b))
			sim_block(b, until_timer(b));
	}
}

void daemon_start(int unit)
{
	struct box *b = &boxes[unit];

	lookout_end(&b->drive.lookout);
	memset(b, 0, sizeof(*b));
	forget_data(unit);
	b->unit = unit;
	b->port = ++last_port;
	sim_spawn(unit, "failoverd", run, b);
}

bool daemon_runs(int unit)
{
	return boxes[unit].port;
}

bool daemon_dying(int unit)
{
	return boxes[unit].killed;
}

void daemon_kill(int unit)
{
	boxes[unit].killed = true;
	sim_wake(&boxes[unit]);
}

/* It went with its machine. */
void daemon_forget(int unit)
{
	boxes[unit].port = 0;
}

void daemon_deaf(int unit, bool deaf)
{
	boxes[unit].deaf = deaf;
	if (!deaf)
		sim_wake(&boxes[unit]);
}

/* The machine's interfaces, whatever daemon looks at them. */
void daemon_unfit(int unit, bool unfit)
{
	unfits[unit] = unfit;
	if (!boxes[unit].port)
		return;
	boxes[unit].devs = true;
	sim_wake(&boxes[unit]);
}

/* The states of its interfaces; its sockets would have told of them. */
void daemon_ifcs(int unit, const u32 *status)
{
	unsigned int i;

	for (i = 0; i < daemon_cfg.ifcs; i++)
		played[unit][i].state.status = status[i];
	boxes[unit].seen = true;
	sim_wake(&boxes[unit]);
}

bool daemon_is_unfit(int unit)
{
	return unfits[unit];
}

bool daemon_is_deaf(int unit)
{
	return boxes[unit].deaf;
}

void daemon_lose_events(int unit)
{
	boxes[unit].lost = boxes[unit].events;
	boxes[unit].events = 0;
}

void daemon_answer(int unit)
{
	sim_wake(&boxes[unit]);
}

void daemon_event(int unit, u32 type, u32 ask, const char *reason, u64 boot)
{
	struct box *b = &boxes[unit];
	struct fo_event *ev = &b->event[b->events];

	if (!b->port)
		return;
	if (b->events == EVENTS) {
		b->lost = true;
		return;
	}
	b->events++;
	*ev = (struct fo_event){ .type = type, .ask = ask };
	ev->this.known = true;
	ev->this.daemon = box_ruled(unit);
	get_serial(boot, ev->this.serial);
	snprintf(ev->reason, sizeof(ev->reason), "%s", reason ? reason : "");
	sim_wake(b);
}

void daemon_reset(void)
{
	int i;

	for (i = 0; i < UNITS; i++)
		lookout_end(&boxes[i].drive.lookout);
	memset(boxes, 0, sizeof(boxes));
	memset(unfits, 0, sizeof(unfits));
	last_port = 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The module's half of a unit: it is made, stopped and crashes here; and what
 * netlink.c does for the daemon, in plain calls.
 */
#include "box.h"

static struct net nets[UNITS];
static struct fo_unit *units[UNITS];
static unsigned int box_links;

struct net *sim_net(void)
{
	return &nets[sim.cur];
}

struct fo_unit *box_unit(int unit)
{
	return units[unit];
}

struct net *box_net(int unit)
{
	return &nets[unit];
}

bool box_up(int unit)
{
	return units[unit];
}

static void tally_role(const struct fo_unit *u, bool active, const char *reason)
{
	int unit = u->net->unit;

	sim_trace(unit, active ? "becomes active" : "becomes standby",
		  NULL, u->role.epoch, 0);
	sim.tally[active ? TALLY_PROMOTIONS : TALLY_DEMOTIONS]++;
	if (active) {
		check_promoted(unit);
		policy_promote(unit, reason);
	} else {
		check_demoted(unit);
	}
}

static void notify(struct fo_unit *u, enum nf_failover_event event,
		   const char *reason, int ask)
{
	static const char *const names[] = {
		"config", "peer alive", "peer changed", "peer lost", "link",
		"role", "fenced", "drained", "bulk begin", "bulk end", "ask",
		"daemon", "history", "peer silent",
	};

	/* the daemon's policy does not listen to that group */
	if (event == NF_FAILOVER_EVENT_HISTORY)
		return;
	sim_trace(u->net->unit, "event", names[event],
		  u->store.this.state, u->store.other.hello.state);
	if (event == NF_FAILOVER_EVENT_ASK && reason)
		policy_met(u->net->unit);
	/* the kernels have changed the role; no record of the mate is applied */
	if (event == NF_FAILOVER_EVENT_DRAINED && !u->role.active) {
		check_handed(u->net->unit);
		check_noted(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_GIVEN);
		tally_role(u, false, reason);
	} else if (event == NF_FAILOVER_EVENT_DRAINED) {
		check_noted(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_FAILED);
	}
	if (event == NF_FAILOVER_EVENT_ROLE && reason && u->role.active &&
	    u->store.this.state == NF_FAILOVER_STATE_STANDBY_READY) {
		check_noted(u, NF_FAILOVER_HISTORY_KIND_HANDOVER_TAKEN);
		tally_role(u, true, reason);
	}
	daemon_event(u->net->unit, event, ask, reason, u->session.boot);
}

/* No program of a unit listens or sends. */
static int tell(struct fo_unit *u, u32 port, const struct fo_msg *m, u8 result)
{
	return -ECONNREFUSED;
}

static void echoed(struct fo_unit *u, u32 port, const struct fo_echoed *e)
{
}

static const struct fo_notify_ops notify_ops = {
	.event = notify, .msg = tell, .echoed = echoed,
};

void box_set_links(unsigned int n)
{
	box_links = n;
}

/* As main.c does. */
void box_init(void)
{
	int err = register_pernet_subsys(&fo_capture_net_ops) ?:
		  fo_unit_module_init(&notify_ops);

	sim_assert(!err, "the module does not start");
}

void box_boot(int unit)
{
	struct fo_unit *u;

	sim_net_init(&nets[unit], unit);
	u = fo_unit_make(&nets[unit]);
	sim_assert(u, "no unit");
	check_watch(u);
	units[unit] = u;
	/* a firewall that was in service without failover */
	if (!lan_holds_active(!unit) && sim_chance(100000))
		lan_hold(unit, LAN_ACTIVE);
	sim_trace(unit, "boots", NULL, 0, 0);
}

/* The one data interface of each unit. */
struct net_device *dev_get_by_name_rcu(struct net *net, const char *name)
{
	static struct net_device dev[UNITS];
	struct net_device *d = &dev[net->unit];

	if (strcmp(name, "data"))
		return NULL;
	d->addr_len = sizeof(d->dev_addr);
	lan_mac(net->unit, d->dev_addr);
	return d;
}

static void flush_connections(struct net *net)
{
	struct nf_conntrack_tuple_hash *h;
	unsigned int i;

	for (i = 0; i < CT_BUCKETS; i++)
		while (net->hash[i].first) {
			h = container_of(net->hash[i].first,
					 struct nf_conntrack_tuple_hash,
					 hnnode);
			nf_ct_delete(nf_ct_tuplehash_to_ctrack(h), 0, 0);
		}
}

/* The namespace goes, and leaves nothing behind. */
void box_halt(int unit)
{
	struct net *net = &nets[unit];

	/* it does not go while somebody's request is in the kernel */
	while (sim_runs(unit, "operator"))
		sim_block(net, MSEC);
	sim_trace(unit, "halts", NULL, 0, 0);
	box_tally(unit);
	/* as unit_exit() will, after a grace period */
	units[unit] = NULL;
	lan_hold(unit, LAN_NOTHING);
	sim_net_exit(net);
	check_gone(unit);
	flush_connections(net);
	synchronize_rcu();
	sim_assert(!net->live, "a reference of a connection is leaked");
	sim_free(net->pool);
	net->pool = NULL;
	sim_assert(!sim_bytes(unit), "memory is leaked");
}

void box_crash(int unit)
{
	sim_trace(unit, "crashes", NULL, 0, 0);
	lan_hold(unit, LAN_NOTHING);
	box_tally(unit);
	check_gone(unit);
	net_unplug(unit);
	if (nets[unit].pool)
		sim_capture_forget(&nets[unit]);
	units[unit] = NULL;
	memset(&nets[unit], 0, sizeof(nets[unit]));
	sim_power_off(unit);
}

int box_configure(int unit, bool on)
{
	unsigned int i, n = daemon_cfg.ifcs ? daemon_cfg.ifcs : 1;
	struct fo_config *c = fo_config_alloc(n);
	struct netlink_ext_ack ack;

	c->enabled = on;
	c->unit = unit ? NF_FAILOVER_UNIT_SECONDARY : NF_FAILOVER_UNIT_PRIMARY;
	c->poll_ms = daemon_cfg.poll_ms;
	c->hold_ms = daemon_cfg.hold_ms;
	c->preempt = daemon_cfg.preempt;
	c->preempt_delay = daemon_cfg.preempt_delay;
	c->hold_takeovers = daemon_cfg.held_takeovers;
	c->hold_time = daemon_cfg.held_time;
	c->tcp_from = NF_FAILOVER_TCP_FROM_ESTABLISHED;
	c->datagram_from = NF_FAILOVER_DATAGRAM_FROM_REPLY;
	c->links = box_links;
	c->psks.mode = NF_FAILOVER_KEY_MODE_SECRET;
	c->psks.n = 1;
	memset(c->psks.key[0], 1, sizeof(c->psks.key[0]));
	c->ifcs = n;
	strscpy(c->ifc[0].ifname, "data", IFNAMSIZ);
	strscpy(c->ifc[0].nameif, "data", NF_FAILOVER_NAME_MAX);
	/* a daemon has looked at it */
	c->ifc[0].told = !daemon_cfg.ifcs;
	for (i = 1; i < n; i++) {
		snprintf(c->ifc[i].ifname, IFNAMSIZ, "data%u", i);
		snprintf(c->ifc[i].nameif, NF_FAILOVER_NAME_MAX, "data%u", i);
	}
	strscpy(c->link[0].ifname, "link0", IFNAMSIZ);
	strscpy(c->link[1].ifname, "link1", IFNAMSIZ);
	return fo_unit_configure(units[unit], c, &ack);
}

static void get_other(const struct fo_other *o, struct box_view *v)
{
	const struct fo_hello *h = &o->hello;
	unsigned int i;

	v->known = o->known;
	v->peer_alive = o->known && o->alive;
	v->peer_role = o->alive ? h->role : NF_FAILOVER_ROLE_STANDBY;
	v->peer_state = o->alive ? h->state : NF_FAILOVER_STATE_FAILED;
	v->peer_epoch = h->epoch;
	v->peer_daemon = h->flags & FO_HELLO_DAEMON;
	v->peer_wants = h->flags & FO_HELLO_WANTS_ACTIVE;
	v->peer_synced = h->flags & FO_HELLO_SYNCED;
	v->peer_fit = !(h->flags & FO_HELLO_UNFIT);
	v->peer_held = h->flags & FO_HELLO_HOLD_DOWN;
	v->peer_reports = h->reports;
	memcpy(v->peer_mac, h->ifc[0].mac, sizeof(v->peer_mac));
	for (i = 0; i < h->ifcs && i < IFCS; i++) {
		v->peer_ifc[i].status = h->ifc[i].status;
		strscpy(v->peer_ifc[i].name, h->ifc[i].name,
			sizeof(v->peer_ifc[i].name));
	}
	v->peer_ifcs = i;
}

void box_get(int unit, struct box_view *v)
{
	struct fo_unit *u = units[unit];
	const struct fo_config *c = u->store.config;
	const struct fo_this *t = &u->store.this;

	spin_lock_bh(&u->store.lock);
	*v = (struct box_view) {
		.enabled = c->enabled, .unit = c->unit,
		.poll_ms = c->poll_ms, .hold_ms = c->hold_ms,
		.role = fo_role_claims(&u->role), .state = t->state,
		.epoch = u->role.epoch, .boot = u->session.boot,
		.synced = t->synced,
		.daemon = t->daemon, .wants = t->wants_active,
		.fit = !t->unfit, .hold_left = fo_store_hold_left(t),
		.reason = t->reason,
		.mismatch = u->store.mismatch && fo_link_usable(&u->link[0]),
	};
	get_other(&u->store.other, v);
	v->peer_silent = v->peer_alive && fo_hello_silent(&u->hello);
	spin_unlock_bh(&u->store.lock);
}

int box_attach(int unit, u32 port, u32 ms)
{
	struct netlink_ext_ack ack;

	return fo_unit_attach(units[unit], port, ms, &ack);
}

void box_port_gone(int unit, u32 port)
{
	fo_unit_port_gone(units[unit], port);
}

/* As fo_unit_set_role() will. */
static void expect_role(const struct fo_unit *u, bool active,
			const char *reason)
{
	if (active && !u->role.active &&
	    u->store.this.state == NF_FAILOVER_STATE_ACTIVE_DRAIN)
		return;
	if (active != u->role.active || (active && !u->role.forwarding))
		tally_role(u, active, reason);
}

/* As fo_unit_show() will: a state of the active is refused then. */
static void expect_lapse(const struct fo_unit *u, int state)
{
	if (state < 0 || fo_unit_shows_active(state))
		state = u->store.this.state;
	if (u->role.active && !fo_role_claims(&u->role) &&
	    !fo_unit_shows_active(state)) {
		tally_role(u, false, NULL);
		sim.tally[TALLY_LAPSED]++;
	}
}

/* As nf_failover_nl_role_set_doit(). */
int box_role_set(int unit, u32 port, const struct box_role *r)
{
	const struct fo_shown shown = {
		.state = r->state, .wants_active = r->wants,
		.reason = r->reason,
	};
	struct fo_unit *u = units[unit];
	struct netlink_ext_ack ack;
	int err = 0;

	if (READ_ONCE(u->daemon) != port)
		return -EPERM;
	if (r->role >= 0) {
		expect_role(u, r->role == NF_FAILOVER_ROLE_ACTIVE,
			    r->reason);
		err = fo_unit_set_role(u, r->role == NF_FAILOVER_ROLE_ACTIVE,
				       &ack);
	}
	if (err)
		return err;
	if (r->wants > 0)
		policy_wish(unit);
	if (r->state == NF_FAILOVER_STATE_FAILED)
		sim.tally[TALLY_FAILED]++;
	expect_lapse(u, r->state);
	err = fo_unit_show(u, &shown, &ack);
	if (err)
		return err;
	if (r->drain)
		fo_unit_drain(u);
	fo_unit_hello(u);
	notify(u, NF_FAILOVER_EVENT_ROLE, r->reason, -1);
	return 0;
}

/* The rest of it. */
int box_health(int unit, u32 port, int fit, int hold_down_ms)
{
	struct fo_unit *u = units[unit];
	bool held = false;

	if (READ_ONCE(u->daemon) != port)
		return -EPERM;
	spin_lock_bh(&u->store.lock);
	if (fit >= 0)
		u->store.this.unfit = !fit;
	if (hold_down_ms >= 0)
		held = fo_store_hold_down(&u->store, hold_down_ms);
	spin_unlock_bh(&u->store.lock);
	if (held)
		fo_count(&u->stats, FO_CNT_HOLD_DOWNS);
	sim_trace(unit, "health", NULL, fit, hold_down_ms);
	fo_unit_hello(u);
	notify(u, NF_FAILOVER_EVENT_ROLE, NULL, -1);
	return 0;
}

/* As nf_failover_nl_interface_set_doit(). */
int box_report(int unit, u32 port, const u32 *status, unsigned int n)
{
	struct fo_unit *u = units[unit];
	struct fo_config *c = u->store.config;
	unsigned int i;

	if (READ_ONCE(u->daemon) != port)
		return -EPERM;
	for (i = 0; i < n && i < c->ifcs; i++) {
		c->ifc[i].status = status[i];
		c->ifc[i].told = true;
	}
	spin_lock_bh(&u->store.lock);
	u->store.this.reports++;
	spin_unlock_bh(&u->store.lock);
	fo_unit_hello(u);
	return 0;
}

int box_ask(int unit, u32 ask, bool mate)
{
	struct fo_unit *u = units[unit];
	struct netlink_ext_ack ack;

	policy_asked(unit);
	if (mate) {
		policy_requested(unit);
		return fo_unit_request(u, ask, &ack);
	}

	if (!READ_ONCE(u->daemon))
		return -EHOSTDOWN;
	notify(u, NF_FAILOVER_EVENT_ASK, NULL, ask);
	return 0;
}

int box_bulk(int unit)
{
	struct netlink_ext_ack ack;

	return fo_unit_resync(units[unit], &ack);
}

bool box_forwarding(int unit)
{
	return units[unit] && units[unit]->role.forwarding;
}

/* It is active, and nobody with a better claim was heard. */
bool box_claims(int unit)
{
	return units[unit] && fo_role_claims(&units[unit]->role);
}

bool box_enabled(int unit)
{
	return units[unit] && units[unit]->store.config->enabled;
}

/* It is ready to take over, and hears the other unit. */
bool box_ready(int unit)
{
	const struct fo_store *s = units[unit] ? &units[unit]->store : NULL;

	return s && s->other.alive &&
	       s->this.state == NF_FAILOVER_STATE_STANDBY_READY;
}

/* The kernel knows of a daemon. */
bool box_ruled(int unit)
{
	return units[unit] && units[unit]->store.this.daemon;
}

/* It can tell the mate's answers from those of others. */
bool box_knows_mate(int unit)
{
	return units[unit] && units[unit]->store.other.known &&
	       units[unit]->store.other.hello.ifcs;
}

bool box_hears_mate(int unit)
{
	return units[unit] && units[unit]->store.other.alive;
}

/* It does not hear the other unit, and is not active for all that. */
bool box_asks(int unit)
{
	return units[unit] && !units[unit]->store.other.alive &&
	       units[unit]->store.this.state == NF_FAILOVER_STATE_COLD_STANDBY;
}

/* The unit goes: its counters are added up. */
void box_tally(int unit)
{
	static const struct { enum tally to; enum fo_counter from; } rows[] = {
		{ TALLY_RETRANSMITS,	FO_CNT_TX_RETRANSMITS },
		{ TALLY_ASSOCIATIONS,	FO_CNT_ASSOCIATIONS },
		{ TALLY_BULKS,		FO_CNT_BULK_SYNCS },
		{ TALLY_SWEPT,		FO_CNT_CT_SWEPT },
		{ TALLY_REPLACED,	FO_CNT_CT_REPLACED },
		{ TALLY_FENCED,		FO_CNT_FENCED },
		{ TALLY_HANDOVERS,	FO_CNT_HANDOVERS_TAKEN },
		{ TALLY_UNDONE,		FO_CNT_HANDOVERS_FAILED },
		{ TALLY_OVERFLOWS,	FO_CNT_QUEUE_OVERFLOW },
		{ TALLY_HELD_DOWN,	FO_CNT_HOLD_DOWNS },
	};
	unsigned int i;

	if (!units[unit])
		return;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		sim.tally[rows[i].to] +=
			fo_stats_counter(&units[unit]->stats, rows[i].from);
}

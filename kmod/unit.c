// SPDX-License-Identifier: GPL-2.0
/*
 * One failover instance per network namespace: made of the rooms below it,
 * wired together here, started, stopped and destroyed.
 */

/**
 * DOC: locking
 *
 * ======================  =====================================  ============
 * lock                    protects                               taken in
 * ======================  =====================================  ============
 * fo_unit.mutex           configuration, role, start and stop    process
 * rtnl                    fo_link.dev                            process
 * fo_session.rx_lock      association, what is handed up, role   BH
 * fo_session.tx_lock      frames in flight                       BH
 * fo_objects.lock         user objects                           BH
 * fo_shard.lock           one part of the dirty queue            BH
 * fo_hellos.lock          a hello under construction             BH
 * fo_store.lock           what is known of both units            BH
 * fo_agree.lock           what the units differ in               BH
 * fo_relay.lock           packets that wait in a handover        BH
 * fo_reconnect.lock       whether connections are let in         BH
 * fo_msgs.lock            messages of user space                 BH
 * fo_echoes.lock          echoes                                 BH
 * xa_lock of fo_slots     the slots of connections               BH
 * fo_stations.lock        where stations are                     BH
 * fo_neighs.lock          who has which address                  BH
 * fo_sas.mutex            one look at all IPsec SAs at a time    process
 * fo_sas.lock             how far IPsec SAs have come            BH
 * capture_mutex           who is the notifier of a namespace     process
 * ======================  =====================================  ============
 *
 * They nest in this order, top first, but for fo_sas.mutex, which is inside
 * that of the unit; shard, store, agree, relay, reconnect, msgs, echoes, xa_lock,
 * helpers, stations, neighs and sas are leaves. The role changes under rx_lock: on
 * behalf of the policy in process context, with the mutex, and in a handover in
 * softirq, without it. The event callback of conntrack may be called under a
 * bucket lock, that of expectations is under nf_conntrack_expect_lock, that of
 * neighbours in any context, and all take only leaves. fo_session.rx_lock is held
 * while records are applied, which takes the locks of conntrack, its expectations,
 * the kernel's neighbours and of an IPsec SA.
 *
 * A unit is made when its namespace is first configured and lives until the
 * namespace goes. Everything is stopped in pre_exit, before the namespace's
 * own conntrack and netdevs go; a grace period later, in exit, it is freed.
 */

#include "unit.h"

#include <linux/module.h>
#include <linux/reboot.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netns/generic.h>

#define BY_COMMAND	"Set by the config command"

struct unit_net {
	struct fo_unit __rcu *unit;
};

static unsigned int unit_net_id;

/* --- hellos and bulk syncs ------------------------------------------- */

/* Say at once what has changed. Context: process. */
void fo_unit_hello(struct fo_unit *u)
{
	mutex_lock(&u->mutex);
	if (u->started)
		fo_hello_now(&u->hello);
	mutex_unlock(&u->mutex);
}

/**
 * fo_unit_resync() - send everything to the standby once more
 * @u: unit
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_unit_resync(struct fo_unit *u, struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&u->mutex);
	if (!u->started || !fo_role_claims(&u->role)) {
		NL_SET_ERR_MSG(extack, "this unit is not active");
		err = -EINVAL;
	} else if (!READ_ONCE(u->session.up)) {
		NL_SET_ERR_MSG(extack, "the other unit is not there");
		err = -ENOTCONN;
	} else {
		fo_bulk_start(&u->bulk, false);
	}
	mutex_unlock(&u->mutex);
	return err;
}

/**
 * fo_unit_request() - ask the policy of the other unit for something
 * @u: unit
 * @ask: reset or reload
 * @extack: why it was refused
 *
 * It is part of the hellos until the association ends, and is met once.
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_unit_request(struct fo_unit *u, enum nf_failover_ask ask,
		    struct netlink_ext_ack *extack)
{
	struct fo_this *t = &u->store.this;
	int err = 0;

	mutex_lock(&u->mutex);
	spin_lock_bh(&u->store.lock);
	if (!u->started || !u->store.other.alive) {
		NL_SET_ERR_MSG(extack, "the other unit is not there");
		err = -ENOTCONN;
	} else if (!(u->store.other.hello.flags & FO_HELLO_DAEMON)) {
		NL_SET_ERR_MSG(extack,
			       "failoverd is not running on the other unit");
		err = -EHOSTDOWN;
	} else {
		t->request = ask;
		t->request_no++;
		t->requesting = true;
	}
	spin_unlock_bh(&u->store.lock);
	if (!err)
		fo_hello_now(&u->hello);
	mutex_unlock(&u->mutex);
	return err;
}

/* --- start and stop --------------------------------------------------- */

/* On a link the primary has the address that is called active. */
static void set_up_link(const struct fo_config *c,
			const struct fo_config_link *l,
			struct fo_link_setup *s)
{
	bool primary = c->unit == NF_FAILOVER_UNIT_PRIMARY;
	const struct fo_addr *a = &l->addr[0];

	memset(s, 0, sizeof(*s));
	s->ops = fo_unit_link_ops(l);
	strscpy(s->ifname, l->ifname, sizeof(s->ifname));
	s->ethertype = c->ethertype;
	if (l->transport != NF_FAILOVER_TRANSPORT_UDP)
		return;
	s->family = a->family;
	s->port = l->port;
	s->here = primary ? a->active : a->standby;
	s->there = primary ? a->standby : a->active;
}

static void open_links(struct fo_unit *u, const struct fo_config *c)
{
	struct fo_link_setup setup;
	unsigned int i;

	u->session.links = c->links;
	u->session.state = 0;
	for (i = 0; i < c->links; i++) {
		set_up_link(c, &c->link[i], &setup);
		fo_link_open(&u->link[i], &setup);
		u->session.link[i] = &u->link[i];
		if (c->link[i].kind == NF_FAILOVER_LINK_KIND_STATE)
			u->session.state = i;
		WRITE_ONCE(u->role.link[i], fo_link_ifindex(&u->link[i]));
	}
}

static void close_links(struct fo_unit *u)
{
	unsigned int i;

	for (i = 0; i < FO_LINKS; i++) {
		fo_link_close(&u->link[i]);
		WRITE_ONCE(u->role.link[i], 0);
	}
}

static void forget_peer(struct fo_unit *u)
{
	WRITE_ONCE(u->handing, false);
	spin_lock_bh(&u->store.lock);
	memset(&u->store.other, 0, sizeof(u->store.other));
	u->store.mismatch = NULL;
	u->store.this.synced = false;
	spin_unlock_bh(&u->store.lock);
	fo_agree_reset(&u->agree);
}

/* Links, association and hellos, according to the configuration. */
static int connect(struct fo_unit *u, const struct fo_config *c)
{
	int err;

	forget_peer(u);
	open_links(u, c);
	err = fo_session_open(&u->session, c->unit, &c->psks);
	if (err) {
		close_links(u);
		return err;
	}
	fo_queue_open(&u->queue);
	fo_msg_start(&u->msgs);
	u->hello.alive = false;
	fo_hello_start(&u->hello, c->poll_ms, c->hold_ms);
	return 0;
}

static void disconnect(struct fo_unit *u)
{
	close_links(u);
	WRITE_ONCE(u->cts.capturing, false);
	fo_bulk_stop(&u->bulk);
	fo_queue_close(&u->queue);
	fo_hello_stop(&u->hello);
	fo_session_close(&u->session);
	fo_msg_stop(&u->msgs);
	forget_peer(u);
}

static int start(struct fo_unit *u, const struct fo_config *c)
{
	int err;

	err = nf_ct_netns_get(u->net, NFPROTO_INET);
	if (err)
		return err;
	err = fo_role_start(&u->role);
	if (err)
		goto put_ct;
	err = fo_bridge_start(&u->bridge);
	if (err)
		goto stop_role;
	fo_cts_start(&u->cts);
	fo_neighs_start(&u->neighs);
	fo_sas_start(&u->sas);
	WRITE_ONCE(u->apply.accepting, true);
	err = connect(u, c);
	if (err)
		goto stop_cts;
	fo_unit_move(u, NF_FAILOVER_HISTORY_KIND_ENABLED,
		     NF_FAILOVER_STATE_NEGOTIATION, BY_COMMAND);
	fo_unit_watch(u);
	WRITE_ONCE(u->started, true);
	return 0;
stop_cts:
	fo_sas_stop(&u->sas);
	fo_neighs_stop(&u->neighs);
	fo_cts_stop(&u->cts);
	fo_bridge_stop(&u->bridge);
stop_role:
	fo_role_stop(&u->role);
put_ct:
	nf_ct_netns_put(u->net, NFPROTO_INET);
	return err;
}

static void stop(struct fo_unit *u)
{
	bool alone = u->role.forwarding && !READ_ONCE(u->store.other.alive);
	bool active;

	WRITE_ONCE(u->started, false);
	WRITE_ONCE(u->draining, false);
	/* another one bridges, or will: a second one would be a loop */
	if (!alone)
		fo_bridge_shut(&u->bridge);
	cancel_delayed_work_sync(&u->watch);
	if (u->role.active && READ_ONCE(u->store.other.alive))
		fo_cts_leave(&u->cts);
	/* the mate is still known, and hears of it no more */
	close_links(u);
	fo_unit_move(u, NF_FAILOVER_HISTORY_KIND_DISABLED,
		     NF_FAILOVER_STATE_DISABLED, BY_COMMAND);
	disconnect(u);
	/* no hello makes it active any more */
	active = u->role.active;
	WRITE_ONCE(u->apply.accepting, false);
	fo_cts_stop(&u->cts);
	fo_slots_init(&u->cts.slots);
	fo_stations_stop(&u->stations);
	fo_neighs_stop(&u->neighs);
	fo_objects_stop(&u->objects);
	fo_sas_stop(&u->sas);
	if (alone)
		fo_bridge_stop(&u->bridge);
	fo_reconnect_stop(&u->reconnect);
	fo_role_stop(&u->role);
	nf_ct_netns_put(u->net, NFPROTO_INET);
	if (active)
		fo_store_role(&u->store, false);
}

static bool same_links(const struct fo_config *a, const struct fo_config *b)
{
	struct fo_link_setup was, is;
	unsigned int i;

	if (a->unit != b->unit ||
	    a->links != b->links || a->replication != b->replication ||
	    a->neighbours != b->neighbours || a->objects != b->objects ||
	    a->ipsec != b->ipsec ||
	    a->expectations != b->expectations ||
	    a->psks.mode != b->psks.mode)
		return false;
	for (i = 0; i < a->links; i++) {
		set_up_link(a, &a->link[i], &was);
		set_up_link(b, &b->link[i], &is);
		if (memcmp(&was, &is, sizeof(was)))
			return false;
	}
	return true;
}

/* From one configuration to the next, without touching what is the same. */
static int change(struct fo_unit *u, const struct fo_config *was,
		  const struct fo_config *c)
{
	int err;

	if (!c->enabled) {
		if (u->started)
			stop(u);
		return 0;
	}
	if (!u->started)
		return start(u, c);
	if (!same_links(was, c)) {
		disconnect(u);
		err = connect(u, c);
		/* what was in force; there may be no memory for that either */
		if (err)
			connect(u, was);
		return err;
	}
	fo_session_set_psks(&u->session, &c->psks);
	if (was->poll_ms != c->poll_ms || was->hold_ms != c->hold_ms) {
		fo_hello_stop(&u->hello);
		fo_hello_start(&u->hello, c->poll_ms, c->hold_ms);
	}
	return 0;
}

/* What was found out of an object is that of another one with other words. */
static void keep_tracks(const struct fo_config *was, struct fo_config *c)
{
	unsigned int i, j;

	for (i = 0; i < c->tracks; i++)
		for (j = 0; j < was->tracks; j++) {
			if (strcmp(c->track[i].name, was->track[j].name) ||
			    strcmp(c->track[i].what, was->track[j].what))
				continue;
			c->track[i].status = READ_ONCE(was->track[j].status);
			c->track[i].since = was->track[j].since;
			memcpy(c->track[i].cause, was->track[j].cause,
			       sizeof(c->track[i].cause));
		}
}

/* What the policy has reported outlives the configuration. */
static void keep_reports(const struct fo_config *was, struct fo_config *c)
{
	unsigned int i, j;

	keep_tracks(was, c);
	for (i = 0; i < c->ifcs; i++)
		for (j = 0; j < was->ifcs; j++) {
			if (strcmp(c->ifc[i].ifname, was->ifc[j].ifname))
				continue;
			c->ifc[i].status = READ_ONCE(was->ifc[j].status);
			c->ifc[i].told = READ_ONCE(was->ifc[j].told);
			c->ifc[i].answer = READ_ONCE(was->ifc[j].answer);
			c->ifc[i].since = was->ifc[j].since;
			memcpy(c->ifc[i].cause, was->ifc[j].cause,
			       sizeof(c->ifc[i].cause));
			memcpy(c->ifc[i].mac.own, was->ifc[j].mac.own,
			       ETH_ALEN);
		}
}

/* What is looked at as it is needed. */
static void set_rules(struct fo_unit *u, const struct fo_config *c)
{
	WRITE_ONCE(u->cts.expects.on, c->expectations);
	WRITE_ONCE(u->cts.tcp_from, c->tcp_from);
	WRITE_ONCE(u->cts.datagram_from, c->datagram_from);
	WRITE_ONCE(u->cts.accounting, c->accounting);
	WRITE_ONCE(u->cts.delay, c->delay);
	WRITE_ONCE(u->msgs.clear, c->exec_clear);
	WRITE_ONCE(u->bulk.rate, c->rate);
	fo_reconnect_set(&u->reconnect, c->reconnect);
}

/* The handshake says it, and what it says of links is known when they are open. */
static void renew_digest(struct fo_unit *u)
{
	fo_agree_stale(&u->agree);
	WRITE_ONCE(u->session.digest, fo_agree_refresh(&u->agree));
}

/* Connections are replicated now that were not, or the other way round. */
static bool filters_differ(const struct fo_config *a, const struct fo_config *b)
{
	return a->delay != b->delay || !fo_filter_equal(&a->filter, &b->filter);
}

/**
 * fo_unit_configure() - put a configuration in force
 * @u: unit
 * @c: configuration, checked; taken over, and freed when it is refused
 * @extack: why it was refused
 *
 * When it is refused the old one stays in force. Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_unit_configure(struct fo_unit *u, struct fo_config *c,
		      struct netlink_ext_ack *extack)
{
	struct fo_config *was;
	bool resync;
	int err;

	mutex_lock(&u->mutex);
	was = rcu_dereference_protected(u->store.config,
					lockdep_is_held(&u->mutex));
	err = fo_bridge_check(&u->bridge, was, c, extack);
	if (err) {
		mutex_unlock(&u->mutex);
		fo_config_free(c);
		return err;
	}
	keep_reports(was, c);
	set_rules(u, c);
	rcu_assign_pointer(u->store.config, c);
	renew_digest(u);
	err = change(u, was, c);
	if (err) {
		NL_SET_ERR_MSG(extack, "failover could not be started");
		rcu_assign_pointer(u->store.config, was);
		set_rules(u, was);
		was = c;
	}
	fo_bridge_renamed(&u->bridge);
	renew_digest(u);
	resync = !err && filters_differ(was, c);
	mutex_unlock(&u->mutex);
	synchronize_rcu();
	/* all are judged by the new rules from here on, and those by the old ones anew */
	if (resync)
		fo_unit_resync(u, NULL);
	fo_config_free(was);
	if (!err)
		fo_unit_tell(u, NF_FAILOVER_EVENT_CONFIG, NULL);
	return err;
}

/* --- lifetime --------------------------------------------------------- */

struct fo_unit *fo_unit_find(struct net *net)
{
	struct unit_net *un = net_generic(net, unit_net_id);

	return rcu_dereference_raw(un->unit);
}

/* The bridges of a unit. */
static int wire_bridge(struct fo_unit *u, struct net *net)
{
	u->stations = (struct fo_stations){
		.net = net, .stats = &u->stats, .queue = &u->queue,
		.store = &u->store, .role = &u->role,
		.capturing = &u->cts.capturing,
	};
	u->bridge = (struct fo_bridge){
		.net = net, .stats = &u->stats, .store = &u->store,
		.role = &u->role, .stations = &u->stations,
	};
	return fo_stations_init(&u->stations);
}

static int wire_neighs(struct fo_unit *u, struct net *net)
{
	u->neighs = (struct fo_neighs){
		.net = net, .stats = &u->stats, .queue = &u->queue,
		.store = &u->store, .role = &u->role,
		.capturing = &u->cts.capturing,
	};
	return fo_neighs_init(&u->neighs);
}

static int wire_objects(struct fo_unit *u)
{
	u->objects = (struct fo_objects){
		.stats = &u->stats, .queue = &u->queue, .store = &u->store,
		.role = &u->role, .capturing = &u->cts.capturing,
		.ops = &fo_unit_object_ops, .ctx = u,
	};
	return fo_objects_init(&u->objects);
}

static void wire_sas(struct fo_unit *u, struct net *net)
{
	u->sas = (struct fo_sas){
		.net = net, .stats = &u->stats, .queue = &u->queue,
		.store = &u->store, .role = &u->role,
		.capturing = &u->cts.capturing, .up = &u->session.up,
	};
	fo_sas_init(&u->sas);
}

static void wire(struct fo_unit *u, struct net *net)
{
	unsigned int i;

	u->net = net;
	mutex_init(&u->mutex);
	for (i = 0; i < FO_LINKS; i++)
		fo_link_init(&u->link[i], net, &u->stats, &fo_unit_link_up,
			     &u->session);
	fo_session_init(&u->session, &u->stats, &fo_unit_session_ops, u);
	fo_hello_init(&u->hello, &u->session, &u->stats, &fo_unit_hello_ops, u);
	fo_role_init(&u->role, net, &u->stats, &u->store);
	fo_msg_init(&u->msgs, &u->session, &u->stats, &fo_unit_msg_ops, u);
	fo_echo_init(&u->echoes, &u->session, &u->stats, &fo_unit_echo_ops, u);
	fo_reconnect_init(&u->reconnect, net);
	fo_agree_init(&u->agree, net, &u->store);
	fo_history_init(&u->history);
	fo_secrets_init(&u->secrets);
	fo_cts_init(&u->cts, net, &u->stats, &u->queue, &u->store);
	u->cts.apply_lock = &u->session.rx_lock;
	u->cts.wq = u->bulk.wq;
	u->classes.ref[FO_CLASS_CONTROL] = u->bulk.ref;
	fo_cts_classes(&u->cts, &u->classes);
	u->classes.ref[FO_CLASS_STATION] = u->stations.ref;
	u->classes.ref[FO_CLASS_NEIGH] = u->neighs.ref;
	u->classes.ref[FO_CLASS_OBJECT] = u->objects.ref;
	wire_sas(u, net);
	u->classes.ref[FO_CLASS_SA] = u->sas.ref;
	u->apply.stats = &u->stats;
	u->apply.classes = &u->classes;
	INIT_WORK(&u->drain, fo_unit_drain_work);
	fo_unit_watch_init(u);
}

static struct fo_unit *create(struct net *net)
{
	struct fo_unit *u = kvzalloc(sizeof(*u), GFP_KERNEL_ACCOUNT);

	if (!u)
		return NULL;
	if (fo_stats_init(&u->stats))
		goto free;
	u->stats.netns = net->ns.inum;
	if (fo_store_init(&u->store))
		goto stats;
	if (fo_queue_init(&u->queue, &u->stats, &u->session))
		goto store;
	if (fo_bulk_init(&u->bulk, &u->stats, &u->queue, &u->classes,
			 &fo_unit_bulk_ops, u))
		goto queue;
	if (wire_bridge(u, net))
		goto bulk;
	if (wire_neighs(u, net))
		goto stations;
	if (wire_objects(u))
		goto neighs;
	wire(u, net);
	return u;
neighs:
	fo_neighs_exit(&u->neighs);
stations:
	fo_stations_exit(&u->stations);
bulk:
	fo_bulk_exit(&u->bulk);
queue:
	fo_queue_exit(&u->queue);
store:
	fo_store_exit(&u->store);
stats:
	fo_stats_exit(&u->stats);
free:
	kvfree(u);
	return NULL;
}

static void destroy(struct fo_unit *u)
{
	fo_secrets_end(&u->secrets);
	fo_bulk_exit(&u->bulk);
	fo_objects_exit(&u->objects);
	fo_sas_exit(&u->sas);
	fo_neighs_exit(&u->neighs);
	fo_stations_exit(&u->stations);
	fo_queue_exit(&u->queue);
	fo_store_exit(&u->store);
	fo_stats_exit(&u->stats);
	kvfree(u);
}

static DEFINE_MUTEX(make_mutex);

/**
 * fo_unit_make() - the unit of a namespace, made if there is none
 * @net: network namespace
 *
 * Context: process.
 *
 * Return: the unit, which lives as long as the namespace, or NULL.
 */
struct fo_unit *fo_unit_make(struct net *net)
{
	struct unit_net *un = net_generic(net, unit_net_id);
	struct fo_unit *u;

	mutex_lock(&make_mutex);
	u = fo_unit_find(net);
	if (!u) {
		u = create(net);
		rcu_assign_pointer(un->unit, u);
	}
	mutex_unlock(&make_mutex);
	return u;
}

static void __net_exit unit_pre_exit(struct net *net)
{
	struct fo_unit *u = fo_unit_find(net);

	if (!u)
		return;
	mutex_lock(&u->mutex);
	if (u->started)
		stop(u);
	fo_bridge_stop(&u->bridge);
	cancel_delayed_work_sync(&u->watch);
	mutex_unlock(&u->mutex);
	/* it takes the mutex */
	cancel_work_sync(&u->drain);
}

static void __net_exit unit_exit(struct net *net)
{
	struct unit_net *un = net_generic(net, unit_net_id);
	struct fo_unit *u = fo_unit_find(net);

	RCU_INIT_POINTER(un->unit, NULL);
	if (u)
		destroy(u);
}

static struct pernet_operations unit_net_ops = {
	.pre_exit	= unit_pre_exit,
	.exit		= unit_exit,
	.id		= &unit_net_id,
	.size		= sizeof(struct unit_net),
};

static bool is_link(struct fo_unit *u, const struct net_device *dev)
{
	unsigned int i;

	for (i = 0; i < FO_LINKS; i++)
		if (fo_link_ifindex(&u->link[i]) == dev->ifindex)
			return true;
	return false;
}

/*
 * What is in flight is too long for the links from now on, and the peer does not
 * know that it may not send as much. A new association begins with both.
 */
static void check_mtu(struct fo_unit *u)
{
	if (!READ_ONCE(u->session.up) ||
	    fo_session_mtu(&u->session) >= u->session.room)
		return;
	local_bh_disable();
	fo_session_drop(&u->session);
	local_bh_enable();
}

/* Context: rtnl. */
static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct fo_unit *u = fo_unit_find(dev_net(dev));
	const char *refused;
	unsigned int i;
	int err;

	if (!u)
		return NOTIFY_DONE;
	err = fo_bridge_netdev_event(&u->bridge, event, ptr);
	if (err)
		return notifier_from_errno(err);
	for (i = 0; i < FO_LINKS; i++) {
		refused = u->link[i].refused;
		fo_link_netdev_event(&u->link[i], event, dev);
		WRITE_ONCE(u->role.link[i], fo_link_ifindex(&u->link[i]));
		if (u->link[i].refused && u->link[i].refused != refused)
			fo_unit_link_shared(u, u->link[i].refused);
	}
	/* MTU, and whether it is a port of a bridge */
	fo_agree_stale(&u->agree);
	if (is_link(u, dev) &&
	    (event == NETDEV_CHANGEMTU || event == NETDEV_REGISTER ||
	     event == NETDEV_CHANGENAME))
		check_mtu(u);
	if (event == NETDEV_UNREGISTER)
		fo_relay_gone(&u->role.relay, dev);
	if ((event == NETDEV_GOING_DOWN || event == NETDEV_DOWN) &&
	    fo_store_named(&u->store, dev->name))
		fo_cts_freeze(&u->cts);
	if ((event == NETDEV_UP || event == NETDEV_CHANGE) &&
	    netif_running(dev) && netif_carrier_ok(dev) &&
	    fo_store_named(&u->store, dev->name))
		fo_neighs_linked(&u->neighs);
	return NOTIFY_DONE;
}

static struct notifier_block netdev_nb = { .notifier_call = netdev_event };

/* The network goes down before the machine does; the peer keeps everything. */
static int reboot_event(struct notifier_block *nb, unsigned long event,
			void *data)
{
	struct fo_unit *u;
	struct net *net;

	rcu_read_lock();
	for_each_net_rcu(net) {
		u = fo_unit_find(net);
		if (u)
			fo_cts_freeze(&u->cts);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block reboot_nb = { .notifier_call = reboot_event };

/* The unit of a machine whose bridge must not wait for its configuration. */
static int guard_bridges(void)
{
	struct fo_unit *u;

	if (!fo_bridge_guards())
		return 0;
	u = fo_unit_make(&init_net);
	return u ? fo_bridge_guard(&u->bridge) : -ENOMEM;
}

int fo_unit_module_init(const struct fo_notify_ops *ops)
{
	int err;

	fo_unit_ops_init(ops);
	err = register_pernet_subsys(&unit_net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&netdev_nb);
	if (err)
		goto pernet;
	err = register_reboot_notifier(&reboot_nb);
	if (err)
		goto netdev;
	err = guard_bridges();
	if (err)
		goto reboot;
	return 0;
reboot:
	unregister_reboot_notifier(&reboot_nb);
netdev:
	unregister_netdevice_notifier(&netdev_nb);
pernet:
	unregister_pernet_subsys(&unit_net_ops);
	return err;
}

void fo_unit_module_exit(void)
{
	unregister_reboot_notifier(&reboot_nb);
	unregister_netdevice_notifier(&netdev_nb);
	unregister_pernet_subsys(&unit_net_ops);
}

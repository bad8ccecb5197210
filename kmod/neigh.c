// SPDX-License-Identifier: GPL-2.0
/*
 * The class of neighbours: who has which address on the data interfaces.
 *
 * A unit that becomes active and knows no MAC asks for that of each host first,
 * and the packets wait meanwhile, or are dropped. So it is told before. What it
 * is told goes into the kernel's own table at once, as stale: nothing is sent
 * for such an entry until it is used, and then the kernel looks by itself
 * whether it is still true. Entries that nobody uses the kernel forgets after a
 * while, and all of an interface when it loses its link; the class remembers them,
 * and puts them back after a takeover, and when a link is back.
 *
 * A neighbour that goes is not told: those of an interface that fails all do,
 * just before the other unit needs them.
 */

#include "neigh.h"

#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ndisc.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/route.h>

/* Entries among which a neighbour may be. */
#define WAYS		8
#define GROUPS		(FO_NEIGHS / WAYS)

/* Entries that one step of the walk, and of putting back, looks at. */
#define WALK_STEP	256
#define BURST		256

/* States of what was learned, not configured, and may be used. */
#define LEARNED		(NUD_VALID & ~(NUD_PERMANENT | NUD_NOARP))

enum flag {
	DIRTY,
};

static struct neigh_table *table_of(u32 op)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (op == FO_NEIGH_SEEN6)
		return &nd_tbl;
#endif
	return op == FO_NEIGH_SEEN4 ? &arp_tbl : NULL;
}

static u32 op_of(const struct neigh_table *t)
{
	switch (t->family) {
	case AF_INET:
		return FO_NEIGH_SEEN4;
	case AF_INET6:
		return FO_NEIGH_SEEN6;
	default:
		return 0;
	}
}

static enum fo_row row_of(u32 op)
{
	return op == FO_NEIGH_SEEN4 ? FO_ROW_ARP : FO_ROW_ND;
}

static void set_key(struct fo_neigh_key *key, u32 op, const void *addr,
		    const struct net_device *dev)
{
	memset(key, 0, sizeof(*key));
	memcpy(key->addr, addr, fo_neigh_addr_len(op));
	key->ifindex = dev->ifindex;
	key->op = op;
}

static bool same(const struct fo_neigh_key *a, const struct fo_neigh_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* The neighbour's own, a free one, or the one that was noted longest ago. */
static struct fo_neigh *room(struct fo_neighs *s,
			     const struct fo_neigh_key *key)
{
	u32 hash = jhash(key, sizeof(*key), 0) & (GROUPS - 1);
	struct fo_neigh *e = s->entry + hash * WAYS, *oldest = e;
	int i;

	for (i = 0; i < WAYS; i++) {
		if (same(&e[i].key, key))
			return &e[i];
		if (oldest->key.op && (!e[i].key.op ||
				       time_before(e[i].seen, oldest->seen)))
			oldest = &e[i];
	}
	return oldest;
}

/* Its entry; @changed: it was not known, or with another MAC. */
static struct fo_neigh *note(struct fo_neighs *s,
			     const struct fo_neigh_key *key, const u8 *mac,
			     bool *changed)
{
	struct fo_neigh *e;

	spin_lock_bh(&s->lock);
	e = room(s, key);
	*changed = !same(&e->key, key) || !ether_addr_equal(e->mac, mac);
	if (e->key.op && !same(&e->key, key))
		fo_count(s->stats, FO_CNT_NEIGH_DISPLACED);
	e->key = *key;
	ether_addr_copy(e->mac, mac);
	e->round = READ_ONCE(s->round);
	e->seen = jiffies;
	spin_unlock_bh(&s->lock);
	return e;
}

/* A copy; false when there is nobody. */
static bool look(struct fo_neighs *s, const struct fo_neigh *e,
		 struct fo_neigh *copy)
{
	spin_lock_bh(&s->lock);
	*copy = *e;
	spin_unlock_bh(&s->lock);
	return copy->key.op;
}

/* --- on the active unit ------------------------------------------------ */

static void tell_peer(struct fo_neighs *s, struct fo_neigh *e)
{
	if (!READ_ONCE(*s->capturing) ||
	    test_and_set_bit(DIRTY, &e->flags))
		return;
	if (!fo_queue_put(s->queue, &s->ref, e, e - s->entry))
		clear_bit(DIRTY, &e->flags);
}

static bool is_on(struct fo_neighs *s)
{
	bool on;

	rcu_read_lock();
	on = rcu_dereference(s->store->config)->neighbours;
	rcu_read_unlock();
	return on;
}

/* The MAC of one that was learned; false when there is none. */
static bool mac_of(struct neighbour *n, u8 *mac)
{
	bool ok;

	read_lock_bh(&n->lock);
	ok = !n->dead && n->nud_state & LEARNED;
	ether_addr_copy(mac, n->ha);
	read_unlock_bh(&n->lock);
	return ok && is_valid_ether_addr(mac);
}

static bool is_ours(struct fo_neighs *s, const struct neighbour *n)
{
	bool ours;

	if (!net_eq(dev_net(n->dev), s->net) || n->dev->addr_len != ETH_ALEN)
		return false;
	/* other interfaces are none of our business */
	rcu_read_lock();
	ours = fo_store_named(s->store, n->dev->name);
	rcu_read_unlock();
	return ours;
}

/* NULL when there is nothing new. */
static struct fo_neigh *note_learned(struct fo_neighs *s, struct neighbour *n)
{
	u32 op = op_of(n->tbl);
	struct fo_neigh_key key;
	u8 mac[ETH_ALEN];
	struct fo_neigh *e;
	bool changed;

	if (!op || !is_ours(s, n) || !mac_of(n, mac))
		return NULL;
	set_key(&key, op, n->primary_key, n->dev);
	e = note(s, &key, mac, &changed);
	return changed ? e : NULL;
}

/* Context: any but hard interrupt, atomic. */
static int on_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct fo_neighs *s = container_of(nb, struct fo_neighs, nb);
	struct fo_neigh *e;

	if (event != NETEVENT_NEIGH_UPDATE || !READ_ONCE(*s->capturing) ||
	    !is_on(s))
		return NOTIFY_DONE;
	e = note_learned(s, ptr);
	if (e)
		tell_peer(s, e);
	return NOTIFY_DONE;
}

/* RCU. What the kernel knows now; false when that is nothing any more. */
static bool fill(struct fo_neighs *s, const struct fo_neigh_key *key,
		 struct fo_neigh_rec *rec)
{
	struct net_device *dev = dev_get_by_index_rcu(s->net, key->ifindex);
	const struct fo_config_ifc *ifc;
	struct neighbour *n;
	bool ok;

	ifc = dev ? fo_config_ifc(rcu_dereference(s->store->config),
				  dev->name) : NULL;
	n = ifc ? neigh_lookup(table_of(key->op), key->addr, dev) : NULL;
	if (!n)
		return false;
	ok = mac_of(n, rec->mac);
	neigh_release(n);
	rec->op = key->op;
	memcpy(rec->addr, key->addr, sizeof(rec->addr));
	strscpy(rec->nameif, ifc->nameif, sizeof(rec->nameif));
	return ok;
}

/* Context: flush of the queue. */
static int neigh_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_neighs *s = self;
	struct fo_neigh *e = obj, one;
	struct fo_neigh_rec rec;
	bool ok;

	/* what changes from here on is dirty anew */
	clear_bit(DIRTY, &e->flags);
	smp_mb__after_atomic(); /* pairs with test_and_set_bit() in tell_peer() */
	if (!look(s, e, &one))
		return 0;
	rcu_read_lock();
	ok = fill(s, &one.key, &rec);
	rcu_read_unlock();
	if (!ok)
		return 0;
	fo_neigh_rec_put(w, &rec);
	if (w->full)
		return -EMSGSIZE;
	fo_count_row(s->stats, row_of(rec.op), FO_XMIT);
	return 0;
}

static void neigh_put(void *self, void *obj, bool sent)
{
	struct fo_neigh *e = obj;

	if (!sent)
		clear_bit(DIRTY, &e->flags);
}

/* The lock of the kernel's table is held. */
static void collect(struct neighbour *n, void *self)
{
	note_learned(self, n);
}

static void collect_all(struct fo_neighs *s)
{
	neigh_for_each(&arp_tbl, collect, s);
#if IS_ENABLED(CONFIG_IPV6)
	neigh_for_each(&nd_tbl, collect, s);
#endif
}

/* First the kernel's table into ours, then ours. Context: process, bulk sync. */
static bool neigh_walk(void *self, unsigned long *at)
{
	struct fo_neighs *s = self;
	unsigned long end = min_t(unsigned long, *at + WALK_STEP, FO_NEIGHS);
	struct fo_neigh one;

	if (!is_on(s))
		return false;
	if (!*at)
		collect_all(s);
	for (; *at < end; (*at)++)
		if (look(s, &s->entry[*at], &one))
			tell_peer(s, &s->entry[*at]);
	return *at < FO_NEIGHS;
}

/* --- on the standby ---------------------------------------------------- */

/* RCU. Of this unit itself, or of no host. */
static bool is_own(struct fo_neighs *s, const struct fo_neigh_key *key)
{
	__be32 addr;

#if IS_ENABLED(CONFIG_IPV6)
	if (key->op == FO_NEIGH_SEEN6)
		return ipv6_chk_addr(s->net, (const void *)key->addr, NULL, 0);
#endif
	memcpy(&addr, key->addr, sizeof(addr));
	return inet_addr_type(s->net, addr) != RTN_UNICAST;
}

/* Is what the unit has by itself worth more? @news: it is told for the first time. */
static bool stays(const struct neighbour *n, bool news)
{
	u8 state = READ_ONCE(n->nud_state);

	return state & (NUD_PERMANENT | NUD_NOARP) ||
	       (state & NUD_REACHABLE && !news);
}

/*
 * What this unit has confirmed itself stays, until the peer tells something new:
 * who was active a moment ago has confirmed much, and hears of a host with another
 * MAC from the peer alone. RCU; 0 or a negative error number.
 */
static int inject(const struct fo_neigh_key *key, const u8 *mac,
		  struct net_device *dev, bool news)
{
	struct neigh_table *table = table_of(key->op);
	struct neighbour *n;
	int err = 0;

	if (!table)
		return -EAFNOSUPPORT;
	if (dev->addr_len != ETH_ALEN)
		return -EINVAL;
	n = __neigh_lookup_errno(table, key->addr, dev);
	if (IS_ERR(n))
		return PTR_ERR(n);
	if (!stays(n, news))
		err = neigh_update(n, mac, NUD_STALE,
				   NEIGH_UPDATE_F_OVERRIDE, 0);
	neigh_release(n);
	return err;
}

/* RCU. The interface of that name on this unit, or NULL. */
static struct net_device *dev_of(struct fo_neighs *s, const char *nameif)
{
	const struct fo_config_ifc *ifc;

	ifc = fo_config_nameif(rcu_dereference(s->store->config), nameif);
	return ifc ? dev_get_by_name_rcu(s->net, ifc->ifname) : NULL;
}

/* RCU. False when it was refused, and counted. */
static bool take_in(struct fo_neighs *s, const struct fo_neigh_rec *rec)
{
	struct net_device *dev = dev_of(s, rec->nameif);
	struct fo_neigh_key key;
	bool changed;

	if (!dev) {
		fo_count(s->stats, FO_CNT_NEIGH_NO_IFC);
		return false;
	}
	set_key(&key, rec->op, rec->addr, dev);
	if (is_own(s, &key)) {
		fo_count(s->stats, FO_CNT_NEIGH_OWN);
		return true;
	}
	note(s, &key, rec->mac, &changed);
	/* that of an interface which is down has its time after a takeover */
	if (netif_running(dev) && inject(&key, rec->mac, dev, changed)) {
		fo_count(s->stats, FO_CNT_NEIGH_REFUSED);
		return false;
	}
	return true;
}

/* Context: softirq. */
static void neigh_apply(void *self, struct fo_rec *from)
{
	struct fo_neighs *s = self;
	struct fo_neigh_rec rec;
	int err = fo_neigh_rec_get(from, &rec);
	bool ok;

	if (err) {
		fo_count(s->stats, err == -EOPNOTSUPP ? FO_CNT_RX_UNKNOWN_OP :
							FO_CNT_RX_BAD_RECORD);
		fo_count_row(s->stats, row_of(from->op), FO_RERR);
		return;
	}
	rcu_read_lock();
	ok = take_in(s, &rec);
	rcu_read_unlock();
	fo_count_row(s->stats, row_of(rec.op), ok ? FO_RCV : FO_RERR);
}

static void neigh_begin(void *self, u32 epoch)
{
	struct fo_neighs *s = self;

	WRITE_ONCE(s->round, epoch);
}

static void neigh_sweep(void *self, u32 epoch)
{
	struct fo_neighs *s = self;
	struct fo_neigh *e;

	for (e = s->entry; e < s->entry + FO_NEIGHS; e++) {
		spin_lock_bh(&s->lock);
		if (e->round != epoch)
			e->key.op = 0;
		spin_unlock_bh(&s->lock);
	}
}

static u64 neigh_held(void *self)
{
	struct fo_neighs *s = self;
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < FO_NEIGHS; i++)
		n += !!READ_ONCE(s->entry[i].key.op);
	return n;
}

static const struct fo_class neigh_class = {
	.id	= FO_CLASS_NEIGH,
	.name	= "Neighbours",
	.encode	= neigh_encode,
	.put	= neigh_put,
	.apply	= neigh_apply,
	.begin	= neigh_begin,
	.sweep	= neigh_sweep,
	.walk	= neigh_walk,
	.held	= neigh_held,
};

/* --- after a takeover, and when a link is back ------------------------- */

/* RCU. */
static void restore_one(struct fo_neighs *s, const struct fo_neigh *one)
{
	struct net_device *dev = dev_get_by_index_rcu(s->net,
						      one->key.ifindex);

	if (!dev || !netif_running(dev) || is_own(s, &one->key))
		return;
	if (inject(&one->key, one->mac, dev, false))
		fo_count(s->stats, FO_CNT_NEIGH_REFUSED);
}

/* Context: process. */
static void restore(struct work_struct *work)
{
	struct fo_neighs *s = container_of(to_delayed_work(work),
					   struct fo_neighs, restore);
	unsigned int left = BURST;
	struct fo_neigh one;

	if (xchg(&s->anew, false))
		s->at = 0;
	rcu_read_lock();
	for (; s->at < FO_NEIGHS && left; s->at++)
		if (look(s, &s->entry[s->at], &one)) {
			restore_one(s, &one);
			left--;
		}
	rcu_read_unlock();
	if (s->at < FO_NEIGHS)
		queue_delayed_work(system_highpri_wq, &s->restore, 0);
}

/**
 * fo_neighs_restore() - put back what the kernel has forgotten
 * @s: neighbours
 *
 * After the unit was promoted. Context: any but hard interrupt.
 */
void fo_neighs_restore(struct fo_neighs *s)
{
	WRITE_ONCE(s->anew, true);
	mod_delayed_work(system_highpri_wq, &s->restore, 0);
}

/**
 * fo_neighs_linked() - the same, because an interface has a link again
 * @s: neighbours
 *
 * On the standby, too: it may be promoted before the peer tells anything anew.
 * Context: any but hard interrupt; also when they are stopped.
 */
void fo_neighs_linked(struct fo_neighs *s)
{
	spin_lock_bh(&s->lock);
	if (s->started)
		fo_neighs_restore(s);
	spin_unlock_bh(&s->lock);
}

/* --- lifetime ---------------------------------------------------------- */

static void set_started(struct fo_neighs *s, bool started)
{
	spin_lock_bh(&s->lock);
	s->started = started;
	spin_unlock_bh(&s->lock);
}

/**
 * fo_neighs_start() - hear of changes
 * @s: neighbours
 *
 * Context: process.
 */
void fo_neighs_start(struct fo_neighs *s)
{
	register_netevent_notifier(&s->nb);
	set_started(s, true);
}

/**
 * fo_neighs_stop() - hear of changes no more
 * @s: neighbours
 *
 * Context: process.
 */
void fo_neighs_stop(struct fo_neighs *s)
{
	set_started(s, false);
	unregister_netevent_notifier(&s->nb);
	cancel_delayed_work_sync(&s->restore);
}

/**
 * fo_neighs_init() - no neighbours yet
 * @s: neighbours, whose pointers are set
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int fo_neighs_init(struct fo_neighs *s)
{
	s->ref.ops = &neigh_class;
	s->ref.self = s;
	s->nb.notifier_call = on_event;
	spin_lock_init(&s->lock);
	INIT_DELAYED_WORK(&s->restore, restore);
	s->entry = kvcalloc(FO_NEIGHS, sizeof(*s->entry), GFP_KERNEL_ACCOUNT);
	return s->entry ? 0 : -ENOMEM;
}

void fo_neighs_exit(struct fo_neighs *s)
{
	kvfree(s->entry);
}

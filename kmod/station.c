// SPDX-License-Identifier: GPL-2.0
/*
 * The class of stations: who is behind which port of a bridge.
 *
 * A switch sends frames to where it last heard a station. All that are on the
 * other side of the bridge it has heard on the port of the active unit, and
 * there it sends their frames until it hears them elsewhere. So the new active
 * unit lets it: it sends one broadcast from the MAC of each station out of all
 * ports but the one that the station is behind. The frame is a RARP request, as
 * hypervisors send for a machine that has moved: hosts ignore it, and switches
 * flood it through the whole segment.
 *
 * A standby cannot know by itself who is where: it hears a broadcast on all
 * its ports, by way of the active unit. It is told, by records of this class.
 * They say what the active unit has bridged, which is all that switches can
 * have learned from it.
 */

#include "station.h"

#include <linux/if_arp.h>
#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <net/arp.h>

#include "bridge_vlan.h"
#include "codec_station.h"

/* Entries among which a station may be. */
#define WAYS		8
#define GROUPS		(FO_STATIONS / WAYS)

#define USED		BIT_ULL(60)
#define VLAN_SHIFT	48

/* A station that is still there is noted again, and the peer told. */
#define RENEW		(60 * HZ)
/* One that was not heard of for so long is not: as long as a bridge waits. */
#define LIFE		(300 * HZ)

/* Entries that one step of the walk, and of announcing, looks at. */
#define WALK_STEP	256
#define BURST		256

/* When the announcements are repeated, in ms after those before. */
static const unsigned int again_ms[] = { 100, 400, 1500 };

enum flag {
	DIRTY,
};

static u64 key_of(const u8 *mac, u16 vlan)
{
	return ether_addr_to_u64(mac) | (u64)vlan << VLAN_SHIFT | USED;
}

static struct fo_station *group(struct fo_stations *s, u64 key)
{
	return s->entry + hash_64(key, ilog2(GROUPS)) * WAYS;
}

static struct fo_station *find(struct fo_stations *s, u64 key)
{
	struct fo_station *e = group(s, key);
	int i;

	for (i = 0; i < WAYS; i++)
		if (READ_ONCE(e[i].key) == key)
			return &e[i];
	return NULL;
}

/* The station's own, a free one, or that of whom was not heard for longest. */
static struct fo_station *room(struct fo_stations *s, u64 key)
{
	struct fo_station *e = group(s, key), *oldest = e;
	int i;

	for (i = 0; i < WAYS; i++) {
		if (e[i].key == key)
			return &e[i];
		if (oldest->key && (!e[i].key ||
				    time_before(e[i].seen, oldest->seen)))
			oldest = &e[i];
	}
	return oldest;
}

static struct fo_station *note(struct fo_stations *s, u64 key, int port)
{
	struct fo_station *e;

	spin_lock_bh(&s->lock);
	e = room(s, key);
	WRITE_ONCE(e->port, port);
	WRITE_ONCE(e->seen, jiffies);
	WRITE_ONCE(e->key, key);
	spin_unlock_bh(&s->lock);
	return e;
}

/* A copy; false when there is nobody any more. */
static bool look(struct fo_stations *s, const struct fo_station *e,
		 struct fo_station *copy)
{
	spin_lock_bh(&s->lock);
	*copy = *e;
	spin_unlock_bh(&s->lock);
	return copy->key && time_before(jiffies, copy->seen + LIFE);
}

static void tell_peer(struct fo_stations *s, struct fo_station *e)
{
	if (!READ_ONCE(*s->capturing) ||
	    test_and_set_bit(DIRTY, &e->flags))
		return;
	if (!fo_queue_put(s->queue, &s->ref, e, e - s->entry))
		clear_bit(DIRTY, &e->flags);
}

/**
 * fo_station_seen() - a frame was bridged
 * @s: stations
 * @mac: who sent it
 * @vlan: its VLAN of the bridge, or 0
 * @port: where it came from
 *
 * Of a station that is known this only reads. Context: softirq, RCU.
 */
void fo_station_seen(struct fo_stations *s, const u8 *mac, u16 vlan,
		     const struct net_device *port)
{
	u64 key = key_of(mac, vlan);
	struct fo_station *e = find(s, key);

	if (likely(e && READ_ONCE(e->port) == port->ifindex &&
		   time_before(jiffies, READ_ONCE(e->seen) + RENEW)))
		return;
	/* other bridges are none of our business */
	if (fo_store_named(s->store, port->name))
		tell_peer(s, note(s, key, port->ifindex));
}

/* RCU. False when the port is gone, or has no name any more. */
static bool fill(struct fo_stations *s, const struct fo_station *one,
		 struct fo_station_rec *rec)
{
	const struct net_device *dev = dev_get_by_index_rcu(s->net, one->port);
	const struct fo_config_ifc *ifc;

	ifc = dev ? fo_config_ifc(rcu_dereference(s->store->config),
				  dev->name) : NULL;
	if (!ifc)
		return false;
	rec->op = FO_STATION_SEEN;
	u64_to_ether_addr(one->key, rec->mac);
	rec->vlan = one->key >> VLAN_SHIFT & VLAN_VID_MASK;
	strscpy(rec->port, ifc->nameif, sizeof(rec->port));
	return true;
}

/* Context: flush of the queue. */
static int station_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_station_rec rec;
	struct fo_stations *s = self;
	struct fo_station *e = obj, one;
	bool ok;

	/* what changes from here on is dirty anew */
	clear_bit(DIRTY, &e->flags);
	smp_mb__after_atomic(); /* pairs with test_and_set_bit() in tell_peer() */
	if (!look(s, e, &one))
		return 0;
	rcu_read_lock();
	ok = fill(s, &one, &rec);
	rcu_read_unlock();
	if (!ok)
		return 0;
	fo_station_rec_put(w, &rec);
	if (w->full)
		return -EMSGSIZE;
	fo_count_row(s->stats, FO_ROW_STATION, FO_XMIT);
	return 0;
}

static void station_put(void *self, void *obj, bool sent)
{
	struct fo_station *e = obj;

	if (!sent)
		clear_bit(DIRTY, &e->flags);
}

/* RCU. The port of that name on this unit, or 0. */
static int port_of(struct fo_stations *s, const char *nameif)
{
	const struct fo_config_ifc *ifc;
	const struct net_device *dev;

	ifc = fo_config_nameif(rcu_dereference(s->store->config), nameif);
	dev = ifc ? dev_get_by_name_rcu(s->net, ifc->ifname) : NULL;
	return dev ? dev->ifindex : 0;
}

/* Context: softirq. */
static void station_apply(void *self, struct fo_rec *from)
{
	struct fo_stations *s = self;
	struct fo_station_rec rec;
	int port, err = fo_station_rec_get(from, &rec);

	if (err) {
		fo_count(s->stats, err == -EOPNOTSUPP ? FO_CNT_RX_UNKNOWN_OP :
							FO_CNT_RX_BAD_RECORD);
		fo_count_row(s->stats, FO_ROW_STATION, FO_RERR);
		return;
	}
	rcu_read_lock();
	port = port_of(s, rec.port);
	rcu_read_unlock();
	if (port)
		note(s, key_of(rec.mac, rec.vlan), port);
	fo_count_row(s->stats, FO_ROW_STATION, port ? FO_RCV : FO_RERR);
}

/* Context: process, bulk sync. */
static bool station_walk(void *self, unsigned long *at)
{
	struct fo_stations *s = self;
	unsigned long end = min_t(unsigned long, *at + WALK_STEP, FO_STATIONS);
	struct fo_station one;

	for (; *at < end; (*at)++)
		if (look(s, &s->entry[*at], &one))
			tell_peer(s, &s->entry[*at]);
	return *at < FO_STATIONS;
}

static u64 station_held(void *self)
{
	struct fo_stations *s = self;
	struct fo_station one;
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < FO_STATIONS; i++)
		n += look(s, &s->entry[i], &one);
	return n;
}

static const struct fo_class station_class = {
	.id	= FO_CLASS_STATION,
	.name	= "Stations",
	.encode	= station_encode,
	.put	= station_put,
	.apply	= station_apply,
	.walk	= station_walk,
	.held	= station_held,
};

/* Nothing to a port that is not in the VLAN of the station. RCU. */
static void send_rarp(struct fo_stations *s, const struct net_device *br,
		      struct net_device *dev, const u8 *mac, u16 vlan)
{
	struct sk_buff *skb = arp_create(ARPOP_RREQUEST, ETH_P_RARP, 0, dev, 0,
					 NULL, mac, mac);
	int err;

	if (!skb)
		return;
	if (!fo_bridge_vlan_out(br, dev, skb, vlan)) {
		kfree_skb(skb);
		return;
	}
	err = dev_queue_xmit(skb);
	if (!net_xmit_eval(err))
		fo_count(s->stats, FO_CNT_STATIONS_TOLD);
}

/* The ports of the pair on the same bridge, but its own. RCU. */
static void announce_one(struct fo_stations *s, const struct fo_station *one)
{
	const struct fo_config *c = rcu_dereference(s->store->config);
	struct net_device *dev = dev_get_by_index_rcu(s->net, one->port), *br;
	u8 mac[ETH_ALEN];
	unsigned int i;

	br = dev ? netdev_master_upper_dev_get_rcu(dev) : NULL;
	u64_to_ether_addr(one->key, mac);
	for (i = 0; br && i < c->ifcs; i++) {
		dev = dev_get_by_name_rcu(s->net, c->ifc[i].ifname);
		if (dev && dev->ifindex != one->port && netif_running(dev) &&
		    netdev_master_upper_dev_get_rcu(dev) == br)
			send_rarp(s, br, dev, mac,
				  one->key >> VLAN_SHIFT & VLAN_VID_MASK);
	}
}

static void announce_burst(struct fo_stations *s)
{
	unsigned int left = BURST;
	struct fo_station one;

	rcu_read_lock();
	for (; s->at < FO_STATIONS && left; s->at++) {
		if (!look(s, &s->entry[s->at], &one))
			continue;
		announce_one(s, &one);
		left--;
	}
	rcu_read_unlock();
}

/* Context: process. */
static void announce(struct work_struct *work)
{
	struct fo_stations *s = container_of(to_delayed_work(work),
					     struct fo_stations, announce);
	unsigned long delay = 1;

	if (xchg(&s->anew, false)) {
		s->round = 0;
		s->at = 0;
	}
	/* who forwards nothing has nothing to say */
	if (!READ_ONCE(s->role->forwarding))
		return;
	announce_burst(s);
	if (s->at == FO_STATIONS) {
		if (s->round == ARRAY_SIZE(again_ms))
			return;
		delay = msecs_to_jiffies(again_ms[s->round++]);
		s->at = 0;
	}
	queue_delayed_work(system_highpri_wq, &s->announce, delay);
}

/**
 * fo_stations_announce() - the stations are behind this unit now
 * @s: stations
 *
 * After the unit was promoted. Context: any but hard interrupt.
 */
void fo_stations_announce(struct fo_stations *s)
{
	WRITE_ONCE(s->anew, true);
	mod_delayed_work(system_highpri_wq, &s->announce, 0);
}

/* Context: process. */
void fo_stations_stop(struct fo_stations *s)
{
	cancel_delayed_work_sync(&s->announce);
}

/**
 * fo_stations_init() - no stations yet
 * @s: stations, whose pointers are set
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int fo_stations_init(struct fo_stations *s)
{
	s->ref.ops = &station_class;
	s->ref.self = s;
	spin_lock_init(&s->lock);
	INIT_DELAYED_WORK(&s->announce, announce);
	s->entry = kvcalloc(FO_STATIONS, sizeof(*s->entry),
			    GFP_KERNEL_ACCOUNT);
	return s->entry ? 0 : -ENOMEM;
}

void fo_stations_exit(struct fo_stations *s)
{
	kvfree(s->entry);
}

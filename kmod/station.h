/* SPDX-License-Identifier: GPL-2.0 */
/* The class of stations: who is behind which port of a bridge. */
#ifndef _FO_STATION_H
#define _FO_STATION_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "class.h"
#include "queue.h"
#include "role.h"
#include "stats.h"
#include "store.h"

#define FO_STATIONS	4096	/* of all bridges of a unit; a power of two */

/**
 * struct fo_station - a station
 * @key: its MAC and VLAN, and a bit that is always set; 0: the entry is free
 * @port: ifindex of the port that it is behind
 * @seen: when that was last noted, in jiffies
 * @flags: it is in the queue
 */
struct fo_station {
	u64 key;
	int port;
	unsigned long seen;
	unsigned long flags;
};

/**
 * struct fo_stations - stations of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @queue: where those go that are new
 * @store: configuration
 * @role: role of the unit
 * @capturing: changes are replicated
 * @ref: this class, for the queue
 * @lock: protects @entry, but not its flags; a leaf, taken with BH off
 * @entry: FO_STATIONS of them, in groups by the hash of the key
 * @announce: tells the segments where the stations are now
 * @anew: it begins from the first one
 * @round: how often all were announced
 * @at: how far that has come
 */
struct fo_stations {
	struct net *net;
	struct fo_stats *stats;
	struct fo_queue *queue;
	struct fo_store *store;
	struct fo_role *role;
	const bool *capturing;
	struct fo_class_ref ref;
	spinlock_t lock;
	struct fo_station *entry;
	struct delayed_work announce;
	bool anew;
	unsigned int round;
	unsigned int at;
};

/* station.c */
int fo_stations_init(struct fo_stations *s);
void fo_stations_exit(struct fo_stations *s);
void fo_station_seen(struct fo_stations *s, const u8 *mac, u16 vlan,
		     const struct net_device *port);
void fo_stations_announce(struct fo_stations *s);
void fo_stations_stop(struct fo_stations *s);

#endif /* _FO_STATION_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The class of user objects: small keyed values of programs. */
#ifndef _FO_OBJECT_H
#define _FO_OBJECT_H

#include <linux/netlink.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/timerqueue.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "class.h"
#include "codec_object.h"
#include "queue.h"
#include "role.h"
#include "stats.h"
#include "store.h"

#include <uapi/linux/nf_failover.h>

/**
 * struct fo_object_view - an object as it is shown
 * @key: what it is known by
 * @value: its value
 * @len: bytes of it
 * @lives: it has a lifetime
 * @left: what is left of that, in ms
 * @mate: the other unit has said it
 * @secret: its value is for the daemon alone
 */
struct fo_object_view {
	const struct fo_object_key *key;
	const u8 *value;
	size_t len;
	bool lives;
	u64 left;
	bool mate;
	bool secret;
};

/**
 * struct fo_object_ops - what the class calls
 * @changed: an object is another one, or none any more; BH, fo_objects.lock,
 *           so that it is told in order
 */
struct fo_object_ops {
	void (*changed)(void *ctx, enum nf_failover_object_event event,
			const struct fo_object_view *v);
};

/* Shows an object; fo_objects.lock. Returns 0 or a negative error number. */
typedef int (*fo_object_show_t)(void *ctx, const struct fo_object_view *v);

/**
 * struct fo_objects - user objects of one unit
 * @stats: counters of the unit
 * @queue: where those go that have changed
 * @store: configuration
 * @role: role of the unit
 * @capturing: changes are replicated
 * @ops: what is called
 * @ctx: handed to it
 * @ref: this class, for the queue
 * @lock: protects all that follows, and the objects; taken with BH off
 * @table: objects by key
 * @id: objects by a number that says nothing, for walks
 * @due: those with a lifetime, by its end
 * @count: how many there are
 * @bytes: of their values
 * @round: bulk sync that the records belong to
 * @expire: removes those whose time is over, while the unit is active
 */
struct fo_objects {
	struct fo_stats *stats;
	struct fo_queue *queue;
	struct fo_store *store;
	struct fo_role *role;
	const bool *capturing;
	const struct fo_object_ops *ops;
	void *ctx;
	struct fo_class_ref ref;
	spinlock_t lock;
	struct rhashtable table;
	struct xarray id;
	struct timerqueue_head due;
	u64 count;
	u64 bytes;
	u32 round;
	struct delayed_work expire;
};

/* object.c */
int fo_objects_init(struct fo_objects *s);
void fo_objects_exit(struct fo_objects *s);
void fo_objects_promoted(struct fo_objects *s);
void fo_objects_stop(struct fo_objects *s);
int fo_object_put(struct fo_objects *s, const struct fo_object_rec *rec,
		  struct netlink_ext_ack *extack);
int fo_object_delete(struct fo_objects *s, const struct fo_object_key *key,
		     struct netlink_ext_ack *extack);
int fo_object_get(struct fo_objects *s, const struct fo_object_key *key,
		  fo_object_show_t show, void *ctx);
int fo_object_next(struct fo_objects *s, unsigned long *at, const char *space,
		   fo_object_show_t show, void *ctx);

#endif /* _FO_OBJECT_H */

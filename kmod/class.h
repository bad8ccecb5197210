/* SPDX-License-Identifier: GPL-2.0 */
/* A class is one kind of replicated object. */
#ifndef _FO_CLASS_H
#define _FO_CLASS_H

#include <linux/types.h>

#include "codec.h"

/**
 * struct fo_class - what the queue, the bulk sync and apply ask of a class
 * @id: enum fo_wire_class
 * @name: for people
 * @encode: write the newest state of an object as a record; -EMSGSIZE when it
 *          does not fit into the frame, and then it is called again with the
 *          same object and an empty frame. Flush of the queue.
 * @hold: take a reference of an object that is put into the queue; false when it
 *        is about to go. Under the lock of a shard, and maybe others.
 * @put: the queue needs the object no longer; @sent is false when it goes
 *       without having been encoded.
 * @apply: take in a record; it was counted if it is refused. Softirq, in the
 *         order of the sender.
 * @begin: the records from now on belong to the bulk sync of that number,
 *         which grows from one to the next. Softirq, in order with @apply.
 * @sweep: remove what the bulk sync of that number did not touch. Process.
 * @walk: mark the next part of all objects for the queue; *@at is zero at
 *        first and moved on. True while there is more. Process.
 * @held: how many replicated objects there are. Any context.
 *
 * @hold, @begin, @sweep, @walk and @held may be NULL.
 */
struct fo_class {
	u8 id;
	const char *name;
	int (*encode)(void *self, void *obj, struct fo_writer *w);
	bool (*hold)(void *obj);
	void (*put)(void *self, void *obj, bool sent);
	void (*apply)(void *self, struct fo_rec *rec);
	void (*begin)(void *self, u32 epoch);
	void (*sweep)(void *self, u32 epoch);
	bool (*walk)(void *self, unsigned long *at);
	u64 (*held)(void *self);
};

/**
 * struct fo_class_ref - a class of one unit
 * @ops: the class
 * @self: its instance
 */
struct fo_class_ref {
	const struct fo_class *ops;
	void *self;
};

/* The classes of a unit, by enum fo_wire_class. */
struct fo_classes {
	struct fo_class_ref ref[FO_CLASSES];
};

#endif /* _FO_CLASS_H */

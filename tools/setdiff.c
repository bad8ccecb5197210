// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of elements with lifetimes, and what one has that another has not. Pure.
 *
 * Rules of the packet path renew an element with each packet. To tell of each
 * would be a record a second for each of a hundred thousand; so an element is
 * told anew only when its end has moved by an eighth of what it had left.
 */
#include "setdiff.h"

#include <stdlib.h>
#include <string.h>

/* What two readings of one element differ by. */
#define SAME_MS		1500
#define PART		8

bool setlist_add(struct setlist *l, const struct setitem *e)
{
	struct setitem *more;

	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		more = reallocarray(l->item, l->room, sizeof(*more));
		if (!more) {
			l->room = l->n;
			return false;
		}
		l->item = more;
	}
	l->item[l->n++] = *e;
	return true;
}

void setlist_free(struct setlist *l)
{
	free(l->item);
	*l = (struct setlist) { .n = 0 };
}

static int by_key(const void *one, const void *two)
{
	const struct setitem *a = one, *b = two;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->key, b->key, a->len);
}

static void sort(struct setlist *l)
{
	if (l->n)
		qsort(l->item, l->n, sizeof(*l->item), by_key);
}

static bool has_moved(const struct setitem *now, const struct setitem *told)
{
	uint64_t slack = now->timeout / PART;

	if (slack < SAME_MS)
		slack = SAME_MS;
	if (now->timeout != told->timeout)
		return true;
	return now->end > told->end + slack || told->end > now->end + slack;
}

/* What stays told: as it is now, or as it was when that failed or need not be. */
static bool keep(struct setlist *l, const struct setitem *e)
{
	return e && setlist_add(l, e);
}

void setdiff(struct setlist *now, struct setlist *told,
	     const struct setdiff_ops *ops, void *ctx)
{
	struct setlist next = { .n = 0 };
	const struct setitem *a, *b;
	size_t i = 0, j = 0;
	int order;

	sort(now);
	sort(told);
	while (i < now->n || j < told->n) {
		a = i < now->n ? &now->item[i] : NULL;
		b = j < told->n ? &told->item[j] : NULL;
		order = !b ? -1 : !a ? 1 : by_key(a, b);
		if (order > 0) {
			keep(&next, ops->del && ops->del(ctx, b) ? NULL : b);
		} else if (order < 0) {
			keep(&next, ops->put(ctx, a) ? a : NULL);
		} else {
			keep(&next, has_moved(a, b) && ops->put(ctx, a) ? a : b);
		}
		i += order <= 0;
		j += order >= 0;
	}
	setlist_free(told);
	*told = next;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of elements with lifetimes, and what one has that another has not. Pure. */
#ifndef FAILOVER_SETDIFF_H
#define FAILOVER_SETDIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETITEM_KEY	64

/**
 * struct setitem - an element
 * @timeout: the one that it was given, in ms
 * @end: when it is over, in ms of the clock of the caller
 */
struct setitem {
	unsigned char	key[SETITEM_KEY];
	size_t		len;
	uint64_t	timeout;
	uint64_t	end;
};

struct setlist {
	struct setitem	*item;
	size_t		n, room;
};

/* What is to be done so that the other list has what this one has. */
struct setdiff_ops {
	/* false: it could not be done, and is to be done again */
	bool (*put)(void *ctx, const struct setitem *e);
	bool (*del)(void *ctx, const struct setitem *e);
};

bool setlist_add(struct setlist *l, const struct setitem *e);
void setlist_free(struct setlist *l);

/*
 * What @now has and @told has not, or with an end that is too much earlier, is
 * put; with @del, what @told has alone is deleted. @told is then what was told.
 * Both lists are sorted by this.
 */
void setdiff(struct setlist *now, struct setlist *told,
	     const struct setdiff_ops *ops, void *ctx);

#endif /* FAILOVER_SETDIFF_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* PDP contexts of GTP as user objects, and lists of them. Pure. */
#ifndef FAILOVER_GTP_REC_H
#define FAILOVER_GTP_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GTP_SPACE	"gtp"	/* of the user objects that are contexts */
#define GTP_ADDR	16
#define GTP_DEV		16	/* IFNAMSIZ */
#define GTP_KEY		32	/* more than the longest key and value have */
#define GTP_VALUE	48
#define GTP_TEXT	128

/**
 * struct gtp_ctx - a context; what is not used in it is zero
 * @dev: the gtp device, by its name
 * @family: 4 or 6, of the address of the subscriber
 * @version: of GTP, 0 or 1
 * @tid: the tunnel, by which it is known: TID, or the TEI of what comes in
 * @peer_family: 4 or 6, of the other node's address
 * @peer: the other node
 * @ms: the subscriber; of IPv6 the kernel uses the first half
 * @out: the flow label, or the TEI of what goes out
 */
struct gtp_ctx {
	char		dev[GTP_DEV];
	uint8_t		family;
	uint8_t		version;
	uint64_t	tid;
	uint8_t		peer_family;
	unsigned char	peer[GTP_ADDR];
	unsigned char	ms[GTP_ADDR];
	uint32_t	out;
};

/* Return the length. @to has room for GTP_KEY, GTP_VALUE. */
size_t gtp_put_key(unsigned char *to, const struct gtp_ctx *g);
size_t gtp_put_value(unsigned char *to, const struct gtp_ctx *g);
/* False when it is none; then @g is not to be used. The key comes first. */
bool gtp_get_key(struct gtp_ctx *g, const unsigned char *key, size_t len);
bool gtp_get_value(struct gtp_ctx *g, const unsigned char *value, size_t len);
/* Whether all of it may be that of a context. */
bool gtp_is_sound(const struct gtp_ctx *g);
/* "gtp0 TEI 0x11 of 10.0.0.1"; returns @text, of GTP_TEXT bytes. */
const char *gtp_text(const struct gtp_ctx *g, char *text);

struct gtp_list {
	struct gtp_ctx	*item;
	size_t		n, room;
};

/* False without memory. */
bool gtp_list_add(struct gtp_list *l, const struct gtp_ctx *g);
void gtp_list_free(struct gtp_list *l);
/* By the keys; of those with one key one is left. */
void gtp_list_sort(struct gtp_list *l);
/* By its key, in a sorted list. */
const struct gtp_ctx *gtp_list_find(const struct gtp_list *l,
				    const struct gtp_ctx *like);

/* False when it could not be done, and is to be done again. */
struct gtp_ops {
	bool (*put)(void *ctx, const struct gtp_ctx *g);
	bool (*del)(void *ctx, const struct gtp_ctx *g);
};

/*
 * With @del, what @told has alone is deleted, before anything is put: a new context
 * may have the address of an old one. Then what @now has and @told has not, or has
 * otherwise, is put. @told is then what was told. Both lists are sorted by this.
 */
void gtp_diff(struct gtp_list *now, struct gtp_list *told,
	      const struct gtp_ops *ops, void *ctx);

#endif /* FAILOVER_GTP_REC_H */

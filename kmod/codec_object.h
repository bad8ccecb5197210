/* SPDX-License-Identifier: GPL-2.0 */
/* Records of user objects as structs, and back. */
#ifndef _FO_CODEC_OBJECT_H
#define _FO_CODEC_OBJECT_H

#include "codec.h"
#include "wire.h"

#define FO_OBJECT_SPACE		16	/* longest name, with its final zero */
#define FO_OBJECT_KEY		128	/* bytes of the longest key */
#define FO_OBJECT_VALUE		1024	/* bytes of the longest value */

/* Spaces of what the policy has replicated: routes, PDP contexts of GTP. */
#define FO_SPACE_ROUTE		"route"
#define FO_SPACE_GTP		"gtp"

/* The longest lifetime, in ms: 2^32 - 1 seconds. */
#define FO_OBJECT_LIFE_MAX	(4294967295ULL * 1000)

/**
 * struct fo_object_key - what an object is known by
 * @space: name of its space
 * @len: bytes of the key
 * @key: the key
 *
 * What is not used is zero, so that two keys are the same when their bytes are.
 */
struct fo_object_key {
	char space[FO_OBJECT_SPACE];
	u8 len;
	u8 key[FO_OBJECT_KEY];
};

/**
 * struct fo_object_rec - an object, or that there is none any more
 * @op: enum fo_object_op
 * @key: what it is known by
 * @left: for how long it still lives, in ms; 0: as long as nobody deletes it
 * @value: its value, which is that of the record that was read
 * @len: bytes of it
 */
struct fo_object_rec {
	u8 op;
	struct fo_object_key key;
	u64 left;
	const u8 *value;
	size_t len;
};

/* Its record has a value. */
static inline bool fo_object_has_value(u8 op)
{
	return op == FO_OBJECT_PUT || op == FO_OBJECT_SECRET;
}

/* codec_object.c */
bool fo_object_space_ok(const char *space);
void fo_object_rec_put(struct fo_writer *w, const struct fo_object_rec *rec);
int fo_object_rec_get(struct fo_rec *from, struct fo_object_rec *rec);

#endif /* _FO_CODEC_OBJECT_H */

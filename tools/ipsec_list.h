/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of SAs and policies, whose they are, and how lists differ. Pure. */
#ifndef FAILOVER_IPSEC_LIST_H
#define FAILOVER_IPSEC_LIST_H

#include "config.h"
#include "ipsec_rec.h"

#define IPSEC_HASH	32

/* @value: NULL once only @hash is needed, which tells whether it is another one */
struct ipsec_item {
	bool		policy;
	bool		done;
	size_t		key_len;
	unsigned char	key[NF_FAILOVER_OBJECT_KEY_LEN];
	size_t		len;
	unsigned char	*value;
	unsigned char	hash[IPSEC_HASH];
};

struct ipsec_list {
	struct ipsec_item *item;
	size_t		n, room;
};

/* False when it could not be done, and is to be done again. */
struct ipsec_ops {
	bool (*put)(void *ctx, const struct ipsec_item *i);
	bool (*del)(void *ctx, const struct ipsec_item *i);
};

/* With a copy of @value, if that is wanted. False without memory. */
bool ipsec_list_add(struct ipsec_list *l, const struct ipsec_item *i, bool copy);
/* False when it is no record; @i points to no value then. */
bool ipsec_list_add_sa(struct ipsec_list *l, const struct ipsec_sa *sa);
bool ipsec_list_add_policy(struct ipsec_list *l, const struct ipsec_policy *p);
/* Values are wiped. */
void ipsec_list_free(struct ipsec_list *l);

/*
 * What @now has and @told has not, or has another value of, is put, SAs before
 * policies; then, with @del, what @told has alone is deleted. @told is then what
 * was told, without values.
 */
void ipsec_diff(struct ipsec_list *now, struct ipsec_list *told,
		const struct ipsec_ops *ops, void *ctx);

/* Addresses that go with the role. */
struct ipsec_pair {
	struct fo_addr	*addr;
	size_t		n;
};

/* False without memory, and then it has none. */
bool ipsec_pair_set(struct ipsec_pair *p, const struct fo_config *c);
void ipsec_pair_free(struct ipsec_pair *p);
bool ipsec_pair_addr(const struct ipsec_pair *p, uint64_t family,
		     const unsigned char *addr);
/* Whether one is the pair's. */
bool ipsec_pair_sa(const struct ipsec_pair *p, const struct ipsec_sa *sa);
bool ipsec_pair_policy(const struct ipsec_pair *p, const struct ipsec_policy *q);

#endif /* FAILOVER_IPSEC_LIST_H */

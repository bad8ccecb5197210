/* SPDX-License-Identifier: GPL-2.0 */
/* Elements of named sets of nftables, as the kernel has them. */
#ifndef FAILOVER_NFT_SET_H
#define FAILOVER_NFT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "nlask.h"
#include "setdiff.h"

#define NFT_NAME	32
#define NFT_TIMEOUT_S	2

/* A set by its names; @family: NFPROTO_*, @timeout: of its own, in ms, or 0 */
struct nft_set {
	uint8_t	family;
	char	table[NFT_NAME];
	char	name[NFT_NAME];
	uint64_t timeout;
};

/* From "FAMILY TABLE SET", as in the configuration; false when it is none. */
bool nft_set_parse(struct nft_set *s, const char *text);

/*
 * All that ask return 0 or -errno.
 * -ENOENT: there is no such set; -EINVAL: its elements have no timeouts;
 * -EOPNOTSUPP: they are intervals or a map. Fills in its timeout.
 */
int nft_set_check(struct nlask *n, struct nft_set *s);
/* The words for that. */
const char *nft_set_why(int err);
/* Looks at each set of a configuration and says why it is not replicated, if so. */
void nft_sets_look(struct fo_config *c);
/* Those of its elements that have a timeout, added to @list. */
int nft_set_list(struct nlask *n, const struct nft_set *s, struct setlist *list);
/* An element, instead of the one with its key if there is one. */
int nft_set_put(struct nlask *n, const struct nft_set *s,
		const struct setitem *e);
/* -ENOENT: there is none. */
int nft_set_delete(struct nlask *n, const struct nft_set *s,
		   const struct setitem *e);

#endif /* FAILOVER_NFT_SET_H */

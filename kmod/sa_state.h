/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's IPsec SAs, as far as they are replicated. */
#ifndef _FO_SA_STATE_H
#define _FO_SA_STATE_H

#include <linux/bits.h>
#include <net/net_namespace.h>

#include "codec_sa.h"

struct xfrm_state;

/*
 * How far the numbers of a standby are ahead of those that the active has told:
 * more than an SA can send between two records, five millions a second.
 */
#define FO_SA_MARGIN	BIT(20)

/**
 * enum fo_sa_taken - what became of what the peer has told
 * @FO_SA_TAKEN: done
 * @FO_SA_GONE: the SA is not in use
 * @FO_SA_AHEAD: it has received more than the peer
 * @FO_SA_SPENT: done, and there are no numbers left
 */
enum fo_sa_taken {
	FO_SA_TAKEN,
	FO_SA_GONE,
	FO_SA_AHEAD,
	FO_SA_SPENT,
};

/* sa_state.c */
bool fo_sa_state_id(const struct xfrm_state *x, struct fo_sa_id *id);
struct xfrm_state *fo_sa_state_find(struct net *net, const struct fo_sa_id *id);
bool fo_sa_state_in(struct net *net, const struct fo_sa_id *id);
bool fo_sa_state_read(struct xfrm_state *x, struct fo_sa_rec *rec);
enum fo_sa_taken fo_sa_state_take(struct xfrm_state *x,
				  const struct fo_sa_rec *rec);
bool fo_sa_state_leap(struct xfrm_state *x, u64 n);
void fo_sa_state_hold(struct xfrm_state *x);
void fo_sa_state_release(struct xfrm_state *x, time64_t made, time64_t first);

#endif /* _FO_SA_STATE_H */

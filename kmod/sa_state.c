// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's IPsec SAs, as far as they are replicated: numbers, lifetimes.
 *
 * No number may be sent twice: with AES-GCM it would tell the key stream. And
 * the peer of the tunnel takes nothing that is behind its window. So the numbers
 * of a standby are always ahead of those that the active has told, and when it
 * takes over nothing is left to be done for that. Of what was received it knows
 * the greatest number, and takes all below it for received as well: nothing of
 * that is accepted a second time.
 */

#include "sa_state.h"

#include <linux/overflow.h>
#include <linux/timekeeping.h>
#include <net/addrconf.h>
#include <net/route.h>
#include <net/xfrm.h>

static u16 family_of(const struct fo_sa_id *id)
{
	return id->op == FO_SA_USED4 ? AF_INET : AF_INET6;
}

/**
 * fo_sa_state_id() - what an SA is known by
 * @x: the SA, referenced
 * @id: filled in
 *
 * Context: any.
 *
 * Return: false when it is none of ESP or AH, or has no SPI yet.
 */
bool fo_sa_state_id(const struct xfrm_state *x, struct fo_sa_id *id)
{
	memset(id, 0, sizeof(*id));
	if (!x->id.spi ||
	    (x->id.proto != IPPROTO_ESP && x->id.proto != IPPROTO_AH))
		return false;
	id->op = x->props.family == AF_INET ? FO_SA_USED4 : FO_SA_USED6;
	id->proto = x->id.proto;
	memcpy(id->daddr, &x->id.daddr, fo_sa_addr_len(id->op));
	id->spi = ntohl(x->id.spi);
	id->mark = x->mark.v;
	id->mask = x->mark.m;
	id->if_id = x->if_id;
	return true;
}

/**
 * fo_sa_state_find() - the SA of this unit
 * @net: network namespace
 * @id: what it is known by
 *
 * Context: process or softirq.
 *
 * Return: the SA, with a reference, or NULL.
 */
struct xfrm_state *fo_sa_state_find(struct net *net, const struct fo_sa_id *id)
{
	xfrm_address_t daddr = {};
	struct xfrm_state *x;

	memcpy(&daddr, id->daddr, sizeof(id->daddr));
	x = xfrm_state_lookup(net, id->mark, &daddr, htonl(id->spi), id->proto,
			      family_of(id));
	if (!x || (x->mark.v == id->mark && x->mark.m == id->mask &&
		   x->if_id == id->if_id))
		return x;
	xfrm_state_put(x);
	return NULL;
}

/**
 * fo_sa_state_in() - whether an SA ends at this unit
 * @net: network namespace
 * @id: what it is known by
 *
 * Context: any but hard interrupt.
 */
bool fo_sa_state_in(struct net *net, const struct fo_sa_id *id)
{
	__be32 addr;

	if (id->op == FO_SA_USED4) {
		memcpy(&addr, id->daddr, sizeof(addr));
		return inet_addr_type(net, addr) == RTN_LOCAL;
	}
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_chk_addr(net, (const void *)id->daddr, NULL, 0);
#else
	return false;
#endif
}

static u64 sent_by(const struct xfrm_state *x)
{
	const struct xfrm_replay_state_esn *esn = x->replay_esn;

	return esn ? (u64)esn->oseq_hi << 32 | esn->oseq : x->replay.oseq;
}

static u64 received_by(const struct xfrm_state *x)
{
	const struct xfrm_replay_state_esn *esn = x->replay_esn;

	return esn ? (u64)esn->seq_hi << 32 | esn->seq : x->replay.seq;
}

/* Those who are told of each step are not told of this one. */
static void settle(struct xfrm_state *x)
{
	if (!x->replay_esn)
		x->preplay = x->replay;
	else if (x->preplay_esn)
		memcpy(x->preplay_esn, x->replay_esn,
		       xfrm_replay_state_esn_len(x->replay_esn));
}

static void set_sent(struct xfrm_state *x, u64 to)
{
	if (x->replay_esn) {
		x->replay_esn->oseq = to;
		x->replay_esn->oseq_hi = to >> 32;
	} else {
		x->replay.oseq = to;
	}
	settle(x);
}

/*
 * Forward only. At the last number the kernel sends nothing any more. False when
 * it has come to that.
 */
static bool send_from(struct xfrm_state *x, u64 to, u64 margin)
{
	u64 last = x->props.flags & XFRM_STATE_ESN ? U64_MAX : U32_MAX;
	bool spent = check_add_overflow(to, margin, &to) || to >= last;

	if (last == U32_MAX &&
	    x->props.extra_flags & XFRM_SA_XFLAG_OSEQ_MAY_WRAP) {
		if ((s32)((u32)to - (u32)sent_by(x)) > 0)
			set_sent(x, (u32)to);
		return true;
	}
	if (spent)
		to = last;
	if (to > sent_by(x))
		set_sent(x, to);
	return !spent;
}

/* Nothing up to that number is accepted. False when more was received here. */
static bool received_to(struct xfrm_state *x, u64 to)
{
	struct xfrm_replay_state_esn *esn = x->replay_esn;

	if (!to || !(esn ? esn->replay_window : x->props.replay_window))
		return true;
	if (to < received_by(x))
		return false;
	if (esn) {
		esn->seq = to;
		esn->seq_hi = to >> 32;
		memset(esn->bmp, 0xff, esn->bmp_len * sizeof(esn->bmp[0]));
	} else {
		x->replay.seq = to;
		x->replay.bitmap = U32_MAX;
	}
	settle(x);
	return true;
}

/**
 * fo_sa_state_read() - how far an SA has come
 * @x: the SA, referenced
 * @rec: filled in, but for what it is known by and its direction
 *
 * Context: process or softirq.
 *
 * Return: false when it is not in use.
 */
bool fo_sa_state_read(struct xfrm_state *x, struct fo_sa_rec *rec)
{
	u64 now = ktime_get_real_seconds(), first;
	bool ok;

	spin_lock_bh(&x->lock);
	ok = x->km.state == XFRM_STATE_VALID;
	rec->use.sent = sent_by(x);
	rec->use.received = received_by(x);
	rec->use.bytes = x->curlft.bytes;
	rec->use.packets = x->curlft.packets;
	rec->age = now - min_t(u64, now, x->curlft.add_time);
	first = READ_ONCE(x->curlft.use_time);
	rec->used = first ? now - min(now, first) + 1 : 0;
	spin_unlock_bh(&x->lock);
	return ok;
}

/**
 * fo_sa_state_take() - go on where the peer is
 * @x: the SA, referenced
 * @rec: what the peer has told
 *
 * Bytes and packets are compared with their limits when a packet comes, so that
 * they end nothing here. Context: softirq.
 */
enum fo_sa_taken fo_sa_state_take(struct xfrm_state *x,
				  const struct fo_sa_rec *rec)
{
	enum fo_sa_taken taken = FO_SA_TAKEN;

	spin_lock_bh(&x->lock);
	if (x->km.state != XFRM_STATE_VALID) {
		spin_unlock_bh(&x->lock);
		return FO_SA_GONE;
	}
	if (!received_to(x, rec->use.received))
		taken = FO_SA_AHEAD;
	if (!rec->in && !send_from(x, rec->use.sent, FO_SA_MARGIN))
		taken = FO_SA_SPENT;
	x->curlft.bytes = rec->use.bytes;
	x->curlft.packets = rec->use.packets;
	spin_unlock_bh(&x->lock);
	return taken;
}

/**
 * fo_sa_state_leap() - leave out numbers that the peer may have used
 * @x: the SA, referenced
 * @n: how many
 *
 * Context: process or softirq.
 *
 * Return: false when there are none left.
 */
bool fo_sa_state_leap(struct xfrm_state *x, u64 n)
{
	bool ok;

	spin_lock_bh(&x->lock);
	ok = send_from(x, sent_by(x), n);
	spin_unlock_bh(&x->lock);
	return ok;
}

/* It ends by the time since it was made or first used. x->lock held. */
static bool has_time(const struct xfrm_state *x)
{
	return x->lft.soft_add_expires_seconds ||
	       x->lft.hard_add_expires_seconds ||
	       x->lft.soft_use_expires_seconds ||
	       x->lft.hard_use_expires_seconds;
}

/**
 * fo_sa_state_hold() - an SA gets no older
 * @x: the SA, referenced
 *
 * Its lifetime begins anew, again and again. Context: process.
 */
void fo_sa_state_hold(struct xfrm_state *x)
{
	spin_lock_bh(&x->lock);
	if (has_time(x)) {
		x->curlft.add_time = ktime_get_real_seconds();
		WRITE_ONCE(x->curlft.use_time, 0);
	}
	spin_unlock_bh(&x->lock);
}

/**
 * fo_sa_state_release() - an SA is as old as the peer has told
 * @x: the SA, referenced
 * @made: when it was made
 * @first: when its first packet came; 0: there was none
 *
 * Context: process.
 */
void fo_sa_state_release(struct xfrm_state *x, time64_t made, time64_t first)
{
	spin_lock_bh(&x->lock);
	if (x->km.state == XFRM_STATE_VALID && has_time(x)) {
		x->curlft.add_time = made;
		if (first)
			WRITE_ONCE(x->curlft.use_time, first);
		/* its timer looks how much of its time is left */
		hrtimer_start(&x->mtimer, ktime_set(1, 0),
			      HRTIMER_MODE_REL_SOFT);
	}
	spin_unlock_bh(&x->lock);
}

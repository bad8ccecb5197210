// SPDX-License-Identifier: GPL-2.0
/*
 * The association with the peer: what there is of it, and what comes in.
 *
 * The secondary unit proposes an association (INIT), the primary accepts it
 * (RESP), or asks for one (SOLICIT) when it has none. A new association begins
 * with empty windows on both sides; what was in flight in the old one is lost,
 * which is why the active unit follows it with a bulk sync.
 *
 * Frames that arrive ahead of a gap wait in the receiver's ring.
 *
 * What goes out is in session_tx.c, the handshake in handshake.c. Frames are
 * known by the index that we gave their keys; new keys of an association do not
 * touch its windows, and a new association always has new keys.
 */

#include "session.h"

#include <linux/random.h>

#include "seal.h"
#include "trace.h"
#include "version.h"

/* Frames under the keys before may come for so long after the first under new. */
#define PREV_LIFE	5000000000ULL

/*
 * Both locks held: forget what was under way in both directions, and the keys,
 * because numbers begin anew.
 */
static void reset_windows(struct fo_session *s)
{
	unsigned int i;

	lockdep_assert_held(&s->rx_lock);
	lockdep_assert_held(&s->tx_lock);
	for (i = 0; i < FO_WINDOW; i++) {
		kfree_skb(s->rx_skb[i]);
		s->rx_skb[i] = NULL;
	}
	memzero_explicit(&s->cur, sizeof(s->cur));
	memzero_explicit(&s->prev, sizeof(s->prev));
	fo_rxwin_init(&s->rx);
	fo_txwin_init(&s->tx);
	memset(s->newest, 0, sizeof(s->newest));
	s->ready = false;
	s->held = false;
	if (++s->tx_gen == FO_ANY_GEN)
		s->tx_gen++;
}

static void new_local(struct fo_session *s)
{
	lockdep_assert_held(&s->rx_lock);
	do
		s->local = get_random_u32();
	while (!s->local);
}

/* A peer that cannot be paired with, and why; NULL when that is over. */
void fo_session_set_mismatch(struct fo_session *s, const char *why)
{
	lockdep_assert_held(&s->rx_lock);
	/* with an association it is a third one, or a stranger */
	if (s->up && why)
		return;
	if (why || s->mismatch) {
		trace_fo_mismatch(s->stats, why);
		s->ops->mismatch(s->ctx, why);
	}
	s->mismatch = why;
}

static void set_peer(struct fo_session *s, const struct fo_hand *h)
{
	s->peer.assoc = h->assoc;
	s->peer.boot = h->boot;
	s->peer.caps = h->caps;
	s->peer.mtu = h->mtu;
	s->peer.digest = h->digest;
	s->room = min_t(u32, s->mtu, fo_session_mtu(s));
	/* what does not fit its end is dropped there */
	if (h->mtu)
		s->room = min_t(u32, s->room, max_t(u32, h->mtu, FO_ROOM_MIN));
	strscpy(s->peer.version, h->version, sizeof(s->peer.version));
}

/**
 * fo_session_install() - frames are under these keys from here on
 * @s: session
 * @keys: keys
 * @h: what the peer said in the handshake
 * @local: our number of the association, which is a new one unless both
 *         numbers are those of the one that there is
 *
 * Context: softirq, rx_lock.
 */
void fo_session_install(struct fo_session *s, const struct fo_keys *keys,
			const struct fo_hand *h, u32 local)
{
	bool same = s->up && s->local == local && s->peer.assoc == h->assoc &&
		    s->peer.boot == h->boot;

	lockdep_assert_held(&s->rx_lock);
	spin_lock(&s->tx_lock);
	if (same) {
		s->prev = s->cur;
		s->prev_until = 0;
	} else {
		reset_windows(s);
		s->local = local;
		set_peer(s, h);
		WRITE_ONCE(s->heard, ktime_get());
		WRITE_ONCE(s->up, true);
	}
	s->cur = *keys;
	spin_unlock(&s->tx_lock);
	s->hand.done = ktime_get_ns();
	s->hand.frames = fo_session_frames(s);
	s->hand.due = false;
	fo_session_set_mismatch(s, NULL);
	trace_fo_association(s->stats, same ? "rekeyed" : "begun", keys->to,
			     keys->from);
	fo_count(s->stats, same ? FO_CNT_REKEYS : FO_CNT_ASSOCIATIONS);
	if (!same)
		s->ops->associated(s->ctx);
}

/* LAST: number of the one before, or 0. */
static void rx_hello(struct fo_session *s, u64 last, u64 counter,
		     struct fo_reader *body)
{
	fo_count(s->stats, FO_CNT_RX_HELLOS);
	if (last)
		fo_count_n(s->stats, FO_CNT_HELLOS_MISSED, counter - last - 1);
	s->ops->hello(s->ctx, body);
}

static void deliver(struct fo_session *s, const struct sk_buff *skb)
{
	struct fo_reader body;
	struct fo_hdr h;

	fo_hdr_get(skb->data, skb->len, &h);
	fo_reader_init(&body, skb->data + FO_HDR_LEN,
		       h.len - FO_FRAME_OVERHEAD);
	s->ops->deliver(s->ctx, &body);
}

static void deliver_waiting(struct fo_session *s)
{
	struct sk_buff **slot;

	while (fo_rxwin_advance(&s->rx)) {
		slot = &s->rx_skb[s->rx.next % FO_WINDOW];
		deliver(s, *slot);
		consume_skb(*slot);
		*slot = NULL;
	}
}

/* Returns true when the skb was kept. */
static bool rx_data(struct fo_session *s, const struct fo_hdr *h,
		    struct sk_buff *skb)
{
	bool kept = false;

	switch (fo_rxwin_accept(&s->rx, h->counter)) {
	case FO_RX_NEXT:
		deliver(s, skb);
		deliver_waiting(s);
		break;
	case FO_RX_AHEAD:
		fo_count(s->stats, FO_CNT_RX_AHEAD);
		s->rx_skb[h->counter % FO_WINDOW] = skb;
		s->rx_max = max(s->rx_max, s->rx.ahead);
		kept = true;
		break;
	case FO_RX_DUP:
		fo_count(s->stats, FO_CNT_RX_DUPLICATE);
		break;
	case FO_RX_BEYOND:
		fo_count(s->stats, FO_CNT_RX_BEYOND);
		break;
	}
	tasklet_schedule(&s->ack_tasklet);
	return kept;
}

/* Open a frame with the keys that it is under. */
static bool open(struct fo_session *s, const struct fo_hdr *h, u8 *frame)
{
	const struct fo_keys *k = NULL;
	u64 now = ktime_get_ns();

	if (s->cur.valid && h->assoc == s->cur.from)
		k = &s->cur;
	else if (s->prev.valid && h->assoc == s->prev.from &&
		 (!s->prev_until || now < s->prev_until))
		k = &s->prev;
	else if (s->hand.next.valid && h->assoc == s->hand.next.from)
		return fo_hand_proves(s, frame, h);
	if (!k) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
		return false;
	}
	if (!fo_open(k->sealed ? k->rx : NULL, frame, h)) {
		fo_count(s->stats, FO_CNT_RX_BAD_SEAL);
		return false;
	}
	if (k == &s->cur && s->prev.valid && !s->prev_until)
		s->prev_until = now + PREV_LIFE;
	return true;
}

/* The highest number that was heard of a type of frames, on any link. */
static u64 newest(const struct fo_session *s, u8 type)
{
	unsigned int i;
	u64 most = 0;

	for (i = 0; i < s->links; i++)
		most = max(most, s->newest[i][type]);
	return most;
}

/**
 * fo_session_frames() - how far the counters of frames have come
 * @s: session
 *
 * Of each type in the direction in which there were more. Context: rx_lock.
 *
 * Return: what only grows as long as the association is the same.
 */
u64 fo_session_frames(const struct fo_session *s)
{
	u64 n = max(READ_ONCE(s->tx.next), newest(s, FO_FRAME_DATA));
	unsigned int type;

	for (type = 0; type < FO_FRAME_TYPES; type++)
		if (type != FO_FRAME_DATA)
			n += max_t(u64, atomic64_read(&s->counter[type]),
				   newest(s, type));
	return n;
}

static unsigned int number_of(const struct fo_session *s,
			      const struct fo_link *link)
{
	unsigned int i = 0;

	while (i < s->links - 1 && s->link[i] != link)
		i++;
	return i;
}

/*
 * The peer is not where what was said before comes from. False when the link has
 * heard that, or something newer.
 */
static bool learn(struct fo_session *s, unsigned int i, const struct fo_hdr *h,
		  const struct sk_buff *skb)
{
	if (h->counter <= s->newest[i][h->type])
		return false;
	s->newest[i][h->type] = h->counter;
	fo_link_learn(s->link[i], skb);
	return true;
}

/* rx_lock held. Returns true when the skb was kept. */
static bool rx_authentic(struct fo_session *s, struct fo_link *link,
			 const struct fo_hdr *h, struct sk_buff *skb)
{
	unsigned int i = number_of(s, link);
	u64 last = newest(s, h->type);
	bool news = h->counter > last;
	struct fo_reader body;
	bool new_here;

	/*
	 * What somebody recorded and says again is no sign of life, and one that
	 * was overtaken says nothing new either.
	 */
	if (news)
		WRITE_ONCE(s->heard, ktime_get());
	new_here = learn(s, i, h, skb);
	/* late ones are wanted, too; the window knows which */
	if (h->type == FO_FRAME_DATA)
		return rx_data(s, h, skb);
	/* with two links each hello and message comes twice, and an echo once */
	if (!news && (h->type != FO_FRAME_ECHO || !new_here)) {
		fo_count(s->stats, FO_CNT_RX_REPLAY);
		return false;
	}
	fo_reader_init(&body, skb->data + FO_HDR_LEN,
		       h->len - FO_FRAME_OVERHEAD);
	switch (h->type) {
	case FO_FRAME_HELLO:
		rx_hello(s, last, h->counter, &body);
		break;
	case FO_FRAME_ACK:
		fo_session_rx_ack(s, &body);
		break;
	case FO_FRAME_MSG:
		s->ops->msg(s->ctx, &body, s->cur.sealed);
		break;
	case FO_FRAME_ECHO:
		s->ops->echo(s->ctx, i, h->len, &body);
		break;
	}
	return false;
}

/* rx_lock held. Returns true when the skb was kept. */
static bool dispatch(struct fo_session *s, struct fo_link *link,
		     const struct fo_hdr *h, struct sk_buff *skb)
{
	if (h->type == FO_FRAME_HAND || h->type == FO_FRAME_NOISE) {
		fo_hand_rx(s, h, skb->data);
		return false;
	}
	return open(s, h, skb->data) && rx_authentic(s, link, h, skb);
}

/* Anybody may say so. rx_lock held. */
static void other_version(struct fo_session *s, const struct fo_hdr *h,
			  u8 *frame)
{
	fo_count(s->stats, FO_CNT_RX_BAD_VERSION);
	if (h->type == FO_FRAME_HAND && fo_open(NULL, frame, h))
		fo_session_set_mismatch(s, "the other unit speaks another version of the protocol");
}

static bool check(struct fo_session *s, const struct sk_buff *skb,
		  struct fo_hdr *h)
{
	int err = fo_hdr_get(skb->data, skb->len, h);

	if (!err)
		return true;
	fo_count(s->stats, err == -EPROTO ? FO_CNT_RX_BAD_TYPE :
					    FO_CNT_RX_SHORT);
	return false;
}

/**
 * fo_session_rx() - a frame has arrived
 * @ctx: the session
 * @link: where
 * @skb: linear and ours to write to, data is the frame; taken
 *
 * Context: softirq, RCU.
 */
void fo_session_rx(void *ctx, struct fo_link *link, struct sk_buff *skb)
{
	struct fo_session *s = ctx;
	bool kept = false;
	struct fo_hdr h;

	if (check(s, skb, &h)) {
		spin_lock_bh(&s->rx_lock);
		if (s->open && h.version != FO_WIRE_VERSION)
			other_version(s, &h, skb->data);
		else if (s->open)
			kept = dispatch(s, link, &h, skb);
		spin_unlock_bh(&s->rx_lock);
	}
	if (!kept)
		consume_skb(skb);
}

void fo_session_init(struct fo_session *s, struct fo_stats *stats,
		     const struct fo_session_ops *ops, void *ctx)
{
	memset(s, 0, sizeof(*s));
	s->stats = stats;
	s->ops = ops;
	s->ctx = ctx;
	spin_lock_init(&s->rx_lock);
	fo_session_tx_init(s);
}

/**
 * fo_session_open() - begin to take frames
 * @s: session, whose links are set
 * @unit: enum nf_failover_unit
 * @psks: its keys
 *
 * Context: process.
 *
 * Return: 0, -ENOMEM, or -ERESTARTSYS when there was no good chance yet.
 */
int fo_session_open(struct fo_session *s, u8 unit, const struct fo_psks *psks)
{
	int err = wait_for_random_bytes();

	if (!err)
		err = fo_session_tx_open(s);
	if (err)
		return err;
	spin_lock_bh(&s->rx_lock);
	spin_lock(&s->tx_lock);
	reset_windows(s);
	spin_unlock(&s->tx_lock);
	s->unit = unit;
	s->boot = get_random_u64() | 1;
	s->mismatch = false;
	fo_hand_set_psks(s, psks);
	fo_hand_forget(s);
	new_local(s);
	s->open = true;
	spin_unlock_bh(&s->rx_lock);
	return 0;
}

/**
 * fo_session_set_psks() - other keys, while the session is open
 * @s: session
 * @psks: keys, of the mode that it has
 *
 * Context: process.
 */
void fo_session_set_psks(struct fo_session *s, const struct fo_psks *psks)
{
	spin_lock_bh(&s->rx_lock);
	fo_hand_set_psks(s, psks);
	spin_unlock_bh(&s->rx_lock);
}

/* The peer is not there any more. rx_lock held. */
static void end(struct fo_session *s)
{
	unsigned int i;

	lockdep_assert_held(&s->rx_lock);
	if (s->up)
		trace_fo_association(s->stats, "ended", 0, 0);
	spin_lock(&s->tx_lock);
	WRITE_ONCE(s->up, false);
	reset_windows(s);
	spin_unlock(&s->tx_lock);
	fo_hand_forget(s);
	new_local(s);
	for (i = 0; i < s->links; i++)
		fo_link_forget(s->link[i]);
}

/**
 * fo_session_close() - take no frame any more
 * @s: session; the queue above does not build frames any more
 *
 * Context: process.
 */
void fo_session_close(struct fo_session *s)
{
	static const struct fo_psks none;

	spin_lock_bh(&s->rx_lock);
	s->open = false;
	end(s);
	fo_hand_set_psks(s, &none);
	spin_unlock_bh(&s->rx_lock);
	fo_session_tx_close(s);
}

/**
 * fo_session_solicit() - look for a peer, when there is no association
 * @s: session
 *
 * Context: softirq, once a poll.
 */
void fo_session_solicit(struct fo_session *s)
{
	spin_lock(&s->rx_lock);
	if (s->open && !s->up)
		fo_hand_solicit(s);
	spin_unlock(&s->rx_lock);
}

/**
 * fo_session_drop() - the peer was not heard for the hold time
 * @s: session
 *
 * Context: softirq.
 */
void fo_session_drop(struct fo_session *s)
{
	spin_lock(&s->rx_lock);
	end(s);
	spin_unlock(&s->rx_lock);
}


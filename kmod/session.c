// SPDX-License-Identifier: GPL-2.0
/*
 * The association with the peer: handshake, sequence, ack, retransmission.
 *
 * The secondary unit proposes an association (INIT), the primary accepts it
 * (RESP), or asks for one (SOLICIT) when it has none. A new association begins
 * with empty windows on both sides; what was in flight in the old one is lost,
 * which is why the active unit follows it with a bulk sync.
 *
 * DATA frames live in a ring of buffers: they are built there, sealed once and
 * copied into an skb at each transmission, until the peer has them. Frames that
 * arrive ahead of a gap wait in the receiver's ring.
 */

#include "session.h"

#include <linux/mm.h>
#include <linux/random.h>
#include <uapi/linux/nf_failover.h>

#include "seal.h"
#include "version.h"

/* The longest body that a HAND, HELLO or ACK frame may have. */
#define SMALL_BODY	FO_HELLO_MAX
/* Frames that one run of the timer may send again. */
#define RESEND_BUDGET	32

static u8 *tx_frame(struct fo_session *s, u64 seq)
{
	return s->tx_buf + (size_t)(seq % FO_WINDOW) * s->mtu;
}

static struct fo_link *state_link(struct fo_session *s)
{
	return s->link[s->links - 1];
}

/* Send a small frame, whose body is copied, over one link. */
static void send_small(struct fo_session *s, struct fo_link *link, u8 type,
		       u64 counter, u32 assoc, const u8 *body, size_t len)
{
	u8 frame[FO_FRAME_OVERHEAD + SMALL_BODY];
	const struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type	 = type,
		.len	 = FO_FRAME_OVERHEAD + len,
		.assoc	 = assoc,
		.counter = counter,
	};

	memcpy(frame + FO_HDR_LEN, body, len);
	fo_seal(frame, &h);
	fo_link_send(link, frame, h.len, true);
}

static u64 next_counter(struct fo_session *s, u8 type)
{
	return atomic64_inc_return(&s->counter[type]);
}

static void send_hand(struct fo_session *s, u8 op, u32 assoc)
{
	struct fo_hand h = {
		.op	= op,
		.unit	= s->unit,
		.assoc	= s->local,
		.boot	= s->boot,
		.caps	= FO_CAP_NONE,
		.mtu	= fo_link_mtu(state_link(s)),
		.version = FO_VERSION,
	};
	struct fo_writer w;
	unsigned int i;
	u8 body[128];

	lockdep_assert_held(&s->rx_lock);
	fo_writer_init(&w, body, sizeof(body));
	fo_hand_put(&w, &h);
	for (i = 0; i < s->links; i++)
		send_small(s, s->link[i], FO_FRAME_HAND,
			   next_counter(s, FO_FRAME_HAND), assoc,
			   body, w.p - body);
}

/* Both locks held: forget what was under way in both directions. */
static void reset_windows(struct fo_session *s)
{
	unsigned int i;

	lockdep_assert_held(&s->rx_lock);
	lockdep_assert_held(&s->tx_lock);
	for (i = 0; i < FO_WINDOW; i++) {
		kfree_skb(s->rx_skb[i]);
		s->rx_skb[i] = NULL;
	}
	fo_rxwin_init(&s->rx);
	fo_txwin_init(&s->tx);
	s->rx_hello = 0;
	s->rx_ack = 0;
	s->ready = false;
	s->tx_gen++;
}

static void new_local(struct fo_session *s)
{
	lockdep_assert_held(&s->rx_lock);
	do
		s->local = get_random_u32();
	while (!s->local);
}

/*
 * What frames of an association carry. It is made of the numbers that both
 * units chose: the secondary may propose the same number again to a primary
 * that has lost the association or was restarted, and frames of the old one
 * must not be taken for frames of the new one.
 */
static u32 both(u32 receiver, u32 sender)
{
	return receiver + 3 * sender;
}

static void associate(struct fo_session *s, const struct fo_hand *h)
{
	spin_lock(&s->tx_lock);
	reset_windows(s);
	s->peer.assoc = h->assoc;
	s->peer.to = both(h->assoc, s->local);
	s->from = both(s->local, h->assoc);
	s->peer.boot = h->boot;
	s->peer.caps = h->caps;
	s->peer.mtu = h->mtu;
	strscpy(s->peer.version, h->version, sizeof(s->peer.version));
	WRITE_ONCE(s->heard, ktime_get());
	WRITE_ONCE(s->up, true);
	spin_unlock(&s->tx_lock);
	fo_count(s->stats, FO_CNT_ASSOCIATIONS);
	s->ops->associated(s->ctx);
}

static void set_mismatch(struct fo_session *s, const char *why)
{
	lockdep_assert_held(&s->rx_lock);
	if (why)
		fo_count(s->stats, FO_CNT_RX_MISMATCH);
	if (why || s->mismatch)
		s->ops->mismatch(s->ctx, why);
	s->mismatch = why;
}

/* INIT at the primary: the same one again means that our answer was lost. */
static void rx_init(struct fo_session *s, const struct fo_hand *h)
{
	if (!s->up || s->peer.assoc != h->assoc || s->peer.boot != h->boot) {
		new_local(s);
		associate(s, h);
	}
	send_hand(s, FO_HAND_RESP, h->assoc);
}

static void rx_resp(struct fo_session *s, const struct fo_hand *h, u32 assoc)
{
	if (assoc != s->local) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
		return;
	}
	if (!s->up || s->peer.assoc != h->assoc)
		associate(s, h);
}

/* SOLICIT at the secondary: the primary knows no association any more. */
static void rx_solicit(struct fo_session *s)
{
	if (s->up) {
		spin_lock(&s->tx_lock);
		WRITE_ONCE(s->up, false);
		reset_windows(s);
		spin_unlock(&s->tx_lock);
		new_local(s);
	}
	send_hand(s, FO_HAND_INIT, 0);
}

static void rx_hand(struct fo_session *s, const struct fo_hdr *hdr,
		    struct fo_reader *body)
{
	bool primary = s->unit == NF_FAILOVER_UNIT_PRIMARY;
	struct fo_hand h;

	if (fo_hand_get(body, &h)) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	if (h.boot == s->boot) {
		fo_count(s->stats, FO_CNT_RX_OWN);
		return;
	}
	/* a late one would end the association that a later one has made */
	if (h.boot == s->hand_boot && hdr->counter <= s->hand_counter) {
		fo_count(s->stats, FO_CNT_RX_REPLAY);
		return;
	}
	s->hand_boot = h.boot;
	s->hand_counter = hdr->counter;
	if (h.unit == s->unit) {
		set_mismatch(s, primary ? "both units are primary" :
					  "both units are secondary");
		return;
	}
	set_mismatch(s, NULL);
	if (primary && h.op == FO_HAND_INIT)
		rx_init(s, &h);
	else if (!primary && h.op == FO_HAND_RESP)
		rx_resp(s, &h, hdr->assoc);
	else if (!primary && h.op == FO_HAND_SOLICIT)
		rx_solicit(s);
	else
		fo_count(s->stats, FO_CNT_RX_STRANGER);
}

static void rx_hello(struct fo_session *s, const struct fo_hdr *h,
		     struct fo_reader *body)
{
	/* with two links each hello comes twice */
	if (h->counter <= s->rx_hello) {
		fo_count(s->stats, FO_CNT_RX_REPLAY);
		return;
	}
	s->rx_hello = h->counter;
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

static void arm_rto(struct fo_session *s, u64 wake, u64 now)
{
	if (wake)
		hrtimer_start(&s->rto, ns_to_ktime(wake > now ? wake - now : 0),
			      HRTIMER_MODE_REL_SOFT);
}

/* Send again what is lost, within a budget. tx_lock held. */
static void resend_lost(struct fo_session *s)
{
	unsigned int budget = RESEND_BUDGET;
	u64 now = ktime_get_ns();
	u64 seq, wake;

	lockdep_assert_held(&s->tx_lock);
	while ((seq = fo_txwin_lost(&s->tx, now, &wake))) {
		if (!budget--) {
			wake = now + FO_RTO_MIN;
			break;
		}
		fo_count(s->stats, FO_CNT_TX_RETRANSMITS);
		fo_txwin_resent(&s->tx, seq, now);
		fo_link_send(state_link(s), tx_frame(s, seq),
			     s->tx_len[seq % FO_WINDOW], false);
	}
	arm_rto(s, wake, now);
}

static void rx_ack(struct fo_session *s, const struct fo_hdr *h,
		   struct fo_reader *body)
{
	struct fo_ack a;
	int news = 0;

	if (fo_ack_get(body, &a)) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	spin_lock(&s->tx_lock);
	if (h->counter > s->rx_ack) {
		s->rx_ack = h->counter;
		news = fo_txwin_ack(&s->tx, a.cum, a.sack, ktime_get_ns(),
				    NULL, NULL);
		if (news > 0)
			resend_lost(s);
	} else {
		fo_count(s->stats, FO_CNT_RX_REPLAY);
	}
	spin_unlock(&s->tx_lock);
	if (news < 0)
		fo_count(s->stats, FO_CNT_RX_BAD_ACK);
	if (news > 0)
		s->ops->acked(s->ctx);
}

/* rx_lock held, frame authentic. Returns true when the skb was kept. */
static bool dispatch(struct fo_session *s, struct fo_link *link,
		     const struct fo_hdr *h, struct sk_buff *skb)
{
	struct fo_reader body;

	fo_reader_init(&body, skb->data + FO_HDR_LEN,
		       h->len - FO_FRAME_OVERHEAD);
	if (h->version != FO_WIRE_VERSION) {
		fo_count(s->stats, FO_CNT_RX_BAD_VERSION);
		if (!s->up)
			set_mismatch(s, "the other unit speaks another version of the protocol");
		return false;
	}
	if (h->type == FO_FRAME_HAND) {
		rx_hand(s, h, &body);
		return false;
	}
	if (!s->up || h->assoc != s->from) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
		return false;
	}
	WRITE_ONCE(s->heard, ktime_get());
	fo_link_learn(link, skb);
	switch (h->type) {
	case FO_FRAME_HELLO:
		rx_hello(s, h, &body);
		break;
	case FO_FRAME_DATA:
		return rx_data(s, h, skb);
	case FO_FRAME_ACK:
		rx_ack(s, h, &body);
		break;
	}
	return false;
}

static bool check(struct fo_session *s, const struct sk_buff *skb,
		  struct fo_hdr *h)
{
	int err = fo_hdr_get(skb->data, skb->len, h);

	if (err) {
		fo_count(s->stats, err == -EPROTO ? FO_CNT_RX_BAD_TYPE :
						    FO_CNT_RX_SHORT);
		return false;
	}
	if (!fo_open(skb->data, h)) {
		fo_count(s->stats, h->version == FO_WIRE_VERSION ?
				   FO_CNT_RX_BAD_SEAL : FO_CNT_RX_BAD_VERSION);
		return false;
	}
	return true;
}

/**
 * fo_session_rx() - a frame has arrived
 * @ctx: the session
 * @link: where
 * @skb: linear, data is the frame; taken
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
		if (s->open)
			kept = dispatch(s, link, &h, skb);
		spin_unlock_bh(&s->rx_lock);
	}
	if (!kept)
		consume_skb(skb);
}

/* Context: tasklet; once for all frames of a batch. */
static void send_ack(struct tasklet_struct *t)
{
	struct fo_session *s = from_tasklet(s, t, ack_tasklet);
	struct fo_writer w;
	u8 body[FO_ACK_LEN];
	struct fo_ack a;
	bool up;
	u32 assoc;

	spin_lock(&s->rx_lock);
	up = s->up;
	assoc = s->peer.to;
	fo_rxwin_ack(&s->rx, &a.cum, &a.sack);
	spin_unlock(&s->rx_lock);
	if (!up)
		return;
	fo_writer_init(&w, body, sizeof(body));
	fo_ack_put(&w, &a);
	send_small(s, state_link(s), FO_FRAME_ACK,
		   next_counter(s, FO_FRAME_ACK), assoc, body, sizeof(body));
}

/* Context: softirq (hrtimer). */
static enum hrtimer_restart rto_expired(struct hrtimer *t)
{
	struct fo_session *s = container_of(t, struct fo_session, rto);

	spin_lock(&s->tx_lock);
	if (s->up)
		resend_lost(s);
	spin_unlock(&s->tx_lock);
	return HRTIMER_NORESTART;
}

void fo_session_init(struct fo_session *s, struct fo_stats *stats,
		     const struct fo_session_ops *ops, void *ctx)
{
	memset(s, 0, sizeof(*s));
	s->stats = stats;
	s->ops = ops;
	s->ctx = ctx;
	spin_lock_init(&s->rx_lock);
	spin_lock_init(&s->tx_lock);
	hrtimer_setup(&s->rto, rto_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	tasklet_setup(&s->ack_tasklet, send_ack);
}

/**
 * fo_session_open() - begin to take frames
 * @s: session, whose links are set
 * @unit: enum nf_failover_unit
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int fo_session_open(struct fo_session *s, u8 unit)
{
	s->mtu = min_t(u32, fo_link_mtu(state_link(s)), FO_FRAME_MAX);
	s->tx_buf = kvmalloc_array(FO_WINDOW, s->mtu, GFP_KERNEL);
	if (!s->tx_buf)
		return -ENOMEM;
	spin_lock_bh(&s->rx_lock);
	spin_lock(&s->tx_lock);
	reset_windows(s);
	spin_unlock(&s->tx_lock);
	s->unit = unit;
	s->boot = get_random_u64() | 1;
	s->mismatch = false;
	new_local(s);
	s->open = true;
	spin_unlock_bh(&s->rx_lock);
	return 0;
}

/**
 * fo_session_close() - take no frame any more
 * @s: session; the queue above does not build frames any more
 *
 * Context: process.
 */
void fo_session_close(struct fo_session *s)
{
	spin_lock_bh(&s->rx_lock);
	s->open = false;
	spin_lock(&s->tx_lock);
	WRITE_ONCE(s->up, false);
	reset_windows(s);
	spin_unlock(&s->tx_lock);
	spin_unlock_bh(&s->rx_lock);
	tasklet_kill(&s->ack_tasklet);
	hrtimer_cancel(&s->rto);
	kvfree(s->tx_buf);
	s->tx_buf = NULL;
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
		send_hand(s, s->unit == NF_FAILOVER_UNIT_PRIMARY ?
			     FO_HAND_SOLICIT : FO_HAND_INIT, 0);
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
	spin_lock(&s->tx_lock);
	WRITE_ONCE(s->up, false);
	reset_windows(s);
	spin_unlock(&s->tx_lock);
	new_local(s);
	spin_unlock(&s->rx_lock);
}

/**
 * fo_session_send_hello() - send a hello over every link
 * @s: session
 * @body: body of the frame
 * @len: its length, up to SMALL_BODY
 *
 * Context: softirq.
 */
void fo_session_send_hello(struct fo_session *s, const u8 *body, size_t len)
{
	u64 counter = next_counter(s, FO_FRAME_HELLO);
	unsigned int i;

	if (!READ_ONCE(s->up) || len > SMALL_BODY)
		return;
	for (i = 0; i < s->links; i++)
		send_small(s, s->link[i], FO_FRAME_HELLO, counter,
			   READ_ONCE(s->peer.to), body, len);
}

/**
 * fo_session_frame() - begin a DATA frame
 * @s: session
 * @f: frame; its writer has room up to the MTU
 *
 * One frame at a time. Context: the flush of the queue.
 *
 * Return: false when there is no peer or no room in the window.
 */
bool fo_session_frame(struct fo_session *s, struct fo_frame *f)
{
	bool ok;

	spin_lock_bh(&s->tx_lock);
	ok = s->up && s->ready && !fo_txwin_full(&s->tx);
	if (ok) {
		f->gen = s->tx_gen;
		f->body = tx_frame(s, s->tx.next) + FO_HDR_LEN;
		fo_writer_init(&f->w, f->body, s->mtu - FO_FRAME_OVERHEAD);
	}
	spin_unlock_bh(&s->tx_lock);
	return ok;
}

/**
 * fo_session_ready() - what goes out from here on makes sense to the peer
 * @s: session
 *
 * Context: process.
 */
void fo_session_ready(struct fo_session *s)
{
	spin_lock_bh(&s->tx_lock);
	s->ready = s->up;
	spin_unlock_bh(&s->tx_lock);
}

/**
 * fo_session_push() - number, seal and send a frame
 * @s: session
 * @f: frame from fo_session_frame()
 *
 * A frame of an association that has ended is dropped: the next one begins
 * with a bulk sync. Context: the flush of the queue.
 */
void fo_session_push(struct fo_session *s, struct fo_frame *f)
{
	struct fo_hdr h = { .version = FO_WIRE_VERSION, .type = FO_FRAME_DATA };
	u64 now = ktime_get_ns();

	spin_lock_bh(&s->tx_lock);
	if (!s->up || f->gen != s->tx_gen)
		goto out;
	h.assoc = s->peer.to;
	h.len = FO_FRAME_OVERHEAD + (f->w.p - f->body);
	h.counter = fo_txwin_push(&s->tx, now);
	s->tx_len[h.counter % FO_WINDOW] = h.len;
	fo_seal(f->body - FO_HDR_LEN, &h);
	fo_link_send(state_link(s), f->body - FO_HDR_LEN, h.len, false);
	if (!hrtimer_is_queued(&s->rto))
		arm_rto(s, now + fo_txwin_rto(&s->tx), now);
out:
	spin_unlock_bh(&s->tx_lock);
}

/**
 * fo_session_idle() - whether the peer has acknowledged everything
 * @s: session
 *
 * Context: any but hard interrupt.
 */
bool fo_session_idle(struct fo_session *s)
{
	bool idle;

	spin_lock_bh(&s->tx_lock);
	idle = !fo_txwin_inflight(&s->tx);
	spin_unlock_bh(&s->tx_lock);
	return idle;
}

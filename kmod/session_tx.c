// SPDX-License-Identifier: GPL-2.0
/*
 * What an association sends: small frames, DATA until the peer has it.
 *
 * DATA frames live in a ring of buffers: they are built there and sealed at each
 * transmission, until the peer has them, so that new keys do not concern what is
 * in flight.
 */

#include "session.h"

#include <linux/mm.h>

#include "seal.h"

/* The longest body that a HELLO, ACK or MSG frame may have. */
#define SMALL_BODY	FO_HELLO_MAX
/* Frames that one run of the timer may send again. */
#define RESEND_BUDGET	32

static u8 *tx_frame(struct fo_session *s, u64 seq)
{
	return s->tx_buf + (size_t)(seq % FO_WINDOW) * s->mtu;
}

/* Frames can go out, and the peer was heard lately: its end works, too. */
static bool works(const struct fo_session *s, struct fo_link *l)
{
	ktime_t until = ktime_add_ns(READ_ONCE(l->heard),
				     READ_ONCE(s->quiet_ns));

	return fo_link_usable(l) && !READ_ONCE(l->stuck) &&
	       ktime_after(until, ktime_get());
}

/* State goes over its own link, or over another one while that is dead. */
static struct fo_link *state_link(const struct fo_session *s)
{
	struct fo_link *own = s->link[s->state];
	unsigned int i;

	if (s->links == 1 || works(s, own))
		return own;
	for (i = s->links; i--; )
		if (works(s, s->link[i]))
			return s->link[i];
	return own;
}

/**
 * fo_session_mtu() - longest frame that each link carries
 * @s: session, whose links are set
 *
 * Context: any.
 *
 * Return: bytes.
 */
u32 fo_session_mtu(const struct fo_session *s)
{
	u32 mtu = FO_FRAME_MAX;
	unsigned int i;

	for (i = 0; i < s->links; i++)
		mtu = min_t(u32, mtu, fo_link_mtu(s->link[i]));
	return mtu;
}

/* Seal a frame of the association. tx_lock held. */
static void seal(struct fo_session *s, u8 *frame, const u8 *body,
		 struct fo_hdr *h)
{
	lockdep_assert_held(&s->tx_lock);
	h->version = FO_WIRE_VERSION;
	h->assoc = s->cur.to;
	fo_seal(s->cur.sealed ? s->cur.tx : NULL, frame, body, h);
}

/*
 * Send a small frame, whose body is copied, over one link; one of the association
 * GEN, unless that is FO_ANY_GEN.
 */
static void send_small(struct fo_session *s, struct fo_link *link, u32 gen,
		       u8 type, u64 counter, const u8 *body, size_t len)
{
	u8 frame[FO_FRAME_OVERHEAD + SMALL_BODY];
	struct fo_hdr h = {
		.type	 = type,
		.len	 = FO_FRAME_OVERHEAD + len,
		.counter = counter,
	};
	bool up;

	spin_lock(&s->tx_lock);
	up = s->up && (gen == FO_ANY_GEN || gen == s->tx_gen);
	if (up)
		seal(s, frame, body, &h);
	spin_unlock(&s->tx_lock);
	if (up)
		fo_link_send(link, frame, h.len, FO_SEND_URGENT);
}

/* Send a DATA frame, also once more. tx_lock held. */
static void send_data(struct fo_session *s, u64 seq)
{
	struct fo_hdr h = {
		.type	 = FO_FRAME_DATA,
		.len	 = s->tx_len[seq % FO_WINDOW],
		.counter = seq,
	};

	seal(s, s->tx_sealed, tx_frame(s, seq) + FO_HDR_LEN, &h);
	WRITE_ONCE(s->tx_bytes, s->tx_bytes + h.len);
	fo_link_send(state_link(s), s->tx_sealed, h.len, 0);
}

static u64 next_counter(struct fo_session *s, u8 type)
{
	return atomic64_inc_return(&s->counter[type]);
}

/* For what may be lost by then, and for what the rate held back. tx_lock held. */
static void arm_rto(struct fo_session *s, u64 wake, u64 now)
{
	if (s->held && (!wake || wake > s->tx.rate.next))
		wake = s->tx.rate.next;
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
		send_data(s, seq);
	}
	arm_rto(s, wake, now);
}

/* The peer has it. tx_lock held. */
static void note_acked(void *ctx, u64 seq)
{
	struct fo_session *s = ctx;
	u64 since = s->tx_since[seq % FO_WINDOW], now = ktime_get_ns();

	if (since)
		fo_lag_add(&s->lag, now, now - since,
			   s->tx_changes[seq % FO_WINDOW]);
}

/* What the peer has. Context: softirq, rx_lock. */
void fo_session_rx_ack(struct fo_session *s, struct fo_reader *body)
{
	struct fo_ack a;
	int news;

	if (fo_ack_get(body, &a)) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	spin_lock(&s->tx_lock);
	news = fo_txwin_ack(&s->tx, a.cum, a.sack, ktime_get_ns(), note_acked,
			    s);
	if (news > 0)
		resend_lost(s);
	spin_unlock(&s->tx_lock);
	if (news < 0)
		fo_count(s->stats, FO_CNT_RX_BAD_ACK);
	if (news > 0)
		s->ops->acked(s->ctx);
}

/* Context: tasklet; once for all frames of a batch. */
static void send_ack(struct tasklet_struct *t)
{
	struct fo_session *s = from_tasklet(s, t, ack_tasklet);
	struct fo_writer w;
	u8 body[FO_ACK_LEN];
	struct fo_ack a;
	bool up;

	spin_lock(&s->rx_lock);
	up = s->up;
	fo_rxwin_ack(&s->rx, &a.cum, &a.sack);
	spin_unlock(&s->rx_lock);
	if (!up)
		return;
	fo_writer_init(&w, body, sizeof(body));
	fo_ack_put(&w, &a);
	send_small(s, state_link(s), FO_ANY_GEN, FO_FRAME_ACK,
		   next_counter(s, FO_FRAME_ACK), body, sizeof(body));
}

/* Context: softirq (hrtimer). */
static enum hrtimer_restart rto_expired(struct hrtimer *t)
{
	struct fo_session *s = container_of(t, struct fo_session, rto);
	bool held;

	spin_lock(&s->tx_lock);
	held = s->held;
	s->held = false;
	if (s->up)
		resend_lost(s);
	spin_unlock(&s->tx_lock);
	if (held)
		s->ops->acked(s->ctx);
	return HRTIMER_NORESTART;
}

/* The rate allows no frame now, but soon. tx_lock held. */
static bool hold_back(struct fo_session *s)
{
	u64 now;

	if (!s->tx.rate.gap)
		return false;
	now = ktime_get_ns();
	if (!fo_rate_waits(&s->tx.rate, now))
		return false;
	fo_rate_full(&s->tx.rate, true);
	if (!s->held) {
		s->held = true;
		arm_rto(s, 0, now);
	}
	return true;
}

void fo_session_tx_init(struct fo_session *s)
{
	spin_lock_init(&s->tx_lock);
	hrtimer_setup(&s->rto, rto_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
	tasklet_setup(&s->ack_tasklet, send_ack);
}

/* The links are set. Context: process. */
int fo_session_tx_open(struct fo_session *s)
{
	s->mtu = max_t(u32, fo_session_mtu(s), FO_ROOM_MIN);
	s->room = s->mtu;
	s->tx_buf = kvmalloc_array(FO_WINDOW, s->mtu, GFP_KERNEL);
	/* an echo may be longer than what all links take */
	s->tx_sealed = kmalloc(FO_FRAME_MAX, GFP_KERNEL);
	if (s->tx_buf && s->tx_sealed)
		return 0;
	kvfree(s->tx_buf);
	kfree(s->tx_sealed);
	s->tx_buf = NULL;
	s->tx_sealed = NULL;
	return -ENOMEM;
}

/* The session is closed, the queue does not build frames. Context: process. */
void fo_session_tx_close(struct fo_session *s)
{
	tasklet_kill(&s->ack_tasklet);
	hrtimer_cancel(&s->rto);
	kvfree_sensitive(s->tx_buf, (size_t)FO_WINDOW * s->mtu);
	kfree(s->tx_sealed);
	s->tx_buf = NULL;
	s->tx_sealed = NULL;
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
	fo_count(s->stats, FO_CNT_TX_HELLOS);
	spin_lock(&s->rx_lock);
	if (s->up)
		fo_hand_tick(s);
	spin_unlock(&s->rx_lock);
	for (i = 0; i < s->links; i++)
		send_small(s, s->link[i], FO_ANY_GEN, FO_FRAME_HELLO, counter,
			   body, len);
}

/**
 * fo_session_send_msg() - send a message over every link
 * @s: session
 * @gen: @tx_gen of the association that it is of; nothing goes out in another
 * @body: body of the frame
 * @len: its length, up to SMALL_BODY
 *
 * Context: softirq.
 */
void fo_session_send_msg(struct fo_session *s, u32 gen, const u8 *body,
			 size_t len)
{
	u64 counter = next_counter(s, FO_FRAME_MSG);
	unsigned int i;

	if (!READ_ONCE(s->up) || len > SMALL_BODY)
		return;
	for (i = 0; i < s->links; i++)
		send_small(s, s->link[i], gen, FO_FRAME_MSG, counter, body,
			   len);
}

/**
 * fo_session_send_echo() - send an echo over the link that it names
 * @s: session
 * @e: echo
 * @len: bytes of its frame
 *
 * Context: any but hard interrupt.
 *
 * Return: 0 or a negative error number: -ENOTCONN without an association,
 * -EINVAL when there is no such link, or @len is too short, -EMSGSIZE when it is
 * longer than frames may be, or than the path takes.
 */
int fo_session_send_echo(struct fo_session *s, const struct fo_echo *e,
			 size_t len)
{
	struct fo_hdr h = { .type = FO_FRAME_ECHO, .len = len };
	struct fo_writer w;
	int err = 0;

	spin_lock_bh(&s->tx_lock);
	if (!s->up)
		err = -ENOTCONN;
	else if (e->link >= s->links || len < FO_FRAME_OVERHEAD + FO_ECHO_LEN)
		err = -EINVAL;
	else if (len > FO_FRAME_MAX)
		err = -EMSGSIZE;
	if (!err) {
		fo_writer_init(&w, s->tx_sealed + FO_HDR_LEN,
			       len - FO_FRAME_OVERHEAD);
		fo_echo_put(&w, e);
		memset(w.p, 0, w.end - w.p);
		/* what is overtaken on its way is dropped: in their order */
		h.counter = next_counter(s, FO_FRAME_ECHO);
		seal(s, s->tx_sealed, s->tx_sealed + FO_HDR_LEN, &h);
		err = fo_link_send(s->link[e->link], s->tx_sealed, len,
				   FO_SEND_URGENT | FO_SEND_WHOLE);
	}
	spin_unlock_bh(&s->tx_lock);
	return err;
}

/**
 * fo_session_frame() - begin a DATA frame
 * @s: session
 * @f: frame; its writer has room for what both units and all links take
 *
 * One frame at a time. Context: the flush of the queue.
 *
 * Return: false when there is no peer or no room in the window.
 */
bool fo_session_frame(struct fo_session *s, struct fo_frame *f)
{
	bool ok;

	spin_lock_bh(&s->tx_lock);
	ok = s->up && s->ready && !fo_txwin_full(&s->tx) && !hold_back(s);
	if (ok) {
		f->gen = s->tx_gen;
		f->since = 0;
		f->changes = 0;
		f->body = tx_frame(s, s->tx.next) + FO_HDR_LEN;
		/* the path may have become narrower */
		fo_writer_init(&f->w, f->body,
			       min_t(u32, s->room, fo_link_mtu(state_link(s))) -
			       FO_FRAME_OVERHEAD);
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
	u64 seq, now = ktime_get_ns();

	spin_lock_bh(&s->tx_lock);
	if (!s->up || f->gen != s->tx_gen)
		goto out;
	seq = fo_txwin_push(&s->tx, now);
	s->tx_len[seq % FO_WINDOW] = FO_FRAME_OVERHEAD + (f->w.p - f->body);
	s->tx_since[seq % FO_WINDOW] = f->since;
	s->tx_changes[seq % FO_WINDOW] = f->changes;
	send_data(s, seq);
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

/**
 * fo_session_get_lag() - how far the peer is behind
 * @s: session
 * @lag: filled in
 *
 * A change counts from when it became dirty to when its acknowledgment came, so
 * the way back is in it; all of a frame count as its oldest one.
 * Context: any but hard interrupt.
 */
void fo_session_get_lag(struct fo_session *s, struct fo_session_lag *lag)
{
	u64 seq;

	memset(lag, 0, sizeof(*lag));
	spin_lock_bh(&s->tx_lock);
	for (seq = s->tx.una; seq < s->tx.next; seq++)
		if (!s->tx.slot[seq % FO_WINDOW].acked &&
		    s->tx_since[seq % FO_WINDOW] &&
		    (!lag->oldest || s->tx_since[seq % FO_WINDOW] < lag->oldest))
			lag->oldest = s->tx_since[seq % FO_WINDOW];
	fo_lag_pass(&s->lag, ktime_get_ns());
	lag->changes = fo_lag_count(&s->lag);
	lag->p50 = fo_lag_quantile(&s->lag, 50);
	lag->p99 = fo_lag_quantile(&s->lag, 99);
	lag->window = s->tx.pace.window;
	lag->round_trip = s->tx.pace.base;
	lag->queueing = s->tx.pace.queueing;
	spin_unlock_bh(&s->tx_lock);
}

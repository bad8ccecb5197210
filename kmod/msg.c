// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that user space of the two units sends to each other.
 *
 * A request goes to the socket that listens on the other unit, and what comes
 * back goes to the socket that the request was from. They have frames of their
 * own, beside the state: one unit may be active or standby, in the middle of a
 * bulk sync or behind a full queue, and neither waits for the other.
 *
 * One part is on its way at a time, at most a frame long, and is said again
 * until the other kernel tells what has become of it. So nothing is put
 * together here, nothing is allocated for the peer, and the sender knows. A part
 * is delivered once at most: when the association ends, what is on its way is
 * lost, and not said again in the next one.
 */

#include "msg.h"

#include <uapi/linux/nf_failover.h>

/* Between two tries, from the first to the last; and when it is given up. */
#define RESEND_MIN	(20 * NSEC_PER_MSEC)
#define RESEND_MAX	(200 * NSEC_PER_MSEC)
#define GIVE_UP		(3000 * NSEC_PER_MSEC)
/* Parts of the peer that are taken in such a time; the rest comes again. */
#define RATE_TIME	(100 * NSEC_PER_MSEC)
#define RATE_PARTS	200

static void kick(struct fo_msgs *m, u64 ns)
{
	hrtimer_start(&m->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_SOFT);
}

static struct fo_msg_slot *slot_of(struct fo_msgs *m, u64 n)
{
	return &m->slot[n % FO_MSG_QUEUE];
}

/* --- what has become of a part ---------------------------------------- */

static void tell_done(struct fo_msgs *m, u32 port, u64 id, u8 result)
{
	const struct fo_msg done = { .kind = NF_FAILOVER_MSG_KIND_DONE,
				     .id = id };
	bool ok = result == NF_FAILOVER_MSG_RESULT_DELIVERED;

	fo_count_row(m->stats, FO_ROW_SYS_CMD, ok ? FO_XMIT : FO_XERR);
	m->ops->tell(m->ctx, port, &done, result);
}

/* The part at the tail is done with. Returns false when @no is not its. */
static bool take_tail(struct fo_msgs *m, u64 no, u32 *port, u64 *id)
{
	const struct fo_msg_slot *s = slot_of(m, m->tail);

	lockdep_assert_held(&m->lock);
	if (m->head == m->tail || (no && (!m->flying || no != m->tx_no)))
		return false;
	*port = s->port;
	*id = s->id;
	m->tail++;
	m->flying = false;
	return true;
}

static void finish(struct fo_msgs *m, u64 no, u8 result)
{
	u64 id = 0;
	u32 port;
	bool ok;

	spin_lock_bh(&m->lock);
	ok = take_tail(m, no, &port, &id);
	if (ok && m->head != m->tail)
		kick(m, 0);
	spin_unlock_bh(&m->lock);
	if (ok)
		tell_done(m, port, id, result);
}

/* Nobody will answer; who waits knows at once. */
static void end_talks(struct fo_msgs *m)
{
	struct fo_msg done = { .kind = NF_FAILOVER_MSG_KIND_DONE };
	unsigned int i;
	u32 port;

	for (i = 0; i < FO_MSG_TALKS; i++) {
		spin_lock_bh(&m->lock);
		port = m->talk[i].port;
		done.id = m->talk[i].id;
		m->talk[i].port = 0;
		spin_unlock_bh(&m->lock);
		if (port)
			m->ops->tell(m->ctx, port, &done,
				     NF_FAILOVER_MSG_RESULT_LOST);
	}
}

/**
 * fo_msg_reset() - the association has ended, or another one begins
 * @m: messages
 *
 * Context: any but hard interrupt.
 */
void fo_msg_reset(struct fo_msgs *m)
{
	u64 id = 0;
	u32 port;
	bool some;

	spin_lock_bh(&m->lock);
	m->gen = READ_ONCE(m->session->tx_gen);
	m->tx_no = 0;
	m->rx_no = 0;
	m->ack_due = false;
	spin_unlock_bh(&m->lock);
	do {
		spin_lock_bh(&m->lock);
		some = take_tail(m, 0, &port, &id);
		spin_unlock_bh(&m->lock);
		if (some) {
			fo_count(m->stats, FO_CNT_MSG_LOST);
			tell_done(m, port, id, NF_FAILOVER_MSG_RESULT_LOST);
		}
	} while (some);
	end_talks(m);
}

/* --- out -------------------------------------------------------------- */

static u64 backoff(unsigned int tries)
{
	return min_t(u64, RESEND_MIN << min_t(unsigned int, tries, 8),
		     RESEND_MAX);
}

/* The part at the tail, if it is time for it. @lock held. */
static void put_part(struct fo_msgs *m, struct fo_writer *w, u64 now)
{
	const struct fo_msg_slot *s = slot_of(m, m->tail);
	struct fo_msg part = { .kind = s->kind, .id = s->id, .data = s->data,
			       .len = s->len };

	if (!m->flying) {
		m->flying = true;
		m->tries = 0;
		m->tx_no++;
		m->until = now + GIVE_UP;
	} else {
		if (now < m->due)
			return;
		fo_count(m->stats, FO_CNT_MSG_RETRANSMITS);
	}
	m->due = now + backoff(m->tries++);
	part.no = m->tx_no;
	fo_msg_put(w, &part);
}

/* The acknowledgment is in each frame, before the part. @lock held. */
static void put_ack(struct fo_msgs *m, struct fo_writer *w)
{
	const struct fo_msg_ack ack = { .no = m->rx_no,
					.result = m->rx_result };

	if (m->rx_no)
		fo_msg_ack_put(w, &ack);
	m->ack_due = false;
}

/* Returns the number of a part that nobody has acknowledged in time, or 0. */
static u64 fill(struct fo_msgs *m, struct fo_writer *w, u64 now)
{
	bool ack_due = m->ack_due;
	u8 *begin = w->p, *part;

	lockdep_assert_held(&m->lock);
	if (m->flying && now >= m->until)
		return m->tx_no;
	put_ack(m, w);
	part = w->p;
	if (m->head != m->tail)
		put_part(m, w, now);
	if (w->p == part && !ack_due)
		w->p = begin;
	if (m->flying)
		kick(m, m->due > now ? m->due - now : 0);
	return 0;
}

/* Context: softirq (hrtimer). */
static enum hrtimer_restart transmit(struct hrtimer *t)
{
	struct fo_msgs *m = container_of(t, struct fo_msgs, timer);
	u64 late = 0, now = ktime_get_ns();
	u8 body[FO_HELLO_MAX];
	struct fo_writer w;
	u32 gen;

	fo_writer_init(&w, body, sizeof(body));
	spin_lock(&m->lock);
	gen = m->gen;
	if (m->open)
		late = fill(m, &w, now);
	spin_unlock(&m->lock);
	if (w.p > body && !w.full)
		fo_session_send_msg(m->session, gen, body, w.p - body);
	if (late) {
		fo_count(m->stats, FO_CNT_MSG_LOST);
		finish(m, late, NF_FAILOVER_MSG_RESULT_TIMEOUT);
	}
	return HRTIMER_NORESTART;
}

/* A place for who waits for the replies. @lock held. */
static int add_talk(struct fo_msgs *m, u32 port, u64 id)
{
	int i, unused = -1;

	lockdep_assert_held(&m->lock);
	for (i = 0; i < FO_MSG_TALKS; i++) {
		if (!m->talk[i].port)
			unused = i;
		else if (m->talk[i].id == id)
			return m->talk[i].port == port ? 0 : -EEXIST;
	}
	if (unused < 0)
		return -EUSERS;
	m->talk[unused].id = id;
	m->talk[unused].port = port;
	return 0;
}

static int enqueue(struct fo_msgs *m, u32 port, const struct fo_msg *part)
{
	struct fo_msg_slot *s = slot_of(m, m->head);
	int err = 0;

	lockdep_assert_held(&m->lock);
	if (!m->open)
		return -ENETDOWN;
	if (m->head - m->tail == FO_MSG_QUEUE)
		return -ENOBUFS;
	if (part->kind == NF_FAILOVER_MSG_KIND_REQUEST)
		err = add_talk(m, port, part->id);
	if (err)
		return err;
	s->port = port;
	s->id = part->id;
	s->kind = part->kind;
	s->len = part->len;
	memcpy(s->data, part->data, part->len);
	if (m->head++ == m->tail)
		kick(m, 0);
	return 0;
}

/**
 * fo_msg_send() - send a part to the other unit
 * @m: messages
 * @port: socket that it is from; it is told what has become of it
 * @part: kind, id, data
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0 or a negative error number.
 */
int fo_msg_send(struct fo_msgs *m, u32 port, const struct fo_msg *part,
		struct netlink_ext_ack *extack)
{
	int err;

	if (READ_ONCE(m->open) && !READ_ONCE(m->session->up)) {
		NL_SET_ERR_MSG(extack, "the other unit is not there");
		return -ENOTCONN;
	}
	if (READ_ONCE(m->open) && !READ_ONCE(m->session->cur.sealed) &&
	    !READ_ONCE(m->clear)) {
		NL_SET_ERR_MSG(extack,
			       "the link is in clear text, over which no command goes without \"failover exec clear-text\"");
		return -EPERM;
	}
	spin_lock_bh(&m->lock);
	err = enqueue(m, port, part);
	spin_unlock_bh(&m->lock);
	if (err == -ENETDOWN)
		NL_SET_ERR_MSG(extack, "failover is off");
	else if (err == -ENOBUFS)
		NL_SET_ERR_MSG(extack, "too many messages wait to be sent");
	else if (err == -EUSERS)
		NL_SET_ERR_MSG(extack,
			       "too many commands wait for the other unit");
	else if (err)
		NL_SET_ERR_MSG(extack, "another socket has this id");
	return err;
}

/* --- in --------------------------------------------------------------- */

static bool over_rate(struct fo_msgs *m)
{
	u64 now = ktime_get_ns();

	if (now - m->rate_from >= RATE_TIME) {
		m->rate_from = now;
		m->rate = 0;
	}
	return m->rate++ >= RATE_PARTS;
}

/* Which socket a part is for, or 0, and what is said then. */
static u32 receiver(struct fo_msgs *m, const struct fo_msg *part, u8 *result)
{
	unsigned int i;

	lockdep_assert_held(&m->lock);
	if (part->kind == NF_FAILOVER_MSG_KIND_REQUEST) {
		*result = NF_FAILOVER_MSG_RESULT_NO_LISTENER;
		return m->listener;
	}
	*result = NF_FAILOVER_MSG_RESULT_NO_TALK;
	if (part->kind != NF_FAILOVER_MSG_KIND_REPLY)
		return 0;
	for (i = 0; i < FO_MSG_TALKS; i++)
		if (m->talk[i].port && m->talk[i].id == part->id)
			return m->talk[i].port;
	return 0;
}

/* Returns a negative number when it has to come again. */
static int deliver(struct fo_msgs *m, const struct fo_msg *part, bool sealed,
		   u8 *result)
{
	u32 port;
	int err;

	if (!sealed && !READ_ONCE(m->clear)) {
		*result = NF_FAILOVER_MSG_RESULT_CLEAR_TEXT;
		return 0;
	}
	spin_lock(&m->lock);
	port = receiver(m, part, result);
	spin_unlock(&m->lock);
	if (!port)
		return 0;
	err = m->ops->tell(m->ctx, port, part,
			   NF_FAILOVER_MSG_RESULT_DELIVERED);
	if (err == -EAGAIN || err == -ENOMEM)
		return err;
	if (!err)
		*result = NF_FAILOVER_MSG_RESULT_DELIVERED;
	return 0;
}

/* Numbers are only read and set here and where the association changes. */
static void rx_part(struct fo_msgs *m, const struct fo_msg *part, bool sealed)
{
	bool again = part->no == m->rx_no, ok;
	u8 result = m->rx_result;

	if (!again) {
		if (part->no != m->rx_no + 1 || over_rate(m)) {
			fo_count(m->stats, FO_CNT_RX_LIMITED);
			return;
		}
		if (deliver(m, part, sealed, &result))
			return;
		ok = result == NF_FAILOVER_MSG_RESULT_DELIVERED;
		fo_count_row(m->stats, FO_ROW_SYS_CMD, ok ? FO_RCV : FO_RERR);
		if (!ok)
			fo_count(m->stats, FO_CNT_MSG_REFUSED);
	}
	spin_lock(&m->lock);
	m->rx_no = part->no;
	m->rx_result = result;
	m->ack_due = true;
	kick(m, 0);
	spin_unlock(&m->lock);
}

static void rx_record(struct fo_msgs *m, struct fo_rec *rec, bool sealed)
{
	struct fo_msg_ack ack;
	struct fo_msg part;
	int err = 0;

	if (rec->class != FO_CLASS_MSG) {
		fo_count(m->stats, FO_CNT_RX_UNKNOWN_CLASS);
	} else if (rec->op == FO_MSG_PART) {
		err = fo_msg_get(rec, &part);
		if (!err)
			rx_part(m, &part, sealed);
	} else if (rec->op == FO_MSG_ACK) {
		err = fo_msg_ack_get(rec, &ack);
		if (!err && ack.no)
			finish(m, ack.no, ack.result);
	} else {
		fo_count(m->stats, FO_CNT_RX_UNKNOWN_OP);
	}
	if (err)
		fo_count(m->stats, FO_CNT_RX_BAD_RECORD);
}

/**
 * fo_msg_rx() - a MSG frame of the peer
 * @m: messages
 * @body: body of the frame
 * @sealed: it came under a key
 *
 * Context: softirq, rx_lock of the session.
 */
void fo_msg_rx(struct fo_msgs *m, struct fo_reader *body, bool sealed)
{
	struct fo_rec rec;
	int err;

	while ((err = fo_rec_get(body, &rec)) > 0)
		rx_record(m, &rec, sealed);
	if (err)
		fo_count(m->stats, FO_CNT_RX_BAD_RECORD);
}

/* --- sockets ---------------------------------------------------------- */

/**
 * fo_msg_listen() - requests of the other unit are for this socket
 * @m: messages
 * @port: the socket
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0 or -EBUSY.
 */
int fo_msg_listen(struct fo_msgs *m, u32 port, struct netlink_ext_ack *extack)
{
	bool ok;

	spin_lock_bh(&m->lock);
	ok = !m->listener || m->listener == port;
	if (ok)
		m->listener = port;
	spin_unlock_bh(&m->lock);
	if (ok)
		return 0;
	NL_SET_ERR_MSG(extack, "another socket listens");
	return -EBUSY;
}

/**
 * fo_msg_port_gone() - a netlink socket was closed
 * @m: messages
 * @port: its port
 *
 * Context: process.
 */
void fo_msg_port_gone(struct fo_msgs *m, u32 port)
{
	unsigned int i;

	spin_lock_bh(&m->lock);
	if (m->listener == port)
		m->listener = 0;
	for (i = 0; i < FO_MSG_TALKS; i++)
		if (m->talk[i].port == port)
			m->talk[i].port = 0;
	spin_unlock_bh(&m->lock);
}

/* --- lifetime --------------------------------------------------------- */

void fo_msg_init(struct fo_msgs *m, struct fo_session *session,
		 struct fo_stats *stats, const struct fo_msg_ops *ops,
		 void *ctx)
{
	memset(m, 0, sizeof(*m));
	m->session = session;
	m->stats = stats;
	m->ops = ops;
	m->ctx = ctx;
	spin_lock_init(&m->lock);
	hrtimer_setup(&m->timer, transmit, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_SOFT);
}

void fo_msg_start(struct fo_msgs *m)
{
	spin_lock_bh(&m->lock);
	m->open = true;
	spin_unlock_bh(&m->lock);
}

/* Nothing of the peer comes in any more. Context: process. */
void fo_msg_stop(struct fo_msgs *m)
{
	spin_lock_bh(&m->lock);
	m->open = false;
	spin_unlock_bh(&m->lock);
	hrtimer_cancel(&m->timer);
	fo_msg_reset(m);
}

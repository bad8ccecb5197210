// SPDX-License-Identifier: GPL-2.0
/*
 * Hellos and the hold timer: whether the other unit lives.
 *
 * Both run in softirq, so that a firewall whose user space is starved still
 * says and hears that it lives. Any authentic frame is a sign of life. The
 * module only reports a lost peer; what to do about it is the daemon's policy.
 *
 * ksoftirqd is starved as well when a process of real-time priority does not
 * let go of the processor, and while it is due, Linux 6.1 leaves to it whatever
 * an interrupt raises, the reception of frames included; all but tasklets. So
 * the timers expire in hard interrupt and raise tasklets, behind which all that
 * is pending is run: hellos go out before what is received, and the peer is
 * lost only after what has been received is heard.
 */

#include "hello.h"

/* Context: softirq. */
static void send(struct fo_hellos *h)
{
	struct fo_writer w;
	u8 body[FO_HELLO_MAX];
	bool says_up_time;

	if (!READ_ONCE(h->session->up)) {
		fo_session_solicit(h->session);
		return;
	}
	spin_lock(&h->lock);
	memset(&h->out, 0, sizeof(h->out));
	h->ops->fill(h->ctx, &h->out);
	fo_writer_init(&w, body, min_t(size_t, sizeof(body),
				       h->session->room - FO_FRAME_OVERHEAD));
	fo_hello_put(&w, &h->out);
	says_up_time = h->out.up_time;
	spin_unlock(&h->lock);
	if (w.full)
		return;
	fo_session_send_hello(h->session, body, w.p - body);
	if (says_up_time)
		fo_count_row(h->stats, FO_ROW_UP_TIME, FO_XMIT);
}

/* Context: hard interrupt (hrtimer). */
static enum hrtimer_restart poll_expired(struct hrtimer *t)
{
	struct fo_hellos *h = container_of(t, struct fo_hellos, poll);

	tasklet_hi_schedule(&h->now);
	hrtimer_forward_now(t, ns_to_ktime(h->poll_ns));
	return HRTIMER_RESTART;
}

/* Context: hard interrupt (hrtimer). */
static enum hrtimer_restart hold_expired(struct hrtimer *t)
{
	struct fo_hellos *h = container_of(t, struct fo_hellos, hold);

	tasklet_schedule(&h->look);
	return HRTIMER_NORESTART;
}

/* Context: tasklet. */
static void send_now(struct tasklet_struct *t)
{
	struct fo_hellos *h = from_tasklet(h, t, now);

	send(h);
}

/* Not while it is being stopped, which waits for the tasklet. */
static void arm_hold(struct fo_hellos *h, ktime_t due)
{
	if (READ_ONCE(h->on))
		hrtimer_start(&h->hold, due, HRTIMER_MODE_ABS_HARD);
}

/*
 * When the peer is silent without being lost: the daemon has the rest of the
 * hold time to look for it elsewhere, so that its loss is not noticed later
 * for that. A single hello that is lost is no silence.
 */
static u64 silent_ns(const struct fo_hellos *h)
{
	return max(h->hold_ns / 2, 2 * h->poll_ns);
}

/* Before the peer is lost. Returns the time of the next look. */
static ktime_t look_for_silence(struct fo_hellos *h, ktime_t heard, ktime_t now)
{
	ktime_t due = ktime_add_ns(heard, h->silent_ns);

	if (ktime_after(due, now)) {
		h->silent = false;
		return due;
	}
	if (!h->silent && READ_ONCE(h->alive)) {
		fo_count(h->stats, FO_CNT_PEER_SILENT);
		h->silent = true;
		h->ops->silent(h->ctx);
	}
	return ktime_add_ns(heard, h->hold_ns);
}

/*
 * While the peer is heard it moves on to the time at which the last sign of
 * life will be too old, with a stop on the way. A new association in between
 * does not put that off: the peer may die while it is being made. One in which
 * nothing was ever heard ends as well: the peer may be in another one, whose
 * RESP was lost.
 *
 * Context: tasklet.
 */
static void look(struct tasklet_struct *t)
{
	struct fo_hellos *h = from_tasklet(h, t, look);
	ktime_t last, now = ktime_get();
	bool heard = READ_ONCE(h->alive);

	if (!heard && !READ_ONCE(h->session->up))
		goto again;
	last = READ_ONCE(h->session->heard);
	if (ktime_after(ktime_add_ns(last, h->hold_ns), now)) {
		arm_hold(h, look_for_silence(h, last, now));
		return;
	}
	fo_count(h->stats, FO_CNT_HOLD_EXPIRED);
	WRITE_ONCE(h->alive, false);
	fo_session_drop(h->session);
	h->ops->lost(h->ctx, heard);
again:
	arm_hold(h, ktime_add_ns(now, h->silent_ns));
}

void fo_hello_init(struct fo_hellos *h, struct fo_session *session,
		   struct fo_stats *stats, const struct fo_hello_ops *ops,
		   void *ctx)
{
	memset(h, 0, sizeof(*h));
	h->session = session;
	h->stats = stats;
	h->ops = ops;
	h->ctx = ctx;
	spin_lock_init(&h->lock);
	tasklet_setup(&h->now, send_now);
	tasklet_setup(&h->look, look);
	hrtimer_setup(&h->poll, poll_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_HARD);
	hrtimer_setup(&h->hold, hold_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_HARD);
}

/**
 * fo_hello_start() - begin to send and to wait
 * @h: hellos, stopped
 * @poll_ms: time between hellos in milliseconds
 * @hold_ms: time after which the peer is lost in milliseconds
 *
 * Context: process.
 */
void fo_hello_start(struct fo_hellos *h, u32 poll_ms, u32 hold_ms)
{
	h->poll_ns = (u64)poll_ms * NSEC_PER_MSEC;
	h->hold_ns = (u64)hold_ms * NSEC_PER_MSEC;
	h->silent_ns = silent_ns(h);
	WRITE_ONCE(h->session->quiet_ns, h->silent_ns);
	h->silent = false;
	WRITE_ONCE(h->on, true);
	hrtimer_start(&h->poll, ktime_get(), HRTIMER_MODE_ABS_HARD);
	/* a peer that is silent from its first word on is seen in time, too */
	arm_hold(h, ktime_add_ns(ktime_get(), h->silent_ns));
}

void fo_hello_stop(struct fo_hellos *h)
{
	WRITE_ONCE(h->on, false);
	hrtimer_cancel(&h->poll);
	hrtimer_cancel(&h->hold);
	tasklet_kill(&h->now);
	tasklet_kill(&h->look);
	/* it may have armed the timer before it saw that it must not */
	hrtimer_cancel(&h->hold);
	tasklet_kill(&h->look);
}

/**
 * fo_hello_now() - say at once what has changed
 * @h: hellos, started
 *
 * Context: any but hard interrupt.
 */
void fo_hello_now(struct fo_hellos *h)
{
	/* from process context, too, without waiting for ksoftirqd */
	local_bh_disable();
	tasklet_hi_schedule(&h->now);
	local_bh_enable();
}

/**
 * fo_hello_silent() - whether a peer that is not lost yet is not heard now
 * @h: hellos, started
 *
 * Context: any.
 */
bool fo_hello_silent(const struct fo_hellos *h)
{
	ktime_t last = READ_ONCE(h->session->heard);

	return READ_ONCE(h->alive) &&
	       !ktime_after(ktime_add_ns(last, h->silent_ns), ktime_get());
}

/**
 * fo_hello_rx() - a hello of the peer
 * @h: hellos
 * @body: body of the frame
 *
 * Context: softirq, rx_lock of the session.
 */
void fo_hello_rx(struct fo_hellos *h, struct fo_reader *body)
{
	unsigned int unknown;

	if (fo_hello_get(body, &h->in, &unknown)) {
		fo_count(h->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	fo_count_n(h->stats, FO_CNT_RX_UNKNOWN_ATTR, unknown);
	if (h->in.up_time)
		fo_count_row(h->stats, FO_ROW_UP_TIME, FO_RCV);
	WRITE_ONCE(h->alive, true);
	h->ops->heard(h->ctx, &h->in);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence numbers: what was sent and acknowledged, what arrived in order.
 *
 * Pure: the caller brings the clock and keeps the frames. Retransmission
 * follows RFC 6298 (round-trip time, back-off) and, for gaps that later
 * frames have uncovered, the three-frame threshold of RFC 6675. How many frames
 * are on their way at once, those that are sent again among them, is the
 * business of pace.c, and how fast they are sent that of rate.c.
 */

#include "window.h"

static struct fo_txslot *txslot(struct fo_txwin *w, u64 seq)
{
	return &w->slot[seq % FO_WINDOW];
}

void fo_txwin_init(struct fo_txwin *w)
{
	memset(w, 0, sizeof(*w));
	w->una = 1;
	w->next = 1;
	fo_pace_init(&w->pace, FO_WINDOW);
	fo_rate_init(&w->rate);
}

/**
 * fo_txwin_push() - number a new frame
 * @w: window, not full
 * @now: time in nanoseconds
 *
 * Return: its number.
 */
u64 fo_txwin_push(struct fo_txwin *w, u64 now)
{
	struct fo_txslot *s = txslot(w, w->next);

	if (!w->out && now > txslot(w, w->next - 1)->sent + FO_PACE_IDLE)
		fo_pace_rest(&w->pace);
	if (!w->out)
		fo_rate_new(&w->rate, now);
	fo_rate_sent(&w->rate, now);
	s->first = now;
	s->sent = now;
	s->tries = 0;
	s->acked = false;
	s->meets = fo_pace_push(&w->pace, ++w->out);
	if (w->out >= w->pace.window)
		fo_rate_full(&w->rate, false);
	return w->next++;
}

static void sample_rtt(struct fo_txwin *w, u64 rtt)
{
	u64 dev;

	if (!w->srtt) {
		w->srtt = max_t(u64, rtt, 1);
		w->rttvar = rtt / 2;
		return;
	}
	dev = rtt > w->srtt ? rtt - w->srtt : w->srtt - rtt;
	w->rttvar = (3 * w->rttvar + dev) / 4;
	w->srtt = max_t(u64, (7 * w->srtt + rtt) / 8, 1);
}

/*
 * A frame that was sent twice does not tell which copy is acknowledged (Karn).
 * If the way has become longer than the time that we wait, all frames are sent
 * twice. So the next ones are waited for until one tells, as RFC 6298 does by
 * its back-off (5.5); for longer than the last one has taken in all.
 */
static void sample(struct fo_txwin *w, u64 seq, const struct fo_txslot *s,
		   u64 now)
{
	if (now <= s->sent)
		return;
	w->bound = s->tries ? now - s->first : 0;
	/* any figure is a better beginning than none */
	if (!s->tries || !w->srtt)
		sample_rtt(w, now - s->first);
	if (!s->tries)
		fo_pace_sample(&w->pace, seq, s->meets, now - s->sent);
}

static bool settle(struct fo_txwin *w, u64 seq, u64 now,
		   void (*drop)(void *ctx, u64 seq), void *ctx)
{
	struct fo_txslot *s = txslot(w, seq);

	if (s->acked)
		return false;
	s->acked = true;
	w->out--;
	sample(w, seq, s, now);
	if (seq > w->high)
		w->high = seq;
	if (drop)
		drop(ctx, seq);
	return true;
}

/**
 * fo_txwin_ack() - take in what the peer reports
 * @w: window
 * @cum: all frames up to this one have arrived
 * @sack: bit i: frame @cum + 2 + i has arrived
 * @now: time in nanoseconds
 * @drop: called for each frame that need not be kept any more, once; may be
 *        NULL
 * @ctx: for @drop
 *
 * Return: how many frames are newly acknowledged, or -EPROTO when the peer
 * reports frames that were never sent (nothing is changed then).
 */
int fo_txwin_ack(struct fo_txwin *w, u64 cum, u64 sack, u64 now,
		 void (*drop)(void *ctx, u64 seq), void *ctx)
{
	int news = 0;
	u64 seq;
	int i;

	if (cum >= w->next)
		return -EPROTO;
	if (sack && cum + 2 + (63 - __builtin_clzll(sack)) >= w->next)
		return -EPROTO;
	for (seq = w->una; seq <= cum; seq++)
		news += settle(w, seq, now, drop, ctx);
	for (i = 0; sack; i++, sack >>= 1) {
		seq = cum + 2 + i;
		if (sack & 1 && seq >= w->una)
			news += settle(w, seq, now, drop, ctx);
	}
	while (w->una < w->next && txslot(w, w->una)->acked)
		w->una++;
	if (news && w->high >= w->pace.mark) {
		fo_pace_round(&w->pace, w->next);
		if (w->pace.queueing > FO_PACE_TARGET)
			fo_rate_late(&w->rate);
	}
	if (news)
		fo_rate_acked(&w->rate, news, w->srtt, now);
	return news;
}

static u64 round_trip(const struct fo_txwin *w)
{
	/* a steady way has no variation, but the peer's clock ticks have */
	u64 margin = max_t(u64, 4 * w->rttvar, w->srtt / 2);

	return w->srtt ? w->srtt + margin : FO_RTO_INIT;
}

static u64 within_limits(u64 rto)
{
	return min_t(u64, max_t(u64, rto, FO_RTO_MIN), FO_RTO_MAX);
}

/**
 * fo_txwin_rto() - time after which a frame that was sent once counts as lost
 * @w: window
 *
 * Return: nanoseconds.
 */
u64 fo_txwin_rto(const struct fo_txwin *w)
{
	return within_limits(max_t(u64, round_trip(w),
				   w->bound + w->bound / 2));
}

/* The same for one that was sent more often, without end. */
static u64 back_off(const struct fo_txwin *w, u64 wait, u8 tries)
{
	u64 most = max_t(u64, within_limits(round_trip(w)), FO_BACKOFF_MAX);

	return min_t(u64, wait << min_t(u8, tries, 20), most);
}

/* Later frames were reported: it is lost, unless it is still on its way. */
static bool uncovered(const struct fo_txwin *w, u64 seq)
{
	return w->high >= seq + FO_REORDER;
}

static u64 deadline(const struct fo_txwin *w, u64 seq)
{
	const struct fo_txslot *s = &w->slot[seq % FO_WINDOW];
	u64 wait = s->tries ? within_limits(round_trip(w)) : fo_txwin_rto(w);

	if (w->srtt && uncovered(w, seq))
		wait = min_t(u64, wait, w->srtt);
	return s->sent + (s->tries ? back_off(w, wait, s->tries) : wait);
}

/*
 * Nothing tells yet how long the way is, or it has become longer than was waited
 * for: the oldest frame finds out for all, which may be in a queue, and would be
 * there twice.
 */
static bool silent(const struct fo_txwin *w)
{
	return !w->srtt ||
	       (w->slot[w->una % FO_WINDOW].tries && w->high < w->una);
}

/**
 * fo_txwin_lost() - find a frame to be sent again
 * @w: window
 * @now: time in nanoseconds
 * @wake: when there is none yet: the time at which there may be one, or 0 when
 *        nothing is in flight
 *
 * What is lost counts against the window again when it is sent again: a link
 * that drops half of a window must not get that half at once.
 *
 * Return: number of the first lost frame, or 0. The caller sends it again and
 * says so with fo_txwin_resent().
 */
u64 fo_txwin_lost(struct fo_txwin *w, u64 now, u64 *wake)
{
	unsigned int under_way = 0;
	u64 seq, due, first = 0;

	*wake = 0;
	for (seq = w->una; seq < w->next; seq++) {
		if (txslot(w, seq)->acked)
			continue;
		due = deadline(w, seq);
		if (due <= now) {
			first = first ?: seq;
		} else {
			under_way++;
			if (!*wake || due < *wake)
				*wake = due;
		}
		if (silent(w))
			break;
	}
	if (first && fo_rate_waits(&w->rate, now)) {
		*wake = w->rate.next;
		return 0;
	}
	return under_way < w->pace.window ? first : 0;
}

void fo_txwin_resent(struct fo_txwin *w, u64 seq, u64 now)
{
	struct fo_txslot *s = txslot(w, seq);

	w->pace.lost++;
	fo_rate_resent(&w->rate, s->sent, now);
	if (seq == w->una && w->high < seq)
		fo_pace_silence(&w->pace, w->next);
	s->sent = now;
	if (s->tries < 0xff)
		s->tries++;
}

static bool test_map(const struct fo_rxwin *w, u64 seq)
{
	return w->map[seq % FO_WINDOW / 64] >> seq % 64 & 1;
}

static void flip_map(struct fo_rxwin *w, u64 seq)
{
	w->map[seq % FO_WINDOW / 64] ^= 1ULL << seq % 64;
}

void fo_rxwin_init(struct fo_rxwin *w)
{
	memset(w, 0, sizeof(*w));
	w->next = 1;
}

/**
 * fo_rxwin_accept() - judge the number of an authentic frame
 * @w: window
 * @seq: its number
 *
 * Return: for FO_RX_NEXT the caller delivers the frame and calls
 * fo_rxwin_advance(); a frame that is FO_RX_AHEAD is the caller's to keep.
 */
enum fo_rx fo_rxwin_accept(struct fo_rxwin *w, u64 seq)
{
	if (seq < w->next)
		return FO_RX_DUP;
	if (seq - w->next >= FO_WINDOW)
		return FO_RX_BEYOND;
	if (seq == w->next)
		return FO_RX_NEXT;
	if (test_map(w, seq))
		return FO_RX_DUP;
	flip_map(w, seq);
	w->ahead++;
	return FO_RX_AHEAD;
}

/**
 * fo_rxwin_advance() - the frame that was waited for is delivered
 * @w: window
 *
 * Return: true when the next one is already here; it is to be delivered now.
 */
bool fo_rxwin_advance(struct fo_rxwin *w)
{
	w->next++;
	if (!test_map(w, w->next))
		return false;
	flip_map(w, w->next);
	w->ahead--;
	return true;
}

/**
 * fo_rxwin_ack() - what to tell the sender
 * @w: window
 * @cum: all frames up to this one are here
 * @sack: bit i: frame @cum + 2 + i is here
 */
void fo_rxwin_ack(const struct fo_rxwin *w, u64 *cum, u64 *sack)
{
	unsigned int i;

	*cum = w->next - 1;
	*sack = 0;
	for (i = 0; w->ahead && i < 64; i++)
		*sack |= (u64)test_map(w, w->next + 1 + i) << i;
}

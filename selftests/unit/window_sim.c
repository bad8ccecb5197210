// SPDX-License-Identifier: GPL-2.0
/*
 * Two ends of a window over a lossy channel, in virtual time.
 *
 * A sender with a fixed number of frames, a receiver, and a channel that
 * loses, doubles, delays and so reorders what goes either way, until a point
 * in time from which on it is good. Everything follows from the seed. After
 * each event the rules of window.h are checked against what the two ends
 * really did; the first broken rule ends the run.
 */

#include <stdlib.h>

#include "rng.h"
#include "window.h"
#include "window_sim.h"

#define MSEC		(1000 * 1000ULL)
#define CHANNEL_ROOM	8192
#define MAX_FRAMES	700
#define STEPS_A_FRAME	400

struct packet {
	u64 due;
	u64 seq;	/* of a frame, 0 for an ack */
	u64 content;
	u64 cum;
	u64 sack;
};

struct sim {
	struct sim_result *res;
	struct rng rng;
	u64 now;

	/* the channel */
	u32 loss, twice;	/* parts of a million */
	u64 delay, jitter;	/* nanoseconds */
	u64 good_from;
	unsigned int packets;

	/* the sender; kept: the number of the frame in that place, or 0 */
	struct fo_txwin tx;
	u64 wake;
	unsigned int pushed, dropped;
	u64 kept[FO_WINDOW];

	/* the receiver */
	struct fo_rxwin rx;
	unsigned int ack_every, unacked;
	u64 ack_due;
	unsigned int delivered, stores;
	bool stored[FO_WINDOW];
	u64 store[FO_WINDOW];

	struct packet packet[CHANNEL_ROOM];	/* last: not cleared */
};

static void broken(struct sim *s, const char *why)
{
	if (!s->res->why)
		s->res->why = why;
}

static u64 content_of(u64 seq)
{
	return seq * 0x9e3779b97f4a7c15ULL;
}

static void channel_put(struct sim *s, struct packet p)
{
	bool good = s->now >= s->good_from;
	int copies = 1;

	if (!good && rng_chance(&s->rng, s->loss))
		copies = 0;
	else if (!good && rng_chance(&s->rng, s->twice))
		copies = 2;
	while (copies--) {
		p.due = s->now + s->delay + rng_below(&s->rng, s->jitter + 1);
		if (s->packets == CHANNEL_ROOM) {
			broken(s, "more packets than the channel holds: a storm");
			return;
		}
		s->packet[s->packets++] = p;
	}
}

/* --- the sender --------------------------------------------------------- */

static void transmit(struct sim *s, u64 seq)
{
	s->res->sent++;
	channel_put(s, (struct packet){ .seq = seq, .content = content_of(seq) });
}

static void drop(void *ctx, u64 seq)
{
	struct sim *s = ctx;

	if (!seq || seq > s->pushed)
		broken(s, "dropped a frame that was never pushed");
	else if (s->kept[seq % FO_WINDOW] != seq)
		broken(s, "dropped a frame twice");
	s->kept[seq % FO_WINDOW] = 0;
	s->dropped++;
}

static void push(struct sim *s)
{
	u64 seq;

	while (s->pushed < s->res->frames && !fo_txwin_full(&s->tx) &&
	       !fo_rate_waits(&s->tx.rate, s->now)) {
		seq = fo_txwin_push(&s->tx, s->now);
		s->pushed++;
		if (seq != s->pushed)
			broken(s, "a frame got another number than the next one");
		if (s->kept[seq % FO_WINDOW])
			broken(s, "a frame got the place of one that is kept");
		s->kept[seq % FO_WINDOW] = seq;
		transmit(s, seq);
		if (rng_below(&s->rng, 16) == 0)
			break;
	}
}

/* Like a timer: sends all that is lost, then sleeps as long as told. */
static void resend(struct sim *s)
{
	unsigned int n = 0;
	u64 seq;

	while ((seq = fo_txwin_lost(&s->tx, s->now, &s->wake))) {
		if (n++ >= FO_WINDOW) {
			broken(s, "the same frame is lost again at once, for ever");
			return;
		}
		if (s->kept[seq % FO_WINDOW] != seq) {
			broken(s, "a frame that is not kept is to be sent again");
			return;
		}
		fo_txwin_resent(&s->tx, seq, s->now);
		transmit(s, seq);
	}
	if (!s->wake != !fo_txwin_inflight(&s->tx))
		broken(s, "frames in flight and no time to wake at, or none and one");
	if (s->wake > s->now + FO_RTO_MAX)
		broken(s, "a frame waits longer than the greatest timeout");
	if (s->pushed < s->res->frames && fo_rate_waits(&s->tx.rate, s->now)) {
		fo_rate_full(&s->tx.rate, true);
		if (!s->wake || s->wake > s->tx.rate.next)
			s->wake = s->tx.rate.next;
	}
}

static bool txwin_same(const struct fo_txwin *a, const struct fo_txwin *b)
{
	return !memcmp(a, b, offsetof(struct fo_txwin, slot)) &&
	       !memcmp(a->slot, b->slot, sizeof(a->slot));
}

/* A peer that reports what was never sent. */
static void forged_ack(struct sim *s)
{
	static struct fo_txwin before;
	u64 cum = s->tx.una - 1, sack = 0;
	u64 ahead = s->tx.next - s->tx.una;

	memcpy(&before, &s->tx, sizeof(before));
	if (rng_below(&s->rng, 2))
		cum = s->tx.next + rng_sized(&s->rng, 60);
	else if (ahead < 64)
		sack = 1ULL << (ahead - !!ahead + rng_below(&s->rng, 64 - ahead));
	else
		return;
	if (fo_txwin_ack(&s->tx, cum, sack, s->now, drop, s) != -EPROTO)
		broken(s, "an ack of frames that were never sent was accepted");
	if (!txwin_same(&before, &s->tx))
		broken(s, "a refused ack changed the window");
	s->res->refused++;
}

static void get_ack(struct sim *s, const struct packet *p)
{
	unsigned int before = s->dropped;
	int news = fo_txwin_ack(&s->tx, p->cum, p->sack, s->now, drop, s);

	if (news < 0)
		broken(s, "a true ack was refused");
	else if (s->dropped - before != (unsigned int)news)
		broken(s, "an ack reported other news than it dropped frames");
	if (rng_below(&s->rng, 8) == 0)
		forged_ack(s);
	push(s);
	resend(s);
}

/* --- the receiver ------------------------------------------------------- */

static void deliver(struct sim *s, u64 content)
{
	s->delivered++;
	if (s->delivered > s->pushed)
		broken(s, "delivered more than was sent");
	if (content != content_of(s->delivered))
		broken(s, "delivered out of order, twice, or something else");
}

static void send_ack(struct sim *s)
{
	struct packet p = { 0 };
	unsigned int i;
	u64 seq;

	fo_rxwin_ack(&s->rx, &p.cum, &p.sack);
	if (p.cum != s->delivered)
		broken(s, "the ack does not say what was delivered");
	for (i = 0; i < 64; i++) {
		seq = p.cum + 2 + i;
		if ((p.sack >> i & 1) != s->stored[seq % FO_WINDOW])
			broken(s, "the selective ack does not say what is stored");
	}
	s->unacked = 0;
	s->ack_due = 0;
	channel_put(s, p);
}

static void get_frame(struct sim *s, const struct packet *p)
{
	bool more;

	switch (fo_rxwin_accept(&s->rx, p->seq)) {
	case FO_RX_NEXT:
		deliver(s, p->content);
		while ((more = fo_rxwin_advance(&s->rx))) {
			if (!s->stored[s->rx.next % FO_WINDOW]) {
				broken(s, "told to deliver what is not stored");
				return;
			}
			s->stored[s->rx.next % FO_WINDOW] = false;
			s->stores--;
			deliver(s, s->store[s->rx.next % FO_WINDOW]);
		}
		break;
	case FO_RX_AHEAD:
		if (s->stored[p->seq % FO_WINDOW])
			broken(s, "told to store two frames in one place");
		s->stored[p->seq % FO_WINDOW] = true;
		s->stores++;
		s->store[p->seq % FO_WINDOW] = p->content;
		break;
	case FO_RX_DUP:
		if (p->seq > s->delivered && !s->stored[p->seq % FO_WINDOW])
			broken(s, "a frame that was not here is called a duplicate");
		break;
	case FO_RX_BEYOND:
		broken(s, "a frame of the sender's window is beyond the receiver's");
		break;
	}
	if (++s->unacked >= s->ack_every || s->rx.ahead)
		send_ack(s);
	else if (!s->ack_due)
		s->ack_due = s->now + MSEC;
}

/* --- the run ------------------------------------------------------------ */

static void check_state(struct sim *s)
{
	unsigned int inflight = fo_txwin_inflight(&s->tx);

	if (s->stores != s->rx.ahead)
		broken(s, "the receiver counts other frames than are stored");
	if (inflight > FO_WINDOW)
		broken(s, "more frames in flight than the window has places");
	if (s->pushed - s->dropped > inflight)
		broken(s, "more frames kept than are in flight");
	if (s->tx.una > s->tx.next || s->tx.una > s->delivered + 1ULL)
		broken(s, "counted as arrived before it was delivered");
	s->res->fullest = max_t(unsigned int, s->res->fullest, inflight);
}

static unsigned int earliest(const struct sim *s)
{
	unsigned int i, best = 0;

	for (i = 1; i < s->packets; i++)
		if (s->packet[i].due < s->packet[best].due)
			best = i;
	return best;
}

/* Handles whatever is due first. False when nothing ever will be. */
static bool step(struct sim *s)
{
	u64 next = s->wake;
	unsigned int i = 0;
	struct packet p;

	if (s->ack_due && (!next || s->ack_due < next))
		next = s->ack_due;
	if (s->packets)
		i = earliest(s);
	if (s->packets && (!next || s->packet[i].due <= next)) {
		p = s->packet[i];
		s->packet[i] = s->packet[--s->packets];
		s->now = p.due;
		if (p.seq)
			get_frame(s, &p);
		else
			get_ack(s, &p);
		return true;
	}
	if (!next)
		return false;
	if (next > s->now)
		s->now = next;
	if (next == s->ack_due)
		send_ack(s);
	else
		resend(s);
	return true;
}

static void draw(struct sim *s)
{
	static const u64 delays[] = { 20000, 100000, MSEC, 10 * MSEC, 60 * MSEC, 200 * MSEC };

	s->res->frames = 1 + rng_below(&s->rng, rng_below(&s->rng, 8) ? 80 : MAX_FRAMES);
	s->loss = rng_below(&s->rng, 4) ? rng_below(&s->rng, 400000) : 0;
	s->twice = rng_below(&s->rng, 2) ? rng_below(&s->rng, 300000) : 0;
	s->delay = delays[rng_below(&s->rng, ARRAY_SIZE(delays))];
	s->jitter = rng_below(&s->rng, 2) ? s->delay * rng_below(&s->rng, 6) : 0;
	s->good_from = rng_below(&s->rng, 2000) * MSEC;
	s->ack_every = 1 + rng_below(&s->rng, 16);
	/* a clock need not begin at zero, nor a channel work at first */
	s->now = 1 + rng_sized(&s->rng, 62) / 2;
	s->good_from += s->now;
	if (rng_below(&s->rng, 16) == 0)
		s->loss = 900000;
}

void sim_run(u64 seed, struct sim_result *res)
{
	struct sim *s = malloc(sizeof(*s));
	unsigned int limit;
	u64 begin;

	if (!s)
		abort();
	memset(s, 0, offsetof(struct sim, packet));
	memset(res, 0, sizeof(*res));
	s->res = res;
	s->rng.x = seed;
	draw(s);
	begin = s->now;
	limit = STEPS_A_FRAME * (res->frames + 50);
	fo_txwin_init(&s->tx);
	fo_rxwin_init(&s->rx);
	push(s);
	resend(s);
	while (!res->why && step(s)) {
		check_state(s);
		if (s->pushed < res->frames && !fo_txwin_full(&s->tx)) {
			push(s);
			resend(s);
		}
		if (++res->steps > limit)
			broken(s, "no end after so many events");
	}
	if (!res->why && s->delivered != res->frames)
		broken(s, "frames were left undelivered");
	if (!res->why && fo_txwin_inflight(&s->tx))
		broken(s, "the window did not empty");
	if (!res->why && s->rx.ahead)
		broken(s, "the receiver still stores frames");
	res->time = s->now - begin;
	free(s);
}

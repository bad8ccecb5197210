/* SPDX-License-Identifier: GPL-2.0 */
/* Sequence numbers: what was sent and acknowledged, what arrived in order. */
#ifndef _FO_WINDOW_H
#define _FO_WINDOW_H

#include "pace.h"
#include "pure.h"
#include "rate.h"

#define FO_WINDOW	256	/* frames in flight; a power of two */
#define FO_REORDER	3	/* frames behind a gap before it is a loss */
#define FO_RTO_MIN	(2 * 1000 * 1000ULL)		/* nanoseconds */
#define FO_RTO_INIT	(20 * 1000 * 1000ULL)
#define FO_RTO_MAX	(1500 * 1000 * 1000ULL)	/* a round trip of a second */
#define FO_BACKOFF_MAX	(200 * 1000 * 1000ULL)	/* unless the way is longer */

/**
 * struct fo_txslot - one frame in flight
 * @first: time of the first transmission in nanoseconds
 * @sent: time of the last one
 * @tries: how often it was transmitted again
 * @acked: it has arrived
 * @meets: it met others on its way
 */
struct fo_txslot {
	u64 first;
	u64 sent;
	u8 tries;
	bool acked;
	bool meets;
};

/**
 * struct fo_txwin - the sender's half
 * @una: lowest number that is not acknowledged
 * @next: number of the next new frame; they begin at 1
 * @high: highest number that the peer has reported
 * @srtt: smoothed round-trip time in nanoseconds, 0 before the first sample
 * @rttvar: its variation
 * @out: how many of its frames are not acknowledged
 * @bound: how long the last frame took that was sent twice, until one that was
 *         sent once is acknowledged
 * @pace: how many may be
 * @rate: how fast they may be sent
 * @slot: frames @una to @next - 1, by number modulo FO_WINDOW
 */
struct fo_txwin {
	u64 una;
	u64 next;
	u64 high;
	u64 srtt;
	u64 rttvar;
	u64 bound;
	unsigned int out;
	struct fo_pace pace;
	struct fo_rate rate;
	struct fo_txslot slot[FO_WINDOW];
};

/**
 * struct fo_rxwin - the receiver's half
 * @next: lowest number that has not arrived
 * @ahead: how many frames wait behind the gap
 * @map: bit n modulo FO_WINDOW: frame n has arrived out of order
 */
struct fo_rxwin {
	u64 next;
	unsigned int ahead;
	u64 map[FO_WINDOW / 64];
};

/**
 * enum fo_rx - what a frame's number means to the receiver
 * @FO_RX_NEXT: the one that is waited for
 * @FO_RX_AHEAD: keep it until its turn comes
 * @FO_RX_DUP: it was here before
 * @FO_RX_BEYOND: the window does not reach that far
 */
enum fo_rx {
	FO_RX_NEXT,
	FO_RX_AHEAD,
	FO_RX_DUP,
	FO_RX_BEYOND,
};

static inline unsigned int fo_txwin_inflight(const struct fo_txwin *w)
{
	return w->next - w->una;
}

/* No new frame may be sent: as many are on their way as may be, or kept. */
static inline bool fo_txwin_full(const struct fo_txwin *w)
{
	return w->out >= w->pace.window || fo_txwin_inflight(w) >= FO_WINDOW;
}

/* window.c */
void fo_txwin_init(struct fo_txwin *w);
u64 fo_txwin_push(struct fo_txwin *w, u64 now);
int fo_txwin_ack(struct fo_txwin *w, u64 cum, u64 sack, u64 now,
		 void (*drop)(void *ctx, u64 seq), void *ctx);
u64 fo_txwin_rto(const struct fo_txwin *w);
u64 fo_txwin_lost(struct fo_txwin *w, u64 now, u64 *wake);
void fo_txwin_resent(struct fo_txwin *w, u64 seq, u64 now);

void fo_rxwin_init(struct fo_rxwin *w);
enum fo_rx fo_rxwin_accept(struct fo_rxwin *w, u64 seq);
bool fo_rxwin_advance(struct fo_rxwin *w);
void fo_rxwin_ack(const struct fo_rxwin *w, u64 *cum, u64 *sack);

#endif /* _FO_WINDOW_H */

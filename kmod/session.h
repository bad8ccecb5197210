/* SPDX-License-Identifier: GPL-2.0 */
/* The association with the peer: handshake, sequence, ack, retransmission. */
#ifndef _FO_SESSION_H
#define _FO_SESSION_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <uapi/linux/nf_failover.h>

#include "codec_link.h"
#include "handshake.h"
#include "lag.h"
#include "link.h"
#include "stats.h"
#include "window.h"

#define FO_LINKS	NF_FAILOVER_LINKS_MAX

struct fo_session;

/**
 * struct fo_session_ops - what a session calls in the rooms above it
 * @deliver: body of a DATA frame, in order, exactly once. Softirq, @rx_lock.
 * @hello: body of a HELLO frame that is newer than the last. Softirq, @rx_lock.
 * @associated: a new association; nothing of an older one arrives any more.
 *              Softirq, @rx_lock.
 * @acked: the window has room again, or is empty. Softirq.
 * @msg: body of a MSG frame that is newer than the last; whether it came under
 *       a seal. Softirq, @rx_lock.
 * @echo: body of an ECHO frame that is newer than the last on its link, and the
 *        length of the frame. Softirq, @rx_lock.
 * @mismatch: a peer was heard that cannot be paired with, and why; NULL when
 *            that is over. Softirq, @rx_lock.
 */
struct fo_session_ops {
	void (*deliver)(void *ctx, struct fo_reader *body);
	void (*hello)(void *ctx, struct fo_reader *body);
	void (*associated)(void *ctx);
	void (*msg)(void *ctx, struct fo_reader *body, bool sealed);
	void (*echo)(void *ctx, unsigned int link, size_t len,
		     struct fo_reader *body);
	void (*acked)(void *ctx);
	void (*mismatch)(void *ctx, const char *why);
};

/**
 * struct fo_peer - the other unit, as the handshake told
 * @assoc: its number of the association
 * @boot: identity of its start
 * @caps: what it can do
 * @mtu: MTU of its netdev
 * @digest: of its settings; 0: it does not say
 * @version: version of its module
 */
struct fo_peer {
	u32 assoc;
	u64 boot;
	u64 caps;
	u32 mtu;
	u64 digest;
	char version[FO_VERSION_TEXT];
};

/**
 * struct fo_session - the association with the peer
 * @ops: rooms above
 * @ctx: for @ops
 * @stats: counters of the unit
 * @link: links; HAND, HELLO and MSG go over all
 * @links: how many
 * @state: index of that which DATA and ACK go over while it works
 * @unit: enum nf_failover_unit
 * @boot: identity of this start
 * @digest: of the settings of this unit, written from above
 * @mtu: room for a whole frame in a buffer, fixed while the session is open
 * @room: of that what may be used, fixed in an association
 * @quiet_ns: a link on which the peer was not heard for so long is dead
 * @open: frames are taken
 * @up: there is an association; written with both locks held
 * @heard: ktime of the last authentic frame that was not a replay
 * @peer: the other unit, valid while @up; written with both locks held
 * @rx_lock: protects the next fields, and orders what is handed up
 * @local: our number of the association
 * @hand: the handshake
 * @cur: keys in use, valid while @up; written with both locks held
 * @prev: those before, as long as frames under them may be on their way
 * @prev_until: end of that in ns; 0 until something comes under @cur
 * @rx: receiver's window
 * @rx_skb: frames that wait behind a gap
 * @newest: highest counter that was heard, by link and type
 * @rx_max: most frames that ever waited
 * @mismatch: there is one, and it was reported
 * @tx_lock: protects the next fields; nests inside @rx_lock
 * @tx: sender's window
 * @tx_buf: its frames in clear text, FO_WINDOW buffers of @mtu bytes
 * @tx_sealed: room for one that is sealed
 * @tx_len: their lengths
 * @tx_since: when the oldest change in each came about, in ns; 0: none
 * @tx_changes: how many changes there are in each
 * @lag: how long changes take until they are acknowledged
 * @tx_bytes: bytes of all frames of that type that were ever sent, whole
 * @ready: frames may be built; begins with the bulk sync of an association
 * @tx_gen: grows with each association, so that a frame that was begun before
 *          is not sent in the next one
 * @counter: number of the last frame sent, by type, except DATA
 * @rto: sends again what is lost, and goes on when the rate allows it
 * @held: the rate did not allow a frame
 * @ack_tasklet: acknowledges once for a batch of frames
 */
struct fo_session {
	const struct fo_session_ops *ops;
	void *ctx;
	struct fo_stats *stats;
	struct fo_link *link[FO_LINKS];
	unsigned int links;
	unsigned int state;
	u8 unit;
	u64 boot;
	u64 digest;
	u32 mtu;
	u32 room;
	u64 quiet_ns;
	bool open;
	bool up;
	ktime_t heard;
	struct fo_peer peer;

	spinlock_t rx_lock;
	u32 local;
	struct fo_handshake hand;
	struct fo_keys cur;
	struct fo_keys prev;
	u64 prev_until;
	struct fo_rxwin rx;
	struct sk_buff *rx_skb[FO_WINDOW];
	u64 newest[FO_LINKS][FO_FRAME_TYPES];
	unsigned int rx_max;
	bool mismatch;

	spinlock_t tx_lock;
	struct fo_txwin tx;
	u8 *tx_buf;
	u8 *tx_sealed;
	u16 tx_len[FO_WINDOW];
	u64 tx_since[FO_WINDOW];
	u16 tx_changes[FO_WINDOW];
	struct fo_lag lag;
	u64 tx_bytes;
	bool ready;
	u32 tx_gen;

	atomic64_t counter[FO_FRAME_TYPES];
	struct hrtimer rto;
	bool held;
	struct tasklet_struct ack_tasklet;
};

/**
 * struct fo_frame - a DATA frame under construction
 * @w: room for its body
 * @body: where the body begins
 * @gen: association that it is for
 * @since: when the oldest change in it came about, in ns; 0: there is none
 * @changes: how many there are in it
 */
struct fo_frame {
	struct fo_writer w;
	u8 *body;
	u32 gen;
	u64 since;
	u16 changes;
};

/* A change of that time is in the frame. Context: the flush of the queue. */
static inline void fo_session_holds(struct fo_frame *f, u64 at)
{
	if (!f->since || at < f->since)
		f->since = at;
	f->changes++;
}

/**
 * struct fo_session_lag - how far the peer is behind
 * @oldest: when the oldest change that is not acknowledged came about, in ns;
 *          0: there is none
 * @changes: how many were acknowledged in the last one or two minutes
 * @p50: what half of them did not take longer than, in ns
 * @p99: and 99 of a hundred
 * @window: frames that may be on their way
 * @round_trip: the shortest one, in ns
 * @queueing: by how much the last ones were longer, in ns
 */
struct fo_session_lag {
	u64 oldest;
	u64 changes;
	u64 p50;
	u64 p99;
	u64 window;
	u64 round_trip;
	u64 queueing;
};

/* A frame is never shorter for a peer that says it takes less than this. */
#define FO_ROOM_MIN	576U
/* no association has this number */
#define FO_ANY_GEN	0

/* session.c */
void fo_session_init(struct fo_session *s, struct fo_stats *stats,
		     const struct fo_session_ops *ops, void *ctx);
int fo_session_open(struct fo_session *s, u8 unit,
		    const struct fo_psks *psks);
void fo_session_set_psks(struct fo_session *s, const struct fo_psks *psks);
void fo_session_close(struct fo_session *s);
void fo_session_rx(void *ctx, struct fo_link *link, struct sk_buff *skb);
void fo_session_solicit(struct fo_session *s);
void fo_session_drop(struct fo_session *s);

/* session_tx.c */
void fo_session_send_hello(struct fo_session *s, const u8 *body, size_t len);
void fo_session_send_msg(struct fo_session *s, u32 gen, const u8 *body,
			 size_t len);
int fo_session_send_echo(struct fo_session *s, const struct fo_echo *e,
			 size_t len);
bool fo_session_frame(struct fo_session *s, struct fo_frame *f);
void fo_session_push(struct fo_session *s, struct fo_frame *f);
u32 fo_session_mtu(const struct fo_session *s);

/* Bytes of DATA frames that were ever sent, also once more. Context: any. */
static inline u64 fo_session_sent(const struct fo_session *s)
{
	return READ_ONCE(s->tx_bytes);
}

bool fo_session_idle(struct fo_session *s);
void fo_session_get_lag(struct fo_session *s, struct fo_session_lag *lag);

/* for the files of the same room */
void fo_session_tx_init(struct fo_session *s);
int fo_session_tx_open(struct fo_session *s);
void fo_session_tx_close(struct fo_session *s);
void fo_session_rx_ack(struct fo_session *s, struct fo_reader *body);
void fo_session_install(struct fo_session *s, const struct fo_keys *keys,
			const struct fo_hand *h, u32 local);
void fo_session_set_mismatch(struct fo_session *s, const char *why);
u64 fo_session_frames(const struct fo_session *s);
void fo_session_ready(struct fo_session *s);

#endif /* _FO_SESSION_H */

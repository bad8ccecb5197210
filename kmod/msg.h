/* SPDX-License-Identifier: GPL-2.0 */
/* Messages that user space of the two units sends to each other. */
#ifndef _FO_MSG_H
#define _FO_MSG_H

#include <linux/hrtimer.h>
#include <linux/netlink.h>
#include <linux/spinlock.h>

#include "codec_msg.h"
#include "session.h"
#include "stats.h"

#define FO_MSG_QUEUE	8	/* parts that wait to be sent */
#define FO_MSG_TALKS	8	/* sockets that wait for replies */

/**
 * struct fo_msg_ops - how parts get to user space
 * @tell: give a part, or with NF_FAILOVER_MSG_KIND_DONE what has become of one,
 *        to a socket. -EAGAIN when it has no room, another error when there is
 *        no such socket. Any context but hard interrupt.
 */
struct fo_msg_ops {
	int (*tell)(void *ctx, u32 port, const struct fo_msg *m, u8 result);
};

/**
 * struct fo_msg_slot - a part that waits to be sent
 * @port: the socket that it is from
 * @id: of the talk
 * @kind: enum nf_failover_msg_kind
 * @len: bytes of @data in use
 * @data: the bytes
 */
struct fo_msg_slot {
	u32 port;
	u64 id;
	u8 kind;
	u16 len;
	u8 data[FO_MSG_DATA];
};

/**
 * struct fo_msgs - messages of one unit
 * @session: the association that they travel in
 * @stats: counters of the unit
 * @ops: rooms above
 * @ctx: for @ops
 * @clear: they may go over a link in clear text
 * @timer: sends; everything goes out from here
 * @lock: protects the next fields; a leaf, taken with BH off
 * @open: failover is on
 * @listener: socket that requests of the other unit are for, or 0
 * @talk: who waits for the replies to which request; a free one has port 0
 * @head: parts that were ever put into @slot
 * @tail: parts that were ever taken out; the one at @tail is being sent
 * @slot: by number modulo FO_MSG_QUEUE
 * @flying: the part at @tail was sent, with the number @tx_no
 * @tries: how often
 * @gen: the association; a part of it goes out in no other
 * @tx_no: number of the last part in this association
 * @due: when it is sent again, in ns
 * @until: when that ends
 * @rx_no: number of the last part of the peer
 * @rx_result: what became of it
 * @ack_due: that is to be said
 * @rate_from: begin of a span of time
 * @rate: parts of the peer in it
 */
struct fo_msgs {
	struct fo_session *session;
	struct fo_stats *stats;
	const struct fo_msg_ops *ops;
	void *ctx;
	bool clear;
	struct hrtimer timer;
	spinlock_t lock;
	bool open;
	u32 listener;
	struct {
		u64 id;
		u32 port;
	} talk[FO_MSG_TALKS];
	u64 head;
	u64 tail;
	struct fo_msg_slot slot[FO_MSG_QUEUE];
	bool flying;
	unsigned int tries;
	u32 gen;
	u64 tx_no;
	u64 due;
	u64 until;
	u64 rx_no;
	u8 rx_result;
	bool ack_due;
	u64 rate_from;
	unsigned int rate;
};

/* msg.c */
void fo_msg_init(struct fo_msgs *m, struct fo_session *session,
		 struct fo_stats *stats, const struct fo_msg_ops *ops,
		 void *ctx);
void fo_msg_start(struct fo_msgs *m);
void fo_msg_stop(struct fo_msgs *m);
void fo_msg_reset(struct fo_msgs *m);
void fo_msg_rx(struct fo_msgs *m, struct fo_reader *body, bool sealed);
int fo_msg_send(struct fo_msgs *m, u32 port, const struct fo_msg *part,
		struct netlink_ext_ack *extack);
int fo_msg_listen(struct fo_msgs *m, u32 port, struct netlink_ext_ack *extack);
void fo_msg_port_gone(struct fo_msgs *m, u32 port);

#endif /* _FO_MSG_H */

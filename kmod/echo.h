/* SPDX-License-Identifier: GPL-2.0 */
/* Echoes: whether frames of a length come back over a link, and how soon. */
#ifndef _FO_ECHO_H
#define _FO_ECHO_H

#include <linux/netlink.h>
#include <linux/spinlock.h>

#include "codec_link.h"
#include "session.h"
#include "stats.h"

#define FO_ECHOES	64	/* that may be on their way; a power of two */

/**
 * struct fo_echoed - an echo that came back, or is on its way
 * @link: number of the link
 * @len: bytes of its frame
 * @id: what the socket calls it
 * @ns: when it was sent; how long it took, once it came back
 */
struct fo_echoed {
	unsigned int link;
	u32 len;
	u64 id;
	u64 ns;
};

/**
 * struct fo_echo_ops - how it gets to user space
 * @echoed: one has come back, for the socket @port. Softirq.
 */
struct fo_echo_ops {
	void (*echoed)(void *ctx, u32 port, const struct fo_echoed *e);
};

/**
 * struct fo_echoes - echoes of one unit
 * @session: the association that they travel in
 * @stats: counters of the unit
 * @ops: rooms above
 * @ctx: for @ops
 * @lock: protects the next fields; a leaf, taken with BH off
 * @last: number of the last one that was sent
 * @slot: by number modulo FO_ECHOES; a newer one takes the place of one that
 *        did not come back. A free one has port 0.
 * @rate_from: begin of a span of time
 * @rate: echoes of the peer in it that were sent back
 */
struct fo_echoes {
	struct fo_session *session;
	struct fo_stats *stats;
	const struct fo_echo_ops *ops;
	void *ctx;
	spinlock_t lock;
	u64 last;
	struct {
		u64 no;
		u32 port;
		struct fo_echoed e;
	} slot[FO_ECHOES];
	u64 rate_from;
	unsigned int rate;
};

/* echo.c */
void fo_echo_init(struct fo_echoes *x, struct fo_session *session,
		  struct fo_stats *stats, const struct fo_echo_ops *ops,
		  void *ctx);
int fo_echo_send(struct fo_echoes *x, u32 port, const struct fo_echoed *e,
		 struct netlink_ext_ack *extack);
void fo_echo_rx(struct fo_echoes *x, unsigned int link, size_t len,
		struct fo_reader *body);
void fo_echo_port_gone(struct fo_echoes *x, u32 port);

#endif /* _FO_ECHO_H */

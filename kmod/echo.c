// SPDX-License-Identifier: GPL-2.0
/*
 * Echoes: whether frames of a length come back over a link, and how soon.
 *
 * Hellos tell that a link works, but they are short, say nothing of the way back,
 * and one that is lost is not noticed. An echo is a frame of the association
 * like any other, as long as it is asked for, over one link; the kernel of the
 * other unit sends one of the same length back, so what is measured is the path,
 * not a program. No frame of a stranger is ever answered, and the answer is never
 * longer than the question.
 *
 * Nothing waits for an echo that does not come back: a newer one takes its place.
 */

#include "echo.h"

#include <linux/ktime.h>

/* Echoes of the peer that are sent back in such a time; the rest is dropped. */
#define RATE_TIME	(100 * NSEC_PER_MSEC)
#define RATE_ECHOES	20

void fo_echo_init(struct fo_echoes *x, struct fo_session *session,
		  struct fo_stats *stats, const struct fo_echo_ops *ops,
		  void *ctx)
{
	memset(x, 0, sizeof(*x));
	x->session = session;
	x->stats = stats;
	x->ops = ops;
	x->ctx = ctx;
	spin_lock_init(&x->lock);
}

static int refuse(int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -ENOTCONN:
		NL_SET_ERR_MSG(extack, "the other unit is not there");
		break;
	case -EINVAL:
		NL_SET_ERR_MSG(extack, "there is no such link, or a frame is not that short");
		break;
	case -EMSGSIZE:
		NL_SET_ERR_MSG(extack, "a frame of that length does not fit");
		break;
	case -ENODEV:
	case -ENETDOWN:
		NL_SET_ERR_MSG(extack, "the link is down");
		break;
	default:
		if (err)
			NL_SET_ERR_MSG(extack, "frames cannot be sent");
	}
	return err;
}

/* It did not go out. */
static void free_slot(struct fo_echoes *x, unsigned int i, u64 no)
{
	spin_lock_bh(&x->lock);
	if (x->slot[i].no == no)
		x->slot[i].port = 0;
	spin_unlock_bh(&x->lock);
}

/**
 * fo_echo_send() - send one, and tell a socket when it comes back
 * @x: echoes
 * @port: the socket
 * @e: over which link, how long, what it is called
 * @extack: why it was refused
 *
 * It goes out whole or not at all, and as urgently as a hello. Context: process.
 *
 * Return: 0 or a negative error number; -EMSGSIZE when the path, as far as it is
 * known, is too narrow for it.
 */
int fo_echo_send(struct fo_echoes *x, u32 port, const struct fo_echoed *e,
		 struct netlink_ext_ack *extack)
{
	struct fo_echo echo = { .op = FO_ECHO_REQUEST, .link = e->link };
	unsigned int i;
	int err;

	spin_lock_bh(&x->lock);
	echo.no = ++x->last;
	i = echo.no % FO_ECHOES;
	x->slot[i].no = echo.no;
	x->slot[i].port = port;
	x->slot[i].e = *e;
	x->slot[i].e.ns = ktime_get_ns();
	spin_unlock_bh(&x->lock);
	err = fo_session_send_echo(x->session, &echo, e->len);
	if (err) {
		free_slot(x, i, echo.no);
		return refuse(err, extack);
	}
	fo_count(x->stats, FO_CNT_ECHOES);
	return 0;
}

static void came_back(struct fo_echoes *x, const struct fo_echo *echo,
		      size_t len)
{
	unsigned int i = echo->no % FO_ECHOES;
	struct fo_echoed e;
	u32 port = 0;

	spin_lock_bh(&x->lock);
	e = x->slot[i].e;
	if (x->slot[i].no == echo->no && e.link == echo->link && e.len == len) {
		port = x->slot[i].port;
		x->slot[i].port = 0;
	}
	spin_unlock_bh(&x->lock);
	if (!port)
		return;
	e.ns = ktime_get_ns() - e.ns;
	fo_count(x->stats, FO_CNT_ECHOES_BACK);
	x->ops->echoed(x->ctx, port, &e);
}

static bool too_many(struct fo_echoes *x)
{
	u64 now = ktime_get_ns();
	bool many;

	spin_lock_bh(&x->lock);
	if (now - x->rate_from > RATE_TIME) {
		x->rate_from = now;
		x->rate = 0;
	}
	many = x->rate >= RATE_ECHOES;
	x->rate += !many;
	spin_unlock_bh(&x->lock);
	return many;
}

/**
 * fo_echo_rx() - an authentic ECHO frame has arrived
 * @x: echoes
 * @link: where
 * @len: bytes of the frame
 * @body: its body
 *
 * Context: softirq, rx_lock of the session.
 */
void fo_echo_rx(struct fo_echoes *x, unsigned int link, size_t len,
		struct fo_reader *body)
{
	struct fo_echo echo;

	/* one of another link was recorded there */
	if (fo_echo_get(body, &echo) || echo.link != link) {
		fo_count(x->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	if (echo.op == FO_ECHO_REPLY) {
		came_back(x, &echo, len);
		return;
	}
	if (too_many(x)) {
		fo_count(x->stats, FO_CNT_ECHOES_LIMITED);
		return;
	}
	echo.op = FO_ECHO_REPLY;
	if (!fo_session_send_echo(x->session, &echo, len))
		fo_count(x->stats, FO_CNT_ECHOES_ANSWERED);
}

/* A socket is gone. Context: process. */
void fo_echo_port_gone(struct fo_echoes *x, u32 port)
{
	unsigned int i;

	spin_lock_bh(&x->lock);
	for (i = 0; i < FO_ECHOES; i++)
		if (x->slot[i].port == port)
			x->slot[i].port = 0;
	spin_unlock_bh(&x->lock);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Two sessions and a wire of their own, in one process. The sessions are real,
 * with their timers and tasklets; only what a link hands to a netdev goes into
 * a list instead, and moves when the test says so.
 */

#include "kunit_pair.h"

#include <linux/etherdevice.h>
#include <uapi/linux/nf_failover.h>

static struct pair_end *end_of(struct fo_link *link)
{
	return container_of(link, struct pair_end, link);
}

static int wire_xmit(struct fo_link *link, struct net_device *dev,
		     struct sk_buff *skb)
{
	skb_queue_tail(&end_of(link)->wire, skb);
	return 0;
}

static void wire_learn(struct fo_link *link, const struct sk_buff *skb)
{
}

static unsigned int wire_mtu(const struct fo_link *link,
			     const struct net_device *dev)
{
	return READ_ONCE(dev->mtu);
}

static const struct fo_link_ops wire_ops = {
	.mtu	= wire_mtu,
	.xmit	= wire_xmit,
	.learn	= wire_learn,
};

static void deliver(void *ctx, struct fo_reader *body)
{
	struct pair_end *e = ctx;

	if (e->n < PAIR_TRACE)
		e->got[e->n] = fo_get_u32(body);
	e->n++;
}

static void hello(void *ctx, struct fo_reader *body)
{
	((struct pair_end *)ctx)->hellos++;
}

static void associated(void *ctx)
{
	((struct pair_end *)ctx)->associated++;
}

static void acked(void *ctx)
{
	((struct pair_end *)ctx)->acked++;
}

static void mismatch(void *ctx, const char *why)
{
	((struct pair_end *)ctx)->mismatch = why;
}

static void msg(void *ctx, struct fo_reader *body, bool sealed)
{
	((struct pair_end *)ctx)->msgs++;
}

static void echo(void *ctx, unsigned int link, size_t len,
		 struct fo_reader *body)
{
	fo_echo_rx(&((struct pair_end *)ctx)->echoes, link, len, body);
}

static void echoed(void *ctx, u32 port, const struct fo_echoed *x)
{
	struct pair_end *e = ctx;

	e->echoed++;
	e->last = *x;
}

static const struct fo_echo_ops echo_ops = { .echoed = echoed };

static const struct fo_session_ops session_ops = {
	.deliver	= deliver,
	.msg		= msg,
	.echo		= echo,
	.hello		= hello,
	.associated	= associated,
	.acked		= acked,
	.mismatch	= mismatch,
};

static void end_up(struct pair *p, struct pair_end *e, u8 unit)
{
	struct kunit *test = p->test;

	e->pair = p;
	skb_queue_head_init(&e->wire);
	KUNIT_ASSERT_EQ(test, fo_stats_init(&e->stats), 0);
	e->dev = alloc_netdev(0, "kunit%d", NET_NAME_UNKNOWN, ether_setup);
	KUNIT_ASSERT_NOT_NULL(test, e->dev);
	set_bit(__LINK_STATE_START, &e->dev->state);
	fo_link_init(&e->link, &init_net, &e->stats, NULL, &e->session);
	e->link.setup.ops = &wire_ops;
	rcu_assign_pointer(e->link.dev, e->dev);
	fo_session_init(&e->session, &e->stats, &session_ops, e);
	fo_echo_init(&e->echoes, &e->session, &e->stats, &echo_ops, e);
	e->session.link[0] = &e->link;
	e->session.links = 1;
	KUNIT_ASSERT_EQ(test, fo_session_open(&e->session, unit, &p->psks), 0);
}

/*
 * The two units, of which none has heard of the other. P was allocated by
 * kvzalloc(), itself or what it is the beginning of.
 */
void pair_make(struct pair *p, struct kunit *test)
{
	p->test = test;
	test->priv = p;
	prandom_seed_state(&p->rng, 1);
	p->psks.mode = NF_FAILOVER_KEY_MODE_SECRET;
	p->psks.n = 1;
	memset(p->psks.key[0], 'k', FO_KEY_LEN);
	end_up(p, &p->end[0], NF_FAILOVER_UNIT_PRIMARY);
	end_up(p, &p->end[1], NF_FAILOVER_UNIT_SECONDARY);
}

int pair_init(struct kunit *test)
{
	struct pair *p = kvzalloc(sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	pair_make(p, test);
	return 0;
}

void pair_exit(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *e;

	for (e = p->end; e < p->end + 2; e++) {
		fo_session_close(&e->session);
		skb_queue_purge(&e->wire);
		RCU_INIT_POINTER(e->link.dev, NULL);
		free_netdev(e->dev);
		fo_stats_exit(&e->stats);
	}
	kvfree(p);
}

/* As a netdev hands it up. */
void pair_receive(struct pair_end *to, struct sk_buff *skb)
{
	local_bh_disable();
	rcu_read_lock();
	fo_session_rx(&to->session, &to->link, skb);
	rcu_read_unlock();
	local_bh_enable();
}

static bool chance(struct pair *p, unsigned int percent)
{
	return prandom_u32_state(&p->rng) % 100 < percent;
}

/*
 * What is on the wire now, and not what a timer adds meanwhile: on a slow
 * machine that would not end, and the answers would never be carried.
 */
static void carry(struct pair_end *from, struct pair_end *to)
{
	struct pair *p = from->pair;
	struct sk_buff *skb, *held = NULL;
	struct sk_buff_head now;

	__skb_queue_head_init(&now);
	spin_lock_bh(&from->wire.lock);
	skb_queue_splice_tail_init(&from->wire, &now);
	spin_unlock_bh(&from->wire.lock);
	while ((skb = __skb_dequeue(&now))) {
		if (chance(p, p->loss)) {
			kfree_skb(skb);
			continue;
		}
		if (chance(p, p->twice))
			pair_receive(to, skb_copy(skb, GFP_KERNEL));
		if (!held && chance(p, p->late)) {
			held = skb;
			continue;
		}
		pair_receive(to, skb);
		if (held)
			pair_receive(to, held);
		held = NULL;
	}
	if (held)
		pair_receive(to, held);
}

/* Everything that is on the wire arrives, and so do the answers. */
void pair_carry(struct pair *p)
{
	while (!skb_queue_empty(&p->end[0].wire) ||
	       !skb_queue_empty(&p->end[1].wire)) {
		carry(&p->end[0], &p->end[1]);
		carry(&p->end[1], &p->end[0]);
	}
}

/* Everything that is on the wire is lost. */
void pair_cut(struct pair *p)
{
	skb_queue_purge(&p->end[0].wire);
	skb_queue_purge(&p->end[1].wire);
}

/* An association, over a wire that loses nothing; both may send. */
void pair_associate(struct pair *p)
{
	local_bh_disable();
	fo_session_solicit(&p->end[0].session);
	local_bh_enable();
	pair_carry(p);
	fo_session_ready(&p->end[0].session);
	fo_session_ready(&p->end[1].session);
}

/* A DATA frame whose body is one number; false when the window is full. */
bool pair_push(struct pair_end *from, u32 number)
{
	struct fo_frame f;

	if (!fo_session_frame(&from->session, &f))
		return false;
	fo_put_u32(&f.w, number);
	fo_session_push(&from->session, &f);
	return true;
}

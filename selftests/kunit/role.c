// SPDX-License-Identifier: GPL-2.0
/* The role, its epoch, and the gate as packets meet it. */

#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

#include "role.h"

struct unit {
	struct fo_role r;
	struct fo_stats stats;
	struct fo_store store;
};

static int unit_init(struct kunit *test)
{
	struct unit *u = kunit_kzalloc(test, sizeof(*u), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, u);
	KUNIT_ASSERT_EQ(test, fo_stats_init(&u->stats), 0);
	KUNIT_ASSERT_EQ(test, fo_store_init(&u->store), 0);
	fo_role_init(&u->r, &init_net, &u->stats, &u->store);
	test->priv = u;
	return 0;
}

static void unit_exit(struct kunit *test)
{
	struct unit *u = test->priv;

	if (u->r.hooks)
		fo_role_stop(&u->r);
	fo_store_exit(&u->store);
	fo_stats_exit(&u->stats);
}

static void epoch(struct kunit *test)
{
	struct fo_role *r = &((struct unit *)test->priv)->r;

	KUNIT_EXPECT_EQ(test, r->epoch, 0);
	fo_role_promote(r);
	KUNIT_EXPECT_EQ(test, r->epoch, 1);
	fo_role_demote(r);
	KUNIT_EXPECT_EQ(test, r->epoch, 1);
	fo_role_learn(r, 7);
	KUNIT_EXPECT_EQ(test, r->epoch, 7);
	fo_role_learn(r, 3);
	KUNIT_EXPECT_EQ(test, r->epoch, 7);
	fo_role_promote(r);
	KUNIT_EXPECT_EQ(test, r->epoch, 8);
}

static void roles(struct kunit *test)
{
	struct fo_role *r = &((struct unit *)test->priv)->r;

	KUNIT_ASSERT_EQ(test, fo_role_start(r), 0);
	KUNIT_EXPECT_FALSE(test, r->active || r->forwarding || r->grace);
	fo_role_promote(r);
	KUNIT_EXPECT_TRUE(test, r->active && r->forwarding && r->grace);
	fo_role_shut(r);
	KUNIT_EXPECT_TRUE(test, r->active && !r->forwarding);
	fo_role_promote(r);
	fo_role_demote(r);
	KUNIT_EXPECT_FALSE(test, r->active || r->forwarding || r->grace);
}

/* verdict() of all our hooks at HOOK on a packet to DADDR. */
static unsigned int verdict(struct kunit *test, unsigned int hook, u32 daddr)
{
	struct fo_role *r = &((struct unit *)test->priv)->r;
	const struct nf_hook_state state = {
		.hook = hook, .pf = NFPROTO_IPV4, .net = &init_net,
	};
	const struct nf_hook_ops *o;
	struct sk_buff *skb;
	struct iphdr *ip;
	unsigned int v = NF_ACCEPT;

	skb = alloc_skb(128, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->dev = init_net.loopback_dev;
	skb_reset_network_header(skb);
	ip = skb_put_zero(skb, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = htonl(0xc0000201);
	ip->daddr = htonl(daddr);
	local_bh_disable();
	rcu_read_lock();
	/* the rows of both families are in turns, and six in all */
	for (o = r->hooks; v == NF_ACCEPT && o < r->hooks + 6; o++)
		if (o->pf == NFPROTO_IPV4 && o->hooknum == hook)
			v = o->hook(o->priv, skb, &state);
	rcu_read_unlock();
	local_bh_enable();
	kfree_skb(skb);
	return v;
}

#define TRANSIT	0xcb007107	/* 203.0.113.7 */
#define OURS	0x7f000001	/* 127.0.0.1 */

static void gate(struct kunit *test)
{
	struct unit *u = test->priv;

	KUNIT_ASSERT_EQ(test, fo_role_start(&u->r), 0);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_PRE_ROUTING, TRANSIT), NF_DROP);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_FORWARD, TRANSIT), NF_DROP);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_PRE_ROUTING, OURS), NF_ACCEPT);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(&u->stats, FO_CNT_GATE_DROPS), 2);
	fo_role_promote(&u->r);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_PRE_ROUTING, TRANSIT), NF_ACCEPT);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_FORWARD, TRANSIT), NF_ACCEPT);
	/* a drain closes it again, though the unit is active still */
	fo_role_shut(&u->r);
	KUNIT_EXPECT_EQ(test, verdict(test, NF_INET_PRE_ROUTING, TRANSIT), NF_DROP);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(&u->stats, FO_CNT_GATE_DROPS), 3);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(epoch),
	KUNIT_CASE(roles),
	KUNIT_CASE(gate),
	{ }
};

static struct kunit_suite role_suite = {
	.name = "role",
	.init = unit_init,
	.exit = unit_exit,
	.test_cases = cases,
};

kunit_test_suite(role_suite);

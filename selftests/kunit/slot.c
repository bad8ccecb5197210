// SPDX-License-Identifier: GPL-2.0
/* Slots: numbers of connections, and whose reference is whose. */

#include <kunit/test.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "ct.h"

#define MANY	600	/* more than one part of a walk */

static struct nf_conn *make_ct(struct kunit *test)
{
	struct nf_conntrack_tuple t = { .dst.protonum = IPPROTO_UDP };
	struct nf_conn *ct;

	ct = nf_conntrack_alloc(&init_net, &nf_ct_zone_dflt, &t, &t, GFP_KERNEL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ct));
	refcount_set(&ct->ct_general.use, 1);
	return ct;
}

static unsigned int references(const struct nf_conn *ct)
{
	return refcount_read(&ct->ct_general.use);
}

static void give_and_take(struct kunit *test)
{
	struct nf_conn *a = make_ct(test), *b = make_ct(test);
	struct fo_slots s;
	struct fo_slot *e;

	fo_slots_init(&s);
	set_bit(FO_MARK_FULL, &a->status);
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), 0);
	KUNIT_ASSERT_EQ(test, fo_slot_new(&s, a), 0);
	KUNIT_ASSERT_EQ(test, fo_slot_new(&s, b), 0);
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), 1);
	KUNIT_EXPECT_EQ(test, fo_slot_of(b), 2);
	KUNIT_EXPECT_EQ(test, references(a), 2);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s.count), 2);

	rcu_read_lock();
	e = fo_slot_get(&s, 1);
	KUNIT_EXPECT_PTR_EQ(test, e ? e->ct : NULL, a);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, references(a), 3);
	nf_ct_put(a);
	KUNIT_EXPECT_NULL(test, fo_slot_get(&s, 3));

	/* a slot is bound to one connection */
	KUNIT_EXPECT_NULL(test, fo_slot_take(&s, 1, b));
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), 1);
	KUNIT_EXPECT_PTR_EQ(test, fo_slot_take(&s, 1, a), a);
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), 0);
	KUNIT_EXPECT_TRUE(test, test_bit(FO_MARK_FULL, &a->status));
	KUNIT_EXPECT_EQ(test, references(a), 2);
	KUNIT_EXPECT_NULL(test, fo_slot_take(&s, 1, NULL));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s.count), 1);

	/* the lowest free number is the next one */
	nf_ct_put(a);
	KUNIT_ASSERT_EQ(test, fo_slot_new(&s, a), 0);
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), 1);
	fo_slots_exit(&s);
	KUNIT_EXPECT_EQ(test, references(a), 1);
	KUNIT_EXPECT_EQ(test, references(b), 1);
	nf_ct_put(a);
	nf_ct_put(b);
}

static void peers_number(struct kunit *test)
{
	const struct fo_slot init = { .timeout = 5, .epoch = 9 };
	struct nf_conn *a = make_ct(test), *b = make_ct(test);
	struct fo_slots s;
	struct fo_slot *e;

	fo_slots_init(&s);
	KUNIT_ASSERT_EQ(test, fo_slot_set(&s, FO_SLOT_MAX, a, &init), 0);
	KUNIT_EXPECT_EQ(test, fo_slot_of(a), FO_SLOT_MAX);
	KUNIT_EXPECT_EQ(test, references(a), 1);	/* taken over */
	KUNIT_EXPECT_EQ(test, fo_slot_set(&s, FO_SLOT_MAX, b, &init), -EBUSY);
	KUNIT_EXPECT_EQ(test, fo_slot_of(b), 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s.count), 1);
	rcu_read_lock();
	e = fo_slot_get(&s, FO_SLOT_MAX);
	KUNIT_EXPECT_EQ(test, e->timeout, 5);
	KUNIT_EXPECT_EQ(test, e->epoch, 9);
	nf_ct_put(a);
	rcu_read_unlock();
	nf_ct_put(b);
	KUNIT_EXPECT_PTR_EQ(test, fo_slot_take(&s, FO_SLOT_MAX, NULL), a);
	nf_ct_put(a);
	fo_slots_exit(&s);
}

struct visits {
	struct kunit *test;
	struct fo_slots *s;
	unsigned int seen;
};

/* Takes every other one out of the walk itself. */
static void visit(void *ctx, u32 n, struct fo_slot *e)
{
	struct visits *v = ctx;
	struct nf_conn *ct = e->ct;

	KUNIT_EXPECT_EQ(v->test, fo_slot_of(ct), n);
	KUNIT_EXPECT_EQ(v->test, references(ct), 2);
	v->seen++;
	if (n % 2 && fo_slot_take(v->s, n, ct))
		nf_ct_put(ct);
}

static void walk(struct kunit *test)
{
	struct fo_slots s;
	struct visits v = { test, &s };
	struct nf_conn *ct;
	int i;

	fo_slots_init(&s);
	for (i = 0; i < MANY; i++) {
		ct = make_ct(test);
		KUNIT_ASSERT_EQ(test, fo_slot_new(&s, ct), 0);
		nf_ct_put(ct);
	}
	fo_slots_walk(&s, visit, &v);
	KUNIT_EXPECT_EQ(test, v.seen, MANY);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s.count), MANY / 2);
	fo_slots_exit(&s);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&s.count), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(give_and_take),
	KUNIT_CASE(peers_number),
	KUNIT_CASE(walk),
	{ }
};

static struct kunit_suite slot_suite = {
	.name = "slot",
	.test_cases = cases,
};

kunit_test_suite(slot_suite);

// SPDX-License-Identifier: GPL-2.0
/*
 * The dirty queue, between a class of objects that are numbers and a session
 * with a real peer.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "ct.h"
#include "kunit_pair.h"
#include "queue.h"

#define OBJECTS	400
#define HASHES	7

/**
 * struct thing - an object of the class
 * @state: what a record says of it
 * @size: how long its record is
 * @sent: how often it was let go of, after it was encoded
 * @unsent: and without
 */
struct thing {
	u32 state;
	u32 size;
	unsigned int sent;
	unsigned int unsent;
};

struct world {
	struct pair pair;	/* first: test->priv is a pair */
	struct fo_queue q;
	struct fo_class_ref ref;
	struct thing thing[FO_SHARD_SIZE + OBJECTS];
	unsigned int encoded;
};

static int encode(void *self, void *obj, struct fo_writer *w)
{
	const struct thing *t = obj;
	unsigned int i;

	((struct world *)self)->encoded++;
	for (i = 0; i < t->size; i++)
		fo_put_u32(w, t->state);
	return w->full ? -EMSGSIZE : 0;
}

static void put(void *self, void *obj, bool sent)
{
	struct thing *t = obj;

	t->sent += sent;
	t->unsent += !sent;
}

static const struct fo_class things = {
	.id	= FO_CLASS_CT,
	.encode	= encode,
	.put	= put,
};

static int world_init(struct kunit *test)
{
	struct world *w = kvzalloc(sizeof(*w), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, w);
	pair_make(&w->pair, test);
	for (i = 0; i < ARRAY_SIZE(w->thing); i++)
		w->thing[i] = (struct thing){ .state = i, .size = 1 };
	w->ref = (struct fo_class_ref){ &things, w };
	KUNIT_ASSERT_EQ(test, fo_queue_init(&w->q, &w->pair.end[0].stats,
					    &w->pair.end[0].session), 0);
	fo_queue_open(&w->q);
	return 0;
}

static void world_exit(struct kunit *test)
{
	struct world *w = test->priv;

	fo_queue_close(&w->q);
	fo_queue_exit(&w->q);
	pair_exit(test);
}

static bool give(struct world *w, unsigned int i, u32 hash)
{
	return fo_queue_put(&w->q, &w->ref, &w->thing[i], hash);
}

/* Until the queue is empty and the peer has it all. */
static void drain(struct kunit *test, struct world *w)
{
	unsigned int rounds = 0;

	while ((fo_queue_len(&w->q) || !fo_session_idle(w->q.session)) &&
	       ++rounds < 10000) {
		local_bh_disable();
		fo_queue_kick(&w->q);
		local_bh_enable();
		pair_carry(&w->pair);
	}
	KUNIT_ASSERT_LT(test, rounds, 10000);
}

/* An object's state is read when the frame is built, not when it is put in. */
static void newest_state(struct kunit *test)
{
	struct world *w = test->priv;
	struct pair_end *to = &w->pair.end[1];

	pair_associate(&w->pair);
	local_bh_disable();
	KUNIT_EXPECT_TRUE(test, give(w, 1, 0));
	w->thing[1].state = 4711;
	local_bh_enable();	/* the flush runs here */
	pair_carry(&w->pair);
	KUNIT_ASSERT_EQ(test, to->n, 1);
	KUNIT_EXPECT_EQ(test, to->got[0], 4711);
	KUNIT_EXPECT_EQ(test, w->thing[1].sent, 1);
	KUNIT_EXPECT_EQ(test, w->thing[1].unsent, 0);
}

/* Ten changes of a connection are one entry of the queue. */
static void coalescing(struct kunit *test)
{
	struct nf_conntrack_tuple t = { .dst.protonum = IPPROTO_UDP };
	struct world *w = test->priv;
	struct fo_cts *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct nf_conn *ct;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->stats = w->q.stats;
	c->queue = &w->q;
	c->ref = (struct fo_class_ref){ &fo_ct_class, c };
	fo_slots_init(&c->slots);
	ct = nf_conntrack_alloc(&init_net, &nf_ct_zone_dflt, &t, &t, GFP_KERNEL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ct));
	refcount_set(&ct->ct_general.use, 1);
	for (i = 0; i < 10; i++)
		fo_ct_dirty(c, ct, i == 0);
	KUNIT_EXPECT_EQ(test, fo_queue_len(&w->q), 1);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(c->stats, FO_CNT_QUEUE_COALESCED), 9);
	KUNIT_EXPECT_EQ(test, refcount_read(&ct->ct_general.use), 2);
	fo_queue_close(&w->q);
	KUNIT_EXPECT_EQ(test, refcount_read(&ct->ct_general.use), 1);
	KUNIT_EXPECT_FALSE(test, test_bit(FO_MARK_DIRTY, &ct->status));
	nf_ct_put(ct);
	fo_slots_exit(&c->slots);
}

static void order(struct kunit *test)
{
	struct world *w = test->priv;
	struct pair_end *to = &w->pair.end[1];
	u32 last[HASHES] = { };
	unsigned int i, frames;

	pair_associate(&w->pair);
	frames = fo_stats_counter(w->q.stats, FO_CNT_TX_FRAMES);
	/* each record of the numbers fills a frame, so that each is seen */
	for (i = 0; i < OBJECTS; i++) {
		w->thing[i].size = 360;
		KUNIT_ASSERT_TRUE(test, give(w, i, i % HASHES));
	}
	drain(test, w);
	KUNIT_EXPECT_GE(test, fo_stats_counter(w->q.stats, FO_CNT_TX_FRAMES),
			frames + OBJECTS);
	KUNIT_ASSERT_EQ(test, to->n, OBJECTS);
	for (i = 0; i < OBJECTS; i++) {
		u32 *was = &last[to->got[i] % HASHES];

		/* numbers of one hash grow */
		KUNIT_ASSERT_GE(test, to->got[i], *was);
		*was = to->got[i];
	}
	for (i = 0; i < OBJECTS; i++)
		KUNIT_ASSERT_EQ(test, w->thing[i].sent, 1);
}

/* Without a peer nothing leaves: a shard is full, and only that one. */
static void overflow(struct kunit *test)
{
	struct world *w = test->priv;
	unsigned int i, let_go = 0;

	for (i = 0; i < FO_SHARD_SIZE; i++)
		KUNIT_ASSERT_TRUE(test, give(w, i, 0));
	KUNIT_EXPECT_FALSE(test, w->q.overflow);
	KUNIT_EXPECT_FALSE(test, give(w, i, 0));
	KUNIT_EXPECT_TRUE(test, w->q.overflow);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(w->q.stats, FO_CNT_QUEUE_OVERFLOW), 1);
	KUNIT_EXPECT_EQ(test, w->thing[i].sent + w->thing[i].unsent, 0);
	KUNIT_EXPECT_TRUE(test, give(w, i, 1));
	KUNIT_EXPECT_EQ(test, fo_queue_len(&w->q), FO_SHARD_SIZE + 1);

	fo_queue_close(&w->q);
	KUNIT_EXPECT_EQ(test, fo_queue_len(&w->q), 0);
	for (i = 0; i <= FO_SHARD_SIZE; i++)
		let_go += w->thing[i].unsent == 1 && !w->thing[i].sent;
	KUNIT_EXPECT_EQ(test, let_go, FO_SHARD_SIZE + 1);
	KUNIT_EXPECT_FALSE(test, give(w, 0, 0));
	fo_queue_open(&w->q);
	KUNIT_EXPECT_FALSE(test, w->q.overflow);
	KUNIT_EXPECT_TRUE(test, give(w, 0, 0));
}

/* The window is full: what does not fit waits, and goes when there is room. */
static void back_pressure(struct kunit *test)
{
	struct world *w = test->priv;
	struct pair_end *to = &w->pair.end[1];
	unsigned int i, n = 0;

	pair_associate(&w->pair);
	while (pair_push(&w->pair.end[0], n))
		n++;
	for (i = 0; i < 10; i++)
		KUNIT_ASSERT_TRUE(test, give(w, i, i));
	KUNIT_EXPECT_EQ(test, fo_queue_len(&w->q), 10);
	KUNIT_EXPECT_EQ(test, w->encoded, 0);
	drain(test, w);
	KUNIT_EXPECT_EQ(test, w->encoded, 10);
	KUNIT_EXPECT_GT(test, to->n, n);
}

static void marks(struct kunit *test)
{
	struct world *w = test->priv;
	struct fo_queue_mark m;

	KUNIT_ASSERT_TRUE(test, give(w, 0, 0) && give(w, 1, 1));
	fo_queue_mark(&w->q, &m);
	KUNIT_EXPECT_FALSE(test, fo_queue_passed(&w->q, &m));
	pair_associate(&w->pair);
	drain(test, w);
	KUNIT_EXPECT_TRUE(test, fo_queue_passed(&w->q, &m));
	/* what comes behind the mark does not matter */
	pair_cut(&w->pair);
	w->pair.end[0].session.ready = false;
	KUNIT_ASSERT_TRUE(test, give(w, 2, 0));
	KUNIT_EXPECT_EQ(test, fo_queue_len(&w->q), 1);
	KUNIT_EXPECT_TRUE(test, fo_queue_passed(&w->q, &m));
	/* and an empty queue has passed at once */
	fo_queue_close(&w->q);
	fo_queue_mark(&w->q, &m);
	KUNIT_EXPECT_TRUE(test, fo_queue_passed(&w->q, &m));
}

/* A record that no frame has room for is counted, and does not block others. */
static void too_big(struct kunit *test)
{
	struct world *w = test->priv;
	struct pair_end *to = &w->pair.end[1];

	pair_associate(&w->pair);
	w->thing[0].size = 3000;
	KUNIT_ASSERT_TRUE(test, give(w, 0, 0));
	KUNIT_ASSERT_TRUE(test, give(w, 1, 0));
	drain(test, w);
	KUNIT_EXPECT_EQ(test, fo_stats_counter(w->q.stats, FO_CNT_TX_ERRORS), 1);
	KUNIT_ASSERT_EQ(test, to->n, 1);
	KUNIT_EXPECT_EQ(test, to->got[0], 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(newest_state),
	KUNIT_CASE(coalescing),
	KUNIT_CASE(order),
	KUNIT_CASE(overflow),
	KUNIT_CASE(back_pressure),
	KUNIT_CASE(marks),
	KUNIT_CASE(too_big),
	{ }
};

static struct kunit_suite queue_suite = {
	.name = "queue",
	.init = world_init,
	.exit = world_exit,
	.test_cases = cases,
};

kunit_test_suite(queue_suite);

// SPDX-License-Identifier: GPL-2.0
/* Two sessions: association, exactly once and in order, what is refused. */

#include <linux/delay.h>

#include "kunit_pair.h"

#define SEEDS	20
#define FRAMES	300

static u64 count_of(struct pair_end *e, enum fo_counter c)
{
	return fo_stats_counter(&e->stats, c);
}

static void association(struct kunit *test)
{
	struct pair *p = test->priv;
	struct fo_session *a = &p->end[0].session, *b = &p->end[1].session;

	KUNIT_EXPECT_FALSE(test, a->up || b->up);
	KUNIT_EXPECT_FALSE(test, pair_push(&p->end[0], 1));
	a->digest = 7;
	b->digest = 9;
	pair_associate(p);
	KUNIT_EXPECT_TRUE(test, a->up && b->up);
	KUNIT_EXPECT_EQ(test, p->end[0].associated, 1);
	KUNIT_EXPECT_EQ(test, p->end[1].associated, 1);
	KUNIT_EXPECT_EQ(test, a->peer.assoc, b->local);
	KUNIT_EXPECT_EQ(test, b->peer.assoc, a->local);
	KUNIT_EXPECT_EQ(test, a->peer.boot, b->boot);
	KUNIT_EXPECT_EQ(test, b->peer.boot, a->boot);
	KUNIT_EXPECT_EQ(test, a->peer.digest, 9);
	KUNIT_EXPECT_EQ(test, b->peer.digest, 7);
	/* nobody asks for a second one */
	pair_associate(p);
	KUNIT_EXPECT_EQ(test, p->end[0].associated, 1);
	KUNIT_EXPECT_EQ(test, p->end[1].associated, 1);
}

/* The secondary proposes by itself, too. */
static void secondary_first(struct kunit *test)
{
	struct pair *p = test->priv;

	local_bh_disable();
	fo_session_solicit(&p->end[1].session);
	local_bh_enable();
	pair_carry(p);
	KUNIT_EXPECT_TRUE(test, p->end[0].session.up && p->end[1].session.up);
}

static void not_before_ready(struct kunit *test)
{
	struct pair *p = test->priv;

	local_bh_disable();
	fo_session_solicit(&p->end[0].session);
	local_bh_enable();
	pair_carry(p);
	KUNIT_EXPECT_TRUE(test, p->end[0].session.up);
	KUNIT_EXPECT_FALSE(test, pair_push(&p->end[0], 1));
	fo_session_ready(&p->end[0].session);
	KUNIT_EXPECT_TRUE(test, pair_push(&p->end[0], 1));
}

/* 0 to N - 1 were delivered, each once, in this order, and nothing else. */
static void expect_got(struct kunit *test, struct pair_end *e, u32 n)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, e->n, n);
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, e->got[i], i);
}

/* What does not fit into the window does when the peer has had its say. */
static void push_on(struct kunit *test, struct pair_end *e, u32 number)
{
	if (pair_push(e, number))
		return;
	pair_carry(e->pair);
	KUNIT_ASSERT_TRUE(test, pair_push(e, number));
}

static void in_order(struct kunit *test)
{
	struct pair *p = test->priv;
	unsigned int i;

	pair_associate(p);
	for (i = 0; i < FRAMES; i++) {
		push_on(test, &p->end[0], i);
		push_on(test, &p->end[1], i);
	}
	pair_carry(p);
	expect_got(test, &p->end[0], FRAMES);
	expect_got(test, &p->end[1], FRAMES);
	KUNIT_EXPECT_TRUE(test, fo_session_idle(&p->end[0].session));
}

/* One direction over a bad wire, until all is acknowledged. */
static void bad_wire(struct kunit *test, u64 seed)
{
	struct pair *p = test->priv;
	struct pair_end *from = &p->end[seed % 2], *to = &p->end[1 - seed % 2];
	unsigned int i = 0, rounds = 0;

	prandom_seed_state(&p->rng, seed);
	p->loss = 5 * (seed % 8);
	p->twice = 3 * (seed % 7);
	p->late = 7 * (seed % 5);
	to->n = 0;
	while (i < FRAMES || !fo_session_idle(&from->session)) {
		while (i < FRAMES && pair_push(from, i)) {
			i++;
			if (i % 16 == seed % 16)
				break;
		}
		pair_carry(p);
		if (++rounds > 20000)
			break;
		if (!fo_session_idle(&from->session))
			usleep_range(500, 1000);
	}
	p->loss = 0;
	p->twice = 0;
	p->late = 0;
	pair_carry(p);
	KUNIT_EXPECT_LE_MSG(test, rounds, 20000, "seed %llu hangs", seed);
	KUNIT_EXPECT_EQ_MSG(test, to->n, FRAMES, "seed %llu", seed);
	for (i = 0; i < FRAMES; i++)
		KUNIT_ASSERT_EQ_MSG(test, to->got[i], i, "seed %llu", seed);
}

static void exactly_once(struct kunit *test)
{
	struct pair *p = test->priv;
	u64 seed;

	pair_associate(p);
	for (seed = 1; seed <= SEEDS; seed++)
		bad_wire(test, seed);
	/* the wire did its worst */
	KUNIT_EXPECT_GT(test, count_of(&p->end[0], FO_CNT_TX_RETRANSMITS), 0);
	KUNIT_EXPECT_GT(test, count_of(&p->end[0], FO_CNT_RX_DUPLICATE), 0);
	KUNIT_EXPECT_GT(test, count_of(&p->end[0], FO_CNT_RX_AHEAD), 0);
}

static void old_frames(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct sk_buff_head old;
	struct sk_buff *skb;
	unsigned int i, sent;

	pair_associate(p);
	skb_queue_head_init(&old);
	for (i = 0; i < FO_PACE_START; i++)
		KUNIT_ASSERT_TRUE(test, pair_push(a, 1000 + i));
	skb_queue_splice_init(&a->wire, &old);
	/* on a slow machine some were sent again meanwhile */
	sent = skb_queue_len(&old);
	KUNIT_EXPECT_GE(test, sent, FO_PACE_START);

	local_bh_disable();
	fo_session_drop(&a->session);
	fo_session_drop(&b->session);
	local_bh_enable();
	pair_cut(p);
	pair_associate(p);
	KUNIT_ASSERT_EQ(test, b->associated, 2);
	while ((skb = skb_dequeue(&old)))
		pair_receive(b, skb);
	KUNIT_EXPECT_EQ(test, b->n, 0);
	KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_RX_STRANGER), sent);

	/* and the new association works */
	for (i = 0; i < 10; i++)
		push_on(test, a, i);
	pair_carry(p);
	expect_got(test, b, 10);
}

/* A frame that was begun before an association ended is not of the next one. */
static void old_frame_begun(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct fo_frame f;

	pair_associate(p);
	KUNIT_ASSERT_TRUE(test, fo_session_frame(&a->session, &f));
	fo_put_u32(&f.w, 1000);
	local_bh_disable();
	fo_session_drop(&a->session);
	fo_session_drop(&b->session);
	local_bh_enable();
	pair_associate(p);
	fo_session_push(&a->session, &f);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, b->n, 0);
	KUNIT_EXPECT_TRUE(test, fo_session_idle(&a->session));
}

/* As many frames as may be on a way of which nothing is known, and all there are. */
static void full_window(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	unsigned int i;
	bool pushed;

	pair_associate(p);
	for (i = 0; i < FO_PACE_START; i++)
		KUNIT_ASSERT_TRUE(test, pair_push(a, i));
	KUNIT_EXPECT_FALSE(test, pair_push(a, i));
	/* on a slow machine the first ones are late already, which narrows it */
	for (; i < FO_WINDOW; i++) {
		local_bh_disable();
		a->session.tx.pace.window = FO_WINDOW;
		pushed = pair_push(a, i);
		local_bh_enable();
		KUNIT_ASSERT_TRUE(test, pushed);
	}
	KUNIT_EXPECT_FALSE(test, pair_push(a, FO_WINDOW));
	KUNIT_EXPECT_FALSE(test, fo_session_idle(&a->session));
	KUNIT_EXPECT_EQ(test, a->acked, 0);
	pair_carry(p);
	KUNIT_EXPECT_GT(test, a->acked, 0);
	KUNIT_EXPECT_TRUE(test, pair_push(a, FO_WINDOW));
	pair_carry(p);
	expect_got(test, b, FO_WINDOW + 1);
}

static void hellos(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	static const u8 body[4] = { };
	struct sk_buff *again;

	pair_associate(p);
	local_bh_disable();
	fo_session_send_hello(&a->session, body, sizeof(body));
	local_bh_enable();
	again = skb_copy(skb_peek(&a->wire), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, again);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, b->hellos, 1);
	pair_receive(b, again);
	KUNIT_EXPECT_EQ(test, b->hellos, 1);
	KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_RX_REPLAY), 1);
}

static void same_unit(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	u8 unit = b->session.unit;

	b->session.unit = a->session.unit;
	local_bh_disable();
	fo_session_solicit(&a->session);
	local_bh_enable();
	pair_carry(p);
	KUNIT_EXPECT_NOT_NULL(test, b->mismatch);
	KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_RX_MISMATCH), 1);
	KUNIT_EXPECT_FALSE(test, a->session.up || b->session.up);
	b->session.unit = unit;
	pair_associate(p);
	KUNIT_EXPECT_NULL(test, b->mismatch);
	KUNIT_EXPECT_TRUE(test, a->session.up && b->session.up);
}

static void tick(struct pair_end *e)
{
	static const u8 body[4] = { };

	local_bh_disable();
	fo_session_send_hello(&e->session, body, sizeof(body));
	local_bh_enable();
}

/* New keys of an association: its frames go on, also those under the old keys. */
static void rekey(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct fo_psks psks = p->psks;
	struct sk_buff_head old;
	struct sk_buff *skb;
	unsigned int i;
	u32 was;

	pair_associate(p);
	was = b->session.cur.from;
	skb_queue_head_init(&old);
	for (i = 0; i < FO_PACE_START; i++)
		KUNIT_ASSERT_TRUE(test, pair_push(a, i));
	skb_queue_splice_init(&a->wire, &old);
	psks.key[0][0]++;
	fo_session_set_psks(&a->session, &psks);
	fo_session_set_psks(&b->session, &psks);
	tick(b);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, count_of(a, FO_CNT_REKEYS), 1);
	KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_REKEYS), 1);
	KUNIT_EXPECT_NE(test, b->session.cur.from, was);
	while ((skb = skb_dequeue(&old)))
		pair_receive(b, skb);
	for (; i < 10; i++)
		push_on(test, a, i);
	pair_carry(p);
	expect_got(test, b, 10);
	KUNIT_EXPECT_EQ(test, a->associated, 1);
	KUNIT_EXPECT_EQ(test, b->associated, 1);
	KUNIT_EXPECT_TRUE(test, fo_session_idle(&a->session));
}

/* So many frames, of either unit, wear keys out before their time. */
static void rekey_by_count(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct pair_end *busy[] = { b, a };
	unsigned int i;

	pair_associate(p);
	for (i = 0; i < 2; i++) {
		tick(a);
		tick(b);
		pair_carry(p);
		KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_REKEYS), i);
		atomic64_add((i + 1ULL) << 30,
			     &busy[i]->session.counter[FO_FRAME_HELLO]);
		tick(a);
		pair_carry(p);
		tick(b);
		pair_carry(p);
		KUNIT_EXPECT_EQ(test, count_of(a, FO_CNT_REKEYS), i + 1);
		KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_REKEYS), i + 1);
	}
	KUNIT_EXPECT_EQ(test, a->associated, 1);
	KUNIT_EXPECT_EQ(test, b->associated, 1);
}

/* Each unit gets the new key when it gets it; nothing is lost on the way. */
static void key_change(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct fo_psks both = p->psks, last = p->psks;
	struct fo_psks *step[] = { &both, &last };
	unsigned int i, n = 0;

	both.n = 2;
	memset(both.key[1], 'n', FO_KEY_LEN);
	memset(last.key[0], 'n', FO_KEY_LEN);
	pair_associate(p);
	for (i = 0; i < 4; i++) {
		fo_session_set_psks(&p->end[i % 2].session, step[i / 2]);
		KUNIT_ASSERT_TRUE(test, pair_push(a, n++));
		tick(a);
		tick(b);
		pair_carry(p);
	}
	expect_got(test, b, n);
	KUNIT_EXPECT_EQ(test, b->hellos, 4);
	KUNIT_EXPECT_EQ(test, a->hellos, 4);
	KUNIT_EXPECT_EQ(test, a->associated, 1);
	KUNIT_EXPECT_GT(test, count_of(a, FO_CNT_REKEYS), 0);
}

static void other_key(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct fo_psks psks = p->psks;

	psks.key[0][0]++;
	fo_session_set_psks(&b->session, &psks);
	pair_associate(p);
	KUNIT_EXPECT_FALSE(test, a->session.up || b->session.up);
	KUNIT_EXPECT_GT(test, count_of(a, FO_CNT_RX_BAD_KEY), 0);
	KUNIT_EXPECT_STREQ(test, a->mismatch, "the other unit has another key");
	/* the primary says so in the next SOLICIT */
	pair_associate(p);
	KUNIT_EXPECT_STREQ(test, b->mismatch, "the other unit has another key");
}

/* All frames of an association, once more, in the same and in the next one. */
static void replays(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	struct sk_buff_head kept;
	struct sk_buff *skb, *next;
	unsigned int round;

	skb_queue_head_init(&kept);
	local_bh_disable();
	fo_session_solicit(&b->session);
	local_bh_enable();
	skb_queue_tail(&kept, skb_copy(skb_peek(&b->wire), GFP_KERNEL));
	pair_carry(p);
	fo_session_ready(&b->session);
	KUNIT_ASSERT_TRUE(test, pair_push(b, 0));
	tick(b);
	skb_queue_walk(&b->wire, skb)
		skb_queue_tail(&kept, skb_copy(skb, GFP_KERNEL));
	pair_carry(p);
	expect_got(test, a, 1);
	for (round = 0; round < 2; round++) {
		skb_queue_walk_safe(&kept, skb, next)
			pair_receive(a, skb_copy(skb, GFP_KERNEL));
		pair_cut(p);
		KUNIT_EXPECT_EQ(test, a->n, 1);
		KUNIT_EXPECT_EQ(test, a->hellos, 1);
		KUNIT_EXPECT_EQ(test, a->associated, round + 1);
		KUNIT_EXPECT_TRUE(test, a->session.up);
		local_bh_disable();
		fo_session_drop(&a->session);
		fo_session_drop(&b->session);
		local_bh_enable();
		pair_associate(p);
	}
	skb_queue_purge(&kept);
}

/* A unit's own frames, sent back to it. */
static void reflected(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *e;
	struct sk_buff *skb;
	u64 strange;

	local_bh_disable();
	fo_session_solicit(&p->end[0].session);
	fo_session_solicit(&p->end[1].session);
	local_bh_enable();
	for (e = p->end; e < p->end + 2; e++) {
		skb = skb_copy(skb_peek(&e->wire), GFP_KERNEL);
		pair_receive(e, skb);
		KUNIT_EXPECT_EQ(test, count_of(e, FO_CNT_RX_OWN), 1);
	}
	pair_carry(p);
	pair_associate(p);
	for (e = p->end; e < p->end + 2; e++) {
		strange = count_of(e, FO_CNT_RX_STRANGER);
		tick(e);
		pair_receive(e, skb_copy(skb_peek(&e->wire), GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, count_of(e, FO_CNT_RX_STRANGER),
				strange + 1);
		KUNIT_EXPECT_EQ(test, e->hellos, 0);
	}
}

static int ask(struct pair_end *e, u32 port, u64 id, u32 len)
{
	const struct fo_echoed x = { .len = len, .id = id };

	return fo_echo_send(&e->echoes, port, &x, NULL);
}

/* One comes back once, in its length, to the socket that sent it. */
static void echoes(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0];
	struct sk_buff *copy;

	KUNIT_EXPECT_EQ(test, ask(a, 7, 1, 100), -ENOTCONN);
	pair_associate(p);
	KUNIT_EXPECT_EQ(test, ask(a, 7, 1, FO_FRAME_OVERHEAD), -EINVAL);
	KUNIT_EXPECT_EQ(test, ask(a, 7, 1, FO_FRAME_MAX + 1), -EMSGSIZE);
	KUNIT_ASSERT_EQ(test, ask(a, 7, 5, 1000), 0);
	copy = skb_copy(skb_peek(&a->wire), GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, copy->len, 1000);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, a->echoed, 1);
	KUNIT_EXPECT_EQ(test, a->last.id, 5);
	KUNIT_EXPECT_EQ(test, a->last.len, 1000);
	/* again: it is not answered twice */
	pair_receive(&p->end[1], copy);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, a->echoed, 1);
	KUNIT_EXPECT_EQ(test, count_of(&p->end[1], FO_CNT_ECHOES_ANSWERED), 1);
	/* who is gone is not told */
	KUNIT_ASSERT_EQ(test, ask(a, 7, 6, 100), 0);
	fo_echo_port_gone(&a->echoes, 7);
	pair_carry(p);
	KUNIT_EXPECT_EQ(test, a->echoed, 1);
	KUNIT_EXPECT_EQ(test, count_of(&p->end[1], FO_CNT_ECHOES_ANSWERED), 2);
}

/* A peer that asks too often is answered seldom. */
static void echo_flood(struct kunit *test)
{
	struct pair *p = test->priv;
	struct pair_end *a = &p->end[0], *b = &p->end[1];
	unsigned int i;

	pair_associate(p);
	for (i = 1; i <= 200; i++)
		KUNIT_ASSERT_EQ(test, ask(a, 7, i, 64), 0);
	pair_carry(p);
	KUNIT_EXPECT_GE(test, count_of(b, FO_CNT_ECHOES_ANSWERED), 20);
	KUNIT_EXPECT_GT(test, count_of(b, FO_CNT_ECHOES_LIMITED), 0);
	KUNIT_EXPECT_EQ(test, count_of(b, FO_CNT_ECHOES_ANSWERED) +
			      count_of(b, FO_CNT_ECHOES_LIMITED), 200);
	/* those whose place was taken are forgotten: 64 may be on their way */
	KUNIT_EXPECT_LE(test, a->echoed, 64);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(association),
	KUNIT_CASE(secondary_first),
	KUNIT_CASE(not_before_ready),
	KUNIT_CASE(in_order),
	KUNIT_CASE_SLOW(exactly_once),
	KUNIT_CASE(old_frames),
	KUNIT_CASE(old_frame_begun),
	KUNIT_CASE(full_window),
	KUNIT_CASE(hellos),
	KUNIT_CASE(same_unit),
	KUNIT_CASE(rekey),
	KUNIT_CASE(rekey_by_count),
	KUNIT_CASE(key_change),
	KUNIT_CASE(other_key),
	KUNIT_CASE(replays),
	KUNIT_CASE(reflected),
	KUNIT_CASE(echoes),
	KUNIT_CASE(echo_flood),
	{ }
};

static struct kunit_suite session_suite = {
	.name = "session",
	.init = pair_init,
	.exit = pair_exit,
	.test_cases = cases,
};

kunit_test_suite(session_suite);

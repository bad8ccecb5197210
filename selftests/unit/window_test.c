// SPDX-License-Identifier: GPL-2.0
/* Sequence numbers, acks, timeouts and retransmission: window.c. */

#include "test.h"
#include "window.h"
#include "window_sim.h"

#define USEC	1000ULL
#define MSEC	(1000 * USEC)
#define SEC	(1000 * MSEC)
#define SEEDS	10000

static struct fo_txwin tx;
static struct fo_rxwin rx;

/* what the last ack dropped, in order */
static u64 dropped[FO_WINDOW];
static unsigned int drops;

static void drop(void *ctx, u64 seq)
{
	assert_ptr_equal(ctx, &tx);
	dropped[drops++] = seq;
}

static int ack(u64 cum, u64 sack, u64 now)
{
	drops = 0;
	return fo_txwin_ack(&tx, cum, sack, now, drop, &tx);
}

/* a window with n frames, all sent at the same time */
static void sent(unsigned int n, u64 now)
{
	fo_txwin_init(&tx);
	while (n--)
		fo_txwin_push(&tx, now);
}

/* a window whose frames so far took exactly rtt, again and again */
static u64 settled(u64 rtt)
{
	u64 now = SEC, seq;
	int i;

	fo_txwin_init(&tx);
	for (i = 0; i < 200; i++) {
		seq = fo_txwin_push(&tx, now);
		now += rtt;
		assert_int_equal(ack(seq, 0, now), 1);
	}
	return now;
}

/* --- acks --------------------------------------------------------------- */

static void numbers_begin_at_one(void **state)
{
	u64 wake;

	(void)state;
	fo_txwin_init(&tx);
	assert_int_equal(fo_txwin_inflight(&tx), 0);
	assert_false(fo_txwin_full(&tx));
	assert_int_equal(fo_txwin_lost(&tx, SEC, &wake), 0);
	assert_int_equal(wake, 0);
	assert_int_equal(fo_txwin_push(&tx, 0), 1);
	assert_int_equal(fo_txwin_push(&tx, 0), 2);
	assert_int_equal(fo_txwin_inflight(&tx), 2);
}

static void full_at_its_size(void **state)
{
	unsigned int i;

	(void)state;
	fo_txwin_init(&tx);
	for (i = 0; i < FO_WINDOW; i++) {
		assert_int_equal(fo_txwin_full(&tx), i >= FO_PACE_START);
		fo_txwin_push(&tx, 0);
	}
	tx.pace.window = FO_WINDOW;
	assert_true(fo_txwin_full(&tx));
	assert_int_equal(ack(1, 0, 1), 1);
	assert_false(fo_txwin_full(&tx));
}

/* On ten frames in flight, 1 to 10, of which 1 and 2 are acknowledged. */
static const struct {
	const char *what;
	u64 cum, sack;
	int want;
	u64 una;
	u64 first, last;	/* dropped */
} acks[] = {
	{ "stale", 0, 0, 0, 3, 0, 0 },
	{ "stale, equal", 2, 0, 0, 3, 0, 0 },
	{ "stale with old news in its bits", 0, 1, 0, 3, 0, 0 },
	{ "stale with fresh bits", 0, 1 << 4, 1, 3, 6, 6 },
	{ "next", 3, 0, 1, 4, 3, 3 },
	{ "all", 10, 0, 8, 11, 3, 10 },
	{ "gap at 3", 2, 0x1, 1, 3, 4, 4 },
	{ "gap at 3, all others", 2, 0x7f, 7, 3, 4, 10 },
	{ "gap at 3, the last one", 2, 0x40, 1, 3, 10, 10 },
	{ "gap at 5", 4, 0x3, 4, 5, 3, 7 },
	{ "not sent", 11, 0, -EPROTO, 3, 0, 0 },
	{ "far from sent", ~0ULL, 0, -EPROTO, 3, 0, 0 },
	{ "far from sent, with bits", ~0ULL - 1, ~0ULL, -EPROTO, 3, 0, 0 },
	{ "bit of a frame not sent", 2, 0x80, -EPROTO, 3, 0, 0 },
	{ "good bits and one not sent", 2, 0xff, -EPROTO, 3, 0, 0 },
	{ "good cum and a bit not sent", 5, 1 << 4, -EPROTO, 3, 0, 0 },
	{ "highest bit", 2, 1ULL << 63, -EPROTO, 3, 0, 0 },
	{ "all, and a bit", 10, 1, -EPROTO, 3, 0, 0 },
};

static void ack_table(void **state)
{
	struct fo_txwin before;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(acks); i++) {
		sent(10, 0);
		assert_int_equal(ack(2, 0, 1), 2);
		before = tx;
		if (ack(acks[i].cum, acks[i].sack, 2) != acks[i].want)
			fail_msg("%s", acks[i].what);
		assert_int_equal(tx.una, acks[i].una);
		if (acks[i].want > 0) {
			assert_int_equal(drops, acks[i].want);
			assert_int_equal(dropped[0], acks[i].first);
			assert_int_equal(dropped[drops - 1], acks[i].last);
		} else {
			assert_int_equal(drops, 0);
			assert_memory_equal(&before, &tx, sizeof(tx));
		}
		/* the same again tells nothing new */
		if (acks[i].want >= 0)
			assert_int_equal(ack(acks[i].cum, acks[i].sack, 3), 0);
	}
}

/* What was reported by bits is not reported again when the gap closes. */
static void sack_then_cum(void **state)
{
	(void)state;
	sent(8, 0);
	assert_int_equal(ack(0, 0x5, 1), 2);
	assert_int_equal(dropped[0], 2);
	assert_int_equal(dropped[1], 4);
	assert_int_equal(tx.una, 1);
	assert_int_equal(ack(1, 0x2, 2), 1);
	assert_int_equal(dropped[0], 1);
	assert_int_equal(tx.una, 3);
	assert_int_equal(ack(8, 0, 3), 5);
	assert_int_equal(dropped[0], 3);
	assert_int_equal(dropped[1], 5);
	assert_int_equal(fo_txwin_inflight(&tx), 0);
}

static void ack_without_drop(void **state)
{
	(void)state;
	sent(4, 0);
	assert_int_equal(fo_txwin_ack(&tx, 2, 1, 1, NULL, NULL), 3);
	assert_int_equal(tx.una, 3);
}

/* --- timeouts ----------------------------------------------------------- */

static void rto_before_a_sample(void **state)
{
	u64 wake;

	(void)state;
	sent(1, SEC);
	assert_int_equal(fo_txwin_rto(&tx), FO_RTO_INIT);
	assert_int_equal(fo_txwin_lost(&tx, SEC, &wake), 0);
	assert_int_equal(wake, SEC + FO_RTO_INIT);
	assert_int_equal(fo_txwin_lost(&tx, wake - 1, &wake), 0);
	assert_int_equal(fo_txwin_lost(&tx, wake, &wake), 1);
}

/* RFC 6298, 2.2 and 2.3, in numbers. */
static void rto_from_samples(void **state)
{
	(void)state;
	sent(3, SEC);
	ack(1, 0, SEC + 8 * MSEC);
	assert_int_equal(tx.srtt, 8 * MSEC);
	assert_int_equal(tx.rttvar, 4 * MSEC);
	assert_int_equal(fo_txwin_rto(&tx), 24 * MSEC);
	ack(2, 0, SEC + 16 * MSEC);
	assert_int_equal(tx.rttvar, 5 * MSEC);
	assert_int_equal(tx.srtt, 9 * MSEC);
	assert_int_equal(fo_txwin_rto(&tx), 29 * MSEC);
	ack(3, 0, SEC + 1 * MSEC);
	assert_int_equal(tx.rttvar, (3 * 5 + 8) * MSEC / 4);
	assert_int_equal(tx.srtt, 8 * MSEC);
	assert_int_equal(fo_txwin_rto(&tx), 31 * MSEC);
}

/* Karn: a frame that was sent twice says nothing about the round trip. */
static void no_sample_from_resent(void **state)
{
	(void)state;
	sent(3, SEC);
	ack(1, 0, SEC + 8 * MSEC);
	fo_txwin_resent(&tx, 2, SEC + 20 * MSEC);
	ack(2, 0, SEC + 21 * MSEC);
	assert_int_equal(tx.srtt, 8 * MSEC);
	ack(3, 0, SEC + 16 * MSEC);
	assert_int_equal(tx.srtt, 9 * MSEC);
}

/* What a timer sends again until due; all of it is in flight that long. */
static unsigned int resent_until(u64 due, u64 *now)
{
	unsigned int n = 0;
	u64 seq, wake;

	for (;;) {
		while ((seq = fo_txwin_lost(&tx, *now, &wake))) {
			fo_txwin_resent(&tx, seq, *now);
			n++;
		}
		if (!wake || wake >= due)
			break;
		*now = wake;
	}
	*now = due;
	return n;
}

/* n frames, one after the other; how many of them are sent again. */
static unsigned int one_by_one(unsigned int n, u64 rtt, u64 *now)
{
	unsigned int resent = 0;
	u64 seq;

	while (n--) {
		seq = fo_txwin_push(&tx, *now);
		resent += resent_until(*now + rtt, now);
		assert_int_equal(ack(seq, 0, *now), 1);
	}
	return resent;
}

/*
 * On a way that is longer than the first timeout, or becomes longer than the
 * one in force, frames are sent twice only until that is known; up to a round
 * trip of a second.
 */
static void long_way(void **state)
{
	static const struct {
		u64 rtt;
		unsigned int most;
	} t[] = {
		{ MSEC / 10, 0 }, { 50 * MSEC, 6 }, { 30 * MSEC, 0 },
		{ 400 * MSEC, 6 }, { 650 * MSEC, 3 }, { SEC, 3 },
		{ MSEC / 10, 0 }, { SEC, 12 }, { 400 * MSEC, 0 },
	};
	unsigned int resent;
	u64 now = SEC;
	size_t i;

	(void)state;
	fo_txwin_init(&tx);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		resent = one_by_one(200, t[i].rtt, &now);
		printf("# round trip %lu us: %u of 200 frames sent again\n",
		       (unsigned long)(t[i].rtt / USEC), resent);
		assert_in_range(resent, 0, t[i].most);
	}
}

/* A new association begins with a full window: one frame finds out for all. */
static void long_way_at_first(void **state)
{
	u64 now = SEC;

	(void)state;
	sent(FO_WINDOW, now);
	assert_in_range(resent_until(now + 400 * MSEC, &now), 1, 5);
	assert_int_equal(ack(FO_WINDOW, 0, now), FO_WINDOW);
	assert_int_equal(one_by_one(200, 400 * MSEC, &now), 0);
}

/* It becomes longer while the window is full: one finds out for all, once. */
static void longer_way_with_a_full_window(void **state)
{
	const u64 rtt = 400 * MSEC;
	unsigned int round, resent, first = 0, later = 0, i;
	u64 now = settled(250 * MSEC), base;

	(void)state;
	tx.pace.window = FO_WINDOW;
	for (round = 0; round < 10; round++) {
		base = tx.next;
		for (i = 0; i < FO_WINDOW; i++)
			fo_txwin_push(&tx, now);
		resent = resent_until(now + rtt, &now);
		if (round)
			later += resent;
		else
			first = resent;
		assert_int_equal(ack(base + FO_WINDOW - 1, 0, now), FO_WINDOW);
	}
	assert_in_range(first, 1, 3);
	assert_int_equal(later, 0);
}

/* After an outage nobody waits for long, where the way is short. */
static void short_way_after_an_outage(void **state)
{
	u64 now = settled(100 * USEC), wake;
	u64 seq = fo_txwin_push(&tx, now);

	(void)state;
	resent_until(now + 5 * SEC, &now);
	assert_int_equal(fo_txwin_lost(&tx, now, &wake), 0);
	assert_true(wake <= now + FO_BACKOFF_MAX);
	assert_int_equal(ack(seq, 0, now), 1);
	/* how long that took says little; the next one tells */
	assert_int_equal(fo_txwin_rto(&tx), FO_RTO_MAX);
	assert_int_equal(one_by_one(1, 100 * USEC, &now), 0);
	assert_int_equal(fo_txwin_rto(&tx), FO_RTO_MIN);
}

/* Nobody answers: the waits double up to the greatest timeout. */
static void back_off(void **state)
{
	static const u64 waits[] = { 20, 40, 80, 160, 200, 200, 200 };
	u64 now = SEC, wake;
	size_t i;

	(void)state;
	sent(1, now);
	for (i = 0; i < ARRAY_SIZE(waits); i++) {
		assert_int_equal(fo_txwin_lost(&tx, now, &wake), 0);
		assert_int_equal(wake - now, waits[i] * MSEC);
		now = wake;
		assert_int_equal(fo_txwin_lost(&tx, now, &wake), 1);
		fo_txwin_resent(&tx, 1, now);
	}
	for (i = 0; i < 1000; i++) {
		now += FO_BACKOFF_MAX;
		assert_int_equal(fo_txwin_lost(&tx, now, &wake), 1);
		fo_txwin_resent(&tx, 1, now);
		assert_int_equal(fo_txwin_lost(&tx, now, &wake), 0);
		assert_int_equal(wake, now + FO_BACKOFF_MAX);
	}
}

/* --- gaps --------------------------------------------------------------- */

/* Frame 1 is missing; how many behind it have arrived decides. */
static void fast_retransmit_after_three(void **state)
{
	const u64 rtt = 100 * USEC;
	u64 now, base, wake, rto;
	int n;

	(void)state;
	for (n = 1; n <= 5; n++) {
		now = settled(rtt);
		base = tx.next;
		rto = fo_txwin_rto(&tx);
		while (tx.next < base + 6)
			fo_txwin_push(&tx, now);
		assert_int_equal(ack(base - 1, (1ULL << n) - 1, now + rtt), n);
		if (n < FO_REORDER) {
			assert_int_equal(fo_txwin_lost(&tx, now + rtt, &wake), 0);
			assert_true(wake >= now + rto);
			continue;
		}
		assert_int_equal(fo_txwin_lost(&tx, now + rtt, &wake), base);
		fo_txwin_resent(&tx, base, now + rtt);
		/* and not again before it can have arrived */
		assert_true(fo_txwin_lost(&tx, now + rtt, &wake) != base);
		assert_true(fo_txwin_lost(&tx, now + 2 * rtt, &wake) != base);
	}
}

/* Calls as a timer would, and counts what it sends within a second. */
static unsigned int sent_in_a_second(u64 now)
{
	const u64 end = now + SEC;
	unsigned int n = 0, at_once;
	u64 seq, wake;

	while (now < end) {
		at_once = 0;
		while ((seq = fo_txwin_lost(&tx, now, &wake))) {
			if (++at_once > FO_WINDOW)
				fail_msg("frame %u is lost for ever", (unsigned int)seq);
			fo_txwin_resent(&tx, seq, now);
			n++;
		}
		assert_true(wake > now);
		now = wake;
	}
	return n;
}

/*
 * Every frame was sent again before the first ack, so there is no round-trip
 * time yet, and the ack uncovers a gap.
 */
static void gap_before_a_sample(void **state)
{
	u64 seq;

	(void)state;
	sent(8, SEC);
	for (seq = 1; seq <= 8; seq++)
		fo_txwin_resent(&tx, seq, SEC + 20 * MSEC);
	assert_int_equal(ack(0, 0x7f, SEC + 30 * MSEC), 7);
	assert_int_equal(tx.srtt, 30 * MSEC);
	assert_in_range(sent_in_a_second(SEC + 30 * MSEC), 4, 10);
}

/* A peer that acknowledged behind gaps and fell silent gets no storm. */
static void silence_after_gaps(void **state)
{
	unsigned int n;
	u64 now, base;

	(void)state;
	now = settled(50 * USEC);
	base = tx.next;
	tx.pace.window = FO_WINDOW;
	while (!fo_txwin_full(&tx))
		fo_txwin_push(&tx, now);
	ack(base - 1, 1ULL << 63, now + 50 * USEC);
	n = sent_in_a_second(now + 50 * USEC);
	printf("# silent peer, 255 frames in flight, 64 of them uncovered: %u sent in 1 s\n", n);
	assert_in_range(n, 255, 255 * 20);
}

/* --- the receiver ------------------------------------------------------- */

static void receiver_table(void **state)
{
	static const struct {
		u64 seq;
		enum fo_rx want;
		unsigned int delivered;
		u64 cum, sack;
	} t[] = {
		{ 1, FO_RX_NEXT, 1, 1, 0 },
		{ 1, FO_RX_DUP, 1, 1, 0 },
		{ 0, FO_RX_DUP, 1, 1, 0 },
		{ 3, FO_RX_AHEAD, 1, 1, 0x1 },
		{ 3, FO_RX_DUP, 1, 1, 0x1 },
		{ 5, FO_RX_AHEAD, 1, 1, 0x5 },
		{ 2, FO_RX_NEXT, 3, 3, 0x1 },
		{ 4, FO_RX_NEXT, 5, 5, 0 },
		{ 70, FO_RX_AHEAD, 5, 5, 1ULL << 63 },
		{ 71, FO_RX_AHEAD, 5, 5, 1ULL << 63 },
		{ 6, FO_RX_NEXT, 6, 6, 3ULL << 62 },
		{ 7 + FO_WINDOW, FO_RX_BEYOND, 6, 6, 3ULL << 62 },
		{ ~0ULL, FO_RX_BEYOND, 6, 6, 3ULL << 62 },
		{ 6 + FO_WINDOW, FO_RX_AHEAD, 6, 6, 3ULL << 62 },
	};
	unsigned int delivered = 0;
	u64 cum, sack;
	size_t i;

	(void)state;
	fo_rxwin_init(&rx);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		assert_int_equal(fo_rxwin_accept(&rx, t[i].seq), t[i].want);
		if (t[i].want == FO_RX_NEXT)
			do
				delivered++;
			while (fo_rxwin_advance(&rx));
		assert_int_equal(delivered, t[i].delivered);
		fo_rxwin_ack(&rx, &cum, &sack);
		assert_int_equal(cum, t[i].cum);
		assert_true(sack == t[i].sack);
	}
	assert_int_equal(rx.ahead, 3);
}

/* The whole window in reverse: all stored, then all delivered at once. */
static void receiver_reversed(void **state)
{
	unsigned int n = 0, round;
	u64 seq, base;

	(void)state;
	fo_rxwin_init(&rx);
	for (round = 0; round < 5; round++) {
		base = rx.next;
		for (seq = base + FO_WINDOW - 1; seq > base; seq--)
			assert_int_equal(fo_rxwin_accept(&rx, seq), FO_RX_AHEAD);
		assert_int_equal(rx.ahead, FO_WINDOW - 1);
		assert_int_equal(fo_rxwin_accept(&rx, base), FO_RX_NEXT);
		do
			n++;
		while (fo_rxwin_advance(&rx));
		assert_int_equal(rx.ahead, 0);
		assert_int_equal(n, FO_WINDOW * (round + 1));
	}
}

/* --- both ends ---------------------------------------------------------- */

static void two_ends(void **state)
{
	unsigned long frames = 0, transmissions = 0, refused = 0;
	struct sim_result res;
	unsigned int fullest = 0;
	u64 seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		sim_run(seed, &res);
		if (res.why)
			fail_msg("seed %lu: %s (%u frames, %u sent, %u steps)",
				 (unsigned long)seed, res.why, res.frames, res.sent,
				 res.steps);
		frames += res.frames;
		transmissions += res.sent;
		refused += res.refused;
		fullest = max_t(unsigned int, fullest, res.fullest);
	}
	printf("# %u runs: %lu frames delivered once and in order, %lu sent, %lu forged acks refused\n",
	       SEEDS, frames, transmissions, refused);
	assert_int_equal(fullest, FO_WINDOW);
	assert_true(refused > SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_begin_at_one),
		cmocka_unit_test(full_at_its_size),
		cmocka_unit_test(ack_table),
		cmocka_unit_test(sack_then_cum),
		cmocka_unit_test(ack_without_drop),
		cmocka_unit_test(rto_before_a_sample),
		cmocka_unit_test(rto_from_samples),
		cmocka_unit_test(no_sample_from_resent),
		cmocka_unit_test(long_way),
		cmocka_unit_test(long_way_at_first),
		cmocka_unit_test(longer_way_with_a_full_window),
		cmocka_unit_test(short_way_after_an_outage),
		cmocka_unit_test(back_off),
		cmocka_unit_test(fast_retransmit_after_three),
		cmocka_unit_test(gap_before_a_sample),
		cmocka_unit_test(silence_after_gaps),
		cmocka_unit_test(receiver_table),
		cmocka_unit_test(receiver_reversed),
		cmocka_unit_test(two_ends),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}

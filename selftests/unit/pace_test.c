// SPDX-License-Identifier: GPL-2.0
/*
 * How many frames may be on their way: pace.c, under window.c, over links of all
 * kinds: as slow, as long, as lossy and as uneven as a row says, with a queue of
 * so many packets in front, which hellos share. In virtual time.
 */

#include <stdlib.h>

#include "rng.h"
#include "test.h"
#include "window.h"

#define USEC	1000ULL
#define MSEC	(1000 * USEC)
#define SEC	(1000 * MSEC)

#define FRAME	1500	/* bytes */
#define HELLO	300
#define ACK	64
#define POLL	(200 * MSEC)
#define PACKETS	4096

enum kind { FRAME_COMES, ACK_COMES, HELLO_COMES };

struct packet {
	enum kind kind;
	u64 due;
	u64 sent;	/* when */
	u64 seq;
	u64 cum, sack;
};

/**
 * struct link - a link, and who is at its end
 * @kbit: kbit/s that it carries
 * @queue: packets that wait in front of it, at the most
 * @way: nanoseconds in each direction
 * @loss: per cent of the frames, and of the acks, that get lost behind the queue
 * @late: each frame comes up to so much later
 * @stall: so long the peer takes nothing, 20 times a second
 */
struct link {
	u64 kbit;
	unsigned int queue;
	u64 way;
	unsigned int loss;
	u64 late;
	u64 stall;
};

struct result {
	u64 time;
	u64 arrived;		/* bytes of frames, each once */
	unsigned int hellos, hellos_lost;
	u64 slowest;		/* hello, more than the way takes */
	unsigned int resent, dropped;
};

static struct {
	struct link l;
	bool blind;		/* control: all 256 at once */
	bool heedless;		/* control: of the rate that was found */
	bool pause;		/* there is nothing to send, */
	unsigned int burst;	/* but so much */
	struct rng rng;
	u64 now, end;
	struct fo_txwin tx;
	struct fo_rxwin rx;
	u64 wake, hello_at, rate_at;
	u64 free_at;		/* the link is */
	u64 police;		/* kbit/s that a policer in front of it lets through */
	u64 police_at;		/* as far as it has */
	u64 last;		/* frames and acks stay in order */
	u64 last_ack;
	u64 queued[PACKETS];	/* when each packet leaves the queue; a ring */
	unsigned int head, tail;
	struct packet p[PACKETS];
	unsigned int packets;
	struct result r;
} s;

static void fly(struct packet p)
{
	if (s.packets == PACKETS)
		fail_msg("a storm");
	s.p[s.packets++] = p;
}

/* When the peer takes what arrives then. */
static u64 taken(u64 due)
{
	const u64 period = 50 * MSEC;

	due += s.l.late ? rng_below(&s.rng, s.l.late) : 0;
	return due % period < s.l.stall ? due / period * period + s.l.stall : due;
}

/* As a policer does: what is of the next 10 ms passes. */
static bool policed(unsigned int bytes)
{
	u64 takes;

	if (!s.police)
		return false;
	takes = bytes * 8 * SEC / (s.police * 1000);
	if (s.police_at < s.now)
		s.police_at = s.now;
	if (s.police_at + takes > s.now + 10 * MSEC)
		return true;
	s.police_at += takes;
	return false;
}

/* Into the queue in front of the link. */
static bool to_link(struct packet p, unsigned int bytes)
{
	while (s.tail != s.head && s.queued[s.tail % PACKETS] <= s.now)
		s.tail++;
	if (s.head - s.tail >= s.l.queue || policed(bytes)) {
		s.r.dropped++;
		return false;
	}
	if (s.free_at < s.now)
		s.free_at = s.now;
	/* what is being sent is out of the queue */
	s.queued[s.head++ % PACKETS] = s.free_at;
	s.free_at += bytes * 8 * SEC / (s.l.kbit * 1000);
	if (p.kind == FRAME_COMES && rng_below(&s.rng, 100) < s.l.loss)
		return true;
	p.sent = s.now;
	p.due = taken(s.free_at + s.l.way);
	if (p.due < s.last)
		p.due = s.last;
	s.last = p.due;
	fly(p);
	return true;
}

static void resend(void)
{
	unsigned int budget = 32;
	u64 seq;

	while ((seq = fo_txwin_lost(&s.tx, s.now, &s.wake))) {
		if (!budget--) {
			s.wake = s.now + FO_RTO_MIN;
			break;
		}
		s.r.resent++;
		fo_txwin_resent(&s.tx, seq, s.now);
		to_link((struct packet){ .kind = FRAME_COMES, .seq = seq }, FRAME);
	}
}

static void push(void)
{
	u64 seq;

	if (s.blind)
		s.tx.pace.window = FO_WINDOW;
	if (s.blind || s.heedless)
		fo_rate_init(&s.tx.rate);
	s.rate_at = 0;
	while ((!s.pause || s.burst) && !fo_txwin_full(&s.tx)) {
		if (fo_rate_waits(&s.tx.rate, s.now)) {
			fo_rate_full(&s.tx.rate, true);
			s.rate_at = s.tx.rate.next;
			break;
		}
		s.burst -= !!s.burst;
		seq = fo_txwin_push(&s.tx, s.now);
		to_link((struct packet){ .kind = FRAME_COMES, .seq = seq }, FRAME);
	}
	/* as a session does */
	if (!s.wake && fo_txwin_inflight(&s.tx))
		s.wake = s.now + fo_txwin_rto(&s.tx);
}

static void frame_comes(const struct packet *f)
{
	struct packet a = { .kind = ACK_COMES };
	enum fo_rx what = fo_rxwin_accept(&s.rx, f->seq);

	if (what == FO_RX_NEXT)
		while (fo_rxwin_advance(&s.rx))
			s.r.arrived += FRAME;
	if (what == FO_RX_NEXT)
		s.r.arrived += FRAME;
	fo_rxwin_ack(&s.rx, &a.cum, &a.sack);
	if (rng_below(&s.rng, 100) < s.l.loss)
		return;
	a.due = s.now + s.l.way;
	if (a.due < s.last_ack)
		a.due = s.last_ack;
	s.last_ack = a.due;
	fly(a);
}

static void hello_comes(const struct packet *h)
{
	if (s.now - h->sent > s.r.slowest + s.l.way)
		s.r.slowest = s.now - h->sent - s.l.way;
}

static void say_hello(void)
{
	s.r.hellos++;
	s.r.hellos_lost += !to_link((struct packet){ .kind = HELLO_COMES }, HELLO);
	s.hello_at += POLL;
}

static unsigned int earliest(void)
{
	unsigned int i, best = 0;

	for (i = 1; i < s.packets; i++)
		if (s.p[i].due < s.p[best].due)
			best = i;
	return best;
}

/* Whatever is due next, until END. */
static void run_until(u64 end)
{
	struct packet p;
	unsigned int i;
	u64 timer;

	while (s.now < end) {
		timer = s.wake && s.wake < s.hello_at ? s.wake : s.hello_at;
		if (s.rate_at && s.rate_at < timer)
			timer = s.rate_at;
		i = earliest();
		if (s.packets && s.p[i].due <= timer) {
			p = s.p[i];
			s.p[i] = s.p[--s.packets];
			s.now = p.due;
			if (p.kind == FRAME_COMES)
				frame_comes(&p);
			else if (p.kind == HELLO_COMES)
				hello_comes(&p);
			else if (fo_txwin_ack(&s.tx, p.cum, p.sack, s.now, NULL, NULL) > 0)
				resend();
		} else {
			if (timer > s.now)
				s.now = timer;
			if (timer == s.hello_at)
				say_hello();
			else if (timer == s.wake)
				resend();
		}
		push();
	}
}

static void begin(const struct link *l, bool blind)
{
	memset(&s, 0, sizeof(s));
	s.l = *l;
	s.blind = blind;
	s.rng.x = 1;
	s.now = SEC;
	s.hello_at = s.now + POLL;
	fo_txwin_init(&s.tx);
	fo_rxwin_init(&s.rx);
	push();
}

/* So much longer; only that counts. */
static void go_on(u64 time)
{
	memset(&s.r, 0, sizeof(s.r));
	s.r.time = time;
	run_until(s.now + time);
}

/* Per cent of what the link, or the greatest window on this way, carries. */
static unsigned int use(void)
{
	u64 bits = (s.police ?: s.l.kbit) * (s.r.time / MSEC);
	u64 window = FO_WINDOW * FRAME * 8 * s.r.time / (2 * s.l.way + 1);

	return s.r.arrived * 8 * 100 / min_t(u64, bits, window);
}

static void print(const char *what)
{
	printf("# %s: %u %% used, %u of %u hellos lost, the slowest %u us late, %u frames again, %u dropped, window %u\n",
	       what, use(), s.r.hellos_lost, s.r.hellos,
	       (unsigned int)(s.r.slowest / USEC), s.r.resent, s.r.dropped,
	       s.tx.pace.window);
}

/* --- links -------------------------------------------------------------- */

/*
 * All of it is used, and the hellos wait for the target or for two frames more
 * than they would anyhow. A tenth is what a window costs that is not yet open.
 */
static const struct {
	struct link l;
	unsigned int use;	/* per cent, at the least */
	u64 late;		/* no hello waits longer */
} links[] = {
	/*  kbit/s   queue  way		loss late	stall */
	{ { 512,     14,    MSEC,	0,   0,		0 },	    95, 110 * MSEC },
	{ { 512,     340,   MSEC,	0,   0,		0 },	    95, 110 * MSEC },
	{ { 512,     14,    100 * MSEC,	0,   0,		0 },	    80, 220 * MSEC },
	{ { 2000,    14,    MSEC,	0,   0,		0 },	    95, 30 * MSEC },
	{ { 10000,   14,    MSEC,	0,   0,		0 },	    95, 15 * MSEC },
	{ { 10000,   100,   50 * MSEC,	0,   0,		0 },	    85, 100 * MSEC },
	{ { 100000,  100,   100 * USEC,	0,   0,		0 },	    95, 12 * MSEC },
	{ { 1000000, 1000,  20 * USEC,	0,   0,		0 },	    95, 12 * MSEC },
	/* late, but not for a queue: as without a window, see unhindered() */
	{ { 1000000, 1000,  20 * USEC,	0,   MSEC,	0 },	    75, 12 * MSEC },
	{ { 1000000, 1000,  20 * USEC,	0,   0,		5 * MSEC }, 85, 12 * MSEC },
	{ { 50000,   1000,  20 * MSEC,	0,   10 * MSEC,	0 },	    60, 25 * MSEC },
	/* lost, but not in a queue */
	{ { 10000,   100,   MSEC,	5,   0,		0 },	    85, 20 * MSEC },
	{ { 10000,   100,   MSEC,	20,  0,		0 },	    50, 30 * MSEC },
	{ { 10000,   100,   MSEC,	35,  0,		0 },	    10, 60 * MSEC },
};

static const char *words(const struct link *l)
{
	static char buf[128];

	snprintf(buf, sizeof(buf),
		 "%u kbit/s, queue of %u, %u us long, %u %% lost, up to %u us late, stalls of %u us",
		 (unsigned int)l->kbit, l->queue, (unsigned int)(l->way / USEC),
		 l->loss, (unsigned int)(l->late / USEC),
		 (unsigned int)(l->stall / USEC));
	return buf;
}

/* Long enough for some hellos, not for a million of frames. */
static u64 while_of(const struct link *l)
{
	return min_t(u64, 20 * SEC, 20000ULL * FRAME * 8 * MSEC / l->kbit);
}

static void all_links(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		begin(&links[i].l, false);
		go_on(while_of(&links[i].l));
		print(words(&links[i].l));
		assert_in_range(use(), links[i].use, 100);
		assert_int_equal(s.r.hellos_lost, 0);
		assert_true(s.r.slowest <= links[i].late);
	}
}

/* Control: with all 256 frames at once it is not so. */
static void blind(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(&links[i].l, true);
		go_on(while_of(&links[i].l));
		print(words(&links[i].l));
		assert_true(s.r.hellos_lost > 3);
	}
}

/*
 * A queue that is full before frames wait for as long as they may, and policers,
 * which have none: there is loss first, then the rate is found.
 */
static const struct {
	struct link l;
	u64 police;		/* kbit/s, 0: there is no policer */
	unsigned int use;	/* per cent, at the least */
	unsigned int lost;	/* hellos of 100, at the most */
	unsigned int without;	/* control: by the window alone, at the least */
} sudden[] = {
	{ { 100000,  14,   100 * USEC, 0, 0, 0 }, 0,	  90, 0, 5 },
	{ { 100000,  4,    100 * USEC, 0, 0, 0 }, 0,	  90, 1, 3 },
	{ { 1000000, 14,   20 * USEC,  0, 0, 0 }, 0,	  90, 0, 10 },
	{ { 10000,   4,    5 * MSEC,   0, 0, 0 }, 0,	  80, 3, 15 },
	{ { 1000000, 1000, 50 * USEC,  0, 0, 0 }, 10000,  90, 0, 1 },
	{ { 1000000, 1000, 50 * USEC,  0, 0, 0 }, 100000, 75, 0, 0 },
	{ { 1000000, 1000, 10 * MSEC,  0, 0, 0 }, 20000,  85, 0, 0 },
	/* and by chance besides */
	{ { 100000,  14,   100 * USEC, 2, 0, 0 }, 0,	  50, 5, 8 },
};

static void short_queue(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sudden); i++) {
		begin(&sudden[i].l, false);
		s.police = sudden[i].police;
		go_on(5 * SEC);
		go_on(20 * SEC);
		if (s.police)
			printf("# the next one has a policer of %u kbit/s\n",
			       (unsigned int)s.police);
		print(words(&sudden[i].l));
		assert_in_range(use(), sudden[i].use, 100);
		assert_in_range(s.r.hellos_lost, 0, sudden[i].lost);
	}
	for (i = 0; i < ARRAY_SIZE(sudden); i++) {
		begin(&sudden[i].l, false);
		s.police = sudden[i].police;
		s.heedless = true;
		go_on(5 * SEC);
		go_on(20 * SEC);
		print("control, whatever is lost");
		assert_true(s.r.hellos_lost >= sudden[i].without);
	}
}

/* What is not a queue costs nothing that it does not cost without a window. */
static void unhindered(void **state)
{
	unsigned int without, with;
	size_t i;

	(void)state;
	for (i = 7; i < 11; i++) {
		begin(&links[i].l, true);
		go_on(while_of(&links[i].l) / 2);
		go_on(while_of(&links[i].l) / 2);
		without = use();
		begin(&links[i].l, false);
		go_on(while_of(&links[i].l) / 2);
		go_on(while_of(&links[i].l) / 2);
		with = use();
		printf("# %s: %u %% used, without a window %u %%\n",
		       words(&links[i].l), with, without);
		assert_true(with * 10 >= without * 9);
	}
}

/* --- what changes ------------------------------------------------------- */

static const struct link wide = { 1000000, 1000, 20 * USEC, 0, 0, 0 };
static const struct link narrow = { 512, 14, MSEC, 0, 0, 0 };

/* A full window meets a narrow link; in a few seconds it is over. */
static void narrower(void **state)
{
	(void)state;
	begin(&wide, false);
	go_on(SEC / 2);
	assert_int_equal(s.tx.pace.window, FO_WINDOW);
	s.l = narrow;
	go_on(10 * SEC);
	print("narrower");
	assert_in_range(s.r.hellos_lost, 0, 5);
	go_on(20 * SEC);
	print("after that");
	assert_int_equal(s.r.hellos_lost, 0);
	assert_in_range(use(), 95, 100);
	s.l = wide;
	go_on(SEC / 2);
	print("wide again");
	assert_int_equal(s.tx.pace.window, FO_WINDOW);
	assert_in_range(use(), 85, 100);
}

/* What was right before a pause need not be right after it. */
static void after_a_pause(void **state)
{
	(void)state;
	begin(&wide, false);
	go_on(SEC / 2);
	s.pause = true;
	go_on(2 * SEC);
	s.l = narrow;
	s.pause = false;
	go_on(20 * SEC);
	print("narrower after a pause");
	assert_int_equal(s.r.hellos_lost, 0);
	assert_int_equal(s.r.dropped, 0);
	assert_in_range(use(), 90, 100);
}

/* The way becomes longer by more than the target: it is no queue. */
static void longer(void **state)
{
	static const u64 ways[] = { 50 * MSEC, 20 * USEC, 6 * MSEC, 200 * MSEC, MSEC };
	char what[32];
	size_t i;

	(void)state;
	begin(&wide, false);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		s.l.way = ways[i];
		go_on(SEC / 2 + 60 * ways[i]);
		go_on(SEC / 2 + 50 * ways[i]);
		snprintf(what, sizeof(what), "%u us long", (unsigned int)(ways[i] / USEC));
		print(what);
		assert_in_range(use(), 80, 110);
	}
}

/*
 * Bursts of any length, each of which has the link to itself: none opens the
 * window so wide that a later one is more than the queue takes.
 */
static void bursts(void **state)
{
	static const struct link l = { 10000, 40, MSEC, 0, 0, 0 };
	unsigned int i, widest = 0;

	(void)state;
	begin(&l, false);
	s.pause = true;
	go_on(SEC);
	for (i = 0; i < 2000; i++) {
		s.burst = 1 + rng_below(&s.rng, 60);
		push();
		go_on(POLL / 2);
		assert_int_equal(s.r.dropped, 0);
		widest = max_t(unsigned int, widest, s.tx.pace.window);
	}
	printf("# bursts of 1 to 60 frames, a window of %u at most\n", widest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_links),
		cmocka_unit_test(blind),
		cmocka_unit_test(short_queue),
		cmocka_unit_test(unhindered),
		cmocka_unit_test(narrower),
		cmocka_unit_test(after_a_pause),
		cmocka_unit_test(longer),
		cmocka_unit_test(bursts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

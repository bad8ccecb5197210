// SPDX-License-Identifier: GPL-2.0
/* Hellos on interfaces: what is sent arrives, and nothing else is believed. */
#include "test.h"

#include <sodium.h>
#include <sys/socket.h>

#include "ifhello.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define PRIMARY	NF_FAILOVER_UNIT_PRIMARY
#define SECONDARY NF_FAILOVER_UNIT_SECONDARY

static const unsigned char secret[NF_FAILOVER_KEY_LEN] = { 1, 2, 3 };
static unsigned char key[IFHELLO_KEY];

static const struct ifhello hello = {
	.unit = PRIMARY, .role = NF_FAILOVER_ROLE_ACTIVE,
	.status = NF_FAILOVER_IFSTATUS_TESTING, .hears = true,
	.boot = 0x0102030405060708, .count = 7, .heard_boot = ~0ull,
	.heard_count = 1ull << 63, .nameif = "inside", .n_addrs = 2,
	.addr = {
		{ AF_INET, { 10, 0, 0, 1 }, { 10, 0, 0, 2 } },
		{ AF_INET6, { 0xfe, 0x80, [15] = 1 }, { 0xfe, 0x80, [15] = 2 } },
	},
};

static int set_up(void **state)
{
	(void)state;
	ifhello_key(key, secret, PRIMARY);
	return 0;
}

/* In a buffer of just that size. */
static bool get(struct ifhello *h, const unsigned char *from, size_t len)
{
	unsigned char *p = exact(from, len);
	bool ok = ifhello_get(h, p, len, key);

	exact_free(p, len);
	return ok;
}

static void arrives(void **state)
{
	unsigned char buf[IFHELLO_MAX + 40];
	struct ifhello got, full = hello;
	unsigned int i;
	size_t len;

	(void)state;
	len = ifhello_put(buf, &hello, key);
	assert_true(get(&got, buf, len));
	assert_memory_equal(&got, &hello, sizeof(got));
	/* a short frame is padded, a card may add what it wants */
	memset(buf + len, 0xee, 40);
	assert_true(get(&got, buf, len + 40));
	assert_memory_equal(&got, &hello, sizeof(got));
	/* as long as can be */
	memset(full.nameif, 'x', NF_FAILOVER_NAME_MAX - 1);
	full.n_addrs = IFHELLO_ADDRS;
	for (i = 0; i < IFHELLO_ADDRS; i++)
		full.addr[i] = hello.addr[1];
	assert_int_equal(ifhello_put(buf, &full, key), IFHELLO_MAX);
	assert_true(get(&got, buf, IFHELLO_MAX));
	assert_memory_equal(&got, &full, sizeof(got));
}

/* The bytes themselves: units of two versions have to agree on them. */
static void is_laid_out_so(void **state)
{
	static const unsigned char want[] = {
		0, 0x69, 1, 1, 1, 3, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8,
		0, 0, 0, 0, 0, 0, 0, 7,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x80, 0, 0, 0, 0, 0, 0, 0,
		6, 'i', 'n', 's', 'i', 'd', 'e',
		4, 10, 0, 0, 1, 10, 0, 0, 2, 6, 0xfe, 0x80,
	};
	unsigned char buf[IFHELLO_MAX], tag[16];
	size_t len = ifhello_put(buf, &hello, key);

	(void)state;
	assert_int_equal(len, 0x69);
	assert_memory_equal(buf, want, sizeof(want));
	crypto_generichash(tag, 16, buf, len - 16, key, sizeof(key));
	assert_memory_equal(buf + len - 16, tag, 16);
}

static void nothing_of_strangers(void **state)
{
	unsigned char buf[IFHELLO_MAX], other[IFHELLO_KEY];
	struct rng rng = { 9 };
	struct ifhello got;
	size_t len, n;
	unsigned int i;

	(void)state;
	len = ifhello_put(buf, &hello, key);
	for (n = 0; n < len; n++)
		assert_false(get(&got, buf, n));
	for (i = 0; i < 8 * len; i++) {
		buf[i / 8] ^= 1 << i % 8;
		assert_false(get(&got, buf, len));
		buf[i / 8] ^= 1 << i % 8;
	}
	assert_true(get(&got, buf, len));
	/* another key; our own that comes back; one of a link in clear text */
	memcpy(other, secret, sizeof(other));
	other[31] ^= 1;
	ifhello_key(other, other, PRIMARY);
	assert_false(ifhello_get(&got, buf, len, other));
	ifhello_key(other, secret, SECONDARY);
	assert_false(ifhello_get(&got, buf, len, other));
	ifhello_key(other, NULL, PRIMARY);
	assert_false(ifhello_get(&got, buf, len, other));
	for (i = 0; i < 200000; i++) {
		len = rng_below(&rng, sizeof(buf) + 1);
		rng_fill(&rng, buf, len);
		/* most of them are let in by the first looks */
		if (len >= 3 && i % 4) {
			buf[0] = len >> 8;
			buf[1] = len;
			buf[2] = 1;
		}
		assert_false(get(&got, buf, len));
	}
}

/* Whoever has the key may be wrong, or newer, and does no harm. */
static bool forged(const unsigned char *body, size_t len)
{
	unsigned char buf[2 * IFHELLO_MAX];
	struct ifhello got;

	memcpy(buf, body, len);
	buf[0] = (len + 16) >> 8;
	buf[1] = len + 16;
	crypto_generichash(buf + len, 16, buf, len, key, sizeof(key));
	return get(&got, buf, len + 16);
}

static void nothing_malformed(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		unsigned char value;
	} rows[] = {
		{ "version", 2, 0 }, { "version", 2, 2 },
		{ "addresses", 7, 9 }, { "addresses", 7, 255 },
		{ "more than there are", 7, 3 },
		{ "name", 40, 0 }, { "name", 40, 32 }, { "name", 40, 255 },
		{ "blank", 41, ' ' }, { "control", 41, '\n' },
		{ "NUL", 42, 0 }, { "not ASCII", 43, 0x80 },
		{ "delete", 43, 0x7f },
		{ "IP", 47, 5 }, { "longer IP", 56, 7 },
	};
	unsigned char buf[2 * IFHELLO_MAX];
	size_t len = ifhello_put(buf, &hello, key) - 16, n;
	struct ifhello bad = hello;
	struct rng rng = { 11 };
	unsigned char was;
	unsigned int i;

	(void)state;
	assert_true(forged(buf, len));
	for (i = 0; i < N(rows); i++) {
		was = buf[rows[i].at];
		buf[rows[i].at] = rows[i].value;
		if (forged(buf, len))
			fail_msg("%s: %u at %zu", rows[i].what, rows[i].value,
				 rows[i].at);
		buf[rows[i].at] = was;
	}
	for (n = 2; n < len; n++)
		assert_false(forged(buf, n));
	bad.boot = 0;
	n = ifhello_put(buf, &bad, key);
	assert_false(get(&bad, buf, n));
	bad = hello;
	bad.count = 0;
	n = ifhello_put(buf, &bad, key);
	assert_false(get(&bad, buf, n));
	/* what a later version appends is skipped */
	len = ifhello_put(buf, &hello, key) - 16;
	memset(buf + len, 0x55, 30);
	assert_true(forged(buf, len + 30));
	/* and anything at all behind the head only does not overrun */
	for (i = 0; i < 100000; i++) {
		len = 40 + rng_below(&rng, IFHELLO_MAX - 56);
		rng_fill(&rng, buf, len);
		buf[2] = 1;
		buf[7] %= 10;
		buf[40] %= 40;
		forged(buf, len);
	}
}

/* Lengths that are wrong by one, with everything behind them in its place. */
static void nothing_too_long(void **state)
{
	unsigned char buf[2 * IFHELLO_MAX];
	struct ifhello bare = hello;
	size_t len;

	(void)state;
	bare.n_addrs = 0;
	memset(bare.nameif, 'x', NF_FAILOVER_NAME_MAX - 1);
	len = ifhello_put(buf, &bare, key) - 16;
	assert_true(forged(buf, len));
	buf[40]++;
	buf[len] = 'x';
	assert_false(forged(buf, len + 1));
	/* a name into the tag, which is text by chance */
	bare = hello;
	bare.n_addrs = 0;
	for (bare.count = 1; bare.count < 1000; bare.count++) {
		len = ifhello_put(buf, &bare, key) - 16;
		buf[40]++;
		assert_false(forged(buf, len));
	}
	/* one address more than there is room for, and it is there */
	bare.n_addrs = IFHELLO_ADDRS;
	for (int i = 0; i < IFHELLO_ADDRS; i++)
		bare.addr[i] = hello.addr[0];
	len = ifhello_put(buf, &bare, key) - 16;
	memcpy(buf + len, buf + len - 9, 9);
	buf[7]++;
	assert_false(forged(buf, len + 9));
	buf[7]--;
	assert_true(forged(buf, len + 9));
}

/* One unit, as far as its hellos go. */
struct unit {
	struct ifhello_self self;
	struct ifhello_peer peer;
};

static void start(struct unit *u, uint64_t boot)
{
	memset(u, 0, sizeof(*u));
	ifhello_start(&u->self, boot);
}

static struct ifhello say(struct unit *u)
{
	struct ifhello h = { .boot = u->self.boot, .count = ++u->self.count,
			     .heard_boot = u->peer.seen_boot,
			     .heard_count = u->peer.seen_count };

	return h;
}

static enum ifhello_word hear(struct unit *u, struct ifhello h)
{
	return ifhello_hear(&u->peer, &u->self, &h);
}

static void meet(struct unit *a, struct unit *b)
{
	assert_int_equal(hear(b, say(a)), IFHELLO_UNPROVEN);
	assert_int_equal(hear(a, say(b)), IFHELLO_FIRST);
	assert_int_equal(hear(b, say(a)), IFHELLO_FIRST);
	assert_int_equal(hear(a, say(b)), IFHELLO_HEARD);
	assert_int_equal(hear(b, say(a)), IFHELLO_HEARD);
}

static void each_counts_once(void **state)
{
	struct ifhello h[3];
	struct unit a, b;

	(void)state;
	start(&a, 100);
	start(&b, 200);
	meet(&a, &b);
	h[0] = say(&a);
	h[1] = say(&a);
	h[2] = say(&a);
	assert_int_equal(hear(&b, h[0]), IFHELLO_HEARD);
	assert_int_equal(hear(&b, h[0]), IFHELLO_OLD);
	/* some may be lost; what comes too late does not count */
	assert_int_equal(hear(&b, h[2]), IFHELLO_HEARD);
	assert_int_equal(hear(&b, h[1]), IFHELLO_OLD);
	assert_int_equal(hear(&b, h[2]), IFHELLO_OLD);
}

/* What was recorded before the mate was started anew is of no use. */
static void an_old_start_is_gone(void **state)
{
	struct ifhello old[20];
	struct unit a, b;
	unsigned int i;

	(void)state;
	start(&a, 100);
	start(&b, 200);
	meet(&a, &b);
	for (i = 0; i < N(old); i++) {
		old[i] = say(&a);
		if (i < 10)
			assert_int_equal(hear(&b, old[i]), IFHELLO_HEARD);
		say(&b);
	}
	start(&a, 101);
	meet(&a, &b);
	for (i = 0; i < N(old); i++)
		assert_int_equal(hear(&b, old[i]), IFHELLO_OLD);
	assert_int_equal(hear(&b, say(&a)), IFHELLO_HEARD);
}

/* Nor is it when this unit was started anew and knows of nothing. */
static void an_old_start_proves_nothing(void **state)
{
	struct ifhello old[20], very_old;
	struct unit a, b;
	unsigned int i;

	(void)state;
	start(&a, 100);
	start(&b, 200);
	meet(&a, &b);
	for (i = 0; i < N(old); i++)
		old[i] = say(&a);
	start(&b, 201);
	for (i = 0; i < N(old); i++) {
		assert_int_equal(hear(&b, old[i]), IFHELLO_UNPROVEN);
		say(&b);
	}
	/* the mate itself is believed, also in between */
	hear(&a, say(&b));
	assert_int_equal(hear(&b, say(&a)), IFHELLO_FIRST);
	/* a start that repeats what was sent long ago, as recorded then */
	start(&a, 102);
	hear(&a, say(&b));
	very_old = say(&a);
	ifhello_ages(&b.self);
	say(&b);
	ifhello_ages(&b.self);
	assert_int_equal(hear(&b, very_old), IFHELLO_UNPROVEN);
	/* or what was not sent yet */
	very_old.heard_count = b.self.count + 1;
	assert_int_equal(hear(&b, very_old), IFHELLO_UNPROVEN);
	very_old.heard_count = b.self.count;
	assert_int_equal(hear(&b, very_old), IFHELLO_FIRST);
}

/* Replayed without end, they do not keep the units from one another. */
static void replays_do_not_deafen(void **state)
{
	struct ifhello old;
	struct unit a, b;
	int i, heard = 0;

	(void)state;
	start(&a, 100);
	old = say(&a);
	start(&a, 101);
	start(&b, 200);
	for (i = 0; i < 10; i++) {
		hear(&b, old);
		/* each that is not proven is answered at once */
		hear(&a, say(&b));
		heard += hear(&b, say(&a)) >= IFHELLO_FIRST;
		hear(&a, say(&b));
		heard += hear(&b, say(&a)) >= IFHELLO_FIRST;
	}
	assert_in_range(heard, 18, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrives),
		cmocka_unit_test(is_laid_out_so),
		cmocka_unit_test(nothing_of_strangers),
		cmocka_unit_test(nothing_malformed),
		cmocka_unit_test(nothing_too_long),
		cmocka_unit_test(each_counts_once),
		cmocka_unit_test(an_old_start_is_gone),
		cmocka_unit_test(an_old_start_proves_nothing),
		cmocka_unit_test(replays_do_not_deafen),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}

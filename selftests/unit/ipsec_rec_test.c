// SPDX-License-Identifier: GPL-2.0
/* SAs and policies of IPsec as user objects: ipsec_rec.c. */

#include <errno.h>
#include <stdbool.h>

#include "ipsec_rec.h"
#include "test.h"

static const struct ipsec_sa plain = {
	.family = 4, .proto = 50, .spi = 0x1001, .dst = { 203, 0, 113, 10 },
	.src = { 203, 0, 113, 2 }, .mode = 1, .reqid = 1, .flags = 0x20,
	.window = 32,
	.aead = { .name = "rfc4106(gcm(aes))", .bits = 160, .icv = 128,
		  .key = "twenty bytes of key" },
};

static const struct ipsec_policy out = {
	.dir = 1,
	.sel = { .family = 4, .src = { 10, 10 }, .src_len = 24,
		 .dst = { 192, 0, 2, 1 }, .dst_len = 32 },
	.n_tmpls = 1,
	.tmpl[0] = { .family = 4, .proto = 50, .reqid = 1, .mode = 1,
		     .src = { 203, 0, 113, 2 }, .dst = { 203, 0, 113, 10 },
		     .aalgos = UINT32_MAX, .ealgos = UINT32_MAX,
		     .calgos = UINT32_MAX },
};

/* All that there can be, as long as it can be. */
static void fill_alg(struct ipsec_alg *a, char c)
{
	memset(a->name, c, sizeof(a->name) - 1);
	a->bits = 8 * IPSEC_KEY;
	a->icv = UINT32_MAX;
	memset(a->key, c + 1, sizeof(a->key));
}

static void fill_sel(struct ipsec_sel *s)
{
	*s = (struct ipsec_sel) {
		.family = 6, .src_len = 128, .dst_len = 127, .proto = 255,
		.sport = 65535, .sport_mask = 65534, .dport = 65533,
		.dport_mask = 65532, .user = UINT32_MAX,
		.dev = "fifteen-letters",
	};
	memset(s->src, 0xfd, IPSEC_ADDR);
	memset(s->dst, 0xfe, IPSEC_ADDR);
}

static void full_sa(struct ipsec_sa *sa)
{
	*sa = (struct ipsec_sa) {
		.family = 6, .proto = 50, .spi = UINT32_MAX, .mark = UINT32_MAX,
		.mask = UINT32_MAX, .mode = 4, .reqid = UINT32_MAX,
		.flags = 255, .extra_flags = UINT32_MAX, .window = 4096,
		.esn = 1, .words = 128, .if_id = UINT32_MAX,
		.out_mark = UINT32_MAX, .out_mask = UINT32_MAX,
		.tfc_pad = UINT32_MAX, .soft_bytes = UINT64_MAX,
		.hard_bytes = UINT64_MAX, .soft_packets = UINT64_MAX,
		.hard_packets = UINT64_MAX, .soft_added = UINT64_MAX,
		.hard_added = UINT64_MAX, .soft_used = UINT64_MAX,
		.hard_used = UINT64_MAX, .encap = 65535, .encap_sport = 65535,
		.encap_dport = 65535, .dir = 2, .keepalive = UINT32_MAX,
		.map_age = UINT32_MAX,
	};
	memset(sa->dst, 0xaa, IPSEC_ADDR);
	memset(sa->src, 0xbb, IPSEC_ADDR);
	memset(sa->encap_oa, 0xcc, IPSEC_ADDR);
	fill_sel(&sa->sel);
	fill_alg(&sa->auth, 'a');
	fill_alg(&sa->crypt, 'c');
}

static void full_policy(struct ipsec_policy *p)
{
	unsigned int i;

	*p = (struct ipsec_policy) {
		.dir = 2, .mark = UINT32_MAX, .mask = UINT32_MAX,
		.if_id = UINT32_MAX, .action = 1, .flags = 255, .share = 255,
		.priority = UINT32_MAX, .n_tmpls = IPSEC_TMPLS,
	};
	fill_sel(&p->sel);
	for (i = 0; i < IPSEC_TMPLS; i++) {
		p->tmpl[i] = (struct ipsec_tmpl) {
			.family = 6, .proto = 51, .spi = UINT32_MAX,
			.reqid = i + 1, .mode = 4, .share = 255, .optional = 1,
			.aalgos = UINT32_MAX, .ealgos = UINT32_MAX,
			.calgos = UINT32_MAX,
		};
		memset(p->tmpl[i].src, 0x11, IPSEC_ADDR);
		memset(p->tmpl[i].dst, 0x22, IPSEC_ADDR);
	}
}

/* What is put comes back, and has that many bytes. */
static void sa_is(const struct ipsec_sa *sa, size_t key, size_t value)
{
	unsigned char k[128], v[1024];
	struct ipsec_sa got;

	assert_int_equal(ipsec_put_sa_key(k, sizeof(k), sa), key);
	assert_int_equal(ipsec_put_sa(v, sizeof(v), sa), value);
	assert_int_equal(ipsec_get_sa_key(&got, k, key), 0);
	assert_int_equal(ipsec_get_sa(&got, v, value), 0);
	assert_memory_equal(&got, sa, sizeof(got));
}

static void policy_is(const struct ipsec_policy *p, size_t key, size_t value)
{
	unsigned char k[128], v[1024];
	struct ipsec_policy got;

	assert_int_equal(ipsec_put_policy_key(k, sizeof(k), p), key);
	assert_int_equal(ipsec_put_policy(v, sizeof(v), p), value);
	assert_int_equal(ipsec_get_policy_key(&got, k, key), 0);
	assert_int_equal(ipsec_get_policy(&got, v, value), 0);
	assert_memory_equal(&got, p, sizeof(got));
}

/* The bytes are those of the protocol's document. */
static void round_trip(void **state)
{
	(void)state;
	sa_is(&plain, 16, 66);
	policy_is(&out, 24, 44);
}

static void longest(void **state)
{
	struct ipsec_policy p;
	struct ipsec_sa sa;

	(void)state;
	full_sa(&sa);
	sa_is(&sa, 42, 686);
	full_policy(&p);
	policy_is(&p, 108, 495);
}

/* No byte is read or written behind the end. */
static void cut(void **state)
{
	unsigned char v[1024], *p;
	struct ipsec_policy pol;
	struct ipsec_sa sa;
	size_t len, whole;

	(void)state;
	full_sa(&sa);
	whole = ipsec_put_sa(v, sizeof(v), &sa);
	for (len = 0; len < whole; len++) {
		p = exact(v, len);
		assert_int_equal(ipsec_put_sa(p, len, &sa), 0);
		memcpy(p, v, len);
		ipsec_get_sa(&sa, p, len);
		exact_free(p, len);
		full_sa(&sa);
	}
	full_policy(&pol);
	whole = ipsec_put_policy(v, sizeof(v), &pol);
	for (len = 0; len < whole; len++) {
		p = exact(v, len);
		pol.n_tmpls = 0;
		ipsec_get_policy(&pol, p, len);
		exact_free(p, len);
	}
}

struct bad {
	const char *what;
	size_t len;
	int err;
};

#define KEY "\1\1\4\2\1\x32\3\2\x10\1\4\4\xcb\0\x71\x0a"

/* Of keys of SAs. */
static const struct bad bad_keys[] = {
	{ "", 0, -EBADMSG },
	{ "\1", 1, -EBADMSG },
	{ "\1\2\4", 3, -EBADMSG },		/* longer than it is */
	{ "\1\1\5\2\1\x32\3\2\x10\1\4\4\xcb\0\x71\x0a", 16, -EBADMSG },
	{ "\1\1\4\2\1\x11\3\2\x10\1\4\4\xcb\0\x71\x0a", 16, -EBADMSG },
	{ "\1\1\4\2\1\x32\4\4\xcb\0\x71\x0a", 12, -EBADMSG },	/* no SPI */
	{ "\1\1\4\1\1\4\2\1\x32\3\2\x10\1", 13, -EBADMSG },	/* twice */
	{ "\2\1\x32\1\1\4\3\2\x10\1", 10, -EBADMSG },	/* another order */
	{ "\1\2\0\4\2\1\x32\3\2\x10\1", 11, -EBADMSG },	/* a zero in front */
	{ "\1\1\4\2\1\x32\3\5\1\2\3\4\5", 13, -EBADMSG },	/* too great */
	{ "\1\1\4\2\1\x32\3\2\x10\1\4\5\1\2\3\4\5", 17, -EBADMSG },
	{ "\1\1\4\2\1\x32\3\2\x10\1\x10\1\1", 13, -EOPNOTSUPP }, /* no key */
	{ "\1\1\4\2\1\x32\3\2\x10\1\xff\0", 12, -EOPNOTSUPP },
};

static void refused(void **state)
{
	const struct bad *b = bad_keys;
	struct ipsec_sa sa;
	u8 *p;

	(void)state;
	assert_int_equal(ipsec_get_sa_key(&sa, (const u8 *)KEY, sizeof(KEY) - 1),
			 0);
	for (; b < bad_keys + ARRAY_SIZE(bad_keys); b++) {
		p = exact(b->what, b->len);
		assert_int_equal(ipsec_get_sa_key(&sa, p, b->len), b->err);
		exact_free(p, b->len);
	}
}

/* Each is one change of an SA that is one. */
static void no_such_sa(void **state)
{
	unsigned char v[1024];
	struct ipsec_sa sa[10], got;
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sa); i++)
		sa[i] = plain;
	sa[0].mode = 3;
	sa[1].window = 33;
	sa[2].esn = 1;
	sa[2].words = 1;
	sa[2].window = 33;
	sa[3].words = 1;
	sa[4].aead.name[0] = 0;
	sa[5].auth = plain.aead;
	sa[6].src[15] = 1;
	sa[7].sel.family = 5;
	sa[8].sel.family = 4;
	sa[8].sel.src_len = 33;
	strcpy(sa[9].sel.dev, "../x");
	for (i = 0; i < ARRAY_SIZE(sa); i++) {
		got = plain;
		len = ipsec_put_sa(v, sizeof(v), &sa[i]);
		assert_int_not_equal(len, 0);
		memset(&got.aead, 0, sizeof(got.aead));
		got.mode = got.reqid = got.flags = got.window = 0;
		assert_int_equal(ipsec_get_sa(&got, v, len), -EBADMSG);
	}
}

/* A key whose length is none of its bytes. */
static void keys(void **state)
{
	unsigned char v[1024];
	struct ipsec_sa sa = plain, got;
	size_t len = ipsec_put_sa(v, sizeof(v), &sa), at;

	(void)state;
	/* the algorithm is the last of it: name, bits, bits of the tag, key */
	at = len - 20 - 8;
	v[at + 3] = 168;
	ipsec_get_sa_key(&got, (const u8 *)KEY, sizeof(KEY) - 1);
	assert_int_equal(ipsec_get_sa(&got, v, len), -EBADMSG);
	memset(v + at, 0xff, 4);
	ipsec_get_sa_key(&got, (const u8 *)KEY, sizeof(KEY) - 1);
	assert_int_equal(ipsec_get_sa(&got, v, len), -EBADMSG);
	sa.aead.bits = 8 * IPSEC_KEY + 1;
	assert_int_equal(ipsec_put_sa(v, sizeof(v), &sa), 0);
	sa.aead.bits = UINT32_MAX;
	assert_int_equal(ipsec_put_sa(v, sizeof(v), &sa), 0);
}

static void no_such_policy(void **state)
{
	unsigned char v[1024];
	struct ipsec_policy p = out, got;
	size_t len;

	(void)state;
	p.n_tmpls = 0;
	len = ipsec_put_policy(v, sizeof(v), &p);
	got = p;
	assert_int_equal(ipsec_get_policy(&got, v, len), -EBADMSG);
	p = out;
	p.tmpl[0].proto = 108;
	len = ipsec_put_policy(v, sizeof(v), &p);
	got.n_tmpls = 0;
	assert_int_equal(ipsec_get_policy(&got, v, len), -EBADMSG);
	/* one more than there is room for */
	full_policy(&p);
	len = ipsec_put_policy(v, sizeof(v), &p);
	memcpy(v + len, v + len - 80, 80);
	got = (struct ipsec_policy) { .sel.family = 4 };
	assert_int_equal(ipsec_get_policy(&got, v, len + 80), -EBADMSG);
	p = out;
	p.sel.family = 0;
	len = ipsec_put_policy_key(v, sizeof(v), &p);
	assert_int_equal(ipsec_get_policy_key(&got, v, len), -EBADMSG);
}

/* Whatever the bytes are: an error, or what has the same bytes. */
static void noise(void **state)
{
	unsigned char v[128], again[1024];
	struct ipsec_policy p;
	struct ipsec_sa sa;
	size_t i, len, n = 200000;
	struct rng rng = { 1 };

	(void)state;
	while (n--) {
		len = rng_below(&rng, sizeof(v));
		for (i = 0; i < len; i++)
			v[i] = rng_below(&rng, 4) ? rng_below(&rng, 6) :
						    rng_next(&rng);
		if (!ipsec_get_sa_key(&sa, v, len)) {
			assert_int_equal(ipsec_put_sa_key(again, 1024, &sa),
					 len);
			assert_memory_equal(again, v, len);
		}
		sa = plain;
		ipsec_get_sa(&sa, v, len);
		if (!ipsec_get_policy_key(&p, v, len)) {
			assert_int_equal(ipsec_put_policy_key(again, 1024, &p),
					 len);
			assert_memory_equal(again, v, len);
		}
		ipsec_get_policy(&p, v, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(longest),
		cmocka_unit_test(cut),
		cmocka_unit_test(refused),
		cmocka_unit_test(no_such_sa),
		cmocka_unit_test(keys),
		cmocka_unit_test(no_such_policy),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests_name("ipsec_rec", tests, NULL, NULL);
}

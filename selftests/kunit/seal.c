// SPDX-License-Identifier: GPL-2.0
/*
 * The seal: the kernel's primitives give the published results, each inverted bit
 * is noticed, and no two frames share a nonce; the tag in clear text.
 */

#include <kunit/test.h>
#include <linux/crc32c.h>
#include <linux/hex.h>

#include "noise.h"
#include "kunit_vector.h"
#include "seal.h"

#define BODY	40

/* CRC-32C from its polynomial, bit by bit; the kernel's own is what is tested. */
static u32 slow_crc(const u8 *p, size_t len)
{
	u32 crc = ~0U;
	int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

static struct fo_hdr make(const u8 *key, u8 *frame)
{
	struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type	 = FO_FRAME_DATA,
		.len	 = FO_FRAME_OVERHEAD + BODY,
		.assoc	 = 0x01020304,
		.counter = 77,
	};
	int i;

	for (i = 0; i < BODY; i++)
		frame[FO_HDR_LEN + i] = i * 7;
	fo_seal(key, frame, frame + FO_HDR_LEN, &h);
	return h;
}

/* The check value of the CRC catalogues is that of these nine digits. */
static void known_value(struct kunit *test)
{
	static const u8 digits[] = "123456789";

	KUNIT_EXPECT_EQ(test, ~slow_crc(digits, 9), 0xe3069283);
	KUNIT_EXPECT_EQ(test, ~crc32c(~0U, digits, 9), 0xe3069283);
}

static void tag(struct kunit *test)
{
	u8 frame[FO_FRAME_OVERHEAD + BODY];
	const u8 *t = frame + FO_HDR_LEN + BODY;
	struct fo_hdr h = make(NULL, frame);
	u32 crc = slow_crc(frame, FO_HDR_LEN + BODY);
	int i;

	for (i = 0; i < FO_TAG_LEN - 4; i++)
		KUNIT_EXPECT_EQ(test, t[i], 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, t[FO_TAG_LEN - 4 + i],
				(u8)(crc >> (24 - 8 * i)));
	KUNIT_EXPECT_TRUE(test, fo_open(NULL, frame, &h));
}

static const u8 some_key[FO_KEY_LEN] = "any key will do, if it is secret";

static void bits(struct kunit *test, const u8 *key)
{
	u8 frame[FO_FRAME_OVERHEAD + BODY], copy[sizeof(frame)];
	struct fo_hdr h = make(key, frame);
	unsigned int bit;

	for (bit = 0; bit < 8 * sizeof(frame); bit++) {
		memcpy(copy, frame, sizeof(copy));
		copy[bit / 8] ^= 1 << bit % 8;
		/* as it is received: a header that is none, or a bad tag */
		KUNIT_EXPECT_FALSE_MSG(test,
				       !fo_hdr_get(copy, sizeof(copy), &h) &&
				       fo_open(key, copy, &h), "bit %u", bit);
	}
	KUNIT_ASSERT_EQ(test, fo_hdr_get(frame, sizeof(frame), &h), 0);
	KUNIT_EXPECT_TRUE(test, fo_open(key, frame, &h));
	KUNIT_EXPECT_EQ(test, frame[FO_HDR_LEN + 5], 35);
}

static void every_bit(struct kunit *test)
{
	bits(test, NULL);
}

static void every_bit_sealed(struct kunit *test)
{
	bits(test, some_key);
}

/* With the same nonce the same text would look the same. */
static void nonces(struct kunit *test)
{
	static const u8 zeroes[BODY];
	u8 frame[FO_FRAME_TYPES][FO_FRAME_OVERHEAD + BODY];
	struct fo_hdr h = { .version = 1, .len = sizeof(frame[0]) };
	unsigned int i, j;

	for (i = 0; i < FO_FRAME_TYPES; i++) {
		h.type = i;
		h.counter = 1;
		fo_seal(some_key, frame[i], zeroes, &h);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE(test, 0, memcmp(frame[i] + FO_HDR_LEN,
							frame[j] + FO_HDR_LEN,
							BODY));
	}
}

static size_t unhex(u8 *to, const char *text)
{
	size_t n = strlen(text) / 2;

	return hex2bin(to, text, n) ? 0 : n;
}

/* The published vector of the handshake, by the kernel's primitives. */
static void noise_vector(struct kunit *test)
{
	struct fo_noise side[2];
	u8 in[64], want[128], got[128], key[2][FO_KEY_LEN], secret[FO_KEY_LEN];
	unsigned int i;
	size_t len;

	unhex(secret, VECTOR_PSK);
	len = unhex(in, VECTOR_PROLOGUE);
	fo_noise_init(&side[0], &fo_kernel_prims, in, len, secret);
	side[1] = side[0];
	for (i = 0; i < VECTOR_MESSAGES; i++) {
		len = unhex(in, vector[i].payload);
		KUNIT_ASSERT_GT(test, unhex(want, vector[i].ciphertext), len);
		if (i < 2) {
			unhex(secret, i ? VECTOR_RESP_E : VECTOR_INIT_E);
			KUNIT_ASSERT_TRUE(test, fo_noise_write(&side[i], secret,
							       in, len, got));
			len += FO_NOISE_OVERHEAD;
			KUNIT_ASSERT_TRUE(test, fo_noise_read(&side[1 - i], got,
							      len, in));
		} else {
			fo_kernel_prims.encrypt(got, in, len, NULL, 0,
						i / 2 - 1, key[i % 2]);
			len += FO_TAG_LEN;
		}
		KUNIT_EXPECT_MEMEQ(test, got, want, len);
		if (i == 1)
			fo_noise_split(&side[0], key[0], key[1]);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(known_value),
	KUNIT_CASE(tag),
	KUNIT_CASE(every_bit),
	KUNIT_CASE(every_bit_sealed),
	KUNIT_CASE(nonces),
	KUNIT_CASE(noise_vector),
	{ }
};

static struct kunit_suite seal_suite = {
	.name = "seal",
	.test_cases = cases,
};

kunit_test_suite(seal_suite);

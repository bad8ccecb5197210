// SPDX-License-Identifier: GPL-2.0
/* The tag in clear text: its value, and that it notices each inverted bit. */

#include <kunit/test.h>
#include <linux/crc32c.h>

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

static struct fo_hdr make(u8 *frame)
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
	fo_seal(frame, &h);
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
	struct fo_hdr h = make(frame);
	u32 crc = slow_crc(frame, FO_HDR_LEN + BODY);
	int i;

	for (i = 0; i < FO_TAG_LEN - 4; i++)
		KUNIT_EXPECT_EQ(test, t[i], 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, t[FO_TAG_LEN - 4 + i],
				(u8)(crc >> (24 - 8 * i)));
	KUNIT_EXPECT_TRUE(test, fo_open(frame, &h));
}

static void every_bit(struct kunit *test)
{
	u8 frame[FO_FRAME_OVERHEAD + BODY];
	struct fo_hdr h = make(frame);
	unsigned int bit;

	for (bit = 0; bit < 8 * sizeof(frame); bit++) {
		frame[bit / 8] ^= 1 << bit % 8;
		/* as it is received: a header that is none, or a bad tag */
		KUNIT_EXPECT_FALSE_MSG(test,
				       !fo_hdr_get(frame, sizeof(frame), &h) &&
				       fo_open(frame, &h), "bit %u", bit);
		frame[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_ASSERT_EQ(test, fo_hdr_get(frame, sizeof(frame), &h), 0);
	KUNIT_EXPECT_TRUE(test, fo_open(frame, &h));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(known_value),
	KUNIT_CASE(tag),
	KUNIT_CASE(every_bit),
	{ }
};

static struct kunit_suite seal_suite = {
	.name = "seal",
	.test_cases = cases,
};

kunit_test_suite(seal_suite);

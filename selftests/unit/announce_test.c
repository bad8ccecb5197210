// SPDX-License-Identifier: GPL-2.0
/* The frames of the announcements, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "announce.h"
#include "log.h"

/* Nothing is sent here. */
int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev)
{
	(void)rt;
	(void)ifname;
	(void)dev;
	return -1;
}

void log_msg(int priority, const char *fmt, ...)
{
	(void)priority;
	(void)fmt;
}

static const unsigned char mac[6] = { 2, 0, 0, 0, 0, 1 };

static void arp(void **state)
{
	static const unsigned char want[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1,
		0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1,
		2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
		0, 0, 0, 0, 0, 0, 10, 0, 0, 1,
	};
	static const unsigned char addr[] = { 10, 0, 0, 1 };
	unsigned char frame[ANNOUNCE_FRAME_MAX];

	(void)state;
	assert_int_equal(announce_arp(frame, mac, addr, false), 60);
	assert_memory_equal(frame, want, sizeof(want));
	assert_int_equal(announce_arp(frame, mac, addr, true), 60);
	assert_int_equal(frame[21], 2);
	assert_int_equal(frame[32], 0xff);
}

/* Over the pseudo header and the whole, a good checksum sums up to ffff. */
static void na(void **state)
{
	static const unsigned char addr[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	unsigned char frame[ANNOUNCE_FRAME_MAX];
	uint32_t sum = 32 + 58;
	size_t i;

	(void)state;
	assert_int_equal(announce_na(frame, mac, addr), 14 + 40 + 32);
	assert_int_equal(frame[0], 0x33);
	assert_int_equal(frame[12] << 8 | frame[13], 0x86dd);
	assert_int_equal(frame[21], 255);
	assert_int_equal(frame[54], 136);
	assert_int_equal(frame[58], 0xa0);
	assert_memory_equal(frame + 62, addr, 16);
	assert_memory_equal(frame + 80, mac, 6);
	for (i = 22; i < 86; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	assert_int_equal(sum, 0xffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp),
		cmocka_unit_test(na),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

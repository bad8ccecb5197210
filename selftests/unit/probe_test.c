// SPDX-License-Identifier: GPL-2.0
/* Questions for the holder of an address, byte for byte, and their answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe_frame.h"

#define NOT_ASKED	NF_FAILOVER_ANSWER_NOT_ASKED
#define MATE		NF_FAILOVER_ANSWER_MATE
#define OTHER		NF_FAILOVER_ANSWER_OTHER

#define OURS	2, 0, 0, 0, 2, 1
#define MATES	2, 0, 0, 0, 1, 1
#define THIRD	2, 0, 0, 0, 9, 9

static const unsigned char ours[] = { OURS }, mates[] = { MATES },
			   third[] = { THIRD };

static const struct probe_ask arp = {
	.family = AF_INET, .target = { 10, 10, 0, 254 },
	.source = { 10, 10, 0, 253 }, .mac = { OURS }, .mate = { MATES },
};

static const struct probe_ask nd = {
	.family = AF_INET6,
	.target = { 0xfd, 0, 0, 0x10, [13] = 0xab, [14] = 0x02, [15] = 0x54 },
	.source = { 0xfd, 0, 0, 0x10, [14] = 0x02, [15] = 0x53 },
	.mac = { OURS }, .mate = { MATES },
};

static void arp_question(void **state)
{
	static const unsigned char want[] = {
		MATES, OURS, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
		OURS, 10, 10, 0, 253, 0, 0, 0, 0, 0, 0, 10, 10, 0, 254,
	};
	unsigned char f[PROBE_FRAME_MAX];
	struct probe_ask a = arp;

	(void)state;
	assert_int_equal(probe_question(f, &a), 60);
	assert_memory_equal(f, want, sizeof(want));
	/* RFC 5227: from nobody, to everybody */
	memset(a.source, 0, sizeof(a.source));
	memset(a.mate, 0, sizeof(a.mate));
	assert_int_equal(probe_question(f, &a), 60);
	assert_memory_equal(f, "\xff\xff\xff\xff\xff\xff", 6);
	assert_memory_equal(f + 28, "\0\0\0\0", 4);
}

static uint16_t sum(const unsigned char *ip6)
{
	uint32_t s = ip6[4] << 8 | ip6[5], i, len = s;

	s += 58;
	for (i = 8; i < 40 + len; i += 2)
		s += ip6[i] << 8 | ip6[i + 1];
	while (s >> 16)
		s = (s >> 16) + (s & 0xffff);
	return s;
}

static void nd_question(void **state)
{
	static const unsigned char group[] = {
		0xff, 2, [11] = 1, 0xff, 0xab, 2, 0x54
	};
	unsigned char f[PROBE_FRAME_MAX], *ip6 = f + 14;
	struct probe_ask a = nd;

	(void)state;
	assert_int_equal(probe_question(f, &a), 14 + 40 + 32);
	assert_memory_equal(f, mates, 6);
	assert_memory_equal(f + 12, "\x86\xdd\x60\0\0\0\0\x20\x3a\xff", 10);
	assert_memory_equal(ip6 + 8, a.source, 16);
	assert_memory_equal(ip6 + 24, group, 16);
	assert_int_equal(ip6[40], 135);
	assert_memory_equal(ip6 + 48, a.target, 16);
	assert_memory_equal(ip6 + 64, "\1\1", 2);
	assert_memory_equal(ip6 + 66, ours, 6);
	assert_int_equal(sum(ip6), 0xffff);
	/* RFC 4862: from nobody, and then without the option */
	memset(a.source, 0, sizeof(a.source));
	memset(a.mate, 0, sizeof(a.mate));
	assert_int_equal(probe_question(f, &a), 14 + 40 + 24);
	assert_memory_equal(f, "\x33\x33\xff\xab\x02\x54", 6);
	assert_int_equal(sum(ip6), 0xffff);
}

/* What the holder of the address makes of the question. */
/* Checksums of another program than ours. */
static void pings_all(void **state)
{
	static const unsigned char want4[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, OURS, 8, 0,
		0x45, 0, 0, 36, 0, 0, 0, 0, 1, 1, 0xae, 0xd3,
		10, 10, 0, 253, 255, 255, 255, 255,
		8, 0, 0x89, 0x99, 0x6e, 0x66, [59] = 0,
	}, want6[] = {
		0x33, 0x33, 0, 0, 0, 1, OURS, 0x86, 0xdd,
		0x60, 0, 0, 0, 0, 16, 58, 1,
		0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x53,
		0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		128, 0, 0x12, 0xe7, 0x6e, 0x66, [69] = 0,
	};
	unsigned char f[PROBE_FRAME_MAX];
	struct probe_ask a = arp;

	(void)state;
	assert_int_equal(probe_ping(f, &a), sizeof(want4));
	assert_memory_equal(f, want4, sizeof(want4));
	assert_int_equal(probe_ping(f, &nd), sizeof(want6));
	assert_memory_equal(f, want6, sizeof(want6));
	/* nobody is answered */
	memset(a.source, 0, 4);
	assert_int_equal(probe_ping(f, &a), 0);
}

static size_t reply(unsigned char *f, const struct probe_ask *a,
		    const unsigned char *from, const unsigned char *says)
{
	uint16_t s;

	memset(f, 0, PROBE_FRAME_MAX);
	memcpy(f, a->mac, 6);
	memcpy(f + 6, from, 6);
	if (a->family == AF_INET) {
		memcpy(f + 12, "\x08\x06\0\1\x08\0\6\4\0\2", 10);
		memcpy(f + 22, says, 6);
		memcpy(f + 28, a->target, 4);
		memcpy(f + 32, a->mac, 6);
		memcpy(f + 38, a->source, 4);
		return 60;
	}
	memcpy(f + 12, "\x86\xdd\x60\0\0\0\0\x20\x3a\xff", 10);
	memcpy(f + 22, a->target, 16);
	memcpy(f + 38, a->source, 16);
	f[54] = 136;
	f[58] = 0x60;
	memcpy(f + 62, a->target, 16);
	f[78] = 2;
	f[79] = 1;
	memcpy(f + 80, says, 6);
	s = ~sum(f + 14);
	f[56] = s >> 8;
	f[57] = s;
	return 86;
}

static void answers(void **state)
{
	const struct probe_ask *kinds[] = { &arp, &nd };
	unsigned char f[PROBE_FRAME_MAX];
	struct probe_ask a, b;
	size_t len;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		a = b = *kinds[i];
		len = reply(f, &a, mates, mates);
		assert_int_equal(probe_answer(f, len, &a), MATE);
		/* for another address; of the other family */
		b.target[3] ^= 1;
		assert_int_equal(probe_answer(f, len, &b), NOT_ASKED);
		assert_int_equal(probe_answer(f, len, kinds[!i]), NOT_ASKED);
		/* a third host, a proxy that hides behind either MAC */
		len = reply(f, &a, third, third);
		assert_int_equal(probe_answer(f, len, &a), OTHER);
		len = reply(f, &a, third, mates);
		assert_int_equal(probe_answer(f, len, &a), OTHER);
		len = reply(f, &a, mates, third);
		assert_int_equal(probe_answer(f, len, &a), OTHER);
		/* our own word, come back */
		len = reply(f, &a, ours, ours);
		assert_int_equal(probe_answer(f, len, &a), NOT_ASKED);
		len = probe_question(f, &a);
		assert_int_equal(probe_answer(f, len, &a), NOT_ASKED);
		/* as long as the mate is not known anybody else is it */
		memset(a.mate, 0, sizeof(a.mate));
		len = reply(f, &a, third, third);
		assert_int_equal(probe_answer(f, len, &a), MATE);
		len = reply(f, &a, ours, ours);
		assert_int_equal(probe_answer(f, len, &a), NOT_ASKED);
	}
}

/* Every length, each in memory of its own; every byte changed. */
static void hostile(void **state)
{
	const struct probe_ask *kinds[] = { &arp, &nd };
	unsigned char f[PROBE_FRAME_MAX], *p;
	size_t len, n;
	int i, bit;

	(void)state;
	for (i = 0; i < 2; i++) {
		len = reply(f, kinds[i], mates, mates);
		for (n = 0; n < len; n++) {
			p = malloc(n ? n : 1);
			memcpy(p, f, n);
			assert_int_equal(probe_answer(p, n, kinds[i]),
					 i || n < 42 ? NOT_ASKED : MATE);
			free(p);
		}
		for (n = 6; n < (i ? len : 32); n++)
			for (bit = 0; bit < 8; bit++) {
				p = malloc(len);
				memcpy(p, f, len);
				p[n] ^= 1 << bit;
				/* the traffic class and flow, and its source */
				if (i && (n == 14 || (n > 14 && n < 18)) &&
				    !((p[n] ^ f[n]) & 0xf0 && n == 14)) {
					free(p);
					continue;
				}
				assert_int_not_equal(probe_answer(p, len,
							kinds[i]), MATE);
				free(p);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arp_question),
		cmocka_unit_test(nd_question),
		cmocka_unit_test(pings_all),
		cmocka_unit_test(answers),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

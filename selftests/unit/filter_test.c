// SPDX-License-Identifier: GPL-2.0
/* The rules that say which connections are replicated: filter.c. */

#include "filter.h"
#include "test.h"

#define TCP	6
#define UDP	17
#define ICMP	1

static const u8 in4[16] = { 10, 10, 0, 10 };
static const u8 out4[16] = { 203, 0, 113, 10 };
static const u8 nat4[16] = { 203, 0, 113, 2 };
static const u8 in6[16] = { 0xfd, 0, 0, 0x10, [15] = 0x10 };
static const u8 out6[16] = { 0x20, 1, 0x0d, 0xb8, 2, 3, [15] = 0x10 };

/* Through source NAT to port 443, which is 8443 behind destination NAT. */
static struct fo_flow flow4(u8 protocol)
{
	return (struct fo_flow){ .protocol = protocol, .l3 = 4,
		.port = { 443, 8443 }, .zone = 3, .mark = 0x12345678,
		.addr = { in4, nat4, out4, nat4 } };
}

static struct fo_flow flow6(void)
{
	return (struct fo_flow){ .protocol = UDP, .l3 = 6, .port = { 53, 53 },
		.addr = { in6, out6, out6, in6 } };
}

struct row {
	const char *what;
	struct fo_filter_rule rule;
	bool fits4;	/* TCP of flow4() */
	bool fits6;
};

#define PROTOCOL(p)	{ .keys = FO_FILTER_PROTOCOL, .protocol = p }
#define PORTS(a, b)	{ .keys = FO_FILTER_PORT, .port = { a, b } }
#define PREFIX4(len, ...) { .keys = FO_FILTER_ADDR, .l3 = 4, .plen = len, \
			    .addr = { __VA_ARGS__ } }
#define PREFIX6(len, ...) { .keys = FO_FILTER_ADDR, .l3 = 6, .plen = len, \
			    .addr = { __VA_ARGS__ } }
#define ZONE(z)		{ .keys = FO_FILTER_ZONE, .zone = z }
#define MARK(v, m)	{ .keys = FO_FILTER_MARK, .mark = v, .mask = m }

static const struct row rows[] = {
	{ "any", { .keys = 0 }, true, true },
	{ "tcp", PROTOCOL(TCP), true, false },
	{ "udp", PROTOCOL(UDP), false, true },
	{ "icmp", PROTOCOL(ICMP), false, false },
	{ "port before NAT", PORTS(443, 443), true, false },
	{ "port after NAT", PORTS(8443, 8443), true, false },
	{ "lowest of a range", PORTS(53, 60), false, true },
	{ "highest of a range", PORTS(50, 53), false, true },
	{ "below a range", PORTS(54, 442), false, false },
	{ "between the two", PORTS(444, 8442), false, false },
	{ "all ports", PORTS(1, 65535), true, true },
	{ "source", PREFIX4(32, 10, 10, 0, 10), true, false },
	{ "its net", PREFIX4(24, 10, 10, 0, 0), true, false },
	{ "destination after NAT", PREFIX4(32, 203, 0, 113, 10), true, false },
	{ "address of NAT", PREFIX4(32, 203, 0, 113, 2), true, false },
	{ "bits of a byte", PREFIX4(28, 203, 0, 113, 0), true, false },
	{ "one bit more", PREFIX4(29, 203, 0, 113, 16), false, false },
	{ "its neighbour", PREFIX4(32, 10, 10, 0, 11), false, false },
	{ "IPv4 at all", PREFIX4(0), true, false },
	{ "IPv6 at all", PREFIX6(0), false, true },
	{ "source in IPv6", PREFIX6(128, 0xfd, 0, 0, 0x10, [15] = 0x10), false, true },
	{ "net in IPv6", PREFIX6(48, 0x20, 1, 0x0d, 0xb8, 2, 3), false, true },
	{ "half a byte in IPv6", PREFIX6(44, 0x20, 1, 0x0d, 0xb8, 2, 0), false, true },
	{ "another net in IPv6", PREFIX6(48, 0x20, 1, 0x0d, 0xb8, 2, 4), false, false },
	{ "the bytes of an IPv4 one", PREFIX6(32, 10, 10, 0, 10), false, false },
	{ "zone", ZONE(3), true, false },
	{ "default zone", ZONE(0), false, true },
	{ "mark", MARK(0x12345678, ~0U), true, false },
	{ "part of a mark", MARK(0x12340000, 0xffff0000), true, false },
	{ "another part", MARK(0x78, 0xff), true, false },
	{ "no mark", MARK(0, ~0U), false, true },
	{ "not that part", MARK(0x12350000, 0xffff0000), false, false },
	{ "any mark", MARK(0, 0), true, true },
	{ "all at once", { .keys = 31, .protocol = TCP, .l3 = 4,
	  .plen = 8, .port = { 443, 443 }, .zone = 3, .mark = 8, .mask = 15,
	  .addr = { 10 } }, true, false },
	{ "all but one", { .keys = 31, .protocol = TCP, .l3 = 4,
	  .plen = 8, .port = { 443, 443 }, .zone = 4, .mark = 8, .mask = 15,
	  .addr = { 10 } }, false, false },
};

static void keys(void **state)
{
	struct fo_flow f4 = flow4(TCP), f6 = flow6();
	struct fo_filter f = { .http = true, .rules = 1 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		f.rule[0] = rows[i].rule;
		f.rule[0].include = false;
		if ((fo_filter_judge(&f, &f4) == FO_VERDICT_RULE) != rows[i].fits4)
			fail_msg("%s: TCP over IPv4", rows[i].what);
		if ((fo_filter_judge(&f, &f6) == FO_VERDICT_RULE) != rows[i].fits6)
			fail_msg("%s: UDP over IPv6", rows[i].what);
		f.rule[0].include = true;
		assert_int_equal(fo_filter_judge(&f, &f4), FO_VERDICT_TELL);
	}
}

/* ICMP has no port, and no rule about one is of it. */
static void no_port(void **state)
{
	struct fo_filter f = { .http = true, .rules = 1,
			       .rule = { PORTS(0, 65535) } };
	struct fo_flow flow = flow4(ICMP);

	(void)state;
	flow.port[0] = 0;
	flow.port[1] = 0;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
}

static void first_one_decides(void **state)
{
	struct fo_filter f = { .http = true, .rules = 2,
			       .rule = { PROTOCOL(TCP), PORTS(443, 443) } };
	struct fo_flow flow = flow4(TCP);

	(void)state;
	f.rule[0].include = true;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
	f.rule[0].include = false;
	f.rule[1].include = true;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_RULE);
	flow.protocol = UDP;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
}

/* Only TCP, only where no rule has decided, only when it is off. */
static void http(void **state)
{
	struct fo_filter f = { .ports = 2, .port = { 80, 8443 } };
	struct fo_flow flow = flow4(TCP);

	(void)state;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_HTTP);
	f.ports = 1;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
	f.ports = 2;
	flow.protocol = UDP;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
	flow.protocol = TCP;
	f.http = true;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
	f.http = false;
	f.rules = 1;
	f.rule[0] = (struct fo_filter_rule)PROTOCOL(TCP);
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_RULE);
	f.rule[0].include = true;
	assert_int_equal(fo_filter_judge(&f, &flow), FO_VERDICT_TELL);
}

static void what_there_is_to_judge(void **state)
{
	struct fo_filter f = { .http = true };

	(void)state;
	assert_true(fo_filter_takes_all(&f));
	assert_false(fo_filter_looks_at(&f, FO_FILTER_MARK));
	f.rules = 2;
	f.rule[1] = (struct fo_filter_rule)MARK(1, 1);
	assert_false(fo_filter_takes_all(&f));
	assert_true(fo_filter_looks_at(&f, FO_FILTER_MARK));
	assert_false(fo_filter_looks_at(&f, FO_FILTER_ZONE));
	f.rules = 0;
	f.http = false;
	assert_false(fo_filter_takes_all(&f));
}

/* Each list of one rule has another digest, and so has another order. */
static void digests(void **state)
{
	struct fo_filter a = { .rules = 0 }, b;
	u32 seen[2 * ARRAY_SIZE(rows)];
	size_t i, j, n = 0;

	(void)state;
	assert_int_equal(fo_filter_digest(&a), 0);
	a.rules = 1;
	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		a.rule[0] = rows[i / 2].rule;
		a.rule[0].include = i % 2;
		seen[n] = fo_filter_digest(&a);
		for (j = 0; j < n; j++)
			if (seen[j] == seen[n])
				fail_msg("%s and %s", rows[j / 2].what,
					 rows[i / 2].what);
		n++;
	}
	a.rules = 2;
	a.rule[0] = rows[1].rule;
	a.rule[1] = rows[2].rule;
	b = a;
	assert_true(fo_filter_equal(&a, &b));
	assert_int_equal(fo_filter_digest(&a), fo_filter_digest(&b));
	b.rule[0] = a.rule[1];
	b.rule[1] = a.rule[0];
	assert_int_not_equal(fo_filter_digest(&a), fo_filter_digest(&b));
	assert_false(fo_filter_equal(&a, &b));
	b = a;
	b.http = true;
	assert_false(fo_filter_equal(&a, &b));
	b = a;
	b.ports = 1;
	assert_false(fo_filter_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(no_port),
		cmocka_unit_test(first_one_decides),
		cmocka_unit_test(http),
		cmocka_unit_test(what_there_is_to_judge),
		cmocka_unit_test(digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

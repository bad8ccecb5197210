// SPDX-License-Identifier: GPL-2.0
/* Ranges of addresses, and which of them are announced on which interface. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grammar.h"
#include "pool.h"

static const char lines[] =
	"interface in nameif inside\n"
	" ip address 10.10.0.254/24 standby 10.10.0.253\n"
	" ipv6 address fd00:10::254/64 standby fd00:10::253\n"
	"interface out nameif outside\n"
	" ip address 203.0.113.2/24 standby 203.0.113.3\n"
	" ipv6 address 2001:db8::2/64\n"
	"interface p2p nameif line\n"
	" ip address 192.0.2.0/31\n";

static struct fo_config config;
static struct fo_ranges ranges;
static struct fo_pool pool;

static int setup(void **state)
{
	FILE *f = fmemopen((void *)lines, strlen(lines), "r");
	struct fo_error e;

	(void)state;
	config_init(&config);
	if (grammar_read(&config, f, &e))
		return -1;
	fclose(f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pool_free(&ranges);
	config_free(&config);
	return 0;
}

/* "FIRST-LAST" or "FIRST" */
static bool add(const char *text, const char *ifname)
{
	unsigned char first[ADDR_BYTES_MAX], last[ADDR_BYTES_MAX];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;
	char copy[128], *dash;

	snprintf(copy, sizeof(copy), "%s", text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = '\0';
	assert_true(addr_parse(family, copy, first));
	assert_true(addr_parse(family, dash ? dash : copy, last));
	return pool_add(&ranges, family, first, last, ifname);
}

/* All claims as "ifname addr, ifname addr". */
static void claims_are(const char *want)
{
	char text[512] = "", addr[ADDR_TEXT_MAX];
	unsigned int i;
	size_t at = 0;

	pool_fill(&pool, &ranges, &config);
	for (i = 0; i < pool.n; i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%s %s",
			       i ? ", " : "",
			       config.ifc[pool.claim[i].ifc].ifname,
			       addr_text(pool.claim[i].family,
					 pool.claim[i].addr, addr));
	assert_string_equal(text, want);
}

static void joins(void **state)
{
	(void)state;
	add("10.0.0.5-10.0.0.9", "");
	add("10.0.0.1-10.0.0.3", "");
	add("10.0.0.4", "");
	add("10.0.0.2-10.0.0.6", "");
	add("10.0.0.11", "");
	add("10.0.0.10", "in");
	add("255.255.255.255", "");
	add("::", "");
	add("::ffff", "");
	pool_join(&ranges);
	assert_int_equal(ranges.n, 6);
	assert_int_equal(ranges.range[0].first[3], 1);
	assert_int_equal(ranges.range[0].last[3], 9);
	assert_false(add("10.0.0.2-10.0.0.1", ""));
	assert_false(add("::2-::1", ""));
}

static void inside_a_prefix(void **state)
{
	(void)state;
	claims_are("");
	add("198.51.100.1", "");
	claims_are("");
	add("10.10.0.7", "");
	add("203.0.113.40-203.0.113.42", "");
	add("2001:db8::7-2001:db8::8", "");
	claims_are("in 10.10.0.7, out 203.0.113.40, out 203.0.113.41, out 203.0.113.42, out 2001:db8::7, out 2001:db8::8");
}

/* Those of the configuration are announced, or not, by others. */
static void not_those_of_the_configuration(void **state)
{
	(void)state;
	add("10.10.0.252-10.10.0.255", "");
	add("203.0.113.0-203.0.113.4", "");
	add("fd00:10::253-fd00:10::255", "");
	add("2001:db8::", "");
	claims_are("in 10.10.0.252, in fd00:10::255, out 203.0.113.1, out 203.0.113.4");
}

static void of_one_device(void **state)
{
	(void)state;
	add("10.10.0.7", "out");
	add("10.10.0.8", "in");
	add("10.10.0.8", "");
	claims_are("in 10.10.0.8");
}

/* Who translates into all of a segment does not own the hosts on it. */
static void whole_segments(void **state)
{
	(void)state;
	add("203.0.113.0-203.0.113.255", "");
	add("10.0.0.0-10.255.255.255", "");
	add("2001:db8::-2001:db8::ffff:ffff:ffff:ffff", "");
	claims_are("");
	assert_int_equal(pool.whole, 3);
	/* but what is ours by another word in it is */
	add("203.0.113.40", "");
	claims_are("out 203.0.113.40");
	pool_free(&ranges);
	add("203.0.113.1-203.0.113.254", "");
	add("10.10.0.5-10.10.0.6", "");
	claims_are("in 10.10.0.5, in 10.10.0.6");
	assert_int_equal(pool.whole, 1);
}

static void bounded(void **state)
{
	unsigned int i;

	(void)state;
	add("10.10.0.1-10.10.0.100", "");
	add("2001:db8::1:0-2001:db8::2:0", "");
	pool_fill(&pool, &ranges, &config);
	assert_int_equal(pool.n, POOL_MAX);
	assert_int_equal(pool.left, 100 + 0x10001 - POOL_MAX);
	pool_free(&ranges);
	add("2001:db8::1-2001:db8:0:0:ffff:ffff:ffff:fff0", "");
	pool_fill(&pool, &ranges, &config);
	assert_int_equal(pool.n, POOL_MAX);
	pool_free(&ranges);
	for (i = 0; i < POOL_RANGES_MAX; i++)
		assert_true(add("10.10.0.1", ""));
	assert_false(add("10.10.0.2", ""));
	assert_int_equal(ranges.lost, 1);
	claims_are("in 10.10.0.1");
}

/* Also what does not fit: the unit's own addresses are local routes of it. */
static void left_are_others(void **state)
{
	(void)state;
	add("10.10.0.1-10.10.0.9", "");
	add("2001:db8::1:0-2001:db8::1:ffff", "");
	add("2001:db8::2", "out");
	add("2001:db8::3", "out");
	pool_fill(&pool, &ranges, &config);
	assert_int_equal(pool.n, POOL_MAX);
	assert_int_equal(pool.left, 9 + 0x10000 + 1 - POOL_MAX);
	/* in what is claimed, and before it, with ours in it */
	add("2001:db8::1:5", "out");
	add("2001:db8::-2001:db8::8", "out");
	pool_fill(&pool, &ranges, &config);
	assert_int_equal(pool.n, POOL_MAX);
	assert_int_equal(pool.left, 9 + 0x10000 + 7 - POOL_MAX);
}

static void prefixes(void **state)
{
	static const unsigned char a4[] = { 203, 0, 113, 133 };
	static const unsigned char a6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 9 };

	(void)state;
	assert_true(pool_add_prefix(&ranges, AF_INET, a4, 30, ""));
	assert_false(pool_add_prefix(&ranges, AF_INET, a4, 33, ""));
	assert_true(pool_add_prefix(&ranges, AF_INET6, a6, 128, ""));
	assert_false(pool_add_prefix(&ranges, AF_INET6, a6, 129, ""));
	claims_are("out 203.0.113.132, out 203.0.113.133, out 203.0.113.134, out 203.0.113.135, out 2001:db8::9");
	pool_free(&ranges);
	assert_true(pool_add_prefix(&ranges, AF_INET6, a6, 0, ""));
	assert_true(pool_add_prefix(&ranges, AF_INET, a4, 0, ""));
	claims_are("");
}

int main(void)
{
#define TEST(t)	cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(joins),
		TEST(inside_a_prefix),
		TEST(not_those_of_the_configuration),
		TEST(of_one_device),
		TEST(whole_segments),
		TEST(bounded),
		TEST(left_are_others),
		TEST(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* Routes as user objects, and lists of them: route.c. */

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "rng.h"
#include "route.h"
#include "test.h"

/* --- what is replicated ----------------------------------------------------- */

static const struct {
	const char *text;
	bool good;
	uint8_t protocol;
	uint32_t table;
} specs[] = {
	{ "static", true, RTPROT_STATIC, RT_TABLE_MAIN },
	{ "bgp table 100", true, RTPROT_BGP, 100 },
	{ "protocol 201", true, 201, RT_TABLE_MAIN },
	{ "protocol 201 table 4294967295", true, 201, UINT32_MAX },
	{ "", false, 0, 0 },
	{ "kernel", false, 0, 0 },
	{ "protocol 2", false, 0, 0 },
	{ "protocol 256", false, 0, 0 },
	{ "protocol 70", false, 0, 0 },	/* what it installs itself */
	{ "protocol", false, 0, 0 },
	{ "static table 0", false, 0, 0 },
	{ "static table 255", false, 0, 0 },
	{ "static table", false, 0, 0 },
	{ "static table 5 6", false, 0, 0 },
	{ "a-word-that-is-too-long-for-one", false, 0, 0 },
};

static void parsed(void **state)
{
	struct route_spec s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		printf("# %s\n", specs[i].text);
		assert_int_equal(route_spec_parse(&s, specs[i].text),
				 specs[i].good);
		if (!specs[i].good)
			continue;
		assert_int_equal(s.protocol, specs[i].protocol);
		assert_int_equal(s.table, specs[i].table);
	}
}

static void chosen(void **state)
{
	struct route_spec s;
	char text[16];

	(void)state;
	assert_true(route_spec_parse(&s, "static"));
	assert_true(route_spec_has(&s, RTPROT_STATIC, RT_TABLE_MAIN));
	assert_true(route_spec_has(&s, RTPROT_BOOT, RT_TABLE_MAIN));
	assert_false(route_spec_has(&s, RTPROT_BGP, RT_TABLE_MAIN));
	assert_false(route_spec_has(&s, RTPROT_STATIC, 100));
	assert_true(route_spec_parse(&s, "bgp"));
	assert_false(route_spec_has(&s, RTPROT_BOOT, RT_TABLE_MAIN));
	assert_false(route_is_dynamic(RTPROT_BOOT));
	assert_false(route_is_dynamic(RTPROT_STATIC));
	assert_true(route_is_dynamic(RTPROT_BIRD));
	assert_string_equal(route_protocol_text(RTPROT_OSPF, text), "ospf");
	assert_string_equal(route_protocol_text(255, text), "protocol 255");
}

/* --- as objects -------------------------------------------------------------- */

static void random_hop(struct rng *rng, struct route_hop *h)
{
	size_t len = 1 + rng_below(rng, sizeof(h->dev) - 1);

	h->named = rng_below(rng, 2);
	h->onlink = rng_below(rng, 2);
	h->weight = rng_next(rng);
	while (len--)
		h->dev[len] = 'a' + rng_below(rng, 26);
	h->family = (int[]){ 0, AF_INET, AF_INET6 }[rng_below(rng, 3)];
	rng_fill(rng, h->via, h->family ? addr_len(h->family) : 0);
}

static void random_route(struct rng *rng, struct route *r)
{
	unsigned int i;

	memset(r, 0, sizeof(*r));
	r->family = rng_below(rng, 2) ? AF_INET : AF_INET6;
	r->tos = rng_next(rng);
	r->prefix = rng_below(rng, addr_bits(r->family) + 1);
	r->table = rng_next(rng);
	r->metric = rng_next(rng) % (UINT32_MAX - ROUTE_METRIC);
	rng_fill(rng, r->dst, addr_len(r->family));
	r->protocol = rng_next(rng);
	r->scope = rng_next(rng);
	r->pref = rng_next(rng);
	r->has_src = rng_below(rng, 2);
	rng_fill(rng, r->src, r->has_src ? addr_len(r->family) : 0);
	for (i = 1; i < ROUTE_METRICS; i++)
		r->attr[i] = rng_below(rng, 2) ? rng_next(rng) : 0;
	r->n_hops = rng_below(rng, ROUTE_HOPS + 1);
	r->type = r->n_hops ? RTN_UNICAST : RTN_BLACKHOLE;
	for (i = 0; i < r->n_hops; i++)
		random_hop(rng, &r->hop[i]);
}

/* Whatever a route is, it is the same afterwards; routelist_add() sorts the hops. */
static void there_and_back(void **state)
{
	struct rng rng = { .x = 11 };
	struct routelist l = { .n = 0 };
	struct route r, got;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		random_route(&rng, &r);
		assert_true(routelist_add(&l, &r));
		assert_true(route_read(&got, &l.item[0]));
		assert_memory_equal(&r, &got, sizeof(r));
		routelist_free(&l);
	}
}

/* The kernel may tell of the hops in another order than before. */
static void any_order(void **state)
{
	struct route r = { .family = AF_INET6, .type = RTN_UNICAST, .n_hops = 3,
			   .hop = { { .dev = "b", .via = { 2 } },
				    { .dev = "b", .via = { 1 } },
				    { .dev = "a", .via = { 3 } } } };
	struct route other = r;
	struct routelist l = { .n = 0 };

	(void)state;
	other.hop[0] = r.hop[2];
	other.hop[2] = r.hop[0];
	other.hop[0].family = other.hop[1].family = other.hop[2].family = AF_INET6;
	r.hop[0].family = r.hop[1].family = r.hop[2].family = AF_INET6;
	assert_true(routelist_add(&l, &r));
	assert_true(routelist_add(&l, &other));
	assert_int_equal(l.item[0].len, l.item[1].len);
	assert_memory_equal(l.item[0].value, l.item[1].value, l.item[0].len);
	routelist_free(&l);
}

/* Anybody may write an object: what is no route is none, and nothing is overrun. */
static void damaged(void **state)
{
	struct rng rng = { .x = 12 };
	struct routelist l = { .n = 0 };
	struct routeitem e;
	struct route r;
	unsigned char *exact;
	int i, good = 0;

	(void)state;
	for (i = 0; i < 10000; i++) {
		random_route(&rng, &r);
		assert_true(routelist_add(&l, &r));
		e = l.item[0];
		if (rng_below(&rng, 2))
			e.key_len = rng_below(&rng, e.key_len + 1);
		if (rng_below(&rng, 2))
			e.len = rng_below(&rng, e.len + 1);
		e.key[rng_below(&rng, sizeof(e.key))] ^= rng_next(&rng);
		exact = malloc(e.len + 1u);
		memcpy(exact, e.value, e.len);
		exact[rng_below(&rng, e.len + 1u)] ^= rng_next(&rng);
		e.value = realloc(exact, e.len ? e.len : 1);
		good += route_read(&r, &e);
		assert_true(r.n_hops <= ROUTE_HOPS);
		free(e.value);
		routelist_free(&l);
	}
	printf("# %d of %d were routes all the same\n", good, i);
	assert_in_range(good, 1, i / 2);
}

static struct route simple(const char *dst, uint32_t metric)
{
	struct route r = { .family = AF_INET, .table = RT_TABLE_MAIN,
			   .prefix = 24, .metric = metric,
			   .protocol = RTPROT_STATIC, .type = RTN_UNICAST,
			   .n_hops = 1, .hop = { { .dev = "out" } } };

	assert_int_equal(inet_pton(AF_INET, dst, r.dst), 1);
	return r;
}

/* What would take packets in, or cannot be told from others here. */
static void refused(void **state)
{
	static const uint8_t types[] = { RTN_LOCAL, RTN_BROADCAST, RTN_ANYCAST,
					 RTN_MULTICAST, RTN_NAT, 0, 255,
					 RTN_UNREACHABLE };
	struct routelist l = { .n = 0 };
	struct route r, got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(types); i++) {
		r = simple("10.0.0.0", 1);
		r.type = types[i];
		assert_true(routelist_add(&l, &r));
		assert_false(route_read(&got, &l.item[i]));
	}
	r = simple("10.0.0.0", 1);
	r.n_hops = 0;
	assert_true(routelist_add(&l, &r));
	assert_false(route_read(&got, &l.item[i]));
	/* behind all others it would come before them */
	r = simple("10.0.0.0", UINT32_MAX - ROUTE_METRIC + 1);
	assert_true(routelist_add(&l, &r));
	assert_false(route_read(&got, &l.item[i + 1]));
	r = simple("10.0.0.0", UINT32_MAX - ROUTE_METRIC);
	assert_true(routelist_add(&l, &r));
	assert_true(route_read(&got, &l.item[i + 2]));
	routelist_free(&l);
}

static void in_words(void **state)
{
	struct route r = simple("10.1.2.0", 0);
	char text[ROUTE_TEXT];

	(void)state;
	assert_string_equal(route_text(&r, text), "10.1.2.0/24");
	r.metric = 20;
	r.table = 100;
	assert_string_equal(route_text(&r, text),
			    "10.1.2.0/24 metric 20 table 100");
	r.family = AF_INET6;
	memset(r.dst, 0xff, sizeof(r.dst));
	r.prefix = 128;
	r.metric = r.table = UINT32_MAX;
	assert_true(strlen(route_text(&r, text)) < sizeof(text));
}

/* --- lists ------------------------------------------------------------------- */

static char said[256];
static bool refuse;

static bool say(char what, const struct routeitem *e)
{
	size_t at = strlen(said);
	struct route r;

	assert_true(route_read(&r, e));
	snprintf(said + at, sizeof(said) - at, "%s%c%u", at ? " " : "", what,
		 r.metric);
	return !refuse;
}

static bool put(void *ctx, const struct routeitem *e)
{
	(void)ctx;
	return say('+', e);
}

static bool del(void *ctx, const struct routeitem *e)
{
	(void)ctx;
	return say('-', e);
}

static void add(struct routelist *l, uint32_t metric, uint8_t protocol,
		const char *dev)
{
	struct route r = simple("10.0.0.0", metric);

	r.protocol = protocol;
	strcpy(r.hop[0].dev, dev);
	assert_true(routelist_add(l, &r));
}

static void differs(struct routelist *now, struct routelist *told,
		    const struct routediff_ops *ops, const char *want)
{
	said[0] = 0;
	routediff(now, told, ops, NULL);
	assert_string_equal(said, want);
	routelist_free(now);
}

static void differences(void **state)
{
	const struct routediff_ops all = { put, del, false };
	const struct routediff_ops only = { put, NULL, true };
	struct routelist now = { .n = 0 }, told = { .n = 0 };

	(void)state;
	add(&now, 3, RTPROT_BGP, "a");
	add(&now, 1, RTPROT_BGP, "a");
	differs(&now, &told, &all, "+1 +3");
	/* the same once more; one is another one, one is gone, one is new */
	add(&now, 1, RTPROT_BGP, "a");
	add(&now, 3, RTPROT_BGP, "a");
	differs(&now, &told, &all, "");
	add(&now, 3, RTPROT_BGP, "b");
	add(&now, 4, RTPROT_BGP, "a");
	differs(&now, &told, &all, "-1 +3 +4");
	/* who made it counts for one and not for the other */
	add(&now, 3, RTPROT_OSPF, "b");
	differs(&now, &told, &only, "");
	assert_int_equal(told.n, 2);
	add(&now, 3, RTPROT_OSPF, "b");
	add(&now, 4, RTPROT_BGP, "a");
	differs(&now, &told, &all, "+3");
	/* what could not be done is done again */
	refuse = true;
	add(&now, 5, RTPROT_BGP, "a");
	add(&now, 4, RTPROT_BGP, "c");
	differs(&now, &told, &all, "-3 +4 +5");
	refuse = false;
	assert_int_equal(told.n, 2);
	add(&now, 5, RTPROT_BGP, "a");
	add(&now, 4, RTPROT_BGP, "c");
	differs(&now, &told, &all, "-3 +4 +5");
	routelist_free(&told);
}

static void found(void **state)
{
	struct routelist l = { .n = 0 }, other = { .n = 0 };

	(void)state;
	add(&other, 7, RTPROT_BGP, "z");
	assert_null(routelist_find(&l, &other.item[0]));
	add(&l, 9, RTPROT_BGP, "a");
	add(&l, 7, RTPROT_STATIC, "a");
	add(&l, 9, RTPROT_BGP, "b");
	add(&l, 8, RTPROT_BGP, "a");
	assert_int_equal(routelist_sort(&l), 1);
	assert_int_equal(l.n, 3);
	assert_ptr_equal(routelist_find(&l, &other.item[0]), &l.item[0]);
	routelist_drop_last(&other);
	add(&other, 6, RTPROT_BGP, "a");
	assert_null(routelist_find(&l, &other.item[0]));
	routelist_free(&l);
	routelist_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsed),
		cmocka_unit_test(chosen),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(any_order),
		cmocka_unit_test(damaged),
		cmocka_unit_test(refused),
		cmocka_unit_test(in_words),
		cmocka_unit_test(differences),
		cmocka_unit_test(found),
	};

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}

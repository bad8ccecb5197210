// SPDX-License-Identifier: GPL-2.0
/* Lists of SAs and policies, whose they are, how they differ: ipsec_list.c. */

#include <stdio.h>

#include "ipsec_list.h"
#include "test.h"

static char said[256];
static bool refuse;

static bool say(const char *what, const struct ipsec_item *i)
{
	size_t at = strlen(said);

	snprintf(said + at, sizeof(said) - at, "%s%s%s%.*s", at ? " " : "",
		 what, i->policy ? "p" : "", (int)i->key_len,
		 (const char *)i->key);
	return !refuse;
}

static bool put(void *ctx, const struct ipsec_item *i)
{
	(void)ctx;
	assert_non_null(i->value);
	return say("+", i);
}

static bool del(void *ctx, const struct ipsec_item *i)
{
	(void)ctx;
	return say("-", i);
}

static const struct ipsec_ops ops = { put, del };

static void add(struct ipsec_list *l, bool policy, const char *key,
		const char *value)
{
	struct ipsec_item i = {
		.policy = policy, .key_len = strlen(key),
		.len = strlen(value), .value = (unsigned char *)value,
	};

	memcpy(i.key, key, i.key_len);
	assert_true(ipsec_list_add(l, &i, true));
}

/* What is said to get from @told to "b=NEW pa=X". */
static void says(struct ipsec_list *told, const char *new, bool with_del,
		 const char *want)
{
	const struct ipsec_ops only = { put, NULL };
	struct ipsec_list now = { .n = 0 };

	said[0] = 0;
	add(&now, true, "a", "x");
	add(&now, false, "b", new);
	ipsec_diff(&now, told, with_del ? &ops : &only, NULL);
	ipsec_list_free(&now);
	assert_string_equal(said, want);
}

static void differ(void **state)
{
	struct ipsec_list told = { .n = 0 };

	(void)state;
	/* SAs before policies, and what goes last */
	add(&told, false, "a", "1");
	says(&told, "1", true, "+b +pa -a");
	says(&told, "1", true, "");
	says(&told, "2", true, "+b");
	says(&told, "2", true, "");
	ipsec_list_free(&told);
	add(&told, false, "z", "1");
	says(&told, "2", false, "+b +pa");
	says(&told, "2", true, "-z");
	ipsec_list_free(&told);
}

/* What failed is done again, and goes in the end. */
static void failed(void **state)
{
	struct ipsec_list told = { .n = 0 }, none = { .n = 0 };

	(void)state;
	refuse = true;
	says(&told, "1", true, "+b +pa");
	assert_int_equal(told.n, 0);
	refuse = false;
	says(&told, "1", true, "+b +pa");
	refuse = true;
	says(&told, "2", true, "+b");
	says(&told, "1", true, "+b");
	said[0] = 0;
	ipsec_diff(&none, &told, &ops, NULL);
	assert_string_equal(said, "-b -pa");
	assert_int_equal(told.n, 2);
	refuse = false;
	said[0] = 0;
	ipsec_diff(&none, &told, &ops, NULL);
	assert_string_equal(said, "-b -pa");
	assert_int_equal(told.n, 0);
	ipsec_list_free(&told);
}

/* Values are nowhere but in what is to be put. */
static void values(void **state)
{
	struct ipsec_list told = { .n = 0 };
	size_t i;

	(void)state;
	says(&told, "1", true, "+b +pa");
	for (i = 0; i < told.n; i++)
		assert_null(told.item[i].value);
	ipsec_list_free(&told);
}

static void many(void **state)
{
	struct ipsec_list now = { .n = 0 }, told = { .n = 0 };
	char key[16];
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "%d", i * 7919 % 1000);
		add(&now, false, key, key);
	}
	said[0] = 0;
	ipsec_diff(&now, &told, &ops, NULL);
	assert_int_equal(told.n, 1000);
	said[0] = 0;
	ipsec_diff(&now, &told, &ops, NULL);
	assert_string_equal(said, "");
	ipsec_list_free(&now);
	ipsec_list_free(&told);
}

static void whose(void **state)
{
	struct fo_ifc ifc[2] = {
		{ .n_addrs = 1, .addr[0] = {
			.family = AF_INET, .active = { 203, 0, 113, 2 },
			.standby = { 203, 0, 113, 3 }, .has_standby = true } },
		{ .n_addrs = 1, .addr[0] = {
			.family = AF_INET6, .active = { 0xfd, [15] = 2 } } },
	};
	struct fo_config c = { .ifc = ifc, .n_ifcs = 2 };
	struct ipsec_pair pair = { .n = 0 };
	struct ipsec_sa sa = { .family = 4, .src = { 203, 0, 113, 2 },
			       .dst = { 192, 0, 2, 1 } };
	struct ipsec_policy p = {
		.sel = { .family = 4, .src = { 203, 0, 113, 2 }, .src_len = 32 },
		.n_tmpls = 1, .tmpl[0] = { .family = 4, .mode = 1 },
	};

	(void)state;
	assert_false(ipsec_pair_sa(&pair, &sa));
	assert_true(ipsec_pair_set(&pair, &c));
	assert_true(ipsec_pair_set(&pair, &c));
	assert_int_equal(pair.n, 2);
	assert_true(ipsec_pair_sa(&pair, &sa));
	sa.src[3] = 3;
	assert_false(ipsec_pair_sa(&pair, &sa));
	sa.dst[0] = 203, sa.dst[1] = 0, sa.dst[2] = 113, sa.dst[3] = 2;
	assert_true(ipsec_pair_sa(&pair, &sa));
	sa.family = 6;
	assert_false(ipsec_pair_sa(&pair, &sa));
	/* a tunnel's ends are in its template, those of transport mode are not */
	assert_false(ipsec_pair_policy(&pair, &p));
	p.tmpl[0].mode = 0;
	assert_true(ipsec_pair_policy(&pair, &p));
	p.sel.src_len = 24;
	assert_false(ipsec_pair_policy(&pair, &p));
	p.tmpl[0] = (struct ipsec_tmpl) { .family = 6, .mode = 1,
					  .dst = { 0xfd, [15] = 2 } };
	assert_true(ipsec_pair_policy(&pair, &p));
	c.n_ifcs = 0;
	assert_true(ipsec_pair_set(&pair, &c));
	assert_false(ipsec_pair_policy(&pair, &p));
	ipsec_pair_free(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differ),
		cmocka_unit_test(failed),
		cmocka_unit_test(values),
		cmocka_unit_test(many),
		cmocka_unit_test(whose),
	};

	return cmocka_run_group_tests_name("ipsec_list", tests, NULL, NULL);
}

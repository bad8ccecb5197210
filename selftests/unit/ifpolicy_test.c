// SPDX-License-Identifier: GPL-2.0
/* The interface policy: two units, up to four interfaces, all of their states. */
#include "test.h"

#include "ifpolicy.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_
#define IFCS	4
#define STATES	(I(UNMONITORED) + 1)
#define PAIRS	(STATES * STATES)

/* Which states count, one letter a state: '-' no, 'x' failed, 'u' not at all. */
static const char counts[] = {
	[I(UNKNOWN)]	 = '-', [I(NORMAL)]    = '-', [I(WAITING)]     = '-',
	[I(TESTING)]	 = '-', [I(FAILED)]    = 'x', [I(NO_LINK)]     = 'x',
	[I(LINK_DOWN)]	 = 'x', [I(UNMONITORED)] = 'u',
};

/*
 * Whether so many failures are too many: for 0 to 4 monitored interfaces, a
 * letter for 0, 1, ... of them that failed.
 */
static const struct {
	struct ifpolicy policy;
	const char *met[IFCS + 1];
} rows[] = {
	{ { 1, 0 },   { "-", "-x", "-xx", "-xxx", "-xxxx" } },
	{ { 2, 0 },   { "-", "--", "--x", "--xx", "--xxx" } },
	{ { 3, 0 },   { "-", "--", "---", "---x", "---xx" } },
	{ { 4, 0 },   { "-", "--", "---", "----", "----x" } },
	{ { 5, 0 },   { "-", "--", "---", "----", "-----" } },
	{ { 0, 1 },   { "-", "-x", "-xx", "-xxx", "-xxxx" } },
	{ { 0, 25 },  { "-", "-x", "-xx", "-xxx", "--xxx" } },
	{ { 0, 33 },  { "-", "-x", "-xx", "-xxx", "--xxx" } },
	{ { 0, 50 },  { "-", "-x", "--x", "--xx", "---xx" } },
	{ { 0, 75 },  { "-", "-x", "--x", "---x", "----x" } },
	{ { 0, 100 }, { "-", "-x", "--x", "---x", "----x" } },
	/* not configured */
	{ { 0, 0 },   { "-", "-x", "--x", "---x", "----x" } },
};

static struct ifpolicy_ifc pair(unsigned int i)
{
	return (struct ifpolicy_ifc) { 1, i / STATES, i % STATES };
}

static void turn_round(struct ifpolicy_ifc *to, const struct ifpolicy_ifc *ifc,
		       unsigned int n)
{
	for (; n; n--, ifc++, to++)
		*to = (struct ifpolicy_ifc) { ifc->weight, ifc->mate,
					      ifc->here };
}

static void check(const struct ifpolicy_ifc *ifc, unsigned int n)
{
	unsigned int i, monitored = 0, failed = 0, mate = 0;
	struct ifpolicy_ifc round[IFCS];
	struct ifpolicy_sum s, other;
	bool met, unfit;

	for (i = 0; i < n; i++) {
		monitored += counts[ifc[i].here] != 'u';
		failed += counts[ifc[i].here] == 'x';
		mate += counts[ifc[i].mate] == 'x';
	}
	turn_round(round, ifc, n);
	s = ifpolicy_sum(ifc, n);
	other = ifpolicy_sum(round, n);
	for (i = 0; i < N(rows); i++) {
		met = rows[i].met[monitored][failed] == 'x';
		unfit = ifpolicy_unfit(&rows[i].policy, &s);
		if (ifpolicy_met(&rows[i].policy, &s) != met ||
		    unfit != (met && failed > mate))
			fail_msg("policy %u, %u%%: %u failed of %u, %u of the mate's",
				 rows[i].policy.number, rows[i].policy.percent,
				 failed, monitored, mate);
		/* who takes over is not worse itself */
		if (unfit)
			assert_false(ifpolicy_unfit(&rows[i].policy, &other));
	}
}

/* Their order does not matter: each set of states once. */
static void all_states(void **state)
{
	struct ifpolicy_ifc ifc[IFCS] = { { .weight = 0 } };
	unsigned int a, b, c, d;

	(void)state;
	check(ifc, 0);
	for (a = 0; a < PAIRS; a++) {
		ifc[0] = pair(a);
		check(ifc, 1);
		for (b = 0; b <= a; b++) {
			ifc[1] = pair(b);
			check(ifc, 2);
			for (c = 0; c <= b; c++) {
				ifc[2] = pair(c);
				check(ifc, 3);
				for (d = 0; d <= c; d++) {
					ifc[3] = pair(d);
					check(ifc, 4);
				}
			}
		}
	}
}

/* It does not, indeed. */
static void any_order(void **state)
{
	struct ifpolicy_ifc ifc[IFCS], turned[IFCS];
	struct ifpolicy_sum a, b;
	struct rng rng = { 3 };
	unsigned int i, n;

	(void)state;
	for (n = 0; n < 10000; n++) {
		for (i = 0; i < IFCS; i++)
			ifc[i] = pair(rng_below(&rng, PAIRS));
		for (i = 0; i < IFCS; i++)
			turned[i] = ifc[(i + n) % IFCS];
		a = ifpolicy_sum(ifc, IFCS);
		b = ifpolicy_sum(turned, IFCS);
		assert_memory_equal(&a, &b, sizeof(a));
	}
}

/* What counts for three, and what for none. */
static void weights(void **state)
{
	static const struct ifpolicy two = { 2, 0 }, half = { 0, 50 },
				     none = { 0, 0 };
	struct ifpolicy_ifc ifc[] = {
		{ 3, I(NO_LINK), I(NORMAL) },
		{ 1, I(NORMAL), I(FAILED) },
		{ 1, I(NORMAL), I(FAILED) },
		{ 0, I(FAILED), I(FAILED) },
	};
	struct ifpolicy_sum s = ifpolicy_sum(ifc, N(ifc));

	(void)state;
	assert_int_equal(s.monitored, 5);
	assert_int_equal(s.failed, 3);
	assert_int_equal(s.mate_failed, 2);
	assert_true(ifpolicy_unfit(&two, &s));
	assert_true(ifpolicy_unfit(&half, &s));
	assert_false(ifpolicy_unfit(&none, &s));
	/* all that count */
	ifc[1].here = ifc[2].here = I(LINK_DOWN);
	s = ifpolicy_sum(ifc, N(ifc));
	assert_true(ifpolicy_unfit(&none, &s));
	ifc[0].weight = 1;
	ifc[0].mate = I(FAILED);
	s = ifpolicy_sum(ifc, N(ifc));
	/* the mate has it no better */
	assert_true(ifpolicy_met(&two, &s));
	assert_false(ifpolicy_unfit(&two, &s));
	assert_false(ifpolicy_unfit(&none, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_states),
		cmocka_unit_test(any_order),
		cmocka_unit_test(weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

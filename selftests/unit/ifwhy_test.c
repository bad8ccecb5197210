// SPDX-License-Identifier: GPL-2.0
/* What is said of an interface of which the mate is not heard as it should be. */
#include "test.h"

#include <sys/socket.h>

#include "ifwhy.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define ACTIVE	NF_FAILOVER_ROLE_ACTIVE
#define STANDBY	NF_FAILOVER_ROLE_STANDBY

static const struct fo_ifc inside = {
	.nameif = "inside", .n_addrs = 3, .mate_mac = { 2, 0, 0, 0, 0, 9 },
	.addr = {
		{ AF_INET, 24, true, { 10, 0, 0, 1 }, { 10, 0, 0, 2 }, 0 },
		{ AF_INET, 24, false, { 10, 9, 0, 1 }, { 0 }, 0 },
		{ AF_INET6, 64, true, { 0xfd, [15] = 1 }, { 0xfd, [15] = 2 },
		  0 },
	},
};

/* Of a mate that is standby, and has the same. */
static const struct ifhello good = {
	.role = STANDBY, .hears = true, .nameif = "inside", .n_addrs = 2,
	.addr = {
		{ AF_INET6, { 0xfd, [15] = 2 }, { 0xfd, [15] = 1 } },
		{ AF_INET, { 10, 0, 0, 2 }, { 10, 0, 0, 1 } },
	},
};

static void turn(struct ifhello *h)
{
	unsigned int i;

	h->role = !h->role;
	for (i = 0; i < h->n_addrs; i++) {
		struct ifhello_addr a = h->addr[i];

		memcpy(h->addr[i].own, a.mate, sizeof(a.mate));
		memcpy(h->addr[i].mate, a.own, sizeof(a.own));
	}
}

/* The same in either role. */
static void differs(const struct ifhello *from, const char *want)
{
	char text[NF_FAILOVER_REASON_MAX] = "";
	struct ifhello h = *from;
	int i;

	for (i = 0; i < 2; i++) {
		if (want)
			assert_true(ifwhy_differs(text, sizeof(text), &inside,
						  &h));
		else
			assert_false(ifwhy_differs(text, sizeof(text),
						   &inside, &h));
		assert_string_equal(text, want ? want : "");
		turn(&h);
	}
}

static void addresses(void **state)
{
	struct ifhello h = good;

	(void)state;
	differs(&good, NULL);
	h.addr[1].own[3] = 7;
	differs(&h, "Mate's standby address is 10.0.0.7, here 10.0.0.2");
	h = good;
	h.addr[0].mate[15] = 7;
	differs(&h, "Mate's active address is fd00::7, here fd00::1");
	h = good;
	h.n_addrs = 1;
	differs(&h, "Mate has no 10.0.0.1 with a standby address");
	h = good;
	h.addr[1].family = AF_INET6;
	differs(&h, "Mate has no 10.0.0.1 with a standby address");
	h = good;
	h.addr[h.n_addrs++] = (struct ifhello_addr) {
		AF_INET, { 10, 5, 0, 2 }, { 10, 5, 0, 1 } };
	differs(&h, "Mate has 3 addresses here, this unit 2");
	h.n_addrs = 0;
	differs(&h, "Mate has no 10.0.0.1 with a standby address");
}

/* A hello has no room for more than these, so nothing is known of the others. */
static void many_addresses(void **state)
{
	struct ifhello h = { .role = STANDBY, .n_addrs = IFHELLO_ADDRS };
	char text[NF_FAILOVER_REASON_MAX];

	(void)state;
	assert_false(ifwhy_differs(text, sizeof(text), &inside, &h));
}

/* Nothing is written behind the end, however long addresses are. */
static void long_texts(void **state)
{
	char *text = (char *)exact(NULL, NF_FAILOVER_REASON_MAX);
	struct ifhello h = good;
	struct fo_ifc ifc = inside;

	(void)state;
	memset(&ifc.addr[2].active, 0xfd, 16);
	memset(&ifc.addr[2].standby, 0xfe, 16);
	memset(&h.addr[0].own, 0xfc, 16);
	memset(&h.addr[0].mate, 0xfd, 16);
	assert_true(ifwhy_differs(text, NF_FAILOVER_REASON_MAX, &ifc, &h));
	assert_in_range(strlen(text), 60, NF_FAILOVER_REASON_MAX - 1);
	exact_free((u8 *)text, NF_FAILOVER_REASON_MAX);
}

static void words(void **state)
{
	struct ifhello wrong = good, deaf = good;
	struct fo_ifc lost = inside;
	const struct {
		struct ifwhy why;
		const char *want;
	} rows[] = {
		{ { "C", &inside, true, true, &good, "" }, "C" },
		{ { "C", &inside, true, true, &deaf, "" },
		  "C, but mate does not hear this unit" },
		{ { "C", &inside, true, true, &wrong, "" },
		  "Mate's standby address is 10.0.0.7, here 10.0.0.2" },
		/* what it said before it was missed is old */
		{ { "C", &inside, true, false, &wrong, "" },
		  "C; mate is 02:00:00:00:00:09" },
		{ { "C", &inside, true, false, &good, "outside" },
		  "C; heard mate's interface outside instead" },
		{ { "C", &lost, true, false, &good, "" },
		  "C; mate tells of no interface inside" },
		{ { "C", &inside, false, false, &good, "" },
		  "C: no key of the link is known here" },
	};
	char text[NF_FAILOVER_REASON_MAX];
	unsigned int i;

	(void)state;
	wrong.addr[1].own[3] = 7;
	deaf.hears = false;
	memset(lost.mate_mac, 0, sizeof(lost.mate_mac));
	for (i = 0; i < N(rows); i++) {
		ifwhy(text, sizeof(text), &rows[i].why);
		assert_string_equal(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(many_addresses),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

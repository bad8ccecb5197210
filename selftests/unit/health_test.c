// SPDX-License-Identifier: GPL-2.0
/* "failover check": every condition of the table, and none without a cause. */
#include "test.h"

#include "health.h"

#define S(state_)	NF_FAILOVER_STATE_##state_
#define L(status_)	NF_FAILOVER_LINK_STATUS_##status_
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_
#define ACTIVE		NF_FAILOVER_ROLE_ACTIVE
#define STANDBY		NF_FAILOVER_ROLE_STANDBY

static struct fo_show before, now;
static struct fo_ifc own[2], mates[2];
static struct fo_row classes[1], counters[2];

bool nl_peer_alive(const struct fo_show *show)
{
	return show->other.known && show->other.state != S(FAILED) &&
	       show->other.state != S(NOT_DETECTED);
}

/* An active unit of a pair that is well, at two moments. */
static void well(void)
{
	own[0] = (struct fo_ifc) { .nameif = "inside", .status = I(NORMAL) };
	own[1] = (struct fo_ifc) { .nameif = "dmz", .status = I(UNMONITORED) };
	memcpy(mates, own, sizeof(mates));
	classes[0] = (struct fo_row) { .name = "TCP conn",
				       .v = { 10, 1, 0, 1 } };
	counters[0] = (struct fo_row) { .name = "tx-errors", .v = { 5 } };
	counters[1] = (struct fo_row) { .name = "gate-drops", .v = { 5 } };
	now = (struct fo_show) {
		.config = {
			.enabled = true, .unit = NF_FAILOVER_UNIT_PRIMARY,
			.link = { { .name = "LAN",
				    .status = L(PEER_ALIVE) } },
			.ifc = own, .n_ifcs = 2,
		},
		.this = { .known = true, .role = ACTIVE, .state = S(ACTIVE),
			  .daemon = 1, .epoch = 3 },
		.other = { .known = true, .role = STANDBY, .daemon = 1,
			   .state = S(STANDBY_READY), .ifc = mates,
			   .n_ifcs = 2 },
		.classes = { classes, 1 },
		.counters = { counters, 2 },
	};
	before = now;
}

static void standby(void)
{
	well();
	now.this.role = STANDBY;
	now.this.state = S(STANDBY_READY);
	now.other.role = ACTIVE;
	now.other.state = S(ACTIVE);
}

/* What is wrong, in one line: "WARNING no-mate link". */
static void is(const char *want)
{
	char got[256];
	struct health h;
	unsigned int i;
	size_t n;

	health_judge(&h, &before, &now);
	n = snprintf(got, sizeof(got), "%s", health_word(h.level));
	for (i = 0; i < h.n; i++) {
		assert_true(h.finding[i].text[0]);
		assert_true(h.finding[i].level <= h.level);
		n += snprintf(got + n, sizeof(got) - n, " %s",
			      h.finding[i].name);
	}
	assert_string_equal(got, want);
}

static void ok(void **state)
{
	(void)state;
	well();
	is("OK");
	standby();
	is("OK");
	/* on its way up or down a unit is still active */
	well();
	now.this.state = S(ACTIVE_DRAIN);
	is("OK");
}

static void off(void **state)
{
	(void)state;
	well();
	now.config.enabled = false;
	now.other.known = false;
	is("WARNING off");
}

static void alone(void **state)
{
	(void)state;
	well();
	now.config.link[0].status = L(UP);
	now.other = (struct fo_host) { .known = false };
	is("WARNING no-mate");
	now.config.link[0].status = L(PEER_SILENT);
	now.other = (struct fo_host) { .known = true, .role = STANDBY,
				       .state = S(FAILED) };
	is("WARNING no-mate link");
	now.config.link[0].status = L(DOWN);
	is("WARNING no-mate link");
}

static void not_ready(void **state)
{
	static const uint32_t states[] = {
		S(DISABLED), S(NEGOTIATION), S(COLD_STANDBY), S(SYNC_CONFIG),
		S(BULK_SYNC),
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		well();
		now.other.state = states[i];
		is("WARNING mate-not-ready");
		standby();
		now.this.state = states[i];
		is("WARNING not-ready");
	}
}

static void nobody(void **state)
{
	(void)state;
	standby();
	now.other.role = STANDBY;
	now.other.state = S(STANDBY_READY);
	is("CRITICAL no-active");
	/* one that is not heard is not active, whatever it said last */
	standby();
	now.other.state = S(FAILED);
	now.config.link[0].status = L(PEER_SILENT);
	is("CRITICAL no-active no-mate link");
	/* but one that answers for the active addresses is */
	now.config.ifc[0].answer = NF_FAILOVER_ANSWER_MATE;
	is("WARNING no-mate link");
	now.config.ifc[0].answer = NF_FAILOVER_ANSWER_OTHER;
	is("CRITICAL no-active no-mate link");
	well();
	now.this.role = STANDBY;
	now.this.state = S(NEGOTIATION);
	is("CRITICAL no-active not-ready");
}

static void two(void **state)
{
	(void)state;
	well();
	now.other.role = ACTIVE;
	now.other.state = S(ACTIVE);
	is("CRITICAL two-active");
}

static void failed(void **state)
{
	(void)state;
	standby();
	now.this.state = S(FAILED);
	is("CRITICAL failed not-ready");
}

/* What is wrong with a pair that works all the same. */
static void differences(void **state)
{
	struct fo_difference d = { "failover interface-policy", "1", "2", 0 };

	(void)state;
	well();
	now.difference = &d;
	now.n_differences = 1;
	is("WARNING differs");
	strcpy(now.config.link[0].warning, "frames cannot be sent (-ENOBUFS)");
	is("WARNING link-warning differs");
	now.n_differences = 0;
	is("WARNING link-warning");
}

static void mismatch(void **state)
{
	(void)state;
	well();
	now.config.link[0].status = L(MISMATCH);
	strcpy(now.config.link[0].mismatch, "both units are primary");
	now.other.known = false;
	is("CRITICAL mismatch no-mate");
}

static void daemons(void **state)
{
	(void)state;
	well();
	now.this.daemon = 0;
	is("WARNING no-daemon");
	well();
	now.other.daemon = 0;
	is("WARNING mate-no-daemon");
}

static void links(void **state)
{
	(void)state;
	well();
	/* it is heard on the other one */
	now.config.link[1] = now.config.link[0];
	now.config.link[0].status = L(UP);
	is("WARNING link");
	now.config.link[1].status = L(DOWN);
	is("WARNING link link");
}

static void interfaces(void **state)
{
	static const uint32_t bad[] = { I(FAILED), I(NO_LINK), I(LINK_DOWN) };
	static const uint32_t good[] = { I(UNKNOWN), I(NORMAL), I(WAITING),
					 I(TESTING), I(UNMONITORED) };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		well();
		own[0].status = bad[i];
		is("WARNING interface");
		well();
		mates[0].status = bad[i];
		is("WARNING mate-interface");
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		well();
		own[0].status = good[i];
		mates[0].status = good[i];
		is("OK");
	}
}

static void helpers(void **state)
{
	(void)state;
	well();
	now.other.n_helpers = 1;
	strcpy(now.other.helper[0], "ftp");
	is("WARNING mate-helper");
	now.this.n_helpers = 1;
	strcpy(now.this.helper[0], "sip");
	is("WARNING helper mate-helper");
}

static void incomplete(void **state)
{
	(void)state;
	well();
	now.other.n_refused = 1;
	now.other.refused[0] = (struct fo_refused){ "ct-table-full", 12 };
	is("WARNING mate-incomplete");
	now.this.n_refused = 1;
	now.this.refused[0] = (struct fo_refused){ "expect-refused", 1 };
	is("WARNING incomplete mate-incomplete");
}

static void errors(void **state)
{
	struct fo_row more_classes[1], more[2];

	(void)state;
	well();
	memcpy(more, counters, sizeof(more));
	now.counters.row = more;
	more[1].v[0]++;
	is("OK");
	more[0].v[0]++;
	is("WARNING errors");
	/* the module was loaded anew */
	more[0].v[0] = 0;
	is("OK");
	memcpy(more_classes, classes, sizeof(more_classes));
	now.classes.row = more_classes;
	more_classes[0].v[0]++;
	is("OK");
	more_classes[0].v[1]++;
	is("WARNING errors");
	more_classes[0].v[3]++;
	is("WARNING errors errors");
}

/* More that is wrong than there is room for. */
static void crowded(void **state)
{
	static struct fo_ifc many[HEALTH_FINDINGS_MAX + 5];
	struct health h;
	unsigned int i;

	(void)state;
	well();
	for (i = 0; i < HEALTH_FINDINGS_MAX + 5; i++)
		many[i].status = I(FAILED);
	now.config.ifc = many;
	now.config.n_ifcs = HEALTH_FINDINGS_MAX + 5;
	health_judge(&h, &before, &now);
	assert_int_equal(h.n, HEALTH_FINDINGS_MAX);
	assert_int_equal(h.level, HEALTH_WARNING);
}

static void values(void **state)
{
	struct health_value v[16];
	unsigned int n;

	(void)state;
	well();
	n = health_values(v, 16, &now);
	assert_in_range(n, 8, 15);
	assert_string_equal(v[0].name, "epoch");
	assert_int_equal(v[0].value, 3);
	assert_int_equal(health_values(v, 3, &now), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ok),
		cmocka_unit_test(off),
		cmocka_unit_test(alone),
		cmocka_unit_test(not_ready),
		cmocka_unit_test(nobody),
		cmocka_unit_test(two),
		cmocka_unit_test(failed),
		cmocka_unit_test(differences),
		cmocka_unit_test(mismatch),
		cmocka_unit_test(daemons),
		cmocka_unit_test(links),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(helpers),
		cmocka_unit_test(incomplete),
		cmocka_unit_test(errors),
		cmocka_unit_test(crowded),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* What the daemon's driver makes of what it is asked for, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drive_fake.h"

/* A daemon that stood still hears late of what an operator wanted. */
static void asked_before_the_start(void **state)
{
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_ACTIVE,
				.this = { .known = true, .serial = "1" } };
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	other(S(ACTIVE));
	/* switched off and on again since */
	strcpy(kernel.this.serial, "2");
	drive_event(&d, &ask);
	assert_string_equal(did, "");
	strcpy(ask.this.serial, "2");
	drive_event(&d, &ask);
	assert_string_equal(did, "W");
}

/* The kernel had taken it for gone: nobody waits for that any more. */
static void asked_while_it_stood_still(void **state)
{
	const struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				      .ask = NF_FAILOVER_ASK_ACTIVE };
	struct fo_event daemon = { .type = NF_FAILOVER_EVENT_DAEMON };
	static struct fo_drive d;
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
		kernel.this.synced = 1;
		other(S(ACTIVE));
		kernel.this.daemon = !(i & 1);
		/* whichever of what it finds comes first */
		if (i & 2)
			drive_timer(&d, TIMER_TICK);
		drive_event(&d, &ask);
		assert_string_equal(did, i & 1 ? "" : "W");
		if (!(i & 1))
			continue;
		/* what comes after this, or when nothing waits, is news */
		drive_event(&d, &daemon);
		daemon.this.daemon = 1;
		if (i & 4)
			drive_event(&d, &daemon);
		else
			drive_heard(&d);
		drive_event(&d, &ask);
		assert_string_equal(did, "W");
		daemon.this.daemon = 0;
	}
}

/* What it finds it acts on at once. */
static void acts_when_it_comes_back(void **state)
{
	const struct fo_event changed = {
		.type = NF_FAILOVER_EVENT_PEER_CHANGED };
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(COLD_STANDBY));
	kernel.this.synced = 1;
	kernel.this.daemon = 0;
	other(S(ACTIVE));
	drive_event(&d, &changed);
	assert_int_equal(kernel.this.state, S(STANDBY_READY));
}

static void reloads(void **state)
{
	struct fo_event reload = { .type = NF_FAILOVER_EVENT_ASK,
				   .ask = NF_FAILOVER_ASK_RELOAD };
	static struct fo_drive d;

	(void)state;
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
	kernel.this.synced = 1;
	other(S(ACTIVE));
	drive_event(&d, &reload);
	assert_string_equal(did, "off on 2 +standby ");
	setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(ACTIVE));
	other(S(STANDBY_READY));
	drive_event(&d, &reload);
	assert_string_equal(did, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_before_the_start),
		cmocka_unit_test(asked_while_it_stood_still),
		cmocka_unit_test(acts_when_it_comes_back),
		cmocka_unit_test(reloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

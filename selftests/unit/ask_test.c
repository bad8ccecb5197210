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
	struct fo_event ask = { .type = NF_FAILOVER_EVENT_ASK,
				.ask = NF_FAILOVER_ASK_ACTIVE };
	static struct fo_drive d;
	unsigned int late;

	(void)state;
	for (late = 0; late < 2; late++) {
		setup(&d, NF_FAILOVER_UNIT_SECONDARY, S(STANDBY_READY));
		kernel.this.synced = 1;
		other(S(ACTIVE));
		drive_timer(&d, TIMER_TICK);
		clock_ms += DRIVE_WATCHDOG_MS + late;
		drive_awake(&d);
		/* whichever of what it finds comes first */
		drive_timer(&d, TIMER_TICK);
		drive_event(&d, &ask);
		assert_string_equal(did, late ? "" : "W");
	}
	/* and what comes then is news */
	drive_awake(&d);
	drive_event(&d, &ask);
	assert_string_equal(did, "W");
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
		cmocka_unit_test(reloads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

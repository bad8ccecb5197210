// SPDX-License-Identifier: GPL-2.0
/* What the links of interfaces are taken for, and what the policy makes of it. */
#include "test.h"

#include "monitor.h"
#include "notice.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_

/* The devices, by the digit in their names, and what was reported of them. */
static struct fo_dev devs[20];
static int reports, notices;
static char noted[NF_FAILOVER_REASON_MAX];

int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev)
{
	(void)rt;
	*dev = devs[atoi(ifname + 3)];
	return dev->ifindex ? 0 : -1;
}

int nl_interface_set(struct fo_nl *nl, const struct fo_ifc *ifc,
		     unsigned int n)
{
	(void)nl;
	reports++;
	for (; n; n--, ifc++)
		if (ifc->note[0])
			strcpy(noted, ifc->note);
	return 0;
}

void notice_ifc(const struct fo_ifc *ifc, uint32_t was)
{
	assert_int_not_equal(ifc->status, was);
	notices++;
}

/* What the tests find out. */
static int linked;

void ifwatch_link(struct fo_ifwatch *w, unsigned int i,
		  const struct fo_dev *dev, uint64_t now)
{
	(void)now;
	assert_in_range(i, 0, w->n - 1);
	linked += !!dev;
}

void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifask_role role,
		 uint64_t now)
{
	(void)w;
	(void)rt;
	(void)c;
	(void)role;
	(void)now;
}

void ifwatch_why(const struct fo_ifwatch *w, unsigned int i,
		 const struct fo_config *c, char *to, size_t size, uint64_t now)
{
	(void)c;
	(void)now;
	snprintf(to, size, "%s", w->item[i].state.cause);
}

void log_msg(int priority, const char *fmt, ...)
{
	(void)priority;
	(void)fmt;
}

static void add(struct fo_config *c, const char *ifname, const char *nameif)
{
	struct fo_ifc *ifc = config_ifc_add(c, ifname);

	assert_non_null(ifc);
	strcpy(ifc->nameif, nameif);
}

static void link_is(int i, bool up, bool carrier)
{
	devs[i] = (struct fo_dev) { .ifindex = 3 + i, .carrier = carrier,
				    .flags = up ? IFF_UP : 0 };
}

static void set_up(struct fo_config *c, unsigned int number,
		   unsigned int percent)
{
	config_init(c);
	c->ifc_policy = number;
	c->ifc_policy_percent = percent;
	add(c, "eth0", "outside");
	add(c, "eth1", "inside");
	add(c, "eth2", "dmz");
	add(c, "eth3", "far");
	for (int i = 0; i < 4; i++)
		link_is(i, true, true);
	reports = notices = 0;
}

static void links(void **state)
{
	struct fo_monitor m = { .judged = false };
	struct fo_config c;

	(void)state;
	set_up(&c, 1, 0);
	link_is(1, true, false);
	link_is(2, false, false);
	devs[3].ifindex = 0;
	assert_int_equal(monitor_report(&m, NULL, NULL, &c, 1, false), 0);
	assert_int_equal(c.ifc[0].status, I(NORMAL));
	assert_int_equal(c.ifc[1].status, I(NO_LINK));
	assert_int_equal(c.ifc[2].status, I(LINK_DOWN));
	assert_int_equal(c.ifc[3].status, I(NO_LINK));
	assert_int_equal(reports, 1);
	assert_int_equal(notices, 4);
	/* nothing new is not reported, unless it is wanted */
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_int_equal(reports, 1);
	monitor_report(&m, NULL, NULL, &c, 1, true);
	assert_int_equal(reports, 2);
	assert_int_equal(notices, 4);
	c.ifc[1].monitored = false;
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_int_equal(c.ifc[1].status, I(UNMONITORED));
	config_free(&c);
}

/* Which cables are out here and there, and what becomes of this unit. */
static const struct {
	unsigned int number, percent;
	const char *here, *mate;	/* by interface: 'x' has no link */
	const char *why;
} rows[] = {
	{ 0, 0, "....", "....", NULL },
	{ 0, 0, "xxx.", "....", NULL },
	{ 0, 0, "xxxx", "....",
	  "Interface check, failed: outside, inside, dmz, far; of mate: 0" },
	{ 0, 0, "xxxx", "xxx.",
	  "Interface check, failed: outside, inside, dmz, far; of mate: 3" },
	{ 0, 0, "xxxx", "xxxx", NULL },
	{ 1, 0, "....", "....", NULL },
	{ 1, 0, ".x..", "....",
	  "Interface check, failed: inside; of mate: 0" },
	{ 1, 0, ".x..", ".x..", NULL },
	{ 1, 0, ".x..", "...x", NULL },
	{ 1, 0, ".x.x", "...x",
	  "Interface check, failed: inside, far; of mate: 1" },
	{ 2, 0, ".x..", "....", NULL },
	{ 2, 0, ".xx.", "x...",
	  "Interface check, failed: inside, dmz; of mate: 1" },
	{ 0, 50, "x..x", "....", NULL },
	{ 0, 50, "xx.x", "..x.",
	  "Interface check, failed: outside, inside, far; of mate: 1" },
	/* no mate is heard */
	{ 1, 0, ".x..", NULL,
	  "Interface check, failed: inside; of mate: 0" },
};

static void hear(struct fo_config *c, const char *failed)
{
	static struct fo_ifc told[4];
	struct fo_host mate = { .ifc = told, .n_ifcs = 4 };
	int i;

	if (!failed) {
		monitor_learn(c, NULL);
		return;
	}
	/* in another order than here */
	for (i = 0; i < 4; i++) {
		strcpy(told[3 - i].nameif, c->ifc[i].nameif);
		told[3 - i].status = failed[i] == 'x' ? I(NO_LINK) : I(NORMAL);
	}
	monitor_learn(c, &mate);
}

static void policy(void **state)
{
	struct fo_monitor m;
	struct fo_config c;
	const char *why;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < N(rows); i++) {
		set_up(&c, rows[i].number, rows[i].percent);
		for (j = 0; j < 4; j++)
			link_is(j, true, rows[i].here[j] != 'x');
		m = (struct fo_monitor) { .judged = false };
		monitor_report(&m, NULL, NULL, &c, 1, false);
		hear(&c, rows[i].mate);
		/* a daemon that starts does not wait */
		why = monitor_unfit(&m, &c, 1000);
		if (!why != !rows[i].why)
			fail_msg("row %u: %s", i, why ? why : "fit");
		if (why)
			assert_string_equal(why, rows[i].why);
		assert_int_equal(monitor_wait(&m, 1000), 0);
		config_free(&c);
	}
}

/* Both lose the same switch, one of them some milliseconds later. */
static void is_worse_for_a_moment(void **state)
{
	struct fo_monitor m = { .judged = false };
	struct fo_config c;
	unsigned int wait;

	(void)state;
	set_up(&c, 1, 0);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	hear(&c, "....");
	assert_null(monitor_unfit(&m, &c, 1000));
	link_is(1, true, false);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_null(monitor_unfit(&m, &c, 2000));
	wait = monitor_wait(&m, 2000);
	assert_in_range(wait, 1, 20);
	assert_null(monitor_unfit(&m, &c, 2000 + wait - 1));
	hear(&c, ".x..");
	assert_null(monitor_unfit(&m, &c, 2000 + wait));
	assert_int_equal(monitor_wait(&m, 2000 + wait), 0);
	/* the mate has it back: that is to last as well */
	hear(&c, "....");
	assert_null(monitor_unfit(&m, &c, 3000));
	assert_int_equal(monitor_wait(&m, 3000), wait);
	assert_non_null(monitor_unfit(&m, &c, 3000 + wait));
	/* what it said of itself goes with it */
	hear(&c, ".x..");
	assert_null(monitor_unfit(&m, &c, 4000));
	hear(&c, NULL);
	assert_null(monitor_unfit(&m, &c, 5000));
	assert_non_null(monitor_unfit(&m, &c, 5000 + wait));
	link_is(1, true, true);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_null(monitor_unfit(&m, &c, 5000 + wait));
	config_free(&c);
}

/* A hello has no room for more: what it cannot tell makes nobody worse. */
static void more_than_a_hello_tells(void **state)
{
	struct fo_monitor m = { .judged = false };
	struct fo_ifc told[16] = { { .monitored = true } };
	struct fo_host mate = { .ifc = told, .n_ifcs = N(told) };
	char ifname[8], nameif[32];
	struct fo_config c;
	unsigned int i;

	(void)state;
	config_init(&c);
	c.ifc_policy = 1;
	for (i = 0; i < 18; i++) {
		snprintf(ifname, sizeof(ifname), "eth%u", i);
		snprintf(nameif, sizeof(nameif), "network-of-department-%u", i);
		add(&c, ifname, nameif);
		link_is(i, true, i < 16);
		if (i < N(told)) {
			strcpy(told[i].nameif, nameif);
			told[i].status = I(NORMAL);
		}
	}
	monitor_report(&m, NULL, NULL, &c, 1, false);
	monitor_learn(&c, &mate);
	assert_null(monitor_unfit(&m, &c, 1000));
	for (i = 0; i < 16; i++)
		link_is(i, true, false);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_null(monitor_unfit(&m, &c, 2000));
	/* nor has the reason room for all names */
	assert_string_equal(monitor_unfit(&m, &c, 3000),
			    "Interface check, failed: network-of-department-0, ...; of mate: 2");
	config_free(&c);
}

/* Configured here first: that the mate says nothing of it is not its health. */
static void mate_has_it_not_yet(void **state)
{
	struct fo_ifc told[3] = { { .monitored = true } };
	struct fo_host mate = { .ifc = told, .n_ifcs = N(told) };
	struct fo_monitor m = { .judged = false };
	struct fo_config c;
	unsigned int i;

	(void)state;
	set_up(&c, 1, 0);
	devs[3].ifindex = 0;
	for (i = 0; i < N(told); i++) {
		strcpy(told[i].nameif, c.ifc[i].nameif);
		told[i].status = I(NORMAL);
	}
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_int_equal(c.ifc[3].status, I(NO_LINK));
	mate.reports = 7;
	monitor_learn(&c, &mate);
	assert_null(monitor_unfit(&m, &c, 1000));
	assert_null(monitor_unfit(&m, &c, 2000));
	/* without a daemon nobody vouches for it */
	assert_int_equal(c.ifc[0].mate_word, 0);
	mate.daemon = true;
	monitor_learn(&c, &mate);
	assert_int_equal(c.ifc[0].mate_word, 7);
	monitor_learn(&c, NULL);
	assert_int_equal(c.ifc[0].mate_word, 0);
	/* it has it, and it works there */
	hear(&c, "....");
	assert_null(monitor_unfit(&m, &c, 3000));
	assert_non_null(monitor_unfit(&m, &c, 4000));
	config_free(&c);
}

/* One counts for as many as its weight says, on either unit. */
static void weights(void **state)
{
	struct fo_monitor m = { .judged = false };
	struct fo_config c;

	(void)state;
	set_up(&c, 3, 0);
	c.ifc[0].weight = 3;
	link_is(1, true, false);
	link_is(2, true, false);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	hear(&c, "....");
	assert_null(monitor_unfit(&m, &c, 1000));
	assert_null(monitor_unfit(&m, &c, 2000));
	link_is(0, true, false);
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_null(monitor_unfit(&m, &c, 3000));
	assert_non_null(monitor_unfit(&m, &c, 4000));
	config_free(&c);
}

/* What becomes of a unit with four interfaces that tracks two objects. */
static const struct {
	unsigned int number, percent, weight[2];
	const char *here, *mate;	/* 'x' failed: 4 interfaces, 2 objects */
	const char *why;
} tracked[] = {
	{ 1, 0, { 1, 1 }, "....x.", "......",
	  "Interface check, failed: uplink; of mate: 0" },
	{ 1, 0, { 1, 1 }, "....x.", "....x.", NULL },
	{ 1, 0, { 1, 1 }, "....x.", ".x....", NULL },
	{ 1, 0, { 2, 1 }, "....x.", ".....x",
	  "Interface check, failed: uplink; of mate: 1" },
	{ 1, 0, { 1, 1 }, ".....x", "....x.", NULL },
	/* too light */
	{ 2, 0, { 1, 1 }, "....x.", "......", NULL },
	{ 2, 0, { 1, 1 }, ".x..x.", "......",
	  "Interface check, failed: inside, uplink; of mate: 0" },
	{ 2, 0, { 2, 1 }, "....x.", "......",
	  "Interface check, failed: uplink; of mate: 0" },
	/* a part is one of the interfaces, however much is tracked */
	{ 0, 50, { 2, 1 }, "....x.", "......", NULL },
	{ 0, 50, { 2, 1 }, "....xx", "......",
	  "Interface check, failed: uplink, dns; of mate: 0" },
	{ 0, 50, { 1, 1 }, "xxx...", "......",
	  "Interface check, failed: outside, inside, dmz; of mate: 0" },
	/* all interfaces are all of them, also with an object that works */
	{ 0, 0, { 1, 1 }, "xxxx..", "......",
	  "Interface check, failed: outside, inside, dmz, far; of mate: 0" },
	{ 0, 0, { 3, 1 }, "....x.", "......", NULL },
	{ 0, 0, { 4, 1 }, "....x.", "......",
	  "Interface check, failed: uplink; of mate: 0" },
};

static void tracked_objects(void **state)
{
	static struct fo_ifc told[4];
	struct fo_host mate;
	struct fo_monitor m;
	struct fo_config c;
	const char *why;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < N(tracked); i++) {
		set_up(&c, tracked[i].number, tracked[i].percent);
		mate = (struct fo_host) { .ifc = told, .n_ifcs = 4,
					  .n_tracks = 3 };
		for (j = 0; j < 4; j++) {
			link_is(j, true, tracked[i].here[j] != 'x');
			strcpy(told[j].nameif, c.ifc[j].nameif);
			told[j].status = tracked[i].mate[j] == 'x' ?
					 I(NO_LINK) : I(NORMAL);
		}
		/* the mate has them in another order, and one that we have not */
		strcpy(mate.track[0].name, "other");
		mate.track[0].status = I(FAILED);
		c.n_tracks = 2;
		for (j = 0; j < 2; j++) {
			strcpy(c.track[j].name, j ? "dns" : "uplink");
			strcpy(mate.track[2 - j].name, c.track[j].name);
			c.track[j].weight = tracked[i].weight[j];
			c.track[j].status = tracked[i].here[4 + j] == 'x' ?
					    I(FAILED) : I(NORMAL);
			mate.track[2 - j].status =
				tracked[i].mate[4 + j] == 'x' ? I(FAILED) :
				I(UNKNOWN);
		}
		m = (struct fo_monitor) { .judged = false };
		monitor_report(&m, NULL, NULL, &c, 1, false);
		monitor_learn(&c, &mate);
		why = monitor_unfit(&m, &c, 1000);
		if (!why != !tracked[i].why)
			fail_msg("row %u: %s", i, why ? why : "fit");
		if (why)
			assert_string_equal(why, tracked[i].why);
		config_free(&c);
	}
}

/* Where there are tests it is their word that counts, and not the link. */
static void tests_count(void **state)
{
	struct ifwatch_item items[4] = { { .ifindex = 0 } };
	struct fo_monitor m = { .watch = { .on = true, .item = items,
					   .n = N(items) } };
	struct fo_config c;
	unsigned int i;

	(void)state;
	set_up(&c, 1, 0);
	for (i = 0; i < N(items); i++) {
		items[i].state.status = I(NORMAL);
		items[i].state.cause = "x";
	}
	devs[3].ifindex = 0;
	linked = 0;
	monitor_report(&m, NULL, NULL, &c, 1, false);
	assert_int_equal(linked, 3);
	assert_int_equal(c.ifc[3].status, I(NORMAL));
	assert_int_equal(reports, 1);
	hear(&c, "....");
	assert_null(monitor_unfit(&m, &c, 1000));
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(reports, 1);
	items[2].state.status = I(FAILED);
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(c.ifc[2].status, I(FAILED));
	assert_int_equal(reports, 2);
	assert_null(monitor_unfit(&m, &c, 2000));
	assert_non_null(monitor_unfit(&m, &c, 3000));
	/* a mate that tests gets a word, though there is nothing new; once */
	m.watch.wanted = true;
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(reports, 3);
	/* both silent: neither counts */
	items[2].state.status = I(UNKNOWN);
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_null(monitor_unfit(&m, &c, 4000));
	config_free(&c);
}

/* The history has what makes a difference; the cause is always the newest. */
static void causes(void **state)
{
	static const struct {
		uint32_t status;
		const char *cause, *note;
	} rows[] = {
		{ I(TESTING), "a", "" },
		{ I(WAITING), "b", "" },
		{ I(WAITING), "c", "" },
		{ I(FAILED), "d", "Interface outside failed: d" },
		{ I(NO_LINK), "e", "" },
		{ I(NORMAL), "f", "Interface outside works: f" },
		{ I(LINK_DOWN), "g", "Interface outside failed: g" },
		{ I(UNKNOWN), "h", "Interface outside does not count: h" },
	};
	struct ifwatch_item items[4] = { { .ifindex = 0 } };
	struct fo_monitor m = { .watch = { .on = true, .item = items,
					   .n = N(items) } };
	struct fo_config c;
	unsigned int i;

	(void)state;
	set_up(&c, 1, 0);
	for (i = 0; i < N(items); i++)
		items[i].state.cause = "x";
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	for (i = 0; i < N(rows); i++) {
		items[0].state.status = rows[i].status;
		items[0].state.cause = rows[i].cause;
		noted[0] = '\0';
		reports = 0;
		monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
		assert_int_equal(reports, 1);
		assert_string_equal(c.ifc[0].cause, rows[i].cause);
		assert_string_equal(noted, rows[i].note);
		/* once */
		noted[0] = '\0';
		monitor_report(&m, NULL, NULL, &c, 1, true);
		assert_string_equal(noted, "");
	}
	config_free(&c);
}

/* As long as they can be. */
static void long_cause(void **state)
{
	static char text[NF_FAILOVER_REASON_MAX];
	struct ifwatch_item item = { .ifindex = 0 };
	struct fo_monitor m = { .watch = { .on = true, .item = &item,
					   .n = 1 } };
	struct fo_config c;

	(void)state;
	set_up(&c, 1, 0);
	memset(text, 'c', sizeof(text) - 1);
	memset(c.ifc[0].nameif, 'n', sizeof(c.ifc[0].nameif) - 1);
	item.state.cause = text;
	item.state.status = I(FAILED);
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(strlen(c.ifc[0].cause), sizeof(text) - 1);
	assert_int_equal(strlen(noted), sizeof(noted) - 1);
	config_free(&c);
}

/* After a move the devices are looked at before anything is sent. */
static void looks_after_a_move(void **state)
{
	struct ifwatch_item items[4] = { { .ifindex = 0 } };
	struct fo_monitor m = { .watch = { .on = true, .item = items,
					   .n = N(items) } };
	struct fo_config c;
	unsigned int i;

	(void)state;
	set_up(&c, 1, 0);
	for (i = 0; i < N(items); i++)
		items[i].state.cause = "x";
	linked = 0;
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(linked, 0);
	m.moved = true;
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(linked, 4);
	monitor_run(&m, NULL, NULL, &c, IFASK_ACTIVE, 1);
	assert_int_equal(linked, 4);
	config_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(policy),
		cmocka_unit_test(is_worse_for_a_moment),
		cmocka_unit_test(more_than_a_hello_tells),
		cmocka_unit_test(mate_has_it_not_yet),
		cmocka_unit_test(weights),
		cmocka_unit_test(tracked_objects),
		cmocka_unit_test(tests_count),
		cmocka_unit_test(causes),
		cmocka_unit_test(long_cause),
		cmocka_unit_test(looks_after_a_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

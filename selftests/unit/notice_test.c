// SPDX-License-Identifier: GPL-2.0
/* What the daemon says of two pictures of the pair, by ids. */
#include "test.h"

#include "elect.h"
#include "log.h"
#include "notice.h"

#define S(state_)	NF_FAILOVER_STATE_##state_
#define L(status_)	NF_FAILOVER_LINK_STATUS_##status_
#define I(status_)	NF_FAILOVER_IFSTATUS_##status_

static char said[256];
static char last[MESSAGE_MAX];
static const char *unit;

void log_row(enum message m, const char *const *args)
{
	size_t n = strlen(said);

	snprintf(said + n, sizeof(said) - n, "%u ", messages[m].id);
	message_text(last, sizeof(last), m, unit, args);
}

void log_unit(const char *unit_)
{
	unit = unit_;
}

bool nl_peer_alive(const struct fo_show *show)
{
	return show->other.known && show->other.state != S(FAILED) &&
	       show->other.state != S(NOT_DETECTED);
}

static struct fo_show pair(void)
{
	struct fo_show s = {
		.config = {
			.enabled = true, .unit = NF_FAILOVER_UNIT_PRIMARY,
			.link = {
				{ .name = "LAN", .ifname = "eth3",
				  .status = L(PEER_ALIVE) },
				{ .name = "STATE", .ifname = "eth4",
				  .status = L(PEER_ALIVE) },
			},
		},
		.this = { .known = true, .state = S(ACTIVE) },
		.other = { .known = true, .state = S(STANDBY_READY),
			   .daemon = 1 },
	};

	return s;
}

static void look(struct notice *n, const struct fo_show *s, const char *want)
{
	said[0] = '\0';
	notice_picture(n, s);
	assert_string_equal(said, want);
	/* and once only */
	said[0] = '\0';
	notice_picture(n, s);
	assert_string_equal(said, "");
}

/* A pair that is as it should be, seen and said. */
static void settle(struct notice *n, const struct fo_show *s)
{
	*n = (struct notice) { .known = false };
	notice_picture(n, s);
}

static void first(void **state)
{
	struct notice n = { .known = false };
	struct fo_show s = pair();

	(void)state;
	look(&n, &s, "105042 990223 990202 ");
	assert_string_equal(unit, "Primary");
	/* a daemon that starts beside a link that is down says so */
	n = (struct notice) { .known = false };
	s.config.link[0].status = L(DOWN);
	s.other.known = false;
	look(&n, &s, "105032 990223 ");
}

static void switched(void **state)
{
	struct fo_show s = pair();
	struct notice n;

	(void)state;
	settle(&n, &s);
	s.config.enabled = false;
	s.other.known = false;
	look(&n, &s, "105001 ");
	s.config.enabled = true;
	s.config.link[0].status = L(UP);
	s.config.link[1].status = L(UP);
	look(&n, &s, "105002 ");
}

static void mate(void **state)
{
	struct fo_show s = pair();
	struct notice n;

	(void)state;
	settle(&n, &s);
	s.other.state = S(FAILED);
	s.config.link[0].status = L(PEER_SILENT);
	s.config.link[1].status = L(PEER_SILENT);
	look(&n, &s, "105043 105005 103001 ");
	assert_string_equal(last, "%FAILOVER-1-103001: (Primary) No response from other firewall (reason code = 1).");
	s = pair();
	s.other.state = S(NEGOTIATION);
	look(&n, &s, "105042 990223 990202 ");
	s.other.state = S(COLD_STANDBY);
	look(&n, &s, "990203 ");
	s.other.state = S(BULK_SYNC);
	look(&n, &s, "990203 990211 ");
	s.other.state = S(STANDBY_READY);
	look(&n, &s, "990203 990212 ");
	s.other.daemon = 0;
	look(&n, &s, "990205 ");
	s.other.daemon = 1;
	look(&n, &s, "990206 ");
}

static void links(void **state)
{
	struct fo_show s = pair();
	struct notice n;

	(void)state;
	settle(&n, &s);
	s.config.link[0].status = L(DOWN);
	s.other.state = S(FAILED);
	look(&n, &s, "105032 105043 103001 ");
	assert_non_null(strstr(last, "reason code = 4"));
	s.config.link[0].status = L(MISMATCH);
	look(&n, &s, "105031 990204 ");
	s = pair();
	settle(&n, &s);
	s.config.link[1].status = L(DOWN);
	look(&n, &s, "990222 105005 ");
	s.config.link[1].status = L(PEER_ALIVE);
	look(&n, &s, "990221 990223 ");
	/* one netdev that is both */
	strcpy(s.config.link[1].ifname, "eth3");
	s.config.link[1].status = L(DOWN);
	look(&n, &s, "");
}

static void own_sync(void **state)
{
	struct fo_show s = pair();
	struct notice n;

	(void)state;
	s.this.state = S(COLD_STANDBY);
	s.other.state = S(ACTIVE);
	settle(&n, &s);
	s.this.state = S(BULK_SYNC);
	look(&n, &s, "990213 ");
	s.this.state = S(STANDBY_READY);
	look(&n, &s, "990214 ");
}

static void moves(void **state)
{
	static const struct {
		uint32_t from, to;
		const char *want;
	} row[] = {
		{ S(STANDBY_READY), S(JUST_ACTIVE), "990201 104001 " },
		{ S(JUST_ACTIVE), S(ACTIVE_DRAIN), "990201 " },
		{ S(ACTIVE_DRAIN), S(COLD_STANDBY), "990201 104002 " },
		{ S(COLD_STANDBY), S(STANDBY_READY), "990201 " },
		{ S(STANDBY_READY), S(FAILED), "990201 104003 " },
		{ S(ACTIVE), S(FAILED), "990201 104002 104003 " },
		{ S(FAILED), S(NEGOTIATION), "990201 104004 " },
	};
	unsigned int i;

	(void)state;
	unit = "Secondary";
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		said[0] = '\0';
		notice_move(row[i].from, row[i].to, "event", "why");
		assert_string_equal(said, row[i].want);
	}
	notice_move(S(STANDBY_READY), S(JUST_ACTIVE), "peer lost", NULL);
	assert_string_equal(last, "%FAILOVER-1-104001: (Secondary) Switching to ACTIVE (cause: peer lost).");
}

/* Each warning of a link is said once, and why it is down as well. */
static void warnings(void **state)
{
	struct notice n = { .known = false };
	struct fo_show s = pair();

	(void)state;
	notice_picture(&n, &s);
	strcpy(s.config.link[1].warning, "frames cannot be sent (-ENOBUFS)");
	look(&n, &s, "990224 ");
	assert_string_equal(last, "%FAILOVER-2-990224: (Primary) Link STATE: frames cannot be sent (-ENOBUFS)");
	look(&n, &s, "");
	s.config.link[1].warning[0] = '\0';
	look(&n, &s, "");
	s.config.link[1].status = L(DOWN);
	strcpy(s.config.link[1].mismatch, "it is a port");
	look(&n, &s, "990222 105005 990224 ");
	assert_string_equal(last, "%FAILOVER-2-990224: (Primary) Link STATE: it is a port");
}

/* What is new is said, and that there is no difference any more. */
static void differences(void **state)
{
	struct fo_difference d[] = {
		{ "failover interface-policy", "1", "2", 0 },
		{ "number of links", "1", "2", 1 },
	};
	struct notice n = { .known = false };
	struct fo_show s = pair();

	(void)state;
	notice_picture(&n, &s);
	s.difference = d;
	s.n_differences = 1;
	look(&n, &s, "990207 ");
	assert_string_equal(last, "%FAILOVER-4-990207: (Primary) Units differ in failover interface-policy: 1 here, 2 there");
	look(&n, &s, "");
	s.n_differences = 2;
	look(&n, &s, "990207 ");
	strcpy(d[0].theirs, "3");
	look(&n, &s, "990207 ");
	s.n_differences = 0;
	look(&n, &s, "990208 ");
	look(&n, &s, "");
}

static void interfaces(void **state)
{
	static const struct {
		uint32_t was, is;
		const char *want;
	} row[] = {
		{ I(UNKNOWN), I(NORMAL), "105004 " },
		{ I(UNKNOWN), I(NO_LINK), "105007 " },
		{ I(NORMAL), I(NO_LINK), "105007 " },
		{ I(NO_LINK), I(LINK_DOWN), "" },
		{ I(LINK_DOWN), I(NORMAL), "105006 105004 " },
		{ I(NORMAL), I(WAITING), "105003 " },
		{ I(WAITING), I(TESTING), "105008 " },
		{ I(TESTING), I(NORMAL), "105009 105004 " },
		{ I(TESTING), I(FAILED), "105009 " },
		{ I(NO_LINK), I(UNMONITORED), "" },
		{ I(UNMONITORED), I(NO_LINK), "" },
		{ I(NORMAL), I(NORMAL), "" },
	};
	struct fo_ifc ifc = { .nameif = "inside" };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		said[0] = '\0';
		ifc.status = row[i].is;
		notice_ifc(&ifc, row[i].was);
		assert_string_equal(said, row[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first),
		cmocka_unit_test(switched),
		cmocka_unit_test(mate),
		cmocka_unit_test(links),
		cmocka_unit_test(own_sync),
		cmocka_unit_test(moves),
		cmocka_unit_test(warnings),
		cmocka_unit_test(differences),
		cmocka_unit_test(interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

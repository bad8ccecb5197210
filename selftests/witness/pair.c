// SPDX-License-Identifier: GPL-2.0
/*
 * A pair in one command: the unit of one network namespace with the unit of
 * another at its side, without daemons, so that it is at work before a test
 * goes on, and nothing changes its role later.
 *
 * usage: pair up active|standby NS PEER    configures both; NS gets the role
 *        pair report NS PEER               prints what both have counted
 *
 * NS and PEER are files of namespaces. Their link is the device "fo0".
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grammar.h"
#include "key.h"
#include "nl.h"

#define LINK	"fo0"

/* Only a daemon sets the role; it is gone with this process. */
#define WATCHDOG_MS	10000

/* How often it is looked whether the pair is in step, and how long. */
#define LOOK_MS	20
#define LOOKS	2000

struct unit {
	const char *ns;
	struct fo_nl nl;
};

static void die(const struct unit *u, const char *what)
{
	fprintf(stderr, "pair: %s: %s\n", u->ns, what);
	exit(1);
}

/* A socket stays in the namespace in which it was made. */
static void enter(struct unit *u, const char *ns)
{
	int fd = open(ns, O_RDONLY | O_CLOEXEC);

	u->ns = ns;
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(u, strerror(errno));
	close(fd);
	if (nl_open(&u->nl))
		die(u, u->nl.error);
}

static void no_ipv6(const struct unit *u)
{
	int fd = open("/proc/sys/net/ipv6/conf/" LINK "/disable_ipv6", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		die(u, "no IPv6 on " LINK);
	close(fd);
}

/* Without an address, so that a test sees no packet of it. */
static void link_up(const struct unit *u)
{
	struct ifreq r = { .ifr_name = LINK, .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	no_ipv6(u);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r))
		die(u, strerror(errno));
	close(fd);
}

/* The longest hold time: a busy emulated machine must not lose its peer. */
static void configure(struct unit *u, const char *which)
{
	struct fo_error e = { .line = 0 };
	struct fo_config config;
	char text[512];
	FILE *f;

	snprintf(text, sizeof(text),
		 "failover lan unit %s\n"
		 "failover lan interface FAIL-LINK " LINK "\n"
		 "failover link FAIL-LINK " LINK "\n"
		 "failover interface ip FAIL-LINK 169.254.99.1/30 standby 169.254.99.2\n"
		 "failover polltime unit msec 200 holdtime 45\n"
		 "failover key hex 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
		 "failover\n", which);
	f = fmemopen(text, strlen(text), "r");
	if (!f)
		die(u, strerror(errno));
	config_init(&config);
	if (grammar_read(&config, f, &e) || key_load(&config, &e))
		die(u, e.text);
	if (nl_config_set(&u->nl, &config))
		die(u, u->nl.error);
	config_free(&config);
	fclose(f);
}

static void set_role(struct unit *u, bool active)
{
	struct fo_role_set r = {
		.role		= active ? NF_FAILOVER_ROLE_ACTIVE :
					   NF_FAILOVER_ROLE_STANDBY,
		.state		= active ? NF_FAILOVER_STATE_ACTIVE :
					   NF_FAILOVER_STATE_COLD_STANDBY,
		.wants_active	= NL_KEEP,
		.reason		= "set by hand",
	};

	if (nl_attach(&u->nl, WATCHDOG_MS) || nl_role_set(&u->nl, &r))
		die(u, u->nl.error);
}

static void get(struct unit *u, struct fo_show *s)
{
	if (nl_get(&u->nl, s, false))
		die(u, u->nl.error);
}

/* What happens from here on is sent as it happens. */
static void await(struct unit *u, bool active)
{
	struct fo_show s;
	unsigned int i;
	bool done;

	for (i = 0; i < LOOKS; i++) {
		get(u, &s);
		done = nl_peer_alive(&s) && (!active || s.other.synced);
		nl_show_free(&s);
		if (done)
			return;
		poll(NULL, 0, LOOK_MS);
	}
	die(u, active ? "the peer was not synced in time" :
			"the peer was not heard in time");
}

static void up(const char *role, const char *ns, const char *peer)
{
	bool active = !strcmp(role, "active");
	struct unit standby, unit;

	enter(&standby, peer);
	link_up(&standby);
	configure(&standby, "secondary");
	set_role(&standby, false);
	enter(&unit, ns);
	link_up(&unit);
	configure(&unit, "primary");
	set_role(&unit, active);
	await(&unit, active);
}

static uint64_t counter(const struct fo_show *s, const char *name)
{
	unsigned int i;

	for (i = 0; i < s->counters.n; i++)
		if (!strcmp(s->counters.row[i].name, name))
			return s->counters.row[i].v[0];
	fprintf(stderr, "pair: no counter %s\n", name);
	exit(1);
}

static void report(const char *ns, const char *peer)
{
	struct unit unit, standby;
	struct fo_show mine, its;

	enter(&unit, ns);
	enter(&standby, peer);
	get(&unit, &mine);
	get(&standby, &its);
	printf("role=%s captured=%llu updated=%llu local=%llu applied=%llu refused=%llu gate_drops=%llu grace_drops=%llu\n",
	       mine.this.role == NF_FAILOVER_ROLE_ACTIVE ? "active" : "standby",
	       (unsigned long long)counter(&mine, "tx-creates"),
	       (unsigned long long)counter(&mine, "tx-updates"),
	       (unsigned long long)counter(&mine, "ct-local"),
	       (unsigned long long)counter(&its, "ct-inserted"),
	       (unsigned long long)counter(&its, "ct-insert-refused"),
	       (unsigned long long)counter(&mine, "gate-drops"),
	       (unsigned long long)counter(&mine, "grace-drops"));
	nl_show_free(&mine);
	nl_show_free(&its);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "up")) {
		up(argv[2], argv[3], argv[4]);
	} else if (argc == 4 && !strcmp(argv[1], "report")) {
		report(argv[2], argv[3]);
	} else {
		fprintf(stderr, "usage: pair up active|standby NS PEER | report NS PEER\n");
		return 2;
	}
	return 0;
}

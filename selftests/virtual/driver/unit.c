// SPDX-License-Identifier: GPL-2.0
/* The two firewalls: how they come, how they go, and what they say. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../tools/names.h"
#include "driver.h"

/* The parts of a namespace that is gone follow it some time later. */
#define GONE_MS		20000

struct unit units[2] = {
	{ .place = FW1, .events.fd = -1 }, { .place = FW2, .events.fd = -1 },
};

struct unit *unit_other(struct unit *u)
{
	return u == &units[0] ? &units[1] : &units[0];
}

/* The name of its machine, which is that of its ports of the switch, too. */
static const char *host(const struct unit *u)
{
	return u->place == FW1 ? "fw1" : "fw2";
}

/* --- devices ----------------------------------------------------------- */

struct dev {
	enum place place;
	char name[IF_NAMESIZE];
};

static struct dev port(const struct unit *u, const char *of)
{
	struct dev d = { .place = SWITCH };

	snprintf(d.name, sizeof(d.name), "%s-%s", host(u), of);
	return d;
}

static bool no_dev(void *arg)
{
	const struct dev *d = arg;
	unsigned int i;

	enter(d->place);
	i = if_nametoindex(d->name);
	enter(HERE);
	return !i;
}

static void await_no_dev(struct dev d)
{
	if (!until(no_dev, &d, GONE_MS))
		fail("%s is still in %s", d.name, world_name(d.place));
}

static void dev_switch(struct dev d, bool up)
{
	struct ifreq r = { .ifr_flags = up ? IFF_UP : 0 };
	int fd;

	enter(d.place);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	enter(HERE);
	memcpy(r.ifr_name, d.name, sizeof(r.ifr_name));
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r))
		fail("%s in %s: %s", d.name, world_name(d.place),
		     strerror(errno));
	close(fd);
}

static void dev_up(enum place place, const char *name)
{
	struct dev d = { .place = place };

	snprintf(d.name, sizeof(d.name), "%s", name);
	dev_switch(d, true);
}

static void dev_down(enum place place, const char *name)
{
	struct dev d = { .place = place };

	snprintf(d.name, sizeof(d.name), "%s", name);
	dev_switch(d, false);
}

/* --- what a unit says -------------------------------------------------- */

static void look(struct unit *u)
{
	struct fo_show show;

	if (nl_get(&u->nl, &show, true))
		fail("%s: get: %s", host(u), u->nl.error);
	if (show.this.state != u->state)
		trace("%s is %s", host(u), names_state(show.this.state));
	u->state = show.this.state;
	u->role = show.this.role;
	nl_show_free(&show);
}

/* The moment of a change is one at which two might forward. */
static void events_ready(struct source *s)
{
	struct unit *u = &units[s == &units[1].events];
	struct fo_event ev;

	while (nl_event(&u->nl, &ev) == 1)
		if (ev.type == NF_FAILOVER_EVENT_PEER_LOST)
			trace("%s: peer lost", host(u));
	probe_now();
	look(u);
}

static void listen_to(struct unit *u)
{
	enter(u->place);
	if (nl_open(&u->nl) || nl_subscribe(&u->nl))
		fail("%s: netlink: %s", host(u), u->nl.error);
	enter(HERE);
	u->events.fd = nl_event_fd(&u->nl);
	u->events.ready = events_ready;
	loop_add(&u->events);
}

static void forget(struct unit *u)
{
	loop_del(&u->events);
	nl_close(&u->nl);
	u->state = NF_FAILOVER_STATE_DISABLED;
	u->role = NF_FAILOVER_ROLE_STANDBY;
}

/* --- life -------------------------------------------------------------- */

void unit_daemon_start(struct unit *u)
{
	char conf[128], log[128];
	const char *const argv[] = { "failoverd", "-c", conf, "--history", "-",
				     NULL };
	int out;

	snprintf(conf, sizeof(conf), "%s/%s.conf", options.dir, host(u));
	snprintf(log, sizeof(log), "%s/%s.log", options.dir, host(u));
	out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	u->daemon = start(u->place, -1, out, argv);
	close(out);
	trace("%s: daemon started", host(u));
}

void unit_daemon_kill(struct unit *u)
{
	if (!u->daemon)
		return;
	if (waitpid(u->daemon, NULL, WNOHANG))
		fail("%s: its daemon had ended by itself", host(u));
	stop(u->daemon);
	u->daemon = 0;
	trace("%s: daemon killed", host(u));
}

/* As in lib.sh: still, forwarding, and with timeouts longer than a step. */
static void tune(void)
{
	static const char *const zero[] = {
		"/proc/sys/net/ipv6/conf/all/accept_dad",
		"/proc/sys/net/ipv6/conf/default/accept_dad",
		"/proc/sys/net/ipv6/conf/all/accept_ra",
		"/proc/sys/net/ipv6/conf/default/accept_ra",
		"/proc/sys/net/ipv6/conf/default/router_solicitations",
		"/proc/sys/net/netfilter/nf_conntrack_tcp_loose",
	};
	unsigned int i;

	for (i = 0; i < sizeof(zero) / sizeof(zero[0]); i++)
		set(zero[i], "0");
	set("/proc/sys/net/ipv4/ip_forward", "1");
	set("/proc/sys/net/ipv6/conf/all/forwarding", "1");
}

static void cables(struct unit *u)
{
	const char *ns = world_name(u->place), *h = host(u);
	struct unit *other = unit_other(u);
	int n = u->place - FW1 + 1;

	await_no_dev(port(u, "in"));
	await_no_dev(port(u, "out"));
	batch(SWITCH,
	      "link add %s-in master br-in type veth peer name in netns %s address 02:00:00:00:%02x:01\n"
	      "link add %s-out master br-out type veth peer name out netns %s address 02:00:00:00:%02x:02\n",
	      h, ns, n, h, ns, n);
	dev_switch(port(u, "in"), true);
	dev_switch(port(u, "out"), true);
	dev_up(u->place, "lo");
	dev_up(u->place, "in");
	dev_up(u->place, "out");
	if (!other->up)
		return;
	await_no_dev((struct dev){ other->place, "fail" });
	batch(u->place,
	      "link add fail address 02:00:00:00:%02x:03 type veth peer name fail netns %s address 02:00:00:00:%02x:03\n",
	      n, world_name(other->place), 3 - n);
	dev_up(u->place, "fail");
	dev_up(other->place, "fail");
}

void unit_boot(struct unit *u)
{
	char rules[128];
	const char *const nft[] = { "nft", "-f", rules, NULL };

	trace("%s boots", host(u));
	snprintf(rules, sizeof(rules), "%s/rules", options.dir);
	world_make(u->place);
	enter(u->place);
	tune();
	enter(HERE);
	cables(u);
	if (run(u->place, NULL, nft))
		fail("%s: nft failed", host(u));
	u->up = true;
	u->on = true;
	u->boots++;
	listen_to(u);
	unit_daemon_start(u);
}

void unit_crash(struct unit *u, bool links)
{
	static const char *const order[] = { "out", "in", "fail" };
	unsigned int i;

	trace("%s crashes%s", host(u), links ? ", its links first" : "");
	for (i = 0; links && i < sizeof(order) / sizeof(order[0]); i++)
		dev_down(u->place, order[i]);
	dev_switch(port(u, "in"), false);
	dev_switch(port(u, "out"), false);
	forget(u);
	unit_daemon_kill(u);
	world_drop(u->place);
	u->up = false;
}

void unit_enable(struct unit *u, bool on)
{
	struct fo_show show;

	trace("%s: %sfailover", host(u), on ? "" : "no ");
	/* one that is off has no gate: it is a router like any other */
	u->on = on;
	if (nl_get(&u->nl, &show, true))
		fail("%s: get: %s", host(u), u->nl.error);
	show.config.enabled = on;
	if (nl_config_set(&u->nl, &show.config))
		fail("%s: configuration: %s", host(u), u->nl.error);
	nl_show_free(&show);
}

int unit_ask(struct unit *u, enum nf_failover_ask ask)
{
	trace("%s: failover %s", host(u),
	      ask == NF_FAILOVER_ASK_ACTIVE ? "active" : "no active");
	return nl_ask(&u->nl, ask);
}

void unit_link(struct unit *u, const char *netem)
{
	char cmd[256];
	const char *const argv[] = { "sh", "-c", cmd, NULL };

	trace("%s: link %s", host(u), netem ? netem : "healed");
	if (netem)
		snprintf(cmd, sizeof(cmd),
			 "exec tc qdisc replace dev fail root netem %s",
			 netem);
	else
		snprintf(cmd, sizeof(cmd), "exec tc qdisc del dev fail root");
	if (run(u->place, NULL, argv))
		fail("%s: %s: failed", host(u), cmd);
}

void unit_isolate(bool on)
{
	char cmd[256];
	const char *const argv[] = { "sh", "-c", cmd, NULL };

	trace("data networks %s", on ? "cut" : "healed");
	snprintf(cmd, sizeof(cmd),
		 "for port in fw1-in fw1-out fw2-in fw2-out; do bridge link set dev $port isolated %s || exit; done",
		 on ? "on" : "off");
	if (run(SWITCH, NULL, argv))
		fail("%s: failed", cmd);
}

/* --- the pair ---------------------------------------------------------- */

bool unit_is_active(void *arg)
{
	struct unit *u = arg;

	return u->up && u->state == NF_FAILOVER_STATE_ACTIVE;
}

struct unit *unit_active(void)
{
	return unit_is_active(&units[0]) ? &units[0] :
	       unit_is_active(&units[1]) ? &units[1] : NULL;
}

bool pair_is_ready(void *unused)
{
	struct unit *a = unit_active();

	return a && unit_other(a)->state == NF_FAILOVER_STATE_STANDBY_READY;
}

/* It hears the other one, to which nothing waits to be sent or acknowledged. */
static bool is_in_step(struct unit *u)
{
	struct fo_show show;
	uint64_t waiting = 0;
	unsigned int i;
	bool heard;

	if (nl_get(&u->nl, &show, false))
		fail("%s: get: %s", host(u), u->nl.error);
	for (i = 0; i < show.queues.n; i++)
		waiting += show.queues.row[i].v[0];
	heard = nl_peer_alive(&show);
	nl_show_free(&show);
	return heard && !waiting;
}

/* A unit that was deaf for a while, and is heard, still is Standby Ready. */
bool pair_in_step(void *unused)
{
	return pair_is_ready(NULL) && is_in_step(&units[0]) &&
	       is_in_step(&units[1]);
}

void unit_dump(void)
{
	char cmd[256];
	const char *const argv[] = { "sh", "-c", cmd, NULL };
	unsigned int i;

	fflush(stdout);
	for (i = 0; i < 2; i++) {
		snprintf(cmd, sizeof(cmd),
			 "{ echo --- %s; failover show; tail -n 20 %s/%s.log; } 2>&1 | head -n 90 | sed 's/^/# /'",
			 host(&units[i]), options.dir, host(&units[i]));
		if (units[i].up)
			run(units[i].place, NULL, argv);
	}
}

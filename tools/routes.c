// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps routes at hand on both units, beside the daemon's work.
 *
 * A route of a protocol that the configuration names is a user object. The active
 * unit reads its tables when they have changed, and writes what is new, other or
 * gone. The standby installs what it hears at once, as routes of a protocol of
 * their own behind all others, so a takeover needs no work, and looks now and then
 * whether all are there: the kernel takes routes away with a device or an address,
 * and tells of none.
 *
 * A unit that is promoted inherits them. A static one stays until somebody removes
 * it; one of a routing daemon until there is one of this unit, or for as long as
 * the configuration says: then the daemon here has had its time to learn it.
 *
 * A thread with sockets of its own, as sets.c: a large table must not delay a
 * takeover.
 */
#include "routes.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "route_nl.h"
#include "worker.h"

#define LOOK_MS		10000
#define RETRY_MS	1000
/* So long after a takeover what cannot be installed is tried again. */
#define LATE_MS		60000
/* A change is a burst of them. */
#define SETTLE_MS	50
/* A table that takes long to read is read the less often. */
#define BUSY		20
#define RCVBUF		(1024 * 1024)

enum source { FD_STOP, FD_EVENTS, FD_OBJECTS, FD_ROUTES, FD_DEVICES, FDS };

/**
 * struct state - the thread
 * @nl: requests, and events of the pair; @objects: those of user objects
 * @ask: routes; @routes, @devices: events of them, and of devices and addresses
 * @show: what was known of the pair last; @known: something is
 * @spec: what is replicated
 * @told: routes as the user objects are, on the active unit; @ready: it was read
 * @late: inherited ones that could not be installed as they are, yet
 * @late_ms: until when these are tried
 * @stale_ms: when those of routing daemons are over; 0: never, or they are, or the
 *	unit is not active
 * @looked_ms: when the routes were looked at last
 * @refused: how many could not be installed at the last look, which is told
 * @left: how many of this unit's own cannot be replicated, which is, too
 */
static struct {
	struct worker	worker;
	struct fo_nl	nl;
	struct fo_nl	objects;
	struct route_nl	ask;
	struct mnl_socket *routes, *devices;
	struct fo_show	show;
	bool		known;
	bool		active;
	bool		ready;
	unsigned int	n;
	struct route_spec spec[CONFIG_ROUTES];
	struct routelist told, late;
	uint64_t	late_ms;
	uint64_t	stale_ms;
	uint64_t	looked_ms;
	unsigned int	refused;
	unsigned int	left;
} it = { .worker.stop_fd = -1 };

/* --- routes as user objects --------------------------------------------- */

static bool is_wanted(const struct route *r)
{
	unsigned int i;

	for (i = 0; i < it.n; i++)
		if (route_spec_has(&it.spec[i], r->protocol, r->table))
			return true;
	return false;
}

static void keep(struct routelist *l, const struct routeitem *e)
{
	routelist_add_bytes(l, e->key, e->key_len, e->value, e->len);
}

static int collect(void *ctx, const struct fo_object *o)
{
	return routelist_add_bytes(ctx, o->key, o->key_len, o->value, o->len) ?
	       0 : -ENOMEM;
}

static int list_objects(struct routelist *list)
{
	int err = nl_object_list(&it.nl, ROUTE_SPACE, collect, list);

	routelist_sort(list);
	return err;
}

static void make_object(struct fo_object *o, const struct routeitem *e)
{
	*o = (struct fo_object) { .space = ROUTE_SPACE, .key_len = e->key_len,
				  .len = e->len };
	memcpy(o->key, e->key, e->key_len);
	memcpy(o->value, e->value, e->len);
}

/* What a handover refuses is told by the next look, or by the other unit. */
static bool tell_put(void *ctx, const struct routeitem *e)
{
	struct fo_object o;

	(void)ctx;
	make_object(&o, e);
	return !nl_object_put(&it.nl, &o);
}

static bool tell_delete(void *ctx, const struct routeitem *e)
{
	struct fo_object o;
	int err;

	(void)ctx;
	make_object(&o, e);
	err = nl_object_delete(&it.nl, &o);
	return !err || err == -ENOENT;
}

static const struct routediff_ops tell = { tell_put, tell_delete, false };

/* --- routes in the kernel -------------------------------------------------- */

static int read_own(struct routelist *list)
{
	struct route_left left = { .n = 0 };
	unsigned int i;
	int err = 0;

	for (i = 0; i < it.n && !err; i++)
		err = route_list(&it.ask, &it.spec[i], list, &left);
	routelist_sort(list);
	if (it.active && left.n > it.left)
		log_warn("%u routes cannot be replicated; %s", left.n, left.why);
	it.left = left.n;
	return err;
}

static int read_installed(struct routelist *list)
{
	struct route_left left = { .n = 0 };
	int err = route_list(&it.ask, NULL, list, &left);

	routelist_sort(list);
	return err;
}

/*
 * On a standby packets of others are not routed, and its own are to have a way:
 * what leads nowhere waits until it is promoted, and its own address is not the
 * source of the active unit's.
 */
static bool suit(struct route *r)
{
	if (it.active)
		return true;
	r->has_src = false;
	return r->type == RTN_UNICAST;
}

/* The address that it has as its source may not be here yet. */
static int install(const struct route *from, bool *whole)
{
	struct route r = *from;
	int err = route_put(&it.ask, &r);

	*whole = !err;
	if (err != -EINVAL || !r.has_src)
		return err;
	r.has_src = false;
	return route_put(&it.ask, &r);
}

static bool put_route(void *ctx, const struct routeitem *e)
{
	char text[ROUTE_TEXT];
	bool whole = true;
	struct route r;
	int err;

	(void)ctx;
	if (!route_read(&r, e))
		return false;
	err = install(&r, &whole);
	if (err) {
		it.refused++;
		log_debug("route %s is not installed: %s", route_text(&r, text),
			  strerror(-err));
	}
	if (!whole && it.active)
		keep(&it.late, e);
	return !err;
}

static bool delete_route(void *ctx, const struct routeitem *e)
{
	struct route r;

	(void)ctx;
	if (route_read(&r, e))
		route_delete(&it.ask, &r);
	return true;
}

static void tell_refused(unsigned int before)
{
	if (it.refused > before)
		log_warn("%u routes of the other unit cannot be installed; see failover show",
			 it.refused);
	else if (before && !it.refused)
		log_notice("all routes of the other unit are installed");
}

/* --- what is to be installed ----------------------------------------------- */

/* Of what objects say; not where this unit has one of its own. */
static void choose(const struct routelist *objects, const struct routelist *own,
		   struct routelist *want)
{
	const struct routeitem *e = objects->item;
	struct route r;

	for (; e < objects->item + objects->n; e++)
		if (route_read(&r, e) && is_wanted(&r) &&
		    !routelist_find(own, e) && suit(&r))
			routelist_add(want, &r);
}

/*
 * What is installed becomes what the objects are. @only: what has no object stays,
 * because this unit does not know all objects.
 */
static void follow(bool only)
{
	const struct routediff_ops apply = {
		put_route, only ? NULL : delete_route, true
	};
	struct routelist all = { .n = 0 }, own = { .n = 0 };
	struct routelist want = { .n = 0 }, have = { .n = 0 };
	unsigned int before = it.refused;

	it.refused = 0;
	if (!list_objects(&all) && !read_own(&own) && !read_installed(&have)) {
		choose(&all, &own, &want);
		routediff(&want, &have, &apply, NULL);
		tell_refused(before);
	}
	routelist_free(&all);
	routelist_free(&own);
	routelist_free(&want);
	routelist_free(&have);
}

/* --- on the active unit ---------------------------------------------------- */

static bool is_stale(const struct routeitem *e)
{
	struct route r;

	return it.stale_ms && now_ms() >= it.stale_ms && route_read(&r, e) &&
	       route_is_dynamic(r.protocol);
}

/* Still wanted: the objects have it, and this unit none of its own. */
static const struct routeitem *inherited(const struct routelist *own,
					 const struct routeitem *e)
{
	const struct routeitem *was = routelist_find(&it.told, e);
	struct route r;

	return was && route_read(&r, was) && is_wanted(&r) &&
	       !routelist_find(own, e) && !is_stale(was) ? was : NULL;
}

/*
 * What is installed for the other unit stays what it was told to be, while nobody
 * has removed it, and nothing has taken its place.
 */
static void inherit(const struct routelist *own, const struct routelist *have,
		    struct routelist *more)
{
	const struct routeitem *e = have->item, *was;

	for (; e < have->item + have->n; e++) {
		was = inherited(own, e);
		if (was)
			keep(more, was);
		else
			delete_route(NULL, e);
	}
}

/*
 * One that could not be installed is tried again for a while, and not taken for
 * removed: addresses and devices of a takeover come after its first look.
 */
static void be_late(const struct routelist *own, struct routelist *more)
{
	struct routelist again = it.late;
	const struct routeitem *e = again.item, *was;

	it.late = (struct routelist) { .n = 0 };
	for (; now_ms() < it.late_ms && e < again.item + again.n; e++) {
		was = inherited(own, e);
		if (!was)
			continue;
		put_route(NULL, was);
		keep(more, was);
	}
	routelist_free(&again);
}

static bool is_ready(void)
{
	if (!it.ready) {
		routelist_free(&it.told);
		it.ready = !list_objects(&it.told);
	}
	return it.ready;
}

static void look(void)
{
	struct routelist own = { .n = 0 }, have = { .n = 0 }, more = { .n = 0 };
	const struct routeitem *e;

	/* what is not known to be told would be taken for what nobody wants */
	if (!is_ready())
		return;
	it.refused = 0;
	if (!read_own(&own) && !read_installed(&have)) {
		inherit(&own, &have, &more);
		be_late(&own, &more);
		for (e = more.item; e < more.item + more.n; e++)
			keep(&own, e);
		routediff(&own, &it.told, &tell, NULL);
	}
	routelist_free(&own);
	routelist_free(&have);
	routelist_free(&more);
	if (it.stale_ms && now_ms() >= it.stale_ms)
		it.stale_ms = 0;
}

/* --- role and configuration ---------------------------------------------- */

/*
 * A unit that was just promoted installs what it has kept back. One whose daemon
 * was started as active does not know since when it is.
 */
static void become_active(bool promoted)
{
	uint32_t stale = it.show.config.route_timeout;

	routelist_free(&it.late);
	it.late_ms = now_ms() + LATE_MS;
	if (promoted)
		follow(true);
	it.stale_ms = stale == CONFIG_FOREVER ? 0 : now_ms() + stale * 1000ull;
}

static void take_config(const struct fo_config *c)
{
	unsigned int i;

	it.n = 0;
	for (i = 0; c->enabled && i < c->n_routes; i++)
		it.n += route_spec_parse(&it.spec[it.n], c->route[i].what);
}

/* Role and configuration; then the routes are looked at. */
static void take_state(void)
{
	bool was = it.active, known = it.known;
	struct fo_show s;

	if (nl_get(&it.nl, &s, true)) {
		nl_show_free(&s);
		return;
	}
	if (known)
		nl_show_free(&it.show);
	it.show = s;
	it.ask.config = &it.show.config;
	it.known = true;
	take_config(&it.show.config);
	it.active = it.show.this.role == NF_FAILOVER_ROLE_ACTIVE;
	if (!it.active)
		it.stale_ms = 0;
	if (!it.active || (was && known))
		return;
	become_active(known);
	it.ready = false;
}

/* --- the thread ---------------------------------------------------------- */

/* True when a route is among them, or some were lost. */
static bool hear_objects(void)
{
	struct fo_object o;
	bool news = false;
	int ret;

	/* what an active unit hears is what it has said itself */
	while ((ret = nl_object_event(&it.objects, &o)) == 1)
		news |= !it.active && !strcmp(o.space, ROUTE_SPACE);
	return news || ret == -ENOBUFS;
}

static void look_at_all(void)
{
	nlask_drain(it.routes);
	nlask_drain(it.devices);
	if (it.active)
		look();
	else
		follow(it.n && !it.show.this.synced);
}

/* Or when routes are over, once: a look that fails then is repeated when it is due. */
static uint64_t next_look(uint64_t due)
{
	return it.stale_ms > it.looked_ms && it.stale_ms < due ? it.stale_ms : due;
}

/* In ms; -1: until something happens. */
static int how_long(uint64_t due)
{
	uint64_t now = now_ms();

	if (!it.known)
		return RETRY_MS;
	if (!it.n)
		return -1;
	due = next_look(due);
	return due > now ? due - now : 0;
}

static bool is_due(uint64_t due)
{
	return it.known && now_ms() >= next_look(due);
}

static struct pollfd readable(int fd)
{
	return (struct pollfd) { .fd = fd, .events = POLLIN };
}

/* Whether something has happened that the routes are to be looked at for. */
static bool hear(const struct pollfd *p)
{
	struct fo_event ev;
	bool news = p[FD_OBJECTS].revents && hear_objects();

	if (p[FD_EVENTS].revents || !it.known) {
		while (nl_event(&it.nl, &ev) == 1)
			;
		take_state();
		news = true;
	}
	return news || p[FD_ROUTES].revents || p[FD_DEVICES].revents;
}

static void *run(void *unused)
{
	struct pollfd p[FDS] = {
		[FD_STOP]    = readable(it.worker.stop_fd),
		[FD_EVENTS]  = readable(nl_event_fd(&it.nl)),
		[FD_OBJECTS] = readable(nl_event_fd(&it.objects)),
		[FD_ROUTES]  = readable(mnl_socket_get_fd(it.routes)),
		[FD_DEVICES] = readable(mnl_socket_get_fd(it.devices)),
	};
	uint64_t next = 0, due = 0;
	int ret;

	(void)unused;
	do {
		if (hear(p))
			due = next;
		/* what has happened is the first of a burst */
		if (p[FD_ROUTES].revents || p[FD_DEVICES].revents)
			poll(p, 1, SETTLE_MS);
		if (is_due(due)) {
			it.looked_ms = now_ms();
			look_at_all();
			next = it.looked_ms + (now_ms() - it.looked_ms) * BUSY;
			due = next + (it.late.n ? RETRY_MS : LOOK_MS);
		}
		/* on the standby routes change by what we do */
		p[FD_ROUTES].events = it.active && it.n ? POLLIN : 0;
		p[FD_DEVICES].events = it.n ? POLLIN : 0;
		ret = poll(p, FDS, how_long(due));
	} while ((ret >= 0 || errno == EINTR) && !p[FD_STOP].revents);
	return NULL;
}

static struct mnl_socket *listen_to(int *groups, unsigned int n)
{
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int size = RCVBUF;

	if (!sk)
		return NULL;
	setsockopt(mnl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	if (mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID)) {
		mnl_socket_close(sk);
		return NULL;
	}
	while (n--)
		mnl_socket_setsockopt(sk, NETLINK_ADD_MEMBERSHIP, &groups[n],
				      sizeof(groups[n]));
	return sk;
}

static int open_events(void)
{
	int routes[] = { RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
			       RTNLGRP_NEXTHOP };
	int devices[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
				RTNLGRP_IPV6_IFADDR };

	it.routes = listen_to(routes, sizeof(routes) / sizeof(*routes));
	it.devices = listen_to(devices, sizeof(devices) / sizeof(*devices));
	return it.routes && it.devices ? 0 : -errno;
}

int routes_start(void)
{
	int err = nl_open_objects(&it.nl, &it.objects);

	if (!err)
		err = route_open(&it.ask);
	if (!err)
		err = open_events();
	return err ? err : worker_start(&it.worker, run);
}

/* What is installed stays: a daemon that is restarted goes on with it. */
void routes_stop(void)
{
	worker_stop(&it.worker);
	if (it.known)
		nl_show_free(&it.show);
	routelist_free(&it.told);
	routelist_free(&it.late);
	if (it.routes)
		mnl_socket_close(it.routes);
	if (it.devices)
		mnl_socket_close(it.devices);
	route_close(&it.ask);
	nl_close(&it.nl);
	nl_close(&it.objects);
}

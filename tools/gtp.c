// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps PDP contexts of GTP alike on both units, beside the daemon's work.
 *
 * A context of one of the kernel's gtp devices is a user object. The active unit
 * looks at its own when the kernel says that one has changed, and tells what is new,
 * another one, or gone. The standby puts what it hears into its device of the same
 * name at once, and looks again when a device has come, and now and then.
 *
 * An object of its own says that the others are all there are: what the standby has
 * besides goes then, and not because the active unit replicates nothing.
 *
 * A unit that is promoted without such a device, or whose kernel refuses a context,
 * keeps the objects: nobody has ended what they stand for.
 *
 * A thread with sockets of its own, like the sets of nftables.
 */
#include "gtp.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "gtp_nl.h"
#include "log.h"
#include "nl.h"
#include "worker.h"

#define LOOK_MS		10000
#define RETRY_MS	1000
/* One that is made anew is several changes. */
#define SETTLE_MS	20
/* What takes long to read is read the less often; not so what has to be told. */
#define BUSY		20

enum source { FD_STOP, FD_EVENTS, FD_OBJECTS, FD_CHANGES, FD_DEVICES, FDS };

/**
 * struct it - the thread
 * @nl: requests, and events of the pair; @objects: those of user objects
 * @gtp: the kernel's contexts, once they are needed; @err: they cannot be had
 * @changes: events of contexts, on the active unit; @devices: of devices
 * @known: role and configuration have been read
 * @on: contexts are replicated
 * @active: this unit is; @synced: it is a standby that has everything
 * @told: what the user objects are, on the active unit; @ready: they were read
 * @all: that these are all was told
 * @lost: inherited ones that could not be installed
 * @failed: some could not be told; @untold: so many for lack of room
 * @refused: so many could not be installed at the last look; @said: and were told
 * @stale: there may be objects that are not wanted any more
 * @reading: ms that this look has taken to read what there is
 */
static struct {
	struct worker	worker;
	struct fo_nl	nl;
	struct fo_nl	objects;
	struct gtp_nl	gtp;
	int		err;
	struct mnl_socket *changes, *devices;
	bool		known;
	bool		on;
	bool		active;
	bool		synced;
	struct gtp_list	told;
	bool		ready;
	bool		all;
	struct gtp_list	lost;
	bool		failed;
	unsigned int	untold;
	unsigned int	refused, said;
	bool		stale;
	uint64_t	reading;
} it = { .worker.stop_fd = -1 };

/* --- user objects ----------------------------------------------------------- */

static void make_object(struct fo_object *o, const struct gtp_ctx *g)
{
	*o = (struct fo_object) { .space = GTP_SPACE };
	o->key_len = gtp_put_key(o->key, g);
	o->len = gtp_put_value(o->value, g);
}

/* That these are all; no context has such a key. */
static void all_object(struct fo_object *o)
{
	*o = (struct fo_object) { .space = GTP_SPACE, .key_len = 3,
				  .key = "all" };
}

static bool all_are_told(void)
{
	struct fo_object o;

	all_object(&o);
	return !nl_object_get(&it.nl, &o);
}

static bool read_object(struct gtp_ctx *g, const struct fo_object *o)
{
	return gtp_get_key(g, o->key, o->key_len) &&
	       gtp_get_value(g, o->value, o->len);
}

static int collect(void *ctx, const struct fo_object *o)
{
	struct gtp_ctx g;

	return !read_object(&g, o) || gtp_list_add(ctx, &g) ? 0 : -ENOMEM;
}

static int list_objects(struct gtp_list *list)
{
	uint64_t begun = now_ms();
	int err = nl_object_list(&it.nl, GTP_SPACE, collect, list);

	gtp_list_sort(list);
	it.reading += now_ms() - begun;
	return err;
}

/* --- the kernel's contexts ---------------------------------------------------- */

static void close_changes(void)
{
	if (it.changes)
		mnl_socket_close(it.changes);
	it.changes = NULL;
}

/* Only who wants it needs a kernel with GTP. */
static bool is_open(void)
{
	int err = it.gtp.ask.sk ? 0 : gtp_open(&it.gtp);

	if (err && err != it.err)
		log_warn("GTP contexts are not replicated: %s", err == -ENOENT ?
			 "the kernel has no GTP" : strerror(-err));
	it.err = err;
	return !err;
}

/* The module may have been loaded anew since: then its numbers are other ones. */
static int list_kernel(struct gtp_list *list)
{
	struct gtp_left left;
	uint64_t begun = now_ms();
	int err = is_open() ? gtp_list(&it.gtp, list, &left) : -ENOENT;

	it.reading += now_ms() - begun;
	if (err && it.gtp.ask.sk) {
		log_debug("GTP contexts: %s", strerror(-err));
		close_changes();
		gtp_close(&it.gtp);
	}
	return err;
}

static bool install(const struct gtp_ctx *g, bool instead)
{
	int err = it.gtp.ask.sk ? gtp_put(&it.gtp, g, instead) : -ENOENT;
	char text[GTP_TEXT];

	if (!err)
		return true;
	it.refused++;
	log_debug("GTP context %s is not installed: %s", gtp_text(g, text),
		  strerror(-err));
	return false;
}

static void tell_refused(void)
{
	if (it.refused > it.said)
		log_warn("%u GTP contexts of the other unit cannot be installed; see failover show",
			 it.refused);
	else if (it.said && !it.refused)
		log_notice("all GTP contexts of the other unit are installed");
	it.said = it.refused;
}

/* --- on the active unit ------------------------------------------------------- */

/* What a handover refuses is told by the next look, or by the other unit. */
static bool tell_put(void *ctx, const struct gtp_ctx *g)
{
	struct fo_object o;
	int err;

	(void)ctx;
	make_object(&o, g);
	err = nl_object_put(&it.nl, &o);
	it.failed |= err != 0;
	it.untold += err == -ENOSPC || err == -ENOMEM;
	return !err;
}

static bool tell_delete(void *ctx, const struct gtp_ctx *g)
{
	struct fo_object o;
	int err;

	(void)ctx;
	make_object(&o, g);
	err = nl_object_delete(&it.nl, &o);
	return !err || err == -ENOENT;
}

static void tell_all(void)
{
	struct fo_object o;

	all_object(&o);
	if (!it.all && !it.failed)
		it.all = !nl_object_put(&it.nl, &o);
}

/* What could not be installed is tried again, unless its place is taken. */
static void try_lost(struct gtp_list *now)
{
	struct gtp_list again = it.lost, more = { .n = 0 };
	const struct gtp_ctx *g = again.item;

	it.lost = (struct gtp_list) { .n = 0 };
	it.refused = 0;
	for (; g < again.item + again.n; g++) {
		if (gtp_list_find(now, g))
			continue;
		if (!install(g, false))
			gtp_list_add(&it.lost, g);
		gtp_list_add(&more, g);
	}
	for (g = more.item; g < more.item + more.n; g++)
		gtp_list_add(now, g);
	tell_refused();
	gtp_list_free(&again);
	gtp_list_free(&more);
}

/* Contexts of a device that is not there were not ended by anybody here. */
static void keep_lost(void)
{
	const struct gtp_ctx *g;

	for (g = it.told.item; g < it.told.item + it.told.n; g++)
		if (!if_nametoindex(g->dev))
			gtp_list_add(&it.lost, g);
	gtp_list_sort(&it.lost);
}

static bool is_ready(void)
{
	if (it.ready)
		return true;
	gtp_list_free(&it.told);
	it.ready = !list_objects(&it.told);
	it.all = all_are_told();
	if (it.ready)
		keep_lost();
	return it.ready;
}

static void look(void)
{
	static const struct gtp_ops ops = { tell_put, tell_delete };
	struct gtp_list now = { .n = 0 };
	unsigned int before = it.untold;

	it.failed = false;
	it.untold = 0;
	/* what is not known to be told would be taken for what nobody wants */
	if (is_ready() && !list_kernel(&now)) {
		try_lost(&now);
		gtp_diff(&now, &it.told, &ops, NULL);
		tell_all();
	}
	if (it.untold > before)
		log_warn("%u GTP contexts are not replicated: there are too many objects",
			 it.untold);
	gtp_list_free(&now);
}

/*
 * Objects that are not wanted any more. Until they are gone: a unit that restarts
 * its links refuses it for a moment.
 */
static void forget(void)
{
	struct gtp_list list = { .n = 0 };
	struct fo_object o;
	bool done;
	size_t i;
	int err;

	all_object(&o);
	err = nl_object_delete(&it.nl, &o);
	done = (!err || err == -ENOENT) && !list_objects(&list);
	for (i = 0; i < list.n; i++)
		done &= tell_delete(NULL, &list.item[i]);
	gtp_list_free(&list);
	gtp_list_free(&it.told);
	gtp_list_free(&it.lost);
	it.all = false;
	it.stale = !done;
}

/* --- on the standby ------------------------------------------------------------ */

static bool apply_put(void *ctx, const struct gtp_ctx *g)
{
	(void)ctx;
	if (install(g, true))
		return true;
	if (it.active)
		gtp_list_add(&it.lost, g);
	return false;
}

static bool apply_delete(void *ctx, const struct gtp_ctx *g)
{
	(void)ctx;
	if (it.gtp.ask.sk)
		gtp_del(&it.gtp, g);
	return true;
}

/* Without GTP in the kernel. */
static void refuse_all(const struct gtp_list *want)
{
	const struct gtp_ctx *g;

	it.refused = want->n;
	for (g = want->item; it.active && g < want->item + want->n; g++)
		gtp_list_add(&it.lost, g);
}

/*
 * The kernel gets what the objects are. @only: what has no object stays, because
 * this unit does not know all objects.
 */
static void follow(bool only)
{
	const struct gtp_ops ops = {
		apply_put, only || !all_are_told() ? NULL : apply_delete
	};
	struct gtp_list want = { .n = 0 }, have = { .n = 0 };

	it.refused = 0;
	if (!list_objects(&want)) {
		if (list_kernel(&have))
			refuse_all(&want);
		else
			gtp_diff(&want, &have, &ops, NULL);
		tell_refused();
	}
	gtp_list_free(&want);
	gtp_list_free(&have);
}

static void on_object(const struct fo_object *o)
{
	struct gtp_ctx g;

	if (strcmp(o->space, GTP_SPACE) || !gtp_get_key(&g, o->key, o->key_len))
		return;
	if (o->event != NF_FAILOVER_OBJECT_EVENT_PUT)
		apply_delete(NULL, &g);
	else if (gtp_get_value(&g, o->value, o->len))
		apply_put(NULL, &g);
}

/* True when some were lost, and all is to be looked at. */
static bool hear_objects(void)
{
	unsigned int before = it.refused;
	struct fo_object o;
	int ret;

	/* what an active unit hears is what it has said itself */
	while ((ret = nl_object_event(&it.objects, &o)) == 1)
		if (it.on && it.known && !it.active)
			on_object(&o);
	return ret == -ENOBUFS || it.refused > before;
}

/* --- role and configuration ----------------------------------------------------- */

/*
 * A unit that was just promoted has in its kernel what its objects are; one whose
 * daemon was started as active has what was changed meanwhile.
 */
static void become_active(bool promoted)
{
	gtp_list_free(&it.lost);
	it.ready = false;
	it.stale = !it.on;
	if (it.on && promoted)
		follow(true);
}

/* The active unit hears of contexts that change; the standby changes them itself. */
static void listen_or_not(void)
{
	bool want = it.on && it.active && it.gtp.ask.sk;

	if (want && !it.changes)
		it.changes = gtp_listen(&it.gtp);
	if (want && !it.changes)
		log_warn("GTP: no events: %s", strerror(errno));
	if (!want)
		close_changes();
}

/* Role and configuration; then all is looked at. */
static void take_state(void)
{
	bool was = it.active, known = it.known, on = it.on;
	struct fo_show s;

	if (!nl_get(&it.nl, &s, true)) {
		it.on = s.config.enabled && s.config.objects && s.config.gtp;
		it.known = true;
		it.active = s.this.role == NF_FAILOVER_ROLE_ACTIVE;
		it.synced = s.this.synced;
		if (it.active && (on != it.on || !was || !known))
			become_active(known && !was);
		if (!it.active)
			gtp_list_free(&it.lost);
	}
	nl_show_free(&s);
}

static void look_at_all(void)
{
	if (it.stale && it.active)
		forget();
	if (!it.on)
		return;
	is_open();
	/* before the look: of what changes during it there is an event */
	listen_or_not();
	if (it.active)
		look();
	else
		follow(!it.synced);
}

/* --- the thread ------------------------------------------------------------------ */

/* A role or another configuration waits for nothing. */
static void hear(const struct pollfd *p, uint64_t *due, uint64_t *next)
{
	struct fo_event ev;

	if (p[FD_OBJECTS].revents && hear_objects())
		*due = 0;
	if (p[FD_EVENTS].revents || !it.known) {
		while (nl_event(&it.nl, &ev) == 1)
			;
		take_state();
		*due = 0;
		*next = 0;
	}
	if (p[FD_CHANGES].revents || p[FD_DEVICES].revents) {
		poll((struct pollfd *)p, 1, SETTLE_MS);
		if (it.changes)
			nlask_drain(it.changes);
		nlask_drain(it.devices);
		*due = 0;
	}
}

/* What the kernel does not take just now: it hands over, or restarts its links. */
static bool is_refused(void)
{
	return it.active && (it.stale || (it.failed && !it.untold));
}

/* @next: not before that, whatever is heard of contexts */
static void look_when_due(uint64_t *due, uint64_t *next)
{
	uint64_t now = now_ms();

	if (now < *due || now < *next || !it.known)
		return;
	it.reading = 0;
	look_at_all();
	now = now_ms();
	*next = now + (it.reading < LOOK_MS / BUSY ? it.reading * BUSY : LOOK_MS);
	*due = now + (is_refused() ? RETRY_MS : LOOK_MS);
}

/* In ms; -1: until something happens. */
static int how_long(uint64_t due, uint64_t next)
{
	uint64_t now = now_ms();

	if (!it.known)
		return RETRY_MS;
	if (!it.on && !(it.stale && it.active))
		return -1;
	if (due < next)
		due = next;
	return due > now ? (int)(due - now) : 0;
}

static struct pollfd readable(int fd)
{
	return (struct pollfd) { .fd = fd, .events = POLLIN };
}

static void *run(void *unused)
{
	struct pollfd p[FDS] = {
		[FD_STOP]    = readable(it.worker.stop_fd),
		[FD_EVENTS]  = readable(nl_event_fd(&it.nl)),
		[FD_OBJECTS] = readable(nl_event_fd(&it.objects)),
		[FD_CHANGES] = readable(-1),
		[FD_DEVICES] = readable(mnl_socket_get_fd(it.devices)),
	};
	uint64_t due = 0, next = 0;
	int ret;

	(void)unused;
	do {
		hear(p, &due, &next);
		look_when_due(&due, &next);
		p[FD_CHANGES].fd = it.changes ? mnl_socket_get_fd(it.changes) : -1;
		p[FD_CHANGES].revents = 0;
		p[FD_DEVICES].events = it.on ? POLLIN : 0;
		ret = poll(p, FDS, how_long(due, next));
	} while ((ret >= 0 || errno == EINTR) && !p[FD_STOP].revents);
	return NULL;
}

int gtp_start(void)
{
	int err = nl_open_objects(&it.nl, &it.objects);

	if (err)
		return err;
	it.devices = gtp_listen_devices();
	return it.devices ? worker_start(&it.worker, run) : -errno;
}

/* What is installed stays: a daemon that is restarted goes on with it. */
void gtp_stop(void)
{
	worker_stop(&it.worker);
	close_changes();
	if (it.devices)
		mnl_socket_close(it.devices);
	gtp_list_free(&it.told);
	gtp_list_free(&it.lost);
	gtp_close(&it.gtp);
	nl_close(&it.nl);
	nl_close(&it.objects);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps SAs and policies of IPsec alike on both units, beside the daemon's work.
 *
 * Those that have an address of the pair are user objects, the SAs with their keys
 * secret ones, which the kernel sends over a link with a key only. The active unit
 * looks at its own when the kernel says that something has changed, and tells what
 * is new, another one, or gone. The standby puts what it hears into its kernel at
 * once. How far an SA has come is told by the module, several times a second.
 *
 * An object of its own says that the others are all there are: what the standby has
 * besides goes then, and not because the active unit replicates nothing.
 *
 * A thread with sockets of its own, like the sets of nftables. Keys are wiped as
 * soon as they are used, and none is ever written anywhere.
 */
#include "ipsec.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "ipsec_list.h"
#include "log.h"
#include "nl.h"
#include "worker.h"
#include "xfrm.h"

#define LOOK_MS		10000
/* One that is made anew is several changes. */
#define SETTLE_MS	20
/* A look that takes long is taken the less often. */
#define BUSY		20
/* A look that somebody waits for. */
#define FLUSH_MS	500

enum source { FD_STOP, FD_FLUSH, FD_EVENTS, FD_OBJECTS, FD_XFRM, FDS };

/**
 * struct ipsec - the thread
 * @ask: a look is wanted now; @answer: it is done; with the daemon's loop
 * @nl: requests, and events of the pair; @objects: those of user objects
 * @xfrm: the kernel's IPsec, once it is needed; @err: it cannot be had
 * @changes: events of IPsec, on the active unit
 * @known: role and configuration have been read
 * @on: SAs and policies are replicated; @clear: they cannot be, the links have no
 *	key, and that was said if @said; @refused: by the kernel, in this look
 * @active: this unit is; @synced: it is a standby that has everything
 * @pair: whose addresses they have
 * @told: what the user objects are, on the active unit
 * @all: that these are all
 * @failed: some could not be told or made
 * @stale: there may be objects that are not wanted any more
 */
static struct {
	struct worker	worker;
	int		ask;
	int		answer;
	struct fo_nl	nl;
	struct fo_nl	objects;
	struct xfrm	xfrm;
	int		err;
	struct mnl_socket *changes;
	bool		known;
	bool		on;
	bool		clear;
	bool		said;
	bool		refused;
	bool		active;
	bool		synced;
	struct ipsec_pair pair;
	struct ipsec_list told;
	bool		all;
	bool		failed;
	bool		stale;
} ipsec = { .worker.stop_fd = -1, .ask = -1, .answer = -1 };

/* --- user objects ---------------------------------------------------------- */

static void set_key(struct fo_object *o, const struct ipsec_item *i)
{
	*o = (struct fo_object) { .key_len = i->key_len, .secret = !i->policy };
	strcpy(o->space, i->policy ? IPSEC_POLICY : IPSEC_SA);
	memcpy(o->key, i->key, i->key_len);
}

static void all_object(struct fo_object *o)
{
	*o = (struct fo_object) { .space = IPSEC_ALL, .key_len = 3,
				  .key = "all" };
}

static bool all_are_told(void)
{
	struct fo_object o;

	all_object(&o);
	return !nl_object_get(&ipsec.nl, &o);
}

/* Its key; false when it is none of ours. */
static bool take_key(struct ipsec_item *i, const struct fo_object *o)
{
	*i = (struct ipsec_item) { .key_len = o->key_len };
	i->policy = !strcmp(o->space, IPSEC_POLICY);
	memcpy(i->key, o->key, o->key_len);
	return i->policy || !strcmp(o->space, IPSEC_SA);
}

static int collect_key(void *ctx, const struct fo_object *o)
{
	struct ipsec_item i;

	return !take_key(&i, o) || ipsec_list_add(ctx, &i, false) ? 0 : -ENOMEM;
}

/* The value, which is secret, so that a list does not give it. */
static int read_value(struct fo_object *o, const struct ipsec_item *i)
{
	set_key(o, i);
	return nl_object_get(&ipsec.nl, o);
}

static int collect(struct ipsec_list *to, const struct ipsec_item *key)
{
	struct ipsec_item i = *key;
	struct fo_object o;
	int err = read_value(&o, key);

	i.value = o.value;
	i.len = o.len;
	if (!err && !ipsec_list_add(to, &i, true))
		err = -ENOMEM;
	explicit_bzero(&o, sizeof(o));
	/* it may have gone meanwhile */
	return err == -ENOENT ? 0 : err;
}

/* All objects. */
static int list_objects(struct ipsec_list *list)
{
	struct ipsec_list keys = { .n = 0 };
	int err = nl_object_list(&ipsec.nl, IPSEC_SA, collect_key, &keys);
	size_t n;

	if (!err)
		err = nl_object_list(&ipsec.nl, IPSEC_POLICY, collect_key,
				     &keys);
	for (n = 0; n < keys.n && !err; n++)
		err = collect(list, &keys.item[n]);
	ipsec_list_free(&keys);
	return err;
}

/* --- the kernel's SAs and policies ------------------------------------------- */

/* What is no record is told by "failover show", which looks at all of them. */
static int see_sa(void *ctx, enum xfrm_why why, const struct ipsec_sa *sa)
{
	if (why == XFRM_OK && ipsec_pair_sa(&ipsec.pair, sa))
		ipsec_list_add_sa(ctx, sa);
	return 0;
}

static int see_policy(void *ctx, enum xfrm_why why, const struct ipsec_policy *p)
{
	if (why == XFRM_OK && ipsec_pair_policy(&ipsec.pair, p))
		ipsec_list_add_policy(ctx, p);
	return 0;
}

static int list_kernel(struct ipsec_list *list)
{
	int err = xfrm_list_sas(&ipsec.xfrm, see_sa, list);

	return err ? err : xfrm_list_policies(&ipsec.xfrm, see_policy, list);
}

static void why_not(const char *what, int err)
{
	log_debug("IPsec: %s: %s", what, strerror(-err));
	ipsec.failed = true;
}

/* --- on the active unit ------------------------------------------------------ */

static void say_clear(void)
{
	if (!ipsec.said)
		log_warn("IPsec SAs are not replicated: the links are in clear text");
	ipsec.said = true;
	ipsec.refused = true;
}

/* What a handover refuses is told by the next look, or by the other unit. */
static bool tell_put(void *ctx, const struct ipsec_item *i)
{
	struct fo_object o;
	int err;

	(void)ctx;
	/* nothing of it, not even what is no secret */
	if (ipsec.refused)
		return false;
	set_key(&o, i);
	memcpy(o.value, i->value, i->len);
	o.len = i->len;
	err = nl_object_put(&ipsec.nl, &o);
	explicit_bzero(&o, sizeof(o));
	if (err == -ENOKEY)
		say_clear();
	else if (err)
		why_not("one is not told", err);
	return !err;
}

static bool tell_delete(void *ctx, const struct ipsec_item *i)
{
	struct fo_object o;
	int err;

	(void)ctx;
	set_key(&o, i);
	err = nl_object_delete(&ipsec.nl, &o);
	return !err || err == -ENOENT;
}

static void tell_all(void)
{
	struct fo_object o;

	all_object(&o);
	if (!ipsec.all && !ipsec.failed && !ipsec.clear)
		ipsec.all = !nl_object_put(&ipsec.nl, &o);
}

static void look(void)
{
	static const struct ipsec_ops ops = { tell_put, tell_delete };
	struct ipsec_list now = { .n = 0 };

	ipsec.failed = false;
	ipsec.refused = false;
	ipsec.said = ipsec.said && ipsec.clear;
	if (!list_kernel(&now)) {
		ipsec_diff(&now, &ipsec.told, &ops, NULL);
		tell_all();
	}
	ipsec_list_free(&now);
}

/*
 * Objects that are not wanted any more: no key stays where none is needed. Until
 * they are gone: a unit that restarts its links refuses it for a moment.
 */
static void forget(void)
{
	struct ipsec_list keys = { .n = 0 };
	struct fo_object o;
	bool done;
	size_t n;
	int err;

	all_object(&o);
	err = nl_object_delete(&ipsec.nl, &o);
	done = (!err || err == -ENOENT) &&
	       !nl_object_list(&ipsec.nl, IPSEC_SA, collect_key, &keys) &&
	       !nl_object_list(&ipsec.nl, IPSEC_POLICY, collect_key, &keys);
	for (n = 0; n < keys.n; n++)
		done &= tell_delete(NULL, &keys.item[n]);
	ipsec_list_free(&keys);
	ipsec_list_free(&ipsec.told);
	ipsec.all = false;
	ipsec.stale = !done;
}

/* --- on the standby ---------------------------------------------------------- */

/* It sends, unless it ends at the pair. */
static bool sends(const struct ipsec_sa *sa)
{
	return !ipsec_pair_addr(&ipsec.pair, sa->family, sa->dst);
}

static int make_sa(const struct ipsec_item *i)
{
	struct ipsec_sa sa;
	int err = ipsec_get_sa_key(&sa, i->key, i->key_len);

	if (!err)
		err = ipsec_get_sa(&sa, i->value, i->len);
	if (!err)
		err = xfrm_set_sa(&ipsec.xfrm, &sa, sends(&sa));
	explicit_bzero(&sa, sizeof(sa));
	return err;
}

static int make_policy(const struct ipsec_item *i)
{
	struct ipsec_policy p;
	int err = ipsec_get_policy_key(&p, i->key, i->key_len);

	if (!err)
		err = ipsec_get_policy(&p, i->value, i->len);
	return err ? err : xfrm_set_policy(&ipsec.xfrm, &p);
}

static bool apply_put(void *ctx, const struct ipsec_item *i)
{
	int err = i->policy ? make_policy(i) : make_sa(i);

	(void)ctx;
	if (err)
		why_not(i->policy ? "a policy is not taken" :
				    "an SA is not taken", err);
	return !err;
}

static bool apply_delete(void *ctx, const struct ipsec_item *i)
{
	struct ipsec_policy p;
	struct ipsec_sa sa;

	(void)ctx;
	if (i->policy && !ipsec_get_policy_key(&p, i->key, i->key_len))
		xfrm_del_policy(&ipsec.xfrm, &p);
	if (!i->policy && !ipsec_get_sa_key(&sa, i->key, i->key_len))
		xfrm_del_sa(&ipsec.xfrm, &sa);
	return true;
}

/*
 * The kernel gets what the objects are. @only: what has no object stays, because
 * this unit does not know all objects.
 */
static void follow(bool only)
{
	const struct ipsec_ops ops = {
		apply_put, only || !all_are_told() ? NULL : apply_delete
	};
	struct ipsec_list want = { .n = 0 }, have = { .n = 0 };

	ipsec.failed = false;
	if (!list_objects(&want) && !list_kernel(&have))
		ipsec_diff(&want, &have, &ops, NULL);
	ipsec_list_free(&want);
	ipsec_list_free(&have);
}

static void on_object(const struct fo_object *o)
{
	struct ipsec_list one = { .n = 0 };
	struct ipsec_item i;

	if (!take_key(&i, o))
		return;
	if (o->event != NF_FAILOVER_OBJECT_EVENT_PUT)
		apply_delete(NULL, &i);
	else if (!collect(&one, &i) && one.n)
		apply_put(NULL, &one.item[0]);
	ipsec_list_free(&one);
}

/* True when some were lost, and all is to be looked at. */
static bool hear_objects(void)
{
	struct fo_object o;
	int ret;

	/* what an active unit hears is what it has said itself */
	while ((ret = nl_object_event(&ipsec.objects, &o)) == 1)
		if (ipsec.on && ipsec.known && !ipsec.active)
			on_object(&o);
	return ret == -ENOBUFS;
}

/* --- role and configuration --------------------------------------------------- */

/*
 * A unit that was just promoted has in its kernel what its objects are; one whose
 * daemon was started as active has what was changed meanwhile.
 */
static void become_active(bool promoted)
{
	ipsec.stale = !ipsec.on || ipsec.clear;
	if (ipsec.stale)
		return;
	if (promoted)
		follow(true);
	ipsec_list_free(&ipsec.told);
	list_objects(&ipsec.told);
	ipsec.all = all_are_told();
}

/* Only who wants it needs a kernel with IPsec. */
static bool is_open(void)
{
	int err = ipsec.xfrm.ask.sk ? 0 : xfrm_open(&ipsec.xfrm);

	if (err && err != ipsec.err)
		log_warn("IPsec SAs are not replicated: %s", strerror(-err));
	ipsec.err = err;
	return !err;
}

/* Returns whether it is another one, as far as it matters here. */
static bool take_config(const struct fo_config *c)
{
	bool on = c->enabled && c->objects &&
		  c->ipsec == NF_FAILOVER_IPSEC_KEYS && is_open();
	bool clear = c->key_mode == NF_FAILOVER_KEY_MODE_CLEAR;
	bool news = on != ipsec.on || clear != ipsec.clear;

	ipsec.on = on;
	ipsec.clear = clear;
	if (!ipsec_pair_set(&ipsec.pair, c))
		log_warn("IPsec: %s", strerror(ENOMEM));
	return news;
}

/* The active unit hears of what changes, and nobody else: there are keys in it. */
static void listen_or_not(void)
{
	bool want = ipsec.on && ipsec.active;

	if (want && !ipsec.changes)
		ipsec.changes = xfrm_listen();
	if (want && !ipsec.changes)
		log_warn("IPsec: no events: %s", strerror(errno));
	if (!want && ipsec.changes) {
		mnl_socket_close(ipsec.changes);
		ipsec.changes = NULL;
	}
}

/* Role and configuration; then all is looked at. */
static void take_state(void)
{
	bool was = ipsec.active, known = ipsec.known, news;
	struct fo_show s;

	if (!nl_get(&ipsec.nl, &s, true)) {
		news = take_config(&s.config);
		ipsec.known = true;
		ipsec.active = s.this.role == NF_FAILOVER_ROLE_ACTIVE;
		ipsec.synced = s.this.synced;
		listen_or_not();
		if (ipsec.active && (news || !was || !known))
			become_active(known && !was);
	}
	nl_show_free(&s);
}

static void look_at_all(void)
{
	if (ipsec.stale && ipsec.active)
		forget();
	if (!ipsec.on)
		return;
	if (ipsec.active)
		look();
	else
		follow(!ipsec.synced);
}

/* --- the thread ----------------------------------------------------------------- */

static bool ring(int fd)
{
	uint64_t one = 1;

	return write(fd, &one, sizeof(one)) == sizeof(one);
}

static bool rung(int fd)
{
	uint64_t n;

	return read(fd, &n, sizeof(n)) == sizeof(n);
}

static void hear(const struct pollfd *p, uint64_t *due)
{
	struct fo_event ev;

	if (p[FD_OBJECTS].revents && hear_objects())
		*due = 0;
	if (p[FD_EVENTS].revents || !ipsec.known) {
		while (nl_event(&ipsec.nl, &ev) == 1)
			;
		take_state();
		*due = 0;
	}
	if (p[FD_FLUSH].revents) {
		*due = 0;
	} else if (p[FD_XFRM].revents) {
		poll((struct pollfd *)p, 2, SETTLE_MS);
		*due = 0;
	}
}

static void look_when_due(uint64_t *due)
{
	uint64_t begun = now_ms();

	if (begun < *due || !ipsec.known)
		return;
	if (ipsec.changes)
		nlask_drain(ipsec.changes);
	look_at_all();
	*due = begun + (now_ms() - begun) * BUSY +
	       (ipsec.stale && ipsec.active ? LOOK_MS / 10 : LOOK_MS);
}

static void *run(void *unused)
{
	struct pollfd p[FDS] = {
		[FD_STOP]    = { .fd = ipsec.worker.stop_fd, .events = POLLIN },
		[FD_FLUSH]   = { .fd = ipsec.ask, .events = POLLIN },
		[FD_EVENTS]  = { .fd = nl_event_fd(&ipsec.nl),
				 .events = POLLIN },
		[FD_OBJECTS] = { .fd = nl_event_fd(&ipsec.objects),
				 .events = POLLIN },
		[FD_XFRM]    = { .fd = -1, .events = POLLIN },
	};
	uint64_t due = 0, now;
	int ret;

	(void)unused;
	do {
		hear(p, &due);
		look_when_due(&due);
		if (p[FD_FLUSH].revents && rung(ipsec.ask))
			ring(ipsec.answer);
		p[FD_XFRM].fd = ipsec.changes ?
				mnl_socket_get_fd(ipsec.changes) : -1;
		p[FD_XFRM].revents = 0;
		now = now_ms();
		ret = poll(p, FDS, !ipsec.known ? LOOK_MS / 10 :
			   !ipsec.on && !(ipsec.stale && ipsec.active) ?
			   -1 : due > now ? (int)(due - now) : 0);
	} while ((ret >= 0 || errno == EINTR) && !p[FD_STOP].revents);
	return NULL;
}

void ipsec_flush(void)
{
	struct pollfd p = { .fd = ipsec.answer, .events = POLLIN };

	if (ipsec.worker.stop_fd < 0)
		return;
	/* one that came too late is none to this question */
	rung(ipsec.answer);
	if (ring(ipsec.ask) && poll(&p, 1, FLUSH_MS) == 0)
		log_warn("IPsec: what has just changed may not be replicated");
}

static int open_bells(void)
{
	ipsec.ask = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ipsec.answer = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return ipsec.ask < 0 || ipsec.answer < 0 ? -errno : 0;
}

static void close_bells(void)
{
	if (ipsec.ask >= 0)
		close(ipsec.ask);
	if (ipsec.answer >= 0)
		close(ipsec.answer);
}

int ipsec_start(void)
{
	int err = nl_open_objects(&ipsec.nl, &ipsec.objects);

	if (!err)
		err = open_bells();
	return err ? err : worker_start(&ipsec.worker, run);
}

void ipsec_stop(void)
{
	worker_stop(&ipsec.worker);
	close_bells();
	if (ipsec.changes)
		mnl_socket_close(ipsec.changes);
	ipsec_pair_free(&ipsec.pair);
	ipsec_list_free(&ipsec.told);
	xfrm_close(&ipsec.xfrm);
	nl_close(&ipsec.nl);
	nl_close(&ipsec.objects);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps named sets of nftables alike on both units, beside the daemon's work.
 *
 * An element with a timeout is a user object. The active unit reads its sets once
 * a second, because what rules add on the packet path makes no event, and at once
 * when the ruleset has changed; it writes what is new, renewed or gone. The
 * standby puts what it hears into its own set at once, so a takeover needs no
 * work, and looks now and then whether all is there: its ruleset may have been
 * loaded anew.
 *
 * A thread with sockets of its own, like the recorder: a large set must not delay
 * a takeover.
 */
#include "sets.h"

#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "nft_set.h"
#include "nl.h"
#include "worker.h"

#define ACTIVE_MS	1000
#define STANDBY_MS	10000
/* A change of the ruleset may be a burst of them. */
#define SETTLE_MS	50
/* A set that takes long to read is read the less often. */
#define BUSY		20

/**
 * struct mirror - a set that is kept alike
 * @what: as in the configuration
 * @err: why it cannot be, which is said once
 * @told: elements as the user objects are, on the active unit
 */
struct mirror {
	char		what[CONFIG_SET_TEXT];
	struct nft_set	set;
	int		err;
	struct setlist	told;
};

enum source { FD_STOP, FD_EVENTS, FD_OBJECTS, FD_RULES, FDS };

/**
 * struct sets - the thread
 * @nl: requests, and events of the pair; @objects: those of user objects
 * @rules: events of the ruleset
 * @active: this unit is; @synced: it is a standby that has everything
 * @known: both have been read
 */
static struct {
	struct worker	worker;
	struct fo_nl	nl;
	struct fo_nl	objects;
	struct nlask	nft;
	struct nlask	rules;
	bool		known;
	bool		active;
	bool		synced;
	unsigned int	n;
	struct mirror	mirror[CONFIG_SETS];
} sets = { .worker.stop_fd = -1 };

/* --- elements as user objects ------------------------------------------- */

/* The set, each name with a zero behind it, then the key of the element. */
static size_t put_name(unsigned char *to, const struct nft_set *s)
{
	size_t at = 1, n = strlen(s->table) + 1;

	to[0] = s->family;
	memcpy(to + at, s->table, n);
	at += n;
	n = strlen(s->name) + 1;
	memcpy(to + at, s->name, n);
	return at + n;
}

/* False when its key and the names of its set are too long together. */
static bool make_object(struct fo_object *o, const struct nft_set *s,
			const struct setitem *e)
{
	uint64_t now = now_ms(), timeout = htobe64(e->timeout);
	size_t at;

	*o = (struct fo_object) { .space = SETS_SPACE, .lives = true };
	at = put_name(o->key, s);
	if (at + e->len > sizeof(o->key))
		return false;
	memcpy(o->key + at, e->key, e->len);
	o->key_len = at + e->len;
	memcpy(o->value, &timeout, sizeof(timeout));
	o->len = sizeof(timeout);
	o->lifetime = e->end > now ? e->end - now : 1;
	return true;
}

/* False when it is no element of this set. */
static bool read_object(const struct fo_object *o, const struct nft_set *s,
			struct setitem *e)
{
	unsigned char name[NF_FAILOVER_OBJECT_KEY_LEN];
	size_t at = put_name(name, s);
	uint64_t timeout;

	if (strcmp(o->space, SETS_SPACE) || o->key_len <= at ||
	    memcmp(o->key, name, at) || o->key_len - at > sizeof(e->key) ||
	    o->len != sizeof(timeout))
		return false;
	*e = (struct setitem) { .len = o->key_len - at };
	memcpy(e->key, o->key + at, e->len);
	memcpy(&timeout, o->value, sizeof(timeout));
	e->timeout = be64toh(timeout);
	e->end = now_ms() + o->lifetime;
	return true;
}

struct collector {
	const struct nft_set *set;
	struct setlist *list;
};

static int collect(void *ctx, const struct fo_object *o)
{
	struct collector *c = ctx;
	struct setitem e;

	return read_object(o, c->set, &e) && !setlist_add(c->list, &e) ?
	       -ENOMEM : 0;
}

/* All objects of the set. */
static int list_objects(struct mirror *m, struct setlist *list)
{
	struct collector c = { &m->set, list };

	return nl_object_list(&sets.nl, SETS_SPACE, collect, &c);
}

/* --- what is wrong with a set -------------------------------------------- */

/* False when it cannot be kept alike now. */
static bool check(struct mirror *m)
{
	int err = nft_set_check(&sets.nft, &m->set);

	if (err && err != m->err)
		log_warn("set %s is not replicated: %s", m->what,
			 nft_set_why(err));
	if (!err && m->err)
		log_notice("set %s is replicated again", m->what);
	m->err = err;
	return !err;
}

/* --- on the active unit -------------------------------------------------- */

/* What a handover refuses is told by the next look, or by the other unit. */
static bool tell_put(void *ctx, const struct setitem *e)
{
	struct mirror *m = ctx;
	struct fo_object o;

	return make_object(&o, &m->set, e) && !nl_object_put(&sets.nl, &o);
}

static bool tell_delete(void *ctx, const struct setitem *e)
{
	struct mirror *m = ctx;
	struct fo_object o;
	int err;

	if (!make_object(&o, &m->set, e))
		return true;
	err = nl_object_delete(&sets.nl, &o);
	return !err || err == -ENOENT;
}

static const struct setdiff_ops tell = { tell_put, tell_delete };

static void look(struct mirror *m)
{
	struct setlist now = { .n = 0 };

	if (check(m) && !nft_set_list(&sets.nft, &m->set, &now))
		setdiff(&now, &m->told, &tell, m);
	setlist_free(&now);
}

/* --- on the standby ------------------------------------------------------ */

static bool set_put(void *ctx, const struct setitem *e)
{
	struct mirror *m = ctx;
	int err = nft_set_put(&sets.nft, &m->set, e);

	if (err)
		log_debug("set %s: an element is not taken: %s", m->what,
			  strerror(-err));
	return !err;
}

static bool set_delete(void *ctx, const struct setitem *e)
{
	struct mirror *m = ctx;

	nft_set_delete(&sets.nft, &m->set, e);
	return true;
}

/*
 * The set becomes what the objects are. @only: what has no object stays, because
 * this unit does not know all objects.
 */
static void follow(struct mirror *m, bool only)
{
	const struct setdiff_ops apply = { set_put, only ? NULL : set_delete };
	struct setlist want = { .n = 0 }, have = { .n = 0 };

	if (check(m) && !list_objects(m, &want) &&
	    !nft_set_list(&sets.nft, &m->set, &have))
		setdiff(&want, &have, &apply, m);
	setlist_free(&want);
	setlist_free(&have);
}

static void on_object(const struct fo_object *o)
{
	struct mirror *m = sets.mirror;
	struct setitem e;

	for (; m < sets.mirror + sets.n; m++) {
		if (!read_object(o, &m->set, &e) || m->err)
			continue;
		if (o->event == NF_FAILOVER_OBJECT_EVENT_PUT)
			set_put(m, &e);
		else
			set_delete(m, &e);
	}
}

/* True when some were lost, and all is to be looked at. */
static bool hear_objects(void)
{
	struct fo_object o;
	int ret;

	/* what an active unit hears is what it has said itself */
	while ((ret = nl_object_event(&sets.objects, &o)) == 1)
		if (!sets.active)
			on_object(&o);
	return ret == -ENOBUFS;
}

/* --- role and configuration ---------------------------------------------- */

/*
 * A unit that was just promoted has in its sets what its objects are; one whose
 * daemon was started as active has what was changed meanwhile.
 */
static void become_active(bool promoted)
{
	struct mirror *m = sets.mirror;

	for (; m < sets.mirror + sets.n; m++) {
		if (promoted)
			follow(m, true);
		setlist_free(&m->told);
		list_objects(m, &m->told);
	}
}

static void drop_mirrors(void)
{
	while (sets.n)
		setlist_free(&sets.mirror[--sets.n].told);
}

/* Returns whether they are other ones. */
static bool take_config(const struct fo_config *c)
{
	unsigned int i;
	bool same = c->n_sets == sets.n;

	for (i = 0; same && i < sets.n; i++)
		same = !strcmp(c->set[i].what, sets.mirror[i].what);
	if (same)
		return false;
	drop_mirrors();
	for (i = 0; i < c->n_sets; i++) {
		struct mirror *m = &sets.mirror[sets.n];

		*m = (struct mirror) { .err = 0 };
		snprintf(m->what, sizeof(m->what), "%s", c->set[i].what);
		sets.n += nft_set_parse(&m->set, m->what);
	}
	return true;
}

/* Role and configuration; then the sets are looked at. */
static void take_state(void)
{
	bool was = sets.active, known = sets.known, news;
	struct fo_show s;

	if (!nl_get(&sets.nl, &s, true)) {
		news = take_config(&s.config);
		sets.known = true;
		sets.active = s.this.role == NF_FAILOVER_ROLE_ACTIVE;
		sets.synced = s.this.synced;
		if (sets.active && (news || !was || !known))
			become_active(known && !was);
	}
	nl_show_free(&s);
}

static void look_at_all(void)
{
	struct mirror *m = sets.mirror;

	for (; m < sets.mirror + sets.n; m++) {
		if (sets.active)
			look(m);
		else
			follow(m, !sets.synced);
	}
}

/* --- the thread ---------------------------------------------------------- */

static void *run(void *unused)
{
	struct pollfd p[FDS] = {
		[FD_STOP]    = { .fd = sets.worker.stop_fd, .events = POLLIN },
		[FD_EVENTS]  = { .fd = nl_event_fd(&sets.nl), .events = POLLIN },
		[FD_OBJECTS] = { .fd = nl_event_fd(&sets.objects),
				 .events = POLLIN },
		[FD_RULES]   = { .fd = mnl_socket_get_fd(sets.rules.sk) },
	};
	uint64_t begun, took = 0, due = 0;
	struct fo_event ev;
	int wait, ret;

	(void)unused;
	do {
		if (p[FD_OBJECTS].revents && hear_objects())
			due = 0;
		if (p[FD_EVENTS].revents || !sets.known) {
			while ((ret = nl_event(&sets.nl, &ev)) == 1)
				;
			take_state();
			due = 0;
		}
		if (p[FD_RULES].revents) {
			poll(p, 1, SETTLE_MS);
			due = 0;
		}
		begun = now_ms();
		if (begun >= due && sets.known) {
			nlask_drain(sets.rules.sk);
			look_at_all();
			took = now_ms() - begun;
			due = begun + took * BUSY +
			      (sets.active ? ACTIVE_MS : STANDBY_MS);
		}
		/* on the standby the ruleset changes by what we do */
		p[FD_RULES].events = sets.active && sets.n ? POLLIN : 0;
		wait = !sets.known ? ACTIVE_MS : !sets.n ? -1 :
		       (int)(due - now_ms());
		ret = poll(p, FDS, sets.n && wait < 0 ? 0 : wait);
	} while ((ret >= 0 || errno == EINTR) && !p[FD_STOP].revents);
	return NULL;
}

static int open_rules(void)
{
	int group = NFNLGRP_NFTABLES;
	int err = nlask_open(&sets.rules, NETLINK_NETFILTER, NFT_TIMEOUT_S);

	if (err)
		return err;
	return mnl_socket_setsockopt(sets.rules.sk, NETLINK_ADD_MEMBERSHIP,
				     &group, sizeof(group)) ? -errno : 0;
}

int sets_start(void)
{
	int err = nl_open_objects(&sets.nl, &sets.objects);

	if (!err)
		err = nlask_open(&sets.nft, NETLINK_NETFILTER, NFT_TIMEOUT_S);
	if (!err)
		err = open_rules();
	return err ? err : worker_start(&sets.worker, run);
}

void sets_stop(void)
{
	worker_stop(&sets.worker);
	drop_mirrors();
	nlask_close(&sets.nft);
	nlask_close(&sets.rules);
	nl_close(&sets.nl);
	nl_close(&sets.objects);
}

// SPDX-License-Identifier: GPL-2.0
/* Watches the monitored interfaces: hellos, tests, and what is heard.
 *
 * Hellos are frames of the link's type, from device to device: they need no
 * address and no rule of the ruleset, no connection is tracked for them, and
 * one form does for IPv4, IPv6 and bridges. They tell the addresses, so that a
 * wrong one is found out all the same. They go to the MAC that the mate's
 * hellos over the link told, and to nobody else.
 */
#include "ifwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ifsock.h"
#include "ifwhy.h"
#include "log.h"
#include "probe_frame.h"

/* Frames that one run takes of an interface. */
#define TAKE_MAX	16
/* Between two hellos that answer something. */
#define ANSWER_MS	20
/* What the mate said before so many of its unit hellos is old. */
#define FRESH_POLLS	2
/* So many frames that are no hellos between two, and no more are read. */
#define STRANGE_MAX	64

static bool is_active(enum ifask_role role)
{
	return role == IFASK_ACTIVE;
}

int ifwatch_open(struct fo_ifwatch *w)
{
	uint64_t boot;
	int err;

	*w = (struct fo_ifwatch) { .on = false };
	if (sodium_init() < 0)
		return -ENOSYS;
	randombytes_buf(&boot, sizeof(boot));
	ifhello_start(&w->self, boot);
	w->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	err = w->poll_fd < 0 ? -errno : 0;
	return err ? err : ifkeys_open(&w->keys);
}

static void close_item(struct ifwatch_item *it)
{
	ifsock_close(&it->hello_fd);
	ifsock_close(&it->any_fd);
}

static void clear(struct fo_ifwatch *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		close_item(&w->item[i]);
	free(w->item);
	w->item = NULL;
	w->n = 0;
}

void ifwatch_close(struct fo_ifwatch *w)
{
	clear(w);
	ifkeys_close(&w->keys);
	ifsock_close(&w->poll_fd);
	*w = (struct fo_ifwatch) { .poll_fd = -1 };
}

static struct ifwatch_item *find(const struct fo_ifwatch *w,
				 const struct fo_ifc *ifc)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		if (!strcmp(w->item[i].ifname, ifc->ifname) &&
		    !strcmp(w->item[i].nameif, ifc->nameif))
			return &w->item[i];
	return NULL;
}

static void set_item(struct fo_ifwatch *w, struct ifwatch_item *it,
		     const struct fo_ifc *ifc, uint64_t now)
{
	struct ifwatch_item *old = find(w, ifc);

	if (old) {
		*it = *old;
		old->hello_fd = -1;
		old->any_fd = -1;
		it->state.t = w->times;
		ifstate_monitor(&it->state, ifc->monitored, now);
		return;
	}
	*it = (struct ifwatch_item) { .hello_fd = -1, .any_fd = -1 };
	memcpy(it->ifname, ifc->ifname, sizeof(it->ifname));
	memcpy(it->nameif, ifc->nameif, sizeof(it->nameif));
	ifstate_init(&it->state, &w->times, ifc->monitored, now);
	/* found out by a daemon before this one */
	if (ifc->status == NF_FAILOVER_IFSTATUS_FAILED)
		ifstate_recall(&it->state, now);
	else if (ifstate_failed(ifc->status))
		ifstate_hurry(&it->state, now);
}

void ifwatch_set(struct fo_ifwatch *w, const struct fo_config *c, uint64_t now)
{
	struct ifwatch_item *item;
	unsigned int i;

	w->on = c->enabled && c->ifc_poll_ms;
	w->times = (struct ifstate_times) {
		.poll_ms  = c->ifc_poll_ms,
		.hold_ms  = c->ifc_hold_ms,
		.fresh_ms = FRESH_POLLS * c->poll_ms,
		.flaps	  = c->held_takeovers,
		.held_ms  = c->held_time * 1000,
	};
	item = w->on && c->n_ifcs ? calloc(c->n_ifcs, sizeof(*item)) : NULL;
	for (i = 0; item && i < c->n_ifcs; i++)
		set_item(w, &item[i], &c->ifc[i], now);
	clear(w);
	w->item = item;
	w->n = item ? c->n_ifcs : 0;
	w->hello_ms = now;
	w->age_ms = now;
}

void ifwatch_reset(struct fo_ifwatch *w, uint64_t now)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		ifstate_forgive(&w->item[i].state, now);
}

static bool is_same(const struct ifwatch_item *it, const struct fo_dev *dev)
{
	return it->ifindex == dev->ifindex && it->port == dev->bridge_port &&
	       !memcmp(it->mac, dev->mac, sizeof(it->mac));
}

static enum ifstate_link link_of(const struct fo_dev *dev)
{
	if (!dev)
		return IFSTATE_LINK_IS_NONE;
	if (!(dev->flags & IFF_UP))
		return IFSTATE_LINK_IS_DOWN;
	return dev->carrier ? IFSTATE_LINK_IS_UP : IFSTATE_LINK_IS_NONE;
}

void ifwatch_link(struct fo_ifwatch *w, unsigned int i,
		  const struct fo_dev *dev, uint64_t now)
{
	struct ifwatch_item *it = w->item + i;

	if (i >= w->n)
		return;
	/* a device of the same name may be another one */
	if (!dev || !is_same(it, dev))
		close_item(it);
	it->ifindex = dev ? dev->ifindex : 0;
	it->port = dev && dev->bridge_port;
	if (dev)
		memcpy(it->mac, dev->mac, sizeof(it->mac));
	if (ifstate_link(&it->state, link_of(dev), dev && !dev->ethernet, now))
		w->hello_ms = now;
}

static void fill_addrs(struct ifhello *h, const struct fo_ifc *ifc,
		       enum ifask_role role)
{
	const struct fo_addr *a;
	struct ifhello_addr *to;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++) {
		if (!a->has_standby || h->n_addrs == IFHELLO_ADDRS)
			continue;
		to = &h->addr[h->n_addrs++];
		to->family = a->family;
		memcpy(to->own, is_active(role) ? a->active : a->standby,
		       addr_len(a->family));
		memcpy(to->mate, is_active(role) ? a->standby : a->active,
		       addr_len(a->family));
	}
}

static bool is_heard(const struct fo_ifwatch *w, const struct ifwatch_item *it,
		     uint64_t now)
{
	return it->heard_ms && now < it->heard_ms + w->times.hold_ms;
}

static void say_hello(struct fo_ifwatch *w, struct ifwatch_item *it,
		      const struct fo_config *c, enum ifask_role role,
		      uint64_t now)
{
	const struct fo_ifc *ifc = &c->ifc[it - w->item];
	unsigned char frame[ETH_HLEN + IFHELLO_MAX];
	struct ifhello h = {
		.unit = c->unit, .role = is_active(role),
		.status = it->state.status,
		.hears = is_heard(w, it, now),
		.boot = w->self.boot, .heard_boot = it->peer.seen_boot,
		.heard_count = it->peer.seen_count,
	};
	uint16_t type = htons(c->ethertype);

	if (!w->keys.n || it->hello_fd < 0 || !probe_has_mac(ifc->mate_mac))
		return;
	memcpy(h.nameif, it->nameif, sizeof(h.nameif));
	fill_addrs(&h, ifc, role);
	h.count = ++w->self.count;
	memcpy(frame, ifc->mate_mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, it->mac, ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, &type, 2);
	ifsock_send(it->hello_fd, it->ifindex, frame, ETH_HLEN +
		    ifhello_put(frame + ETH_HLEN, &h, w->keys.secret->ours[0]));
	it->said_ms = now;
}

static bool authentic(const struct fo_ifwatch *w, struct ifhello *h,
		      const unsigned char *p, size_t len)
{
	unsigned int i;

	for (i = 0; i < w->keys.n; i++)
		if (ifhello_get(h, p, len, w->keys.secret->mates[i]))
			return true;
	return false;
}

/* One of the mate's; if it is configured otherwise that is all it means. */
static void heed(struct ifwatch_item *it, const struct fo_ifc *ifc,
		 const struct ifhello *h, uint64_t now)
{
	char text[NF_FAILOVER_REASON_MAX];

	it->heard_ms = now;
	it->last = *h;
	it->other[0] = '\0';
	ifstate_heard(&it->state, !ifwhy_differs(text, sizeof(text), ifc, h),
		      now);
}

/* Of a cable that is in the wrong place; counted like those of strangers. */
static void mistake(struct ifwatch_item *it, const struct ifhello *h)
{
	it->strange++;
	memcpy(it->other, h->nameif, sizeof(it->other));
}

static void take_hello(struct fo_ifwatch *w, struct ifwatch_item *it,
		       const struct fo_config *c, enum ifask_role role,
		       const unsigned char *frame, size_t len, uint64_t now)
{
	enum ifhello_word word;
	struct ifhello h;

	if (len < ETH_HLEN || !authentic(w, &h, frame + ETH_HLEN,
					 len - ETH_HLEN)) {
		it->strange++;
		return;
	}
	if (strcmp(h.nameif, it->nameif)) {
		mistake(it, &h);
		return;
	}
	word = ifhello_hear(&it->peer, &w->self, &h);
	if (word == IFHELLO_OLD)
		it->strange++;
	if (word >= IFHELLO_FIRST)
		heed(it, &c->ifc[it - w->item], &h, now);
	if ((word == IFHELLO_UNPROVEN || word == IFHELLO_FIRST) &&
	    now >= it->said_ms + ANSWER_MS)
		say_hello(w, it, c, role, now);
}

static void read_hellos(struct fo_ifwatch *w, struct ifwatch_item *it,
			const struct fo_config *c, enum ifask_role role,
			uint64_t now)
{
	unsigned char frame[ETH_HLEN + IFHELLO_MAX];
	ssize_t len;
	int i;

	for (i = 0; i < TAKE_MAX && it->hello_fd >= 0; i++) {
		len = recv(it->hello_fd, frame, sizeof(frame), 0);
		if (len < 0)
			return;
		take_hello(w, it, c, role, frame, len, now);
		/* a flood of them: nothing more until the next hello */
		if (it->strange >= STRANGE_MAX)
			ifsock_close(&it->hello_fd);
	}
}

/* A frame of our own that a switch has sent back shows nothing. */
static void read_any(struct ifwatch_item *it, uint64_t now)
{
	unsigned char frame[64];
	int i;

	for (i = 0; i < TAKE_MAX && it->any_fd >= 0; i++) {
		if (recv(it->any_fd, frame, sizeof(frame), 0) < ETH_HLEN)
			return;
		if (!memcmp(frame + ETH_ALEN, it->mac, ETH_ALEN))
			continue;
		ifstate_heard(&it->state, false, now);
		/* one is enough, and there may be a flood of them */
		ifsock_close(&it->any_fd);
	}
}

static bool has_link(const struct ifwatch_item *it)
{
	return it->ifindex && it->state.link == IFSTATE_LINK_IS_UP &&
	       !it->state.link_only &&
	       it->state.status != NF_FAILOVER_IFSTATUS_UNMONITORED;
}

/* The sockets follow what is waited for. */
static void open_item(const struct fo_ifwatch *w, struct ifwatch_item *it,
		      uint16_t ethertype)
{
	if (!has_link(it)) {
		close_item(it);
		return;
	}
	if (it->hello_fd < 0 && it->strange < STRANGE_MAX)
		it->hello_fd = ifsock_hello(w->poll_fd, it->ifindex, ethertype,
					    it->port);
	if (!ifstate_listens(&it->state))
		ifsock_close(&it->any_fd);
	else if (it->any_fd < 0)
		it->any_fd = ifsock_any(w->poll_fd, it->ifindex);
}

static void ask(const struct ifwatch_item *it, struct fo_rtnl *rt,
		const struct fo_ifc *ifc, enum ifask_role role,
		enum ifstate_step step)
{
	const struct ifask q = {
		.fd = it->any_fd, .ifindex = it->ifindex, .mac = it->mac,
		.ifc = ifc, .role = role,
	};

	if (it->any_fd < 0)
		return;
	if (step == IFSTATE_ARP)
		ifask_neighbours(&q, rt);
	if (step == IFSTATE_PING)
		ifask_all(&q);
}

static void run_item(struct fo_ifwatch *w, struct ifwatch_item *it,
		     struct fo_rtnl *rt, const struct fo_config *c,
		     enum ifask_role role, uint64_t now)
{
	const struct fo_ifc *ifc = &c->ifc[it - w->item];

	read_hellos(w, it, c, role, now);
	read_any(it, now);
	if (role == IFASK_STANDBY)
		ifstate_hurry(&it->state, now);
	ifstate_mate(&it->state, ifc->mate_status, ifc->mate_word, now);
	w->wanted |= ifstate_answer(&it->state);
	ifstate_tick(&it->state, now);
	open_item(w, it, c->ethertype);
	ask(it, rt, ifc, role, ifstate_ask(&it->state));
}

static void say_hellos(struct fo_ifwatch *w, const struct fo_config *c,
		       enum ifask_role role, uint64_t now)
{
	unsigned int i;

	w->hello_ms = now + w->times.poll_ms;
	for (i = 0; i < w->n; i++) {
		w->item[i].strange = 0;
		open_item(w, &w->item[i], c->ethertype);
		say_hello(w, &w->item[i], c, role, now);
		/* again, since it may have begun anew */
		w->wanted |= w->item[i].state.mate ==
			     NF_FAILOVER_IFSTATUS_TESTING;
	}
}

void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifask_role role,
		 uint64_t now)
{
	unsigned int i;

	/* they are those of another configuration */
	if (w->n != c->n_ifcs)
		return;
	for (i = 0; i < w->n; i++)
		run_item(w, &w->item[i], rt, c, role, now);
	if (now >= w->hello_ms)
		say_hellos(w, c, role, now);
	if (now >= w->age_ms) {
		ifhello_ages(&w->self);
		w->age_ms = now + w->times.hold_ms;
	}
}

unsigned int ifwatch_wait(const struct fo_ifwatch *w, uint64_t now)
{
	uint64_t next = w->hello_ms;
	unsigned int i;

	for (i = 0; i < w->n; i++)
		if (ifstate_next(&w->item[i].state) < next)
			next = ifstate_next(&w->item[i].state);
	return next > now ? next - now : 1;
}

static bool expects_mate(const struct ifwatch_item *it)
{
	return has_link(it) && it->state.status != NF_FAILOVER_IFSTATUS_UNKNOWN;
}

void ifwatch_why(const struct fo_ifwatch *w, unsigned int i,
		 const struct fo_config *c, char *to, size_t size, uint64_t now)
{
	const struct ifwatch_item *it = &w->item[i];
	const struct ifwhy why = {
		.cause = it->state.cause, .ifc = &c->ifc[i],
		.keys = w->keys.n, .heard = is_heard(w, it, now),
		.last = &it->last, .other = it->other,
	};

	if (expects_mate(it))
		ifwhy(to, size, &why);
	else
		snprintf(to, size, "%s", it->state.cause);
}

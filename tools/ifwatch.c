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
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "key.h"
#include "log.h"
#include "probe_frame.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Frames that one run takes of an interface. */
#define TAKE_MAX	16
/* Between two hellos that answer something. */
#define ANSWER_MS	20
/* What the mate said before so many of its unit hellos is old. */
#define FRESH_POLLS	2
/* Neighbours that one test asks. */
#define NEIGHS		4

/*
 * All that comes in but what bridges keep to themselves (01:80:c2:00:00:0x): a
 * port that is blocked still gets that. What goes out, and multicast of our own
 * that the stack loops back, come after PACKET_OTHERHOST.
 */
static struct sock_filter any_filter[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, PACKET_OTHERHOST, 5, 0),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0180c200, 0, 2),
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfff0, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 64),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static const struct sock_fprog any_prog = { N(any_filter), any_filter };

/* Bound to the device before the first frame, with its filter. */
static int open_socket(const struct fo_ifwatch *w, int ifindex,
		       unsigned short protocol, const struct sock_fprog *prog)
{
	const struct sockaddr_ll to = {
		.sll_family   = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex  = ifindex,
	};
	struct epoll_event ev = { .events = EPOLLIN };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if ((prog && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, prog,
				sizeof(*prog))) ||
	    bind(fd, (const void *)&to, sizeof(to)) ||
	    epoll_ctl(w->poll_fd, EPOLL_CTL_ADD, fd, &ev)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool is_active(enum ifwatch_role role)
{
	return role == IFWATCH_ACTIVE;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int ifwatch_open(struct fo_ifwatch *w)
{
	uint64_t boot;

	*w = (struct fo_ifwatch) { .on = false };
	if (sodium_init() < 0)
		return -ENOSYS;
	randombytes_buf(&boot, sizeof(boot));
	ifhello_start(&w->self, boot);
	w->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	return w->poll_fd < 0 ? -errno : 0;
}

static void close_item(struct ifwatch_item *it)
{
	close_fd(&it->hello_fd);
	close_fd(&it->any_fd);
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
	close_fd(&w->poll_fd);
	sodium_memzero(w, sizeof(*w));
}

/* Keys that the kernel keeps to itself are not known here. */
static void set_keys(struct fo_ifwatch *w, const struct fo_config *c)
{
	uint32_t mate = c->unit == NF_FAILOVER_UNIT_PRIMARY ?
			NF_FAILOVER_UNIT_SECONDARY : NF_FAILOVER_UNIT_PRIMARY;
	bool clear_text = c->key_mode != NF_FAILOVER_KEY_MODE_SECRET;
	unsigned char secret[NF_FAILOVER_KEY_LEN];
	unsigned int i;

	w->keys = 0;
	for (i = 0; i < (clear_text ? 1 : CONFIG_KEYS); i++) {
		if (!clear_text && !key_secret(&c->key[i], secret))
			continue;
		ifhello_key(w->ours[w->keys], clear_text ? NULL : secret,
			    c->unit);
		ifhello_key(w->mates[w->keys++], clear_text ? NULL : secret,
			    mate);
	}
	sodium_memzero(secret, sizeof(secret));
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
	set_keys(w, c);
	if (w->on && !w->keys)
		log_warn("interfaces: no key of the link is known here, so no hellos are sent on them");
}

static bool is_same(const struct ifwatch_item *it, const struct fo_dev *dev)
{
	return it->ifindex == dev->ifindex &&
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
	if (dev)
		memcpy(it->mac, dev->mac, sizeof(it->mac));
	if (ifstate_link(&it->state, link_of(dev), dev && !dev->ethernet, now))
		w->hello_ms = now;
}

static void send_frame(const struct ifwatch_item *it, int fd,
		       const unsigned char *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family  = AF_PACKET,
		.sll_ifindex = it->ifindex,
		.sll_halen   = ETH_ALEN,
	};

	memcpy(&to.sll_protocol, frame + 2 * ETH_ALEN, 2);
	memcpy(to.sll_addr, frame, ETH_ALEN);
	/* one that is lost is as good as one that is lost on the way */
	(void)!sendto(fd, frame, len, 0, (const void *)&to, sizeof(to));
}

static void fill_addrs(struct ifhello *h, const struct fo_ifc *ifc,
		       enum ifwatch_role role)
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

static void say_hello(struct fo_ifwatch *w, struct ifwatch_item *it,
		      const struct fo_config *c, enum ifwatch_role role,
		      uint64_t now)
{
	const struct fo_ifc *ifc = &c->ifc[it - w->item];
	unsigned char frame[ETH_HLEN + IFHELLO_MAX];
	struct ifhello h = {
		.unit = c->unit, .role = is_active(role),
		.status = it->state.status,
		.hears = it->heard_ms && now < it->heard_ms + w->times.hold_ms,
		.boot = w->self.boot, .heard_boot = it->peer.seen_boot,
		.heard_count = it->peer.seen_count,
	};
	uint16_t type = htons(c->ethertype);

	if (!w->keys || it->hello_fd < 0 || !probe_has_mac(ifc->mate_mac))
		return;
	memcpy(h.nameif, it->nameif, sizeof(h.nameif));
	fill_addrs(&h, ifc, role);
	h.count = ++w->self.count;
	memcpy(frame, ifc->mate_mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, it->mac, ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, &type, 2);
	send_frame(it, it->hello_fd, frame, ETH_HLEN +
		   ifhello_put(frame + ETH_HLEN, &h, w->ours[0]));
	it->said_ms = now;
}

static bool authentic(const struct fo_ifwatch *w, struct ifhello *h,
		      const unsigned char *p, size_t len)
{
	unsigned int i;

	for (i = 0; i < w->keys; i++)
		if (ifhello_get(h, p, len, w->mates[i]))
			return true;
	return false;
}

static void take_hello(struct fo_ifwatch *w, struct ifwatch_item *it,
		       const struct fo_config *c, enum ifwatch_role role,
		       const unsigned char *frame, size_t len, uint64_t now)
{
	enum ifhello_word word;
	struct ifhello h;

	if (len < ETH_HLEN || !authentic(w, &h, frame + ETH_HLEN,
					 len - ETH_HLEN) ||
	    strcmp(h.nameif, it->nameif))
		return;
	word = ifhello_hear(&it->peer, &w->self, &h);
	if (word >= IFHELLO_FIRST) {
		it->heard_ms = now;
		it->last = h;
		ifstate_heard(&it->state, true, now);
	}
	if ((word == IFHELLO_UNPROVEN || word == IFHELLO_FIRST) &&
	    now >= it->said_ms + ANSWER_MS)
		say_hello(w, it, c, role, now);
}

static void read_hellos(struct fo_ifwatch *w, struct ifwatch_item *it,
			const struct fo_config *c, enum ifwatch_role role,
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
		close_fd(&it->any_fd);
	}
}

static void set_source(struct probe_ask *ask, const struct fo_addr *a,
		       enum ifwatch_role role)
{
	if (is_active(role))
		memcpy(ask->source, a->active, addr_len(a->family));
	else if (role == IFWATCH_STANDBY && a->has_standby)
		memcpy(ask->source, a->standby, addr_len(a->family));
}

static const struct fo_addr *first(const struct fo_ifc *ifc, int family)
{
	const struct fo_addr *a;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
		if (a->family == family)
			return a;
	return NULL;
}

/*
 * Never from a floating address on a unit that is not active, nor from one that
 * both units may take to be theirs.
 */
static struct probe_ask question(const struct ifwatch_item *it,
				 const struct fo_ifc *ifc, int family,
				 enum ifwatch_role role)
{
	const struct fo_addr *a = first(ifc, family);
	struct probe_ask ask = { .family = family };

	memcpy(ask.mac, it->mac, sizeof(ask.mac));
	if (a)
		set_source(&ask, a, role);
	return ask;
}

static void ask_for(const struct ifwatch_item *it, const struct fo_ifc *ifc,
		    int family, const unsigned char *target,
		    enum ifwatch_role role)
{
	struct probe_ask ask = question(it, ifc, family, role);
	unsigned char frame[PROBE_FRAME_MAX];

	memcpy(ask.target, target, addr_len(family));
	send_frame(it, it->any_fd, frame, probe_question(frame, &ask));
}

/* The mate, and who was there most recently. */
static void ask_neighbours(struct fo_rtnl *rt, const struct ifwatch_item *it,
			   const struct fo_ifc *ifc, enum ifwatch_role role)
{
	struct fo_neigh neigh[NEIGHS];
	const struct fo_addr *a;
	int i, n;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
		if (!is_active(role) || a->has_standby)
			ask_for(it, ifc, a->family, is_active(role) ?
				a->standby : a->active, role);
	n = rtnl_neighs(rt, it->ifindex, neigh, NEIGHS);
	for (i = 0; i < n; i++)
		ask_for(it, ifc, neigh[i].family, neigh[i].addr, role);
}

static void ping_all(const struct ifwatch_item *it, const struct fo_ifc *ifc,
		     enum ifwatch_role role)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned char frame[PROBE_FRAME_MAX];
	struct probe_ask ask;
	unsigned int i;
	size_t len;

	for (i = 0; i < N(families); i++) {
		ask = question(it, ifc, families[i], role);
		len = probe_ping(frame, &ask);
		if (len)
			send_frame(it, it->any_fd, frame, len);
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
	if (it->hello_fd < 0)
		it->hello_fd = open_socket(w, it->ifindex, ethertype, NULL);
	if (!ifstate_listens(&it->state))
		close_fd(&it->any_fd);
	else if (it->any_fd < 0)
		it->any_fd = open_socket(w, it->ifindex, ETH_P_ALL, &any_prog);
}

static void run_item(struct fo_ifwatch *w, struct ifwatch_item *it,
		     struct fo_rtnl *rt, const struct fo_config *c,
		     enum ifwatch_role role, uint64_t now)
{
	const struct fo_ifc *ifc = &c->ifc[it - w->item];
	enum ifstate_step step;

	read_hellos(w, it, c, role, now);
	read_any(it, now);
	ifstate_mate(&it->state, ifc->mate_status, now);
	ifstate_tick(&it->state, now);
	open_item(w, it, c->ethertype);
	step = ifstate_ask(&it->state);
	if (it->any_fd >= 0 && step == IFSTATE_ARP)
		ask_neighbours(rt, it, ifc, role);
	if (it->any_fd >= 0 && step == IFSTATE_PING)
		ping_all(it, ifc, role);
}

void ifwatch_run(struct fo_ifwatch *w, struct fo_rtnl *rt,
		 const struct fo_config *c, enum ifwatch_role role,
		 uint64_t now)
{
	unsigned int i;

	/* they are those of another configuration */
	if (w->n != c->n_ifcs)
		return;
	for (i = 0; i < w->n; i++)
		run_item(w, &w->item[i], rt, c, role, now);
	for (i = 0; i < w->n && now >= w->hello_ms; i++)
		say_hello(w, &w->item[i], c, role, now);
	if (now >= w->hello_ms)
		w->hello_ms = now + w->times.poll_ms;
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

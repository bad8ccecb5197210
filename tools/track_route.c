// SPDX-License-Identifier: GPL-2.0
/* A tracked object that is a route: it is in its table, and leads somewhere.
 *
 * A table may hold a million routes, of which the kernel can give all or none:
 * they are read when an event says that this one may be another one, not each
 * interval. Routes of IPv4 that go with a device or an address are not told of,
 * so these are listened to as well.
 */
#include "track_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define BUF_SIZE	(64 * 1024)
#define RCVBUF		(1024 * 1024)

/* Sockets of events, and of questions. */
static struct mnl_socket *events, *asks;

struct found {
	const struct track_spec *spec;
	unsigned int	oif;	/* of the device; 0: any */
	bool		there;
	bool		leads;
};

static struct mnl_socket *open_socket(void)
{
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct timeval tv = { .tv_sec = 10 };
	int one = 1, size = RCVBUF;

	if (!sk || mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) < 0)
		return NULL;
	setsockopt(mnl_socket_get_fd(sk), SOL_SOCKET, SO_RCVTIMEO, &tv,
		   sizeof(tv));
	setsockopt(mnl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	/* the kernel leaves other tables out */
	mnl_socket_setsockopt(sk, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	return sk;
}

static void begin(struct track_watch *w)
{
	bool v4 = w->spec.family == AF_INET;
	int groups[] = {
		RTNLGRP_LINK, RTNLGRP_NEXTHOP,
		v4 ? RTNLGRP_IPV4_ROUTE : RTNLGRP_IPV6_ROUTE,
		v4 ? RTNLGRP_IPV4_IFADDR : RTNLGRP_IPV6_IFADDR,
	};
	unsigned int i;

	events = open_socket();
	asks = open_socket();
	if (!events || !asks)
		return;
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		mnl_socket_setsockopt(events, NETLINK_ADD_MEMBERSHIP,
				      &groups[i], sizeof(groups[i]));
	w->fd[0] = (struct pollfd) { .fd = mnl_socket_get_fd(events),
				     .events = POLLIN };
	fcntl(w->fd[0].fd, F_SETFL, O_NONBLOCK);
	w->n_fds = 1;
}

/* --- one message ------------------------------------------------------- */

struct attrs { const struct nlattr *tb[RTA_MAX + 1]; };

static void parse(const struct nlmsghdr *nlh, struct attrs *a)
{
	const struct nlattr *attr;

	*a = (struct attrs) { .tb = { NULL } };
	mnl_attr_for_each(attr, nlh, sizeof(struct rtmsg))
		if (mnl_attr_get_type(attr) <= RTA_MAX)
			a->tb[mnl_attr_get_type(attr)] = attr;
}

static bool has_bytes(const struct nlattr *attr, int family,
		      const unsigned char *want)
{
	return attr && mnl_attr_get_payload_len(attr) == addr_len(family) &&
	       !memcmp(mnl_attr_get_payload(attr), want, addr_len(family));
}

static uint32_t number(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) == sizeof(uint32_t) ?
	       mnl_attr_get_u32(attr) : 0;
}

/* Whether the message is about this destination in this table. */
static bool is_ours(const struct track_spec *s, const struct nlmsghdr *nlh,
		    struct attrs *a)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm) ||
	    rtm->rtm_family != s->family || rtm->rtm_dst_len != s->prefix ||
	    rtm->rtm_flags & RTM_F_CLONED)
		return false;
	parse(nlh, a);
	if ((a->tb[RTA_TABLE] ? number(a->tb[RTA_TABLE]) :
				rtm->rtm_table) != s->table)
		return false;
	return !s->prefix || has_bytes(a->tb[RTA_DST], s->family, s->dst);
}

/* --- events ------------------------------------------------------------ */

static int take_event(const struct nlmsghdr *nlh, void *data)
{
	struct found *f = data;
	struct attrs a;

	f->there |= (nlh->nlmsg_type != RTM_NEWROUTE &&
		     nlh->nlmsg_type != RTM_DELROUTE) ||
		    is_ours(f->spec, nlh, &a);
	return MNL_CB_OK;
}

/* Some that were lost may have been about it. */
static bool event(struct track_watch *w)
{
	struct found f = { .spec = &w->spec };
	static char buf[BUF_SIZE];
	ssize_t n;

	while ((n = mnl_socket_recvfrom(events, buf, sizeof(buf))) > 0 ||
	       errno == ENOBUFS) {
		f.there |= n < 0;
		if (n > 0)
			mnl_cb_run(buf, n, 0, 0, take_event, &f);
		errno = 0;
	}
	return f.there;
}

/* --- a look ------------------------------------------------------------ */

static bool is_hop(const struct found *f, unsigned int flags, uint32_t oif,
		   const struct nlattr *gateway)
{
	return !(flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) &&
	       (!f->oif || f->oif == oif) &&
	       (!f->spec->has_via ||
		has_bytes(gateway, f->spec->family, f->spec->via));
}

/* Each of several ways; the attributes of one follow its head. */
static bool find_hop(const struct found *f, const struct nlattr *multi)
{
	const struct rtnexthop *h = mnl_attr_get_payload(multi);
	int left = mnl_attr_get_payload_len(multi);
	const struct nlattr *attr, *gateway;

	for (; RTNH_OK(h, left);
	     left -= NLMSG_ALIGN(h->rtnh_len), h = RTNH_NEXT(h)) {
		gateway = NULL;
		mnl_attr_for_each_payload((const void *)RTNH_DATA(h),
					  h->rtnh_len - sizeof(*h))
			if (mnl_attr_get_type(attr) == RTA_GATEWAY)
				gateway = attr;
		if (is_hop(f, h->rtnh_flags, h->rtnh_ifindex, gateway))
			return true;
	}
	return false;
}

static int take_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct found *f = data;
	struct attrs a;

	if (nlh->nlmsg_type != RTM_NEWROUTE || !is_ours(f->spec, nlh, &a))
		return MNL_CB_OK;
	f->there = true;
	if (rtm->rtm_type != RTN_UNICAST && rtm->rtm_type != RTN_LOCAL)
		return MNL_CB_OK;
	f->leads |= a.tb[RTA_MULTIPATH] ? find_hop(f, a.tb[RTA_MULTIPATH]) :
		    is_hop(f, rtm->rtm_flags, number(a.tb[RTA_OIF]),
			   a.tb[RTA_GATEWAY]);
	return MNL_CB_OK;
}

static int ask(struct found *f)
{
	static char buf[BUF_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	static unsigned int seq;
	struct rtmsg *rtm;
	ssize_t n;
	int ret;

	nlh->nlmsg_type = RTM_GETROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++seq;
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = f->spec->family;
	mnl_attr_put_u32(nlh, RTA_TABLE, f->spec->table);
	if (mnl_socket_sendto(asks, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		n = mnl_socket_recvfrom(asks, buf, sizeof(buf));
		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, n, seq, mnl_socket_get_portid(asks),
				 take_route, f);
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -errno : 0;
}

/* A table that nothing was ever put into does not exist. */
static void look(struct track_watch *w)
{
	struct found f = { .spec = &w->spec };
	int err, tries = 3;

	if (!events || !asks) {
		track_found(w, false, "No socket for routes");
		return;
	}
	f.oif = w->spec.dev[0] ? if_nametoindex(w->spec.dev) : 0;
	/* what changes meanwhile is read once more */
	do {
		f.there = f.leads = false;
		err = ask(&f);
	} while (err == -EINTR && --tries);
	w->settled = !err || err == -ENOENT;
	if (w->spec.dev[0] && !f.oif)
		track_found(w, false, "No device %s", w->spec.dev);
	else if (err && err != -ENOENT)
		track_found(w, false, "Routes: %s", strerror(-err));
	else if (!f.there)
		track_found(w, false, "No such route");
	else
		track_found(w, f.leads, f.leads ? "It is there" :
			    "It is there, and leads nowhere it should");
}

const struct track_ops track_route_ops = {
	.open = begin, .look = look, .event = event,
};

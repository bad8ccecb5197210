// SPDX-License-Identifier: GPL-2.0
/* Devices and addresses through rtnetlink. */
#include "rtnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* A device with many virtual functions has a long message. */
#define BUF_SIZE	(32 * 1024)

static struct mnl_socket *open_socket(unsigned int groups)
{
	struct timeval tv = { .tv_sec = 2 };
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!sk)
		return NULL;
	if (mnl_socket_bind(sk, groups, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(sk);
		return NULL;
	}
	setsockopt(mnl_socket_get_fd(sk), SOL_SOCKET, SO_RCVTIMEO, &tv,
		   sizeof(tv));
	return sk;
}

int rtnl_open(struct fo_rtnl *rt)
{
	*rt = (struct fo_rtnl) { .seq = 0 };
	rt->sk = open_socket(0);
	rt->events = open_socket(RTMGRP_LINK);
	if (!rt->sk || !rt->events)
		return -errno;
	if (fcntl(mnl_socket_get_fd(rt->events), F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

void rtnl_close(struct fo_rtnl *rt)
{
	if (rt->sk)
		mnl_socket_close(rt->sk);
	if (rt->events)
		mnl_socket_close(rt->events);
}

static void get_mac(const struct nlattr *attr, unsigned char *mac)
{
	if (mnl_attr_get_payload_len(attr) == MAC_BYTES)
		memcpy(mac, mnl_attr_get_payload(attr), MAC_BYTES);
}

/* Whether the kind of that type is "bridge". */
static bool is_bridge(const struct nlattr *linkinfo, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, linkinfo)
		if (mnl_attr_get_type(attr) == type)
			return !strcmp(mnl_attr_get_str(attr), "bridge");
	return false;
}

static int parse_dev(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	struct fo_dev *dev = data;

	*dev = (struct fo_dev) {
		.ifindex  = ifi->ifi_index,
		.flags	  = ifi->ifi_flags,
		.ethernet = ifi->ifi_type == ARPHRD_ETHER,
		.carrier  = ifi->ifi_flags & IFF_RUNNING,
	};
	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			snprintf(dev->ifname, sizeof(dev->ifname), "%s",
				 mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == IFLA_ADDRESS)
			get_mac(attr, dev->mac);
		if (mnl_attr_get_type(attr) == IFLA_PERM_ADDRESS)
			get_mac(attr, dev->perm);
		if (mnl_attr_get_type(attr) == IFLA_CARRIER)
			dev->carrier &= !!mnl_attr_get_u8(attr);
		if (mnl_attr_get_type(attr) == IFLA_LINKINFO) {
			dev->bridge = is_bridge(attr, IFLA_INFO_KIND);
			dev->bridge_port =
				is_bridge(attr, IFLA_INFO_SLAVE_KIND);
		}
	}
	return MNL_CB_OK;
}

/* Sends and waits for the acknowledgment. */
static int talk(struct fo_rtnl *rt, struct nlmsghdr *nlh, mnl_cb_t cb,
		void *data)
{
	unsigned int port = mnl_socket_get_portid(rt->sk);
	char buf[BUF_SIZE];
	ssize_t len;
	int ret;

	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++rt->seq;
	if (mnl_socket_sendto(rt->sk, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		len = mnl_socket_recvfrom(rt->sk, buf, sizeof(buf));
		if (len < 0)
			return -errno;
		ret = mnl_cb_run(buf, len, rt->seq, port, cb, data);
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -errno : 0;
}

int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev)
{
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_GETLINK;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, ifname);
	return talk(rt, nlh, parse_dev, dev);
}

struct ports {
	int	master;
	bool	any;
};

static int see_port(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct ports *p = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(attr) == IFLA_MASTER)
			p->any |= (int)mnl_attr_get_u32(attr) == p->master;
	return MNL_CB_OK;
}

int rtnl_ports(struct fo_rtnl *rt, int ifindex, bool *any)
{
	struct ports p = { .master = ifindex };
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	int err;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(nlh, IFLA_MASTER, ifindex);
	err = talk(rt, nlh, see_port, &p);
	*any = p.any;
	return err;
}

struct neighs {
	int	ifindex;
	const unsigned char *without;
	struct fo_neigh *list;
	int	n;
	int	max;
};

static void add_neigh(struct neighs *all, const struct fo_neigh *one)
{
	int i = all->n < all->max ? all->n++ : all->max;

	for (; i && all->list[i - 1].age > one->age; i--)
		if (i < all->max)
			all->list[i] = all->list[i - 1];
	if (i < all->max)
		all->list[i] = *one;
}

static void get_neigh(struct fo_neigh *one, const struct nlattr *attr,
		      size_t *len)
{
	const void *from = mnl_attr_get_payload(attr);
	size_t size = mnl_attr_get_payload_len(attr);
	struct nda_cacheinfo ci;

	switch (mnl_attr_get_type(attr)) {
	case NDA_DST:
		*len = size;
		if (size <= sizeof(one->addr))
			memcpy(one->addr, from, size);
		break;
	case NDA_LLADDR:
		if (size == sizeof(one->mac))
			memcpy(one->mac, from, size);
		break;
	case NDA_CACHEINFO:
		if (size < sizeof(ci))
			break;
		memcpy(&ci, from, sizeof(ci));
		one->age = ci.ndm_confirmed;
		break;
	}
}

static int see_neigh(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct fo_neigh one = { .family = ndm->ndm_family, .age = UINT32_MAX };
	struct neighs *all = data;
	const struct nlattr *attr;
	size_t len = 0;

	mnl_attr_for_each(attr, nlh, sizeof(*ndm))
		get_neigh(&one, attr, &len);
	if (ndm->ndm_ifindex != all->ifindex || ndm->ndm_type != RTN_UNICAST ||
	    (ndm->ndm_state & NUD_NOARP) ||
	    (one.family != AF_INET && one.family != AF_INET6) ||
	    len != addr_len(one.family))
		return MNL_CB_OK;
	/* also those of which only the address is known */
	if (mac_is_set(one.mac) && !mac_equal(one.mac, all->without))
		add_neigh(all, &one);
	return MNL_CB_OK;
}

int rtnl_neighs(struct fo_rtnl *rt, int ifindex, const unsigned char *without,
		struct fo_neigh *list, int max)
{
	struct neighs all = { .ifindex = ifindex, .without = without,
			      .list = list, .max = max };
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_GETNEIGH;
	nlh->nlmsg_flags = NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ndmsg));
	mnl_attr_put_u32(nlh, NDA_IFINDEX, ifindex);
	return talk(rt, nlh, see_neigh, &all) ? 0 : all.n;
}

int rtnl_dev_up(struct fo_rtnl *rt, const struct fo_dev *dev)
{
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = dev->ifindex;
	ifi->ifi_flags = IFF_UP;
	ifi->ifi_change = IFF_UP;
	return talk(rt, nlh, NULL, NULL);
}

int rtnl_mac_set(struct fo_rtnl *rt, int ifindex, const unsigned char *mac)
{
	char buf[256] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = ifindex;
	mnl_attr_put(nlh, IFLA_ADDRESS, MAC_BYTES, mac);
	return talk(rt, nlh, NULL, NULL);
}

int rtnl_port_flush(struct fo_rtnl *rt, int ifindex)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;
	struct nlattr *port;

	nlh->nlmsg_type = RTM_SETLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_BRIDGE;
	ifi->ifi_index = ifindex;
	port = mnl_attr_nest_start(nlh, IFLA_PROTINFO);
	mnl_attr_put(nlh, IFLA_BRPORT_FLUSH, 0, NULL);
	mnl_attr_nest_end(nlh, port);
	return talk(rt, nlh, NULL, NULL);
}

static struct nlmsghdr *addr_msg(char *buf, int type, int ifindex, int family,
				 const unsigned char *addr,
				 unsigned int prefix)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa;

	nlh->nlmsg_type = type;
	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = family;
	ifa->ifa_prefixlen = prefix;
	ifa->ifa_index = ifindex;
	mnl_attr_put(nlh, IFA_LOCAL, addr_len(family), addr);
	mnl_attr_put(nlh, IFA_ADDRESS, addr_len(family), addr);
	return nlh;
}

/* A host would do it so, too: without it there is no directed broadcast. */
static void put_broadcast(struct nlmsghdr *nlh, const unsigned char *addr,
			  unsigned int prefix)
{
	uint32_t a;

	if (prefix > 30)
		return;
	memcpy(&a, addr, sizeof(a));
	mnl_attr_put_u32(nlh, IFA_BROADCAST,
			 a | htonl(0xffffffffu >> prefix));
}

/*
 * No duplicate address detection: it would keep the address from being used
 * for a second, and the role has already decided whose it is.
 */
int rtnl_addr_add(struct fo_rtnl *rt, int ifindex, int family,
		  const unsigned char *addr, unsigned int prefix)
{
	char buf[256];
	struct nlmsghdr *nlh = addr_msg(buf, RTM_NEWADDR, ifindex, family,
					addr, prefix);
	struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);

	nlh->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	if (family == AF_INET6)
		ifa->ifa_flags = IFA_F_NODAD;
	else
		put_broadcast(nlh, addr, prefix);
	return talk(rt, nlh, NULL, NULL);
}

int rtnl_addr_del(struct fo_rtnl *rt, int ifindex, int family,
		  const unsigned char *addr, unsigned int prefix)
{
	char buf[256];
	struct nlmsghdr *nlh = addr_msg(buf, RTM_DELADDR, ifindex, family,
					addr, prefix);

	return talk(rt, nlh, NULL, NULL);
}

static int net_talk(struct fo_rtnl *rt, int type, int flags, int ifindex,
		    const unsigned char *addr, unsigned int prefix)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *r;
	uint32_t a;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	r = mnl_nlmsg_put_extra_header(nlh, sizeof(*r));
	r->rtm_family = AF_INET;
	r->rtm_dst_len = prefix;
	r->rtm_table = RT_TABLE_MAIN;
	r->rtm_protocol = RTPROT_STATIC;
	r->rtm_scope = RT_SCOPE_LINK;
	r->rtm_type = RTN_UNICAST;
	memcpy(&a, addr, sizeof(a));
	mnl_attr_put_u32(nlh, RTA_DST, prefix ?
			 a & htonl(0xffffffffu << (32 - prefix)) : 0);
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	mnl_attr_put_u32(nlh, RTA_PREFSRC, a);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, UINT32_MAX);
	return talk(rt, nlh, NULL, NULL);
}

int rtnl_net_add(struct fo_rtnl *rt, int ifindex, const unsigned char *addr,
		 unsigned int prefix)
{
	return net_talk(rt, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, ifindex,
			addr, prefix);
}

int rtnl_net_del(struct fo_rtnl *rt, int ifindex, const unsigned char *addr,
		 unsigned int prefix)
{
	return net_talk(rt, RTM_DELROUTE, 0, ifindex, addr, prefix);
}

int rtnl_event_fd(const struct fo_rtnl *rt)
{
	return mnl_socket_get_fd(rt->events);
}

/* A device that is gone comes without flags. -ENOBUFS: look at all. */
int rtnl_event(struct fo_rtnl *rt, struct fo_dev *dev)
{
	char buf[BUF_SIZE];
	const struct nlmsghdr *nlh = (void *)buf;
	ssize_t len;

	do {
		len = mnl_socket_recvfrom(rt->events, buf, sizeof(buf));
		if (len < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	} while (!mnl_nlmsg_ok(nlh, len) || (nlh->nlmsg_type != RTM_NEWLINK &&
					     nlh->nlmsg_type != RTM_DELLINK));
	parse_dev(nlh, dev);
	if (nlh->nlmsg_type == RTM_DELLINK) {
		dev->flags = 0;
		dev->carrier = false;
	}
	return 1;
}

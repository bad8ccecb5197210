// SPDX-License-Identifier: GPL-2.0
/*
 * A link netdev carries no address but those of the link.
 *
 * With another one it is part of a network that has nothing to do with the pair.
 * Addresses of the link are those of the configuration, of either unit, and the
 * link-local one that IPv6 has everywhere.
 */

#include "dedicated.h"

#include <linux/inetdevice.h>
#include <net/addrconf.h>

/**
 * fo_dedicated_stray() - whether an address is not one of the link
 * @l: configuration of the link
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: the address
 *
 * Context: any.
 *
 * Return: whether it has no business there.
 */
bool fo_dedicated_stray(const struct fo_config_link *l, u8 family,
			const void *addr)
{
	size_t len = family == NFPROTO_IPV4 ? sizeof(struct in_addr) :
					      sizeof(struct in6_addr);
	const struct fo_addr *a;

	if (family == NFPROTO_IPV6 &&
	    ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL)
		return false;
	for (a = l->addr; a < l->addr + l->addrs; a++)
		if (a->family == family &&
		    (!memcmp(&a->active, addr, len) ||
		     (a->has_standby && !memcmp(&a->standby, addr, len))))
			return false;
	return true;
}

static bool find4(const struct fo_config_link *l, const struct net_device *dev,
		  struct fo_stray *s)
{
	struct in_device *in = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in) {
		if (!fo_dedicated_stray(l, NFPROTO_IPV4, &ifa->ifa_local))
			continue;
		s->family = NFPROTO_IPV4;
		s->addr.ip = ifa->ifa_local;
		return true;
	}
	return false;
}

static bool find6(const struct fo_config_link *l, const struct net_device *dev,
		  struct fo_stray *s)
{
	struct inet6_dev *in = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!in)
		return false;
	read_lock_bh(&in->lock);
	list_for_each_entry(ifa, &in->addr_list, if_list) {
		if (!fo_dedicated_stray(l, NFPROTO_IPV6, &ifa->addr))
			continue;
		s->family = NFPROTO_IPV6;
		s->addr.in6 = ifa->addr;
		break;
	}
	read_unlock_bh(&in->lock);
	return s->family;
}

/**
 * fo_dedicated_find() - look for an address that is not one of the link
 * @l: configuration of the link
 * @dev: its netdev
 * @s: the first one that is found
 *
 * Context: RCU.
 *
 * Return: whether there is one.
 */
bool fo_dedicated_find(const struct fo_config_link *l,
		       const struct net_device *dev, struct fo_stray *s)
{
	memset(s, 0, sizeof(*s));
	return find4(l, dev, s) || find6(l, dev, s);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The netdevs of the links take part in nothing else.
 *
 * What does is refused as a link. What becomes so later is told: as a port of a
 * bridge or as a slave it is no link any more, while with an address of another
 * network it stays one: that must not cut the pair.
 */

#include "unit.h"

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>

#include "dedicated.h"

static bool uses(const struct fo_config *c, const char *ifname)
{
	unsigned int i;

	for (i = 0; i < c->links; i++)
		if (!strcmp(c->link[i].ifname, ifname))
			return true;
	return false;
}

/* Whether the netdev of a link is free for it, else why not. */
static bool is_free(struct fo_unit *u, const struct fo_config_link *l,
		    struct netlink_ext_ack *extack)
{
	const struct net_device *dev = __dev_get_by_name(u->net, l->ifname);
	struct fo_stray stray;
	const char *why;

	/* it is looked at when it comes */
	if (!dev)
		return true;
	why = fo_link_check(fo_unit_link_ops(l), dev);
	/* NL_SET_ERR_MSG() wants a literal; these are, but elsewhere */
	if (why && extack)
		extack->_msg = why;
	if (why || !fo_dedicated_find(l, dev, &stray))
		return !why;
	if (stray.family == NFPROTO_IPV4)
		NL_SET_ERR_MSG_FMT(extack, "the link has the address %pI4, not its own",
				   &stray.addr);
	else
		NL_SET_ERR_MSG_FMT(extack, "the link has the address %pI6c, not its own",
				   &stray.addr);
	return false;
}

/**
 * fo_unit_check_links() - whether new links are netdevs that are free for it
 * @u: unit
 * @c: its next configuration
 * @extack: why they are not
 *
 * A link that is in force already is not refused: failover can be switched off
 * and on, whatever became of it. Context: process, rtnl not held.
 *
 * Return: 0 or -EBUSY.
 */
int fo_unit_check_links(struct fo_unit *u, const struct fo_config *c,
			struct netlink_ext_ack *extack)
{
	bool ok = true;
	unsigned int i;

	rtnl_lock();
	rcu_read_lock();
	for (i = 0; i < c->links && ok; i++)
		ok = uses(rcu_dereference(u->store.config),
			  c->link[i].ifname) ||
		     is_free(u, &c->link[i], extack);
	rcu_read_unlock();
	rtnl_unlock();
	return ok ? 0 : -EBUSY;
}

static const char strange_address[] =
	"the netdev of a link has got an address that is not its own";

/* An address has come to a netdev. Context: any but hard interrupt. */
static void address_added(const struct net_device *dev, u8 family,
			  const void *addr)
{
	struct fo_unit *u = fo_unit_find(dev_net(dev));
	const struct fo_config *c;
	bool stray = false;
	unsigned int i;

	if (!u || !READ_ONCE(u->started))
		return;
	rcu_read_lock();
	c = rcu_dereference(u->store.config);
	for (i = 0; i < c->links; i++)
		stray |= !strcmp(c->link[i].ifname, dev->name) &&
			 fo_dedicated_stray(&c->link[i], family, addr);
	rcu_read_unlock();
	if (stray)
		fo_unit_link_shared(u, strange_address);
}

/* Context: process, rtnl. */
static int inet_event(struct notifier_block *nb, unsigned long event,
		      void *data)
{
	const struct in_ifaddr *ifa = data;

	if (event == NETDEV_UP)
		address_added(ifa->ifa_dev->dev, NFPROTO_IPV4,
			      &ifa->ifa_local);
	return NOTIFY_DONE;
}

/* Context: any but hard interrupt. */
static int inet6_event(struct notifier_block *nb, unsigned long event,
		       void *data)
{
	const struct inet6_ifaddr *ifa = data;

	if (event == NETDEV_UP)
		address_added(ifa->idev->dev, NFPROTO_IPV6, &ifa->addr);
	return NOTIFY_DONE;
}

static struct notifier_block inet_nb = { .notifier_call = inet_event };
static struct notifier_block inet6_nb = { .notifier_call = inet6_event };

int fo_unit_links_init(void)
{
	int err = register_inetaddr_notifier(&inet_nb);

	if (err)
		return err;
	err = register_inet6addr_notifier(&inet6_nb);
	if (err)
		unregister_inetaddr_notifier(&inet_nb);
	return err;
}

void fo_unit_links_exit(void)
{
	unregister_inet6addr_notifier(&inet6_nb);
	unregister_inetaddr_notifier(&inet_nb);
}

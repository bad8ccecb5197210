// SPDX-License-Identifier: GPL-2.0
/* Moves addresses: first add what the role owns, then delete the others.
 *
 * The caller has set the role before: while addresses move, the role gate of
 * the kernel already tells whether this unit forwards.
 */
#include "takeover.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "takeover_mac.h"

/*
 * Deleting the first IPv4 address of a subnet deletes all others of it, the
 * one just added and the administrator's, unless this is set.
 */
static void keep_secondaries(const char *ifname)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path),
		 "/proc/sys/net/ipv4/conf/%s/promote_secondaries", ifname);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		log_warn("%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Returns 1 when it was added, 0 when it was there or cannot be. */
static int add(struct fo_rtnl *rt, const struct fo_dev *dev,
	       const struct fo_addr *a, const unsigned char *addr)
{
	char text[ADDR_TEXT_MAX];
	int err = rtnl_addr_add(rt, dev->ifindex, a->family, addr, a->prefix);

	if (!err)
		log_debug("%s: added %s/%u", dev->ifname,
			  addr_text(a->family, addr, text), a->prefix);
	else if (err != -EEXIST)
		log_err("%s: cannot add %s/%u: %s", dev->ifname,
			addr_text(a->family, addr, text), a->prefix,
			strerror(-err));
	return !err;
}

static void del(struct fo_rtnl *rt, const struct fo_dev *dev,
		const struct fo_addr *a, const unsigned char *addr)
{
	char text[ADDR_TEXT_MAX];
	int err = rtnl_addr_del(rt, dev->ifindex, a->family, addr, a->prefix);

	if (!err)
		log_debug("%s: deleted %s/%u", dev->ifname,
			  addr_text(a->family, addr, text), a->prefix);
	else if (err != -EADDRNOTAVAIL)
		log_err("%s: cannot delete %s/%u: %s", dev->ifname,
			addr_text(a->family, addr, text), a->prefix,
			strerror(-err));
}

/*
 * The kernel takes the route to the network of an IPv4 address away with it, and
 * makes it anew with the next address: packets that a new active unit forwards
 * in between would find none.
 */
static void give_up(struct fo_rtnl *rt, const struct fo_dev *dev,
		    const struct fo_addr *a, const unsigned char *addr,
		    const unsigned char *heir)
{
	bool routed = a->family == AF_INET &&
		      !rtnl_net_add(rt, dev->ifindex, heir, a->prefix);

	del(rt, dev, a, addr);
	if (routed)
		rtnl_net_del(rt, dev->ifindex, heir, a->prefix);
}

/* @first: own the active (on a link: the primary's) address. */
static int own(struct fo_rtnl *rt, const struct fo_dev *dev,
	       const struct fo_addr *list, unsigned int n, bool first)
{
	const struct fo_addr *a;
	int added = 0;

	for (a = list; a < list + n; a++)
		if (first || a->has_standby)
			added += add(rt, dev, a, first ? a->active :
							 a->standby);
	for (a = list; a < list + n; a++)
		if (first && a->has_standby && added)
			give_up(rt, dev, a, a->standby, a->active);
		else if (!first || a->has_standby)
			del(rt, dev, a, first ? a->standby : a->active);
	return added;
}

/*
 * The address that a unit gives away goes before its MAC, and the MAC that it
 * gets comes before the address: whatever the kernel itself announces meanwhile
 * is true.
 */
static int own_both(struct fo_rtnl *rt, const struct fo_config *c,
		    struct fo_ifc *ifc, const struct fo_dev *dev, bool active)
{
	int given = 0;

	if (active)
		given += takeover_mac(rt, c, ifc, dev, true);
	given += own(rt, dev, ifc->addr, ifc->n_addrs, active);
	if (!active)
		given += takeover_mac(rt, c, ifc, dev, false);
	return given;
}

int takeover_apply(struct fo_rtnl *rt, const struct fo_config *c, bool active,
		   const char *ifname)
{
	struct fo_ifc *ifc;
	struct fo_dev dev;
	int added = 0, err;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (ifname && strcmp(ifname, ifc->ifname))
			continue;
		err = rtnl_dev(rt, ifc->ifname, &dev);
		if (err) {
			log_err("%s: %s", ifc->ifname, strerror(-err));
			continue;
		}
		keep_secondaries(ifc->ifname);
		added += own_both(rt, c, ifc, &dev, active);
	}
	return added;
}

void takeover_release(struct fo_rtnl *rt, const struct fo_config *c)
{
	const struct fo_ifc *ifc;
	struct fo_dev dev;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		if (!rtnl_dev(rt, ifc->ifname, &dev))
			takeover_mac_back(rt, c, ifc, &dev);
}

void takeover_links(struct fo_rtnl *rt, const struct fo_config *c)
{
	const struct fo_link_ip *ip;
	const struct fo_link *l;
	struct fo_dev dev;
	int err;

	for (l = c->link; l < c->link + CONFIG_LINKS; l++) {
		if (!l->name[0] || !c->unit)
			continue;
		err = rtnl_dev(rt, l->ifname, &dev);
		if (!err && !(dev.flags & IFF_UP))
			err = rtnl_dev_up(rt, &dev);
		if (err) {
			log_err("link %s: %s: %s", l->name, l->ifname,
				strerror(-err));
			continue;
		}
		ip = config_link_ip(c, l->name);
		if (ip)
			own(rt, &dev, ip->addr, ip->n_addrs,
			    c->unit == NF_FAILOVER_UNIT_PRIMARY);
	}
}

static bool has_addr(const struct fo_addr *list, unsigned int n,
		     const struct fo_addr *old, const unsigned char *addr)
{
	size_t len = addr_len(old->family);
	const struct fo_addr *a;

	for (a = list; a < list + n; a++)
		if (a->family == old->family && a->prefix == old->prefix &&
		    (!memcmp(a->active, addr, len) ||
		     (a->has_standby && !memcmp(a->standby, addr, len))))
			return true;
	return false;
}

static void forget(struct fo_rtnl *rt, const char *ifname,
		   const struct fo_addr *old, unsigned int n_old,
		   const struct fo_addr *new, unsigned int n_new)
{
	const struct fo_addr *a;
	struct fo_dev dev;

	if (rtnl_dev(rt, ifname, &dev))
		return;
	for (a = old; a < old + n_old; a++) {
		if (!has_addr(new, n_new, a, a->active))
			del(rt, &dev, a, a->active);
		if (a->has_standby && !has_addr(new, n_new, a, a->standby))
			del(rt, &dev, a, a->standby);
	}
}

/* What has no MAC of the pair any more gets its own. */
static bool forget_mac(struct fo_rtnl *rt, const struct fo_config *old,
		       const struct fo_ifc *was, const struct fo_config *c)
{
	const struct fo_ifc *ifc = config_ifc(c, was->ifname);
	unsigned char mac[MAC_BYTES];
	struct fo_dev dev;

	if (ifc && mac_of(c, ifc, true, mac))
		return false;
	return !rtnl_dev(rt, was->ifname, &dev) &&
	       takeover_mac_back(rt, old, was, &dev);
}

bool takeover_forget(struct fo_rtnl *rt, const struct fo_config *old,
		     const struct fo_config *c)
{
	const struct fo_link_ip *ip, *new_ip;
	const struct fo_ifc *ifc, *new;
	const struct fo_link *l;
	bool mac = false;
	unsigned int i;

	for (ifc = old->ifc; ifc < old->ifc + old->n_ifcs; ifc++) {
		new = config_ifc(c, ifc->ifname);
		forget(rt, ifc->ifname, ifc->addr, ifc->n_addrs,
		       new ? new->addr : NULL, new ? new->n_addrs : 0);
		mac |= forget_mac(rt, old, ifc, c);
	}
	for (i = 0; i < CONFIG_LINKS; i++) {
		l = &old->link[i];
		ip = l->name[0] ? config_link_ip(old, l->name) : NULL;
		if (!ip)
			continue;
		new_ip = strcmp(l->ifname, c->link[i].ifname) ? NULL :
			 config_link_ip(c, c->link[i].name);
		forget(rt, l->ifname, ip->addr, ip->n_addrs,
		       new_ip ? new_ip->addr : NULL,
		       new_ip ? new_ip->n_addrs : 0);
	}
	return mac;
}

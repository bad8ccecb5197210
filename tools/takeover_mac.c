// SPDX-License-Identifier: GPL-2.0
/* Moves MACs: a device gets that of the role, and later its own again.
 *
 * Only ever while the device stays up. Down would make masquerading forget its
 * connections and the kernel the IPv6 addresses and the routes; a device that
 * cannot change while it is up keeps its MAC, and only its addresses move.
 */
#include "takeover_mac.h"

#include <errno.h>
#include <string.h>

#include "log.h"

/* Who refuses, and who says yes and does nothing (a bond's fail_over_mac). */
static const char *set(struct fo_rtnl *rt, const struct fo_dev *dev,
		       const unsigned char *mac)
{
	int err = rtnl_mac_set(rt, dev->ifindex, mac);
	struct fo_dev now;

	if (err == -EBUSY)
		return "the device cannot change it while it is up, or another one has it";
	if (!err)
		err = rtnl_dev(rt, dev->ifname, &now);
	if (err)
		return strerror(-err);
	return mac_equal(now.mac, mac) ? NULL :
	       "the device keeps its own (a bond with fail_over_mac?)";
}

static bool change(struct fo_rtnl *rt, const struct fo_dev *dev,
		   const unsigned char *mac)
{
	char text[MAC_TEXT_MAX];
	const char *why;

	if (mac_equal(dev->mac, mac))
		return false;
	why = set(rt, dev, mac);
	if (why)
		log_err("%s: cannot have the MAC %s: %s; only addresses move",
			dev->ifname, mac_text(mac, text), why);
	else
		log_debug("%s: MAC is %s", dev->ifname, mac_text(mac, text));
	return !why;
}

bool takeover_mac(struct fo_rtnl *rt, const struct fo_config *c,
		  struct fo_ifc *ifc, const struct fo_dev *dev, bool active)
{
	unsigned char mac[MAC_BYTES];

	if (!mac_of(c, ifc, active, mac) || mac_equal(dev->mac, mac))
		return false;
	/* to try is an event of the device, which would make us try again */
	if (mac_equal(ifc->mac.refused, mac))
		return false;
	if (change(rt, dev, mac))
		return true;
	memcpy(ifc->mac.refused, mac, MAC_BYTES);
	return false;
}

bool takeover_mac_back(struct fo_rtnl *rt, const struct fo_config *c,
		       const struct fo_ifc *ifc, const struct fo_dev *dev)
{
	unsigned char active[MAC_BYTES], standby[MAC_BYTES];

	if (!mac_of(c, ifc, true, active))
		return false;
	mac_of(c, ifc, false, standby);
	/* somebody else has changed it: it is not ours any more */
	if (!mac_equal(dev->mac, active) && !mac_equal(dev->mac, standby))
		return false;
	if (mac_is_set(ifc->mac.own))
		return change(rt, dev, ifc->mac.own);
	log_warn("%s: its own MAC is not known, it keeps that of the pair",
		 dev->ifname);
	return false;
}

static bool learn(struct fo_rtnl *rt, const struct fo_config *c,
		  struct fo_ifc *ifc)
{
	unsigned char active[MAC_BYTES], standby[MAC_BYTES];
	const unsigned char *own;
	struct fo_dev dev;

	if (rtnl_dev(rt, ifc->ifname, &dev))
		return false;
	mac_of(c, ifc, true, active);
	mac_of(c, ifc, false, standby);
	own = dev.mac;
	/* left by a daemon of which the kernel has forgotten everything */
	if (mac_equal(own, active) || mac_equal(own, standby))
		own = mac_is_set(ifc->mac.own) ? ifc->mac.own : dev.perm;
	if (!mac_is_set(own) || mac_equal(own, ifc->mac.own))
		return false;
	memcpy(ifc->mac.own, own, MAC_BYTES);
	return true;
}

static bool had_mac(const struct fo_config *old, const char *ifname)
{
	const struct fo_ifc *ifc = old ? config_ifc(old, ifname) : NULL;
	unsigned char mac[MAC_BYTES];

	return ifc && mac_of(old, ifc, true, mac);
}

bool takeover_learn(struct fo_rtnl *rt, struct fo_config *c,
		    const struct fo_config *old)
{
	unsigned char mac[MAC_BYTES];
	struct fo_ifc *ifc;
	bool new = false;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (!mac_of(c, ifc, true, mac))
			continue;
		if (mac_is_set(ifc->mac.own) &&
		    (!old || had_mac(old, ifc->ifname)))
			continue;
		new |= learn(rt, c, ifc);
	}
	return new;
}

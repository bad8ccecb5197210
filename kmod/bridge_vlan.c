// SPDX-License-Identifier: GPL-2.0
/*
 * In which VLAN of its bridge a frame is, and how it is tagged elsewhere.
 *
 * A bridge that does not look at VLANs takes a tag for a part of the frame: it
 * is the same on all ports. One that does (vlan_filtering) has frames without a
 * tag in the VLAN of the port, and each port and the bridge itself has its own
 * mind about tags.
 */

#include "bridge_vlan.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

/* As the bridge itself does it where a frame comes in. RCU. */
static bool vlan_in(const struct net_device *br, const struct net_device *port,
		    const struct sk_buff *skb, u16 *vlan)
{
	struct bridge_vlan_info info;
	u16 proto;

	*vlan = 0;
	if (skb_vlan_tag_present(skb)) {
		if (br_vlan_get_proto(br, &proto) ||
		    skb->vlan_proto != htons(proto))
			return false;
		*vlan = skb_vlan_tag_get_id(skb);
	}
	if (!*vlan && br_vlan_get_pvid_rcu(port, vlan))
		return false;
	return *vlan && !br_vlan_get_info_rcu(port, *vlan, &info);
}

/* With the priority that it has. */
static bool set_tag(const struct net_device *br, struct sk_buff *skb, u16 vlan)
{
	u16 proto;

	if (br_vlan_get_proto(br, &proto))
		return false;
	if (skb_vlan_tag_present(skb))
		vlan |= skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
	__vlan_hwaccel_put_tag(skb, htons(proto), vlan);
	return true;
}

static bool set_vlan(const struct net_device *br, struct sk_buff *skb,
		     u16 vlan, u16 flags)
{
	if (!(flags & BRIDGE_VLAN_INFO_UNTAGGED))
		return set_tag(br, skb, vlan);
	__vlan_hwaccel_clear_tag(skb);
	return true;
}

/**
 * fo_bridge_vlan_up() - tag a frame as the bridge hands it to its own device
 * @br: the bridge
 * @port: port on which it came
 * @skb: the frame
 *
 * Context: softirq, RCU.
 *
 * Return: false when it is in no VLAN of the port and of the bridge itself.
 */
bool fo_bridge_vlan_up(const struct net_device *br,
		       const struct net_device *port, struct sk_buff *skb)
{
	struct bridge_vlan_info info;
	u16 vlan;

	if (!br_vlan_enabled(br))
		return true;
	return vlan_in(br, port, skb, &vlan) &&
	       !br_vlan_get_info_rcu(br, vlan, &info) &&
	       info.flags & BRIDGE_VLAN_INFO_BRENTRY &&
	       set_vlan(br, skb, vlan, info.flags);
}

/**
 * fo_bridge_vlan_out() - tag a frame for a port
 * @br: the bridge
 * @port: port on which it shall leave
 * @skb: the frame, without a tag
 * @vlan: VLAN of the bridge, or 0
 *
 * Context: any, RCU.
 *
 * Return: false when the port is not in that VLAN.
 */
bool fo_bridge_vlan_out(const struct net_device *br,
			const struct net_device *port, struct sk_buff *skb,
			u16 vlan)
{
	struct bridge_vlan_info info;

	if (br_vlan_enabled(br))
		return !br_vlan_get_info_rcu(port, vlan, &info) &&
		       set_vlan(br, skb, vlan, info.flags);
	if (vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vlan);
	return true;
}

/**
 * fo_bridge_vlan_of() - in which VLAN a bridged frame is
 * @skb: the frame, tagged as it leaves
 * @port: port on which it leaves
 * @vlan: set to the VLAN of the bridge, or 0
 *
 * Without a tag it is in the VLAN of the port: that another one leaves there
 * without one as well is not known here.
 *
 * Context: softirq, RCU.
 *
 * Return: false when its tag is none that we can make.
 */
bool fo_bridge_vlan_of(const struct sk_buff *skb, struct net_device *port,
		       u16 *vlan)
{
	const struct net_device *br;

	*vlan = 0;
	if (skb_vlan_tag_present(skb)) {
		*vlan = skb_vlan_tag_get_id(skb);
		if (likely(skb->vlan_proto == htons(ETH_P_8021Q)))
			return true;
	}
	br = netdev_master_upper_dev_get_rcu(port);
	if (!br)
		return false;
	if (skb_vlan_tag_present(skb))
		return br_vlan_enabled(br);
	return !br_vlan_enabled(br) || !br_vlan_get_pvid_rcu(port, vlan);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* In which VLAN of its bridge a frame is, and how it is tagged elsewhere. */
#ifndef _FO_BRIDGE_VLAN_H
#define _FO_BRIDGE_VLAN_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

bool fo_bridge_vlan_up(const struct net_device *br,
		       const struct net_device *port, struct sk_buff *skb);
bool fo_bridge_vlan_out(const struct net_device *br,
			const struct net_device *port, struct sk_buff *skb,
			u16 vlan);
bool fo_bridge_vlan_of(const struct sk_buff *skb, struct net_device *port,
		       u16 *vlan);

#endif /* _FO_BRIDGE_VLAN_H */

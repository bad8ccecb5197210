/* SPDX-License-Identifier: GPL-2.0 */
/* Moves MACs; only for takeover.c. */
#ifndef FAILOVER_TAKEOVER_MAC_H
#define FAILOVER_TAKEOVER_MAC_H

#include "takeover.h"

/*
 * Gives @dev the MAC of the role; true when it changed. One that was refused is
 * not tried again before another one was.
 */
bool takeover_mac(struct fo_rtnl *rt, const struct fo_config *c,
		  struct fo_ifc *ifc, const struct fo_dev *dev, bool active);

/* Gives it back its own, if it has one of @c; true when it changed. */
bool takeover_mac_back(struct fo_rtnl *rt, const struct fo_config *c,
		       const struct fo_ifc *ifc, const struct fo_dev *dev);

#endif /* FAILOVER_TAKEOVER_MAC_H */

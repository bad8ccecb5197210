// SPDX-License-Identifier: GPL-2.0
/* Transparent mode: what the ports of a bridge have learned is forgotten. */
#include "takeover.h"

#include <errno.h>
#include <string.h>

#include "log.h"

/*
 * The unit speaks on one port of its bridge alone from here on (see bridge.c of
 * the module), and the bridge must not look for a station on another one.
 */
void takeover_unlearn(struct fo_rtnl *rt, const struct fo_config *c)
{
	const struct fo_ifc *ifc;
	struct fo_dev dev;
	int err;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++) {
		if (rtnl_dev(rt, ifc->ifname, &dev) || !dev.bridge_port)
			continue;
		err = rtnl_port_flush(rt, dev.ifindex);
		if (err)
			log_err("%s: the bridge does not forget its stations: %s",
				ifc->ifname, strerror(-err));
	}
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The questions of the tests: to neighbours, and to all hosts. */
#ifndef FAILOVER_IFASK_H
#define FAILOVER_IFASK_H

#include "config.h"
#include "rtnl.h"

/* Which addresses are ours. */
enum ifask_role {
	IFASK_NEGOTIATING,	/* none is known to be */
	IFASK_STANDBY,
	IFASK_ACTIVE,
};

/**
 * struct ifask - from where it is asked
 * @fd: a packet socket
 * @ifindex: of the device, @mac: its MAC
 * @ifc: what is configured of it
 * @role: of this unit
 */
struct ifask {
	int			fd;
	int			ifindex;
	const unsigned char	*mac;
	const struct fo_ifc	*ifc;
	enum ifask_role		role;
};

/* The mate, and who was there most recently. */
void ifask_neighbours(const struct ifask *q, struct fo_rtnl *rt);
/* Everybody, if there is an address that is ours to do so. */
void ifask_all(const struct ifask *q);

#endif /* FAILOVER_IFASK_H */

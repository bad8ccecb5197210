/* SPDX-License-Identifier: GPL-2.0 */
/* The version of the tools. */
#ifndef FAILOVER_VERSION_H
#define FAILOVER_VERSION_H

#define FAILOVER_VERSION	"0.1.0"
#define FAILOVER_CONF		"/etc/failover/failover.conf"

#endif /* FAILOVER_VERSION_H */

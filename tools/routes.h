/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps routes at hand on both units, beside the daemon's work. */
#ifndef FAILOVER_ROUTES_H
#define FAILOVER_ROUTES_H

/* 0 or -errno. */
int routes_start(void);
void routes_stop(void);

#endif /* FAILOVER_ROUTES_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps PDP contexts of GTP alike on both units, beside the daemon's work. */
#ifndef FAILOVER_GTP_H
#define FAILOVER_GTP_H

/* 0 or -errno. */
int gtp_start(void);
void gtp_stop(void);

#endif /* FAILOVER_GTP_H */

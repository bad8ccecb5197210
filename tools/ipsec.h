/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps SAs and policies of IPsec alike on both units, beside the daemon's work. */
#ifndef FAILOVER_IPSEC_H
#define FAILOVER_IPSEC_H

/* 0 or -errno. */
int ipsec_start(void);
void ipsec_stop(void);
/*
 * What there is by now is told before this returns, unless that takes too long: for
 * the daemon's loop, before the role is given away.
 */
void ipsec_flush(void);

#endif /* FAILOVER_IPSEC_H */

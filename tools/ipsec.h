/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps SAs and policies of IPsec alike on both units, beside the daemon's work. */
#ifndef FAILOVER_IPSEC_H
#define FAILOVER_IPSEC_H

/* 0 or -errno. */
int ipsec_start(void);
void ipsec_stop(void);

#endif /* FAILOVER_IPSEC_H */

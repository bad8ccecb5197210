/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps named sets of nftables alike on both units, beside the daemon's work. */
#ifndef FAILOVER_SETS_H
#define FAILOVER_SETS_H

#define SETS_SPACE	"nft-set"	/* of the user objects that are elements */

/* 0 or -errno. */
int sets_start(void);
void sets_stop(void);

#endif /* FAILOVER_SETS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Records of neighbours as structs, and back. */
#ifndef _FO_CODEC_NEIGH_H
#define _FO_CODEC_NEIGH_H

#include "codec.h"
#include "codec_link.h"

#define FO_NEIGH_ADDR	16	/* bytes of the longest address */

/**
 * struct fo_neigh_rec - who has an address
 * @op: enum fo_neigh_op, which tells how much of @addr there is
 * @mac: MAC of the neighbour
 * @addr: its IPv4 or IPv6 address in network byte order; the rest is zero
 * @nameif: name of the interface that it is on
 */
struct fo_neigh_rec {
	u8 op;
	u8 mac[FO_MAC_LEN];
	u8 addr[FO_NEIGH_ADDR];
	char nameif[FO_IFC_NAME];
};

/* codec_neigh.c */
size_t fo_neigh_addr_len(u8 op);
void fo_neigh_rec_put(struct fo_writer *w, const struct fo_neigh_rec *rec);
int fo_neigh_rec_get(struct fo_rec *from, struct fo_neigh_rec *rec);

#endif /* _FO_CODEC_NEIGH_H */

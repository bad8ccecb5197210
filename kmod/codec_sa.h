/* SPDX-License-Identifier: GPL-2.0 */
/* Records of IPsec SAs as structs, and back. */
#ifndef _FO_CODEC_SA_H
#define _FO_CODEC_SA_H

#include "codec.h"

#define FO_SA_ADDR	16	/* bytes of the longest address */

/**
 * struct fo_sa_id - what an SA is known by, alike on both units
 * @op: enum fo_sa_op, which tells how much of @daddr there is
 * @proto: ESP or AH
 * @daddr: destination in network byte order; the rest is zero
 * @spi: its SPI
 * @mark: mark of the packets that it is for
 * @mask: bits of that which count
 * @if_id: number of the xfrm interface that it belongs to, or 0
 */
struct fo_sa_id {
	u8 op;
	u8 proto;
	u8 daddr[FO_SA_ADDR];
	u32 spi;
	u32 mark;
	u32 mask;
	u32 if_id;
};

/**
 * struct fo_sa_use - how much of an SA is used up
 * @sent: last sequence number that was sent
 * @received: greatest one that was received
 * @bytes: of both directions, that count for its lifetime
 * @packets: likewise
 */
struct fo_sa_use {
	u64 sent;
	u64 received;
	u64 bytes;
	u64 packets;
};

/**
 * struct fo_sa_rec - how far an SA has come
 * @id: which
 * @in: it ends here: nothing is ever sent by it
 * @use: how much is used up
 * @age: seconds since it was made
 * @used: one more than the seconds since its first packet; 0: there was none
 */
struct fo_sa_rec {
	struct fo_sa_id id;
	bool in;
	struct fo_sa_use use;
	u64 age;
	u64 used;
};

/* codec_sa.c */
size_t fo_sa_addr_len(u8 op);
void fo_sa_rec_put(struct fo_writer *w, const struct fo_sa_rec *rec);
int fo_sa_rec_get(struct fo_rec *from, struct fo_sa_rec *rec);

#endif /* _FO_CODEC_SA_H */

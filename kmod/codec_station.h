/* SPDX-License-Identifier: GPL-2.0 */
/* Records of stations as structs, and back. */
#ifndef _FO_CODEC_STATION_H
#define _FO_CODEC_STATION_H

#include "codec.h"
#include "codec_link.h"

/**
 * struct fo_station_rec - where a station of a bridge is
 * @op: enum fo_station_op
 * @mac: its MAC
 * @vlan: the VLAN of its frames, 0 when they have no tag
 * @port: nameif of the port that it is behind
 */
struct fo_station_rec {
	u8 op;
	u8 mac[FO_MAC_LEN];
	u16 vlan;
	char port[FO_IFC_NAME];
};

/* codec_station.c */
void fo_station_rec_put(struct fo_writer *w, const struct fo_station_rec *rec);
int fo_station_rec_get(struct fo_rec *from, struct fo_station_rec *rec);

#endif /* _FO_CODEC_STATION_H */

// SPDX-License-Identifier: GPL-2.0
/* Records of stations as structs, and back. Pure, like codec.c. */

#include "codec_station.h"

#include "wire.h"

#define VLANS	4096

/**
 * fo_station_rec_put() - write a record
 * @w: writer; full afterwards when the record did not fit
 * @rec: the record
 */
void fo_station_rec_put(struct fo_writer *w, const struct fo_station_rec *rec)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_STATION, rec->op);

	fo_put_bytes(w, rec->mac, sizeof(rec->mac));
	fo_put_u16(w, rec->vlan);
	fo_put_bytes(w, rec->port, strnlen(rec->port, sizeof(rec->port)));
	fo_rec_end(w, begin);
}

static bool is_station(const u8 *mac)
{
	static const u8 none[FO_MAC_LEN];

	return !(mac[0] & 1) && memcmp(mac, none, sizeof(none));
}

/**
 * fo_station_rec_get() - read a record
 * @from: record of class FO_CLASS_STATION; its body is used up
 * @rec: filled in
 *
 * Return: 0; -EOPNOTSUPP for an operation that is not known; -EBADMSG when it
 * names no station or no port.
 */
int fo_station_rec_get(struct fo_rec *from, struct fo_station_rec *rec)
{
	memset(rec, 0, sizeof(*rec));
	rec->op = from->op;
	if (rec->op != FO_STATION_SEEN)
		return -EOPNOTSUPP;
	fo_get_bytes(&from->body, rec->mac, sizeof(rec->mac));
	rec->vlan = fo_get_u16(&from->body);
	if (from->body.bad || fo_left(&from->body) >= sizeof(rec->port))
		return -EBADMSG;
	fo_get_text(&from->body, rec->port, sizeof(rec->port));
	if (!is_station(rec->mac) || rec->vlan >= VLANS || !rec->port[0])
		return -EBADMSG;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The records of MSG frames as structs, and back. Pure. */

#include "codec_msg.h"

void fo_msg_put(struct fo_writer *w, const struct fo_msg *m)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_MSG, FO_MSG_PART);

	fo_put_var(w, m->no);
	fo_put_u8(w, m->kind);
	fo_put_u64(w, m->id);
	fo_put_bytes(w, m->data, m->len);
	fo_rec_end(w, begin);
}

/**
 * fo_msg_get() - read a part
 * @rec: record of that operation
 * @m: the part, whose data are those of @rec
 *
 * Return: 0, or -EBADMSG when it is too short, too long or has no number.
 */
int fo_msg_get(struct fo_rec *rec, struct fo_msg *m)
{
	struct fo_reader *r = &rec->body;

	m->no = fo_get_var(r);
	m->kind = fo_get_u8(r);
	m->id = fo_get_u64(r);
	m->data = r->p;
	m->len = fo_left(r);
	if (r->bad || !m->no || !m->id || m->len > FO_MSG_DATA)
		return -EBADMSG;
	return 0;
}

void fo_msg_ack_put(struct fo_writer *w, const struct fo_msg_ack *a)
{
	u8 *begin = fo_rec_begin(w, FO_CLASS_MSG, FO_MSG_ACK);

	fo_put_var(w, a->no);
	fo_put_u8(w, a->result);
	fo_rec_end(w, begin);
}

/* What follows the fields is of a later version. */
int fo_msg_ack_get(struct fo_rec *rec, struct fo_msg_ack *a)
{
	a->no = fo_get_var(&rec->body);
	a->result = fo_get_u8(&rec->body);
	return rec->body.bad ? -EBADMSG : 0;
}

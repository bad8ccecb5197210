/* SPDX-License-Identifier: GPL-2.0 */
/* The records of MSG frames as structs, and back. */
#ifndef _FO_CODEC_MSG_H
#define _FO_CODEC_MSG_H

#include "codec.h"

/* Bytes of one part: with its head and an acknowledgment in one MSG frame. */
#define FO_MSG_DATA	960

/**
 * struct fo_msg - a part of a message
 * @no: its number in the association, from 1
 * @kind: enum nf_failover_msg_kind
 * @id: of the talk that it belongs to
 * @data: bytes, which belong to somebody else
 * @len: how many, up to FO_MSG_DATA
 */
struct fo_msg {
	u64 no;
	u8 kind;
	u64 id;
	const u8 *data;
	size_t len;
};

/**
 * struct fo_msg_ack - what has become of a part
 * @no: its number
 * @result: enum nf_failover_msg_result
 */
struct fo_msg_ack {
	u64 no;
	u8 result;
};

/* codec_msg.c */
void fo_msg_put(struct fo_writer *w, const struct fo_msg *m);
int fo_msg_get(struct fo_rec *rec, struct fo_msg *m);
void fo_msg_ack_put(struct fo_writer *w, const struct fo_msg_ack *a);
int fo_msg_ack_get(struct fo_rec *rec, struct fo_msg_ack *a);

#endif /* _FO_CODEC_MSG_H */

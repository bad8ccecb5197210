/* SPDX-License-Identifier: GPL-2.0 */
/* Records of connections as structs, and back. */
#ifndef _FO_CODEC_CT_H
#define _FO_CODEC_CT_H

#include "codec.h"

/**
 * struct fo_tuple - one direction of a connection, as on the wire
 * @saddr: source address, 4 or 16 bytes in network order
 * @daddr: destination address
 * @sport: source port, or the id of an ICMP echo
 * @dport: destination port, or type and code of ICMP
 */
struct fo_tuple {
	u8 saddr[16];
	u8 daddr[16];
	u8 sport[2];
	u8 dport[2];
};

/**
 * struct fo_seqadj - what NAT has shifted sequence numbers by, in one direction
 * @pos: where the last change was
 * @before: offset before it, modulo 2^32
 * @after: offset behind it
 */
struct fo_seqadj {
	u32 pos;
	u32 before;
	u32 after;
};

#define FO_CT_LABELS	16	/* bytes */

/**
 * struct fo_ct_rec - a connection, or what has changed of it
 * @op: enum fo_ct_op
 * @has: bit n: attribute n of enum fo_ct_attr is there
 * @slot: name of the connection between the units, 1 to FO_SLOT_MAX
 * @l3: 4 or 6
 * @proto: IP protocol
 * @orig: original direction
 * @nat: enum fo_ct_nat, fields of @reply that are filled in
 * @reply: reply direction, where it is not the inverse of @orig
 * @status: IPS_* that mean something on both units
 * @timeout: seconds until the connection would expire
 * @tcp_state: enum tcp_conntrack
 * @tcp_wscale: window scale of original and reply direction, 0 to 14
 * @tcp_flags: IP_CT_TCP_FLAG_* of both directions
 * @mark: ct mark
 * @zone: conntrack zone
 * @zone_dir: directions that @zone applies to
 * @labels: connlabels, bit 0 of byte 0 the first
 * @shifted: @seqadj is filled in; else there may be such numbers one day
 * @seqadj: of original and reply direction
 * @start: when it began, ns since 1970
 * @packets: counters of original and reply direction
 * @bytes: likewise
 * @sctp_state: enum sctp_conntrack
 * @sctp_vtag: verification tags of both directions, in network order
 * @dccp_role: enum ct_dccp_roles of who began it
 * @dccp_state: enum ct_dccp_states
 * @dccp_seq: number that the handshake is confirmed by, 48 bits
 * @helper: name of its helper
 * @master: slot of the connection that it belongs to
 * @secmark: number of its security context, 1 to FO_SECMARKS
 */
struct fo_ct_rec {
	u8 op;
	u32 has;
	u32 slot;
	u8 l3;
	u8 proto;
	struct fo_tuple orig;
	u8 nat;
	struct fo_tuple reply;
	u32 status;
	u32 timeout;
	u8 tcp_state;
	u8 tcp_wscale[2];
	u8 tcp_flags[2];
	u32 mark;
	u16 zone;
	u8 zone_dir;
	u8 labels[FO_CT_LABELS];
	bool shifted;
	struct fo_seqadj seqadj[2];
	u64 start;
	u64 packets[2];
	u64 bytes[2];
	u8 sctp_state;
	u8 sctp_vtag[2][4];
	u8 dccp_role;
	u8 dccp_state;
	u64 dccp_seq;
	char helper[FO_HELPER_NAME];
	u32 master;
	u32 secmark;
};

/* No record of ours takes more. */
#define FO_CT_REC_MAX	240

#define FO_SECMARKS	32	/* contexts that one unit tells of */
#define FO_SECMARK_TEXT	128	/* with the zero at the end */

/**
 * struct fo_secmark_rec - a security context and its number
 * @number: 1 to FO_SECMARKS, or of a peer that knows more of them
 * @text: the context
 */
struct fo_secmark_rec {
	u32 number;
	char text[FO_SECMARK_TEXT];
};

/* codec_ct.c */
void fo_ct_rec_put(struct fo_writer *w, const struct fo_ct_rec *rec);
int fo_ct_rec_get(struct fo_rec *from, struct fo_ct_rec *rec,
		  unsigned int *unknown);
void fo_secmark_rec_put(struct fo_writer *w, const struct fo_secmark_rec *rec);
int fo_secmark_rec_get(struct fo_rec *from, struct fo_secmark_rec *rec);

#endif /* _FO_CODEC_CT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Records of expectations as structs, and back. */
#ifndef _FO_CODEC_EXPECT_H
#define _FO_CODEC_EXPECT_H

#include "codec_ct.h"

#define FO_EXPECT_FN	24	/* longest name of a function, and its end */

/**
 * struct fo_expect - a connection that is expected
 * @has: bit n: attribute n of enum fo_expect_entry_attr is there
 * @l3: 4 or 6
 * @proto: IP protocol
 * @tuple: what its first packet is like
 * @mask_saddr: the bits of its source address that count
 * @mask_sport: those of its source port
 * @class: class of expectation of the master's helper
 * @flags: NF_CT_EXPECT_*
 * @fn: name of the function that sets the connection up
 * @nat_dir: direction that it is expected from, seen from the master
 * @nat_port: destination port before NAT
 * @nat_addr: destination address before NAT
 * @helper: name of the helper that the connection gets
 * @timeout: seconds until it would expire
 */
struct fo_expect {
	u16 has;
	u8 l3;
	u8 proto;
	struct fo_tuple tuple;
	u8 mask_saddr[16];
	u8 mask_sport[2];
	u32 class;
	u32 flags;
	char fn[FO_EXPECT_FN];
	u8 nat_dir;
	u8 nat_port[2];
	u8 nat_addr[16];
	char helper[FO_HELPER_NAME];
	u32 timeout;
};

/**
 * struct fo_sip - what the helper of SIP remembers of a connection
 * @slot: of the connection
 * @register_cseq: number of its last REGISTER
 * @invite_cseq: of its last INVITE
 * @forced_dport: port that it is answered at, in network order; 0: any
 */
struct fo_sip {
	u32 slot;
	u32 register_cseq;
	u32 invite_cseq;
	u8 forced_dport[2];
};

/* No record of it takes more. */
#define FO_SIP_MAX	18

/* States of a session and of a call, of the kernel's helper. */
#define FO_PPTP_SESSIONS 5
#define FO_PPTP_CALLS	8

/**
 * struct fo_pptp - what the helper of PPTP remembers of a session
 * @slot: of its connection
 * @session: its state
 * @call: state of its call
 * @pac: number of the call at the server, in network order, like those below
 * @pns: at the client, as NAT shows it to the server
 * @nat_pac: @pac before NAT
 * @nat_pns: @pns before NAT
 */
struct fo_pptp {
	u32 slot;
	u8 session;
	u8 call;
	u8 pac[2];
	u8 pns[2];
	u8 nat_pac[2];
	u8 nat_pns[2];
};

/* No record of it takes more. */
#define FO_PPTP_MAX	16

#define FO_H323_PORTS	10

/**
 * struct fo_h323 - what a helper of H.323 remembers of a connection
 * @slot: of the connection
 * @port: for signals and for four channels of media, each one as it is said in the
 *        direction of the connection, then in the other, in network order; 0: none
 */
struct fo_h323 {
	u32 slot;
	u8 port[FO_H323_PORTS][2];
};

/* No record of it takes more. */
#define FO_H323_MAX	28

/* No record of what a helper remembers takes more. */
#define FO_HELPER_MAX	FO_H323_MAX

/* No entry takes more. */
#define FO_EXPECT_ENTRY_MAX 192

/* codec_expect.c */
void fo_expect_put(struct fo_writer *w, const struct fo_expect *e);
int fo_expect_list_get(struct fo_rec *from, u32 *slot);
int fo_expect_next(struct fo_reader *list, struct fo_expect *e,
		   unsigned int *unknown);
void fo_sip_put(struct fo_writer *w, const struct fo_sip *s);
int fo_sip_get(struct fo_rec *from, struct fo_sip *s);
void fo_pptp_put(struct fo_writer *w, const struct fo_pptp *p);
int fo_pptp_get(struct fo_rec *from, struct fo_pptp *p);
void fo_h323_put(struct fo_writer *w, const struct fo_h323 *h);
int fo_h323_get(struct fo_rec *from, struct fo_h323 *h);

#endif /* _FO_CODEC_EXPECT_H */

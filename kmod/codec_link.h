/* SPDX-License-Identifier: GPL-2.0 */
/* The bodies of HAND, HELLO and ACK frames as structs, and back. */
#ifndef _FO_CODEC_LINK_H
#define _FO_CODEC_LINK_H

#include "codec.h"

#define FO_VERSION_TEXT	32
#define FO_IFC_NAME	32
#define FO_MAC_LEN	6
#define FO_HELLO_IFCS	16	/* interfaces that one hello reports */
#define FO_HELLO_MAX	1024	/* bytes of its body */

/**
 * struct fo_hand - body of a HAND frame
 * @op: enum fo_hand_op
 * @unit: enum nf_failover_unit of the sender
 * @assoc: the sender's number of the association
 * @boot: identity of this start of the sender
 * @caps: enum fo_cap
 * @mtu: MTU of its netdev in bytes
 * @version: version of its module
 */
struct fo_hand {
	u8 op;
	u8 unit;
	u32 assoc;
	u64 boot;
	u64 caps;
	u32 mtu;
	char version[FO_VERSION_TEXT];
};

/**
 * struct fo_hello - body of a HELLO frame
 * @role: enum nf_failover_role
 * @state: enum nf_failover_state
 * @flags: enum fo_hello_flag
 * @epoch: takeover epoch
 * @active_time: seconds that the unit was active
 * @objects: replicated objects that it holds
 * @request: enum nf_failover_ask that the policy of the peer is asked
 * @request_no: number of that request, which grows; 0: there is none
 * @ifcs: entries of @ifc in use
 * @ifc: health of its interfaces
 * @ifc.status: enum nf_failover_ifstatus
 * @ifc.mac: by which its answers to ARP and ND are known; 0: it has none
 * @ifc.name: nameif of the interface
 */
struct fo_hello {
	u8 role;
	u8 state;
	u32 flags;
	u64 epoch;
	u64 active_time;
	u64 objects;
	u8 request;
	u64 request_no;
	unsigned int ifcs;
	struct {
		u8 status;
		u8 mac[FO_MAC_LEN];
		char name[FO_IFC_NAME];
	} ifc[FO_HELLO_IFCS];
};

/**
 * struct fo_ack - body of an ACK frame
 * @cum: every DATA frame up to this counter has been applied
 * @sack: bit i: frame @cum + 2 + i has arrived as well
 */
struct fo_ack {
	u64 cum;
	u64 sack;
};

#define FO_ACK_LEN	16

/* codec_link.c */
void fo_hand_put(struct fo_writer *w, const struct fo_hand *h);
int fo_hand_get(struct fo_reader *r, struct fo_hand *h);
void fo_hello_put(struct fo_writer *w, const struct fo_hello *h);
int fo_hello_get(struct fo_reader *r, struct fo_hello *h, unsigned int *unknown);
void fo_ack_put(struct fo_writer *w, const struct fo_ack *a);
int fo_ack_get(struct fo_reader *r, struct fo_ack *a);

#endif /* _FO_CODEC_LINK_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The bodies of HAND, HELLO, ACK and ECHO frames as structs, and back. */
#ifndef _FO_CODEC_LINK_H
#define _FO_CODEC_LINK_H

#include "codec.h"

#define FO_VERSION_TEXT	32
#define FO_IFC_NAME	32
#define FO_MAC_LEN	6
#define FO_HELLO_IFCS	16	/* interfaces that one hello reports */
#define FO_TRACK_NAME	16
#define FO_HELLO_TRACKS	8	/* tracked objects, all of them */
#define FO_HELLO_HELPERS 8	/* helpers that are missing */
#define FO_HELLO_REFUSALS 8	/* reasons why state was not taken in */
#define FO_REFUSED_NAME	32
#define FO_REASON_TEXT	96
#define FO_HELLO_ENTRIES 4	/* of the history, in one hello */
#define FO_HELLO_SETTINGS 2	/* of the configuration, in one hello */
#define FO_SETTING_TEXT	96
/*
 * Bytes of its body, one frame on the smallest MTU that a link may have, 1280.
 * Room for all interfaces, all tracked objects, one entry, one setting and one
 * helper, so that lists always move on.
 */
#define FO_HELLO_MAX	1192

/**
 * struct fo_hand - body of a HAND frame
 * @op: enum fo_hand_op
 * @unit: enum nf_failover_unit of the sender
 * @assoc: the sender's number of the association
 * @index: what the sender calls the keys of this handshake
 * @boot: identity of this start of the sender
 * @stamp: grows from INIT to INIT
 * @caps: enum fo_cap
 * @mtu: MTU of its netdev in bytes
 * @digest: of all settings of the sender; 0: it does not say
 * @version: version of its module
 */
struct fo_hand {
	u8 op;
	u8 unit;
	u32 assoc;
	u32 index;
	u64 boot;
	u64 stamp;
	u64 caps;
	u32 mtu;
	u64 digest;
	char version[FO_VERSION_TEXT];
};

/**
 * struct fo_entry - an entry of the history of a unit
 * @seq: its number in the list; the first has 1
 * @time: when it was, nanoseconds since 1970
 * @epoch: takeover epoch, from here on
 * @kind: enum nf_failover_history_kind
 * @from: enum nf_failover_state before
 * @to: after; the same where only @reason tells what happened
 * @role: enum nf_failover_role from here on
 * @reason: why
 */
struct fo_entry {
	u32 seq;
	u64 time;
	u64 epoch;
	u8 kind;
	u8 from;
	u8 to;
	u8 role;
	char reason[FO_REASON_TEXT];
};

/**
 * struct fo_setting - something that both units should have alike
 * @id: enum fo_setting_id
 * @no: which of several
 * @name: what it is a setting of, or nothing
 * @value: what it is, in words; nothing when that is not known
 */
struct fo_setting {
	u8 id;
	u8 no;
	char name[FO_IFC_NAME];
	char value[FO_SETTING_TEXT];
};

/**
 * struct fo_refusal - state that a standby unit has not taken in
 * @count: how often, since a bulk sync has begun
 * @name: the counter of the reason
 */
struct fo_refusal {
	u64 count;
	char name[FO_REFUSED_NAME];
};

/**
 * struct fo_hello - body of a HELLO frame
 * @role: enum nf_failover_role
 * @state: enum nf_failover_state
 * @flags: enum fo_hello_flag
 * @epoch: takeover epoch
 * @active_time: seconds that the unit was active
 * @up_time: seconds since its machine was started; 0: it does not say
 * @objects: replicated objects that it holds
 * @request: enum nf_failover_ask that the policy of the peer is asked
 * @request_no: number of that request, which grows; 0: there is none
 * @reports: how often the daemon has reported on interfaces; low 32 bits
 * @ifcs: entries of @ifc in use
 * @ifc: health of its interfaces
 * @ifc.status: enum nf_failover_ifstatus
 * @ifc.mac: by which its answers to ARP and ND are known; 0: it has none
 * @ifc.name: nameif of the interface
 * @tracks: entries of @track in use
 * @track: the tracked objects, and their enum nf_failover_ifstatus
 * @helpers: entries of @helper in use
 * @helper: helpers that connections of the peer have, and the sender lacks
 * @refusals: entries of @refused in use
 * @refused: what the sender, a standby unit, has not taken in
 * @list: identity of the sender's history, which is another one after each of
 *        its starts; 0: the sender does not know of histories
 * @held: identity of the receiver's history as the sender holds it
 * @held_to: newest entry of that
 * @entries: entries of @entry in use
 * @entry: of the sender's history, in order, what the receiver does not hold
 * @digest: of all settings of the sender; 0: it does not say
 * @of: how many settings that is
 * @settings: entries of @setting in use
 * @setting: some of them, in turn, while digests differ
 */
struct fo_hello {
	u8 role;
	u8 state;
	u32 flags;
	u64 epoch;
	u64 active_time;
	u32 up_time;
	u64 objects;
	u8 request;
	u64 request_no;
	u32 reports;
	unsigned int ifcs;
	struct {
		u8 status;
		u8 mac[FO_MAC_LEN];
		char name[FO_IFC_NAME];
	} ifc[FO_HELLO_IFCS];
	unsigned int tracks;
	struct {
		u8 status;
		char name[FO_TRACK_NAME];
	} track[FO_HELLO_TRACKS];
	unsigned int helpers;
	char helper[FO_HELLO_HELPERS][FO_HELPER_NAME];
	unsigned int refusals;
	struct fo_refusal refused[FO_HELLO_REFUSALS];
	u64 list;
	u64 held;
	u32 held_to;
	unsigned int entries;
	struct fo_entry entry[FO_HELLO_ENTRIES];
	u64 digest;
	u32 of;
	unsigned int settings;
	struct fo_setting setting[FO_HELLO_SETTINGS];
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

/**
 * struct fo_echo - body of an ECHO frame, before its padding
 * @op: enum fo_echo_op
 * @link: number of the link that it is sent over
 * @no: its number, by the unit that asked
 */
struct fo_echo {
	u8 op;
	u8 link;
	u64 no;
};

#define FO_ECHO_LEN	10

/* codec_link.c */
void fo_hand_put(struct fo_writer *w, const struct fo_hand *h);
int fo_hand_get(struct fo_reader *r, struct fo_hand *h);
void fo_hello_put(struct fo_writer *w, const struct fo_hello *h);
int fo_hello_get(struct fo_reader *r, struct fo_hello *h, unsigned int *unknown);
void fo_ack_put(struct fo_writer *w, const struct fo_ack *a);
int fo_ack_get(struct fo_reader *r, struct fo_ack *a);
void fo_echo_put(struct fo_writer *w, const struct fo_echo *e);
int fo_echo_get(struct fo_reader *r, struct fo_echo *e);

#endif /* _FO_CODEC_LINK_H */

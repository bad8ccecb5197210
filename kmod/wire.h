/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire format: every number that both units must agree on. No code.
 *
 * A frame, after its Ethernet (or UDP) header; all integers big-endian:
 *
 *    0      1      2             4                           8
 *   +------+------+-------------+---------------------------+
 *   | ver  | type |   length    |      receiver's index     |
 *   +------+------+-------------+---------------------------+
 *   |                 counter (56 bits used)                | 16
 *   +-------------------------------------------------------+
 *   | body, length - 32 bytes ...                           |
 *   +-------------------------------------------------------+
 *   | tag, 16 bytes                                         |
 *   +-------------------------------------------------------+
 *
 * index: what the receiver called the keys of this handshake, by which it finds
 * them; 0 when it has not said so yet. length counts from ver to the end of the
 * tag; what follows it is padding of the medium. Every type counts its own
 * frames, so that type and counter together are the nonce of the seal, and a
 * hello never waits for state; in HAND and NOISE frames the counter is 0. The
 * tag authenticates header and body, and the body is encrypted; on a link in
 * clear text the tag holds a CRC-32C in its last four bytes and zeroes before
 * (see seal.c).
 *
 * The body of a NOISE frame and its tag are a message of the handshake: the
 * ephemeral key, 32 bytes, then the encrypted payload, whose own tag is that
 * of the frame. With index 0 it is the first message, else the second. The
 * payload is what a HAND frame has as its body in clear text.
 *
 * The body of a DATA frame is a row of records:
 *
 *   +----------------+----------------------+------------------
 *   | class:5 | op:3 | length (1..2 bytes)  | length bytes ...
 *   +----------------+----------------------+------------------
 *
 * The bodies of HAND and HELLO frames and of most records are rows of
 * attributes:
 *
 *   +----------------+----------------------+------------------
 *   | type:5 | len:3 | length, if len is 7  | bytes ...
 *   +----------------+----------------------+------------------
 *
 * Unknown classes, ops and attributes are skipped and counted. A length is
 * one byte below 128 and otherwise two, of which the first has its top bit
 * set. A varint has seven bits a byte, low ones first (as in LEB128).
 */
#ifndef _FO_WIRE_H
#define _FO_WIRE_H

#define FO_WIRE_VERSION		1
#define FO_ETHERTYPE		0x88B5	/* IEEE 802 local experimental 1 */
#define FO_UDP_PORT		7789

#define FO_HDR_LEN		16
#define FO_TAG_LEN		16
#define FO_FRAME_OVERHEAD	(FO_HDR_LEN + FO_TAG_LEN)
/* Bytes of records that fit into any frame: UDP, IPv6, an MTU of 1280. */
#define FO_BODY_MIN		(1280 - 40 - 8 - FO_FRAME_OVERHEAD)
#define FO_FRAME_MAX		9000

#define FO_COUNTER_BITS		56
#define FO_SACK_BITS		64	/* frames behind the first gap in an ACK */
#define FO_SLOT_BITS		24
#define FO_SLOT_MAX		((1U << FO_SLOT_BITS) - 1)

enum fo_frame_type {
	FO_FRAME_HAND		= 1,	/* association, in clear text */
	FO_FRAME_HELLO		= 2,	/* sign of life, role, state */
	FO_FRAME_DATA		= 3,	/* records, in order, exactly once */
	FO_FRAME_ACK		= 4,	/* what of DATA has arrived */
	FO_FRAME_NOISE		= 5,	/* association, sealed */
	FO_FRAME_MSG		= 6,	/* messages of user space */
	FO_FRAME_ECHO		= 7,	/* comes back, in the same length */
	FO_FRAME_TYPES,
};

/*
 * Who speaks, and what it wants. SOLICIT is always in clear text; it says
 * nothing that is secret, and makes the secondary say INIT, nothing else.
 */
enum fo_hand_op {
	FO_HAND_SOLICIT		= 1,	/* primary without association */
	FO_HAND_INIT		= 2,	/* secondary proposes an association */
	FO_HAND_RESP		= 3,	/* primary accepts */
};

enum fo_hand_attr {
	FO_HAND_A_OP		= 1,	/* u8, enum fo_hand_op */
	FO_HAND_A_UNIT		= 2,	/* u8, enum nf_failover_unit */
	FO_HAND_A_ASSOC		= 3,	/* u32, sender's number of the association */
	FO_HAND_A_BOOT		= 4,	/* u64, identity of this start */
	FO_HAND_A_CAPS		= 5,	/* varint, enum fo_cap */
	FO_HAND_A_VERSION	= 6,	/* text, version of the module */
	FO_HAND_A_MTU		= 7,	/* varint, bytes */
	FO_HAND_A_INDEX		= 8,	/* u32, sender's index of the keys */
	FO_HAND_A_STAMP		= 9,	/* u64, of INIT: ns since 1970, grows */
	FO_HAND_A_DIGEST	= 10,	/* u64 of all settings */
};

/* What a unit can do beyond version 1, and how it is. */
enum fo_cap {
	FO_CAP_SEALED		= 1 << 0,	/* it has a key */
	FO_CAP_OTHER_KEY	= 1 << 1,	/* it heard an INIT of another key */
};

enum fo_hello_attr {
	FO_HELLO_A_ROLE		= 1,	/* u8, enum nf_failover_role */
	FO_HELLO_A_STATE	= 2,	/* u8, enum nf_failover_state */
	FO_HELLO_A_EPOCH	= 3,	/* varint, takeover epoch */
	FO_HELLO_A_FLAGS	= 4,	/* varint, enum fo_hello_flag */
	FO_HELLO_A_ACTIVE_TIME	= 5,	/* varint, seconds */
	FO_HELLO_A_OBJECTS	= 6,	/* varint, replicated objects held */
	FO_HELLO_A_IFC		= 7,	/* u8 status, MAC, name; repeated */
	FO_HELLO_A_REQUEST	= 8,	/* u8 ask, varint number */
	FO_HELLO_A_LISTS	= 9,	/* u64 own list, u64 held, varint to */
	FO_HELLO_A_HISTORY	= 10,	/* an entry of it; repeated */
	FO_HELLO_A_DIGEST	= 11,	/* u64 of all settings, varint count */
	FO_HELLO_A_SETTING	= 12,	/* u8 fo_setting_id, u8 number, u8 length
					 * of the name, name, value; repeated
					 */
	FO_HELLO_A_TRACK	= 13,	/* u8 status, name; repeated */
	FO_HELLO_A_HELPER	= 14,	/* name of one that is missing; repeated */
	FO_HELLO_A_REPORTS	= 15,	/* varint, of the daemon on interfaces */
	FO_HELLO_A_UP_TIME	= 16,	/* varint, seconds; now and then */
	FO_HELLO_A_REFUSED	= 17,	/* varint count, counter; repeated */
};

/*
 * What both units must have alike, or should. Append only. The number is that
 * of a link, with that of an address in its lower half, or of an address; the
 * name that of the interface.
 */
enum fo_setting_id {
	FO_SETTING_VERSION	= 1,
	FO_SETTING_POLL		= 2,
	FO_SETTING_IFC_POLL	= 3,
	FO_SETTING_IFC_POLICY	= 4,
	FO_SETTING_REPLICATION	= 5,
	FO_SETTING_RECONNECT	= 6,
	FO_SETTING_MAC_AUTO	= 7,
	FO_SETTING_EXEC_CLEAR	= 8,
	FO_SETTING_LINKS	= 9,
	FO_SETTING_LINK_NAME	= 10,
	FO_SETTING_LINK_MTU	= 11,
	FO_SETTING_LINK_ADDR	= 12,
	FO_SETTING_IFCS		= 13,
	FO_SETTING_IFC_MODE	= 14,
	FO_SETTING_IFC_MONITOR	= 15,
	FO_SETTING_IFC_MAC	= 16,
	FO_SETTING_IFC_ADDRS	= 17,
	FO_SETTING_IFC_ADDR	= 18,
	FO_SETTING_LINK_TRANSPORT = 19,
	FO_SETTING_LINK_PORT	= 20,
	FO_SETTING_TRACKS	= 21,
	FO_SETTING_IPSEC	= 22,
	FO_SETTING_FILTERS	= 23,
	FO_SETTING_GTP		= 24,
	FO_SETTINGS,
};

enum fo_hello_flag {
	FO_HELLO_DAEMON		= 1 << 0,	/* a policy daemon answers */
	FO_HELLO_WANTS_ACTIVE	= 1 << 1,	/* hand over, please */
	FO_HELLO_SYNCED		= 1 << 2,	/* a bulk sync was applied */
	FO_HELLO_RESYNC		= 1 << 3,	/* a bulk sync is needed */
	FO_HELLO_MORE_IFCS	= 1 << 4,	/* more interfaces than fit */
	FO_HELLO_UNFIT		= 1 << 5,	/* not fit to be active */
	FO_HELLO_HOLD_DOWN	= 1 << 6,	/* no preemption, please */
	FO_HELLO_HANDOVER	= 1 << 7,	/* the active role is yours */
};

/* The first byte of an ECHO frame. */
enum fo_echo_op {
	FO_ECHO_REQUEST		= 1,
	FO_ECHO_REPLY		= 2,
};

/* Classes of records. Append only. */
enum fo_wire_class {
	FO_CLASS_CONTROL	= 0,
	FO_CLASS_CT		= 1,
	FO_CLASS_STATION	= 2,
	FO_CLASS_MSG		= 3,	/* only in MSG frames */
	FO_CLASS_NEIGH		= 4,
	FO_CLASS_OBJECT		= 5,
	FO_CLASS_SA		= 6,
	FO_CLASS_EXPECT		= 7,
	FO_CLASS_SECMARK	= 8,
	FO_CLASSES,
};

enum fo_control_op {
	FO_CONTROL_BULK_BEGIN	= 1,	/* varint epoch */
	FO_CONTROL_BULK_END	= 2,	/* varint epoch */
};

/*
 * Messages of user space: the records of a MSG frame. One part is on its way at
 * a time; it is said again until it is acknowledged.
 */
enum fo_msg_op {
	FO_MSG_PART		= 1,	/* varint number, u8 kind, u64 id, bytes */
	FO_MSG_ACK		= 2,	/* varint number, u8 result */
};

/* Connections. The first field of each record is the slot, a varint. */
enum fo_ct_op {
	FO_CT_CREATE		= 1,	/* all attributes; may repeat */
	FO_CT_UPDATE		= 2,	/* what can change */
	FO_CT_DELETE		= 3,	/* no attributes */
};

enum fo_ct_attr {
	FO_CT_A_TUPLE4		= 1,	/* proto, saddr, daddr, 2 + 2 bytes */
	FO_CT_A_TUPLE6		= 2,	/* the same with 16 byte addresses */
	FO_CT_A_NAT		= 3,	/* u8 enum fo_ct_nat, those fields */
	FO_CT_A_STATUS		= 4,	/* varint, IPS_* */
	FO_CT_A_TIMEOUT		= 5,	/* varint, seconds that remain */
	FO_CT_A_TCP		= 6,	/* state, wscale 4 + 4, flags, flags */
	FO_CT_A_MARK		= 7,	/* varint */
	FO_CT_A_ZONE		= 8,	/* u16 id, u8 direction */
	FO_CT_A_LABELS		= 9,	/* bit n is bit n % 8 of byte n / 8 */
	FO_CT_A_SEQADJ		= 10,	/* nothing, or 2 * 3 u32 */
	FO_CT_A_START		= 11,	/* u64, ns since 1970 */
	FO_CT_A_ACCT		= 12,	/* 2 * varint packets, varint bytes */
	FO_CT_A_SCTP		= 13,	/* state, tags of both directions */
	FO_CT_A_HELPER		= 14,	/* text, name of its helper */
	FO_CT_A_MASTER		= 15,	/* varint, slot of its master */
	FO_CT_A_DCCP		= 16,	/* role, state, u48 of the handshake */
	FO_CT_A_SECMARK		= 17,	/* varint, number of its security context */
};

/* Fields of the reply tuple that are not those of the inverted original. */
enum fo_ct_nat {
	FO_CT_NAT_SADDR		= 1 << 0,
	FO_CT_NAT_DADDR		= 1 << 1,
	FO_CT_NAT_SPORT		= 1 << 2,
	FO_CT_NAT_DPORT		= 1 << 3,
};

/* Security contexts, which connections refer to. */
enum fo_secmark_op {
	FO_SECMARK_NAME		= 1,	/* varint number, text */
};

/* Stations on the segments of a bridge. */
enum fo_station_op {
	FO_STATION_SEEN		= 1,	/* MAC, u16 VLAN or 0, nameif of the port */
};

/* Neighbours on the data interfaces: MAC, address, nameif. */
enum fo_neigh_op {
	FO_NEIGH_SEEN4		= 1,	/* with 4 bytes of address */
	FO_NEIGH_SEEN6		= 2,	/* with 16 */
};

/*
 * User objects: u8 length and name of the space, u8 length and bytes of the key,
 * and of PUT and SECRET the varint lifetime in ms that is left, or 0, and the
 * value. SECRET is a PUT of a value that is shown to nobody.
 */
enum fo_object_op {
	FO_OBJECT_PUT		= 1,
	FO_OBJECT_DELETED	= 2,
	FO_OBJECT_EXPIRED	= 3,
	FO_OBJECT_SECRET	= 4,
};

/*
 * How far an IPsec SA has come: u8 flags, u8 protocol, u32 SPI, its destination,
 * what the flags say follows, then varints: last number sent, greatest received,
 * bytes, packets, seconds since it was made, and one more than those since its
 * first packet.
 */
enum fo_sa_op {
	FO_SA_USED4		= 1,	/* with 4 bytes of address */
	FO_SA_USED6		= 2,	/* with 16 */
};

enum fo_sa_flag {
	FO_SA_IN		= 1 << 0,	/* nothing is sent by it */
	FO_SA_MARK		= 1 << 1,	/* u32 mark, u32 mask */
	FO_SA_IF_ID		= 1 << 2,	/* u32 number of the interface */
};

/*
 * Expectations: the slot of their master, a varint, then attributes. A record
 * has all expectations of a master, and takes the place of what was there.
 * What the helper of SIP remembers: the slot, varint CSeq of REGISTER, varint CSeq
 * of INVITE, u16 port that is answered at, or 0.
 * That of PPTP: the slot, u8 state of the session, u8 state of the call, u16 number
 * of the call at the server (PAC), u16 at the client (PNS) as the server knows it,
 * u16 and u16 the same two before NAT.
 * That of H.323: the slot, varint of bits, one for each port that is not 0, then these
 * ports, u16: two for signals, from the client and from the server, and four such pairs
 * for media.
 */
enum fo_expect_op {
	FO_EXPECT_LIST		= 1,
	FO_EXPECT_SIP		= 2,
	FO_EXPECT_PPTP		= 3,
	FO_EXPECT_H323		= 4,
};

enum fo_expect_attr {
	FO_EXPECT_A_ENTRY	= 1,	/* an expectation; repeated */
};

enum fo_expect_entry_attr {
	FO_EXPECT_E_TUPLE4	= 1,	/* proto, saddr, daddr, 2 + 2 bytes, then
					 * the mask of saddr and sport
					 */
	FO_EXPECT_E_TUPLE6	= 2,	/* the same with 16 byte addresses */
	FO_EXPECT_E_CLASS	= 3,	/* varint, class of the helper */
	FO_EXPECT_E_FLAGS	= 4,	/* varint, NF_CT_EXPECT_* */
	FO_EXPECT_E_FN		= 5,	/* text, what sets the connection up */
	FO_EXPECT_E_NAT		= 6,	/* u8 direction, u16 port, address */
	FO_EXPECT_E_HELPER	= 7,	/* text, helper of the connection */
	FO_EXPECT_E_TIMEOUT	= 8,	/* varint, seconds that remain */
};

#endif /* _FO_WIRE_H */

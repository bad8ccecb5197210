/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf-failover.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_NF_FAILOVER_H
#define _UAPI_LINUX_NF_FAILOVER_H

#define NF_FAILOVER_FAMILY_NAME		"nf-failover"
#define NF_FAILOVER_FAMILY_VERSION	1

#define NF_FAILOVER_NAME_MAX	32
#define NF_FAILOVER_REASON_MAX	96
#define NF_FAILOVER_PATH_MAX	256
#define NF_FAILOVER_KEY_LEN	32

/**
 * enum nf_failover_unit - Which half of the pair a unit is. Fixed by
 *   configuration.
 */
enum nf_failover_unit {
	NF_FAILOVER_UNIT_UNSET,
	NF_FAILOVER_UNIT_PRIMARY,
	NF_FAILOVER_UNIT_SECONDARY,
};

/**
 * enum nf_failover_role - Whether a unit forwards. Changes at each takeover.
 */
enum nf_failover_role {
	NF_FAILOVER_ROLE_STANDBY,
	NF_FAILOVER_ROLE_ACTIVE,
};

/**
 * enum nf_failover_state - State of a unit in the election, in the words of
 *   the ASA.
 * @NF_FAILOVER_STATE_DISABLED: Failover is off.
 * @NF_FAILOVER_STATE_NEGOTIATION: Looks for an active unit.
 * @NF_FAILOVER_STATE_COLD_STANDBY: An active unit lives, but its state has not
 *   been asked for yet.
 * @NF_FAILOVER_STATE_SYNC_CONFIG: Copies the configuration of the active unit.
 * @NF_FAILOVER_STATE_BULK_SYNC: Receives the tables of the active unit.
 * @NF_FAILOVER_STATE_STANDBY_READY: Holds everything that the active unit
 *   holds.
 * @NF_FAILOVER_STATE_JUST_ACTIVE: Has decided to become active.
 * @NF_FAILOVER_STATE_ACTIVE_DRAIN: Applies what was received, or, on the way
 *   down, waits for acks.
 * @NF_FAILOVER_STATE_ACTIVE_APPLYING_CONFIG: Takes over addresses.
 * @NF_FAILOVER_STATE_ACTIVE_CONFIG_APPLIED: Announces the addresses.
 * @NF_FAILOVER_STATE_ACTIVE: Forwards traffic and replicates its state.
 * @NF_FAILOVER_STATE_FAILED: Not fit to be active.
 * @NF_FAILOVER_STATE_NOT_DETECTED: Only of the other unit, which was not heard
 *   since failover is on.
 */
enum nf_failover_state {
	NF_FAILOVER_STATE_DISABLED,
	NF_FAILOVER_STATE_NEGOTIATION,
	NF_FAILOVER_STATE_COLD_STANDBY,
	NF_FAILOVER_STATE_SYNC_CONFIG,
	NF_FAILOVER_STATE_BULK_SYNC,
	NF_FAILOVER_STATE_STANDBY_READY,
	NF_FAILOVER_STATE_JUST_ACTIVE,
	NF_FAILOVER_STATE_ACTIVE_DRAIN,
	NF_FAILOVER_STATE_ACTIVE_APPLYING_CONFIG,
	NF_FAILOVER_STATE_ACTIVE_CONFIG_APPLIED,
	NF_FAILOVER_STATE_ACTIVE,
	NF_FAILOVER_STATE_FAILED,
	NF_FAILOVER_STATE_NOT_DETECTED,
};

/**
 * enum nf_failover_ifstatus - Health of a monitored interface.
 */
enum nf_failover_ifstatus {
	NF_FAILOVER_IFSTATUS_UNKNOWN,
	NF_FAILOVER_IFSTATUS_NORMAL,
	NF_FAILOVER_IFSTATUS_WAITING,
	NF_FAILOVER_IFSTATUS_TESTING,
	NF_FAILOVER_IFSTATUS_FAILED,
	NF_FAILOVER_IFSTATUS_NO_LINK,
	NF_FAILOVER_IFSTATUS_LINK_DOWN,
	NF_FAILOVER_IFSTATUS_UNMONITORED,
};

/**
 * enum nf_failover_link_kind - What a link carries. One netdev may be both.
 * @NF_FAILOVER_LINK_KIND_LAN: The failover link (hellos, roles,
 *   configuration).
 * @NF_FAILOVER_LINK_KIND_STATE: The state link (replicated objects).
 * @NF_FAILOVER_LINK_KIND_BACKUP: A further link, for hellos, and for state
 *   while its own is silent.
 * @NF_FAILOVER_LINK_KIND_BACKUP2: One more of these.
 */
enum nf_failover_link_kind {
	NF_FAILOVER_LINK_KIND_LAN,
	NF_FAILOVER_LINK_KIND_STATE,
	NF_FAILOVER_LINK_KIND_BACKUP,
	NF_FAILOVER_LINK_KIND_BACKUP2,
};

/**
 * enum nf_failover_link_status - What the unit knows of the other end of its
 *   link.
 * @NF_FAILOVER_LINK_STATUS_DOWN: The netdev is missing, not up or without
 *   carrier.
 * @NF_FAILOVER_LINK_STATUS_UP: The netdev is up; no peer has been heard on it.
 * @NF_FAILOVER_LINK_STATUS_PEER_SILENT: A peer was heard and then missed for
 *   the hold time.
 * @NF_FAILOVER_LINK_STATUS_MISMATCH: A peer was heard and cannot be paired
 *   with; see mismatch.
 * @NF_FAILOVER_LINK_STATUS_PEER_ALIVE: The peer is associated and was heard
 *   within the hold time.
 */
enum nf_failover_link_status {
	NF_FAILOVER_LINK_STATUS_DOWN,
	NF_FAILOVER_LINK_STATUS_UP,
	NF_FAILOVER_LINK_STATUS_PEER_SILENT,
	NF_FAILOVER_LINK_STATUS_MISMATCH,
	NF_FAILOVER_LINK_STATUS_PEER_ALIVE,
};

/**
 * enum nf_failover_tcp_from - From which state on a TCP connection is
 *   replicated.
 * @NF_FAILOVER_TCP_FROM_ESTABLISHED: From ESTABLISHED on, so that a SYN flood
 *   costs nothing (default).
 * @NF_FAILOVER_TCP_FROM_SYN_SENT: From the first segment on.
 */
enum nf_failover_tcp_from {
	NF_FAILOVER_TCP_FROM_ESTABLISHED,
	NF_FAILOVER_TCP_FROM_SYN_SENT,
};

/**
 * enum nf_failover_datagram_from - From which packet on a UDP, ICMP or other
 *   flow is replicated.
 * @NF_FAILOVER_DATAGRAM_FROM_REPLY: From the first reply on (default).
 * @NF_FAILOVER_DATAGRAM_FROM_NEW: From the first packet on.
 */
enum nf_failover_datagram_from {
	NF_FAILOVER_DATAGRAM_FROM_REPLY,
	NF_FAILOVER_DATAGRAM_FROM_NEW,
};

/**
 * enum nf_failover_ask - What an operator asks the policy for.
 * @NF_FAILOVER_ASK_ACTIVE: This unit shall become active.
 * @NF_FAILOVER_ASK_STANDBY: This unit shall hand over, after all is
 *   acknowledged.
 * @NF_FAILOVER_ASK_RESET: This unit shall forget that it failed, and end the
 *   hold-down.
 * @NF_FAILOVER_ASK_RELOAD: This unit, a standby, shall switch failover off and
 *   on again.
 */
enum nf_failover_ask {
	NF_FAILOVER_ASK_ACTIVE,
	NF_FAILOVER_ASK_STANDBY,
	NF_FAILOVER_ASK_RESET,
	NF_FAILOVER_ASK_RELOAD,
};

/**
 * enum nf_failover_event - What has happened; the attribute event-type of the
 *   event message.
 * @NF_FAILOVER_EVENT_CONFIG: The configuration was replaced.
 * @NF_FAILOVER_EVENT_PEER_ALIVE: The peer is heard. Attributes, other.
 * @NF_FAILOVER_EVENT_PEER_CHANGED: Role, state or wish of the peer changed.
 *   Attributes, other.
 * @NF_FAILOVER_EVENT_PEER_LOST: The peer was missed for the hold time.
 * @NF_FAILOVER_EVENT_LINK: A link changed its status.
 * @NF_FAILOVER_EVENT_ROLE: This unit changed its role or state. Attributes,
 *   this, reason.
 * @NF_FAILOVER_EVENT_FENCED: A unit with a higher epoch is active; this unit
 *   has stopped forwarding by itself. Attributes, reason.
 * @NF_FAILOVER_EVENT_DRAINED: All changes have been acknowledged by the peer
 *   after role-set with drain, or the time for it ran out. Attributes, reason.
 * @NF_FAILOVER_EVENT_BULK_BEGIN: A bulk sync began, on either side.
 * @NF_FAILOVER_EVENT_BULK_END: A bulk sync ended; on the standby all its
 *   entries are applied.
 * @NF_FAILOVER_EVENT_ASK: An operator asks for something. Attributes, ask.
 * @NF_FAILOVER_EVENT_DAEMON: A policy daemon was attached or is gone.
 * @NF_FAILOVER_EVENT_HISTORY: There are new entries in the history of either
 *   unit. Only in the group history, in which there is no other event.
 * @NF_FAILOVER_EVENT_PEER_SILENT: Nothing was heard of the peer for half of
 *   the hold time, and at least two polls. Once a silence. Attributes, other.
 */
enum nf_failover_event {
	NF_FAILOVER_EVENT_CONFIG,
	NF_FAILOVER_EVENT_PEER_ALIVE,
	NF_FAILOVER_EVENT_PEER_CHANGED,
	NF_FAILOVER_EVENT_PEER_LOST,
	NF_FAILOVER_EVENT_LINK,
	NF_FAILOVER_EVENT_ROLE,
	NF_FAILOVER_EVENT_FENCED,
	NF_FAILOVER_EVENT_DRAINED,
	NF_FAILOVER_EVENT_BULK_BEGIN,
	NF_FAILOVER_EVENT_BULK_END,
	NF_FAILOVER_EVENT_ASK,
	NF_FAILOVER_EVENT_DAEMON,
	NF_FAILOVER_EVENT_HISTORY,
	NF_FAILOVER_EVENT_PEER_SILENT,
};

/**
 * enum nf_failover_history_kind - What an entry of the history tells.
 * @NF_FAILOVER_HISTORY_KIND_MOVED: The policy moved the unit to another state
 *   or role.
 * @NF_FAILOVER_HISTORY_KIND_ENABLED: Failover was switched on.
 * @NF_FAILOVER_HISTORY_KIND_DISABLED: Failover was switched off.
 * @NF_FAILOVER_HISTORY_KIND_FENCED: A unit with a higher epoch is active; the
 *   kernel stopped forwarding by itself. The state changes when the policy
 *   follows.
 * @NF_FAILOVER_HISTORY_KIND_PEER_LOST: The other unit was missed for the hold
 *   time.
 * @NF_FAILOVER_HISTORY_KIND_DAEMON_GONE: The policy daemon ended, or did not
 *   answer in time.
 * @NF_FAILOVER_HISTORY_KIND_HANDOVER_GIVEN: The other unit has everything; the
 *   kernel gave up the active role and offers it. The state changes when the
 *   policy follows.
 * @NF_FAILOVER_HISTORY_KIND_HANDOVER_TAKEN: The kernel took the active role
 *   that the other unit offered. The state changes when the policy follows.
 * @NF_FAILOVER_HISTORY_KIND_HANDOVER_FAILED: The other unit did not
 *   acknowledge everything; the role was kept.
 * @NF_FAILOVER_HISTORY_KIND_LINK_SHARED: The netdev of a link takes part in
 *   something else.
 * @NF_FAILOVER_HISTORY_KIND_CONFIG_DIFFERS: The units are configured
 *   differently, where they must not be.
 * @NF_FAILOVER_HISTORY_KIND_INTERFACE: A monitored interface failed, or works
 *   again.
 * @NF_FAILOVER_HISTORY_KIND_TRACK: A tracked object failed, or works again.
 */
enum nf_failover_history_kind {
	NF_FAILOVER_HISTORY_KIND_MOVED,
	NF_FAILOVER_HISTORY_KIND_ENABLED,
	NF_FAILOVER_HISTORY_KIND_DISABLED,
	NF_FAILOVER_HISTORY_KIND_FENCED,
	NF_FAILOVER_HISTORY_KIND_PEER_LOST,
	NF_FAILOVER_HISTORY_KIND_DAEMON_GONE,
	NF_FAILOVER_HISTORY_KIND_HANDOVER_GIVEN,
	NF_FAILOVER_HISTORY_KIND_HANDOVER_TAKEN,
	NF_FAILOVER_HISTORY_KIND_HANDOVER_FAILED,
	NF_FAILOVER_HISTORY_KIND_LINK_SHARED,
	NF_FAILOVER_HISTORY_KIND_CONFIG_DIFFERS,
	NF_FAILOVER_HISTORY_KIND_INTERFACE,
	NF_FAILOVER_HISTORY_KIND_TRACK,
};

/**
 * enum nf_failover_key_mode - What protects the frames on the links.
 * @NF_FAILOVER_KEY_MODE_UNSET: Nothing was said; the links stay down.
 * @NF_FAILOVER_KEY_MODE_CLEAR: Nothing, as was asked for by name.
 * @NF_FAILOVER_KEY_MODE_SECRET: A pre-shared key.
 */
enum nf_failover_key_mode {
	NF_FAILOVER_KEY_MODE_UNSET,
	NF_FAILOVER_KEY_MODE_CLEAR,
	NF_FAILOVER_KEY_MODE_SECRET,
};

/**
 * enum nf_failover_answer - What came of asking the peer by ARP or ND for the
 *   addresses of its role, while it was not heard on the links.
 * @NF_FAILOVER_ANSWER_NOT_ASKED: It is heard, or the interface has no address,
 *   or is down.
 * @NF_FAILOVER_ANSWER_NONE: Nobody has answered within the hold time.
 * @NF_FAILOVER_ANSWER_MATE: The peer has answered.
 * @NF_FAILOVER_ANSWER_OTHER: Somebody has answered whose MAC is not that of
 *   the peer.
 */
enum nf_failover_answer {
	NF_FAILOVER_ANSWER_NOT_ASKED,
	NF_FAILOVER_ANSWER_NONE,
	NF_FAILOVER_ANSWER_MATE,
	NF_FAILOVER_ANSWER_OTHER,
};

#define NF_FAILOVER_MSG_LEN	960
#define NF_FAILOVER_EXECS_MAX	16
#define NF_FAILOVER_TRACKS_MAX	8
#define NF_FAILOVER_LINKS_MAX	4

/**
 * enum nf_failover_msg_kind - Where a part of a message goes.
 * @NF_FAILOVER_MSG_KIND_REQUEST: To the socket that listens on the other unit.
 * @NF_FAILOVER_MSG_KIND_REPLY: To the socket that sent the request of this id.
 * @NF_FAILOVER_MSG_KIND_DONE: To the socket that sent a part: what has become
 *   of it. Attributes, result.
 */
enum nf_failover_msg_kind {
	NF_FAILOVER_MSG_KIND_REQUEST,
	NF_FAILOVER_MSG_KIND_REPLY,
	NF_FAILOVER_MSG_KIND_DONE,
};

/**
 * enum nf_failover_msg_result - What has become of a part of a message.
 * @NF_FAILOVER_MSG_RESULT_DELIVERED: The socket that it is for has it.
 * @NF_FAILOVER_MSG_RESULT_NO_LISTENER: Nobody listens on the other unit.
 * @NF_FAILOVER_MSG_RESULT_NO_TALK: Nobody waits for a reply of this id any
 *   more.
 * @NF_FAILOVER_MSG_RESULT_CLEAR_TEXT: The link is in clear text, and the other
 *   unit takes no messages over such a link.
 * @NF_FAILOVER_MSG_RESULT_LOST: The association ended before it was
 *   acknowledged, or while its sender waited for replies.
 * @NF_FAILOVER_MSG_RESULT_TIMEOUT: It was not acknowledged in time.
 */
enum nf_failover_msg_result {
	NF_FAILOVER_MSG_RESULT_DELIVERED,
	NF_FAILOVER_MSG_RESULT_NO_LISTENER,
	NF_FAILOVER_MSG_RESULT_NO_TALK,
	NF_FAILOVER_MSG_RESULT_CLEAR_TEXT,
	NF_FAILOVER_MSG_RESULT_LOST,
	NF_FAILOVER_MSG_RESULT_TIMEOUT,
};

/**
 * enum nf_failover_transport - What carries the frames of a link.
 * @NF_FAILOVER_TRANSPORT_ETHERNET: Ethernet frames of their own type.
 * @NF_FAILOVER_TRANSPORT_UDP: UDP over IPv4 or IPv6, which routers pass on.
 */
enum nf_failover_transport {
	NF_FAILOVER_TRANSPORT_ETHERNET,
	NF_FAILOVER_TRANSPORT_UDP,
};

enum {
	NF_FAILOVER_ADDR_ACTIVE4 = 1,
	NF_FAILOVER_ADDR_STANDBY4,
	NF_FAILOVER_ADDR_ACTIVE6,
	NF_FAILOVER_ADDR_STANDBY6,
	NF_FAILOVER_ADDR_PREFIX_LEN,

	__NF_FAILOVER_ADDR_MAX
};
#define NF_FAILOVER_ADDR_MAX (__NF_FAILOVER_ADDR_MAX - 1)

enum {
	NF_FAILOVER_LINK_KIND = 1,
	NF_FAILOVER_LINK_NAME,
	NF_FAILOVER_LINK_IFNAME,
	NF_FAILOVER_LINK_ADDRESS,
	NF_FAILOVER_LINK_STATUS,
	NF_FAILOVER_LINK_MISMATCH,
	NF_FAILOVER_LINK_TRANSPORT,
	NF_FAILOVER_LINK_PORT,
	NF_FAILOVER_LINK_WARNING,
	NF_FAILOVER_LINK_MTU,
	NF_FAILOVER_LINK_HEADERS,
	NF_FAILOVER_LINK_FRAME_AGE,

	__NF_FAILOVER_LINK_MAX
};
#define NF_FAILOVER_LINK_MAX (__NF_FAILOVER_LINK_MAX - 1)

enum {
	NF_FAILOVER_IFC_IFNAME = 1,
	NF_FAILOVER_IFC_NAMEIF,
	NF_FAILOVER_IFC_ADDRESS,
	NF_FAILOVER_IFC_MONITORED,
	NF_FAILOVER_IFC_STATUS,
	NF_FAILOVER_IFC_MAC_ACTIVE,
	NF_FAILOVER_IFC_MAC_STANDBY,
	NF_FAILOVER_IFC_MAC_OWN,
	NF_FAILOVER_IFC_ANSWER,
	NF_FAILOVER_IFC_MAC,
	NF_FAILOVER_IFC_PAD,
	NF_FAILOVER_IFC_CAUSE,
	NF_FAILOVER_IFC_SINCE,
	NF_FAILOVER_IFC_NOTE,
	NF_FAILOVER_IFC_WEIGHT,

	__NF_FAILOVER_IFC_MAX
};
#define NF_FAILOVER_IFC_MAX (__NF_FAILOVER_IFC_MAX - 1)

enum {
	NF_FAILOVER_CONFIG_ENABLED = 1,
	NF_FAILOVER_CONFIG_UNIT,
	NF_FAILOVER_CONFIG_LINK,
	NF_FAILOVER_CONFIG_POLL_MS,
	NF_FAILOVER_CONFIG_HOLD_MS,
	NF_FAILOVER_CONFIG_INTERFACE,
	NF_FAILOVER_CONFIG_ETHERTYPE,
	NF_FAILOVER_CONFIG_TCP_FROM,
	NF_FAILOVER_CONFIG_DATAGRAM_FROM,
	NF_FAILOVER_CONFIG_REPLICATION,
	NF_FAILOVER_CONFIG_PREEMPT,
	NF_FAILOVER_CONFIG_PREEMPT_DELAY,
	NF_FAILOVER_CONFIG_HOLD_DOWN_TAKEOVERS,
	NF_FAILOVER_CONFIG_HOLD_DOWN_TIME,
	NF_FAILOVER_CONFIG_MAC_AUTO,
	NF_FAILOVER_CONFIG_KEY_MODE,
	NF_FAILOVER_CONFIG_KEY,
	NF_FAILOVER_CONFIG_INTERFACE_POLL_MS,
	NF_FAILOVER_CONFIG_INTERFACE_HOLD_MS,
	NF_FAILOVER_CONFIG_INTERFACE_POLICY,
	NF_FAILOVER_CONFIG_INTERFACE_POLICY_PERCENT,
	NF_FAILOVER_CONFIG_REPLICATION_HTTP,
	NF_FAILOVER_CONFIG_EXEC,
	NF_FAILOVER_CONFIG_EXEC_CLEAR,
	NF_FAILOVER_CONFIG_RECONNECT_TIMEOUT,
	NF_FAILOVER_CONFIG_WAIT_DISABLE,
	NF_FAILOVER_CONFIG_REPLICATION_NEIGHBOURS,
	NF_FAILOVER_CONFIG_REPLICATION_RATE,
	NF_FAILOVER_CONFIG_TRACK,

	__NF_FAILOVER_CONFIG_MAX
};
#define NF_FAILOVER_CONFIG_MAX (__NF_FAILOVER_CONFIG_MAX - 1)

enum {
	NF_FAILOVER_KEY_PAD = 1,
	NF_FAILOVER_KEY_SECRET,
	NF_FAILOVER_KEY_FINGERPRINT,
	NF_FAILOVER_KEY_FILE,
	NF_FAILOVER_KEY_HELLO_KEY,

	__NF_FAILOVER_KEY_MAX
};
#define NF_FAILOVER_KEY_MAX (__NF_FAILOVER_KEY_MAX - 1)

enum {
	NF_FAILOVER_EXEC_NAME = 1,
	NF_FAILOVER_EXEC_COMMAND,

	__NF_FAILOVER_EXEC_MAX
};
#define NF_FAILOVER_EXEC_MAX (__NF_FAILOVER_EXEC_MAX - 1)

enum {
	NF_FAILOVER_MSG_PAD = 1,
	NF_FAILOVER_MSG_ID,
	NF_FAILOVER_MSG_KIND,
	NF_FAILOVER_MSG_RESULT,
	NF_FAILOVER_MSG_DATA,

	__NF_FAILOVER_MSG_MAX
};
#define NF_FAILOVER_MSG_MAX (__NF_FAILOVER_MSG_MAX - 1)

enum {
	NF_FAILOVER_ECHO_PAD = 1,
	NF_FAILOVER_ECHO_LINK,
	NF_FAILOVER_ECHO_LENGTH,
	NF_FAILOVER_ECHO_ID,
	NF_FAILOVER_ECHO_ROUND_TRIP,

	__NF_FAILOVER_ECHO_MAX
};
#define NF_FAILOVER_ECHO_MAX (__NF_FAILOVER_ECHO_MAX - 1)

enum {
	NF_FAILOVER_TRACK_PAD = 1,
	NF_FAILOVER_TRACK_NAME,
	NF_FAILOVER_TRACK_WHAT,
	NF_FAILOVER_TRACK_WEIGHT,
	NF_FAILOVER_TRACK_STATUS,
	NF_FAILOVER_TRACK_CAUSE,
	NF_FAILOVER_TRACK_SINCE,
	NF_FAILOVER_TRACK_NOTE,

	__NF_FAILOVER_TRACK_MAX
};
#define NF_FAILOVER_TRACK_MAX (__NF_FAILOVER_TRACK_MAX - 1)

enum {
	NF_FAILOVER_HOST_PAD = 1,
	NF_FAILOVER_HOST_UNIT,
	NF_FAILOVER_HOST_ROLE,
	NF_FAILOVER_HOST_STATE,
	NF_FAILOVER_HOST_EPOCH,
	NF_FAILOVER_HOST_ACTIVE_TIME,
	NF_FAILOVER_HOST_VERSION,
	NF_FAILOVER_HOST_SERIAL,
	NF_FAILOVER_HOST_INTERFACE,
	NF_FAILOVER_HOST_DAEMON,
	NF_FAILOVER_HOST_WANTS_ACTIVE,
	NF_FAILOVER_HOST_SYNCED,
	NF_FAILOVER_HOST_OBJECTS,
	NF_FAILOVER_HOST_ALIVE,
	NF_FAILOVER_HOST_FIT,
	NF_FAILOVER_HOST_HOLD_DOWN,
	NF_FAILOVER_HOST_HOLD_DOWN_MS,
	NF_FAILOVER_HOST_SILENT,
	NF_FAILOVER_HOST_TRACK,

	__NF_FAILOVER_HOST_MAX
};
#define NF_FAILOVER_HOST_MAX (__NF_FAILOVER_HOST_MAX - 1)

enum {
	NF_FAILOVER_CLASS_PAD = 1,
	NF_FAILOVER_CLASS_NAME,
	NF_FAILOVER_CLASS_XMIT,
	NF_FAILOVER_CLASS_XERR,
	NF_FAILOVER_CLASS_RCV,
	NF_FAILOVER_CLASS_RERR,

	__NF_FAILOVER_CLASS_MAX
};
#define NF_FAILOVER_CLASS_MAX (__NF_FAILOVER_CLASS_MAX - 1)

enum {
	NF_FAILOVER_QUEUE_PAD = 1,
	NF_FAILOVER_QUEUE_NAME,
	NF_FAILOVER_QUEUE_CUR,
	NF_FAILOVER_QUEUE_HIGHEST,
	NF_FAILOVER_QUEUE_TOTAL,

	__NF_FAILOVER_QUEUE_MAX
};
#define NF_FAILOVER_QUEUE_MAX (__NF_FAILOVER_QUEUE_MAX - 1)

enum {
	NF_FAILOVER_LAG_PAD = 1,
	NF_FAILOVER_LAG_UNSENT,
	NF_FAILOVER_LAG_UNACKED,
	NF_FAILOVER_LAG_CHANGES,
	NF_FAILOVER_LAG_P50,
	NF_FAILOVER_LAG_P99,

	__NF_FAILOVER_LAG_MAX
};
#define NF_FAILOVER_LAG_MAX (__NF_FAILOVER_LAG_MAX - 1)

enum {
	NF_FAILOVER_COUNTER_PAD = 1,
	NF_FAILOVER_COUNTER_NAME,
	NF_FAILOVER_COUNTER_VALUE,

	__NF_FAILOVER_COUNTER_MAX
};
#define NF_FAILOVER_COUNTER_MAX (__NF_FAILOVER_COUNTER_MAX - 1)

enum {
	NF_FAILOVER_FLIGHT_PAD = 1,
	NF_FAILOVER_FLIGHT_UPTIME,
	NF_FAILOVER_FLIGHT_HELLO_AGE,
	NF_FAILOVER_FLIGHT_FRAME_AGE,
	NF_FAILOVER_FLIGHT_OTHER,
	NF_FAILOVER_FLIGHT_ALIVE,
	NF_FAILOVER_FLIGHT_DAEMON,
	NF_FAILOVER_FLIGHT_LINK,
	NF_FAILOVER_FLIGHT_INTERFACE,
	NF_FAILOVER_FLIGHT_XMITQ,
	NF_FAILOVER_FLIGHT_RECVQ,
	NF_FAILOVER_FLIGHT_RETRANSMITS,
	NF_FAILOVER_FLIGHT_HOLD_EXPIRED,
	NF_FAILOVER_FLIGHT_HELLOS_MISSED,

	__NF_FAILOVER_FLIGHT_MAX
};
#define NF_FAILOVER_FLIGHT_MAX (__NF_FAILOVER_FLIGHT_MAX - 1)

enum {
	NF_FAILOVER_ENTRY_PAD = 1,
	NF_FAILOVER_ENTRY_MATE,
	NF_FAILOVER_ENTRY_LIST,
	NF_FAILOVER_ENTRY_SEQ,
	NF_FAILOVER_ENTRY_TIME,
	NF_FAILOVER_ENTRY_KIND,
	NF_FAILOVER_ENTRY_FROM,
	NF_FAILOVER_ENTRY_TO,
	NF_FAILOVER_ENTRY_ROLE,
	NF_FAILOVER_ENTRY_EPOCH,
	NF_FAILOVER_ENTRY_REASON,
	NF_FAILOVER_ENTRY_FLIGHT,

	__NF_FAILOVER_ENTRY_MAX
};
#define NF_FAILOVER_ENTRY_MAX (__NF_FAILOVER_ENTRY_MAX - 1)

enum {
	NF_FAILOVER_BULK_PAD = 1,
	NF_FAILOVER_BULK_NAME,
	NF_FAILOVER_BULK_RECEIVED,
	NF_FAILOVER_BULK_COUNT,
	NF_FAILOVER_BULK_BEGIN,
	NF_FAILOVER_BULK_END,
	NF_FAILOVER_BULK_ENTRIES,

	__NF_FAILOVER_BULK_MAX
};
#define NF_FAILOVER_BULK_MAX (__NF_FAILOVER_BULK_MAX - 1)

enum {
	NF_FAILOVER_DIFFERENCE_SETTING = 1,
	NF_FAILOVER_DIFFERENCE_OURS,
	NF_FAILOVER_DIFFERENCE_THEIRS,
	NF_FAILOVER_DIFFERENCE_BLOCKS,

	__NF_FAILOVER_DIFFERENCE_MAX
};
#define NF_FAILOVER_DIFFERENCE_MAX (__NF_FAILOVER_DIFFERENCE_MAX - 1)

enum {
	NF_FAILOVER_A_PAD = 1,
	NF_FAILOVER_A_CONFIG,
	NF_FAILOVER_A_THIS,
	NF_FAILOVER_A_OTHER,
	NF_FAILOVER_A_CLASS,
	NF_FAILOVER_A_QUEUE,
	NF_FAILOVER_A_COUNTER,
	NF_FAILOVER_A_FAILOVER_AT,
	NF_FAILOVER_A_REASON,
	NF_FAILOVER_A_ROLE,
	NF_FAILOVER_A_STATE,
	NF_FAILOVER_A_DRAIN,
	NF_FAILOVER_A_WANTS_ACTIVE,
	NF_FAILOVER_A_ASK,
	NF_FAILOVER_A_EVENT_TYPE,
	NF_FAILOVER_A_INTERFACE,
	NF_FAILOVER_A_BRIEF,
	NF_FAILOVER_A_WATCHDOG_MS,
	NF_FAILOVER_A_FIT,
	NF_FAILOVER_A_HOLD_DOWN_MS,
	NF_FAILOVER_A_MATE,
	NF_FAILOVER_A_ENTRY,
	NF_FAILOVER_A_BULK,
	NF_FAILOVER_A_MSG,
	NF_FAILOVER_A_DIFFERENCE,
	NF_FAILOVER_A_ECHO,
	NF_FAILOVER_A_LAG,
	NF_FAILOVER_A_TRACK,

	__NF_FAILOVER_A_MAX
};
#define NF_FAILOVER_A_MAX (__NF_FAILOVER_A_MAX - 1)

enum {
	NF_FAILOVER_CMD_GET = 1,
	NF_FAILOVER_CMD_CONFIG_SET,
	NF_FAILOVER_CMD_ROLE_SET,
	NF_FAILOVER_CMD_INTERFACE_SET,
	NF_FAILOVER_CMD_DAEMON_ATTACH,
	NF_FAILOVER_CMD_ASK,
	NF_FAILOVER_CMD_BULK_START,
	NF_FAILOVER_CMD_EVENT,
	NF_FAILOVER_CMD_HISTORY_GET,
	NF_FAILOVER_CMD_MSG_SEND,
	NF_FAILOVER_CMD_MSG_LISTEN,
	NF_FAILOVER_CMD_MSG,
	NF_FAILOVER_CMD_ECHO_SEND,
	NF_FAILOVER_CMD_ECHO,

	__NF_FAILOVER_CMD_MAX
};
#define NF_FAILOVER_CMD_MAX (__NF_FAILOVER_CMD_MAX - 1)

#define NF_FAILOVER_MCGRP_MONITOR	"monitor"
#define NF_FAILOVER_MCGRP_HISTORY	"history"

#endif /* _UAPI_LINUX_NF_FAILOVER_H */

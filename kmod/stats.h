/* SPDX-License-Identifier: GPL-2.0 */
/* Per-CPU counters, each named once, in one list. */
#ifndef _FO_STATS_H
#define _FO_STATS_H

#include <linux/percpu.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

/*
 * Every frame, record and packet that is refused, lost or repaired has its
 * counter. A new one is a new line here, and shows up in netlink by itself.
 */
#define FO_COUNTERS(X)						\
	/* frames out */					\
	X(TX_FRAMES,		"tx-frames")			\
	X(TX_BYTES,		"tx-bytes")			\
	X(TX_ERRORS,		"tx-errors")			\
	X(TX_LINK_DOWN,		"tx-link-down")			\
	X(TX_RETRANSMITS,	"tx-retransmits")		\
	X(TX_HELLOS,		"tx-hellos")			\
	X(TX_RECORD_BYTES,	"tx-record-bytes")		\
	X(TX_CREATES,		"tx-creates")			\
	X(TX_CREATE_BYTES,	"tx-create-bytes")		\
	X(TX_UPDATES,		"tx-updates")			\
	X(TX_UPDATE_BYTES,	"tx-update-bytes")		\
	X(TX_DELETES,		"tx-deletes")			\
	X(TX_DELETE_BYTES,	"tx-delete-bytes")		\
	/* frames in */						\
	X(RX_FRAMES,		"rx-frames")			\
	X(RX_BYTES,		"rx-bytes")			\
	X(RX_HELLOS,		"rx-hellos")			\
	X(HELLOS_MISSED,	"hellos-missed")		\
	X(RX_SHORT,		"rx-short")			\
	X(RX_BAD_VERSION,	"rx-bad-version")		\
	X(RX_BAD_TYPE,		"rx-bad-type")			\
	X(RX_BAD_SEAL,		"rx-bad-seal")			\
	X(RX_BAD_BODY,		"rx-bad-body")			\
	X(RX_OWN,		"rx-own")			\
	X(RX_STRANGER,		"rx-stranger")			\
	X(RX_BAD_KEY,		"rx-bad-key")			\
	X(RX_LIMITED,		"rx-limited")			\
	X(RX_MISMATCH,		"rx-mismatch")			\
	X(HAND_TRIALS,		"handshake-trials")		\
	X(X25519,		"handshake-x25519")		\
	X(RX_REPLAY,		"rx-replay")			\
	X(RX_DUPLICATE,		"rx-duplicate")			\
	X(RX_AHEAD,		"rx-out-of-order")		\
	X(RX_BEYOND,		"rx-beyond-window")		\
	X(RX_BAD_ACK,		"rx-bad-ack")			\
	X(RX_NO_MEMORY,		"rx-no-memory")			\
	X(RX_UNKNOWN_ATTR,	"rx-unknown-attr")		\
	X(RX_UNKNOWN_CLASS,	"rx-unknown-class")		\
	X(RX_UNKNOWN_OP,	"rx-unknown-op")		\
	X(RX_BAD_RECORD,	"rx-bad-record")		\
	X(RX_NOT_STANDBY,	"rx-not-standby")		\
	/* capture and queue */					\
	X(CT_LOCAL,		"ct-local")			\
	X(CT_FILTERED,		"ct-filtered")			\
	X(CT_FILTERED_HTTP,	"ct-filtered-http")		\
	X(CT_FILTERED_SHORT,	"ct-filtered-short")		\
	X(CT_NO_SLOT,		"ct-no-slot")			\
	X(CT_FROZEN,		"ct-frozen-delete")		\
	X(CT_REPEATED,		"ct-repeated-destroy")		\
	X(QUEUE_COALESCED,	"queue-coalesced")		\
	X(QUEUE_OVERFLOW,	"queue-overflow")		\
	/* apply */						\
	X(CT_INSERTED,		"ct-inserted")			\
	X(CT_UPDATED,		"ct-updated")			\
	X(CT_DELETED,		"ct-deleted")			\
	X(CT_REPLACED,		"ct-replaced")			\
	X(CT_REFUSED,		"ct-insert-refused")		\
	X(CT_TABLE_FULL,	"ct-table-full")		\
	X(CT_NAT_DIFFERS,	"ct-nat-differs")		\
	X(CT_UNKNOWN_SLOT,	"ct-unknown-slot")		\
	X(CT_UNTOLD_SLOT,	"ct-untold-slot")		\
	X(CT_LOST,		"ct-lost-on-standby")		\
	X(CT_SWEPT,		"ct-swept")			\
	X(CT_NO_ROOM,		"ct-extension-refused")		\
	X(CT_NO_HELPER,		"ct-no-helper")			\
	X(CT_NO_TRACKER,	"ct-no-tracker")		\
	X(CT_NO_MASTER,		"ct-no-master")			\
	X(SECMARK_OMITTED,	"secmark-omitted")		\
	X(SECMARK_REFUSED,	"secmark-refused")		\
	/* expectations */					\
	X(EXPECT_UNNAMED,	"expect-unnamed")		\
	X(EXPECT_OMITTED,	"expect-omitted")		\
	X(EXPECT_NO_MASTER,	"expect-no-master")		\
	X(EXPECT_REFUSED,	"expect-refused")		\
	X(EXPECT_REPLACED,	"expect-replaced")		\
	/* unit */						\
	X(ASSOCIATIONS,		"associations")			\
	X(REKEYS,		"rekeys")			\
	X(HOLD_EXPIRED,		"hold-expired")			\
	X(FENCED,		"fenced")			\
	X(PROMOTIONS,		"promotions")			\
	X(DEMOTIONS,		"demotions")			\
	X(DAEMON_GONE,		"daemon-gone")			\
	X(BULK_SYNCS,		"bulk-syncs")			\
	X(RESYNCS,		"resyncs")			\
	X(BULK_BROKEN,		"bulk-syncs-broken")		\
	X(HANDOVERS,		"handovers-given")		\
	X(HANDOVERS_FAILED,	"handovers-failed")		\
	X(HANDOVERS_TAKEN,	"handovers-taken")		\
	X(RELAY_HELD,		"relay-held")			\
	X(RELAY_SENT,		"relay-sent")			\
	X(RELAY_BACK,		"relay-returned")		\
	X(RELAY_DROPS,		"relay-drops")			\
	X(GATE_DROPS,		"gate-drops")			\
	X(LINK_DROPS,		"link-drops")			\
	X(LINK_SHARED,		"link-shared")			\
	X(GRACE_DROPS,		"grace-drops")			\
	X(EVENTS_LOST,		"events-lost")			\
	X(HOLD_DOWNS,		"hold-downs")			\
	X(PEER_SILENT,		"peer-silent")			\
	/* messages of user space */				\
	X(MSG_RETRANSMITS,	"msg-retransmits")		\
	X(MSG_REFUSED,		"msg-refused")			\
	X(MSG_LOST,		"msg-lost")			\
	/* echoes */						\
	X(ECHOES,		"echoes-sent")			\
	X(ECHOES_BACK,		"echoes-returned")		\
	X(ECHOES_ANSWERED,	"echoes-answered")		\
	X(ECHOES_LIMITED,	"echoes-limited")		\
	/* bridge */						\
	X(BRIDGE_DROPS,		"bridge-drops")			\
	X(STATIONS_TOLD,	"stations-announced")		\
	/* neighbours */					\
	X(NEIGH_OWN,		"neighbours-own")		\
	X(NEIGH_NO_IFC,		"neighbours-no-interface")	\
	X(NEIGH_REFUSED,	"neighbours-refused")		\
	X(NEIGH_DISPLACED,	"neighbours-displaced")		\
	/* user objects */					\
	X(OBJECT_EXPIRED,	"objects-expired")		\
	X(OBJECT_FULL,		"objects-refused-full")		\
	X(OBJECT_NO_MEMORY,	"objects-refused-no-memory")	\
	X(OBJECT_SWEPT,		"objects-swept")		\
	X(OBJECT_CLEAR,		"objects-refused-clear-text")	\
	/* IPsec */						\
	X(SA_MISSING,		"ipsec-no-sa")			\
	X(SA_BEHIND,		"ipsec-sa-behind")		\
	X(SA_SPENT,		"ipsec-numbers-spent")		\
	X(SA_NO_MEMORY,		"ipsec-no-memory")		\
	X(SA_DROPS,		"ipsec-gate-drops")

#define FO_COUNTER_ENUM(id, name)	FO_CNT_##id,
enum fo_counter {
	FO_COUNTERS(FO_COUNTER_ENUM)
	FO_COUNTER_COUNT,
};

/* Rows of "Stateful Obj", in the order in which they are shown. */
#define FO_ROWS(X)						\
	X(SYS_CMD,		"sys cmd")			\
	X(UP_TIME,		"up time")			\
	X(TCP,			"TCP conn")			\
	X(UDP,			"UDP conn")			\
	X(ICMP,			"ICMP session")			\
	X(OTHER,		"Other conn")			\
	X(STATION,		"L2BRIDGE Tbl")			\
	X(ARP,			"ARP tbl")			\
	X(ND,			"IPv6 ND tbl")			\
	X(ROUTE,		"Route Session")		\
	X(GTP,			"GTP PDP")			\
	X(OBJECT,		"User objects")			\
	X(SA,			"VPN IPSEC upd")		\
	X(EXPECT,		"Expectations")

#define FO_ROW_ENUM(id, name)	FO_ROW_##id,
enum fo_row {
	FO_ROWS(FO_ROW_ENUM)
	FO_ROW_COUNT,
};

enum fo_column {
	FO_XMIT,
	FO_XERR,
	FO_RCV,
	FO_RERR,
	FO_COLUMN_COUNT,
};

struct fo_stats_cpu {
	u64 counter[FO_COUNTER_COUNT];
	u64 row[FO_ROW_COUNT][FO_COLUMN_COUNT];
};

/**
 * struct fo_stats - counters of one unit
 * @cpu: one set per CPU; written without locks in any context
 * @netns: number of the unit's network namespace, for traces
 */
struct fo_stats {
	struct fo_stats_cpu __percpu *cpu;
	u32 netns;
};

/* stats.c */
void fo_count_traced(const struct fo_stats *s, enum fo_counter c, u64 n);
void fo_row_traced(const struct fo_stats *s, enum fo_row row,
		   enum fo_column col);

DECLARE_TRACEPOINT(fo_count);
DECLARE_TRACEPOINT(fo_record);

/* Context: any. */
static inline void fo_count_n(struct fo_stats *s, enum fo_counter c, u64 n)
{
	this_cpu_add(s->cpu->counter[c], n);
	if (tracepoint_enabled(fo_count))
		fo_count_traced(s, c, n);
}

static inline void fo_count(struct fo_stats *s, enum fo_counter c)
{
	fo_count_n(s, c, 1);
}

static inline void fo_count_row(struct fo_stats *s, enum fo_row row,
				enum fo_column col)
{
	this_cpu_inc(s->cpu->row[row][col]);
	if (tracepoint_enabled(fo_record))
		fo_row_traced(s, row, col);
}

extern const char * const fo_counter_names[FO_COUNTER_COUNT];
extern const char * const fo_row_names[FO_ROW_COUNT];
int fo_stats_init(struct fo_stats *s);
void fo_stats_exit(struct fo_stats *s);
u64 fo_stats_counter(const struct fo_stats *s, enum fo_counter c);
u64 fo_stats_row(const struct fo_stats *s, enum fo_row r, enum fo_column c);

#endif /* _FO_STATS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: each outcome, with what it happened to.
 *
 * Every counter is one (stats.h): what is refused, lost or repaired is traced
 * where it is counted, under the counter's name. The others say of what: a
 * frame before all that comes of it, on the same CPU; a connection; an
 * association; a role; a bulk sync. None of them tells a key or what a message
 * says. Each costs a jump that is patched out until somebody asks for it.
 *
 * The unit is told by the number of its network namespace, as in
 * /proc/PID/ns/net.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nf_failover

#if !defined(_FO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _FO_TRACE_H

#include <linux/if.h>
#include <linux/in6.h>
#include <linux/tracepoint.h>
#include <uapi/linux/nf_failover.h>

#include "codec_ct.h"

struct fo_stats;
struct nf_conn;

#define FO_TRACE_NAME	32
#define FO_TRACE_TEXT	96	/* FO_REASON_TEXT */

TRACE_DEFINE_ENUM(FO_FRAME_HAND);
TRACE_DEFINE_ENUM(FO_FRAME_HELLO);
TRACE_DEFINE_ENUM(FO_FRAME_DATA);
TRACE_DEFINE_ENUM(FO_FRAME_ACK);
TRACE_DEFINE_ENUM(FO_FRAME_NOISE);
TRACE_DEFINE_ENUM(FO_FRAME_MSG);
TRACE_DEFINE_ENUM(FO_FRAME_ECHO);

#define fo_trace_type(type)			\
	__print_symbolic(type,			\
			 { FO_FRAME_HAND,	"HAND" },	\
			 { FO_FRAME_HELLO,	"HELLO" },	\
			 { FO_FRAME_DATA,	"DATA" },	\
			 { FO_FRAME_ACK,	"ACK" },	\
			 { FO_FRAME_NOISE,	"NOISE" },	\
			 { FO_FRAME_MSG,	"MSG" },	\
			 { FO_FRAME_ECHO,	"ECHO" })

TRACE_DEFINE_ENUM(FO_CT_CREATE);
TRACE_DEFINE_ENUM(FO_CT_UPDATE);
TRACE_DEFINE_ENUM(FO_CT_DELETE);

#define fo_trace_op(op)				\
	__print_symbolic(op,			\
			 { FO_CT_CREATE,	"create" },	\
			 { FO_CT_UPDATE,	"update" },	\
			 { FO_CT_DELETE,	"delete" })

TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_DISABLED);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_NEGOTIATION);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_COLD_STANDBY);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_SYNC_CONFIG);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_BULK_SYNC);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_STANDBY_READY);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_JUST_ACTIVE);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_ACTIVE_DRAIN);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_ACTIVE_APPLYING_CONFIG);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_ACTIVE_CONFIG_APPLIED);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_ACTIVE);
TRACE_DEFINE_ENUM(NF_FAILOVER_STATE_FAILED);

#define fo_trace_state(state)						\
	__print_symbolic(state,						\
			 { NF_FAILOVER_STATE_DISABLED, "Disabled" },	\
			 { NF_FAILOVER_STATE_NEGOTIATION, "Negotiation" }, \
			 { NF_FAILOVER_STATE_COLD_STANDBY, "Cold Standby" }, \
			 { NF_FAILOVER_STATE_SYNC_CONFIG, "Sync Config" }, \
			 { NF_FAILOVER_STATE_BULK_SYNC, "Bulk Sync" },	\
			 { NF_FAILOVER_STATE_STANDBY_READY, "Standby Ready" }, \
			 { NF_FAILOVER_STATE_JUST_ACTIVE, "Just Active" }, \
			 { NF_FAILOVER_STATE_ACTIVE_DRAIN, "Active Drain" }, \
			 { NF_FAILOVER_STATE_ACTIVE_APPLYING_CONFIG, "Active Applying Config" }, \
			 { NF_FAILOVER_STATE_ACTIVE_CONFIG_APPLIED, "Active Config Applied" }, \
			 { NF_FAILOVER_STATE_ACTIVE, "Active" },	\
			 { NF_FAILOVER_STATE_FAILED, "Failed" })

/* A counter has grown; the names are those of "failover show". */
TRACE_EVENT(fo_count,
	TP_PROTO(const struct fo_stats *stats, const char *counter, u64 n),
	TP_ARGS(stats, counter, n),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(char, counter, FO_TRACE_NAME)
		__field(u64, n)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		strscpy(__entry->counter, counter, FO_TRACE_NAME);
		__entry->n = n;
	),
	TP_printk("netns=%u counter=%s n=%llu",
		  __entry->netns, __entry->counter, __entry->n)
);

/* The same of a row of "Stateful Obj"; column: xmit, xerr, rcv, rerr. */
TRACE_EVENT(fo_record,
	TP_PROTO(const struct fo_stats *stats, const char *row,
		 const char *column),
	TP_ARGS(stats, row, column),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(char, row, FO_TRACE_NAME)
		__array(char, column, FO_TRACE_NAME)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		strscpy(__entry->row, row, FO_TRACE_NAME);
		strscpy(__entry->column, column, FO_TRACE_NAME);
	),
	TP_printk("netns=%u row=\"%s\" column=%s",
		  __entry->netns, __entry->row, __entry->column)
);

/* One that is shorter than a header has type, index and counter 0. */
DECLARE_EVENT_CLASS(fo_frame,
	TP_PROTO(const struct fo_stats *stats, const char *link,
		 const u8 *frame, size_t len, int err),
	TP_ARGS(stats, link, frame, len, err),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(char, link, IFNAMSIZ)
		__field(u8, type)
		__field(u32, index)
		__field(u64, counter)
		__field(u32, len)
		__field(int, err)
	),
	TP_fast_assign(
		struct fo_hdr h;

		fo_trace_header(&h, frame, len);
		__entry->netns = stats->netns;
		strscpy(__entry->link, link, IFNAMSIZ);
		__entry->type = h.type;
		__entry->index = h.assoc;
		__entry->counter = h.counter;
		__entry->len = len;
		__entry->err = err;
	),
	TP_printk("netns=%u link=%s type=%s index=%08x counter=%llu len=%u err=%d",
		  __entry->netns, __entry->link, fo_trace_type(__entry->type),
		  __entry->index, __entry->counter, __entry->len, __entry->err)
);

/* To the netdev, or not: err. */
DEFINE_EVENT(fo_frame, fo_frame_sent,
	TP_PROTO(const struct fo_stats *stats, const char *link,
		 const u8 *frame, size_t len, int err),
	TP_ARGS(stats, link, frame, len, err)
);

/* From the netdev; what is wrong with it is counted next on this CPU. */
DEFINE_EVENT(fo_frame, fo_frame_received,
	TP_PROTO(const struct fo_stats *stats, const char *link,
		 const u8 *frame, size_t len, int err),
	TP_ARGS(stats, link, frame, len, err)
);

/* A connection has changed; it goes into the queue, unless it is there. */
TRACE_EVENT(fo_ct_captured,
	TP_PROTO(const struct fo_stats *stats, const struct nf_conn *ct,
		 bool full),
	TP_ARGS(stats, ct, full),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u8, proto)
		__field(bool, full)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		__entry->full = full;
		__entry->proto = fo_trace_conn(ct, __entry->src, __entry->dst);
	),
	TP_printk("netns=%u proto=%u src=%pISpc dst=%pISpc full=%d",
		  __entry->netns, __entry->proto, __entry->src, __entry->dst,
		  __entry->full)
);

/* Only records of new connections have addresses. */
DECLARE_EVENT_CLASS(fo_ct,
	TP_PROTO(const struct fo_stats *stats, const struct fo_ct_rec *rec,
		 int err),
	TP_ARGS(stats, rec, err),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u8, op)
		__field(u32, slot)
		__field(u8, proto)
		__array(u8, src, sizeof(struct sockaddr_in6))
		__array(u8, dst, sizeof(struct sockaddr_in6))
		__field(u32, timeout)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		__entry->op = rec->op;
		__entry->slot = rec->slot;
		__entry->proto = rec->proto;
		fo_trace_rec(rec, __entry->src, __entry->dst);
		__entry->timeout = rec->timeout;
		__entry->err = err;
	),
	TP_printk("netns=%u op=%s slot=%u proto=%u src=%pISpc dst=%pISpc timeout=%u err=%d",
		  __entry->netns, fo_trace_op(__entry->op), __entry->slot,
		  __entry->proto, __entry->src, __entry->dst, __entry->timeout,
		  __entry->err)
);

/* Its record is in a frame. */
DEFINE_EVENT(fo_ct, fo_ct_sent,
	TP_PROTO(const struct fo_stats *stats, const struct fo_ct_rec *rec,
		 int err),
	TP_ARGS(stats, rec, err)
);

/* The record of the peer is in the table, or not: err. */
DEFINE_EVENT(fo_ct, fo_ct_applied,
	TP_PROTO(const struct fo_stats *stats, const struct fo_ct_rec *rec,
		 int err),
	TP_ARGS(stats, rec, err)
);

/* A handshake is done, or an association has ended; the indexes are 0 then. */
TRACE_EVENT(fo_association,
	TP_PROTO(const struct fo_stats *stats, const char *what, u32 to,
		 u32 from),
	TP_ARGS(stats, what, to, from),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(char, what, FO_TRACE_NAME)
		__field(u32, to)
		__field(u32, from)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		strscpy(__entry->what, what, FO_TRACE_NAME);
		__entry->to = to;
		__entry->from = from;
	),
	TP_printk("netns=%u what=%s to=%08x from=%08x", __entry->netns,
		  __entry->what, __entry->to, __entry->from)
);

/* A peer that cannot be paired with; empty when that is over. */
TRACE_EVENT(fo_mismatch,
	TP_PROTO(const struct fo_stats *stats, const char *why),
	TP_ARGS(stats, why),
	TP_STRUCT__entry(
		__field(u32, netns)
		__array(char, why, FO_TRACE_TEXT)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		strscpy(__entry->why, why ?: "", FO_TRACE_TEXT);
	),
	TP_printk("netns=%u why=\"%s\"", __entry->netns, __entry->why)
);

/* An entry of the history: a change of role or state, or a note. */
TRACE_EVENT(fo_history,
	TP_PROTO(const struct fo_stats *stats, u8 from, u8 to, u8 role,
		 u64 epoch, const char *reason),
	TP_ARGS(stats, from, to, role, epoch, reason),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u8, from)
		__field(u8, to)
		__field(u8, role)
		__field(u64, epoch)
		__array(char, reason, FO_TRACE_TEXT)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		__entry->from = from;
		__entry->to = to;
		__entry->role = role;
		__entry->epoch = epoch;
		strscpy(__entry->reason, reason, FO_TRACE_TEXT);
	),
	TP_printk("netns=%u from=\"%s\" to=\"%s\" role=%s epoch=%llu reason=\"%s\"",
		  __entry->netns, fo_trace_state(__entry->from),
		  fo_trace_state(__entry->to),
		  __entry->role ? "active" : "standby", __entry->epoch,
		  __entry->reason)
);

/* A bulk sync of either direction begins, or has come to its end. */
TRACE_EVENT(fo_bulk,
	TP_PROTO(const struct fo_stats *stats, bool received, bool end,
		 u32 epoch),
	TP_ARGS(stats, received, end, epoch),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(bool, received)
		__field(bool, end)
		__field(u32, epoch)
	),
	TP_fast_assign(
		__entry->netns = stats->netns;
		__entry->received = received;
		__entry->end = end;
		__entry->epoch = epoch;
	),
	TP_printk("netns=%u %s %s epoch=%u", __entry->netns,
		  __entry->received ? "received" : "sent",
		  __entry->end ? "end" : "begin", __entry->epoch)
);

#endif /* _FO_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>

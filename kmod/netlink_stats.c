// SPDX-License-Identifier: GPL-2.0
/* The statistics in netlink attributes. */

#include "unit.h"

#include <net/netlink.h>

#include "netlink.h"

static int put_u64(struct sk_buff *skb, int type, u64 v)
{
	return nla_put_u64_64bit(skb, type, v, NF_FAILOVER_A_PAD);
}

static int put_class(struct sk_buff *skb, const char *name, const u64 *col)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_CLASS);

	if (!nest || nla_put_string(skb, NF_FAILOVER_CLASS_NAME, name) ||
	    put_u64(skb, NF_FAILOVER_CLASS_XMIT, col[FO_XMIT]) ||
	    put_u64(skb, NF_FAILOVER_CLASS_XERR, col[FO_XERR]) ||
	    put_u64(skb, NF_FAILOVER_CLASS_RCV, col[FO_RCV]) ||
	    put_u64(skb, NF_FAILOVER_CLASS_RERR, col[FO_RERR]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The first row is the sum of the others. */
static int put_classes(struct sk_buff *skb, struct fo_unit *u)
{
	u64 col[FO_ROW_COUNT][FO_COLUMN_COUNT], sum[FO_COLUMN_COUNT] = {};
	unsigned int i, j;

	for (i = 0; i < FO_ROW_COUNT; i++) {
		for (j = 0; j < FO_COLUMN_COUNT; j++) {
			col[i][j] = fo_stats_row(&u->stats, i, j);
			sum[j] += col[i][j];
		}
	}
	if (put_class(skb, "General", sum))
		return -EMSGSIZE;
	for (i = 0; i < FO_ROW_COUNT; i++)
		if (put_class(skb, fo_row_names[i], col[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_queue(struct sk_buff *skb, const char *name, u64 cur, u64 max,
		     u64 total)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_QUEUE);

	if (!nest || nla_put_string(skb, NF_FAILOVER_QUEUE_NAME, name) ||
	    put_u64(skb, NF_FAILOVER_QUEUE_CUR, cur) ||
	    put_u64(skb, NF_FAILOVER_QUEUE_HIGHEST, max) ||
	    put_u64(skb, NF_FAILOVER_QUEUE_TOTAL, total))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_queues(struct sk_buff *skb, struct fo_unit *u)
{
	return put_queue(skb, "Recv Q", READ_ONCE(u->session.rx.ahead),
			 READ_ONCE(u->session.rx_max),
			 READ_ONCE(u->apply.records)) ?:
	       put_queue(skb, "Xmit Q", fo_queue_len(&u->queue),
			 READ_ONCE(u->queue.max), fo_queue_total(&u->queue));
}

static u64 age(u64 now, u64 at)
{
	return at && at < now ? now - at : 0;
}

static int put_lag(struct sk_buff *skb, struct fo_unit *u)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_LAG);
	u64 now = ktime_get_ns();
	struct fo_session_lag l;

	fo_session_get_lag(&u->session, &l);
	if (!nest ||
	    put_u64(skb, NF_FAILOVER_LAG_UNSENT,
		    age(now, fo_queue_oldest(&u->queue))) ||
	    put_u64(skb, NF_FAILOVER_LAG_UNACKED, age(now, l.oldest)) ||
	    put_u64(skb, NF_FAILOVER_LAG_CHANGES, l.changes) ||
	    put_u64(skb, NF_FAILOVER_LAG_P50, l.p50) ||
	    put_u64(skb, NF_FAILOVER_LAG_P99, l.p99) ||
	    put_u64(skb, NF_FAILOVER_LAG_WINDOW, l.window) ||
	    put_u64(skb, NF_FAILOVER_LAG_ROUND_TRIP, l.round_trip) ||
	    put_u64(skb, NF_FAILOVER_LAG_QUEUEING, l.queueing))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counters(struct sk_buff *skb, struct fo_unit *u)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < FO_COUNTER_COUNT; i++) {
		nest = nla_nest_start(skb, NF_FAILOVER_A_COUNTER);
		if (!nest ||
		    nla_put_string(skb, NF_FAILOVER_COUNTER_NAME,
				   fo_counter_names[i]) ||
		    put_u64(skb, NF_FAILOVER_COUNTER_VALUE,
			    fo_stats_counter(&u->stats, i)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_bulk(struct sk_buff *skb, const struct fo_bulk_run *run,
		    const struct fo_class *class, bool received)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_BULK);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_BULK_NAME, class->name) ||
	    nla_put_u8(skb, NF_FAILOVER_BULK_RECEIVED, received) ||
	    put_u64(skb, NF_FAILOVER_BULK_COUNT, READ_ONCE(run->count)) ||
	    put_u64(skb, NF_FAILOVER_BULK_BEGIN, READ_ONCE(run->begin)) ||
	    put_u64(skb, NF_FAILOVER_BULK_END, READ_ONCE(run->end)) ||
	    put_u64(skb, NF_FAILOVER_BULK_ENTRIES,
		    READ_ONCE(run->held[class->id])))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_bulks(struct sk_buff *skb, struct fo_unit *u)
{
	const struct fo_class *class;
	unsigned int i, way;

	for (i = 0; i < FO_CLASSES; i++) {
		class = u->classes.ref[i].ops;
		if (!class || !class->held)
			continue;
		for (way = 0; way < FO_BULK_WAYS; way++)
			if (put_bulk(skb, &u->bulk.run[way], class,
				     way == FO_BULK_RECEIVED))
				return -EMSGSIZE;
	}
	return 0;
}

/* Classes, queues, counters, bulk syncs and the lag. Context: process. */
int fo_netlink_put_stats(struct sk_buff *skb, struct fo_unit *u)
{
	if (put_classes(skb, u) || put_queues(skb, u) ||
	    put_counters(skb, u) || put_bulks(skb, u) || put_lag(skb, u))
		return -EMSGSIZE;
	return 0;
}

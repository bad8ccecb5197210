/* SPDX-License-Identifier: GPL-2.0 */
/* The class of connections: marks and slots, capture, encode, apply, timers. */
#ifndef _FO_CT_H
#define _FO_CT_H

#include <linux/hash.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_conntrack.h>

#include "class.h"
#include "codec_ct.h"
#include "codec_expect.h"
#include "queue.h"
#include "stats.h"
#include "store.h"

struct nf_conntrack_expect;

#define FO_MASTERS	4	/* masters of masters of a connection */
#define FO_MISSING	8	/* helpers that are missing, and remembered */
#define FO_EXPECTS	64	/* expectations of one master */
#define FO_EXPECT_LIST_MAX 924	/* bytes of their entries */

/**
 * struct fo_slot - a connection that both units know by the same number
 * @rcu: frees it
 * @ct: the connection, of which the slot holds a reference
 * @timeout: seconds it had left when its last record was written
 * @held: value of its timeout while it is held on a standby
 * @epoch: bulk sync that touched it last
 * @packets: how many it had, modulo 2^32, when its counters were last sent
 * @shift: where its numbers are shifted, as of the last look
 * @agreed: sum of what the helper of PPTP or H.323 remembers, as of the last look
 * @secmark: what the peer calls its security context, 0: nothing
 */
struct fo_slot {
	struct rcu_head rcu;
	struct nf_conn *ct;
	u32 timeout;
	u32 held;
	u32 epoch;
	u32 packets;
	u32 shift;
	u32 agreed;
	u8 secmark;
};

/**
 * struct fo_slots - the slots of one unit
 * @xa: struct fo_slot by number, 1 to FO_SLOT_MAX
 * @count: how many
 */
struct fo_slots {
	struct xarray xa;
	atomic_long_t count;
};

/**
 * struct fo_missing - a helper that the peer has, and this unit does not
 * @name: its name; nothing: the entry is free
 * @l3: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: IP protocol
 * @wanted: it is to be asked for
 * @refused: it was, and could not be had
 * @asked: when it was, in jiffies
 */
struct fo_missing {
	char name[FO_HELPER_NAME];
	u8 l3;
	u8 proto;
	bool wanted;
	bool refused;
	unsigned long asked;
};

/**
 * struct fo_helpers - helpers of connections
 * @lock: protects @missing; a leaf, taken with BH off
 * @missing: those that are to be had, or could not be
 * @ask: asks for them
 */
struct fo_helpers {
	spinlock_t lock;
	struct fo_missing missing[FO_MISSING];
	struct work_struct ask;
};

/**
 * struct fo_expects - expectations, which are kept with their masters
 * @ref: their class, for the queue
 * @on: they are replicated
 * @base: held ones end a fixed time and what they have left after this time of
 *        conntrack; under apply_lock, changed while none of them is told
 * @list: for the entries of a record that is written; only for the flush
 * @entry: those of a record that is applied; under apply_lock
 * @turn: the part of them whose turn it is to be told again
 */
struct fo_expects {
	struct fo_class_ref ref;
	bool on;
	u32 base;
	u8 list[FO_EXPECT_LIST_MAX];
	struct fo_expect entry[FO_EXPECTS];
	u32 turn;
};

/**
 * struct fo_secmark_own - a security context of this host
 * @secid: what this host calls it
 * @queued: it is in the queue
 * @known: the peer can be told of it: it has a text
 * @rec: what the peer is told
 */
struct fo_secmark_own {
	u32 secid;
	bool queued;
	bool known;
	struct fo_secmark_rec rec;
};

enum fo_secmark_state {
	FO_SECMARK_NONE,	/* the peer has not told of it */
	FO_SECMARK_WANTED,	/* to be looked up */
	FO_SECMARK_ASKED,	/* looked up now */
	FO_SECMARK_KNOWN,
	FO_SECMARK_REFUSED,	/* there is no such context here */
};

/**
 * struct fo_secmark_peer - a security context of the peer
 * @state: enum fo_secmark_state
 * @secid: what this host calls it, once it is known
 * @text: the context
 */
struct fo_secmark_peer {
	u8 state;
	u32 secid;
	char text[FO_SECMARK_TEXT];
};

/**
 * struct fo_secmarks - security contexts that connections have
 * @ref: their class, for the queue
 * @owned: how many of @own there are; they stay as long as the unit
 * @own: as this unit numbers them, from 1 on; only the flush adds some
 * @peer: as the peer does; under apply_lock
 * @ask: looks up those that are wanted
 */
struct fo_secmarks {
	struct fo_class_ref ref;
	unsigned int owned;
	struct fo_secmark_own own[FO_SECMARKS];
	struct fo_secmark_peer peer[FO_SECMARKS];
	struct work_struct ask;
};

/**
 * struct fo_cts - connections of one unit
 * @net: network namespace
 * @stats: counters of the unit
 * @apply_lock: held while records are applied
 * @wq: where @settle runs
 * @queue: where dirty connections go
 * @store: configuration
 * @ref: this class, for the queue
 * @slots: connections that the peer knows
 * @tcp_from: enum nf_failover_tcp_from
 * @datagram_from: enum nf_failover_datagram_from
 * @accounting: seconds between counters of a connection, 0: only in whole records
 * @delay: seconds that a connection has to live until it is told
 * @waiting: one may have become as old as that without an event
 * @hurry: none waits for that, because the role is about to go
 * @acct_parts: connections are visited in so many parts, 0: they are not
 * @acct_turn: the part whose turn it is
 * @running: failover is on
 * @capturing: changes are replicated: active, and with a peer
 * @accepting: records are taken: not active
 * @damaged: a replicated connection is missing; a bulk sync is due
 * @frozen_until: jiffies up to which deletions are not sent
 * @frozen: @frozen_until is in force
 * @epoch: bulk sync that records belong to
 * @told: the first one that says what the peer means by a slot
 * @unheld: the unit was active; its connections are not held yet
 * @released: when the unit was promoted, in the time of conntrack
 * @liberal_until: jiffies after which window checks may be strict again
 * @liberal: connections that are still liberal, as of the last look
 * @liberal_seen: the same while it looks
 * @saved_events: value of the sysctl nf_conntrack_events before ours
 * @helpers: helpers that are missing
 * @expects: what is expected
 * @secmarks: security contexts of connections
 * @settle: gives connections the timeouts of the role, after it has changed
 * @tend: looks after what no event tells of
 */
struct fo_cts {
	struct net *net;
	struct fo_stats *stats;
	spinlock_t *apply_lock;
	struct workqueue_struct *wq;
	struct fo_queue *queue;
	struct fo_store *store;
	struct fo_class_ref ref;
	struct fo_slots slots;
	u8 tcp_from;
	u8 datagram_from;
	u32 accounting;
	u32 delay;
	bool waiting;
	bool hurry;
	u32 acct_parts;
	u32 acct_turn;
	bool running;
	bool capturing;
	bool accepting;
	bool damaged;
	unsigned long frozen_until;
	bool frozen;
	u32 epoch;
	u32 told;
	bool unheld;
	u32 released;
	unsigned long liberal_until;
	u32 liberal;
	u32 liberal_seen;
	u8 saved_events;
	struct fo_helpers helpers;
	struct fo_expects expects;
	struct fo_secmarks secmarks;
	struct delayed_work settle;
	struct delayed_work tend;
};

/* A held connection is good for this long, and is renewed all the time. */
#define FO_HOLD	(86400 * HZ)

/*
 * The marks of a connection live in the upper half of ct->status, of which the
 * kernel uses the lower 32 bits and shows user space no more: no memory, no
 * lookup, and they go away with the connection.
 */
enum fo_mark {
	FO_MARK_DIRTY	= 32,	/* is in the queue */
	FO_MARK_FULL	= 33,	/* the next record is a whole one */
	FO_MARK_SKIP	= 34,	/* ends on this host: not replicated */
	FO_MARK_LIBERAL	= 35,	/* window checks are off by us, for a while */
	FO_MARK_ACCT	= 36,	/* the next record has the counters */
	FO_MARK_EXPECT	= 37,	/* its expectations are in the queue */
	FO_MARK_AGAIN	= 38,	/* one of them becomes active without an event */
	FO_MARK_OUT	= 39,	/* no slot, but why it is not told: ct_filter.c */
};

#define FO_MARK_SLOT_SHIFT	40
#define FO_MARK_SLOT_MASK	((unsigned long)FO_SLOT_MAX << \
				 FO_MARK_SLOT_SHIFT)

static inline u32 fo_slot_of(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	return status & BIT(FO_MARK_OUT) ? 0 : status >> FO_MARK_SLOT_SHIFT;
}

/* Whether rules leave it out; see fo_ct_left_out(). */
static inline bool fo_ct_is_out(const struct nf_conn *ct)
{
	return (READ_ONCE(ct->status) & (BIT(FO_MARK_OUT) |
					 FO_MARK_SLOT_MASK)) ==
	       BIT(FO_MARK_OUT);
}

/**
 * struct fo_memory - what a helper remembers of a connection
 * @op: its record's operation, of the class of expectations
 * @tell: write the record, if the connection has the helper; flush of the queue, RCU
 * @sum: see fo_memory_sum(); NULL: it changes with what is expected only
 * @apply: read the record, and let the helper here remember it; 0 or an error of the
 *	codec; softirq, RCU, apply_lock
 */
struct fo_memory {
	u8 op;
	void (*tell)(const struct nf_conn *ct, struct fo_writer *w);
	u32 (*sum)(const struct nf_conn *ct);
	int (*apply)(struct fo_cts *c, struct fo_rec *from);
};

/* ct_sip.c, ct_h323.c, ct_pptp.c */
extern const struct fo_memory fo_sip_memory;
extern const struct fo_memory fo_h323_memory;
extern const struct fo_memory fo_pptp_memory;

/* ct_memory.c */
void fo_memory_tell(const struct nf_conn *ct, struct fo_writer *w);
u32 fo_memory_sum(const struct nf_conn *ct);
int fo_memory_apply(struct fo_cts *c, struct fo_rec *from);

/* ct_pptp.c */
typedef void (*fo_expectfn_t)(struct nf_conn *ct,
			      struct nf_conntrack_expect *exp);

#ifdef CONFIG_NF_CT_PROTO_GRE
const char *fo_pptp_name(const struct nf_conntrack_expect *exp);
void fo_pptp_begin(struct nf_conn *ct);
void fo_pptp_keep(struct fo_cts *c, struct nf_conn *ct);
fo_expectfn_t fo_pptp_fn(const struct nf_conn *session,
			 const struct fo_expect *e);
void fo_pptp_exit(void);
#else
static inline const char *fo_pptp_name(const struct nf_conntrack_expect *exp)
{
	return NULL;
}

static inline void fo_pptp_begin(struct nf_conn *ct)
{
}

static inline void fo_pptp_keep(struct fo_cts *c, struct nf_conn *ct)
{
}

static inline fo_expectfn_t fo_pptp_fn(const struct nf_conn *session,
				       const struct fo_expect *e)
{
	return NULL;
}

static inline void fo_pptp_exit(void)
{
}
#endif

/* ct_slot.c */
void fo_slots_init(struct fo_slots *s);
void fo_slots_exit(struct fo_slots *s);
int fo_slot_new(struct fo_slots *s, struct nf_conn *ct);
int fo_slot_set(struct fo_slots *s, u32 n, struct nf_conn *ct,
		const struct fo_slot *init);
struct fo_slot *fo_slot_get(struct fo_slots *s, u32 n);
struct nf_conn *fo_slot_take(struct fo_slots *s, u32 n,
			     const struct nf_conn *only);
bool fo_slots_step(struct fo_slots *s, unsigned long *at,
		   void (*fn)(void *ctx, u32 n, struct fo_slot *e), void *ctx);
void fo_slots_walk(struct fo_slots *s,
		   void (*fn)(void *ctx, u32 n, struct fo_slot *e), void *ctx);

/* ct_fill.c */
void fo_ct_fill_identity(struct fo_ct_rec *rec, const struct nf_conn *ct);
void fo_ct_fill_state(struct fo_ct_rec *rec, struct nf_conn *ct);
u32 fo_ct_expires(const struct nf_conn *ct);

/* ct_extra.c */
void fo_ct_extra_fill(struct fo_ct_rec *rec, struct nf_conn *ct, bool counters);
void fo_ct_extra_add(struct nf_conn *ct, const struct fo_ct_rec *rec);
bool fo_ct_extra_set(struct nf_conn *ct, const struct fo_ct_rec *rec);
u32 fo_ct_packets(const struct nf_conn *ct);
u32 fo_ct_shift(const struct nf_conn *ct);

/* ct_secmark.c */
static inline u8 fo_secmark_number(const struct fo_ct_rec *rec)
{
	return rec->secmark <= FO_SECMARKS ? rec->secmark : 0;
}

void fo_secmark_fill(struct fo_cts *c, struct fo_ct_rec *rec,
		     const struct nf_conn *ct);
void fo_secmark_set(struct fo_cts *c, struct nf_conn *ct, u32 number);
void fo_secmarks_init(struct fo_cts *c);
void fo_secmarks_stop(struct fo_cts *c);

/* ct_filter.c */
bool fo_ct_left_out(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_judge_anew(struct fo_cts *c, struct nf_conn *ct);
bool fo_ct_drop(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_marked(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_begins(struct fo_cts *c, struct nf_conn *ct);
bool fo_ct_waits(struct fo_cts *c, const struct nf_conn *ct);
void fo_ct_untold(struct fo_cts *c, const struct nf_conn *ct);

/* ct_capture.c */
extern struct pernet_operations fo_capture_net_ops;
int fo_capture_init(void);
void fo_capture_exit(void);
void fo_capture_start(struct fo_cts *c);
void fo_capture_stop(struct fo_cts *c);
bool fo_ct_eligible(struct fo_cts *c, struct nf_conn *ct);
bool fo_ct_frozen(struct fo_cts *c);
void fo_ct_dirty(struct fo_cts *c, struct nf_conn *ct, bool full);
void fo_ct_expect_dirty(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_walked(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_ripe(struct fo_cts *c, struct nf_conn *ct);
bool fo_ct_ends_here(struct fo_cts *c, struct nf_conn *ct);
void fo_ct_forget(struct fo_cts *c, struct nf_conn *ct, u32 slot);

/* ct_walk.c */
bool fo_ct_walk(void *self, unsigned long *at);
bool fo_cts_ripen(struct fo_cts *c);
bool fo_cts_hurry(struct fo_cts *c);
void fo_cts_calm(struct fo_cts *c);

/* ct.c */
extern const struct fo_class fo_ct_class;
void fo_cts_init(struct fo_cts *c, struct net *net, struct fo_stats *stats,
		 struct fo_queue *queue, struct fo_store *store);
void fo_cts_classes(const struct fo_cts *c, struct fo_classes *all);
void fo_cts_start(struct fo_cts *c);
void fo_cts_stop(struct fo_cts *c);
void fo_cts_leave(struct fo_cts *c);
void fo_cts_promote(struct fo_cts *c);
void fo_cts_demote(struct fo_cts *c);
void fo_cts_doubt(struct fo_cts *c);
void fo_cts_settled(struct fo_cts *c);
u32 fo_cts_liberal(const struct fo_cts *c, u32 *ms);
void fo_cts_freeze(struct fo_cts *c);
void fo_cts_capture(struct fo_cts *c, bool fresh);
enum fo_row fo_ct_row(u8 proto);
bool fo_ct_hold_ref(void *obj);
bool fo_ct_tell(struct fo_cts *c, struct nf_conn *ct, struct fo_writer *w);

/* ct_apply.c */
void fo_ct_apply(void *self, struct fo_rec *rec);
void fo_ct_hold(struct fo_slot *e, u32 timeout);
void fo_ct_unteach(struct nf_conn *ct);
void fo_ct_renew(struct fo_cts *c, u32 n, struct fo_slot *e,
		 u32 timeout);
struct fo_slot *fo_ct_told(struct fo_cts *c, u32 n);

/* ct_helper.c */
void fo_helper_fill(struct fo_ct_rec *rec, const struct nf_conn *ct);
struct nf_conntrack_helper *fo_helper_find(const char *name, u8 l3, u8 proto);
bool fo_helper_has(const struct nf_conn *ct);
bool fo_helper_expects(const struct nf_conn *ct);
int fo_helper_attach(struct fo_cts *c, struct nf_conn *ct,
		     const struct fo_ct_rec *rec);
void fo_helper_detach(struct nf_conn *ct);
bool fo_helper_fits(struct fo_cts *c, const struct nf_conn *ct,
		    const struct fo_ct_rec *rec);
void fo_helper_renew(struct nf_conn *ct);
unsigned int fo_helpers_missing(struct fo_cts *c,
				char names[][FO_HELPER_NAME]);
void fo_helpers_tend(struct fo_cts *c);
void fo_helpers_init(struct fo_cts *c);
void fo_helpers_stop(struct fo_cts *c);

/* ct_expect.c */
void fo_expects_init(struct fo_cts *c);
void fo_expects_start(struct fo_cts *c);
void fo_expects_stop(struct fo_cts *c);
void fo_expects_hold(struct fo_cts *c);
void fo_expects_release(struct fo_cts *c);
void fo_expects_tend(struct fo_cts *c);

#endif /* _FO_CT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What show reads: the configuration, and what is known of both units. */
#ifndef _FO_STORE_H
#define _FO_STORE_H

#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <uapi/linux/nf_failover.h>

#include "codec_link.h"
#include "filter.h"
#include "seal.h"

#define FO_ADDRS	8	/* addresses of one interface or link */
#define FO_IFCS_MAX	1024	/* named interfaces */
#define FO_EXECS	NF_FAILOVER_EXECS_MAX
#define FO_TRACKS	NF_FAILOVER_TRACKS_MAX
#define FO_FOREVER	U32_MAX	/* seconds */

/**
 * struct fo_addr - a pair of addresses
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @plen: prefix length in bits
 * @has_standby: @standby is configured
 * @active: address of the active unit; of the primary, on a link
 * @standby: address of the standby unit; of the secondary, on a link
 */
struct fo_addr {
	u8 family;
	u8 plen;
	bool has_standby;
	union nf_inet_addr active;
	union nf_inet_addr standby;
};

struct fo_config_link {
	u8 kind;
	char name[NF_FAILOVER_NAME_MAX];
	char ifname[IFNAMSIZ];
	u8 transport;		/* enum nf_failover_transport */
	u16 port;		/* of UDP */
	unsigned int addrs;
	struct fo_addr addr[FO_ADDRS];
};

/* The MACs of an interface, kept for the policy; all zero: there is none. */
struct fo_macs {
	u8 active[ETH_ALEN];
	u8 standby[ETH_ALEN];
	u8 own[ETH_ALEN];	/* changes, under the mutex of the unit */
} __aligned(2);
struct fo_config_key {
	u64 fingerprint;
	char file[NF_FAILOVER_PATH_MAX];	/* or nothing */
};

#define FO_SET_TEXT	80	/* of a set of nftables, with its final zero */
#define FO_ROUTE_TEXT	32	/* of routes, with theirs */

/* A command that the other unit may have run here, in words for the policy. */
struct fo_config_exec {
	char name[NF_FAILOVER_NAME_MAX];
	char command[NF_FAILOVER_PATH_MAX];
};

/* An object that the policy tracks; @what: how, in words for the policy. */
struct fo_config_track {
	char name[FO_TRACK_NAME];
	char what[NF_FAILOVER_PATH_MAX];
	u8 weight;
	u8 status;		/* changes while the configuration stands */
	char cause[NF_FAILOVER_REASON_MAX];	/* of @status, as @since: */
	u64 since;		/* change, under the mutex of the unit */
};

struct fo_config_ifc {
	char ifname[IFNAMSIZ];
	char nameif[NF_FAILOVER_NAME_MAX];
	bool monitored;
	u8 weight;
	u8 status;		/* changes while the configuration stands */
	bool told;		/* by the policy, at least once */
	struct fo_macs mac;
	u8 answer;		/* so does this: enum nf_failover_answer */
	char cause[NF_FAILOVER_REASON_MAX];	/* of @status, as @since: */
	u64 since;		/* change, under the mutex of the unit */
	unsigned int addrs;
	struct fo_addr addr[FO_ADDRS];
};

/**
 * struct fo_config - a configuration; not changed once it is in force
 * @rcu: frees it
 * @enabled: failover is on
 * @unit: enum nf_failover_unit
 * @poll_ms: time between hellos
 * @hold_ms: time after which the peer is lost
 * @ethertype: EtherType on the link
 * @tcp_from: enum nf_failover_tcp_from
 * @datagram_from: enum nf_failover_datagram_from
 * @replication: connections are replicated
 * @accounting: seconds between the counters of a connection; 0: never
 * @neighbours: neighbours are, beside connections
 * @objects: and so are user objects
 * @ipsec: enum nf_failover_ipsec, what of IPsec SAs is
 * @gtp: the policy replicates PDP contexts of GTP
 * @expectations: what helpers expect is, too
 * @rate: most of a bulk sync in kbit/s; 0: no limit
 * @preempt: the primary takes the active role back
 * @preempt_delay: after so many seconds
 * @hold_takeovers: more of them hold preemption down; 0: never
 * @hold_time: within so many seconds
 * @mac_auto: number of the pair, from which MACs are derived; 0: they are not
 * @ifc_poll_ms: as the next four kept for the policy; 0: links alone count
 * @ifc_hold_ms: time without hellos on an interface
 * @ifc_policy: so many failed interfaces; 0: see the next one
 * @ifc_policy_percent: or such a part of them
 * @filter: which connections are replicated
 * @delay: seconds that a connection has to live until it is told; 0: none
 * @reconnect: seconds in which an active unit lets connections in without state
 * @wait_disable: kept for show
 * @exec_clear: commands go over a link in clear text
 * @execs: entries of @exec in use
 * @exec: commands besides those of failover
 * @tracks: entries of @track in use
 * @track: objects that count for the health of the unit as interfaces do
 * @sets: entries of @set in use
 * @set: sets of nftables that the policy replicates, in words for it
 * @routes: entries of @route in use
 * @route: which routes the policy replicates, in words for it
 * @route_timeout: seconds that it keeps those of a routing daemon after a takeover
 * @psks: keys of the link
 * @key: where each of them came from, for people
 * @links: entries of @link in use
 * @link: by their kind; the state link only if it is not the failover link
 * @ifcs: entries of @ifc
 * @ifc: named interfaces
 */
struct fo_config {
	struct rcu_head rcu;
	bool enabled;
	u8 unit;
	u32 poll_ms;
	u32 hold_ms;
	u16 ethertype;
	u8 tcp_from;
	u8 datagram_from;
	bool replication;
	u32 accounting;
	bool neighbours;
	bool objects;
	u8 ipsec;
	bool gtp;
	bool expectations;
	u32 rate;
	bool preempt;
	u32 preempt_delay;
	u32 hold_takeovers;
	u32 hold_time;
	u16 mac_auto;
	u32 ifc_poll_ms;
	u32 ifc_hold_ms;
	u32 ifc_policy;
	u32 ifc_policy_percent;
	struct fo_filter filter;
	u32 delay;
	u32 reconnect;
	bool wait_disable;
	bool exec_clear;
	unsigned int execs;
	struct fo_config_exec exec[FO_EXECS];
	unsigned int tracks;
	struct fo_config_track track[FO_TRACKS];
	unsigned int sets;
	char set[NF_FAILOVER_NFT_SETS_MAX][FO_SET_TEXT];
	unsigned int routes;
	char route[NF_FAILOVER_ROUTES_MAX][FO_ROUTE_TEXT];
	u32 route_timeout;
	struct fo_psks psks;
	struct fo_config_key key[FO_PSKS];
	unsigned int links;
	struct fo_config_link link[NF_FAILOVER_LINKS_MAX];
	unsigned int ifcs;
	struct fo_config_ifc ifc[];
};

/**
 * struct fo_this - this unit, as shown
 * @state: enum nf_failover_state
 * @reason: of the last change of role or state
 * @failover_at: time of the last change of role, seconds since 1970
 * @active_since: boot time in seconds since when it is active, 0 if it is not
 * @active_before: seconds that it was active before that
 * @daemon: a policy daemon is attached and answers
 * @wants_active: the other unit is asked to hand over
 * @synced: a whole bulk sync of this association has been applied
 * @unfit: the policy says that the unit is not fit to be active
 * @hold_down: preemption is held down
 * @hold_until: jiffies up to which
 * @request: enum nf_failover_ask that the other unit is asked
 * @request_no: number of that request; grows
 * @requesting: it is part of the hellos, until the association ends
 * @reports: how often the daemon has reported on interfaces
 * @up_said: boot time in seconds at which the other unit was told how long this
 *	one is up; 0: it was not, in this association
 */
struct fo_this {
	u8 state;
	char reason[NF_FAILOVER_REASON_MAX];
	u64 failover_at;
	u64 active_since;
	u64 active_before;
	bool daemon;
	bool wants_active;
	bool synced;
	bool unfit;
	bool hold_down;
	unsigned long hold_until;
	u8 request;
	u64 request_no;
	bool requesting;
	u32 reports;
	u64 up_said;
};

/**
 * struct fo_other - the other unit, as shown
 * @known: it was heard since failover is on
 * @alive: it was heard within the hold time
 * @boot: identity of its start
 * @version: version of its module
 * @heard: when its last hello came; 0: none in this association
 * @up_time: seconds that it was up at @up_heard; 0: it has not said so
 * @up_heard: boot time of this unit in seconds
 * @hello: its last hello
 */
struct fo_other {
	bool known;
	bool alive;
	u64 boot;
	char version[FO_VERSION_TEXT];
	ktime_t heard;
	u32 up_time;
	u64 up_heard;
	struct fo_hello hello;
};

/**
 * struct fo_asked - the last request of the other unit; each is met once
 * @boot: start of the unit that made it
 * @no: its number
 */
struct fo_asked {
	u64 boot;
	u64 no;
};

/**
 * struct fo_store - what show reads
 * @config: configuration in force; written under the mutex of the unit
 * @lock: protects the next fields; a leaf, taken with BH off
 * @this: this unit
 * @other: the other unit
 * @asked: its last request
 * @mismatch: why the peer that is heard cannot be paired with, or NULL
 * @mismatch_at: when that was heard last, in jiffies
 */
struct fo_store {
	struct fo_config __rcu *config;
	spinlock_t lock;
	struct fo_this this;
	struct fo_other other;
	struct fo_asked asked;
	const char *mismatch;
	unsigned long mismatch_at;
};

/* store.c */
int fo_store_init(struct fo_store *s);
void fo_store_exit(struct fo_store *s);
struct fo_config *fo_config_alloc(unsigned int ifcs);
void fo_config_free(struct fo_config *c);
bool fo_store_floating(struct fo_store *s, u8 family,
		       const union nf_inet_addr *addr);
bool fo_store_named(struct fo_store *s, const char *ifname);
const struct fo_config_ifc *fo_config_ifc(const struct fo_config *c,
					  const char *ifname);
const struct fo_config_ifc *fo_config_nameif(const struct fo_config *c,
					     const char *nameif);
void fo_store_role(struct fo_store *s, bool active);
u64 fo_store_active_time(const struct fo_this *t);
u64 fo_store_up_time(void);
u32 fo_store_say_up_time(struct fo_this *t);
void fo_store_hear_up_time(struct fo_other *o, const struct fo_hello *h);
u64 fo_store_other_up_time(const struct fo_other *o);
bool fo_store_hold_down(struct fo_store *s, u32 ms);
u32 fo_store_hold_left(const struct fo_this *t);
bool fo_store_asked(struct fo_store *s, const struct fo_hello *h);

#endif /* _FO_STORE_H */

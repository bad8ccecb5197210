/* SPDX-License-Identifier: GPL-2.0 */
/* One failover instance per network namespace. */
#ifndef _FO_UNIT_H
#define _FO_UNIT_H

#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "agree.h"
#include "apply.h"
#include "bridge.h"
#include "bulk.h"
#include "ct.h"
#include "echo.h"
#include "hello.h"
#include "history.h"
#include "link.h"
#include "msg.h"
#include "neigh.h"
#include "object.h"
#include "queue.h"
#include "reconnect.h"
#include "refused.h"
#include "role.h"
#include "sa.h"
#include "secret.h"
#include "session.h"
#include "station.h"
#include "stats.h"
#include "store.h"

struct fo_unit;

/**
 * struct fo_notify_ops - how a unit tells user space
 * @event: something has happened; any context but hard interrupt
 * @msg: a message for the socket @port, see struct fo_msg_ops
 * @echoed: an echo for the socket @port, see struct fo_echo_ops
 * @object: a user object has changed, see struct fo_object_ops
 */
struct fo_notify_ops {
	void (*event)(struct fo_unit *u, enum nf_failover_event event,
		      const char *reason, int ask);
	int (*msg)(struct fo_unit *u, u32 port, const struct fo_msg *m,
		   u8 result);
	void (*echoed)(struct fo_unit *u, u32 port, const struct fo_echoed *e);
	void (*object)(struct fo_unit *u, enum nf_failover_object_event event,
		       const struct fo_object_view *v);
};

/**
 * struct fo_unit - one failover instance
 * @net: network namespace
 * @mutex: serializes configuration and changes of role; outside rtnl
 * @started: failover is on; written under @mutex
 * @stats: counters
 * @store: what show reads
 * @history: what happened; under @store.lock
 * @link: failover link and state link
 * @session: association with the peer
 * @hello: hellos and hold timer
 * @role: role and gate
 * @queue: dirty objects
 * @cts: connections
 * @stations: stations of its bridges
 * @neighs: neighbours on its interfaces
 * @objects: user objects
 * @sas: IPsec SAs
 * @bridge: the gate of its bridges
 * @bulk: bulk sync
 * @msgs: messages of user space
 * @echoes: echoes that are on their way
 * @reconnect: connections without state that are let in after a promotion
 * @agree: what the units are configured differently in
 * @secrets: keys that the daemon was told
 * @apply: way in
 * @refused: what of it was refused before the bulk sync that was last
 * @classes: const after creation
 * @drain: hands over, once all is acknowledged
 * @draining: the policy wants that
 * @handing: the role is the mate's, which has not said yet that it has it;
 *           written under session.rx_lock
 * @watch: looks after the daemon, the links, secrets, and what needs a bulk
 *         sync
 * @faulty: that frames cannot be sent was told; only for @watch
 * @daemon: netlink port of the attached daemon, or 0; under @store.lock
 * @daemon_pid: of its process, seen from the first namespace of them
 * @daemon_due: jiffies by which the daemon has to attach again
 */
struct fo_unit {
	struct net *net;
	struct mutex mutex;
	bool started;
	struct fo_stats stats;
	struct fo_store store;
	struct fo_history history;
	struct fo_link link[FO_LINKS];
	struct fo_session session;
	struct fo_hellos hello;
	struct fo_role role;
	struct fo_queue queue;
	struct fo_cts cts;
	struct fo_stations stations;
	struct fo_neighs neighs;
	struct fo_objects objects;
	struct fo_sas sas;
	struct fo_bridge bridge;
	struct fo_bulk bulk;
	struct fo_msgs msgs;
	struct fo_echoes echoes;
	struct fo_reconnect reconnect;
	struct fo_agree agree;
	struct fo_secrets secrets;
	struct fo_apply apply;
	struct fo_refused refused;
	struct fo_classes classes;
	struct work_struct drain;
	bool draining;
	bool handing;
	struct delayed_work watch;
	bool faulty[FO_LINKS];
	u32 daemon;
	pid_t daemon_pid;
	unsigned long daemon_due;
};

/**
 * struct fo_shown - what the policy says of a unit; what is negative or NULL
 * stays as it is
 * @state: enum nf_failover_state
 * @wants_active: the other unit is asked to hand over
 * @reason: why
 */
struct fo_shown {
	int state;
	int wants_active;
	const char *reason;
};

/* enum nf_failover_state: one of a unit that has the active role. */
static inline bool fo_unit_shows_active(int state)
{
	return state >= NF_FAILOVER_STATE_JUST_ACTIVE &&
	       state <= NF_FAILOVER_STATE_ACTIVE;
}

/* unit_history.c */
u32 fo_unit_link_status(struct fo_unit *u, unsigned int i);
void fo_unit_note(struct fo_unit *u, enum nf_failover_history_kind kind,
		  const char *reason);
void fo_unit_move(struct fo_unit *u, enum nf_failover_history_kind kind,
		  u8 state, const char *reason);
int fo_unit_show(struct fo_unit *u, const struct fo_shown *s,
		 struct netlink_ext_ack *extack);
void fo_unit_link_shared(struct fo_unit *u, const char *why);

/* unit_ops.c */
extern const struct fo_session_ops fo_unit_session_ops;
extern const struct fo_hello_ops fo_unit_hello_ops;
extern const struct fo_bulk_ops fo_unit_bulk_ops;
extern const struct fo_msg_ops fo_unit_msg_ops;
extern const struct fo_echo_ops fo_unit_echo_ops;
extern const struct fo_object_ops fo_unit_object_ops;
extern const struct fo_link_up fo_unit_link_up;
void fo_unit_ops_init(const struct fo_notify_ops *ops);
void fo_unit_tell(struct fo_unit *u, enum nf_failover_event event,
		  const char *reason);
void fo_unit_set_synced(struct fo_unit *u, bool synced);
unsigned int fo_unit_refused(struct fo_unit *u, struct fo_refusal *to);

/* The transport that a link is configured with. */
static inline const struct fo_link_ops *
fo_unit_link_ops(const struct fo_config_link *l)
{
	return l->transport == NF_FAILOVER_TRANSPORT_UDP ? &fo_link_udp_ops :
							   &fo_link_eth_ops;
}

/* unit.c */
int fo_unit_module_init(const struct fo_notify_ops *notify);
void fo_unit_module_exit(void);
struct fo_unit *fo_unit_find(struct net *net);
struct fo_unit *fo_unit_make(struct net *net);
int fo_unit_configure(struct fo_unit *u, struct fo_config *c,
		      struct netlink_ext_ack *extack);
void fo_unit_hello(struct fo_unit *u);
int fo_unit_resync(struct fo_unit *u, struct netlink_ext_ack *extack);
int fo_unit_request(struct fo_unit *u, enum nf_failover_ask ask,
		    struct netlink_ext_ack *extack);

/* unit_watch.c */
void fo_unit_watch_init(struct fo_unit *u);
void fo_unit_watch(struct fo_unit *u);
int fo_unit_attach(struct fo_unit *u, u32 portid, u32 watchdog_ms,
		   struct netlink_ext_ack *extack);
void fo_unit_port_gone(struct fo_unit *u, u32 portid);

/* unit_link.c */
int fo_unit_links_init(void);
void fo_unit_links_exit(void);
int fo_unit_check_links(struct fo_unit *u, const struct fo_config *c,
			struct netlink_ext_ack *extack);

/* unit_role.c */
int fo_unit_set_role(struct fo_unit *u, bool active,
		     struct netlink_ext_ack *extack);
void fo_unit_drain_work(struct work_struct *work);
void fo_unit_drain(struct fo_unit *u);
void fo_unit_lapse(struct fo_unit *u);
void fo_unit_heir(struct fo_unit *u, const struct fo_hello *h);

#endif /* _FO_UNIT_H */

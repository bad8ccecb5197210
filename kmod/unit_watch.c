// SPDX-License-Identifier: GPL-2.0
/*
 * What a unit looks after, four times a second: that its daemon answers, that a
 * bulk sync which is due is sent, that a mismatch that is over is forgotten, that
 * keys which the daemon has read are wiped.
 */

#include "unit.h"

#define WATCH_INTERVAL	(HZ / 4)

/* Look after it from here on. Context: any. */
void fo_unit_watch(struct fo_unit *u)
{
	schedule_delayed_work(&u->watch, WATCH_INTERVAL);
}

static void set_daemon(struct fo_unit *u, u32 portid)
{
	bool news;

	spin_lock_bh(&u->store.lock);
	news = u->store.this.daemon != !!portid;
	u->store.this.daemon = portid;
	u->daemon = portid;
	/* a wish goes with the daemon that would give it up */
	if (!portid)
		u->store.this.wants_active = false;
	spin_unlock_bh(&u->store.lock);
	if (!news)
		return;
	if (!portid && READ_ONCE(u->started)) {
		fo_count(&u->stats, FO_CNT_DAEMON_GONE);
		fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_DAEMON_GONE,
			     "failoverd does not answer");
	}
	fo_unit_tell(u, NF_FAILOVER_EVENT_DAEMON,
		     portid ? "attached" : "gone");
}

/**
 * fo_unit_attach() - a daemon is the policy of this unit
 * @u: unit
 * @portid: its netlink port
 * @watchdog_ms: it will do so again within this time
 * @extack: why it was refused
 *
 * Context: process.
 *
 * Return: 0 or -EBUSY.
 */
int fo_unit_attach(struct fo_unit *u, u32 portid, u32 watchdog_ms,
		   struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&u->mutex);
	if (u->daemon && u->daemon != portid) {
		NL_SET_ERR_MSG(extack, "another daemon is attached");
		err = -EBUSY;
	} else {
		WRITE_ONCE(u->daemon_due,
			   jiffies + msecs_to_jiffies(watchdog_ms));
		set_daemon(u, portid);
		fo_unit_watch(u);
	}
	mutex_unlock(&u->mutex);
	return err;
}

static void daemon_gone(struct fo_unit *u)
{
	set_daemon(u, 0);
	if (READ_ONCE(u->started))
		fo_hello_now(&u->hello);
}

/**
 * fo_unit_port_gone() - a netlink socket was closed
 * @u: unit
 * @portid: its port
 *
 * Context: process.
 */
void fo_unit_port_gone(struct fo_unit *u, u32 portid)
{
	mutex_lock(&u->mutex);
	if (u->daemon == portid)
		daemon_gone(u);
	mutex_unlock(&u->mutex);
	fo_msg_port_gone(&u->msgs, portid);
	fo_echo_port_gone(&u->echoes, portid);
}

/*
 * The last one did not come to its end; the standby misses something, and may
 * know nothing; or it did not hear of everything.
 */
static bool bulk_is_due(struct fo_unit *u, bool *fresh)
{
	bool asked, capturing = READ_ONCE(u->cts.capturing);

	spin_lock_bh(&u->store.lock);
	asked = u->store.other.alive &&
		u->store.other.hello.flags & FO_HELLO_RESYNC;
	spin_unlock_bh(&u->store.lock);
	*fresh = asked || !capturing;
	if (fo_bulk_broken(&u->bulk)) {
		fo_count(&u->stats, FO_CNT_BULK_BROKEN);
		return true;
	}
	return capturing && (asked || READ_ONCE(u->queue.overflow)) &&
	       !work_busy(&u->bulk.send.work);
}

/* A peer that cannot be paired with is not heard any more. */
static void forget_mismatch(struct fo_unit *u)
{
	unsigned long hold = nsecs_to_jiffies(u->hello.hold_ns);
	bool over;

	spin_lock_bh(&u->store.lock);
	over = u->store.mismatch &&
	       time_after(jiffies, u->store.mismatch_at + hold);
	if (over)
		u->store.mismatch = NULL;
	spin_unlock_bh(&u->store.lock);
	if (over)
		fo_unit_tell(u, NF_FAILOVER_EVENT_LINK, NULL);
}

/* A send error is a fault of this unit; it is told, and nothing else is done. */
static void look_at_links(struct fo_unit *u)
{
	bool fault;
	unsigned int i;

	for (i = 0; i < FO_LINKS; i++) {
		fault = fo_link_fault(&u->link[i]);
		if (fault == u->faulty[i])
			continue;
		u->faulty[i] = fault;
		fo_unit_tell(u, NF_FAILOVER_EVENT_LINK, NULL);
	}
}

/* Context: process. */
static void watch(struct work_struct *work)
{
	struct fo_unit *u = container_of(work, struct fo_unit, watch.work);
	bool fresh;

	fo_secrets_wipe(&u->secrets);
	forget_mismatch(u);
	look_at_links(u);
	WRITE_ONCE(u->session.digest, fo_agree_refresh(&u->agree));
	if (READ_ONCE(u->daemon) &&
	    time_after(jiffies, READ_ONCE(u->daemon_due)))
		daemon_gone(u);
	if (bulk_is_due(u, &fresh)) {
		fo_count(&u->stats, FO_CNT_RESYNCS);
		fo_bulk_start(&u->bulk, fresh);
	}
	fo_unit_watch(u);
}

void fo_unit_watch_init(struct fo_unit *u)
{
	INIT_DELAYED_WORK(&u->watch, watch);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: requests from, and events to user space.
 *
 * One namespace is one unit; a request is for the unit of its socket's
 * namespace, which is made when it is first configured.
 */

#include "unit.h"

#include <linux/module.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"
#include "version.h"

/* Room for everything but the interfaces, and for one of them. */
#define MSG_BASE	15872
#define MSG_IFC		768
#define MSG_EXEC	320
#define MSG_TRACK	512

/* As HOLD_MS_MAX in netlink_config.c. */
#define WATCHDOG_MS_MAX	60000

static struct genl_family family;

/* The head of a message in the answer to a dump. */
void *fo_netlink_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &family, NLM_F_MULTI, cmd);
}

/* The head of the answer to a request. */
void *fo_netlink_put_reply(struct sk_buff *skb, struct genl_info *info, u8 cmd)
{
	return genlmsg_put_reply(skb, info, &family, 0, cmd);
}

/* The head of what nobody has asked for. */
void *fo_netlink_put_note(struct sk_buff *skb, u8 cmd)
{
	return genlmsg_put(skb, 0, 0, &family, 0, cmd);
}

/* Tell a group; with what is lost counted. Context: any but hard interrupt. */
void fo_netlink_tell(struct fo_unit *u, struct sk_buff *skb, void *hdr,
		     unsigned int group)
{
	genlmsg_end(skb, hdr);
	if (genlmsg_multicast_netns(&family, u->net, skb, 0, group,
				    GFP_ATOMIC))
		fo_count(&u->stats, FO_CNT_EVENTS_LOST);
}

bool fo_netlink_heard(struct fo_unit *u, unsigned int group)
{
	return genl_has_listeners(&family, u->net, group);
}

/* --- what a reply is made of ------------------------------------------ */

static int put_u64(struct sk_buff *skb, int type, u64 v)
{
	return nla_put_u64_64bit(skb, type, v, NF_FAILOVER_A_PAD);
}

static int put_host_base(struct sk_buff *skb, u8 unit, u8 role, u8 state,
			 u64 boot, const char *version)
{
	char serial[20];

	snprintf(serial, sizeof(serial), "%016llx", boot);
	return nla_put_u32(skb, NF_FAILOVER_HOST_UNIT, unit) ||
	       nla_put_u32(skb, NF_FAILOVER_HOST_ROLE, role) ||
	       nla_put_u32(skb, NF_FAILOVER_HOST_STATE, state) ||
	       nla_put_string(skb, NF_FAILOVER_HOST_VERSION, version) ||
	       nla_put_string(skb, NF_FAILOVER_HOST_SERIAL, serial);
}

static int put_host_flags(struct sk_buff *skb, bool daemon, bool wants,
			  bool synced, bool fit, bool hold_down)
{
	return nla_put_u8(skb, NF_FAILOVER_HOST_DAEMON, daemon) ||
	       nla_put_u8(skb, NF_FAILOVER_HOST_WANTS_ACTIVE, wants) ||
	       nla_put_u8(skb, NF_FAILOVER_HOST_SYNCED, synced) ||
	       nla_put_u8(skb, NF_FAILOVER_HOST_FIT, fit) ||
	       nla_put_u8(skb, NF_FAILOVER_HOST_HOLD_DOWN, hold_down);
}

static int put_host_counts(struct sk_buff *skb, u64 epoch, u64 active_time,
			   u64 up_time, u64 objects)
{
	return put_u64(skb, NF_FAILOVER_HOST_EPOCH, epoch) ||
	       put_u64(skb, NF_FAILOVER_HOST_ACTIVE_TIME, active_time) ||
	       (up_time &&
		put_u64(skb, NF_FAILOVER_HOST_UP_TIME, up_time)) ||
	       put_u64(skb, NF_FAILOVER_HOST_OBJECTS, objects);
}

static int put_helpers(struct sk_buff *skb, char names[][FO_HELPER_NAME],
		       unsigned int n)
{
	while (n--)
		if (nla_put_string(skb, NF_FAILOVER_HOST_MISSING_HELPER,
				   names[n]))
			return -EMSGSIZE;
	return 0;
}

static int put_refused(struct sk_buff *skb, const struct fo_refusal *one)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_HOST_REFUSED);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_REFUSED_REASON, one->name) ||
	    put_u64(skb, NF_FAILOVER_REFUSED_COUNT, one->count))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_refusals(struct sk_buff *skb, const struct fo_refusal *of,
			unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (put_refused(skb, &of[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_this(struct sk_buff *skb, struct fo_unit *u,
		    const struct fo_config *c)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_THIS);
	struct fo_refusal refused[FO_HELLO_REFUSALS];
	char missing[FO_HELLO_HELPERS][FO_HELPER_NAME];
	struct fo_this t;
	u32 liberal, liberal_ms;
	bool synced;
	u32 left;

	liberal = fo_cts_liberal(&u->cts, &liberal_ms);
	spin_lock_bh(&u->store.lock);
	t = u->store.this;
	spin_unlock_bh(&u->store.lock);
	left = fo_store_hold_left(&t);
	synced = t.synced && !fo_agree_blocks(&u->agree);
	if (!nest ||
	    put_host_base(skb, c->unit, fo_role_claims(&u->role), t.state,
			  u->session.boot, FO_VERSION) ||
	    put_host_flags(skb, t.daemon, t.wants_active, synced, !t.unfit,
			   left) ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_HOLD_DOWN_MS, left) ||
	    put_host_counts(skb, READ_ONCE(u->role.epoch),
			    fo_store_active_time(&t), fo_store_up_time(),
			    atomic_long_read(&u->cts.slots.count)) ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_LIBERAL, liberal) ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_LIBERAL_MS, liberal_ms) ||
	    put_helpers(skb, missing, fo_helpers_missing(&u->cts, missing)) ||
	    put_refusals(skb, refused, fo_unit_refused(u, refused)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_other_ifc(struct sk_buff *skb, const char *name, u8 status,
			 const u8 *mac)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_HOST_INTERFACE);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_IFC_NAMEIF, name) ||
	    nla_put_u32(skb, NF_FAILOVER_IFC_STATUS, status) ||
	    nla_put(skb, NF_FAILOVER_IFC_MAC, FO_MAC_LEN, mac))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* A peer that is not heard any more is failed, whatever it said last. */
static u8 other_state(const struct fo_other *o)
{
	return o->alive ? o->hello.state : NF_FAILOVER_STATE_FAILED;
}

static int put_other(struct sk_buff *skb, struct fo_unit *u,
		     const struct fo_config *c)
{
	struct nlattr *nest;
	struct fo_other *o;
	unsigned int i;
	int err = 0;

	o = kmalloc(sizeof(*o), GFP_ATOMIC);
	if (!o)
		return -ENOMEM;
	spin_lock_bh(&u->store.lock);
	*o = u->store.other;
	spin_unlock_bh(&u->store.lock);
	if (!o->known)
		goto out;
	nest = nla_nest_start(skb, NF_FAILOVER_A_OTHER);
	if (!nest ||
	    put_host_base(skb, NF_FAILOVER_UNIT_PRIMARY +
			  NF_FAILOVER_UNIT_SECONDARY - c->unit,
			  o->alive ? o->hello.role : NF_FAILOVER_ROLE_STANDBY,
			  other_state(o), o->boot, o->version) ||
	    put_host_flags(skb, o->hello.flags & FO_HELLO_DAEMON,
			   o->hello.flags & FO_HELLO_WANTS_ACTIVE,
			   o->hello.flags & FO_HELLO_SYNCED,
			   !(o->hello.flags & FO_HELLO_UNFIT),
			   o->hello.flags & FO_HELLO_HOLD_DOWN) ||
	    nla_put_u8(skb, NF_FAILOVER_HOST_ALIVE, o->alive) ||
	    put_host_counts(skb, o->hello.epoch, o->hello.active_time,
			    fo_store_other_up_time(o), o->hello.objects) ||
	    nla_put_u8(skb, NF_FAILOVER_HOST_SILENT,
		       o->alive && fo_hello_silent(&u->hello)) ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_REPORTS, o->hello.reports))
		err = -EMSGSIZE;
	for (i = 0; i < o->hello.ifcs && !err; i++)
		err = put_other_ifc(skb, o->hello.ifc[i].name,
				    o->hello.ifc[i].status,
				    o->hello.ifc[i].mac);
	if (!err)
		err = fo_netlink_put_mates_tracks(skb, &o->hello) ?:
		      put_helpers(skb, o->hello.helper, o->hello.helpers) ?:
		      put_refusals(skb, o->hello.refused, o->hello.refusals);
	if (!err)
		nla_nest_end(skb, nest);
out:
	kfree(o);
	return err;
}

static int put_last(struct sk_buff *skb, struct fo_unit *u)
{
	struct fo_this t;

	spin_lock_bh(&u->store.lock);
	t = u->store.this;
	spin_unlock_bh(&u->store.lock);
	return put_u64(skb, NF_FAILOVER_A_FAILOVER_AT, t.failover_at) ?:
	       nla_put_string(skb, NF_FAILOVER_A_REASON, t.reason);
}

static int put_difference(struct sk_buff *skb, struct fo_unit *u,
			  const struct fo_difference *d)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_DIFFERENCE);
	char words[NF_FAILOVER_REASON_MAX];

	rcu_read_lock();
	fo_agree_words(&u->agree, &d->theirs, words, sizeof(words));
	rcu_read_unlock();
	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_DIFFERENCE_SETTING, words) ||
	    nla_put_string(skb, NF_FAILOVER_DIFFERENCE_OURS, d->ours) ||
	    nla_put_string(skb, NF_FAILOVER_DIFFERENCE_THEIRS,
			   d->theirs.value) ||
	    nla_put_u8(skb, NF_FAILOVER_DIFFERENCE_BLOCKS, d->blocks))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_differences(struct sk_buff *skb, struct fo_unit *u)
{
	struct fo_difference d;
	unsigned int i;

	for (i = 0; fo_agree_get(&u->agree, i, &d); i++)
		if (put_difference(skb, u, &d))
			return -EMSGSIZE;
	return 0;
}

static int put_all(struct sk_buff *skb, struct fo_unit *u,
		   const struct fo_config *c, bool brief)
{
	if (fo_netlink_put_config(skb, u, c) || put_this(skb, u, c) ||
	    put_other(skb, u, c) || put_last(skb, u) ||
	    put_differences(skb, u))
		return -EMSGSIZE;
	if (brief)
		return 0;
	return fo_netlink_put_stats(skb, u);
}

/* --- requests --------------------------------------------------------- */

struct fo_unit *fo_netlink_unit(struct genl_info *info)
{
	struct fo_unit *u = fo_unit_make(genl_info_net(info));

	if (!u)
		GENL_SET_ERR_MSG(info, "out of memory");
	return u;
}

bool fo_netlink_is_daemon(const struct fo_unit *u, struct genl_info *info)
{
	if (READ_ONCE(u->daemon) == info->snd_portid)
		return true;
	GENL_SET_ERR_MSG(info, "only the attached daemon may do this");
	return false;
}

/**
 * fo_netlink_in_daemon() - whether a request comes from the daemon's process
 * @u: unit
 * @info: request
 *
 * Of any of its sockets: its threads have some of their own. Context: process,
 * that of the request.
 */
bool fo_netlink_in_daemon(const struct fo_unit *u, struct genl_info *info)
{
	if (READ_ONCE(u->daemon) &&
	    READ_ONCE(u->daemon_pid) == task_tgid_nr(current))
		return true;
	GENL_SET_ERR_MSG(info, "only the attached daemon may do this");
	return false;
}

int nf_failover_nl_get_doit(struct sk_buff *req, struct genl_info *info)
{
	bool brief = info->attrs[NF_FAILOVER_A_BRIEF];
	struct fo_unit *u = fo_netlink_unit(info);
	const struct fo_config *c;
	struct sk_buff *skb;
	int err = -EMSGSIZE;
	void *hdr;

	if (!u)
		return -ENOMEM;
	mutex_lock(&u->mutex);
	c = rcu_dereference_protected(u->store.config,
				      lockdep_is_held(&u->mutex));
	skb = genlmsg_new(MSG_BASE + c->ifcs * MSG_IFC + c->execs * MSG_EXEC +
			  c->tracks * MSG_TRACK, GFP_KERNEL);
	if (!skb) {
		mutex_unlock(&u->mutex);
		return -ENOMEM;
	}
	hdr = fo_netlink_put_reply(skb, info, NF_FAILOVER_CMD_GET);
	if (hdr)
		err = put_all(skb, u, c, brief);
	mutex_unlock(&u->mutex);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int nf_failover_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_config *c;
	int err;

	if (!u)
		return -ENOMEM;
	if (GENL_REQ_ATTR_CHECK(info, NF_FAILOVER_A_CONFIG)) {
		GENL_SET_ERR_MSG(info, "the configuration is missing");
		return -EINVAL;
	}
	c = fo_netlink_get_config(info->attrs[NF_FAILOVER_A_CONFIG], u,
				  info->extack);
	if (IS_ERR(c))
		return PTR_ERR(c);
	err = fo_unit_check_links(u, c, info->extack);
	if (err) {
		fo_config_free(c);
		return err;
	}
	return fo_unit_configure(u, c, info->extack);
}

/* What is absent stays. */
static int set_shown(struct fo_unit *u, struct nlattr **attrs,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *state = attrs[NF_FAILOVER_A_STATE];
	const struct nlattr *wants = attrs[NF_FAILOVER_A_WANTS_ACTIVE];
	const struct nlattr *reason = attrs[NF_FAILOVER_A_REASON];
	const struct fo_shown s = {
		.state		= state ? (int)nla_get_u32(state) : -1,
		.wants_active	= wants ? nla_get_u8(wants) : -1,
		.reason		= reason ? nla_data(reason) : NULL,
	};

	return fo_unit_show(u, &s, extack);
}

static void set_health(struct fo_unit *u, struct nlattr **attrs)
{
	const struct nlattr *hold = attrs[NF_FAILOVER_A_HOLD_DOWN_MS];
	const struct nlattr *fit = attrs[NF_FAILOVER_A_FIT];
	bool held = false;

	spin_lock_bh(&u->store.lock);
	if (fit)
		u->store.this.unfit = !nla_get_u8(fit);
	if (hold)
		held = fo_store_hold_down(&u->store, nla_get_u32(hold));
	spin_unlock_bh(&u->store.lock);
	if (held)
		fo_count(&u->stats, FO_CNT_HOLD_DOWNS);
}

int nf_failover_nl_role_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct fo_unit *u = fo_netlink_unit(info);
	int err = 0;

	if (!u)
		return -ENOMEM;
	if (!fo_netlink_is_daemon(u, info))
		return -EPERM;
	if (attrs[NF_FAILOVER_A_ROLE])
		err = fo_unit_set_role(u, nla_get_u32(attrs[NF_FAILOVER_A_ROLE])
				       == NF_FAILOVER_ROLE_ACTIVE,
				       info->extack);
	if (!err)
		err = set_shown(u, attrs, info->extack);
	if (err)
		return err;
	set_health(u, attrs);
	if (attrs[NF_FAILOVER_A_DRAIN])
		fo_unit_drain(u);
	fo_unit_hello(u);
	fo_netlink_notify.event(u, NF_FAILOVER_EVENT_ROLE,
				attrs[NF_FAILOVER_A_REASON] ?
				nla_data(attrs[NF_FAILOVER_A_REASON]) : NULL,
				-1);
	return 0;
}

/* What is absent stays. */
static void set_report(struct fo_config_ifc *ifc, struct nlattr **tb)
{
	u32 status = nla_get_u32(tb[NF_FAILOVER_IFC_STATUS]);

	if (status != ifc->status)
		ifc->since = ktime_get_real_ns();
	WRITE_ONCE(ifc->status, status);
	WRITE_ONCE(ifc->told, true);
	if (tb[NF_FAILOVER_IFC_CAUSE])
		nla_strscpy(ifc->cause, tb[NF_FAILOVER_IFC_CAUSE],
			    sizeof(ifc->cause));
	if (tb[NF_FAILOVER_IFC_MAC_OWN])
		nla_memcpy(ifc->mac.own, tb[NF_FAILOVER_IFC_MAC_OWN],
			   ETH_ALEN);
	if (tb[NF_FAILOVER_IFC_ANSWER])
		WRITE_ONCE(ifc->answer,
			   nla_get_u32(tb[NF_FAILOVER_IFC_ANSWER]));
}

static int set_ifstatus(const struct nlattr *attr, struct fo_unit *u,
			struct fo_config *c, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_IFC_MAX + 1];
	unsigned int i;
	int err;

	err = nla_parse_nested(tb, NF_FAILOVER_IFC_MAX, attr,
			       nf_failover_ifc_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_IFC_IFNAME] || !tb[NF_FAILOVER_IFC_STATUS]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a netdev and its status are needed");
		return -EINVAL;
	}
	for (i = 0; i < c->ifcs; i++) {
		if (nla_strcmp(tb[NF_FAILOVER_IFC_IFNAME], c->ifc[i].ifname))
			continue;
		set_report(&c->ifc[i], tb);
		if (tb[NF_FAILOVER_IFC_NOTE])
			fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_INTERFACE,
				     nla_data(tb[NF_FAILOVER_IFC_NOTE]));
		return 0;
	}
	NL_SET_ERR_MSG_ATTR(extack, attr, "no such interface is configured");
	return -ENOENT;
}

/* That the daemon lives is news, too: the mate's may wait for a word of it. */
static void count_report(struct fo_unit *u)
{
	spin_lock_bh(&u->store.lock);
	u->store.this.reports++;
	spin_unlock_bh(&u->store.lock);
}

int nf_failover_nl_interface_set_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	const struct nlattr *a;
	struct fo_config *c;
	int rem, err = 0;

	if (!u)
		return -ENOMEM;
	mutex_lock(&u->mutex);
	c = rcu_dereference_protected(u->store.config,
				      lockdep_is_held(&u->mutex));
	nla_for_each_attr(a, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(a) == NF_FAILOVER_A_INTERFACE)
			err = set_ifstatus(a, u, c, info->extack);
		else if (nla_type(a) == NF_FAILOVER_A_TRACK)
			err = fo_netlink_set_track(a, u, c, info->extack);
		if (err)
			break;
	}
	mutex_unlock(&u->mutex);
	if (!err)
		count_report(u);
	fo_unit_hello(u);
	return err;
}

int nf_failover_nl_daemon_attach_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	const struct nlattr *ms = info->attrs[NF_FAILOVER_A_WATCHDOG_MS];
	struct fo_unit *u = fo_netlink_unit(info);
	int err;

	if (!u)
		return -ENOMEM;
	if (!ms || nla_get_u32(ms) > WATCHDOG_MS_MAX) {
		GENL_SET_ERR_MSG(info, "watchdog-ms is 100 to 60000");
		return -EINVAL;
	}
	err = fo_unit_attach(u, info->snd_portid, nla_get_u32(ms),
			     info->extack);
	if (!err)
		WRITE_ONCE(u->daemon_pid, task_tgid_nr(current));
	return err;
}

static int ask_mate(struct fo_unit *u, u32 ask, struct netlink_ext_ack *extack)
{
	if (ask != NF_FAILOVER_ASK_RESET && ask != NF_FAILOVER_ASK_RELOAD) {
		NL_SET_ERR_MSG(extack,
			       "the other unit is only asked for reset or reload");
		return -EINVAL;
	}
	return fo_unit_request(u, ask, extack);
}

int nf_failover_nl_ask_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *ask = info->attrs[NF_FAILOVER_A_ASK];
	struct fo_unit *u = fo_netlink_unit(info);

	if (!u)
		return -ENOMEM;
	if (!ask) {
		GENL_SET_ERR_MSG(info, "ask is missing");
		return -EINVAL;
	}
	if (info->attrs[NF_FAILOVER_A_MATE])
		return ask_mate(u, nla_get_u32(ask), info->extack);
	if (!READ_ONCE(u->daemon)) {
		GENL_SET_ERR_MSG(info, "failoverd is not running");
		return -EHOSTDOWN;
	}
	fo_netlink_notify.event(u, NF_FAILOVER_EVENT_ASK, NULL,
				nla_get_u32(ask));
	return 0;
}

int nf_failover_nl_bulk_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);

	return u ? fo_unit_resync(u, info->extack) : -ENOMEM;
}

/* --- events ----------------------------------------------------------- */

static int put_event(struct sk_buff *skb, struct fo_unit *u,
		     enum nf_failover_event event, const char *reason, int ask)
{
	const struct fo_config *c = rcu_dereference(u->store.config);

	if (nla_put_u32(skb, NF_FAILOVER_A_EVENT_TYPE, event) ||
	    put_this(skb, u, c) || put_other(skb, u, c) ||
	    (reason && nla_put_string(skb, NF_FAILOVER_A_REASON, reason)) ||
	    (ask >= 0 && nla_put_u32(skb, NF_FAILOVER_A_ASK, ask)))
		return -EMSGSIZE;
	return 0;
}

/* Context: any but hard interrupt. */
static void send_event(struct fo_unit *u, enum nf_failover_event event,
		       const char *reason, int ask)
{
	unsigned int group = event == NF_FAILOVER_EVENT_HISTORY ?
			     NF_FAILOVER_NLGRP_HISTORY :
			     NF_FAILOVER_NLGRP_MONITOR;
	struct sk_buff *skb;
	int err = -EMSGSIZE;
	void *hdr;

	if (!fo_netlink_heard(u, group))
		return;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!skb) {
		fo_count(&u->stats, FO_CNT_EVENTS_LOST);
		return;
	}
	hdr = genlmsg_put(skb, 0, 0, &family, 0, NF_FAILOVER_CMD_EVENT);
	rcu_read_lock();
	if (hdr)
		err = put_event(skb, u, event, reason, ask);
	rcu_read_unlock();
	if (err) {
		nlmsg_free(skb);
		fo_count(&u->stats, FO_CNT_EVENTS_LOST);
		return;
	}
	fo_netlink_tell(u, skb, hdr, group);
}

const struct fo_notify_ops fo_netlink_notify = {
	.event	= send_event,
	.msg	= fo_netlink_msg,
	.echoed	= fo_netlink_echo,
	.object	= fo_netlink_object,
};

/* --- family ----------------------------------------------------------- */

static const struct genl_multicast_group groups[] = {
	[NF_FAILOVER_NLGRP_MONITOR] = { .name = NF_FAILOVER_MCGRP_MONITOR },
	[NF_FAILOVER_NLGRP_HISTORY] = { .name = NF_FAILOVER_MCGRP_HISTORY },
	/* values may be secret */
	[NF_FAILOVER_NLGRP_OBJECTS] = { .name = NF_FAILOVER_MCGRP_OBJECTS,
					.flags = GENL_MCAST_CAP_NET_ADMIN },
};

static struct genl_family family __ro_after_init = {
	.name		= NF_FAILOVER_FAMILY_NAME,
	.version	= NF_FAILOVER_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= nf_failover_nl_ops,
	.n_ops		= ARRAY_SIZE(nf_failover_nl_ops),
	.maxattr	= NF_FAILOVER_A_MAX,
	.resv_start_op	= NF_FAILOVER_CMD_MAX + 1,
	.mcgrps		= groups,
	.n_mcgrps	= ARRAY_SIZE(groups),
};

/* A socket was closed; it may have been the daemon's. Context: process. */
static int port_event(struct notifier_block *nb, unsigned long event,
		      void *data)
{
	const struct netlink_notify *n = data;
	struct fo_unit *u;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	u = fo_unit_find(n->net);
	if (u)
		fo_unit_port_gone(u, n->portid);
	return NOTIFY_DONE;
}

static struct notifier_block port_nb = { .notifier_call = port_event };

int fo_netlink_init(void)
{
	int err = netlink_register_notifier(&port_nb);

	if (err)
		return err;
	err = genl_register_family(&family);
	if (err)
		netlink_unregister_notifier(&port_nb);
	return err;
}

void fo_netlink_exit(void)
{
	genl_unregister_family(&family);
	netlink_unregister_notifier(&port_nb);
}

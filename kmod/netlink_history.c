// SPDX-License-Identifier: GPL-2.0
/* The history in netlink attributes. */

#include "unit.h"

#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "netlink-gen.h"
#include "netlink.h"

/* Room for an entry with all interfaces of both units. */
#define ENTRY_MAX	4096

static int put_list(struct sk_buff *skb, u64 list)
{
	char text[20];

	snprintf(text, sizeof(text), "%016llx", list);
	return nla_put_string(skb, NF_FAILOVER_ENTRY_LIST, text);
}

static int put_base(struct sk_buff *skb, bool mate, u64 list,
		    const struct fo_entry *e)
{
	return nla_put_u8(skb, NF_FAILOVER_ENTRY_MATE, mate) ||
	       put_list(skb, list) ||
	       nla_put_u32(skb, NF_FAILOVER_ENTRY_SEQ, e->seq) ||
	       nla_put_u64_64bit(skb, NF_FAILOVER_ENTRY_TIME, e->time,
				 NF_FAILOVER_ENTRY_PAD) ||
	       nla_put_u32(skb, NF_FAILOVER_ENTRY_KIND, e->kind) ||
	       nla_put_u32(skb, NF_FAILOVER_ENTRY_FROM, e->from) ||
	       nla_put_u32(skb, NF_FAILOVER_ENTRY_TO, e->to) ||
	       nla_put_u32(skb, NF_FAILOVER_ENTRY_ROLE, e->role) ||
	       nla_put_u64_64bit(skb, NF_FAILOVER_ENTRY_EPOCH, e->epoch,
				 NF_FAILOVER_ENTRY_PAD) ||
	       nla_put_string(skb, NF_FAILOVER_ENTRY_REASON, e->reason);
}

static int put_ifcs(struct sk_buff *skb, int type, const struct fo_flight *f,
		    bool mates)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < f->ifcs; i++) {
		nest = nla_nest_start(skb, type);
		if (!nest ||
		    nla_put_string(skb, NF_FAILOVER_IFC_NAMEIF,
				   f->ifc[i].name) ||
		    nla_put_u32(skb, NF_FAILOVER_IFC_STATUS,
				mates ? f->ifc[i].mates : f->ifc[i].ours))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_tracks(struct sk_buff *skb, int type, const struct fo_flight *f,
		      bool mates)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < f->tracks; i++) {
		nest = nla_nest_start(skb, type);
		if (!nest ||
		    nla_put_string(skb, NF_FAILOVER_TRACK_NAME,
				   f->track[i].name) ||
		    nla_put_u32(skb, NF_FAILOVER_TRACK_STATUS,
				mates ? f->track[i].mates : f->track[i].ours))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_mate(struct sk_buff *skb, const struct fo_flight *f)
{
	struct nlattr *nest;

	if (!f->mate_known)
		return 0;
	nest = nla_nest_start(skb, NF_FAILOVER_FLIGHT_OTHER);
	if (!nest ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_ROLE, f->mate_role) ||
	    nla_put_u32(skb, NF_FAILOVER_HOST_STATE, f->mate_state) ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_HOST_EPOCH, f->mate_epoch,
			      NF_FAILOVER_HOST_PAD) ||
	    nla_put_u8(skb, NF_FAILOVER_HOST_DAEMON, f->mate_daemon) ||
	    put_ifcs(skb, NF_FAILOVER_HOST_INTERFACE, f, true) ||
	    put_tracks(skb, NF_FAILOVER_HOST_TRACK, f, true))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_links(struct sk_buff *skb, const struct fo_flight *f)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < f->links; i++) {
		nest = nla_nest_start(skb, NF_FAILOVER_FLIGHT_LINK);
		if (!nest ||
		    nla_put_u32(skb, NF_FAILOVER_LINK_KIND, f->link[i].kind) ||
		    nla_put_u32(skb, NF_FAILOVER_LINK_STATUS, f->link[i].status))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_ages(struct sk_buff *skb, const struct fo_flight *f)
{
	if (f->hello_age != U64_MAX &&
	    nla_put_u64_64bit(skb, NF_FAILOVER_FLIGHT_HELLO_AGE, f->hello_age,
			      NF_FAILOVER_FLIGHT_PAD))
		return -EMSGSIZE;
	if (f->frame_age != U64_MAX &&
	    nla_put_u64_64bit(skb, NF_FAILOVER_FLIGHT_FRAME_AGE, f->frame_age,
			      NF_FAILOVER_FLIGHT_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_counts(struct sk_buff *skb, const struct fo_flight *f)
{
	const struct { int type; u64 v; } row[] = {
		{ NF_FAILOVER_FLIGHT_UPTIME, f->uptime },
		{ NF_FAILOVER_FLIGHT_XMITQ, f->xmitq },
		{ NF_FAILOVER_FLIGHT_RECVQ, f->recvq },
		{ NF_FAILOVER_FLIGHT_RETRANSMITS, f->retransmits },
		{ NF_FAILOVER_FLIGHT_HOLD_EXPIRED, f->hold_expired },
		{ NF_FAILOVER_FLIGHT_HELLOS_MISSED, f->hellos_missed },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(row); i++)
		if (nla_put_u64_64bit(skb, row[i].type, row[i].v,
				      NF_FAILOVER_FLIGHT_PAD))
			return -EMSGSIZE;
	return 0;
}

static int put_flight(struct sk_buff *skb, const struct fo_flight *f)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_ENTRY_FLIGHT);

	if (!nest || put_ages(skb, f) || put_mate(skb, f) ||
	    nla_put_u8(skb, NF_FAILOVER_FLIGHT_ALIVE, f->mate_alive) ||
	    nla_put_u8(skb, NF_FAILOVER_FLIGHT_DAEMON, f->daemon) ||
	    put_links(skb, f) ||
	    put_ifcs(skb, NF_FAILOVER_FLIGHT_INTERFACE, f, false) ||
	    put_tracks(skb, NF_FAILOVER_FLIGHT_TRACK, f, false) ||
	    put_counts(skb, f))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_own(struct sk_buff *skb, u64 list,
		   const struct fo_event_own *own, bool brief)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_ENTRY);

	if (!nest || put_base(skb, false, list, &own->e) ||
	    (!brief && put_flight(skb, &own->flight)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_mates(struct sk_buff *skb, const struct fo_event_mate *m)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_ENTRY);

	if (!nest || put_base(skb, true, m->list, &m->e))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* --- requests --------------------------------------------------------- */

/**
 * struct cursor - where a dump is, in netlink_callback.args
 * @mate: 0: in the own list, 1: in that of the mate
 * @next: entries of it that were put into the ring before the next one
 */
struct cursor {
	unsigned long mate;
	unsigned long next;
};

/* Newer entries may have taken the place of what was to come. */
static int put_next(struct sk_buff *skb, struct fo_unit *u, struct cursor *c)
{
	struct fo_history *h = &u->history;
	u32 n = c->mate ? h->mates : h->owns;

	c->next = max_t(u32, c->next, fo_history_first(n));
	if (c->next >= n)
		return -ENOENT;
	return c->mate ? put_mates(skb, &h->mate[c->next % FO_HISTORY]) :
			 put_own(skb, h->list, &h->own[c->next % FO_HISTORY],
				 false);
}

static int put_msg(struct sk_buff *skb, struct netlink_callback *cb,
		   struct fo_unit *u, struct cursor *c)
{
	void *hdr = fo_netlink_put(skb, cb, NF_FAILOVER_CMD_HISTORY_GET);
	int err = -EMSGSIZE;

	if (!hdr)
		return err;
	spin_lock_bh(&u->store.lock);
	err = put_next(skb, u, c);
	spin_unlock_bh(&u->store.lock);
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

int nf_failover_nl_history_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	struct fo_unit *u = fo_unit_find(sock_net(skb->sk));
	struct cursor *c = (struct cursor *)cb->args;
	int err;

	if (!u)
		return 0;
	for (; c->mate < 2; c->mate++, c->next = 0) {
		while (!(err = put_msg(skb, cb, u, c)))
			c->next++;
		if (err != -ENOENT)
			return skb->len;
	}
	return 0;
}

/* The newest entry of this unit. */
int nf_failover_nl_history_get_doit(struct sk_buff *req, struct genl_info *info)
{
	bool brief = info->attrs[NF_FAILOVER_A_BRIEF];
	struct fo_unit *u = fo_unit_find(genl_info_net(info));
	struct sk_buff *skb;
	int err = -ENOENT;
	void *hdr;

	skb = genlmsg_new(ENTRY_MAX, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = fo_netlink_put_reply(skb, info, NF_FAILOVER_CMD_HISTORY_GET);
	if (u && hdr) {
		spin_lock_bh(&u->store.lock);
		if (u->history.owns)
			err = put_own(skb, u->history.list,
				      &u->history.own[(u->history.owns - 1) %
						      FO_HISTORY], brief);
		spin_unlock_bh(&u->store.lock);
	}
	if (err) {
		nlmsg_free(skb);
		GENL_SET_ERR_MSG(info, "there is no history");
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

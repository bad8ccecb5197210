// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: objects that the policy tracks beside the interfaces.
 *
 * What they are is the policy's business; kept here are their words, and what
 * was found out last, so that the next daemon and the other unit know.
 */

#include "unit.h"

#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

static int parse(struct nlattr **tb, const struct nlattr *attr,
		 struct netlink_ext_ack *extack)
{
	return nla_parse_nested(tb, NF_FAILOVER_TRACK_MAX, attr,
				nf_failover_track_nl_policy, extack);
}

static struct fo_config_track *find(struct fo_config *c,
				    const struct nlattr *name)
{
	unsigned int i;

	for (i = 0; i < c->tracks; i++)
		if (!nla_strcmp(name, c->track[i].name))
			return &c->track[i];
	return NULL;
}

static const char *find_fault(struct nlattr *const *tb, struct fo_config *c)
{
	if (!tb[NF_FAILOVER_TRACK_NAME] || !tb[NF_FAILOVER_TRACK_WHAT])
		return "a tracked object needs a name, and words for what it is";
	if (find(c, tb[NF_FAILOVER_TRACK_NAME]))
		return "two tracked objects have the same name";
	return NULL;
}

/* A tracked object of a configuration. */
int fo_netlink_get_track(const struct nlattr *attr, struct fo_config *c,
			 struct netlink_ext_ack *extack)
{
	struct fo_config_track *t = &c->track[c->tracks];
	struct nlattr *tb[NF_FAILOVER_TRACK_MAX + 1];
	const char *fault;
	int err;

	BUILD_BUG_ON(FO_TRACKS > FO_HELLO_TRACKS);
	if (c->tracks == FO_TRACKS) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many tracked objects");
		return -E2BIG;
	}
	err = parse(tb, attr, extack);
	if (err)
		return err;
	fault = find_fault(tb, c);
	if (fault) {
		/* NL_SET_ERR_MSG() wants a literal; these are */
		if (extack)
			extack->_msg = fault;
		NL_SET_BAD_ATTR(extack, attr);
		return -EINVAL;
	}
	nla_strscpy(t->name, tb[NF_FAILOVER_TRACK_NAME], sizeof(t->name));
	nla_strscpy(t->what, tb[NF_FAILOVER_TRACK_WHAT], sizeof(t->what));
	t->weight = tb[NF_FAILOVER_TRACK_WEIGHT] ?
		    nla_get_u32(tb[NF_FAILOVER_TRACK_WEIGHT]) : 1;
	t->status = NF_FAILOVER_IFSTATUS_UNKNOWN;
	c->tracks++;
	return 0;
}

/* Context: the mutex of the unit, as the next. */
int fo_netlink_put_track(struct sk_buff *skb, const struct fo_config_track *t)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_CONFIG_TRACK);

	if (!nest ||
	    nla_put_string(skb, NF_FAILOVER_TRACK_NAME, t->name) ||
	    nla_put_string(skb, NF_FAILOVER_TRACK_WHAT, t->what) ||
	    nla_put_u32(skb, NF_FAILOVER_TRACK_WEIGHT, t->weight) ||
	    nla_put_u32(skb, NF_FAILOVER_TRACK_STATUS, READ_ONCE(t->status)) ||
	    (t->cause[0] &&
	     nla_put_string(skb, NF_FAILOVER_TRACK_CAUSE, t->cause)) ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_TRACK_SINCE, t->since,
			      NF_FAILOVER_TRACK_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What the other unit said of its own. */
int fo_netlink_put_mates_tracks(struct sk_buff *skb, const struct fo_hello *h)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < h->tracks; i++) {
		nest = nla_nest_start(skb, NF_FAILOVER_HOST_TRACK);
		if (!nest ||
		    nla_put_string(skb, NF_FAILOVER_TRACK_NAME,
				   h->track[i].name) ||
		    nla_put_u32(skb, NF_FAILOVER_TRACK_STATUS,
				h->track[i].status))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* The policy reports one. What is absent stays. */
int fo_netlink_set_track(const struct nlattr *attr, struct fo_unit *u,
			 struct fo_config *c, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_TRACK_MAX + 1];
	struct fo_config_track *t;
	u32 status;
	int err;

	err = parse(tb, attr, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_TRACK_NAME] || !tb[NF_FAILOVER_TRACK_STATUS]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the name of an object and its status are needed");
		return -EINVAL;
	}
	t = find(c, tb[NF_FAILOVER_TRACK_NAME]);
	if (!t) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no such object is tracked");
		return -ENOENT;
	}
	status = nla_get_u32(tb[NF_FAILOVER_TRACK_STATUS]);
	if (status != t->status)
		t->since = ktime_get_real_ns();
	WRITE_ONCE(t->status, status);
	if (tb[NF_FAILOVER_TRACK_CAUSE])
		nla_strscpy(t->cause, tb[NF_FAILOVER_TRACK_CAUSE],
			    sizeof(t->cause));
	if (tb[NF_FAILOVER_TRACK_NOTE])
		fo_unit_note(u, NF_FAILOVER_HISTORY_KIND_TRACK,
			     nla_data(tb[NF_FAILOVER_TRACK_NOTE]));
	return 0;
}

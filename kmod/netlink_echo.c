// SPDX-License-Identifier: GPL-2.0
/* Echoes in netlink attributes. */

#include "unit.h"

#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

/* Room for one that came back. */
#define ECHO_SIZE	128

static int get_echo(const struct nlattr *attr, struct fo_echoed *e,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_ECHO_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_FAILOVER_ECHO_MAX, attr,
			       nf_failover_echo_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_ECHO_LINK] || !tb[NF_FAILOVER_ECHO_LENGTH] ||
	    !tb[NF_FAILOVER_ECHO_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "link, length and id are needed");
		return -EINVAL;
	}
	e->link = nla_get_u32(tb[NF_FAILOVER_ECHO_LINK]);
	e->len = nla_get_u32(tb[NF_FAILOVER_ECHO_LENGTH]);
	e->id = nla_get_u64(tb[NF_FAILOVER_ECHO_ID]);
	return 0;
}

/* Links come and go under the mutex. */
static int send(struct fo_unit *u, u32 port, const struct fo_echoed *e,
		struct netlink_ext_ack *extack)
{
	int err = -ENETDOWN;

	mutex_lock(&u->mutex);
	if (u->started)
		err = fo_echo_send(&u->echoes, port, e, extack);
	else
		NL_SET_ERR_MSG(extack, "failover is off");
	mutex_unlock(&u->mutex);
	return err;
}

int nf_failover_nl_echo_send_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_echoed e = {};
	int err;

	if (!u)
		return -ENOMEM;
	if (GENL_REQ_ATTR_CHECK(info, NF_FAILOVER_A_ECHO)) {
		GENL_SET_ERR_MSG(info, "the echo is missing");
		return -EINVAL;
	}
	err = get_echo(info->attrs[NF_FAILOVER_A_ECHO], &e, info->extack);
	return err ?: send(u, info->snd_portid, &e, info->extack);
}

static int put_echo(struct sk_buff *skb, const struct fo_echoed *e)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_ECHO);

	if (!nest ||
	    nla_put_u32(skb, NF_FAILOVER_ECHO_LINK, e->link) ||
	    nla_put_u32(skb, NF_FAILOVER_ECHO_LENGTH, e->len) ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_ECHO_ID, e->id,
			      NF_FAILOVER_ECHO_PAD) ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_ECHO_ROUND_TRIP, e->ns,
			      NF_FAILOVER_ECHO_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What the socket has no room for is as lost as any. Context: softirq. */
void fo_netlink_echo(struct fo_unit *u, u32 port, const struct fo_echoed *e)
{
	struct sk_buff *skb = genlmsg_new(ECHO_SIZE, GFP_ATOMIC);
	void *hdr;

	if (!skb)
		return;
	hdr = fo_netlink_put_note(skb, NF_FAILOVER_CMD_ECHO);
	if (!hdr || put_echo(skb, e)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	genlmsg_unicast(u->net, skb, port);
}

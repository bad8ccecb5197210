// SPDX-License-Identifier: GPL-2.0
/* Messages of user space in netlink attributes. */

#include "unit.h"

#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

/* Room for a message but its data. */
#define MSG_HEAD	128

static int get_msg(const struct nlattr *attr, struct fo_msg *m,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_FAILOVER_MSG_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_FAILOVER_MSG_MAX, attr,
			       nf_failover_msg_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_FAILOVER_MSG_ID] || !tb[NF_FAILOVER_MSG_KIND] ||
	    !tb[NF_FAILOVER_MSG_DATA]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "id, kind and data are needed");
		return -EINVAL;
	}
	m->id = nla_get_u64(tb[NF_FAILOVER_MSG_ID]);
	m->kind = nla_get_u32(tb[NF_FAILOVER_MSG_KIND]);
	m->data = nla_data(tb[NF_FAILOVER_MSG_DATA]);
	m->len = nla_len(tb[NF_FAILOVER_MSG_DATA]);
	if (m->len > FO_MSG_DATA) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too long");
		return -EMSGSIZE;
	}
	if (m->id && m->kind != NF_FAILOVER_MSG_KIND_DONE)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a request or a reply, and an id that is not 0");
	return -EINVAL;
}

int nf_failover_nl_msg_send_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_msg m = {};
	int err;

	BUILD_BUG_ON(FO_MSG_DATA != NF_FAILOVER_MSG_LEN);
	if (!u)
		return -ENOMEM;
	if (GENL_REQ_ATTR_CHECK(info, NF_FAILOVER_A_MSG)) {
		GENL_SET_ERR_MSG(info, "the message is missing");
		return -EINVAL;
	}
	err = get_msg(info->attrs[NF_FAILOVER_A_MSG], &m, info->extack);
	if (err)
		return err;
	return fo_msg_send(&u->msgs, info->snd_portid, &m, info->extack);
}

int nf_failover_nl_msg_listen_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);

	return u ? fo_msg_listen(&u->msgs, info->snd_portid, info->extack) :
		   -ENOMEM;
}

static int put_msg(struct sk_buff *skb, const struct fo_msg *m, u8 result)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_MSG);

	if (!nest ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_MSG_ID, m->id,
			      NF_FAILOVER_MSG_PAD) ||
	    nla_put_u32(skb, NF_FAILOVER_MSG_KIND, m->kind) ||
	    nla_put_u32(skb, NF_FAILOVER_MSG_RESULT, result) ||
	    nla_put(skb, NF_FAILOVER_MSG_DATA, m->len, m->data))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Context: any but hard interrupt. */
int fo_netlink_msg(struct fo_unit *u, u32 port, const struct fo_msg *m,
		   u8 result)
{
	struct sk_buff *skb = genlmsg_new(MSG_HEAD + m->len, GFP_ATOMIC);
	void *hdr;
	int err;

	if (!skb)
		return -ENOMEM;
	hdr = fo_netlink_put_note(skb, NF_FAILOVER_CMD_MSG);
	err = hdr ? put_msg(skb, m, result) : -EMSGSIZE;
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_unicast(u->net, skb, port);
}

// SPDX-License-Identifier: GPL-2.0
/* Keys of the hellos on interfaces, which the daemon says: for nobody else. */

#include "unit.h"

#include <net/netlink.h>

#include "netlink-gen.h"
#include "netlink.h"

static int put_hello_key(struct sk_buff *skb, const u8 *psk)
{
	u8 key[FO_KEY_LEN];
	int err;

	fo_hello_key(key, psk);
	err = nla_put(skb, NF_FAILOVER_KEY_HELLO_KEY, sizeof(key), key);
	memzero_explicit(key, sizeof(key));
	return err;
}

static int put_key(struct sk_buff *skb, const struct fo_config *c,
		   unsigned int i)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_KEY);

	if (!nest ||
	    nla_put_u64_64bit(skb, NF_FAILOVER_KEY_FINGERPRINT,
			      c->key[i].fingerprint, NF_FAILOVER_KEY_PAD) ||
	    put_hello_key(skb, c->psks.key[i]))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_keys(struct sk_buff *skb, struct fo_unit *u)
{
	const struct fo_config *c;
	unsigned int i;
	int err = 0;

	mutex_lock(&u->mutex);
	c = rcu_dereference_protected(u->store.config,
				      lockdep_is_held(&u->mutex));
	for (i = 0; i < c->psks.n && !err; i++)
		err = put_key(skb, c, i);
	mutex_unlock(&u->mutex);
	return err;
}

/* Of a size that netlink does not make smaller, which would be a copy. */
static struct sk_buff *reply_of(struct fo_unit *u, struct genl_info *info)
{
	const size_t key = nla_total_size(0) + nla_total_size_64bit(8) +
			   nla_total_size(FO_KEY_LEN);
	struct sk_buff *skb = genlmsg_new(FO_PSKS * key, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return NULL;
	hdr = fo_netlink_put_reply(skb, info, NF_FAILOVER_CMD_HELLO_KEYS);
	if (!hdr || put_keys(skb, u)) {
		fo_secret_free(skb);
		return NULL;
	}
	genlmsg_end(skb, hdr);
	return skb;
}

int nf_failover_nl_hello_keys_doit(struct sk_buff *req, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct sk_buff *skb;

	if (!u)
		return -ENOMEM;
	if (!fo_netlink_is_daemon(u, info))
		return -EPERM;
	fo_secrets_wipe(&u->secrets);
	skb = reply_of(u, info);
	if (!skb)
		return -ENOMEM;
	if (!fo_secrets_keep(&u->secrets, skb)) {
		fo_secret_free(skb);
		return -ENOMEM;
	}
	return genlmsg_reply(skb, info);
}

// SPDX-License-Identifier: GPL-2.0
/* User objects in netlink attributes. */

#include "unit.h"

#include <net/netlink.h>
#include <net/sock.h>

#include "netlink-gen.h"
#include "netlink.h"

/* For whom an object is put into a message; @reveal: values that are secret, too */
struct reader {
	struct sk_buff *skb;
	bool reveal;
};

/* Room for an object but its key and its value. */
#define OBJECT_HEAD	192
#define OBJECT_MSG	(OBJECT_HEAD + FO_OBJECT_KEY + FO_OBJECT_VALUE)

/* --- in a configuration -------------------------------------------------- */

int fo_netlink_get_set(const struct nlattr *attr, struct fo_config *c,
		       struct netlink_ext_ack *extack)
{
	if (c->sets == NF_FAILOVER_NFT_SETS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many sets");
		return -E2BIG;
	}
	nla_strscpy(c->set[c->sets++], attr, FO_SET_TEXT);
	return 0;
}

int fo_netlink_put_sets(struct sk_buff *skb, const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < c->sets; i++)
		if (nla_put_string(skb, NF_FAILOVER_CONFIG_NFT_SET, c->set[i]))
			return -EMSGSIZE;
	return 0;
}

int fo_netlink_get_route(const struct nlattr *attr, struct fo_config *c,
			 struct netlink_ext_ack *extack)
{
	if (c->routes == NF_FAILOVER_ROUTES_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "too many lines of routes");
		return -E2BIG;
	}
	nla_strscpy(c->route[c->routes++], attr, FO_ROUTE_TEXT);
	return 0;
}

int fo_netlink_put_routes(struct sk_buff *skb, const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < c->routes; i++)
		if (nla_put_string(skb, NF_FAILOVER_CONFIG_ROUTE, c->route[i]))
			return -EMSGSIZE;
	return nla_put_u32(skb, NF_FAILOVER_CONFIG_ROUTE_TIMEOUT,
			   c->route_timeout);
}

/* --- from attributes ---------------------------------------------------- */

static int get_space(const struct nlattr *attr, struct fo_object_key *key,
		     struct netlink_ext_ack *extack)
{
	nla_strscpy(key->space, attr, sizeof(key->space));
	if (fo_object_space_ok(key->space))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a space is 1 to 15 letters, digits, dots, hyphens and underscores");
	return -EINVAL;
}

static int get_key(struct nlattr **tb, const struct nlattr *nest,
		   struct fo_object_key *key, struct netlink_ext_ack *extack)
{
	const struct nlattr *k = tb[NF_FAILOVER_OBJECT_KEY];

	if (!tb[NF_FAILOVER_OBJECT_SPACE] || !k) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "space and key are needed");
		return -EINVAL;
	}
	if (!nla_len(k) || nla_len(k) > FO_OBJECT_KEY) {
		NL_SET_ERR_MSG_ATTR(extack, k, "a key is 1 to 128 bytes");
		return -EINVAL;
	}
	key->len = nla_len(k);
	memcpy(key->key, nla_data(k), key->len);
	return get_space(tb[NF_FAILOVER_OBJECT_SPACE], key, extack);
}

static int get_value(const struct nlattr *attr, struct fo_object_rec *rec,
		     struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_len(attr) > FO_OBJECT_VALUE) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a value is 1024 bytes at most");
		return -EMSGSIZE;
	}
	rec->value = nla_data(attr);
	rec->len = nla_len(attr);
	return 0;
}

/* The value is that of the request. */
static int get_object(struct genl_info *info, struct fo_object_rec *rec)
{
	const struct nlattr *nest = info->attrs[NF_FAILOVER_A_OBJECT];
	struct nlattr *tb[NF_FAILOVER_OBJECT_MAX + 1];
	int err;

	BUILD_BUG_ON(FO_OBJECT_SPACE - 1 != NF_FAILOVER_OBJECT_SPACE_LEN);
	BUILD_BUG_ON(FO_OBJECT_KEY != NF_FAILOVER_OBJECT_KEY_LEN);
	BUILD_BUG_ON(FO_OBJECT_VALUE != NF_FAILOVER_OBJECT_VALUE_LEN);
	if (GENL_REQ_ATTR_CHECK(info, NF_FAILOVER_A_OBJECT)) {
		GENL_SET_ERR_MSG(info, "the object is missing");
		return -EINVAL;
	}
	err = nla_parse_nested(tb, NF_FAILOVER_OBJECT_MAX, nest,
			       nf_failover_object_nl_policy, info->extack);
	if (err)
		return err;
	rec->op = tb[NF_FAILOVER_OBJECT_SECRET] &&
		  nla_get_u8(tb[NF_FAILOVER_OBJECT_SECRET]) ?
		  FO_OBJECT_SECRET : FO_OBJECT_PUT;
	if (tb[NF_FAILOVER_OBJECT_LIFETIME])
		rec->left = nla_get_u64(tb[NF_FAILOVER_OBJECT_LIFETIME]);
	if (rec->left > FO_OBJECT_LIFE_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    tb[NF_FAILOVER_OBJECT_LIFETIME],
				    "a lifetime is 4294967295 seconds at most");
		return -ERANGE;
	}
	err = get_value(tb[NF_FAILOVER_OBJECT_VALUE], rec, info->extack);
	return err ?: get_key(tb, nest, &rec->key, info->extack);
}

int nf_failover_nl_object_put_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_object_rec rec = {};
	int err;

	if (!u)
		return -ENOMEM;
	err = get_object(info, &rec);
	err = err ?: fo_object_put(&u->objects, &rec, info->extack);
	/* nobody else wipes the message; when it is refused it is sent back */
	if (rec.op == FO_OBJECT_SECRET && rec.value)
		memzero_explicit((void *)rec.value, rec.len);
	return err;
}

int nf_failover_nl_object_delete_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_object_rec rec = {};
	int err;

	if (!u)
		return -ENOMEM;
	err = get_object(info, &rec);
	return err ?: fo_object_delete(&u->objects, &rec.key, info->extack);
}

/* --- to attributes ------------------------------------------------------ */

static int put_value(struct sk_buff *skb, const struct fo_object_view *v,
		     bool reveal)
{
	if (v->secret && nla_put_u8(skb, NF_FAILOVER_OBJECT_SECRET, 1))
		return -EMSGSIZE;
	if (v->secret && !reveal)
		return 0;
	return nla_put(skb, NF_FAILOVER_OBJECT_VALUE, v->len, v->value);
}

static int put_base(struct sk_buff *skb, const struct fo_object_view *v,
		    bool reveal)
{
	if (nla_put_string(skb, NF_FAILOVER_OBJECT_SPACE, v->key->space) ||
	    nla_put(skb, NF_FAILOVER_OBJECT_KEY, v->key->len, v->key->key) ||
	    put_value(skb, v, reveal) ||
	    nla_put_u8(skb, NF_FAILOVER_OBJECT_MATE, v->mate) ||
	    (v->lives &&
	     nla_put_u64_64bit(skb, NF_FAILOVER_OBJECT_LIFETIME, v->left,
			       NF_FAILOVER_OBJECT_PAD)))
		return -EMSGSIZE;
	return 0;
}

/* Context: BH, fo_objects.lock. */
static int put_object(void *ctx, const struct fo_object_view *v)
{
	struct reader *r = ctx;
	struct nlattr *nest = nla_nest_start(r->skb, NF_FAILOVER_A_OBJECT);

	if (!nest || put_base(r->skb, v, r->reveal))
		return -EMSGSIZE;
	nla_nest_end(r->skb, nest);
	return 0;
}

/*
 * A message with a secret is wiped when it was read. It is copied into one of its
 * own size first: netlink makes a larger one smaller, which would be one more.
 */
static int reply_secret(struct fo_unit *u, struct sk_buff *skb,
			struct genl_info *info)
{
	struct sk_buff *fit = nlmsg_new(skb->len, GFP_KERNEL);

	fo_secrets_wipe(&u->secrets);
	if (fit)
		skb_put_data(fit, skb->data, skb->len);
	fo_secret_free(skb);
	if (!fit)
		return -ENOMEM;
	if (!fo_secrets_keep(&u->secrets, fit)) {
		fo_secret_free(fit);
		return -ENOMEM;
	}
	return genlmsg_reply(fit, info);
}

int nf_failover_nl_object_get_doit(struct sk_buff *req, struct genl_info *info)
{
	struct fo_unit *u = fo_netlink_unit(info);
	struct fo_object_rec rec = {};
	int err = u ? get_object(info, &rec) : -ENOMEM;
	struct reader to = { .reveal = rec.op == FO_OBJECT_SECRET };
	void *hdr;

	if (!err && to.reveal && !fo_netlink_in_daemon(u, info))
		err = -EPERM;
	if (err)
		return err;
	to.skb = genlmsg_new(OBJECT_MSG, GFP_KERNEL);
	if (!to.skb)
		return -ENOMEM;
	hdr = fo_netlink_put_reply(to.skb, info, NF_FAILOVER_CMD_OBJECT_GET);
	err = hdr ? fo_object_get(&u->objects, &rec.key, put_object, &to) :
		    -EMSGSIZE;
	if (err) {
		if (err == -ENOENT)
			GENL_SET_ERR_MSG(info, "there is no such object");
		nlmsg_free(to.skb);
		return err;
	}
	genlmsg_end(to.skb, hdr);
	return to.reveal ? reply_secret(u, to.skb, info) :
			   genlmsg_reply(to.skb, info);
}

/**
 * struct cursor - where a dump is, in netlink_callback.ctx
 * @at: the next object
 * @begun: @space was read
 * @space: only of this one; empty: of all
 */
struct cursor {
	unsigned long at;
	bool begun;
	char space[FO_OBJECT_SPACE];
};

/* Which space, if any. */
static int begin_dump(struct netlink_callback *cb, struct cursor *c)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs, *nest, *space;
	struct nlattr *tb[NF_FAILOVER_OBJECT_MAX + 1];
	struct fo_object_key key = {};
	int err;

	c->begun = true;
	nest = attrs ? attrs[NF_FAILOVER_A_OBJECT] : NULL;
	if (!nest)
		return 0;
	err = nla_parse_nested(tb, NF_FAILOVER_OBJECT_MAX, nest,
			       nf_failover_object_nl_policy, cb->extack);
	space = err ? NULL : tb[NF_FAILOVER_OBJECT_SPACE];
	if (!space)
		return err;
	err = get_space(space, &key, cb->extack);
	memcpy(c->space, key.space, sizeof(c->space));
	return err;
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct fo_unit *u, struct cursor *c)
{
	void *hdr = fo_netlink_put(skb, cb, NF_FAILOVER_CMD_OBJECT_GET);
	struct reader to = { .skb = skb };
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = fo_object_next(&u->objects, &c->at, *c->space ? c->space : NULL,
			     put_object, &to);
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

int nf_failover_nl_object_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	struct fo_unit *u = fo_unit_find(sock_net(skb->sk));
	struct cursor *c = (struct cursor *)cb->ctx;
	int err;

	BUILD_BUG_ON(sizeof(*c) > sizeof(cb->ctx));
	if (!u)
		return 0;
	err = c->begun ? 0 : begin_dump(cb, c);
	if (err)
		return err;
	do {
		err = dump_one(skb, cb, u, c);
		cond_resched();
	} while (!err || err == -EAGAIN);
	/* the rest comes in the next message */
	return err == -ENOENT || err == -EMSGSIZE ? skb->len : err;
}

/* --- events ------------------------------------------------------------- */

static int put_event(struct sk_buff *skb, enum nf_failover_object_event event,
		     const struct fo_object_view *v)
{
	struct nlattr *nest = nla_nest_start(skb, NF_FAILOVER_A_OBJECT);

	if (!nest || nla_put_u32(skb, NF_FAILOVER_OBJECT_EVENT, event) ||
	    put_base(skb, v, false))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Context: BH, fo_objects.lock. */
void fo_netlink_object(struct fo_unit *u, enum nf_failover_object_event event,
		       const struct fo_object_view *v)
{
	struct sk_buff *skb;
	void *hdr;

	if (!fo_netlink_heard(u, NF_FAILOVER_NLGRP_OBJECTS))
		return;
	skb = genlmsg_new(OBJECT_HEAD + v->key->len + v->len, GFP_ATOMIC);
	hdr = skb ? fo_netlink_put_note(skb, NF_FAILOVER_CMD_OBJECT) : NULL;
	if (!hdr || put_event(skb, event, v)) {
		nlmsg_free(skb);
		fo_count(&u->stats, FO_CNT_EVENTS_LOST);
		return;
	}
	fo_netlink_tell(u, skb, hdr, NF_FAILOVER_NLGRP_OBJECTS);
}

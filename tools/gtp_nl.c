// SPDX-License-Identifier: GPL-2.0
/* PDP contexts of GTP, as the kernel has them: the netlink family "gtp". */
#include "gtp_nl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/gtp.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#define TIMEOUT_S	2

/* --- the family ------------------------------------------------------------- */

static struct nlmsghdr *begin(struct gtp_nl *n, uint16_t type, uint8_t cmd,
			      uint16_t flags)
{
	struct genlmsghdr head = { .cmd = cmd };
	struct nlmsghdr *nlh;

	memset(n->buf, 0, sizeof(n->buf));
	nlh = mnl_nlmsg_put_header(n->buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++n->ask.seq;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(head)), &head,
	       sizeof(head));
	return nlh;
}

static void take_group(struct gtp_nl *n, const struct nlattr *group)
{
	const struct nlattr *a;
	uint32_t id = 0;
	bool is = false;

	mnl_attr_for_each_nested(a, group) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_ID &&
		    !mnl_attr_validate(a, MNL_TYPE_U32))
			id = mnl_attr_get_u32(a);
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GRP_NAME &&
		    !mnl_attr_validate(a, MNL_TYPE_NUL_STRING))
			is = !strcmp(mnl_attr_get_str(a), GTP_GENL_MCGRP_NAME);
	}
	if (is)
		n->group = id;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *a, *group;
	struct gtp_nl *n = data;

	mnl_attr_for_each(a, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(a) == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(a, MNL_TYPE_U16))
			n->id = mnl_attr_get_u16(a);
		if (mnl_attr_get_type(a) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(group, a)
				take_group(n, group);
	}
	return MNL_CB_OK;
}

/* To ask loads the module, if there is one. */
int gtp_open(struct gtp_nl *n)
{
	struct nlmsghdr *nlh;
	int err = nlask_open(&n->ask, NETLINK_GENERIC, TIMEOUT_S);

	if (err)
		return err;
	n->id = 0;
	n->group = 0;
	nlh = begin(n, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, "gtp");
	err = nlask(&n->ask, nlh, take_family, n);
	if (!err && !n->id)
		err = -ENOENT;
	if (err)
		gtp_close(n);
	return err;
}

void gtp_close(struct gtp_nl *n)
{
	nlask_close(&n->ask);
}

/* --- contexts --------------------------------------------------------------- */

struct listing {
	struct gtp_list	*list;
	struct gtp_left	*left;
};

/* What number a message of a list has as its command differs between kernels. */
static int see(const struct nlmsghdr *nlh, void *data)
{
	struct listing *l = data;
	struct gtp_ctx g;
	uint32_t ifindex;
	enum gtp_why why = gtp_get_msg(nlh, &g, &ifindex);

	if (!why && !if_indextoname(ifindex, g.dev))
		why = GTP_NO_DEV;
	if (!why && !gtp_is_sound(&g))
		why = GTP_ODD;
	l->left->n[why]++;
	if (why || gtp_list_add(l->list, &g))
		return MNL_CB_OK;
	errno = ENOMEM;
	return MNL_CB_ERROR;
}

int gtp_list(struct gtp_nl *n, struct gtp_list *list, struct gtp_left *left)
{
	struct listing l = { list, left };
	int err;

	*left = (struct gtp_left) { { 0 } };
	err = nlask(&n->ask, begin(n, n->id, GTP_CMD_GETPDP, NLM_F_DUMP), see, &l);
	gtp_list_sort(list);
	return err;
}

/* Of its tunnel, or of its subscriber. */
static int delete(struct gtp_nl *n, const struct gtp_ctx *g, bool ms)
{
	struct nlmsghdr *nlh = begin(n, n->id, GTP_CMD_DELPDP, NLM_F_ACK);
	uint32_t ifindex = if_nametoindex(g->dev);

	if (!ifindex)
		return -ENODEV;
	if (ms)
		gtp_put_ms(nlh, g, ifindex);
	else
		gtp_put_id(nlh, g, ifindex);
	return nlask(&n->ask, nlh, NULL, NULL);
}

static int add(struct gtp_nl *n, const struct gtp_ctx *g)
{
	struct nlmsghdr *nlh = begin(n, n->id, GTP_CMD_NEWPDP,
				     NLM_F_ACK | NLM_F_EXCL);
	uint32_t ifindex = if_nametoindex(g->dev);

	if (!ifindex)
		return -ENODEV;
	gtp_put_id(nlh, g, ifindex);
	gtp_put_rest(nlh, g);
	return nlask(&n->ask, nlh, NULL, NULL);
}

/* The kernel leaves a context that it changes where it was in its tables. */
int gtp_put(struct gtp_nl *n, const struct gtp_ctx *g, bool instead)
{
	int err = add(n, g);

	if (err != -EEXIST || !instead)
		return err;
	delete(n, g, false);
	delete(n, g, true);
	return add(n, g);
}

int gtp_del(struct gtp_nl *n, const struct gtp_ctx *g)
{
	return delete(n, g, false);
}

/* --- events ------------------------------------------------------------------ */

static struct mnl_socket *listen_to(int protocol, int group)
{
	struct mnl_socket *sk = mnl_socket_open2(protocol,
						 SOCK_CLOEXEC | SOCK_NONBLOCK);
	int err;

	if (!sk)
		return NULL;
	if (!mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) &&
	    !mnl_socket_setsockopt(sk, NETLINK_ADD_MEMBERSHIP, &group,
				   sizeof(group)))
		return sk;
	err = errno;
	mnl_socket_close(sk);
	errno = err;
	return NULL;
}

struct mnl_socket *gtp_listen(const struct gtp_nl *n)
{
	return listen_to(NETLINK_GENERIC, n->group);
}

struct mnl_socket *gtp_listen_devices(void)
{
	return listen_to(NETLINK_ROUTE, RTNLGRP_LINK);
}

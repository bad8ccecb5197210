// SPDX-License-Identifier: GPL-2.0
/*
 * SAs and policies of IPsec, as the kernel has them: its netlink.
 *
 * Whatever is received or sent may have keys: the buffer is wiped each time.
 */
#include "xfrm.h"

#include <errno.h>
#include <linux/xfrm.h>
#include <string.h>
#include <sys/socket.h>

#define TIMEOUT_S	2

int xfrm_open(struct xfrm *x)
{
	return nlask_open(&x->ask, NETLINK_XFRM, TIMEOUT_S);
}

void xfrm_close(struct xfrm *x)
{
	nlask_close(&x->ask);
}

/* --- requests -------------------------------------------------------------- */

static struct nlmsghdr *begin(struct xfrm *x, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(x->buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++x->ask.seq;
	return nlh;
}

static int ask(struct xfrm *x, const struct nlmsghdr *nlh, mnl_cb_t cb,
	       void *data)
{
	size_t len = nlh->nlmsg_len;
	int err = nlask(&x->ask, nlh, cb, data);

	explicit_bzero(x->buf, len);
	return err;
}

/* --- lists ----------------------------------------------------------------- */

struct listing {
	xfrm_sa_fn sa;
	xfrm_policy_fn policy;
	void *ctx;
};

static int ended(int err)
{
	errno = -err;
	return err ? MNL_CB_ERROR : MNL_CB_OK;
}

static int see_sa(const struct nlmsghdr *nlh, void *data)
{
	struct listing *l = data;
	struct ipsec_sa sa;
	enum xfrm_why why;
	int err;

	if (nlh->nlmsg_type != XFRM_MSG_NEWSA)
		return MNL_CB_OK;
	why = xfrm_get_sa(nlh, &sa);
	err = l->sa(l->ctx, why, &sa);
	explicit_bzero(&sa, sizeof(sa));
	return ended(err);
}

static int see_policy(const struct nlmsghdr *nlh, void *data)
{
	struct listing *l = data;
	struct ipsec_policy p;
	enum xfrm_why why;

	if (nlh->nlmsg_type != XFRM_MSG_NEWPOLICY)
		return MNL_CB_OK;
	why = xfrm_get_policy(nlh, &p);
	return ended(l->policy(l->ctx, why, &p));
}

int xfrm_list_sas(struct xfrm *x, xfrm_sa_fn fn, void *ctx)
{
	struct listing l = { .sa = fn, .ctx = ctx };

	return ask(x, begin(x, XFRM_MSG_GETSA, NLM_F_DUMP), see_sa, &l);
}

int xfrm_list_policies(struct xfrm *x, xfrm_policy_fn fn, void *ctx)
{
	struct listing l = { .policy = fn, .ctx = ctx };

	return ask(x, begin(x, XFRM_MSG_GETPOLICY, NLM_F_DUMP), see_policy, &l);
}

/* --- changes ---------------------------------------------------------------- */

/* An SA and whether the kernel has the same one. */
struct same {
	const struct ipsec_sa *sa;
	bool is;
};

static int compare(void *ctx, enum xfrm_why why, const struct ipsec_sa *have)
{
	unsigned char a[1024], b[1024];
	struct same *s = ctx;
	size_t n = ipsec_put_sa(a, sizeof(a), have);

	s->is = why == XFRM_OK && n && n == ipsec_put_sa(b, sizeof(b), s->sa) &&
		!memcmp(a, b, n);
	explicit_bzero(a, sizeof(a));
	explicit_bzero(b, sizeof(b));
	return 0;
}

static bool is_there(struct xfrm *x, const struct ipsec_sa *sa)
{
	struct nlmsghdr *nlh = begin(x, XFRM_MSG_GETSA, NLM_F_ACK);
	struct same s = { .sa = sa };
	struct listing l = { .sa = compare, .ctx = &s };

	xfrm_put_sa_id(nlh, sa);
	return !ask(x, nlh, see_sa, &l) && s.is;
}

static int add_sa(struct xfrm *x, const struct ipsec_sa *sa, bool out)
{
	struct nlmsghdr *nlh = begin(x, XFRM_MSG_NEWSA, NLM_F_ACK);

	if (!xfrm_has_dev(&sa->sel))
		return -ENODEV;
	xfrm_put_sa(nlh, sa, out);
	return ask(x, nlh, NULL, NULL);
}

int xfrm_set_sa(struct xfrm *x, const struct ipsec_sa *sa, bool out)
{
	int err = add_sa(x, sa, out);

	if (err != -EEXIST || is_there(x, sa))
		return err == -EEXIST ? 0 : err;
	xfrm_del_sa(x, sa);
	return add_sa(x, sa, out);
}

int xfrm_del_sa(struct xfrm *x, const struct ipsec_sa *sa)
{
	struct nlmsghdr *nlh = begin(x, XFRM_MSG_DELSA, NLM_F_ACK);

	xfrm_put_sa_id(nlh, sa);
	return ask(x, nlh, NULL, NULL);
}

int xfrm_set_policy(struct xfrm *x, const struct ipsec_policy *p)
{
	struct nlmsghdr *nlh = begin(x, XFRM_MSG_UPDPOLICY, NLM_F_ACK);

	return xfrm_put_policy(nlh, p) ? ask(x, nlh, NULL, NULL) : -ENODEV;
}

int xfrm_del_policy(struct xfrm *x, const struct ipsec_policy *p)
{
	struct nlmsghdr *nlh = begin(x, XFRM_MSG_DELPOLICY, NLM_F_ACK);

	return xfrm_put_policy_id(nlh, p) ? ask(x, nlh, NULL, NULL) : -ENODEV;
}

/* --- events ------------------------------------------------------------------ */

struct mnl_socket *xfrm_listen(void)
{
	static const int groups[] = {
		XFRMNLGRP_SA, XFRMNLGRP_POLICY, XFRMNLGRP_EXPIRE,
	};
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_XFRM,
						 SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t i;
	int err;

	if (!sk)
		return NULL;
	err = mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID);
	for (i = 0; i < sizeof(groups) / sizeof(*groups) && !err; i++)
		err = mnl_socket_setsockopt(sk, NETLINK_ADD_MEMBERSHIP,
					    (void *)&groups[i],
					    sizeof(groups[i]));
	if (!err)
		return sk;
	err = errno;
	mnl_socket_close(sk);
	errno = err;
	return NULL;
}

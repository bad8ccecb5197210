/* SPDX-License-Identifier: GPL-2.0 */
/* SAs and policies of IPsec, as the kernel has them. */
#ifndef FAILOVER_XFRM_H
#define FAILOVER_XFRM_H

#include "nlask.h"
#include "xfrm_msg.h"

/* More than an SA with three keys has. */
#define XFRM_REQUEST	4096

/* @buf: for requests, wiped after each */
struct xfrm {
	struct nlask	ask;
	_Alignas(struct nlmsghdr) unsigned char buf[XFRM_REQUEST];
};

/* Returns 0, or what ends the list. What is not XFRM_OK may be filled in partly. */
typedef int (*xfrm_sa_fn)(void *ctx, enum xfrm_why why,
			  const struct ipsec_sa *sa);
typedef int (*xfrm_policy_fn)(void *ctx, enum xfrm_why why,
			      const struct ipsec_policy *p);

/* All return 0 or -errno. */
int xfrm_open(struct xfrm *x);
void xfrm_close(struct xfrm *x);

/* Each of them, with keys. */
int xfrm_list_sas(struct xfrm *x, xfrm_sa_fn fn, void *ctx);
int xfrm_list_policies(struct xfrm *x, xfrm_policy_fn fn, void *ctx);

/*
 * An SA in place of the one that has its number, unless that is the same. @out: it
 * sends, and begins a margin ahead.
 */
int xfrm_set_sa(struct xfrm *x, const struct ipsec_sa *sa, bool out);
int xfrm_set_policy(struct xfrm *x, const struct ipsec_policy *p);
/* -ESRCH or -ENOENT: there is none. */
int xfrm_del_sa(struct xfrm *x, const struct ipsec_sa *sa);
int xfrm_del_policy(struct xfrm *x, const struct ipsec_policy *p);

/*
 * A socket that says when something has changed, and is to be drained: there are
 * keys in it. NULL with errno.
 */
struct mnl_socket *xfrm_listen(void);

#endif /* FAILOVER_XFRM_H */

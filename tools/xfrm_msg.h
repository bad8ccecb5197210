/* SPDX-License-Identifier: GPL-2.0 */
/* SAs and policies of IPsec in the messages of the kernel. Pure. */
#ifndef FAILOVER_XFRM_MSG_H
#define FAILOVER_XFRM_MSG_H

#include <linux/netlink.h>

#include "ipsec_rec.h"

/* The longest message that is made here. */
#define XFRM_REQUEST_MAX	4096
/* Numbers that an SA leaves out which is made for the other unit's one. */
#define XFRM_MARGIN	(1U << 20)

/*
 * Why one is not replicated; those up to XFRM_FOREIGN are none of the pair's, which
 * is no news.
 */
enum xfrm_why {
	XFRM_OK,
	XFRM_EMPTY,	/* it is not complete yet, or of a socket */
	XFRM_NO_TMPL,	/* a policy without an SA */
	XFRM_FOREIGN,	/* it has no address of the pair */
	XFRM_PROTO,	/* it is none of ESP and AH, or of another mode */
	XFRM_OFFLOAD,	/* a network card has it */
	XFRM_UNKNOWN,	/* it has what this version does not know */
	XFRM_LONG,	/* its key is too long */
	XFRM_HIDDEN,	/* the kernel gives no keys out */
	XFRM_LIMITS,	/* a policy that ends by itself */
	XFRM_WHYS
};

/* The words for that. */
const char *xfrm_why(enum xfrm_why why);

/* A message of the kernel, XFRM_MSG_NEWSA or XFRM_MSG_NEWPOLICY. */
enum xfrm_why xfrm_get_sa(const struct nlmsghdr *nlh, struct ipsec_sa *sa);
enum xfrm_why xfrm_get_policy(const struct nlmsghdr *nlh, struct ipsec_policy *p);

/*
 * What follows the header of a request of XFRM_REQUEST_MAX bytes. @out: it sends, and
 * begins a margin ahead.
 */
void xfrm_put_sa(struct nlmsghdr *nlh, const struct ipsec_sa *sa, bool out);
void xfrm_put_sa_id(struct nlmsghdr *nlh, const struct ipsec_sa *sa);
/* False when its device is not there. */
bool xfrm_put_policy(struct nlmsghdr *nlh, const struct ipsec_policy *p);
bool xfrm_put_policy_id(struct nlmsghdr *nlh, const struct ipsec_policy *p);
bool xfrm_has_dev(const struct ipsec_sel *sel);

#endif /* FAILOVER_XFRM_MSG_H */

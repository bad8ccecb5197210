/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H
#define _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H

#include_next <net/netfilter/nf_conntrack_helper.h>

#include "config.h"

/* The reference of a connection; false when the helper is about to go. */
static inline bool fo_helper_hold(struct nf_conntrack_helper *helper)
{
#ifdef FO_HAVE_HELPER_REFS
	return refcount_inc_not_zero(&helper->ct_refcnt);
#else
	return true;
#endif
}

static inline void fo_helper_release(struct nf_conntrack_helper *helper)
{
#ifdef FO_HAVE_HELPER_REFS
	if (refcount_dec_and_test(&helper->ct_refcnt))
		kfree_rcu(helper, rcu);
#endif
}

#endif /* _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H */

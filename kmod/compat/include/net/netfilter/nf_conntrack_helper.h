/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H
#define _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H

#include <linux/netfilter/nf_conntrack_proto_gre.h>
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

#ifdef CONFIG_NF_CT_PROTO_GRE
/* Both keys of a call of PPTP, or none. */
static inline bool fo_gre_keys_add(struct nf_conn *ct,
				   struct nf_conntrack_tuple *orig,
				   struct nf_conntrack_tuple *reply)
{
#ifdef FO_HAVE_GRE_KEYMAP_PAIR
	return nf_ct_gre_keymap_add(ct, orig, reply);
#else
	if (!nf_ct_gre_keymap_add(ct, IP_CT_DIR_ORIGINAL, orig) &&
	    !nf_ct_gre_keymap_add(ct, IP_CT_DIR_REPLY, reply) &&
	    !nf_ct_is_dying(ct))
		return true;
	/* one that has died meanwhile has taken its keys away already */
	nf_ct_gre_keymap_destroy(ct);
	return false;
#endif
}
#endif

#endif /* _FO_COMPAT_NET_NF_CONNTRACK_HELPER_H */

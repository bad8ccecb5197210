/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_NET_NF_CONNTRACK_EXPECT_H
#define _FO_COMPAT_NET_NF_CONNTRACK_EXPECT_H

#include_next <net/netfilter/nf_conntrack_expect.h>

#include "config.h"

/* The only helper that an expectation had was the one of its connection. */
#ifndef FO_HAVE_EXPECT_ASSIGN
#define assign_helper	helper
#endif

/* All events, so that it can be replicated back one day. */
static inline void fo_exp_all_events(struct nf_conntrack_expect *exp)
{
#ifdef FO_HAVE_EXPECT_EVENTS
	exp->event_mask = 0xffff;
#endif
}

/*
 * When an expectation is over, in the time of conntrack. What follows is called
 * with nf_conntrack_expect_lock held, for one that is in the table.
 */
#ifdef FO_HAVE_EXPECT_STAMP
static inline u32 fo_exp_end(const struct nf_conntrack_expect *exp)
{
	return READ_ONCE(exp->timeout);
}

static inline void fo_exp_set_end(struct nf_conntrack_expect *exp, u32 end)
{
	WRITE_ONCE(exp->timeout, end);
}

static inline bool fo_exp_is_over(const struct nf_conntrack_expect *exp)
{
	return nf_ct_exp_is_expired(exp);
}

static inline void fo_exp_remove(struct nf_conntrack_expect *exp)
{
	nf_ct_unlink_expect(exp);
}
#else
static inline u32 fo_exp_end(const struct nf_conntrack_expect *exp)
{
	return exp->timeout.expires;
}

static inline void fo_exp_set_end(struct nf_conntrack_expect *exp, u32 end)
{
	mod_timer_pending(&exp->timeout,
			  jiffies + (s32)(end - nfct_time_stamp));
}

/* A timer sees to it. */
static inline bool fo_exp_is_over(const struct nf_conntrack_expect *exp)
{
	return false;
}

static inline void fo_exp_remove(struct nf_conntrack_expect *exp)
{
	if (!del_timer(&exp->timeout))
		return;
	nf_ct_unlink_expect(exp);
	nf_ct_expect_put(exp);
}
#endif

#endif /* _FO_COMPAT_NET_NF_CONNTRACK_EXPECT_H */

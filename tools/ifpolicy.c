// SPDX-License-Identifier: GPL-2.0
/* Which failures of interfaces make a unit unfit to be active. Pure.
 *
 * Both units see the same states of both, and the one that is worse is so by
 * more than nothing: never are both unfit, and who has taken over is not asked
 * to hand back for the same reason.
 */
#include "ifpolicy.h"

#include "ifstate.h"

struct ifpolicy_sum ifpolicy_sum(const struct ifpolicy_ifc *ifc,
				 unsigned int n)
{
	struct ifpolicy_sum s = { .monitored = 0 };

	for (; n; n--, ifc++) {
		if (ifc->here != NF_FAILOVER_IFSTATUS_UNMONITORED)
			s.monitored += ifc->weight;
		if (ifstate_failed(ifc->here))
			s.failed += ifc->weight;
		if (ifstate_failed(ifc->mate))
			s.mate_failed += ifc->weight;
	}
	return s;
}

bool ifpolicy_met(const struct ifpolicy *p, const struct ifpolicy_sum *s)
{
	if (!s->failed)
		return false;
	if (p->number)
		return s->failed >= p->number;
	if (s->failed >= s->monitored)
		return true;
	return p->percent &&
	       100ull * s->failed > (uint64_t)p->percent * s->monitored;
}

bool ifpolicy_unfit(const struct ifpolicy *p, const struct ifpolicy_sum *s)
{
	return ifpolicy_met(p, s) && s->failed > s->mate_failed;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Which failures of interfaces make a unit unfit to be active. Pure. */
#ifndef FAILOVER_IFPOLICY_H
#define FAILOVER_IFPOLICY_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/nf_failover.h>

/**
 * struct ifpolicy - "failover interface-policy"
 * @number: so many failed interfaces are too many; 0: see @percent
 * @percent: more than such a part of them is, and all are; 0: only all are
 */
struct ifpolicy {
	unsigned int	number;
	unsigned int	percent;
};

/**
 * struct ifpolicy_ifc - one interface on both units
 * @weight: it counts as so many
 * @here, @mate: enum nf_failover_ifstatus, unknown when that is not known
 */
struct ifpolicy_ifc {
	unsigned int	weight;
	uint32_t	here;
	uint32_t	mate;
};

/* The sums of weights: that are monitored here, and that failed. */
struct ifpolicy_sum {
	unsigned int	monitored;
	unsigned int	failed;
	unsigned int	mate_failed;
};

struct ifpolicy_sum ifpolicy_sum(const struct ifpolicy_ifc *ifc,
				 unsigned int n);

/* So many failures are too many. */
bool ifpolicy_met(const struct ifpolicy *p, const struct ifpolicy_sum *s);

/* They are, and the other unit has fewer: this one is not fit to be active. */
bool ifpolicy_unfit(const struct ifpolicy *p, const struct ifpolicy_sum *s);

#endif /* FAILOVER_IFPOLICY_H */

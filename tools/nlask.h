/* SPDX-License-Identifier: GPL-2.0 */
/* Questions to a netlink family of the kernel's own, one at a time. */
#ifndef FAILOVER_NLASK_H
#define FAILOVER_NLASK_H

#include <libmnl/libmnl.h>
#include <stdint.h>

/* @seq: of the last request */
struct nlask {
	struct mnl_socket *sk;
	uint32_t	seq;
};

/* @protocol: NETLINK_*. All return 0 or -errno. */
int nlask_open(struct nlask *a, int protocol, unsigned int timeout_s);
void nlask_close(struct nlask *a);
/* Sends a request, and takes its answer; the number is the caller's: ++a->seq. */
int nlask(struct nlask *a, const struct nlmsghdr *nlh, mnl_cb_t cb, void *data);
/* The answer alone. What was received is wiped: there may be keys in it. */
int nlask_answer(struct nlask *a, uint32_t seq, mnl_cb_t cb, void *data);
/* Reads events away: what they were does not matter, nor if some were lost. */
void nlask_drain(struct mnl_socket *events);

#endif /* FAILOVER_NLASK_H */

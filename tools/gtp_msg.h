/* SPDX-License-Identifier: GPL-2.0 */
/* PDP contexts of GTP in messages of the kernel. Pure. */
#ifndef FAILOVER_GTP_MSG_H
#define FAILOVER_GTP_MSG_H

#include <libmnl/libmnl.h>

#include "gtp_rec.h"

/* Why a context of the kernel's is not replicated. */
enum gtp_why {
	GTP_OK,
	GTP_EMPTY,
	GTP_UNKNOWN,
	GTP_NO_DEV,
	GTP_ODD,
	GTP_WHYS
};

const char *gtp_why(enum gtp_why why);

/* The name of its device is not filled in. */
enum gtp_why gtp_get_msg(const struct nlmsghdr *nlh, struct gtp_ctx *g,
			 uint32_t *ifindex);
/* What one is known by, and what else it is; behind the header of the family. */
void gtp_put_id(struct nlmsghdr *nlh, const struct gtp_ctx *g, uint32_t ifindex);
void gtp_put_rest(struct nlmsghdr *nlh, const struct gtp_ctx *g);
/* The one that has this subscriber. */
void gtp_put_ms(struct nlmsghdr *nlh, const struct gtp_ctx *g, uint32_t ifindex);

#endif /* FAILOVER_GTP_MSG_H */

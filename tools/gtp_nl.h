/* SPDX-License-Identifier: GPL-2.0 */
/* PDP contexts of GTP, as the kernel has them. */
#ifndef FAILOVER_GTP_NL_H
#define FAILOVER_GTP_NL_H

#include "gtp_msg.h"
#include "nlask.h"

/* More than a request has. */
#define GTP_REQUEST	512

/* @id: of the family; @group: that of its events */
struct gtp_nl {
	struct nlask	ask;
	uint16_t	id;
	uint32_t	group;
	_Alignas(struct nlmsghdr) unsigned char buf[GTP_REQUEST];
};

/* So many cannot be replicated, by the reason. */
struct gtp_left {
	unsigned int	n[GTP_WHYS];
};

/* All return 0 or -errno. -ENOENT: the kernel has no GTP. */
int gtp_open(struct gtp_nl *n);
void gtp_close(struct gtp_nl *n);

/* Those of all devices, added to @list. */
int gtp_list(struct gtp_nl *n, struct gtp_list *list, struct gtp_left *left);
/*
 * -ENODEV: its device is not there; -EEXIST: there is one of its tunnel or its
 * subscriber, which with @instead has to go.
 */
int gtp_put(struct gtp_nl *n, const struct gtp_ctx *g, bool instead);
/* -ENOENT or -ENODEV: there is none. */
int gtp_del(struct gtp_nl *n, const struct gtp_ctx *g);

/* Sockets that say when a context, or a device, has changed. NULL with errno. */
struct mnl_socket *gtp_listen(const struct gtp_nl *n);
struct mnl_socket *gtp_listen_devices(void);

#endif /* FAILOVER_GTP_NL_H */

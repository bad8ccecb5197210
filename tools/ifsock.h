/* SPDX-License-Identifier: GPL-2.0 */
/* Packet sockets of one device: its hellos, or whatever comes in. */
#ifndef FAILOVER_IFSOCK_H
#define FAILOVER_IFSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Both are bound to the device and have their filter before the first frame,
 * do not block, and wake @poll_fd, an epoll. Return -1 when there is none.
 */
int ifsock_hello(int poll_fd, int ifindex, uint16_t ethertype, bool port);
int ifsock_any(int poll_fd, int ifindex);

/* A frame with its header; one that is lost here is as if it was on the way. */
void ifsock_send(int fd, int ifindex, const unsigned char *frame, size_t len);

/* Also one that is not open, -1, which it is then. */
void ifsock_close(int *fd);

#endif /* FAILOVER_IFSOCK_H */

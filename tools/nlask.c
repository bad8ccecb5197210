// SPDX-License-Identifier: GPL-2.0
/* Questions to a netlink family of the kernel's own, one at a time. */
#include "nlask.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define BUF_SIZE	(64 * 1024)

int nlask_open(struct nlask *a, int protocol, unsigned int timeout_s)
{
	struct timeval tv = { .tv_sec = timeout_s };
	int err;

	a->seq = 0;
	a->sk = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!a->sk)
		return -errno;
	setsockopt(mnl_socket_get_fd(a->sk), SOL_SOCKET, SO_RCVTIMEO, &tv,
		   sizeof(tv));
	if (!mnl_socket_bind(a->sk, 0, MNL_SOCKET_AUTOPID))
		return 0;
	err = -errno;
	nlask_close(a);
	return err;
}

void nlask_close(struct nlask *a)
{
	if (a->sk)
		mnl_socket_close(a->sk);
	a->sk = NULL;
}

/* What was asked before may still be answered: that is not for us. */
int nlask_answer(struct nlask *a, uint32_t seq, mnl_cb_t cb, void *data)
{
	unsigned int port = mnl_socket_get_portid(a->sk);
	char buf[BUF_SIZE];
	const struct nlmsghdr *nlh = (const void *)buf;
	int ret = MNL_CB_OK, err = 0;
	ssize_t len;

	while (ret > MNL_CB_STOP) {
		len = mnl_socket_recvfrom(a->sk, buf, sizeof(buf));
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		if (len < (ssize_t)sizeof(*nlh) || nlh->nlmsg_seq == seq) {
			ret = mnl_cb_run(buf, len, seq, port, cb, data);
			err = ret < 0 ? -errno : 0;
		}
		explicit_bzero(buf, len);
	}
	return err;
}

int nlask(struct nlask *a, const struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	if (mnl_socket_sendto(a->sk, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	return nlask_answer(a, nlh->nlmsg_seq, cb, data);
}

void nlask_drain(struct mnl_socket *events)
{
	int fd = mnl_socket_get_fd(events);
	char buf[4096];

	do
		errno = 0;
	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0 || errno == ENOBUFS);
	explicit_bzero(buf, sizeof(buf));
}

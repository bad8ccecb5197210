// SPDX-License-Identifier: GPL-2.0
/*
 * The server: echoes TCP, answers UDP and ICMP probes with the source that it
 * saw. The kernel's own answers to pings must be off (icmp_echo_ignore_all),
 * else a probe is answered twice.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "traffic.h"

#define ECHO_BUFFER	16384

/* One accepted connection; data is read only when all before it is sent. */
struct conn {
	struct handler h;
	size_t from, to;
	unsigned char buf[ECHO_BUFFER];
};

static void conn_close(struct conn *c)
{
	loop_del(&c->h);
	free(c);
}

/* True when nothing is left to send. */
static bool conn_flush(struct conn *c)
{
	while (c->from < c->to) {
		ssize_t n = send(c->h.fd, c->buf + c->from, c->to - c->from,
				 MSG_NOSIGNAL);

		if (n < 0)
			return false;
		c->from += n;
	}
	c->from = c->to = 0;
	return true;
}

static void conn_ready(struct handler *h, uint32_t events)
{
	struct conn *c = (struct conn *)h;
	ssize_t n;

	if (!conn_flush(c))
		goto out_blocked;
	n = recv(h->fd, c->buf, sizeof(c->buf), 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		loop_events(h, EPOLLIN);
		return;
	}
	if (n <= 0) {
		conn_close(c);
		return;
	}
	c->to = n;
	if (conn_flush(c)) {
		loop_events(h, EPOLLIN);
		return;
	}
out_blocked:
	if (errno == EAGAIN)
		loop_events(h, EPOLLOUT);
	else
		conn_close(c);
}

static void accept_ready(struct handler *h, uint32_t events)
{
	struct conn *c;
	int fd, one = 1;

	while ((fd = accept4(h->fd, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		c = calloc(1, sizeof(*c));
		if (!c) {
			close(fd);
			return;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c->h.fd = fd;
		c->h.ready = conn_ready;
		if (loop_add(&c->h, EPOLLIN))
			conn_close(c);
	}
}

static void saw(struct probe *p, const struct sockaddr_storage *from,
		unsigned int port)
{
	const struct sockaddr_in6 *s6 = (const void *)from;
	const struct sockaddr_in *s4 = (const void *)from;

	memset(p->seen_addr, 0, sizeof(p->seen_addr));
	p->seen_port = port;
	p->family = from->ss_family;
	if (from->ss_family == AF_INET) {
		memcpy(p->seen_addr, &s4->sin_addr, 4);
	} else if (IN6_IS_ADDR_V4MAPPED(&s6->sin6_addr)) {
		p->family = AF_INET;
		memcpy(p->seen_addr, s6->sin6_addr.s6_addr + 12, 4);
	} else {
		memcpy(p->seen_addr, &s6->sin6_addr, 16);
	}
}

/* Answers from the address that was asked: the control data goes back too. */
static void udp_ready(struct handler *h, uint32_t events)
{
	unsigned char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct sockaddr_storage from;
	struct probe p;
	struct iovec iov = { .iov_base = &p, .iov_len = sizeof(p) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	for (;;) {
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		if (recvmsg(h->fd, &msg, 0) != sizeof(p))
			return;
		saw(&p, &from, ntohs(((struct sockaddr_in *)&from)->sin_port));
		sendmsg(h->fd, &msg, 0);
	}
}

static void icmp_ready(struct handler *h, uint32_t events)
{
	unsigned char buf[2048];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	unsigned int id;
	struct probe p;
	ssize_t n;

	while ((n = recvfrom(h->fd, buf, sizeof(buf), 0, (void *)&from,
			     &len)) >= 0) {
		if (icmp_parse(from.ss_family, false, buf, n, &id, &p)) {
			saw(&p, &from, id);
			icmp_send(h->fd, &from, true, id, &p);
		}
		len = sizeof(from);
	}
}

static int listen_on(int fd, void (*ready)(struct handler *, uint32_t))
{
	struct handler *h = calloc(1, sizeof(*h));

	if (fd < 0 || !h)
		return -1;
	h->fd = fd;
	h->ready = ready;
	return loop_add(h, EPOLLIN);
}

static int bound(int type, unsigned int port)
{
	struct sockaddr_storage any = { .ss_family = AF_INET6 };
	int fd, one = 1, size = 4 << 20;

	fd = socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	address_port(&any, port);
	if (type == SOCK_DGRAM) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one,
			   sizeof(one));
	}
	if (bind(fd, (void *)&any, sizeof(struct sockaddr_in6)) ||
	    (type == SOCK_STREAM && listen(fd, 4096))) {
		perror("traffic: bind");
		close(fd);
		return -1;
	}
	return fd;
}

static int server_start(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		unsigned int port = number(argv[i]);

		if (listen_on(bound(SOCK_STREAM, port), accept_ready) ||
		    listen_on(bound(SOCK_DGRAM, port), udp_ready))
			return -1;
	}
	if (listen_on(icmp_socket(AF_INET), icmp_ready) ||
	    listen_on(icmp_socket(AF_INET6), icmp_ready))
		return -1;
	printf("server ready\n");
	return 0;
}

const struct mode server_mode = {
	.name = "server", .args = "PORT...", .min_args = 1,
	.start = server_start,
};

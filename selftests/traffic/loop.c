// SPDX-License-Identifier: GPL-2.0
/* The event loop, addresses and the checked pattern. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "traffic.h"

static int epoll_fd = -1;

uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

int loop_add(struct handler *h, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = h };

	if (epoll_fd < 0)
		epoll_fd = epoll_create1(0);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, h->fd, &e) && errno != EPERM) {
		perror("traffic: epoll");
		return -1;
	}
	return 0;
}

void loop_events(struct handler *h, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = h };

	epoll_ctl(epoll_fd, EPOLL_CTL_MOD, h->fd, &e);
}

/* Closes the descriptor of @h, and with it what epoll knows of it. */
void loop_del(struct handler *h)
{
	if (h->fd < 0)
		return;
	close(h->fd);
	h->fd = -1;
}

void loop_once(int timeout_ms)
{
	struct epoll_event e[256];
	int i, n;

	n = epoll_wait(epoll_fd, e, 256, timeout_ms);
	for (i = 0; i < n; i++) {
		struct handler *h = e[i].data.ptr;

		if (h->fd >= 0)
			h->ready(h, e[i].events);
	}
}

long number(const char *text)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (!*text || *end || v < 0) {
		fprintf(stderr, "traffic: not a number: %s\n", text);
		exit(2);
	}
	return v;
}

int address(struct sockaddr_storage *ss, const char *host, const char *port)
{
	struct sockaddr_in6 *s6 = (void *)ss;
	struct sockaddr_in *s4 = (void *)ss;

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, host, &s4->sin_addr) == 1) {
		ss->ss_family = AF_INET;
	} else if (inet_pton(AF_INET6, host, &s6->sin6_addr) == 1) {
		ss->ss_family = AF_INET6;
	} else {
		fprintf(stderr, "traffic: not an address: %s\n", host);
		return -1;
	}
	address_port(ss, number(port));
	return 0;
}

socklen_t address_len(const struct sockaddr_storage *ss)
{
	return ss->ss_family == AF_INET ? sizeof(struct sockaddr_in) :
					  sizeof(struct sockaddr_in6);
}

/* The port is at the same place in both families. */
void address_port(struct sockaddr_storage *ss, unsigned int port)
{
	((struct sockaddr_in *)ss)->sin_port = htons(port);
}

/* A socket that is connected to @to, or on its way; @sport 0 for any. */
int socket_to(const struct sockaddr_storage *to, int type, unsigned int sport)
{
	struct sockaddr_storage from = { .ss_family = to->ss_family };
	int fd, one = 1;

	fd = socket(to->ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (sport) {
		address_port(&from, sport);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, (void *)&from, address_len(&from)))
			goto out_close;
	}
	if (connect(fd, (const void *)to, address_len(to)) &&
	    errno != EINPROGRESS)
		goto out_close;
	return fd;

out_close:
	close(fd);
	return -1;
}

/* 8 bytes at the multiple of 8 @offset of the stream @key. */
static uint64_t pattern_word(uint32_t key, uint64_t offset)
{
	uint64_t z = ((uint64_t)key << 40) + offset / 8 * 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static unsigned char pattern_byte(uint32_t key, uint64_t offset)
{
	return pattern_word(key, offset) >> (offset % 8 * 8);
}

void pattern(unsigned char *buf, size_t len, uint32_t key, uint64_t offset)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = pattern_byte(key, offset + i);
}

bool pattern_ok(const unsigned char *buf, size_t len, uint32_t key,
		uint64_t offset)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (buf[i] != pattern_byte(key, offset + i))
			return false;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Checked traffic for the selftests: one server, and clients of several kinds. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define PROBE_MAGIC	0x666f7472	/* "fotr" */
#define BLOCK		512		/* bytes of a numbered block */

/**
 * struct probe - what a datagram carries, there and back, in the byte order of
 * the machine that both ends run on
 * @magic: PROBE_MAGIC
 * @flow: number of the flow, chosen by the client
 * @seq: number of the datagram in its flow
 * @seen_port: set by the server: source port, or ICMP id, that it saw
 * @family: set by the server: AF_INET or AF_INET6
 * @seen_addr: set by the server: source address that it saw
 */
struct probe {
	uint32_t magic;
	uint32_t flow;
	uint32_t seq;
	uint16_t seen_port;
	uint16_t family;
	unsigned char seen_addr[16];
};

/**
 * struct handler - something the event loop waits for
 * @fd: its file descriptor
 * @ready: called with the events that epoll reports
 */
struct handler {
	int fd;
	void (*ready)(struct handler *h, uint32_t events);
};

/**
 * struct mode - one way to run this program
 * @name: the word that selects it
 * @args: its arguments, for the usage text
 * @min_args: how many of them must be there
 * @start: parses the arguments and prints the first line
 * @command: carries out a line from standard input; false when unknown
 * @tick: called about every @tick_us
 * @tick_us: 0 when the mode needs no tick
 */
struct mode {
	const char *name;
	const char *args;
	int min_args;
	int (*start)(int argc, char **argv);
	bool (*command)(const char *verb, long arg);
	void (*tick)(void);
	unsigned int tick_us;
};

/* loop.c */
uint64_t now_us(void);
int loop_add(struct handler *h, uint32_t events);
void loop_events(struct handler *h, uint32_t events);
void loop_del(struct handler *h);
void loop_once(int timeout_ms);
long number(const char *text);
int address(struct sockaddr_storage *ss, const char *host, const char *port);
socklen_t address_len(const struct sockaddr_storage *ss);
void address_port(struct sockaddr_storage *ss, unsigned int port);
int socket_to(const struct sockaddr_storage *to, int type, unsigned int sport);
void pattern(unsigned char *buf, size_t len, uint32_t key, uint64_t offset);
bool pattern_ok(const unsigned char *buf, size_t len, uint32_t key,
		uint64_t offset);

/* icmp.c */
int icmp_socket(int family);
int icmp_send(int fd, const struct sockaddr_storage *to, bool reply,
	      unsigned int id, const struct probe *p);
bool icmp_parse(int family, bool want_reply, const unsigned char *buf,
		ssize_t len, unsigned int *id, struct probe *p);

/* The modes: server.c flows.c stream.c churn.c forge.c raw.c */
extern const struct mode server_mode;
extern const struct mode tcp_mode, udp_mode, icmp_mode;
extern const struct mode stream_mode, beat_mode;
extern const struct mode churn_mode, forge_mode, raw_mode;

#endif

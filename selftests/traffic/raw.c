// SPDX-License-Identifier: GPL-2.0
/*
 * One conversation in a protocol that has no sockets here: both ends run this,
 * and either may ask the other. The end without HOST, which may have an address of
 * its own, answers, and asks who spoke to it last.
 *   gre, gre-key  GRE of version 0, the latter with a key
 *   other         protocol 253, for experiments: bare probes
 *   esp           protocol 50 with an SPI, as it passes through: no tunnel ends here
 *   udplite       UDP-Lite, on the sockets of a kernel that has it
 *   sctp, dccp    the packets of an association, as far as a firewall looks at it
 * Commands:
 *   open [MS]   begins it: the handshake, and the first question
 *   ask [MS]    a question that must be answered, from the place as before
 *   where       the source that the other end saw
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "traffic.h"

#define DEFAULT_MS	10000
#define RESEND_US	300000
#define CLIENT_PORT	7001
#define SERVER_PORT	5009
#define ROOM		512

/* What a datagram is for; of the steps of a handshake, each answers the last. */
enum step { ASK, ANSWER, HELLO, HELLO_ACK, READY, READY_ACK, NOTHING };

/* Two flows of probes: questions and answers. */
enum { QUESTION = 1, REPLY = 2 };

/**
 * struct talk - a protocol
 * @name: word of the command line
 * @proto: IP protocol
 * @build: writes a datagram; returns its length, 0 for none
 * @parse: what a datagram is; the probe behind it is the last of it
 * @hello: it has a handshake of so many questions
 */
struct talk {
	const char *name;
	int proto;
	size_t (*build)(unsigned char *buf, enum step step, const struct probe *p);
	enum step (*parse)(const unsigned char *buf, size_t len);
	int hello;
};

static const struct talk *talk;
static struct handler sock = { .fd = -1 };
static struct sockaddr_storage peer, own;	/* own: if it is told one */
static bool client, known;
static uint32_t asked, answered, opened;
static struct probe first;
static bool moved;
static unsigned int peer_port;	/* as it is seen from here */

static void put16(unsigned char *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* --- those that are bare, or nearly ------------------------------------- */

static size_t with_header(unsigned char *buf, size_t header, enum step step,
			  const struct probe *p)
{
	if (step != ASK && step != ANSWER)
		return 0;
	memcpy(buf + header, p, sizeof(*p));
	return header + sizeof(*p);
}

static size_t bare_build(unsigned char *buf, enum step step, const struct probe *p)
{
	return with_header(buf, 0, step, p);
}

static size_t gre_build(unsigned char *buf, enum step step, const struct probe *p)
{
	put32(buf, 0x88b6);	/* no flags; an Ethernet type for experiments */
	return with_header(buf, 4, step, p);
}

static size_t gre_key_build(unsigned char *buf, enum step step, const struct probe *p)
{
	put32(buf, 0x200088b6);
	put32(buf + 4, 4711);
	return with_header(buf, 8, step, p);
}

static size_t esp_build(unsigned char *buf, enum step step, const struct probe *p)
{
	put32(buf, client ? 0x1001 : 0x1002);
	put32(buf + 4, p->seq);
	return with_header(buf, 8, step, p);
}

static enum step bare_parse(const unsigned char *buf, size_t len)
{
	struct probe p;

	if (len < sizeof(p))
		return NOTHING;
	memcpy(&p, buf + len - sizeof(p), sizeof(p));
	if (p.magic != PROBE_MAGIC)
		return NOTHING;
	return p.flow == QUESTION ? ASK : ANSWER;
}

/* --- SCTP ----------------------------------------------------------------- */

#define TAG(of_client)	((of_client) ? 0x11111111 : 0x22222222)

enum { DATA, INIT, INIT_ACK, COOKIE_ECHO = 10, COOKIE_ACK };

static uint32_t crc32c(const unsigned char *p, size_t len)
{
	uint32_t crc = ~0u;
	int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static void ports(unsigned char *buf)
{
	put16(buf, client ? CLIENT_PORT : SERVER_PORT);
	put16(buf + 2, client ? SERVER_PORT : peer_port);
}

static size_t sctp_build(unsigned char *buf, enum step step, const struct probe *p)
{
	static const unsigned char types[] = {
		DATA, DATA, INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK,
	};
	unsigned char *chunk = buf + 12;
	size_t len = 4;
	uint32_t crc;

	memset(buf, 0, ROOM);
	ports(buf);
	put32(buf + 4, step == HELLO ? 0 : TAG(!client));
	chunk[0] = types[step];
	if (step == HELLO || step == HELLO_ACK) {
		len = 20;
		put32(chunk + 4, TAG(client));
		put32(chunk + 8, 65536);
		put16(chunk + 12, 1);
		put16(chunk + 14, 1);
		put32(chunk + 16, 1);
	} else if (step == READY) {
		len = 8;
	} else if (step == ASK || step == ANSWER) {
		chunk[1] = 3;	/* whole */
		put32(chunk + 4, p->seq);
		len = 16 + sizeof(*p);
		memcpy(chunk + 16, p, sizeof(*p));
	}
	put16(chunk + 2, len);
	crc = crc32c(buf, 12 + len);
	memcpy(buf + 8, &crc, sizeof(crc));	/* least byte first */
	return 12 + len;
}

static enum step sctp_parse(const unsigned char *buf, size_t len)
{
	if (len < 16)
		return NOTHING;
	switch (buf[12]) {
	case DATA:
		return bare_parse(buf, len);
	case INIT:
		return HELLO;
	case INIT_ACK:
		return HELLO_ACK;
	case COOKIE_ECHO:
		return READY;
	case COOKIE_ACK:
		return READY_ACK;
	}
	return NOTHING;
}

/* --- DCCP ------------------------------------------------------------------ */

enum { REQUEST, RESPONSE, DATA_ACK = 4 };

static struct sockaddr_storage here(void)
{
	struct sockaddr_storage to = peer, ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(ss);
	int fd;

	if (own.ss_family)
		return own;
	fd = socket(peer.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	address_port(&to, 9);
	if (fd >= 0 && !connect(fd, (void *)&to, address_len(&to)))
		getsockname(fd, (void *)&ss, &len);
	if (fd >= 0)
		close(fd);
	return ss;
}

static uint32_t add_sum(uint32_t sum, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	return len % 2 ? sum + (p[len - 1] << 8) : sum;
}

static uint32_t add_address(uint32_t sum, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in6 *s6 = (const void *)ss;
	const struct sockaddr_in *s4 = (const void *)ss;

	return ss->ss_family == AF_INET ? add_sum(sum, &s4->sin_addr, 4) :
					  add_sum(sum, &s6->sin6_addr, 16);
}

/* 48 bits of sequence number each; the server's first one is acknowledged. */
static size_t dccp_build(unsigned char *buf, enum step step, const struct probe *p)
{
	const struct sockaddr_storage me = here();
	int type = step == HELLO ? REQUEST : step == HELLO_ACK ? RESPONSE : DATA_ACK;
	size_t len = 16;
	uint32_t sum;

	if (step == READY || step == READY_ACK)
		return 0;
	memset(buf, 0, ROOM);
	ports(buf);
	buf[8] = type << 1 | 1;
	put32(buf + 12, 100 + (p ? p->seq : 0));
	if (type != REQUEST) {
		put32(buf + 20, 100);
		len += 8;
	}
	if (type != DATA_ACK) {
		put32(buf + len, 4711);	/* the service */
		len += 4;
	}
	buf[4] = len / 4;
	if (type == DATA_ACK) {
		memcpy(buf + len, p, sizeof(*p));
		len += sizeof(*p);
	}
	sum = add_sum(talk->proto + len, buf, len);
	sum = add_address(add_address(sum, &me), &peer);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(buf + 6, ~sum);
	return len;
}

static enum step dccp_parse(const unsigned char *buf, size_t len)
{
	if (len < 16)
		return NOTHING;
	switch (buf[8] >> 1 & 15) {
	case REQUEST:
		return HELLO;
	case RESPONSE:
		return HELLO_ACK;
	case DATA_ACK:
		return bare_parse(buf, len);
	}
	return NOTHING;
}

static const struct talk talks[] = {
	{ "gre", IPPROTO_GRE, gre_build, bare_parse, 0 },
	{ "gre-key", IPPROTO_GRE, gre_key_build, bare_parse, 0 },
	{ "other", 253, bare_build, bare_parse, 0 },
	{ "esp", IPPROTO_ESP, esp_build, bare_parse, 0 },
	{ "udplite", IPPROTO_UDPLITE, bare_build, bare_parse, 0 },
	{ "sctp", IPPROTO_SCTP, sctp_build, sctp_parse, 2 },
	{ "dccp", IPPROTO_DCCP, dccp_build, dccp_parse, 1 },
};

/* --- the conversation ------------------------------------------------------ */

static bool has_ports(void)
{
	return talk->hello || talk->proto == IPPROTO_UDPLITE;
}

static void say(enum step step, const struct probe *p)
{
	struct sockaddr_storage to = peer;
	unsigned char buf[ROOM];
	size_t len = talk->build(buf, step, p);

	if (talk->proto != IPPROTO_UDPLITE)
		address_port(&to, 0);
	if (len)
		sendto(sock.fd, buf, len, 0, (void *)&to, address_len(&to));
}

static void ask(void)
{
	struct probe p = { .magic = PROBE_MAGIC, .flow = QUESTION, .seq = asked };

	say(ASK, &p);
}

static void set_seen(struct probe *p)
{
	const struct sockaddr_in6 *s6 = (const void *)&peer;
	const struct sockaddr_in *s4 = (const void *)&peer;

	p->family = peer.ss_family;
	p->seen_port = peer_port;
	if (peer.ss_family == AF_INET)
		memcpy(p->seen_addr, &s4->sin_addr, 4);
	else
		memcpy(p->seen_addr, &s6->sin6_addr, 16);
}

static void heard(enum step step, struct probe *p)
{
	switch (step) {
	case ASK:
		p->flow = REPLY;
		set_seen(p);
		say(ANSWER, p);
		break;
	case ANSWER:
		if (p->seq != asked || answered == asked)
			return;
		answered = asked;
		if (!first.magic)
			first = *p;
		moved = p->seen_port != first.seen_port ||
			memcmp(p->seen_addr, first.seen_addr, sizeof(p->seen_addr));
		break;
	case HELLO:
		say(HELLO_ACK, NULL);
		break;
	case READY:
		say(READY_ACK, NULL);
		break;
	case HELLO_ACK:
		opened = opened ? opened : 1;
		break;
	case READY_ACK:
		opened = 2;
		break;
	case NOTHING:
		break;
	}
}

/* Questions come from the end that is to be answered from now on. */
static void take(const struct sockaddr_storage *from, const unsigned char *buf, size_t len)
{
	enum step step = talk->parse(buf, len);
	struct probe p = {};

	if (step == NOTHING)
		return;
	if (!client) {
		peer = *from;
		known = true;
		peer_port = ntohs(((const struct sockaddr_in *)from)->sin_port);
		if (talk->hello)
			peer_port = buf[0] << 8 | buf[1];
	}
	if (step == ASK || step == ANSWER)
		memcpy(&p, buf + len - sizeof(p), sizeof(p));
	heard(step, &p);
}

static void ready(struct handler *h, uint32_t events)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	unsigned char buf[2048];
	size_t skip;
	ssize_t n;

	while ((n = recvfrom(h->fd, buf, sizeof(buf), 0, (void *)&from, &size)) >= 0) {
		/* raw sockets of IPv4 give its header, too */
		skip = from.ss_family == AF_INET && talk->proto != IPPROTO_UDPLITE ?
		       (buf[0] & 15) * 4 : 0;
		if (n >= (ssize_t)skip)
			take(&from, buf + skip, n - skip);
		size = sizeof(from);
	}
}

/* until(): repeats what is asked until it is answered; false: it was not. */
static bool until(enum step step, const uint32_t *have, uint32_t want, uint64_t end)
{
	uint64_t again = 0;

	while (*have < want) {
		if (now_us() >= end)
			return false;
		if (now_us() >= again) {
			if (step == ASK)
				ask();
			else
				say(step, NULL);
			again = now_us() + RESEND_US;
		}
		loop_once(20);
	}
	return true;
}

static void question(const char *verb, uint64_t end)
{
	bool ok = false;

	asked++;
	if (known)
		ok = until(ASK, &answered, asked, end);
	printf("%s ok=%d moved=%d\n", verb, ok && !moved, moved);
}

static void open_it(uint64_t end)
{
	bool ok = true;

	if (talk->hello > 0)
		ok = until(HELLO, &opened, 1, end);
	if (talk->hello > 1)
		ok = ok && until(READY, &opened, 2, end);
	if (ok)
		question("open", end);
	else
		printf("open ok=0 moved=0\n");
}

static void where(void)
{
	char text[INET6_ADDRSTRLEN] = "nowhere";

	if (first.magic)
		inet_ntop(first.family, first.seen_addr, text, sizeof(text));
	printf("where addr=%s port=%u\n", text, has_ports() ? first.seen_port : 0);
}

static bool raw_command(const char *verb, long arg)
{
	uint64_t end = now_us() + (arg ? arg : DEFAULT_MS) * 1000ull;

	if (!strcmp(verb, "open"))
		open_it(end);
	else if (!strcmp(verb, "ask"))
		question("ask", end);
	else if (!strcmp(verb, "where"))
		where();
	else
		return false;
	return true;
}

static int raw_socket(int family)
{
	bool lite = talk->proto == IPPROTO_UDPLITE;
	struct sockaddr_storage from = own;
	int fd, one = 1;

	fd = socket(family, (lite ? SOCK_DGRAM : SOCK_RAW) | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    talk->proto);
	if (fd < 0) {
		perror("traffic: socket");
		return fd;
	}
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	from.ss_family = family;
	address_port(&from, !lite ? 0 : client ? CLIENT_PORT : SERVER_PORT);
	if (!bind(fd, (void *)&from, address_len(&from)))
		return fd;
	perror("traffic: bind");
	close(fd);
	return -1;
}

static int raw_start(int argc, char **argv)
{
	char port[8];
	size_t i;

	for (i = 0; i < sizeof(talks) / sizeof(talks[0]); i++)
		if (!strcmp(argv[0], talks[i].name))
			talk = &talks[i];
	if (!talk)
		return -1;
	client = argc > 2 && strcmp(argv[2], "at");
	known = client;
	peer_port = SERVER_PORT;
	snprintf(port, sizeof(port), "%d", SERVER_PORT);
	if (client && address(&peer, argv[2], port))
		return -1;
	if (argc > 3 && !client && address(&own, argv[3], "0"))
		return -1;
	sock.fd = raw_socket(number(argv[1]) == 4 ? AF_INET : AF_INET6);
	sock.ready = ready;
	if (sock.fd < 0 || loop_add(&sock, EPOLLIN))
		return -1;
	printf("raw ready\n");
	return 0;
}

const struct mode raw_mode = {
	.name = "raw", .args = "PROTOCOL 4|6 [HOST | at ADDRESS]", .min_args = 2,
	.start = raw_start, .command = raw_command,
};

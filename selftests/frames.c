// SPDX-License-Identifier: GPL-2.0
/*
 * Hostile frames for the failover link, sent through a packet socket:
 *   random  frames of every payload length from 0 to MTU with random bytes
 *   cut     real frames of this unit, seen on the link, cut at every length
 *   flip    the same with one bit inverted, at every bit
 *   version frames without a fault but of the next version of the wire
 *   init    INITs under a key of nobody, of which each is another one
 *   solicit SOLICITs, each of another primary unit
 *   unknown sealed frames that are not under keys of the unit, of LEN bytes
 *   seal    frames of LEN bytes under the index of a real one, with a wrong tag
 *   replay  frames from a file that tcpdump has written, COUNT times; to MAC
 * Prints how many were sent. What a unit may take for a good frame (all of a
 * real one, untouched) is never sent by any but the last.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX	9018
#define CAPTURE_MS	20000

struct frame {
	size_t len;
	unsigned char data[FRAME_MAX];
};

static int fd = -1;
static unsigned int mtu;
static unsigned long sent;
static unsigned int per_ms = 64;

static void die(const char *what)
{
	fprintf(stderr, "frames: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A small generator of our own: the same seed gives the same frames. */
static uint32_t random32(void)
{
	static uint64_t state = 0x853c49e6748fea9bull;

	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return state >> 33;
}

static void attach(const char *ifname)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
	};
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (fd < 0)
		die("socket");
	if (ioctl(fd, SIOCGIFINDEX, &ifr))
		die(ifname);
	ll.sll_ifindex = ifr.ifr_ifindex;
	if (bind(fd, (void *)&ll, sizeof(ll)))
		die("bind");
	if (ioctl(fd, SIOCGIFMTU, &ifr))
		die("mtu");
	mtu = ifr.ifr_mtu;
	if (mtu + ETH_HLEN > FRAME_MAX)
		mtu = FRAME_MAX - ETH_HLEN;
}

/* In groups of @per_ms, so that no queue on the way overflows. */
static void put(const unsigned char *data, size_t len)
{
	static const struct timespec pause = { 0, 1000000 };

	while (send(fd, data, len, 0) < 0) {
		if (errno != ENOBUFS && errno != EAGAIN)
			die("send");
		nanosleep(&pause, NULL);
	}
	if (++sent % per_ms == 0)
		nanosleep(&pause, NULL);
}

/* The address in MAC to where it is in a frame. */
static void address(unsigned char *to, const char *mac)
{
	if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to[0], &to[1], &to[2],
		   &to[3], &to[4], &to[5]) != 6) {
		fprintf(stderr, "frames: not a MAC address: %s\n", mac);
		exit(2);
	}
}

static void header(unsigned char *data, const char *mac, uint16_t ethertype)
{
	static const unsigned char from[6] = { 2, 0, 0, 0xba, 0xad, 1 };
	struct ethhdr *eth = (void *)data;

	address(eth->h_dest, mac);
	memcpy(eth->h_source, from, 6);
	eth->h_proto = htons(ethertype);
}

static void send_random(const char *mac, uint16_t ethertype,
			unsigned int count)
{
	unsigned char data[FRAME_MAX];
	unsigned int i, len;

	header(data, mac, ethertype);
	while (count--) {
		for (len = 0; len <= mtu; len++) {
			for (i = 0; i < len; i++)
				data[ETH_HLEN + i] = random32();
			put(data, ETH_HLEN + len);
		}
	}
}

/* CRC-32C as the kernel's crc32c(~0, ...): not inverted at the end. */
static uint32_t crc32c(const unsigned char *data, size_t len)
{
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

/* A HAND frame with an empty body: see kmod/wire.h. */
static void send_version(const char *mac, uint16_t ethertype,
			 unsigned int count)
{
	unsigned char data[ETH_HLEN + 32] = { 0 };
	unsigned char *frame = data + ETH_HLEN;
	uint32_t crc;

	header(data, mac, ethertype);
	frame[0] = 2;	/* FO_WIRE_VERSION + 1 */
	frame[1] = 1;	/* FO_FRAME_HAND */
	frame[3] = 32;	/* length */
	crc = htonl(crc32c(frame, 16));
	memcpy(frame + 28, &crc, 4);
	while (count--)
		put(data, sizeof(data));
}

/* The header of a frame of LEN bytes: see kmod/wire.h. */
static void frame_header(unsigned char *frame, unsigned int type,
			 unsigned int len)
{
	memset(frame, 0, 16);
	frame[0] = 1;
	frame[1] = type;
	frame[2] = len >> 8;
	frame[3] = len;
}

static void fill(unsigned char *to, size_t len)
{
	while (len--)
		*to++ = random32();
}

/* As long as a real one; index and counter are 0. */
static void send_init(const char *mac, uint16_t ethertype, unsigned int count)
{
	unsigned char data[ETH_HLEN + 130];

	header(data, mac, ethertype);
	frame_header(data + ETH_HLEN, 5, 130);
	while (count--) {
		fill(data + ETH_HLEN + 16, 114);
		put(data, sizeof(data));
	}
}

/* A unit that has a key and no association: OP, UNIT, ASSOC, BOOT, CAPS. */
static void send_solicit(const char *mac, uint16_t ethertype,
			 unsigned int count)
{
	unsigned char data[ETH_HLEN + 16 + 21 + 16] = { 0 };
	unsigned char *frame = data + ETH_HLEN, *body = frame + 16;
	uint32_t crc;

	header(data, mac, ethertype);
	frame_header(frame, 1, 53);
	memcpy(body, "\x09\x01\x11\x01\x1c", 5);
	memcpy(body + 9, "\x27\x08", 2);
	memcpy(body + 19, "\x29\x01", 2);
	while (count--) {
		fill(body + 5, 4);
		fill(body + 11, 8);
		crc = htonl(crc32c(frame, 37));
		memcpy(frame + 49, &crc, 4);
		put(data, sizeof(data));
	}
}

static void send_unknown(const char *mac, uint16_t ethertype,
			 unsigned int count, unsigned int len)
{
	unsigned char data[FRAME_MAX];

	header(data, mac, ethertype);
	frame_header(data + ETH_HLEN, 3, len);
	while (count--) {
		fill(data + ETH_HLEN + 4, 4);
		fill(data + ETH_HLEN + 16, len - 16);
		put(data, ETH_HLEN + len);
	}
}

static bool ours(const struct frame *f, const struct sockaddr_ll *from,
		 uint16_t ethertype)
{
	const struct ethhdr *eth = (const void *)f->data;

	return from->sll_pkttype == PACKET_OUTGOING && f->len > ETH_HLEN &&
	       eth->h_proto == htons(ethertype);
}

/* The next frame that this unit itself sends. */
static void capture(struct frame *f, uint16_t ethertype)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct sockaddr_ll from;
	socklen_t len;
	ssize_t n;

	for (;;) {
		if (poll(&p, 1, CAPTURE_MS) <= 0) {
			fprintf(stderr, "frames: nothing is sent here\n");
			exit(1);
		}
		len = sizeof(from);
		n = recvfrom(fd, f->data, sizeof(f->data), 0, (void *)&from,
			     &len);
		f->len = n < 0 ? 0 : n;
		if (ours(f, &from, ethertype))
			return;
	}
}

static void send_cut(const struct frame *f)
{
	size_t len;

	for (len = ETH_HLEN; len < f->len; len++)
		put(f->data, len);
}

static void send_flipped(struct frame *f)
{
	size_t bit;

	for (bit = ETH_HLEN * 8; bit < f->len * 8; bit++) {
		f->data[bit / 8] ^= 1 << bit % 8;
		put(f->data, f->len);
		f->data[bit / 8] ^= 1 << bit % 8;
	}
}

/* Captures all first: else it would capture what it sent. */
static void send_mutated(unsigned int count, uint16_t ethertype, bool flip)
{
	struct frame *f = calloc(count, sizeof(*f));
	unsigned int i;

	if (!f)
		die("memory");
	for (i = 0; i < count; i++)
		capture(&f[i], ethertype);
	for (i = 0; i < count; i++) {
		if (flip)
			send_flipped(&f[i]);
		else
			send_cut(&f[i]);
	}
	free(f);
}

/* The real one is from this end of the link; so go the others. */
static void send_seal(uint16_t ethertype, unsigned int count, unsigned int len)
{
	struct frame *f = calloc(1, sizeof(*f));

	if (!f)
		die("memory");
	capture(f, ethertype);
	f->data[ETH_HLEN + 2] = len >> 8;
	f->data[ETH_HLEN + 3] = len;
	while (count--) {
		fill(f->data + ETH_HLEN + 16, len - 16);
		put(f->data, ETH_HLEN + len);
	}
	free(f);
}

/* The file's own byte order is ours: it was written on this machine. */
static void send_file(const char *path, unsigned int count, const char *mac)
{
	unsigned char data[FRAME_MAX];
	uint32_t head[6], packet[4];
	FILE *f = fopen(path, "r");

	if (!f || fread(head, sizeof(head), 1, f) != 1)
		die(path);
	while (count--) {
		fseek(f, sizeof(head), SEEK_SET);
		while (fread(packet, sizeof(packet), 1, f) == 1 &&
		       packet[2] <= sizeof(data) &&
		       fread(data, packet[2], 1, f) == 1) {
			if (mac)
				address(data, mac);
			put(data, packet[2]);
		}
	}
	fclose(f);
}

static void usage(void)
{
	fprintf(stderr,
		"frames [-r PER_MS] IFACE random|version|init|solicit ETHERTYPE COUNT MAC\n"
		"frames [-r PER_MS] IFACE unknown ETHERTYPE COUNT MAC LEN\n"
		"frames [-r PER_MS] IFACE seal ETHERTYPE COUNT LEN\n"
		"frames [-r PER_MS] IFACE replay ETHERTYPE COUNT FILE [MAC]\n"
		"frames [-r PER_MS] IFACE cut|flip ETHERTYPE COUNT\n");
	exit(2);
}

/* A length of a frame, which has a header and a tag. */
static unsigned int length(const char *word)
{
	unsigned int len = strtoul(word, NULL, 0);

	if (len < 32 || len > mtu)
		usage();
	return len;
}

/* WHAT and the words behind it. */
static bool run(const char *what, char **word, int words)
{
	uint16_t ethertype = strtoul(word[0], NULL, 0);
	unsigned int count = strtoul(word[1], NULL, 0);

	if (!strcmp(what, "random") && words == 3)
		send_random(word[2], ethertype, count);
	else if (!strcmp(what, "version") && words == 3)
		send_version(word[2], ethertype, count);
	else if (!strcmp(what, "init") && words == 3)
		send_init(word[2], ethertype, count);
	else if (!strcmp(what, "solicit") && words == 3)
		send_solicit(word[2], ethertype, count);
	else if (!strcmp(what, "unknown") && words == 4)
		send_unknown(word[2], ethertype, count, length(word[3]));
	else if (!strcmp(what, "seal") && words == 3)
		send_seal(ethertype, count, length(word[2]));
	else if (!strcmp(what, "replay") && (words == 3 || words == 4))
		send_file(word[2], count, words == 4 ? word[3] : NULL);
	else if (!strcmp(what, "cut") && words == 2)
		send_mutated(count, ethertype, false);
	else if (!strcmp(what, "flip") && words == 2)
		send_mutated(count, ethertype, true);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "-r")) {
		per_ms = strtoul(argv[2], NULL, 0);
		argc -= 2;
		argv += 2;
	}
	if (argc < 5 || !per_ms)
		usage();
	/* a millisecond is no longer than that */
	prctl(PR_SET_TIMERSLACK, 1);
	attach(argv[1]);
	if (!run(argv[2], argv + 3, argc - 3))
		usage();
	printf("frames sent=%lu\n", sent);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Frames as the module's own codec writes and reads them, for ./run:
 *   make FOLDER  writes clear.pcap, frames of all kinds, with and without
 *                faults; sealed.pcap, the same under a key; and keys, its log
 *   view FILE    prints what the codec reads in a capture, a line a field:
 *                number of the frame, name of the field, value
 *   open FILE KEYS   opens what is sealed in a capture with a key log, and
 *                prints how many frames that were, and how many records of
 *                connections were in them
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "codec_ct.h"
#include "codec_expect.h"
#include "codec_link.h"
#include "codec_msg.h"
#include "codec_neigh.h"
#include "codec_object.h"
#include "codec_sa.h"
#include "codec_station.h"
#include "view.h"

#define ETH		14
#define ROOM		2048
#define INDEX		0x01020304

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* --- captures ----------------------------------------------------------- */

struct file_head {
	u32 magic;
	u16 major, minor;
	u32 zone, sigfigs, snaplen, linktype;
};

struct packet_head {
	u32 sec, usec, len, orig_len;
};

static FILE *create(const char *folder, const char *name)
{
	static const struct file_head head = {
		.magic = 0xa1b2c3d4, .major = 2, .minor = 4,
		.snaplen = 65535, .linktype = 1,
	};
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f)
		die(path);
	if (strstr(name, ".pcap"))
		fwrite(&head, sizeof(head), 1, f);
	return f;
}

static void save(FILE *f, const u8 *frame, size_t len)
{
	static const u8 eth[ETH] = { 3, 0x46, 0x4f, 0, 0, 1, 2, 0, 0, 0, 0, 1,
				     FO_ETHERTYPE >> 8, FO_ETHERTYPE & 0xff };
	struct packet_head head = { .len = ETH + len, .orig_len = ETH + len };

	fwrite(&head, sizeof(head), 1, f);
	fwrite(eth, ETH, 1, f);
	fwrite(frame, len, 1, f);
}

/* --- make --------------------------------------------------------------- */

static FILE *clear_file, *sealed_file;
static u8 key[crypto_aead_chacha20poly1305_ietf_KEYBYTES];
static u64 counter;

/* CRC-32C as the kernel's crc32c(~0, ...). */
static u32 crc32c(const u8 *p, size_t len)
{
	u32 crc = ~0u;
	int bit;

	while (len--)
		for (crc ^= *p++, bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	return crc;
}

static void save_clear(const struct fo_hdr *h, const u8 *body)
{
	u8 frame[ROOM] = { 0 };
	size_t at = h->len - FO_TAG_LEN;
	u32 crc;

	fo_hdr_put(frame, h);
	memcpy(frame + FO_HDR_LEN, body, at - FO_HDR_LEN);
	crc = htonl(crc32c(frame, at));
	memcpy(frame + at + 12, &crc, 4);
	save(clear_file, frame, h->len);
}

/* See nonce_of() in kmod/seal.c. */
static void nonce_of(const struct fo_hdr *h, u8 *nonce)
{
	int i;

	memset(nonce, 0, 4);
	for (i = 0; i < 7; i++)
		nonce[4 + i] = h->counter >> 8 * i;
	nonce[11] = h->type;
}

static void save_sealed(const struct fo_hdr *h, const u8 *body)
{
	u8 frame[ROOM], nonce[12];

	fo_hdr_put(frame, h);
	nonce_of(h, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(frame + FO_HDR_LEN, NULL,
						  body, h->len - FO_FRAME_OVERHEAD,
						  frame, FO_HDR_LEN, NULL,
						  nonce, key);
	save(sealed_file, frame, h->len);
}

static void put(u8 type, const u8 *body, size_t len)
{
	const struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type = type,
		.len = FO_FRAME_OVERHEAD + len,
		.assoc = INDEX,
		.counter = type == FO_FRAME_HAND ? 0 : ++counter << 25,
	};

	save_clear(&h, body);
	if (type == FO_FRAME_HAND)	/* which is never sealed */
		return;
	save_sealed(&h, body);
}

static u8 body[ROOM];
static struct fo_writer w;

static void begin(void)
{
	fo_writer_init(&w, body, sizeof(body));
}

static void end(u8 type)
{
	put(type, body, w.p - body);
}

static void make_hand(void)
{
	struct fo_hand h = {
		.op = FO_HAND_SOLICIT, .unit = 1, .assoc = 0xa1b2c3d4,
		.boot = 0x1122334455667788, .caps = FO_CAP_OTHER_KEY,
		.mtu = 1500, .version = "1.2.3-test",
	};

	for (; h.op <= FO_HAND_RESP; h.op++) {
		begin();
		fo_hand_put(&w, &h);
		/* of a later version: an attribute nobody knows */
		fo_attr_u32(&w, 31, 7);
		end(FO_FRAME_HAND);
		h.unit = 2;
		h.index = INDEX + h.op;
		h.stamp = 1764111111222333444 * (h.op == FO_HAND_SOLICIT);
		h.digest = 0xfedcba0987654321;
	}
}

static void make_hello(void)
{
	struct fo_hello h = {
		.role = 1, .state = 10, .epoch = 300, .flags = 0xff,
		.active_time = 86400, .up_time = 4000000000u, .objects = 1234567890123,
		.request = 2, .request_no = 128, .reports = 70001,
		.list = 0xfedcba9876543210, .held = 0x0123456789abcdef,
		.held_to = 70000, .ifcs = 2, .tracks = 2, .entries = 2,
		.digest = 0xf123456789abcdef, .of = 300, .settings = 2,
		.ifc = {
			{ 1, { 2, 0, 0, 0, 0, 1 }, "inside" },
			{ 6, { 2, 0, 0, 0, 0, 2 }, "outside-with-a-long-name" },
		},
		.track = { { 1, "uplink" }, { 4, "a-name-of-15-ch" } },
		.helpers = 2, .helper = { "ftp", "netbios-ns" },
		.refusals = 2, .refused = {
			{ 4711, "ct-table-full" }, { 1, "expect-refused" },
		},
		.entry = {
			{ 9, 1764111111222333444, 299, 0, 5, 6, 1, "other unit failed" },
			{ 10, 1764111111222333999, 300, 4, 6, 10, 1, "" },
		},
		.setting = {
			{ FO_SETTING_IFC_ADDR, 1, "inside", "10.0.0.1/24" },
			{ FO_SETTING_LINK_MTU, 1, "", "" },
		},
	};

	begin();
	fo_hello_put(&w, &h);
	end(FO_FRAME_HELLO);
	/* all that is zero is absent, as of an older unit */
	begin();
	fo_attr_u8(&w, FO_HELLO_A_STATE, 1);
	end(FO_FRAME_HELLO);
}

static void put_ct(u8 l3, u8 proto, u8 op, u8 nat, u32 has)
{
	struct fo_ct_rec rec = {
		.op = op, .slot = 4711, .l3 = l3, .proto = proto, .nat = nat,
		.orig = { { 10, 0, 0, 1 }, { 192, 0, 2, 7 }, { 0x9c, 0x40 },
			  { 0x01, 0xbb } },
		.reply = { { 198, 51, 100, 3 }, { 203, 0, 113, 9 },
			   { 0x1f, 0x90 }, { 0x9c, 0x41 } },
		.status = 0x19e, .timeout = 432000, .tcp_state = 3,
		.tcp_wscale = { 7, 8 }, .tcp_flags = { 0x03, 0x23 },
		.mark = 0x12345678, .zone = 3, .zone_dir = 3, .has = has,
		.labels = { 1, 0, 0x80 }, .shifted = nat < 8,
		.seqadj = { { 1000, 0, 1 }, { 2000, 0xfffffffe, 3 } },
		.start = 0x1800000000000000, .packets = { 10, 3000000000 },
		.bytes = { 4000, 4000000000000 }, .sctp_state = 3,
		.sctp_vtag = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } },
		.dccp_role = 1, .dccp_state = 4, .dccp_seq = 0x123456789abc,
		.helper = "ftp", .master = 4710, .secmark = 3,
	};

	fo_ct_rec_put(&w, &rec);
}

/* Each attribute by itself, each field of NAT, both families. */
static void make_data(void)
{
	const u32 all = BIT(FO_CT_A_STATUS) | BIT(FO_CT_A_TIMEOUT) |
			BIT(FO_CT_A_TCP) | BIT(FO_CT_A_MARK) |
			BIT(FO_CT_A_ZONE) | BIT(FO_CT_A_NAT) |
			BIT(FO_CT_A_SEQADJ);
	u8 nat;
	int a;

	begin();
	for (nat = 0; nat < 16; nat++)
		put_ct(nat & 1 ? 6 : 4, nat & 1 ? 6 : 17, FO_CT_CREATE, nat,
		       all | BIT(nat & 1 ? FO_CT_A_TUPLE6 : FO_CT_A_TUPLE4));
	end(FO_FRAME_DATA);
	begin();
	for (a = FO_CT_A_STATUS; a <= FO_CT_A_SECMARK; a++)
		put_ct(4, 6, FO_CT_UPDATE, 0, BIT(a));
	put_ct(4, 6, FO_CT_DELETE, 0, 0);
	end(FO_FRAME_DATA);
}

static void put_control(u8 op, u64 epoch)
{
	u8 *at = fo_rec_begin(&w, FO_CLASS_CONTROL, op);

	fo_put_var(&w, epoch);
	fo_rec_end(&w, at);
}

static void put_expectations(void)
{
	const u16 all = BIT(FO_EXPECT_E_CLASS) | BIT(FO_EXPECT_E_FLAGS) |
			BIT(FO_EXPECT_E_FN) | BIT(FO_EXPECT_E_NAT) |
			BIT(FO_EXPECT_E_HELPER) | BIT(FO_EXPECT_E_TIMEOUT);
	struct fo_expect e = {
		.has = all, .l3 = 4, .proto = 6,
		.tuple = { { 203, 0, 113, 10 }, { 203, 0, 113, 2 },
			   { 0, 20 }, { 0x9c, 0x40 } },
		.mask_saddr = { 255, 255, 255, 255 }, .mask_sport = { 1, 2 },
		.class = 2, .flags = 3, .fn = "nat-follow-master", .nat_dir = 1,
		.nat_port = { 0x9c, 0x41 }, .nat_addr = { 10, 10, 0, 10 },
		.helper = "sip", .timeout = 300,
	};
	const struct fo_sip sip = { 4711, 300, 70000, { 0x13, 0xc4 } };
	const struct fo_pptp pptp = {
		4712, 4, 3, { 0x40, 1 }, { 0xa7, 0x83 }, { 0x40, 1 }, { 0, 7 },
	};
	const struct fo_h323 h323 = {
		4713, { { 0x0a, 0xd8 }, { 0x0a, 0xd9 }, { 0x13, 0x8c }, { 0x13, 0x8e },
			[9] = { 0x13, 0x92 } },
	};
	u8 *at = fo_rec_begin(&w, FO_CLASS_EXPECT, FO_EXPECT_LIST);

	fo_put_var(&w, 4711);
	fo_expect_put(&w, &e);
	e.l3 = 6;
	fo_expect_put(&w, &e);
	fo_rec_end(&w, at);
	fo_sip_put(&w, &sip);
	fo_pptp_put(&w, &pptp);
	fo_h323_put(&w, &h323);
}

static void make_others(void)
{
	const struct fo_station_rec station = {
		FO_STATION_SEEN, { 2, 0, 0, 0xaa, 0xbb, 0xcc }, 100, "inside",
	};
	const struct fo_neigh_rec host = {
		FO_NEIGH_SEEN4, { 2, 0, 0, 0, 0, 5 }, { 10, 10, 0, 10 },
		"inside",
	}, host6 = {
		FO_NEIGH_SEEN6, { 2, 0, 0, 0, 0, 5 }, { 0xfd, [15] = 16 },
		"outside",
	};
	const struct fo_object_rec object = {
		FO_OBJECT_PUT, { "portal", 9, "192.0.2.7" }, 3600000,
		(const u8 *)"alice", 5,
	}, gone = { FO_OBJECT_DELETED, { "portal", 3, "\0\1\2" }, 0, NULL, 0 },
	secret = {
		FO_OBJECT_SECRET, { "ipsec-sa", 3, "\1\1\4" }, 0,
		(const u8 *)"\x10\1\7", 3,
	};
	const struct fo_sa_rec sa = {
		.id = { .op = FO_SA_USED4, .proto = 50,
			.daddr = { 203, 0, 113, 10 }, .spi = 0xc0ffee01 },
		.use = { .sent = 300, .bytes = 400000, .packets = 299 },
		.age = 5000, .used = 4990,
	}, sa6 = {
		.id = { .op = FO_SA_USED6, .proto = 51,
			.daddr = { 0xfd, [15] = 16 }, .spi = 256,
			.mark = 1, .mask = 0xff, .if_id = 7 },
		.in = true, .use.received = 1ULL << 40,
	};
	const struct fo_secmark_rec context = {
		3, "system_u:object_r:http_server_packet_t:s0",
	};
	const struct fo_ack ack = { 0x0102030405, 0xf00000000000000f };
	u8 *at;

	begin();
	put_control(FO_CONTROL_BULK_BEGIN, 1);
	put_control(FO_CONTROL_BULK_END, 4000000000);
	fo_station_rec_put(&w, &station);
	fo_neigh_rec_put(&w, &host);
	fo_neigh_rec_put(&w, &host6);
	fo_object_rec_put(&w, &object);
	fo_object_rec_put(&w, &gone);
	fo_object_rec_put(&w, &secret);
	fo_sa_rec_put(&w, &sa);
	fo_sa_rec_put(&w, &sa6);
	put_expectations();
	fo_secmark_rec_put(&w, &context);
	/* a class and an operation of a later version */
	at = fo_rec_begin(&w, 30, 1);
	fo_put_bytes(&w, "later", 5);
	fo_rec_end(&w, at);
	at = fo_rec_begin(&w, FO_CLASS_CONTROL, 7);
	fo_rec_end(&w, at);
	end(FO_FRAME_DATA);
	begin();
	fo_ack_put(&w, &ack);
	end(FO_FRAME_ACK);
}

static void make_msg(void)
{
	static u8 data[300];
	struct fo_msg m = { .no = 1, .id = 0x8877665544332211, .data = data,
			    .len = sizeof(data) };
	struct fo_msg_ack a = { .no = 200 };

	memset(data, 'x', sizeof(data));
	for (; m.kind < 2; m.kind++, m.no += 1000, m.len = 5) {
		begin();
		a.result = m.kind;
		fo_msg_ack_put(&w, &a);
		fo_msg_put(&w, &m);
		end(FO_FRAME_MSG);
	}
}

static void make_echo(void)
{
	const struct fo_echo there = { FO_ECHO_REQUEST, 1, 0x1122334455667788 };
	const struct fo_echo back = { FO_ECHO_REPLY, 0, 1 };

	begin();
	fo_echo_put(&w, &there);
	end(FO_FRAME_ECHO);
	begin();
	fo_echo_put(&w, &back);
	fo_put_bytes(&w, "\0\0\0\0", 4);
	end(FO_FRAME_ECHO);
}

/* What the codec refuses. */
static void make_faults(void)
{
	struct fo_hdr other = { FO_WIRE_VERSION + 1, FO_FRAME_HELLO,
				FO_FRAME_OVERHEAD, 0, 1 };
	u8 *at;

	begin();
	put_ct(4, 6, FO_CT_CREATE, 0, BIT(FO_CT_A_TUPLE4));
	w.p -= 3;	/* cut within its record */
	end(FO_FRAME_DATA);
	begin();
	at = fo_rec_begin(&w, FO_CLASS_CT, FO_CT_UPDATE);
	fo_put_var(&w, 7);
	fo_attr_put(&w, FO_CT_A_TCP, "abc", 3);
	fo_rec_end(&w, at);
	end(FO_FRAME_DATA);
	put(FO_FRAME_ACK, body, 15);
	save_clear(&other, body);
}

static int make(const char *folder)
{
	FILE *keys = create(folder, "keys");
	size_t i;

	clear_file = create(folder, "clear.pcap");
	sealed_file = create(folder, "sealed.pcap");
	randombytes_buf(key, sizeof(key));
	fprintf(keys, "%08x ", INDEX);
	for (i = 0; i < sizeof(key); i++)
		fprintf(keys, "%02x", key[i]);
	fprintf(keys, "\n");
	make_hand();
	make_hello();
	make_data();
	make_others();
	make_msg();
	make_echo();
	make_faults();
	return fclose(keys) || fclose(clear_file) || fclose(sealed_file);
}

/* --- view --------------------------------------------------------------- */

static unsigned int number;

static void view(const u8 *frame, size_t len)
{
	view_frame(number, frame, len);
}

static int each_frame(const char *path, void (*fn)(const u8 *, size_t))
{
	FILE *f = fopen(path, "r");
	struct packet_head head;
	struct file_head start;
	u8 packet[65536];

	if (!f || fread(&start, sizeof(start), 1, f) != 1)
		die(path);
	while (fread(&head, sizeof(head), 1, f) == 1 &&
	       head.len <= sizeof(packet) &&
	       fread(packet, head.len, 1, f) == 1) {
		number++;
		fn(packet + ETH, head.len - ETH);
	}
	return fclose(f);
}

/* --- open --------------------------------------------------------------- */

#define KEYS	64

static struct {
	u32 index;
	u8 key[sizeof(key)];
} known[KEYS];
static unsigned int keys, opened, connections;

static void read_keys(const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned int index;
	char hex[65];

	if (!f)
		die(path);
	while (keys < KEYS && fscanf(f, "%x %64s", &index, hex) == 2) {
		known[keys].index = index;
		sodium_hex2bin(known[keys++].key, sizeof(key), hex, 64, NULL,
			       NULL, NULL);
	}
	fclose(f);
}

static void count_connections(const u8 *body, size_t len)
{
	struct fo_reader r;
	struct fo_rec rec;

	fo_reader_init(&r, body, len);
	while (fo_rec_get(&r, &rec) > 0)
		connections += rec.class == FO_CLASS_CT;
}

static void open_frame(const u8 *frame, size_t len)
{
	u8 body[65536], nonce[12];
	unsigned long long body_len;
	struct fo_hdr h;
	unsigned int i;

	if (fo_hdr_get(frame, len, &h) || h.version != FO_WIRE_VERSION)
		return;
	nonce_of(&h, nonce);
	for (i = 0; i < keys; i++) {
		if (known[i].index != h.assoc ||
		    crypto_aead_chacha20poly1305_ietf_decrypt(body, &body_len,
				NULL, frame + FO_HDR_LEN, h.len - FO_HDR_LEN,
				frame, FO_HDR_LEN, nonce, known[i].key))
			continue;
		opened++;
		if (h.type == FO_FRAME_DATA)
			count_connections(body, body_len);
		return;
	}
}

static int open_all(const char *path, const char *log)
{
	int err;

	read_keys(log);
	err = each_frame(path, open_frame);
	printf("frames opened=%u connections=%u\n", opened, connections);
	return err;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "make"))
		return make(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "view"))
		return each_frame(argv[2], view);
	if (argc == 4 && !strcmp(argv[1], "open"))
		return open_all(argv[2], argv[3]);
	fprintf(stderr, "codec make FOLDER | view FILE | open FILE KEYS\n");
	return 2;
}

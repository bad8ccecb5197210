// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the seeds of the fuzz targets: real frames and bodies, made by the
 * encoders. usage: mkcorpus FOLDER
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "codec_ct.h"
#include "codec_expect.h"
#include "codec_link.h"
#include "codec_msg.h"
#include "codec_neigh.h"
#include "codec_object.h"
#include "codec_sa.h"
#include "codec_station.h"
#include "fuzz_session.h"

static const char *folder;

static void save(const char *target, const char *name, const void *p, size_t len)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, target, name);
	f = fopen(path, "w");
	if (!f || fwrite(p, 1, len, f) != len || fclose(f)) {
		perror(path);
		exit(1);
	}
}

static struct fo_ct_rec connection(u8 l3, u8 proto, u8 op)
{
	struct fo_ct_rec rec = {
		.op = op,
		.slot = 4711,
		.l3 = l3,
		.proto = proto,
		.orig = {
			.saddr = { 10, 0, 0, 1 },
			.daddr = { 192, 0, 2, 7 },
			.sport = { 0x9c, 0x40 },
			.dport = { 0x01, 0xbb },
		},
		.reply = {
			.daddr = { 203, 0, 113, 9 },
			.dport = { 0x9c, 0x41 },
		},
		.nat = FO_CT_NAT_DADDR | FO_CT_NAT_DPORT,
		.status = 0x19e,
		.timeout = 432000,
		.tcp_state = 3,
		.tcp_wscale = { 7, 8 },
		.tcp_flags = { 0x03, 0x23 },
		.mark = 0x12345678,
		.zone = 3,
		.zone_dir = 3,
		.labels = { 1, 0, 0x80 },
		.shifted = true,
		.seqadj = { { 1000, 0, 1 }, { 2000, 0xfffffffe, 3 } },
		.start = 0x1800000000000000,
		.packets = { 10, 3000000000 },
		.bytes = { 4000, 4000000000000 },
		.sctp_state = 3,
		.sctp_vtag = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 } },
		.dccp_role = 1,
		.dccp_state = 4,
		.dccp_seq = 0x123456789abc,
	};

	if (op == FO_CT_DELETE)
		return rec;
	rec.has = BIT(FO_CT_A_STATUS) | BIT(FO_CT_A_TIMEOUT) | BIT(FO_CT_A_MARK);
	if (proto == 6)
		rec.has |= BIT(FO_CT_A_TCP) | BIT(FO_CT_A_SEQADJ);
	if (proto == 33)
		rec.has |= BIT(FO_CT_A_DCCP);
	if (proto == 132)
		rec.has |= BIT(FO_CT_A_SCTP) | BIT(FO_CT_A_LABELS) |
			   BIT(FO_CT_A_START) | BIT(FO_CT_A_ACCT);
	if (op == FO_CT_CREATE)
		rec.has |= BIT(FO_CT_A_NAT) | BIT(FO_CT_A_ZONE) |
			   BIT(l3 == 4 ? FO_CT_A_TUPLE4 : FO_CT_A_TUPLE6);
	return rec;
}

static void save_frame(const char *name, u8 *buf, struct fo_writer *w)
{
	struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type = FO_FRAME_DATA,
		.len = w->p - buf + FO_TAG_LEN,
		.assoc = 0x01020304,
		.counter = 77,
	};

	fo_hdr_put(buf, &h);
	memset(w->p, 0, FO_TAG_LEN);
	save("fuzz_frame", name, buf, h.len);
}

/* The data connection of FTP through NAT, and a call of IPv6. */
static void put_expectations(struct fo_writer *w)
{
	const struct fo_expect data = {
		.has = BIT(FO_EXPECT_E_FN) | BIT(FO_EXPECT_E_NAT) |
		       BIT(FO_EXPECT_E_TIMEOUT),
		.l3 = 4, .proto = 6,
		.tuple = { { 203, 0, 113, 10 }, { 203, 0, 113, 2 }, { 0 },
			   { 0x9c, 0x40 } },
		.mask_saddr = { 255, 255, 255, 255 },
		.fn = "nat-follow-master", .nat_dir = 1,
		.nat_port = { 0x9c, 0x40 }, .nat_addr = { 10, 10, 0, 10 },
		.timeout = 300,
	}, call = {
		.has = BIT(FO_EXPECT_E_CLASS) | BIT(FO_EXPECT_E_FLAGS) |
		       BIT(FO_EXPECT_E_HELPER) | BIT(FO_EXPECT_E_TIMEOUT),
		.l3 = 6, .proto = 17,
		.tuple = { { 0xfd, [15] = 1 }, { 0xfd, [15] = 2 }, { 0 },
			   { 0x13, 0xc4 } },
		.class = 1, .flags = 3, .helper = "sip", .timeout = 1800,
	};
	const struct fo_sip sip = { 4711, 2, 70000, { 0x13, 0xc4 } };
	const struct fo_pptp pptp = {
		4712, 4, 3, { 0x40, 1 }, { 0xa7, 0x83 }, { 0x40, 1 }, { 0, 7 },
	};
	const struct fo_h323 h323 = {
		4713, { { 0x0a, 0xd8 }, { 0x0a, 0xd9 }, { 0x13, 0x8c }, { 0x13, 0x8e },
			[9] = { 0x13, 0x92 } },
	};
	u8 *begin = fo_rec_begin(w, FO_CLASS_EXPECT, FO_EXPECT_LIST);

	fo_put_var(w, 4711);
	fo_expect_put(w, &data);
	fo_expect_put(w, &call);
	fo_rec_end(w, begin);
	fo_sip_put(w, &sip);
	fo_pptp_put(w, &pptp);
	fo_h323_put(w, &h323);
}

static void frames(void)
{
	static const struct {
		const char *name;
		u8 l3, proto, op;
	} t[] = {
		{ "create4-tcp", 4, 6, FO_CT_CREATE },
		{ "create4-udp", 4, 17, FO_CT_CREATE },
		{ "create6-tcp", 6, 6, FO_CT_CREATE },
		{ "create6-icmp", 6, 58, FO_CT_CREATE },
		{ "create4-dccp", 4, 33, FO_CT_CREATE },
		{ "update", 4, 6, FO_CT_UPDATE },
		{ "delete", 4, 6, FO_CT_DELETE },
	};
	struct fo_ct_rec rec;
	struct fo_writer w, all;
	u8 buf[1500], many[1500], *begin;
	static const u8 zeros[200];
	const struct fo_station_rec station = {
		.op = FO_STATION_SEEN, .mac = { 2, 0, 0, 0, 0, 0x51 },
		.vlan = 17, .port = "inside",
	};
	const struct fo_neigh_rec host = {
		.op = FO_NEIGH_SEEN4, .mac = { 2, 0, 0, 0, 0, 0x51 },
		.addr = { 10, 10, 0, 1 }, .nameif = "inside",
	}, host6 = {
		.op = FO_NEIGH_SEEN6, .mac = { 2, 0, 0, 0, 0, 0x51 },
		.addr = { 0xfd, [15] = 1 }, .nameif = "inside",
	};
	const struct fo_object_rec object = {
		.op = FO_OBJECT_PUT,
		.key = { .space = "portal", .len = 9, .key = "192.0.2.7" },
		.left = 3600000, .value = (const u8 *)"alice", .len = 5,
	}, expired = { .op = FO_OBJECT_EXPIRED, .key = object.key },
	secret = {
		.op = FO_OBJECT_SECRET,
		.key = { .space = "ipsec-sa", .len = 3, .key = "\1\1\4" },
		.value = (const u8 *)"\x10\1\7", .len = 3,
	};
	const struct fo_sa_rec sa = {
		.id = { .op = FO_SA_USED4, .proto = 50,
			.daddr = { 203, 0, 113, 10 }, .spi = 0xc0ffee01 },
		.use = { .sent = 300, .bytes = 400000, .packets = 300 },
		.age = 5000, .used = 4990,
	}, sa6 = {
		.id = { .op = FO_SA_USED6, .proto = 51,
			.daddr = { 0xfd, [15] = 1 }, .spi = 256,
			.mark = 1, .mask = 0xff, .if_id = 7 },
		.in = true, .use.received = 1ULL << 40,
	};
	const struct fo_secmark_rec context = {
		3, "system_u:object_r:http_server_packet_t:s0",
	};
	const struct fo_msg part = { .no = 300, .kind = 1, .id = 5,
				     .data = zeros, .len = 40 };
	const struct fo_msg_ack ack = { .no = 300, .result = 1 };
	size_t i;

	fo_writer_init(&all, many + FO_HDR_LEN, sizeof(many) - FO_FRAME_OVERHEAD);
	begin = fo_rec_begin(&all, FO_CLASS_CONTROL, FO_CONTROL_BULK_BEGIN);
	fo_put_var(&all, 300);
	fo_rec_end(&all, begin);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		rec = connection(t[i].l3, t[i].proto, t[i].op);
		fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
		fo_ct_rec_put(&w, &rec);
		save_frame(t[i].name, buf, &w);
		fo_ct_rec_put(&all, &rec);
	}
	fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
	fo_station_rec_put(&w, &station);
	save_frame("station", buf, &w);
	fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
	fo_neigh_rec_put(&w, &host);
	fo_neigh_rec_put(&w, &host6);
	save_frame("neighbour", buf, &w);
	fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
	fo_object_rec_put(&w, &object);
	fo_object_rec_put(&w, &expired);
	fo_object_rec_put(&w, &secret);
	save_frame("object", buf, &w);
	fo_sa_rec_put(&w, &sa);
	fo_sa_rec_put(&w, &sa6);
	save_frame("sa", buf, &w);
	fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
	put_expectations(&w);
	save_frame("expectation", buf, &w);
	fo_writer_init(&w, buf + FO_HDR_LEN, sizeof(buf) - FO_FRAME_OVERHEAD);
	fo_secmark_rec_put(&w, &context);
	save_frame("secmark", buf, &w);
	fo_msg_put(&all, &part);
	fo_msg_ack_put(&all, &ack);
	begin = fo_rec_begin(&all, 9, 1);	/* of a class to come, and long */
	fo_put_bytes(&all, zeros, sizeof(zeros));
	fo_rec_end(&all, begin);
	begin = fo_rec_begin(&all, FO_CLASS_CONTROL, FO_CONTROL_BULK_END);
	fo_put_var(&all, 300);
	fo_rec_end(&all, begin);
	save_frame("all", many, &all);
}

static void bodies(void)
{
	const struct fo_hand hand = {
		.op = FO_HAND_RESP, .unit = 1, .assoc = 0xa1b2c3d4,
		.boot = 0x1122334455667788ULL, .mtu = 9000, .version = "1.0.0",
		.digest = 0xfedcba9876543211ULL,
	};
	const struct fo_hello hello = {
		.role = 1, .state = 10, .flags = FO_HELLO_DAEMON | FO_HELLO_SYNCED,
		.epoch = 4, .active_time = 86400, .up_time = 90000, .objects = 1000000,
		.refusals = 1, .refused = { { 12, "ct-table-full" } },
		.ifcs = 2,
		.ifc = {
			{ 1, { 2, 0, 0, 0, 1, 1 }, "inside" },
			{ 5, { 2, 0, 0, 0, 1, 2 }, "outside" },
		},
		.list = 0x0102030405060708ULL, .held = 0x1112131415161718ULL,
		.held_to = 300, .entries = 2,
		.entry = {
			{ 5, 1700000000000000000ULL, 4, 0, 5, 6, 1,
			  "HELLO not heard from mate" },
			{ 6, 1700000000001000000ULL, 4, 0, 6, 7, 1, "" },
		},
	};
	const struct fo_hello settings = {
		.role = 2, .state = 6, .digest = 0x2122232425262729ULL, .of = 21,
		.settings = 2,
		.setting = {
			{ 2, 0, "", "msec 200 holdtime msec 800" },
			{ 18, 1, "inside", "10.10.0.254/24 standby 10.10.0.253" },
		},
	};
	/* a digest of nothing counts nothing */
	static const u8 no_digest[] = {
		1, FO_HELLO_A_DIGEST << 3 | 7, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	};
	const struct fo_ack ack = { 4711, 0x8000000000000005ULL };
	struct fo_writer w;
	u8 buf[1024];

	fo_writer_init(&w, buf, sizeof(buf));
	fo_put_u8(&w, 0);
	fo_hand_put(&w, &hand);
	save("fuzz_hello", "hand", buf, w.p - buf);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_put_u8(&w, 1);
	fo_hello_put(&w, &hello);
	save("fuzz_hello", "hello", buf, w.p - buf);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_put_u8(&w, 1);
	fo_hello_put(&w, &settings);
	save("fuzz_hello", "settings", buf, w.p - buf);
	save("fuzz_hello", "no_digest", no_digest, sizeof(no_digest));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_put_u8(&w, 2);
	fo_ack_put(&w, &ack);
	save("fuzz_hello", "ack", buf, w.p - buf);
}

/* Calls as in fuzz_window.c. */
static void calls(void)
{
	static const u8 gap[] = {
		1, 8,  4, 20,  3,  2, 0, 0x7f,  3,  4, 25,  3,  2, 8, 0,  3,
	};
	static const u8 full[] = {
		1, 255, 0, 0, 0,  2, 127, 0,  1, 200,  4, 29,  3,  2, 0xff, 1,
	};
	static const u8 received[] = {
		5, 1, 5, 2, 6, 5, 0, 5, 0, 5, 20, 6, 5, 85, 5, 0xff, 5, 0, 6,
	};

	save("fuzz_window", "gap", gap, sizeof(gap));
	save("fuzz_window", "full", full, sizeof(full));
	save("fuzz_window", "received", received, sizeof(received));
}

/* What happens to two units, as in fuzz_session.h. */
static void stories(void)
{
#define MEET	TIME, 1, ARRIVE_ALL, READY, 0, READY, 1
#define PUSH_8	PUSH, 8 << 3
	static const u8 traffic[] = {
		0, MEET, PUSH_8, ARRIVE_ALL, HELLO, 1, ARRIVE_ALL, PUSH_8,
		ARRIVE_ALL,
	};
	static const u8 trouble[] = {
		1, MEET, PUSH_8, LOSE, 0, ARRIVE, 3, DOUBLE, 0, DAMAGE, 1, 40, 7,
		ARRIVE_ALL, TIME, 50, ARRIVE_ALL,
	};
	static const u8 restart[] = {
		0, MEET, PUSH_8, RESTART, 1, ARRIVE_ALL, TIME, 50, ARRIVE_ALL,
		READY, 0, PUSH_8, DROP, 0, ARRIVE_ALL, TIME, 150, ARRIVE_ALL,
	};
	static const u8 forged[] = {
		0, MEET, PUSH_8, RESEAL, 0, 20, 1, FORGE, 1, 3, 4, 0, 1, 2, 3, 4,
		FORGE, 1, 1, 2, 9, 1, 2, ARRIVE_ALL,
	};
	static const u8 messages[] = {
		0, MEET, SAY, 5 << 4, TIME, 1, ARRIVE_ALL, SAY, 1 | 2 << 4,
		TIME, 1, DOUBLE, 0, LOSE, 0, ARRIVE_ALL, TIME, 10, ARRIVE_ALL,
		TIME, 10, ARRIVE_ALL, SAY, 3 << 4, DROP, 1, TIME, 150,
	};

	save("fuzz_session", "traffic", traffic, sizeof(traffic));
	save("fuzz_session", "trouble", trouble, sizeof(trouble));
	save("fuzz_session", "restart", restart, sizeof(restart));
	save("fuzz_session", "forged", forged, sizeof(forged));
	save("fuzz_session", "messages", messages, sizeof(messages));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return fprintf(stderr, "usage: mkcorpus FOLDER\n"), 2;
	folder = argv[1];
	mkdir(folder, 0777);
	frames();
	bodies();
	calls();
	stories();
	return 0;
}

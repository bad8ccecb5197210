// SPDX-License-Identifier: GPL-2.0
/* Records of connections: codec_ct.c. */

#include "codec_ct.h"
#include "test.h"

#define ROOM	256
#define TUPLES	(BIT(FO_CT_A_TUPLE4) | BIT(FO_CT_A_TUPLE6))
#define ESTABLISHED	3	/* TCP_CONNTRACK_ESTABLISHED */

/*
 * IPS_SEEN_REPLY | ASSURED | SRC_NAT_DONE | DST_NAT_DONE, which is what an
 * established connection has where there is a NAT table; with NAT; and all bits
 * that go over the wire.
 */
#define STATUS_PLAIN	0x186
#define STATUS_NAT	0x196
#define STATUS_ALL	0x7b6

static size_t put(u8 *buf, size_t room, const struct fo_ct_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_ct_rec_put(&w, rec);
	return w.full ? 0 : w.p - buf;
}

static int get(const u8 *buf, size_t len, struct fo_ct_rec *rec,
	       unsigned int *unknown)
{
	u8 *p = exact(buf, len);
	struct fo_reader r;
	struct fo_rec from;
	int err;

	memset(rec, 0xee, sizeof(*rec));
	fo_reader_init(&r, p, len);
	err = fo_rec_get(&r, &from);
	if (err == 1) {
		assert_int_equal(from.class, FO_CLASS_CT);
		err = fo_ct_rec_get(&from, rec, unknown);
	} else {
		err = -EBADMSG;
	}
	exact_free(p, len);
	return err;
}

static void assert_tuple_equal(const struct fo_tuple *a, const struct fo_tuple *b)
{
	assert_memory_equal(a, b, sizeof(*a));
}

static void assert_rec_equal(const struct fo_ct_rec *a, const struct fo_ct_rec *b)
{
	assert_int_equal(a->op, b->op);
	assert_int_equal(a->has, b->has);
	assert_int_equal(a->slot, b->slot);
	assert_int_equal(a->secmark, b->secmark);
	assert_int_equal(a->l3, b->l3);
	assert_int_equal(a->proto, b->proto);
	assert_tuple_equal(&a->orig, &b->orig);
	assert_int_equal(a->nat, b->nat);
	assert_tuple_equal(&a->reply, &b->reply);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->timeout, b->timeout);
	assert_int_equal(a->tcp_state, b->tcp_state);
	assert_memory_equal(a->tcp_wscale, b->tcp_wscale, 2);
	assert_memory_equal(a->tcp_flags, b->tcp_flags, 2);
	assert_int_equal(a->mark, b->mark);
	assert_int_equal(a->zone, b->zone);
	assert_int_equal(a->zone_dir, b->zone_dir);
	assert_memory_equal(a->labels, b->labels, sizeof(a->labels));
	assert_int_equal(a->shifted, b->shifted);
	assert_memory_equal(a->seqadj, b->seqadj, sizeof(a->seqadj));
	assert_int_equal(a->start, b->start);
	assert_memory_equal(a->packets, b->packets, sizeof(a->packets));
	assert_memory_equal(a->bytes, b->bytes, sizeof(a->bytes));
	assert_int_equal(a->sctp_state, b->sctp_state);
	assert_memory_equal(a->sctp_vtag, b->sctp_vtag, sizeof(a->sctp_vtag));
	assert_int_equal(a->dccp_role, b->dccp_role);
	assert_int_equal(a->dccp_state, b->dccp_state);
	assert_int_equal(a->dccp_seq, b->dccp_seq);
	assert_string_equal(a->helper, b->helper);
	assert_int_equal(a->master, b->master);
}

static void random_tuple(struct rng *rng, struct fo_ct_rec *rec)
{
	size_t len;

	rec->l3 = rng_below(rng, 2) ? 4 : 6;
	len = rec->l3 == 4 ? 4 : 16;
	rec->has |= BIT(rec->l3 == 4 ? FO_CT_A_TUPLE4 : FO_CT_A_TUPLE6);
	rec->proto = rng_next(rng);
	rng_fill(rng, rec->orig.saddr, len);
	rng_fill(rng, rec->orig.daddr, len);
	rng_fill(rng, rec->orig.sport, 2);
	rng_fill(rng, rec->orig.dport, 2);
	if (rng_below(rng, 2))
		return;
	rec->has |= BIT(FO_CT_A_NAT);
	rec->nat = rng_below(rng, 16);
	if (rec->nat & FO_CT_NAT_SADDR)
		rng_fill(rng, rec->reply.saddr, len);
	if (rec->nat & FO_CT_NAT_DADDR)
		rng_fill(rng, rec->reply.daddr, len);
	if (rec->nat & FO_CT_NAT_SPORT)
		rng_fill(rng, rec->reply.sport, 2);
	if (rec->nat & FO_CT_NAT_DPORT)
		rng_fill(rng, rec->reply.dport, 2);
}

static void random_rare(struct rng *rng, struct fo_ct_rec *rec)
{
	int i;

	rec->has |= rng_next(rng) &
		    (BIT(FO_CT_A_LABELS) | BIT(FO_CT_A_SEQADJ) | BIT(FO_CT_A_START) |
		     BIT(FO_CT_A_ACCT) | BIT(FO_CT_A_SCTP) | BIT(FO_CT_A_DCCP) |
		     BIT(FO_CT_A_SECMARK));
	if (rec->has & BIT(FO_CT_A_SECMARK))
		rec->secmark = 1 + rng_below(rng, FO_SECMARKS);
	if (rec->has & BIT(FO_CT_A_LABELS))
		rng_fill(rng, rec->labels, rng_below(rng, FO_CT_LABELS + 1));
	if (rec->has & BIT(FO_CT_A_START))
		rec->start = rng_sized(rng, 64);
	if (rec->has & BIT(FO_CT_A_SEQADJ))
		rec->shifted = rng_below(rng, 2);
	if (rec->has & BIT(FO_CT_A_SCTP)) {
		rec->sctp_state = rng_next(rng);
		rng_fill(rng, rec->sctp_vtag, sizeof(rec->sctp_vtag));
	}
	if (rec->has & BIT(FO_CT_A_DCCP)) {
		rec->dccp_role = rng_below(rng, 2);
		rec->dccp_state = rng_next(rng);
		rec->dccp_seq = rng_sized(rng, 48);
	}
	for (i = 0; i < 2; i++) {
		if (rec->shifted) {
			rec->seqadj[i].pos = rng_next(rng);
			rec->seqadj[i].before = rng_next(rng);
			rec->seqadj[i].after = rng_next(rng);
		}
		if (rec->has & BIT(FO_CT_A_ACCT)) {
			rec->packets[i] = rng_sized(rng, 64);
			rec->bytes[i] = rng_sized(rng, 64);
		}
	}
}

static void random_rec(struct rng *rng, struct fo_ct_rec *rec)
{
	memset(rec, 0, sizeof(*rec));
	rec->op = 1 + rng_below(rng, 3);
	rec->slot = 1 + rng_below(rng, rng_below(rng, 2) ? 200 : FO_SLOT_MAX);
	if (rec->op == FO_CT_CREATE || rng_below(rng, 2))
		random_tuple(rng, rec);
	rec->has |= rng_next(rng) &
		    (BIT(FO_CT_A_STATUS) | BIT(FO_CT_A_TIMEOUT) | BIT(FO_CT_A_TCP) |
		     BIT(FO_CT_A_MARK) | BIT(FO_CT_A_ZONE));
	if (rec->has & BIT(FO_CT_A_STATUS))
		rec->status = rng_sized(rng, 32);
	if (rec->has & BIT(FO_CT_A_TIMEOUT))
		rec->timeout = rng_sized(rng, 32);
	if (rec->has & BIT(FO_CT_A_TCP)) {
		rec->tcp_state = rng_next(rng);
		rec->tcp_wscale[0] = rng_below(rng, 16);
		rec->tcp_wscale[1] = rng_below(rng, 16);
		rng_fill(rng, rec->tcp_flags, 2);
	}
	if (rec->has & BIT(FO_CT_A_MARK))
		rec->mark = rng_sized(rng, 32);
	if (rec->has & BIT(FO_CT_A_ZONE)) {
		rec->zone = rng_next(rng);
		rec->zone_dir = 1 + rng_next(rng) % 3;
	}
	if (rng_below(rng, 2))
		random_rare(rng, rec);
}

static void round_trip(void **state)
{
	struct fo_ct_rec rec, got;
	struct rng rng = { 8 };
	unsigned int unknown;
	u8 buf[ROOM];
	size_t len;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		random_rec(&rng, &rec);
		len = put(buf, sizeof(buf), &rec);
		assert_true(len);
		assert_int_equal(get(buf, len, &got, &unknown), 0);
		assert_int_equal(unknown, 0);
		assert_rec_equal(&rec, &got);
	}
}

/* The record's own length makes every cut visible. */
static void truncated(void **state)
{
	struct fo_ct_rec rec, got;
	struct rng rng = { 9 };
	unsigned int unknown;
	u8 buf[ROOM];
	size_t len, cut;
	int i;

	(void)state;
	for (i = 0; i < 500; i++) {
		random_rec(&rng, &rec);
		len = put(buf, sizeof(buf), &rec);
		for (cut = 0; cut < len; cut++)
			assert_int_equal(get(buf, cut, &got, &unknown), -EBADMSG);
	}
}

/* Cut within the body, the length corrected: refused, or less is known. */
static void body_truncated(void **state)
{
	struct fo_ct_rec rec, got;
	struct rng rng = { 10 };
	unsigned int unknown;
	u8 buf[ROOM];
	size_t len, cut;
	int i, good, err;

	(void)state;
	for (i = 0; i < 500; i++) {
		random_rec(&rng, &rec);
		len = put(buf, sizeof(buf), &rec);
		if (len > 129)	/* its own length takes two bytes */
			continue;
		for (cut = 2, good = 0; cut < len; cut++) {
			buf[1] = cut - 2;
			err = get(buf, cut, &got, &unknown);
			good += !err;
			assert_true(err == 0 || err == -EBADMSG);
			if (err)
				continue;
			assert_int_equal(got.slot, rec.slot);
			assert_int_equal(got.has & ~rec.has, 0);
			assert_true(got.has != rec.has);
		}
		assert_true(good <= __builtin_popcount(rec.has));
	}
}

static void without_room(void **state)
{
	struct fo_ct_rec rec;
	struct rng rng = { 11 };
	struct fo_writer w;
	size_t len, have;
	u8 buf[ROOM], *p;
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		random_rec(&rng, &rec);
		len = put(buf, sizeof(buf), &rec);
		for (have = 0; have < len; have++) {
			p = exact(NULL, have);
			fo_writer_init(&w, p, have);
			fo_ct_rec_put(&w, &rec);
			assert_true(w.full);
			assert_true(w.p <= w.end);
			exact_free(p, have);
		}
	}
}

/* --- bytes that make no sense, and those of a later version ------------- */

#define T4	0x0f, 13, 6, 10, 0, 0, 1, 10, 0, 0, 2, 0, 80, 1, 0
#define T6	0x17, 37, 6, \
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, \
		2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 80, 1, 0
#define LETTERS	'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', \
		'm', 'n', 'o'
#define BYTES(...)	(const u8 []){ __VA_ARGS__ }, sizeof((u8 []){ __VA_ARGS__ })

static const struct {
	const char *what;
	int op;
	const u8 *body;
	size_t len;
	int want;
	unsigned int unknown;
} bodies[] = {
	{ "nothing", FO_CT_DELETE, NULL, 0, -EBADMSG, 0 },
	{ "slot 0", FO_CT_DELETE, BYTES(0), -EBADMSG, 0 },
	{ "slot 1", FO_CT_DELETE, BYTES(1), 0, 0 },
	{ "greatest slot", FO_CT_DELETE, BYTES(0xff, 0xff, 0xff, 7), 0, 0 },
	{ "slot too great", FO_CT_DELETE, BYTES(0x80, 0x80, 0x80, 8), -EBADMSG, 0 },
	{ "slot of 64 bits", FO_CT_DELETE,
	  BYTES(0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1), -EBADMSG, 0 },
	{ "slot without end", FO_CT_DELETE, BYTES(0x80), -EBADMSG, 0 },
	{ "create", FO_CT_CREATE, BYTES(1, T4), 0, 0 },
	{ "create of IPv6", FO_CT_CREATE, BYTES(1, T6), 0, 0 },
	{ "create without tuple", FO_CT_CREATE, BYTES(1, 0x21, 14), -EBADMSG, 0 },
	{ "both families", FO_CT_CREATE, BYTES(1, T4, T6), -EBADMSG, 0 },
	{ "both families, reversed", FO_CT_UPDATE, BYTES(1, T6, T4), -EBADMSG, 0 },
	{ "short tuple", FO_CT_CREATE, BYTES(1, 0x0f, 12, 6, 1, 1, 1, 1, 2, 2, 2, 2,
					     0, 80, 1), -EBADMSG, 0 },
	{ "empty tuple", FO_CT_CREATE, BYTES(1, 0x08), -EBADMSG, 0 },
	{ "IPv6 with 4 byte addresses", FO_CT_CREATE,
	  BYTES(1, 0x17, 13, 6, 10, 0, 0, 1, 10, 0, 0, 2, 0, 80, 1, 0), -EBADMSG, 0 },
	{ "NAT before its tuple", FO_CT_CREATE, BYTES(1, 0x1b, 4, 1, 2, T4),
	  -EBADMSG, 0 },
	{ "NAT without tuple", FO_CT_UPDATE, BYTES(1, 0x1b, 4, 1, 2), -EBADMSG, 0 },
	{ "NAT of nothing", FO_CT_CREATE, BYTES(1, T4, 0x19, 0), 0, 0 },
	{ "NAT without fields", FO_CT_CREATE, BYTES(1, T4, 0x18), -EBADMSG, 0 },
	{ "NAT cut short", FO_CT_CREATE, BYTES(1, T4, 0x1c, 1, 10, 0, 0), -EBADMSG, 0 },
	{ "NAT with a later field", FO_CT_CREATE, BYTES(1, T4, 0x1d, 0x14, 1, 2, 9, 9),
	  0, 0 },
	{ "empty status", FO_CT_UPDATE, BYTES(1, 0x20), -EBADMSG, 0 },
	{ "status without end", FO_CT_UPDATE, BYTES(1, 0x22, 0x80, 0x80), -EBADMSG, 0 },
	{ "empty timeout", FO_CT_UPDATE, BYTES(1, 0x28), -EBADMSG, 0 },
	{ "short TCP", FO_CT_UPDATE, BYTES(1, 0x33, 3, 0x77, 1), -EBADMSG, 0 },
	{ "longer TCP", FO_CT_UPDATE, BYTES(1, 0x36, 3, 0x77, 1, 1, 9, 9), 0, 0 },
	{ "empty mark", FO_CT_UPDATE, BYTES(1, 0x38), -EBADMSG, 0 },
	{ "no labels", FO_CT_UPDATE, BYTES(1, 0x48), 0, 0 },
	{ "labels", FO_CT_UPDATE, BYTES(1, 0x49, 1), 0, 0 },
	{ "more labels than we know", FO_CT_UPDATE,
	  BYTES(1, 0x4f, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
		18), 0, 0 },
	{ "sequence numbers to come", FO_CT_UPDATE, BYTES(1, 0x50), 0, 0 },
	{ "sequence numbers cut short", FO_CT_UPDATE,
	  BYTES(1, 0x57, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
		18, 19, 20), -EBADMSG, 0 },
	{ "short start", FO_CT_UPDATE, BYTES(1, 0x5c, 1, 2, 3, 4), -EBADMSG, 0 },
	{ "counters cut short", FO_CT_UPDATE, BYTES(1, 0x63, 1, 2, 3), -EBADMSG, 0 },
	{ "counters", FO_CT_UPDATE, BYTES(1, 0x64, 1, 2, 3, 4), 0, 0 },
	{ "short SCTP", FO_CT_UPDATE, BYTES(1, 0x6f, 8, 3, 1, 2, 3, 4, 5, 6, 7),
	  -EBADMSG, 0 },
	{ "SCTP", FO_CT_UPDATE, BYTES(1, 0x6f, 9, 3, 1, 2, 3, 4, 5, 6, 7, 8), 0, 0 },
	{ "short DCCP", FO_CT_UPDATE, BYTES(1, 0x87, 7, 0, 4, 1, 2, 3, 4, 5), -EBADMSG, 0 },
	{ "a third role in DCCP", FO_CT_UPDATE, BYTES(1, 0x87, 8, 2, 4, 1, 2, 3, 4, 5, 6),
	  -EBADMSG, 0 },
	{ "DCCP", FO_CT_UPDATE, BYTES(1, 0x87, 8, 1, 4, 1, 2, 3, 4, 5, 6), 0, 0 },
	{ "short zone", FO_CT_UPDATE, BYTES(1, 0x42, 0, 1), -EBADMSG, 0 },
	{ "unknown attributes", FO_CT_UPDATE,
	  BYTES(1, 0xc0, 0x21, 14, 0xff, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x00), 0, 3 },
	{ "unknown, cut short", FO_CT_UPDATE, BYTES(1, 0xca, 1), -EBADMSG, 0 },
	{ "helper", FO_CT_UPDATE, BYTES(1, 0x73, 'f', 't', 'p'), 0, 0 },
	{ "helper without name", FO_CT_UPDATE, BYTES(1, 0x70), -EBADMSG, 0 },
	{ "longest helper", FO_CT_UPDATE, BYTES(1, 0x77, 15, LETTERS), 0, 0 },
	{ "too long a helper", FO_CT_UPDATE, BYTES(1, 0x77, 16, LETTERS, 'p'),
	  -EBADMSG, 0 },
	{ "master", FO_CT_UPDATE, BYTES(1, 0x79, 2), 0, 0 },
	{ "master 0", FO_CT_UPDATE, BYTES(1, 0x79, 0), -EBADMSG, 0 },
	{ "its own master", FO_CT_UPDATE, BYTES(2, 0x79, 2), -EBADMSG, 0 },
	{ "master too great", FO_CT_UPDATE, BYTES(1, 0x7c, 0x80, 0x80, 0x80, 8),
	  -EBADMSG, 0 },
	{ "length missing", FO_CT_UPDATE, BYTES(1, 0xff), -EBADMSG, 0 },
	{ "delete with attributes", FO_CT_DELETE, BYTES(1, 0x21, 14), 0, 0 },
	{ "unknown operation", 7, BYTES(1, 0x21, 14), 0, 0 },
};

static void body_table(void **state)
{
	struct fo_ct_rec rec;
	unsigned int unknown;
	u8 buf[ROOM];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		buf[0] = FO_CLASS_CT << 3 | bodies[i].op;
		buf[1] = bodies[i].len;
		if (bodies[i].len)
			memcpy(buf + 2, bodies[i].body, bodies[i].len);
		if (get(buf, 2 + bodies[i].len, &rec, &unknown) != bodies[i].want)
			fail_msg("%zu: %s", i, bodies[i].what);
		if (!bodies[i].want && unknown != bodies[i].unknown)
			fail_msg("%zu: %s: %u unknown", i, bodies[i].what, unknown);
		if (!bodies[i].want)
			assert_int_equal(rec.op, bodies[i].op);
	}
}

/* Attributes of a later version make a record longer than 127 bytes. */
static void long_record(void **state)
{
	struct fo_ct_rec rec, got;
	struct rng rng = { 12 };
	unsigned int unknown;
	u8 buf[3 * ROOM], more[250] = { 0 };
	struct fo_writer w;
	struct fo_rec from;
	struct fo_reader r;
	u8 *begin;

	(void)state;
	memset(&rec, 0, sizeof(rec));
	rec.op = FO_CT_CREATE;
	rec.slot = 77;
	random_tuple(&rng, &rec);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_ct_rec_put(&w, &rec);
	begin = buf;
	fo_attr_put(&w, 20, more, sizeof(more));
	fo_attr_put(&w, 21, more, sizeof(more));
	fo_rec_end(&w, begin);
	assert_false(w.full);
	fo_reader_init(&r, buf, w.p - buf);
	assert_int_equal(fo_rec_get(&r, &from), 1);
	assert_in_range(fo_left(&from.body), 500, 700);
	assert_int_equal(fo_ct_rec_get(&from, &got, &unknown), 0);
	assert_int_equal(unknown, 2);
	assert_rec_equal(&rec, &got);
	assert_int_equal(fo_rec_get(&r, &from), 0);
}

/* Both are words of a new connection; what they take is in protocol.rst. */
static void helper_and_master(void **state)
{
	struct fo_ct_rec got, rec = {
		.op = FO_CT_CREATE, .slot = 100000, .l3 = 4, .proto = 6,
		.has = BIT(FO_CT_A_TUPLE4),
	};
	unsigned int unknown;
	u8 buf[ROOM];
	size_t bare = put(buf, sizeof(buf), &rec), len;

	(void)state;
	strcpy(rec.helper, "ftp");
	rec.master = 99999;
	rec.has |= BIT(FO_CT_A_HELPER);
	assert_int_equal(put(buf, sizeof(buf), &rec), bare + 4);
	rec.has |= BIT(FO_CT_A_MASTER);
	len = put(buf, sizeof(buf), &rec);
	assert_int_equal(len, bare + 8);
	assert_int_equal(get(buf, len, &got, &unknown), 0);
	assert_rec_equal(&rec, &got);
}

static void security_contexts(void **state)
{
	static const char name[] = "system_u:object_r:http_server_packet_t:s0";
	struct fo_ct_rec rec = { .op = FO_CT_UPDATE, .slot = 1, .secmark = FO_SECMARKS,
				 .has = BIT(FO_CT_A_SECMARK) }, got;
	struct fo_secmark_rec context = { .number = FO_SECMARKS }, read;
	unsigned int unknown;
	struct fo_reader r;
	struct fo_writer w;
	struct fo_rec from;
	u8 buf[ROOM];
	size_t len;

	(void)state;
	len = put(buf, sizeof(buf), &rec);
	assert_int_equal(len, 5);
	assert_int_equal(get(buf, len, &got, &unknown), 0);
	assert_rec_equal(&rec, &got);
	buf[len - 1] = 0;
	assert_int_equal(get(buf, len, &got, &unknown), -EBADMSG);
	strcpy(context.text, name);
	fo_writer_init(&w, buf, sizeof(buf));
	fo_secmark_rec_put(&w, &context);
	printf("# a security context of SELinux             %zu bytes\n", (size_t)(w.p - buf));
	fflush(stdout);
	for (len = 0; len < sizeof(name) + 1; len++) {
		from = (struct fo_rec){ .op = FO_SECMARK_NAME };
		fo_reader_init(&from.body, buf + 2, len);
		if (len < 2)
			assert_int_equal(fo_secmark_rec_get(&from, &read), -EBADMSG);
		else
			assert_int_equal(fo_secmark_rec_get(&from, &read), 0);
	}
	fo_reader_init(&r, buf, w.p - buf);
	assert_int_equal(fo_rec_get(&r, &from), 1);
	assert_int_equal(fo_secmark_rec_get(&from, &read), 0);
	assert_int_equal(read.number, FO_SECMARKS);
	assert_string_equal(read.text, name);
}

/* One that would be cut is another context. */
static void security_context_too_long(void **state)
{
	struct fo_secmark_rec read;
	struct fo_rec from;
	u8 buf[1 + FO_SECMARK_TEXT];
	int len;

	(void)state;
	memset(buf, 'a', sizeof(buf));
	buf[0] = 1;
	for (len = FO_SECMARK_TEXT - 1; len <= FO_SECMARK_TEXT; len++) {
		from = (struct fo_rec){ .op = FO_SECMARK_NAME };
		fo_reader_init(&from.body, buf, 1 + len);
		assert_int_equal(fo_secmark_rec_get(&from, &read),
				 len < FO_SECMARK_TEXT ? 0 : -EBADMSG);
	}
	from.op = FO_SECMARK_NAME + 1;
	fo_reader_init(&from.body, buf, 2);
	assert_int_equal(fo_secmark_rec_get(&from, &read), -EBADMSG);
}

static void numbers_beyond_their_field(void **state)
{
	struct fo_ct_rec got;
	struct fo_writer w;
	unsigned int unknown;
	u8 buf[ROOM];
	u8 *begin;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	begin = fo_rec_begin(&w, FO_CLASS_CT, FO_CT_UPDATE);
	fo_put_var(&w, 1);
	fo_attr_var(&w, FO_CT_A_TIMEOUT, 1ULL << 40);
	fo_rec_end(&w, begin);
	assert_int_equal(get(buf, w.p - buf, &got, &unknown), 0);
	assert_int_equal(got.timeout, U32_MAX);
}

static void random_bytes(void **state)
{
	struct rng rng = { 13 };
	struct fo_ct_rec rec;
	unsigned int unknown;
	u8 buf[100];
	int i, err;
	size_t len;

	(void)state;
	for (i = 0; i < 100000; i++) {
		len = 2 + rng_below(&rng, sizeof(buf) - 1);
		rng_fill(&rng, buf, len);
		buf[0] = FO_CLASS_CT << 3 | rng_below(&rng, 8);
		buf[1] = len - 2;
		err = get(buf, len, &rec, &unknown);
		assert_true(err == 0 || err == -EBADMSG);
	}
}

/* --- the sizes that we promise ------------------------------------------ */

enum shape { PLAIN, SNAT, DNAT, FULL, COUNTED, SHIFTED, RARE };

/* What capture sends: all of it for CREATE, what may change for UPDATE. */
static struct fo_ct_rec flow(u8 l3, u8 proto, u8 op, enum shape shape)
{
	struct fo_ct_rec rec = {
		.op = op,
		.slot = 100000,
		.l3 = l3,
		.proto = proto,
		.status = shape == PLAIN ? STATUS_PLAIN : STATUS_NAT,
		.timeout = proto == 6 ? 432000 : 120,
		.tcp_state = ESTABLISHED,
		.tcp_wscale = { 7, 7 },
		.tcp_flags = { 0x03, 0x03 },
		.shifted = true,
		.packets = { 700000, 300000 },
		.bytes = { 1000000000, 15000000 },
		.labels = { [15] = 0x80 },
	};

	if (shape == FULL || shape == RARE)
		rec.slot = FO_SLOT_MAX;
	if (op == FO_CT_DELETE)
		return rec;
	rec.has = BIT(FO_CT_A_STATUS) | BIT(FO_CT_A_TIMEOUT);
	if (proto == 6)
		rec.has |= BIT(FO_CT_A_TCP);
	if (op == FO_CT_CREATE)
		rec.has |= BIT(l3 == 4 ? FO_CT_A_TUPLE4 : FO_CT_A_TUPLE6);
	if (op == FO_CT_CREATE && shape != PLAIN)
		rec.has |= BIT(FO_CT_A_NAT);
	if (shape == SNAT)
		rec.nat = FO_CT_NAT_DADDR | FO_CT_NAT_DPORT;
	if (shape == DNAT)
		rec.nat = FO_CT_NAT_SADDR | FO_CT_NAT_SPORT;
	if (shape == RARE) {
		strcpy(rec.helper, "abcdefghijklmno");
		rec.master = FO_SLOT_MAX - 1;
		rec.secmark = FO_SECMARKS;
		memset(rec.packets, 0xff, sizeof(rec.packets));
		memset(rec.bytes, 0xff, sizeof(rec.bytes));
	}
	if (shape == FULL || shape == RARE) {	/* every field there is, at its greatest */
		rec.nat = 15;
		rec.status = STATUS_ALL;
		rec.timeout = 432000;
		rec.mark = 0xffffffff;
		rec.zone = 0xffff;
		rec.has |= BIT(FO_CT_A_MARK);
		if (op == FO_CT_CREATE)
			rec.has |= BIT(FO_CT_A_ZONE);
	}
	if (shape == PLAIN && proto == 132)
		rec.has |= BIT(FO_CT_A_SCTP);
	if (shape == PLAIN && proto == 33)
		rec.has |= BIT(FO_CT_A_DCCP);
	if (shape == COUNTED)	/* a gigabyte, and what was written of it */
		rec.has |= BIT(FO_CT_A_ACCT);
	if (shape == SHIFTED)
		rec.has |= BIT(FO_CT_A_SEQADJ);
	if (shape == RARE)	/* everything else, at its greatest */
		rec.has |= BIT(FO_CT_A_LABELS) | BIT(FO_CT_A_SEQADJ) |
			   BIT(FO_CT_A_START) | BIT(FO_CT_A_ACCT) |
			   BIT(FO_CT_A_HELPER) | BIT(FO_CT_A_MASTER) |
			   BIT(FO_CT_A_SECMARK);
	return rec;
}

static const struct {
	const char *what;
	u8 l3, proto, op;
	enum shape shape;
	size_t bytes, limit;
} sizes[] = {
	{ "IPv4 TCP create", 4, 6, FO_CT_CREATE, PLAIN, 32, 64 },
	{ "IPv4 TCP create, source NAT", 4, 6, FO_CT_CREATE, SNAT, 41, 64 },
	{ "IPv4 TCP create, destination NAT", 4, 6, FO_CT_CREATE, DNAT, 41, 64 },
	{ "IPv4 TCP create, the longest", 4, 6, FO_CT_CREATE, FULL, 58, 64 },
	{ "IPv4 TCP update", 4, 6, FO_CT_UPDATE, PLAIN, 17, 24 },
	{ "IPv4 TCP update, NAT", 4, 6, FO_CT_UPDATE, SNAT, 17, 24 },
	{ "IPv4 TCP update, the longest", 4, 6, FO_CT_UPDATE, FULL, 24, 24 },
	{ "TCP delete", 4, 6, FO_CT_DELETE, PLAIN, 5, 10 },
	{ "TCP delete, greatest slot", 4, 6, FO_CT_DELETE, FULL, 6, 10 },
	{ "IPv4 UDP create", 4, 17, FO_CT_CREATE, PLAIN, 25, 64 },
	{ "IPv4 UDP create, source NAT", 4, 17, FO_CT_CREATE, SNAT, 34, 64 },
	{ "IPv4 UDP update", 4, 17, FO_CT_UPDATE, PLAIN, 10, 24 },
	{ "IPv6 TCP create", 6, 6, FO_CT_CREATE, PLAIN, 56, 0 },
	{ "IPv6 TCP create, source NAT", 6, 6, FO_CT_CREATE, SNAT, 77, 0 },
	{ "IPv6 TCP create, the longest", 6, 6, FO_CT_CREATE, FULL, 106, 0 },
	{ "IPv6 TCP update", 6, 6, FO_CT_UPDATE, PLAIN, 17, 24 },
	{ "IPv6 UDP create", 6, 17, FO_CT_CREATE, PLAIN, 49, 0 },
	{ "IPv4 SCTP create", 4, 132, FO_CT_CREATE, PLAIN, 36, 64 },
	{ "IPv4 DCCP create", 4, 33, FO_CT_CREATE, PLAIN, 35, 64 },
	{ "IPv4 TCP update, counters", 4, 6, FO_CT_UPDATE, COUNTED, 34, 0 },
	{ "IPv4 TCP update, sequence numbers", 4, 6, FO_CT_UPDATE, SHIFTED, 43, 0 },
	{ "IPv4 TCP create, all there is", 4, 6, FO_CT_CREATE, RARE, 179, 0 },
	{ "IPv6 TCP create, all there is", 6, 6, FO_CT_CREATE, RARE, 227, FO_CT_REC_MAX },
};

static void byte_sizes(void **state)
{
	struct fo_ct_rec rec;
	u8 buf[ROOM];
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		rec = flow(sizes[i].l3, sizes[i].proto, sizes[i].op, sizes[i].shape);
		len = put(buf, sizeof(buf), &rec);
		printf("# %-36s %3zu bytes", sizes[i].what, len);
		printf(sizes[i].limit ? " (limit %zu)\n" : "\n", sizes[i].limit);
		fflush(stdout);
		if (len != sizes[i].bytes)
			print_error("%s: %zu bytes, not %zu\n", sizes[i].what, len,
				    sizes[i].bytes);
		assert_int_equal(len, sizes[i].bytes);
		assert_true(!sizes[i].limit || len <= sizes[i].limit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(truncated),
		cmocka_unit_test(body_truncated),
		cmocka_unit_test(without_room),
		cmocka_unit_test(body_table),
		cmocka_unit_test(long_record),
		cmocka_unit_test(helper_and_master),
		cmocka_unit_test(security_contexts),
		cmocka_unit_test(security_context_too_long),
		cmocka_unit_test(numbers_beyond_their_field),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(byte_sizes),
	};

	return cmocka_run_group_tests_name("codec_ct", tests, NULL, NULL);
}

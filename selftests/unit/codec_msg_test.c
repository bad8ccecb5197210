// SPDX-License-Identifier: GPL-2.0
/* Records of MSG frames: as written, so read; what is wrong is refused. */
#include "test.h"

#include "codec_msg.h"

static u8 buf[FO_MSG_DATA + 64];

static struct fo_rec record(struct fo_writer *w)
{
	struct fo_reader r;
	struct fo_rec rec;

	assert_false(w->full);
	fo_reader_init(&r, buf, w->p - buf);
	assert_int_equal(fo_rec_get(&r, &rec), 1);
	assert_int_equal(rec.class, FO_CLASS_MSG);
	return rec;
}

static struct fo_rec part(u64 no, u64 id, size_t len)
{
	static u8 data[FO_MSG_DATA + 1];
	const struct fo_msg m = { .no = no, .kind = 1, .id = id, .data = data,
				  .len = len };
	struct fo_writer w;

	memset(data, 0xa5, sizeof(data));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_msg_put(&w, &m);
	return record(&w);
}

static void parts(void **state)
{
	static const size_t lens[] = { 0, 1, 127, 500, FO_MSG_DATA };
	struct fo_rec rec;
	struct fo_msg m;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		rec = part(i + 1 + (i << 40), ~0ULL - i, lens[i]);
		assert_int_equal(rec.op, FO_MSG_PART);
		assert_int_equal(fo_msg_get(&rec, &m), 0);
		assert_true(m.no == i + 1 + (i << 40) && m.id == ~0ULL - i);
		assert_int_equal(m.kind, 1);
		assert_int_equal(m.len, lens[i]);
		for (j = 0; j < m.len; j++)
			assert_int_equal(m.data[j], 0xa5);
	}
}

static void bad_parts(void **state)
{
	struct fo_rec rec;
	struct fo_msg m;
	size_t len;

	(void)state;
	rec = part(0, 1, 4);
	assert_int_equal(fo_msg_get(&rec, &m), -EBADMSG);
	rec = part(1, 0, 4);
	assert_int_equal(fo_msg_get(&rec, &m), -EBADMSG);
	rec = part(1, 1, FO_MSG_DATA + 1);
	assert_int_equal(fo_msg_get(&rec, &m), -EBADMSG);
	/* cut anywhere in its head: number, kind and id are 1 + 1 + 8 bytes */
	for (len = 0; len <= 10; len++) {
		rec = part(1, 1, 0);
		rec.body.end = rec.body.p + len;
		assert_int_equal(fo_msg_get(&rec, &m), len < 10 ? -EBADMSG : 0);
	}
}

static void acks(void **state)
{
	const struct fo_msg_ack a = { .no = 300, .result = 4 };
	struct fo_msg_ack b;
	struct fo_writer w;
	struct fo_rec rec;

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_msg_ack_put(&w, &a);
	rec = record(&w);
	assert_int_equal(rec.op, FO_MSG_ACK);
	assert_int_equal(fo_msg_ack_get(&rec, &b), 0);
	assert_true(b.no == 300 && b.result == 4);
	rec = record(&w);
	rec.body.end--;
	assert_int_equal(fo_msg_ack_get(&rec, &b), -EBADMSG);
}

/* The longest part and an acknowledgment fit into the smallest frame. */
static void one_frame(void **state)
{
	const struct fo_msg_ack a = { .no = ~0ULL >> 8, .result = 1 };
	const struct fo_msg m = { .no = ~0ULL >> 8, .kind = 1, .id = 1,
				  .data = buf, .len = FO_MSG_DATA };
	u8 body[1192];	/* FO_HELLO_MAX */
	struct fo_writer w;

	(void)state;
	fo_writer_init(&w, body, sizeof(body));
	fo_msg_ack_put(&w, &a);
	fo_msg_put(&w, &m);
	assert_false(w.full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(bad_parts),
		cmocka_unit_test(acks),
		cmocka_unit_test(one_frame),
	};

	return cmocka_run_group_tests_name("codec_msg", tests, NULL, NULL);
}

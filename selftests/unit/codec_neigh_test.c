// SPDX-License-Identifier: GPL-2.0
/* Records of neighbours: codec_neigh.c. */

#include "codec_neigh.h"
#include "test.h"

#define HEAD	2	/* class and operation, length */

static const struct fo_neigh_rec four = {
	.op = FO_NEIGH_SEEN4,
	.mac = { 0x02, 0, 0, 0, 0, 0x0a },
	.addr = { 10, 10, 0, 1 },
	.nameif = "inside",
};

static const struct fo_neigh_rec six = {
	.op = FO_NEIGH_SEEN6,
	.mac = { 0x02, 0, 0, 0, 0, 0x0a },
	.addr = { 0xfe, 0x80, [15] = 1 },
	.nameif = "inside",
};

static size_t put(u8 *buf, size_t room, const struct fo_neigh_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_neigh_rec_put(&w, rec);
	return w.full ? 0 : w.p - buf;
}

/* -1: there is no such record at all. */
static int get(const u8 *from, size_t len, struct fo_neigh_rec *rec)
{
	struct fo_reader r;
	struct fo_rec one;

	fo_reader_init(&r, from, len);
	if (fo_rec_get(&r, &one) != 1)
		return -1;
	return fo_neigh_rec_get(&one, rec);
}

static void round_trip(void **state)
{
	struct fo_neigh_rec rec;
	u8 buf[64];
	size_t len = put(buf, sizeof(buf), &four);

	(void)state;
	assert_int_equal(len, HEAD + 6 + 4 + 6);
	assert_int_equal(buf[0], FO_CLASS_NEIGH << 3 | FO_NEIGH_SEEN4);
	assert_int_equal(get(buf, len, &rec), 0);
	assert_memory_equal(&rec, &four, sizeof(rec));
	len = put(buf, sizeof(buf), &six);
	assert_int_equal(len, HEAD + 6 + 16 + 6);
	assert_int_equal(get(buf, len, &rec), 0);
	assert_memory_equal(&rec, &six, sizeof(rec));
}

static void without_room(void **state)
{
	size_t len, whole;
	u8 buf[64], *p;

	(void)state;
	whole = put(buf, sizeof(buf), &six);
	for (len = 0; len < whole; len++) {
		p = exact(NULL, len);
		assert_int_equal(put(p, len, &six), 0);
		exact_free(p, len);
	}
}

/* A body that is shorter by some bytes, in a record that says so. */
static void truncated(void **state)
{
	const struct fo_neigh_rec *all[] = { &four, &six };
	struct fo_neigh_rec rec;
	size_t i, len, whole, name;
	u8 buf[64], *p;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		whole = put(buf, sizeof(buf), all[i]);
		name = HEAD + 6 + fo_neigh_addr_len(all[i]->op);
		for (len = HEAD; len < whole; len++) {
			buf[1] = len - HEAD;
			p = exact(buf, len);
			/* a shorter name is a name */
			assert_int_equal(get(p, len, &rec),
					 len > name ? 0 : -EBADMSG);
			exact_free(p, len);
		}
	}
}

static void refused(void **state)
{
	static const u8 none[FO_MAC_LEN], all[FO_MAC_LEN] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct fo_neigh_rec rec, bad[8] = { four, four, four, four, four, six,
					    six, four };
	u8 buf[64];
	size_t i;

	(void)state;
	memcpy(bad[0].mac, none, FO_MAC_LEN);
	memcpy(bad[1].mac, all, FO_MAC_LEN);
	memset(bad[2].addr, 0, FO_NEIGH_ADDR);
	bad[3].addr[0] = 224;
	memset(bad[4].addr, 255, 4);
	memset(bad[5].addr, 0, FO_NEIGH_ADDR);
	bad[6].addr[0] = 0xff;
	bad[7].nameif[0] = 0;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[i]), &rec),
				 -EBADMSG);
	bad[0] = four;
	bad[0].op = 3;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[0]), &rec),
			 -EOPNOTSUPP);
}

/* A name that would not fit is no name of ours; one that just fits is. */
static void long_name(void **state)
{
	u8 buf[64] = { FO_CLASS_NEIGH << 3 | FO_NEIGH_SEEN4, 0, 2 };
	struct fo_neigh_rec rec;

	(void)state;
	buf[HEAD + 6] = 10;
	memset(buf + HEAD + 10, 'x', 40);
	buf[1] = 10 + FO_IFC_NAME - 1;
	assert_int_equal(get(buf, HEAD + buf[1], &rec), 0);
	assert_int_equal(strlen(rec.nameif), FO_IFC_NAME - 1);
	buf[1]++;
	assert_int_equal(get(buf, HEAD + buf[1], &rec), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(without_room),
		cmocka_unit_test(truncated),
		cmocka_unit_test(refused),
		cmocka_unit_test(long_name),
	};

	return cmocka_run_group_tests_name("codec_neigh", tests, NULL, NULL);
}

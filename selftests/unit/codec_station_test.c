// SPDX-License-Identifier: GPL-2.0
/* Records of stations: codec_station.c. */

#include "codec_station.h"
#include "test.h"

static const struct fo_station_rec some = {
	.op = FO_STATION_SEEN,
	.mac = { 0x02, 0, 0, 0, 0, 0x0a },
	.vlan = 17,
	.port = "inside",
};

static size_t put(u8 *buf, size_t room, const struct fo_station_rec *rec)
{
	struct fo_writer w;

	fo_writer_init(&w, buf, room);
	fo_station_rec_put(&w, rec);
	return w.full ? 0 : w.p - buf;
}

/* -1: there is no such record at all. */
static int get(const u8 *from, size_t len, struct fo_station_rec *rec)
{
	struct fo_reader r;
	struct fo_rec one;

	fo_reader_init(&r, from, len);
	if (fo_rec_get(&r, &one) != 1)
		return -1;
	return fo_station_rec_get(&one, rec);
}

static void round_trip(void **state)
{
	struct fo_station_rec rec;
	u8 buf[64];
	size_t len = put(buf, sizeof(buf), &some);

	(void)state;
	assert_int_equal(len, 2 + 6 + 2 + 6);
	assert_int_equal(buf[0], FO_CLASS_STATION << 3 | FO_STATION_SEEN);
	assert_int_equal(get(buf, len, &rec), 0);
	assert_memory_equal(&rec, &some, sizeof(rec));
}

static void without_room(void **state)
{
	u8 *p;
	size_t len;

	(void)state;
	for (len = 0; len < 16; len++) {
		p = exact(NULL, len);
		assert_int_equal(put(p, len, &some), 0);
		exact_free(p, len);
	}
}

/* A body that is shorter by some bytes, in a record that says so. */
static void truncated(void **state)
{
	struct fo_station_rec rec;
	u8 buf[64], *p;
	size_t len, whole = put(buf, sizeof(buf), &some);

	(void)state;
	for (len = 2; len < whole; len++) {
		buf[1] = len - 2;
		p = exact(buf, len);
		/* a shorter name is a name */
		assert_int_equal(get(p, len, &rec),
				 len > 10 ? 0 : -EBADMSG);
		exact_free(p, len);
	}
}

static void refused(void **state)
{
	static const u8 none[FO_MAC_LEN], all[FO_MAC_LEN] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff
	};
	struct fo_station_rec rec, bad[4] = { some, some, some, some };
	u8 buf[64];
	size_t i;

	(void)state;
	memcpy(bad[0].mac, none, FO_MAC_LEN);
	memcpy(bad[1].mac, all, FO_MAC_LEN);
	bad[2].vlan = 4096;
	bad[3].port[0] = 0;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[i]), &rec),
				 -EBADMSG);
	bad[0] = some;
	bad[0].op = 2;
	assert_int_equal(get(buf, put(buf, sizeof(buf), &bad[0]), &rec),
			 -EOPNOTSUPP);
}

/* A name that would not fit is no name of ours; one that just fits is. */
static void long_name(void **state)
{
	struct fo_station_rec rec;
	u8 buf[64] = { FO_CLASS_STATION << 3 | FO_STATION_SEEN, 0, 2 };

	(void)state;
	memset(buf + 10, 'x', 40);
	buf[1] = 8 + FO_IFC_NAME - 1;
	assert_int_equal(get(buf, 2 + buf[1], &rec), 0);
	assert_int_equal(strlen(rec.port), FO_IFC_NAME - 1);
	buf[1]++;
	assert_int_equal(get(buf, 2 + buf[1], &rec), -EBADMSG);
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

	return cmocka_run_group_tests_name("codec_station", tests, NULL, NULL);
}

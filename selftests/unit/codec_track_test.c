// SPDX-License-Identifier: GPL-2.0
/* What hellos tell of tracked objects: odd ones of the other unit. */
#include "codec_link.h"
#include "wire.h"
#include "test.h"

#define ROOM	1024

static int get(const struct fo_writer *w, const u8 *buf, struct fo_hello *got)
{
	size_t len = w->p - buf;
	u8 *p = exact(buf, len);
	unsigned int unknown;
	struct fo_reader r;
	int err;

	fo_reader_init(&r, p, len);
	err = fo_hello_get(&r, got, &unknown);
	exact_free(p, len);
	assert_int_equal(unknown, 0);
	return err;
}

/* Too many; names that are none of a configuration, and are cut. */
static void odd_ones(void **state)
{
	struct fo_writer w;
	struct fo_hello got;
	u8 buf[ROOM], name[40];
	int i;

	(void)state;
	memset(name, 'x', sizeof(name));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_TRACK, "\4\033]0;", 5);
	for (i = 0; i < FO_HELLO_TRACKS + 3; i++)
		fo_attr_put(&w, FO_HELLO_A_TRACK, name, sizeof(name));
	fo_attr_u8(&w, FO_HELLO_A_ROLE, 1);
	assert_int_equal(get(&w, buf, &got), 0);
	assert_int_equal(got.tracks, FO_HELLO_TRACKS);
	assert_int_equal(got.track[0].status, 4);
	assert_string_equal(got.track[0].name, "?]0;");
	assert_int_equal(strlen(got.track[1].name), FO_TRACK_NAME - 1);
	assert_int_equal(got.role, 1);
}

static void without_a_status(void **state)
{
	struct fo_writer w;
	struct fo_hello got;
	u8 buf[ROOM];

	(void)state;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_TRACK, "", 0);
	assert_int_equal(get(&w, buf, &got), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_ones),
		cmocka_unit_test(without_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/* What hellos tell of tracked objects, and of helpers: odd ones, and too many. */
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

static void odd_helpers(void **state)
{
	struct fo_writer w;
	struct fo_hello got;
	u8 buf[ROOM], name[40];
	int i;

	(void)state;
	memset(name, 'x', sizeof(name));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_HELPER, "\033]0;", 4);
	for (i = 0; i < FO_HELLO_HELPERS + 3; i++)
		fo_attr_put(&w, FO_HELLO_A_HELPER, name, sizeof(name));
	assert_int_equal(get(&w, buf, &got), 0);
	assert_int_equal(got.helpers, FO_HELLO_HELPERS);
	assert_string_equal(got.helper[0], "?]0;");
	assert_int_equal(strlen(got.helper[1]), FO_HELPER_NAME - 1);
}

/* More than there is room for, and a count that is cut. */
static void odd_refusals(void **state)
{
	static const u8 cut[] = { 0x80 };
	struct fo_writer w;
	struct fo_hello got;
	u8 buf[ROOM], body[40];
	int i;

	(void)state;
	memset(body, 'x', sizeof(body));
	body[0] = 7;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_attr_put(&w, FO_HELLO_A_REFUSED, "\1\033]0;", 5);
	for (i = 0; i < FO_HELLO_REFUSALS + 3; i++)
		fo_attr_put(&w, FO_HELLO_A_REFUSED, body, sizeof(body));
	assert_int_equal(get(&w, buf, &got), 0);
	assert_int_equal(got.refusals, FO_HELLO_REFUSALS);
	assert_int_equal(got.refused[0].count, 1);
	assert_string_equal(got.refused[0].name, "?]0;");
	assert_int_equal(got.refused[1].count, 7);
	assert_int_equal(strlen(got.refused[1].name), FO_REFUSED_NAME - 1);
	fo_attr_put(&w, FO_HELLO_A_REFUSED, cut, sizeof(cut));
	assert_int_equal(get(&w, buf, &got), -EBADMSG);
}

/* Behind all the rest there is room for one, and what does not fit is left out. */
static void helpers_fit(void **state)
{
	struct fo_writer w;
	struct fo_hello h, got;
	u8 buf[FO_HELLO_MAX];
	int i;

	(void)state;
	memset(&h, 0xff, sizeof(h));
	h.ifcs = FO_HELLO_IFCS;
	h.tracks = FO_HELLO_TRACKS;
	h.helpers = 2;
	h.refusals = 0;
	h.entries = h.settings = 1;
	for (i = 0; i < FO_HELLO_IFCS; i++)
		memset(h.ifc[i].name, 'n', FO_IFC_NAME);
	for (i = 0; i < FO_HELLO_TRACKS; i++)
		memset(h.track[i].name, 't', FO_TRACK_NAME);
	memset(h.entry[0].reason, 'r', FO_REASON_TEXT);
	memset(h.setting[0].name, 'n', FO_IFC_NAME);
	memset(h.setting[0].value, 'v', FO_SETTING_TEXT);
	memset(h.helper, 'h', sizeof(h.helper));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_hello_put(&w, &h);
	assert_false(w.full);
	assert_int_equal(get(&w, buf, &got), 0);
	assert_int_equal(got.settings, 1);
	assert_int_equal(got.helpers, 1);
	assert_int_equal(strlen(got.helper[0]), FO_HELPER_NAME - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_ones),
		cmocka_unit_test(without_a_status),
		cmocka_unit_test(odd_helpers),
		cmocka_unit_test(odd_refusals),
		cmocka_unit_test(helpers_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

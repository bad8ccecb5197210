// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of the history as JSON and in their file, whatever is in it.
 */

#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history_file.h"
#include "names.h"

static char dir[] = "/tmp/history_test.XXXXXX";
static char path[64];
static char old[64];

static struct fo_entry entry(const char *list, uint32_t seq)
{
	struct fo_entry e = {
		.mate = 0, .seq = seq, .time = 1700000000123456789ull,
		.kind = NF_FAILOVER_HISTORY_KIND_MOVED,
		.from = NF_FAILOVER_STATE_STANDBY_READY,
		.to = NF_FAILOVER_STATE_JUST_ACTIVE,
		.role = NF_FAILOVER_ROLE_ACTIVE, .epoch = 1ull << 40,
		.reason = "HELLO not heard from mate",
	};

	strcpy(e.list, list);
	return e;
}

/* Others are not told of tracked objects. */
static const uint32_t track_statuses[] = {
	NF_FAILOVER_IFSTATUS_UNKNOWN, NF_FAILOVER_IFSTATUS_NORMAL,
	NF_FAILOVER_IFSTATUS_FAILED,
};

static struct fo_entry full(void)
{
	struct fo_entry e = entry("0123456789abcdef", 4294967295u);
	struct fo_flight *f = &e.flight;
	unsigned int i;

	*f = (struct fo_flight) {
		.known = true, .uptime = 5, .hello_age = 801000000,
		.frame_age = HISTORY_NEVER, .alive = 0, .daemon = 1,
		.mate_known = true,
		.mate = { NF_FAILOVER_ROLE_ACTIVE, NF_FAILOVER_STATE_ACTIVE,
			  INT64_MAX, 1, { .n = 0 }, { .n = 0 } },
		.links = { { NF_FAILOVER_LINK_STATUS_PEER_SILENT,
			     NF_FAILOVER_LINK_STATUS_DOWN }, 2 },
		.xmitq = 1, .recvq = 2, .retransmits = 3, .hold_expired = 4,
		.hellos_missed = 5,
	};
	for (i = 0; i < HISTORY_SEEN; i++) {
		memset(f->ifcs.one[i].name, 'a' + i, 31);
		f->ifcs.one[i].status = i % 8;
		memset(f->mate.ifcs.one[i].name, 'A' + i, 31);
		f->mate.ifcs.one[i].status = 7 - i % 8;
	}
	f->ifcs.n = f->mate.ifcs.n = HISTORY_SEEN;
	f->tracks.n = f->mate.tracks.n = NF_FAILOVER_TRACKS_MAX;
	for (i = 0; i < NF_FAILOVER_TRACKS_MAX; i++) {
		memset(f->tracks.one[i].name, 's' + i, 15);
		f->tracks.one[i].status = track_statuses[i % 3];
		memset(f->mate.tracks.one[i].name, 'S' + i, 15);
		f->mate.tracks.one[i].status = track_statuses[2 - i % 3];
	}
	memset(e.reason, 'r', sizeof(e.reason) - 1);
	return e;
}

static char *text_of(const struct fo_entry *e)
{
	json_t *o = history_to_json(e);
	char *s = json_dumps(o, JSON_COMPACT);

	assert_non_null(s);
	json_decref(o);
	return s;
}

static void json_round_trip(void **state)
{
	struct fo_entry in[] = { entry("00000000000000aa", 1), full() }, out;
	unsigned int i;
	char *s;

	(void)state;
	in[0].mate = 1;
	memset(in[0].reason, 0, sizeof(in[0].reason));
	for (i = 0; i < ARRAY_SIZE(in); i++) {
		s = text_of(&in[i]);
		assert_int_equal(history_from_json(s, strlen(s), &out), 0);
		assert_memory_equal(&in[i], &out, sizeof(out));
		free(s);
	}
}

/* Every value of every enum has a word, and the word is found again. */
static void words(void **state)
{
	static const struct {
		const char *(*name)(unsigned int);
		unsigned int n;
	} t[] = {
		{ names_state, NF_FAILOVER_STATE_NOT_DETECTED + 1 },
		{ names_ifstatus, NF_FAILOVER_IFSTATUS_UNMONITORED + 1 },
		{ names_role_key, NF_FAILOVER_ROLE_ACTIVE + 1 },
		{ names_link_status_key,
		  NF_FAILOVER_LINK_STATUS_PEER_ALIVE + 1 },
		{ names_history_key, NF_FAILOVER_HISTORY_KIND_TRACK + 1 },
		{ names_event_key, NF_FAILOVER_EVENT_PEER_SILENT + 1 },
	};
	unsigned int i, v, got;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		for (v = 0; v < t[i].n; v++) {
			assert_true(names_find(t[i].name, t[i].name(v), &got));
			assert_int_equal(got, v);
		}
		assert_string_equal(t[i].name(v), "unknown");
		assert_false(names_find(t[i].name, "nonsense", &got));
		assert_false(names_find(t[i].name, "unknown", &got));
	}
}

/* Each key taken away, or of another type, refuses the entry. */
static void json_needs(void **state)
{
	struct fo_entry e = full(), out;
	char *whole = text_of(&e), *s;
	const char *key;
	json_t *o, *v;

	(void)state;
	o = json_loads(whole, 0, NULL);
	json_object_foreach(o, key, v) {
		json_t *less = json_deep_copy(o);

		json_object_del(less, key);
		s = json_dumps(less, 0);
		assert_int_equal(history_from_json(s, strlen(s), &out),
				 strcmp(key, "flight") ? -1 : 0);
		free(s);
		json_object_set_new(less, key, json_real(1.5));
		s = json_dumps(less, 0);
		assert_int_equal(history_from_json(s, strlen(s), &out), -1);
		free(s);
		json_decref(less);
	}
	json_object_foreach(json_object_get(o, "flight"), key, v) {
		json_t *less = json_deep_copy(o);

		json_object_del(json_object_get(less, "flight"), key);
		s = json_dumps(less, 0);
		/* an age may be null, but not be missing */
		assert_int_equal(history_from_json(s, strlen(s), &out), -1);
		free(s);
		json_decref(less);
	}
	json_decref(o);
	free(whole);
}

static void json_refuses(void **state)
{
	static const char *const t[] = {
		"", "{}", "[]", "null", "1", "\"x\"", "{\"host\":\"this\"",
		"{\"host\":\"this\",\"host\":\"this\"}", "\xff\xfe", "[[[[[[[[",
	};
	static const struct { const char *key; json_int_t v; } n[] = {
		{ "seq", 0 }, { "seq", -1 }, { "seq", 4294967296ll },
		{ "time_ns", -1 }, { "epoch", -1 },
	};
	struct fo_entry e = entry("a", 1), out;
	char *s = text_of(&e);
	json_t *o = json_loads(s, 0, NULL);
	unsigned int i;

	(void)state;
	free(s);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_int_equal(history_from_json(t[i], strlen(t[i]), &out),
				 -1);
	for (i = 0; i < ARRAY_SIZE(n); i++) {
		json_t *bad = json_deep_copy(o);

		json_object_set_new(bad, n[i].key, json_integer(n[i].v));
		s = json_dumps(bad, 0);
		assert_int_equal(history_from_json(s, strlen(s), &out), -1);
		free(s);
		json_decref(bad);
	}
	json_decref(o);
}

/* More interfaces or links than there is room for; texts that are too long. */
static void json_bounds(void **state)
{
	struct fo_entry e = full(), out;
	char *s = text_of(&e), long_text[1000];
	json_t *o = json_loads(s, 0, NULL), *f = json_object_get(o, "flight");
	json_t *ifcs = json_object_get(f, "interfaces");

	(void)state;
	free(s);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	json_object_set_new(o, "reason", json_string(long_text));
	json_object_set_new(o, "list", json_string("\033[2J\xc3\xa4\n"));
	s = json_dumps(o, 0);
	assert_int_equal(history_from_json(s, strlen(s), &out), 0);
	assert_int_equal(strlen(out.reason), NF_FAILOVER_REASON_MAX - 1);
	assert_string_equal(out.list, "?[2J???");
	free(s);
	json_array_append(ifcs, json_array_get(ifcs, 0));
	s = json_dumps(o, 0);
	assert_int_equal(history_from_json(s, strlen(s), &out), -1);
	free(s);
	json_decref(o);
}

/* --- the file ----------------------------------------------------------- */

static void put(const char *to, const char *text, size_t len)
{
	FILE *f = fopen(to, "a");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static void add(struct fo_history *h, const char *list, uint32_t seq)
{
	*history_add(h) = entry(list, seq);
}

static void add_mate(struct fo_history *h, const char *list, uint32_t seq)
{
	add(h, list, seq);
	h->e[h->n - 1].mate = true;
}

/* A kernel that starts has nothing of the mate at first, and then all again. */
static void what_is_known(void **state)
{
	struct fo_history known = { .n = 0 }, now = { .n = 0 };
	uint32_t i;

	(void)state;
	for (i = 1; i <= HISTORY_KEPT + 2; i++)
		add_mate(&known, "mate", i);
	add(&known, "old", 1);
	add(&now, "new", 1);
	history_renew(&known, &now);
	assert_int_equal(known.n, HISTORY_KEPT + 2);
	assert_int_equal(known.e[0].seq, 3);
	assert_string_equal(known.e[HISTORY_KEPT].list, "old");
	assert_string_equal(known.e[HISTORY_KEPT + 1].list, "new");
	for (i = 3; i <= HISTORY_KEPT + 3; i++)
		add_mate(&now, "mate", i);
	history_renew(&known, &now);
	assert_int_equal(known.n, HISTORY_KEPT + 2);
	assert_int_equal(known.e[0].seq, 4);
	for (i = 1; i < now.n; i++)
		assert_int_equal(history_has(&known, &now.e[i]), now.e[i].seq > 3);
	history_free(&known);
	history_free(&now);
}

static int clean(void **state)
{
	(void)state;
	unlink(path);
	unlink(old);
	return 0;
}

static void file_round_trip(void **state)
{
	const struct fo_history none = { .n = 0 };
	struct fo_history h = { .n = 0 }, got = { .n = 0 };
	unsigned int bad, i;

	(void)state;
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(got.n, 0);
	for (i = 1; i <= 5; i++)
		add(&h, "aa", i);
	*history_add(&h) = full();
	assert_int_equal(history_append(path, &h, &none, 1 << 20), 0);
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(bad, 0);
	assert_int_equal(got.n, h.n);
	assert_memory_equal(got.e, h.e, h.n * sizeof(*h.e));
	/* only what is new is added */
	add(&h, "aa", 6);
	add(&h, "bb", 6);
	assert_int_equal(history_append(path, &h, &got, 1 << 20), 0);
	history_free(&got);
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(got.n, h.n);
	assert_memory_equal(got.e, h.e, h.n * sizeof(*h.e));
	history_free(&h);
	history_free(&got);
}

/* A line without its end is skipped, and spoils nothing that follows. */
static void file_cut(void **state)
{
	const struct fo_history none = { .n = 0 };
	struct fo_history h = { .n = 0 }, got = { .n = 0 };
	struct stat st;
	unsigned int bad;
	off_t cut;

	(void)state;
	add(&h, "aa", 1);
	assert_int_equal(history_append(path, &h, &none, 1 << 20), 0);
	assert_int_equal(stat(path, &st), 0);
	for (cut = st.st_size - 1; cut > 0; cut--) {
		assert_int_equal(truncate(path, cut), 0);
		history_free(&got);
		assert_int_equal(history_read(path, &got, &bad), 0);
		assert_int_equal(got.n, 0);
		assert_int_equal(bad, 1);
	}
	assert_int_equal(history_append(path, &h, &none, 1 << 20), 0);
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(bad, 1);
	history_free(&h);
	history_free(&got);
}

static void file_bad_lines(void **state)
{
	const struct fo_history none = { .n = 0 };
	struct fo_history h = { .n = 0 }, got = { .n = 0 };
	static char big[100000];
	unsigned int bad;

	(void)state;
	add(&h, "aa", 1);
	memset(big, '{', sizeof(big));
	put(path, "\n\nx\n", 4);
	put(path, "\0\0\n", 3);
	put(path, big, sizeof(big));
	put(path, "\n", 1);
	assert_int_equal(history_append(path, &h, &none, 1 << 20), 0);
	put(path, big, sizeof(big));
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(bad, 4);
	history_free(&h);
	history_free(&got);
}

/* Nobody reads without end. */
static void file_too_long(void **state)
{
	struct fo_history got = { .n = 0 };
	unsigned int bad;

	(void)state;
	put(path, "\n", 1);
	assert_int_equal(truncate(path, 64ll << 30), 0);
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(got.n, 0);
}

static void file_rotates(void **state)
{
	struct fo_history h = { .n = 0 }, kept = { .n = 0 }, got = { .n = 0 };
	unsigned int bad, i;
	struct stat st;

	(void)state;
	for (i = 1; i <= 100; i++) {
		add(&h, "aa", i);
		assert_int_equal(history_append(path, &h, &kept, 4096), 0);
		add(&kept, "aa", i);
		assert_int_equal(stat(path, &st), 0);
		assert_true(st.st_size < 4096 + 512);
	}
	assert_int_equal(stat(old, &st), 0);
	assert_int_equal(history_read(path, &got, &bad), 0);
	assert_int_equal(bad, 0);
	assert_true(got.n > 10 && got.n < 100);
	/* the newest, in order */
	for (i = 0; i < got.n; i++)
		assert_int_equal(got.e[i].seq, 100 - got.n + 1 + i);
	history_free(&h);
	history_free(&kept);
	history_free(&got);
}

/* Only a file of its own, and no device, pipe or link to another one. */
static void file_is_a_file(void **state)
{
	const struct fo_history none = { .n = 0 };
	struct fo_history h = { .n = 0 }, got = { .n = 0 };
	unsigned int bad;

	(void)state;
	add(&h, "aa", 1);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_true(history_read(path, &got, &bad) < 0);
	assert_true(history_append(path, &h, &none, 1 << 20) < 0);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_true(history_read(path, &got, &bad) < 0);
	assert_true(history_append(path, &h, &none, 1 << 20) < 0);
	unlink(path);
	assert_true(history_read(dir, &got, &bad) < 0);
	assert_true(history_append("/proc/none/x", &h, &none, 1 << 20) < 0);
	history_free(&h);
}

static int begin(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/history", dir);
	snprintf(old, sizeof(old), "%s/history.1", dir);
	return 0;
}

static int end(void **state)
{
	clean(state);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known),
		cmocka_unit_test(json_round_trip),
		cmocka_unit_test(words),
		cmocka_unit_test(json_needs),
		cmocka_unit_test(json_refuses),
		cmocka_unit_test(json_bounds),
		cmocka_unit_test_teardown(file_round_trip, clean),
		cmocka_unit_test_teardown(file_cut, clean),
		cmocka_unit_test_teardown(file_bad_lines, clean),
		cmocka_unit_test_teardown(file_too_long, clean),
		cmocka_unit_test_teardown(file_rotates, clean),
		cmocka_unit_test_teardown(file_is_a_file, clean),
	};

	return cmocka_run_group_tests_name("history", tests, begin, end);
}

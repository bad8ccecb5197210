// SPDX-License-Identifier: GPL-2.0
/* Requests of "failover exec": as bytes, and which of them are run. */
#include "test.h"

#include "exec.h"

static struct exec_request request(const char *line)
{
	static char text[GRAMMAR_LINE_MAX];
	struct exec_request r = { .limit_s = 300, .json = true };
	char *save, *word;

	strcpy(text, line);
	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		r.w[r.n++] = word;
	return r;
}

static void there_and_back(void **state)
{
	struct exec_request r = request("show history details"), s;
	struct fo_msg m;
	unsigned int i;

	(void)state;
	assert_true(exec_put(&m, &r));
	assert_int_equal(m.kind, NF_FAILOVER_MSG_KIND_REQUEST);
	assert_true(exec_get(&m, &s));
	assert_int_equal(s.limit_s, 300);
	assert_true(s.json);
	assert_int_equal(s.n, 3);
	for (i = 0; i < 3; i++)
		assert_string_equal(s.w[i], r.w[i]);
	r.json = false;
	assert_true(exec_put(&m, &r) && exec_get(&m, &s));
	assert_false(s.json);
}

static void bounds(void **state)
{
	struct exec_request r = { .n = 1 }, s;
	char word[NF_FAILOVER_MSG_LEN];
	struct fo_msg m;
	size_t len, i;

	(void)state;
	for (len = NF_FAILOVER_MSG_LEN - 8; len < NF_FAILOVER_MSG_LEN; len++) {
		memset(word, 'a', len);
		word[len] = '\0';
		r.w[0] = word;
		assert_int_equal(exec_put(&m, &r),
				 len + 1 + 4 <= NF_FAILOVER_MSG_LEN);
	}
	r = request("show");
	assert_true(exec_put(&m, &r));
	assert_true(exec_get(&m, &s));
	/* another version; cut anywhere: the last zero is missing */
	m.data[0]++;
	assert_false(exec_get(&m, &s));
	m.data[0]--;
	for (len = m.len; m.len--;)
		assert_false(exec_get(&m, &s));
	/* more words than a line may have, all of them empty */
	m.len = 4 + GRAMMAR_WORDS_MAX;
	for (i = 4; i < m.len + 1; i++)
		m.data[i] = 0;
	assert_true(exec_get(&m, &s));
	m.len++;
	assert_false(exec_get(&m, &s));
	r.n = 0;
	assert_false(exec_put(&m, &r));
}

static void judged(void **state)
{
	static const struct {
		const char *line;
		bool ok;
	} t[] = {
		{ "show", true },
		{ "show running-config", true },
		{ "show counters", true },
		{ "show history details", true },
		{ "show state", true },
		{ "show statistics unit", true },
		{ "show interface", true },
		{ "show monitor-interface", true },
		{ "show track", true },
		{ "active", true },
		{ "no active", true },
		{ "check", true },
		{ "prompt state", true },
		{ "reset", true },
		{ "reset mate", true },
		{ "reload-standby", true },
		{ "resync", true },
		{ "write", true },
		{ "help show", true },
		/* files of the other unit */
		{ "write /etc/passwd", false },
		{ "check config /etc/shadow", false },
		{ "configure /dev/stdin", false },
		{ "genkey", false },
		{ "genkey /etc/failover/key", false },
		/* for ever, and in a circle */
		{ "monitor", false },
		{ "exec mate show", false },
		{ "exec active show", false },
		/* lines of the configuration */
		{ "no failover", false },
		{ "lan unit primary", false },
		{ "key none", false },
		{ "exec allow sh /bin/sh", false },
		{ "exec clear-text", false },
		{ "timeout 0:00:01", false },
		{ "interface eth0 nameif a", false },
		{ "monitor-interface a", false },
		{ "track a script /x", false },
		/* options, and what is no line at all */
		{ "show -j", false },
		{ "--history=/etc/passwd show", false },
		{ "shows", false },
		{ "show;id", false },
		{ "failover", false },
		{ "no", false },
	};
	struct exec_request r;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		r = request(t[i].line);
		why = exec_refuse(r.n, r.w);
		if (!why != t[i].ok)
			fail_msg("%s: %s", t[i].line, why ? why : "taken");
	}
	assert_non_null(exec_refuse(0, r.w));
}

static void cleaned(void **state)
{
	unsigned char p[] = "a\033[2J\tb\n\177\r\xc3\xa4";
	unsigned char c1[] = "\xc2\x80 \xc2\x9b\x31m\xc2\x9f\xc2\xa0\xc3\x9b\xc2";

	(void)state;
	exec_clean(p, sizeof(p) - 1);
	assert_string_equal((char *)p, "a?[2J\tb\n??\xc3\xa4");
	exec_clean(c1, sizeof(c1) - 1);
	assert_string_equal((char *)c1, "?? ??1m??\xc2\xa0\xc3\x9b?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(bounds),
		cmocka_unit_test(judged),
		cmocka_unit_test(cleaned),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}

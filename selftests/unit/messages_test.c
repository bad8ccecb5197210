// SPDX-License-Identifier: GPL-2.0
/* The messages of the daemon: the table, and the page that documents it. */
#include "test.h"

#include "messages.h"

#define PAGE	"../../Documentation/messages.rst"

#define TEXT(m, unit, ...) \
	message_text(text, sizeof(text), m, unit, \
		     (const char *const []) { __VA_ARGS__ __VA_OPT__(,) NULL })

static char text[MESSAGE_MAX];

static void words(void **state)
{
	(void)state;
	assert_string_equal(TEXT(MSG_TO_ACTIVE, "Primary", "HELLO not heard"),
			    "%FAILOVER-1-104001: (Primary) Switching to ACTIVE (cause: HELLO not heard).");
	assert_string_equal(TEXT(MSG_LAN_UP, "Primary"),
			    "%FAILOVER-1-105031: Failover LAN interface is up");
	/* not configured yet */
	assert_string_equal(TEXT(MSG_ENABLING, NULL),
			    "%FAILOVER-1-105002: Enabling failover.");
	assert_string_equal(TEXT(MSG_STATE, "Secondary", "Active"),
			    "%FAILOVER-5-990201: (Secondary) Active -> ? (?)");
	/* what is filled in is not looked at again */
	assert_string_equal(TEXT(MSG_ERROR, NULL, "<unit> %s <text>"),
			    "%FAILOVER-3-990003: <unit> %s <text>");
}

static void cut(void **state)
{
	const char *const args[] = { "0123456789", NULL };
	char all[MESSAGE_MAX];
	size_t size, len;
	u8 *room;

	(void)state;
	message_text(all, sizeof(all), MSG_ERROR, NULL, args);
	len = strlen(all);
	for (size = 32; size < len + 8; size++) {
		room = exact(NULL, size);
		message_text((char *)room, size, MSG_ERROR, NULL, args);
		assert_int_equal(strlen((char *)room),
				 len < size ? len : size - 1);
		assert_memory_equal(room, all, strlen((char *)room));
		exact_free(room, size);
	}
}

/* Ids grow, so none is there twice; ours are where the ASA has none. */
static void table(void **state)
{
	const char *p, *end;
	unsigned int i;

	(void)state;
	for (i = 0; i < MESSAGES; i++) {
		assert_non_null(messages[i].text);
		assert_in_range(messages[i].id, 101001, 999999);
		assert_in_range(messages[i].severity, 1, 7);
		if (i)
			assert_true(messages[i].id > messages[i - 1].id);
		assert_int_equal(messages[i].id >= 990000, i >= MSG_ERROR);
		for (p = messages[i].text; (p = strchr(p, '<')); p = end) {
			end = strchr(p, '>');
			assert_non_null(end);
		}
	}
}

static char *read_page(void)
{
	static char page[65536];
	FILE *f = fopen(PAGE, "r");
	size_t n;

	assert_non_null(f);
	n = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[n] = '\0';
	return page;
}

/* Each message has its line in the page, word for word, and no other has. */
static void documented(void **state)
{
	char *page = read_page(), *p;
	char line[MESSAGE_MAX];
	unsigned int i, n = 0;

	(void)state;
	for (i = 0; i < MESSAGES; i++) {
		snprintf(line, sizeof(line), "\n``%%FAILOVER-%d-%06u: %s``\n",
			 messages[i].severity, messages[i].id,
			 messages[i].text);
		p = strstr(page, line);
		if (!p)
			fail_msg("not in the page: %s", line);
		assert_null(strstr(p + 1, line));
	}
	for (p = page; (p = strstr(p, "\n``%FAILOVER-")); p++)
		n++;
	assert_int_equal(n, MESSAGES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(cut),
		cmocka_unit_test(table),
		cmocka_unit_test(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

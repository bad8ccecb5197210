// SPDX-License-Identifier: GPL-2.0
/* Bytes of user objects as words: object_text.c. */

#include "object_text.h"
#include "test.h"

#define ROOM	16

/* What the word means; its bytes must be those. */
static void means(const char *word, const void *want, size_t len)
{
	unsigned char *to = exact(NULL, ROOM);

	assert_int_equal(object_bytes(to, ROOM, word), len);
	assert_memory_equal(to, want, len);
	exact_free(to, ROOM);
}

static void words(void **state)
{
	(void)state;
	means("alice", "alice", 5);
	means("", "", 0);
	means("two words", "two words", 9);
	means("hex:", "", 0);
	means("hex:00fF10", "\x00\xff\x10", 3);
	means("0123456789abcdef", "0123456789abcdef", 16);
	means("hex:000102030405060708090a0b0c0d0e0f",
	      "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16);
}

static void refused(void **state)
{
	unsigned char to[ROOM];

	(void)state;
	assert_int_equal(object_bytes(to, ROOM, "hex:0"), -1);
	assert_int_equal(object_bytes(to, ROOM, "hex:0g"), -1);
	assert_int_equal(object_bytes(to, ROOM, "hex: 00"), -1);
	assert_int_equal(object_bytes(to, ROOM, "0123456789abcdef0"), -2);
	assert_int_equal(object_bytes(to, ROOM,
			 "hex:000102030405060708090a0b0c0d0e0f10"), -2);
}

/* What is printed is what would be read. */
static void both_ways(void **state)
{
	static const char *const as_is[] = { "", "alice", "a b", "a-", "hexa" };
	static const char *const not[] = { "-", "@file", "hex:00", "\t", "\xe4",
					   "a\nb", "\x1b[2J" };
	char word[OBJECT_WORD(ROOM)];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(as_is); i++) {
		object_word(word, (const void *)as_is[i], strlen(as_is[i]));
		assert_string_equal(word, as_is[i]);
		means(word, as_is[i], strlen(as_is[i]));
	}
	for (i = 0; i < ARRAY_SIZE(not); i++) {
		object_word(word, (const void *)not[i], strlen(not[i]));
		assert_memory_equal(word, "hex:", 4);
		means(word, not[i], strlen(not[i]));
	}
	object_word(word, (const void *)"\0\1", 2);
	assert_string_equal(word, "hex:0001");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(refused),
		cmocka_unit_test(both_ways),
	};

	return cmocka_run_group_tests_name("object_text", tests, NULL, NULL);
}

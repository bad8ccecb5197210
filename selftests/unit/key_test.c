// SPDX-License-Identifier: GPL-2.0
/* Keys: what is read, made and derived, and that none is printed: key.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "grammar.h"
#include "key.h"

/* The tag that OpenSSL makes of the key below. */
#define FINGERPRINT	0x229becfd11a0e041

#define HEX	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void read_text(struct fo_config *c, const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	struct fo_error e = { .line = 0 };

	config_init(c);
	if (grammar_read(c, f, &e))
		fail_msg("%d: %s\n%s", e.line, e.text, text);
	fclose(f);
}

static char *print(const struct fo_config *c)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	config_print(f, c);
	fclose(f);
	return text;
}

static void load(struct fo_config *c, const char *text)
{
	struct fo_error e;

	read_text(c, text);
	if (key_load(c, &e))
		fail_msg("%s", e.text);
}

static void hex(void **state)
{
	struct fo_config c;
	char *text;
	int i;

	(void)state;
	load(&c, "failover key hex " HEX "\n");
	assert_true(c.key[0].loaded);
	for (i = 0; i < NF_FAILOVER_KEY_LEN; i++)
		assert_int_equal(c.key[0].secret[i], i);
	assert_false(c.key[1].loaded);
	text = print(&c);
	assert_non_null(strstr(text, "failover key *****\n"));
	assert_null(strstr(text, HEX));
	free(text);
	c.reveal = true;
	text = print(&c);
	assert_non_null(strstr(text, "failover key hex " HEX "\n"));
	free(text);
	assert_true(key_in_text(&c));
	config_free(&c);
}

/* As the reference implementation, libargon2, makes it of the first phrase. */
static void phrase(void **state)
{
	static const unsigned char want[] = {
		0x4c, 0xbe, 0x19, 0x33, 0xef, 0x8a, 0x5f, 0xaa,
		0x09, 0xb1, 0x98, 0xf2, 0xfa, 0x5c, 0xa5, 0x61,
		0xa3, 0x5e, 0x09, 0x89, 0xf5, 0xdb, 0x5a, 0xe2,
		0x7e, 0x30, 0xd1, 0xb7, 0xd8, 0xc7, 0x3c, 0xc4,
	};
	struct fo_config c;
	char *text;

	(void)state;
	load(&c, "failover key sesame\nfailover key next Sesame\n");
	assert_memory_equal(c.key[0].secret, want, sizeof(want));
	assert_memory_not_equal(c.key[0].secret, c.key[1].secret,
				NF_FAILOVER_KEY_LEN);
	text = print(&c);
	assert_null(strstr(text, "esame"));
	free(text);
	config_free(&c);
}

struct file_case {
	mode_t mode;
	const char *text;
	const char *error;
};

static void files(void **state)
{
	static const struct file_case t[] = {
		{ 0600, HEX "\n", NULL },
		{ 0400, HEX, NULL },
		{ 0640, HEX "\n", "owned by root and has mode 0600" },
		{ 0604, HEX "\n", "owned by root and has mode 0600" },
		{ 0600, "", "64 hexadecimal digits" },
		{ 0600, HEX "00\n", "64 hexadecimal digits" },
		{ 0600, "g" HEX, "64 hexadecimal digits" },
		{ 0600, HEX "\n" HEX "\n", "64 hexadecimal digits" },
	};
	char path[] = "/tmp/key_test.XXXXXX", line[128];
	struct fo_config c;
	struct fo_error e;
	size_t i;
	int fd;

	(void)state;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	snprintf(line, sizeof(line), "failover key file %s\n", path);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, t[i].text, strlen(t[i].text), 0),
				 strlen(t[i].text));
		assert_int_equal(fchmod(fd, t[i].mode), 0);
		read_text(&c, line);
		if (!t[i].error) {
			assert_int_equal(key_load(&c, &e), 0);
			assert_int_equal(c.key[0].secret[31], 31);
		} else {
			assert_int_equal(key_load(&c, &e), -1);
			assert_non_null(strstr(e.text, t[i].error));
			assert_int_equal(e.line, 1);
		}
		config_free(&c);
	}
	/* somebody else's; to be tried by root */
	if (!fchmod(fd, 0600) && !fchown(fd, 65534, -1)) {
		read_text(&c, line);
		assert_int_equal(key_load(&c, &e), -1);
		config_free(&c);
	}
	close(fd);
	unlink(path);
	read_text(&c, line);
	assert_int_equal(key_load(&c, &e), -1);
	assert_non_null(strstr(e.text, "No such file"));
	config_free(&c);
}

/* Made, never over another one, and not twice the same. */
static void made(void **state)
{
	char path[2][32] = { "/tmp/key_test1.XXXXXX", "/tmp/key_test2.XXXXXX" };
	struct fo_config c[2];
	struct fo_error e;
	char line[128];
	struct stat st;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		close(mkstemp(path[i]));
		assert_int_equal(key_make(path[i], &e), -1);
		assert_non_null(strstr(e.text, "exists"));
		unlink(path[i]);
		assert_int_equal(key_make(path[i], &e), 0);
		assert_int_equal(stat(path[i], &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		snprintf(line, sizeof(line), "failover key file %s\n", path[i]);
		load(&c[i], line);
		unlink(path[i]);
	}
	assert_memory_not_equal(c[0].key[0].secret, c[1].key[0].secret,
				NF_FAILOVER_KEY_LEN);
	config_free(&c[0]);
	config_free(&c[1]);
}

/* What the kernel has is found again by its fingerprint, and only that. */
static void found(void **state)
{
	struct fo_key k = { .kind = KEY_KEPT, .fingerprint = FINGERPRINT };
	struct fo_config c;

	(void)state;
	load(&c, "failover key hex " HEX "\n");
	assert_true(key_find(&k, &c));
	assert_int_equal(k.kind, KEY_HEX);
	assert_string_equal(k.text, HEX);
	k = (struct fo_key){ .kind = KEY_KEPT, .fingerprint = FINGERPRINT ^ 1 };
	assert_false(key_find(&k, &c));
	config_free(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex),
		cmocka_unit_test(phrase),
		cmocka_unit_test(files),
		cmocka_unit_test(made),
		cmocka_unit_test(found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

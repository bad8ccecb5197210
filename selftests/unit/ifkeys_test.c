// SPDX-License-Identifier: GPL-2.0
/* Keys of hellos on interfaces: asked for once for each change. */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "ifkeys.h"

#define PRIMARY		NF_FAILOVER_UNIT_PRIMARY
#define SECONDARY	NF_FAILOVER_UNIT_SECONDARY

static unsigned int asked;
static int answer;
static struct fo_hello_keys kernel;
static struct fo_ifkeys k;
static struct fo_config c;

int nl_hello_keys(struct fo_nl *nl, struct fo_hello_keys *keys)
{
	(void)nl;
	asked++;
	if (!answer)
		*keys = kernel;
	return answer;
}

static void begin(void)
{
	asked = 0;
	answer = 0;
	kernel = (struct fo_hello_keys) { .n = 1, .key = { { 1 }, { 2 } } };
	c = (struct fo_config) {
		.unit = PRIMARY, .key_mode = NF_FAILOVER_KEY_MODE_SECRET,
		.key[0].fingerprint = 11,
	};
	assert_int_equal(ifkeys_open(&k), 0);
}

static bool is_key(const unsigned char *key, const unsigned char *secret,
		   uint32_t unit)
{
	unsigned char want[IFHELLO_KEY];

	ifhello_key(want, secret, unit);
	return !memcmp(key, want, sizeof(want));
}

static void once_for_each_change(void **state)
{
	(void)state;
	begin();
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(asked, 1);
	assert_int_equal(k.n, 1);
	assert_true(is_key(k.secret->ours[0], kernel.key[0], PRIMARY));
	assert_true(is_key(k.secret->mates[0], kernel.key[0], SECONDARY));
	kernel.n = 2;
	c.key[1].fingerprint = 12;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(asked, 2);
	assert_int_equal(k.n, 2);
	assert_true(is_key(k.secret->mates[1], kernel.key[1], SECONDARY));
	c.unit = SECONDARY;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_true(is_key(k.secret->ours[1], kernel.key[1], SECONDARY));
	ifkeys_close(&k);
}

/* Those from before are the best that there is; the next time may do. */
static void refused(void **state)
{
	(void)state;
	begin();
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	c.key[0].fingerprint = 13;
	answer = -EPERM;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), -EPERM);
	assert_int_equal(k.n, 1);
	assert_true(is_key(k.secret->ours[0], kernel.key[0], PRIMARY));
	answer = 0;
	kernel.key[0][0] = 9;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(asked, 3);
	assert_true(is_key(k.secret->ours[0], kernel.key[0], PRIMARY));
	ifkeys_close(&k);
}

static void without_a_key(void **state)
{
	static const struct ifkeys_secret nothing;

	(void)state;
	begin();
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	c.key_mode = NF_FAILOVER_KEY_MODE_CLEAR;
	c.key[0].fingerprint = 0;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(k.n, 1);
	assert_true(is_key(k.secret->ours[0], NULL, PRIMARY));
	c.key_mode = NF_FAILOVER_KEY_MODE_UNSET;
	assert_int_equal(ifkeys_learn(&k, NULL, &c), 0);
	assert_int_equal(asked, 1);
	assert_int_equal(k.n, 0);
	assert_memory_equal(k.secret, &nothing, sizeof(nothing));
	ifkeys_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_for_each_change),
		cmocka_unit_test(refused),
		cmocka_unit_test(without_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

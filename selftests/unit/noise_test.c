// SPDX-License-Identifier: GPL-2.0
/* The handshake: noise.c, with OpenSSL's primitives. */

#include "noise.h"
#include "prims.h"
#include "test.h"
#include "vector.h"

#define ROOM	256

struct sides {
	struct fo_noise init;
	struct fo_noise resp;
};

static size_t unhex(u8 *to, const char *text)
{
	size_t n = strlen(text) / 2, i;
	unsigned int byte;

	assert_true(n <= ROOM);
	for (i = 0; i < n; i++) {
		assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
		to[i] = byte;
	}
	return n;
}

static void assert_hex(const u8 *got, size_t len, const char *text)
{
	u8 want[ROOM];

	assert_int_equal(len, unhex(want, text));
	assert_memory_equal(got, want, len);
}

static void begin(struct sides *s)
{
	u8 prologue[ROOM], psk[ROOM];
	size_t len = unhex(prologue, VECTOR_PROLOGUE);

	unhex(psk, VECTOR_PSK);
	fo_noise_init(&s->init, &openssl_prims, prologue, len, psk);
	s->resp = s->init;
}

/* Message N of the vector from one side to the other; what is on the wire. */
static size_t say(struct fo_noise *from, struct fo_noise *to, unsigned int n,
		  u8 *wire)
{
	u8 secret[ROOM], payload[ROOM], heard[ROOM];
	size_t len = unhex(payload, vector[n].payload);
	u8 *p;

	unhex(secret, n ? VECTOR_RESP_E : VECTOR_INIT_E);
	assert_true(fo_noise_write(from, secret, payload, len, wire));
	assert_hex(wire, len + FO_NOISE_OVERHEAD, vector[n].ciphertext);
	p = exact(wire, len + FO_NOISE_OVERHEAD);
	assert_true(fo_noise_read(to, p, len + FO_NOISE_OVERHEAD, heard));
	exact_free(p, len + FO_NOISE_OVERHEAD);
	assert_memory_equal(heard, payload, len);
	return len + FO_NOISE_OVERHEAD;
}

static void published_vector(void **state)
{
	u8 key[2][2][FO_KEY_LEN], payload[ROOM], wire[ROOM];
	struct sides s;
	unsigned int n;
	size_t len;

	(void)state;
	begin(&s);
	say(&s.init, &s.resp, 0, wire);
	/* the file has the hash as it is before the last message */
	assert_hex(s.init.h, FO_KEY_LEN, VECTOR_HASH);
	assert_hex(s.resp.h, FO_KEY_LEN, VECTOR_HASH);
	say(&s.resp, &s.init, 1, wire);
	assert_memory_equal(s.init.h, s.resp.h, FO_KEY_LEN);
	fo_noise_split(&s.init, key[0][0], key[0][1]);
	fo_noise_split(&s.resp, key[1][0], key[1][1]);
	assert_memory_equal(key[0], key[1], sizeof(key[0]));
	for (n = 2; n < VECTOR_MESSAGES; n++) {
		len = unhex(payload, vector[n].payload);
		openssl_prims.encrypt(wire, payload, len, NULL, 0, n / 2 - 1,
				      key[0][n % 2]);
		assert_hex(wire, len + FO_AEAD_TAG_LEN, vector[n].ciphertext);
	}
}

/* Each bit of either message; lengths from nothing on. */
static void damaged(void **state)
{
	u8 wire[ROOM], heard[ROOM];
	struct sides s, was;
	unsigned int n, bit;
	size_t len, cut;

	(void)state;
	begin(&s);
	for (n = 0; n < 2; n++) {
		was = s;
		len = n ? say(&s.resp, &s.init, 1, wire) :
			  say(&s.init, &s.resp, 0, wire);
		for (bit = 0; bit < 8 * len; bit++) {
			struct fo_noise to = n ? was.init : was.resp;

			wire[bit / 8] ^= 1 << bit % 8;
			/* X25519 takes no notice of a point's highest bit, the
			 * hash does
			 */
			assert_false(fo_noise_read(&to, wire, len, heard));
			wire[bit / 8] ^= 1 << bit % 8;
		}
		for (cut = 0; cut < len; cut++) {
			struct fo_noise to = n ? was.init : was.resp;
			u8 *p = exact(wire, cut);

			assert_false(fo_noise_read(&to, p, cut, heard));
			exact_free(p, cut);
		}
	}
}

/* Another key, another prologue; and messages that go back to who said them. */
static void others(void **state)
{
	u8 psk[FO_KEY_LEN] = "another key of thirty-two bytes", wire[ROOM];
	u8 vector_psk[ROOM], heard[ROOM];
	struct fo_noise other;
	struct sides s, was;
	size_t len;

	(void)state;
	unhex(vector_psk, VECTOR_PSK);
	begin(&s);
	was = s;
	len = say(&s.init, &s.resp, 0, wire);
	fo_noise_init(&other, &openssl_prims, "John Galt", 9, psk);
	assert_false(fo_noise_read(&other, wire, len, heard));
	fo_noise_init(&other, &openssl_prims, "John Gal", 8, vector_psk);
	assert_false(fo_noise_read(&other, wire, len, heard));
	fo_noise_init(&other, &openssl_prims, "John Galt", 9, vector_psk);
	assert_true(fo_noise_read(&other, wire, len, heard));
	other = s.init;
	assert_false(fo_noise_read(&other, wire, len, heard));
	len = say(&s.resp, &s.init, 1, wire);
	other = was.resp;
	assert_false(fo_noise_read(&other, wire, len, heard));
}

/* A point of small order makes a key that everybody knows. */
static void small_order(void **state)
{
	u8 wire[ROOM] = { 0 }, secret[FO_KEY_LEN] = { 1 };
	struct fo_noise other;
	struct sides s;

	(void)state;
	begin(&s);
	say(&s.init, &s.resp, 0, wire);
	memset(s.resp.re, 0, sizeof(s.resp.re));
	assert_false(fo_noise_write(&s.resp, secret, NULL, 0, wire));
	other = s.init;
	memset(wire, 0, FO_KEY_LEN);
	assert_false(fo_noise_read(&other, wire, FO_NOISE_OVERHEAD, wire + 64));
}

/* Nothing is left of the secrets. */
static void wiped(void **state)
{
	static const struct fo_noise nothing;
	u8 wire[ROOM], key[2][FO_KEY_LEN];
	struct sides s;

	(void)state;
	begin(&s);
	say(&s.init, &s.resp, 0, wire);
	say(&s.resp, &s.init, 1, wire);
	fo_noise_split(&s.init, key[0], key[1]);
	assert_memory_equal(&s.init, &nothing, sizeof(nothing));
	fo_noise_wipe(&s.resp);
	assert_memory_equal(&s.resp, &nothing, sizeof(nothing));
	fo_noise_wipe(&s.resp);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vector),
		cmocka_unit_test(damaged),
		cmocka_unit_test(others),
		cmocka_unit_test(small_order),
		cmocka_unit_test(wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

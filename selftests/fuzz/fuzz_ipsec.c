// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that are SAs and policies of IPsec, as they come from the other unit:
 * they are taken apart within their bounds, and what is taken has the same bytes.
 */

#include "fuzz.h"

#include "ipsec_rec.h"

/* What comes from the wire is no longer. */
#define KEY_MAX		128
#define VALUE_MAX	1024

static void is(const uint8_t *want, size_t want_len, const uint8_t *got,
	       size_t len)
{
	MUST(len == want_len && !memcmp(want, got, len));
}

static void sa(const uint8_t *key, size_t key_len, const uint8_t *value,
	       size_t len)
{
	uint8_t again[VALUE_MAX];
	struct ipsec_sa sa;

	if (ipsec_get_sa_key(&sa, key, key_len))
		return;
	is(key, key_len, again, ipsec_put_sa_key(again, KEY_MAX, &sa));
	if (ipsec_get_sa(&sa, value, len))
		return;
	MUST(sa.spi && (sa.family == 4 || sa.family == 6));
	MUST(sa.aead.name[0] || sa.auth.name[0] || sa.crypt.name[0]);
	is(value, len, again, ipsec_put_sa(again, sizeof(again), &sa));
}

static void policy(const uint8_t *key, size_t key_len, const uint8_t *value,
		   size_t len)
{
	uint8_t again[VALUE_MAX];
	struct ipsec_policy p;

	if (ipsec_get_policy_key(&p, key, key_len))
		return;
	is(key, key_len, again, ipsec_put_policy_key(again, KEY_MAX, &p));
	if (ipsec_get_policy(&p, value, len))
		return;
	MUST(p.n_tmpls && p.n_tmpls <= IPSEC_TMPLS);
	MUST(strnlen(p.sel.dev, IPSEC_DEV) < IPSEC_DEV);
	is(value, len, again, ipsec_put_policy(again, sizeof(again), &p));
}

/* One byte: which, and the length of the key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t key_len = size ? *data & 0x7f : 0;

	if (size < 1 + key_len || size > 1 + KEY_MAX + VALUE_MAX)
		return 0;
	if (*data & 0x80)
		policy(data + 1, key_len, data + 1 + key_len,
		       size - 1 - key_len);
	else
		sa(data + 1, key_len, data + 1 + key_len, size - 1 - key_len);
	return 0;
}

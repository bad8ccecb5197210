// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that are PDP contexts of GTP, as they come from the other unit: they are
 * taken apart within their bounds, and what is taken has the same bytes.
 */

#include "fuzz.h"

#include "gtp_rec.h"

/* What comes from the wire is no longer. */
#define KEY_MAX		128
#define VALUE_MAX	1024

static void is(const uint8_t *want, size_t want_len, const uint8_t *got,
	       size_t len)
{
	MUST(len == want_len && !memcmp(want, got, len));
}

/* One byte: the length of the key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t key_len = size ? *data & 0x7f : 0, len;
	const uint8_t *key, *value;
	uint8_t again[GTP_VALUE];
	char text[GTP_TEXT];
	struct gtp_ctx g;

	if (size < 1 + key_len || size > 1 + KEY_MAX + VALUE_MAX)
		return 0;
	key = data + 1;
	value = key + key_len;
	len = size - 1 - key_len;
	if (!gtp_get_key(&g, key, key_len))
		return 0;
	is(key, key_len, again, gtp_put_key(again, &g));
	if (!gtp_get_value(&g, value, len))
		return 0;
	MUST(gtp_is_sound(&g));
	MUST(strlen(gtp_text(&g, text)) < sizeof(text));
	is(value, len, again, gtp_put_value(again, &g));
	return 0;
}

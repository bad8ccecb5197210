/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's crypto library as seal.c calls it, for simulation and fuzzer:
 * nothing that is secret, but whatever is changed, cut, or under another key,
 * nonce or header does not open. The real thing is in the unit test (OpenSSL's)
 * and in the KUnit suites (the kernel's).
 */
#ifndef _SIM_CRYPTO_H
#define _SIM_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct blake2s_ctx { uint64_t h[4]; uint64_t n; };

static inline uint64_t fake_mix(uint64_t a, uint64_t b)
{
	a = (a ^ b) * 0x9e3779b97f4a7c15ULL;
	return a ^ a >> 29;
}

static inline uint64_t fake_digest(uint64_t h, const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t w;

	h = fake_mix(h, len + 1);
	for (; len >= 8; len -= 8, b += 8) {
		memcpy(&w, b, 8);
		h = fake_mix(h, w);
	}
	w = 0;
	if (len)
		memcpy(&w, b, len);
	return fake_mix(h, w);
}

static inline void blake2s_init(struct blake2s_ctx *c, size_t len)
{
	(void)len;
	memset(c, 0, sizeof(*c));
}

static inline void blake2s_update(struct blake2s_ctx *c, const uint8_t *p,
				  size_t len)
{
	int i;

	for (i = 0; len && i < 4; i++)
		c->h[i] = fake_digest(c->h[i] + i, p, len);
}

static inline void blake2s_init_key(struct blake2s_ctx *c, size_t len,
				    const void *key, size_t key_len)
{
	blake2s_init(c, len);
	blake2s_update(c, key, key_len);
}

static inline void blake2s_final(struct blake2s_ctx *c, uint8_t *out)
{
	memcpy(out, c->h, sizeof(c->h));
}

static inline void curve25519_clamp_secret(uint8_t *secret)
{
	secret[0] |= 1;
}

static inline bool curve25519_generate_public(uint8_t *out,
					      const uint8_t *secret)
{
	memcpy(out, secret, 32);
	return true;
}

/* The same from both sides, which is all that a handshake asks for. */
static inline bool curve25519(uint8_t *out, const uint8_t *secret,
			      const uint8_t *point)
{
	uint8_t any = 0;
	int i;

	for (i = 0; i < 32; i++)
		any |= out[i] = secret[i] ^ point[i];
	return any;
}

static inline void fake_stream(uint8_t *dst, const uint8_t *src, size_t len,
			       uint64_t state)
{
	uint64_t w;
	size_t n;

	for (; len; len -= n, dst += n, src += n) {
		n = len < 8 ? len : 8;
		state = fake_mix(state, 0x2545f4914f6cdd1dULL);
		w = 0;
		memcpy(&w, src, n);
		w ^= state;
		memcpy(dst, &w, n);
	}
}

static inline void fake_tag(uint8_t *tag, const uint8_t *text, size_t len,
			    const uint8_t *ad, size_t ad_len, uint64_t state)
{
	uint64_t t[2];

	t[0] = fake_digest(fake_digest(state, ad, ad_len), text, len);
	t[1] = fake_mix(t[0], state);
	memcpy(tag, t, sizeof(t));
}

static inline void chacha20poly1305_encrypt(uint8_t *dst, const uint8_t *src,
					    size_t len, const uint8_t *ad,
					    size_t ad_len, uint64_t nonce,
					    const uint8_t *key)
{
	uint64_t state = fake_digest(nonce, key, 32);

	fake_stream(dst, src, len, state);
	fake_tag(dst + len, dst, len, ad, ad_len, state);
}

static inline bool chacha20poly1305_decrypt(uint8_t *dst, const uint8_t *src,
					    size_t len, const uint8_t *ad,
					    size_t ad_len, uint64_t nonce,
					    const uint8_t *key)
{
	uint64_t state = fake_digest(nonce, key, 32);
	uint8_t tag[16];

	if (len < 16)
		return false;
	len -= 16;
	fake_tag(tag, src, len, ad, ad_len, state);
	if (memcmp(tag, src + len, 16))
		return false;
	fake_stream(dst, src, len, state);
	return true;
}

static inline void memzero_explicit(void *p, size_t len)
{
	memset(p, 0, len);
}

#endif /* _SIM_CRYPTO_H */

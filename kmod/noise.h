/* SPDX-License-Identifier: GPL-2.0 */
/* The Noise handshake NNpsk0 over primitives that are handed in. */
#ifndef _FO_NOISE_H
#define _FO_NOISE_H

#include "pure.h"

#define FO_KEY_LEN	32	/* keys, hashes and points all have it */
#define FO_AEAD_TAG_LEN	16

/* What a message of the handshake is longer than its payload. */
#define FO_NOISE_OVERHEAD	(FO_KEY_LEN + FO_AEAD_TAG_LEN)

/**
 * struct fo_prims - primitives; all of them may be called in softirq
 * @public: the X25519 public key of a secret; false when there is none
 * @dh: X25519; false when the result is zero
 * @encrypt: ChaCha20-Poly1305 of RFC 8439, whose nonce is 32 zero bits and
 *           @nonce, little endian; writes @len bytes and the tag. @dst may
 *           be @src.
 * @decrypt: the reverse; @len counts the tag; false when it is not authentic
 * @hash: BLAKE2s-256 of @a and then @b
 * @wipe: zeroes that the compiler must not leave out
 */
struct fo_prims {
	bool (*public)(u8 *out, const u8 *secret);
	bool (*dh)(u8 *out, const u8 *secret, const u8 *point);
	void (*encrypt)(u8 *dst, const u8 *src, size_t len, const u8 *ad,
			size_t ad_len, u64 nonce, const u8 *key);
	bool (*decrypt)(u8 *dst, const u8 *src, size_t len, const u8 *ad,
			size_t ad_len, u64 nonce, const u8 *key);
	void (*hash)(u8 *out, const void *a, size_t a_len, const void *b,
		     size_t b_len);
	void (*wipe)(void *p, size_t len);
};

/**
 * struct fo_noise - one side of a handshake
 * @prims: primitives
 * @ck: chaining key
 * @h: hash of all that was said
 * @e: secret of our ephemeral key, once we have spoken
 * @re: ephemeral key of the other side, once it has
 * @spoke: @e is valid
 * @heard: @re is valid
 */
struct fo_noise {
	const struct fo_prims *prims;
	u8 ck[FO_KEY_LEN];
	u8 h[FO_KEY_LEN];
	u8 e[FO_KEY_LEN];
	u8 re[FO_KEY_LEN];
	bool spoke;
	bool heard;
};

/* noise.c */
void fo_noise_init(struct fo_noise *n, const struct fo_prims *prims,
		   const void *prologue, size_t len, const u8 *psk);
bool fo_noise_write(struct fo_noise *n, const u8 *secret, const u8 *payload,
		    size_t len, u8 *out);
bool fo_noise_read(struct fo_noise *n, const u8 *in, size_t len, u8 *payload);
void fo_noise_split(struct fo_noise *n, u8 *first, u8 *second);
void fo_noise_wipe(struct fo_noise *n);

#endif /* _FO_NOISE_H */

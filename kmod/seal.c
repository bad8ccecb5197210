// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open frames: what makes them secret and authentic on the link.
 *
 * ChaCha20-Poly1305 (RFC 8439) from the kernel's crypto library. The associated
 * data is the header. The nonce is the type of the frame in its highest byte
 * and the counter of the frame in the other seven. It never comes twice with
 * one key: each handshake makes new keys, one for each direction, from secrets
 * that both units drew for it alone, so no restart and no change of key or
 * association leads back to an old one; each type counts its own frames, by 56
 * bits, and no counter is set back while a key is in use. A DATA frame that is
 * sent again under the same key has the same header and body, and so is the
 * same frame; so is a hello on its way over the other link.
 *
 * On a link in clear text ("failover key none") the tag is a CRC-32C over header
 * and body, behind zeroes. It finds frames that were damaged or cut; it does
 * not stop a stranger who knows the format.
 */

#include "seal.h"

#include <crypto/blake2s.h>
#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>
#include <linux/crc32c.h>

#define CRC_AT	(FO_TAG_LEN - 4)

static u32 checksum(const u8 *frame, size_t len)
{
	return crc32c(~0U, frame, len);
}

static void put_crc(u8 *frame, size_t len)
{
	struct fo_writer w;

	memset(frame + len, 0, CRC_AT);
	fo_writer_init(&w, frame + len + CRC_AT, 4);
	fo_put_u32(&w, checksum(frame, len));
}

static bool check_crc(const u8 *frame, size_t len)
{
	struct fo_reader r;
	u32 crc;
	u8 zero;

	zero = memchr_inv(frame + len, 0, CRC_AT) ? 1 : 0;
	fo_reader_init(&r, frame + len + CRC_AT, 4);
	crc = fo_get_u32(&r);
	return !zero && crc == checksum(frame, len);
}

static u64 nonce_of(const struct fo_hdr *h)
{
	return (u64)h->type << FO_COUNTER_BITS | h->counter;
}

/**
 * fo_seal() - make a frame
 * @key: key, or NULL for clear text
 * @frame: room for @h->len bytes
 * @body: body of the frame; may be where it is in @frame
 * @h: header
 *
 * Context: softirq or process, never sleeps.
 */
void fo_seal(const u8 *key, u8 *frame, const u8 *body, const struct fo_hdr *h)
{
	size_t len = h->len - FO_FRAME_OVERHEAD;

	fo_hdr_put(frame, h);
	if (key) {
		chacha20poly1305_encrypt(frame + FO_HDR_LEN, body, len, frame,
					 FO_HDR_LEN, nonce_of(h), key);
		return;
	}
	memmove(frame + FO_HDR_LEN, body, len);
	put_crc(frame, h->len - FO_TAG_LEN);
}

/**
 * fo_open() - check that a frame is what the peer sealed
 * @key: key, or NULL for clear text
 * @frame: frame of @h->len bytes; its body is clear text afterwards
 * @h: its header
 *
 * Context: softirq, never sleeps.
 *
 * Return: whether it is.
 */
bool fo_open(const u8 *key, u8 *frame, const struct fo_hdr *h)
{
	u8 *body = frame + FO_HDR_LEN;

	if (!key)
		return check_crc(frame, h->len - FO_TAG_LEN);
	return chacha20poly1305_decrypt(body, body, h->len - FO_HDR_LEN, frame,
					FO_HDR_LEN, nonce_of(h), key);
}

/**
 * fo_fingerprint() - tells one pre-shared key from another
 * @psk: pre-shared key
 *
 * It is half of the tag that the key gives to a text that is always the same.
 * The handshake does not use it as a key of this kind. Context: process.
 *
 * Return: never 0.
 */
u64 fo_fingerprint(const u8 *psk)
{
	static const char text[] = "nf_failover fingerprint of a key";
	u8 tag[FO_TAG_LEN];
	struct fo_reader r;

	chacha20poly1305_encrypt(tag, tag, 0, (const u8 *)text,
				 sizeof(text) - 1, 0, psk);
	fo_reader_init(&r, tag, sizeof(tag));
	return fo_get_u64(&r) ?: 1;
}

/**
 * fo_hello_key() - the key of hellos on interfaces
 * @out: FO_KEY_LEN bytes
 * @psk: pre-shared key, which does not follow from it
 *
 * The handshake does not use @psk as a key of this kind. Context: process.
 */
void fo_hello_key(u8 *out, const u8 *psk)
{
	static const char text[] = "nf_failover hellos on interfaces";
	struct blake2s_ctx c;

	blake2s_init_key(&c, FO_KEY_LEN, psk, FO_KEY_LEN);
	blake2s_update(&c, (const u8 *)text, sizeof(text) - 1);
	blake2s_final(&c, out);
}

/* Not every implementation clamps the secret itself. */
static void clamp_secret(u8 *to, const u8 *secret)
{
	memcpy(to, secret, FO_KEY_LEN);
	curve25519_clamp_secret(to);
}

static bool prim_public(u8 *out, const u8 *secret)
{
	u8 clamped[FO_KEY_LEN];
	bool ok;

	clamp_secret(clamped, secret);
	ok = curve25519_generate_public(out, clamped);
	memzero_explicit(clamped, sizeof(clamped));
	return ok;
}

static bool prim_dh(u8 *out, const u8 *secret, const u8 *point)
{
	u8 clamped[FO_KEY_LEN];
	bool ok;

	clamp_secret(clamped, secret);
	ok = curve25519(out, clamped, point);
	memzero_explicit(clamped, sizeof(clamped));
	return ok;
}

static void prim_encrypt(u8 *dst, const u8 *src, size_t len, const u8 *ad,
			 size_t ad_len, u64 nonce, const u8 *key)
{
	chacha20poly1305_encrypt(dst, src, len, ad, ad_len, nonce, key);
}

static bool prim_decrypt(u8 *dst, const u8 *src, size_t len, const u8 *ad,
			 size_t ad_len, u64 nonce, const u8 *key)
{
	return chacha20poly1305_decrypt(dst, src, len, ad, ad_len, nonce, key);
}

static void prim_hash(u8 *out, const void *a, size_t a_len, const void *b,
		      size_t b_len)
{
	struct blake2s_ctx c;

	blake2s_init(&c, FO_KEY_LEN);
	blake2s_update(&c, a, a_len);
	blake2s_update(&c, b, b_len);
	blake2s_final(&c, out);
}

static void prim_wipe(void *p, size_t len)
{
	memzero_explicit(p, len);
}

/* What the handshake is made of here. Context: process or softirq. */
const struct fo_prims fo_kernel_prims = {
	.public		= prim_public,
	.dh		= prim_dh,
	.encrypt	= prim_encrypt,
	.decrypt	= prim_decrypt,
	.hash		= prim_hash,
	.wipe		= prim_wipe,
};

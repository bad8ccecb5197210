// SPDX-License-Identifier: GPL-2.0
/*
 * The Noise handshake NNpsk0 over primitives that are handed in.
 *
 *	Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s:
 *	  -> psk, e
 *	  <- e, ee
 *
 * As in revision 34 of the Noise specification; the names of its functions
 * stand beside ours. Pure, and it allocates nothing.
 *
 * The payload of the first message is under a key that only the pre-shared key
 * and the ephemeral key in the message make: a stranger's message costs some
 * hashes and one failed decryption, no X25519 and no state.
 */

#include "noise.h"

#define BLOCK_LEN	64	/* of BLAKE2s */

static const char protocol[] = "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s";

/* HMAC-HASH(key, data) */
static void hmac(const struct fo_prims *p, u8 *out, const u8 *key,
		 const u8 *data, size_t len)
{
	u8 pad[BLOCK_LEN], inner[FO_KEY_LEN];
	unsigned int i;

	for (i = 0; i < BLOCK_LEN; i++)
		pad[i] = (i < FO_KEY_LEN ? key[i] : 0) ^ 0x36;
	p->hash(inner, pad, sizeof(pad), data, len);
	for (i = 0; i < BLOCK_LEN; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	p->hash(out, pad, sizeof(pad), inner, sizeof(inner));
	p->wipe(pad, sizeof(pad));
	p->wipe(inner, sizeof(inner));
}

/* HKDF(chaining_key, input_key_material, outputs); @n of @out are filled in */
static void hkdf(const struct fo_prims *p, const u8 *ck, const u8 *in,
		 size_t len, u8 *const *out, unsigned int n)
{
	u8 temp[FO_KEY_LEN], last[FO_KEY_LEN + 1];
	unsigned int i;

	hmac(p, temp, ck, in, len);
	for (i = 0; i < n; i++) {
		last[i ? FO_KEY_LEN : 0] = i + 1;
		hmac(p, last, temp, last, i ? FO_KEY_LEN + 1 : 1);
		memcpy(out[i], last, FO_KEY_LEN);
	}
	p->wipe(temp, sizeof(temp));
	p->wipe(last, sizeof(last));
}

/* MixHash(data) */
static void mix_hash(struct fo_noise *n, const void *data, size_t len)
{
	n->prims->hash(n->h, n->h, sizeof(n->h), data, len);
}

/* MixKey(input_key_material): the new cipher key is @k, its nonce is zero */
static void mix_key(struct fo_noise *n, const u8 *in, u8 *k)
{
	u8 ck[FO_KEY_LEN];
	u8 *const out[] = { ck, k };

	hkdf(n->prims, n->ck, in, FO_KEY_LEN, out, 2);
	memcpy(n->ck, ck, sizeof(ck));
	n->prims->wipe(ck, sizeof(ck));
}

/* MixKeyAndHash(psk): the key that it makes is replaced before it is used */
static void mix_psk(struct fo_noise *n, const u8 *psk)
{
	u8 ck[FO_KEY_LEN], hash[FO_KEY_LEN], k[FO_KEY_LEN];
	u8 *const out[] = { ck, hash, k };

	hkdf(n->prims, n->ck, psk, FO_KEY_LEN, out, 3);
	memcpy(n->ck, ck, sizeof(ck));
	mix_hash(n, hash, sizeof(hash));
	n->prims->wipe(ck, sizeof(ck));
	n->prims->wipe(hash, sizeof(hash));
	n->prims->wipe(k, sizeof(k));
}

/* The token ee: MixKey(DH(e, re)) */
static bool mix_ee(struct fo_noise *n, u8 *k)
{
	u8 shared[FO_KEY_LEN];
	bool ok = n->prims->dh(shared, n->e, n->re);

	if (ok)
		mix_key(n, shared, k);
	n->prims->wipe(shared, sizeof(shared));
	return ok;
}

/**
 * fo_noise_init() - begin a handshake: all up to the token psk
 * @n: filled in; a copy of it begins another handshake with the same key
 * @prims: primitives
 * @prologue: what both sides must have in common
 * @len: its length
 * @psk: pre-shared key, FO_KEY_LEN bytes
 */
void fo_noise_init(struct fo_noise *n, const struct fo_prims *prims,
		   const void *prologue, size_t len, const u8 *psk)
{
	memset(n, 0, sizeof(*n));
	n->prims = prims;
	prims->hash(n->h, protocol, sizeof(protocol) - 1, NULL, 0);
	memcpy(n->ck, n->h, sizeof(n->ck));
	mix_hash(n, prologue, len);
	mix_psk(n, psk);
}

/**
 * fo_noise_write() - say the first or the second message
 * @n: handshake
 * @secret: a new ephemeral secret, FO_KEY_LEN random bytes
 * @payload: what goes with it
 * @len: its length
 * @out: room for @len + FO_NOISE_OVERHEAD bytes, apart from @payload
 *
 * Return: false, and the handshake is over, when a key is unusable.
 */
bool fo_noise_write(struct fo_noise *n, const u8 *secret, const u8 *payload,
		    size_t len, u8 *out)
{
	u8 k[FO_KEY_LEN];
	bool ok;

	memcpy(n->e, secret, sizeof(n->e));
	ok = n->prims->public(out, n->e);
	mix_hash(n, out, FO_KEY_LEN);
	mix_key(n, out, k);
	if (ok && n->heard)
		ok = mix_ee(n, k);
	if (ok) {
		n->prims->encrypt(out + FO_KEY_LEN, payload, len, n->h,
				  sizeof(n->h), 0, k);
		mix_hash(n, out + FO_KEY_LEN, len + FO_AEAD_TAG_LEN);
		n->spoke = true;
	}
	n->prims->wipe(k, sizeof(k));
	return ok;
}

/**
 * fo_noise_read() - hear the first or the second message
 * @n: handshake; changed even by a message that is refused
 * @in: message
 * @len: its length
 * @payload: room for @len - FO_NOISE_OVERHEAD bytes
 *
 * Return: false, and the handshake is over, when the message is not authentic.
 */
bool fo_noise_read(struct fo_noise *n, const u8 *in, size_t len, u8 *payload)
{
	u8 k[FO_KEY_LEN];
	bool ok = true;

	if (len < FO_NOISE_OVERHEAD)
		return false;
	memcpy(n->re, in, sizeof(n->re));
	mix_hash(n, in, FO_KEY_LEN);
	mix_key(n, in, k);
	if (n->spoke)
		ok = mix_ee(n, k);
	ok = ok && n->prims->decrypt(payload, in + FO_KEY_LEN,
				     len - FO_KEY_LEN, n->h, sizeof(n->h), 0, k);
	if (ok) {
		mix_hash(n, in + FO_KEY_LEN, len - FO_KEY_LEN);
		n->heard = true;
	}
	n->prims->wipe(k, sizeof(k));
	return ok;
}

/**
 * fo_noise_split() - the keys of what follows; the handshake is wiped
 * @n: handshake in which both have spoken
 * @first: key of frames from who said the first message
 * @second: key of frames from the other one
 */
void fo_noise_split(struct fo_noise *n, u8 *first, u8 *second)
{
	u8 *const out[] = { first, second };

	hkdf(n->prims, n->ck, NULL, 0, out, 2);
	fo_noise_wipe(n);
}

void fo_noise_wipe(struct fo_noise *n)
{
	const struct fo_prims *p = n->prims;

	if (p)
		p->wipe(n, sizeof(*n));
}

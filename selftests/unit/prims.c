// SPDX-License-Identifier: GPL-2.0
/* The primitives of the handshake, from OpenSSL. */
#include "prims.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

static EVP_PKEY *private_key(const u8 *secret)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
						   secret, FO_KEY_LEN);

	assert(k);
	return k;
}

static bool public(u8 *out, const u8 *secret)
{
	EVP_PKEY *k = private_key(secret);
	size_t len = FO_KEY_LEN;
	bool ok = EVP_PKEY_get_raw_public_key(k, out, &len) == 1;

	EVP_PKEY_free(k);
	return ok;
}

static bool dh(u8 *out, const u8 *secret, const u8 *point)
{
	EVP_PKEY *k = private_key(secret);
	EVP_PKEY *p = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, point,
						  FO_KEY_LEN);
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(k, NULL);
	size_t len = FO_KEY_LEN;
	bool ok;

	assert(p && c);
	/* OpenSSL refuses a result of zero */
	ok = EVP_PKEY_derive_init(c) == 1 && EVP_PKEY_derive_set_peer(c, p) == 1 &&
	     EVP_PKEY_derive(c, out, &len) == 1;
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(p);
	EVP_PKEY_free(k);
	return ok;
}

static void nonce_bytes(u8 *iv, u64 nonce)
{
	int i;

	memset(iv, 0, 4);
	for (i = 0; i < 8; i++)
		iv[4 + i] = nonce >> 8 * i;
}

static void encrypt(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		    size_t ad_len, u64 nonce, const u8 *key)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	u8 iv[12];
	int n, ok;

	nonce_bytes(iv, nonce);
	ok = EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, iv) &&
	     EVP_EncryptUpdate(c, NULL, &n, ad, ad_len) &&
	     (!len || EVP_EncryptUpdate(c, dst, &n, src, len)) &&
	     EVP_EncryptFinal_ex(c, dst + len, &n) &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, FO_AEAD_TAG_LEN,
				 dst + len);
	assert(ok);
	EVP_CIPHER_CTX_free(c);
}

static bool decrypt(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		    size_t ad_len, u64 nonce, const u8 *key)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	u8 iv[12], tag[FO_AEAD_TAG_LEN], none[16];
	int n, ok;

	assert(len >= FO_AEAD_TAG_LEN);
	len -= FO_AEAD_TAG_LEN;
	memcpy(tag, src + len, sizeof(tag));
	nonce_bytes(iv, nonce);
	ok = EVP_DecryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, iv) &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, FO_AEAD_TAG_LEN,
				 tag) &&
	     EVP_DecryptUpdate(c, NULL, &n, ad, ad_len) &&
	     (!len || EVP_DecryptUpdate(c, dst, &n, src, len)) &&
	     EVP_DecryptFinal_ex(c, none, &n);
	EVP_CIPHER_CTX_free(c);
	return ok;
}

static void hash(u8 *out, const void *a, size_t a_len, const void *b,
		 size_t b_len)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	int ok;

	ok = EVP_DigestInit_ex(c, EVP_blake2s256(), NULL) &&
	     EVP_DigestUpdate(c, a, a_len) && EVP_DigestUpdate(c, b, b_len) &&
	     EVP_DigestFinal_ex(c, out, NULL);
	assert(ok);
	EVP_MD_CTX_free(c);
}

static void wipe(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
}

const struct fo_prims openssl_prims = {
	.public = public, .dh = dh, .encrypt = encrypt, .decrypt = decrypt,
	.hash = hash, .wipe = wipe,
};

// SPDX-License-Identifier: GPL-2.0
/* Pre-shared keys: from files and pass phrases, and new ones. */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Argon2id of RFC 9106, version 1.3. Both units have to make the same key of the
 * same phrase and nothing else, so the salt is fixed; it is that of no other
 * program. The cost is some tenths of a second and 64 MiB for each guess.
 */
#define PHRASE_PASSES	3
#define PHRASE_MEMORY	(64 << 20)
static const unsigned char salt[] = "nf_failover key1";

#define HEX_LEN		(2 * NF_FAILOVER_KEY_LEN)

_Static_assert(sizeof(salt) - 1 == crypto_pwhash_SALTBYTES, "salt");
_Static_assert(NF_FAILOVER_KEY_LEN == crypto_aead_chacha20poly1305_ietf_KEYBYTES,
	       "key");

static bool from_hex(unsigned char *to, const char *text, size_t len)
{
	size_t n;

	return len == HEX_LEN &&
	       !sodium_hex2bin(to, NF_FAILOVER_KEY_LEN, text, len, NULL, &n,
			       NULL) && n == NF_FAILOVER_KEY_LEN;
}

/* NULL, or what is wrong with who may read the file. */
static const char *exposed(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "expected a regular file";
	if (st.st_uid || st.st_mode & 077)
		return "expected a file that is owned by root and has mode 0600";
	return NULL;
}

/* One line of digits; a line end and blanks may follow. */
static int from_file(struct fo_key *k, struct fo_error *e)
{
	int fd = open(k->text, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char text[HEX_LEN + 16];
	const char *why;
	ssize_t n = 0;

	why = fd < 0 ? strerror(errno) : exposed(fd);
	if (!why)
		n = read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	if (why)
		return error_set(e, k->line, 0, "key file %s: %s", k->text,
				 why);
	while (n > 0 && strchr(" \t\r\n", text[n - 1]))
		n--;
	k->loaded = n > 0 && from_hex(k->secret, text, n);
	sodium_memzero(text, sizeof(text));
	if (!k->loaded)
		return error_set(e, k->line, 0,
				 "key file %s: expected 64 hexadecimal digits, as \"failover genkey\" makes them",
				 k->text);
	return 0;
}

static int from_phrase(struct fo_key *k, struct fo_error *e)
{
	k->loaded = !crypto_pwhash(k->secret, sizeof(k->secret), k->text,
				   strlen(k->text), salt, PHRASE_PASSES,
				   PHRASE_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
	return k->loaded ? 0 :
	       error_set(e, k->line, 0,
			 "not enough memory to make a key of the pass phrase");
}

static int load(struct fo_key *k, struct fo_error *e)
{
	if (k->kind == KEY_FILE && !k->fingerprint)
		return from_file(k, e);
	if (k->kind == KEY_PHRASE)
		return from_phrase(k, e);
	if (k->kind == KEY_HEX)
		k->loaded = from_hex(k->secret, k->text, strlen(k->text));
	return 0;
}

/* Reads and derives the keys that the configuration names. */
int key_load(struct fo_config *c, struct fo_error *e)
{
	unsigned int i;

	if (sodium_init() < 0)
		return error_set(e, 0, 0, "libsodium does not work here");
	for (i = 0; i < CONFIG_KEYS; i++)
		if (load(&c->key[i], e))
			return -1;
	return 0;
}

/* As the attribute fingerprint is made in the kernel. */
static uint64_t fingerprint(const unsigned char *secret)
{
	static const char text[] = "nf_failover fingerprint of a key";
	static const unsigned char nonce[12];
	unsigned char tag[16];
	unsigned long long len;
	uint64_t v = 0;
	int i;

	crypto_aead_chacha20poly1305_ietf_encrypt(tag, &len, NULL, 0,
						  (const void *)text,
						  sizeof(text) - 1, NULL,
						  nonce, secret);
	for (i = 0; i < 8; i++)
		v = v << 8 | tag[i];
	return v ? v : 1;
}

bool key_find(struct fo_key *k, const struct fo_config *old)
{
	unsigned int i;

	for (i = 0; i < CONFIG_KEYS; i++) {
		if (!old->key[i].loaded ||
		    fingerprint(old->key[i].secret) != k->fingerprint)
			continue;
		*k = old->key[i];
		return true;
	}
	return false;
}

bool key_in_text(const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < CONFIG_KEYS; i++)
		if (c->key[i].kind == KEY_HEX || c->key[i].kind == KEY_PHRASE)
			return true;
	return false;
}

static int write_key(int fd, const char *text)
{
	return write(fd, text, HEX_LEN + 1) == HEX_LEN + 1 ? 0 : -1;
}

/* A new key, into a file that is not there yet; without @path to stdout. */
int key_make(const char *path, struct fo_error *e)
{
	unsigned char secret[NF_FAILOVER_KEY_LEN];
	char text[HEX_LEN + 2];
	int fd = STDOUT_FILENO, err;

	if (sodium_init() < 0)
		return error_set(e, 0, 0, "libsodium does not work here");
	if (path)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(e, 0, 0, "%s: %s", path, strerror(errno));
	randombytes_buf(secret, sizeof(secret));
	sodium_bin2hex(text, HEX_LEN + 1, secret, sizeof(secret));
	text[HEX_LEN] = '\n';
	err = write_key(fd, text);
	if (path)
		err |= fsync(fd) | close(fd);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(text, sizeof(text));
	return err ? error_set(e, 0, 0, "%s: %s", path ? path : "stdout",
			       strerror(errno)) : 0;
}

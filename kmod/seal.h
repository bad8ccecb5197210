/* SPDX-License-Identifier: GPL-2.0 */
/* Seal and open frames: what makes them secret and authentic on the link. */
#ifndef _FO_SEAL_H
#define _FO_SEAL_H

#include "codec.h"
#include "noise.h"

#define FO_PSKS		2	/* the key, and the one that replaces it */

/**
 * struct fo_psks - the pre-shared keys of a unit
 * @mode: enum nf_failover_key_mode
 * @n: entries of @key in use
 * @key: each is tried on what comes in, the first is used first
 */
struct fo_psks {
	u8 mode;
	unsigned int n;
	u8 key[FO_PSKS][FO_KEY_LEN];
};

/* seal.c */
extern const struct fo_prims fo_kernel_prims;
void fo_seal(const u8 *key, u8 *frame, const u8 *body, const struct fo_hdr *h);
bool fo_open(const u8 *key, u8 *frame, const struct fo_hdr *h);
u64 fo_fingerprint(const u8 *psk);
void fo_hello_key(u8 *out, const u8 *psk);

#endif /* _FO_SEAL_H */

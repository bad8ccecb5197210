/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_CRYPTO_BLAKE2S_H
#define _FO_COMPAT_CRYPTO_BLAKE2S_H

#include_next <crypto/blake2s.h>

#include "config.h"

#ifndef FO_HAVE_BLAKE2S_CTX
#define blake2s_ctx	blake2s_state
#endif

#endif /* _FO_COMPAT_CRYPTO_BLAKE2S_H */

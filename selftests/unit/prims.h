/* SPDX-License-Identifier: GPL-2.0 */
/* The primitives of the handshake, from OpenSSL. */
#ifndef _TEST_PRIMS_H
#define _TEST_PRIMS_H

#include "noise.h"

extern const struct fo_prims openssl_prims;

#endif /* _TEST_PRIMS_H */

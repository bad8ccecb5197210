/* SPDX-License-Identifier: GPL-2.0 */
/* Seal and open frames: what makes them authentic on the link. */
#ifndef _FO_SEAL_H
#define _FO_SEAL_H

#include "codec.h"

/* seal.c */
void fo_seal(u8 *frame, const struct fo_hdr *h);
bool fo_open(const u8 *frame, const struct fo_hdr *h);

#endif /* _FO_SEAL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What every unit test includes: cmocka, and room that notices overruns. */
#ifndef _TEST_H
#define _TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"

/* Exactly len bytes of heap, so that the sanitizer sees the byte behind. */
static inline u8 *exact(const void *from, size_t len)
{
	u8 *p = malloc(len ? len : 1);

	if (!p)
		abort();
	if (from)
		memcpy(p, from, len);
	return len ? p : p + 1;
}

static inline void exact_free(u8 *p, size_t len)
{
	free(len ? p : p - 1);
}

#endif /* _TEST_H */

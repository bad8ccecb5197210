// SPDX-License-Identifier: GPL-2.0
/* Counts takeovers, to find out that the units switch to and fro. Pure. */
#include "holddown.h"

#include <string.h>

#define ROOM	(sizeof(((struct holddown *)0)->at) / sizeof(uint64_t))

bool holddown_takeover(struct holddown *h, uint64_t now, unsigned int most,
		       uint64_t ms)
{
	if (h->n == ROOM) {
		h->n--;
		memmove(h->at, h->at + 1, h->n * sizeof(h->at[0]));
	}
	h->at[h->n++] = now;
	return most && h->n > most && now - h->at[h->n - 1 - most] < ms;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* What a standby unit has not taken in since a bulk sync began. */
#ifndef _FO_REFUSED_H
#define _FO_REFUSED_H

#include "codec_link.h"
#include "stats.h"

#define FO_REASONS	12

/**
 * struct fo_refused - what was refused before
 * @before: of each reason, when the last bulk sync began
 */
struct fo_refused {
	u64 before[FO_REASONS];
};

void fo_refused_begin(struct fo_refused *r, const struct fo_stats *s);
unsigned int fo_refused_get(const struct fo_refused *r, const struct fo_stats *s,
			    struct fo_refusal *to);

#endif /* _FO_REFUSED_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Take apart what the peer sent, and hand each record to its class. */
#ifndef _FO_APPLY_H
#define _FO_APPLY_H

#include "class.h"
#include "stats.h"

/**
 * struct fo_apply - the way in
 * @stats: counters of the unit
 * @classes: its classes
 * @accepting: records are taken: the unit is not active
 * @waiting: but only from the next bulk sync on: the slots of this unit are not
 *           those of the peer before
 * @records: records taken from frames, for Recv Q
 * @damaged: a record was not applied; ask the peer for a bulk sync
 */
struct fo_apply {
	struct fo_stats *stats;
	const struct fo_classes *classes;
	bool accepting;
	bool waiting;
	u64 records;
	bool damaged;
};

/* apply.c */
void fo_apply_frame(struct fo_apply *a, struct fo_reader *body);

#endif /* _FO_APPLY_H */

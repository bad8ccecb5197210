// SPDX-License-Identifier: GPL-2.0
/* Take apart what the peer sent, and hand each record to its class. */

#include "apply.h"

/* Acknowledged, but not applied: once standby, ask anew. */
static void refuse(struct fo_apply *a)
{
	fo_count(a->stats, FO_CNT_RX_NOT_STANDBY);
	WRITE_ONCE(a->damaged, true);
}

static void apply(struct fo_apply *a, struct fo_rec *rec)
{
	const struct fo_class_ref *ref = NULL;

	if (rec->class < FO_CLASSES)
		ref = &a->classes->ref[rec->class];
	if (ref && ref->ops)
		ref->ops->apply(ref->self, rec);
	else
		fo_count(a->stats, FO_CNT_RX_UNKNOWN_CLASS);
}

/**
 * fo_apply_frame() - apply the records of a DATA frame
 * @a: the way in
 * @body: body of the frame
 *
 * The frame is authentic and in order, but was not necessarily written by this
 * version: an unknown class is skipped by its length. When the rest of a frame
 * makes no sense it is dropped and a bulk sync is due.
 *
 * Context: softirq, serialized by the session.
 */
void fo_apply_frame(struct fo_apply *a, struct fo_reader *body)
{
	struct fo_rec rec;
	int err;

	if (!READ_ONCE(a->accepting)) {
		refuse(a);
		return;
	}
	while ((err = fo_rec_get(body, &rec)) > 0) {
		WRITE_ONCE(a->records, a->records + 1);
		if (READ_ONCE(a->waiting) && rec.class != FO_CLASS_CONTROL)
			refuse(a);
		else
			apply(a, &rec);
	}
	if (err) {
		fo_count(a->stats, FO_CNT_RX_BAD_RECORD);
		WRITE_ONCE(a->damaged, true);
	}
}

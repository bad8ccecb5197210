// SPDX-License-Identifier: GPL-2.0
/*
 * What a standby unit has not taken in, by reason. A bulk sync tells all anew, so what
 * counts is what was refused since the last one began: with nothing of it the unit has
 * all that was told.
 */

#include "refused.h"

#include <linux/kernel.h>
#include <linux/string.h>

/* Counters that grow when state of the peer is not, or not wholly, taken in. */
static const enum fo_counter reasons[] = {
	FO_CNT_CT_REFUSED,
	FO_CNT_CT_TABLE_FULL,
	FO_CNT_CT_NO_ROOM,
	FO_CNT_CT_NO_HELPER,
	FO_CNT_CT_NO_TRACKER,
	FO_CNT_CT_LOST,
	FO_CNT_EXPECT_REFUSED,
	FO_CNT_SECMARK_REFUSED,
	FO_CNT_NEIGH_REFUSED,
	FO_CNT_OBJECT_FULL,
	FO_CNT_OBJECT_NO_MEMORY,
	FO_CNT_SA_NO_MEMORY,
};

/**
 * fo_refused_begin() - all is told anew from here on
 * @r: what was refused before
 * @s: counters of the unit
 *
 * Context: any.
 */
void fo_refused_begin(struct fo_refused *r, const struct fo_stats *s)
{
	int i;

	BUILD_BUG_ON(ARRAY_SIZE(reasons) != FO_REASONS);
	for (i = 0; i < FO_REASONS; i++)
		WRITE_ONCE(r->before[i], fo_stats_counter(s, reasons[i]));
}

/**
 * fo_refused_get() - what was refused since then
 * @r: what was refused before
 * @s: counters of the unit
 * @to: filled in; room for FO_HELLO_REFUSALS
 *
 * Context: any.
 *
 * Return: how many reasons are in @to.
 */
unsigned int fo_refused_get(const struct fo_refused *r, const struct fo_stats *s,
			    struct fo_refusal *to)
{
	unsigned int n = 0;
	u64 count;
	int i;

	for (i = 0; i < FO_REASONS && n < FO_HELLO_REFUSALS; i++) {
		count = fo_stats_counter(s, reasons[i]) - READ_ONCE(r->before[i]);
		if (!count)
			continue;
		to[n].count = count;
		strscpy(to[n].name, fo_counter_names[reasons[i]], sizeof(to[n].name));
		n++;
	}
	return n;
}

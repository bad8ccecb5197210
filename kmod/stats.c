// SPDX-License-Identifier: GPL-2.0
/* Per-CPU counters, each named once, in one list. */

#include "stats.h"

#include <linux/cpumask.h>
#include <linux/errno.h>

#include "trace.h"

#define NAME(id, name)		[FO_CNT_##id] = name,
const char * const fo_counter_names[FO_COUNTER_COUNT] = { FO_COUNTERS(NAME) };

#define ROW_NAME(id, name)	[FO_ROW_##id] = name,
const char * const fo_row_names[FO_ROW_COUNT] = { FO_ROWS(ROW_NAME) };

static const char * const column_names[FO_COLUMN_COUNT] = {
	[FO_XMIT] = "xmit",
	[FO_XERR] = "xerr",
	[FO_RCV]  = "rcv",
	[FO_RERR] = "rerr",
};

/* Somebody wants to know. Context: any. */
void fo_count_traced(const struct fo_stats *s, enum fo_counter c, u64 n)
{
	if (n)
		trace_fo_count(s, fo_counter_names[c], n);
}

void fo_row_traced(const struct fo_stats *s, enum fo_row row,
		   enum fo_column col)
{
	trace_fo_record(s, fo_row_names[row], column_names[col]);
}

int fo_stats_init(struct fo_stats *s)
{
	s->cpu = alloc_percpu(struct fo_stats_cpu);
	return s->cpu ? 0 : -ENOMEM;
}

void fo_stats_exit(struct fo_stats *s)
{
	free_percpu(s->cpu);
}

u64 fo_stats_counter(const struct fo_stats *s, enum fo_counter c)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(s->cpu, cpu)->counter[c]);
	return sum;
}

u64 fo_stats_row(const struct fo_stats *s, enum fo_row r, enum fo_column c)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(s->cpu, cpu)->row[r][c]);
	return sum;
}

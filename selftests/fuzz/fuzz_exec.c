// SPDX-License-Identifier: GPL-2.0
/*
 * A request of "failover exec" as it comes from the other unit: it is taken
 * apart within its bounds, written as it was, and judged.
 */

#include "fuzz.h"

#include "exec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fo_msg m = { .len = size }, again;
	struct exec_request r;
	unsigned int i;
	const char *why;

	if (size > sizeof(m.data))
		return 0;
	memcpy(m.data, data, size);
	if (!exec_get(&m, &r))
		return 0;
	MUST(r.n && r.n <= GRAMMAR_WORDS_MAX);
	for (i = 0; i < r.n; i++)
		MUST(r.w[i] >= r.text && r.w[i] < r.text + size);
	MUST(r.w[r.n - 1] + strlen(r.w[r.n - 1]) + 1 == r.text + size);
	MUST(exec_put(&again, &r));
	MUST(again.len == size && !memcmp(again.data + 2, data + 2, size - 2));
	why = exec_refuse(r.n, r.w);
	MUST(!why || *why);
	/* nothing that could be an option of the command gets there */
	for (i = 0; i < r.n; i++)
		MUST(why || r.w[i][0] != '-');
	exec_clean(m.data, m.len);
	for (i = 0; i < m.len; i++)
		MUST(m.data[i] >= ' ' || m.data[i] == '\n' ||
		     m.data[i] == '\t');
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the moves of the election table, for ./moves.sh: from, to, event
 * and reason, with tabs between them; "*" for a reason that comes from elsewhere.
 */
#include <stdio.h>

#include "elect.h"
#include "names.h"

/* The kernel makes these moves itself, or says why in its own words. */
static bool is_told_elsewhere(enum elect_event ev)
{
	return ev == ELECT_ENABLE || ev == ELECT_DISABLE || ev == ELECT_FENCED;
}

int main(void)
{
	const struct elect_entry *e;
	enum elect_event ev;
	unsigned int s;

	for (s = 0; s < ELECT_STATES; s++)
		for (ev = 0; ev < ELECT_EVENTS; ev++) {
			e = &elect_table[s][ev];
			if (e->next == ELECT_SAME || e->next == s)
				continue;
			printf("%s\t%s\t%s\t%s\n", names_state(s),
			       names_state(e->next), elect_event_name(ev),
			       e->reason && !is_told_elsewhere(ev) ?
			       e->reason : "*");
		}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Lists of entries of the history. Pure. */
#include "history.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A new entry at the end, or NULL without memory. */
struct fo_entry *history_add(struct fo_history *h)
{
	struct fo_entry *p;

	/* by powers of two */
	if (!(h->n & (h->n - 1))) {
		p = realloc(h->e, (h->n ? 2 * h->n : 1) * sizeof(*p));
		if (!p)
			return NULL;
		h->e = p;
	}
	p = &h->e[h->n++];
	memset(p, 0, sizeof(*p));
	return p;
}

void history_free(struct fo_history *h)
{
	free(h->e);
	*h = (struct fo_history) { .n = 0 };
}

/* Whether the same entry of the same list is in @h. */
bool history_has(const struct fo_history *h, const struct fo_entry *e)
{
	unsigned int i;

	for (i = 0; i < h->n; i++)
		if (h->e[i].seq == e->seq && !strcmp(h->e[i].list, e->list))
			return true;
	return false;
}

static unsigned int count(const struct fo_history *h, bool mate)
{
	unsigned int i, n = 0;

	for (i = 0; i < h->n; i++)
		n += h->e[i].mate == mate;
	return n;
}

/*
 * Adds what is new of @now at the end, and forgets the oldest of each unit beyond
 * what a kernel keeps: one that starts has none of the mate, and hears them again.
 * Without memory nothing is forgotten, and what was not added may come twice.
 */
void history_renew(struct fo_history *h, const struct fo_history *now)
{
	unsigned int i, n = 0, left[2];
	struct fo_entry *e;

	for (i = 0; i < now->n; i++) {
		if (history_has(h, &now->e[i]))
			continue;
		e = history_add(h);
		if (!e)
			return;
		*e = now->e[i];
	}
	left[false] = count(h, false);
	left[true] = count(h, true);
	for (i = 0; i < h->n; i++)
		if (left[h->e[i].mate]-- <= HISTORY_KEPT)
			h->e[n++] = h->e[i];
	h->n = n;
}

/* The newest entry of a unit that @is one, or NULL. */
const struct fo_entry *history_find(const struct fo_history *h, bool mate,
				    bool (*is)(const struct fo_entry *e))
{
	unsigned int i;

	for (i = h->n; i--;)
		if (h->e[i].mate == mate && is(&h->e[i]))
			return &h->e[i];
	return NULL;
}

/* The first step of a promotion, in which the role changes. */
bool history_is_takeover(const struct fo_entry *e)
{
	return e->kind == NF_FAILOVER_HISTORY_KIND_MOVED &&
	       e->to == NF_FAILOVER_STATE_JUST_ACTIVE;
}

/* As the ASA prints it: 12:34:21 UTC Jun 12 2015 */
const char *history_time(uint64_t ns, char *text)
{
	time_t at = ns / 1000000000;
	struct tm tm;

	if (!localtime_r(&at, &tm) ||
	    !strftime(text, HISTORY_TIME_MAX, "%H:%M:%S %Z %b %-d %Y", &tm))
		strcpy(text, "?");
	return text;
}

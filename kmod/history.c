// SPDX-License-Identifier: GPL-2.0
/*
 * What happened to both units, and what was seen at that moment.
 *
 * Each unit writes its own history, a bounded list, and holds a copy of the
 * other's. A hello says up to which entry of the other's list the copy goes,
 * and brings the next entries of the own one that the other does not hold. So
 * both copies converge by hellos alone, whatever is lost in between: what was
 * not taken is simply said again.
 *
 * All with the lock of the store held.
 */

#include "history.h"

#include <linux/build_bug.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/string.h>

void fo_history_init(struct fo_history *h)
{
	BUILD_BUG_ON(FO_REASON_TEXT != NF_FAILOVER_REASON_MAX);
	memset(h, 0, sizeof(*h));
	h->list = get_random_u64() | 1;
}

/**
 * fo_history_add() - a new entry of this unit
 * @h: history
 *
 * Return: the entry, numbered and dated, to be filled in at once.
 */
struct fo_event_own *fo_history_add(struct fo_history *h)
{
	struct fo_event_own *own = &h->own[h->owns % FO_HISTORY];

	memset(own, 0, sizeof(*own));
	own->e.seq = ++h->owns;
	own->e.time = ktime_get_real_ns();
	own->flight.uptime = ktime_get_boottime_ns();
	return own;
}

/* The newest entry of this unit, or NULL. */
const struct fo_entry *fo_history_last(const struct fo_history *h)
{
	return h->owns ? &h->own[(h->owns - 1) % FO_HISTORY].e : NULL;
}

/**
 * fo_history_say() - what a hello says of both lists
 * @h: history
 * @heard: last hello of the peer in this association, or nothing yet
 * @hello: hello to be sent
 */
void fo_history_say(const struct fo_history *h, const struct fo_hello *heard,
		    struct fo_hello *hello)
{
	u32 seq = heard->held == h->list ? heard->held_to : 0;

	hello->list = h->list;
	hello->held = h->mate_list;
	hello->held_to = h->held_to;
	/* an older peer has no place for them */
	if (!heard->list)
		return;
	if (seq < fo_history_first(h->owns))
		seq = fo_history_first(h->owns);
	for (; seq < h->owns && hello->entries < FO_HELLO_ENTRIES; seq++)
		hello->entry[hello->entries++] = h->own[seq % FO_HISTORY].e;
}

/* The newest entry of one of the peer's lists that is here, or 0. */
static u32 newest_of(const struct fo_history *h, u64 list)
{
	const struct fo_event_mate *m;
	u32 i, seq = 0;

	for (i = fo_history_first(h->mates); i < h->mates; i++) {
		m = &h->mate[i % FO_HISTORY];
		if (m->list == list)
			seq = m->e.seq;
	}
	return seq;
}

/**
 * fo_history_hear() - what a hello of the peer says
 * @h: history
 * @heard: the hello
 *
 * Return: whether there was news.
 */
bool fo_history_hear(struct fo_history *h, const struct fo_hello *heard)
{
	struct fo_event_mate *m;
	bool news = false;
	unsigned int i;

	if (!heard->list)
		return false;
	if (heard->list != h->mate_list) {
		/*
		 * It was started again, and what it said before stays; or a
		 * hello of an earlier start comes late.
		 */
		h->mate_list = heard->list;
		h->held_to = newest_of(h, heard->list);
	}
	for (i = 0; i < heard->entries; i++) {
		if (heard->entry[i].seq <= h->held_to)
			continue;
		m = &h->mate[h->mates++ % FO_HISTORY];
		m->list = heard->list;
		m->e = heard->entry[i];
		h->held_to = m->e.seq;
		news = true;
	}
	return news;
}

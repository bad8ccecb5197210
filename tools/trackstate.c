// SPDX-License-Identifier: GPL-2.0
/* Health of one tracked object, from what each look at it finds. Pure.
 *
 * What is not known yet does not count as failed, and one good look is enough
 * for it. An object that fails again and again is held down as an interface is:
 * it has to be good when that time is over.
 */
#include "trackstate.h"

#define FAILED	NF_FAILOVER_IFSTATUS_FAILED
#define NORMAL	NF_FAILOVER_IFSTATUS_NORMAL

void trackstate_init(struct trackstate *s, const struct trackstate_times *t,
		     uint32_t status)
{
	*s = (struct trackstate) { .t = *t };
	if (status == FAILED || status == NORMAL)
		s->status = status;
}

/* How many looks of this kind have to come in a row. */
static unsigned int enough(const struct trackstate *s)
{
	if (!s->good)
		return s->t.fall;
	return s->status == FAILED ? s->t.rise : 1;
}

static bool fail(struct trackstate *s, uint64_t now)
{
	s->status = FAILED;
	if (holddown_takeover(&s->flap, now, s->t.flaps, s->t.held_ms))
		s->until_ms = now + s->t.held_ms;
	return true;
}

static bool pass(struct trackstate *s, uint64_t now)
{
	s->held = now < s->until_ms;
	if (!s->held)
		s->status = NORMAL;
	return !s->held;
}

bool trackstate_saw(struct trackstate *s, bool good, uint64_t now)
{
	s->run = good == s->good ? s->run : 0;
	s->good = good;
	s->run += s->run < enough(s);
	s->held = false;
	if (s->run < enough(s) || s->status == (good ? NORMAL : FAILED))
		return false;
	return good ? pass(s, now) : fail(s, now);
}

/* The next good look finds it free. */
void trackstate_forgive(struct trackstate *s)
{
	s->flap.n = 0;
	s->until_ms = 0;
}

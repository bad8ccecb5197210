// SPDX-License-Identifier: GPL-2.0
/* The plan of a run: what goes wrong is drawn from the seed. */
#include "plan.h"

#define PLAN		64
#define ASK_STANDBY	1	/* enum nf_failover_ask */

static struct act plan[PLAN];
static unsigned int acts, next_act;

static u64 amount(enum fault f)
{
	switch (f) {
	case FAULT_LOSS:
	case FAULT_LAN_LOSS:
		return ONE_OF(20000, 100000, 300000, 700000);
	case FAULT_MIRROR:
		return ONE_OF(100000, 1000000);
	case FAULT_DUPLICATE:
	case FAULT_DAMAGE:
		return ONE_OF(10000, 100000, 500000);
	case FAULT_REORDER:
		return ONE_OF(300, 3000, 30000);
	case FAULT_DELAY:
		return between(0, 30000);
	case FAULT_NARROW:
		return ONE_OF(800, 8000, 80000);
	case FAULT_SLOW:
		return ONE_OF(100, 1000, 5000);
	case FAULT_STALL:
	case FAULT_JUMP:
		return ONE_OF(10, 300, 1500, 5000);
	case FAULT_WALL:
		return sim_below(1000000);
	case FAULT_DRIFT:
		return sim_below(200001);
	case FAULT_BURST:
		return ONE_OF(20, 100, 400);
	default:
		return sim_below(1000);
	}
}

static void add(struct act a)
{
	unsigned int i = acts++;

	for (; i && plan[i - 1].at > a.at; i--)
		plan[i] = plan[i - 1];
	plan[i] = a;
}

static void add_span(enum fault f, int unit, u64 from, u64 until)
{
	struct act a = { .at = from, .fault = f, .unit = unit };

	add(a);
	a.at = until;
	a.end = true;
	add(a);
}

/* Nothing works between the units, and then the data network alone. */
static void split(u64 until)
{
	u64 from = between(0, until / 4);

	add_span(FAULT_PARTITION, 0, from, until);
	add_span(FAULT_LAN_CUT, 0, from, from + until / 3);
}

/* The daemon of the heir does not see that it got the role, and lost it. */
static void unseen(u64 until)
{
	u64 from = between(until / 8, until / 3);
	u64 cut = from + between(10, 200) * MSEC;
	int heir = sim_below(UNITS);

	add_span(FAULT_DEAF, heir, from, until);
	add((struct act){ .at = from + MSEC, .fault = FAULT_SWITCH,
			  .unit = !heir, .v = ASK_STANDBY });
	add_span(FAULT_PARTITION, 0, cut, cut + (until - cut) / 2);
}

void plan_make(u64 until)
{
	unsigned int n = between(1, 10);
	struct act a;

	acts = 0;
	next_act = 0;
	while (n--) {
		a = (struct act) {
			/* some are there before the units are */
			.at = sim_chance(100000) ? 0 : between(0, until),
			.fault = sim_below(FAULT_COUNT),
			.unit = sim_below(2),
			.link = sim_below(2),
		};
		a.v = amount(a.fault);
		add(a);
		a.end = true;
		a.at += ONE_OF(20, 200, 1000, 3000) * MSEC;
		if (a.at > until)
			a.at = until;
		add(a);
	}
	if (sim_chance(50000))
		split(until);
	if (sim_chance(30000))
		unseen(until);
}

const struct act *plan_next(void)
{
	return next_act < acts ? &plan[next_act] : NULL;
}

void plan_done(void)
{
	next_act++;
}

void plan_again(u64 at)
{
	plan[next_act].at = at;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to the two units in one run: a plan of faults drawn from the
 * seed, traffic meanwhile, then everything is healed and the units have to
 * come to rest with one active and equal tables.
 */
#include <string.h>

#include "plan.h"
#include "sim.h"

#define HEALED_LIMIT	(20 * SEC)
#define WISH_AGAIN	(30 * SEC)	/* PREEMPT_AGAIN_MS */
#define LOOK_EVERY	(20 * MSEC)
#define WATCHED		(1500 * MSEC)	/* of a pair at rest */
#define STEPS_AT_ONCE	20000
#define PROMOTIONS	40	/* more than any plan can bring about */

static bool powered[UNITS], halting[UNITS], turning_on[UNITS];
static struct wire usual;
static u64 next_packet, packet_gap, quiet_from, healed_at, next_look;
static u64 two_after, rest_since, rest_promotions;
static unsigned int steps_now;
static u64 alone_since[UNITS], promotions;
static bool was_ready[UNITS];
static u64 answers_since[UNITS];	/* holds the active addresses, and lives */
static bool claimed[UNITS];
static u64 two_since;

/* --- what an operator does ---------------------------------------------- */

static void power_on(int unit)
{
	if (powered[unit])
		return;
	powered[unit] = true;
	sim_power_on(unit);
	daemon_start(unit);
}

static void crash(int unit)
{
	if (!powered[unit])
		return;
	powered[unit] = false;
	halting[unit] = false;
	daemon_forget(unit);
	box_crash(unit);
}

static void halt(void *arg)
{
	int unit = (int)(intptr_t)arg;

	daemon_kill(unit);
	while (daemon_runs(unit))
		sim_block(arg, MSEC);
	if (box_up(unit))
		box_halt(unit);
	halting[unit] = false;
}

static void start_halt(int unit)
{
	if (!powered[unit] || halting[unit])
		return;
	halting[unit] = true;
	sim_spawn(unit, "halt", halt, (void *)(intptr_t)unit);
}

static void bulk(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_bulk(unit);
}

/* enum nf_failover_ask */
enum { ASK_RESET = 2, ASK_RELOAD };

static void reset(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_ask(unit, ASK_RESET, false);
}

static void reset_mate(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_ask(unit, ASK_RESET, true);
}

static void reload_mate(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_ask(unit, ASK_RELOAD, true);
}

static void off(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_configure(unit, false);
}

static void on(void *arg)
{
	int unit = (int)(intptr_t)arg;

	if (box_up(unit))
		box_configure(unit, true);
}

/* One at a time: it waits for the end of what switched it off. */
static void on_again(void *arg)
{
	int unit = (int)(intptr_t)arg;

	on(arg);
	turning_on[unit] = false;
}

static void as_process(int unit, void (*fn)(void *arg))
{
	if (powered[unit] && box_up(unit) && !halting[unit])
		sim_spawn(unit, "operator", fn, (void *)(intptr_t)unit);
}

static void packets(unsigned int n)
{
	int unit = box_forwarding(1) ? 1 : 0;

	/* with two that forward, and else now and then, it goes to any */
	if (box_forwarding(0) ? box_forwarding(1) : sim_chance(50000))
		unit = sim_below(2);
	while (n--)
		traffic_packet(unit);
}

/* --- faults ------------------------------------------------------------- */

/* Returns false when it cannot end yet. */
static bool end_fault(const struct act *a)
{
	struct wire *w = &wires[a->unit][a->link];

	switch (a->fault) {
	case FAULT_LOSS:
		w->loss = usual.loss;
		break;
	case FAULT_DUPLICATE:
		w->twice = usual.twice;
		break;
	case FAULT_REORDER:
		w->jitter = usual.jitter;
		break;
	case FAULT_DELAY:
		w->late = usual.late;
		w->delay = usual.delay;
		break;
	case FAULT_DAMAGE:
		w->damage = usual.damage;
		break;
	case FAULT_NARROW:
		w->ns_per_byte = usual.ns_per_byte;
		break;
	case FAULT_PARTITION:
		wires[0][0].cut = wires[0][1].cut = false;
		wires[1][0].cut = wires[1][1].cut = false;
		break;
	case FAULT_ONE_WAY:
		wires[a->unit][0].cut = wires[a->unit][1].cut = false;
		break;
	case FAULT_LINK_DOWN:
		net_link_down(a->unit, a->link, false);
		break;
	case FAULT_CRASH:
		power_on(a->unit);
		break;
	case FAULT_RESTART:
		if (halting[a->unit])
			return false;
		if (!box_up(a->unit)) {
			crash(a->unit);
			power_on(a->unit);
		}
		break;
	case FAULT_SLOW:
		net_slow(a->unit, 0);
		break;
	case FAULT_DRIFT:
		sim_clock_rate(a->unit, 0);
		break;
	case FAULT_DAEMON:
		if (daemon_runs(a->unit))
			return !powered[a->unit] || halting[a->unit] ||
			       !daemon_dying(a->unit);
		if (powered[a->unit] && !halting[a->unit])
			daemon_start(a->unit);
		break;
	case FAULT_DEAF:
		daemon_deaf(a->unit, false);
		break;
	case FAULT_OFF:
		as_process(a->unit, on);
		break;
	case FAULT_UNFIT:
		daemon_unfit(a->unit, false);
		break;
	case FAULT_LAN_CUT:
		lan.cut = false;
		break;
	case FAULT_LAN_LOSS:
		lan.loss = 0;
		break;
	case FAULT_MIRROR:
		lan.mirror = 0;
		break;
	default:
		break;
	}
	return true;
}

static void disturb_lan(const struct act *a)
{
	lan.cut |= a->fault == FAULT_LAN_CUT;
	if (a->fault == FAULT_LAN_LOSS)
		lan.loss = a->v;
	if (a->fault == FAULT_MIRROR)
		lan.mirror = a->v;
}

/* Returns false when it did not happen. */
static bool begin_fault(const struct act *a)
{
	struct wire *w = &wires[a->unit][a->link];
	bool up = powered[a->unit];

	switch (a->fault) {
	case FAULT_LOSS:
		w->loss = a->v;
		break;
	case FAULT_DUPLICATE:
		w->twice = a->v;
		break;
	case FAULT_REORDER:
		w->jitter = a->v * USEC;
		break;
	case FAULT_DELAY:
		w->late = a->v;
		w->delay = a->v % 50 * MSEC;
		break;
	case FAULT_DAMAGE:
		w->damage = a->v;
		break;
	case FAULT_NARROW:
		w->ns_per_byte = a->v;
		break;
	case FAULT_PARTITION:
		wires[0][0].cut = wires[0][1].cut = true;
		wires[1][0].cut = wires[1][1].cut = true;
		break;
	case FAULT_ONE_WAY:
		wires[a->unit][0].cut = wires[a->unit][1].cut = true;
		break;
	case FAULT_LINK_DOWN:
		net_link_down(a->unit, a->link, true);
		break;
	case FAULT_CRASH:
		crash(a->unit);
		return up;
	case FAULT_RESTART:
		start_halt(a->unit);
		return up;
	case FAULT_SLOW:
		net_slow(a->unit, a->v * USEC);
		break;
	case FAULT_STALL:
		sim_stall(a->unit, a->v * MSEC);
		return up;
	case FAULT_JUMP:
		sim_clock_jump(a->unit, a->v * MSEC);
		return up;
	case FAULT_WALL:
		sim_clock_wall(a->unit, (int64_t)(a->v - 500000) * SEC);
		return up;
	case FAULT_DRIFT:
		sim_clock_rate(a->unit, (int)a->v - 100000);
		return up;
	case FAULT_DAEMON:
		if (!daemon_runs(a->unit))
			return false;
		daemon_kill(a->unit);
		break;
	case FAULT_DEAF:
		daemon_deaf(a->unit, true);
		break;
	case FAULT_EVENTS:
		daemon_lose_events(a->unit);
		was_ready[a->unit] = false;	/* as if it had not seen it */
		return up;
	case FAULT_OFF:
		as_process(a->unit, off);
		return up;
	case FAULT_SWITCH:
		return box_up(a->unit) && !box_ask(a->unit, a->v % 2, false);
	case FAULT_RESYNC:
		as_process(a->unit, bulk);
		return up;
	case FAULT_VANISH:
		return traffic_vanish(a->unit);
	case FAULT_BURST:
		packets(a->v);
		return box_forwarding(0) || box_forwarding(1);
	case FAULT_UNFIT:
		daemon_unfit(a->unit, true);
		break;
	case FAULT_RESET:
		as_process(a->unit, a->v % 2 ? reset : reset_mate);
		return up;
	case FAULT_RELOAD:
		as_process(a->unit, reload_mate);
		return up;
	case FAULT_LAN_CUT:
	case FAULT_LAN_LOSS:
	case FAULT_MIRROR:
		disturb_lan(a);
		break;
	case FAULT_COUNT:
		break;
	}
	return true;
}

static const char *const fault_names[] = {
#define FAULT_NAME(id, name)	[FAULT_##id] = name,
	FAULTS(FAULT_NAME)
};

static void act(const struct act *a)
{
	bool done;

	sim_trace(a->unit, a->end ? "ends" : "fault", fault_names[a->fault],
		  a->link, a->v);
	sim.cur = a->unit;
	done = a->end ? end_fault(a) : begin_fault(a);
	sim.cur = -1;
	if (done && !a->end)
		sim.fault[a->fault] = true;
	if (done || !a->end)
		plan_done();
	else
		plan_again(sim.now + 10 * MSEC);
}

/* --- the run ------------------------------------------------------------- */

/* After the last end of a fault nothing is wrong any more. */
static void heal(u64 hold_ms)
{
	int i;

	for (i = 0; i < UNITS; i++) {
		power_on(i);
		if (!daemon_runs(i))
			daemon_start(i);
		net_slow(i, 0);
		sim_stall(i, 0);
		wires[i][0] = usual;
		wires[i][1] = usual;
	}
	lan.cut = false;
	lan.loss = 0;
	lan.mirror = 0;
	healed_at = sim.now;
	quiet_from = sim.now + 300 * MSEC;
	two_after = sim.now + 3 * hold_ms * MSEC + 2500 * MSEC;
	next_look = quiet_from;
	sim_trace(-1, "healed", NULL, 0, 0);
}

static void begin(u64 seed)
{
	int i;

	sim.seed = seed;
	sim.rng = seed;
	sim.now = 0;
	sim.digest = seed;
	promotions = sim.tally[TALLY_PROMOTIONS];
	memset(sim.fault, 0, sizeof(sim.fault));
	sim_sched_reset();
	check_reset();
	policy_reset();
	daemon_reset();
	net_reset(ONE_OF(160, 300, 1500));
	box_set_links(between(1, 2));
	traffic_reset(ONE_OF(6, 20, 100));
	daemon_cfg.poll_ms = ONE_OF(50, 100, 200);
	daemon_cfg.hold_ms = daemon_cfg.poll_ms * between(3, 5);
	daemon_cfg.preempt = sim_below(2);
	daemon_cfg.preempt_delay = sim_below(2);
	daemon_cfg.held_takeovers = ONE_OF(0, 1, 3);
	daemon_cfg.held_time = between(1, 4);
	sim.irq_ppm = ONE_OF(0, 10000, 200000);
	sim.preempt_ppm = ONE_OF(0, 10000, 200000);
	sim.latency = ONE_OF(20, 500, 5000) * USEC;
	usual = (struct wire) {
		.delay = ONE_OF(20, 200, 2000) * USEC,
		.jitter = ONE_OF(0, 10) * USEC,
	};
	lan_reset(usual.delay);
	two_since = 0;
	for (i = 0; i < UNITS; i++) {
		wires[i][0] = usual;
		wires[i][1] = usual;
		claimed[i] = false;
		answers_since[i] = NEVER;
		powered[i] = false;
		halting[i] = false;
		turning_on[i] = false;
		alone_since[i] = 0;
		was_ready[i] = false;
	}
}

static void set_traffic(u64 until)
{
	packet_gap = until / between(20, 1000);
	next_packet = sim_below(packet_gap);
	quiet_from = NEVER;
	healed_at = NEVER;
	next_look = NEVER;
	two_after = NEVER;
	rest_since = 0;
}

u64 world_due(void)
{
	u64 due = plan_next() ? plan_next()->at : NEVER;

	if (next_packet < due)
		due = next_packet;
	return next_look < due ? next_look : due;
}

static void world_step(void)
{
	const struct act *next = plan_next();

	if (next && next->at <= sim.now) {
		act(next);
		if (!plan_next())
			heal(daemon_cfg.hold_ms);
	} else if (next_packet <= sim.now) {
		packets(1);
		next_packet = sim.now + sim_below(2 * packet_gap) + 1;
		if (next_packet >= quiet_from)
			next_packet = NEVER;
	}
}

/* Nothing can reach the unit from the other one. */
static bool alone(int unit)
{
	return !box_up(!unit) ||
	       (wires[!unit][0].cut && wires[!unit][1].cut && lan.cut);
}

static bool in_order(int unit)
{
	return powered[unit] && !halting[unit] && box_enabled(unit) &&
	       daemon_runs(unit) && !daemon_dying(unit) && box_ruled(unit) &&
	       !daemon_is_deaf(unit) && !sim_stalled(unit);
}

/*
 * A unit that is in order and alone takes over: after the hold time when it is
 * ready, else when it has also waited for the other one to boot. What is still
 * on its way to it counts as a sign of life.
 */
static void check_alone(int unit)
{
	const u64 hold = daemon_cfg.hold_ms * MSEC;
	u64 limit = hold + hold / 5 + 100 * MSEC + 20 * sim.latency;

	if (!alone(unit) || !in_order(unit) || box_forwarding(unit)) {
		alone_since[unit] = sim.now;
		/* a daemon that did not see the loss waits */
		was_ready[unit] = !alone(unit) && in_order(unit) &&
				  box_ready(unit);
		return;
	}
	if (!was_ready[unit])
		limit += (hold > SEC ? hold : SEC) + 1500 * MSEC;
	if (sim.fault[FAULT_DELAY] || sim.fault[FAULT_NARROW] ||
	    sim.fault[FAULT_SLOW])
		limit += 3 * SEC;
	sim_assert(sim.now < alone_since[unit] + limit,
		   "a unit that is alone does not take over");
}

/* The data network carries every question and every answer. */
static bool lan_works(void)
{
	return !sim.fault[FAULT_LAN_CUT] && !sim.fault[FAULT_LAN_LOSS];
}

/*
 * However long the link is cut, no unit becomes active beside one that holds
 * the active addresses and answers for them. One that stands still does not,
 * an operator may know better than a unit that never heard the other one, and
 * one that is heard, if late, is fenced: policy.c has the rules for that. Who
 * shuts his gate, to hand over, and opens it again has been active all the time.
 */
static void check_beside(int unit)
{
	const u64 settled = answers_since[!unit] + 3 * lan.delay +
			    20 * sim.latency + 100 * MSEC;
	bool rises = box_forwarding(unit) && !claimed[unit];

	if (!lan_holds_active(unit) || !box_forwarding(unit) ||
	    sim_stalled(unit))
		answers_since[unit] = NEVER;
	else if (answers_since[unit] == NEVER)
		answers_since[unit] = sim.now;
	claimed[unit] = box_claims(unit);
	if (!rises || !box_forwarding(!unit) || !lan_works() ||
	    box_hears_mate(unit) || answers_since[!unit] == NEVER || sim.now < settled ||
	    (sim.fault[FAULT_SWITCH] && !box_knows_mate(unit)))
		return;
	sim_fail("a unit takes over beside an active one that answers");
}

/*
 * Two that are active all the same, because nothing worked between them or one
 * stood still, are one when the secondary has asked and the primary answers.
 */
static void check_two(void)
{
	/* an active unit asks once a second */
	const u64 limit = 2 * SEC + 20 * sim.latency;

	if (!box_forwarding(0) || !box_forwarding(1) || lan.cut || lan.loss ||
	    !in_order(1) || !box_knows_mate(1) || !lan_holds_active(0) ||
	    sim_stalled(0))
		two_since = sim.now;
	sim_assert(sim.now < two_since + limit,
		   "two units forward though one can ask the other");
}

/* The standby stays what it is because the active one answers. */
static void count_held_back(void)
{
	static bool before[UNITS];
	bool now;
	int i;

	for (i = 0; i < UNITS; i++) {
		now = box_asks(i) && box_forwarding(!i);
		sim.tally[TALLY_HELD_BACK] += now && !before[i];
		before[i] = now;
	}
}

static void step(void)
{
	u64 due[5] = { world_due(), net_due(), sim_unit_due(0),
		       sim_unit_due(1), lan_due() };
	int i, first = 0;

	for (i = 1; i < 5; i++)
		if (due[i] < due[first])
			first = i;
	sim_assert(due[first] != NEVER, "nothing will ever happen again");
	if (due[first] > sim.now) {
		sim.now = due[first];
		steps_now = 0;
	}
	sim_assert(++steps_now < STEPS_AT_ONCE, "time does not pass any more");
	if (first == 0)
		world_step();
	else if (first == 1)
		net_run();
	else if (first == 4)
		lan_run();
	else
		sim_unit_run(first - 2);
	sim.tally[TALLY_STEPS]++;
	check_step();
	check_alone(0);
	check_alone(1);
	check_beside(0);
	check_beside(1);
	check_two();
	count_held_back();
	sim_assert(sim.tally[TALLY_PROMOTIONS] < promotions + PROMOTIONS,
		   "the role goes to and fro");
	sim_assert(sim.now < two_after || !box_forwarding(0) ||
		   !box_forwarding(1), "two units forward after the heal");
}

/*
 * The role is taken back once at most. Only a frame that is seconds late, of a
 * start that is over, may still end the association.
 */
static bool stays(void)
{
	bool late = sim.fault[FAULT_DELAY] || sim.fault[FAULT_STALL] ||
		    sim.fault[FAULT_SLOW];

	if (!rest_since) {
		if (!policy_settled())
			return false;
		rest_since = sim.now;
		rest_promotions = sim.tally[TALLY_PROMOTIONS];
	}
	sim_assert(late || sim.tally[TALLY_PROMOTIONS] == rest_promotions,
		   "the units were at rest, and the role moves");
	return late || !daemon_cfg.preempt || sim.now > rest_since + WATCHED;
}

/* Returns true when both are at rest; fails the run when they never are. */
static bool at_rest(void)
{
	bool converged;
	int i;

	if (sim.now < next_look)
		return false;
	next_look = sim.now + LOOK_EVERY;
	for (i = 0; i < UNITS; i++)
		if (!box_enabled(i) && !turning_on[i]) {
			turning_on[i] = true;
			as_process(i, on_again);
		}
	converged = check_converged();
	if (converged && stays())
		return true;
	if (sim.now > healed_at + HEALED_LIMIT + daemon_cfg.preempt * WISH_AGAIN)
		sim_fail(converged ? "the role is not taken back" : check_why());
	return false;
}

static bool halted(void)
{
	return !halting[0] && !halting[1];
}

/* --- a pair without faults, for table.c ----------------------------------- */

void world_begin(u64 seed)
{
	begin(seed);
	quiet_from = healed_at = next_look = next_packet = two_after = NEVER;
	rest_since = 0;
}

void world_boot(void)
{
	int i;

	for (i = 0; i < UNITS; i++)
		power_on(i);
}

/* However often the role moves in all that a run plays. */
void world_pass(u64 until)
{
	promotions = sim.tally[TALLY_PROMOTIONS];
	next_look = until;
	while (sim.now < until)
		step();
}

void world_end(void)
{
	int i;

	next_look = NEVER;
	for (i = 0; i < UNITS; i++)
		start_halt(i);
	while (!halted())
		step();
}

void world_run(u64 seed)
{
	u64 until;
	int i;

	begin(seed);
	until = between(1, 5) * SEC;
	set_traffic(until);
	plan_make(until);
	for (i = 0; i < UNITS; i++) {
		sim.now = sim_below(sim_chance(500000) ? 100 * MSEC : 1);
		power_on(i);
	}
	sim.now = 0;
	do
		step();
	while (!at_rest());
	sim.tally[TALLY_CONVERGED]++;
	next_look = NEVER;
	for (i = 0; i < UNITS; i++)
		start_halt(i);
	while (!halted())
		step();
	sim.tally[TALLY_MS] += sim.now / MSEC;
	for (i = 0; i < FAULT_COUNT; i++)
		sim.runs_with[i] += sim.fault[i];
}

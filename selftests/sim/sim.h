/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The simulation: two units over one network and one clock, from one seed.
 *
 * What its files share, in plain types: the module's half of a unit is
 * compiled against shim.h, the daemon's half against the tools' headers, and
 * they meet here only.
 */
#ifndef _SIM_H
#define _SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define UNITS		2
#define IFCS		4	/* at most, in the table of the policy */
#define NEVER		UINT64_MAX
#define USEC		1000ULL
#define MSEC		1000000ULL
#define SEC		1000000000ULL

/* What a run is made of; see plan.c. */
#define FAULTS(X) \
	X(LOSS,		"loss") \
	X(DUPLICATE,	"duplication") \
	X(REORDER,	"reordering") \
	X(DELAY,	"long delay") \
	X(DAMAGE,	"damaged frame") \
	X(NARROW,	"narrow link") \
	X(PARTITION,	"partition") \
	X(ONE_WAY,	"one-way link") \
	X(LINK_DOWN,	"link down") \
	X(CRASH,	"crash and restart") \
	X(RESTART,	"orderly restart") \
	X(SLOW,		"slow receiver") \
	X(STALL,	"unit stands still") \
	X(JUMP,		"clock jumps ahead") \
	X(WALL,		"wall clock jumps") \
	X(DRIFT,	"clock drifts") \
	X(DAEMON,	"daemon killed") \
	X(DEAF,		"daemon stands still") \
	X(EVENTS,	"netlink events lost") \
	X(OFF,		"failover switched off") \
	X(SWITCH,	"switchover asked for") \
	X(RESYNC,	"bulk sync asked for") \
	X(VANISH,	"standby loses an entry") \
	X(BURST,	"burst of changes") \
	X(UNFIT,	"no interface works") \
	X(RESET,	"reset asked for") \
	X(RELOAD,	"reload of the mate asked for") \
	X(LAN_CUT,	"data network cut") \
	X(LAN_LOSS,	"data network loses") \
	X(MIRROR,	"data network sends back")

#define FAULT_ENUM(id, name)	FAULT_##id,
enum fault { FAULTS(FAULT_ENUM) FAULT_COUNT };

/* What happened, summed over runs; the names are in main.c. */
#define TALLIES(X) \
	X(MS,		"milliseconds of virtual time") \
	X(STEPS,	"steps") \
	X(FRAMES,	"frames sent") \
	X(LOST,		"frames lost") \
	X(DOUBLED,	"frames doubled") \
	X(LATE,		"frames overtaken") \
	X(DAMAGED,	"frames damaged") \
	X(DELIVERED,	"DATA frames delivered in order") \
	X(RETRANSMITS,	"retransmissions") \
	X(CHANGES,	"changes of connections") \
	X(ASSOCIATIONS,	"associations") \
	X(BULKS,	"bulk syncs sent") \
	X(SWEPT,	"entries swept") \
	X(REPLACED,	"entries replaced") \
	X(PROMOTIONS,	"promotions") \
	X(DEMOTIONS,	"demotions") \
	X(FENCED,	"fenced units") \
	X(LAPSED,	"roles that lapsed unseen") \
	X(HANDOVERS,	"handovers") \
	X(UNDONE,	"handovers that failed") \
	X(OVERFLOWS,	"queue overflows") \
	X(FULL,		"full windows") \
	X(INTERRUPTS,	"interrupts in a process") \
	X(PREEMPTIONS,	"preemptions") \
	X(WISHES,	"wishes to be active") \
	X(PREEMPTED,	"roles taken back") \
	X(HELD_DOWN,	"hold-downs") \
	X(FAILED,	"units that failed") \
	X(REQUESTS,	"requests of the mate met") \
	X(ORPHANED,	"active units without a daemon replaced") \
	X(QUESTIONS,	"questions for the mate") \
	X(ANSWERS,	"answers of a mate") \
	X(MIRRORED,	"frames sent back") \
	X(HELD_BACK,	"links lost without a takeover") \
	X(COMPARED,	"comparisons of idle tables") \
	X(CONVERGED,	"comparisons of tables at the end")

#define TALLY_ENUM(id, name)	TALLY_##id,
enum tally { TALLIES(TALLY_ENUM) TALLY_COUNT };

/**
 * struct sim - the run
 * @seed: of this run
 * @now: virtual time in nanoseconds
 * @cur: unit whose code runs, or -1
 * @digest: of all that happened; the same for the same seed
 * @irq_ppm: chance of an interrupt wherever a process may be interrupted
 * @preempt_ppm: chance that another process is run there
 * @latency: most that a woken process waits
 * @fault: which faults this run had
 * @runs_with: how many runs had it
 * @tally: what happened, over all runs
 */
struct sim {
	u64 seed;
	u64 rng;
	u64 now;
	int cur;
	u64 digest;
	bool verbose;
	u32 irq_ppm;
	u32 preempt_ppm;
	u64 latency;
	bool fault[FAULT_COUNT];
	u64 runs_with[FAULT_COUNT];
	u64 tally[TALLY_COUNT];
};

extern struct sim sim;

/* main.c */
void sim_trace(int unit, const char *what, const char *text, u64 a, u64 b);
void sim_say(int unit, const char *text);
void __attribute__((noreturn)) sim_fail(const char *what);
#define sim_assert(ok, what)	do { if (!(ok)) sim_fail(what); } while (0)
u64 sim_random(void);
u64 sim_below(u64 n);
bool sim_chance(u32 ppm);

/* machine.c, sched.c */
struct proc;
u64 sim_clock(void);
u64 sim_wall(void);
void *sim_alloc(size_t n, bool zero);
void sim_free(void *p);
size_t sim_bytes(int unit);
void sim_block(const void *chan, u64 ns);
void sim_wake(const void *chan);
struct proc *sim_spawn(int unit, const char *name, void (*fn)(void *arg),
		       void *arg);
void sim_kill(struct proc *p);
void __attribute__((noreturn)) sim_exit(void);
bool sim_quiet(int unit);
bool sim_runs(int unit, const char *name);
void sim_softirq(int unit, void (*fn)(void *arg), void *arg);
void sim_power_on(int unit);
void sim_power_off(int unit);
void sim_clock_jump(int unit, u64 ns);
void sim_clock_rate(int unit, int ppm);
void sim_clock_wall(int unit, int64_t ns);
void sim_stall(int unit, u64 ns);
bool sim_stalled(int unit);
u64 sim_stall_end(int unit);
u64 sim_unit_due(int unit);
void sim_unit_run(int unit);
void sim_sched_init(void);
void sim_sched_reset(void);

/* net.c: link is 0 or 1, from is a unit */
struct wire {
	u32 loss, twice, damage, late;	/* in a million */
	u64 delay, jitter;
	u64 ns_per_byte;
	bool cut;
};

extern struct wire wires[UNITS][2];	/* by sender and link */
void net_reset(unsigned int mtu);
void net_unplug(int unit);
void net_slow(int unit, u64 ns_per_frame);
void net_link_down(int unit, int link, bool down);
u64 net_due(void);
int net_due_unit(void);
void net_run(void);

/* lan.c: the data network */
#define LAN_ACTIVE_IP	1	/* last byte of the addresses */
#define LAN_STANDBY_IP	2

enum { LAN_NOTHING, LAN_STANDBY, LAN_ACTIVE };

struct lan {
	u32 loss, mirror;	/* in a million */
	u64 delay;
	bool cut;
};

extern struct lan lan;		/* both directions */
void lan_reset(u64 delay);
void lan_hold(int unit, int what);
bool lan_holds_active(int unit);
void lan_mac(int unit, u8 *mac);
void lan_send(int from, const u8 *frame, size_t len);
size_t lan_recv(int unit, u8 *frame);
bool lan_waits(int unit);
u64 lan_due(void);
void lan_run(void);

/* box.c: the module's half of a unit */
struct box_view {
	bool enabled, known, peer_alive, peer_silent, mismatch;
	bool daemon, wants, synced, fit;
	u32 hold_left;
	const char *reason;
	u32 unit, role, state, poll_ms, hold_ms;
	u64 epoch, boot;
	bool peer_daemon, peer_wants, peer_synced, peer_fit, peer_held;
	u32 peer_role, peer_state;
	u64 peer_epoch;
	u32 peer_reports;
	u8 peer_mac[6];
	unsigned int peer_ifcs;
	struct {
		u32 status;
		char name[16];
	} peer_ifc[IFCS];
};

struct box_role {
	int role, state, wants;		/* -1: leave as it is */
	bool drain;
	const char *reason;
};

void box_init(void);
void box_boot(int unit);		/* process of that unit */
void box_halt(int unit);		/* process of that unit, orderly */
void box_crash(int unit);
bool box_up(int unit);
int box_configure(int unit, bool on);	/* as daemon_cfg says */
void box_get(int unit, struct box_view *v);
int box_attach(int unit, u32 port, u32 ms);
void box_port_gone(int unit, u32 port);
int box_role_set(int unit, u32 port, const struct box_role *r);
int box_health(int unit, u32 port, int fit, int hold_down_ms);
int box_ask(int unit, u32 ask, bool mate);
int box_bulk(int unit);
int box_report(int unit, u32 port, const u32 *status, unsigned int n);
bool box_forwarding(int unit);
bool box_claims(int unit);
bool box_enabled(int unit);
bool box_ready(int unit);
bool box_ruled(int unit);
bool box_knows_mate(int unit);
bool box_hears_mate(int unit);
bool box_asks(int unit);
void box_set_links(unsigned int n);
void box_tally(int unit);

/* traffic.c: what passes the units */
void traffic_reset(unsigned int keys);
void traffic_packet(int unit);
bool traffic_vanish(int unit);

/* check.c */
void check_reset(void);
void check_step(void);
bool check_converged(void);
const char *check_why(void);
void check_sent(int unit, const u8 *frame, size_t len);
void check_gone(int unit);

/* policy.c */
void policy_reset(void);
void policy_step(int unit);
void policy_asked(int unit);
void policy_requested(int unit);
void policy_met(int unit);
void policy_wish(int unit);
void policy_promote(int unit, const char *reason);
bool policy_settled(void);

/*
 * daemon.c: the daemon's half. With @ifcs interfaces they have states of their own,
 * and what makes a unit unfit is what the daemon's monitor.c makes of these.
 */
struct daemon_cfg {
	u32 poll_ms, hold_ms;
	unsigned int ifcs;
	u32 weight[IFCS];
	u32 policy, percent;
	bool preempt;
	u32 preempt_delay;		/* in seconds, as held_time */
	u32 held_takeovers, held_time;
};

extern struct daemon_cfg daemon_cfg;
void daemon_start(int unit);
void daemon_kill(int unit);
void daemon_deaf(int unit, bool deaf);
void daemon_unfit(int unit, bool unfit);
void daemon_ifcs(int unit, const u32 *status);
void daemon_event(int unit, u32 type, u32 ask, const char *reason, u64 boot);
void daemon_lose_events(int unit);
void daemon_answer(int unit);
bool daemon_runs(int unit);
bool daemon_dying(int unit);
bool daemon_is_deaf(int unit);
bool daemon_is_unfit(int unit);
void daemon_forget(int unit);
void daemon_reset(void);

/* verdict.c: what monitor.c says of interfaces in these states */
bool verdict(const u32 *here, const u32 *mate);

/* table.c */
void table_run(u64 seed, bool quick);

/* world.c */
void world_run(u64 seed);
void world_begin(u64 seed);
void world_boot(void);
void world_pass(u64 until);
void world_end(void);
u64 world_due(void);

#endif /* _SIM_H */

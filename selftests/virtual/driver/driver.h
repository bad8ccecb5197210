/* SPDX-License-Identifier: GPL-2.0 */
/* The soak driver: a pair of firewalls, its traffic and its bad days. */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "../../../tools/nl.h"

#define MS	1000000ull
#define SECOND	(1000 * MS)

/* loop.c: time, and what happens in it */

/**
 * struct source - something that the loop waits for
 * @fd: its file descriptor, -1 when there is none
 * @ready: there is something to read
 */
struct source {
	int fd;
	void (*ready)(struct source *s);
};

typedef bool (*condition)(void *arg);

uint64_t now_ns(void);
void loop_add(struct source *s);
void loop_del(struct source *s);
/* Lets time pass until @cond holds; false when @ms are over before. */
bool until(condition cond, void *arg, unsigned int ms);
void pass(unsigned int ms);

/* report.c: what is said */

void trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void fail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));
void diagnose(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void result(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void results_end(void);
uint64_t trace_hash(void);
void trace_print(void);
void kernel_log_open(void);

/* random.c: what the seed decides */

void random_seed(uint64_t seed, uint64_t step);
unsigned int random_below(unsigned int n);
bool random_chance(unsigned int percent);

/* world.c: namespaces, and the programs that run in them */

enum place { HERE, SWITCH, CLIENT, SERVER, FW1, FW2, PLACES };

struct options {
	unsigned int takeovers;
	unsigned int now;	/* the one that is under way */
	uint64_t seed;
	unsigned int from;
	bool verbose;
	const char *plant;
	const char *dir;
};

extern struct options options;

void world_open(enum place place, const char *name);
void world_make(enum place place);
void world_drop(enum place place);
const char *world_name(enum place place);
/* The thread is in @place until it comes back HERE. */
void enter(enum place place);
pid_t start(enum place place, int in, int out, const char *const argv[]);
void stop(pid_t pid);
/* Runs a program to its end with @input; its exit status. */
int run(enum place place, const char *input, const char *const argv[]);
void batch(enum place place, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void set(const char *path, const char *value);

/* unit.c: the two firewalls */

struct unit {
	enum place place;
	pid_t daemon;
	bool up, on;
	struct fo_nl nl;
	struct source events;
	uint32_t state;
	uint32_t role;
	unsigned int boots;
};

extern struct unit units[2];

void unit_boot(struct unit *u);
/* Without power: nothing is said before. @links: they go first. */
void unit_crash(struct unit *u, bool links);
void unit_daemon_start(struct unit *u);
void unit_daemon_kill(struct unit *u);
void unit_enable(struct unit *u, bool on);
int unit_ask(struct unit *u, enum nf_failover_ask ask);
/* The loss of one direction or of both: what tc says of netem. */
void unit_link(struct unit *u, const char *netem);
/* Whether the units see each other on the data networks; others see both. */
void unit_isolate(bool on);
struct unit *unit_active(void);
struct unit *unit_other(struct unit *u);
bool unit_is_active(void *u);
bool pair_is_ready(void *unused);
bool pair_in_step(void *unused);
void unit_dump(void);

/* sessions.c: the traffic */

void sessions_open(void);
void sessions_tick(uint64_t now);
bool sessions_went_on(void *since_ns);
void sessions_late_open(void);
void sessions_late_close(void);
void sessions_end(void);
unsigned int sessions_count(void);
unsigned long sessions_rounds(void);

/* probe.c: who forwards, at every moment that is looked at */

void probe_open(void);
/* Now, and every @ms. */
void probe_every(unsigned int ms);
void probe_now(void);
unsigned long probe_count(void);
unsigned int probe_outage_ms(void);

/* memory.c: what the kernel holds */

struct memory {
	long used_kib;
	long unreclaimable_kib;
	long vmalloc_kib;
};

struct memory memory_now(void);

/* step.c: one takeover after another */

void step(unsigned int n);
void settle(void);
void steps_begin(void);
void steps_check_kinds(void);
void steps_report(void);

#endif /* DRIVER_H */

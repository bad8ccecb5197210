// SPDX-License-Identifier: GPL-2.0
/*
 * The runs of a range of seeds; what the rules say of a run that broke one.
 *
 * usage: sim [-s SEED] [-n RUNS] [-v] [-d] [-t | -q]
 *
 * -v prints all that happens, -d a digest of each run. The first run that
 * breaks a rule ends the program with status 1. -t plays the table of the
 * interface policy instead (table.c), -q some rows of it.
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim.h"

#define TRACE		64	/* last events that are shown */
#define PROGRESS	5000

/**
 * struct event - something that happened
 * @text: a constant, or NULL
 */
struct event {
	u64 now;
	int unit;
	const char *what;
	const char *text;
	u64 a, b;
};

struct sim sim;

static struct event events[TRACE];
static u64 happened;

static const char *const fault_names[] = {
#define FAULT_NAME(id, name)	[FAULT_##id] = name,
	FAULTS(FAULT_NAME)
};

static const char *const tally_names[] = {
#define TALLY_NAME(id, name)	[TALLY_##id] = name,
	TALLIES(TALLY_NAME)
};

/* splitmix64 */
u64 sim_random(void)
{
	u64 z = sim.rng += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

u64 sim_below(u64 n)
{
	return sim_random() % n;
}

bool sim_chance(u32 ppm)
{
	return ppm && sim_below(1000000) < ppm;
}

static void print_event(const struct event *e)
{
	printf("# %10.6f s  %c %-15s %-20s %" PRIu64 " %" PRIu64 "\n",
	       (double)e->now / SEC, e->unit < 0 ? '-' : "PS"[e->unit],
	       e->what, e->text ? e->text : "", e->a, e->b);
}

void sim_trace(int unit, const char *what, const char *text, u64 a, u64 b)
{
	struct event e = { sim.now, unit, what, text, a, b };

	sim.digest = (sim.digest ^ sim.now ^ a << 20 ^ b << 40 ^ what[0]) *
		     0x100000001b3ULL;
	if (sim.verbose)
		print_event(&e);
	/* there are too many hellos to keep */
	if (!text || strcmp(text, "HELLO"))
		events[happened++ % TRACE] = e;
}

/* Only with -v, and no part of what is replayed. */
void sim_say(int unit, const char *text)
{
	const struct event e = { sim.now, unit, "says", text, 0, 0 };

	print_event(&e);
}

void sim_fail(const char *what)
{
	u64 i = happened > TRACE ? happened - TRACE : 0;

	printf("# seed %" PRIu64 ", event %" PRIu64 ", %.6f s: %s\n",
	       sim.seed, happened, (double)sim.now / SEC, what);
	printf("# the last events (P: primary, S: secondary):\n");
	for (; i < happened && !sim.verbose; i++)
		print_event(&events[i % TRACE]);
	printf("# replay: selftests/sim/run --seed %" PRIu64 " --runs 1 --verbose\n",
	       sim.seed);
	printf("failed %" PRIu64 " %s\n", sim.seed, what);
	fflush(stdout);
	_exit(1);
}

static void print_sums(void)
{
	int i;

	for (i = 0; i < FAULT_COUNT; i++)
		printf("with %" PRIu64 " %s\n", sim.runs_with[i],
		       fault_names[i]);
	for (i = 0; i < TALLY_COUNT; i++)
		printf("sum %" PRIu64 " %s\n", sim.tally[i], tally_names[i]);
}

int main(int argc, char **argv)
{
	u64 first = 1, runs = 1, i;
	bool digest = false, table = false, quick = false;
	int o;

	while ((o = getopt(argc, argv, "s:n:vdtq")) != -1) {
		switch (o) {
		case 's':
			first = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			runs = strtoull(optarg, NULL, 0);
			break;
		case 'v':
			sim.verbose = true;
			break;
		case 'd':
			digest = true;
			break;
		case 'q':
			quick = true;
			/* fallthrough */
		case 't':
			table = true;
			break;
		default:
			return 2;
		}
	}
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	sim_sched_init();
	box_init();
	if (table) {
		table_run(first, quick);
		return 0;
	}
	for (i = 0; i < runs; i++) {
		world_run(first + i);
		if (digest)
			printf("digest %" PRIu64 " %016" PRIx64 "\n", first + i,
			       sim.digest);
		if ((i + 1) % PROGRESS == 0) {
			printf("done %" PRIu64 "\n", i + 1);
			fflush(stdout);
		}
	}
	print_sums();
	return 0;
}

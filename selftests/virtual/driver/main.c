// SPDX-License-Identifier: GPL-2.0
/*
 * Drives a pair of firewalls through takeovers. The namespaces of the client,
 * the server and the switch are there (soak.sh makes them); the units come and
 * go here.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

/* Steps before memory is looked at for the first time. */
#define WARM_STEPS	6
#define DRIFT_KIB	512
#define PROGRESS	50
#define UNLOAD_MS	20000

struct options options = { .takeovers = 1000, .seed = 1, .from = 1 };

static void module_load(void)
{
	const char *const argv[] = { "insmod", getenv("KO"), NULL };

	if (run(HERE, NULL, argv))
		fail("the module cannot be loaded");
}

/* It is held until the last namespace of a unit is gone. */
static bool module_unloaded(void *unused)
{
	const char *const argv[] = { "rmmod", "nf_failover", NULL };

	return !run(HERE, NULL, argv);
}

static void pair_up(void)
{
	module_load();
	unit_boot(&units[0]);
	unit_boot(&units[1]);
	settle();
	sessions_open();
}

/* Devices in a namespace that stays: nobody frees them. */
static void plant_memory(void)
{
	const char *const argv[] = {
		"sh", "-c",
		"for i in $(seq 200); do echo link add d$i type dummy; done | ip -batch -",
		NULL
	};

	if (!options.plant || strcmp(options.plant, "memory"))
		return;
	if (run(CLIENT, NULL, argv))
		fail("nothing was planted");
}

static void pair_down(void)
{
	probe_every(0);
	sessions_end();
	unit_crash(&units[0], false);
	unit_crash(&units[1], false);
	if (!until(module_unloaded, NULL, UNLOAD_MS))
		fail("the module cannot be unloaded");
}

static void progress(unsigned int n, uint64_t since)
{
	unsigned long minutes = (now_ns() - since) / SECOND / 60;

	if (n % PROGRESS && n != options.takeovers)
		return;
	diagnose("%u of %u takeovers, virtual %lu h %lu min", n,
		 options.takeovers, minutes / 60, minutes % 60);
	fflush(stdout);
}

static void all_steps(void)
{
	uint64_t since = now_ns();
	unsigned int n;

	for (n = options.from; n <= options.takeovers; n++) {
		step(n);
		progress(n, since);
	}
}

/* What is allocated once for good is allocated before the first look. */
static struct memory warmed_up(void)
{
	unsigned int n;

	pair_up();
	for (n = 1; n <= WARM_STEPS; n++)
		step(1000000 + n);
	pair_down();
	return memory_now();
}

static void check_memory(const struct memory *a, const struct memory *b)
{
	long used = b->used_kib - a->used_kib;
	long slab = b->unreclaimable_kib - a->unreclaimable_kib;
	long vmalloc = b->vmalloc_kib - a->vmalloc_kib;

	if (used > DRIFT_KIB || slab > DRIFT_KIB || vmalloc > DRIFT_KIB)
		fail("memory: %+ld KiB used, %+ld KiB of it in slabs, %+ld KiB of vmalloc",
		     used, slab, vmalloc);
	result("memory is where it was: %+ld KiB used, %+ld KiB in slabs, %+ld KiB of vmalloc",
	       used, slab, vmalloc);
}

static void usage(void)
{
	fprintf(stderr, "usage: driver [-n TAKEOVERS] [-s SEED] [-f FIRST] [-p PLANT] [-v] DIR SWITCH CLIENT SERVER FW1 FW2\n");
	exit(2);
}

static void parse(int argc, char **argv)
{
	int o;

	while ((o = getopt(argc, argv, "n:s:f:p:v")) != -1) {
		switch (o) {
		case 'n':
			options.takeovers = strtoul(optarg, NULL, 10);
			break;
		case 's':
			options.seed = strtoull(optarg, NULL, 10);
			break;
		case 'f':
			options.from = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			options.plant = optarg;
			break;
		case 'v':
			options.verbose = true;
			break;
		default:
			usage();
		}
	}
	if (argc - optind != 1 + PLACES - SWITCH || !options.takeovers)
		usage();
	options.dir = argv[optind++];
}

static void places(char **name)
{
	enum place p;

	world_open(HERE, "");
	for (p = SWITCH; p < PLACES; p++)
		world_open(p, *name++);
}

int main(int argc, char **argv)
{
	struct memory before, after;
	unsigned long probes;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse(argc, argv);
	places(argv + optind);
	kernel_log_open();
	probe_open();
	before = warmed_up();
	steps_begin();
	pair_up();
	all_steps();
	result("%u takeovers, seed %llu: all %u sessions went on in every one (%lu rounds)",
	       options.takeovers, (unsigned long long)options.seed,
	       sessions_count(), sessions_rounds());
	probes = probe_count();
	result("at none of %lu moments two units forwarded", probes);
	result("the tables of the two units are equal");
	pair_down();
	plant_memory();
	after = memory_now();
	check_memory(&before, &after);
	steps_check_kinds();
	results_end();
	trace_print();
	steps_report();
	return 0;
}

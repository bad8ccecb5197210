// SPDX-License-Identifier: GPL-2.0
/* What the kernel holds, when all that it can give back is given back. */
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

#define TRIES	20
#define STEADY_KIB	16

struct figures {
	long total, free, buffers, cached, reclaimable, unreclaimable;
	long percpu, vmalloc;
};

static const struct {
	const char *name;
	size_t offset;
} lines[] = {
	{ "MemTotal:",     offsetof(struct figures, total) },
	{ "MemFree:",      offsetof(struct figures, free) },
	{ "Buffers:",      offsetof(struct figures, buffers) },
	{ "Cached:",       offsetof(struct figures, cached) },
	{ "SReclaimable:", offsetof(struct figures, reclaimable) },
	{ "SUnreclaim:",   offsetof(struct figures, unreclaimable) },
	{ "Percpu:",       offsetof(struct figures, percpu) },
	{ "VmallocUsed:",  offsetof(struct figures, vmalloc) },
};

static void take(struct figures *m, const char *name, long kib)
{
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strcmp(name, lines[i].name))
			*(long *)((char *)m + lines[i].offset) = kib;
}

/* Free pages that wait at a CPU are not counted as free. */
static long waiting_kib(void)
{
	FILE *f = fopen("/proc/zoneinfo", "re");
	long pages = 0, n;
	char line[128];

	if (!f)
		fail("/proc/zoneinfo: cannot be read");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %ld", &n) == 1)
			pages += n;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct memory look(void)
{
	struct figures m = { .total = 0 };
	FILE *f = fopen("/proc/meminfo", "re");
	char name[64];
	long kib;

	if (!f)
		fail("/proc/meminfo: cannot be read");
	while (fscanf(f, "%63s %ld%*[^\n]", name, &kib) == 2)
		take(&m, name, kib);
	fclose(f);
	return (struct memory) {
		.used_kib = m.total - m.free - m.buffers - m.cached -
			    m.reclaimable - waiting_kib(),
		.unreclaimable_kib = m.unreclaimable + m.percpu,
		.vmalloc_kib = m.vmalloc,
	};
}

/*
 * Caches of file data, and what the slab allocator keeps at hand of each kind of
 * object, which is many pages for one that was in use in great numbers once.
 */
static void give_back(void)
{
	glob_t caches;
	size_t i;

	set("/proc/sys/vm/drop_caches", "3");
	if (glob("/sys/kernel/slab/*/shrink", GLOB_NOSORT, NULL, &caches))
		fail("/sys/kernel/slab: there is nothing to shrink");
	for (i = 0; i < caches.gl_pathc; i++)
		set(caches.gl_pathv[i], "1");
	globfree(&caches);
}

/* Some is freed only after a grace period or by a worker. */
struct memory memory_now(void)
{
	struct memory was, is;
	unsigned int i;

	give_back();
	is = look();
	for (i = 0; i < TRIES; i++) {
		was = is;
		pass(1000);
		give_back();
		is = look();
		if (labs(was.used_kib - is.used_kib) <= STEADY_KIB)
			break;
	}
	return is;
}

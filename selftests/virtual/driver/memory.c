// SPDX-License-Identifier: GPL-2.0
/* What the kernel holds, when all that it can give back is given back. */
#include <fcntl.h>
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

/* Some is freed only after a grace period or by a worker. */
struct memory memory_now(void)
{
	struct memory was, is;
	unsigned int i;

	set("/proc/sys/vm/drop_caches", "3");
	is = look();
	for (i = 0; i < TRIES; i++) {
		was = is;
		pass(1000);
		set("/proc/sys/vm/drop_caches", "3");
		is = look();
		if (labs(was.used_kib - is.used_kib) <= STEADY_KIB)
			break;
	}
	return is;
}

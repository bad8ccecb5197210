// SPDX-License-Identifier: GPL-2.0
/*
 * What is said: TAP, and a trace of all that was done and seen. Of the trace
 * the last lines are printed when the soak fails; a hash over all of it tells
 * whether two runs were the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

#define KEPT		48
#define LINE_LEN	160

static char kept[KEPT][LINE_LEN];
static unsigned long lines;
static FILE *all;
static uint64_t hash = 0xcbf29ce484222325ull;
static unsigned int results;
static struct source kmsg = { .fd = -1 };

static void keep(const char *line)
{
	const char *p;

	for (p = line; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001b3ull;
	snprintf(kept[lines++ % KEPT], LINE_LEN, "%s", line);
}

static FILE *all_file(const char *mode)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/trace", options.dir);
	f = fopen(path, mode);
	if (!f)
		fail("%s: %s", path, strerror(errno));
	return f;
}

/* Times are cut to milliseconds: to read the clock costs a little of it. */
void trace(const char *fmt, ...)
{
	uint64_t now = now_ns();
	char line[LINE_LEN];
	va_list ap;
	int n;

	n = snprintf(line, sizeof(line), "%6llu.%03llu ",
		     (unsigned long long)(now / SECOND),
		     (unsigned long long)(now % SECOND / MS));
	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(line) - n, fmt, ap);
	va_end(ap);
	keep(line);
	if (!all)
		all = all_file("we");
	fprintf(all, "%s\n", line);
}

/*
 * All of it, at the end: what is printed before goes through the console, which
 * would make it another run than one that is silent.
 */
void trace_print(void)
{
	char line[LINE_LEN];
	FILE *f;

	if (!options.verbose || !all)
		return;
	fflush(all);
	f = all_file("re");
	while (fgets(line, sizeof(line), f))
		printf("# %s", line);
	fclose(f);
}

uint64_t trace_hash(void)
{
	return hash;
}

void diagnose(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("# ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

void result(const char *fmt, ...)
{
	va_list ap;

	printf("ok %u - ", ++results);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

void results_end(void)
{
	printf("1..%u\n", results);
}

static void last_lines(void)
{
	unsigned long i = lines > KEPT ? lines - KEPT : 0;

	for (; i < lines; i++)
		diagnose("%s", kept[i % KEPT]);
}

void fail(const char *fmt, ...)
{
	static bool failing;
	va_list ap;

	if (failing)
		exit(1);
	failing = true;
	printf("1..%u\nnot ok %u - ", results + 1,
	       results + 1);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	diagnose("in takeover %u; this again: selftests/virtual/soak --seed %llu --takeovers %u --verbose",
		 options.now, (unsigned long long)options.seed,
		 options.now < options.takeovers ? options.now :
						   options.takeovers);
	if (options.verbose)
		trace_print();
	else
		last_lines();
	steps_report();
	unit_dump();
	exit(1);
}

static bool is_splat(const char *line)
{
	static const char *const words[] = {
		"BUG:", "WARNING:", "Oops", "INFO: task", "INFO: rcu",
		"general protection", "KASAN", "refcount_t:",
		"unregister_netdevice: waiting",
	};
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

/* The step in which the kernel says it is the step that fails. */
static void kmsg_ready(struct source *s)
{
	char line[1024];
	ssize_t n;

	while ((n = read(s->fd, line, sizeof(line) - 1)) > 0) {
		line[n] = '\0';
		line[strcspn(line, "\n")] = '\0';
		if (is_splat(line))
			fail("the kernel log: %s", strchr(line, ';') + 1);
	}
}

void kernel_log_open(void)
{
	kmsg.fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg.fd < 0)
		fail("/dev/kmsg: %s", strerror(errno));
	lseek(kmsg.fd, 0, SEEK_END);
	kmsg.ready = kmsg_ready;
	loop_add(&kmsg);
}

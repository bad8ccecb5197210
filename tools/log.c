// SPDX-License-Identifier: GPL-2.0
/* The log of the daemon. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static bool verbose;

void log_open(const char *name, bool verbose_)
{
	verbose = verbose_;
	openlog(name, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

static void print_time(void)
{
	struct timespec now;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(stderr, "%s.%03ld ", text, now.tv_nsec / 1000000);
}

void log_msg(int priority, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (priority == LOG_DEBUG && !verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_time();
	fprintf(stderr, "%s\n", text);
	syslog(priority, "%s", text);
}

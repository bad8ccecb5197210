// SPDX-License-Identifier: GPL-2.0
/* The log of the daemon. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static bool verbose;
static const char *name, *unit;

void log_reopen(void)
{
	closelog();
	openlog(name, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void log_open(const char *name_, bool verbose_)
{
	name = name_;
	verbose = verbose_;
	log_reopen();
}

void log_unit(const char *unit_)
{
	unit = unit_;
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

void log_row(enum message m, const char *const *args)
{
	char text[MESSAGE_MAX];

	if (messages[m].severity == LOG_DEBUG && !verbose)
		return;
	message_text(text, sizeof(text), m, unit, args);
	print_time();
	fprintf(stderr, "%s\n", text);
	syslog(messages[m].severity, "%s", text);
}

void log_msg(int priority, const char *fmt, ...)
{
	enum message m = priority <= LOG_ERR ? MSG_ERROR :
			 priority == LOG_WARNING ? MSG_WARNING :
			 priority == LOG_DEBUG ? MSG_DEBUG : MSG_NOTICE;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_id(m, text);
}

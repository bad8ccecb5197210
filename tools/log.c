// SPDX-License-Identifier: GPL-2.0
/* The log of the daemon. */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef LOG_SOCKET
#define LOG_SOCKET _PATH_LOG
#endif

static bool verbose;
static const char *name, *unit;

/*
 * Not syslog(3), which waits for a log daemon that hangs: nothing may delay a
 * takeover. The socket is not connected, so it outlives that daemon.
 */
static int fd = -1;
static atomic_uint lost;

void log_reopen(void)
{
	if (fd >= 0)
		close(fd);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	lost = 0;
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

/* "<27>Nov  5 10:00:00 failoverd[7]: "; the months are never those of a locale. */
static size_t put_head(char *to, size_t size, int severity)
{
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	return snprintf(to, size, "<%d>%s %2d %02d:%02d:%02d %s[%d]: ",
			LOG_DAEMON | severity, months[tm.tm_mon], tm.tm_mday,
			tm.tm_hour, tm.tm_min, tm.tm_sec, name, (int)getpid());
}

static bool send_row(int severity, const char *text)
{
	static const struct sockaddr_un to = { .sun_family = AF_UNIX,
					       .sun_path = LOG_SOCKET };
	char row[MESSAGE_MAX + 128];
	size_t len = put_head(row, sizeof(row), severity);

	if (len < sizeof(row))
		len += snprintf(row + len, sizeof(row) - len, "%s", text);
	if (len >= sizeof(row))
		len = sizeof(row) - 1;
	return sendto(fd, row, len, MSG_NOSIGNAL,
		      (const struct sockaddr *)&to, sizeof(to)) >= 0;
}

/* That some were lost comes before what follows them. */
static bool send_lost(void)
{
	unsigned int n = atomic_exchange(&lost, 0);
	char text[MESSAGE_MAX], what[64];
	const char *args[] = { what, NULL };

	if (!n)
		return true;
	snprintf(what, sizeof(what), "%u messages were lost", n);
	message_text(text, sizeof(text), MSG_WARNING, unit, args);
	if (send_row(messages[MSG_WARNING].severity, text))
		return true;
	lost += n;
	return false;
}

/* What does not fit at once is lost, and told of with the next that does. */
static void send_log(int severity, const char *text)
{
	if (!send_lost() || !send_row(severity, text))
		lost++;
}

void log_row(enum message m, const char *const *args)
{
	char text[MESSAGE_MAX];

	if (messages[m].severity == LOG_DEBUG && !verbose)
		return;
	message_text(text, sizeof(text), m, unit, args);
	print_time();
	fprintf(stderr, "%s\n", text);
	send_log(messages[m].severity, text);
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

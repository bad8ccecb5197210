// SPDX-License-Identifier: GPL-2.0
/* The protocol of sd_notify(3): datagrams of lines NAME=VALUE. */
#include "sd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static uint64_t now_ms(void)
{
	return now_us() / 1000;
}

/* A path, or with '@' a name without a file. */
static int connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if ((*path != '/' && *path != '@') || len < 2)
		return -EAFNOSUPPORT;
	if (len >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	memcpy(to.sun_path, path, len);
	if (*path == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&to,
		     offsetof(struct sockaddr_un, sun_path) + len))
		return fd;
	len = errno;
	close(fd);
	return -(int)len;
}

/* The time that it wants of this very process, or 0. */
static uint64_t watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (!usec || (pid && strtoul(pid, NULL, 10) != (unsigned long)getpid()))
		return 0;
	return strtoull(usec, NULL, 10) / 1000;
}

int sd_open(struct fo_sd *sd)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*sd = (struct fo_sd) { .fd = -1 };
	if (path)
		sd->fd = connect_to(path);
	if (sd->fd >= 0)
		sd->watchdog_ms = watchdog_ms();
	sd->alive_ms = now_ms();
	/* it is not for those that we start */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return path && sd->fd < 0 ? sd->fd : 0;
}

void sd_close(struct fo_sd *sd)
{
	if (sd->fd >= 0)
		close(sd->fd);
	sd->fd = -1;
}

/* It may be gone, or busy; neither must keep us. */
static void say(struct fo_sd *sd, const char *text)
{
	if (sd->fd >= 0)
		send(sd->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void sd_ready(struct fo_sd *sd)
{
	say(sd, "READY=1");
}

void sd_reloading(struct fo_sd *sd)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		 now_us());
	say(sd, text);
}

void sd_stopping(struct fo_sd *sd)
{
	say(sd, "STOPPING=1");
}

void sd_status(struct fo_sd *sd, const char *fmt, ...)
{
	char status[SD_STATUS_MAX], text[SD_STATUS_MAX + 8];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(status, sizeof(status), fmt, ap);
	va_end(ap);
	if (!strcmp(status, sd->status))
		return;
	strcpy(sd->status, status);
	snprintf(text, sizeof(text), "STATUS=%s", status);
	say(sd, text);
}

void sd_alive(struct fo_sd *sd)
{
	sd->alive_ms = now_ms();
}

int sd_watchdog(struct fo_sd *sd, unsigned int stale_ms)
{
	/* in time even when a round is late */
	uint64_t every = sd->watchdog_ms / 3, now = now_ms();

	if (!sd->watchdog_ms)
		return -1;
	if (now - sd->told_ms >= every && now - sd->alive_ms < stale_ms) {
		say(sd, "WATCHDOG=1");
		sd->told_ms = now;
	}
	return every ? (int)every : 1;
}

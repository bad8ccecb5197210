// SPDX-License-Identifier: GPL-2.0
/* A tracked object that is a file: it is there, and what has to be in it.
 *
 * The folder is watched, not the file: it may be missing, and it may be replaced
 * by another one. Folders that are missing, files on other machines and those
 * that are the kernel's own tell nothing, and are seen at the next look.
 */
#include "track_watch.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much of a file is looked at. */
#define HEAD		4096
#define OF_FILE		(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | \
			 IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
#define OF_FOLDER	(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | \
			 IN_Q_OVERFLOW)

/* What the file is called in its folder. */
static const char *base(const struct track_watch *w)
{
	return strrchr(w->spec.text, '/') + 1;
}

/* Another folder of the same name is another one to watch. */
static void watch_folder(struct track_watch *w)
{
	char path[TRACK_TEXT_MAX];
	int wd;

	snprintf(path, sizeof(path), "%.*s", (int)(base(w) - w->spec.text),
		 w->spec.text);
	wd = inotify_add_watch(w->fd[0].fd, path, OF_FILE | IN_DELETE_SELF |
			       IN_MOVE_SELF | IN_ONLYDIR);
	if (w->private >= 0 && w->private != wd)
		inotify_rm_watch(w->fd[0].fd, w->private);
	w->private = wd;
}

static void begin(struct track_watch *w)
{
	w->fd[0] = (struct pollfd) {
		.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK),
		.events = POLLIN,
	};
	w->n_fds = 1;
	w->private = -1;
}

static bool means(const struct track_watch *w, const struct inotify_event *e)
{
	if (e->mask & OF_FOLDER)
		return e->wd == w->private || e->mask & IN_Q_OVERFLOW;
	return e->len && !strcmp(e->name, base(w));
}

static bool event(struct track_watch *w)
{
	char buf[8192] __attribute__((aligned(8)));
	const struct inotify_event *e;
	bool heard = false;
	ssize_t n;
	char *p;

	while ((n = read(w->fd[0].fd, buf, sizeof(buf))) > 0)
		for (p = buf; p < buf + n; p += sizeof(*e) + e->len) {
			e = (const void *)p;
			heard |= means(w, e);
		}
	return heard;
}

/* Nothing that waits for somebody, as a pipe or a terminal would. */
static int open_file(const char *path, const char **why)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	*why = fd < 0 ? strerror(errno) : NULL;
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		*why = "It is no regular file";
		close(fd);
		fd = -1;
	}
	return fd;
}

static size_t read_head(int fd, char *buf)
{
	size_t len = 0;
	ssize_t n;

	while (len < HEAD) {
		n = read(fd, buf + len, HEAD - len);
		if (n <= 0)
			break;
		len += n;
	}
	buf[len] = '\0';
	return len;
}

/* The first word of the file as a number. */
static void judge_number(struct track_watch *w, const char *text)
{
	unsigned long long v;
	char *end;

	text += strspn(text, " \t\r\n");
	errno = 0;
	v = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno)
		track_found(w, false, "It does not begin with a number");
	else
		track_found(w, v >= w->spec.at_least, "It holds %llu", v);
}

static void judge(struct track_watch *w, const char *text, size_t len)
{
	const char *want = w->spec.contains;

	if (want[0] && !memmem(text, len, want, strlen(want)))
		track_found(w, false, "It does not contain %.60s", want);
	else if (w->spec.limited)
		judge_number(w, text);
	else if (want[0])
		track_found(w, true, "It contains %.60s", want);
	else
		track_found(w, true, "It is there");
}

static void look(struct track_watch *w)
{
	char text[HEAD + 1];
	const char *why;
	int fd;

	watch_folder(w);
	fd = open_file(w->spec.text, &why);
	if (fd < 0) {
		track_found(w, false, "%s", why);
		return;
	}
	judge(w, text, read_head(fd, text));
	close(fd);
}

const struct track_ops track_file_ops = {
	.open = begin, .look = look, .event = event,
};

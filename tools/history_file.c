// SPDX-License-Identifier: GPL-2.0
/* The file that keeps the history over restarts: one entry, one line.
 *
 * There is one writer, the daemon of the unit. A line that was cut short by a
 * crash is ended by the next one that writes, and skipped by all that read.
 */
#include "history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest entry, with all interfaces of both units, is half of this. */
#define LINE_LEN	8192
/* Nobody reads more of a file that somebody else has filled. */
#define READ_SIZE	(8 * HISTORY_FILE_SIZE)

/* --- reading ----------------------------------------------------------- */

static FILE *open_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;
	FILE *f;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		f = fdopen(fd, "r");
		if (f)
			return f;
	} else {
		errno = EINVAL;
	}
	close(fd);
	return NULL;
}

static int take_line(const char *line, size_t len, struct fo_history *h,
		     unsigned int *bad)
{
	struct fo_entry *e;

	if (!len)
		return 0;
	e = history_add(h);
	if (!e)
		return -ENOMEM;
	if (history_from_json(line, len, e)) {
		h->n--;
		(*bad)++;
	}
	return 0;
}

/* The rest of a line that is too long for an entry. */
static void skip_line(FILE *f, size_t *left)
{
	int c;

	while (*left && (c = getc(f)) != EOF && c != '\n')
		(*left)--;
}

static int read_lines(FILE *f, struct fo_history *h, unsigned int *bad)
{
	size_t left = READ_SIZE, len;
	char line[LINE_LEN];
	int c, err = 0;

	for (len = 0; !err && left && (c = getc(f)) != EOF; left--) {
		if (c == '\n') {
			err = take_line(line, len, h, bad);
			len = 0;
		} else if (len == sizeof(line)) {
			skip_line(f, &left);
			(*bad)++;
			len = 0;
			if (!left)
				break;
		} else {
			line[len++] = c;
		}
	}
	/* without its end it was never written whole */
	*bad += !!len;
	return err;
}

static int read_one(const char *path, struct fo_history *h, unsigned int *bad)
{
	FILE *f = open_read(path);
	int err;

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	err = read_lines(f, h, bad);
	fclose(f);
	return err;
}

static bool old_path(const char *path, char *old)
{
	return snprintf(old, PATH_MAX, "%s.1", path) < PATH_MAX;
}

int history_read(const char *path, struct fo_history *h, unsigned int *bad)
{
	char old[PATH_MAX];
	int err;

	*bad = 0;
	if (!old_path(path, old))
		return -ENAMETOOLONG;
	err = read_one(old, h, bad);
	return err ? err : read_one(path, h, bad);
}

/* --- writing ----------------------------------------------------------- */

/* The folder itself, and that its new entry is on the disk. */
static int sync_dir(const char *path)
{
	char copy[PATH_MAX];
	int fd, err;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) && errno != EINVAL ? -errno : 0;
	close(fd);
	return err;
}

static void make_dir(const char *path)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	mkdir(dirname(copy), 0755);
}

/* A file that is there, or a new one. */
static int open_append(const char *path)
{
	const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW |
			  O_NONBLOCK;
	struct stat st;
	int fd = open(path, flags);

	if (fd < 0 && errno == ENOENT) {
		make_dir(path);
		fd = open(path, flags | O_CREAT | O_EXCL, 0644);
		if (fd >= 0)
			sync_dir(path);
	}
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

static int put_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= n;
	}
	return 0;
}

/* A line that was cut short must not take the next one with it. */
static int end_line(int fd, off_t size)
{
	char last = '\n';

	if (size && pread(fd, &last, 1, size - 1) != 1)
		return -EIO;
	return last == '\n' ? 0 : put_all(fd, "\n", 1);
}

static char *lines_of(const struct fo_history *h,
		      const struct fo_history *kept, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);
	unsigned int i;
	json_t *o;

	for (i = 0; f && i < h->n; i++) {
		if (history_has(kept, &h->e[i]))
			continue;
		o = history_to_json(&h->e[i]);
		if (o && !json_dumpf(o, f, JSON_COMPACT))
			putc('\n', f);
		json_decref(o);
	}
	if (f)
		fclose(f);
	return text;
}

static int rotate(const char *path)
{
	char old[PATH_MAX];

	if (!old_path(path, old))
		return -ENAMETOOLONG;
	return rename(path, old) ? -errno : sync_dir(path);
}

static int append(int fd, const char *text, size_t len)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	err = end_line(fd, st.st_size);
	if (!err)
		err = put_all(fd, text, len);
	if (!err && fdatasync(fd))
		err = -errno;
	/* half of a line is of no use, and would be written again */
	if (err && ftruncate(fd, st.st_size))
		return err;
	return err;
}

static int append_text(const char *path, const char *text, size_t len,
		       size_t max_size)
{
	struct stat st;
	int fd, err = 0;

	if (!lstat(path, &st) && S_ISREG(st.st_mode) &&
	    (size_t)st.st_size >= max_size)
		err = rotate(path);
	fd = err ? err : open_append(path);
	if (fd < 0)
		return fd;
	err = append(fd, text, len);
	close(fd);
	return err;
}

int history_append(const char *path, const struct fo_history *h,
		   const struct fo_history *kept, size_t max_size)
{
	size_t len;
	char *text = lines_of(h, kept, &len);
	int err = 0;

	if (!text)
		return -ENOMEM;
	if (len)
		err = append_text(path, text, len, max_size);
	free(text);
	return err;
}

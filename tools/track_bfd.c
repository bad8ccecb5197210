// SPDX-License-Identifier: GPL-2.0
/* A tracked object that is a BFD session: BIRD has one with this peer, and it is Up.
 *
 * BIRD is asked by its control socket, as birdc asks it. It tells of no events, so
 * this is asked each interval. What it says is read a line at a time and need not
 * be believed: each line has its form, all of it has a limit and has to be there
 * in time, and whatever is otherwise is no answer.
 *
 *	0001 BIRD 2.0.12 ready.
 *	1020-bfd1:
 *	 IP address                Interface  State      Since      Interval  Timeout
 *	 10.0.0.2                  eth0       Up         10:00:00    0.100    0.500
 *	0000
 */
#include "track_watch.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"

#define QUESTION	"show bfd sessions\n"
/* All of an answer, which has a line for each session; and one line. */
#define ANSWER_MAX	(4 * 1024 * 1024)
#define LINE_MAX_LEN	256
#define ANSWER_MS	2000
#define AGAIN_MS	20
/* Codes of lines: what BIRD says when it begins, the table, no protocol of BFD. */
#define CODE_WELCOME	1
#define CODE_NO_BFD	1010
#define CODE_TABLE	1020
#define CODE_DONE	0
#define CODE_ERROR	8000	/* and above */

/**
 * struct talk - one question and its answer
 * @code: that of the line before, and of a line that begins with a blank
 * @welcome: BIRD has begun; @over: it has said all
 * @state: of the sessions that were found the best one, or ""
 * @why: the answer is none
 */
struct talk {
	const struct track_spec *spec;
	int		fd;
	uint64_t	deadline;
	unsigned int	code;
	bool		welcome;
	bool		over;
	char		state[16];
	char		why[128];
};

static bool refuse(struct talk *t, const char *why)
{
	snprintf(t->why, sizeof(t->why), "%s", why);
	return false;
}

/* --- lines ------------------------------------------------------------- */

/* Those of a link are written with their scope, or without. */
static bool is_peer(const struct track_spec *s, char *word)
{
	unsigned char addr[ADDR_BYTES_MAX];

	word[strcspn(word, "%")] = '\0';
	return addr_parse(s->family, word, addr) &&
	       !memcmp(addr, s->dst, addr_len(s->family));
}

/* A row is an address, a device or "---", and a state; or a head. */
static void take_row(struct talk *t, char *line)
{
	char *save, *peer = strtok_r(line, " \t", &save);
	char *dev = strtok_r(NULL, " \t", &save);
	char *state = strtok_r(NULL, " \t", &save);

	if (!state || !is_peer(t->spec, peer) ||
	    (t->spec->dev[0] && strcmp(t->spec->dev, dev)))
		return;
	/* of several sessions one will do */
	if (strcmp(t->state, "Up"))
		snprintf(t->state, sizeof(t->state), "%s", state);
}

/* "1020-text", "0000 text", or " text" as the line before. */
static bool read_code(struct talk *t, const char **text, const char *line,
		      bool *last)
{
	char *end;

	*text = line + 1;
	*last = false;
	if (*line == ' ')
		return t->code;
	if (strspn(line, "0123456789") != 4)
		return false;
	t->code = strtoul(line, &end, 10);
	*text = end + 1;
	*last = *end == ' ';
	return *last || *end == '-';
}

static bool take_line(struct talk *t, char *line)
{
	const char *text;
	bool last;

	if (!read_code(t, &text, line, &last))
		return refuse(t, "This is not how BIRD answers");
	if (!t->welcome) {
		t->welcome = t->code == CODE_WELCOME && last;
		return t->welcome || refuse(t, "It is not BIRD");
	}
	if (t->code >= CODE_ERROR) {
		snprintf(t->why, sizeof(t->why), "BIRD: %.100s", text);
		return false;
	}
	if (t->code == CODE_TABLE && *line == ' ')
		take_row(t, line);
	t->over = last && (t->code == CODE_DONE || t->code == CODE_NO_BFD);
	return true;
}

/* Nothing of what is shown may be more than a text of one line. */
static bool is_text(const char *line, size_t len)
{
	for (; len; len--, line++)
		if (!isprint((unsigned char)*line) && *line != '\t')
			return false;
	return true;
}

/* Takes the whole lines; returns how much is left of them, or -1. */
static ssize_t take_lines(struct talk *t, char *buf, size_t len)
{
	char *p = buf, *end;

	while (!t->over && (end = memchr(p, '\n', buf + len - p))) {
		if (!is_text(p, end - p)) {
			refuse(t, "This is not how BIRD answers");
			return -1;
		}
		*end = '\0';
		if (!take_line(t, p))
			return -1;
		p = end + 1;
	}
	len = buf + len - p;
	if (len > LINE_MAX_LEN) {
		refuse(t, "This is not how BIRD answers");
		return -1;
	}
	memmove(buf, p, len);
	return len;
}

/* --- the socket -------------------------------------------------------- */

static bool wait_for(struct talk *t, short events)
{
	struct pollfd p = { .fd = t->fd, .events = events };
	uint64_t now = now_ms();

	if (now < t->deadline && poll(&p, 1, t->deadline - now) > 0)
		return true;
	return refuse(t, "No answer of BIRD in time");
}

/* BIRD may have more to answer than its queue holds. */
static bool reach(struct talk *t)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	snprintf(to.sun_path, sizeof(to.sun_path), "%.107s", t->spec->text);
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	while (t->fd < 0 || connect(t->fd, (struct sockaddr *)&to, sizeof(to))) {
		if (t->fd < 0 || errno != EAGAIN || now_ms() >= t->deadline) {
			snprintf(t->why, sizeof(t->why), "Socket of BIRD: %s",
				 strerror(errno));
			return false;
		}
		poll(NULL, 0, AGAIN_MS);
	}
	return true;
}

static bool ask(struct talk *t)
{
	if (!reach(t))
		return false;
	if (send(t->fd, QUESTION, strlen(QUESTION), MSG_NOSIGNAL) !=
	    (ssize_t)strlen(QUESTION))
		return refuse(t, "BIRD takes no question");
	return true;
}

static bool read_answer(struct talk *t)
{
	char buf[4096 + LINE_MAX_LEN];
	size_t all = 0;
	ssize_t n, len = 0;

	while (!t->over) {
		if (!wait_for(t, POLLIN))
			return false;
		n = recv(t->fd, buf + len, 4096, 0);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return refuse(t, "BIRD ended before its answer did");
		all += n;
		len = take_lines(t, buf, len + n);
		if (len < 0)
			return false;
		if (all > ANSWER_MAX)
			return refuse(t, "The answer of BIRD has no end");
	}
	return true;
}

static void look(struct track_watch *w)
{
	struct talk t = {
		.spec = &w->spec, .fd = -1, .deadline = now_ms() + ANSWER_MS,
	};
	bool ok = ask(&t) && read_answer(&t);

	if (t.fd >= 0)
		close(t.fd);
	if (!ok)
		track_found(w, false, "%s", t.why);
	else if (!t.state[0])
		track_found(w, false, "No such session");
	else
		track_found(w, !strcmp(t.state, "Up"), "It is %s", t.state);
}

const struct track_ops track_bfd_ops = { .look = look };

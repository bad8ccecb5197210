// SPDX-License-Identifier: GPL-2.0
/*
 * The traffic: flows of selftests/traffic, in rounds that follow one another.
 * In a round each flow sends a block and must get its echo, with the mapping
 * that it always had. The late ones are opened anew in each step.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

/* A TCP flow that met an outage may wait for its next retransmission. */
#define ROUND_MS	40000
#define GAP_MS		800
#define ARGS_MAX	8

#define OUT4	"203.0.113.10"
#define OUT6	"2001:db8:203::10"

struct player {
	struct source from;
	const char *name;
	enum place place;
	const char *args[ARGS_MAX];
	unsigned int count;
	bool late;
	pid_t pid;
	int to;
	bool open, busy;
	uint64_t began, next, done;
	char line[256];
	size_t len;
};

#define LASTING(name_, place_, count_, ...) { \
	.name = name_, .place = place_, .count = count_, \
	.args = { __VA_ARGS__, #count_ } }
#define LATE(name_, place_, count_, ...) { \
	.name = name_, .place = place_, .count = count_, .late = true, \
	.args = { __VA_ARGS__, #count_ } }

static struct player players[] = {
	LASTING("tcp4", CLIENT, 4, "tcp", OUT4, "5000"),
	LASTING("tcp6", CLIENT, 2, "tcp", OUT6, "5000"),
	LASTING("udp4", CLIENT, 4, "udp", OUT4, "5000"),
	LASTING("udp6", CLIENT, 2, "udp", OUT6, "5000"),
	LASTING("icmp4", CLIENT, 2, "icmp", OUT4, "0"),
	LASTING("icmp6", CLIENT, 2, "icmp", OUT6, "0"),
	LASTING("forwarded tcp", SERVER, 2, "tcp", "203.0.113.2", "8080"),
	LASTING("forwarded udp", SERVER, 2, "udp", "203.0.113.2", "8080"),
	LATE("late tcp", CLIENT, 3, "tcp", OUT4, "5000"),
	LATE("late udp", CLIENT, 3, "udp", OUT6, "5000"),
};

#define PLAYERS	(sizeof(players) / sizeof(players[0]))

static unsigned long rounds;
static pid_t servers[2];

static void tell(struct player *p, const char *what)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %u\n", what, ROUND_MS);

	if (write(p->to, line, n) != n)
		fail("%s: its program is gone", p->name);
	p->busy = true;
	p->began = now_ns();
}

static long word(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? atol(at + strlen(key)) : -1;
}

/* "VERB ok=N fail=N ...", or the first line, which says ready. */
static void judge(struct player *p)
{
	long ok = word(p->line, " ok=");

	p->busy = false;
	p->done = p->began;
	p->next = now_ns() + GAP_MS * MS;
	if (ok < 0) {
		if (!strstr(p->line, " ready"))
			fail("%s: %s", p->name, p->line);
		return;
	}
	if (ok != p->count)
		fail("a session was lost: %s: %s", p->name, p->line);
	rounds++;
}

static void player_ready(struct source *s)
{
	struct player *p = (struct player *)s;
	ssize_t n;

	n = read(s->fd, p->line + p->len, sizeof(p->line) - 1 - p->len);
	if (n <= 0)
		fail("%s: its program has ended", p->name);
	p->len += n;
	p->line[p->len] = '\0';
	if (p->line[p->len - 1] != '\n')
		return;
	p->line[p->len - 1] = '\0';
	p->len = 0;
	judge(p);
}

static bool idle(void *arg)
{
	return !((struct player *)arg)->busy;
}

static void await(struct player *p)
{
	if (!until(idle, p, ROUND_MS + 20000))
		fail("%s: says nothing", p->name);
}

static void player_start(struct player *p)
{
	const char *argv[ARGS_MAX + 2] = { getenv("TRAFFIC") };
	int in[2], out[2];

	memcpy(argv + 1, p->args, sizeof(p->args));
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	p->pid = start(p->place, in[0], out[1], argv);
	close(in[0]);
	close(out[1]);
	p->to = in[1];
	p->from.fd = out[0];
	p->from.ready = player_ready;
	loop_add(&p->from);
	p->busy = true;
	await(p);
}

static void player_end(struct player *p)
{
	int fd = p->from.fd;

	loop_del(&p->from);
	close(fd);
	close(p->to);
	stop(p->pid);
	p->open = false;
	p->busy = false;
}

static void open_some(bool late)
{
	unsigned int i;

	for (i = 0; i < PLAYERS; i++)
		if (players[i].late == late)
			tell(&players[i], "open");
	for (i = 0; i < PLAYERS; i++) {
		if (players[i].late != late)
			continue;
		await(&players[i]);
		players[i].open = true;
	}
}

/* The server of both sides; it says one line, which nobody reads. */
static void server_start(pid_t *pid, enum place place)
{
	const char *const argv[] = { getenv("TRAFFIC"), "server", "5000", NULL };
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	*pid = start(place, -1, out, argv);
	close(out);
}

void sessions_open(void)
{
	unsigned int i;

	server_start(&servers[0], SERVER);
	server_start(&servers[1], CLIENT);
	pass(100);
	for (i = 0; i < PLAYERS; i++)
		player_start(&players[i]);
	open_some(false);
}

void sessions_tick(uint64_t now)
{
	unsigned int i;

	for (i = 0; i < PLAYERS; i++)
		if (players[i].open && !players[i].busy &&
		    now >= players[i].next)
			tell(&players[i], "round");
}

/* Each flow has had a round that began after that moment. */
bool sessions_went_on(void *since_ns)
{
	unsigned int i;

	for (i = 0; i < PLAYERS; i++)
		if (players[i].open && players[i].done < *(uint64_t *)since_ns)
			return false;
	return true;
}

void sessions_late_open(void)
{
	open_some(true);
}

void sessions_late_close(void)
{
	unsigned int i;

	for (i = 0; i < PLAYERS; i++) {
		if (!players[i].late)
			continue;
		players[i].open = false;
		await(&players[i]);
		tell(&players[i], "close");
		await(&players[i]);
	}
}

void sessions_end(void)
{
	unsigned int i;

	for (i = 0; i < PLAYERS; i++)
		player_end(&players[i]);
	stop(servers[0]);
	stop(servers[1]);
}

unsigned int sessions_count(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PLAYERS; i++)
		n += players[i].late ? 0 : players[i].count;
	return n;
}

unsigned long sessions_rounds(void)
{
	return rounds;
}

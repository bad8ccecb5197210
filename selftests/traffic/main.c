// SPDX-License-Identifier: GPL-2.0
/*
 * Checked traffic for the selftests, on one epoll loop and no threads.
 *
 * A mode prints one line when it is ready and one line for each command that
 * it reads from standard input, so a shell can drive it through two pipes.
 * End of input ends the program.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "traffic.h"

static const struct mode *const modes[] = {
	&server_mode, &tcp_mode, &udp_mode, &icmp_mode, &stream_mode,
	&beat_mode, &churn_mode, &forge_mode, &raw_mode,
};

static const struct mode *mode;
static bool ended;

static void command_line(char *line)
{
	char *verb = strtok(line, " \n");
	char *arg = strtok(NULL, " \n");

	if (!verb)
		return;
	if (!mode->command || !mode->command(verb, arg ? number(arg) : 0))
		printf("unknown command %s\n", verb);
}

static void stdin_ready(struct handler *h, uint32_t events)
{
	static char buf[256];
	static size_t len;
	char *nl;
	ssize_t n;

	n = read(h->fd, buf + len, sizeof(buf) - 1 - len);
	if (n <= 0) {
		ended = true;
		return;
	}
	len += n;
	buf[len] = 0;
	while ((nl = strchr(buf, '\n'))) {
		*nl = 0;
		command_line(buf);
		len -= nl + 1 - buf;
		memmove(buf, nl + 1, len + 1);
	}
	if (len == sizeof(buf) - 1)
		len = 0;
}

static void usage(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		fprintf(stderr, "traffic %s %s\n", modes[i]->name,
			modes[i]->args);
	exit(2);
}

/* As many sockets as root may have: one flow is one socket. */
static void more_files(void)
{
	struct rlimit r = { 100000, 100000 };

	if (!setrlimit(RLIMIT_NOFILE, &r) || getrlimit(RLIMIT_NOFILE, &r))
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

static void run(void)
{
	uint64_t next = now_us();

	while (!ended) {
		int64_t left = -1;

		if (mode->tick_us) {
			left = (int64_t)(next - now_us());
			if (left <= 0) {
				mode->tick();
				/* A stall is not caught up with a burst. */
				next += mode->tick_us;
				if (next < now_us())
					next = now_us() + mode->tick_us;
				continue;
			}
		}
		loop_once(left < 0 ? -1 : (left + 999) / 1000);
	}
}

int main(int argc, char **argv)
{
	struct handler in = { .fd = 0, .ready = stdin_ready };
	unsigned int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		usage();
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i]->name))
			mode = modes[i];
	if (!mode || argc - 2 < mode->min_args)
		usage();
	more_files();
	if (loop_add(&in, EPOLLIN))
		return 1;
	if (mode->start(argc - 2, argv + 2))
		return 1;
	run();
	return 0;
}

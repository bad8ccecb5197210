// SPDX-License-Identifier: GPL-2.0
/* The log of the daemon, over a socket of the test's own (see tools.mk). */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"

/* More than any queue of datagrams takes by default, at most. */
#define MANY	20000

/* As the daemon of syslog has it; it reads only when it is told to. */
static int open_syslog(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX,
				  .sun_path = LOG_SOCKET };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	unlink(LOG_SOCKET);
	assert_int_equal(bind(fd, (void *)&un, sizeof(un)), 0);
	return fd;
}

static bool next(int fd, char *text, size_t size)
{
	ssize_t n = recv(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* It says all to stderr, too, which is of no interest here. */
static int quiet(void)
{
	int old = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	close(null);
	return old;
}

static void loud(int old)
{
	dup2(old, STDERR_FILENO);
	close(old);
}

static void has_the_form_of_syslog(void **state)
{
	int fd = open_syslog(), err = quiet(), day, h, m, s, pid, at = 0;
	char text[1024], month[4];
	unsigned int pri;

	(void)state;
	log_open("failoverd", false);
	log_err("it is %s", "so");
	loud(err);
	assert_true(next(fd, text, sizeof(text)));
	assert_int_equal(sscanf(text, "<%u>%3s %2d %2d:%2d:%2d failoverd[%d]: %n",
				&pri, month, &day, &h, &m, &s, &pid, &at), 7);
	assert_int_equal(pri, LOG_DAEMON | LOG_ERR);
	assert_int_equal(pid, getpid());
	assert_non_null(strstr(text + at, "it is so"));
	assert_false(next(fd, text, sizeof(text)));
	close(fd);
}

/* A daemon that hangs: nothing waits, and the number of the lost is right. */
static void waits_for_nobody(void **state)
{
	int fd = open_syslog(), err = quiet();
	char text[1024], what[64];
	unsigned int i, n = 0;

	(void)state;
	log_open("failoverd", false);
	alarm(60);
	for (i = 0; i < MANY; i++)
		log_notice("row %u", i);
	alarm(0);
	while (next(fd, text, sizeof(text)))
		n++;
	assert_in_range(n, 1, MANY - 1);
	log_notice("after");
	loud(err);
	snprintf(what, sizeof(what), " %u messages were lost", MANY - n);
	assert_true(next(fd, text, sizeof(text)));
	assert_non_null(strstr(text, what));
	assert_true(next(fd, text, sizeof(text)));
	assert_non_null(strstr(text, "after"));
	assert_false(next(fd, text, sizeof(text)));
	close(fd);
}

static void finds_the_next_daemon(void **state)
{
	int fd = open_syslog(), err = quiet();
	char text[1024];

	(void)state;
	log_open("failoverd", false);
	close(fd);
	log_notice("nobody is there");
	fd = open_syslog();
	log_notice("here");
	loud(err);
	assert_true(next(fd, text, sizeof(text)));
	assert_non_null(strstr(text, " 1 messages were lost"));
	assert_true(next(fd, text, sizeof(text)));
	assert_non_null(strstr(text, "here"));
	close(fd);
	unlink(LOG_SOCKET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_form_of_syslog),
		cmocka_unit_test(waits_for_nobody),
		cmocka_unit_test(finds_the_next_daemon),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}

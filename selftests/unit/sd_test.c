// SPDX-License-Identifier: GPL-2.0
/* The protocol of the service manager, over a real socket. */
#include "test.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "sd.h"

static char dir[] = "/tmp/fo-sd.XXXXXX";
static char got[512];
static int manager;

/* The manager's end; @name as in $NOTIFY_SOCKET. */
static void listen_on(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(name);

	memcpy(at.sun_path, name, len);
	if (*name == '@')
		at.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_true(manager >= 0);
	assert_int_equal(bind(manager, (void *)&at,
			      offsetof(struct sockaddr_un, sun_path) + len), 0);
	setenv("NOTIFY_SOCKET", name, 1);
}

static const char *hear(void)
{
	ssize_t n = recv(manager, got, sizeof(got) - 1, 0);

	got[n > 0 ? n : 0] = '\0';
	return got;
}

static void pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static void speaks(const char *name)
{
	struct fo_sd sd;

	listen_on(name);
	assert_int_equal(sd_open(&sd), 0);
	/* not for the children of the daemon */
	assert_null(getenv("NOTIFY_SOCKET"));
	sd_ready(&sd);
	assert_string_equal(hear(), "READY=1");
	sd_status(&sd, "%s, mate %s", "Active", "Standby Ready");
	assert_string_equal(hear(), "STATUS=Active, mate Standby Ready");
	sd_status(&sd, "Active, mate Standby Ready");
	assert_string_equal(hear(), "");
	sd_reloading(&sd);
	assert_int_equal(strncmp(hear(), "RELOADING=1\nMONOTONIC_USEC=", 27),
			 0);
	assert_true(strtoull(got + 27, NULL, 10) > 0);
	sd_stopping(&sd);
	assert_string_equal(hear(), "STOPPING=1");
	/* a manager that went away must not end us */
	close(manager);
	sd_ready(&sd);
	sd_close(&sd);
	sd_ready(&sd);
}

static void by_path(void **state)
{
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/notify", dir);
	speaks(path);
	unlink(path);
}

static void by_name(void **state)
{
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@fo-sd-%d", getpid());
	speaks(name);
}

static void none(void **state)
{
	struct fo_sd sd;

	(void)state;
	setenv("WATCHDOG_USEC", "3000000", 1);
	assert_int_equal(sd_open(&sd), 0);
	sd_ready(&sd);
	sd_status(&sd, "nobody hears this");
	assert_int_equal(sd_watchdog(&sd, 1000), -1);
	sd_close(&sd);
}

static void wrong(void **state)
{
	char longer[256];
	struct fo_sd sd;

	(void)state;
	setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
	assert_int_equal(sd_open(&sd), -EAFNOSUPPORT);
	setenv("NOTIFY_SOCKET", "", 1);
	assert_int_equal(sd_open(&sd), -EAFNOSUPPORT);
	memset(longer, '/', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	setenv("NOTIFY_SOCKET", longer, 1);
	assert_int_equal(sd_open(&sd), -ENAMETOOLONG);
	setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1);
	assert_int_equal(sd_open(&sd), -ENOENT);
	sd_ready(&sd);
}

/* It is fed while the loop works, and by its own rounds alone. */
static void watchdog(void **state)
{
	struct fo_sd sd;
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@fo-sd-wd-%d", getpid());
	listen_on(name);
	setenv("WATCHDOG_USEC", "60000", 1);
	snprintf(name, sizeof(name), "%d", getpid());
	setenv("WATCHDOG_PID", name, 1);
	assert_int_equal(sd_open(&sd), 0);
	assert_null(getenv("WATCHDOG_USEC"));
	assert_int_equal(sd_watchdog(&sd, 10000), 20);
	assert_string_equal(hear(), "WATCHDOG=1");
	assert_string_equal(hear(), "");
	pause_ms(25);
	sd_watchdog(&sd, 10000);
	assert_string_equal(hear(), "WATCHDOG=1");
	/* the loop turns and does no work */
	pause_ms(25);
	sd_watchdog(&sd, 20);
	assert_string_equal(hear(), "");
	sd_alive(&sd);
	sd_watchdog(&sd, 10000);
	assert_string_equal(hear(), "WATCHDOG=1");
	close(manager);
	sd_close(&sd);
}

/* The environment of another process: of a shell around us, say. */
static void watchdog_of_another(void **state)
{
	struct fo_sd sd;
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@fo-sd-other-%d", getpid());
	listen_on(name);
	setenv("WATCHDOG_USEC", "60000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	assert_int_equal(sd_open(&sd), 0);
	assert_int_equal(sd_watchdog(&sd, 10000), -1);
	assert_string_equal(hear(), "");
	close(manager);
	sd_close(&sd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_path),
		cmocka_unit_test(by_name),
		cmocka_unit_test(none),
		cmocka_unit_test(wrong),
		cmocka_unit_test(watchdog),
		cmocka_unit_test(watchdog_of_another),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return failed;
}

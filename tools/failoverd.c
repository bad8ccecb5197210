// SPDX-License-Identifier: GPL-2.0
/* The policy daemon: start, event loop, signals. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "announce.h"
#include "drive.h"
#include "exec.h"
#include "grammar.h"
#include "history_file.h"
#include "gtp.h"
#include "ipsec.h"
#include "key.h"
#include "log.h"
#include "names.h"
#include "recorder.h"
#include "routes.h"
#include "sd.h"
#include "sets.h"
#include "track_check.h"
#include "version.h"

/* What epoll hands back: the timers come after these. */
enum source {
	SOURCE_SIGNAL, SOURCE_NL, SOURCE_RTNL, SOURCE_RULES, SOURCE_PROBE,
	SOURCE_IFWATCH, SOURCE_TRACK, SOURCE_EXEC, SOURCE_TIMER
};

struct daemon {
	struct fo_drive drive;
	struct fo_sd sd;
	struct fo_exec exec;
	const char *path;
	const char *history;
	int signal_fd;
	bool stop;
};

static void log_config_error(const char *path, const struct fo_error *e)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	grammar_error(f, path, e);
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	log_id(MSG_CONFIG_REFUSED, text);
	free(text);
}

/* 1: read, 0: there is no file, -1: it is wrong. */
static int read_config(const char *path, struct fo_config *c)
{
	struct fo_error e = { .line = 0 };

	config_init(c);
	if (access(path, F_OK) && errno == ENOENT) {
		log_notice("%s: no such file, using what the kernel has",
			   path);
		return 0;
	}
	if (!grammar_read_path(c, path, &e) && !key_load(c, &e))
		return 1;
	log_config_error(path, &e);
	return -1;
}

static int set_config(struct fo_drive *d, const char *path,
		      const struct fo_config *c)
{
	int err = nl_config_set(&d->nl, c);
	char why[CONFIG_ERROR_MAX + PATH_MAX];

	if (err) {
		snprintf(why, sizeof(why), "%s: by the kernel: %s", path,
			 d->nl.error);
		log_id(MSG_CONFIG_REFUSED, why);
	}
	return err;
}

/*
 * A script that cannot be run is an object that fails, and no reason not to
 * start; but nobody is given one by a reload.
 */
static bool may_track(const char *path, const struct fo_config *c)
{
	struct fo_error e = { .line = 0 };

	if (!track_check(c, &e))
		return true;
	log_config_error(path, &e);
	return false;
}

/* On an error the last good configuration stays. */
static void reload(struct daemon *m)
{
	struct fo_config c;

	sd_reloading(&m->sd);
	if (read_config(m->path, &c) == 1 && may_track(m->path, &c) &&
	    !set_config(&m->drive, m->path, &c))
		log_id(MSG_CONFIG_READ, m->path);
	config_free(&c);
	drive_run(&m->drive);
	sd_ready(&m->sd);
}

/*
 * A kernel that runs failover already keeps its configuration: the daemon was
 * restarted, and that must not touch the data path.
 */
static int first_config(struct fo_drive *d, const char *path,
			const struct fo_config *c)
{
	struct fo_show show;
	int err = nl_get(&d->nl, &show, true);

	if (err)
		log_err("get: %s", d->nl.error);
	else if (!show.config.enabled)
		err = set_config(d, path, c);
	else if (!config_equal(&show.config, c))
		log_id(MSG_CONFIG_DIFFERS, path);
	nl_show_free(&show);
	return err;
}

static void modprobe(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execlp("modprobe", "modprobe", "-q", "nf_failover", NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
}

static int open_nl(struct fo_nl *nl)
{
	int err = nl_open(nl);

	if (err == -ENOENT) {
		modprobe();
		err = nl_open(nl);
	}
	if (!err)
		err = nl_subscribe(nl);
	if (err)
		log_err("netlink: %s", nl->error);
	return err;
}

/* Only one policy per unit. */
static int attach(struct fo_drive *d)
{
	int err = nl_attach(&d->nl, DRIVE_WATCHDOG_MS);

	if (err == -EBUSY)
		log_err("another failoverd runs in this network namespace");
	else if (err)
		log_err("attach: %s", d->nl.error);
	return err;
}

static int open_all(struct fo_drive *d)
{
	int err;

	if (open_nl(&d->nl) || attach(d))
		return -1;
	err = rtnl_open(&d->rt);
	if (!err)
		err = timers_open(&d->timers);
	if (!err)
		err = lookout_open(&d->lookout);
	if (!err)
		err = ifwatch_open(&d->monitor.watch);
	if (!err)
		err = track_open(&d->track);
	if (!err) {
		d->packet_fd = announce_open();
		err = d->packet_fd < 0 ? d->packet_fd : 0;
	}
	if (err)
		log_err("cannot open sockets: %s", strerror(-err));
	else
		pool_read_open(&d->reader);
	return err;
}

static int watch(int ep, int fd, unsigned int source)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = source };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static int open_loop(struct daemon *m)
{
	struct fo_drive *d = &m->drive;
	int ep = epoll_create1(EPOLL_CLOEXEC);
	enum timer t;

	if (ep < 0 || watch(ep, m->signal_fd, SOURCE_SIGNAL) ||
	    watch(ep, nl_event_fd(&d->nl), SOURCE_NL) ||
	    watch(ep, rtnl_event_fd(&d->rt), SOURCE_RTNL) ||
	    watch(ep, d->lookout.probe.poll_fd, SOURCE_PROBE) ||
	    watch(ep, d->monitor.watch.poll_fd, SOURCE_IFWATCH) ||
	    watch(ep, d->track.poll_fd, SOURCE_TRACK))
		return -1;
	if (pool_read_event_fd(&d->reader) >= 0 &&
	    watch(ep, pool_read_event_fd(&d->reader), SOURCE_RULES))
		return -1;
	if (m->exec.on && watch(ep, nl_msg_fd(&m->exec.nl), SOURCE_EXEC))
		return -1;
	for (t = 0; t < TIMERS; t++)
		if (watch(ep, d->timers.fd[t], SOURCE_TIMER + t))
			return -1;
	return ep;
}

/* Each looks whether it is its own. */
static void on_child(struct daemon *m)
{
	hooks_reap(&m->drive.hooks);
	exec_reap(&m->exec);
	drive_child(&m->drive);
	drive_track(&m->drive);
}

static void on_signal(struct daemon *m)
{
	struct signalfd_siginfo si;

	if (read(m->signal_fd, &si, sizeof(si)) != sizeof(si))
		return;
	if (si.ssi_signo == SIGHUP)
		reload(m);
	else if (si.ssi_signo == SIGCHLD)
		on_child(m);
	else
		m->stop = true;
}

static void on_nl(struct fo_drive *d)
{
	struct fo_event ev;
	int ret;

	while ((ret = nl_event(&d->nl, &ev)) == 1)
		drive_event(d, &ev);
	if (!ret)
		drive_heard(d);
	d->gone |= ret == -ENODEV;
	if (ret < 0 && !d->gone) {
		log_id(MSG_EVENTS_LOST);
		drive_run(d);
	}
}

static void on_rtnl(struct fo_drive *d)
{
	struct fo_dev dev;
	int ret;

	while ((ret = rtnl_event(&d->rt, &dev)) == 1)
		drive_dev(d, &dev);
	if (ret < 0)
		drive_devs(d);
}

static void dispatch(struct daemon *m, unsigned int source)
{
	struct fo_drive *d = &m->drive;

	switch (source) {
	case SOURCE_SIGNAL:
		on_signal(m);
		break;
	case SOURCE_NL:
		on_nl(d);
		break;
	case SOURCE_RTNL:
		on_rtnl(d);
		break;
	case SOURCE_RULES:
		drive_rules(d);
		break;
	case SOURCE_PROBE:
		drive_probe(d);
		break;
	case SOURCE_IFWATCH:
		drive_ifwatch(d);
		break;
	case SOURCE_TRACK:
		drive_track(d);
		break;
	case SOURCE_EXEC:
		exec_event(&m->exec, &d->config);
		break;
	default:
		if (!timers_expired(&d->timers, source - SOURCE_TIMER))
			break;
		drive_timer(d, source - SOURCE_TIMER);
		/* the kernel was asked, and answered or not: this one works */
		if (source == SOURCE_TIMER + TIMER_TICK)
			sd_alive(&m->sd);
	}
}

static void tell_status(struct daemon *m)
{
	const struct elect_view *v = &m->drive.view;

	if (v->peer_alive)
		sd_status(&m->sd, "%s, mate %s", names_state(v->state),
			  names_state(v->peer_state));
	else
		sd_status(&m->sd, "%s, no mate", names_state(v->state));
}

/* One wait and what came of it; false when there will be no more. */
static bool turn(struct daemon *m, int ep)
{
	struct epoll_event ev[8];
	int i, n;

	tell_status(m);
	n = epoll_wait(ep, ev, 8, sd_watchdog(&m->sd, DRIVE_WATCHDOG_MS));
	for (i = 0; i < n && !m->stop; i++)
		dispatch(m, ev[i].data.u32);
	return !m->stop && !m->drive.gone;
}

static int loop(struct daemon *m)
{
	int ep = open_loop(m);

	if (ep < 0) {
		log_err("epoll: %s", strerror(errno));
		return 1;
	}
	timers_set(&m->drive.timers, TIMER_TICK, DRIVE_WATCHDOG_MS / 3);
	log_id(MSG_STARTED, FAILOVER_VERSION);
	drive_run(&m->drive);
	sd_ready(&m->sd);
	while (turn(m, ep))
		;
	sd_stopping(&m->sd);
	close(ep);
	if (m->drive.gone) {
		log_id(MSG_MODULE_GONE);
		return 1;
	}
	/* the data path stays as it is: the next daemon goes on from it */
	log_id(MSG_STOPPED);
	return 0;
}

static int catch_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A history that cannot be kept is no reason to leave the unit alone. */
static void start_recorder(const char *path)
{
	int err = recorder_start(path);

	if (err)
		log_warn("%s: the history is not kept: %s", path,
			 strerror(-err));
}

/* Nor are sets that are not replicated. */
static void start_sets(void)
{
	int err = sets_start();

	if (err)
		log_warn("sets of nftables are not replicated: %s",
			 strerror(-err));
}

/* Nor routes. */
static void start_routes(void)
{
	int err = routes_start();

	if (err)
		log_warn("routes are not replicated: %s", strerror(-err));
}

static void start_ipsec(void)
{
	int err = ipsec_start();

	if (err)
		log_warn("IPsec SAs are not replicated: %s", strerror(-err));
}

static void start_gtp(void)
{
	int err = gtp_start();

	if (err)
		log_warn("GTP contexts are not replicated: %s", strerror(-err));
}

static int start(struct daemon *m)
{
	struct fo_config c;
	int found = read_config(m->path, &c), err = -1;

	if (found >= 0)
		err = open_all(&m->drive);
	if (!err && found)
		err = first_config(&m->drive, m->path, &c);
	config_free(&c);
	if (!err) {
		start_recorder(m->history);
		start_sets();
		start_routes();
		start_ipsec();
		start_gtp();
	}
	m->exec.config = m->path;
	m->exec.history = m->history;
	/* without it everything else goes on */
	if (!err)
		exec_open(&m->exec);
	/* on a busy machine all this takes longer than the kernel waits */
	return err ? err : attach(&m->drive);
}

static const char usage[] =
	"Usage: failoverd [-v] [-c FILE] [--hooks DIR] [--hook-limit SECONDS]\n"
	"                 [--history FILE]\n"
	"  -c, --config FILE   configuration (" FAILOVER_CONF ")\n"
	"  --hooks DIR         what to run when the role changes (" HOOKS_DIR ")\n"
	"  --hook-limit N      seconds after which a hook is killed (30)\n"
	"  --history FILE      keeps the history, - for none (" HISTORY_FILE ")\n"
	"  -f, --foreground    stay in the foreground (always so)\n"
	"  -v, --verbose       log every event\n"
	"  -V, --version       print the version\n"
	"  -h, --help          print this\n";

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "hooks", required_argument, NULL, 'H' },
	{ "hook-limit", required_argument, NULL, 'L' },
	{ "history", required_argument, NULL, 'R' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool parse_limit(struct fo_hooks *h, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	h->limit_s = v;
	return *text && !*end && v && v <= HOOKS_LIMIT_MAX_S;
}

/* Returns an exit status, or -1 to go on. */
static int parse_options(int argc, char **argv, struct daemon *m,
			 bool *verbose)
{
	int o;

	while ((o = getopt_long(argc, argv, "c:fvVh", options, NULL)) != -1) {
		switch (o) {
		case 'c':
			m->path = optarg;
			break;
		case 'f':
			break;
		case 'H':
			m->drive.hooks.dir = optarg;
			break;
		case 'L':
			if (parse_limit(&m->drive.hooks, optarg))
				break;
			fputs(usage, stderr);
			return 2;
		case 'R':
			m->history = optarg;
			break;
		case 'v':
			*verbose = true;
			break;
		case 'V':
			puts("failoverd " FAILOVER_VERSION);
			return 0;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind == argc)
		return -1;
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct daemon m = {
		.path = FAILOVER_CONF,
		.history = HISTORY_FILE,
		.drive.hooks = { .dir = HOOKS_DIR, .limit_s = HOOKS_LIMIT_S },
		.drive.reader.fd = -1,
		.drive.flush = ipsec_flush,
		.drive.track.poll_fd = -1,
	};
	bool verbose = false;
	int status = parse_options(argc, argv, &m, &verbose);
	int err;

	if (status >= 0)
		return status;
	log_open("failoverd", verbose);
	err = sd_open(&m.sd);
	if (err)
		log_warn("NOTIFY_SOCKET: %s", strerror(-err));
	config_init(&m.drive.config);
	m.signal_fd = catch_signals();
	status = start(&m) ? 1 : loop(&m);
	recorder_stop();
	sets_stop();
	routes_stop();
	ipsec_stop();
	gtp_stop();
	exec_close(&m.exec);
	config_free(&m.drive.config);
	pool_read_close(&m.drive.reader);
	pool_free(&m.drive.ranges);
	lookout_end(&m.drive.lookout);
	ifwatch_close(&m.drive.monitor.watch);
	track_close(&m.drive.track);
	rtnl_close(&m.drive.rt);
	nl_close(&m.drive.nl);
	sd_close(&m.sd);
	return status;
}

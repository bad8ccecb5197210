/* SPDX-License-Identifier: GPL-2.0 */
/* Looks at a tracked object, in a process of its own; only for track_*.c. */
#ifndef FAILOVER_TRACK_WATCH_H
#define FAILOVER_TRACK_WATCH_H

#include <poll.h>

#include "track_spec.h"

#define TRACK_FDS	(TRACK_PROCESSES_MAX + 1)

/* One look, as it is told to the daemon. */
struct track_word {
	bool		good;
	char		cause[NF_FAILOVER_REASON_MAX];
};

/**
 * struct track_watch - the process
 * @name: of the object
 * @unit: enum nf_failover_unit of this unit
 * @fd: events that may mean something come there, @n_fds of them
 * @signal_fd: it is to end; -1: then it simply does
 * @private: of the kind of the object
 * @settled: nothing changes without an event: no look is needed before
 */
struct track_watch {
	struct track_spec spec;
	char		name[CONFIG_TRACK_NAME];
	uint32_t	unit;
	struct pollfd	fd[TRACK_FDS];
	unsigned int	n_fds;
	int		signal_fd;
	int		private;
	bool		settled;
	struct track_word word;
};

/**
 * struct track_ops - one kind of object
 * @open: begins; NULL: nothing is to be done
 * @look: fills @word
 * @event: reads what came; false: that means nothing. NULL: all means something
 */
struct track_ops {
	void (*open)(struct track_watch *w);
	void (*look)(struct track_watch *w);
	bool (*event)(struct track_watch *w);
};

extern const struct track_ops track_script_ops;
extern const struct track_ops track_process_ops;
extern const struct track_ops track_file_ops;
extern const struct track_ops track_route_ops;
extern const struct track_ops track_bfd_ops;

/* What the look has found, and why, for people. */
void track_found(struct track_watch *w, bool good, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* track_watch.c: the process; does not return. */
void track_watch_run(struct track_watch *w, int to)
	__attribute__((noreturn));

#endif /* FAILOVER_TRACK_WATCH_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Tracked objects: the half that is in the daemon. */
#ifndef FAILOVER_TRACK_H
#define FAILOVER_TRACK_H

#include <sys/types.h>

#include "config.h"
#include "track_spec.h"
#include "trackstate.h"

/**
 * struct track_item - one object, in the order of the configuration
 * @pid: the process that looks at it, or 0; @fd: what it says, or -1
 * @ended: it was told to end, and another one is to begin when it has
 * @silent_ms: when it has not said anything for too long
 * @cause: of the last look
 */
struct track_item {
	char		name[CONFIG_TRACK_NAME];
	char		what[NF_FAILOVER_PATH_MAX];
	struct track_spec spec;
	struct trackstate state;
	pid_t		pid;
	int		fd;
	bool		ended;
	uint64_t	silent_ms;
	char		cause[NF_FAILOVER_REASON_MAX];
};

/**
 * struct fo_track_set - all of this unit
 * @poll_fd: readable when one has said something; always open
 * @unit: enum nf_failover_unit
 * @leaving: processes of objects that are not there any more; one that there is
 *	no room for is waited for when the daemon ends
 */
struct fo_track_set {
	int		poll_fd;
	uint32_t	unit;
	pid_t		leaving[64];
	unsigned int	n_leaving;
	unsigned int	n;
	struct track_item item[CONFIG_TRACKS];
};

int track_open(struct fo_track_set *s);
void track_close(struct fo_track_set *s);

/* Follows a configuration; what is known of an object stays known. */
void track_set(struct fo_track_set *s, const struct fo_config *c,
	       uint64_t now);
/* Objects are not held down any more. */
void track_reset(struct fo_track_set *s);
/* Hears what was found, who has fallen silent, and who has ended. */
void track_run(struct fo_track_set *s, uint64_t now);
/* Milliseconds until track_run() is to be called, at least 1; 0: not at all. */
unsigned int track_wait(const struct fo_track_set *s, uint64_t now);
/*
 * Takes what was found over into @c, with words for the history, and says it;
 * returns whether there is something to report.
 */
bool track_take(const struct fo_track_set *s, struct fo_config *c);

#endif /* FAILOVER_TRACK_H */

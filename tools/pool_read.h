/* SPDX-License-Identifier: GPL-2.0 */
/* Finds out what this unit answers for; in a process of its own. */
#ifndef FAILOVER_POOL_READ_H
#define FAILOVER_POOL_READ_H

#include <sys/types.h>

#include "pool.h"

/**
 * struct fo_pool_reader - the process that reads
 * @pid: it; 0: there is none
 * @fd: the file in memory that it writes to
 * @again: read once more when it has ended
 * @rules: tells when the ruleset has changed; NULL: nobody does
 */
struct fo_pool_reader {
	pid_t			pid;
	int			fd;
	bool			again;
	struct mnl_socket	*rules;
};

void pool_read_open(struct fo_pool_reader *r);
void pool_read_close(struct fo_pool_reader *r);

/* Does not wait. */
void pool_read_start(struct fo_pool_reader *r);
/* After SIGCHLD: true when it has ended well and @to is what it found. */
bool pool_read_end(struct fo_pool_reader *r, struct fo_ranges *to);

/* Readable when the ruleset has changed; -1 when nobody tells. */
int pool_read_event_fd(const struct fo_pool_reader *r);
void pool_read_event(struct fo_pool_reader *r);

#endif /* FAILOVER_POOL_READ_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Executables of the administrator that are told of each change of the role. */
#ifndef FAILOVER_HOOKS_H
#define FAILOVER_HOOKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <linux/nf_failover.h>

#include "elect.h"

#define HOOKS_DIR	"/etc/failover/hooks.d"
#define HOOKS_LIMIT_S	30
#define HOOKS_LIMIT_MAX_S 3600

/* What the unit is to a hook; a unit with failover off is neither. */
enum hooks_role {
	HOOKS_UNTOLD,
	HOOKS_DISABLED,
	HOOKS_STANDBY,
	HOOKS_ACTIVE,
};

/* One change, as the hooks are told of it. */
struct hooks_change {
	enum hooks_role	role;
	uint32_t	unit;
	uint32_t	state;
	uint32_t	from;
	uint32_t	mate_state;
	uint64_t	epoch;
	char		reason[NF_FAILOVER_REASON_MAX];
};

/**
 * struct fo_hooks - what the daemon knows of its hooks
 * @dir: where they are; NULL: there are none
 * @limit_s: after this a hook is killed
 * @runner: the process that runs a series, or 0
 * @told: the role that hooks were told last
 * @state: in which that was
 * @from, @reason: of the change of the role that is going on; see @moved
 * @next: what they are told when the series ends, if @waiting
 */
struct fo_hooks {
	const char		*dir;
	unsigned int		limit_s;
	pid_t			runner;
	enum hooks_role		told;
	uint32_t		state;
	bool			moved;
	uint32_t		from;
	char			reason[NF_FAILOVER_REASON_MAX];
	bool			waiting;
	struct hooks_change	next;
};

/* hooks.c: in the daemon. None of these waits. */

/* The state has changed; remembers why, if the role has. */
void hooks_moved(struct fo_hooks *h, uint32_t from, uint32_t to,
		 const char *event, const char *why);
/* All is done that belongs to the state of @v: tells the hooks. */
void hooks_settled(struct fo_hooks *h, const struct elect_view *v);
/* After SIGCHLD. */
void hooks_reap(struct fo_hooks *h);
const char *hooks_role_word(enum hooks_role role);

/* hooks_run.c: a process of its own; does not return. */
void hooks_run(const char *dir, unsigned int limit_s,
	       const struct hooks_change *c) __attribute__((noreturn));
/* Whether a file of this name is meant to be run: no backup, nothing hidden. */
bool hooks_name(const char *name);

#endif /* FAILOVER_HOOKS_H */

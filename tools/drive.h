/* SPDX-License-Identifier: GPL-2.0 */
/* Drives the election: what happens becomes events, decisions become deeds. */
#ifndef FAILOVER_DRIVE_H
#define FAILOVER_DRIVE_H

#include "elect.h"
#include "holddown.h"
#include "hooks.h"
#include "lookout.h"
#include "monitor.h"
#include "nl.h"
#include "notice.h"
#include "pool_read.h"
#include "rtnl.h"
#include "timers.h"
#include "track.h"

/*
 * The time within which the daemon attaches again; it does so three times. A
 * build with a checker, which is slower, may have another one.
 */
#ifndef DRIVE_WATCHDOG_MS
#define DRIVE_WATCHDOG_MS	3000
#endif

/**
 * struct fo_drive - one unit, as its daemon sees it
 * @config: what the interfaces were last made to follow
 * @monitor: what the interface policy says of the interfaces
 * @track: what is tracked beside them
 * @view: the last picture of the kernel; @notice: what was said of it
 * @serial: of the start of this unit, in that picture
 * @state: the state that was last acted on; @known: there is one
 * @mate_alive: another unit was heard when failover was last on
 * @cold_ms: since when the mate waits for a bulk sync, 0 when it does not
 * @lost: the kernel has missed the mate, which may answer elsewhere
 * @last_call: the last question before it becomes active is out
 * @blind_waits: how often a wait went on because there was nobody to ask
 * @gone: the kernel module is not there any more
 * @late: the kernel had taken this process for gone, and what was asked of it
 *        before may still come
 * @preempted: the role was asked for, to take it back, and did not come
 * @takeovers: the last ones
 * @wait_end: when the wait for an active unit ends, in ms; 0: it was late once
 * @announced: how many announcements of the series are out
 * @reader, @ranges: what this unit answers for besides, as last read
 * @pool: what is announced of it; @pool_at: how far that has come
 * @pool_soon: the ruleset has changed, and will be read again
 * @flush: tells the kernel what else this unit knows, before it gives the role
 *	away; NULL: nothing
 */
struct fo_drive {
	struct fo_nl		nl;
	struct fo_rtnl		rt;
	struct fo_timers	timers;
	struct fo_lookout	lookout;
	int			packet_fd;
	struct fo_config	config;
	struct fo_monitor	monitor;
	struct fo_track_set	track;
	struct elect_view	view;
	struct notice		notice;
	char			serial[NL_TEXT_MAX];
	struct fo_hooks		hooks;
	uint32_t		state;
	bool			known;
	bool			mate_alive;
	bool			lost;
	bool			last_call;
	bool			gone;
	bool			late;
	bool			preempted;
	struct holddown		takeovers;
	unsigned int		blind_waits;
	uint64_t		cold_ms;
	uint64_t		wait_end;
	unsigned int		announced;
	struct fo_pool_reader	reader;
	struct fo_ranges	ranges;
	struct fo_pool		pool;
	unsigned int		pool_at;
	bool			pool_soon;
	void			(*flush)(void);
};

/* Reads the kernel's picture and acts on it until nothing is left to do. */
void drive_run(struct fo_drive *d);

/* The same, after something happened. */
void drive_event(struct fo_drive *d, const struct fo_event *ev);
/* There are no more events: none of before is left. */
void drive_heard(struct fo_drive *d);
void drive_timer(struct fo_drive *d, enum timer which);
void drive_dev(struct fo_drive *d, const struct fo_dev *dev);
/* The mate may have answered. */
void drive_probe(struct fo_drive *d);
/* Something came on a monitored interface. */
void drive_ifwatch(struct fo_drive *d);
/* Something was found out of a tracked object; a child has ended. */
void drive_track(struct fo_drive *d);
/* Events of devices were lost. */
void drive_devs(struct fo_drive *d);
/* The ruleset has changed; a child has ended. */
void drive_rules(struct fo_drive *d);
void drive_child(struct fo_drive *d);

#endif /* FAILOVER_DRIVE_H */

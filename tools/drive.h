/* SPDX-License-Identifier: GPL-2.0 */
/* Drives the election: what happens becomes events, decisions become deeds. */
#ifndef FAILOVER_DRIVE_H
#define FAILOVER_DRIVE_H

#include "elect.h"
#include "lookout.h"
#include "nl.h"
#include "rtnl.h"
#include "timers.h"

/* The time within which the daemon attaches again; it does so three times. */
#define DRIVE_WATCHDOG_MS	3000

/**
 * struct fo_drive - one unit, as its daemon sees it
 * @config: what the interfaces were last made to follow
 * @view: the last picture of the kernel
 * @state: the state that was last acted on; @known: there is one
 * @mate_alive: another unit was heard when failover was last on
 * @cold_ms: since when the mate waits for a bulk sync, 0 when it does not
 * @lost: the kernel has missed the mate, which may answer elsewhere
 * @last_call: the last question before it becomes active is out
 * @blind_waits: how often a wait went on because there was nobody to ask
 * @gone: the kernel module is not there any more
 * @announced: how many announcements of the series are out
 */
struct fo_drive {
	struct fo_nl		nl;
	struct fo_rtnl		rt;
	struct fo_timers	timers;
	struct fo_lookout	lookout;
	int			packet_fd;
	struct fo_config	config;
	struct elect_view	view;
	uint32_t		state;
	bool			known;
	bool			mate_alive;
	bool			lost;
	bool			last_call;
	bool			gone;
	unsigned int		blind_waits;
	uint64_t		cold_ms;
	unsigned int		announced;
};

/* Reads the kernel's picture and acts on it until nothing is left to do. */
void drive_run(struct fo_drive *d);

/* The same, after something happened. */
void drive_event(struct fo_drive *d, const struct fo_event *ev);
void drive_timer(struct fo_drive *d, enum timer which);
void drive_dev(struct fo_drive *d, const struct fo_dev *dev);
/* The mate may have answered. */
void drive_probe(struct fo_drive *d);
/* Events of devices were lost. */
void drive_devs(struct fo_drive *d);

#endif /* FAILOVER_DRIVE_H */

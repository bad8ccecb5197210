/* SPDX-License-Identifier: GPL-2.0 */
/* Tells the service manager how the daemon is, as sd_notify(3) does. */
#ifndef FAILOVER_SD_H
#define FAILOVER_SD_H

#include <stdbool.h>
#include <stdint.h>

#define SD_STATUS_MAX	128

/**
 * struct fo_sd - the service manager, if there is one
 * @fd: connected to its socket, or -1
 * @watchdog_ms: it wants to hear of us within this; 0: it does not
 * @alive_ms: when the loop was last seen to do its work
 * @told_ms: when it last heard that we are alive
 * @status: what it was told last
 */
struct fo_sd {
	int		fd;
	uint64_t	watchdog_ms;
	uint64_t	alive_ms;
	uint64_t	told_ms;
	char		status[SD_STATUS_MAX];
};

/* From the environment, which is cleaned. 0, or -errno when it is wrong. */
int sd_open(struct fo_sd *sd);
void sd_close(struct fo_sd *sd);
void sd_ready(struct fo_sd *sd);
void sd_reloading(struct fo_sd *sd);
void sd_stopping(struct fo_sd *sd);
/* Said only when it has changed. */
void sd_status(struct fo_sd *sd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The loop does its work. */
void sd_alive(struct fo_sd *sd);
/*
 * To be called in each round of the loop: feeds the watchdog when it is time,
 * but not when sd_alive() was not called for @stale_ms. Returns how long the
 * loop may wait until the next call, or -1 for ever.
 */
int sd_watchdog(struct fo_sd *sd, unsigned int stale_ms);

#endif /* FAILOVER_SD_H */

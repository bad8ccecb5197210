/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon says: to syslog, and to stderr with milliseconds. It never
 * waits for the daemon of syslog.
 */
#ifndef FAILOVER_LOG_H
#define FAILOVER_LOG_H

#include <stdbool.h>
#include <syslog.h>

#include "messages.h"

void log_open(const char *name, bool verbose);
/* In a child of the daemon, which has closed its files. */
void log_reopen(void);
/* "Primary" or "Secondary", for the messages that name the unit, or NULL. */
void log_unit(const char *unit);

/* One of messages.c; the rest are the texts for its words in <>. */
void log_row(enum message m, const char *const *args);
#define log_id(m, ...) \
	log_row(m, (const char *const []) { __VA_ARGS__ __VA_OPT__(,) NULL })

/* What has no message of its own. */
void log_msg(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_err(...)	log_msg(LOG_ERR, __VA_ARGS__)
#define log_warn(...)	log_msg(LOG_WARNING, __VA_ARGS__)
#define log_notice(...)	log_msg(LOG_NOTICE, __VA_ARGS__)
#define log_debug(...)	log_msg(LOG_DEBUG, __VA_ARGS__)

#endif /* FAILOVER_LOG_H */

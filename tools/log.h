/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon says: to syslog, and to stderr with milliseconds. */
#ifndef FAILOVER_LOG_H
#define FAILOVER_LOG_H

#include <stdbool.h>
#include <syslog.h>

void log_open(const char *name, bool verbose);
void log_msg(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_err(...)	log_msg(LOG_ERR, __VA_ARGS__)
#define log_warn(...)	log_msg(LOG_WARNING, __VA_ARGS__)
#define log_notice(...)	log_msg(LOG_NOTICE, __VA_ARGS__)
#define log_debug(...)	log_msg(LOG_DEBUG, __VA_ARGS__)

#endif /* FAILOVER_LOG_H */

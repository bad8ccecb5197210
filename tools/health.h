/* SPDX-License-Identifier: GPL-2.0 */
/* Judges a pair for a monitoring system. */
#ifndef FAILOVER_HEALTH_H
#define FAILOVER_HEALTH_H

#include "nl.h"

#define HEALTH_FINDINGS_MAX	48
#define HEALTH_TEXT_MAX		160

/* The exit status of a plugin of Nagios and its like. */
enum health_level {
	HEALTH_OK,
	HEALTH_WARNING,
	HEALTH_CRITICAL,
	HEALTH_UNKNOWN,
};

/* One thing that is not as it should be; @name stays the same for ever. */
struct health_finding {
	enum health_level	level;
	const char		*name;
	char			text[HEALTH_TEXT_MAX];
};

/* The worst findings first. */
struct health {
	enum health_level	level;
	unsigned int		n;
	struct health_finding	finding[HEALTH_FINDINGS_MAX];
};

/* @before is an earlier look at the same unit; errors grow between the two. */
void health_judge(struct health *h, const struct fo_show *before,
		  const struct fo_show *now);
const char *health_word(enum health_level level);

/* Values for graphs; returns how many of them there are, up to @max. */
struct health_value {
	const char	*name;
	const char	*unit;	/* as in performance data: "c" only grows */
	uint64_t	value;
};
unsigned int health_values(struct health_value *v, unsigned int max,
			   const struct fo_show *s);

#endif /* FAILOVER_HEALTH_H */

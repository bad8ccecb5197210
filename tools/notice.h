/* SPDX-License-Identifier: GPL-2.0 */
/* Says what has changed between two pictures of the pair. */
#ifndef FAILOVER_NOTICE_H
#define FAILOVER_NOTICE_H

#include "nl.h"

#define NOTICE_DIFFERENCES	16	/* the kernel tells of no more */

/* What was said last; all zero before the first picture. */
struct notice {
	bool		known;
	bool		enabled;
	bool		alive;
	bool		daemon;
	uint32_t	state;
	uint32_t	mate;
	uint32_t	link[CONFIG_LINKS];
	char		warning[CONFIG_LINKS][NF_FAILOVER_REASON_MAX];
	uint64_t	difference[NOTICE_DIFFERENCES];
	unsigned int	differences;
};

void notice_picture(struct notice *n, const struct fo_show *s);
/* This unit changes its state; @why may be NULL. */
void notice_move(uint32_t from, uint32_t to, const char *event,
		 const char *why);
/* The health of an interface was @was. */
void notice_ifc(const struct fo_ifc *ifc, uint32_t was);

#endif /* FAILOVER_NOTICE_H */

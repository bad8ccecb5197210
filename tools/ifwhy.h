/* SPDX-License-Identifier: GPL-2.0 */
/* Why an interface is in its state: what is wrong with the hellos. Pure. */
#ifndef FAILOVER_IFWHY_H
#define FAILOVER_IFWHY_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "ifhello.h"

/*
 * What the mate's interface has configured otherwise than this unit, in words;
 * false: nothing. Which of the two is active does not matter.
 */
bool ifwhy_differs(char *to, size_t size, const struct fo_ifc *ifc,
		   const struct ifhello *h);

/**
 * struct ifwhy - what is known of the hellos of an interface
 * @cause: of its state
 * @ifc: what is configured of it
 * @keys: there is a key for hellos
 * @last: the last one, if @heard: within the hold time
 * @other: the mate's interface that was heard here instead, or nothing
 */
struct ifwhy {
	const char		*cause;
	const struct fo_ifc	*ifc;
	bool			keys;
	bool			heard;
	const struct ifhello	*last;
	const char		*other;
};

/* Of an interface that is up, and of which the mate should be heard. */
void ifwhy(char *to, size_t size, const struct ifwhy *w);

#endif /* FAILOVER_IFWHY_H */

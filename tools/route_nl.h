/* SPDX-License-Identifier: GPL-2.0 */
/* Routes, as the kernel has them. */
#ifndef FAILOVER_ROUTE_NL_H
#define FAILOVER_ROUTE_NL_H

#include "nl.h"
#include "nlask.h"
#include "route.h"

/**
 * struct route_nl - a socket to ask and to set
 * @config: names of the interfaces, and which are links
 */
struct route_nl {
	struct nlask	ask;
	const struct fo_config *config;
};

/* What of a table cannot be carried, and why the first of it cannot. */
struct route_left {
	unsigned int	n;
	char		why[ROUTE_TEXT];
};

/* All return 0 or -errno. */
int route_open(struct route_nl *n);
void route_close(struct route_nl *n);

/*
 * Routes of a protocol, added to @list: of @spec, or with NULL those that are
 * installed for the other unit, as they are there. @left: added to.
 */
int route_list(struct route_nl *n, const struct route_spec *spec,
	       struct routelist *list, struct route_left *left);
/* Installed for the other unit, instead of the one that was, if any. */
int route_put(struct route_nl *n, const struct route *r);
int route_delete(struct route_nl *n, const struct route *r);
/* A device of it that is not there; NULL: all are. */
const char *route_missing(const struct route_nl *n, const struct route *r);
/* For show: how many there are of each line, and what is wrong with them. */
void routes_look(struct fo_nl *nl, struct fo_show *s);

#endif /* FAILOVER_ROUTE_NL_H */

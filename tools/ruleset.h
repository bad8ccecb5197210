/* SPDX-License-Identifier: GPL-2.0 */
/* Which addresses a ruleset of nftables translates to. Pure. */
#ifndef FAILOVER_RULESET_H
#define FAILOVER_RULESET_H

#include "pool.h"

/*
 * Adds the targets of source NAT in "nft -j list ruleset": addresses, ranges,
 * prefixes, and those in maps. @xt: there are targets of iptables, which only
 * the listing as text tells. False when @json is none.
 */
bool ruleset_json(struct fo_ranges *to, const char *json, bool *xt);

/* The same from "nft list ruleset", only of rules of iptables. */
void ruleset_text(struct fo_ranges *to, const char *text);

#endif /* FAILOVER_RULESET_H */

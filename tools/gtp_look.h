/* SPDX-License-Identifier: GPL-2.0 */
/* What of GTP is replicated, and what is not, for people. */
#ifndef FAILOVER_GTP_LOOK_H
#define FAILOVER_GTP_LOOK_H

#include "nl.h"

/* Fills in gtp_contexts and gtp_why of the configuration. */
void gtp_look(struct fo_nl *nl, struct fo_show *s);

#endif /* FAILOVER_GTP_LOOK_H */

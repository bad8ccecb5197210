/* SPDX-License-Identifier: GPL-2.0 */
/* What of IPsec is not replicated, for people. */
#ifndef FAILOVER_IPSEC_LOOK_H
#define FAILOVER_IPSEC_LOOK_H

#include "nl.h"

/* Fills in ipsec_why of the configuration. */
void ipsec_look(struct fo_nl *nl, struct fo_show *s);

#endif /* FAILOVER_IPSEC_LOOK_H */

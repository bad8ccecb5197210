/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that see the module's structs share. */
#ifndef _SIM_BOX_H
#define _SIM_BOX_H

#include "shim.h"
#include "unit.h"

/* box.c */
struct fo_unit *box_unit(int unit);
struct net *box_net(int unit);

/* capture.c, conntrack.c */
void sim_capture_forget(struct net *net);
void sim_net_init(struct net *net, int unit);
void sim_net_exit(struct net *net);

/* traffic.c */
#define TRAFFIC_LIFE	600	/* seconds without traffic */
extern u32 traffic_stamp;

/* check.c */
void check_watch(struct fo_unit *u);
void check_demoted(int unit);
void check_promoted(int unit);
void check_handed(int unit);
void check_noted(const struct fo_unit *u, u8 kind);

#endif /* _SIM_BOX_H */

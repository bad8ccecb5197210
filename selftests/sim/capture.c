// SPDX-License-Identifier: GPL-2.0
/*
 * ct_capture.c, and what a crash needs of it. Both units are namespaces of one
 * module here; the entry of one that crashed would stay in its list.
 */
#include "ct_capture.c"

void sim_capture_forget(struct net *net)
{
	struct capture_net *cn = net_generic(net, capture_net_id);

	if (cn && cn->list.next)
		list_del(&cn->list);
}

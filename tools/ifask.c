// SPDX-License-Identifier: GPL-2.0
/* The questions of the tests: to neighbours, and to all hosts.
 *
 * Never from a floating address on a unit that is not active, nor from one that
 * both units may take to be theirs.
 */
#include "ifask.h"

#include <string.h>

#include "ifsock.h"
#include "probe_frame.h"

/* Neighbours that one test asks, each by its MAC, so that nobody else hears. */
#define NEIGHS	10

static const unsigned char everybody[MAC_BYTES];

static bool is_active(const struct ifask *q)
{
	return q->role == IFASK_ACTIVE;
}

static const struct fo_addr *first(const struct fo_ifc *ifc, int family)
{
	const struct fo_addr *a;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
		if (a->family == family)
			return a;
	return NULL;
}

static void set_source(struct probe_ask *ask, const struct ifask *q)
{
	const struct fo_addr *a = first(q->ifc, ask->family);

	if (a && is_active(q))
		memcpy(ask->source, a->active, addr_len(a->family));
	else if (a && q->role == IFASK_STANDBY && a->has_standby)
		memcpy(ask->source, a->standby, addr_len(a->family));
}

static struct probe_ask question(const struct ifask *q, int family)
{
	struct probe_ask ask = { .family = family };

	memcpy(ask.mac, q->mac, sizeof(ask.mac));
	set_source(&ask, q);
	return ask;
}

static void ask_for(const struct ifask *q, int family,
		    const unsigned char *target, const unsigned char *mac)
{
	struct probe_ask ask = question(q, family);
	unsigned char frame[PROBE_FRAME_MAX];

	memcpy(ask.mate, mac, sizeof(ask.mate));
	memcpy(ask.target, target, addr_len(family));
	ifsock_send(q->fd, q->ifindex, frame, probe_question(frame, &ask));
}

void ifask_neighbours(const struct ifask *q, struct fo_rtnl *rt)
{
	struct fo_neigh neigh[NEIGHS];
	const struct fo_addr *a;
	int i, n;

	for (a = q->ifc->addr; a < q->ifc->addr + q->ifc->n_addrs; a++)
		if (!is_active(q) || a->has_standby)
			ask_for(q, a->family, is_active(q) ? a->standby :
				a->active, everybody);
	/* of the mate all addresses may be there */
	n = rtnl_neighs(rt, q->ifindex, q->ifc->mate_mac, neigh, NEIGHS);
	for (i = 0; i < n; i++)
		ask_for(q, neigh[i].family, neigh[i].addr, neigh[i].mac);
}

void ifask_all(const struct ifask *q)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned char frame[PROBE_FRAME_MAX];
	struct probe_ask ask;
	unsigned int i;
	size_t len;

	for (i = 0; i < 2; i++) {
		ask = question(q, families[i]);
		len = probe_ping(frame, &ask);
		if (len)
			ifsock_send(q->fd, q->ifindex, frame, len);
	}
}

// SPDX-License-Identifier: GPL-2.0
/* Why an interface is in its state: what is wrong with the hellos. Pure. */
#include "ifwhy.h"

#include <stdio.h>
#include <string.h>

#include "mac.h"

/* What the sender of a hello has configured, whatever its role is. */
static void pair_of(struct fo_addr *a, const struct ifhello *h, unsigned int i)
{
	const struct ifhello_addr *from = &h->addr[i];
	bool active = h->role == NF_FAILOVER_ROLE_ACTIVE;

	*a = (struct fo_addr) { .family = from->family, .has_standby = true };
	memcpy(a->active, active ? from->own : from->mate, sizeof(a->active));
	memcpy(a->standby, active ? from->mate : from->own,
	       sizeof(a->standby));
}

static bool same(const unsigned char *a, const unsigned char *b, int family)
{
	return !memcmp(a, b, addr_len(family));
}

/* The pair that has most in common with @a; NULL: the mate has none. */
static bool best(struct fo_addr *theirs, const struct fo_addr *a,
		 const struct ifhello *h)
{
	bool active, standby, found = false;
	struct fo_addr one;
	unsigned int i;

	for (i = 0; i < h->n_addrs; i++) {
		pair_of(&one, h, i);
		active = same(one.active, a->active, a->family);
		standby = same(one.standby, a->standby, a->family);
		if (one.family != a->family || (!active && !standby))
			continue;
		*theirs = one;
		found = true;
		if (active && standby)
			break;
	}
	return found;
}

static void say_differs(char *to, size_t size, const char *which, int family,
			const unsigned char *here, const unsigned char *there)
{
	char text[2][ADDR_TEXT_MAX];

	snprintf(to, size, "Mate's %s address is %s, here %s", which,
		 addr_text(family, there, text[0]),
		 addr_text(family, here, text[1]));
}

static bool addr_differs(char *to, size_t size, const struct fo_addr *a,
			 const struct ifhello *h)
{
	char text[ADDR_TEXT_MAX];
	struct fo_addr theirs;

	if (!best(&theirs, a, h))
		snprintf(to, size, "Mate has no %s with a standby address",
			 addr_text(a->family, a->active, text));
	else if (!same(theirs.standby, a->standby, a->family))
		say_differs(to, size, "standby", a->family, a->standby,
			    theirs.standby);
	else if (!same(theirs.active, a->active, a->family))
		say_differs(to, size, "active", a->family, a->active,
			    theirs.active);
	else
		return false;
	return true;
}

static unsigned int count_pairs(const struct fo_ifc *ifc)
{
	unsigned int i, n = 0;

	for (i = 0; i < ifc->n_addrs; i++)
		n += ifc->addr[i].has_standby;
	return n;
}

bool ifwhy_differs(char *to, size_t size, const struct fo_ifc *ifc,
		   const struct ifhello *h)
{
	unsigned int n = count_pairs(ifc), i;

	/* of more of them a hello does not tell, so that some may be missing */
	if (n > IFHELLO_ADDRS || h->n_addrs == IFHELLO_ADDRS)
		return false;
	for (i = 0; i < ifc->n_addrs; i++)
		if (ifc->addr[i].has_standby &&
		    addr_differs(to, size, &ifc->addr[i], h))
			return true;
	if (h->n_addrs <= n)
		return false;
	snprintf(to, size, "Mate has %u addresses here, this unit %u",
		 h->n_addrs, n);
	return true;
}

/* Where hellos would come from. */
static void say_missing(char *to, size_t size, const struct ifwhy *w)
{
	char text[MAC_TEXT_MAX];

	if (!w->keys)
		snprintf(to, size, "%s: no key of the link is known here",
			 w->cause);
	else if (w->other[0])
		snprintf(to, size, "%s; heard mate's interface %s instead",
			 w->cause, w->other);
	else if (!mac_is_set(w->ifc->mate_mac))
		snprintf(to, size, "%s; mate tells of no interface %s",
			 w->cause, w->ifc->nameif);
	else
		snprintf(to, size, "%s; mate is %s", w->cause,
			 mac_text(w->ifc->mate_mac, text));
}

void ifwhy(char *to, size_t size, const struct ifwhy *w)
{
	if (!w->heard)
		say_missing(to, size, w);
	else if (ifwhy_differs(to, size, w->ifc, w->last))
		return;
	else if (!w->last->hears)
		snprintf(to, size, "%s, but mate does not hear this unit",
			 w->cause);
	else
		snprintf(to, size, "%s", w->cause);
}

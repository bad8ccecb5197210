// SPDX-License-Identifier: GPL-2.0
/* Looks for a mate that is not heard on every data interface.
 *
 * The active unit holds the active addresses on each of them, and its kernel
 * answers for them as long as it lives. A unit that is not active asks for
 * these alone: a mate that is standby keeps nobody from becoming active. An
 * active unit asks for them as well, because another one that holds them is a
 * second active unit, and for the standby addresses, which tell a dead link
 * from a dead mate.
 */
#include "lookout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "names.h"

/* Frames that one run takes: a flood of answers must not keep us from others. */
#define TAKE_MAX	64

int lookout_open(struct fo_lookout *l)
{
	return probe_init(&l->probe);
}

void lookout_learn(struct fo_config *c, const struct fo_host *mate)
{
	const struct fo_ifc *from;
	struct fo_ifc *ifc;

	for (from = mate->ifc; from < mate->ifc + mate->n_ifcs; from++) {
		ifc = config_nameif(c, from->nameif);
		if (ifc && probe_has_mac(from->mate_mac))
			memcpy(ifc->mate_mac, from->mate_mac, PROBE_MAC);
	}
}

static bool knows_mate(const struct fo_config *c)
{
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++)
		if (probe_has_mac(c->ifc[i].mate_mac))
			return true;
	return false;
}

static void add(struct fo_lookout *l, const struct fo_ifc *ifc,
		const struct fo_dev *dev, const struct fo_addr *a,
		bool active)
{
	struct lookout_item *it = &l->item[l->n++];
	size_t len = addr_len(a->family);

	it->ifindex = dev->ifindex;
	it->active = active;
	it->ask.family = a->family;
	memcpy(it->ask.target, active ? a->active : a->standby, len);
	if (l->role == LOOKOUT_STANDBY && a->has_standby)
		memcpy(it->ask.source, a->standby, len);
	memcpy(it->ask.mac, dev->mac, PROBE_MAC);
	memcpy(it->ask.mate, ifc->mate_mac, PROBE_MAC);
}

/* The first of the family: one answer on an interface is enough. */
static const struct fo_addr *first(const struct fo_ifc *ifc, int family)
{
	const struct fo_addr *a;

	for (a = ifc->addr; a < ifc->addr + ifc->n_addrs; a++)
		if (a->family == family)
			return a;
	return NULL;
}

/* Nobody is asked there: it would be silent for another reason. */
static bool usable(const struct fo_dev *dev)
{
	return (dev->flags & IFF_UP) && !(dev->flags & IFF_NOARP) &&
	       dev->carrier && dev->ethernet;
}

/* A bridge that has not had a port yet claims a carrier, and leads nowhere. */
static bool is_empty(struct fo_rtnl *rt, const struct fo_dev *dev)
{
	bool any;

	return dev->bridge && !rtnl_ports(rt, dev->ifindex, &any) && !any;
}

static void add_ifc(struct fo_lookout *l, struct fo_rtnl *rt,
		    const struct fo_config *c, unsigned int i)
{
	static const int families[] = { AF_INET, AF_INET6 };
	const struct fo_ifc *ifc = &c->ifc[i];
	unsigned int f, before = l->n;
	const struct fo_addr *a;
	struct fo_dev dev;

	if (rtnl_dev(rt, ifc->ifname, &dev) || !usable(&dev) ||
	    is_empty(rt, &dev))
		return;
	/* of a mate that is known, one without a MAC could be anybody's */
	if (!probe_has_mac(ifc->mate_mac) && knows_mate(c))
		return;
	for (f = 0; f < 2; f++) {
		a = first(ifc, families[f]);
		if (a)
			add(l, ifc, &dev, a, true);
		if (a && l->role == LOOKOUT_ACTIVE && a->has_standby)
			add(l, ifc, &dev, a, false);
		/* one family is enough where nothing hangs on it */
		if (a && l->role == LOOKOUT_ACTIVE)
			break;
	}
	for (; before < l->n; before++)
		l->item[before].ifc = i;
}

void lookout_renew(struct fo_lookout *l, struct fo_rtnl *rt,
		   const struct fo_config *c, enum lookout_role role)
{
	unsigned int i;

	free(l->item);
	l->n = 0;
	l->role = role;
	/* each interface has two addresses to ask for at the most */
	l->item = calloc(2 * c->n_ifcs + 1, sizeof(*l->item));
	for (i = 0; i < c->n_ifcs && l->item; i++)
		add_ifc(l, rt, c, i);
}

void lookout_begin(struct fo_lookout *l, struct fo_rtnl *rt,
		   const struct fo_config *c, enum lookout_role role,
		   uint64_t now)
{
	int err = probe_open(&l->probe);

	if (err)
		log_err("cannot ask for the mate: %s", strerror(-err));
	seek_begin(&l->seek, c->poll_ms, c->hold_ms, now);
	lookout_renew(l, rt, c, role);
}

void lookout_end(struct fo_lookout *l)
{
	seek_end(&l->seek);
	free(l->item);
	l->item = NULL;
	l->n = 0;
}

void lookout_rest(struct fo_lookout *l)
{
	if (!l->seek.on)
		probe_close(&l->probe);
}

static void ask(struct fo_lookout *l, uint64_t now)
{
	unsigned char frame[PROBE_FRAME_MAX];
	const struct lookout_item *it;
	unsigned int asked = 0;

	for (it = l->item; it < l->item + l->n; it++)
		asked += !probe_send(&l->probe, it->ifindex, frame,
				     probe_question(frame, &it->ask));
	seek_asked(&l->seek, now, asked, l->role == LOOKOUT_ACTIVE);
}

static void warn_of_other(const struct fo_config *c,
			  const struct lookout_item *it,
			  const unsigned char *mac)
{
	char text[ADDR_TEXT_MAX];

	log_warn("interface %s: %s is answered by %02x:%02x:%02x:%02x:%02x:%02x, which is not the mate",
		 c->ifc[it->ifc].nameif,
		 addr_text(it->ask.family, it->ask.target, text),
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void take(struct fo_lookout *l, const struct fo_config *c, int ifindex,
		 const unsigned char *frame, size_t len, uint64_t now)
{
	enum nf_failover_answer answer;
	struct lookout_item *it;

	for (it = l->item; it < l->item + l->n; it++) {
		if (it->ifindex != ifindex)
			continue;
		answer = probe_answer(frame, len, &it->ask);
		if (answer == NF_FAILOVER_ANSWER_NOT_ASKED)
			continue;
		/* what another one says does not undo the word of the mate */
		if (answer == NF_FAILOVER_ANSWER_OTHER &&
		    it->answer != NF_FAILOVER_ANSWER_NOT_ASKED)
			continue;
		if (answer == NF_FAILOVER_ANSWER_OTHER)
			warn_of_other(c, it, frame + PROBE_MAC);
		it->answer = answer;
		it->answer_ms = now;
		if (answer != NF_FAILOVER_ANSWER_MATE)
			continue;
		if (it->active)
			seek_answer(&l->seek, now);
	}
}

static void take_all(struct fo_lookout *l, const struct fo_config *c,
		     uint64_t now)
{
	unsigned char frame[PROBE_FRAME_MAX];
	int i, ifindex;
	size_t len;

	for (i = 0; i < TAKE_MAX; i++) {
		len = probe_recv(&l->probe, &ifindex, frame, sizeof(frame));
		if (!len)
			return;
		take(l, c, ifindex, frame, len, now);
	}
}

void lookout_run(struct fo_lookout *l, const struct fo_config *c, uint64_t now)
{
	take_all(l, c, now);
	if (l->seek.on && now >= l->seek.next_ms)
		ask(l, now);
}

/* The best of what its addresses say; a mate that said so long ago does not. */
static enum nf_failover_answer says(const struct fo_lookout *l, unsigned int i,
				    uint64_t now)
{
	enum nf_failover_answer best = NF_FAILOVER_ANSWER_NOT_ASKED;
	const struct lookout_item *it;
	unsigned int life = l->seek.hold_ms;

	if (l->role == LOOKOUT_ACTIVE)
		life += 2 * SEEK_SLOW_MS;
	for (it = l->item; it < l->item + l->n; it++) {
		if (it->ifc != i)
			continue;
		if (it->answer == NF_FAILOVER_ANSWER_MATE &&
		    now < it->answer_ms + life)
			return NF_FAILOVER_ANSWER_MATE;
		if (it->answer == NF_FAILOVER_ANSWER_OTHER)
			best = NF_FAILOVER_ANSWER_OTHER;
		else if (best == NF_FAILOVER_ANSWER_NOT_ASKED)
			best = NF_FAILOVER_ANSWER_NONE;
	}
	return best;
}

bool lookout_report(const struct fo_lookout *l, struct fo_config *c,
		    uint64_t now)
{
	enum nf_failover_answer answer;
	bool news = false;
	unsigned int i;

	for (i = 0; i < c->n_ifcs; i++) {
		answer = says(l, i, now);
		if (answer == c->ifc[i].answer)
			continue;
		if (answer != NF_FAILOVER_ANSWER_NOT_ASKED)
			log_notice("interface %s: asked for the mate, answer: %s",
				   c->ifc[i].nameif, names_answer_key(answer));
		c->ifc[i].answer = answer;
		news = true;
	}
	return news;
}

void lookout_text(const struct fo_lookout *l, const struct fo_config *c,
		  char *text, size_t size)
{
	const char *sep = "no answer on ";
	unsigned int i, j;
	size_t n = 0;

	text[0] = '\0';
	for (i = 0; i < c->n_ifcs; i++) {
		for (j = 0; j < l->n && l->item[j].ifc != i; j++)
			;
		if (j == l->n || n >= size)
			continue;
		n += snprintf(text + n, size - n, "%s%s", sep,
			      c->ifc[i].nameif);
		sep = ", ";
	}
	if (!n || l->seek.blind)
		snprintf(text, size, "no interface to ask on");
	else if (n >= size)
		snprintf(text + size - 4, 4, "...");
}

// SPDX-License-Identifier: GPL-2.0
/* Says what has changed between two pictures of the pair, as messages.
 *
 * Events may be lost or come late, pictures are whole: what is said is right
 * even then, and nothing is said twice.
 */
#include "notice.h"

#include <string.h>

#include "elect.h"
#include "log.h"
#include "names.h"

#define LAN	NF_FAILOVER_LINK_KIND_LAN
#define STATE(state_)	NF_FAILOVER_STATE_##state_
#define LINK(status_)	NF_FAILOVER_LINK_STATUS_##status_
#define IFC(status_)	NF_FAILOVER_IFSTATUS_##status_

/* The codes of the ASA: no hello comes; our own end of the link is down. */
#define CODE_SILENT	"1"
#define CODE_LINK_DOWN	"4"

static void says(bool better, enum message good, enum message bad,
		 const char *arg)
{
	log_id(better ? good : bad, arg);
}

static void notice_link(const struct fo_link *l, bool lan, uint32_t was)
{
	if (l->status == was)
		return;
	if ((l->status == LINK(DOWN)) != (was == LINK(DOWN)))
		says(l->status != LINK(DOWN),
		     lan ? MSG_LAN_UP : MSG_STATE_LINK_UP,
		     lan ? MSG_LAN_DOWN : MSG_STATE_LINK_DOWN, l->name);
	if ((l->status == LINK(PEER_ALIVE)) != (was == LINK(PEER_ALIVE)))
		says(l->status == LINK(PEER_ALIVE),
		     lan ? MSG_LAN_OK : MSG_STATE_LINK_OK,
		     lan ? MSG_LAN_FAILED : MSG_LOST_ON_IFC, l->name);
	if (l->status == LINK(MISMATCH))
		log_id(MSG_MISMATCH, l->name, l->mismatch);
}

/* What a link is warned of, or why it cannot be used at all. */
static void notice_warning(struct notice *n, const struct fo_link *l,
			   uint32_t kind)
{
	const char *now = l->mismatch[0] && l->status == LINK(DOWN) ?
			  l->mismatch : l->warning;

	if (!strcmp(now, n->warning[kind]))
		return;
	strcpy(n->warning[kind], now);
	if (now[0])
		log_id(MSG_LINK_WARNING, l->name, now);
}

/* One netdev that is both links is said once. */
static void notice_links(struct notice *n, const struct fo_config *c)
{
	const struct fo_link *l;
	uint32_t kind;

	for (kind = 0; kind < CONFIG_LINKS; kind++) {
		l = &c->link[kind];
		if (l->name[0] && (kind == LAN ||
				   strcmp(l->ifname, c->link[LAN].ifname))) {
			notice_link(l, kind == LAN, n->link[kind]);
			notice_warning(n, l, kind);
		}
		n->link[kind] = l->status;
	}
}

static uint64_t add_text(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3ull;
	return h * 0x100000001b3ull;
}

static bool was_said(const struct notice *n, uint64_t h)
{
	unsigned int i;

	for (i = 0; i < n->differences; i++)
		if (n->difference[i] == h)
			return true;
	return false;
}

static void notice_differences(struct notice *n, const struct fo_show *s)
{
	const struct fo_difference *d = s->difference;
	struct notice was = *n;
	uint64_t h;

	n->differences = 0;
	for (; d < s->difference + s->n_differences; d++) {
		if (n->differences == NOTICE_DIFFERENCES)
			break;
		h = add_text(add_text(add_text(0xcbf29ce484222325ull,
					       d->setting), d->ours),
			     d->theirs);
		n->difference[n->differences++] = h;
		if (!was_said(&was, h))
			log_id(MSG_DIFFERS, d->setting, d->ours, d->theirs);
	}
	if (was.differences && !n->differences && nl_peer_alive(s))
		log_id(MSG_ALIKE);
}

static void notice_mate_state(const struct notice *n, uint32_t state)
{
	if (state == n->mate)
		return;
	log_id(MSG_MATE_STATE, names_state(n->mate), names_state(state));
	if (state == STATE(BULK_SYNC))
		log_id(MSG_BULK_SEND);
	if (n->mate == STATE(BULK_SYNC) && state == STATE(STANDBY_READY))
		log_id(MSG_BULK_SENT);
}

static void notice_mate(struct notice *n, const struct fo_show *s)
{
	bool alive = nl_peer_alive(s);

	if (alive && !n->alive)
		log_id(MSG_MATE_HEARD, names_state(s->other.state));
	else if (!alive && n->alive)
		log_id(MSG_NO_RESPONSE,
		       s->config.link[LAN].status == LINK(DOWN) ?
		       CODE_LINK_DOWN : CODE_SILENT);
	else if (alive)
		notice_mate_state(n, s->other.state);
	if (alive && !s->other.daemon && n->daemon)
		log_id(MSG_MATE_NO_DAEMON);
	if (alive && s->other.daemon && !n->daemon)
		log_id(MSG_MATE_DAEMON);
	n->alive = alive;
	n->mate = s->other.state;
	/* what an absent unit has is not known */
	n->daemon = !alive || s->other.daemon;
}

static void notice_own(struct notice *n, uint32_t state)
{
	if (state != n->state && state == STATE(BULK_SYNC))
		log_id(MSG_BULK_RECEIVE);
	if (n->state == STATE(BULK_SYNC) && state == STATE(STANDBY_READY))
		log_id(MSG_BULK_RECEIVED);
	n->state = state;
}

/* Before it is known what was, links are taken as good: so a bad one is said. */
static void forget(struct notice *n)
{
	uint32_t kind;

	n->alive = false;
	n->daemon = true;
	for (kind = 0; kind < CONFIG_LINKS; kind++)
		n->link[kind] = LINK(UP);
}

void notice_picture(struct notice *n, const struct fo_show *s)
{
	bool on = s->config.enabled;

	log_unit(s->config.unit ? names_unit(s->config.unit) : NULL);
	if (!n->known) {
		forget(n);
		n->enabled = on;
		n->state = s->this.state;
		n->known = true;
	}
	if (on != n->enabled) {
		log_id(on ? MSG_ENABLING : MSG_DISABLING);
		forget(n);
	}
	n->enabled = on;
	if (!on)
		return;
	notice_links(n, &s->config);
	notice_mate(n, s);
	notice_differences(n, s);
	notice_own(n, s->this.state);
}

void notice_move(uint32_t from, uint32_t to, const char *event,
		 const char *why)
{
	const char *cause = why && *why ? why : event;

	log_id(MSG_STATE, names_state(from), names_state(to), cause);
	if (elect_is_active(from) != elect_is_active(to))
		log_id(elect_is_active(to) ? MSG_TO_ACTIVE : MSG_TO_STANDBY,
		       cause);
	if (to == STATE(FAILED))
		log_id(MSG_TO_FAILED);
	else if (from == STATE(FAILED))
		log_id(MSG_TO_OK);
}

static bool is_down(uint32_t status)
{
	return status == IFC(NO_LINK) || status == IFC(LINK_DOWN);
}

void notice_ifc(const struct fo_ifc *ifc, uint32_t was)
{
	uint32_t is = ifc->status;

	if (is == was)
		return;
	if (is_down(is) != is_down(was) && was != IFC(UNMONITORED) &&
	    is != IFC(UNMONITORED) && (is_down(is) || was != IFC(UNKNOWN)))
		says(!is_down(is), MSG_IFC_UP, MSG_IFC_DOWN, ifc->nameif);
	if (was == IFC(TESTING) && (is == IFC(NORMAL) || is == IFC(FAILED)))
		log_id(MSG_IFC_TESTED, ifc->nameif,
		       is == IFC(NORMAL) ? "Passed" : "Failed");
	if (is == IFC(WAITING))
		log_id(MSG_IFC_WAITING, ifc->nameif);
	if (is == IFC(NORMAL))
		log_id(MSG_IFC_NORMAL, ifc->nameif);
	if (is == IFC(TESTING))
		log_id(MSG_IFC_TESTING, ifc->nameif);
}

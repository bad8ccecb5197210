// SPDX-License-Identifier: GPL-2.0
/* Judges a pair: one table of conditions, the worst first. Pure.
 *
 * CRITICAL: nobody forwards, two do, or the pair cannot come to be. WARNING:
 * somebody forwards, but the next failure would be felt.
 */
#include "health.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "names.h"

struct look {
	const struct fo_show *before;
	const struct fo_show *s;
	bool alive;		/* the mate is heard */
	bool answers;		/* it is not, but on a data network */
	bool active;
	bool mate_active;
};

struct condition {
	const char *name;
	enum health_level level;
	void (*find)(struct health *h, const struct condition *c,
		     const struct look *l);
};

static const char *const words[] = {
	[HEALTH_OK]		= "OK",
	[HEALTH_WARNING]	= "WARNING",
	[HEALTH_CRITICAL]	= "CRITICAL",
	[HEALTH_UNKNOWN]	= "UNKNOWN",
};

const char *health_word(enum health_level level)
{
	return words[level];
}

static void __attribute__((format(printf, 3, 4)))
found(struct health *h, const struct condition *c, const char *fmt, ...)
{
	struct health_finding *f = &h->finding[h->n];
	va_list ap;

	if (c->level > h->level)
		h->level = c->level;
	if (h->n == HEALTH_FINDINGS_MAX)
		return;
	h->n++;
	f->level = c->level;
	f->name = c->name;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

/* --- who forwards ------------------------------------------------------ */

static void no_active(struct health *h, const struct condition *c,
		      const struct look *l)
{
	if (!l->active && !l->mate_active)
		found(h, c, "no unit is active, this one is %s",
		      names_state(l->s->this.state));
}

static void two_active(struct health *h, const struct condition *c,
		       const struct look *l)
{
	if (l->active && l->mate_active)
		found(h, c, "both units are active");
}

static void failed(struct health *h, const struct condition *c,
		   const struct look *l)
{
	if (l->s->this.state == NF_FAILOVER_STATE_FAILED)
		found(h, c, "this unit is Failed");
}

static void mismatch(struct health *h, const struct condition *c,
		     const struct look *l)
{
	const struct fo_link *k = l->s->config.link;

	for (; k < l->s->config.link + CONFIG_LINKS; k++)
		if (k->name[0] && k->status == NF_FAILOVER_LINK_STATUS_MISMATCH)
			found(h, c, "link %s: %s", k->name, k->mismatch);
}

/* --- redundancy -------------------------------------------------------- */

static void no_mate(struct health *h, const struct condition *c,
		    const struct look *l)
{
	if (!l->alive)
		found(h, c, "no mate is heard%s", l->answers ?
		      ", but it answers on the data networks" : "");
}

static void mate_not_ready(struct health *h, const struct condition *c,
			   const struct look *l)
{
	if (l->alive && !l->mate_active &&
	    l->s->other.state != NF_FAILOVER_STATE_STANDBY_READY)
		found(h, c, "the mate is %s, not Standby Ready",
		      names_state(l->s->other.state));
}

static void not_ready(struct health *h, const struct condition *c,
		      const struct look *l)
{
	if (!l->active && l->s->this.state != NF_FAILOVER_STATE_STANDBY_READY)
		found(h, c, "this unit is %s, not Standby Ready",
		      names_state(l->s->this.state));
}

static void no_daemon(struct health *h, const struct condition *c,
		      const struct look *l)
{
	if (!l->s->this.daemon)
		found(h, c, "failoverd does not run on this unit");
}

static void mate_no_daemon(struct health *h, const struct condition *c,
			   const struct look *l)
{
	if (l->alive && !l->s->other.daemon)
		found(h, c, "failoverd does not run on the mate");
}

/* --- links and interfaces ---------------------------------------------- */

static void link_bad(struct health *h, const struct condition *c,
		     const struct look *l)
{
	const struct fo_link *k = l->s->config.link;

	for (; k < l->s->config.link + CONFIG_LINKS; k++) {
		if (!k->name[0])
			continue;
		if (k->status == NF_FAILOVER_LINK_STATUS_DOWN)
			found(h, c, "link %s is down%s%s", k->name,
			      k->mismatch[0] ? ": " : "", k->mismatch);
		else if (k->status == NF_FAILOVER_LINK_STATUS_PEER_SILENT ||
			 (k->status == NF_FAILOVER_LINK_STATUS_UP && l->alive))
			found(h, c, "the mate is not heard on link %s",
			      k->name);
	}
}

static void link_warning(struct health *h, const struct condition *c,
			 const struct look *l)
{
	const struct fo_link *k = l->s->config.link;

	for (; k < l->s->config.link + CONFIG_LINKS; k++)
		if (k->name[0] && k->warning[0])
			found(h, c, "link %s: %s", k->name, k->warning);
}

static void differs(struct health *h, const struct condition *c,
		    const struct look *l)
{
	const struct fo_difference *d = l->s->difference;

	for (; d < l->s->difference + l->s->n_differences; d++)
		found(h, c, "%s: %s here, %s on the mate", d->setting,
		      d->ours, d->theirs);
}

static bool is_bad(uint32_t status)
{
	return status == NF_FAILOVER_IFSTATUS_FAILED ||
	       status == NF_FAILOVER_IFSTATUS_NO_LINK ||
	       status == NF_FAILOVER_IFSTATUS_LINK_DOWN;
}

static void ifcs_bad(struct health *h, const struct condition *c,
		     const char *whose, const struct fo_ifc *list,
		     unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (is_bad(list[i].status))
			found(h, c, "%sinterface %s: %s", whose,
			      list[i].nameif, names_ifstatus(list[i].status));
}

static void interface(struct health *h, const struct condition *c,
		      const struct look *l)
{
	ifcs_bad(h, c, "", l->s->config.ifc, l->s->config.n_ifcs);
}

static void mate_interface(struct health *h, const struct condition *c,
			   const struct look *l)
{
	if (l->alive)
		ifcs_bad(h, c, "mate's ", l->s->other.ifc,
			 l->s->other.n_ifcs);
}

static void track(struct health *h, const struct condition *c,
		  const struct look *l)
{
	const struct fo_track *t = l->s->config.track;

	for (; t < l->s->config.track + l->s->config.n_tracks; t++)
		if (is_bad(t->status))
			found(h, c, "tracked object %s failed: %s", t->name,
			      t->cause);
}

static void nft_set(struct health *h, const struct condition *c,
		    const struct look *l)
{
	const struct fo_set *s = l->s->config.set;

	for (; s < l->s->config.set + l->s->config.n_sets; s++)
		if (s->why[0])
			found(h, c, "set %s is not replicated: %s", s->what,
			      s->why);
}

static void route(struct health *h, const struct condition *c,
		  const struct look *l)
{
	const struct fo_route *r = l->s->config.route;

	for (; r < l->s->config.route + l->s->config.n_routes; r++)
		if (r->why[0])
			found(h, c, "routes %s: %s", r->what, r->why);
}

static void ipsec(struct health *h, const struct condition *c,
		  const struct look *l)
{
	if (l->s->config.ipsec_why[0])
		found(h, c, "IPsec: %s", l->s->config.ipsec_why);
}

static void gtp(struct health *h, const struct condition *c,
		const struct look *l)
{
	if (l->s->config.gtp_why[0])
		found(h, c, "GTP: %s", l->s->config.gtp_why);
}

static void mate_track(struct health *h, const struct condition *c,
		       const struct look *l)
{
	const struct fo_track *t = l->s->other.track;

	for (; l->alive && t < l->s->other.track + l->s->other.n_tracks; t++)
		if (is_bad(t->status))
			found(h, c, "mate's tracked object %s failed",
			      t->name);
}

static void helpers_bad(struct health *h, const struct condition *c,
			const struct fo_host *host, const char *where)
{
	unsigned int i;

	for (i = 0; i < host->n_helpers; i++)
		found(h, c, "helper %s is missing on %s", host->helper[i],
		      where);
}

static void helper(struct health *h, const struct condition *c,
		   const struct look *l)
{
	helpers_bad(h, c, &l->s->this, "this unit");
}

static void mate_helper(struct health *h, const struct condition *c,
			const struct look *l)
{
	if (l->alive)
		helpers_bad(h, c, &l->s->other, "the mate");
}

static void refused_bad(struct health *h, const struct condition *c,
			const struct fo_host *host, const char *who)
{
	const struct fo_refused *r = host->refused;

	for (; r < host->refused + host->n_refused; r++)
		found(h, c, "%s has not taken in all: %s %" PRIu64, who,
		      r->reason, r->count);
}

static void incomplete(struct health *h, const struct condition *c,
		       const struct look *l)
{
	refused_bad(h, c, &l->s->this, "this unit");
}

static void mate_incomplete(struct health *h, const struct condition *c,
			    const struct look *l)
{
	if (l->alive)
		refused_bad(h, c, &l->s->other, "the mate");
}

/* --- errors ------------------------------------------------------------ */

/* Counters that grow only when something is lost or refused. */
static const char *const errors[] = {
	"tx-errors", "tx-link-down", "rx-short", "rx-bad-version",
	"rx-bad-type", "rx-bad-seal", "rx-bad-body", "rx-bad-record",
	"rx-no-memory", "rx-beyond-window", "ct-no-slot", "ct-table-full",
	"ct-insert-refused", "ct-no-tracker", "queue-overflow", "events-lost",
	"objects-refused-full", "objects-refused-no-memory",
	"expect-refused", "secmark-omitted", "secmark-refused",
};

static uint64_t counter(const struct fo_show *s, const char *name)
{
	const struct fo_row *r = s->counters.row;

	for (; r < s->counters.row + s->counters.n; r++)
		if (!strcmp(r->name, name))
			return r->v[0];
	return 0;
}

static uint64_t sum(const struct fo_rows *rows, unsigned int column)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < rows->n; i++)
		n += rows->row[i].v[column];
	return n;
}

static void grown(struct health *h, const struct condition *c,
		  const char *name, uint64_t was, uint64_t is)
{
	/* less: the module was loaded anew meanwhile */
	if (is > was)
		found(h, c, "%s grows (%" PRIu64 ", now %" PRIu64 ")", name,
		      was, is);
}

static void growing(struct health *h, const struct condition *c,
		    const struct look *l)
{
	unsigned int i;

	grown(h, c, "xerr", sum(&l->before->classes, 1),
	      sum(&l->s->classes, 1));
	grown(h, c, "rerr", sum(&l->before->classes, 3),
	      sum(&l->s->classes, 3));
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		grown(h, c, errors[i], counter(l->before, errors[i]),
		      counter(l->s, errors[i]));
}

/* --- the table --------------------------------------------------------- */

static const struct condition off = { "off", HEALTH_WARNING, NULL };

/* With failover on. */
static const struct condition conditions[] = {
	{ "no-active",		HEALTH_CRITICAL, no_active },
	{ "two-active",		HEALTH_CRITICAL, two_active },
	{ "failed",		HEALTH_CRITICAL, failed },
	{ "mismatch",		HEALTH_CRITICAL, mismatch },
	{ "no-mate",		HEALTH_WARNING, no_mate },
	{ "mate-not-ready",	HEALTH_WARNING, mate_not_ready },
	{ "not-ready",		HEALTH_WARNING, not_ready },
	{ "no-daemon",		HEALTH_WARNING, no_daemon },
	{ "mate-no-daemon",	HEALTH_WARNING, mate_no_daemon },
	{ "link",		HEALTH_WARNING, link_bad },
	{ "link-warning",	HEALTH_WARNING, link_warning },
	{ "differs",		HEALTH_WARNING, differs },
	{ "interface",		HEALTH_WARNING, interface },
	{ "mate-interface",	HEALTH_WARNING, mate_interface },
	{ "track",		HEALTH_WARNING, track },
	{ "mate-track",		HEALTH_WARNING, mate_track },
	{ "nft-set",		HEALTH_WARNING, nft_set },
	{ "route",		HEALTH_WARNING, route },
	{ "ipsec",		HEALTH_WARNING, ipsec },
	{ "gtp",		HEALTH_WARNING, gtp },
	{ "helper",		HEALTH_WARNING, helper },
	{ "mate-helper",	HEALTH_WARNING, mate_helper },
	{ "incomplete",		HEALTH_WARNING, incomplete },
	{ "mate-incomplete",	HEALTH_WARNING, mate_incomplete },
	{ "errors",		HEALTH_WARNING, growing },
};

static bool mate_answers(const struct fo_show *s)
{
	unsigned int i;

	for (i = 0; i < s->config.n_ifcs; i++)
		if (s->config.ifc[i].answer == NF_FAILOVER_ANSWER_MATE)
			return true;
	return false;
}

void health_judge(struct health *h, const struct fo_show *before,
		  const struct fo_show *now)
{
	struct look l = { .before = before, .s = now };
	const struct condition *c = conditions;

	*h = (struct health) { .level = HEALTH_OK };
	if (!now->config.enabled) {
		found(h, &off, "failover is off");
		return;
	}
	l.alive = nl_peer_alive(now);
	l.active = now->this.role == NF_FAILOVER_ROLE_ACTIVE;
	l.answers = !l.alive && mate_answers(now);
	l.mate_active = l.alive ?
			now->other.role == NF_FAILOVER_ROLE_ACTIVE :
			/* a standby asks for the active addresses alone */
			l.answers && !l.active;
	for (; c < conditions + sizeof(conditions) / sizeof(*c); c++)
		c->find(h, c, &l);
}

unsigned int health_values(struct health_value *v, unsigned int max,
			   const struct fo_show *s)
{
	const struct health_value all[] = {
		{ "epoch", "c", s->this.epoch },
		{ "active_time", "s", s->this.active_time },
		{ "objects", "", s->this.objects },
		{ "mate_objects", "", s->other.objects },
		{ "queued", "", sum(&s->queues, 0) },
		{ "xmit", "c", sum(&s->classes, 0) },
		{ "xerr", "c", sum(&s->classes, 1) },
		{ "rcv", "c", sum(&s->classes, 2) },
		{ "rerr", "c", sum(&s->classes, 3) },
		{ "retransmits", "c", counter(s, "tx-retransmits") },
		{ "gate_drops", "c", counter(s, "gate-drops") },
	};
	unsigned int n = sizeof(all) / sizeof(all[0]);

	n = n < max ? n : max;
	memcpy(v, all, n * sizeof(all[0]));
	return n;
}

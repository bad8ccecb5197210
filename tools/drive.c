// SPDX-License-Identifier: GPL-2.0
/* Drives the election: what happens becomes events, decisions become deeds.
 *
 * An event only says that it is time to look. What is decided on is always a
 * fresh picture from the kernel, so a lost or late event does no harm, and a
 * restarted daemon goes on where the old one was.
 */
#include "drive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "drive_deeds.h"
#include "log.h"
#include "monitor.h"
#include "names.h"
#include "notice.h"
#include "takeover.h"

/* The last question before a unit becomes active has so long for an answer. */
#define LAST_CALL_MS	50
/* A device may be so many seconds without a carrier when it comes up. */
#define BLIND_WAITS	10
#define BLIND_MS	1000
/* More steps than any path through the table has. */
#define STEPS_MAX	32

static void fill_view(struct elect_view *v, const struct fo_show *s)
{
	unsigned int i;

	*v = (struct elect_view) {
		.enabled	= s->config.enabled,
		.unit		= s->config.unit,
		.role		= s->this.role,
		.state		= s->this.state,
		.epoch		= s->this.epoch,
		.synced		= s->this.synced,
		.preempt	= s->config.preempt,
		.wants		= s->this.wants_active,
		.held_down	= s->this.hold_down,
		.yielded	= elect_yields(s->reason),
		.peer_known	= s->other.known,
		.peer_alive	= nl_peer_alive(s),
		.peer_silent	= s->other.silent,
		.peer_role	= s->other.role,
		.peer_state	= s->other.state,
		.peer_epoch	= s->other.epoch,
		.peer_daemon	= s->other.daemon,
		.peer_synced	= s->other.synced,
		.peer_wants	= s->other.wants_active,
		.peer_unfit	= !s->other.fit,
		.peer_held_down	= s->other.hold_down,
	};
	for (i = 0; i < CONFIG_LINKS; i++)
		v->mismatch |= s->config.link[i].status ==
			       NF_FAILOVER_LINK_STATUS_MISMATCH;
}

static int set_role(struct fo_drive *d, const struct elect_decision *dec)
{
	struct fo_role_set r = {
		.role		= NL_KEEP,
		.state		= dec->moved ? (int)dec->state : NL_KEEP,
		.wants_active	= NL_KEEP,
		.drain		= dec->actions & ELECT_DO_DRAIN,
		.reason		= dec->reason,
	};

	if (dec->actions & ELECT_DO_ROLE_ACTIVE)
		r.role = NF_FAILOVER_ROLE_ACTIVE;
	if (dec->actions & ELECT_DO_ROLE_STANDBY)
		r.role = NF_FAILOVER_ROLE_STANDBY;
	if (dec->actions & ELECT_DO_WANT)
		r.wants_active = 1;
	/* the wish is fulfilled, or given up */
	if (dec->actions & (ELECT_DO_UNWANT | ELECT_DO_ROLE_ACTIVE))
		r.wants_active = 0;
	if (r.state == NL_KEEP && r.role == NL_KEEP &&
	    r.wants_active == NL_KEEP)
		return 0;
	if (r.drain && d->flush)
		d->flush();
	return nl_role_set(&d->nl, &r);
}

/* The active role came, or went. */
static void note_takeover(struct fo_drive *d)
{
	const struct fo_config *c = &d->config;

	d->preempted = false;
	if (!holddown_takeover(&d->takeovers, deeds_now_ms(), c->held_takeovers,
			       c->held_time * 1000ull))
		return;
	log_warn("hold-down: more than %u takeovers within %u s, no preemption for %u s; \"failover reset\" ends it",
		 c->held_takeovers, c->held_time, c->held_time);
	deeds_hold_down(d, c->held_time * 1000);
}

/* A unit that boots, or is switched off, does not go to and fro. */
static bool is_takeover(uint32_t from, uint32_t to)
{
	return elect_is_active(from) != elect_is_active(to) &&
	       from != NF_FAILOVER_STATE_NEGOTIATION &&
	       to != NF_FAILOVER_STATE_DISABLED;
}

static void enter(struct fo_drive *d, const struct elect_decision *dec)
{
	bool takeover = is_takeover(d->state, dec->state);

	/* these belong to the state in which they began */
	timers_stop(&d->timers, TIMER_WAIT);
	timers_stop(&d->timers, TIMER_PREEMPT);
	timers_stop(&d->timers, TIMER_GRACE);
	log_debug("%s -> %s: %s", names_state(d->state),
		  names_state(dec->state), elect_event_name(dec->event));
	notice_move(d->state, dec->state, elect_event_name(dec->event),
		    dec->reason);
	hooks_moved(&d->hooks, d->state, dec->state,
		    elect_event_name(dec->event), dec->reason);
	d->state = dec->state;
	if (takeover)
		note_takeover(d);
}

/* Where the mate was asked belongs to the reason for not waiting for it. */
static void add_where(const struct fo_drive *d, struct elect_decision *dec,
		      char *text, size_t size)
{
	char where[64];		/* a reason takes the rest */

	if (!dec->reason || !d->lookout.seek.on ||
	    (dec->event != ELECT_PEER_LOST && dec->event != ELECT_WAIT_OVER))
		return;
	lookout_text(&d->lookout, &d->config, where, sizeof(where));
	snprintf(text, size, "%s, %s", dec->reason, where);
	dec->reason = text;
}

/*
 * Without the role nothing else is done: the kernel has the last word. It may
 * take it back in the middle of a promotion, when this process stood still for
 * too long; what is half done is looked at anew, as after a restart.
 */
static bool perform_one(struct fo_drive *d, struct elect_decision *dec)
{
	char text[NF_FAILOVER_REASON_MAX];

	add_where(d, dec, text, sizeof(text));
	if (set_role(d, dec)) {
		log_err("%s -> %s: %s", names_state(d->state),
			names_state(dec->state), d->nl.error);
		d->known = false;
		return false;
	}
	if (dec->moved)
		enter(d, dec);
	deeds_do(d, dec->actions);
	return true;
}

static bool perform(struct fo_drive *d, struct elect_decision dec)
{
	while (perform_one(d, &dec)) {
		if (!(dec.actions & ELECT_DO_STEP))
			return true;
		dec = elect_edge(dec.state, ELECT_STEP);
	}
	return false;
}

/* Makes the interfaces follow a new configuration; takes @c over. */
static void adopt_config(struct fo_drive *d, struct fo_config *c)
{
	struct fo_config old = d->config;
	bool active = elect_is_active(d->view.state);

	d->config = *c;
	config_init(c);
	/* the delay may be another one */
	timers_stop(&d->timers, TIMER_PREEMPT);
	takeover_links(&d->rt, &d->config);
	deeds_learn(d, &old);
	deeds_fill_pool(d);
	if (d->config.enabled && d->known)
		deeds_own(d, active, NULL);
	if (takeover_forget(&d->rt, &old, &d->config) && d->known)
		deeds_announce(d);
	/* IPv6 has no address twice: one with a new prefix came not before */
	if (d->config.enabled && d->known)
		deeds_own(d, active, NULL);
	config_free(&old);
	ifwatch_set(&d->monitor.watch, &d->config, deeds_now_ms());
	track_set(&d->track, &d->config, deeds_now_ms());
	timers_set(&d->timers, TIMER_TRACK, 1);
	deeds_report(d, true);
	/* whom to ask is not what it was */
	lookout_end(&d->lookout);
}

static void note_mate(struct fo_drive *d)
{
	if (!d->view.enabled)
		return;
	d->mate_alive = d->view.peer_alive;
	if (!d->view.peer_alive ||
	    d->view.peer_state != NF_FAILOVER_STATE_COLD_STANDBY)
		d->cold_ms = 0;
	else if (!d->cold_ms)
		d->cold_ms = deeds_now_ms();
}

/*
 * The one way in for what makes this unit unfit to be active. The hellos carry
 * it, so that the other unit can compare.
 */
static const char *unfit(struct fo_drive *d)
{
	uint64_t now = deeds_now_ms();
	const char *why = monitor_unfit(&d->monitor, &d->config, now);
	unsigned int ms = monitor_wait(&d->monitor, now);

	if (ms)
		timers_set(&d->timers, TIMER_SETTLE, ms);
	return why;
}

static void note_health(struct fo_drive *d, const struct fo_show *s)
{
	struct fo_health_set h = { .hold_down_ms = NL_KEEP };

	d->view.unfit = unfit(d);
	h.fit = !d->view.unfit;
	if (s->this.hold_down_ms && !d->timers.on[TIMER_HOLD])
		timers_set(&d->timers, TIMER_HOLD, s->this.hold_down_ms + 1);
	if (h.fit == s->this.fit)
		return;
	if (h.fit)
		log_notice("this unit is fit to be active again");
	else
		log_warn("this unit is not fit to be active: %s",
			 d->view.unfit);
	if (nl_health_set(&d->nl, &h))
		log_err("health: %s", d->nl.error);
}

/* One that hands over asks as who owns nothing: soon, and for the active. */
static enum lookout_role lookout_role(const struct fo_drive *d)
{
	if (d->view.state == NF_FAILOVER_STATE_ACTIVE_DRAIN)
		return LOOKOUT_NEGOTIATING;
	if (d->view.role == NF_FAILOVER_ROLE_ACTIVE)
		return LOOKOUT_ACTIVE;
	return d->view.state == NF_FAILOVER_STATE_NEGOTIATION ?
	       LOOKOUT_NEGOTIATING : LOOKOUT_STANDBY;
}

/* The mate is asked on the data interfaces as long as it is not heard. */
static void note_silence(struct fo_drive *d)
{
	const struct elect_view *v = &d->view;
	struct fo_lookout *l = &d->lookout;
	uint64_t now = deeds_now_ms();

	if (v->peer_alive || !v->enabled)
		d->lost = false;
	if (!v->enabled || v->state == NF_FAILOVER_STATE_DISABLED ||
	    (v->peer_alive && !v->peer_silent)) {
		if (l->seek.on)
			timers_stop(&d->timers, TIMER_SEEK);
		lookout_end(l);
	} else if (!l->seek.on || l->role != lookout_role(d)) {
		lookout_begin(l, &d->rt, &d->config, lookout_role(d), now);
	}
	lookout_run(l, &d->config, now);
	d->view.peer_answers = seek_answers(&l->seek, now);
	d->view.peer_sought = l->seek.on && !seek_is_gone(&l->seek, now);
	if (l->seek.on)
		timers_set(&d->timers, TIMER_SEEK, seek_wait(&l->seek, now));
	/* a hello or two that are late are no news */
	if ((!l->seek.on || !v->peer_alive) &&
	    lookout_report(l, &d->config, now))
		deeds_report(d, true);
}

/* The kernel takes deeds of none but the attached daemon. */
static void attach(struct fo_drive *d)
{
	int err = nl_attach(&d->nl, DRIVE_WATCHDOG_MS);

	if (err)
		log_err("attach: %s", d->nl.error);
	d->gone = err == -ENOENT;
}

/*
 * This process stood still, and the kernel has taken it for gone. What was
 * asked before waits in front of the event that it is back.
 */
static void come_back(struct fo_drive *d)
{
	d->late = true;
	attach(d);
}

static bool look(struct fo_drive *d)
{
	struct fo_show show;
	bool ok = !nl_get(&d->nl, &show, true);

	if (!ok) {
		log_err("get: %s", d->nl.error);
		nl_show_free(&show);
		return false;
	}
	fill_view(&d->view, &show);
	if (!show.this.daemon)
		come_back(d);
	memcpy(d->serial, show.this.serial, sizeof(d->serial));
	notice_picture(&d->notice, &show);
	note_mate(d);
	if (!config_equal(&show.config, &d->config))
		adopt_config(d, &show.config);
	if (ifkeys_learn(&d->monitor.watch.keys, &d->nl, &show.config))
		log_err("keys of hellos: %s", d->nl.error);
	monitor_learn(&d->config, d->view.peer_alive ? &show.other : NULL);
	note_health(d, &show);
	lookout_learn(&d->config, &show.other);
	note_silence(d);
	nl_show_free(&show);
	return true;
}

/*
 * An active unit does not ask before it goes on without a mate. One that hands
 * over does: the mate wanted the role.
 */
static bool goes_on_alone(const struct fo_drive *d)
{
	if (d->view.role == NF_FAILOVER_ROLE_ACTIVE &&
	    d->state != NF_FAILOVER_STATE_ACTIVE_DRAIN)
		return true;
	return seek_is_gone(&d->lookout.seek, deeds_now_ms());
}

/* The hold time is over, and so is that of the last answer. */
static enum elect_event take_loss(struct fo_drive *d)
{
	if (d->view.peer_alive || !(d->lost || d->lookout.seek.answered) ||
	    !goes_on_alone(d))
		return ELECT_EVENTS;
	d->lost = false;
	return ELECT_PEER_LOST;
}

/*
 * The mate has not acknowledged everything. One that is silent is asked; that
 * it is lost is the better reason.
 */
static enum elect_event take_drain_over(struct fo_drive *d)
{
	const struct fo_seek *k = &d->lookout.seek;
	enum elect_event loss = take_loss(d);

	if (loss != ELECT_EVENTS)
		return loss;

	if (d->state == NF_FAILOVER_STATE_ACTIVE_DRAIN && k->on &&
	    !goes_on_alone(d)) {
		timers_set(&d->timers, TIMER_DRAIN,
			   seek_wait(k, deeds_now_ms()));
		return ELECT_EVENTS;
	}
	return ELECT_DRAIN_OVER;
}

/* The state in the kernel is not the one that was last acted on. */
static bool resume(struct fo_drive *d)
{
	log_notice("state is %s", names_state(d->view.state));
	d->state = d->view.state;
	d->known = true;
	timers_stop(&d->timers, TIMER_WAIT);
	/* that comes first */
	if (elect_kernel_moved(&d->view))
		return true;
	if (d->state == NF_FAILOVER_STATE_ACTIVE) {
		deeds_own(d, true, NULL);
		return true;
	}
	/* who died while it handed over does not know what came of it */
	if (d->state == NF_FAILOVER_STATE_ACTIVE_DRAIN &&
	    take_drain_over(d) == ELECT_EVENTS)
		return true;
	return perform(d, elect_edge(d->state, ELECT_RESUME));
}

/* What ends the wait for a mate that is active: it is, or it may be. */
static uint32_t ends_wait(uint32_t state)
{
	uint32_t levels = 1u << ELECT_PEER_ACTIVE | 1u << ELECT_PEER_ANSWERS;

	/* elsewhere that starts it */
	if (state == NF_FAILOVER_STATE_NEGOTIATION)
		levels |= 1u << ELECT_MISMATCH;
	return levels;
}

/*
 * A timer ran out that ran while a level held: only if it still does, and in
 * the same state, that counts. What a silent mate said last does not tell that
 * its daemon is gone yet.
 */
static bool is_off(const struct fo_drive *d, enum elect_event edge)
{
	uint32_t levels = elect_observe(&d->view);
	bool holds;

	switch (edge) {
	case ELECT_PREEMPT_OVER:
		holds = levels & 1u << ELECT_PREEMPT;
		break;
	case ELECT_GRACE_OVER:
		holds = levels & 1u << ELECT_ORPHAN && !d->view.peer_silent;
		break;
	case ELECT_WAIT_OVER:
		return levels & ends_wait(d->view.state);
	default:
		return false;
	}
	return !holds || !d->known || d->view.state != d->state;
}

static void settle(struct fo_drive *d, enum elect_event edge)
{
	struct elect_decision dec;
	bool moved;
	int i;

	for (i = 0; i < STEPS_MAX && look(d); i++) {
		if (is_off(d, edge))
			edge = ELECT_EVENTS;
		if (!d->known || d->view.state != d->state) {
			if (!resume(d))
				return;
			continue;
		}
		/* a role that was handed over is not kept after all */
		moved = elect_kernel_moved(&d->view);
		dec = edge != ELECT_EVENTS && !moved ?
		      elect_edge(d->state, edge) : elect_decide(&d->view);
		if (!perform(d, dec))
			return;
		if (!dec.moved && (edge == ELECT_EVENTS || moved))
			return;
		if (!moved)
			edge = ELECT_EVENTS;
	}
}

static void run(struct fo_drive *d, enum elect_event edge)
{
	settle(d, edge);
	/* role, addresses and announcements are done */
	if (d->known && d->state == d->view.state)
		hooks_settled(&d->hooks, &d->view);
}

void drive_run(struct fo_drive *d)
{
	run(d, ELECT_EVENTS);
}

/*
 * Who stood still hears late what was asked. Failover may have been switched
 * off and on since, which ends the wishes of before; and who asked has given
 * up when the kernel had taken this process for gone.
 */
static const char *why_outdated(const struct fo_drive *d,
				const struct fo_event *ask)
{
	if (ask->this.known && strcmp(ask->this.serial, d->serial))
		return "failover was started anew since";
	return d->late ? "failoverd stood still since" : NULL;
}

static enum elect_event take_ask(struct fo_drive *d,
				 const struct fo_event *ev)
{
	enum elect_event edge = ELECT_EVENTS;
	const char *why = why_outdated(d, ev);

	if (!why)
		edge = elect_ask(&d->view, ev->ask, &why);
	log_notice("asked for %s%s%s%s%s", names_ask(ev->ask),
		   ev->reason[0] ? " by " : "", ev->reason,
		   why ? ", refused: " : "", why ? why : "");
	return edge;
}

/* What the event means beside the picture that was read after it. */
static enum elect_event take_edge(struct fo_drive *d,
				  const struct fo_event *ev)
{
	bool alive = d->view.peer_alive;

	switch (ev->type) {
	case NF_FAILOVER_EVENT_PEER_LOST:
		d->lost = !alive;
		return take_loss(d);
	case NF_FAILOVER_EVENT_FENCED:
		log_warn("fenced: %s", ev->reason);
		return ELECT_FENCED;
	case NF_FAILOVER_EVENT_DRAINED:
		log_notice("drained: %s", ev->reason);
		/* that the role was handed over is seen without it */
		return d->view.role == NF_FAILOVER_ROLE_ACTIVE ?
		       take_drain_over(d) : ELECT_EVENTS;
	case NF_FAILOVER_EVENT_BULK_BEGIN:
		/* a unit that is ready stays so while it is repaired */
		return d->view.synced ? ELECT_EVENTS : ELECT_BULK_BEGIN;
	case NF_FAILOVER_EVENT_ASK:
		return take_ask(d, ev);
	case NF_FAILOVER_EVENT_DAEMON:
		d->late &= !ev->this.daemon;
		break;
	}
	return ELECT_EVENTS;
}

void drive_event(struct fo_drive *d, const struct fo_event *ev)
{
	log_debug("event %s %s", names_event_key(ev->type), ev->reason);
	if (look(d))
		run(d, take_edge(d, ev));
}

void drive_heard(struct fo_drive *d)
{
	d->late = false;
}

static void tick(struct fo_drive *d)
{
	/* that it was taken for gone is not seen any more after that */
	look(d);
	attach(d);
	timers_set(&d->timers, TIMER_TICK, DRIVE_WATCHDOG_MS / 3);
	lookout_rest(&d->lookout);
	if (!d->gone)
		run(d, ELECT_EVENTS);
}

static void preempt(struct fo_drive *d)
{
	d->preempted = true;
	run(d, ELECT_PREEMPT_OVER);
}

static void hold_over(struct fo_drive *d)
{
	if (!look(d))
		return;
	if (!d->view.held_down)
		log_notice("hold-down: it is over");
	run(d, ELECT_EVENTS);
}

/*
 * Nobody is waited for any longer, unless it could not be asked yet: a device
 * that has just come up may be without a carrier for some seconds. A mate that
 * boots at the same time may have become active since the last question.
 */
static void wait_over(struct fo_drive *d)
{
	struct fo_seek *k = &d->lookout.seek;

	if (!look(d))
		return;
	if (d->wait_end && deeds_now_ms() > d->wait_end + d->config.poll_ms) {
		/* who stood still has an old picture of the mate */
		d->wait_end = 0;
		timers_set(&d->timers, TIMER_WAIT, d->config.hold_ms);
		run(d, ELECT_EVENTS);
	} else if (d->view.peer_alive || !k->on) {
		run(d, ELECT_WAIT_OVER);
	} else if (!seek_is_gone(k, deeds_now_ms())) {
		timers_set(&d->timers, TIMER_WAIT, seek_wait(k, deeds_now_ms()));
		run(d, ELECT_EVENTS);
	} else if (k->blind && d->state == NF_FAILOVER_STATE_NEGOTIATION &&
		   d->config.n_ifcs && d->blind_waits < BLIND_WAITS) {
		d->blind_waits++;
		timers_set(&d->timers, TIMER_WAIT, BLIND_MS);
	} else if (!k->blind && !d->last_call) {
		d->last_call = true;
		k->next_ms = deeds_now_ms();
		lookout_run(&d->lookout, &d->config, deeds_now_ms());
		timers_set(&d->timers, TIMER_WAIT, LAST_CALL_MS);
	} else {
		run(d, ELECT_WAIT_OVER);
	}
}

static void seek_on(struct fo_drive *d)
{
	if (look(d))
		run(d, take_loss(d));
}

static void drain_over(struct fo_drive *d)
{
	if (look(d))
		run(d, take_drain_over(d));
}

/* Answers are only taken: what they mean is decided when something changes. */
void drive_probe(struct fo_drive *d)
{
	bool before = d->view.peer_answers;

	lookout_run(&d->lookout, &d->config, deeds_now_ms());
	if (!before && seek_answers(&d->lookout.seek, deeds_now_ms()) &&
	    !d->view.peer_alive)
		run(d, ELECT_EVENTS);
}

void drive_timer(struct fo_drive *d, enum timer which)
{
	switch (which) {
	case TIMER_TICK:
		tick(d);
		break;
	case TIMER_WAIT:
		wait_over(d);
		break;
	case TIMER_DRAIN:
		drain_over(d);
		break;
	case TIMER_WANT:
		run(d, ELECT_WANT_OVER);
		break;
	case TIMER_ANNOUNCE:
		deeds_announce_next(d);
		break;
	case TIMER_PREEMPT:
		preempt(d);
		break;
	case TIMER_GRACE:
		run(d, ELECT_GRACE_OVER);
		break;
	case TIMER_HOLD:
		hold_over(d);
		break;
	case TIMER_PACE:
		deeds_announce_part(d);
		break;
	case TIMER_POOL:
		deeds_read_pool(d);
		break;
	case TIMER_SEEK:
		seek_on(d);
		break;
	case TIMER_IFWATCH:
		drive_ifwatch(d);
		break;
	case TIMER_TRACK:
		drive_track(d);
		break;
	case TIMER_SETTLE:
		run(d, ELECT_EVENTS);
		break;
	case TIMERS:
		break;
	}
}

/* Looks at the interfaces, and acts when that makes a difference. */
static void check_health(struct fo_drive *d, bool always)
{
	deeds_report(d, always);
	if (!unfit(d) != !d->view.unfit)
		drive_run(d);
}

static enum ifask_role ifask_role(const struct fo_drive *d)
{
	if (!d->known || d->state == NF_FAILOVER_STATE_NEGOTIATION)
		return IFASK_NEGOTIATING;
	return elect_is_active(d->state) ? IFASK_ACTIVE : IFASK_STANDBY;
}

/* Hellos and tests go on; what they find out may make a difference. */
void drive_ifwatch(struct fo_drive *d)
{
	struct fo_monitor *m = &d->monitor;

	if (!m->watch.on)
		return;
	monitor_run(m, &d->nl, &d->rt, &d->config, ifask_role(d),
		    deeds_now_ms());
	timers_set(&d->timers, TIMER_IFWATCH,
		   ifwatch_wait(&m->watch, deeds_now_ms()));
	if (!unfit(d) != !d->view.unfit)
		drive_run(d);
}

void drive_track(struct fo_drive *d)
{
	struct fo_track_set *t = &d->track;
	uint64_t now = deeds_now_ms();

	track_run(t, now);
	timers_set(&d->timers, TIMER_TRACK, track_wait(t, now));
	if (!track_take(t, &d->config))
		return;
	if (nl_track_set(&d->nl, d->config.track, d->config.n_tracks))
		log_err("tracked objects: %s", d->nl.error);
	if (!unfit(d) != !d->view.unfit)
		drive_run(d);
}

static void renew_lookout(struct fo_drive *d)
{
	if (d->lookout.seek.on)
		lookout_renew(&d->lookout, &d->rt, &d->config,
			      d->lookout.role);
}

/* Also one that has got another name, of which its event does not tell. */
static bool is_ours(const struct fo_config *c, const struct fo_dev *dev)
{
	const struct fo_ifc *ifc;

	for (ifc = c->ifc; ifc < c->ifc + c->n_ifcs; ifc++)
		if (ifc->ifindex == dev->ifindex)
			return true;
	return config_ifc(c, dev->ifname);
}

/* A device that goes down loses its IPv6 addresses, a new one has none. */
void drive_dev(struct fo_drive *d, const struct fo_dev *dev)
{
	if (!is_ours(&d->config, dev))
		return;
	if ((dev->flags & IFF_UP) && d->known && d->config.enabled)
		deeds_own(d, elect_is_active(d->state), dev->ifname);
	renew_lookout(d);
	check_health(d, false);
}

void drive_devs(struct fo_drive *d)
{
	if (d->known && d->config.enabled)
		deeds_own(d, elect_is_active(d->state), NULL);
	renew_lookout(d);
	check_health(d, true);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Security marks of connections. The number in one is a name that the security
 * module of this host has for a context, as SELinux for
 * "system_u:object_r:http_server_packet_t:s0". The units tell each other the
 * contexts, once each, and number them; records of connections have that number.
 *
 * A context may come after the records that refer to it, and what this host calls
 * it is not found out in softirq: connections get their mark when it is known.
 */

#include "ct.h"

#include <linux/security.h>

/* --- on the active unit ------------------------------------------------ */

static void tell(struct fo_cts *c, struct fo_secmark_own *own)
{
	if (xchg(&own->queued, true))
		return;
	if (!fo_queue_put(c->queue, &c->secmarks.ref, own, own->rec.number))
		WRITE_ONCE(own->queued, false);
}

#ifdef CONFIG_NF_CONNTRACK_SECMARK
/* NULL when there is no room, which is counted for each record. */
static struct fo_secmark_own *own_new(struct fo_cts *c, u32 secid)
{
	struct fo_secmarks *m = &c->secmarks;
	struct fo_secmark_own *own;

	if (m->owned == FO_SECMARKS)
		return NULL;
	own = &m->own[m->owned];
	own->secid = secid;
	own->rec.number = m->owned + 1;
	own->known = !fo_secid_to_text(secid, own->rec.text,
				       sizeof(own->rec.text));
	if (!own->known)
		pr_warn("nf_failover: a security context cannot be replicated: it has no name, or one of more than %zu bytes\n",
			sizeof(own->rec.text) - 1);
	/* pairs with secmark_walk() */
	smp_store_release(&m->owned, m->owned + 1);
	if (own->known)
		tell(c, own);
	return own;
}

static struct fo_secmark_own *own_of(struct fo_cts *c, u32 secid)
{
	struct fo_secmarks *m = &c->secmarks;
	unsigned int i;

	for (i = 0; i < m->owned; i++)
		if (m->own[i].secid == secid)
			return &m->own[i];
	return own_new(c, secid);
}

/**
 * fo_secmark_fill() - the security mark of a connection
 * @c: connections
 * @rec: any record
 * @ct: its connection
 *
 * Context: flush of the queue.
 */
void fo_secmark_fill(struct fo_cts *c, struct fo_ct_rec *rec,
		     const struct nf_conn *ct)
{
	u32 secid = READ_ONCE(ct->secmark);
	struct fo_secmark_own *own;

	if (!secid)
		return;
	own = own_of(c, secid);
	if (!own || !own->known) {
		fo_count(c->stats, FO_CNT_SECMARK_OMITTED);
		return;
	}
	rec->secmark = own->rec.number;
	rec->has |= BIT(FO_CT_A_SECMARK);
}

/* --- on the standby ---------------------------------------------------- */

/**
 * fo_secmark_set() - give a connection its mark, as soon as it is known
 * @c: connections
 * @ct: one of them
 * @number: what the peer calls its context, up to FO_SECMARKS; 0 for none
 *
 * Its slot keeps the number. Context: softirq, apply_lock.
 */
void fo_secmark_set(struct fo_cts *c, struct nf_conn *ct, u32 number)
{
	const struct fo_secmark_peer *p;
	u32 secid = 0;

	if (number) {
		p = &c->secmarks.peer[number - 1];
		if (p->state == FO_SECMARK_KNOWN)
			secid = p->secid;
	}
	if (ct->secmark != secid)
		WRITE_ONCE(ct->secmark, secid);
}

/* Traffic may have given it another one, if the unit is active by now. */
static void mark_one(void *ctx, u32 n, struct fo_slot *e)
{
	const struct fo_secmark_peer *p;
	struct fo_cts *c = ctx;

	spin_lock_bh(c->apply_lock);
	if (!e->secmark || e->epoch != READ_ONCE(c->epoch))
		goto out;
	p = &c->secmarks.peer[e->secmark - 1];
	if (p->state == FO_SECMARK_KNOWN &&
	    (READ_ONCE(c->accepting) || !READ_ONCE(e->ct->secmark)))
		WRITE_ONCE(e->ct->secmark, p->secid);
out:
	spin_unlock_bh(c->apply_lock);
}
#else
void fo_secmark_fill(struct fo_cts *c, struct fo_ct_rec *rec,
		     const struct nf_conn *ct)
{
}

void fo_secmark_set(struct fo_cts *c, struct nf_conn *ct, u32 number)
{
}

static void mark_one(void *ctx, u32 n, struct fo_slot *e)
{
}
#endif

/* The next one to ask for, of which @rec is filled in; false: there is none. */
static bool next_wanted(struct fo_cts *c, struct fo_secmark_rec *rec)
{
	struct fo_secmarks *m = &c->secmarks;
	unsigned int i;

	spin_lock_bh(c->apply_lock);
	for (i = 0; i < FO_SECMARKS; i++) {
		if (m->peer[i].state != FO_SECMARK_WANTED)
			continue;
		m->peer[i].state = FO_SECMARK_ASKED;
		rec->number = i + 1;
		strscpy(rec->text, m->peer[i].text, sizeof(rec->text));
		break;
	}
	spin_unlock_bh(c->apply_lock);
	return i < FO_SECMARKS;
}

/* The peer may have said meanwhile that the number is of another one. */
static void answer(struct fo_cts *c, const struct fo_secmark_rec *rec, u32 secid)
{
	struct fo_secmark_peer *p = &c->secmarks.peer[rec->number - 1];

	spin_lock_bh(c->apply_lock);
	if (p->state == FO_SECMARK_ASKED && !strcmp(p->text, rec->text)) {
		p->secid = secid;
		p->state = secid ? FO_SECMARK_KNOWN : FO_SECMARK_REFUSED;
	}
	spin_unlock_bh(c->apply_lock);
}

static void refused(struct fo_cts *c, const struct fo_secmark_rec *rec, int err)
{
	fo_count(c->stats, FO_CNT_SECMARK_REFUSED);
	pr_warn_ratelimited("nf_failover: the active unit has the security context \"%s\", which is none here (%d)\n",
			    rec->text, err);
}

/* Security modules may sleep over it. Context: process. */
static void ask(struct work_struct *work)
{
	struct fo_cts *c = container_of(work, struct fo_cts, secmarks.ask);
	struct fo_secmark_rec rec;
	bool some = false;
	u32 secid;
	int err;

	while (next_wanted(c, &rec)) {
		secid = 0;
		err = security_secctx_to_secid(rec.text, strlen(rec.text), &secid);
		if (err)
			secid = 0;
		if (!secid)
			refused(c, &rec, err);
		answer(c, &rec, secid);
		some = true;
	}
	if (some)
		fo_slots_walk(&c->slots, mark_one, c);
}

static void secmark_apply(void *self, struct fo_rec *from)
{
	struct fo_secmark_rec rec;
	struct fo_secmark_peer *p;
	struct fo_cts *c = self;

	if (fo_secmark_rec_get(from, &rec)) {
		fo_count(c->stats, FO_CNT_RX_BAD_RECORD);
		return;
	}
	if (!IS_ENABLED(CONFIG_NF_CONNTRACK_SECMARK) ||
	    rec.number > FO_SECMARKS) {
		refused(c, &rec, -EOPNOTSUPP);
		return;
	}
	p = &c->secmarks.peer[rec.number - 1];
	if (p->state != FO_SECMARK_NONE && !strcmp(p->text, rec.text))
		return;
	strscpy(p->text, rec.text, sizeof(p->text));
	p->state = FO_SECMARK_WANTED;
	queue_work(c->wq, &c->secmarks.ask);
}

/* The peer may number them in another way by now, and tells them all again. */
static void secmark_begin(void *self, u32 epoch)
{
	struct fo_cts *c = self;

	memset(c->secmarks.peer, 0, sizeof(c->secmarks.peer));
}

/* --- as a class -------------------------------------------------------- */

/* Context: flush of the queue. */
static int secmark_encode(void *self, void *obj, struct fo_writer *w)
{
	struct fo_secmark_own *own = obj;
	struct fo_cts *c = self;
	const u8 *begin = w->p;

	WRITE_ONCE(own->queued, false);
	fo_secmark_rec_put(w, &own->rec);
	if (w->full)
		return -EMSGSIZE;
	fo_count_n(c->stats, FO_CNT_TX_RECORD_BYTES, w->p - begin);
	return 0;
}

static void secmark_put(void *self, void *obj, bool sent)
{
	struct fo_secmark_own *own = obj;

	if (!sent)
		WRITE_ONCE(own->queued, false);
}

static bool secmark_walk(void *self, unsigned long *at)
{
	struct fo_cts *c = self;
	/* pairs with own_new() */
	unsigned int i, n = smp_load_acquire(&c->secmarks.owned);

	for (i = 0; i < n; i++)
		if (c->secmarks.own[i].known)
			tell(c, &c->secmarks.own[i]);
	return false;
}

static const struct fo_class secmark_class = {
	.id	= FO_CLASS_SECMARK,
	.name	= "Security contexts",
	.encode	= secmark_encode,
	.put	= secmark_put,
	.apply	= secmark_apply,
	.begin	= secmark_begin,
	.walk	= secmark_walk,
};

/* Failover is off; the queue is closed. Context: process; nothing applies. */
void fo_secmarks_stop(struct fo_cts *c)
{
	cancel_work_sync(&c->secmarks.ask);
	memset(c->secmarks.peer, 0, sizeof(c->secmarks.peer));
}

void fo_secmarks_init(struct fo_cts *c)
{
	c->secmarks.ref.ops = &secmark_class;
	c->secmarks.ref.self = c;
	INIT_WORK(&c->secmarks.ask, ask);
}

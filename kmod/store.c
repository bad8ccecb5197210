// SPDX-License-Identifier: GPL-2.0
/* What show reads: the configuration, and what is known of both units. */

#include "store.h"

#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "wire.h"

/**
 * fo_config_alloc() - a configuration with all defaults
 * @ifcs: named interfaces that it will have
 *
 * Context: process.
 *
 * Return: the configuration or NULL.
 */
struct fo_config *fo_config_alloc(unsigned int ifcs)
{
	struct fo_config *c = kvzalloc(struct_size(c, ifc, ifcs), GFP_KERNEL);

	if (!c)
		return NULL;
	c->poll_ms = 200;
	c->hold_ms = 800;
	c->ethertype = FO_ETHERTYPE;
	c->replication = true;
	c->neighbours = true;
	c->objects = true;
	c->ipsec = NF_FAILOVER_IPSEC_NUMBERS;
	c->expectations = true;
	c->filter.port[c->filter.ports++] = FO_HTTP_PORT;
	c->hold_takeovers = 3;
	c->hold_time = 60;
	c->ifc_poll_ms = 5000;
	c->ifc_hold_ms = 25000;
	c->ifc_policy = 1;
	c->route_timeout = 70;
	return c;
}

/* With its keys. Context: process. */
void fo_config_free(struct fo_config *c)
{
	memzero_explicit(&c->psks, sizeof(c->psks));
	kvfree(c);
}

int fo_store_init(struct fo_store *s)
{
	struct fo_config *c = fo_config_alloc(0);

	if (!c)
		return -ENOMEM;
	memset(s, 0, sizeof(*s));
	spin_lock_init(&s->lock);
	RCU_INIT_POINTER(s->config, c);
	return 0;
}

void fo_store_exit(struct fo_store *s)
{
	fo_config_free(rcu_dereference_protected(s->config, 1));
}

static bool has_addr(const struct fo_config_ifc *ifc, u8 family,
		     const union nf_inet_addr *addr)
{
	unsigned int i;

	for (i = 0; i < ifc->addrs; i++)
		if (ifc->addr[i].family == family &&
		    nf_inet_addr_cmp(&ifc->addr[i].active, addr))
			return true;
	return false;
}

/**
 * fo_store_floating() - whether an address moves with the active role
 * @s: store
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 *
 * Context: any, RCU.
 */
bool fo_store_floating(struct fo_store *s, u8 family,
		       const union nf_inet_addr *addr)
{
	const struct fo_config *c = rcu_dereference(s->config);
	unsigned int i;

	for (i = 0; i < c->ifcs; i++)
		if (has_addr(&c->ifc[i], family, addr))
			return true;
	return false;
}

/* The interface of a netdev, or NULL. */
const struct fo_config_ifc *fo_config_ifc(const struct fo_config *c,
					  const char *ifname)
{
	unsigned int i;

	for (i = 0; i < c->ifcs; i++)
		if (!strcmp(c->ifc[i].ifname, ifname))
			return &c->ifc[i];
	return NULL;
}

const struct fo_config_ifc *fo_config_nameif(const struct fo_config *c,
					     const char *nameif)
{
	unsigned int i;

	for (i = 0; i < c->ifcs; i++)
		if (!strcmp(c->ifc[i].nameif, nameif))
			return &c->ifc[i];
	return NULL;
}

/**
 * fo_store_named() - whether an interface has a nameif
 * @s: store
 * @ifname: its netdev
 *
 * Context: any.
 */
bool fo_store_named(struct fo_store *s, const char *ifname)
{
	bool named;

	rcu_read_lock();
	named = fo_config_ifc(rcu_dereference(s->config), ifname);
	rcu_read_unlock();
	return named;
}

/* The other unit counts on by itself, so it need not hear it in each hello. */
#define SAY_UP_TIME	10	/* seconds */

/* Of this machine, in seconds; never 0, which stands for not known, not active. */
u64 fo_store_up_time(void)
{
	return max_t(u64, ktime_get_boottime_seconds(), 1);
}

/**
 * fo_store_say_up_time() - the up time of this unit, when it is to be said again
 * @t: this unit; the store is locked
 *
 * Context: any but hard interrupt.
 *
 * Return: seconds, or 0 when it is not to be said now.
 */
u32 fo_store_say_up_time(struct fo_this *t)
{
	u64 now = fo_store_up_time();

	if (t->up_said && now < t->up_said + SAY_UP_TIME)
		return 0;
	t->up_said = now;
	return min_t(u64, now, U32_MAX);
}

/* The store is locked. Context: any but hard interrupt. */
void fo_store_hear_up_time(struct fo_other *o, const struct fo_hello *h)
{
	if (!h->up_time)
		return;
	o->up_time = h->up_time;
	o->up_heard = fo_store_up_time();
}

/**
 * fo_store_other_up_time() - how long the other unit is up
 * @o: other unit
 *
 * Context: any but hard interrupt.
 *
 * Return: seconds, or 0: it is not heard, or has not said so.
 */
u64 fo_store_other_up_time(const struct fo_other *o)
{
	if (!o->alive || !o->up_time)
		return 0;
	return o->up_time + fo_store_up_time() - o->up_heard;
}

/**
 * fo_store_role() - the unit has changed its role
 * @s: store
 * @active: it is active now
 *
 * Context: any but hard interrupt.
 */
void fo_store_role(struct fo_store *s, bool active)
{
	struct fo_this *t = &s->this;

	spin_lock_bh(&s->lock);
	t->active_before = fo_store_active_time(t);
	t->active_since = active ? fo_store_up_time() : 0;
	t->failover_at = ktime_get_real_seconds();
	spin_unlock_bh(&s->lock);
}

u64 fo_store_active_time(const struct fo_this *t)
{
	if (!t->active_since)
		return t->active_before;
	return t->active_before + fo_store_up_time() - t->active_since;
}

/**
 * fo_store_hold_down() - the policy holds preemption down, or ends that
 * @s: store, locked
 * @ms: for how long from now on; 0: it ends
 *
 * Return: true when that begins.
 */
bool fo_store_hold_down(struct fo_store *s, u32 ms)
{
	bool was = fo_store_hold_left(&s->this);

	s->this.hold_down = ms;
	s->this.hold_until = jiffies + msecs_to_jiffies(ms);
	return ms && !was;
}

/* In milliseconds. It ends by itself, also without a daemon. */
u32 fo_store_hold_left(const struct fo_this *t)
{
	if (!t->hold_down || !time_before(jiffies, t->hold_until))
		return 0;
	return jiffies_to_msecs(t->hold_until - jiffies);
}

/**
 * fo_store_asked() - a hello came in that may hold a request
 * @s: store, locked
 * @h: hello of the other unit
 *
 * A request is in each hello until the association ends; it is met once, and
 * only what an operator may ask of the mate.
 *
 * Return: true when it is a new one.
 */
bool fo_store_asked(struct fo_store *s, const struct fo_hello *h)
{
	struct fo_asked *a = &s->asked;

	if (!h->request_no || (h->request != NF_FAILOVER_ASK_RESET &&
			       h->request != NF_FAILOVER_ASK_RELOAD))
		return false;
	if (a->boot == s->other.boot && h->request_no <= a->no)
		return false;
	a->boot = s->other.boot;
	a->no = h->request_no;
	return true;
}

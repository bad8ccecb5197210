// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of SAs and policies, whose they are, and how lists differ. Pure.
 *
 * What was told is kept as a hash: the keys themselves are nowhere longer than it
 * takes.
 */
#include "ipsec_list.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* --- lists ------------------------------------------------------------------ */

static bool grow(struct ipsec_list *l)
{
	size_t room = l->room ? 2 * l->room : 64;
	struct ipsec_item *more = reallocarray(l->item, room, sizeof(*more));

	if (!more)
		return false;
	l->item = more;
	l->room = room;
	return true;
}

bool ipsec_list_add(struct ipsec_list *l, const struct ipsec_item *i, bool copy)
{
	struct ipsec_item *to;

	if (l->n == l->room && !grow(l))
		return false;
	to = &l->item[l->n];
	*to = *i;
	to->value = NULL;
	to->done = false;
	if (i->value)
		crypto_generichash(to->hash, sizeof(to->hash), i->value, i->len,
				   NULL, 0);
	if (copy && i->value) {
		to->value = malloc(i->len ? i->len : 1);
		if (!to->value)
			return false;
		memcpy(to->value, i->value, i->len);
	}
	l->n++;
	return true;
}

bool ipsec_list_add_sa(struct ipsec_list *l, const struct ipsec_sa *sa)
{
	unsigned char value[NF_FAILOVER_OBJECT_VALUE_LEN];
	struct ipsec_item i = { .value = value };
	struct ipsec_sa again;
	bool ok;

	i.key_len = ipsec_put_sa_key(i.key, sizeof(i.key), sa);
	i.len = ipsec_put_sa(value, sizeof(value), sa);
	ok = i.key_len && i.len &&
	     !ipsec_get_sa_key(&again, i.key, i.key_len) &&
	     !ipsec_get_sa(&again, value, i.len) && ipsec_list_add(l, &i, true);
	explicit_bzero(value, sizeof(value));
	explicit_bzero(&again, sizeof(again));
	return ok;
}

bool ipsec_list_add_policy(struct ipsec_list *l, const struct ipsec_policy *p)
{
	unsigned char value[NF_FAILOVER_OBJECT_VALUE_LEN];
	struct ipsec_item i = { .policy = true, .value = value };
	struct ipsec_policy again;

	i.key_len = ipsec_put_policy_key(i.key, sizeof(i.key), p);
	i.len = ipsec_put_policy(value, sizeof(value), p);
	return i.key_len && i.len &&
	       !ipsec_get_policy_key(&again, i.key, i.key_len) &&
	       !ipsec_get_policy(&again, value, i.len) &&
	       ipsec_list_add(l, &i, true);
}

static void forget(struct ipsec_item *i)
{
	if (i->value)
		explicit_bzero(i->value, i->len);
	free(i->value);
	i->value = NULL;
}

void ipsec_list_free(struct ipsec_list *l)
{
	size_t n;

	for (n = 0; n < l->n; n++)
		forget(&l->item[n]);
	free(l->item);
	*l = (struct ipsec_list) { .n = 0 };
}

/* --- how they differ ---------------------------------------------------------- */

static int by_key(const void *one, const void *two)
{
	const struct ipsec_item *a = one, *b = two;

	if (a->policy != b->policy)
		return a->policy - b->policy;
	if (a->key_len != b->key_len)
		return a->key_len < b->key_len ? -1 : 1;
	return memcmp(a->key, b->key, a->key_len);
}

static void sort(struct ipsec_list *l)
{
	if (l->n)
		qsort(l->item, l->n, sizeof(*l->item), by_key);
}

static struct ipsec_item *find(const struct ipsec_list *l,
			       const struct ipsec_item *i)
{
	return l->n ? bsearch(i, l->item, l->n, sizeof(*i), by_key) : NULL;
}

static bool put(const struct ipsec_item *i, const struct ipsec_item *was,
		const struct ipsec_ops *ops, void *ctx)
{
	return (was && !memcmp(was->hash, i->hash, sizeof(i->hash))) ||
	       ops->put(ctx, i);
}

void ipsec_diff(struct ipsec_list *now, struct ipsec_list *told,
		const struct ipsec_ops *ops, void *ctx)
{
	struct ipsec_list next = { .n = 0 };
	struct ipsec_item *was;
	size_t n;

	sort(now);
	sort(told);
	/* what is not known to be told is told again */
	for (n = 0; n < now->n; n++) {
		was = find(told, &now->item[n]);
		if (put(&now->item[n], was, ops, ctx))
			ipsec_list_add(&next, &now->item[n], false);
		else if (was)
			was->done = true;
	}
	for (n = 0; n < told->n; n++) {
		was = &told->item[n];
		if (was->done)
			memset(was->hash, 0, sizeof(was->hash));
		else if (find(now, was) || (ops->del && ops->del(ctx, was)))
			continue;
		was->len = 0;
		forget(was);
		ipsec_list_add(&next, was, false);
	}
	ipsec_list_free(told);
	*told = next;
}

/* --- whose they are ------------------------------------------------------------ */

bool ipsec_pair_set(struct ipsec_pair *p, const struct fo_config *c)
{
	unsigned int i, n = 0;

	ipsec_pair_free(p);
	for (i = 0; i < c->n_ifcs; i++)
		n += c->ifc[i].n_addrs;
	p->addr = n ? calloc(n, sizeof(*p->addr)) : NULL;
	if (!p->addr)
		return !n;
	for (i = 0; i < c->n_ifcs; i++) {
		memcpy(p->addr + p->n, c->ifc[i].addr,
		       c->ifc[i].n_addrs * sizeof(*p->addr));
		p->n += c->ifc[i].n_addrs;
	}
	return true;
}

void ipsec_pair_free(struct ipsec_pair *p)
{
	free(p->addr);
	*p = (struct ipsec_pair) { .n = 0 };
}

bool ipsec_pair_addr(const struct ipsec_pair *p, uint64_t family,
		     const unsigned char *addr)
{
	int af = family == 4 ? AF_INET : AF_INET6;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->addr[i].family == af &&
		    !memcmp(p->addr[i].active, addr, addr_len(af)))
			return true;
	return false;
}

bool ipsec_pair_sa(const struct ipsec_pair *p, const struct ipsec_sa *sa)
{
	return ipsec_pair_addr(p, sa->family, sa->src) ||
	       ipsec_pair_addr(p, sa->family, sa->dst);
}

/* In transport mode a template may leave it to the packet. */
static bool by_selector(const struct ipsec_pair *p, const struct ipsec_sel *s)
{
	uint64_t bits = s->family == 4 ? 32 : 128;

	return (s->src_len == bits && ipsec_pair_addr(p, s->family, s->src)) ||
	       (s->dst_len == bits && ipsec_pair_addr(p, s->family, s->dst));
}

bool ipsec_pair_policy(const struct ipsec_pair *p, const struct ipsec_policy *q)
{
	const struct ipsec_tmpl *t = q->tmpl;

	for (; t < q->tmpl + q->n_tmpls; t++)
		if (ipsec_pair_addr(p, t->family, t->src) ||
		    ipsec_pair_addr(p, t->family, t->dst) ||
		    (!t->mode && by_selector(p, &q->sel)))
			return true;
	return false;
}

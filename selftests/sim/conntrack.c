// SPDX-License-Identifier: GPL-2.0
/* The connection table of a unit, and the other tables of its kernel. */
#include "shim.h"

static const struct pernet_operations *pernet[4];
static unsigned int pernets;

spinlock_t nf_conntrack_locks[CONNTRACK_LOCKS];
unsigned int nf_conntrack_htable_size = CT_BUCKETS;

int register_pernet_subsys(struct pernet_operations *ops)
{
	sim_assert(pernets < ARRAY_SIZE(pernet), "too many pernet operations");
	*ops->id = pernets;
	pernet[pernets++] = ops;
	return 0;
}

void unregister_pernet_subsys(struct pernet_operations *ops)
{
	(void)ops;
}

void *net_generic(const struct net *net, unsigned int id)
{
	return net->generic[id];
}

void sim_net_init(struct net *net, int unit)
{
	unsigned int i;

	for (i = 0; i < CONNTRACK_LOCKS; i++)
		spin_lock_init(&nf_conntrack_locks[i]);
	memset(net, 0, sizeof(*net));
	net->unit = unit;
	net->pool = sim_alloc(CT_POOL * sizeof(*net->pool), true);
	for (i = CT_POOL; i--;) {
		net->pool[i].free = net->free;
		net->free = &net->pool[i];
	}
	for (i = 0; i < pernets; i++) {
		net->generic[i] = sim_alloc(pernet[i]->size, true);
		if (pernet[i]->init)
			pernet[i]->init(net);
	}
}

void sim_net_exit(struct net *net)
{
	unsigned int i;

	for (i = 0; i < pernets; i++)
		if (pernet[i]->pre_exit)
			pernet[i]->pre_exit(net);
	synchronize_rcu();
	for (i = 0; i < pernets; i++) {
		if (pernet[i]->exit)
			pernet[i]->exit(net);
		sim_free(net->generic[i]);
		net->generic[i] = NULL;
	}
}

int nf_register_net_hooks(struct net *net, struct nf_hook_ops *ops,
			  unsigned int n)
{
	net->hooks = ops;
	net->n_hooks = n;
	return 0;
}

void nf_unregister_net_hooks(struct net *net, struct nf_hook_ops *ops,
			     unsigned int n)
{
	(void)ops;
	(void)n;
	net->n_hooks = 0;
	synchronize_rcu();
}

u32 hash32_ptr(const void *p)
{
	const struct net *net = sim_net();

	return (u32)((const struct nf_conn *)p - net->pool) * 0x9e3779b1U >> 7;
}

/* --- checksum: eight bytes at a time ----------------------------------- */

static u32 crc_table[8][256];

static void fill_crc_table(void)
{
	unsigned int i, j;
	u32 c;

	for (i = 0; i < 256; i++) {
		for (c = i, j = 0; j < 8; j++)
			c = c >> 1 ^ (c & 1 ? 0x82f63b78 : 0);
		crc_table[0][i] = c;
	}
	for (i = 0; i < 256; i++)
		for (j = 1; j < 8; j++)
			crc_table[j][i] = crc_table[j - 1][i] >> 8 ^
				crc_table[0][crc_table[j - 1][i] & 0xff];
}

u32 crc32c(u32 crc, const void *p, size_t len)
{
	const u8 *b = p;
	unsigned int i;
	u32 c;

	if (!crc_table[0][1])
		fill_crc_table();
	for (; len >= 8; len -= 8, b += 8) {
		for (c = 0, i = 0; i < 4; i++)
			c ^= crc_table[7 - i][b[i] ^ (crc >> 8 * i & 0xff)] ^
			     crc_table[3 - i][b[4 + i]];
		crc = c;
	}
	while (len--)
		crc = crc >> 8 ^ crc_table[0][(crc ^ *b++) & 0xff];
	return crc;
}

/* --- arrays ------------------------------------------------------------ */

void xa_init_flags(struct xarray *xa, int flags)
{
	(void)flags;
	memset(xa, 0, sizeof(*xa));
	spin_lock_init(&xa->lock);
}

void *xa_load(const struct xarray *xa, unsigned long n)
{
	return n < xa->size ? xa->slot[n] : NULL;
}

/* Numbers stay small: the lowest free one is given. */
static int grow(struct xarray *xa, unsigned long n)
{
	unsigned long size = xa->size ? xa->size : 32;
	void **slot;

	sim_assert(n < 8 * CT_POOL, "a slot has too great a number");
	if (n < xa->size)
		return 0;
	while (size <= n)
		size *= 2;
	slot = sim_alloc(size * sizeof(*slot), true);
	if (xa->size)
		memcpy(slot, xa->slot, xa->size * sizeof(*slot));
	sim_free(xa->slot);
	xa->slot = slot;
	xa->size = size;
	return 0;
}

int xa_alloc_bh(struct xarray *xa, u32 *n, void *e, u32 limit, gfp_t gfp)
{
	unsigned long i = 1;

	(void)limit;
	(void)gfp;
	xa_lock_bh(xa);
	while (xa_load(xa, i))
		i++;
	grow(xa, i);
	xa->slot[i] = e;
	*n = i;
	xa_unlock_bh(xa);
	return 0;
}

int xa_insert_bh(struct xarray *xa, unsigned long n, void *e, gfp_t gfp)
{
	int err = 0;

	(void)gfp;
	xa_lock_bh(xa);
	grow(xa, n);
	if (xa->slot[n])
		err = -EBUSY;
	else
		xa->slot[n] = e;
	xa_unlock_bh(xa);
	return err;
}

void __xa_erase(struct xarray *xa, unsigned long n)
{
	if (n < xa->size)
		xa->slot[n] = NULL;
}

void xa_destroy(struct xarray *xa)
{
	sim_free(xa->slot);
	xa->slot = NULL;
	xa->size = 0;
}

/* --- connections ------------------------------------------------------- */

static u32 bucket(const struct nf_conntrack_tuple *t)
{
	u32 h = t->src.u3.ip * 31 + t->dst.u3.ip * 17 + t->src.u.all * 7 +
		t->dst.u.all * 3 + t->dst.protonum;

	return (h * 0x9e3779b1U >> 16) % CT_BUCKETS;
}

static struct nf_conntrack_tuple_hash *
find(struct net *net, const struct nf_conntrack_tuple *t)
{
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;

	hlist_nulls_for_each_entry(h, n, &net->hash[bucket(t)], hnnode)
		if (nf_ct_tuple_equal(&h->tuple, t))
			return h;
	return NULL;
}

struct nf_conntrack_tuple_hash *
nf_conntrack_find_get(struct net *net, const struct nf_conntrack_zone *zone,
		      const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_tuple_hash *h = find(net, tuple);

	(void)zone;
	if (h)
		nf_conntrack_get(&nf_ct_tuplehash_to_ctrack(h)->ct_general);
	return h;
}

/* What was freed last is used next, as by SLAB_TYPESAFE_BY_RCU at its worst. */
struct nf_conn *nf_conntrack_alloc(struct net *net,
				   const struct nf_conntrack_zone *zone,
				   const struct nf_conntrack_tuple *orig,
				   const struct nf_conntrack_tuple *reply,
				   gfp_t gfp)
{
	struct nf_conn *ct = net->free;

	(void)zone;
	(void)gfp;
	if (!ct)
		return ERR_PTR(-ENOMEM);
	net->free = ct->free;
	net->live++;
	memset(ct, 0, sizeof(*ct));
	spin_lock_init(&ct->lock);
	ct->net = net;
	ct->tuplehash[0].tuple = *orig;
	ct->tuplehash[1].tuple = *reply;
	ct->tuplehash[0].tuple.dst.dir = 0;
	ct->tuplehash[1].tuple.dst.dir = 1;
	return ct;
}

void nf_conntrack_free(struct nf_conn *ct)
{
	struct net *net = ct->net;

	sim_assert(!ct->ct_general.use.v, "a connection is freed while in use");
	sim_assert(!ct->lock.held, "a connection is freed while locked");
	ct->free = net->free;
	net->free = ct;
	net->live--;
}

void nf_ct_put(struct nf_conn *ct)
{
	sim_assert(ct->ct_general.use.v > 0, "a connection is put too often");
	if (!--ct->ct_general.use.v)
		nf_conntrack_free(ct);
}

static void link_hash(struct nf_conntrack_tuple_hash *h, struct net *net)
{
	struct hlist_nulls_head *head = &net->hash[bucket(&h->tuple)];

	h->hnnode.next = head->first;
	head->first = &h->hnnode;
}

static void unlink_hash(struct nf_conntrack_tuple_hash *h, struct net *net)
{
	struct hlist_nulls_node **p = &net->hash[bucket(&h->tuple)].first;

	while (*p != &h->hnnode)
		p = &(*p)->next;
	*p = h->hnnode.next;
}

int nf_conntrack_hash_check_insert(struct nf_conn *ct)
{
	struct net *net = ct->net;

	if (find(net, &ct->tuplehash[0].tuple) ||
	    find(net, &ct->tuplehash[1].tuple))
		return -EEXIST;
	/* one for the table, one for the caller */
	ct->ct_general.use.v = 2;
	link_hash(&ct->tuplehash[0], net);
	link_hash(&ct->tuplehash[1], net);
	return 0;
}

bool nf_ct_delete(struct nf_conn *ct, u32 portid, int report)
{
	struct nf_ct_event item = { .ct = ct, .portid = portid,
				    .report = report };
	struct net *net = ct->net;

	if (ct->status & IPS_DYING)
		return false;
	ct->status |= IPS_DYING;
	if (net->ct.nf_conntrack_event_cb)
		net->ct.nf_conntrack_event_cb->ct_event(1 << IPCT_DESTROY,
							&item);
	unlink_hash(&ct->tuplehash[0], net);
	unlink_hash(&ct->tuplehash[1], net);
	nf_ct_put(ct);
	return true;
}

unsigned int nf_nat_setup_info(struct nf_conn *ct,
			       const struct nf_nat_range2 *range,
			       enum nf_nat_manip_type manip)
{
	struct nf_conntrack_tuple *reply = &ct->tuplehash[1].tuple;

	if (manip == NF_NAT_MANIP_SRC) {
		reply->dst.u3 = range->min_addr;
		reply->dst.u.all = range->min_proto.all;
		ct->status |= IPS_SRC_NAT_DONE;
		if (!nf_inet_addr_cmp(&reply->dst.u3,
				      &ct->tuplehash[0].tuple.src.u3) ||
		    reply->dst.u.all != ct->tuplehash[0].tuple.src.u.all)
			ct->status |= IPS_SRC_NAT;
	} else {
		reply->src.u3 = range->min_addr;
		reply->src.u.all = range->min_proto.all;
		ct->status |= IPS_DST_NAT_DONE;
		if (!nf_inet_addr_cmp(&reply->src.u3,
				      &ct->tuplehash[0].tuple.dst.u3) ||
		    reply->src.u.all != ct->tuplehash[0].tuple.dst.u.all)
			ct->status |= IPS_DST_NAT;
	}
	return NF_ACCEPT;
}

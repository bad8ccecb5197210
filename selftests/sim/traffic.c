// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that come, change and go on the unit that forwards. Every change
 * in the whole run has a number of its own, which is kept in the connection's
 * mark, so that the checks know what is newer.
 */
#include "box.h"

#define LIFE	(TRAFFIC_LIFE * HZ)

u32 traffic_stamp;

static unsigned int keys;

void traffic_reset(unsigned int n)
{
	traffic_stamp = 0;
	keys = n;
}

static struct nf_conntrack_tuple original(unsigned int key)
{
	struct nf_conntrack_tuple t;

	memset(&t, 0, sizeof(t));
	t.src.u3.ip = 0x0a000001 + key;
	t.src.u.all = 1024 + key;
	t.src.l3num = NFPROTO_IPV4;
	t.dst.u3.ip = 0xc0000201;
	t.dst.u.all = 80;
	t.dst.protonum = key % 3 ? IPPROTO_TCP : IPPROTO_UDP;
	return t;
}

static void event(struct nf_conn *ct, unsigned int events)
{
	const struct nf_ct_event item = { .ct = ct };
	struct nf_ct_event_notifier *n = ct->net->ct.nf_conntrack_event_cb;

	if (n)
		n->ct_event(events, &item);
}

static void masquerade(struct nf_conn *ct)
{
	const struct nf_nat_range2 to = {
		.min_addr.ip = 0xcb007101,
		/* from a small pool, so that a port soon has another owner */
		.min_proto.all = 40000 + sim_below(keys),
	};

	nf_nat_setup_info(ct, &to, NF_NAT_MANIP_SRC);
	ct->nat.masq_index = 3;
}

static void create(struct net *net, const struct nf_conntrack_tuple *t,
		   unsigned int key)
{
	struct nf_conntrack_tuple inverse;
	struct nf_conn *ct;

	nf_ct_invert_tuple(&inverse, t);
	ct = nf_conntrack_alloc(net, &nf_ct_zone_dflt, t, &inverse, 0);
	if (IS_ERR(ct))
		return;
	if (key % 2)
		masquerade(ct);
	ct->status |= IPS_CONFIRMED;
	ct->mark = ++traffic_stamp;
	ct->timeout = nfct_time_stamp + LIFE;
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		ct->proto.tcp.state = sim_chance(500000) ?
			TCP_CONNTRACK_ESTABLISHED : TCP_CONNTRACK_SYN_SENT;
	else if (sim_chance(500000))
		ct->status |= IPS_SEEN_REPLY;
	if (nf_conntrack_hash_check_insert(ct)) {
		nf_conntrack_free(ct);
		return;
	}
	event(ct, 1 << IPCT_NEW);
	nf_ct_put(ct);
}

static void change(struct nf_conn *ct)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;

	ct->timeout = nfct_time_stamp + LIFE;
	ct->mark = ++traffic_stamp;
	if (nf_ct_protonum(ct) != IPPROTO_TCP) {
		ct->status |= IPS_SEEN_REPLY |
			      (sim_chance(500000) ? IPS_ASSURED : 0);
	} else {
		tcp->seen[0].td_maxwin = 1000;
		tcp->seen[1].td_maxwin = 1000;
		if (tcp->state < TCP_CONNTRACK_ESTABLISHED ||
		    (tcp->state < TCP_CONNTRACK_TIME_WAIT &&
		     sim_chance(200000)))
			tcp->state++;
		ct->status |= IPS_SEEN_REPLY;
	}
	event(ct, 1 << IPCT_MARK);
}

static bool gate_open(struct net *net)
{
	struct iphdr ip = { .protocol = IPPROTO_UDP };
	struct sk_buff skb = { .data = (u8 *)&ip, .len = sizeof(ip) };
	const struct nf_hook_state state = { .pf = NFPROTO_IPV4, .net = net };
	unsigned int i;

	for (i = 0; i < net->n_hooks; i++)
		if (net->hooks[i].pf == NFPROTO_IPV4 &&
		    net->hooks[i].hooknum == NF_INET_PRE_ROUTING &&
		    net->hooks[i].hook(net->hooks[i].priv, &skb, &state) !=
		    NF_ACCEPT)
			return false;
	/* a unit whose failover is off serves nobody here */
	return net->n_hooks;
}

static void packet(void *arg)
{
	struct net *net = arg;
	unsigned int key = sim_below(keys);
	struct nf_conntrack_tuple t = original(key);
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct;

	if (!gate_open(net))
		return;
	sim.tally[TALLY_CHANGES]++;
	h = nf_conntrack_find_get(net, &nf_ct_zone_dflt, &t);
	if (!h) {
		create(net, &t, key);
		return;
	}
	ct = nf_ct_tuplehash_to_ctrack(h);
	if (sim_chance(150000))
		nf_ct_delete(ct, 0, 0);
	else
		change(ct);
	nf_ct_put(ct);
}

void traffic_packet(int unit)
{
	if (box_up(unit))
		sim_softirq(unit, packet, box_net(unit));
}

static void vanish(void *arg)
{
	struct nf_conn *ct = arg;

	nf_ct_delete(ct, 0, 0);
}

/* An entry of a standby is deleted by hand; false when there is none. */
bool traffic_vanish(int unit)
{
	struct net *net = box_net(unit);
	unsigned int i = sim_below(CT_POOL), n = CT_POOL;
	struct nf_conn *ct;

	if (!box_up(unit) || box_unit(unit)->role.active)
		return false;
	for (; n--; i = (i + 1) % CT_POOL) {
		ct = &net->pool[i];
		if (!ct->ct_general.use.v || nf_ct_is_dying(ct) ||
		    !fo_slot_of(ct))
			continue;
		sim_softirq(unit, vanish, ct);
		return true;
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The network between the units, in the place of link.c: what is sent goes
 * into a queue of frames in flight, and may be lost, doubled, damaged, late or
 * held up on its way.
 */
#include <stdlib.h>

#include "shim.h"
#include "link.h"
#include "relay.h"
#include "secret.h"
#include "wire.h"

#define IN_FLIGHT	8192
#define NIC_QUEUE	512	/* frames that a slow receiver may be behind */

/**
 * struct flight - a frame on its way
 * @due: when it arrives
 * @order: breaks ties; how many were sent before
 * @waits: it has arrived, but the receiver has others to do first
 */
struct flight {
	u64 due;
	u64 order;
	u8 to;
	u8 link;
	u16 len;
	bool waits;
	u8 *data;
};

struct wire wires[UNITS][2];

static struct flight heap[IN_FLIGHT];
static unsigned int flights;
static u64 orders;
static unsigned int mtu;
static bool down[UNITS][2];
static u64 wire_free[UNITS][2];
static u64 last_due[UNITS][2];
static u64 slowness[UNITS], busy[UNITS];
static unsigned int behind[UNITS];
static struct fo_link *open_link[UNITS][2];

void net_reset(unsigned int m)
{
	while (flights)
		free(heap[--flights].data);
	orders = 0;
	mtu = m;
	memset(wires, 0, sizeof(wires));
	memset(down, 0, sizeof(down));
	memset(wire_free, 0, sizeof(wire_free));
	memset(last_due, 0, sizeof(last_due));
	memset(slowness, 0, sizeof(slowness));
	memset(busy, 0, sizeof(busy));
	memset(behind, 0, sizeof(behind));
	memset(open_link, 0, sizeof(open_link));
}

void net_slow(int unit, u64 ns_per_frame)
{
	slowness[unit] = ns_per_frame;
}

void net_link_down(int unit, int link, bool is_down)
{
	down[unit][link] = is_down;
}

/* --- frames in flight: a heap ------------------------------------------ */

static bool before(const struct flight *a, const struct flight *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct flight *a, struct flight *b)
{
	struct flight t = *a;

	*a = *b;
	*b = t;
}

static void push(const struct flight *f)
{
	unsigned int i = flights++;

	heap[i] = *f;
	while (i && before(&heap[i], &heap[(i - 1) / 2])) {
		swap(&heap[i], &heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static struct flight pop(void)
{
	struct flight first = heap[0];
	unsigned int i = 0, child;

	heap[0] = heap[--flights];
	while ((child = 2 * i + 1) < flights) {
		if (child + 1 < flights && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &heap[i]))
			break;
		swap(&heap[child], &heap[i]);
		i = child;
	}
	return first;
}

/* --- the wire ---------------------------------------------------------- */

static void fly(int from, int link, const u8 *frame, size_t len, bool damaged)
{
	const struct wire *w = &wires[from][link];
	struct flight f = { .order = orders++, .to = !from, .link = link,
			    .len = len };
	u64 start = sim.now;

	if (flights == IN_FLIGHT)
		return;
	if (w->ns_per_byte) {
		if (wire_free[from][link] > start)
			start = wire_free[from][link];
		if (start > sim.now + 300 * MSEC) {
			sim.tally[TALLY_LOST]++;
			return;		/* the queue of the device is full */
		}
		start += len * w->ns_per_byte;
		wire_free[from][link] = start;
	}
	f.due = start + w->delay + (w->jitter ? sim_below(w->jitter) : 0);
	if (sim_chance(w->late))
		f.due += 20 * MSEC + sim_below(2 * SEC);
	if (f.due < last_due[from][link])
		sim.tally[TALLY_LATE]++;
	else
		last_due[from][link] = f.due;
	f.data = malloc(len);
	memcpy(f.data, frame, len);
	if (damaged) {
		f.data[sim_below(len)] ^= 1 << sim_below(8);
		sim.tally[TALLY_DAMAGED]++;
	}
	push(&f);
}

static const char *frame_name(const u8 *frame)
{
	static const char *const names[] = { "?", "HAND", "HELLO", "DATA",
					     "ACK", "NOISE", "MSG" };

	return names[frame[1] < ARRAY_SIZE(names) ? frame[1] : 0];
}

/* Its counter, or what an ACK acknowledges. */
static u64 frame_number(const u8 *frame)
{
	const u8 *p = frame + (frame[1] == FO_FRAME_ACK ? FO_HDR_LEN : 8);

	return p[7] | p[6] << 8 | p[5] << 16;
}

static void transmit(int from, int link, const u8 *frame, size_t len)
{
	const struct wire *w = &wires[from][link];

	sim.tally[TALLY_FRAMES]++;
	sim_trace(from, "sends", frame_name(frame), frame_number(frame), len);
	if (w->cut || sim_chance(w->loss)) {
		sim.tally[TALLY_LOST]++;
		return;
	}
	fly(from, link, frame, len, sim_chance(w->damage));
	if (sim_chance(w->twice)) {
		sim.tally[TALLY_DOUBLED]++;
		fly(from, link, frame, len, false);
	}
}

u64 net_due(void)
{
	return flights ? heap[0].due : NEVER;
}

int net_due_unit(void)
{
	return heap[0].to;
}

static void arrive(void *arg)
{
	struct flight *f = arg;
	struct fo_link *l = open_link[f->to][f->link];
	struct sk_buff *skb;

	if (!l || down[f->to][f->link])
		return;
	skb = sim_alloc(sizeof(*skb) + f->len, false);
	skb->data = (u8 *)(skb + 1);
	skb->len = f->len;
	memcpy(skb->data, f->data, f->len);
	fo_count(l->stats, FO_CNT_RX_FRAMES);
	l->up->rx(l->ctx, l, skb);
}

/* A receiver that is behind takes a frame when it has done the others. */
static bool must_wait(struct flight *f)
{
	int to = f->to;

	if (sim_stalled(to)) {
		f->due = sim_stall_end(to);
		return true;
	}
	if (f->waits) {
		behind[to]--;
		return false;
	}
	if (busy[to] < sim.now)
		busy[to] = sim.now;
	f->due = busy[to];
	busy[to] += slowness[to];
	if (f->due == sim.now)
		return false;
	behind[to]++;
	f->waits = true;
	return true;
}

void net_run(void)
{
	struct flight f = pop();

	if (must_wait(&f)) {
		if (behind[f.to] <= NIC_QUEUE) {
			push(&f);
			return;
		}
		behind[f.to]--;
		sim.tally[TALLY_LOST]++;
	} else {
		sim_trace(f.to, "gets", frame_name(f.data),
			  frame_number(f.data), f.len);
		sim_softirq(f.to, arrive, &f);
	}
	free(f.data);
}

/* --- what the module calls: link.h -------------------------------------- */

static void no_learn(struct fo_link *l, const struct sk_buff *skb)
{
	(void)l;
	(void)skb;
}

static const struct fo_link_ops ops = { .learn = no_learn };
/* unit.c chooses among these; the net here has but one kind */
const struct fo_link_ops fo_link_eth_ops, fo_link_udp_ops;

static int number(const struct fo_link *l)
{
	return l->setup.ifname[4] - '0';
}

void fo_link_init(struct fo_link *l, struct net *net, struct fo_stats *stats,
		  const struct fo_link_up *up, void *ctx)
{
	memset(l, 0, sizeof(*l));
	l->net = net;
	l->setup.ops = &ops;
	l->stats = stats;
	l->up = up;
	l->ctx = ctx;
}

void fo_link_open(struct fo_link *l, const struct fo_link_setup *setup)
{
	l->setup = *setup;
	l->setup.ops = &ops;
	open_link[l->net->unit][number(l)] = l;
}

void fo_link_close(struct fo_link *l)
{
	if (!l->setup.ifname[0])
		return;
	open_link[l->net->unit][number(l)] = NULL;
	l->setup.ifname[0] = '\0';
	synchronize_net();
}

void net_unplug(int unit)
{
	memset(open_link[unit], 0, sizeof(open_link[unit]));
}

void fo_link_netdev_event(struct fo_link *l, unsigned long event,
			  struct net_device *dev)
{
	(void)l;
	(void)event;
	(void)dev;
}

/* Packets are not simulated, only what they change: none is relayed. */
void fo_relay_init(struct fo_relay *r, struct fo_stats *stats,
		   struct fo_store *store)
{
	*r = (struct fo_relay){ .stats = stats, .store = store };
}

void fo_relay_hold(struct fo_relay *r) { (void)r; }
void fo_relay_pass(struct fo_relay *r) { (void)r; }
void fo_relay_back(struct fo_relay *r) { (void)r; }
void fo_relay_stop(struct fo_relay *r) { (void)r; }

unsigned int fo_relay_take(struct fo_relay *r, struct sk_buff *skb)
{
	(void)r;
	(void)skb;
	return NF_DROP;
}

/* Nor is netlink, over which the daemon is told keys. */
void fo_secrets_init(struct fo_secrets *s) { (void)s; }
void fo_secrets_wipe(struct fo_secrets *s) { (void)s; }
void fo_secrets_end(struct fo_secrets *s) { (void)s; }

bool fo_link_usable(struct fo_link *l)
{
	return l->setup.ifname[0] && !down[l->net->unit][number(l)];
}

unsigned int fo_link_mtu(struct fo_link *l)
{
	(void)l;
	return mtu;
}

int fo_link_ifindex(struct fo_link *l)
{
	return l->setup.ifname[0] ? 1 + number(l) : 0;
}

int fo_link_send(struct fo_link *l, const u8 *frame, size_t len,
		 unsigned int how)
{
	int unit = l->net->unit;

	(void)how;
	if (!fo_link_usable(l)) {
		fo_count(l->stats, FO_CNT_TX_LINK_DOWN);
		return -ENETDOWN;
	}
	sim_assert(len <= mtu || frame[1] != FO_FRAME_DATA,
		   "a DATA frame is longer than the link takes");
	check_sent(unit, frame, len);
	transmit(unit, number(l), frame, len);
	return 0;
}

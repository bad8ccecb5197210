// SPDX-License-Identifier: GPL-2.0
/*
 * The data network between the units, on which the daemons ask for the mate.
 * The kernel of a unit that lives answers for the addresses that it holds, also
 * without a daemon. Questions and answers may be lost, or be sent back to where
 * they come from.
 */
#include <string.h>

#include "sim.h"

#define IN_FLIGHT	256
#define INBOX		16
#define FRAME		64

/**
 * struct post - a frame on its way
 * @due: when it arrives; NEVER: there is none
 */
struct post {
	u64 due;
	int to;
	u8 frame[FRAME];
};

struct lan lan;

static struct post post[IN_FLIGHT];
static u8 inbox[UNITS][INBOX][FRAME];
static unsigned int waiting[UNITS];
static int holds[UNITS];	/* LAN_NOTHING, or the role of its addresses */

void lan_reset(u64 delay)
{
	unsigned int i;

	for (i = 0; i < IN_FLIGHT; i++)
		post[i].due = NEVER;
	memset(waiting, 0, sizeof(waiting));
	lan = (struct lan){ .delay = delay };
	holds[0] = holds[1] = LAN_NOTHING;
}

void lan_hold(int unit, int what)
{
	holds[unit] = what;
	waiting[unit] *= what != LAN_NOTHING;
}

bool lan_holds_active(int unit)
{
	return holds[unit] == LAN_ACTIVE;
}

void lan_mac(int unit, u8 *mac)
{
	memcpy(mac, "\2\0\0\0\0", 5);
	mac[5] = unit + 1;
}

static void carry(int to, const u8 *frame)
{
	unsigned int i;

	for (i = 0; i < IN_FLIGHT; i++) {
		if (post[i].due != NEVER)
			continue;
		post[i].due = sim.now + lan.delay;
		post[i].to = to;
		memcpy(post[i].frame, frame, FRAME);
		return;
	}
}

static void transmit(int from, const u8 *frame)
{
	if (sim_chance(lan.mirror)) {
		sim.tally[TALLY_MIRRORED]++;
		carry(from, frame);
	}
	if (!lan.cut && !sim_chance(lan.loss))
		carry(!from, frame);
}

void lan_send(int from, const u8 *frame, size_t len)
{
	u8 whole[FRAME] = { 0 };

	sim.tally[TALLY_QUESTIONS]++;
	memcpy(whole, frame, len < FRAME ? len : FRAME);
	transmit(from, whole);
}

size_t lan_recv(int unit, u8 *frame)
{
	if (!waiting[unit])
		return 0;
	memcpy(frame, inbox[unit][--waiting[unit]], FRAME);
	return FRAME;
}

bool lan_waits(int unit)
{
	return waiting[unit];
}

/* As the kernel does: an ARP request for what is ours is answered. */
static void answer(int unit, const u8 *q)
{
	static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	u8 a[FRAME], mac[6];

	lan_mac(unit, mac);
	if ((memcmp(q, mac, 6) && memcmp(q, all, 6)) ||
	    holds[unit] == LAN_NOTHING ||
	    q[41] != (holds[unit] == LAN_ACTIVE ? LAN_ACTIVE_IP :
						  LAN_STANDBY_IP))
		return;
	memcpy(a, q, FRAME);
	memcpy(a, q + 6, 6);
	memcpy(a + 6, mac, 6);
	a[21] = 2;
	memcpy(a + 22, mac, 6);
	memcpy(a + 28, q + 38, 4);
	memcpy(a + 32, q + 22, 6);
	memcpy(a + 38, q + 28, 4);
	sim.tally[TALLY_ANSWERS]++;
	/* to its own MAC: only a mirror brings that here */
	if (!memcmp(a, mac, 6))
		carry(unit, a);
	else
		transmit(unit, a);
}

static void arrive(void *arg)
{
	const struct post *p = arg;
	u8 mac[6];

	if (p->frame[21] == 1) {
		answer(p->to, p->frame);
		return;
	}
	lan_mac(p->to, mac);
	if (waiting[p->to] == INBOX)
		return;
	memcpy(inbox[p->to][waiting[p->to]++], p->frame, FRAME);
	daemon_answer(p->to);
}

static struct post *first(void)
{
	struct post *p, *first = &post[0];

	for (p = post; p < post + IN_FLIGHT; p++)
		if (p->due < first->due)
			first = p;
	return first;
}

u64 lan_due(void)
{
	return first()->due;
}

void lan_run(void)
{
	struct post *p = first(), copy = *p;

	if (sim_stalled(p->to)) {
		p->due = sim_stall_end(p->to);
		return;
	}
	p->due = NEVER;
	if (box_up(copy.to))
		sim_softirq(copy.to, arrive, &copy);
}

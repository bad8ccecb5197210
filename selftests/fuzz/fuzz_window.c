// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of the windows in any order, against a model that remembers every
 * frame: each input byte is a call, those behind it are its arguments.
 */

#include "codec.h"
#include "fuzz.h"
#include "window.h"

#define FRAMES	1024	/* four windows; nothing is sent beyond */

enum call { PUSH, PUSH_MANY, ACK, LOST, WAIT, ACCEPT, REPORT, CALLS };

struct model {
	struct fo_txwin tx;
	u64 now;
	bool acked[FRAMES];
	unsigned int drops;

	struct fo_rxwin rx;
	bool here[FRAMES];
};

static void push(struct model *m)
{
	u64 next = m->tx.next;

	if (fo_txwin_full(&m->tx) || next == FRAMES)
		return;
	MUST(fo_txwin_push(&m->tx, m->now) == next);
	MUST(!m->acked[next]);
}

static void drop(void *ctx, u64 seq)
{
	struct model *m = ctx;

	MUST(seq && seq < m->tx.next && !m->acked[seq]);
	m->acked[seq] = true;
	m->drops++;
}

static bool sent_all(const struct model *m, u64 cum, u64 sack)
{
	int i;

	if (cum >= m->tx.next)
		return false;
	for (i = 0; i < 64; i++)
		if (sack >> i & 1 && cum + 2 + i >= m->tx.next)
			return false;
	return true;
}

static void ack(struct model *m, struct fo_reader *r)
{
	u64 cum = m->tx.una - 1 + (int8_t)fo_get_u8(r);
	u64 sack = fo_get_var(r);
	bool good = sent_all(m, cum, sack);
	unsigned int i;
	int news;

	m->drops = 0;
	news = fo_txwin_ack(&m->tx, cum, sack, m->now, drop, m);
	MUST(news == (good ? (int)m->drops : -EPROTO));
	MUST(good || !m->drops);
	if (!good)
		return;
	for (i = 1; i <= cum; i++)
		MUST(m->acked[i]);
	for (i = 0; i < 64; i++)
		if (sack >> i & 1)
			MUST(m->acked[cum + 2 + i]);
	for (i = 1; i < m->tx.next && m->acked[i]; i++)
		;
	MUST(m->tx.una == i);
}

static void lost(struct model *m)
{
	unsigned int n = 0;
	u64 seq, wake;

	while ((seq = fo_txwin_lost(&m->tx, m->now, &wake))) {
		MUST(seq >= m->tx.una && seq < m->tx.next && !m->acked[seq]);
		MUST(n++ < FO_WINDOW);
		fo_txwin_resent(&m->tx, seq, m->now);
	}
	MUST(!wake == !fo_txwin_inflight(&m->tx));
	MUST(!wake || (wake > m->now && wake <= m->now + FO_RTO_MAX));
}

static void accept(struct model *m, struct fo_reader *r)
{
	u64 seq = m->rx.next + (int8_t)fo_get_u8(r) * (u64)3;
	enum fo_rx want = FO_RX_AHEAD;

	if (seq < m->rx.next)
		want = FO_RX_DUP;
	else if (seq - m->rx.next >= FO_WINDOW)
		want = FO_RX_BEYOND;
	else if (seq == m->rx.next)
		want = FO_RX_NEXT;
	else if (seq < FRAMES && m->here[seq])
		want = FO_RX_DUP;
	if (seq >= FRAMES && want != FO_RX_BEYOND && want != FO_RX_DUP)
		return;
	MUST(fo_rxwin_accept(&m->rx, seq) == want);
	if (want == FO_RX_AHEAD || want == FO_RX_NEXT)
		m->here[seq] = true;
	if (want != FO_RX_NEXT)
		return;
	while (fo_rxwin_advance(&m->rx))
		MUST(m->rx.next < FRAMES && m->here[m->rx.next]);
	MUST(m->rx.next >= FRAMES || !m->here[m->rx.next]);
}

static void report(struct model *m)
{
	unsigned int i, ahead = 0;
	u64 cum, sack, seq;

	fo_rxwin_ack(&m->rx, &cum, &sack);
	MUST(cum == m->rx.next - 1);
	for (seq = m->rx.next; seq < FRAMES; seq++)
		ahead += m->here[seq];
	MUST(m->rx.ahead == ahead);
	for (i = 0; i < 64; i++) {
		seq = cum + 2 + i;
		MUST((sack >> i & 1) == (seq < FRAMES && m->here[seq]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;
	struct fo_reader r;
	unsigned int n;

	memset(&m, 0, sizeof(m));
	fo_txwin_init(&m.tx);
	fo_rxwin_init(&m.rx);
	m.now = 1;
	fo_reader_init(&r, data, size);
	while (fo_left(&r)) {
		switch (fo_get_u8(&r) % CALLS) {
		case PUSH:
			push(&m);
			break;
		case PUSH_MANY:
			for (n = fo_get_u8(&r); n; n--)
				push(&m);
			break;
		case ACK:
			ack(&m, &r);
			break;
		case LOST:
			lost(&m);
			break;
		case WAIT:
			m.now += 1ULL << fo_get_u8(&r) % 30;
			break;
		case ACCEPT:
			accept(&m, &r);
			break;
		case REPORT:
			report(&m);
			break;
		}
		MUST(fo_txwin_inflight(&m.tx) <= FO_WINDOW);
	}
	return 0;
}

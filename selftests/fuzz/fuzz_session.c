// SPDX-License-Identifier: GPL-2.0
/*
 * Two units as they are in the kernel (session.c, hello.c, apply.c, msg.c, echo.c),
 * with the input as the network between them: which frame arrives, is lost, doubled,
 * damaged or forged with a good seal (under the keys of the unit that it is for),
 * when time passes and who restarts. The first byte says whether the link has a
 * key; what comes under the handshake is forged by who knows it.
 *
 * As long as nothing was forged, records arrive in order, once, and in the
 * association in which they were sent, and what is acknowledged was applied.
 * Messages of user space arrive in order, once at most, and their sender is told
 * once what has become of each. Echoes come back once at most, as they were sent.
 * Whatever was forged, the windows stay consistent and all memory comes back.
 */
#include "shim.h"

#include <uapi/linux/nf_failover.h>

#include "apply.h"
#include "echo.h"
#include "fuzz_session.h"
#include "hello.h"
#include "msg.h"
#include "seal.h"
#include "session.h"

#define UNIT_COUNT	2
#define FLIGHTS		256
#define MTU		256
#define STEPS		4096
#define POLL_MS		100
#define HOLD_MS		400

struct unit {
	struct fo_stats stats;
	struct fo_session session;
	struct fo_hellos hello;
	struct fo_apply apply;
	struct fo_classes classes;
	struct fo_link link[FO_LINKS];
	u64 pushed;		/* records, in this association */
	u64 applied;
	u64 hellos_said;
	u64 hellos_heard;
	struct fo_msgs msgs;
	u64 said;		/* messages */
	u64 done;
	u64 understood;
	struct fo_echoes echoes;
	u64 asked;
	u64 returned;
};

struct flight {
	u8 to, link;
	u16 len;
	u8 *data;
};

static struct unit units[UNIT_COUNT];
static struct flight flight[FLIGHTS];
static unsigned int flights;
static bool forged;
static struct fo_psks psks;

static struct unit *peer_of(const struct unit *u)
{
	return &units[u == units];
}

/* --- the link --------------------------------------------------------- */

static void learn(struct fo_link *link, const struct sk_buff *skb)
{
}

static const struct fo_link_ops link_ops = { .learn = learn };

unsigned int fo_link_mtu(struct fo_link *link)
{
	return MTU;
}

bool fo_link_usable(struct fo_link *link)
{
	return true;
}

static void fly(u8 to, u8 link, const u8 *data, size_t len)
{
	struct flight *f = &flight[flights];

	if (flights == FLIGHTS)
		return;
	flights++;
	f->to = to;
	f->link = link;
	f->len = len;
	f->data = fuzz_alloc(len, false);
	memcpy(f->data, data, len);
}

int fo_link_send(struct fo_link *link, const u8 *frame, size_t len,
		 unsigned int how)
{
	struct unit *u = link->ctx;

	fly(u == units, link - u->link, frame, len);
	return 0;
}

static void lose(unsigned int i)
{
	fuzz_free(flight[i].data);
	memmove(&flight[i], &flight[i + 1],
		(flights - i - 1) * sizeof(*flight));
	flights--;
}

static void arrive(unsigned int i)
{
	struct unit *u = &units[flight[i].to];
	struct fo_link *link = &u->link[flight[i].link];
	struct sk_buff *skb = fuzz_skb(flight[i].data, flight[i].len);

	lose(i);
	fo_session_rx(&u->session, link, skb);
}

/* --- the rooms above -------------------------------------------------- */

static u32 association(const struct unit *u)
{
	return u->session.unit == NF_FAILOVER_UNIT_PRIMARY ?
	       u->session.local : u->session.peer.assoc;
}

static void apply_record(void *self, struct fo_rec *rec)
{
	struct unit *u = self;
	u32 assoc = fo_get_u32(&rec->body);
	u64 serial = fo_get_u64(&rec->body);

	MUST(u->session.up);
	if (forged)
		return;
	MUST(!rec->body.bad && !fo_left(&rec->body));
	MUST(assoc == association(u));
	MUST(serial == u->applied + 1);
	u->applied = serial;
}

static const struct fo_class class = {
	.id = FO_CLASS_CT, .apply = apply_record,
};

static void deliver(void *ctx, struct fo_reader *body)
{
	struct unit *u = ctx;

	MUST(u->session.rx_lock.held);
	fo_apply_frame(&u->apply, body);
	MUST(forged || !u->apply.damaged);
}

static void hello(void *ctx, struct fo_reader *body)
{
	struct unit *u = ctx;

	fo_hello_rx(&u->hello, body);
}

static void associated(void *ctx)
{
	struct unit *u = ctx;

	fo_msg_reset(&u->msgs);
	u->pushed = 0;
	u->applied = 0;
}

static void msg(void *ctx, struct fo_reader *body, bool sealed)
{
	struct unit *u = ctx;

	MUST(u->session.rx_lock.held);
	MUST(forged || sealed == (psks.mode == NF_FAILOVER_KEY_MODE_SECRET));
	fo_msg_rx(&u->msgs, body, sealed);
}

/* Messages are numbered; the socket of each has its number, and so has it. */
static int tell(void *ctx, u32 port, const struct fo_msg *m, u8 result)
{
	struct unit *u = ctx;

	MUST(!u->msgs.lock.held);
	MUST(m->len <= FO_MSG_DATA);
	if (m->kind == NF_FAILOVER_MSG_KIND_DONE) {
		MUST(u->done < u->said && m->id == ++u->done && port == m->id);
		MUST(forged || result != NF_FAILOVER_MSG_RESULT_DELIVERED ||
		     peer_of(u)->understood >= m->id);
		fo_msg_port_gone(&u->msgs, port);
		return 0;
	}
	if (!(fuzz_random() & 7))
		return -EAGAIN;
	MUST(forged || (m->kind == NF_FAILOVER_MSG_KIND_REQUEST &&
			m->id > u->understood));
	u->understood = m->id;
	return 0;
}

static const struct fo_msg_ops msg_ops = { .tell = tell };

static void speak(struct unit *u)
{
	static const u8 text[64];
	const struct fo_msg m = {
		.kind = NF_FAILOVER_MSG_KIND_REQUEST, .id = u->said + 1,
		.data = text, .len = fuzz_random() % sizeof(text),
	};

	u->said += !fo_msg_send(&u->msgs, m.id, &m, NULL);
}

static void echo(void *ctx, unsigned int link, size_t len,
		 struct fo_reader *body)
{
	struct unit *u = ctx;

	MUST(u->session.rx_lock.held && link < u->session.links);
	fo_echo_rx(&u->echoes, link, len, body);
}

#define ECHO_LEN(id)	(FO_FRAME_OVERHEAD + FO_ECHO_LEN + (id) % 100)

static void echoed(void *ctx, u32 port, const struct fo_echoed *e)
{
	struct unit *u = ctx;

	MUST(!u->echoes.lock.held);
	MUST(port == 1 && e->id <= u->asked && e->len == ECHO_LEN(e->id));
	MUST(++u->returned <= u->asked);
}

static const struct fo_echo_ops echo_ops = { .echoed = echoed };

static void call(struct unit *u)
{
	const struct fo_echoed e = {
		.link = fuzz_random() % u->session.links, .id = u->asked + 1,
		.len = ECHO_LEN(u->asked + 1),
	};

	u->asked += !fo_echo_send(&u->echoes, 1, &e, NULL);
}

static void acked(void *ctx)
{
}

static void mismatch(void *ctx, const char *why)
{
	/* who damages an INIT may be somebody with another key */
	MUST(forged || psks.mode == NF_FAILOVER_KEY_MODE_SECRET);
}

static const struct fo_session_ops session_ops = {
	.deliver = deliver, .hello = hello, .associated = associated,
	.acked = acked, .mismatch = mismatch, .msg = msg,
	.echo = echo,
};

static void fill(void *ctx, struct fo_hello *h)
{
	struct unit *u = ctx;

	h->epoch = ++u->hellos_said;
}

static void heard(void *ctx, const struct fo_hello *h)
{
	struct unit *u = ctx;

	MUST(forged || h->epoch > u->hellos_heard);
	u->hellos_heard = h->epoch;
}

static void lost(void *ctx, bool heard)
{
	struct unit *u = ctx;

	MUST(!u->session.up);
	fo_msg_reset(&u->msgs);
}

static void silent(void *ctx)
{
	struct unit *u = ctx;

	MUST(u->hello.alive);
}

static const struct fo_hello_ops hello_ops = {
	.fill = fill, .heard = heard, .lost = lost, .silent = silent,
};

/* --- units ------------------------------------------------------------ */

static void start(struct unit *u)
{
	MUST(!fo_session_open(&u->session, u - units ?
			      NF_FAILOVER_UNIT_SECONDARY :
			      NF_FAILOVER_UNIT_PRIMARY, &psks));
	fo_msg_start(&u->msgs);
	u->hello.alive = false;
	fo_hello_start(&u->hello, POLL_MS, HOLD_MS);
}

static bool holds(const struct fo_session *s, const u8 *key)
{
	static const u8 none[FO_KEY_LEN];
	const u8 *p = (const u8 *)s, *end = p + sizeof(*s) - FO_KEY_LEN;

	if (!memcmp(key, none, FO_KEY_LEN))
		return false;
	for (; (p = memchr(p, key[0], end - p + 1)); p++)
		if (!memcmp(p, key, FO_KEY_LEN))
			return true;
	return false;
}

/* What is freed with the unit is no key: neither a configured nor an agreed one. */
static void close_session(struct fo_session *s)
{
	const struct fo_keys was[] = { s->cur, s->prev, s->hand.next };
	const struct fo_noise primed = s->hand.primed[0];
	unsigned int i;

	fo_session_close(s);
	/* what is made of a configured key is as good as the key */
	MUST(!holds(s, primed.ck) && !holds(s, psks.key[0]));
	for (i = 0; i < ARRAY_SIZE(was); i++)
		MUST(!holds(s, was[i].tx) && !holds(s, was[i].rx));
}

static void stop(struct unit *u)
{
	fo_hello_stop(&u->hello);
	close_session(&u->session);
	fo_msg_stop(&u->msgs);
	MUST(u->said == u->done);
}

static void make(struct unit *u, unsigned int links)
{
	unsigned int i;

	memset(u, 0, sizeof(*u));
	MUST(!fo_stats_init(&u->stats));
	fo_session_init(&u->session, &u->stats, &session_ops, u);
	fo_hello_init(&u->hello, &u->session, &u->stats, &hello_ops, u);
	fo_msg_init(&u->msgs, &u->session, &u->stats, &msg_ops, u);
	u->msgs.clear = true;
	fo_echo_init(&u->echoes, &u->session, &u->stats, &echo_ops, u);
	MUST(!fo_msg_listen(&u->msgs, 1, NULL));
	u->classes.ref[FO_CLASS_CT] = (struct fo_class_ref){ &class, u };
	u->apply = (struct fo_apply){
		.stats = &u->stats, .classes = &u->classes, .accepting = true,
	};
	u->session.links = links;
	for (i = 0; i < links; i++) {
		u->link[i].setup.ops = &link_ops;
		u->link[i].ctx = u;
		u->session.link[i] = &u->link[i];
	}
	start(u);
}

static void push(struct unit *u)
{
	struct fo_frame f;
	u8 *begin;

	if (!fo_session_frame(&u->session, &f))
		return;
	begin = fo_rec_begin(&f.w, FO_CLASS_CT, FO_CT_CREATE);
	fo_put_u32(&f.w, association(u));
	fo_put_u64(&f.w, ++u->pushed);
	fo_rec_end(&f.w, begin);
	MUST(!f.w.full);
	fo_session_push(&u->session, &f);
}

static void check(const struct unit *u)
{
	const struct fo_session *s = &u->session, *p = &peer_of(u)->session;
	unsigned int i, waiting = 0;

	for (i = 0; i < FO_WINDOW; i++)
		waiting += !!s->rx_skb[i];
	MUST(waiting == s->rx.ahead);
	MUST(fo_txwin_inflight(&s->tx) <= FO_WINDOW);
	MUST(s->up || (!waiting && !fo_txwin_inflight(&s->tx)));
	if (forged || !s->up || !p->up || s->peer.assoc != p->local ||
	    p->peer.assoc != s->local)
		return;
	MUST(s->tx.una - 1 <= peer_of(u)->applied);
}

/* --- the input -------------------------------------------------------- */

static const u8 *key_of(const struct fo_session *s, const struct fo_hdr *h)
{
	return h->type == FO_FRAME_HAND || !s->cur.sealed ? NULL : s->cur.rx;
}

/* A frame of the input's making, as the unit it is for might expect it. */
static void forge(struct fo_reader *in)
{
	u8 who = fo_get_u8(in);
	struct fo_session *s = &units[who & 1].session;
	u8 frame[512];
	struct fo_hdr h = {
		.version = who & 2 ? fo_get_u8(in) : FO_WIRE_VERSION,
		.type	 = fo_get_u8(in),
	};
	size_t len = fo_get_u8(in);

	h.assoc = who & 4 ? fo_get_u32(in) :
		  h.type == FO_FRAME_HAND ? 0 : s->cur.from;
	h.counter = who & 8 ? fo_get_u64(in) >> 8 :
			      s->rx.next + fo_get_u8(in);
	len = min_t(size_t, len, fo_left(in));
	h.len = FO_FRAME_OVERHEAD + len;
	fo_get_bytes(in, frame + FO_HDR_LEN, len);
	fo_seal(key_of(s, &h), frame, frame + FO_HDR_LEN, &h);
	forged = true;
	fly(who & 1, 0, frame, h.len);
}

/*
 * One byte is another; with a new seal that is a frame of somebody else who has
 * our keys.
 */
static void damage(struct fo_reader *in, unsigned int i, bool seal)
{
	struct flight *f = &flight[i];
	const struct fo_session *s = &units[f->to].session;
	unsigned int at = fo_get_u8(in) % f->len;
	u8 with = fo_get_u8(in) | 1;
	struct fo_hdr h;

	if (!seal) {
		f->data[at] ^= with;
		return;
	}
	if (fo_hdr_get(f->data, f->len, &h) || h.type == FO_FRAME_NOISE ||
	    !fo_open(key_of(s, &h), f->data, &h))
		return;
	forged = true;
	f->data[at] ^= with;
	if (!fo_hdr_get(f->data, f->len, &h))
		fo_seal(key_of(s, &h), f->data, f->data + FO_HDR_LEN, &h);
}

static void on_frame(u8 op, struct fo_reader *in)
{
	unsigned int i = fo_get_u8(in);

	if (!flights)
		return;
	i %= flights;
	if (op == ARRIVE)
		arrive(i);
	else if (op == LOSE)
		lose(i);
	else if (op == DOUBLE)
		fly(flight[i].to, flight[i].link, flight[i].data,
		    flight[i].len);
	else
		damage(in, i, op == RESEAL);
}

static void on_unit(u8 op, struct fo_reader *in)
{
	u8 arg = fo_get_u8(in);
	struct unit *u = &units[arg & 1];

	if (op == PUSH)
		for (arg >>= 3; arg; arg--)
			push(u);
	else if (op == READY)
		fo_session_ready(&u->session);
	else if (op == DROP)
		fo_session_drop(&u->session);
	else if (op == HELLO)
		fo_hello_now(&u->hello);
	else if (op == SAY)
		for (arg >>= 4; arg; arg--) {
			speak(u);
			call(u);
		}
	else
		stop(u), start(u);
}

static void step(struct fo_reader *in)
{
	unsigned int n = FLIGHTS;
	u8 op = fo_get_u8(in) % OPS;

	switch (op) {
	case TIME:
		fuzz_time((u64)fo_get_u8(in) * 4 * NSEC_PER_MSEC);
		break;
	case ARRIVE_ALL:
		while (flights && n--) {
			arrive(0);
			fuzz_softirq();
		}
		break;
	case FORGE:
		forge(in);
		break;
	case PUSH:
	case READY:
	case DROP:
	case HELLO:
	case RESTART:
	case SAY:
		on_unit(op, in);
		break;
	default:
		on_frame(op, in);
	}
	fuzz_softirq();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int i, steps = STEPS;
	struct fo_reader in;

	fo_reader_init(&in, data, size);
	fuzz_begin();
	forged = false;
	i = fo_get_u8(&in);
	psks.mode = i & 2 ? NF_FAILOVER_KEY_MODE_CLEAR :
			    NF_FAILOVER_KEY_MODE_SECRET;
	psks.n = i & 2 ? 0 : 1 + (i >> 2 & 1);
	memset(psks.key, 7, sizeof(psks.key));
	i = 1 + (i & 1);
	make(&units[0], i);
	make(&units[1], i);
	while (fo_left(&in) && steps--) {
		step(&in);
		check(&units[0]);
		check(&units[1]);
	}
	for (i = 0; i < UNIT_COUNT; i++) {
		stop(&units[i]);
		fo_stats_exit(&units[i].stats);
	}
	while (flights)
		lose(0);
	fuzz_end();
	return 0;
}

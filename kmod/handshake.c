// SPDX-License-Identifier: GPL-2.0
/*
 * How two units agree on an association and on its keys.
 *
 * The secondary says INIT, the primary RESP: the two messages of the Noise
 * handshake NNpsk0, or the same in clear text when the link is. SOLICIT of a
 * primary without association makes the secondary say INIT. A handshake during
 * an association changes its keys and nothing else.
 *
 * What a stranger can do with it:
 * - An INIT of his own costs some hashes: it is not under our key. So many are
 *   tried in a second; a genuine one that comes in a flood is said again.
 * - An INIT that he has recorded is older than the newest of the same start of
 *   the secondary, which is remembered. Of a start that is not remembered (this
 *   unit was restarted) it gets an answer, within a limit of its own, unless
 *   there is an association or another answer is under way; nothing can come
 *   under keys of which he has no half, so nothing changes: an association
 *   ends, and keys are replaced, when the first frame comes under the new ones.
 * - A RESP has to know the index in our INIT, which is encrypted, until the
 *   answer is on the wire; only so many are tried.
 * - A SOLICIT makes the secondary say INIT, within limits; the association goes
 *   on meanwhile.
 *
 * An INIT is said again as it was: a new one would make an answer useless that
 * is on its way. So is its answer, to the same INIT.
 *
 * All in softirq, with the rx_lock of the session held. X25519 needs no FPU on
 * x86; ChaCha20 takes care of it itself.
 */

#include "handshake.h"

#include <linux/ktime.h>
#include <linux/random.h>
#include <uapi/linux/nf_failover.h>

#include "session.h"
#include "version.h"

/* An INIT that got no answer for so long is replaced by a new one. */
#define INIT_LIFE	1000000000ULL
/* Keys are replaced after so long, or after so many frames of either direction. */
#define REKEY_TIME	120000000000ULL
#define REKEY_FRAMES	0x40000000ULL
/* Each RESP that could be the answer costs an X25519. */
#define RESP_TRIES	4

static const char prologue[] = "nf_failover 1";

static const char clear_here[] =
	"the other unit has a key, this one has \"failover key none\"";
static const char clear_there[] =
	"the other unit sends in clear text (\"failover key none\")";
static const char other_key[] = "the other unit has another key";

/* COUNT at once, then one every PERIOD ns. */
static bool take(struct fo_bucket *b, u64 period, unsigned int count, u64 now)
{
	u64 full = max_t(u64, b->full, now);

	if (full + period > now + count * period)
		return false;
	b->full = full + period;
	return true;
}

static bool take_fresh(struct fo_handshake *hs, u64 now)
{
	return take(&hs->fresh, 50000000, 20, now);
}

static bool take_late(struct fo_handshake *hs, u64 now)
{
	return take(&hs->late, 500000000, 4, now);
}

static bool take_again(struct fo_handshake *hs, u64 now)
{
	return take(&hs->again, 5000000, 50, now);
}

static bool take_trial(struct fo_handshake *hs, u64 now)
{
	return take(&hs->trials, 200000, 50, now);
}

static bool is_primary(const struct fo_session *s)
{
	return s->unit == NF_FAILOVER_UNIT_PRIMARY;
}

static bool has_key(const struct fo_session *s)
{
	return s->hand.mode == NF_FAILOVER_KEY_MODE_SECRET;
}

static u32 random_number(void)
{
	return get_random_u32() ?: 1;
}

static void say(struct fo_session *s, const u8 *frame, size_t len)
{
	unsigned int i;

	for (i = 0; i < s->links; i++)
		fo_link_send(s->link[i], frame, len, true);
}

static void say_again(struct fo_session *s)
{
	say(s, s->hand.frame, s->hand.len);
}

static size_t payload(const struct fo_session *s, u8 op, u32 assoc, u8 *to)
{
	const struct fo_handshake *hs = &s->hand;
	struct fo_hand h = {
		.op	= op,
		.unit	= s->unit,
		.assoc	= assoc,
		.index	= op == FO_HAND_SOLICIT ? 0 : hs->index,
		.boot	= s->boot,
		.stamp	= op == FO_HAND_INIT ? hs->stamp : 0,
		.caps	= has_key(s) ? FO_CAP_SEALED : 0,
		.mtu	= fo_session_mtu(s),
		.digest	= op == FO_HAND_SOLICIT ? 0 : READ_ONCE(s->digest),
		.version = FO_VERSION,
	};
	struct fo_writer w;

	if (hs->refused)
		h.caps |= FO_CAP_OTHER_KEY;
	fo_writer_init(&w, to, FO_HAND_BODY);
	fo_hand_put(&w, &h);
	return w.p - to;
}

/* In clear text. Returns the length of the frame. */
static size_t hand_frame(u8 *frame, u32 index, const u8 *body, size_t len)
{
	const struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type	 = FO_FRAME_HAND,
		.len	 = FO_FRAME_OVERHEAD + len,
		.assoc	 = index,
	};

	fo_seal(NULL, frame, body, &h);
	return h.len;
}

/* As the next message of N. Returns the length of the frame, or 0. */
static size_t noise_frame(struct fo_noise *n, u8 *frame, u32 index,
			  const u8 *body, size_t len)
{
	const struct fo_hdr h = {
		.version = FO_WIRE_VERSION,
		.type	 = FO_FRAME_NOISE,
		.len	 = FO_HDR_LEN + FO_NOISE_OVERHEAD + len,
		.assoc	 = index,
	};
	u8 secret[FO_KEY_LEN];
	bool ok;

	get_random_bytes(secret, sizeof(secret));
	fo_hdr_put(frame, &h);
	ok = fo_noise_write(n, secret, body, len, frame + FO_HDR_LEN);
	memzero_explicit(secret, sizeof(secret));
	return ok ? h.len : 0;
}

static void make_frame(struct fo_session *s, struct fo_noise *n, u8 op,
		       u32 assoc, u32 to, u64 now)
{
	struct fo_handshake *hs = &s->hand;
	u8 body[FO_HAND_BODY];
	size_t len;

	hs->index = random_number();
	hs->at = now;
	len = payload(s, op, assoc, body);
	if (has_key(s)) {
		hs->len = noise_frame(n, hs->frame, to, body, len);
		/* our public key, and what both have in common */
		fo_count_n(s->stats, FO_CNT_X25519, op == FO_HAND_RESP ? 2 : 1);
	} else {
		hs->len = hand_frame(hs->frame, to, body, len);
	}
}

/* --- the secondary ---------------------------------------------------- */

static void make_init(struct fo_session *s, u64 now)
{
	struct fo_handshake *hs = &s->hand;

	hs->stamp = max_t(u64, ktime_get_real_ns(), hs->stamp + 1);
	hs->left = RESP_TRIES;
	if (has_key(s)) {
		hs->turn = (hs->turn + 1) % hs->psks;
		hs->noise = hs->primed[hs->turn];
	}
	make_frame(s, &hs->noise, FO_HAND_INIT, s->local, 0, now);
}

static void send_init(struct fo_session *s)
{
	struct fo_handshake *hs = &s->hand;
	u64 now = ktime_get_ns();

	if (!hs->len || now >= hs->at + INIT_LIFE) {
		if (!take_fresh(hs, now)) {
			fo_count(s->stats, FO_CNT_RX_LIMITED);
			return;
		}
		make_init(s, now);
	}
	if (hs->len)
		say_again(s);
}

/* Whether H may be the other unit. */
static bool fits(struct fo_session *s, const struct fo_hand *h)
{
	if (h->boot == s->boot) {
		fo_count(s->stats, FO_CNT_RX_OWN);
		return false;
	}
	if (h->unit == s->unit) {
		fo_count(s->stats, FO_CNT_RX_MISMATCH);
		fo_session_set_mismatch(s, is_primary(s) ?
					"both units are primary" :
					"both units are secondary");
		return false;
	}
	return true;
}

/* The answer to our INIT; from it on frames are under the new keys. */
static void rx_resp(struct fo_session *s, const struct fo_hand *h,
		    struct fo_keys *keys)
{
	struct fo_handshake *hs = &s->hand;

	if (h->op != FO_HAND_RESP || !h->index) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	if (!fits(s, h))
		return;
	keys->valid = true;
	keys->to = h->index;
	keys->from = hs->index;
	fo_hand_forget(s);
	fo_session_install(s, keys, h, s->local);
	/* which the primary waits for */
	tasklet_schedule(&s->ack_tasklet);
}

static bool answers(struct fo_session *s, const struct fo_hdr *hdr)
{
	struct fo_handshake *hs = &s->hand;

	if (is_primary(s) || !hs->len || hdr->assoc != hs->index) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
		return false;
	}
	if (!hs->left) {
		fo_count(s->stats, FO_CNT_RX_LIMITED);
		return false;
	}
	hs->left--;
	return true;
}

/* --- the primary ------------------------------------------------------ */

/* Whether an INIT is newer than what was heard, and may cost something. */
static bool admits(struct fo_session *s, const struct fo_hand *h, u64 now)
{
	struct fo_handshake *hs = &s->hand;
	bool fresh = h->stamp > hs->greatest;
	/* an older start says nothing while a newer one is heard, or answered */
	bool old = !fresh && h->boot != hs->boot &&
		   (s->up || (hs->next.valid && now < hs->at + INIT_LIFE));

	if (old || (h->boot == hs->boot && h->stamp <= hs->stamp)) {
		fo_count(s->stats, FO_CNT_RX_REPLAY);
		return false;
	}
	if (fresh ? !take_fresh(hs, now) : !take_late(hs, now)) {
		fo_count(s->stats, FO_CNT_RX_LIMITED);
		return false;
	}
	hs->boot = h->boot;
	hs->stamp = h->stamp;
	if (fresh)
		hs->greatest = h->stamp;
	return true;
}

static void make_resp(struct fo_session *s, const struct fo_hand *h,
		      struct fo_noise *n, u64 now)
{
	struct fo_handshake *hs = &s->hand;
	bool same = s->up && s->peer.assoc == h->assoc &&
		    s->peer.boot == h->boot;

	hs->local = same ? s->local : random_number();
	hs->offer = *h;
	make_frame(s, n, FO_HAND_RESP, hs->local, h->index, now);
	if (!hs->len)
		return;
	hs->next = (struct fo_keys){
		.valid	= true,
		.sealed	= has_key(s),
		.to	= h->index,
		.from	= hs->index,
	};
	if (has_key(s))
		fo_noise_split(n, hs->next.rx, hs->next.tx);
}

/* INIT at the primary; N has read it, when it was not in clear text. */
static void rx_init(struct fo_session *s, const struct fo_hand *h,
		    struct fo_noise *n)
{
	struct fo_handshake *hs = &s->hand;
	u64 now = ktime_get_ns();

	if (h->op != FO_HAND_INIT || !h->index || !h->stamp) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	if (!fits(s, h))
		return;
	if (!is_primary(s)) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
		return;
	}
	/* the same again: our answer was lost, or is on its way */
	if (hs->next.valid && h->boot == hs->offer.boot &&
	    h->stamp == hs->offer.stamp) {
		if (take_again(hs, now))
			say_again(s);
		else
			fo_count(s->stats, FO_CNT_RX_LIMITED);
		return;
	}
	if (!admits(s, h, now))
		return;
	fo_hand_forget(s);
	make_resp(s, h, n, now);
	if (hs->len)
		say_again(s);
}

/**
 * fo_hand_proves() - whether a frame is under keys that wait for their proof
 * @s: session
 * @frame: frame, which is opened
 * @h: its header
 *
 * Then they are in force. Context: softirq, rx_lock.
 *
 * Return: whether it is.
 */
bool fo_hand_proves(struct fo_session *s, u8 *frame, const struct fo_hdr *h)
{
	struct fo_handshake *hs = &s->hand;
	struct fo_keys keys = hs->next;
	struct fo_hand offer = hs->offer;

	if (!fo_open(keys.sealed ? keys.rx : NULL, frame, h)) {
		fo_count(s->stats, FO_CNT_RX_BAD_SEAL);
		memzero_explicit(&keys, sizeof(keys));
		return false;
	}
	fo_hand_forget(s);
	fo_session_install(s, &keys, &offer, hs->local);
	memzero_explicit(&keys, sizeof(keys));
	return true;
}

static void send_solicit(struct fo_session *s)
{
	u8 frame[FO_HAND_FRAME], body[FO_HAND_BODY];
	size_t len = payload(s, FO_HAND_SOLICIT, s->local, body);

	say(s, frame, hand_frame(frame, 0, body, len));
	s->hand.refused = false;
}

/* --- both ------------------------------------------------------------- */

/* In clear text: for a link that is, and SOLICIT for all. */
static void rx_clear(struct fo_session *s, const struct fo_hdr *hdr,
		     const struct fo_hand *h)
{
	struct fo_keys keys = { .sealed = false };

	if (!!(h->caps & FO_CAP_SEALED) != has_key(s)) {
		fo_count(s->stats, FO_CNT_RX_MISMATCH);
		fo_session_set_mismatch(s, has_key(s) ? clear_there :
						       clear_here);
	} else if (h->op == FO_HAND_SOLICIT) {
		if (!fits(s, h))
			return;
		if (h->caps & FO_CAP_OTHER_KEY)
			fo_session_set_mismatch(s, other_key);
		if (take_again(&s->hand, ktime_get_ns()))
			send_init(s);
		else
			fo_count(s->stats, FO_CNT_RX_LIMITED);
	} else if (has_key(s)) {
		fo_count(s->stats, FO_CNT_RX_STRANGER);
	} else if (!hdr->assoc) {
		rx_init(s, h, NULL);
	} else if (answers(s, hdr)) {
		rx_resp(s, h, &keys);
	}
}

static void rx_hand(struct fo_session *s, const struct fo_hdr *hdr,
		    const u8 *frame)
{
	struct fo_reader body;
	struct fo_hand h;

	fo_reader_init(&body, frame + FO_HDR_LEN, hdr->len - FO_FRAME_OVERHEAD);
	if (fo_hand_get(&body, &h))
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
	else
		rx_clear(s, hdr, &h);
}

static bool get_payload(struct fo_session *s, const u8 *p, size_t len,
			struct fo_hand *h)
{
	struct fo_reader body;

	fo_reader_init(&body, p, len);
	if (!fo_hand_get(&body, h))
		return true;
	fo_count(s->stats, FO_CNT_RX_BAD_BODY);
	return false;
}

/* Which of our keys a first message is under: opened with it, in N. */
static bool find_key(struct fo_session *s, struct fo_noise *n, const u8 *msg,
		     size_t len, u8 *to)
{
	struct fo_handshake *hs = &s->hand;
	unsigned int i;

	memset(n, 0, sizeof(*n));
	if (!take_trial(hs, ktime_get_ns())) {
		fo_count(s->stats, FO_CNT_RX_LIMITED);
		return false;
	}
	for (i = 0; i < hs->psks; i++) {
		fo_count(s->stats, FO_CNT_HAND_TRIALS);
		*n = hs->primed[i];
		if (fo_noise_read(n, msg, len, to))
			return true;
	}
	fo_count(s->stats, FO_CNT_RX_BAD_KEY);
	hs->refused = true;
	fo_session_set_mismatch(s, other_key);
	return false;
}

/* What comes to MSG, the body and the tag of a NOISE frame, of LEN bytes. */
static void rx_noise(struct fo_session *s, const struct fo_hdr *hdr,
		     const u8 *msg, size_t len)
{
	struct fo_keys keys = { .sealed = true };
	u8 body[2 * FO_HAND_BODY];
	struct fo_noise n;
	struct fo_hand h;

	if (len < FO_NOISE_OVERHEAD || len - FO_NOISE_OVERHEAD > sizeof(body)) {
		fo_count(s->stats, FO_CNT_RX_BAD_BODY);
		return;
	}
	if (!hdr->assoc) {
		if (find_key(s, &n, msg, len, body) &&
		    get_payload(s, body, len - FO_NOISE_OVERHEAD, &h))
			rx_init(s, &h, &n);
	} else if (answers(s, hdr)) {
		n = s->hand.noise;
		fo_count(s->stats, FO_CNT_X25519);
		if (!fo_noise_read(&n, msg, len, body)) {
			fo_count(s->stats, FO_CNT_RX_BAD_SEAL);
		} else if (get_payload(s, body, len - FO_NOISE_OVERHEAD, &h)) {
			fo_noise_split(&n, keys.tx, keys.rx);
			rx_resp(s, &h, &keys);
		}
	}
	memzero_explicit(&n, sizeof(n));
	memzero_explicit(&keys, sizeof(keys));
}

static void refuse_sealed(struct fo_session *s)
{
	fo_count(s->stats, FO_CNT_RX_MISMATCH);
	fo_session_set_mismatch(s, clear_here);
}

/**
 * fo_hand_rx() - a HAND or NOISE frame has arrived
 * @s: session
 * @h: its header
 * @frame: the frame; nothing is known of who sent it
 *
 * Context: softirq, rx_lock.
 */
void fo_hand_rx(struct fo_session *s, const struct fo_hdr *h, u8 *frame)
{
	bool clear = h->type == FO_FRAME_HAND;

	if (h->counter || (clear && !fo_open(NULL, frame, h)))
		fo_count(s->stats, FO_CNT_RX_BAD_SEAL);
	else if (s->hand.mode == NF_FAILOVER_KEY_MODE_UNSET)
		fo_count(s->stats, FO_CNT_RX_STRANGER);
	else if (clear)
		rx_hand(s, h, frame);
	else if (has_key(s))
		rx_noise(s, h, frame + FO_HDR_LEN, h->len - FO_HDR_LEN);
	else
		refuse_sealed(s);
}

/**
 * fo_hand_forget() - what was under way is of no use any more
 * @s: session
 *
 * Context: rx_lock.
 */
void fo_hand_forget(struct fo_session *s)
{
	struct fo_handshake *hs = &s->hand;

	hs->len = 0;
	memzero_explicit(&hs->next, sizeof(hs->next));
	memzero_explicit(&hs->noise, sizeof(hs->noise));
}

/**
 * fo_hand_solicit() - look for a peer, when there is no association
 * @s: session
 *
 * Context: softirq, rx_lock.
 */
void fo_hand_solicit(struct fo_session *s)
{
	struct fo_handshake *hs = &s->hand;

	if (hs->mode == NF_FAILOVER_KEY_MODE_UNSET)
		return;
	if (!is_primary(s))
		send_init(s);
	else if (!hs->next.valid || ktime_get_ns() >= hs->at + INIT_LIFE)
		send_solicit(s);
}

static bool worn_out(const struct fo_session *s, u64 now)
{
	const struct fo_handshake *hs = &s->hand;

	return hs->due || now >= hs->done + REKEY_TIME ||
	       fo_session_frames(s) - hs->frames >= REKEY_FRAMES;
}

/**
 * fo_hand_tick() - see to it that keys are replaced in time
 * @s: session with an association
 *
 * Context: softirq, rx_lock, once a poll.
 */
void fo_hand_tick(struct fo_session *s)
{
	struct fo_handshake *hs = &s->hand;
	u64 now = ktime_get_ns();

	if (s->prev.valid && s->prev_until && now >= s->prev_until)
		memzero_explicit(&s->prev, sizeof(s->prev));
	if (!has_key(s) || !worn_out(s, now))
		return;
	if (!is_primary(s))
		send_init(s);
	else if (hs->due && !hs->next.valid)
		send_solicit(s);
}

/**
 * fo_hand_set_psks() - the keys that are configured
 * @s: session
 * @psks: keys
 *
 * The association goes on under the keys that it has, until new ones were
 * agreed on, which begins at once. Context: process, rx_lock.
 */
void fo_hand_set_psks(struct fo_session *s, const struct fo_psks *psks)
{
	struct fo_handshake *hs = &s->hand;
	u64 print = 0;
	unsigned int i;

	hs->mode = psks->mode;
	hs->psks = psks->mode == NF_FAILOVER_KEY_MODE_SECRET ? psks->n : 0;
	memzero_explicit(hs->primed, sizeof(hs->primed));
	for (i = 0; i < hs->psks; i++) {
		fo_noise_init(&hs->primed[i], &fo_kernel_prims, prologue,
			      sizeof(prologue) - 1, psks->key[i]);
		print = print * 31 + fo_fingerprint(psks->key[i]);
	}
	if (hs->fingerprint == print)
		return;
	hs->fingerprint = print;
	/* begins with the first one */
	hs->turn = hs->psks - 1;
	hs->due = true;
	fo_hand_forget(s);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* How two units agree on an association and on its keys. */
#ifndef _FO_HANDSHAKE_H
#define _FO_HANDSHAKE_H

#include "codec_link.h"
#include "noise.h"
#include "seal.h"

#define FO_HAND_BODY	128	/* the longest payload that we write */
#define FO_HAND_FRAME	(FO_FRAME_OVERHEAD + FO_KEY_LEN + FO_HAND_BODY)

struct fo_link;
struct fo_session;

/**
 * struct fo_keys - what a handshake has agreed on
 * @valid: the rest is
 * @sealed: frames are under @tx and @rx; else in clear text
 * @to: index that frames to the peer carry
 * @from: index that its frames carry
 * @tx: key of frames to the peer
 * @rx: key of its frames
 */
struct fo_keys {
	bool valid;
	bool sealed;
	u32 to;
	u32 from;
	u8 tx[FO_KEY_LEN];
	u8 rx[FO_KEY_LEN];
};

/**
 * struct fo_bucket - a limit: so many at once, and one more every so often
 * @full: when it will be full again, in ns
 */
struct fo_bucket {
	u64 full;
};

/**
 * struct fo_handshake - the handshake of a session; under its rx_lock
 * @mode: enum nf_failover_key_mode
 * @psks: entries of @primed in use
 * @primed: a handshake that has begun, for each pre-shared key
 * @fingerprint: sums up the pre-shared keys, to notice that they have changed
 * @due: new keys are wanted before their time
 * @done: when the keys in use were agreed on, in ns
 * @frames: how many frames of the association there were by then
 * @frame: last INIT or RESP that was said, to be said again
 * @len: its length; 0 when it is of no use any more
 * @at: when it was made, in ns
 * @index: what it calls the keys on our side
 * @noise: secondary: the handshake that it began
 * @left: secondary: so many more RESP are tried
 * @turn: secondary: which key is next
 * @stamp: secondary: of its last INIT; primary: of the newest INIT of @boot
 * @boot: primary: start of the secondary that said it
 * @greatest: primary: greatest stamp of all
 * @next: primary: keys that nothing has come under yet
 * @offer: primary: INIT that they are of
 * @local: primary: our number of the association that @next would begin, or
 *         of the one that it goes on with
 * @refused: primary: an INIT of another key was heard since the last SOLICIT
 * @fresh: limits what INITs with new stamps cost
 * @late: limits what those with older ones cost
 * @again: limits answers that were made before
 * @trials: limits INITs on which keys are tried
 */
struct fo_handshake {
	u8 mode;
	unsigned int psks;
	struct fo_noise primed[FO_PSKS];
	u64 fingerprint;
	bool due;
	u64 done;
	u64 frames;

	u8 frame[FO_HAND_FRAME];
	u16 len;
	u64 at;
	u32 index;
	struct fo_noise noise;
	unsigned int left;
	unsigned int turn;

	u64 stamp;
	u64 boot;
	u64 greatest;
	struct fo_keys next;
	struct fo_hand offer;
	u32 local;
	bool refused;

	struct fo_bucket fresh;
	struct fo_bucket late;
	struct fo_bucket again;
	struct fo_bucket trials;
};

/* handshake.c */
void fo_hand_set_psks(struct fo_session *s, const struct fo_psks *psks);
void fo_hand_forget(struct fo_session *s);
void fo_hand_solicit(struct fo_session *s);
void fo_hand_tick(struct fo_session *s);
void fo_hand_rx(struct fo_session *s, const struct fo_hdr *h, u8 *frame);
bool fo_hand_proves(struct fo_session *s, u8 *frame, const struct fo_hdr *h);

#endif /* _FO_HANDSHAKE_H */

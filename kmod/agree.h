/* SPDX-License-Identifier: GPL-2.0 */
/* What both units should have alike, and what they differ in. */
#ifndef _FO_AGREE_H
#define _FO_AGREE_H

#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "codec_link.h"
#include "store.h"

#define FO_DIFFERENCES	16	/* that are held */

/**
 * struct fo_difference - a setting that the units do not have alike
 * @blocks: the standby unit is not ready as long as it is so
 * @heard: number of the hello in which it was heard last
 * @theirs: the setting of the other unit
 * @ours: its value on this one
 */
struct fo_difference {
	bool blocks;
	u32 heard;
	struct fo_setting theirs;
	char ours[FO_SETTING_TEXT];
};

/**
 * struct fo_agree - comparison of the settings of both units
 * @net: network namespace
 * @store: where the configuration is
 * @lock: protects the rest; a leaf, taken with BH off
 * @stale: @digest has to be made anew
 * @digest: of all settings of this unit
 * @of: how many there are
 * @next: setting that has its turn in the next hello
 * @theirs: digest of the other unit, 0 while it is not known
 * @hellos: that were heard
 * @n: entries of @diff in use
 * @diff: differences
 */
struct fo_agree {
	struct net *net;
	struct fo_store *store;
	spinlock_t lock;
	bool stale;
	u64 digest;
	u32 of;
	u32 next;
	u64 theirs;
	u32 hellos;
	unsigned int n;
	struct fo_difference diff[FO_DIFFERENCES];
};

/* What a hello has brought. */
enum fo_agree_news {
	FO_AGREE_NO_NEWS,
	FO_AGREE_CHANGED,
	FO_AGREE_FIRST,		/* the units differ, and did not before */
};

/* agree.c */
void fo_agree_init(struct fo_agree *g, struct net *net, struct fo_store *store);
void fo_agree_reset(struct fo_agree *g);
void fo_agree_stale(struct fo_agree *g);
u64 fo_agree_refresh(struct fo_agree *g);
void fo_agree_greet(struct fo_agree *g, u64 digest);
void fo_agree_say(struct fo_agree *g, struct fo_hello *h);
enum fo_agree_news fo_agree_hear(struct fo_agree *g, const struct fo_hello *h);
bool fo_agree_blocks(struct fo_agree *g);
bool fo_agree_get(struct fo_agree *g, unsigned int i, struct fo_difference *d);
void fo_agree_words(struct fo_agree *g, const struct fo_setting *s, char *to,
		    size_t size);

#endif /* _FO_AGREE_H */

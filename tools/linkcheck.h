/* SPDX-License-Identifier: GPL-2.0 */
/* What a link is worth, and what is in its way. Pure. */
#ifndef FAILOVER_LINKCHECK_H
#define FAILOVER_LINKCHECK_H

#include "health.h"

#define LINKCHECK_TEXT_MAX	256
/* No link may have a smaller MTU. */
#define LINKCHECK_MTU_MIN	1280
/* No frame may be longer. */
#define LINKCHECK_FRAME_MAX	9000

/**
 * struct linkcheck - what was found out about a link
 * @up: its netdev is up
 * @carrier: it has a carrier
 * @sent: echoes that were sent
 * @back: how many came back
 * @error: why no echo could be sent, or nothing
 * @min_us: the shortest round trip
 * @avg_us: their average
 * @max_us: the longest one
 * @longest: bytes of the longest frame that came back; 0: not looked for
 * @bad_keys: frames came, while this was found out, that were under no key of
 *            this unit
 */
struct linkcheck {
	bool		up;
	bool		carrier;
	unsigned int	sent;
	unsigned int	back;
	char		error[CONFIG_ERROR_MAX];
	uint64_t	min_us;
	uint64_t	avg_us;
	uint64_t	max_us;
	uint32_t	longest;
	bool		bad_keys;
};

/**
 * struct linkverdict - what that means
 * @level: how bad it is
 * @stage: which stage fails; the same words for ever, or NULL
 * @text: the same for people
 * @open: something in the middle has to let more pass
 * @icmp: so much as that a path is narrow has to come back
 */
struct linkverdict {
	enum health_level level;
	const char	*stage;
	char		text[LINKCHECK_TEXT_MAX];
	bool		open;
	bool		icmp;
};

void linkcheck_judge(struct linkverdict *v, const struct fo_show *s,
		     const struct fo_link *l, const struct linkcheck *c);

/* What has to pass between the units, and the rule for that; false: not known. */
bool linkcheck_path(const struct fo_show *s, const struct fo_link *l,
		    char *what, char *rule, size_t size);

uint32_t linkcheck_frame_max(const struct fo_link *l);
/* MTU of the path, as frames of that length found it. */
uint32_t linkcheck_mtu(const struct fo_link *l, const struct linkcheck *c);

/* The longest of @from to @to that fits; @from does. -errno of @fits ends it. */
int linkcheck_longest(uint32_t from, uint32_t to,
		      int (*fits)(void *ctx, uint32_t len), void *ctx);

#endif /* FAILOVER_LINKCHECK_H */

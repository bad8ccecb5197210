/* SPDX-License-Identifier: GPL-2.0 */
/* Looks for a mate that is not heard on every data interface. */
#ifndef FAILOVER_LOOKOUT_H
#define FAILOVER_LOOKOUT_H

#include "config.h"
#include "nl.h"
#include "probe.h"
#include "probe_frame.h"
#include "rtnl.h"
#include "seek.h"

/* Whom a question is for, which depends on our own role. */
enum lookout_role {
	LOOKOUT_NEGOTIATING,	/* owns nothing: asks for an active mate */
	LOOKOUT_STANDBY,	/* the same, from its standby addresses */
	LOOKOUT_ACTIVE,		/* asks for both, slowly */
};

/**
 * struct lookout_item - one address on one interface
 * @ifc: number of the interface in the configuration
 * @ifindex: its device, 0 when there is nobody to ask there now
 * @active: it is the address of an active mate
 * @answer: what came of it within the hold time, at @answer_ms
 */
struct lookout_item {
	unsigned int		ifc;
	int			ifindex;
	bool			active;
	struct probe_ask	ask;
	enum nf_failover_answer	answer;
	uint64_t		answer_ms;
};

/**
 * struct fo_lookout - the search for a mate that is not heard
 * @item: what is asked, of @n
 */
struct fo_lookout {
	struct fo_seek		seek;
	struct fo_probe		probe;
	struct lookout_item	*item;
	unsigned int		n;
	enum lookout_role	role;
};

int lookout_open(struct fo_lookout *l);

/* The MACs of the mate, as far as its hellos have told them. */
void lookout_learn(struct fo_config *c, const struct fo_host *mate);

/* It is not heard: is asked at once, and from now on by lookout_run(). */
void lookout_begin(struct fo_lookout *l, struct fo_rtnl *rt,
		   const struct fo_config *c, enum lookout_role role,
		   uint64_t now);
/* It is heard. The sockets are closed when there is time, by lookout_rest(). */
void lookout_end(struct fo_lookout *l);
void lookout_rest(struct fo_lookout *l);
/* Devices, addresses or the role have changed. */
void lookout_renew(struct fo_lookout *l, struct fo_rtnl *rt,
		   const struct fo_config *c, enum lookout_role role);

/* Takes the answers that are there, and asks when it is time. */
void lookout_run(struct fo_lookout *l, const struct fo_config *c, uint64_t now);

/* What each interface says goes into @c; true when that is new. */
bool lookout_report(const struct fo_lookout *l, struct fo_config *c,
		    uint64_t now);
/* "no answer on inside, outside" or the like. */
void lookout_text(const struct fo_lookout *l, const struct fo_config *c,
		  char *text, size_t size);

#endif /* FAILOVER_LOOKOUT_H */

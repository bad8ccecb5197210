/* SPDX-License-Identifier: GPL-2.0 */
/* What an object is that is tracked, from its line. Pure. */
#ifndef FAILOVER_TRACK_SPEC_H
#define FAILOVER_TRACK_SPEC_H

#include "config.h"

#define TRACK_TEXT_MAX		NF_FAILOVER_PATH_MAX
#define TRACK_INTERVAL_MIN	100	/* ms */
#define TRACK_INTERVAL_MAX	3600000
#define TRACK_SCRIPT_INTERVAL	5000
#define TRACK_INTERVAL		1000	/* of all others */
#define TRACK_TIMES_MAX		100
#define TRACK_PROCESSES_MAX	32
#define TRACK_TABLE_MAIN	254
#define TRACK_BIRD		"/run/bird/bird.ctl"
#define TRACK_SOCKET_MAX	108	/* of a path, with its end */

enum track_kind { TRACK_SCRIPT, TRACK_PROCESS, TRACK_FILE, TRACK_ROUTE,
		  TRACK_BFD };

/**
 * struct track_spec - one object
 * @text: a path, or the name of a program; of a session the socket of BIRD
 * @contains: what a file has to hold, or nothing
 * @limited: there is an @at_least, of processes or of the number in a file
 * @family: as what follows of a route; @via and @dev may be left out; of a
 *	session @dst is the peer
 * @interval_ms: between two looks
 * @timeout_ms: after which a script is killed
 * @rise: so many good looks in a row end a failure
 * @fall: so many bad ones are one
 */
struct track_spec {
	enum track_kind	kind;
	char		text[TRACK_TEXT_MAX];
	char		contains[TRACK_TEXT_MAX];
	bool		limited;
	uint32_t	at_least;
	int		family;
	unsigned char	dst[ADDR_BYTES_MAX];
	unsigned int	prefix;
	bool		has_via;
	unsigned char	via[ADDR_BYTES_MAX];
	char		dev[IF_NAMESIZE];
	uint32_t	table;
	uint32_t	interval_ms;
	uint32_t	timeout_ms;
	uint32_t	rise;
	uint32_t	fall;
};

/* rules_track.c: from what a configuration keeps; 0, or -1 and @e. */
int track_spec_read(struct track_spec *s, const struct fo_track *t,
		    struct fo_error *e);
const char *track_kind_word(enum track_kind kind);

#endif /* FAILOVER_TRACK_SPEC_H */

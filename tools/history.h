/* SPDX-License-Identifier: GPL-2.0 */
/* Entries of the history of both units. Pure but for its text forms. */
#ifndef FAILOVER_HISTORY_H
#define FAILOVER_HISTORY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/nf_failover.h>

#define HISTORY_LIST_MAX	20
#define HISTORY_SEEN		16
#define HISTORY_LINKS		NF_FAILOVER_LINKS_MAX
#define HISTORY_NEVER		UINT64_MAX
#define HISTORY_TIME_MAX	48
/* Entries of each unit that the kernel has at most. */
#define HISTORY_KEPT		64

/* An interface, or a tracked object, as it was. */
struct fo_seen {
	char		name[NF_FAILOVER_NAME_MAX];
	uint32_t	status;
};

struct fo_seen_list {
	struct fo_seen	one[HISTORY_SEEN];
	unsigned int	n;
};

/* The links as they were, by their kind. */
struct fo_seen_links {
	uint32_t	status[HISTORY_LINKS];
	unsigned int	n;
};

/**
 * struct fo_flight - what a unit saw when an entry was made
 * @known: there is one
 * @hello_age: since the last hello, HISTORY_NEVER: none; as @frame_age of any
 *	frame; both in nanoseconds
 * @alive: the mate was heard within the hold time
 * @daemon: a daemon was attached to this unit
 * @mate: the mate by its last hello, valid if @mate_known
 */
struct fo_flight {
	bool			known;
	uint64_t		uptime;
	uint64_t		hello_age;
	uint64_t		frame_age;
	uint8_t			alive;
	uint8_t			daemon;
	bool			mate_known;
	struct {
		uint32_t	role;
		uint32_t	state;
		uint64_t	epoch;
		uint8_t		daemon;
		struct fo_seen_list ifcs;
		struct fo_seen_list tracks;
	} mate;
	struct fo_seen_links	links;
	struct fo_seen_list	ifcs;
	struct fo_seen_list	tracks;
	uint64_t		xmitq;
	uint64_t		recvq;
	uint64_t		retransmits;
	uint64_t		hold_expired;
	uint64_t		hellos_missed;
};

/* @list and @seq name an entry; see the YAML spec for the rest. */
struct fo_entry {
	uint8_t			mate;
	char			list[HISTORY_LIST_MAX];
	uint32_t		seq;
	uint64_t		time;
	uint32_t		kind;
	uint32_t		from;
	uint32_t		to;
	uint32_t		role;
	uint64_t		epoch;
	char			reason[NF_FAILOVER_REASON_MAX];
	struct fo_flight	flight;
};

/* @e grows; both lists may be in it, each in its order. */
struct fo_history {
	struct fo_entry	*e;
	unsigned int	n;
};

/* history.c */
struct fo_entry *history_add(struct fo_history *h);
void history_free(struct fo_history *h);
bool history_has(const struct fo_history *h, const struct fo_entry *e);
void history_renew(struct fo_history *h, const struct fo_history *now);
const struct fo_entry *history_find(const struct fo_history *h, bool mate,
				    bool (*is)(const struct fo_entry *e));
bool history_is_takeover(const struct fo_entry *e);
const char *history_time(uint64_t ns, char *text);

/* history_json.c */
struct json_t;
struct json_t *history_to_json(const struct fo_entry *e);
int history_from_json(const char *line, size_t len, struct fo_entry *e);

#endif /* FAILOVER_HISTORY_H */

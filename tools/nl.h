/* SPDX-License-Identifier: GPL-2.0 */
/* The netlink family nf-failover, as calls and structs. */
#ifndef FAILOVER_NL_H
#define FAILOVER_NL_H

#include "config.h"
#include "history.h"

#define NL_TEXT_MAX	64
#define NL_KEEP		(-1)
#define NL_HELPERS	8	/* that a unit tells of */
#define NL_HELPER_TEXT	16
#define NL_REFUSALS	8	/* reasons that a unit tells of */

/* State that a standby unit has not taken in, by reason: a counter. */
struct fo_refused {
	char		reason[NL_TEXT_MAX];
	uint64_t	count;
};

/* A unit as the kernel knows it; @known: there was such an attribute. */
struct fo_host {
	bool		known;
	uint32_t	unit;
	uint32_t	role;
	uint32_t	state;
	uint64_t	epoch;
	uint64_t	active_time;
	uint64_t	up_time;	/* 0: not known */
	uint64_t	objects;
	uint8_t		daemon;
	uint8_t		wants_active;
	uint8_t		synced;
	uint8_t		alive;
	uint8_t		fit;
	uint8_t		hold_down;
	uint32_t	hold_down_ms;
	uint32_t	liberal;
	uint32_t	liberal_ms;
	uint8_t		silent;
	uint32_t	reports;
	char		version[NL_TEXT_MAX];
	char		serial[NL_TEXT_MAX];
	struct fo_ifc	*ifc;
	unsigned int	n_ifcs;
	struct fo_track	track[CONFIG_TRACKS];
	unsigned int	n_tracks;
	char		helper[NL_HELPERS][NL_HELPER_TEXT];	/* missing */
	unsigned int	n_helpers;
	struct fo_refused refused[NL_REFUSALS];
	unsigned int	n_refused;
};

/* A row of the statistics, a queue or a counter. */
struct fo_row {
	char		name[NL_TEXT_MAX];
	uint64_t	v[4];
};

struct fo_rows {
	struct fo_row	*row;
	unsigned int	n;
};

/* Bulk syncs of one class in one direction; times in ns since 1970, or 0. */
struct fo_bulk_row {
	char		name[NL_TEXT_MAX];
	uint8_t		received;
	uint64_t	count;
	uint64_t	begin;
	uint64_t	end;
	uint64_t	entries;
};

/* How far the other unit is behind; in ns, but @changes and @window (frames). */
struct fo_lag {
	uint64_t	unsent;
	uint64_t	unacked;
	uint64_t	changes;
	uint64_t	p50;
	uint64_t	p99;
	uint64_t	window;
	uint64_t	round_trip;
	uint64_t	queueing;
};

/* What the units are configured differently in. */
struct fo_difference {
	char		setting[NF_FAILOVER_REASON_MAX];
	char		ours[NF_FAILOVER_REASON_MAX];
	char		theirs[NF_FAILOVER_REASON_MAX];
	uint8_t		blocks;
};

/* Keys of the hellos on interfaces; the first is of the key that is in use. */
struct fo_hello_keys {
	unsigned int	n;
	unsigned char	key[CONFIG_KEYS][NF_FAILOVER_KEY_LEN];
};

/* Everything that show prints. */
struct fo_show {
	struct fo_config config;
	struct fo_host	this;
	struct fo_host	other;
	struct fo_rows	classes;	/* xmit, xerr, rcv, rerr */
	struct fo_rows	queues;		/* cur, max, total */
	struct fo_rows	counters;	/* value */
	struct fo_bulk_row *bulk;
	unsigned int	n_bulks;
	struct fo_lag	lag;
	struct fo_difference *difference;
	unsigned int	n_differences;
	uint64_t	failover_at;
	char		reason[NF_FAILOVER_REASON_MAX];
};

/* What the policy sets; NL_KEEP and NULL leave as it is. */
struct fo_role_set {
	int		role;
	int		state;
	int		wants_active;
	bool		drain;
	const char	*reason;
};

/* What the policy tells of its unit besides; NL_KEEP leaves as it is. */
struct fo_health_set {
	int		fit;
	int		hold_down_ms;
};

/* A unit at the moment of an event; @known: the event tells. */
struct fo_event_host {
	bool		known;
	uint32_t	role;
	uint32_t	state;
	uint64_t	epoch;
	uint8_t		daemon;
	char		serial[NL_TEXT_MAX];
};

struct fo_event {
	uint32_t	type;
	uint32_t	ask;
	char		reason[NF_FAILOVER_REASON_MAX];
	struct fo_event_host this;
	struct fo_event_host other;
};

/* A part of a message; @result only with the kind done. */
struct fo_msg {
	uint64_t	id;
	uint32_t	kind;
	uint32_t	result;
	size_t		len;
	unsigned char	data[NF_FAILOVER_MSG_LEN];
};

/* An echo over a link; @round_trip in ns, once it came back. */
struct fo_echo {
	uint32_t	link;
	uint32_t	length;
	uint64_t	id;
	uint64_t	round_trip;
};

/* A user object; @event only with an event. */
struct fo_object {
	char		space[NF_FAILOVER_OBJECT_SPACE_LEN + 1];
	size_t		key_len;
	unsigned char	key[NF_FAILOVER_OBJECT_KEY_LEN];
	size_t		len;
	unsigned char	value[NF_FAILOVER_OBJECT_VALUE_LEN];
	bool		lives;
	uint64_t	lifetime;	/* in ms */
	uint32_t	event;
	uint8_t		mate;
	uint8_t		secret;	/* shown to the daemon alone, if it asks so */
};

typedef int (*fo_object_fn)(void *ctx, const struct fo_object *o);

/* @error: why the last call failed, in the words of the kernel if it has any */
struct fo_nl {
	struct mnl_socket *sk;
	struct mnl_socket *events;
	uint16_t	family;
	uint32_t	group;
	uint32_t	history_group;
	uint32_t	objects_group;
	uint32_t	seq;
	char		error[CONFIG_ERROR_MAX];
	unsigned char	*buf;
};

/* All return 0, or -errno with @error set. */
int nl_open(struct fo_nl *nl);
void nl_close(struct fo_nl *nl);
int nl_get(struct fo_nl *nl, struct fo_show *show, bool brief);
void nl_show_free(struct fo_show *show);
int nl_config_set(struct fo_nl *nl, const struct fo_config *c);
int nl_role_set(struct fo_nl *nl, const struct fo_role_set *r);
int nl_health_set(struct fo_nl *nl, const struct fo_health_set *h);
int nl_interface_set(struct fo_nl *nl, const struct fo_ifc *ifc,
		     unsigned int n);
int nl_track_set(struct fo_nl *nl, const struct fo_track *t, unsigned int n);
int nl_attach(struct fo_nl *nl, uint32_t watchdog_ms);
int nl_hello_keys(struct fo_nl *nl, struct fo_hello_keys *k);
int nl_ask(struct fo_nl *nl, enum nf_failover_ask ask);
int nl_ask_mate(struct fo_nl *nl, enum nf_failover_ask ask);
int nl_bulk_start(struct fo_nl *nl, const char *reason);
/* Both units' entries, added to @h. */
int nl_history(struct fo_nl *nl, struct fo_history *h);

/*
 * Events: nl_event() returns 1, 0 when there is none, or -errno: -ENOBUFS when
 * some were lost, -ENODEV when the module was unloaded.
 */
int nl_subscribe(struct fo_nl *nl);
int nl_subscribe_history(struct fo_nl *nl);
int nl_event_fd(const struct fo_nl *nl);
int nl_event(struct fo_nl *nl, struct fo_event *ev);

/*
 * Messages between the units, on the socket of requests. One socket either
 * listens or sends; the answer to what it sent comes with nl_msg_next(), which
 * returns 1, 0 when the time is over, or -errno: of the last nl_msg_send(), or
 * of the socket.
 */
int nl_msg_listen(struct fo_nl *nl);
int nl_msg_fd(const struct fo_nl *nl);
int nl_msg_send(struct fo_nl *nl, const struct fo_msg *m);
int nl_msg_next(struct fo_nl *nl, struct fo_msg *m, int timeout_ms);

/* The same for echoes, of which some may be on their way. */
int nl_echo_send(struct fo_nl *nl, const struct fo_echo *e);
int nl_echo_next(struct fo_nl *nl, struct fo_echo *e, int timeout_ms);

/*
 * User objects. -ENOENT: there is none. A list calls @fn with each, of one space
 * or, with NULL, of all; it ends with what @fn returns but 0.
 */
int nl_object_put(struct fo_nl *nl, const struct fo_object *o);
int nl_object_get(struct fo_nl *nl, struct fo_object *o);
int nl_object_delete(struct fo_nl *nl, const struct fo_object *o);
int nl_object_list(struct fo_nl *nl, const char *space, fo_object_fn fn,
		   void *ctx);

/* Their changes on a socket of events, as nl_event(). */
int nl_subscribe_objects(struct fo_nl *nl);
/* One to ask, which hears events, and one that hears of objects. */
int nl_open_objects(struct fo_nl *nl, struct fo_nl *objects);
int nl_object_event(struct fo_nl *nl, struct fo_object *o);

/* Whether the other unit is heard now. */
bool nl_peer_alive(const struct fo_show *show);

#endif /* FAILOVER_NL_H */

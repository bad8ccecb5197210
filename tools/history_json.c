// SPDX-License-Identifier: GPL-2.0
/* Entries of the history as JSON, and back. Pure.
 *
 * What is read may come from anybody: a field that is missing, of another
 * type, out of range or an unknown word refuses the whole entry, and of texts
 * only what is printable is kept.
 */
#include <jansson.h>
#include <string.h>

#include "history.h"
#include "names.h"

static json_t *age_json(uint64_t ns)
{
	return ns == HISTORY_NEVER ? json_null() : json_integer(ns);
}

/* What an entry of a list is called, and the words for its status. */
struct seen_kind {
	const char *key;
	const char *(*status)(unsigned int status);
};

static const struct seen_kind ifcs = { "nameif", names_ifstatus };
static const struct seen_kind tracks = { "name", names_trackstatus };

static json_t *seen_json(const struct seen_kind *k,
			 const struct fo_seen_list *l)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < l->n; i++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s}", k->key, l->one[i].name,
			"status", k->status(l->one[i].status)));
	return all;
}

static json_t *links_json(const struct fo_seen_links *l)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < l->n; i++)
		json_array_append_new(all, json_string(
			names_link_status_key(l->status[i])));
	return all;
}

static json_t *mate_json(const struct fo_flight *f)
{
	if (!f->mate_known)
		return json_null();
	return json_pack("{s:s, s:s, s:I, s:b, s:o, s:o}",
			 "role", names_role_key(f->mate.role),
			 "state", names_state(f->mate.state),
			 "epoch", (json_int_t)f->mate.epoch,
			 "daemon", f->mate.daemon,
			 "interfaces", seen_json(&ifcs, &f->mate.ifcs),
			 "tracks", seen_json(&tracks, &f->mate.tracks));
}

static json_t *flight_json(const struct fo_flight *f)
{
	return json_pack("{s:I, s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I}",
			 "uptime_ns", (json_int_t)f->uptime,
			 "hello_age_ns", age_json(f->hello_age),
			 "frame_age_ns", age_json(f->frame_age),
			 "alive", f->alive,
			 "daemon", f->daemon,
			 "mate", mate_json(f),
			 "links", links_json(&f->links),
			 "interfaces", seen_json(&ifcs, &f->ifcs),
			 "tracks", seen_json(&tracks, &f->tracks),
			 "xmit_queue", (json_int_t)f->xmitq,
			 "recv_queue", (json_int_t)f->recvq,
			 "retransmits", (json_int_t)f->retransmits,
			 "hold_expired", (json_int_t)f->hold_expired,
			 "hellos_missed", (json_int_t)f->hellos_missed);
}

json_t *history_to_json(const struct fo_entry *e)
{
	json_t *o = json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:I, s:s}",
			      "host", e->mate ? "other" : "this",
			      "list", e->list,
			      "seq", (json_int_t)e->seq,
			      "time_ns", (json_int_t)e->time,
			      "kind", names_history_key(e->kind),
			      "from", names_state(e->from),
			      "to", names_state(e->to),
			      "role", names_role_key(e->role),
			      "epoch", (json_int_t)e->epoch,
			      "reason", e->reason);

	if (o && e->flight.known)
		json_object_set_new(o, "flight", flight_json(&e->flight));
	return o;
}

/* --- and back ---------------------------------------------------------- */

static int get_u64(const json_t *o, const char *key, uint64_t max, uint64_t *v)
{
	const json_t *it = json_object_get(o, key);

	if (!json_is_integer(it) || json_integer_value(it) < 0 ||
	    (uint64_t)json_integer_value(it) > max)
		return -1;
	*v = json_integer_value(it);
	return 0;
}

static int get_age(const json_t *o, const char *key, uint64_t *v)
{
	*v = HISTORY_NEVER;
	return json_is_null(json_object_get(o, key)) ? 0 :
	       get_u64(o, key, INT64_MAX, v);
}

static int get_bool(const json_t *o, const char *key, uint8_t *v)
{
	const json_t *it = json_object_get(o, key);

	*v = json_is_true(it);
	return json_is_boolean(it) ? 0 : -1;
}

/* Cut to the room for it; a terminal gets nothing odd. */
static int get_text(const json_t *o, const char *key, char *to, size_t size)
{
	const char *s = json_string_value(json_object_get(o, key));
	size_t i;

	if (!s)
		return -1;
	for (i = 0; i + 1 < size && s[i]; i++)
		to[i] = s[i] >= ' ' && s[i] < 0x7f ? s[i] : '?';
	to[i] = '\0';
	return 0;
}

static int get_word(const json_t *o, const char *key,
		    const char *(*name)(unsigned int), uint32_t *v)
{
	const char *s = json_string_value(json_object_get(o, key));
	unsigned int n;

	if (!s || !names_find(name, s, &n))
		return -1;
	*v = n;
	return 0;
}

static int get_seen(const json_t *o, const char *key,
		    const struct seen_kind *k, struct fo_seen_list *l)
{
	const json_t *all = json_object_get(o, key), *it;
	size_t i;

	if (!json_is_array(all) || json_array_size(all) > HISTORY_SEEN)
		return -1;
	json_array_foreach(all, i, it) {
		if (get_text(it, k->key, l->one[i].name,
			     sizeof(l->one[i].name)) ||
		    get_word(it, "status", k->status, &l->one[i].status))
			return -1;
	}
	l->n = i;
	return 0;
}

static int get_links(const json_t *o, struct fo_seen_links *l)
{
	const json_t *all = json_object_get(o, "links"), *it;
	unsigned int v;
	size_t i;

	if (!json_is_array(all) || json_array_size(all) > HISTORY_LINKS)
		return -1;
	json_array_foreach(all, i, it) {
		if (!json_is_string(it) ||
		    !names_find(names_link_status_key, json_string_value(it),
				&v))
			return -1;
		l->status[i] = v;
	}
	l->n = i;
	return 0;
}

static int get_mate(const json_t *o, struct fo_flight *f)
{
	const json_t *m = json_object_get(o, "mate");

	if (json_is_null(m))
		return 0;
	f->mate_known = true;
	return get_word(m, "role", names_role_key, &f->mate.role) ||
	       get_word(m, "state", names_state, &f->mate.state) ||
	       get_u64(m, "epoch", INT64_MAX, &f->mate.epoch) ||
	       get_bool(m, "daemon", &f->mate.daemon) ||
	       get_seen(m, "interfaces", &ifcs, &f->mate.ifcs) ||
	       get_seen(m, "tracks", &tracks, &f->mate.tracks);
}

static int get_flight(const json_t *o, struct fo_flight *f)
{
	const uint64_t max = INT64_MAX;

	f->known = true;
	return get_u64(o, "uptime_ns", max, &f->uptime) ||
	       get_age(o, "hello_age_ns", &f->hello_age) ||
	       get_age(o, "frame_age_ns", &f->frame_age) ||
	       get_bool(o, "alive", &f->alive) ||
	       get_bool(o, "daemon", &f->daemon) || get_mate(o, f) ||
	       get_links(o, &f->links) ||
	       get_seen(o, "interfaces", &ifcs, &f->ifcs) ||
	       get_seen(o, "tracks", &tracks, &f->tracks) ||
	       get_u64(o, "xmit_queue", max, &f->xmitq) ||
	       get_u64(o, "recv_queue", max, &f->recvq) ||
	       get_u64(o, "retransmits", max, &f->retransmits) ||
	       get_u64(o, "hold_expired", max, &f->hold_expired) ||
	       get_u64(o, "hellos_missed", max, &f->hellos_missed);
}

static int get_host(const json_t *o, struct fo_entry *e)
{
	const char *host = json_string_value(json_object_get(o, "host"));

	if (!host || (strcmp(host, "this") && strcmp(host, "other")))
		return -1;
	e->mate = !strcmp(host, "other");
	return 0;
}

static int get_entry(const json_t *o, struct fo_entry *e)
{
	const json_t *flight = json_object_get(o, "flight");
	uint64_t seq = 0;
	int bad;

	bad = get_host(o, e) ||
	      get_text(o, "list", e->list, sizeof(e->list)) ||
	      get_u64(o, "seq", UINT32_MAX, &seq) || !seq ||
	      get_u64(o, "time_ns", INT64_MAX, &e->time) ||
	      get_word(o, "kind", names_history_key, &e->kind) ||
	      get_word(o, "from", names_state, &e->from) ||
	      get_word(o, "to", names_state, &e->to) ||
	      get_word(o, "role", names_role_key, &e->role) ||
	      get_u64(o, "epoch", INT64_MAX, &e->epoch) ||
	      get_text(o, "reason", e->reason, sizeof(e->reason)) ||
	      (flight && get_flight(flight, &e->flight));
	e->seq = seq;
	return bad ? -1 : 0;
}

/* 0, or -1 when the line is not an entry; @e is garbage then. */
int history_from_json(const char *line, size_t len, struct fo_entry *e)
{
	json_t *o = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	int err;

	memset(e, 0, sizeof(*e));
	err = get_entry(o, e);
	json_decref(o);
	return err;
}

// SPDX-License-Identifier: GPL-2.0
/* "failover -j show": what the netlink family has, under the same names.
 *
 * Words of enums are those of the YAML spec; only states and the health of
 * interfaces are in the words that "failover show" prints.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "cmd.h"
#include "names.h"

static json_t *u64(uint64_t v)
{
	return json_integer(v);
}

/* An empty text is null: it is not known. */
static json_t *text(const char *s)
{
	return s[0] ? json_string(s) : json_null();
}

static json_t *addrs_json(const struct fo_addr *list, unsigned int n,
			  const char *first, const char *second)
{
	json_t *all = json_array(), *one;
	char buf[ADDR_TEXT_MAX];
	const struct fo_addr *a;

	for (a = list; a < list + n; a++) {
		one = json_pack("{s:s, s:i}", first,
				addr_text(a->family, a->active, buf),
				"prefix_len", a->prefix);
		json_object_set_new(one, second, !a->has_standby ?
				    json_null() :
				    json_string(addr_text(a->family,
							  a->standby, buf)));
		json_array_append_new(all, one);
	}
	return all;
}

static json_t *link_json(const struct fo_show *s, uint32_t kind)
{
	const struct fo_config *c = &s->config;
	const struct fo_link *l = &c->link[kind];
	const struct fo_link_ip *ip = config_link_ip(c, l->name);
	json_t *o;

	o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o}",
		      "kind", names_link_kind_key(kind),
		      "name", l->name, "ifname", l->ifname,
		      "status", names_link_status_key(l->status),
		      "failed_no_switchover", show_link_failed(s, l),
		      "mismatch", text(l->mismatch),
		      "warning", text(l->warning));
	json_object_set_new(o, "transport", json_string(
			    names_transport_key(l->transport)));
	json_object_set_new(o, "port",
			    l->transport == NF_FAILOVER_TRANSPORT_UDP ?
			    json_integer(l->port) : json_null());
	json_object_set_new(o, "addresses", !ip ? json_array() :
			    addrs_json(ip->addr, ip->n_addrs, "primary",
				       "secondary"));
	return o;
}

static json_t *links_json(const struct fo_show *s)
{
	json_t *all = json_array();
	uint32_t kind;

	for (kind = 0; kind < CONFIG_LINKS; kind++)
		if (s->config.link[kind].name[0])
			json_array_append_new(all, link_json(s, kind));
	return all;
}

/* null: the unit keeps its own. */
static json_t *mac_json(const struct fo_config *c, const struct fo_ifc *i,
			bool active)
{
	unsigned char mac[MAC_BYTES];
	char text[MAC_TEXT_MAX];

	return mac_of(c, i, active, mac) ? json_string(mac_text(mac, text)) :
					   json_null();
}

static json_t *config_ifcs_json(const struct fo_config *c)
{
	json_t *all = json_array();
	const struct fo_ifc *i;

	for (i = c->ifc; i < c->ifc + c->n_ifcs; i++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:b, s:i, s:o, s:o, s:o}",
			"ifname", i->ifname, "nameif", i->nameif,
			"monitored", i->monitored, "weight", (int)i->weight,
			"mac_active", mac_json(c, i, true),
			"mac_standby", mac_json(c, i, false),
			"addresses", addrs_json(i->addr, i->n_addrs, "active",
						"standby")));
	return all;
}

/* Never the keys themselves. */
static json_t *key_json(const struct fo_key *k)
{
	char print[17];

	if (k->kind == KEY_NONE)
		return json_null();
	snprintf(print, sizeof(print), "%016" PRIx64, k->fingerprint);
	return json_pack("{s:s, s:o}", "fingerprint", print, "file",
			 k->kind == KEY_FILE ? json_string(k->text) :
					       json_null());
}

static const char *key_mode(const struct fo_config *c)
{
	return c->key_mode == NF_FAILOVER_KEY_MODE_SECRET ? "secret" :
	       c->key_mode == NF_FAILOVER_KEY_MODE_CLEAR ? "clear" : "unset";
}

/* What is not set is null. */
static json_t *set_or_null(uint32_t v)
{
	return v ? json_integer(v) : json_null();
}

/* Keys stay, also where nothing is without effect any more. */
static json_t *kept_json(const struct fo_config *c)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o}",
			 "interface_poll_ms", set_or_null(c->ifc_poll_ms),
			 "interface_hold_ms", set_or_null(c->ifc_hold_ms),
			 "interface_policy", set_or_null(c->ifc_policy),
			 "interface_policy_percent",
			 set_or_null(c->ifc_policy_percent),
			 "replication_http", c->http,
			 "without_effect", json_array());
}

static json_t *ports_json(const struct fo_config *c)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < c->n_http_ports; i++)
		json_array_append_new(all, json_integer(c->http_port[i]));
	return all;
}

/* A key of a rule as its line has it; null: it is not looked at. */
static json_t *key_or_null(const struct fo_filter *f, enum filter_key key)
{
	char text[FILTER_TEXT_MAX];

	return f->keys & key ? json_string(filter_key_text(f, key, text)) :
			       json_null();
}

static json_t *filters_json(const struct fo_config *c)
{
	json_t *all = json_array();
	const struct fo_filter *f;

	for (f = c->filter; f < c->filter + c->n_filters; f++)
		json_array_append_new(all, json_pack(
			"{s:b, s:o, s:o, s:o, s:o, s:o}",
			"include", f->include,
			"protocol", key_or_null(f, FILTER_PROTOCOL),
			"port", key_or_null(f, FILTER_PORT),
			"address", key_or_null(f, FILTER_ADDR),
			"zone", key_or_null(f, FILTER_ZONE),
			"mark", key_or_null(f, FILTER_MARK)));
	return json_pack("{s:o, s:o, s:o}", "replication_http_ports",
			 ports_json(c), "replication_filters", all,
			 "replication_delay_s", set_or_null(c->told_after));
}

static json_t *execs_json(const struct fo_config *c)
{
	const struct fo_exec_line *x;
	json_t *all = json_array();

	for (x = c->exec; x < c->exec + c->n_execs; x++)
		json_array_append_new(all, json_pack("{s:s, s:s}", "name",
						     x->name, "command",
						     x->command));
	return all;
}

static json_t *sets_json(const struct fo_config *c)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < c->n_sets; i++)
		json_array_append_new(all, json_pack("{s:s, s:o}", "set",
			c->set[i].what, "problem", c->set[i].why[0] ?
			json_string(c->set[i].why) : json_null()));
	return all;
}

static json_t *routes_json(const struct fo_config *c)
{
	json_t *all = json_array();
	const struct fo_route *r;

	for (r = c->route; r < c->route + c->n_routes; r++)
		json_array_append_new(all, json_pack("{s:s, s:i, s:o}",
			"route", r->what, "routes", r->routes, "problem",
			r->why[0] ? json_string(r->why) : json_null()));
	return all;
}

/* What has its name of the ASA; a reconnect timeout of -1 is for ever. */
static json_t *asa_json(const struct fo_config *c)
{
	return json_pack("{s:I, s:b, s:o, s:o, s:b, s:o, s:o, s:o, s:I, s:o, s:b, s:b, s:o, s:b}",
			 "reconnect_timeout",
			 c->reconnect == CONFIG_FOREVER ?
			 (json_int_t)-1 : (json_int_t)c->reconnect,
			 "wait_disable", c->wait_disable,
			 "replication_rate_kbit", set_or_null(c->rate),
			 "replication_accounting_s",
			 set_or_null(c->accounting),
			 "exec_clear_text", c->exec_clear,
			 "exec_allow", execs_json(c),
			 "nft_sets", sets_json(c),
			 "routes", routes_json(c),
			 "route_timeout",
			 c->route_timeout == CONFIG_FOREVER ?
			 (json_int_t)-1 : (json_int_t)c->route_timeout,
			 "tracks", show_tracks_config_json(c),
			 "replication_ipsec",
			 c->ipsec != NF_FAILOVER_IPSEC_NONE,
			 "replication_ipsec_keys",
			 c->ipsec == NF_FAILOVER_IPSEC_KEYS,
			 "replication_ipsec_problem", c->ipsec_why[0] ?
			 json_string(c->ipsec_why) : json_null(),
			 "replication_expectations", c->expectations);
}

static json_t *gtp_json(const struct fo_config *c)
{
	return json_pack("{s:b, s:i, s:o}", "replication_gtp", c->gtp,
			 "gtp_contexts", c->gtp_contexts,
			 "replication_gtp_problem", c->gtp_why[0] ?
			 json_string(c->gtp_why) : json_null());
}

static json_t *settings_json(const struct fo_show *s)
{
	const struct fo_config *c = &s->config;
	bool syn = c->tcp_from == NF_FAILOVER_TCP_FROM_SYN_SENT;
	bool new = c->datagram_from == NF_FAILOVER_DATAGRAM_FROM_NEW;
	json_t *all;

	all = json_pack("{s:b, s:s, s:o, s:i, s:i, s:i, s:s, s:s, s:b, s:b, s:b, s:o, s:b, s:i, s:i, s:i, s:s, s:o, s:o}",
			 "enabled", c->enabled,
			 "unit", names_unit_key(c->unit),
			 "links", links_json(s),
			 "poll_ms", c->poll_ms,
			 "hold_ms", c->hold_ms,
			 "ethertype", c->ethertype,
			 "tcp_from", syn ? "syn-sent" : "established",
			 "datagram_from", new ? "new" : "reply",
			 "replication", c->replication,
			 "replication_neighbours", c->neighbours,
			 "replication_objects", c->objects,
			 "interfaces", config_ifcs_json(c),
			 "preempt", c->preempt,
			 "preempt_delay", c->preempt_delay,
			 "hold_down_takeovers", c->held_takeovers,
			 "hold_down_time", c->held_time,
			 "key_mode", key_mode(c),
			 "key", key_json(&c->key[0]),
			 "key_next", key_json(&c->key[1]));
	json_object_update_new(all, asa_json(c));
	json_object_update_new(all, gtp_json(c));
	json_object_update_new(all, filters_json(c));
	return all;
}

static json_t *config_json(const struct fo_show *s)
{
	json_t *all = settings_json(s), *kept = kept_json(&s->config);

	json_object_update(all, kept);
	json_decref(kept);
	return all;
}

/* The configured interfaces, with what this unit says of them. */
static json_t *health_json(const struct fo_show *s, const struct fo_host *h)
{
	const struct fo_config *c = &s->config;
	json_t *all = json_array();
	const struct fo_ifc *i;

	for (i = c->ifc; i < c->ifc + c->n_ifcs; i++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:s}", "nameif", i->nameif,
			"status", names_ifstatus(show_ifc_status(s, h, i)),
			"mate_answer", names_answer_key(h == &s->this ?
				i->answer : NF_FAILOVER_ANSWER_NOT_ASKED)));
	return all;
}

static json_t *helpers_json(const struct fo_host *h)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < h->n_helpers; i++)
		json_array_append_new(all, json_string(h->helper[i]));
	return all;
}

static json_t *refused_json(const struct fo_host *h)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < h->n_refused; i++)
		json_array_append_new(all, json_pack("{s:s, s:o}",
			"reason", h->refused[i].reason,
			"count", u64(h->refused[i].count)));
	return all;
}

/* The same of the tracked objects, and what is missing, behind what each host has. */
static json_t *with_lists(json_t *host, const struct fo_show *s,
			  const struct fo_host *h)
{
	json_object_set_new(host, "tracks", show_tracks_json(s, h));
	json_object_set_new(host, "missing_helpers", helpers_json(h));
	json_object_set_new(host, "refused", refused_json(h));
	return host;
}

static json_t *host_json(const struct fo_show *s, const struct fo_host *h)
{
	uint32_t state;
	const char *word = show_host_state(s, h, &state);

	if (!h->known)
		return json_pack("{s:s, s:o}", "state", word,
				 "interfaces", health_json(s, h));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:b, s:b, s:i, s:i, s:i}",
			 "unit", names_unit_key(h->unit),
			 "role", names_role_key(h->role),
			 "state", word,
			 "epoch", u64(h->epoch),
			 "active_time", u64(h->active_time),
			 "up_time", h->up_time ? u64(h->up_time) : json_null(),
			 "version", text(h->version),
			 "serial", text(h->serial),
			 "objects", u64(h->objects),
			 "daemon", h->daemon,
			 "wants_active", h->wants_active,
			 "synced", h->synced,
			 "interfaces", health_json(s, h),
			 "fit", h->fit,
			 "hold_down", h->hold_down,
			 "hold_down_ms", h->hold_down_ms,
			 "liberal_connections", h->liberal,
			 "liberal_ms", h->liberal_ms);
}

/* @keys: names of the values of each row. */
static json_t *rows_json(const struct fo_rows *rows, const char *const *keys)
{
	json_t *all = json_array(), *one;
	const struct fo_row *r;
	int i;

	for (r = rows->row; r < rows->row + rows->n; r++) {
		one = json_pack("{s:s}", "name", r->name);
		for (i = 0; keys[i]; i++)
			json_object_set_new(one, keys[i], u64(r->v[i]));
		json_array_append_new(all, one);
	}
	return all;
}

static json_t *differences_json(const struct fo_show *s)
{
	const struct fo_difference *d = s->difference;
	json_t *all = json_array();

	for (; d < s->difference + s->n_differences; d++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:s, s:b}", "setting", d->setting,
			"ours", d->ours, "theirs", d->theirs,
			"blocks", d->blocks));
	return all;
}

static json_t *counters_json(const struct fo_show *s)
{
	json_t *o = json_object();
	const struct fo_row *r;

	for (r = s->counters.row; r < s->counters.row + s->counters.n; r++)
		json_object_set_new(o, r->name, u64(r->v[0]));
	return o;
}

int show_print_json(json_t *o)
{
	int err = !o || json_dumpf(o, stdout, JSON_INDENT(2));

	json_decref(o);
	if (err) {
		fprintf(stderr, "failover: cannot write JSON\n");
		return EXIT_FAIL;
	}
	putchar('\n');
	return EXIT_OK;
}

int show_json(const struct fo_show *s)
{
	static const char *const class[] = { "xmit", "xerr", "rcv", "rerr",
					     NULL };
	static const char *const queue[] = { "cur", "max", "total", NULL };

	return show_print_json(json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"config", config_json(s),
		"this", with_lists(host_json(s, &s->this), s, &s->this),
		"other", with_lists(host_json(s, &s->other), s, &s->other),
		"classes", rows_json(&s->classes, class),
		"queues", rows_json(&s->queues, queue),
		"counters", counters_json(s),
		"failover_at", s->failover_at ? u64(s->failover_at) :
						json_null(),
		"reason", text(s->reason),
		"differences", differences_json(s)));
}

int show_json_counters(const struct fo_show *s)
{
	return show_print_json(counters_json(s));
}

// SPDX-License-Identifier: GPL-2.0
/* What get and events say as structs, by tables; only for nl.c. */
#include "nl_attr.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include "nl_field.h"

static int get_addr_bytes(const struct nlattr *attr, struct fo_addr *a,
			  int family, unsigned char *to)
{
	if (mnl_attr_get_payload_len(attr) != addr_len(family))
		return -EBADMSG;
	a->family = family;
	memcpy(to, mnl_attr_get_payload(attr), addr_len(family));
	return 0;
}

static int get_addr_attr(const struct nlattr *attr, struct fo_addr *a)
{
	switch (mnl_attr_get_type(attr)) {
	case NF_FAILOVER_ADDR_ACTIVE4:
		return get_addr_bytes(attr, a, AF_INET, a->active);
	case NF_FAILOVER_ADDR_STANDBY4:
		a->has_standby = true;
		return get_addr_bytes(attr, a, AF_INET, a->standby);
	case NF_FAILOVER_ADDR_ACTIVE6:
		return get_addr_bytes(attr, a, AF_INET6, a->active);
	case NF_FAILOVER_ADDR_STANDBY6:
		a->has_standby = true;
		return get_addr_bytes(attr, a, AF_INET6, a->standby);
	case NF_FAILOVER_ADDR_PREFIX_LEN:
		a->prefix = mnl_attr_get_u8(attr);
	}
	return 0;
}

static int get_addr(const struct nlattr *nest, struct fo_addr *list,
		    unsigned int *n)
{
	struct fo_addr a = { .family = 0 };
	const struct nlattr *attr;
	int err;

	mnl_attr_for_each_nested(attr, nest) {
		err = get_addr_attr(attr, &a);
		if (err)
			return err;
	}
	if (!a.family || *n == CONFIG_ADDRS_MAX)
		return -EBADMSG;
	list[(*n)++] = a;
	return 0;
}

static int get_ifc_addr(const struct nlattr *nest, void *obj)
{
	struct fo_ifc *ifc = obj;

	return get_addr(nest, ifc->addr, &ifc->n_addrs);
}

static const struct field ifc_fields[] = {
	FIELD(IFC_IFNAME, F_TEXT, struct fo_ifc, ifname),
	FIELD(IFC_NAMEIF, F_TEXT, struct fo_ifc, nameif),
	FIELD(IFC_MONITORED, F_BOOL, struct fo_ifc, monitored),
	FIELD(IFC_WEIGHT, F_U32, struct fo_ifc, weight),
	FIELD(IFC_STATUS, F_U32, struct fo_ifc, status),
	FIELD(IFC_MAC_ACTIVE, F_MAC, struct fo_ifc, mac.active),
	FIELD(IFC_MAC_STANDBY, F_MAC, struct fo_ifc, mac.standby),
	FIELD(IFC_MAC_OWN, F_MAC, struct fo_ifc, mac.own),
	FIELD(IFC_ANSWER, F_U32, struct fo_ifc, answer),
	FIELD(IFC_MAC, F_MAC, struct fo_ifc, mate_mac),
	FIELD(IFC_CAUSE, F_TEXT, struct fo_ifc, cause),
	FIELD(IFC_SINCE, F_U64, struct fo_ifc, since),
	NEST(IFC_ADDRESS, get_ifc_addr),
	END
};

/* A link is read whole before it is known which one it is. */
struct any_link {
	uint32_t kind;
	struct fo_link link;
	struct fo_link_ip ip;
};

static int get_link_addr(const struct nlattr *nest, void *obj)
{
	struct any_link *l = obj;

	return get_addr(nest, l->ip.addr, &l->ip.n_addrs);
}

static const struct field link_fields[] = {
	FIELD(LINK_KIND, F_U32, struct any_link, kind),
	FIELD(LINK_NAME, F_TEXT, struct any_link, link.name),
	FIELD(LINK_IFNAME, F_TEXT, struct any_link, link.ifname),
	FIELD(LINK_STATUS, F_U32, struct any_link, link.status),
	FIELD(LINK_MISMATCH, F_TEXT, struct any_link, link.mismatch),
	FIELD(LINK_TRANSPORT, F_U32, struct any_link, link.transport),
	FIELD(LINK_PORT, F_U16, struct any_link, link.port),
	FIELD(LINK_WARNING, F_TEXT, struct any_link, link.warning),
	FIELD(LINK_MTU, F_U32, struct any_link, link.mtu),
	FIELD(LINK_HEADERS, F_U32, struct any_link, link.headers),
	FIELD(LINK_FRAME_AGE, F_U32, struct any_link, link.frame_age),
	NEST(LINK_ADDRESS, get_link_addr),
	END
};

static int get_config_link(const struct nlattr *nest, void *obj)
{
	struct any_link l = { .kind = CONFIG_LINKS,
			      .link.frame_age = CONFIG_NO_FRAME };
	struct fo_config *c = obj;
	int err = field_nest(link_fields, nest, &l);

	if (err || l.kind >= CONFIG_LINKS)
		return err;
	c->link[l.kind] = l.link;
	memcpy(l.ip.name, l.link.name, sizeof(l.ip.name));
	c->link_ip[l.kind] = l.ip;
	return 0;
}

static int get_config_ifc(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = obj;
	void *ifc;

	c->ifc = field_grow(c->ifc, &c->n_ifcs, sizeof(*c->ifc), &ifc);
	return ifc ? field_nest(ifc_fields, nest, ifc) : -ENOMEM;
}

static const struct field key_fields[] = {
	FIELD(KEY_FINGERPRINT, F_U64, struct fo_key, fingerprint),
	FIELD(KEY_FILE, F_TEXT, struct fo_key, text),
	END
};

/* The first is the one in use. */
static int get_config_key(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = obj;
	struct fo_key *k = &c->key[c->key[0].kind != KEY_NONE];
	int err = field_nest(key_fields, nest, k);

	k->kind = k->text[0] ? KEY_FILE : KEY_KEPT;
	return err;
}

static const struct field exec_fields[] = {
	FIELD(EXEC_NAME, F_TEXT, struct fo_exec_line, name),
	FIELD(EXEC_COMMAND, F_TEXT, struct fo_exec_line, command),
	END
};

static int get_config_exec(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = obj;

	if (c->n_execs == CONFIG_EXECS)
		return -EBADMSG;
	return field_nest(exec_fields, nest, &c->exec[c->n_execs++]);
}

static int get_config_set(const struct nlattr *attr, void *obj)
{
	struct fo_config *c = obj;

	if (c->n_sets == CONFIG_SETS)
		return -EBADMSG;
	snprintf(c->set[c->n_sets].what, CONFIG_SET_TEXT, "%.*s",
		 (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
	c->n_sets++;
	return 0;
}

static int get_config_route(const struct nlattr *attr, void *obj)
{
	struct fo_config *c = obj;

	if (c->n_routes == CONFIG_ROUTES)
		return -EBADMSG;
	snprintf(c->route[c->n_routes].what, CONFIG_ROUTE_TEXT, "%.*s",
		 (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
	c->n_routes++;
	return 0;
}

static int get_http_port(const struct nlattr *attr, void *obj)
{
	struct fo_config *c = obj;

	if (mnl_attr_get_payload_len(attr) != sizeof(uint16_t) ||
	    c->n_http_ports == CONFIG_HTTP_PORTS)
		return -EBADMSG;
	c->http_port[c->n_http_ports++] = mnl_attr_get_u16(attr);
	return 0;
}

/* What an attribute of a rule is of, beside its value. */
static void add_key(struct fo_filter *f, unsigned int attr)
{
	static const unsigned int keys[NF_FAILOVER_FILTER_MAX + 1] = {
		[NF_FAILOVER_FILTER_PROTOCOL] = FILTER_PROTOCOL,
		[NF_FAILOVER_FILTER_PORT_FROM] = FILTER_PORT,
		[NF_FAILOVER_FILTER_ADDR4] = FILTER_ADDR,
		[NF_FAILOVER_FILTER_ADDR6] = FILTER_ADDR,
		[NF_FAILOVER_FILTER_ZONE] = FILTER_ZONE,
		[NF_FAILOVER_FILTER_MARK] = FILTER_MARK,
	};

	if (attr <= NF_FAILOVER_FILTER_MAX)
		f->keys |= keys[attr];
}

static int get_filter_addr(const struct nlattr *attr, struct fo_filter *f,
			   int family)
{
	if (mnl_attr_get_payload_len(attr) != addr_len(family))
		return -EBADMSG;
	f->family = family;
	memcpy(f->addr, mnl_attr_get_payload(attr), addr_len(family));
	return 0;
}

static int get_filter_addr4(const struct nlattr *attr, void *obj)
{
	return get_filter_addr(attr, obj, AF_INET);
}

static int get_filter_addr6(const struct nlattr *attr, void *obj)
{
	return get_filter_addr(attr, obj, AF_INET6);
}

static const struct field filter_fields[] = {
	FIELD(FILTER_INCLUDE, F_BOOL, struct fo_filter, include),
	FIELD(FILTER_PROTOCOL, F_U8, struct fo_filter, protocol),
	FIELD(FILTER_PORT_FROM, F_U16, struct fo_filter, port_from),
	FIELD(FILTER_PORT_TO, F_U16, struct fo_filter, port_to),
	NEST(FILTER_ADDR4, get_filter_addr4),
	NEST(FILTER_ADDR6, get_filter_addr6),
	FIELD(FILTER_PREFIX_LEN, F_U8, struct fo_filter, prefix),
	FIELD(FILTER_ZONE, F_U16, struct fo_filter, zone),
	FIELD(FILTER_MARK, F_U32, struct fo_filter, mark),
	FIELD(FILTER_MARK_MASK, F_U32, struct fo_filter, mask),
	END
};

static int get_config_filter(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = obj;
	const struct nlattr *attr;
	struct fo_filter *f;

	if (c->n_filters == CONFIG_FILTERS)
		return -EBADMSG;
	f = &c->filter[c->n_filters++];
	mnl_attr_for_each_nested(attr, nest)
		add_key(f, mnl_attr_get_type(attr));
	return field_nest(filter_fields, nest, f);
}

static const struct field track_fields[] = {
	FIELD(TRACK_NAME, F_TEXT, struct fo_track, name),
	FIELD(TRACK_WHAT, F_TEXT, struct fo_track, what),
	FIELD(TRACK_WEIGHT, F_U32, struct fo_track, weight),
	FIELD(TRACK_STATUS, F_U32, struct fo_track, status),
	FIELD(TRACK_CAUSE, F_TEXT, struct fo_track, cause),
	FIELD(TRACK_SINCE, F_U64, struct fo_track, since),
	END
};

static int get_track(const struct nlattr *nest, struct fo_track *list,
		     unsigned int *n)
{
	if (*n == CONFIG_TRACKS)
		return -EBADMSG;
	return field_nest(track_fields, nest, &list[(*n)++]);
}

static int get_config_track(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = obj;

	return get_track(nest, c->track, &c->n_tracks);
}

static int get_host_track(const struct nlattr *nest, void *obj)
{
	struct fo_host *h = obj;

	return get_track(nest, h->track, &h->n_tracks);
}

static const struct field config_fields[] = {
	FIELD(CONFIG_ENABLED, F_BOOL, struct fo_config, enabled),
	FIELD(CONFIG_UNIT, F_U32, struct fo_config, unit),
	FIELD(CONFIG_POLL_MS, F_U32, struct fo_config, poll_ms),
	FIELD(CONFIG_HOLD_MS, F_U32, struct fo_config, hold_ms),
	FIELD(CONFIG_ETHERTYPE, F_U16, struct fo_config, ethertype),
	FIELD(CONFIG_TCP_FROM, F_U32, struct fo_config, tcp_from),
	FIELD(CONFIG_DATAGRAM_FROM, F_U32, struct fo_config, datagram_from),
	FIELD(CONFIG_REPLICATION_ACCOUNTING, F_U32, struct fo_config,
	      accounting),
	FIELD(CONFIG_REPLICATION, F_BOOL, struct fo_config, replication),
	FIELD(CONFIG_REPLICATION_NEIGHBOURS, F_BOOL, struct fo_config,
	      neighbours),
	FIELD(CONFIG_REPLICATION_OBJECTS, F_BOOL, struct fo_config, objects),
	FIELD(CONFIG_REPLICATION_IPSEC, F_U8, struct fo_config, ipsec),
	FIELD(CONFIG_REPLICATION_GTP, F_BOOL, struct fo_config, gtp),
	FIELD(CONFIG_REPLICATION_EXPECTATIONS, F_BOOL, struct fo_config,
	      expectations),
	FIELD(CONFIG_REPLICATION_RATE, F_U32, struct fo_config, rate),
	FIELD(CONFIG_PREEMPT, F_BOOL, struct fo_config, preempt),
	FIELD(CONFIG_PREEMPT_DELAY, F_U32, struct fo_config, preempt_delay),
	FIELD(CONFIG_HOLD_DOWN_TAKEOVERS, F_U32, struct fo_config,
	      held_takeovers),
	FIELD(CONFIG_HOLD_DOWN_TIME, F_U32, struct fo_config, held_time),
	FIELD(CONFIG_MAC_AUTO, F_U16, struct fo_config, mac_auto),
	NEST(CONFIG_LINK, get_config_link),
	NEST(CONFIG_INTERFACE, get_config_ifc),
	FIELD(CONFIG_KEY_MODE, F_U32, struct fo_config, key_mode),
	NEST(CONFIG_KEY, get_config_key),
	FIELD(CONFIG_INTERFACE_POLL_MS, F_U32, struct fo_config, ifc_poll_ms),
	FIELD(CONFIG_INTERFACE_HOLD_MS, F_U32, struct fo_config, ifc_hold_ms),
	FIELD(CONFIG_INTERFACE_POLICY, F_U32, struct fo_config, ifc_policy),
	FIELD(CONFIG_INTERFACE_POLICY_PERCENT, F_U32, struct fo_config,
	      ifc_policy_percent),
	FIELD(CONFIG_REPLICATION_HTTP, F_BOOL, struct fo_config, http),
	NEST(CONFIG_HTTP_PORT, get_http_port),
	NEST(CONFIG_FILTER, get_config_filter),
	FIELD(CONFIG_REPLICATION_DELAY, F_U32, struct fo_config, told_after),
	NEST(CONFIG_EXEC, get_config_exec),
	NEST(CONFIG_NFT_SET, get_config_set),
	NEST(CONFIG_ROUTE, get_config_route),
	FIELD(CONFIG_ROUTE_TIMEOUT, F_U32, struct fo_config, route_timeout),
	NEST(CONFIG_TRACK, get_config_track),
	FIELD(CONFIG_EXEC_CLEAR, F_BOOL, struct fo_config, exec_clear),
	FIELD(CONFIG_RECONNECT_TIMEOUT, F_U32, struct fo_config, reconnect),
	FIELD(CONFIG_WAIT_DISABLE, F_BOOL, struct fo_config, wait_disable),
	END
};

struct hello_key {
	unsigned char key[NF_FAILOVER_KEY_LEN];
};

static const struct field hello_key_fields[] = {
	FIELD(KEY_HELLO_KEY, F_KEY, struct hello_key, key),
	END
};

static int get_hello_key(const struct nlattr *nest, void *obj)
{
	struct fo_hello_keys *k = obj;

	if (k->n == CONFIG_KEYS)
		return -EBADMSG;
	return field_nest(hello_key_fields, nest, k->key[k->n++]);
}

static const struct field hello_keys_fields[] = {
	NEST(A_KEY, get_hello_key),
	END
};

int nl_attr_get_hello_keys(const struct nlmsghdr *nlh, struct fo_hello_keys *k)
{
	return field_msg(hello_keys_fields, nlh, k);
}

static int get_host_ifc(const struct nlattr *nest, void *obj)
{
	struct fo_host *h = obj;
	void *ifc;

	h->ifc = field_grow(h->ifc, &h->n_ifcs, sizeof(*h->ifc), &ifc);
	return ifc ? field_nest(ifc_fields, nest, ifc) : -ENOMEM;
}

static int get_host_helper(const struct nlattr *attr, void *obj)
{
	struct fo_host *h = obj;

	if (h->n_helpers == NL_HELPERS)
		return -EBADMSG;
	snprintf(h->helper[h->n_helpers], NL_HELPER_TEXT, "%.*s",
		 (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
	h->n_helpers++;
	return 0;
}

static const struct field refused_fields[] = {
	FIELD(REFUSED_REASON, F_TEXT, struct fo_refused, reason),
	FIELD(REFUSED_COUNT, F_U64, struct fo_refused, count),
	END
};

static int get_host_refused(const struct nlattr *nest, void *obj)
{
	struct fo_host *h = obj;

	if (h->n_refused == NL_REFUSALS)
		return -EBADMSG;
	return field_nest(refused_fields, nest, &h->refused[h->n_refused++]);
}

static const struct field host_fields[] = {
	FIELD(HOST_UNIT, F_U32, struct fo_host, unit),
	FIELD(HOST_ROLE, F_U32, struct fo_host, role),
	FIELD(HOST_STATE, F_U32, struct fo_host, state),
	FIELD(HOST_EPOCH, F_U64, struct fo_host, epoch),
	FIELD(HOST_ACTIVE_TIME, F_U64, struct fo_host, active_time),
	FIELD(HOST_UP_TIME, F_U64, struct fo_host, up_time),
	FIELD(HOST_VERSION, F_TEXT, struct fo_host, version),
	FIELD(HOST_SERIAL, F_TEXT, struct fo_host, serial),
	FIELD(HOST_DAEMON, F_BOOL, struct fo_host, daemon),
	FIELD(HOST_WANTS_ACTIVE, F_BOOL, struct fo_host, wants_active),
	FIELD(HOST_SYNCED, F_BOOL, struct fo_host, synced),
	FIELD(HOST_OBJECTS, F_U64, struct fo_host, objects),
	FIELD(HOST_ALIVE, F_BOOL, struct fo_host, alive),
	FIELD(HOST_FIT, F_BOOL, struct fo_host, fit),
	FIELD(HOST_HOLD_DOWN, F_BOOL, struct fo_host, hold_down),
	FIELD(HOST_HOLD_DOWN_MS, F_U32, struct fo_host, hold_down_ms),
	FIELD(HOST_SILENT, F_BOOL, struct fo_host, silent),
	FIELD(HOST_REPORTS, F_U32, struct fo_host, reports),
	FIELD(HOST_LIBERAL, F_U32, struct fo_host, liberal),
	FIELD(HOST_LIBERAL_MS, F_U32, struct fo_host, liberal_ms),
	NEST(HOST_INTERFACE, get_host_ifc),
	NEST(HOST_TRACK, get_host_track),
	NEST(HOST_MISSING_HELPER, get_host_helper),
	NEST(HOST_REFUSED, get_host_refused),
	END
};

static const struct field class_fields[] = {
	FIELD(CLASS_NAME, F_TEXT, struct fo_row, name),
	FIELD(CLASS_XMIT, F_U64, struct fo_row, v[0]),
	FIELD(CLASS_XERR, F_U64, struct fo_row, v[1]),
	FIELD(CLASS_RCV, F_U64, struct fo_row, v[2]),
	FIELD(CLASS_RERR, F_U64, struct fo_row, v[3]),
	END
};

static const struct field queue_fields[] = {
	FIELD(QUEUE_NAME, F_TEXT, struct fo_row, name),
	FIELD(QUEUE_CUR, F_U64, struct fo_row, v[0]),
	FIELD(QUEUE_HIGHEST, F_U64, struct fo_row, v[1]),
	FIELD(QUEUE_TOTAL, F_U64, struct fo_row, v[2]),
	END
};

static const struct field counter_fields[] = {
	FIELD(COUNTER_NAME, F_TEXT, struct fo_row, name),
	FIELD(COUNTER_VALUE, F_U64, struct fo_row, v[0]),
	END
};

static int get_row(const struct field *table, const struct nlattr *nest,
		   struct fo_rows *rows)
{
	void *row;

	rows->row = field_grow(rows->row, &rows->n, sizeof(*rows->row), &row);
	return row ? field_nest(table, nest, row) : -ENOMEM;
}

static int get_config(const struct nlattr *nest, void *obj)
{
	struct fo_config *c = &((struct fo_show *)obj)->config;

	/* the kernel names the default as well */
	c->n_http_ports = 0;
	return field_nest(config_fields, nest, c);
}

static int get_this(const struct nlattr *nest, void *obj)
{
	struct fo_show *s = obj;

	s->this.known = true;
	return field_nest(host_fields, nest, &s->this);
}

static int get_other(const struct nlattr *nest, void *obj)
{
	struct fo_show *s = obj;

	s->other.known = true;
	return field_nest(host_fields, nest, &s->other);
}

static int get_class(const struct nlattr *nest, void *obj)
{
	return get_row(class_fields, nest, &((struct fo_show *)obj)->classes);
}

static int get_queue(const struct nlattr *nest, void *obj)
{
	return get_row(queue_fields, nest, &((struct fo_show *)obj)->queues);
}

static int get_counter(const struct nlattr *nest, void *obj)
{
	return get_row(counter_fields, nest,
		       &((struct fo_show *)obj)->counters);
}

static const struct field bulk_fields[] = {
	FIELD(BULK_NAME, F_TEXT, struct fo_bulk_row, name),
	FIELD(BULK_RECEIVED, F_BOOL, struct fo_bulk_row, received),
	FIELD(BULK_COUNT, F_U64, struct fo_bulk_row, count),
	FIELD(BULK_BEGIN, F_U64, struct fo_bulk_row, begin),
	FIELD(BULK_END, F_U64, struct fo_bulk_row, end),
	FIELD(BULK_ENTRIES, F_U64, struct fo_bulk_row, entries),
	END
};

static int get_bulk(const struct nlattr *nest, void *obj)
{
	struct fo_show *s = obj;
	void *row;

	s->bulk = field_grow(s->bulk, &s->n_bulks, sizeof(*s->bulk), &row);
	return row ? field_nest(bulk_fields, nest, row) : -ENOMEM;
}

static const struct field lag_fields[] = {
	FIELD(LAG_UNSENT, F_U64, struct fo_lag, unsent),
	FIELD(LAG_UNACKED, F_U64, struct fo_lag, unacked),
	FIELD(LAG_CHANGES, F_U64, struct fo_lag, changes),
	FIELD(LAG_P50, F_U64, struct fo_lag, p50),
	FIELD(LAG_P99, F_U64, struct fo_lag, p99),
	FIELD(LAG_WINDOW, F_U64, struct fo_lag, window),
	FIELD(LAG_ROUND_TRIP, F_U64, struct fo_lag, round_trip),
	FIELD(LAG_QUEUEING, F_U64, struct fo_lag, queueing),
	END
};

static int get_lag(const struct nlattr *nest, void *obj)
{
	struct fo_show *s = obj;

	return field_nest(lag_fields, nest, &s->lag);
}

static const struct field difference_fields[] = {
	FIELD(DIFFERENCE_SETTING, F_TEXT, struct fo_difference, setting),
	FIELD(DIFFERENCE_OURS, F_TEXT, struct fo_difference, ours),
	FIELD(DIFFERENCE_THEIRS, F_TEXT, struct fo_difference, theirs),
	FIELD(DIFFERENCE_BLOCKS, F_BOOL, struct fo_difference, blocks),
	END
};

static int get_difference(const struct nlattr *nest, void *obj)
{
	struct fo_show *s = obj;
	void *row;

	s->difference = field_grow(s->difference, &s->n_differences,
				   sizeof(*s->difference), &row);
	return row ? field_nest(difference_fields, nest, row) : -ENOMEM;
}

static const struct field show_fields[] = {
	FIELD(A_FAILOVER_AT, F_U64, struct fo_show, failover_at),
	FIELD(A_REASON, F_TEXT, struct fo_show, reason),
	NEST(A_CONFIG, get_config),
	NEST(A_THIS, get_this),
	NEST(A_OTHER, get_other),
	NEST(A_CLASS, get_class),
	NEST(A_QUEUE, get_queue),
	NEST(A_COUNTER, get_counter),
	NEST(A_BULK, get_bulk),
	NEST(A_DIFFERENCE, get_difference),
	NEST(A_LAG, get_lag),
	END
};

static const struct field event_host_fields[] = {
	FIELD(HOST_ROLE, F_U32, struct fo_event_host, role),
	FIELD(HOST_STATE, F_U32, struct fo_event_host, state),
	FIELD(HOST_EPOCH, F_U64, struct fo_event_host, epoch),
	FIELD(HOST_DAEMON, F_BOOL, struct fo_event_host, daemon),
	FIELD(HOST_SERIAL, F_TEXT, struct fo_event_host, serial),
	END
};

static int get_event_this(const struct nlattr *nest, void *obj)
{
	struct fo_event *ev = obj;

	ev->this.known = true;
	return field_nest(event_host_fields, nest, &ev->this);
}

static int get_event_other(const struct nlattr *nest, void *obj)
{
	struct fo_event *ev = obj;

	ev->other.known = true;
	return field_nest(event_host_fields, nest, &ev->other);
}

static const struct field event_fields[] = {
	FIELD(A_EVENT_TYPE, F_U32, struct fo_event, type),
	FIELD(A_ASK, F_U32, struct fo_event, ask),
	FIELD(A_REASON, F_TEXT, struct fo_event, reason),
	NEST(A_THIS, get_event_this),
	NEST(A_OTHER, get_event_other),
	END
};

int nl_attr_get_show(const struct nlmsghdr *nlh, struct fo_show *show)
{
	return field_msg(show_fields, nlh, show);
}

int nl_attr_get_event(const struct nlmsghdr *nlh, struct fo_event *ev)
{
	return field_msg(event_fields, nlh, ev);
}

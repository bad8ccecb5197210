// SPDX-License-Identifier: GPL-2.0
/* Entries of the history from attributes, by tables; only for nl.c. */
#include "nl_attr.h"

#include <errno.h>
#include <libmnl/libmnl.h>

#include "nl_field.h"

static const struct field seen_fields[] = {
	FIELD(IFC_NAMEIF, F_TEXT, struct fo_seen, name),
	FIELD(IFC_STATUS, F_U32, struct fo_seen, status),
	END
};

static const struct field track_fields[] = {
	FIELD(TRACK_NAME, F_TEXT, struct fo_seen, name),
	FIELD(TRACK_STATUS, F_U32, struct fo_seen, status),
	END
};

static int get_seen(const struct field *fields, const struct nlattr *nest,
		    struct fo_seen_list *list)
{
	/* more than fit are of a newer kernel */
	return list->n == HISTORY_SEEN ? 0 :
	       field_nest(fields, nest, &list->one[list->n++]);
}

static int get_mates_ifc(const struct nlattr *nest, void *obj)
{
	return get_seen(seen_fields, nest,
			&((struct fo_flight *)obj)->mate.ifcs);
}

static int get_our_ifc(const struct nlattr *nest, void *obj)
{
	return get_seen(seen_fields, nest, &((struct fo_flight *)obj)->ifcs);
}

static int get_mates_track(const struct nlattr *nest, void *obj)
{
	return get_seen(track_fields, nest,
			&((struct fo_flight *)obj)->mate.tracks);
}

static int get_our_track(const struct nlattr *nest, void *obj)
{
	return get_seen(track_fields, nest, &((struct fo_flight *)obj)->tracks);
}

struct any_status {
	uint32_t status;
};

static const struct field link_fields[] = {
	FIELD(LINK_STATUS, F_U32, struct any_status, status),
	END
};

static int get_link(const struct nlattr *nest, void *obj)
{
	struct fo_seen_links *l = &((struct fo_flight *)obj)->links;
	struct any_status s = { .status = 0 };
	int err = field_nest(link_fields, nest, &s);

	if (!err && l->n < HISTORY_LINKS)
		l->status[l->n++] = s.status;
	return err;
}

static const struct field mate_fields[] = {
	FIELD(HOST_ROLE, F_U32, struct fo_flight, mate.role),
	FIELD(HOST_STATE, F_U32, struct fo_flight, mate.state),
	FIELD(HOST_EPOCH, F_U64, struct fo_flight, mate.epoch),
	FIELD(HOST_DAEMON, F_BOOL, struct fo_flight, mate.daemon),
	NEST(HOST_INTERFACE, get_mates_ifc),
	NEST(HOST_TRACK, get_mates_track),
	END
};

static int get_mate(const struct nlattr *nest, void *obj)
{
	((struct fo_flight *)obj)->mate_known = true;
	return field_nest(mate_fields, nest, obj);
}

static const struct field flight_fields[] = {
	FIELD(FLIGHT_UPTIME, F_U64, struct fo_flight, uptime),
	FIELD(FLIGHT_HELLO_AGE, F_U64, struct fo_flight, hello_age),
	FIELD(FLIGHT_FRAME_AGE, F_U64, struct fo_flight, frame_age),
	FIELD(FLIGHT_ALIVE, F_BOOL, struct fo_flight, alive),
	FIELD(FLIGHT_DAEMON, F_BOOL, struct fo_flight, daemon),
	FIELD(FLIGHT_XMITQ, F_U64, struct fo_flight, xmitq),
	FIELD(FLIGHT_RECVQ, F_U64, struct fo_flight, recvq),
	FIELD(FLIGHT_RETRANSMITS, F_U64, struct fo_flight, retransmits),
	FIELD(FLIGHT_HOLD_EXPIRED, F_U64, struct fo_flight, hold_expired),
	FIELD(FLIGHT_HELLOS_MISSED, F_U64, struct fo_flight, hellos_missed),
	NEST(FLIGHT_OTHER, get_mate),
	NEST(FLIGHT_LINK, get_link),
	NEST(FLIGHT_INTERFACE, get_our_ifc),
	NEST(FLIGHT_TRACK, get_our_track),
	END
};

static int get_flight(const struct nlattr *nest, void *obj)
{
	struct fo_flight *f = &((struct fo_entry *)obj)->flight;

	f->known = true;
	f->hello_age = HISTORY_NEVER;
	f->frame_age = HISTORY_NEVER;
	return field_nest(flight_fields, nest, f);
}

static const struct field entry_fields[] = {
	FIELD(ENTRY_MATE, F_BOOL, struct fo_entry, mate),
	FIELD(ENTRY_LIST, F_TEXT, struct fo_entry, list),
	FIELD(ENTRY_SEQ, F_U32, struct fo_entry, seq),
	FIELD(ENTRY_TIME, F_U64, struct fo_entry, time),
	FIELD(ENTRY_KIND, F_U32, struct fo_entry, kind),
	FIELD(ENTRY_FROM, F_U32, struct fo_entry, from),
	FIELD(ENTRY_TO, F_U32, struct fo_entry, to),
	FIELD(ENTRY_ROLE, F_U32, struct fo_entry, role),
	FIELD(ENTRY_EPOCH, F_U64, struct fo_entry, epoch),
	FIELD(ENTRY_REASON, F_TEXT, struct fo_entry, reason),
	NEST(ENTRY_FLIGHT, get_flight),
	END
};

static int get_entry(const struct nlattr *nest, void *obj)
{
	struct fo_entry *e = history_add(obj);

	return e ? field_nest(entry_fields, nest, e) : -ENOMEM;
}

static const struct field msg_fields[] = {
	NEST(A_ENTRY, get_entry),
	END
};

int nl_attr_get_history(const struct nlmsghdr *nlh, struct fo_history *h)
{
	return field_msg(msg_fields, nlh, h);
}

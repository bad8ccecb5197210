// SPDX-License-Identifier: GPL-2.0
/* Echoes as attributes and back; only for nl.c. */
#include "nl_attr.h"

#include <libmnl/libmnl.h>

#include "nl_field.h"

void nl_attr_put_echo(struct nlmsghdr *nlh, const struct fo_echo *e)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NF_FAILOVER_A_ECHO);

	mnl_attr_put_u32(nlh, NF_FAILOVER_ECHO_LINK, e->link);
	mnl_attr_put_u32(nlh, NF_FAILOVER_ECHO_LENGTH, e->length);
	mnl_attr_put_u64(nlh, NF_FAILOVER_ECHO_ID, e->id);
	mnl_attr_nest_end(nlh, nest);
}

static const struct field echo_fields[] = {
	FIELD(ECHO_LINK, F_U32, struct fo_echo, link),
	FIELD(ECHO_LENGTH, F_U32, struct fo_echo, length),
	FIELD(ECHO_ID, F_U64, struct fo_echo, id),
	FIELD(ECHO_ROUND_TRIP, F_U64, struct fo_echo, round_trip),
	END
};

static int get_echo(const struct nlattr *nest, void *e)
{
	return field_nest(echo_fields, nest, e);
}

static const struct field note_fields[] = {
	NEST(A_ECHO, get_echo),
	END
};

int nl_attr_get_echo(const struct nlmsghdr *nlh, struct fo_echo *e)
{
	*e = (struct fo_echo) { .id = 0 };
	return field_msg(note_fields, nlh, e);
}

// SPDX-License-Identifier: GPL-2.0
/* Messages between the units as attributes and back; only for nl.c. */
#include "nl_attr.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "nl_field.h"

void nl_attr_put_msg(struct nlmsghdr *nlh, const struct fo_msg *m)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NF_FAILOVER_A_MSG);

	mnl_attr_put_u64(nlh, NF_FAILOVER_MSG_ID, m->id);
	mnl_attr_put_u32(nlh, NF_FAILOVER_MSG_KIND, m->kind);
	mnl_attr_put(nlh, NF_FAILOVER_MSG_DATA, m->len, m->data);
	mnl_attr_nest_end(nlh, nest);
}

static const struct field msg_fields[] = {
	FIELD(MSG_ID, F_U64, struct fo_msg, id),
	FIELD(MSG_KIND, F_U32, struct fo_msg, kind),
	FIELD(MSG_RESULT, F_U32, struct fo_msg, result),
	END
};

static int get_msg(const struct nlattr *nest, struct fo_msg *m)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != NF_FAILOVER_MSG_DATA)
			continue;
		m->len = mnl_attr_get_payload_len(attr);
		if (m->len > sizeof(m->data))
			return -EBADMSG;
		memcpy(m->data, mnl_attr_get_payload(attr), m->len);
	}
	return field_nest(msg_fields, nest, m);
}

int nl_attr_get_msg(const struct nlmsghdr *nlh, struct fo_msg *m)
{
	const struct nlattr *attr;

	m->len = 0;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == NF_FAILOVER_A_MSG)
			return get_msg(attr, m);
	return -EBADMSG;
}

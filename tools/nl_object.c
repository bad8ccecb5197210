// SPDX-License-Identifier: GPL-2.0
/* User objects as attributes and back; only for nl.c. */
#include "nl_attr.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "nl_field.h"

/* @whole: with value and lifetime, not only what it is known by. */
void nl_attr_put_object(struct nlmsghdr *nlh, const struct fo_object *o,
			bool whole)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, NF_FAILOVER_A_OBJECT);

	mnl_attr_put_strz(nlh, NF_FAILOVER_OBJECT_SPACE, o->space);
	if (o->key_len)
		mnl_attr_put(nlh, NF_FAILOVER_OBJECT_KEY, o->key_len, o->key);
	if (o->secret)
		mnl_attr_put_u8(nlh, NF_FAILOVER_OBJECT_SECRET, 1);
	if (whole) {
		mnl_attr_put(nlh, NF_FAILOVER_OBJECT_VALUE, o->len, o->value);
		if (o->lives)
			mnl_attr_put_u64(nlh, NF_FAILOVER_OBJECT_LIFETIME,
					 o->lifetime);
	}
	mnl_attr_nest_end(nlh, nest);
}

static const struct field fields[] = {
	FIELD(OBJECT_SPACE, F_TEXT, struct fo_object, space),
	FIELD(OBJECT_LIFETIME, F_U64, struct fo_object, lifetime),
	FIELD(OBJECT_EVENT, F_U32, struct fo_object, event),
	FIELD(OBJECT_MATE, F_BOOL, struct fo_object, mate),
	FIELD(OBJECT_SECRET, F_BOOL, struct fo_object, secret),
	END
};

static int get_bytes(const struct nlattr *attr, unsigned char *to, size_t room,
		     size_t *len)
{
	*len = mnl_attr_get_payload_len(attr);
	if (*len > room)
		return -EBADMSG;
	memcpy(to, mnl_attr_get_payload(attr), *len);
	return 0;
}

static int get_object(const struct nlattr *nest, struct fo_object *o)
{
	const struct nlattr *a;
	int err = 0;

	mnl_attr_for_each_nested(a, nest) {
		if (mnl_attr_get_type(a) == NF_FAILOVER_OBJECT_KEY)
			err = get_bytes(a, o->key, sizeof(o->key), &o->key_len);
		else if (mnl_attr_get_type(a) == NF_FAILOVER_OBJECT_VALUE)
			err = get_bytes(a, o->value, sizeof(o->value), &o->len);
		else if (mnl_attr_get_type(a) == NF_FAILOVER_OBJECT_LIFETIME)
			o->lives = true;
		if (err)
			return err;
	}
	return field_nest(fields, nest, o);
}

int nl_attr_get_object(const struct nlmsghdr *nlh, struct fo_object *o)
{
	const struct nlattr *attr;

	*o = (struct fo_object) { .len = 0 };
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == NF_FAILOVER_A_OBJECT)
			return get_object(attr, o);
	return -EBADMSG;
}

int nl_open_objects(struct fo_nl *nl, struct fo_nl *objects)
{
	int err = nl_open(nl);

	if (!err)
		err = nl_subscribe(nl);
	if (!err)
		err = nl_open(objects);
	if (!err)
		err = nl_subscribe_objects(objects);
	return err;
}

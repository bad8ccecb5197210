// SPDX-License-Identifier: GPL-2.0
/* Attributes to members of structs, by tables; only for the files of nl. */
#include "nl_field.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/nf_failover.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mac.h"

static const size_t kind_len[] = {
	[F_BOOL] = 1, [F_U8] = 1, [F_U16] = 2, [F_U32] = 4, [F_U64] = 8,
	[F_MAC] = MAC_BYTES, [F_KEY] = NF_FAILOVER_KEY_LEN,
};

/* A text is cut to the member; a number must have its length. */
static int get_field(const struct field *f, const struct nlattr *attr,
		     void *obj)
{
	char *to = (char *)obj + f->offset;
	size_t len = mnl_attr_get_payload_len(attr);

	if (f->kind == F_NEST)
		return f->nest(attr, obj);
	if (f->kind == F_TEXT) {
		snprintf(to, f->size, "%.*s", (int)len,
			 mnl_attr_get_str(attr));
		return 0;
	}
	if (len != kind_len[f->kind] || len != f->size)
		return -EBADMSG;
	if (f->kind == F_BOOL)
		*to = !!mnl_attr_get_u8(attr);
	else
		memcpy(to, mnl_attr_get_payload(attr), len);
	return 0;
}

/* Attributes that a table does not have are of a newer kernel: skipped. */
static int get_attr(const struct field *table, const struct nlattr *attr,
		    void *obj)
{
	const struct field *f;

	for (f = table; f->attr; f++)
		if (f->attr == mnl_attr_get_type(attr))
			return get_field(f, attr, obj);
	return 0;
}

int field_nest(const struct field *table, const struct nlattr *nest, void *obj)
{
	const struct nlattr *attr;
	int err;

	mnl_attr_for_each_nested(attr, nest) {
		err = get_attr(table, attr, obj);
		if (err)
			return err;
	}
	return 0;
}

/* Grows an array by one zeroed element. */
void *field_grow(void *array, unsigned int *n, size_t size, void **elem)
{
	char *p = realloc(array, (*n + 1) * size);

	*elem = NULL;
	if (!p)
		return array;
	*elem = p + *n * size;
	memset(*elem, 0, size);
	(*n)++;
	return p;
}

int field_msg(const struct field *table, const struct nlmsghdr *nlh, void *obj)
{
	const struct nlattr *attr;
	int err;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		err = get_attr(table, attr, obj);
		if (err)
			return err;
	}
	return 0;
}

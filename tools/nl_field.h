/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes to members of structs, by tables; only for the files of nl. */
#ifndef FAILOVER_NL_FIELD_H
#define FAILOVER_NL_FIELD_H

#include <stddef.h>
#include <stdint.h>

struct nlattr;
struct nlmsghdr;

enum field_kind { F_BOOL, F_U8, F_U16, F_U32, F_U64, F_TEXT, F_MAC, F_KEY,
		  F_NEST };

/* One attribute and the member of a struct that it becomes. */
struct field {
	uint16_t	attr;
	uint16_t	kind;
	size_t		offset;
	size_t		size;
	int		(*nest)(const struct nlattr *nest, void *obj);
};

#define FIELD(attr_, kind_, type, member) \
	{ .attr = NF_FAILOVER_##attr_, .kind = kind_, \
	  .offset = offsetof(type, member), \
	  .size = sizeof(((type *)0)->member) }
#define NEST(attr_, nest_) \
	{ .attr = NF_FAILOVER_##attr_, .kind = F_NEST, .nest = nest_ }
#define END	{ .attr = 0 }

/* All of a nest, or of a message, into @obj. Return 0 or -errno. */
int field_nest(const struct field *table, const struct nlattr *nest, void *obj);
int field_msg(const struct field *table, const struct nlmsghdr *nlh, void *obj);

/* Grows an array by one zeroed element; *@elem is NULL without memory. */
void *field_grow(void *array, unsigned int *n, size_t size, void **elem);

#endif /* FAILOVER_NL_FIELD_H */

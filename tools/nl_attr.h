/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of the family nf-failover to structs and back; only for nl.c. */
#ifndef FAILOVER_NL_ATTR_H
#define FAILOVER_NL_ATTR_H

#include "nl.h"

struct nlmsghdr;

/* Room for a request; a nested attribute cannot be longer than 64 KiB. */
#define NL_MSG_MAX	(70 * 1024)

/* nl_get.c */
int nl_attr_get_show(const struct nlmsghdr *nlh, struct fo_show *show);
int nl_attr_get_hello_keys(const struct nlmsghdr *nlh, struct fo_hello_keys *k);
int nl_attr_get_event(const struct nlmsghdr *nlh, struct fo_event *ev);

/* nl_msg.c */
void nl_attr_put_msg(struct nlmsghdr *nlh, const struct fo_msg *m);
int nl_attr_get_msg(const struct nlmsghdr *nlh, struct fo_msg *m);

/* nl_echo.c */
void nl_attr_put_echo(struct nlmsghdr *nlh, const struct fo_echo *e);
int nl_attr_get_echo(const struct nlmsghdr *nlh, struct fo_echo *e);

/* nl_object.c */
void nl_attr_put_object(struct nlmsghdr *nlh, const struct fo_object *o,
			bool whole);
int nl_attr_get_object(const struct nlmsghdr *nlh, struct fo_object *o);

/* nl_history.c */
int nl_attr_get_history(const struct nlmsghdr *nlh, struct fo_history *h);

/* nl_put.c */
bool nl_attr_put_config(struct nlmsghdr *nlh, const struct fo_config *c);
bool nl_attr_put_track(struct nlmsghdr *nlh, uint16_t type,
		       const struct fo_track *t, bool health);
bool nl_attr_put_ifc(struct nlmsghdr *nlh, uint16_t type,
		     const struct fo_ifc *ifc, bool health);

#endif /* FAILOVER_NL_ATTR_H */

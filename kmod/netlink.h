/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: requests from, and events to user space. */
#ifndef _FO_NETLINK_H
#define _FO_NETLINK_H

#include <net/genetlink.h>

/* netlink.c */
int fo_netlink_init(void);
void fo_netlink_exit(void);
void *fo_netlink_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
void *fo_netlink_put_reply(struct sk_buff *skb, struct genl_info *info,
			   u8 cmd);
extern const struct fo_notify_ops fo_netlink_notify;

void *fo_netlink_put_note(struct sk_buff *skb, u8 cmd);
struct fo_unit *fo_netlink_unit(struct genl_info *info);
bool fo_netlink_is_daemon(const struct fo_unit *u, struct genl_info *info);
bool fo_netlink_in_daemon(const struct fo_unit *u, struct genl_info *info);
void fo_netlink_tell(struct fo_unit *u, struct sk_buff *skb, void *hdr,
		     unsigned int group);
bool fo_netlink_heard(struct fo_unit *u, unsigned int group);

/* netlink_msg.c */
int fo_netlink_msg(struct fo_unit *u, u32 port, const struct fo_msg *m,
		   u8 result);

/* netlink_echo.c */
void fo_netlink_echo(struct fo_unit *u, u32 port, const struct fo_echoed *e);

/* netlink_object.c */
int fo_netlink_get_set(const struct nlattr *attr, struct fo_config *c,
		       struct netlink_ext_ack *extack);
int fo_netlink_get_route(const struct nlattr *attr, struct fo_config *c,
			 struct netlink_ext_ack *extack);
int fo_netlink_put_routes(struct sk_buff *skb, const struct fo_config *c);
int fo_netlink_put_sets(struct sk_buff *skb, const struct fo_config *c);
void fo_netlink_object(struct fo_unit *u, enum nf_failover_object_event event,
		       const struct fo_object_view *v);

/* netlink_track.c */
int fo_netlink_get_track(const struct nlattr *attr, struct fo_config *c,
			 struct netlink_ext_ack *extack);
int fo_netlink_put_track(struct sk_buff *skb, const struct fo_config_track *t);
int fo_netlink_put_mates_tracks(struct sk_buff *skb, const struct fo_hello *h);
int fo_netlink_set_track(const struct nlattr *attr, struct fo_unit *u,
			 struct fo_config *c, struct netlink_ext_ack *extack);

/* netlink_filter.c */
int fo_netlink_get_http_port(const struct nlattr *attr, struct fo_config *c,
			     unsigned int *given,
			     struct netlink_ext_ack *extack);
int fo_netlink_get_filter(const struct nlattr *attr, struct fo_config *c,
			  struct netlink_ext_ack *extack);
int fo_netlink_put_filter(struct sk_buff *skb, const struct fo_config *c);

/* netlink_stats.c */
int fo_netlink_put_stats(struct sk_buff *skb, struct fo_unit *u);

/* netlink_config.c */
struct fo_config *fo_netlink_get_config(const struct nlattr *attr,
					struct fo_unit *u,
					struct netlink_ext_ack *extack);
int fo_netlink_put_config(struct sk_buff *skb, struct fo_unit *u,
			  const struct fo_config *c);

#endif /* _FO_NETLINK_H */

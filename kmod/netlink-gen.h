/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf-failover.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_NF_FAILOVER_GEN_H
#define _LINUX_NF_FAILOVER_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/nf_failover.h>

/* Common nested types */
extern const struct nla_policy nf_failover_addr_nl_policy[NF_FAILOVER_ADDR_PREFIX_LEN + 1];
extern const struct nla_policy nf_failover_config_nl_policy[NF_FAILOVER_CONFIG_REPLICATION_GTP + 1];
extern const struct nla_policy nf_failover_echo_nl_policy[NF_FAILOVER_ECHO_ROUND_TRIP + 1];
extern const struct nla_policy nf_failover_exec_nl_policy[NF_FAILOVER_EXEC_COMMAND + 1];
extern const struct nla_policy nf_failover_filter_nl_policy[NF_FAILOVER_FILTER_MARK_MASK + 1];
extern const struct nla_policy nf_failover_ifc_nl_policy[NF_FAILOVER_IFC_WEIGHT + 1];
extern const struct nla_policy nf_failover_key_nl_policy[NF_FAILOVER_KEY_HELLO_KEY + 1];
extern const struct nla_policy nf_failover_link_nl_policy[NF_FAILOVER_LINK_FRAME_AGE + 1];
extern const struct nla_policy nf_failover_msg_nl_policy[NF_FAILOVER_MSG_DATA + 1];
extern const struct nla_policy nf_failover_object_nl_policy[NF_FAILOVER_OBJECT_SECRET + 1];
extern const struct nla_policy nf_failover_track_nl_policy[NF_FAILOVER_TRACK_NOTE + 1];

extern const struct nla_policy nf_failover_get_nl_policy[NF_FAILOVER_A_BRIEF + 1];

extern const struct nla_policy nf_failover_config_set_nl_policy[NF_FAILOVER_A_CONFIG + 1];

extern const struct nla_policy nf_failover_role_set_nl_policy[NF_FAILOVER_A_HOLD_DOWN_MS + 1];

extern const struct nla_policy nf_failover_interface_set_nl_policy[NF_FAILOVER_A_TRACK + 1];

extern const struct nla_policy nf_failover_daemon_attach_nl_policy[NF_FAILOVER_A_WATCHDOG_MS + 1];

extern const struct nla_policy nf_failover_ask_nl_policy[NF_FAILOVER_A_MATE + 1];

extern const struct nla_policy nf_failover_bulk_start_nl_policy[NF_FAILOVER_A_REASON + 1];

extern const struct nla_policy nf_failover_history_get_nl_policy[NF_FAILOVER_A_BRIEF + 1];

extern const struct nla_policy nf_failover_msg_send_nl_policy[NF_FAILOVER_A_MSG + 1];

extern const struct nla_policy nf_failover_msg_listen_nl_policy[NF_FAILOVER_A_BRIEF + 1];

extern const struct nla_policy nf_failover_echo_send_nl_policy[NF_FAILOVER_A_ECHO + 1];

extern const struct nla_policy nf_failover_hello_keys_nl_policy[NF_FAILOVER_A_BRIEF + 1];

extern const struct nla_policy nf_failover_object_put_nl_policy[NF_FAILOVER_A_OBJECT + 1];

extern const struct nla_policy nf_failover_object_get_nl_policy[NF_FAILOVER_A_OBJECT + 1];

extern const struct nla_policy nf_failover_object_delete_nl_policy[NF_FAILOVER_A_OBJECT + 1];

/* Ops table for nf_failover */
extern const struct genl_ops nf_failover_nl_ops[15];

int nf_failover_nl_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_config_set_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_role_set_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_interface_set_doit(struct sk_buff *skb,
				      struct genl_info *info);
int nf_failover_nl_daemon_attach_doit(struct sk_buff *skb,
				      struct genl_info *info);
int nf_failover_nl_ask_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_bulk_start_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_history_get_doit(struct sk_buff *skb,
				    struct genl_info *info);
int nf_failover_nl_history_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb);
int nf_failover_nl_msg_send_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_msg_listen_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_echo_send_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_hello_keys_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_object_put_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_object_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_failover_nl_object_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int nf_failover_nl_object_delete_doit(struct sk_buff *skb,
				      struct genl_info *info);

enum {
	NF_FAILOVER_NLGRP_MONITOR,
	NF_FAILOVER_NLGRP_HISTORY,
	NF_FAILOVER_NLGRP_OBJECTS,
};

#endif /* _LINUX_NF_FAILOVER_GEN_H */

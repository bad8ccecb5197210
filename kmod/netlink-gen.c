// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf-failover.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/nf_failover.h>

/* Common nested types */
const struct nla_policy nf_failover_addr_nl_policy[NF_FAILOVER_ADDR_PREFIX_LEN + 1] = {
	[NF_FAILOVER_ADDR_ACTIVE4] = { .type = NLA_U32, },
	[NF_FAILOVER_ADDR_STANDBY4] = { .type = NLA_U32, },
	[NF_FAILOVER_ADDR_ACTIVE6] = NLA_POLICY_EXACT_LEN(16),
	[NF_FAILOVER_ADDR_STANDBY6] = NLA_POLICY_EXACT_LEN(16),
	[NF_FAILOVER_ADDR_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy nf_failover_config_nl_policy[NF_FAILOVER_CONFIG_REPLICATION_GTP + 1] = {
	[NF_FAILOVER_CONFIG_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_UNIT] = NLA_POLICY_MAX(NLA_U32, 2),
	[NF_FAILOVER_CONFIG_LINK] = NLA_POLICY_NESTED(nf_failover_link_nl_policy),
	[NF_FAILOVER_CONFIG_POLL_MS] = NLA_POLICY_RANGE(NLA_U32, 10, 15000),
	[NF_FAILOVER_CONFIG_HOLD_MS] = NLA_POLICY_MIN(NLA_U32, 30),
	[NF_FAILOVER_CONFIG_INTERFACE] = NLA_POLICY_NESTED(nf_failover_ifc_nl_policy),
	[NF_FAILOVER_CONFIG_ETHERTYPE] = NLA_POLICY_MIN(NLA_U16, 1536),
	[NF_FAILOVER_CONFIG_TCP_FROM] = NLA_POLICY_MAX(NLA_U32, 1),
	[NF_FAILOVER_CONFIG_DATAGRAM_FROM] = NLA_POLICY_MAX(NLA_U32, 1),
	[NF_FAILOVER_CONFIG_REPLICATION] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_PREEMPT_DELAY] = NLA_POLICY_MAX(NLA_U32, 1200),
	[NF_FAILOVER_CONFIG_HOLD_DOWN_TAKEOVERS] = NLA_POLICY_MAX(NLA_U32, 16),
	[NF_FAILOVER_CONFIG_HOLD_DOWN_TIME] = NLA_POLICY_RANGE(NLA_U32, 1, 3600),
	[NF_FAILOVER_CONFIG_MAC_AUTO] = { .type = NLA_U16, },
	[NF_FAILOVER_CONFIG_KEY_MODE] = NLA_POLICY_MAX(NLA_U32, 2),
	[NF_FAILOVER_CONFIG_KEY] = NLA_POLICY_NESTED(nf_failover_key_nl_policy),
	[NF_FAILOVER_CONFIG_INTERFACE_POLL_MS] = NLA_POLICY_MAX(NLA_U32, 15000),
	[NF_FAILOVER_CONFIG_INTERFACE_HOLD_MS] = { .type = NLA_U32, },
	[NF_FAILOVER_CONFIG_INTERFACE_POLICY] = NLA_POLICY_MAX(NLA_U32, 1025),
	[NF_FAILOVER_CONFIG_INTERFACE_POLICY_PERCENT] = NLA_POLICY_MAX(NLA_U32, 100),
	[NF_FAILOVER_CONFIG_REPLICATION_HTTP] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_EXEC] = NLA_POLICY_NESTED(nf_failover_exec_nl_policy),
	[NF_FAILOVER_CONFIG_EXEC_CLEAR] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_RECONNECT_TIMEOUT] = { .type = NLA_U32, },
	[NF_FAILOVER_CONFIG_WAIT_DISABLE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_REPLICATION_NEIGHBOURS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_REPLICATION_RATE] = { .type = NLA_U32, },
	[NF_FAILOVER_CONFIG_TRACK] = NLA_POLICY_NESTED(nf_failover_track_nl_policy),
	[NF_FAILOVER_CONFIG_REPLICATION_OBJECTS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_REPLICATION_ACCOUNTING] = NLA_POLICY_MAX(NLA_U32, 3600),
	[NF_FAILOVER_CONFIG_NFT_SET] = { .type = NLA_STRING, .len = 79, },
	[NF_FAILOVER_CONFIG_REPLICATION_IPSEC] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_FAILOVER_CONFIG_REPLICATION_EXPECTATIONS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_CONFIG_ROUTE] = { .type = NLA_STRING, .len = 31, },
	[NF_FAILOVER_CONFIG_ROUTE_TIMEOUT] = { .type = NLA_U32, },
	[NF_FAILOVER_CONFIG_HTTP_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[NF_FAILOVER_CONFIG_FILTER] = NLA_POLICY_NESTED(nf_failover_filter_nl_policy),
	[NF_FAILOVER_CONFIG_REPLICATION_DELAY] = NLA_POLICY_MAX(NLA_U32, 3600),
	[NF_FAILOVER_CONFIG_REPLICATION_GTP] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy nf_failover_echo_nl_policy[NF_FAILOVER_ECHO_ROUND_TRIP + 1] = {
	[NF_FAILOVER_ECHO_LINK] = { .type = NLA_U32, },
	[NF_FAILOVER_ECHO_LENGTH] = { .type = NLA_U32, },
	[NF_FAILOVER_ECHO_ID] = { .type = NLA_U64, },
	[NF_FAILOVER_ECHO_ROUND_TRIP] = { .type = NLA_U64, },
};

const struct nla_policy nf_failover_exec_nl_policy[NF_FAILOVER_EXEC_COMMAND + 1] = {
	[NF_FAILOVER_EXEC_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[NF_FAILOVER_EXEC_COMMAND] = { .type = NLA_NUL_STRING, .len = 255, },
};

const struct nla_policy nf_failover_filter_nl_policy[NF_FAILOVER_FILTER_MARK_MASK + 1] = {
	[NF_FAILOVER_FILTER_INCLUDE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_FILTER_PROTOCOL] = { .type = NLA_U8, },
	[NF_FAILOVER_FILTER_PORT_FROM] = { .type = NLA_U16, },
	[NF_FAILOVER_FILTER_PORT_TO] = { .type = NLA_U16, },
	[NF_FAILOVER_FILTER_ADDR4] = { .type = NLA_U32, },
	[NF_FAILOVER_FILTER_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[NF_FAILOVER_FILTER_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[NF_FAILOVER_FILTER_ZONE] = { .type = NLA_U16, },
	[NF_FAILOVER_FILTER_MARK] = { .type = NLA_U32, },
	[NF_FAILOVER_FILTER_MARK_MASK] = { .type = NLA_U32, },
};

const struct nla_policy nf_failover_ifc_nl_policy[NF_FAILOVER_IFC_WEIGHT + 1] = {
	[NF_FAILOVER_IFC_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NF_FAILOVER_IFC_NAMEIF] = { .type = NLA_NUL_STRING, .len = 31, },
	[NF_FAILOVER_IFC_ADDRESS] = NLA_POLICY_NESTED(nf_failover_addr_nl_policy),
	[NF_FAILOVER_IFC_MONITORED] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_IFC_STATUS] = NLA_POLICY_MAX(NLA_U32, 7),
	[NF_FAILOVER_IFC_MAC_ACTIVE] = NLA_POLICY_EXACT_LEN(6),
	[NF_FAILOVER_IFC_MAC_STANDBY] = NLA_POLICY_EXACT_LEN(6),
	[NF_FAILOVER_IFC_MAC_OWN] = NLA_POLICY_EXACT_LEN(6),
	[NF_FAILOVER_IFC_ANSWER] = NLA_POLICY_MAX(NLA_U32, 3),
	[NF_FAILOVER_IFC_MAC] = NLA_POLICY_EXACT_LEN(6),
	[NF_FAILOVER_IFC_CAUSE] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_IFC_SINCE] = { .type = NLA_U64, },
	[NF_FAILOVER_IFC_NOTE] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_IFC_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
};

const struct nla_policy nf_failover_key_nl_policy[NF_FAILOVER_KEY_HELLO_KEY + 1] = {
	[NF_FAILOVER_KEY_SECRET] = NLA_POLICY_EXACT_LEN(NF_FAILOVER_KEY_LEN),
	[NF_FAILOVER_KEY_FINGERPRINT] = { .type = NLA_U64, },
	[NF_FAILOVER_KEY_FILE] = { .type = NLA_NUL_STRING, .len = 255, },
	[NF_FAILOVER_KEY_HELLO_KEY] = NLA_POLICY_EXACT_LEN(NF_FAILOVER_KEY_LEN),
};

const struct nla_policy nf_failover_link_nl_policy[NF_FAILOVER_LINK_FRAME_AGE + 1] = {
	[NF_FAILOVER_LINK_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
	[NF_FAILOVER_LINK_NAME] = { .type = NLA_NUL_STRING, .len = 31, },
	[NF_FAILOVER_LINK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NF_FAILOVER_LINK_ADDRESS] = NLA_POLICY_NESTED(nf_failover_addr_nl_policy),
	[NF_FAILOVER_LINK_STATUS] = NLA_POLICY_MAX(NLA_U32, 4),
	[NF_FAILOVER_LINK_MISMATCH] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_LINK_TRANSPORT] = NLA_POLICY_MAX(NLA_U32, 1),
	[NF_FAILOVER_LINK_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[NF_FAILOVER_LINK_WARNING] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_LINK_MTU] = { .type = NLA_U32, },
	[NF_FAILOVER_LINK_HEADERS] = { .type = NLA_U32, },
	[NF_FAILOVER_LINK_FRAME_AGE] = { .type = NLA_U32, },
};

const struct nla_policy nf_failover_msg_nl_policy[NF_FAILOVER_MSG_DATA + 1] = {
	[NF_FAILOVER_MSG_ID] = { .type = NLA_U64, },
	[NF_FAILOVER_MSG_KIND] = NLA_POLICY_MAX(NLA_U32, 2),
	[NF_FAILOVER_MSG_RESULT] = NLA_POLICY_MAX(NLA_U32, 5),
	[NF_FAILOVER_MSG_DATA] = { .type = NLA_BINARY, },
};

const struct nla_policy nf_failover_object_nl_policy[NF_FAILOVER_OBJECT_SECRET + 1] = {
	[NF_FAILOVER_OBJECT_SPACE] = { .type = NLA_NUL_STRING, .len = NF_FAILOVER_OBJECT_SPACE_LEN, },
	[NF_FAILOVER_OBJECT_KEY] = { .type = NLA_BINARY, },
	[NF_FAILOVER_OBJECT_VALUE] = { .type = NLA_BINARY, },
	[NF_FAILOVER_OBJECT_LIFETIME] = { .type = NLA_U64, },
	[NF_FAILOVER_OBJECT_EVENT] = NLA_POLICY_MAX(NLA_U32, 2),
	[NF_FAILOVER_OBJECT_MATE] = { .type = NLA_U8, },
	[NF_FAILOVER_OBJECT_SECRET] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy nf_failover_track_nl_policy[NF_FAILOVER_TRACK_NOTE + 1] = {
	[NF_FAILOVER_TRACK_NAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[NF_FAILOVER_TRACK_WHAT] = { .type = NLA_NUL_STRING, .len = 255, },
	[NF_FAILOVER_TRACK_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[NF_FAILOVER_TRACK_STATUS] = NLA_POLICY_MAX(NLA_U32, 7),
	[NF_FAILOVER_TRACK_CAUSE] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_TRACK_SINCE] = { .type = NLA_U64, },
	[NF_FAILOVER_TRACK_NOTE] = { .type = NLA_NUL_STRING, .len = 95, },
};

/* NF_FAILOVER_CMD_GET - do */
const struct nla_policy nf_failover_get_nl_policy[NF_FAILOVER_A_BRIEF + 1] = {
	[NF_FAILOVER_A_BRIEF] = { .type = NLA_FLAG, },
};

/* NF_FAILOVER_CMD_CONFIG_SET - do */
const struct nla_policy nf_failover_config_set_nl_policy[NF_FAILOVER_A_CONFIG + 1] = {
	[NF_FAILOVER_A_CONFIG] = NLA_POLICY_NESTED(nf_failover_config_nl_policy),
};

/* NF_FAILOVER_CMD_ROLE_SET - do */
const struct nla_policy nf_failover_role_set_nl_policy[NF_FAILOVER_A_HOLD_DOWN_MS + 1] = {
	[NF_FAILOVER_A_ROLE] = NLA_POLICY_MAX(NLA_U32, 1),
	[NF_FAILOVER_A_STATE] = NLA_POLICY_MAX(NLA_U32, 12),
	[NF_FAILOVER_A_REASON] = { .type = NLA_NUL_STRING, .len = 95, },
	[NF_FAILOVER_A_DRAIN] = { .type = NLA_FLAG, },
	[NF_FAILOVER_A_WANTS_ACTIVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_A_FIT] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_FAILOVER_A_HOLD_DOWN_MS] = { .type = NLA_U32, },
};

/* NF_FAILOVER_CMD_INTERFACE_SET - do */
const struct nla_policy nf_failover_interface_set_nl_policy[NF_FAILOVER_A_TRACK + 1] = {
	[NF_FAILOVER_A_INTERFACE] = NLA_POLICY_NESTED(nf_failover_ifc_nl_policy),
	[NF_FAILOVER_A_TRACK] = NLA_POLICY_NESTED(nf_failover_track_nl_policy),
};

/* NF_FAILOVER_CMD_DAEMON_ATTACH - do */
const struct nla_policy nf_failover_daemon_attach_nl_policy[NF_FAILOVER_A_WATCHDOG_MS + 1] = {
	[NF_FAILOVER_A_WATCHDOG_MS] = NLA_POLICY_MIN(NLA_U32, 100),
};

/* NF_FAILOVER_CMD_ASK - do */
const struct nla_policy nf_failover_ask_nl_policy[NF_FAILOVER_A_MATE + 1] = {
	[NF_FAILOVER_A_ASK] = NLA_POLICY_MAX(NLA_U32, 3),
	[NF_FAILOVER_A_MATE] = { .type = NLA_FLAG, },
};

/* NF_FAILOVER_CMD_BULK_START - do */
const struct nla_policy nf_failover_bulk_start_nl_policy[NF_FAILOVER_A_REASON + 1] = {
	[NF_FAILOVER_A_REASON] = { .type = NLA_NUL_STRING, .len = 95, },
};

/* NF_FAILOVER_CMD_HISTORY_GET - do */
const struct nla_policy nf_failover_history_get_nl_policy[NF_FAILOVER_A_BRIEF + 1] = {
	[NF_FAILOVER_A_BRIEF] = { .type = NLA_FLAG, },
};

/* NF_FAILOVER_CMD_MSG_SEND - do */
const struct nla_policy nf_failover_msg_send_nl_policy[NF_FAILOVER_A_MSG + 1] = {
	[NF_FAILOVER_A_MSG] = NLA_POLICY_NESTED(nf_failover_msg_nl_policy),
};

/* NF_FAILOVER_CMD_MSG_LISTEN - do */
const struct nla_policy nf_failover_msg_listen_nl_policy[NF_FAILOVER_A_BRIEF + 1] = {
	[NF_FAILOVER_A_BRIEF] = { .type = NLA_FLAG, },
};

/* NF_FAILOVER_CMD_ECHO_SEND - do */
const struct nla_policy nf_failover_echo_send_nl_policy[NF_FAILOVER_A_ECHO + 1] = {
	[NF_FAILOVER_A_ECHO] = NLA_POLICY_NESTED(nf_failover_echo_nl_policy),
};

/* NF_FAILOVER_CMD_HELLO_KEYS - do */
const struct nla_policy nf_failover_hello_keys_nl_policy[NF_FAILOVER_A_BRIEF + 1] = {
	[NF_FAILOVER_A_BRIEF] = { .type = NLA_FLAG, },
};

/* NF_FAILOVER_CMD_OBJECT_PUT - do */
const struct nla_policy nf_failover_object_put_nl_policy[NF_FAILOVER_A_OBJECT + 1] = {
	[NF_FAILOVER_A_OBJECT] = NLA_POLICY_NESTED(nf_failover_object_nl_policy),
};

/* NF_FAILOVER_CMD_OBJECT_GET - do */
const struct nla_policy nf_failover_object_get_nl_policy[NF_FAILOVER_A_OBJECT + 1] = {
	[NF_FAILOVER_A_OBJECT] = NLA_POLICY_NESTED(nf_failover_object_nl_policy),
};

/* NF_FAILOVER_CMD_OBJECT_DELETE - do */
const struct nla_policy nf_failover_object_delete_nl_policy[NF_FAILOVER_A_OBJECT + 1] = {
	[NF_FAILOVER_A_OBJECT] = NLA_POLICY_NESTED(nf_failover_object_nl_policy),
};

/* Ops table for nf_failover */
const struct genl_ops nf_failover_nl_ops[15] = {
	{
		.cmd		= NF_FAILOVER_CMD_GET,
		.doit		= nf_failover_nl_get_doit,
		.policy		= nf_failover_get_nl_policy,
		.maxattr	= NF_FAILOVER_A_BRIEF,
	},
	{
		.cmd		= NF_FAILOVER_CMD_CONFIG_SET,
		.doit		= nf_failover_nl_config_set_doit,
		.policy		= nf_failover_config_set_nl_policy,
		.maxattr	= NF_FAILOVER_A_CONFIG,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_ROLE_SET,
		.doit		= nf_failover_nl_role_set_doit,
		.policy		= nf_failover_role_set_nl_policy,
		.maxattr	= NF_FAILOVER_A_HOLD_DOWN_MS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_INTERFACE_SET,
		.doit		= nf_failover_nl_interface_set_doit,
		.policy		= nf_failover_interface_set_nl_policy,
		.maxattr	= NF_FAILOVER_A_TRACK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_DAEMON_ATTACH,
		.doit		= nf_failover_nl_daemon_attach_doit,
		.policy		= nf_failover_daemon_attach_nl_policy,
		.maxattr	= NF_FAILOVER_A_WATCHDOG_MS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_ASK,
		.doit		= nf_failover_nl_ask_doit,
		.policy		= nf_failover_ask_nl_policy,
		.maxattr	= NF_FAILOVER_A_MATE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_BULK_START,
		.doit		= nf_failover_nl_bulk_start_doit,
		.policy		= nf_failover_bulk_start_nl_policy,
		.maxattr	= NF_FAILOVER_A_REASON,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_HISTORY_GET,
		.doit		= nf_failover_nl_history_get_doit,
		.dumpit		= nf_failover_nl_history_get_dumpit,
		.policy		= nf_failover_history_get_nl_policy,
		.maxattr	= NF_FAILOVER_A_BRIEF,
	},
	{
		.cmd		= NF_FAILOVER_CMD_MSG_SEND,
		.doit		= nf_failover_nl_msg_send_doit,
		.policy		= nf_failover_msg_send_nl_policy,
		.maxattr	= NF_FAILOVER_A_MSG,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_MSG_LISTEN,
		.doit		= nf_failover_nl_msg_listen_doit,
		.policy		= nf_failover_msg_listen_nl_policy,
		.maxattr	= NF_FAILOVER_A_BRIEF,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_ECHO_SEND,
		.doit		= nf_failover_nl_echo_send_doit,
		.policy		= nf_failover_echo_send_nl_policy,
		.maxattr	= NF_FAILOVER_A_ECHO,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_HELLO_KEYS,
		.doit		= nf_failover_nl_hello_keys_doit,
		.policy		= nf_failover_hello_keys_nl_policy,
		.maxattr	= NF_FAILOVER_A_BRIEF,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_OBJECT_PUT,
		.doit		= nf_failover_nl_object_put_doit,
		.policy		= nf_failover_object_put_nl_policy,
		.maxattr	= NF_FAILOVER_A_OBJECT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_OBJECT_GET,
		.doit		= nf_failover_nl_object_get_doit,
		.dumpit		= nf_failover_nl_object_get_dumpit,
		.policy		= nf_failover_object_get_nl_policy,
		.maxattr	= NF_FAILOVER_A_OBJECT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_FAILOVER_CMD_OBJECT_DELETE,
		.doit		= nf_failover_nl_object_delete_doit,
		.policy		= nf_failover_object_delete_nl_policy,
		.maxattr	= NF_FAILOVER_A_OBJECT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group nf_failover_nl_mcgrps[] = {
	[NF_FAILOVER_NLGRP_MONITOR] = { "monitor", },
	[NF_FAILOVER_NLGRP_HISTORY] = { "history", },
	[NF_FAILOVER_NLGRP_OBJECTS] = { "objects", },
};

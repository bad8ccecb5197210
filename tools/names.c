// SPDX-License-Identifier: GPL-2.0
/* Words for the enums of the netlink family, as const tables. Pure. */
#include "names.h"

#include <string.h>

#include <linux/nf_failover.h>

static const char *const units[] = {
	[NF_FAILOVER_UNIT_UNSET]	= "Unset",
	[NF_FAILOVER_UNIT_PRIMARY]	= "Primary",
	[NF_FAILOVER_UNIT_SECONDARY]	= "Secondary",
};

static const char *const states[] = {
	[NF_FAILOVER_STATE_DISABLED]		= "Disabled",
	[NF_FAILOVER_STATE_NEGOTIATION]		= "Negotiation",
	[NF_FAILOVER_STATE_COLD_STANDBY]	= "Cold Standby",
	[NF_FAILOVER_STATE_SYNC_CONFIG]		= "Sync Config",
	[NF_FAILOVER_STATE_BULK_SYNC]		= "Bulk Sync",
	[NF_FAILOVER_STATE_STANDBY_READY]	= "Standby Ready",
	[NF_FAILOVER_STATE_JUST_ACTIVE]		= "Just Active",
	[NF_FAILOVER_STATE_ACTIVE_DRAIN]	= "Active Drain",
	[NF_FAILOVER_STATE_ACTIVE_APPLYING_CONFIG] = "Active Applying Config",
	[NF_FAILOVER_STATE_ACTIVE_CONFIG_APPLIED]  = "Active Config Applied",
	[NF_FAILOVER_STATE_ACTIVE]		= "Active",
	[NF_FAILOVER_STATE_FAILED]		= "Failed",
	[NF_FAILOVER_STATE_NOT_DETECTED]	= "Not Detected",
};

/* With the ASA's word in brackets, whether the interface counts. */
static const char *const ifstatuses[] = {
	[NF_FAILOVER_IFSTATUS_UNKNOWN]		= "Unknown (Monitored)",
	[NF_FAILOVER_IFSTATUS_NORMAL]		= "Normal (Monitored)",
	[NF_FAILOVER_IFSTATUS_WAITING]		= "Normal (Waiting)",
	[NF_FAILOVER_IFSTATUS_TESTING]		= "Testing (Monitored)",
	[NF_FAILOVER_IFSTATUS_FAILED]		= "Failed (Monitored)",
	[NF_FAILOVER_IFSTATUS_NO_LINK]		= "No Link (Monitored)",
	[NF_FAILOVER_IFSTATUS_LINK_DOWN]	= "Link Down (Monitored)",
	[NF_FAILOVER_IFSTATUS_UNMONITORED]	= "Unmonitored",
};

static const char *const unit_keys[] = {
	[NF_FAILOVER_UNIT_UNSET]	= "unset",
	[NF_FAILOVER_UNIT_PRIMARY]	= "primary",
	[NF_FAILOVER_UNIT_SECONDARY]	= "secondary",
};

static const char *const role_keys[] = {
	[NF_FAILOVER_ROLE_STANDBY]	= "standby",
	[NF_FAILOVER_ROLE_ACTIVE]	= "active",
};

static const char *const transport_keys[] = {
	[NF_FAILOVER_TRANSPORT_ETHERNET]	= "ethernet",
	[NF_FAILOVER_TRANSPORT_UDP]		= "udp",
};

static const char *const link_kind_keys[] = {
	[NF_FAILOVER_LINK_KIND_LAN]		= "lan",
	[NF_FAILOVER_LINK_KIND_STATE]		= "state",
	[NF_FAILOVER_LINK_KIND_BACKUP]		= "backup",
	[NF_FAILOVER_LINK_KIND_BACKUP2]		= "backup2",
};

static const char *const link_status_keys[] = {
	[NF_FAILOVER_LINK_STATUS_DOWN]		= "down",
	[NF_FAILOVER_LINK_STATUS_UP]		= "up",
	[NF_FAILOVER_LINK_STATUS_PEER_SILENT]	= "peer-silent",
	[NF_FAILOVER_LINK_STATUS_MISMATCH]	= "mismatch",
	[NF_FAILOVER_LINK_STATUS_PEER_ALIVE]	= "peer-alive",
};

static const char *const event_keys[] = {
	[NF_FAILOVER_EVENT_CONFIG]		= "config",
	[NF_FAILOVER_EVENT_PEER_ALIVE]		= "peer-alive",
	[NF_FAILOVER_EVENT_PEER_CHANGED]	= "peer-changed",
	[NF_FAILOVER_EVENT_PEER_LOST]		= "peer-lost",
	[NF_FAILOVER_EVENT_LINK]		= "link",
	[NF_FAILOVER_EVENT_ROLE]		= "role",
	[NF_FAILOVER_EVENT_FENCED]		= "fenced",
	[NF_FAILOVER_EVENT_DRAINED]		= "drained",
	[NF_FAILOVER_EVENT_BULK_BEGIN]		= "bulk-begin",
	[NF_FAILOVER_EVENT_BULK_END]		= "bulk-end",
	[NF_FAILOVER_EVENT_ASK]			= "ask",
	[NF_FAILOVER_EVENT_DAEMON]		= "daemon",
	[NF_FAILOVER_EVENT_HISTORY]		= "history",
	[NF_FAILOVER_EVENT_PEER_SILENT]		= "peer-silent",
};

static const char *const asks[] = {
	[NF_FAILOVER_ASK_ACTIVE]	= "active",
	[NF_FAILOVER_ASK_STANDBY]	= "standby",
	[NF_FAILOVER_ASK_RESET]		= "reset",
	[NF_FAILOVER_ASK_RELOAD]	= "reload",
};

static const char *const history_keys[] = {
	[NF_FAILOVER_HISTORY_KIND_MOVED]	= "moved",
	[NF_FAILOVER_HISTORY_KIND_ENABLED]	= "enabled",
	[NF_FAILOVER_HISTORY_KIND_DISABLED]	= "disabled",
	[NF_FAILOVER_HISTORY_KIND_FENCED]	= "fenced",
	[NF_FAILOVER_HISTORY_KIND_PEER_LOST]	= "peer-lost",
	[NF_FAILOVER_HISTORY_KIND_DAEMON_GONE]	= "daemon-gone",
	[NF_FAILOVER_HISTORY_KIND_HANDOVER_GIVEN] = "handover-given",
	[NF_FAILOVER_HISTORY_KIND_HANDOVER_TAKEN] = "handover-taken",
	[NF_FAILOVER_HISTORY_KIND_HANDOVER_FAILED] = "handover-failed",
	[NF_FAILOVER_HISTORY_KIND_LINK_SHARED]	= "link-shared",
	[NF_FAILOVER_HISTORY_KIND_CONFIG_DIFFERS] = "config-differs",
	[NF_FAILOVER_HISTORY_KIND_INTERFACE]	= "interface",
	[NF_FAILOVER_HISTORY_KIND_TRACK]	= "track",
};

#define UNKNOWN	"unknown"

static const char *const answer_keys[] = {
	[NF_FAILOVER_ANSWER_NOT_ASKED]	= "not-asked",
	[NF_FAILOVER_ANSWER_NONE]	= "none",
	[NF_FAILOVER_ANSWER_MATE]	= "mate",
	[NF_FAILOVER_ANSWER_OTHER]	= "other",
};

/* A newer kernel may know a value that a table does not. */
#define NAME(table, i) \
	((i) < sizeof(table) / sizeof((table)[0]) ? (table)[i] : UNKNOWN)

const char *names_unit(unsigned int unit)
{
	return NAME(units, unit);
}

const char *names_state(unsigned int state)
{
	return NAME(states, state);
}

const char *names_ifstatus(unsigned int status)
{
	return NAME(ifstatuses, status);
}

/* Of a tracked object, which has less to tell. */
const char *names_trackstatus(unsigned int status)
{
	switch (status) {
	case NF_FAILOVER_IFSTATUS_NORMAL:
		return "Normal";
	case NF_FAILOVER_IFSTATUS_FAILED:
		return "Failed";
	default:
		return status <= NF_FAILOVER_IFSTATUS_UNMONITORED ? "Unknown" :
								    UNKNOWN;
	}
}

const char *names_unit_key(unsigned int unit)
{
	return NAME(unit_keys, unit);
}

const char *names_role_key(unsigned int role)
{
	return NAME(role_keys, role);
}

const char *names_transport_key(unsigned int transport)
{
	return NAME(transport_keys, transport);
}

const char *names_link_kind_key(unsigned int kind)
{
	return NAME(link_kind_keys, kind);
}

const char *names_link_status_key(unsigned int status)
{
	return NAME(link_status_keys, status);
}

const char *names_event_key(unsigned int event)
{
	return NAME(event_keys, event);
}

const char *names_ask(unsigned int ask)
{
	return NAME(asks, ask);
}

const char *names_history_key(unsigned int kind)
{
	return NAME(history_keys, kind);
}

bool names_find(const char *(*name)(unsigned int), const char *word,
		unsigned int *value)
{
	for (*value = 0; strcmp(name(*value), UNKNOWN); (*value)++)
		if (!strcmp(name(*value), word))
			return true;
	return false;
}

const char *names_answer_key(unsigned int answer)
{
	return NAME(answer_keys, answer);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon has to say: one row a message, with an id that stays. Pure. */
#ifndef FAILOVER_MESSAGES_H
#define FAILOVER_MESSAGES_H

#include <stddef.h>

/* The longest text, with its id. */
#define MESSAGE_MAX	640

/* In the order of the ids; a new message is a line here and a row there. */
enum message {
	/* the numbers of the ASA */
	MSG_NO_RESPONSE,
	MSG_TO_ACTIVE,
	MSG_TO_STANDBY,
	MSG_TO_FAILED,
	MSG_TO_OK,
	MSG_DISABLING,
	MSG_ENABLING,
	MSG_IFC_WAITING,
	MSG_IFC_NORMAL,
	MSG_LOST_ON_IFC,
	MSG_IFC_UP,
	MSG_IFC_DOWN,
	MSG_IFC_TESTING,
	MSG_IFC_TESTED,
	MSG_LAN_UP,
	MSG_LAN_DOWN,
	MSG_LAN_OK,
	MSG_LAN_FAILED,
	/* ours, from 990000 on: what has no id of its own, by severity */
	MSG_ERROR,
	MSG_WARNING,
	MSG_NOTICE,
	MSG_DEBUG,
	/* 9901: the daemon */
	MSG_STARTED,
	MSG_STOPPED,
	MSG_MODULE_GONE,
	MSG_CONFIG_READ,
	MSG_CONFIG_REFUSED,
	MSG_CONFIG_DIFFERS,
	MSG_EVENTS_LOST,
	/* 9902: the pair */
	MSG_STATE,
	MSG_MATE_HEARD,
	MSG_MATE_STATE,
	MSG_MISMATCH,
	MSG_MATE_NO_DAEMON,
	MSG_MATE_DAEMON,
	MSG_DIFFERS,
	MSG_ALIKE,
	MSG_BULK_SEND,
	MSG_BULK_SENT,
	MSG_BULK_RECEIVE,
	MSG_BULK_RECEIVED,
	MSG_STATE_LINK_UP,
	MSG_STATE_LINK_DOWN,
	MSG_STATE_LINK_OK,
	MSG_LINK_WARNING,
	/* 9903: hooks */
	MSG_HOOK_REFUSED,
	MSG_HOOK_LATE,
	MSG_HOOK_STATUS,
	MSG_HOOK_SAYS,
	MSG_HOOK_TOO_LONG,
	MSG_HOOKS_SKIPPED,
	/* 9904: commands of the other unit */
	MSG_EXEC,
	MSG_EXEC_REFUSED,
	MSG_EXEC_CUT,
	MSG_EXEC_DROPPED,
	/* 9905: tracked objects */
	MSG_TRACK_FAILED,
	MSG_TRACK_WORKS,
	MSG_TRACK_SILENT,
	MESSAGES
};

/**
 * struct message_row - one of the table
 * @id: six digits, never used for anything else again
 * @severity: that of syslog, 1 (alert) to 7 (debug)
 * @text: with words in <> for what is filled in; <unit> is filled in by itself
 */
struct message_row {
	unsigned int	id;
	int		severity;
	const char	*text;
};

extern const struct message_row messages[MESSAGES];

/*
 * "%FAILOVER-severity-id: text". @args ends with NULL; what is missing becomes
 * "?". Without @unit, "(<unit>) " is left out. Returns @to.
 */
char *message_text(char *to, size_t size, enum message m, const char *unit,
		   const char *const *args);

#endif /* FAILOVER_MESSAGES_H */

// SPDX-License-Identifier: GPL-2.0
/* The messages of the daemon: numbers, severities and words. Pure.
 *
 * Where the ASA has a message for it, its number, severity and words are used.
 * Numbers from 990000 on, which it does not use, are ours.
 */
#include "messages.h"

#include <stdio.h>
#include <string.h>

const struct message_row messages[MESSAGES] = {
	[MSG_NO_RESPONSE] = { 103001, 1,
		"(<unit>) No response from other firewall (reason code = <code>)." },
	[MSG_TO_ACTIVE] = { 104001, 1,
		"(<unit>) Switching to ACTIVE (cause: <cause>)." },
	[MSG_TO_STANDBY] = { 104002, 1,
		"(<unit>) Switching to STANDBY (cause: <cause>)." },
	[MSG_TO_FAILED] = { 104003, 1, "(<unit>) Switching to FAILED." },
	[MSG_TO_OK] = { 104004, 1, "(<unit>) Switching to OK." },
	[MSG_DISABLING] = { 105001, 1, "(<unit>) Disabling failover." },
	[MSG_ENABLING] = { 105002, 1, "(<unit>) Enabling failover." },
	[MSG_IFC_WAITING] = { 105003, 1,
		"(<unit>) Monitoring on interface <interface> waiting" },
	[MSG_IFC_NORMAL] = { 105004, 1,
		"(<unit>) Monitoring on interface <interface> normal" },
	[MSG_LOST_ON_IFC] = { 105005, 1,
		"(<unit>) Lost Failover communications with mate on interface <interface>" },
	[MSG_IFC_UP] = { 105006, 1,
		"(<unit>) Link status 'Up' on interface <interface>" },
	[MSG_IFC_DOWN] = { 105007, 1,
		"(<unit>) Link status 'Down' on interface <interface>" },
	[MSG_IFC_TESTING] = { 105008, 1,
		"(<unit>) Testing interface <interface>" },
	[MSG_IFC_TESTED] = { 105009, 1,
		"(<unit>) Testing on interface <interface> <result>" },
	[MSG_LAN_UP] = { 105031, 1, "Failover LAN interface is up" },
	[MSG_LAN_DOWN] = { 105032, 1, "LAN Failover interface is down" },
	[MSG_LAN_OK] = { 105042, 1, "(<unit>) Failover interface OK" },
	[MSG_LAN_FAILED] = { 105043, 1, "(<unit>) Failover interface failed" },

	[MSG_ERROR] = { 990003, 3, "<text>" },
	[MSG_WARNING] = { 990004, 4, "<text>" },
	[MSG_NOTICE] = { 990005, 5, "<text>" },
	[MSG_DEBUG] = { 990007, 7, "<text>" },

	[MSG_STARTED] = { 990101, 5, "failoverd <version> started" },
	[MSG_STOPPED] = { 990102, 5,
		"failoverd stopped; role and addresses stay as they are" },
	[MSG_MODULE_GONE] = { 990103, 1, "The kernel module was unloaded" },
	[MSG_CONFIG_READ] = { 990104, 5, "Configuration <file> read again" },
	[MSG_CONFIG_REFUSED] = { 990105, 3, "Configuration refused: <why>" },
	[MSG_CONFIG_DIFFERS] = { 990106, 4,
		"<file> differs from the configuration in force, which is kept; reload to use the file" },
	[MSG_EVENTS_LOST] = { 990107, 4,
		"Events were lost, reading all again" },

	[MSG_STATE] = { 990201, 5, "(<unit>) <from> -> <to> (<why>)" },
	[MSG_MATE_HEARD] = { 990202, 5,
		"(<unit>) Other firewall is heard, <state>" },
	[MSG_MATE_STATE] = { 990203, 5,
		"(<unit>) Other firewall: <from> -> <to>" },
	[MSG_MISMATCH] = { 990204, 1,
		"(<unit>) Cannot be paired on <link>: <why>" },
	[MSG_MATE_NO_DAEMON] = { 990205, 1,
		"(<unit>) Other firewall has no failoverd and cannot change its role" },
	[MSG_MATE_DAEMON] = { 990206, 5,
		"(<unit>) Other firewall has its failoverd again" },
	[MSG_DIFFERS] = { 990207, 4,
		"(<unit>) Units differ in <setting>: <ours> here, <theirs> there" },
	[MSG_ALIKE] = { 990208, 5,
		"(<unit>) Units do not differ in their configuration any more" },
	[MSG_BULK_SEND] = { 990211, 5,
		"(<unit>) Beginning bulk sync: Sending to mate." },
	[MSG_BULK_SENT] = { 990212, 5, "(<unit>) End bulk sync (ACT)" },
	[MSG_BULK_RECEIVE] = { 990213, 5,
		"(<unit>) Beginning bulk sync: Receiving from mate." },
	[MSG_BULK_RECEIVED] = { 990214, 5, "(<unit>) End bulk sync (STB)" },
	[MSG_STATE_LINK_UP] = { 990221, 1, "Link <link> is up" },
	[MSG_STATE_LINK_DOWN] = { 990222, 1, "Link <link> is down" },
	[MSG_STATE_LINK_OK] = { 990223, 1,
		"(<unit>) Mate is heard on state link <link>" },
	[MSG_LINK_WARNING] = { 990224, 2, "(<unit>) Link <link>: <what>" },

	[MSG_HOOK_REFUSED] = { 990301, 3, "Hook <file> refused: <why>" },
	[MSG_HOOK_LATE] = { 990302, 3,
		"Hook <name> killed, not done within <limit>" },
	[MSG_HOOK_STATUS] = { 990303, 4, "Hook <name> ended with <status>" },
	[MSG_HOOK_SAYS] = { 990304, 6, "Hook <name>: <line>" },
	[MSG_HOOK_TOO_LONG] = { 990305, 4,
		"Hook <name> says too much, the rest is dropped" },
	[MSG_HOOKS_SKIPPED] = { 990306, 4,
		"Hooks for role <role> end before <name>: the role has changed again" },

	[MSG_EXEC] = { 990401, 5, "The other unit asks for: <command>" },
	[MSG_EXEC_REFUSED] = { 990402, 4,
		"A command of the other unit is refused: <why>" },
	[MSG_EXEC_CUT] = { 990403, 4,
		"A command of the other unit was cut: <why>" },
	[MSG_EXEC_DROPPED] = { 990404, 4,
		"The other unit asks for too much at once, not run: <command>" },

	[MSG_TRACK_FAILED] = { 990501, 1,
		"(<unit>) Tracked object <name> failed: <cause>" },
	[MSG_TRACK_WORKS] = { 990502, 1,
		"(<unit>) Tracked object <name> works: <cause>" },
	[MSG_TRACK_SILENT] = { 990503, 3,
		"Tracked object <name>: who looks at it does not answer, and is started anew" },
};

/* Where what has been written ends; what does not fit is cut off. */
struct out {
	char *at;
	char *end;
};

static void put(struct out *o, const char *text, size_t len)
{
	size_t room = o->end - o->at;

	if (len > room)
		len = room;
	memcpy(o->at, text, len);
	o->at += len;
}

static void put_row(struct out *o, const char *p, const char *unit,
		    const char *const *args)
{
	const char *open, *word;

	for (; (open = strchr(p, '<')); p = strchr(open, '>') + 1) {
		put(o, p, open - p);
		if (!strncmp(open, "<unit>", 6)) {
			word = unit;
		} else {
			word = *args ? *args : "?";
			args += !!*args;
		}
		put(o, word, strlen(word));
	}
	put(o, p, strlen(p));
}

char *message_text(char *to, size_t size, enum message m, const char *unit,
		   const char *const *args)
{
	static const char prefix[] = "(<unit>) ";
	const struct message_row *row = &messages[m];
	const char *text = row->text;
	struct out o = { .at = to, .end = to + size - 1 };

	o.at += snprintf(to, size, "%%FAILOVER-%d-%06u: ", row->severity,
			 row->id);
	if (!unit && !strncmp(text, prefix, strlen(prefix)))
		text += strlen(prefix);
	put_row(&o, text, unit, args);
	*o.at = '\0';
	return to;
}

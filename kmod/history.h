/* SPDX-License-Identifier: GPL-2.0 */
/* What happened to both units, and what was seen at that moment. */
#ifndef _FO_HISTORY_H
#define _FO_HISTORY_H

#include <linux/types.h>
#include <uapi/linux/nf_failover.h>

#include "codec_link.h"

#define FO_HISTORY	64	/* entries that are kept of each unit */

/**
 * struct fo_flight - what a unit saw when an entry was made
 * @uptime: boot time in nanoseconds
 * @hello_age: nanoseconds since the last hello of the mate; U64_MAX: none
 * @frame_age: the same of any authentic frame
 * @mate_known: the mate was heard since failover is on
 * @mate_alive: and within the hold time
 * @mate_daemon: it had a policy daemon, by its last hello
 * @mate_role: its role by that
 * @mate_state: its state by that
 * @mate_epoch: its epoch by that
 * @daemon: a policy daemon was attached here
 * @links: entries of @link
 * @link: their enum nf_failover_link_kind and enum nf_failover_link_status
 * @xmitq: objects in the transmit queue
 * @recvq: frames that waited behind a gap
 * @retransmits: frames that were sent again until then
 * @hold_expired: how often the mate was lost until then
 * @hellos_missed: hellos of the mate that never arrived until then
 * @ifcs: entries of @ifc in use
 * @ifc: interfaces, and their enum nf_failover_ifstatus on both units
 * @tracks: entries of @track in use
 * @track: the same of tracked objects
 */
struct fo_flight {
	u64 uptime;
	u64 hello_age;
	u64 frame_age;
	bool mate_known;
	bool mate_alive;
	bool mate_daemon;
	u8 mate_role;
	u8 mate_state;
	u64 mate_epoch;
	bool daemon;
	u8 links;
	struct {
		u8 kind;
		u8 status;
	} link[NF_FAILOVER_LINKS_MAX];
	u32 xmitq;
	u32 recvq;
	u64 retransmits;
	u64 hold_expired;
	u64 hellos_missed;
	u8 ifcs;
	struct {
		u8 ours;
		u8 mates;
		char name[FO_IFC_NAME];
	} ifc[FO_HELLO_IFCS];
	u8 tracks;
	struct {
		u8 ours;
		u8 mates;
		char name[FO_TRACK_NAME];
	} track[FO_HELLO_TRACKS];
};

/**
 * struct fo_event_own - an entry of this unit
 * @e: the entry
 * @flight: what was seen
 */
struct fo_event_own {
	struct fo_entry e;
	struct fo_flight flight;
};

/**
 * struct fo_event_mate - an entry of the other unit
 * @list: identity of its history
 * @e: the entry
 */
struct fo_event_mate {
	u64 list;
	struct fo_entry e;
};

/**
 * struct fo_history - two rings; protected by the lock of the store
 * @list: identity of the own one; another one after each start of the unit
 * @owns: entries that were ever put into @own
 * @own: entries of this unit
 * @mate_list: identity of the other one, or 0
 * @held_to: its newest entry that is here
 * @mates: entries that were ever put into @mate
 * @mate: entries of the other unit, also of its starts before
 */
struct fo_history {
	u64 list;
	u32 owns;
	struct fo_event_own own[FO_HISTORY];
	u64 mate_list;
	u32 held_to;
	u32 mates;
	struct fo_event_mate mate[FO_HISTORY];
};

/* The first entry of a ring into which @n were put that is still there. */
static inline u32 fo_history_first(u32 n)
{
	return n > FO_HISTORY ? n - FO_HISTORY : 0;
}

/* history.c */
void fo_history_init(struct fo_history *h);
struct fo_event_own *fo_history_add(struct fo_history *h);
const struct fo_entry *fo_history_last(const struct fo_history *h);
void fo_history_say(const struct fo_history *h, const struct fo_hello *heard,
		    struct fo_hello *hello);
bool fo_history_hear(struct fo_history *h, const struct fo_hello *heard);

#endif /* _FO_HISTORY_H */

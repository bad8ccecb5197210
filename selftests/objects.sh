#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# User objects: what a program writes on the active unit is on the other one,
# with the lifetime that is left, through a bulk sync and a takeover. What is
# wrong, or not allowed, is refused and changes nothing.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

object() { local ns=$1; shift; in_ns "$ns" failover object "$@"; }
value_is() { is "$2 $3 on $1" "$(object "$1" get "$2" "$3" 2>&1)" "$4"; }
gone() {
	local rc=0
	object "$1" get "$2" "$3" >/dev/null 2>&1 || rc=$?
	is "status of what is not there" "$rc" -eq 1
}
left() { object "$1" get "$2" "$3" -j | jq .lifetime_s; }
row() { show "$1" ".classes[] | select(.name == \"User objects\") | .$2"; }
held() { object "$1" list -j | jq length; }
held_is() { is "objects on $1" "$(held "$1")" "$2"; }
# The list without what differs: who has said it, and what a second takes away.
list() { object "$1" list -j | jq -S 'map(del(.from, .lifetime_s))'; }
same_lists() { diff <(list "$fw1") <(list "$fw2"); }
# refuses STATUS WORDS COMMAND...: with these words.
refuses() {
	local status=$1 text=$2 rc=0
	shift 2
	"$@" >"$tmp/refused" 2>&1 || rc=$?
	cat "$tmp/refused"
	is "status of: $*" "$rc" -eq "$status"
	grep -qF -- "$text" "$tmp/refused"
}

network() { network_up; }

### written ###################################################################

written() {
	local begun
	pair_up
	begun=$(now_ms)
	object "$fw1" put portal 192.0.2.7 alice lifetime 3600
	object "$fw1" put portal 192.0.2.8 "bob, with spaces"
	object "$fw1" put lease hex:0200000000ff hex:00ff
	head -c 1024 /dev/urandom >"$tmp/big"
	object "$fw1" put portal big "@$tmp/big"
	printf '%s' piped | object "$fw1" put portal piped -
	wait_for 20 held_is "$fw2" 5
	same_lists
	value_is "$fw2" portal 192.0.2.7 alice
	value_is "$fw2" lease hex:0200000000ff hex:00ff
	value_is "$fw2" portal piped piped
	object "$fw2" get portal big raw | cmp - "$tmp/big"
	is "lifetime" "$(left "$fw2" portal 192.0.2.7)" -ge \
		$((3600 - ($(now_ms) - begun) / 1000 - 1))
	is "without one" "$(left "$fw2" portal 192.0.2.8)" null
	is "of one space" "$(object "$fw2" list lease -j | jq length)" 1
	is "rcv" "$(row "$fw2" rcv)" -ge 5
	is "rerr" "$(row "$fw2" rerr)" -eq 0
	in_ns "$fw2" failover show | grep -qE '^\sUser objects +'
}

# The newest state is sent, not each one.
changed() {
	local i
	for ((i = 0; i < 20; i++)); do
		object "$fw1" put portal 192.0.2.8 "$i"
	done
	object "$fw1" delete portal piped
	wait_for 20 value_is "$fw2" portal 192.0.2.8 19
	wait_for 20 gone "$fw2" portal piped
	gone "$fw1" portal piped
	same_lists
}

# Each change is told where it happens, and on the other unit.
watched() {
	local ns before
	for ns in "$fw1" "$fw2"; do
		before=$(listeners "$ns")
		ip netns exec "$ns" failover object watch login \
			>"$tmp/$ns.watch" &
		watcher[$ns]=$!
		pids+=($!)
		wait_for 20 more_listeners "$ns" "$before"
	done
	object "$fw1" put login one 1
	object "$fw1" put other none 1
	# of two changes that are not sent yet the mate hears in any order
	wait_for 20 grep -q '^put .* one ' "$tmp/$fw2.watch"
	object "$fw1" put login two 2 lifetime $((3 * slow))
	wait_for 20 grep -q '^put .* two ' "$tmp/$fw2.watch"
	object "$fw1" delete login one
	for ns in "$fw1" "$fw2"; do
		wait_for 20 grep -q '^expired .* two' "$tmp/$ns.watch"
		cat "$tmp/$ns.watch"
		is "order" "$(awk '{ print $1, $5 }' "$tmp/$ns.watch" | xargs)" \
			"put one put two deleted one expired two"
	done
	is "who" "$(awk '{ print $2 }' "$tmp/$fw1.watch" | sort -u | xargs)" this
	is "who" "$(awk '{ print $2 }' "$tmp/$fw2.watch" | sort -u | xargs)" mate
	object "$fw1" delete other none
	ends "${watcher[@]}"
}
declare -A watcher
# listeners NS: sockets of generic netlink that have joined a group; the daemon has some.
# shellcheck disable=SC2016 # awk
listeners() { in_ns "$1" awk '$2 == 16 && $4 ~ /[1-9a-f]/ { n++ } END { print n + 0 }' /proc/net/netlink; }
more_listeners() { is "listeners" "$(listeners "$1")" -gt "$2"; }

### refused ###################################################################

refused() {
	local before after long
	before=$(list "$fw1")
	long=$(printf 'x%.0s' {1..1025})
	refuses 1 "not active" object "$fw2" put portal 192.0.2.9 mallory
	refuses 1 "not active" object "$fw2" delete portal 192.0.2.7
	refuses 1 "no such object" object "$fw1" delete portal nobody
	refuses 1 "no such object" object "$fw2" get portal nobody
	refuses 2 "a space" object "$fw1" put 'a b' k v
	refuses 2 "a space" object "$fw1" put sixteen-letters- k v
	refuses 2 "1 to 128 bytes" object "$fw1" put s "" v
	refuses 2 "1 to 128 bytes" object "$fw1" put s "${long::129}" v
	refuses 2 "1024 bytes" object "$fw1" put s k "$long"
	refuses 2 "hexadecimal" object "$fw1" put s k hex:0g
	refuses 2 "seconds" object "$fw1" put s k v lifetime 0
	refuses 2 "seconds" object "$fw1" put s k v lifetime 4294967296
	refuses 1 "No such file" object "$fw1" put s k @/nowhere
	after=$(list "$fw1")
	is "list" "$after" "$before"
	same_lists
	# what is as long as it may be
	object "$fw1" put fifteen-letters "${long::128}" "${long::1024}" lifetime 4294967295
	wait_for 20 value_is "$fw2" fifteen-letters "${long::128}" "${long::1024}"
	object "$fw1" delete fifteen-letters "${long::128}"
}

# Values may be secret: who has no CAP_NET_ADMIN reads none.
secret() {
	local drop="setpriv --bounding-set -net_admin --inh-caps -net_admin"
	# shellcheck disable=SC2086 # words
	{
		in_ns "$fw1" $drop failover show >/dev/null
		refuses 1 "Operation not permitted" in_ns "$fw1" $drop failover object get portal 192.0.2.7
		refuses 1 "Operation not permitted" in_ns "$fw1" $drop failover object list
		refuses 1 "Operation not permitted" in_ns "$fw1" $drop failover object put portal x y
		refuses 1 "Operation not permitted" in_ns "$fw1" $drop failover object watch
	}
}

### takeover ##################################################################

# The standby lets nothing expire by itself: its mate would have said so. What is
# over is so at the takeover, and what is not has what is left.
taken_over() {
	object "$fw1" put portal short s lifetime $((5 * slow))
	object "$fw1" put portal long l lifetime 600
	wait_for 20 value_is "$fw2" portal long l
	kill -STOP "${daemon[$fw1]-0}" 2>/dev/null || :
	unit_lost "$fw1"
	value_is "$fw2" portal short s
	wait_for 20 state_is "$fw2" Active
	wait_for 20 gone "$fw2" portal short
	value_is "$fw2" portal long l
	value_is "$fw2" portal 192.0.2.7 alice
	is "left" "$(left "$fw2" portal long)" -le 600
	is "expired" "$(counter "$fw2" objects-expired)" -ge 1
	# it is the one that is written on now
	object "$fw2" put portal new n
}

# One that comes back has what was changed meanwhile, and not what was deleted.
bulk() {
	object "$fw2" delete portal 192.0.2.8
	unit_back "$fw1" primary
	wait_for 30 state_is "$fw1" "Standby Ready"
	value_is "$fw1" portal new n
	gone "$fw1" portal 192.0.2.8
	same_lists
	is "left" "$(left "$fw1" portal long)" -le 600
}

# A handover loses no write that was let in, whenever it comes.
handed_over() {
	local i=0
	wait_for 30 mate_is "$fw2" "Standby Ready"
	while object "$fw2" put count "$i" "$i"; do
		i=$((i + 1))
		[ "$i" != 10 ] || in_ns "$fw2" failover no active >"$tmp/handover" 2>&1 &
	done
	wait_for 20 state_is "$fw1" Active
	is "written" "$i" -ge 10
	is "there" "$(object "$fw1" list count -j | jq length)" "$i"
}

control() {
	fresh_firewalls
	pair_up "no failover replication objects"
	in_ns "$fw1" failover show | grep -qxF "no failover replication objects"
	object "$fw1" put portal 192.0.2.7 alice
	in_step "$fw1" "$fw2"
	is "xmit" "$(row "$fw1" xmit)" -eq 0
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	gone "$fw2" portal 192.0.2.7
}

stages <<-END
	!network          client, server, two firewalls, a switch
	!written          what is written on the active unit is on the standby
	changed           changes and deletions are, too
	watched           each is told on both units, in order
	refused           what is wrong is refused and changes nothing
	secret            without CAP_NET_ADMIN nothing is read or written
	taken_over        a takeover keeps all, with the lifetime that was left
	bulk              a unit that comes back has what is there, and no more
	handed_over       a handover loses no write that was let in
	control           control: without their replication nothing is there
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How long it takes until a failed interface moves the role, by its link and by
# its tests, with the fastest timers and with those of the ASA; and that a switch
# without power, which takes the link of both units one after the other, moves
# nothing. For virtual time (boot -v), where that is the same in every run. The
# figures are printed.
#
# Topology: lib.sh, and two more networks: interfaces.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../interfaces.bash"
. "$(dirname "$0")/record.bash"

# POLL HOLD of interfaces, in ms
settings='
100 500
5000 25000
'
poll_ms=200	# of the units
settle=10	# ms for which a unit has to be the worse one
# The daemon's part, and that its clock has whole milliseconds: of the link and
# of up to ten tests, one after the other.
soon=2000
later=15000

pair() { tested_pair "failover interface-policy 1" "no failover hold-down"; }

# polled POLL HOLD: all is well, with these times.
polled() {
	on_both polltime interface msec "$1" holdtime msec "$2"
	whole
	# whatever happens now and then has happened with them
	nap 30
	is_whole
}

# moved COMMAND...: the role moves, at $active; the mate was heard on the
# interface until $last. No session is lost.
moved() {
	record events "$fw2" events
	record frames "$fw1" frames in
	nap 6
	begin=$(us)
	"$@"
	wait_for 120 grep -q 'state=Active$' "$tmp/events"
	unrecord events frames
	active=$(when events 'state=Active$')
	# hellos on interfaces are of no type of the link
	last=$(awk '/ in [?]$/ { at = $1 } END { print at }' "$tmp/frames")
	all_go_on many=20
}

# near WHAT GOT WANT SLACK: from WANT on, by less than SLACK; in us.
near() {
	is "$1" "$2" -ge "$3"
	is "$1" "$2" -lt $(($3 + $4))
}

by_link() {
	local poll hold
	while read -r poll hold; do
		[ -n "$hold" ] || continue
		polled "$poll" "$hold"
		moved cable fw1-in down
		figure "poll $poll ms, hold $hold ms: link lost, active after $((active - begin)) us"
		near "active" $((active - begin)) $((settle * 1000)) "$soon"
	done <<<"$settings"
}

# tests_ms HOLD: from the last hello until the tests are over. They begin after
# half the hold time. There are three, and the last two are repeated until what
# the mate says is newer than two hellos of the unit.
tests_ms() {
	local slice=$(($1 / 16)) ms
	ms=$((3 * slice))
	while [ "$ms" -lt $((2 * poll_ms)) ]; do ms=$((ms + 2 * slice)); done
	echo $(($1 / 2 + ms))
}

by_tests() {
	local poll hold want
	while read -r poll hold; do
		[ -n "$hold" ] || continue
		polled "$poll" "$hold"
		moved block_port fw1-in
		want=$((($(tests_ms "$hold") + settle) * 1000))
		figure "poll $poll ms, hold $hold ms: silent, active $(((active - last) / 1000)) ms after the last hello, $(((active - begin) / 1000)) ms after the failure"
		near "active" $((active - last)) "$want" "$later"
	done <<<"$settings"
}

# control: the active unit's first, and the standby's before it counts.
dark_switch() {
	local epoch
	polled 100 500
	epoch=$(epoch "$fw1")
	printf 'link set %s down\n' fw1-in fw2-in | ips "$sw"
	wait_for 20 states_are LNNN LNNN
	nap 5
	state_is "$fw1" Active
	is "epoch" "$(epoch "$fw1")" "$epoch"
}

stages <<-END
	!four_networks   four data networks
	!pair            a pair that tests its interfaces, and sessions
	by_link          a lost link moves the role after 10 ms, with any timers
	by_tests         a silent interface does when its tests are over
	dark_switch      control: a switch without power moves nothing
	kernel_is_clean  the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "failover show statistics" says how far the standby is behind: how old the
# oldest change is that was not sent, and that was not acknowledged, and how long
# changes take until they are.
#
# Topology: lib.sh; netem on the ends of the link.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# as long as it may be: what is cut is to last, not the peer to be lost
hold_ms=45000
# a round trip takes less than a second
delay_ms=$((slow < 4 ? 200 * slow : 900))
few=20
many=400

network() {
	network_up
	play echo "$server" server 5000
	modprobe -q sch_netem || :
	pair_up
}

lag() { in_ns "$fw1" failover -j show statistics | jq -r ".lag$1"; }
lag_is() { is "lag $1" "$(lag "$1")" "${@:2}"; }

at_rest() {
	in_step "$fw1" "$fw2" || return
	lag_is .oldest_unsent_us null || return
	lag_is .oldest_unacknowledged_us null
}

quick() {
	play few "$client" udp "$out4" 5000 "$few"
	opened few "$few"
	in_step "$fw1" "$fw2"
	at_rest
	lag_is .changes -ge "$few"
	lag_is .p50_us -gt 0
	lag_is .p99_us -ge "$(lag .p50_us)"
	# control for the next one
	lag_is .p50_us -lt $((delay_ms * 1000))
	in_ns "$fw1" failover show statistics | grep 'Change to acknowledgment: p50'
	in_ns "$fw1" failover show statistics | grep -E 'Frames on their way: [0-9]+ at most'
	lag_is .window -ge 2
	lag_is .round_trip_us -lt $((delay_ms * 1000))
}

# What comes back comes late; more of that than of what was before.
late() {
	tc -n "$fw2" qdisc add dev fail root netem delay "${delay_ms}ms"
	play many "$client" udp "$out6" 5000 "$many"
	opened many "$many"
	in_step "$fw1" "$fw2"
	lag_is .p99_us -ge $((delay_ms * 1000))
	lag_is .p50_us -ge $((delay_ms * 1000))
	tc -n "$fw2" qdisc del dev fail root
}

older() { lag_is "$1" -ge 500000; }
# While nothing arrives, the first change is under way and later ones wait for it.
cut() {
	local ns
	wait_for 20 at_rest
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc add dev fail root netem loss 100%; done
	play more "$client" udp "$out4" 5000 10
	opened more 10
	wait_for 10 older .oldest_unacknowledged_us
	wait_for 10 older .oldest_unsent_us
	in_ns "$fw1" failover show statistics | grep -E 'Oldest change not sent: [0-9]+\.'
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc del dev fail root; done
	wait_for 30 at_rest
}

# A standby sends no changes.
standby() {
	is "changes" "$(in_ns "$fw2" failover -j show statistics | jq -c '.lag |
		[.changes, .p50_us, .oldest_unsent_us, .round_trip_us]')" '[0,null,null,null]'
}

stages <<-END
	!network         the pair
	quick            changes are acknowledged soon, and then none is behind
	late             what is acknowledged late is said to be
	cut              while nothing arrives the oldest change grows old
	standby          control: the standby has no lag
	kernel_is_clean  the kernel log is clean
END

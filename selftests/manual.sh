#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An operator swaps the units with "failover no active" and "failover active":
# everything is sent before the role changes, so connections opened a moment
# before go on, and a transfer is whole. A unit that is not active forwards
# nothing and counts what it dropped. With replication off the same swap ends
# the connections.
#
# Topology: lib.sh. A second client's default router is the standby.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

network() {
	network_up
	play echo "$server" server 5000
	pair_up
}

open_all() {
	play many "$client" tcp "$out4" 5000 200
	opened many 200
	play udp "$client" udp "$out4" 5000 50
	opened udp 50
	play transfer "$client" stream "$out4" 5000 1000000
	play beat "$client" beat udp "$out4" 5000 100
}

# What goes through the standby's own address does not arrive.
standby_is_shut() {
	local before after
	before=$(counter "$fw2" gate-drops)
	ip -n "$client" route replace 203.0.113.11 via 10.10.0.253
	ip -n "$client" route replace 2001:db8:203::11 via fd00:10::253
	play through4 "$client" udp 203.0.113.11 5000 10
	play through6 "$client" udp 2001:db8:203::11 5000 10
	none_goes_on_opening through4 through6
	after=$(counter "$fw2" gate-drops)
	is "gate drops" "$after" -ge $((before + 20))
	is "connections made by it" \
		"$(in_ns "$fw2" conntrack -L -d 203.0.113.11 2>/dev/null | wc -l)" -eq 0
	ip -n "$client" route del 203.0.113.11
	ip -n "$client" route del 2001:db8:203::11
	all_go_on through4=10 through6=10
	stop through4 through6
}

none_goes_on_opening() {
	local who
	for who; do
		tell "$who" open 1500
		heard_is ok -eq 0
	done
}

# swapped NEW-ACTIVE NEW-STANDBY COUNT: opens COUNT and swaps at once.
swapped() {
	local ask=$4
	play late "$client" tcp "$out4" 5000 "$3"
	opened late "$3"
	# shellcheck disable=SC2086 # two words, or one
	in_ns "$5" failover --timeout $((10 * slow)) $ask
	wait_for 20 state_is "$1" Active
	all_go_on many=200 udp=50 "late=$3"
	wait_for 30 state_is "$2" "Standby Ready"
	stop late
}

no_active() { swapped "$fw2" "$fw1" 50 "no active" "$fw1"; }
active() { swapped "$fw1" "$fw2" 50 "active" "$fw1"; }

whole() {
	tell beat stop
	heard_is moved -eq 0
	tell transfer stop
	heard_is bad -eq 0
	heard_is reset -eq 0
	heard_is sum ok
}

equal() {
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}

control() {
	stop many udp
	fresh_firewalls
	pair_up "no failover replication connections"
	play many "$client" tcp "$out4" 5000 50
	opened many 50
	give_role "$fw1" "$fw2"
	none_goes_on many
}

stages <<-END
	!network          the pair
	!open_all         connections, a transfer and a stream of datagrams
	standby_is_shut   the standby forwards nothing, and counts it
	no_active         failover no active: fw2 takes over, all go on
	active            failover active: fw1 takes over again, all go on
	whole             the transfer is whole, the stream kept its port
	equal             the two tables are equal
	control           control: without replication the swap ends them
	kernel_is_clean   the kernel log is clean
END

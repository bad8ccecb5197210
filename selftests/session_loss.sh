#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1,000 TCP connections (COUNT) through masquerade outlive the active unit: every one
# exchanges checked data before, during and after, on the socket it has. The
# unit is lost in two ways: its links go down first, which makes its own
# masquerading forget every connection, and all at once. With replication off
# the same loss ends them all.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

count=${COUNT:-$(some 1000)}

network() { network_up; play echo "$server" server 5000; }

open_all() {
	play many "$client" tcp 203.0.113.10 5000 "$count"
	opened many "$count"
	all_go_on "many=$count"
}

# holds NS: as many established connections as there are.
holds() {
	local n
	n=$(in_ns "$1" conntrack -L -p tcp --state ESTABLISHED 2>/dev/null | wc -l)
	is "established in $1" "$n" -ge "$count"
}

standby_has_all() {
	in_step "$fw1" "$fw2"
	wait_for 30 holds "$fw2"
}

links_down_then_gone() {
	unit_lost "$fw1"
	all_go_on "many=$count"
}

other_is_active() {
	wait_for 10 state_is "$fw2" Active
	# its daemon moves them behind the role, one after the other
	wait_for 10 has_addresses
}
has_addresses() {
	in_ns "$fw2" ip -o addr show >"$tmp/addr" &&
		grep -q 'in  *inet 10.10.0.254/24' "$tmp/addr" &&
		grep -q 'out  *inet6 2001:db8:203::2/64' "$tmp/addr" &&
		fails grep -E ' (10.10.0.253|203.0.113.3|2001:db8:203::3)/' "$tmp/addr"
}

new_ones_too() {
	play few "$client" tcp 203.0.113.10 5000 20
	opened few 20
	all_go_on few=20
	stop few
}

other_joins() {
	unit_back "$fw1" primary
	wait_for 30 state_is "$fw1" "Standby Ready"
	wait_for 30 holds "$fw1"
	state_is "$fw2" Active
	all_go_on "many=$count"
}

gone_at_once() {
	unit_gone "$fw2"
	all_go_on "many=$count"
	all_go_on "many=$count"
}

control() {
	stop many
	fresh_firewalls
	pair_up "no failover replication connections"
	open_all
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on many
	new_ones_too
}

stages <<-END
	!network               client, server, two firewalls, a switch
	!pair_up               fw1 becomes active, fw2 becomes standby ready
	!open_all              $count connections through fw1 exchange checked data
	standby_has_all        the standby holds all of them
	links_down_then_gone   fw1 loses its links and its namespace: all go on
	other_is_active        fw2 is active and has the addresses
	new_ones_too           new connections go through fw2
	other_joins            fw1 comes back as standby and gets all of them
	gone_at_once           fw2 is gone without a word: all go on through fw1
	control                control: without replication the same loss ends all
	kernel_is_clean        the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# MACs of the pair: they move with the role. The hosts' tables stay as they are,
# the learning switch sends to the port of the new unit at once, sessions go on.
# A secondary that boots alone has them from the start, and devices get back their
# own.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"

# kill -9 of the daemon in between changes nothing.
mac_given_back() {
	unit_back "$fw1" primary "${mac_lines[@]}"
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 10 roles_are "$fw2" "$fw1"
	daemon_down "$fw2"
	daemon_up "$fw2"
	wait_for 20 state_is "$fw2" Active
	roles_are "$fw2" "$fw1"
	in_ns "$fw2" failover no mac address inside
	wait_for 10 fails mac_is "$fw2" in "${in_mac[0]}"
	in_ns "$fw2" failover no mac address auto
	wait_for 10 mac_is "$fw2" in "${own[$fw2]}"
	wait_for 10 neighbour_is "$client" 10.10.0.254 "${own[$fw2]}"
	all_go_on tcp=20 udp=10
	own[$fw1]=$(in_ns "$fw1" failover show running-config | grep -c 'mac address')
	is "lines of fw1" "${own[$fw1]}" -eq 2
}

# A secondary that boots alone has the MACs from the start: what it announces
# first has them.
alone() {
	stop_flows
	fresh_firewalls
	ip -n "$client" neigh flush all
	ip -n "$client" neigh replace 10.10.0.254 dev eth0 lladdr 02:00:00:00:00:99 nud stale
	unit_up "$fw2" secondary "${mac_lines[@]}"
	wait_for 20 state_is "$fw2" Active
	seen "$fw2"
	mac_is "$fw2" in "${in_mac[0]}"
	unit_up "$fw1" primary "${mac_lines[@]}"
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 10 roles_are "$fw2" "$fw1"
}

# Off, beside a mate: the device has its own again; on again, that of the role.
switched_off() {
	local before
	fresh_firewalls
	before=$(mac "$fw2" in)
	pair_up "${mac_lines[@]}"
	wait_for 10 roles_are "$fw1" "$fw2"
	in_ns "$fw2" failover no failover
	wait_for 10 mac_is "$fw2" in "$before"
	in_ns "$fw2" failover failover
	wait_for 20 state_is "$fw2" "Standby Ready"
	wait_for 10 roles_are "$fw1" "$fw2"
}

refused() {
	stop_flows
	fresh_firewalls
	pair_up
	in_ns "$fw1" failover mac address inside 02:00:00:00:0b:01 02:00:00:00:0b:02
	wait_for 10 mac_is "$fw1" in 02:00:00:00:0b:01
	fails in_ns "$fw1" failover mac address inside 03:00:00:00:0b:01 02:00:00:00:0b:02
	grep -q 'a MAC, xx:xx' "$tmp/fails"
	fails in_ns "$fw1" failover mac address nobody 02:00:00:00:0b:01 02:00:00:00:0b:02
	mac_is "$fw1" in 02:00:00:00:0b:01
}

stages <<-END
	!network           client, server, two firewalls, a switch
	!macs              each unit has the MACs of its role
	mac_moves          failover no active: they move, the switch knows at once, sessions go on
	mac_taken          the active lost: they move, the hosts' tables stay, sessions go on
	mac_given_back     without the line the device has its own MAC again
	alone              a secondary that boots alone has the active MAC from the start
	switched_off       a unit that is switched off beside its mate has its own MAC
	refused            what is no MAC or no interface is refused, and nothing changes
	kernel_is_clean    the kernel log is clean
END

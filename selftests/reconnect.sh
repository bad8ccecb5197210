#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "failover timeout": for so long after it has become active a unit lets in TCP
# connections that it has no state of. They are not replicated here, so without
# the line they end at a switchover, as the control shows. What the kernel was
# told by the administrator comes back when the time is over, or the unit is not
# active any more.
#
# Topology: lib.sh. The connections are those without NAT: another unit would
# give them other ports.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

plain4=203.0.113.11

network() {
	network_up
	play echo "$server" server 5000
}

loose() { in_ns "$1" sysctl -n net.netfilter.nf_conntrack_tcp_loose; }
loose_is() { is "tcp_loose of $1" "$(loose "$1")" -eq "$2"; }

# pair LINE...: without replication, with connections.
pair() {
	pair_up "no failover replication connections" "$@"
	play many "$client" tcp "$plain4" 5000 20
	opened many 20
	give_role "$fw1" "$fw2"
}

without() {
	pair
	loose_is "$fw2" 0
	none_goes_on many
	stop many
}

with_line() {
	fresh_firewalls
	pair "failover timeout -1"
	loose_is "$fw2" 1
	loose_is "$fw1" 0
	all_go_on many=20
	stop many
	in_ns "$fw2" failover show | grep -qxF "Reconnect timeout -1"
}

# Back on this unit; the other one is as before.
given_back() {
	take_role "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
	loose_is "$fw2" 0
	loose_is "$fw1" 1
	in_ns "$fw1" failover timeout 0:00:05
	loose_is "$fw1" 0
	in_ns "$fw1" failover show | grep -qxF "Reconnect timeout 0:00:05"
	is "JSON" "$(show "$fw1" .config.reconnect_timeout)" -eq 5
}

over() {
	wait_for 20 state_is "$fw1" Active
	in_ns "$fw2" failover timeout 0:00:05
	give_role "$fw1" "$fw2"
	wait_for 40 loose_is "$fw2" 0
	# who has it on keeps it on
	wait_for 20 state_is "$fw1" "Standby Ready"
	sysctls "$fw1" net.netfilter.nf_conntrack_tcp_loose=1
	take_role "$fw1"
	give_role "$fw1" "$fw2"
	loose_is "$fw1" 1
}

off() {
	in_ns "$fw2" failover -- timeout -1
	take_role "$fw1"
	take_role "$fw2"
	loose_is "$fw2" 1
	in_ns "$fw2" failover no failover
	loose_is "$fw2" 0
}

lines() {
	in_ns "$fw2" failover wait-disable
	in_ns "$fw2" failover show running-config >"$tmp/conf"
	grep -qxF "failover timeout -1" "$tmp/conf"
	grep -qxF "failover wait-disable" "$tmp/conf"
	is "JSON" "$(show "$fw2" .config.wait_disable)" true
	in_ns "$fw2" failover no wait-disable
	in_ns "$fw2" failover no timeout
	fails grep -E 'timeout|wait-disable' <(in_ns "$fw2" failover show running-config)
	fails in_ns "$fw2" failover timeout 0:60:00
}

stages <<-END
	!network          the network, and a server
	without           control: connections that are not replicated end
	with_line         failover timeout -1: they go on, without replication
	given_back        the unit that was active has tcp_loose as it was
	over              after the time tcp_loose is as it was; one that is set stays
	off               so it is when failover is switched off
	lines             both lines are shown, kept, and taken back
	kernel_is_clean   the kernel log is clean
END

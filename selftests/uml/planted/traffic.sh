#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A short life of a pair, in which each planted fault comes to bear: what is
# replicated is made, changed and deleted, the units change places, and both
# come and go.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../../lib.sh"

network() {
	network_up
	play echo "$server" server 5000
	for ns in "$fw1" "$fw2"; do
		sysctls "$ns" net.netfilter.nf_conntrack_tcp_timeout_time_wait=1
	done
	pair_up
}

come_and_go() {
	play few "$client" tcp "$out4" 5000 20
	opened few 20
	tell few close
	stop few
	wait_for 30 gone
	in_step "$fw1" "$fw2"
}
gone() { is "connections" "$(alive "$fw1")" -eq 0; }

takeover() {
	play held "$client" tcp "$out4" 5000 20
	opened held 20
	in_ns "$fw1" failover no active
	wait_for 20 state_is "$fw2" Active
	all_go_on held=20
	wait_for 30 state_is "$fw1" "Standby Ready"
}

stages <<-END
	!network      the pair
	come_and_go   20 connections come and go
	takeover      the units change places, 20 connections go on
END

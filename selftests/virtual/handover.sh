#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a flow sees of a handover: nothing. For virtual time (boot -v), where
# each datagram is accounted for; programs cost no time there, so what is
# measured is what the units wait for. The figures are printed.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"

exec 3>&1
figure() { echo "# $*" >&3; }

network() {
	network_up
	local ns
	play echo "$server" server 5000
	play inner "$client" server 5000
	pair_up
	# So that time passes between two words of the units, and packets come.
	for ns in "$fw1" "$fw2"; do in_ns "$ns" tc qdisc add dev fail root netem delay 1500us; done
}

flows=(udp icmp out)

# From the client outward, through masquerading; and from the server to a port
# of the outside address that leads to the client.
flows_on() {
	play udp "$client" beat udp "$out4" 5000 1000
	play icmp "$client" beat icmp "$out4" 0 1000
	play out "$server" beat udp 203.0.113.2 8080 1000
	play tcp "$client" stream "$out4" 5000 100000
	nap 1
}

# open_ones: datagrams that have no answer, of the report that was heard; the last one
# may be under way.
open_ones() { echo $(($(value sent "$heard") - $(value received "$heard"))); }

again() { in_ns "$client" nstat -az TcpRetransSegs | awk '/Retrans/ { print $2 }'; }

# a_switch FROM TO WHAT: nothing is lost on the way.
a_switch() {
	local who text before repeated
	declare -A before
	for who in "${flows[@]}"; do
		tell "$who" report >"$tmp/said"
		before[$who]=$(open_ones)
	done
	tell tcp report
	repeated=$(again)
	wait_for 10 mate_is "$1" "Standby Ready"
	text=$(in_ns "$1" failover no active)
	echo "$text"
	wait_for 10 state_is "$2" Active
	nap 3
	for who in "${flows[@]}"; do
		tell "$who" report
		figure "$3: $who: $(value gap_ms "$heard") ms without an answer, $(($(open_ones) - before[$who])) lost"
		is "lost of $who" "$(open_ones)" -le $((before[$who] + 1))
		heard_is gap_ms -le 5
		heard_is moved -eq 0
	done
	tell tcp report
	figure "$3: tcp: $(value gap_ms "$heard") ms without an answer, $(($(again) - repeated)) segments repeated; ${text##*; }"
	is "segments repeated" "$(again)" -eq "$repeated"
	heard_is bad -eq 0
	heard_is reset -eq 0
	wait_for 30 state_is "$1" "Standby Ready"
}

few() {
	flows_on
	a_switch "$fw1" "$fw2" "four connections"
	is "handovers of fw1" "$(counter "$fw1" handovers-given)" -eq 1
	is "handovers of fw2" "$(counter "$fw2" handovers-taken)" -eq 1
}

# Control: without these it would not have been so.
waited() {
	figure "held $(counter "$fw1" relay-held) packets and sent $(counter "$fw1" relay-sent)"
	is "held" "$(counter "$fw1" relay-held)" -ge 1
	is "sent on" "$(counter "$fw1" relay-sent)" -ge "$(counter "$fw1" relay-held)"
	is "dropped" "$(sum "$fw1" '^(relay|gate)-drops$')" -eq 0
}

# For a second the new active's daemon does not move the addresses, and all
# goes on all the same.
stopped_daemon() {
	local sent
	sent=$(counter "$fw1" relay-sent)
	tell udp report
	kill -STOP "${daemon[$fw2]}"
	in_ns "$fw1" failover no active
	nap 1
	kill -CONT "${daemon[$fw2]}"
	wait_for 10 state_is "$fw2" Active
	nap 1
	sent=$(($(counter "$fw1" relay-sent) - sent))
	tell udp report
	figure "a daemon that stands still for a second: $(value gap_ms "$heard") ms without an answer, $sent packets relayed"
	is "lost" "$(open_ones)" -le 1
	is "relayed" "$sent" -ge 1000
	wait_for 30 state_is "$fw1" "Standby Ready"
}

many() {
	local n
	n=$(some 3000)
	play many "$client" tcp "$out4" 5000 "$n"
	opened many "$n"
	in_step "$fw2" "$fw1"
	a_switch "$fw2" "$fw1" "$n connections more"
	all_go_on many="$n"
}

back() { a_switch "$fw2" "$fw1" "back again"; }

whole() {
	local who
	tell tcp stop
	heard_is bad -eq 0
	heard_is sum ok
	for who in "${flows[@]}"; do
		tell "$who" stop
		heard_is moved -eq 0
	done
}

stages <<-END
	!network          the pair
	few               a switchover: no datagram lost, no segment repeated
	waited            control: packets came to the unit that stepped down, and went on
	many              back again, with many connections: the same
	stopped_daemon    the kernels hand over while a daemon stands still
	back              and back
	whole             the transfer is whole, the flows kept their ports
	kernel_is_clean   the kernel log is clean
END

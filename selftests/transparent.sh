#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Transparent mode: the two firewalls bridge the same two segments. One of them
# does so and the other forwards nothing, from before it has a port on, so that
# a broadcast is heard once and never comes back, whatever happens to the roles.
# Sessions through the bridge go on after a takeover, and the switches send
# frames to the new unit at once, though no host has said a word.
#
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"
. "$(dirname "$0")/transparent.bash"

### stages #####################################################################

# Control: without the gate a broadcast goes round and round; that would have
# no end, so the switch lets but so many of them through, and nothing else.
control_loop() {
	in_ns "$sw" nft -f - <<-NFT
	table bridge brake {
		chain forward {
			type filter hook forward priority filter; policy drop;
			ip daddr $everybody limit rate 1/hour burst 200 packets accept
		}
	}
	NFT
	join "$fw1"
	join "$fw2"
	forget_heard
	broadcasts "$client" 1
	leave "$fw2"
	leave "$fw1"
	in_ns "$sw" nft delete table bridge brake
	count_heard
	echo "one broadcast: the server heard $at_server, the client $at_client"
	is "heard by the server" "$at_server" -ge 10
	is "came back" "$at_client" -ge 10
}
leave() { printf 'link set %s nomaster\n' in out | ips "$1"; }

up() {
	pair "no failover replication connections"
	client_heard_once
}

# Control: without stations from the active unit, the switches send frames to
# the old one until the other host speaks.
control_switches() {
	play udp "$client" udp 10.10.0.20 5000 20
	opened udp 20
	learned "$fw1"
	give_role "$fw1" "$fw2"
	none_goes_on udp
	learned "$fw1"
	broadcasts "$server" 1
	broadcasts "$client" 1
	learned "$fw2"
	all_go_on udp=20
	stop udp
}

many=$(some 50) few=$(some 20)

open_all() {
	play tcp "$client" tcp 10.10.0.20 5000 "$many"
	opened tcp "$many"
	play udp "$client" udp 10.10.0.20 5000 "$few"
	opened udp "$few"
	play udp6 "$client" udp fd00:10::20 5000 "$few"
	opened udp6 "$few"
	play tcp6 "$client" tcp fd00:10::20 5000 "$few"
	opened tcp6 "$few"
	play ping "$client" icmp 10.10.0.20 0 10
	opened ping 10
	in_step "$fw1" "$fw2"
}

go_on() { all_go_on tcp="$many" udp="$few" udp6="$few" tcp6="$few" ping=10; }

# What is bridged is tracked, and is on the standby, which has bridged nothing.
standby_is_shut() {
	local before
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	is "connections of the standby" "$(connections "$fw2")" \
		-ge $((many + 3 * few + 10))
	before=$(counter "$fw2" bridge-drops)
	client_heard_once
	is "bridge drops" "$(counter "$fw2" bridge-drops)" -ge $((before + 5))
	is "stations of the standby" "$(stations_rcv "$fw2")" -ge 2
}
stations_rcv() { show "$1" '.classes[] | select(.name == "L2BRIDGE Tbl") | .rcv'; }

# The addresses of both units on their bridges; what the standby says is heard
# once in each segment.
management() {
	in_ns "$client" ping -q -c 1 -W 5 10.10.0.254
	in_ns "$client" ping -q -c 1 -W 5 10.10.0.253
	in_ns "$server" ping -q -c 1 -W 5 10.10.0.253
	in_ns "$fw1" ping -q -c 1 -W 5 10.10.0.253
	forget_heard
	broadcasts "$fw2" 1 br0
	count_heard
	is "heard by the client" "$at_client" -eq 1
	is "heard by the server" "$at_server" -eq 1
}

learned() {
	behind br-in "$server_mac" "${1%%-*}-in" || return
	behind br-out "$client_mac" "${1%%-*}-out"
}

# The switches know before any host says a word.
swapped() { # FROM TO
	go_on
	learned "$1"
	give_role "$1" "$2"
	wait_for 10 learned "$2"
	is "stations announced" "$(counter "$2" stations-announced)" -ge 2
	go_on
	wait_for 20 state_is "$1" "Standby Ready"
	in_ns "$client" ping -q -c 1 -W 5 10.10.0.253
	in_ns "$server" ping -q -c 1 -W 5 10.10.0.253
	in_ns "$client" ping -q -c 1 -W 5 10.10.0.254
}

hand_over() {
	talk
	swapped "$fw1" "$fw2"
	swapped "$fw2" "$fw1"
	talked
}

lost() {
	talk
	unit_gone "$fw1"
	go_on
	wait_for 20 state_is "$fw2" Active
	talked
	client_heard_once
}

# The active one is lost, but not the carrier of its ports: nothing makes the
# switches forget it but the new one's announcements. It lives on and believes to
# be active; the link comes back first, and it yields.
cut_off() {
	state_is "$fw1" Active
	learned "$fw1"
	cut "$fw1" down
	ip -n "$fw1" link set fail down
	wait_for 20 state_is "$fw2" Active
	wait_for 10 learned "$fw2"
	go_on
	state_is "$fw1" Active
	ip -n "$fw1" link set fail up
	wait_for 20 state_is "$fw1" "Standby Ready"
	talk
	cut "$fw1" up
	go_on
	talked
	give_role "$fw2" "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
}

# cut NS down|up: the switch takes nothing from its ports, and gives nothing.
cut() {
	local h=${1%%-*}
	if [ "$2" = up ]; then
		in_ns "$sw" nft delete table bridge cut
		return
	fi
	in_ns "$sw" nft -f - <<-NFT
	table bridge cut {
		chain pre {
			type filter hook prerouting priority filter;
			iifname { "$h-in", "$h-out" } drop
		}
		chain post {
			type filter hook postrouting priority filter;
			oifname { "$h-in", "$h-out" } drop
		}
	}
	NFT
}

# A unit that boots beside an active one: bridged twice in no moment. The daemon
# runs before there is a network, as its service does; then come the ports, and
# the link comes last, so that the unit has to ask on the bridge.
back() {
	talk
	ns_up "$fw1"
	rules_up "$fw1"
	unit_up "$fw1" primary
	wait_for 20 gated "$fw1"
	devices "$fw1"
	join "$fw1"
	wait_for 20 state_is "$fw1" "Cold Standby"
	link_up
	wait_for 20 state_is "$fw1" "Standby Ready"
	talked
	give_role "$fw2" "$fw1"
	go_on
	wait_for 20 state_is "$fw2" "Standby Ready"
}

# The link is cut: the standby asks on the bridge, is answered, and stays shut.
link_cut() {
	talk
	ip -n "$fw1" link set fail down
	wait_for 20 state_is "$fw2" "Cold Standby"
	go_on
	state_is "$fw2" "Cold Standby"
	ip -n "$fw1" link set fail up
	wait_for 20 state_is "$fw2" "Standby Ready"
	state_is "$fw1" Active
	talked
}

starts() { grep -c 'FAILOVER-5-990101' "$tmp/$1.log" || :; }
started_again() { is "starts" "$(starts "$1")" -gt "$2"; }

# The standby's daemon is dead; the standby is switched off, and on again.
shut_all_the_same() {
	local before
	daemon_down "$fw2"
	client_heard_once
	before=$(starts "$fw2")
	daemon_up "$fw2"
	# its state is there without a daemon; one that begins later switches it on again
	wait_for 20 started_again "$fw2" "$before"
	wait_for 20 state_is "$fw2" "Standby Ready"
	talk
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	go_on
	talked
	client_heard_once
	nothing_opens "$fw2"
	talk
	in_ns "$fw2" failover failover
	wait_for 20 state_is "$fw2" "Standby Ready"
	nothing_opens "$fw2"
	talked
}

# nothing_opens NS: the module does not go, and a port keeps its name, typed or
# read, as long as it is in a bridge.
nothing_opens() {
	local before
	before=$(refusals "$1")
	fails rmmod nf_failover
	fails in_ns "$1" failover interface in no nameif
	grep -q 'take it out of the bridge first' "$tmp/fails"
	cp "$tmp/$1.conf" "$tmp/conf"
	sed -i '/^interface out/d' "$tmp/$1.conf"
	kill -HUP "${daemon[$1]}"
	wait_for 20 refused_again "$1" "$before"
	cp "$tmp/conf" "$tmp/$1.conf"
	is "interfaces" "$(show "$1" '.config.interfaces | length')" -eq 3
}
refusals() { grep -c 'Configuration refused: .*: take' "$tmp/$1.log" || :; }
refused_again() { is "refusals" "$(refusals "$1")" -gt "$2"; }

# The active one is switched off: the other one takes over, and it is shut.
active_switched_off() {
	talk
	in_ns "$fw1" failover no failover
	wait_for 20 state_is "$fw2" Active
	wait_for 10 learned "$fw2"
	go_on
	talked
	client_heard_once
}

# Alone, a unit that is switched off goes on as any bridge.
alone_switched_off() {
	stop tcp udp udp6 tcp6 ping
	unit_gone "$fw1"
	wait_for 20 mate_failed "$fw2"
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	client_heard_once
	# there is no gate any more that could be taken away
	wait_for 20 module_idle
	in_ns "$fw2" failover interface out no nameif
	client_heard_once
}
mate_failed() { is "mate of $1" "$(show "$1" .other.state)" Failed; }

# Spanning tree is on in both bridges, which it should not be: who bridges is a
# bridge to the others, and who does not is not there.
spanning_tree() {
	local ns
	in_ns "$sw" nft -f - <<-NFT
	table bridge bpdus {
		counter fw1 { }
		counter fw2 { }
		chain pre {
			type filter hook prerouting priority filter;
			ether daddr != 01:80:c2:00:00:00 accept
			iifname { "fw1-in", "fw1-out" } counter name fw1
			iifname { "fw2-in", "fw2-out" } counter name fw2
		}
	}
	NFT
	for ns in "$fw1" "$fw2"; do
		ip -n "$ns" link set br0 type bridge hello_time 100 stp_state 1
	done
	wait_for 20 bpdus_are fw1 -ge 4
	bpdus_are fw2 -eq 0
	for ns in "$fw1" "$fw2"; do
		ip -n "$ns" link set br0 type bridge stp_state 0
		ip -n "$ns" link set br0 type bridge forward_delay 0
	done
	in_ns "$sw" nft delete table bridge bpdus
	client_heard_once
}
bpdus_are() {
	is "BPDUs of $1" "$(in_ns "$sw" nft list counter bridge bpdus "$1" |
		sed -n 's/.*packets \([0-9]*\).*/\1/p')" "$2" "$3"
}

### before the first configuration #############################################

# With shut= the ports bridge nothing from the moment the module is loaded.
# The first namespace has such ports for this; without it they do.
guarded() {
	daemon_down "$fw2"
	ip netns del "$fw2"
	wait_for 20 module_idle
	rmmod nf_failover
	insmod "$(module_file)" shut=fo-g0,fo-g1
	guard_bridge
	fails in_ns "$client" ping -q -c 2 -i 0.2 -W 1 10.40.1.2
	fails rmmod nf_failover
	is "bridge drops" "$(failover show -j | jq '.counters["bridge-drops"]')" -ge 2
	printf 'link set %s nomaster\n' fo-g0 fo-g1 | ips ""
	rmmod nf_failover
	insmod "$(module_file)"
	printf 'link set %s master fo-gate\n' fo-g0 fo-g1 | ips ""
	in_ns "$client" ping -q -c 1 -W 5 10.40.1.2
	ip link del fo-gate
	ip link del fo-g0
	ip link del fo-g1
}

guard_bridge() {
	ips "" <<-END
		link add fo-g0 type veth peer name g netns $client
		link add fo-g1 type veth peer name g netns $server
		link add fo-gate type bridge forward_delay 0 mcast_snooping 0
		link set fo-gate up
		link set fo-g0 master fo-gate up
		link set fo-g1 master fo-gate up
	END
	host_g "$client" 1 "$server" 2
	host_g "$server" 2 "$client" 1
	sysctls "$server" net.ipv4.icmp_echo_ignore_all=0
}
host_g() {
	ips "$1" <<-END
		link set g up
		addr add 10.40.1.$2/24 dev g
		neigh replace 10.40.1.$4 dev g lladdr $(mac "$3" g) nud permanent
	END
}

stages <<-END
	!network             client, server, two bridges with a firewall each, switches
	!control_loop        control: without the gate one broadcast floods the segments
	!up                  a pair: fw1 bridges, fw2 does not; a broadcast is heard once
	!control_switches    control: not told of stations, a switch sends to the old unit
	!replicate           told of them from now on; fw1 takes its role again
	!open_all            sessions through the bridge, IPv4 and IPv6
	standby_is_shut      the standby has the sessions and stations, and bridges nothing
	management           both units' own addresses on the bridge answer, once
	!hand_over           failover no active, and back: all go on, the switches know at once
	!cut_off             the active lost, not its carrier: the same; it yields when it is back
	!lost                the active lost: all go on
	!back                a unit that boots beside it, its network last, never bridges
	link_cut             nor does one that hears its mate but on the bridge
	shut_all_the_same    nor does one without daemon, or switched off; nothing opens it
	spanning_tree        nor does it send BPDUs, which the active unit does
	active_switched_off  the active one switched off: the other takes over, it is shut
	alone_switched_off   a unit that is switched off alone goes on bridging
	guarded              shut=: nothing is bridged before there is a configuration
	kernel_is_clean      the kernel log is clean
END

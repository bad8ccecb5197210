#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Transparent mode: the two firewalls bridge the same two segments. One of them
# does so and the other forwards nothing, from before it has a port on, so that
# a broadcast is heard once and never comes back, whatever happens to the roles.
# Sessions through the bridge go on after a takeover, and the switches send
# frames to the new unit at once, though no host has said a word.
#
#    client           10.10.0.0/24            server
#    .10 |        ____________________        | .20
#    ____|_____  |  fw1 br0 .254/.253 |  _____|____
#   |  br-in   |-| in              out |-|  br-out  |
#   |  (sw)    |  |___________________|  |   (sw)   |
#   |          |   ________|fail_______  |          |
#   |          |-| in  fw2 br0     out |-|          |
#   |__________|  |___________________|  |__________|
#
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"

client_mac=02:00:00:00:00:c1
server_mac=02:00:00:00:00:51
everybody=10.10.0.255

### the network, in the place of that of lib.sh ################################

# Each knows the other, and says nothing that teaches a switch.
host() { # NS MAC NUMBER OTHER-MAC OTHER-NUMBER
	ips "$1" <<-END
		link set eth0 address $2
		addr add 10.10.0.$3/24 dev eth0
		addr add fd00:10::$3/64 dev eth0 nodad
		neigh replace 10.10.0.$5 dev eth0 lladdr $4 nud permanent
		neigh replace fd00:10::$5 dev eth0 lladdr $4 nud permanent
	END
}

hosts_up() {
	local ns
	for ns in "$client" "$server"; do
		ns_up "$ns" net.ipv4.icmp_echo_ignore_all=1 \
			net.ipv6.icmp.echo_ignore_all=1
	done
	plug "$client" eth0 br-in
	plug "$server" eth0 br-out
	host "$client" "$client_mac" 10 "$server_mac" 20
	host "$server" "$server_mac" 20 "$client_mac" 10
}

ruleset() {
	cat <<-'NFT'
	table bridge fw {
		chain forward {
			type filter hook forward priority filter; policy drop;
			ether type arp accept
			ether daddr ff:ff:ff:ff:ff:ff accept
			ct state invalid drop
			ct state established,related accept
			ip daddr 10.10.0.253 accept
			iifname "in" accept
		}
	}
	NFT
}

fw_up() {
	ns_up "$1"
	ip -n "$1" link add br0 type bridge forward_delay 0 mcast_snooping 0
	ip -n "$1" link set br0 up
	plug "$1" in br-in out br-out
	in_ns "$1" nft -f - <<<"$(ruleset)"
	sysctls "$1" net.netfilter.nf_conntrack_tcp_loose=0
}

# What a broadcast makes of itself on its way to each host.
count_broadcasts() {
	in_ns "$sw" nft -f - <<-NFT
	table bridge seen {
		counter server { }
		counter client { }
		chain post {
			type filter hook postrouting priority filter;
			oifname "server-eth0" ether daddr ff:ff:ff:ff:ff:ff ip daddr $everybody counter name server
			oifname "client-eth0" ether daddr ff:ff:ff:ff:ff:ff ip daddr $everybody counter name client
		}
	}
	NFT
}

network() {
	network_up
	count_broadcasts
	play echo "$server" server 5000
}

config() {
	local unit=$1 line
	shift
	cat <<-CONF
	failover lan unit $unit
	failover lan interface FAIL-LINK fail
	failover link FAIL-LINK fail
	failover key hex $secret
	failover polltime unit msec 200 holdtime msec $((800 * slow))
	interface in nameif inside
	interface out nameif outside
	interface br0 nameif management
	 ip address 10.10.0.254/24 standby 10.10.0.253
	CONF
	for line; do echo "$line"; done
	echo failover
}

# The gate is there before the ports are.
bridge_unit() {
	unit_up "$@"
	wait_for 20 gated "$1"
	join "$1"
}
gated() { is "$1 is on" "$(show "$1" '.config.enabled')" true; }
join() { printf 'link set %s master br0\n' in out | ips "$1"; }

pair() {
	module_needed
	bridge_unit "$fw1" primary "$@"
	bridge_unit "$fw2" secondary "$@"
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
}

### what was heard #############################################################

heard_by() {
	in_ns "$sw" nft list counter bridge seen "$1" |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}
forget_heard() { in_ns "$sw" nft reset counters table bridge seen >/dev/null; }

# broadcasts NS COUNT [DEV]: so many frames to everybody.
broadcasts() {
	in_ns "$1" ping -q -b -c "$2" -i 0.05 -W 1 -I "${3:-eth0}" "$everybody" || :
}

# client_heard_once: each of its broadcasts, by the server, and not by itself.
client_heard_once() {
	forget_heard
	broadcasts "$client" 5
	is "heard by the server" "$(heard_by server)" -eq 5
	is "came back" "$(heard_by client)" -eq 0
}

# A talker in the background, through everything until it is asked.
talk() {
	forget_heard
	ip netns exec "$client" ping -q -b -i 0.02 -I eth0 "$everybody" \
		>"$tmp/talk" 2>&1 &
	talker=$!
	pids+=($!)
}

# talked: no frame was heard twice, none came back.
talked() {
	local sent heard
	kill -INT "$talker"
	wait "$talker" || :
	sent=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$tmp/talk")
	heard=$(heard_by server)
	echo "sent $sent, heard $heard"
	is "sent" "$sent" -ge 3
	is "heard of $sent" "$heard" -le "$sent"
	is "heard of $sent" "$heard" -ge 1
	is "came back" "$(heard_by client)" -eq 0
}

### stages #####################################################################

up() {
	pair
	client_heard_once
}

open_all() {
	play tcp "$client" tcp 10.10.0.20 5000 50
	opened tcp 50
	play udp "$client" udp 10.10.0.20 5000 20
	opened udp 20
	play udp6 "$client" udp fd00:10::20 5000 20
	opened udp6 20
	play tcp6 "$client" tcp fd00:10::20 5000 20
	opened tcp6 20
	play ping "$client" icmp 10.10.0.20 0 10
	opened ping 10
	in_step "$fw1" "$fw2"
}

go_on() { all_go_on tcp=50 udp=20 udp6=20 tcp6=20 ping=10; }

# What is bridged is tracked, and is on the standby, which has bridged nothing.
standby_is_shut() {
	local before
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	is "connections of the standby" "$(connections "$fw2")" -ge 120
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
	is "heard by the client" "$(heard_by client)" -eq 1
	is "heard by the server" "$(heard_by server)" -eq 1
}

learned() {
	port_is "$server_mac" br-in "${1%%-*}-in"
	port_is "$client_mac" br-out "${1%%-*}-out"
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
	swapped "$fw2" "$fw1"
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

# A unit that boots beside an active one: bridged twice in no moment.
back() {
	talk
	fw_up "$fw1"
	link_up
	bridge_unit "$fw1" primary
	wait_for 20 state_is "$fw1" "Standby Ready"
	talked
	swapped "$fw2" "$fw1"
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

# The standby's daemon is dead; the standby is switched off, and on again.
shut_all_the_same() {
	daemon_down "$fw2"
	client_heard_once
	daemon_up "$fw2"
	wait_for 20 state_is "$fw2" "Standby Ready"
	talk
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	go_on
	talked
	client_heard_once
	talk
	in_ns "$fw2" failover failover
	wait_for 20 state_is "$fw2" "Standby Ready"
	talked
}

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
}
mate_failed() { is "mate of $1" "$(show "$1" .other.state)" Failed; }

# Control: without stations from the active unit, the switches send frames to
# the old one until the other host speaks.
control_switches() {
	fresh_firewalls
	pair "no failover replication connections"
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

# Control: without the gate a broadcast goes round and round; that would have
# no end, so the switch lets but so many of a second through.
control_loop() {
	fresh_firewalls
	in_ns "$sw" nft -f - <<-NFT
	table bridge brake {
		chain forward {
			type filter hook forward priority filter;
			limit rate over 200/second burst 100 packets drop
		}
	}
	NFT
	join "$fw1"
	join "$fw2"
	forget_heard
	broadcasts "$client" 1
	printf 'link set %s nomaster\n' in out | ips "$fw2"
	echo "one broadcast: the server heard $(heard_by server), the client $(heard_by client)"
	is "heard by the server" "$(heard_by server)" -ge 10
	is "came back" "$(heard_by client)" -ge 10
}

stages <<-END
	!network             client, server, two bridges with a firewall each, switches
	!up                  a pair: fw1 bridges, fw2 does not; a broadcast is heard once
	!open_all            sessions through the bridge, IPv4 and IPv6
	standby_is_shut      the standby has the sessions and stations, and bridges nothing
	management           both units' own addresses on the bridge answer, once
	!hand_over           failover no active, and back: all go on, the switches know at once
	!cut_off             the active lost, not its carrier: the same; it yields when it is back
	!lost                the active lost: all go on
	!back                a unit that boots beside it never bridges
	link_cut             nor does one that hears its mate but on the bridge
	shut_all_the_same    nor does one whose daemon is dead, or that is switched off
	active_switched_off  the active one switched off: the other takes over, it is shut
	alone_switched_off   a unit that is switched off alone goes on bridging
	control_switches     control: not told of stations, a switch sends to the old unit
	control_loop         control: without the gate one broadcast floods the segments
	kernel_is_clean      the kernel log is clean
END

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

# How a firewall is wired; see VLANs, below.
wiring=plain management=br0
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
			iifname { "in", "in.20" } accept
		}
	}
	NFT
}

fw_up() {
	ns_up "$1"
	[ "$wiring" = late ] || devices "$1"
	in_ns "$1" nft -f - <<<"$(ruleset)"
	sysctls "$1" net.netfilter.nf_conntrack_tcp_loose=0
}

devices() {
	ip -n "$1" link add br0 type bridge forward_delay 0 mcast_snooping 0
	ip -n "$1" link set br0 up
	if [ "$wiring" = vlans ]; then vlan_devices "$1"; else plug "$1" in br-in out br-out; fi
}

# What a broadcast makes of itself on its way to each host.
count_broadcasts() {
	in_ns "$sw" nft -f - <<-NFT
	table bridge seen {
		counter server { }
		counter client { }
		chain post {
			type filter hook postrouting priority filter;
			oifname "server-eth0" ether daddr ff:ff:ff:ff:ff:ff ip daddr { $everybody, 10.20.0.255, 10.30.0.255 } counter name server
			oifname "client-eth0" ether daddr ff:ff:ff:ff:ff:ff ip daddr { $everybody, 10.20.0.255, 10.30.0.255 } counter name client
		}
	}
	NFT
}

network() {
	network_up
	count_broadcasts
	play echo "$server" server 5000
}

interfaces() {
	cat <<-CONF
	interface in nameif inside
	interface out nameif outside
	CONF
	[ "$wiring" != vlans ] || cat <<-CONF
	interface in.20 nameif inside20
	interface out.20 nameif outside20
	CONF
	cat <<-CONF
	interface $management nameif management
	 ip address 10.10.0.254/24 standby 10.10.0.253
	CONF
}

# The gate is there before the ports are.
bridge_unit() {
	unit_up "$@"
	wait_for 20 gated "$1"
	join "$1"
}
gated() { is "$1 is on" "$(show "$1" '.config.enabled')" true; }
join() {
	printf 'link set %s master br0\n' in out | ips "$1"
	[ "$wiring" != vlans ] || join_vlans "$1"
}

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

# broadcasts NS COUNT [DEV [ADDRESS]]: so many frames to everybody.
broadcasts() {
	in_ns "$1" ping -q -b -c "$2" -i 0.05 -W 1 -I "${3:-eth0}" "${4:-$everybody}" || :
}

# client_heard_once [DEV ADDRESS]: each of its broadcasts, by the server, and not
# by itself.
client_heard_once() {
	forget_heard
	broadcasts "$client" 5 "$@"
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

# A unit that boots beside an active one: bridged twice in no moment. The daemon
# runs before there is a network, as its service does; then come the ports, and
# the link comes last, so that the unit has to ask on the bridge.
back() {
	talk
	wiring=late
	fw_up "$fw1"
	unit_up "$fw1" primary
	wait_for 20 gated "$fw1"
	wiring=plain
	devices "$fw1"
	join "$fw1"
	wait_for 20 state_is "$fw1" "Cold Standby"
	link_up
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
# no end, so the switch lets but so many of them through, and nothing else.
control_loop() {
	fresh_firewalls
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
	printf 'link set %s nomaster\n' in out | ips "$fw2"
	in_ns "$sw" nft delete table bridge brake
	echo "one broadcast: the server heard $(heard_by server), the client $(heard_by client)"
	is "heard by the server" "$(heard_by server)" -ge 10
	is "came back" "$(heard_by client)" -ge 10
}

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

### VLANs ######################################################################

# Three VLANs, of which the client's is the untagged one on its side and on the
# port "in" of the firewalls, and tagged everywhere else:
#
#   VLAN  client   in        firewall            out     server
#   10    eth0     untagged  br0, itself br0.10  tagged  eth0.10
#   20    eth0.20  in.20     br20                out.20  eth0.20
#   30    eth0.30  tagged    br0                 tagged  eth0.30
#
# "in" is a bond of two cables. The switches tell the VLANs apart, and what is
# untagged is their VLAN 1.

vlan_devices() {
	local i
	for i in a b; do
		wait_for 20 no_link "$sw" "${1%%-*}-in-$i"
		ip link add "in-$i" netns "$1" type veth peer name "${1%%-*}-in-$i" netns "$sw"
		ip -n "$sw" link set "${1%%-*}-in-$i" master br-in up
	done
	ips "$1" <<-END
		link add in type bond mode active-backup miimon 20
		link set in-a master in
		link set in-b master in
		link set in up
	END
	plug "$1" out br-out
	ips "$1" <<-END
		link set br0 type bridge vlan_filtering 1 vlan_default_pvid 0
		link add link br0 name br0.10 up type vlan id 10
		link add link in name in.20 up type vlan id 20
		link add link out name out.20 up type vlan id 20
		link add br20 type bridge forward_delay 0 mcast_snooping 0
		link set br20 up
	END
	vlans "$1" "dev br0 vid 10 self"
}

# vlans NS "PORT vid VLAN ..."...
vlans() {
	local ns=$1
	shift
	printf 'vlan add %s\n' "$@" | bridge -n "$ns" -batch -
}

join_vlans() {
	local h=${1%%-*} p
	vlans "$1" "dev in vid 10 pvid untagged" "dev in vid 30" \
		"dev out vid 10" "dev out vid 30"
	printf 'link set %s master br20\n' in.20 out.20 | ips "$1"
	for p in in-a in-b; do
		vlans "$sw" "dev $h-$p vid 20" "dev $h-$p vid 30"
	done
	for p in 10 20 30; do vlans "$sw" "dev $h-out vid $p"; done
}

# vlan_host NS VLAN NUMBER OTHER-MAC OTHER-NUMBER
vlan_host() {
	ips "$1" <<-END
		link add link eth0 name eth0.$2 up type vlan id $2
		addr add 10.$2.0.$3/24 dev eth0.$2
		neigh replace 10.$2.0.$5 dev eth0.$2 lladdr $4 nud permanent
	END
}

vlan_hosts() {
	local v
	ip -n "$server" addr del 10.10.0.20/24 dev eth0
	for v in 10 20 30; do
		[ "$v" = 10 ] || vlan_host "$client" "$v" 10 "$server_mac" 20
		vlan_host "$server" "$v" 20 "$client_mac" 10
	done
	ip -n "$sw" link set br-in type bridge vlan_filtering 1
	ip -n "$sw" link set br-out type bridge vlan_filtering 1
	vlans "$sw" "dev client-eth0 vid 20" "dev client-eth0 vid 30" \
		"dev server-eth0 vid 10" "dev server-eth0 vid 20" "dev server-eth0 vid 30"
}

vlan_pair() {
	modprobe -q bonding || :
	wiring=vlans management=br0.10
	fresh_firewalls
	vlan_hosts
	pair
	vlans_heard_once
	vlan_management "$fw1"
	for v in 10 20 30; do
		play "udp$v" "$client" udp "10.$v.0.20" 5000 5
		opened "udp$v" 5
	done
	in_step "$fw1" "$fw2"
}

vlans_heard_once() {
	client_heard_once eth0 10.10.0.255
	client_heard_once eth0.20 10.20.0.255
	client_heard_once eth0.30 10.30.0.255
}

# vlan_management ACTIVE: both have their address in VLAN 10 of the bridge. The
# hosts may know older ones, until they have heard the announcements.
vlan_management() {
	wait_for 20 answers "$client" 10.10.0.254
	wait_for 20 answers "$client" 10.10.0.253
	wait_for 20 answers "$server" 10.10.0.253
	wait_for 20 answers "$1" 10.10.0.253
}
answers() { in_ns "$1" ping -q -c 1 -W 1 "$2"; }

vlan_port() { # MAC VLAN BRIDGE
	bridge -n "$sw" fdb show br "$3" vlan "$2" |
		sed -n "s/^$1 dev \([^ ]*\) .*master.*/\1/p" | sed 's/-[ab]$//'
}
vlan_port_is() { is "port of $1 in VLAN $2" "$(vlan_port "$1" "$2" "$3")" "$4"; }

vlans_learned() { # NS
	local h=${1%%-*} v
	for v in 1 20 30; do vlan_port_is "$server_mac" "$v" br-in "$h-in"; done
	for v in 10 20 30; do vlan_port_is "$client_mac" "$v" br-out "$h-out"; done
}

vlans_go_on() { all_go_on udp10=5 udp20=5 udp30=5; }

vlan_swaps() {
	talk
	vlans_swapped "$fw1" "$fw2"
	vlans_swapped "$fw2" "$fw1"
	talked
	vlans_heard_once
}

vlans_swapped() { # FROM TO
	vlans_go_on
	vlans_learned "$1"
	in_ns "$1" failover no active
	wait_for 20 state_is "$2" Active
	wait_for 10 vlans_learned "$2"
	vlans_go_on
	wait_for 20 state_is "$1" "Standby Ready"
	vlan_management "$2"
}

# A frame in a VLAN that is not one of the port does not reach the unit.
vlan_stranger() {
	local before
	ips "$fw2" <<-END
		link add link br0 name br0.40 up type vlan id 40
		addr add 10.40.0.253/24 dev br0.40
	END
	ips "$client" <<-END
		link add link eth0 name eth0.40 up type vlan id 40
		addr add 10.40.0.10/24 dev eth0.40
		neigh replace 10.40.0.253 dev eth0.40 lladdr $(mac "$fw2" br0) nud permanent
	END
	vlans "$sw" "dev client-eth0 vid 40" "dev fw2-in-a vid 40"
	vlans "$fw2" "dev br0 vid 40 self"
	before=$(counter "$fw2" bridge-drops)
	in_ns "$client" ping -q -c 3 -i 0.1 -W 1 10.40.0.253 || :
	is "frames that reached the unit" "$(received "$fw2" br0.40)" -eq 0
	is "bridge drops" "$(counter "$fw2" bridge-drops)" -ge $((before + 3))
	stop udp10 udp20 udp30
}
received() { ip -n "$1" -s -j link show dev "$2" | jq '.[0].stats64.rx.packets'; }

### before the first configuration #############################################

# With shut= the ports bridge nothing from the moment the module is loaded.
# The first namespace has such ports for this; without it they do.
guarded() {
	local ns
	for ns in "$fw1" "$fw2"; do
		daemon_down "$ns"
		ip netns del "$ns"
	done
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
	!up                  a pair: fw1 bridges, fw2 does not; a broadcast is heard once
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
	control_switches     control: not told of stations, a switch sends to the old unit
	control_loop         control: without the gate one broadcast floods the segments
	!vlan_pair           VLANs, a bond: bridged once, both units answer in theirs
	vlan_swaps           hand over, and back: the switches know in each VLAN
	vlan_stranger        a unit hears no VLAN that its port is not in
	guarded              shut=: nothing is bridged before there is a configuration
	kernel_is_clean      the kernel log is clean
END

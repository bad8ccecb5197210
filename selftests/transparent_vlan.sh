#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Transparent mode with VLANs, of which the client's is the untagged one on its
# side and on the port "in" of the firewalls, and tagged everywhere else:
#
#   VLAN  client   in        firewall            out     server
#   10    eth0     untagged  br0, itself br0.10  tagged  eth0.10
#   20    eth0.20  in.20     br20                out.20  eth0.20
#   30    eth0.30  tagged    br0                 tagged  eth0.30
#
# "in" is a bond of two cables. The switches tell the VLANs apart, and what is
# untagged is their VLAN 1.
#
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"
. "$(dirname "$0")/transparent.bash"

### the network, in the place of that of transparent.bash ######################

devices() {
	bond "$1"
	plug "$1" out br-out
	bridge_up "$1" br0
	bridge_up "$1" br20
	ips "$1" <<-END
		link set br0 type bridge vlan_filtering 1 vlan_default_pvid 0
		link add link br0 name br0.10 up type vlan id 10
		link add link in name in.20 up type vlan id 20
		link add link out name out.20 up type vlan id 20
	END
	vlans "$1" "dev br0 vid 10 self"
}

bond() {
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
}

# vlans NS "PORT vid VLAN ..."...
vlans() {
	local ns=$1
	shift
	printf 'vlan add %s\n' "$@" | bridge -n "$ns" -batch -
}

join() {
	local h=${1%%-*} p
	printf 'link set %s master br0\n' in out | ips "$1"
	printf 'link set %s master br20\n' in.20 out.20 | ips "$1"
	vlans "$1" "dev in vid 10 pvid untagged" "dev in vid 30" \
		"dev out vid 10" "dev out vid 30"
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

interfaces() {
	cat <<-CONF
	interface in nameif inside
	interface out nameif outside
	interface in.20 nameif inside20
	interface out.20 nameif outside20
	interface br0.10 nameif management
	 ip address 10.10.0.254/24 standby 10.10.0.253
	CONF
}

vlan_network() {
	modprobe -q bonding || :
	network
	vlan_hosts
}

### stages #####################################################################

up() {
	pair
	heard_once
	management "$fw1"
}

open_all() {
	local v
	for v in 10 20 30; do
		play "udp$v" "$client" udp "10.$v.0.20" 5000 5
		opened "udp$v" 5
	done
	in_step "$fw1" "$fw2"
}

# A broadcast of the client, in each VLAN.
heard_once() {
	client_heard_once eth0 10.10.0.255
	client_heard_once eth0.20 10.20.0.255
	client_heard_once eth0.30 10.30.0.255
}

# management ACTIVE: both units answer, in VLAN 10 of the bridge.
management() {
	wait_for 20 answers "$client" 10.10.0.254
	wait_for 20 answers "$client" 10.10.0.253
	wait_for 20 answers "$server" 10.10.0.253
	wait_for 20 answers "$1" 10.10.0.253
}
answers() { in_ns "$1" ping -q -c 1 -W 1 "$2"; }

learned() { # NS
	behind br-in "$server_mac" "${1%%-*}-in" 1 20 30
	behind br-out "$client_mac" "${1%%-*}-out" 10 20 30
}

go_on() { all_go_on udp10=5 udp20=5 udp30=5; }

hand_over() {
	talk
	swapped "$fw1" "$fw2"
	swapped "$fw2" "$fw1"
	talked
	heard_once
}

swapped() { # FROM TO
	go_on
	learned "$1"
	give_role "$1" "$2"
	wait_for 10 learned "$2"
	go_on
	wait_for 20 state_is "$1" "Standby Ready"
	management "$2"
}

# A frame in a VLAN that is not one of the port does not reach the unit.
stranger() {
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
}
received() { ip -n "$1" -s -j link show dev "$2" | jq '.[0].stats64.rx.packets'; }

stages <<-END
	!vlan_network        client, server, two firewalls with a bond and two bridges, switches
	!up                  a pair: a broadcast is heard once in each VLAN, both units answer
	!open_all            sessions in each VLAN
	hand_over            failover no active, and back: the switches know in each VLAN
	stranger             a unit hears no VLAN that its port is not in
	kernel_is_clean      the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VLANs of one trunk and bonds do as well as plain devices, as interfaces and as
# the link: MACs of the pair move with the role, and the switch knows at once.
#
# Topology: lib.sh, but in and out of a firewall are VLANs of a trunk, or in
# and the link are bonds of two cables.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"

### other devices ############################################################

cabling=plain
eval "plain_$(declare -f plug)"
eval "plain_$(declare -f link_up)"

# As lib.sh does it, but of a firewall: in and out on a trunk, or in as a bond.
plug() {
	case $cabling:$1 in
	vlans:fw*) plug_trunk "$1" ;;
	bonds:fw*) plug_bond "$1" && plain_plug "$1" out br-out ;;
	*) plain_plug "$@" ;;
	esac
}

link_up() {
	case $cabling in
	bonds) link_bonds ;;
	*) plain_link_up ;;
	esac
}

plug_trunk() {
	local host=${1%%-*}
	free_name "$sw" "$host-trunk"
	free_name "$sw" "$host-in"
	free_name "$sw" "$host-out"
	ip link add trunk netns "$1" type veth peer name "$host-trunk" netns "$sw"
	ips "$sw" <<-END
		link set $host-trunk up
		link add link $host-trunk name $host-in type vlan id 10
		link add link $host-trunk name $host-out type vlan id 20
		link set $host-in master br-in up
		link set $host-out master br-out up
	END
	ips "$1" <<-END
		link set trunk up
		link add link trunk name in type vlan id 10
		link add link trunk name out type vlan id 20
		link set in up
		link set out up
	END
}

# bond NS NAME: of the cables NAME-a and NAME-b.
bond() {
	ips "$1" <<-END
		link add $2 type bond mode active-backup miimon 20 $3
		link set $2-a master $2
		link set $2-b master $2
		link set $2 up
	END
}

plug_bond() {
	local host=${1%%-*} i
	for i in a b; do
		free_name "$sw" "$host-in-$i"
		ip link add "in-$i" netns "$1" type veth peer name "$host-in-$i" netns "$sw"
		ip -n "$sw" link set "$host-in-$i" master br-in up
	done
	bond "$1" in "${fail_over_mac-}"
}

link_bonds() {
	local i
	for i in a b; do
		free_name "$fw1" "fail-$i"
		free_name "$fw2" "fail-$i"
		ip link add "fail-$i" netns "$fw1" type veth peer name "fail-$i" netns "$fw2"
	done
	bond "$fw1" fail ''
	bond "$fw2" fail ''
}

# Two cables of each bond: what becomes of one is nobody's business.
cut_cables() {
	local epoch
	epoch=$(show "$fw1" .this.epoch)
	ip -n "$sw" link set fw1-in-a down
	ip -n "$fw1" link set fail-a down
	all_go_on tcp=20 udp=10
	nap 2
	state_is "$fw1" Active
	is "epoch" "$(show "$fw1" .this.epoch)" "$epoch"
	port_is "${in_mac[0]}" br-in fw1-in
}

on_vlans() {
	stop_flows
	cabling=vlans
	macs
	mac_moves
	mac_taken
	unit_back "$fw1" primary "${mac_lines[@]}"
	wait_for 20 state_is "$fw1" "Standby Ready"
}

on_bonds() {
	stop_flows
	modprobe -q bonding || :
	cabling=bonds
	macs
	cut_cables
	mac_moves
	mac_taken
}

# The bond has the MAC of its cable and says yes to each other one: the unit
# says so, its addresses move, and the hosts learn the MAC that it has.
stubborn() {
	local old
	stop_flows
	cabling=bonds fail_over_mac='fail_over_mac active'
	fresh_firewalls
	pair_up "${mac_lines[@]}"
	flows "$fw1" "$fw2"
	is "refusals" "$(grep -c 'in: cannot have the MAC .* only addresses move' "$tmp/$fw1.log")" -le 2
	grep -q 'in: cannot have the MAC .* only addresses move' "$tmp/$fw1.log"
	old=$(mac "$fw1" in)
	neighbour_is "$client" 10.10.0.254 "$old"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	wait_for 10 neighbour_is "$client" 10.10.0.254 "$(mac "$fw2" in)"
	is "another MAC" "$(mac "$fw2" in)" != "$old"
	all_go_on tcp=20 udp=10
}

stages <<-END
	!network           client, server, two firewalls, a switch
	on_vlans           with VLANs of one trunk: MACs move, sessions go on
	on_bonds           with bonds, of which each loses a cable
	stubborn           a bond that keeps its MAC: only addresses move
	kernel_is_clean    the kernel log is clean
END

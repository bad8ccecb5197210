# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the kselftests of MACs and announcements share. Sourced, after lib.sh.

# shellcheck disable=SC2154,SC2034 # names of lib.sh, and for the scripts

in_mac=(02:00:00:00:0a:01 02:00:00:00:0a:02)

network() {
	network_up
	play echo "$server" server 5000
}

mac() { ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }
mac_is() { is "MAC of $2 of $1" "$(mac "$1" "$2")" "$3"; }
neighbour() { ip -n "$1" neigh show to "$2" dev eth0 | sed 's/.*lladdr \([0-9a-f:]*\).*/\1/'; }
neighbour_is() { is "$1's neighbour $2" "$(neighbour "$1" "$2")" "$3"; }

# known NS MAC ADDRESS...: the host has these in its table.
known() {
	local a ns=$1 mac=$2
	shift 2
	for a; do echo "neigh replace $a dev eth0 lladdr $mac nud stale"; done | ips "$ns"
}

# The port on which the switch has learned an address.
port() { bridge -n "$sw" fdb show br "$2" | sed -n "s/^$1 dev \([^ ]*\) master.*/\1/p"; }
# port_is MAC BRIDGE PORT: with a bond it is one of its cables.
port_is() { is "port of $1" "$(port "$1" "$2" | sed 's/-[ab]$//')" "$3"; }

stop_flows() {
	local who
	for who in tcp udp; do
		[ -z "${player[$who]-}" ] || stop "$who"
	done
}

flows() {
	play tcp "$client" tcp "$out4" 5000 20
	opened tcp 20
	play udp "$client" udp "$out6" 5000 10
	opened udp 10
	in_step "$1" "$2"
}

### MACs of the pair ##########################################################

mac_lines=("failover mac address inside ${in_mac[*]}" 'failover mac address auto 7')

# roles_are ACTIVE STANDBY: each has the MACs of its role, also the derived.
roles_are() {
	local out standby
	mac_is "$1" in "${in_mac[0]}" || return
	mac_is "$2" in "${in_mac[1]}" || return
	out=$(mac "$1" out)
	is "derived" "${out%:*:*:*}" a2:00:07 || return
	out=${out##*:} standby=$(mac "$2" out)
	is "active and standby" $((16#$out + 1)) -eq $((16#${standby##*:}))
}

# seen ACTIVE: the hosts have the MACs in their tables, the switch on the port.
seen() {
	neighbour_is "$client" 10.10.0.254 "${in_mac[0]}"
	port_is "${in_mac[0]}" br-in "${1%%-*}-in"
	port_is "$(mac "$1" out)" br-out "${1%%-*}-out"
}

declare -A own

macs() {
	fresh_firewalls
	own[$fw1]=$(mac "$fw1" in) own[$fw2]=$(mac "$fw2" in)
	pair_up "${mac_lines[@]}"
	wait_for 10 roles_are "$fw1" "$fw2"
	flows "$fw1" "$fw2"
	seen "$fw1"
}

# The hosts hear nothing new, and the switch is right before anything is sent
# through the pair.
mac_moves() {
	ip -n "$client" neigh flush all
	all_go_on tcp=20 udp=10
	give_role "$fw1" "$fw2"
	seen "$fw2"
	wait_for 10 roles_are "$fw2" "$fw1"
	all_go_on tcp=20 udp=10
	give_role "$fw2" "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
	seen "$fw1"
	all_go_on tcp=20 udp=10
}

mac_taken() {
	known "$client" "${in_mac[0]}" 10.10.0.254 fd00:10::254
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	seen "$fw2"
	mac_is "$fw2" in "${in_mac[0]}"
	all_go_on tcp=20 udp=10
}

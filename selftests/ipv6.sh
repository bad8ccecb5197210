#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A pair whose data networks know IPv6 alone: hellos, the tests by neighbour
# discovery and by a ping of all nodes, takeovers, and sessions. The controls are
# the same failure at the other unit, and in the network in which nobody is.
#
# Topology: lib.sh, and a network more: interfaces.bash; without dmz.
# shellcheck disable=SC2317,SC2119,SC2034 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interfaces.bash"

all_normal=NNN

# inside: a client that answers a ping of all; outside: a server that answers
# neighbour discovery alone; far: nobody.
interfaces() {
	cat <<-CONF
	interface in nameif inside
	 ipv6 address fd00:10::254/64 standby fd00:10::253
	interface out nameif outside
	 ipv6 address 2001:db8:203::2/64 standby 2001:db8:203::3
	interface far nameif far
	 ipv6 address fd00:77::1/64 standby fd00:77::2
	CONF
}

# What the switch gets from the units: of IPv4 nothing at all, questions, and
# hellos, which are for the mate alone.
networks() {
	four_networks
	ip -n "$client" -4 addr flush dev eth0
	ip -n "$server" -4 addr flush dev eth0
	sysctls "$client" net.ipv6.icmp.echo_ignore_all=0
	in_ns "$sw" nft -f - <<-NFT
	table bridge asked {
		counter four { }
		counter solicits { }
		counter pings { }
		counter floating { }
		counter hellos { }
		counter loud { }
		chain rx {
			type filter hook prerouting priority -400;
			iifname "fw*" jump unit
		}
		chain unit {
			ether type { arp, ip } counter name four
			ether type $ethertype counter name hellos
			ether type $ethertype ether daddr & 01:00:00:00:00:00 != 0:0:0:0:0:0 \
				counter name loud
			icmpv6 type nd-neighbor-solicit counter name solicits
			icmpv6 type echo-request ip6 daddr ff02::1 counter name pings
			iifname "fw2-far" icmpv6 type { nd-neighbor-solicit, echo-request } \
				ip6 saddr fd00:77::1 counter name floating
		}
	}
	NFT
}

pair() {
	pair_up "${tested[@]}" "failover interface-policy 1" "no failover hold-down"
	wait_for 60 states_are "$all_normal" "$all_normal"
	play echo "$server" server 5000
	play many "$client" tcp "$out6" 5000 20
	opened many 20
}

# asked COUNTER [OP] WANT
asked() {
	local text
	text=$(in_ns "$sw" nft list counter bridge asked "$1")
	[[ $text =~ packets\ ([0-9]+) ]]
	is "frames: $1" "${BASH_REMATCH[1]}" "${@:2}"
}

# no_ipv4 NS: it has none on its data interfaces.
no_ipv4() {
	local dev
	for dev in in out far; do
		is "IPv4 on $dev" "$(ip -n "$1" -4 -o addr show dev "$dev")" ""
	done
}

hellos() {
	no_ipv4 "$fw1"
	no_ipv4 "$fw2"
	ip -n "$fw1" -6 addr show dev far | grep -F fd00:77::1/64
	ip -n "$fw2" -6 addr show dev far | grep -F fd00:77::2/64
	wait_for 20 cause_is "$fw1" far "Hello heard from mate"
	wait_for 20 says "$fw1" "Interface far (fd00:77::1): Normal (Monitored)"
	wait_for 20 says "$fw1" "Interface far (fd00:77::2): Normal (Monitored)"
	asked hellos -gt 0
	asked loud -eq 0
}

# Nobody is there but the units, whose questions come to the switch.
idle_network() {
	local silent="Nothing received, nor is it known to work on mate"
	whole
	in_ns "$sw" nft reset counters table bridge asked >/dev/null
	fails_as NNU NNU stays block_port fw1-far
	cause_is "$fw1" far "$silent"
	asked solicits -gt 0
	asked pings -gt 0
	asked floating -eq 0
}
idle_cable() { fails_as NNL NNU moves cable fw1-far down; }

# A client answers a ping of all nodes.
port_of_active() {
	fails_as FNN WNN moves block_port fw1-in
	wait_for 20 says "$fw1" "Nothing received, mate's interface passes; mate is "
}
port_of_standby() {
	fails_as WNN FNN stays block_port fw2-in
	state_is "$fw2" Failed
	all_go_on many=20
}

# A server answers a solicitation, and no ping.
port_with_neighbours() {
	whole
	wait_for 20 knows_server "$fw2"
	fails_as NFN NWN moves block_port fw1-out
}
knows_server() { ip -n "$1" neigh show "$out6" dev out | grep lladdr; }

cable_of_active() { fails_as LNN WNN moves cable fw1-in down; }

other_address() {
	local text="standby address is fd00:77:"
	healed
	in_ns "$fw2" failover interface far ipv6 address fd00:77::1/64 standby fd00:77::7
	wait_for 60 states_are NNW NNW
	wait_for 20 says "$fw1" "Mate's $text:7, here fd00:77::2, since "
	state_is "$fw1" Active
	in_ns "$fw2" failover interface far ipv6 address fd00:77::1/64 standby fd00:77::2
	wait_for 60 states_are "$all_normal" "$all_normal"
}

# In all that was done.
nothing_of_ipv4() {
	asked four -eq 0
	asked loud -eq 0
}

stages <<-END
	!networks          three data networks of IPv6 alone
	!pair              a pair that tests its interfaces, and sessions
	hellos             hellos go to the mate alone, and both are Normal
	idle_network       nobody else there, silence: asked by ND and ping, Unknown
	idle_cable         control: without a link there
	port_of_active     a port that is blocked, where a host answers a ping of all
	port_of_standby    control: one of the standby
	port_with_neighbours  the same where a host answers ND alone
	cable_of_active    a cable of the active unit: it hands over
	other_address      another address at the mate: Waiting, and why
	nothing_of_ipv4    no frame of the units was one of IPv4
	kernel_is_clean    the kernel log is clean
END

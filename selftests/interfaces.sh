#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An interface fails, in each way that there is, with interfaces tested: which
# state both units show, whether the active role moves, and that sessions go on.
# The tests alone can see it where the carrier stays. The control of each row is
# the row with the same failure at the other unit, or at both.
#
# Topology: lib.sh, and two more networks: interfaces.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interfaces.bash"

pair() { tested_pair "failover interface-policy 1" "no failover hold-down"; }

cable_of_active() {
	fails_as LNNN WNNN moves cable fw1-in down
	cause_is "$fw1" inside "No carrier"
	wait_for 20 says "$fw1" "No carrier, since "
	in_ns "$fw1" failover show history | grep -F "Interface inside failed: No carrier"
	in_ns "$fw1" failover show history | grep -F "Interface check, failed: inside; of mate: 0"
	wait_for 10 mates_history "Interface inside failed: No carrier"
	healed
	in_ns "$fw1" failover show history | grep -F "Interface inside works: "
}
mates_history() {
	in_ns "$fw2" failover show history details | sed '1,/^PEER/d' | grep -F "$1"
}

cable_of_standby() {
	fails_as WNNN LNNN stays cable fw2-in down
	state_is "$fw2" Failed
	all_go_on many=20
	wait_for 20 says "$fw1" "Traffic received, but no hello; mate is "
}

port_of_active() {
	fails_as FNNN WNNN moves block_port fw1-in
	wait_for 20 says "$fw1" "Nothing received, mate's interface passes; mate is "
}

# What the standby was told of its neighbours lets it ask them.
port_with_neighbours() {
	wait_for 20 knows_server "$fw2"
	fails_as NFNN NWNN moves block_port fw1-out
}
knows_server() { ip -n "$1" neigh show 203.0.113.10 dev out | grep lladdr; }

port_of_standby() {
	fails_as WNNN FNNN stays block_port fw2-in
	state_is "$fw2" Failed
	all_go_on many=20
}

# Nothing reaches it, and what it sends arrives.
deaf_active() {
	fails_as FNNN NNNN moves block tx fw1-in
	wait_for 20 cause_is "$fw2" inside "Hello heard from mate, but mate does not hear this unit"
}

# The other way round it hears the mate, which is no worse than it.
mute_active() {
	fails_as NNNN WNNN stays block rx fw1-in
	wait_for 20 cause_is "$fw1" inside "Hello heard from mate, but mate does not hear this unit"
}

# A switch in the middle dies: both lose the same interface.
dead_switch() {
	fails_as UNNN UNNN stays dead_ports
	cause_is "$fw1" inside "Nothing received, nor is it known to work on mate"
	state_is "$fw2" "Standby Ready"
}
dead_ports() {
	block_port fw1-in fw2-in "${client%%-*}-eth0"
}

# The standby's first: a machine that is slow would have the active unit be the
# worse one for longer than is waited for such a moment.
dark_switch() {
	fails_as LNNN LNNN stays dark_ports
}
dark_ports() {
	printf 'link set %s down\n' fw2-in fw1-in | ips "$sw"
}

# Nobody else is there, and so it is not known whose fault the silence is.
idle_network() {
	fails_as NNNU NNNU stays block_port fw1-far
}
idle_cable() {
	fails_as NNNL NNNU moves cable fw1-far down
}

# A daemon that starts anew does not take a dead interface for one that works.
restarted_standby() {
	fails_as WNNN FNNN stays block_port fw2-in
	daemon_down "$fw2"
	daemon_up "$fw2"
	wait_for 30 field_is "$fw2" .this.daemon true
	wait_for 30 states_are WNNN FNNN
	fails grep -q "Interface inside works" <<<"$(in_ns "$fw2" failover show history | tail -n 4)"
}
field_is() { is "$2 of $1" "$(show "$1" "$2")" "$3"; }

### devices that come and go #################################################

# A fifth interface, x, whose device there is not yet. Its cable is there. The
# active unit has it first, and a mate that does not is not the better one.
no_device() {
	local fw
	whole
	for fw in "$fw1" "$fw2"; do plug "$fw" more br-dmz; done
	on_both interface x nameif extra
	on_both interface x ip address 192.168.60.1/24 standby 192.168.60.2
	wait_for 20 extra_is "$fw1" L
	wait_for 20 extra_is "$fw2" L
	state_is "$fw1" Active
}

# extra_is NS LETTER: of its own, and what the other one shows of it.
extra_is() {
	local own theirs
	read -r own _ <<<"$(states "$1")"
	read -r _ theirs <<<"$(states "${peer[$1]}")"
	is "extra of $1" "${own:4}" "$2" || return
	is "extra of $1 elsewhere" "${theirs:4}" "$2"
}

declare -A kind=(
	[vlan]="link add x link more type vlan id 20"
	[macvlan]="link add x link more type macvlan mode private"
	[bond]="link add x type bond mode active-backup
		link set more down
		link set more master x"
	[bridge]="link add x type bridge forward_delay 0
		link set more master x"
)

# device NS KIND
device() { printf '%s\n' "${kind[$2]}" "link set more up" "link set x up" | ips "$1"; }

# appears KIND: on fw1 first, and on fw2 when both know that fw1 has a link: the
# unit without one would be the worse, and give its role away.
appears() {
	device "$fw1" "$1"
	wait_for 20 extra_has_link "$fw1"
	device "$fw2" "$1"
}
extra_has_link() {
	local own seen
	read -r own _ <<<"$(states "$1")"
	read -r _ seen <<<"$(states "${peer[$1]}")"
	echo "extra of $1: ${own:4}, elsewhere: ${seen:4}"
	[[ ${own:4}${seen:4} == [NUW][NUW] ]]
}
has_address() { ip -n "$1" -4 addr show x | grep -F "$2/24"; }

both_work() {
	wait_for 30 extra_is "$fw1" N
	wait_for 30 extra_is "$fw2" N
	wait_for 20 has_address "$fw1" 192.168.60.1
	wait_for 20 has_address "$fw2" 192.168.60.2
	wait_for 20 state_is "$fw2" "Standby Ready"
	state_is "$fw1" Active
}

# The standby's goes first and comes last: it is the worse one.
kinds() {
	local it
	for it in vlan macvlan bond bridge; do
		echo "a $it"
		appears "$it"
		both_work
		ip -n "$fw2" link del x
		wait_for 20 extra_is "$fw2" L
		wait_for 20 state_is "$fw2" Failed
		ip -n "$fw1" link del x
		wait_for 20 extra_is "$fw1" L
	done
}

# It has another name for a while, or is in another namespace.
moved_device() {
	appears vlan
	both_work
	printf 'link set x %s\n' down "name y" | ips "$fw2"
	wait_for 20 extra_is "$fw2" L
	printf 'link set %s\n' "y name x" "x up" | ips "$fw2"
	both_work
	ip -n "$fw2" link set x netns "$sw"
	wait_for 20 extra_is "$fw2" L
	ip -n "$sw" link set x netns "$fw2"
	ip -n "$fw2" link set x up
	both_work
}

stages <<-END
	!four_networks     four data networks
	!pair              a pair that tests its interfaces, and sessions
	cable_of_active    a cable of the active unit: it hands over
	cable_of_standby   control: one of the standby, which is Failed
	port_of_active     a port that is blocked, with a carrier: found by tests
	port_with_neighbours  the same where nobody answers a ping of all
	port_of_standby    control: one of the standby
	deaf_active        the active unit receives nothing: it hands over
	mute_active        it is not heard, and hears: stays, and says so
	dead_switch        a silent switch: Unknown on both units, no takeover
	dark_switch        a switch without power: no link on both, no takeover
	idle_network       IPv6, nobody else there, silence: Unknown, no takeover
	idle_cable         control: without a link there
	restarted_standby  a new daemon knows what has failed
	no_device          an interface without a device has no link
	kinds              VLAN, macvlan, bond, bridge: they come and go
	moved_device       a device is renamed, or in another namespace for a while
	kernel_is_clean    the kernel log is clean
END

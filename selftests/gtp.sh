#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# PDP contexts of GTP that are made on the active unit alone are in the gtp device of
# the standby, and what subscribers have open goes on after a takeover: GTPv1 and v0,
# and IPv6 where the kernel has it. What cannot be installed is told, and kept. Without
# the setting the sessions break.
#
# Topology: lib.sh; the client is the other node (SGSN) and the subscribers behind it,
# both firewalls are the gateway (GGSN) at their inside address.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

line="failover replication gtp"
pool=10.9.0 pool6=fd00:9:0

# Of each context, as lines of gtp.py: what the gateway has, and what the other node.
gateway=("gtp0 v1 17 33 10.10.0.10 $pool.1" "gtp0 v0 72623859790382856 43981 10.10.0.10 $pool.2")
node=("gtp0 v1 33 17 10.10.0.254 $pool.1" "gtp0 v0 72623859790382856 43981 10.10.0.254 $pool.2")
six="gtp0 v1 17 34 10.10.0.10 $pool6:3::"
flows=(one two)

contexts() { in_ns "$1" "$here/gtp.py" list; }
contexts_are() { is "contexts of $1" "$(contexts "$1")" "$2"; }
add() { printf '%s\n' "${@:2}" | in_ns "$1" "$here/gtp.py" add; }
del() { printf '%s\n' "${@:2}" | in_ns "$1" "$here/gtp.py" del; }
alike() { contexts_are "$fw2" "$(contexts "$fw1")"; }
has() { contexts "$1" | grep -xF "$2"; }
has_not() { fails has "$@"; }
objects() { in_ns "$1" failover -j object list gtp | jq '[.[] | select(.key != "all")] | length'; }
objects_are() { is "objects of $1" "$(objects "$1")" "$2"; }
row() { show "$1" ".classes[] | select(.name == \"GTP PDP\") | .$2"; }
shows() { in_ns "$1" failover show | grep -E "$2"; }

# gateway_up NS: its gtp device, and rules for it.
gateway_up() {
	ips "$1" <<-END
		link add gtp0 type gtp role ggsn
		link set gtp0 up
		route add $pool.0/24 dev gtp0
		route add $pool6::/48 dev gtp0
	END
	in_ns "$1" nft add rule inet fw forward iifname gtp0 accept
}

# Each flow has its own way, which its subscriber's address and context belong to.
network() {
	modprobe -q gtp || :
	network_up
	ips "$client" <<-END
		link add gtp0 type gtp role sgsn
		addr add $pool.1/32 dev lo
		addr add $pool.2/32 dev lo
		addr add $pool6:3::1/128 dev lo nodad
		link set gtp0 up
		route add $out4/32 dev gtp0 src $pool.1
		route add 203.0.113.11/32 dev gtp0 src $pool.2
		route add $out6/128 dev gtp0 src $pool6:3::1
	END
	ip -n "$server" route add "$pool.0/24" via 203.0.113.2
	play echo "$server" server 5000
	add "$client" "${node[@]}"
	if add "$client" "gtp0 v1 34 17 10.10.0.254 $pool6:3::"; then
		gateway+=("$six")
		flows+=(three)
	fi
	gateway_up "$fw1"
	gateway_up "$fw2"
}

six() {
	[ "${#flows[@]}" = 3 ] || {
		echo "the kernel's GTP has no IPv6"
		return "$skipped"
	}
}

### told ######################################################################

told() {
	pair_up "$line"
	add "$fw1" "${gateway[@]}"
	wait_for 20 contexts_are "$fw2" "$(contexts "$fw1")"
	is "contexts" "$(contexts "$fw2" | wc -l)" "${#gateway[@]}"
	shows "$fw1" "^$line: ${#gateway[@]} contexts\$"
	shows "$fw2" "^$line: ${#gateway[@]} contexts\$"
	is "JSON" "$(show "$fw2" '.config | "\(.replication_gtp) \(.gtp_contexts) \(.replication_gtp_problem)"')" \
		"true ${#gateway[@]} null"
	# each context, and that these are all
	is "xmit" "$(row "$fw1" xmit)" -gt "${#gateway[@]}"
	is "rcv" "$(row "$fw2" rcv)" -eq "$(row "$fw1" xmit)"
	is "xerr" "$(row "$fw1" xerr)" -eq 0
	is "rerr" "$(row "$fw2" rerr)" -eq 0
}

# Another peer; another tunnel of the same subscriber; none any more.
changed() {
	local ms=10.10.0.11
	add "$fw1" "gtp0 v1 100 1 $ms $pool.100" "gtp0 v1 101 1 $ms $pool.101"
	wait_for 20 alike
	del "$fw1" "gtp0 v1 100 1 - -"
	add "$fw1" "gtp0 v1 100 2 10.10.0.12 $pool.100"
	wait_for 20 has "$fw2" "gtp0 v1 100 2 10.10.0.12 $pool.100"
	del "$fw1" "gtp0 v1 100 1 - -" "gtp0 v1 101 1 - -"
	# both have the other one's address now
	add "$fw1" "gtp0 v1 100 1 $ms $pool.101" "gtp0 v1 101 1 $ms $pool.100"
	wait_for 20 alike
	del "$fw1" "gtp0 v1 101 1 - -"
	add "$fw1" "gtp0 v0 102 1 $ms $pool.100"
	wait_for 20 alike
	has "$fw2" "gtp0 v0 102 1 $ms $pool.100"
	del "$fw1" "gtp0 v1 100 1 - -" "gtp0 v0 102 1 - -"
	wait_for 20 alike
	objects_are "$fw2" "${#gateway[@]}"
}

# More than one answer of the kernel's has.
many() {
	local i some=()
	for ((i = 0; i < 500; i++)); do
		some+=("gtp0 v1 $((1000 + i)) $i 10.10.0.11 10.8.$((i / 250)).$((i % 250 + 1))")
	done
	add "$fw1" "${some[@]}"
	wait_for 60 alike
	is "contexts" "$(contexts "$fw2" | wc -l)" -eq $((500 + ${#gateway[@]}))
	del "$fw1" "${some[@]/% 10.8.*/ -}"
	wait_for 60 alike
	is "contexts" "$(contexts "$fw2" | wc -l)" -eq "${#gateway[@]}"
}

# A device that the other unit has not, until it has.
no_device() {
	# the ports of the first one
	ip -n "$fw1" link del gtp0
	wait_for 20 objects_are "$fw2" 0
	wait_for 20 contexts_are "$fw2" ""
	ip -n "$fw1" link add gtp1 type gtp role ggsn
	add "$fw1" "gtp1 v1 5 6 10.10.0.11 $pool.5"
	wait_for 20 shows "$fw2" "^$line: 0 contexts; 1 of 1 not installed: no device gtp1\$"
	in_ns "$fw2" failover check | grep -F "GTP: 1 of 1 not installed: no device gtp1"
	is "JSON" "$(show "$fw2" .config.replication_gtp_problem)" "1 of 1 not installed: no device gtp1"
	shows "$fw1" "^$line: 1 contexts\$"
	wait_for 20 grep -F '1 GTP contexts of the other unit cannot be installed' "$tmp/$fw2.log"
}

# An active unit without the device has ended nothing.
kept() {
	local before
	give_role "$fw1" "$fw2"
	wait_for 20 shows "$fw2" "^$line: 0 contexts; 1 of 1 not installed: no device gtp1\$"
	wait_for 30 state_is "$fw1" "Standby Ready"
	add "$fw2" "gtp0 v1 7 8 10.10.0.11 $pool.7"
	wait_for 20 shows "$fw1" 'no device gtp0'
	has "$fw1" "gtp1 v1 5 6 10.10.0.11 $pool.5"
	objects_are "$fw1" 2
	# a daemon that is started anew knows no more of it
	before=$(warnings)
	daemon_down "$fw2"
	daemon_up "$fw2"
	wait_for 30 state_is "$fw2" Active
	wait_for 30 mate_is "$fw2" "Standby Ready"
	# both are so without it: when it warns it has looked
	wait_for 30 warned_since "$before"
	shows "$fw2" "^$line: 1 contexts; 1 of 2 not installed: no device gtp1\$"
	objects_are "$fw1" 2
	ip -n "$fw2" link del gtp0
	wait_for 20 objects_are "$fw1" 1
	ip -n "$fw2" link add gtp1 type gtp role ggsn
	wait_for 20 has "$fw2" "gtp1 v1 5 6 10.10.0.11 $pool.5"
	wait_for 20 shows "$fw2" "^$line: 1 contexts\$"
	wait_for 20 grep -F 'all GTP contexts of the other unit are installed' "$tmp/$fw2.log"
	give_role "$fw2" "$fw1"
	wait_for 30 state_is "$fw2" "Standby Ready"
	# what has gone before its daemon knew of it would be kept, again
	add "$fw1" "gtp1 v1 9 9 10.10.0.11 $pool.9"
	wait_for 20 has "$fw2" "gtp1 v1 9 9 10.10.0.11 $pool.9"
	ip -n "$fw1" link del gtp1
	wait_for 20 contexts_are "$fw2" ""
	ip -n "$fw2" link del gtp1
	gateway_up "$fw1"
	gateway_up "$fw2"
	add "$fw1" "${gateway[@]}"
	wait_for 20 alike
}
warnings() { grep -cF '1 GTP contexts of the other unit cannot be installed' "$tmp/$fw2.log" || :; }
warned_since() { is "warnings" "$(warnings)" -gt "$1"; }

# What happens while a daemon is not there is seen when it is started again, and what
# only the standby has goes.
restarted() {
	daemon_down "$fw2"
	add "$fw2" "gtp0 v1 201 1 10.10.0.11 $pool.201"
	add "$fw1" "gtp0 v1 202 1 10.10.0.11 $pool.202"
	daemon_up "$fw2"
	wait_for 30 has "$fw2" "gtp0 v1 202 1 10.10.0.11 $pool.202"
	wait_for 30 has_not "$fw2" "gtp0 v1 201 1 10.10.0.11 $pool.201"
	wait_for 30 state_is "$fw2" "Standby Ready"
	daemon_down "$fw1"
	del "$fw1" "gtp0 v1 202 1 - -"
	daemon_up "$fw1"
	wait_for 30 has_not "$fw2" "gtp0 v1 202 1 10.10.0.11 $pool.202"
	wait_for 20 state_is "$fw1" Active
	wait_for 30 state_is "$fw2" "Standby Ready"
	alike
}

### taken over ################################################################

flows_on() {
	play one "$client" tcp "$out4" 5000 5
	play two "$client" tcp 203.0.113.11 5000 5
	play ping "$client" icmp "$out4" 0 5
	[ "${#flows[@]}" = 2 ] || play three "$client" tcp "$out6" 5000 5
	for who in "${flows[@]}" ping; do opened "$who" 5; done
	in_step "$1" "${peer[$1]}"
}
go_on() { all_go_on "${flows[@]/%/=5}" ping=5; }
# through_tunnel NS: packets that its device has taken.
through_tunnel() { ip -n "$1" -s -j link show gtp0 | jq '.[0].stats64.rx.packets'; }

taken_over() {
	flows_on "$fw1"
	is "packets by the tunnel" "$(through_tunnel "$fw1")" -ge 10
	is "and by the standby's" "$(through_tunnel "$fw2")" -eq 0
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	go_on
	is "packets by the tunnel" "$(through_tunnel "$fw2")" -ge 10
	shows "$fw2" "^$line: ${#gateway[@]} contexts\$"
}

# The unit that comes back has no device until its daemon runs, and then the contexts.
back() {
	unit_back "$fw1" primary "$line"
	wait_for 30 state_is "$fw1" "Standby Ready"
	gateway_up "$fw1"
	wait_for 20 alike
	is "contexts" "$(contexts "$fw1" | wc -l)" "${#gateway[@]}"
	give_role "$fw2" "$fw1"
	go_on
	wait_for 30 state_is "$fw2" "Standby Ready"
	# one that ends on the new active unit ends on both
	del "$fw1" "gtp0 v1 17 33 - -"
	wait_for 20 alike
	stop "${flows[@]}" ping
}

# On the active unit: the standby has what is replicated, which is nothing.
switched_off() {
	in_ns "$fw1" failover no replication gtp
	wait_for 20 objects_are "$fw2" 0
	wait_for 20 contexts_are "$fw2" ""
	is "contexts of the active unit" "$(contexts "$fw1" | wc -l)" $((${#gateway[@]} - 1))
	is "with that these are all" "$(in_ns "$fw2" failover -j object list gtp | jq length)" -eq 0
	wait_for 20 eval "show $fw1 '.differences[].setting' | grep -x 'failover replication gtp'"
}

control() {
	fresh_firewalls
	gateway_up "$fw1"
	gateway_up "$fw2"
	pair_up
	add "$fw1" "${gateway[@]}"
	flows_on "$fw1"
	objects_are "$fw2" 0
	contexts_are "$fw2" ""
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on "${flows[@]}" ping
}

stages <<-END
	!network        subscribers behind the other node, two gateways, a server
	six             subscribers of IPv6 among them
	!told           contexts of the active unit are in the standby's device
	changed         also when they change, and no longer when they end
	many            hundreds at once
	no_device       for a device that the standby has not they are told
	kept            a unit without the device keeps them when it takes over
	restarted       nor are changes lost while a daemon is not there
	!taken_over     unit lost: what subscribers have open goes on, GTPv1, v0, IPv6
	back            a unit that comes back has them; and back again
	switched_off    switched off, nothing stays on the standby
	control         control: with it off from the start the sessions break
	kernel_is_clean the kernel log is clean
END

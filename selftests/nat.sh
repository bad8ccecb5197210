#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every kind of translation outlives the active unit: masquerade in IPv4 and
# IPv6, and port forwarding to a server behind; TCP on its socket, UDP and ICMP
# with the source port or id that the server saw before. With replication off
# the same flows end, or come from another port.
#
# Topology: lib.sh. Port 8080 of the outside address leads to the client.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

masqueraded=(tcp4=100 tcp6=200 udp4=100 udp6=100 icmp4=50 icmp6=50)
forwarded=(fwd-tcp4=100 fwd-tcp6=100)
forwarded_udp=(fwd-udp4=50 fwd-udp6=50)
all=("${masqueraded[@]}" "${forwarded[@]}" "${forwarded_udp[@]}")

network() {
	network_up
	play outside "$server" server 5000
	play behind "$client" server 5000
}

players() {
	play tcp4 "$client" tcp "$out4" 5000 100
	play tcp6 "$client" tcp "$out6" 5000 200
	play udp4 "$client" udp "$out4" 5000 100
	play udp6 "$client" udp "$out6" 5000 100
	play icmp4 "$client" icmp "$out4" 0 50
	play icmp6 "$client" icmp "$out6" 0 50
	play fwd-tcp4 "$server" tcp 203.0.113.2 8080 100
	play fwd-tcp6 "$server" tcp 2001:db8:203::2 8080 100
	play fwd-udp4 "$server" udp 203.0.113.2 8080 50
	play fwd-udp6 "$server" udp 2001:db8:203::2 8080 50
}

# The server sees the floating address, not the unit's own.
seen_as() {
	local who addr
	for who in udp4:203.0.113.2 icmp4:203.0.113.2 udp6:2001:db8:203::2 \
		icmp6:2001:db8:203::2 fwd-udp4:203.0.113.10; do
		addr=${who#*:}
		tell "${who%%:*}" where
		heard_is addr "$addr"
	done
}

standby_has_all() {
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}

loss() {
	unit_lost "$fw1"
	all_go_on "${all[@]}"
}

new_ones() {
	play new "$client" udp "$out4" 5000 20
	opened new 20
	tell new where
	heard_is addr 203.0.113.2
	stop new
	play new "$client" udp "$out6" 5000 20
	opened new 20
	tell new where
	heard_is addr 2001:db8:203::2
	stop new
}

# none_keeps_it NAME...: masquerading takes one of 64,512 ports at random, so of
# all these flows one may have its old one again by luck; two do not.
none_keeps_it() {
	local who kept=0
	rounds 3000 "$@"
	for who; do kept=$((kept + $(value ok "$(<"$tmp/$who.round")"))); done
	is "flows with their old port" "$kept" -le 1
}

# Forwarded UDP has no state that a new unit would not make again.
control() {
	local it
	for it in "${all[@]}"; do stop "${it%=*}"; done
	fresh_firewalls
	pair_up "no failover replication connections"
	open_all
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on tcp4 tcp6 "${forwarded[@]%=*}"
	none_keeps_it udp4 udp6 icmp4 icmp6
	all_go_on "${forwarded_udp[@]}"
}

stages <<-END
	!network          servers outside and behind, two firewalls, a switch
	!pair_up          fw1 becomes active, fw2 becomes standby ready
	!open_all         TCP, UDP, ICMP through masquerade and port forwarding
	seen_as           the server sees the floating addresses
	standby_has_all   the standby's table equals the active's
	loss              fw1 is lost: all go on, from the ports and ids they had
	seen_as           the server still sees the floating addresses
	new_ones          and new flows too come from the floating addresses
	control           control: without replication none keeps its mapping
	kernel_is_clean   the kernel log is clean
END

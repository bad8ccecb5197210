#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels that a key daemon makes, strongSwan's charon on the active unit: they go
# on after a takeover in both directions though the charon of the new active unit
# knows nothing of them, no number is used twice and nothing is negotiated. New
# keys are followed. So are tunnels in UDP, for a gateway behind NAT, if a key
# daemon runs there, which has the socket for them. When the other gateway gets no
# answer from a charon that does not know it, it makes a new tunnel, and no session
# notices. Without the SAs there is no tunnel.
#
# Topology: lib.sh and charon.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$here/ipsec.bash"
. "$here/charon.bash"

line="failover replication ipsec keys"
all='esp or udp port 500 or udp port 4500'
esp=aes128gcm16-esn

network() {
	network_up
	site_up
	ways "$fw1"
	ways "$fw2"
	play echo "$host" server 5000
	play echo2 "$client" server 5000
	charon_up "$far"
}

flows_on() {
	play there "$client" tcp 192.0.2.1 5000 10
	play back "$host" tcp 10.10.0.10 5000 10
	opened there 10
	opened back 10
}
flows_off() { stop there back; }
busy() {
	local i
	for ((i = 0; i < 10; i++)); do all_go_on there=10 back=10; done
}

# tunnel_by NS: its key daemon makes one, which the standby has.
tunnel_by() {
	ike "$1" --initiate --child net
	wait_for 20 alike
	is "SAs" "$(spis "$fw2" | wc -l)" -eq 2
	is "policies" "$(ip -n "$fw2" xfrm policy list | grep -c tmpl)" -eq 3
}

told() {
	pair_up "$line"
	charon_up "$fw1"
	charon_up "$fw2"
	tunnel_by "$fw1"
	fails grep espinudp <<<"$(ip -n "$fw2" xfrm state list)"
	flows_on
	busy
	is "IKE SAs of the active unit" "$(ike_sas "$fw1")" -eq 1
	is "IKE SAs of the standby" "$(ike_sas "$fw2")" -eq 0
}

# Neither at its end nor at its start it does something to what is not its own.
standby_again() {
	charon_ends "$fw2" TERM
	is "SAs" "$(spis "$fw2")" "$(spis "$fw1")"
	charon_up "$fw2"
	is "SAs" "$(spis "$fw2")" "$(spis "$fw1")"
	alike
}

rekeyed() {
	local old new
	old=$(spis "$fw1")
	ike "$fw1" --rekey --child net
	# the old one is kept for what is on its way
	wait_for 20 has_new_pair "$old"
	wait_for 20 alike
	new=$(spis "$fw2")
	is "of the old ones" "$(comm -12 <(echo "$old") <(echo "$new"))" ""
	busy
}
has_new_pair() {
	is "SAs" "$(spis "$fw1" | wc -l)" -eq 2 || return
	is "of the old ones" "$(comm -12 <(echo "$1") <(spis "$fw1"))" ""
}

# lost ACTIVE STANDBY: the active unit, with its key daemon.
lost() {
	listen "$all"
	busy
	before=$(spis "$far")
	charon_ends "$1"
	unit_lost "$1"
	wait_for 20 state_is "$2" Active
	busy
	listen_off
	none_twice
	is "SAs of the far gateway" "$(spis "$far")" "$before"
	is "SAs" "$(spis "$2")" "$before"
	fails grep 'isakmp: ' "$tmp/esp.heard"
	is "IKE SAs" "$(ike_sas "$2")" -eq 0
}

takeover() { lost "$fw1" "$fw2"; }

# Also not on the active unit.
active_again() {
	charon_ends "$fw2" TERM
	charon_up "$fw2"
	is "SAs" "$(spis "$fw2")" "$before"
	busy
}

# The far gateway wants new keys, and is not answered by one who does not know it:
# it makes all anew. What is on its way by the old SA, which it deletes first, is lost.
anew() {
	local it
	listen "$all"
	(ike "$far" --rekey --child net || :) >"$tmp/rekey" 2>&1 &
	pids+=($!)
	wait_for 30 made_anew
	for it in $(spis "$far"); do has_spi "$fw2" "${it#0x}"; done
	busy
	dropped=$(errors)
	busy
	is "dropped by the other end" "$(errors)" -eq "$dropped"
	listen_off
	grep -q 'isakmp: ' "$tmp/esp.heard"
}
made_anew() {
	all_go_on there=10 back=10 || return
	is "IKE SAs" "$(ike_sas "$fw2")" -eq 1 || return
	is "of the old ones" "$(comm -12 <(echo "$before") <(spis "$far"))" ""
}

# A unit that gives the role away has a charon that knows of tunnels. It is ended as
# a hook would do it.
back() {
	fw_up "$fw1"
	link_up
	ways "$fw1"
	unit_up "$fw1" primary "$line"
	wait_for 20 state_is "$fw1" "Standby Ready"
	charon_up "$fw1"
	wait_for 30 alike
	listen "$all"
	busy
	before=$(spis "$far")
	take_role "$fw1"
	charon_ends "$fw2"
	charon_up "$fw2"
	busy
	listen_off
	none_twice
	is "SAs of the far gateway" "$(spis "$far")" "$before"
	wait_for 20 alike
}

# Nor has it to wait for the other end.
knows_net() { ike "$1" --list-sas --child net | grep INSTALLED; }
initiated() {
	local it
	fails knows_net "$fw1"
	ike "$fw1" --initiate --child net
	knows_net "$fw1"
	busy
	is "IKE SAs" "$(ike_sas "$fw1")" -eq 1
	is "of the old ones" "$(comm -12 <(echo "$before") <(spis "$far"))" ""
	for it in $(spis "$far"); do has_spi "$fw1" "${it#0x}"; done
	wait_for 20 alike
	dropped=$(errors)
	flows_off
}

### in UDP ####################################################################

# afresh: all but the site's traffic.
afresh() {
	local ns
	for ns in "$far" "$fw1" "$fw2"; do
		[ -z "${charon[$ns]-}" ] || charon_ends "$ns"
	done
	fresh_firewalls
	ways "$fw1"
	ways "$fw2"
	printf 'xfrm %s flush\n' state policy | ips "$far"
	charon_up "$far"
}

encapsulated() {
	seen=$out4
	esp=aes128-sha256
	in_ns "$server" nft -f - <<-NFT
		table ip nat {
			chain post {
				type nat hook postrouting priority srcnat;
				ip saddr $far4 masquerade fully-random
			}
		}
	NFT
	afresh
	pair_up "$line"
	charon_up "$fw1"
	charon_up "$fw2"
	tunnel_by "$far"
	is "in UDP" "$(ip -n "$fw2" xfrm state list | grep -c "espinudp.*port 4500")" -eq 2
	grep -E "espinudp sport 4500 dport [0-9]+ " <<<"$(ip -n "$fw2" xfrm state list)"
	flows_on
	busy
	lost "$fw1" "$fw2"
}

# The kernel takes what comes in UDP on a socket of a key daemon.
socket_needed() {
	charon_ends "$fw2"
	none_goes_on there back
	charon_up "$fw2"
	busy
	flows_off
}

### control ###################################################################

control() {
	in_ns "$server" nft flush ruleset
	seen=$far4
	afresh
	pair_up
	charon_up "$fw1"
	charon_up "$fw2"
	ike "$fw1" --initiate --child net
	flows_on
	busy
	in_step "$fw1" "$fw2"
	is "SAs" "$(spis "$fw2")" ""
	charon_ends "$fw1"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on there back
	flows_off
}

stages <<-END
	!network          client, server, two firewalls, a site with a gateway
	!told             a tunnel that charon makes on the active unit is on the standby
	standby_again     charon on the standby leaves it alone
	rekeyed           new keys are followed
	takeover          the tunnel goes on, no number is used twice, nothing is negotiated
	active_again      charon that starts on the new active unit leaves it alone
	anew              the far gateway makes a new tunnel when it needs one
	back              a unit that comes back has it, and takes the role without loss
	initiated         and makes a new tunnel when it is told to
	encapsulated      the same in UDP, with a gateway behind NAT
	socket_needed     which needs a key daemon on the new active unit
	control           control: with the numbers alone there is no tunnel
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ESP tunnels of the pair go on after a takeover: the numbers of the new active
# unit begin ahead of those of the old one, none is used twice, and the other
# end drops nothing as a replay. The SAs are there on both units, by hand. With
# the replication of IPsec off the other end drops what comes.
#
# Topology: lib.sh, and three tunnels between the outside address of the pair
# and the server, one for each of 192.0.2.1 (numbers of 32 bits), .2 (ESN) and .3
# (ESN, in IPv6).
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$here/ipsec.bash"

network() {
	network_up
	play echo "$server" server 5000
	ends_at_server | ips "$server"
}

# ends_at NS: a firewall.
ends_at() {
	ends_at_pair | ips "$1"
	routes "$1"
}

exists() { ip -n "$1" xfrm state list proto esp | grep -q "spi 0x0*$2 "; }

row() { show "$1" ".classes[] | select(.name == \"VPN IPSEC upd\") | .$2"; }
row_is() { is "row of $1: $2" "$(row "$1" "$2")" "${@:3}"; }

### told ######################################################################

told() {
	ends_at "$fw1"
	ends_at "$fw2"
	pair_up
	flows_on
	busy
	wait_for 20 in_step_with "$fw1" "$fw2"
	is "sent" "${sent[$fw1 0x00001001]}" -gt 64
	is "received" "${received[$fw1 0x00002002]}" -gt 64
	row_is "$fw1" xmit -ge 6
	row_is "$fw2" rcv -ge 6
	row_is "$fw2" rerr -eq 0
	in_ns "$fw2" failover show | grep -qE '^\sVPN IPSEC upd +[0-9]+ +0 +[1-9][0-9]* +0$'
}

missing() {
	sa 192.0.2.77 192.0.2.78 7777 1 reqid 77 | ips "$fw1"
	wait_for 20 missing_is 1
	ip -n "$fw1" xfrm state delete src 192.0.2.77 dst 192.0.2.78 proto esp spi 0x7777
}
missing_is() { is "without SA" "$(counter "$fw2" ipsec-no-sa)" -ge "$1"; }

# Its time runs on the active unit: 3009 does not end there. 3010 is not known
# there.
ages() {
	for spi in 3009 3010; do
		sa "$gate4" "$server4" "$spi" 1 reqid 9 limit time-hard 5
	done | ips "$fw2"
	sa "$gate4" "$server4" 3009 1 reqid 9 | ips "$fw1"
	wait_for 20 fails exists "$fw2" 3010
	exists "$fw2" 3009
	exists "$fw1" 3009
}

### takeover ##################################################################

takeover() {
	listen
	busy
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	busy
	listen_off
	none_twice
}

# As old as the one of the unit that is gone: four seconds have passed.
goes_on() {
	wait_for 20 fails exists "$fw2" 3009
}

# The unit that comes back has new SAs, and what is told by the bulk sync.
back() {
	fw_up "$fw1"
	link_up
	ends_at "$fw1"
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 20 in_step_with "$fw2" "$fw1"
	listen
	busy
	take_role "$fw1"
	busy
	listen_off
	none_twice
	wait_for 20 in_step_with "$fw1" "$fw2"
}

# The new active unit is gone before it has told much.
soon() {
	listen
	take_role "$fw2"
	all_go_on flow1=10 flow2=10 flow3=10
	unit_lost "$fw2"
	wait_for 20 state_is "$fw1" Active
	busy
	listen_off
	none_twice
	flows_off
}

control() {
	fresh_firewalls
	fresh_server
	ends_at "$fw1"
	ends_at "$fw2"
	pair_up "no failover replication ipsec"
	in_ns "$fw1" failover show | grep -qxF "no failover replication ipsec"
	is "JSON" "$(show "$fw1" .config.replication_ipsec)" false
	flows_on
	busy
	in_step "$fw1" "$fw2"
	row_is "$fw1" xmit -eq 0
	listen
	busy
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	tell flow1 round 3000
	wait_for 20 errors_are 1
	listen_off
}
errors_are() { is "dropped by the server" "$(errors)" -ge "$1"; }

stages <<-END
	!network          client, server, two firewalls, three tunnels
	!told             the standby's numbers are ahead, its windows where the active's are
	missing           an SA that the standby does not have is counted
	ages              what the active unit has does not expire on the standby
	own_traffic       no ESP packet leaves the standby
	takeover          tunnels go on, no number is used twice, nothing is a replay
	goes_on           and the time of an SA goes on
	back              a unit that comes back is told, and takes the role without loss
	soon              also when the new active unit is gone at once
	control           control: without the replication the server drops what comes
	kernel_is_clean   the kernel log is clean
END

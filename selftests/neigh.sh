#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A unit that becomes active knows the MACs of the hosts around it: nobody is
# asked for one before a session goes on, also when the kernel has forgotten
# meanwhile what it was told, or an interface was without a link. With the
# replication of neighbours off the hosts are asked.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

client6=fd00:10::10
server4=203.0.113.10
server6=2001:db8:203::10

network() {
	network_up
	play echo "$server" server 5000
}

mac() { ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }

# lladdr NS DEV ADDRESS: what the unit has for it, if anything.
lladdr() { ip -n "$1" neigh show "$3" dev "$2" | sed -n 's/.*lladdr \([0-9a-f:]*\).*/\1/p'; }
lladdr_is() { is "$3 in $1" "$(lladdr "$@")" "$4"; }

# has_hosts NS: all four addresses, with the MACs that they have.
has_hosts() {
	lladdr_is "$1" in 10.10.0.10 "$(mac "$client" eth0)" || return
	lladdr_is "$1" in "$client6" "$(mac "$client" eth0)" || return
	lladdr_is "$1" out "$server4" "$(mac "$server" eth0)" || return
	lladdr_is "$1" out "$server6" "$(mac "$server" eth0)"
}

row() { show "$1" ".classes[] | select(.name == \"$2\") | .$3"; }
row_is() { is "$2 of $1: $3" "$(row "$1" "$2" "$3")" "${@:4}"; }

flows_on() {
	play four "$client" tcp "$out4" 5000 10
	play six "$client" tcp "$out6" 5000 10
	opened four 10
	opened six 10
}

flows_off() { stop four six; }

### told ######################################################################

told() {
	pair_up
	flows_on
	wait_for 20 has_hosts "$fw1"
	wait_for 20 has_hosts "$fw2"
	row_is "$fw1" "ARP tbl" xmit -ge 2
	row_is "$fw1" "IPv6 ND tbl" xmit -ge 2
	row_is "$fw2" "ARP tbl" rcv -ge 2
	row_is "$fw2" "IPv6 ND tbl" rcv -ge 2
	row_is "$fw2" "ARP tbl" rerr -eq 0
	is "state" "$(ip -n "$fw2" neigh show 10.10.0.10 dev in nud stale | wc -l)" -eq 1
	in_ns "$fw2" failover show | grep -qE '^\sARP tbl +[0-9]+ +0 +[1-9][0-9]* +0$'
}

# new_mac MAC: the client has another one. It is not asked: it asks.
new_mac() {
	ips "$client" <<-END
		link set eth0 address $1
		neigh flush all
		route replace default via 10.10.0.254
		route replace default via fd00:10::254
	END
	ip -n "$client" addr replace "$client6/64" dev eth0 nodad
}

moves() {
	new_mac 02:00:00:00:00:99
	all_go_on four=10
	wait_for 20 lladdr_is "$fw1" in 10.10.0.10 02:00:00:00:00:99
	wait_for 20 lladdr_is "$fw2" in 10.10.0.10 02:00:00:00:00:99
	all_go_on six=10
	wait_for 20 has_hosts "$fw2"
}

# The standby had found it itself, as one that was active a moment ago has.
moves_known() {
	ip -n "$fw2" neigh replace "$client6" dev in lladdr 02:00:00:00:00:99 nud reachable
	new_mac 02:00:00:00:00:98
	all_go_on six=10
	wait_for 20 lladdr_is "$fw1" in "$client6" 02:00:00:00:00:98
	wait_for 5 lladdr_is "$fw2" in "$client6" 02:00:00:00:00:98
	all_go_on four=10
	wait_for 20 has_hosts "$fw2"
}

# The standby's own address is on the active one's segment, too.
not_own() {
	in_ns "$fw1" ping -q -c 1 -W 5 10.10.0.253
	wait_for 10 own_is 1
	[ -z "$(lladdr "$fw2" in 10.10.0.253)" ]
}
own_is() { is "of its own" "$(counter "$fw2" neighbours-own)" -ge "$1"; }

# The kernel forgets all neighbours of an interface that loses its link.
link_returns() {
	wait_for 20 has_hosts "$fw2"
	bounce
	wait_for 20 has_hosts "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}
bounce() {
	ip -n "$sw" link set fw2-in down
	wait_for 20 has_none
	ip -n "$sw" link set fw2-in up
}
has_none() {
	lladdr_is "$fw2" in 10.10.0.10 "" || return
	lladdr_is "$fw2" in "$client6" ""
}

### takeover ##################################################################

# listen NS ADDRESS4 ADDRESS6: who asks everybody for these, in hexadecimal.
listen() {
	sniff_text "$1" "$1" \
		"(arp and ether broadcast and arp[6:2] == 1 and arp[24:4] == 0x$2) or
		(icmp6 and ether multicast and ip6[40] == 135 and ip6[60:4] == 0x$3)"
}

listen_on() {
	listen "$client" 0a0a000a 00000010
	listen "$server" cb00710a 00000010
}

listen_off() { sniff_off "$client" "$server"; }

# tcpdump ends with an empty line
asked_is() { is "questions to $1" "$(grep -c . "$tmp/$1.heard" || :)" "${@:2}"; }

forget() { ip -n "$1" neigh flush all; }

# It has forgotten all, as the kernel does after a while with what is not used.
not_asked() {
	in_step "$fw1" "$fw2"
	forget "$fw2"
	[ -z "$(lladdr "$fw2" in 10.10.0.10)" ]
	listen_on
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	all_go_on four=10 six=10
	listen_off
	cat "$tmp/$client.heard" "$tmp/$server.heard"
	asked_is "$client" -eq 0
	asked_is "$server" -eq 0
	has_hosts "$fw2"
}

# What the new active unit knew before comes to the other one by a bulk sync.
bulk() {
	unit_back "$fw1" primary
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 20 has_hosts "$fw1"
	flows_off
}

control() {
	fresh_firewalls
	pair_up "no failover replication neighbours"
	in_ns "$fw1" failover show | grep -qxF "no failover replication neighbours"
	is "JSON" "$(show "$fw1" .config.replication_neighbours)" false
	flows_on
	wait_for 20 has_hosts "$fw1"
	in_step "$fw1" "$fw2"
	row_is "$fw1" "ARP tbl" xmit -eq 0
	# nor are they there when a link is back
	in_ns "$fw2" ping -q -c 1 -W 1 10.10.0.10 || :
	lladdr_is "$fw2" in 10.10.0.10 "$(mac "$client" eth0)"
	bounce
	wait_for 30 state_is "$fw2" "Standby Ready"
	nap "$slow"
	has_none
	forget "$fw2"
	listen_on
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	all_go_on four=10 six=10
	listen_off
	asked_is "$client" -ge 1
	asked_is "$server" -ge 1
	flows_off
}

stages <<-END
	!network          client, server, two firewalls, a switch
	!told             the standby has the MACs of the hosts that the active learned
	moves             and the new one of a host that changes it
	moves_known      also when the standby knew the old one by itself
	link_returns      what it forgot with a link is there again with the link
	not_own           but not its own
	not_asked         after a takeover nobody is asked, though the kernel had forgotten
	bulk              a unit that comes back has them by its bulk sync
	control           control: without their replication the hosts are asked
	kernel_is_clean   the kernel log is clean
END

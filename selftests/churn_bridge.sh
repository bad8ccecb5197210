#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stations of a transparent pair speak and move from one side to the other, while the
# link loses, doubles, reorders and damages frames. What the active unit has in its
# forwarding database (bridge fdb) is what the other unit has of it: that announces,
# when it gets the role, each of the stations on the other side, and no other. So
# with the role there and back. With the replication off nothing is announced.
#
# Topology: transparent.bash, with more stations behind the client and the server.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$here/transparent.bash"
. "$here/netem.bash"

RANDOM=${SEED:-1}
hold_ms=5000
count=20
declare -A side=()

station_mac() { printf 02:00:00:00:5a:%02x "$1"; }

# move N NS: the station is in that host now, and speaks.
move() {
	local dev=st$1
	[ -z "${side[$1]-}" ] || ip -n "${side[$1]}" link del "$dev"
	side[$1]=$2
	ips "$2" <<-END
		link add $dev link eth0 address $(station_mac "$1") type macvlan mode bridge
		link set $dev up
		addr add 10.10.0.$((100 + $1))/24 dev $dev
	END
	speak "$1"
}
speak() { broadcasts "${side[$1]}" 1 "st$1"; }

some_move() { # COUNT
	local i ns
	for ((i = 0; i < $1; i++)); do
		ns=$client
		[ $((RANDOM % 2)) = 0 ] || ns=$server
		move $((RANDOM % count)) "$ns"
	done
}

all_speak() {
	local i
	for ((i = 0; i < count; i++)); do speak "$i"; done
}

### comparison ################################################################

# fdb NS: stations and ports, as the bridge has learned them.
fdb() {
	in_ns "$1" bridge fdb show br br0 |
		sed -nE 's/^(02:00:00:00:5a:[0-9a-f]*) dev (in|out) master br0.*/\1 \2/p' | sort -u
}

# What is heard on one side is behind the port of the other one.
listen() {
	local ns
	for ns in "$client" "$server"; do
		sniff_text "$ns" "$ns" 'ether proto 0x8035'
	done
}
listen_off() { sniff_off "$client" "$server"; }
heard_on() { sed -nE "s/.* (02:00:00:00:5a:[0-9a-f]{2}) > .*/\1 $2/p" "$tmp/$1.heard"; }
announced() { { heard_on "$client" out; heard_on "$server" in; } | sort -u; }

same_stations() { is "announced" "$(announced)" "$(<"$tmp/fdb")"; }

# swap FROM TO: with what FROM has in its database in "$tmp/fdb".
swap() {
	all_speak
	in_step "$1" "$2"
	fdb "$1" >"$tmp/fdb"
	is "stations of $1" "$(wc -l <"$tmp/fdb")" -eq "$count"
	listen
	give_role "$1" "$2"
}

### stages ####################################################################

control() {
	local i
	pair "no failover replication connections"
	for ((i = 0; i < count; i++)); do move "$i" "$client"; done
	some_move 10
	swap "$fw1" "$fw2"
	nap 3
	listen_off
	is "announced" "$(announced)" ""
	replicate
}

churned() {
	netem loss 30% && some_move 30
	netem duplicate 30% && some_move 10
	netem delay 3ms 1ms reorder 25% 50% && some_move 10
	netem corrupt 5% && some_move 10
	sound
	wait_for 20 state_is "$2" "Standby Ready"
	swap "$1" "$2"
	wait_for 10 same_stations
	listen_off
	wait_for 20 state_is "$1" "Standby Ready"
}
there() { churned "$fw1" "$fw2"; }
and_back() {
	churned "$fw2" "$fw1"
	is "frames sent again" "$(counter "$fw1" tx-retransmits)$(counter "$fw2" tx-retransmits)" -ge 1
}

stages <<-END
	!network          client, server, two bridges with a firewall each, switches
	!control          control: without their replication no station is announced
	there             what the active unit's bridge has learned the other unit has
	and_back          and so with the role the other way round
	kernel_is_clean   the kernel log is clean
END

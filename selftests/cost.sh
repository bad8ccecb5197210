#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Figures: bytes on the wire per connection, by the unit's own counters, for
# creating, updating and deleting one, with and without NAT, in IPv4 and IPv6
# (at most 64, 24 and 10 for IPv4); and new connections per second through the
# active, with replication and without, in turns.
#
# Topology: lib.sh. The server's address .11 is reached without NAT.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

count=${COUNT:-$(some 300)}
rate_count=${RATE_COUNT:-$(some 1000)}

# note TEXT: a figure, which is printed whatever the test says.
note() { echo "# $*" >&3; }
exec 3>&1

network() {
	network_up
	play echo "$server" server 5000
}

count_of() { counter "$fw1" "tx-$1"; }

# spent ACTION: since the last call, bytes per record in $per and records in $records.
declare -A old_n old_bytes
spent() {
	local bytes
	records=$(($(count_of "$1s") - ${old_n[$1]-0}))
	bytes=$(($(count_of "$1-bytes") - ${old_bytes[$1]-0}))
	old_n[$1]=$((records + ${old_n[$1]-0}))
	old_bytes[$1]=$((bytes + ${old_bytes[$1]-0}))
	per=0
	[ "$records" = 0 ] ||
		per=$(awk "BEGIN { printf \"%.1f\", $bytes / $records }")
}

at_most() { awk "BEGIN { exit !($1 > 0 && $1 <= $2) }"; }

# cost WHAT HOST LIMITS...: a life of TCP connections: opened, used, closed.
cost() {
	local what=$1 host=$2 action text=""
	shift 2
	for action in create update delete; do spent "$action"; done
	play many "$client" tcp "$host" 5000 "$count"
	opened many "$count"
	all_go_on "many=$count"
	tell many close
	stop many
	wait_for 30 gone
	in_step "$fw1" "$fw2"
	for action in create update delete; do
		spent "$action"
		text+=" $action $per ($records)"
		[ $# -eq 0 ] || at_most "$per" "$1"
		[ $# -eq 0 ] || shift
	done
	note "bytes per record, $what:$text"
}
gone() { is "connections" "$(alive "$fw1")" -eq 0; }

# TIME_WAIT is short here: a closed connection is to be deleted as well.
pair() {
	sysctls "$fw1" net.netfilter.nf_conntrack_tcp_timeout_time_wait=2
	pair_up
}

plain4() { cost "IPv4 without NAT" 203.0.113.11 64 24 10; }
nat4() { cost "IPv4 with masquerade" "$out4" 64 24 10; }
plain6() { cost "IPv6 without NAT" 2001:db8:203::11; }
nat6() { cost "IPv6 with masquerade" "$out6"; }

# per_second: new connections, one checked exchange each, in $rate.
per_second() {
	play short "$client" churn tcp "$out4" 5000 "$rate_count" 0 32
	hear short 120
	heard_is fail -eq 0
	rate=$(value per_second "$heard")
	stop short
	is "connections per second" "$rate" -ge 1
}

speed() {
	local with=() without=()
	per_second
	for _ in 1 2 3; do
		per_second
		with+=("$rate")
		in_ns "$fw1" failover no replication connections ||
			in_ns "$fw1" failover no failover replication connections
		per_second
		without+=("$rate")
		in_ns "$fw1" failover replication connections
	done
	note "new connections per second: with replication ${with[*]}," \
		"without ${without[*]}"
}

stages <<-END
	!network          client, server, two firewalls
	!pair             fw1 becomes active, fw2 becomes standby ready
	plain4            IPv4 without NAT: at most 64, 24, 10 bytes
	nat4              IPv4 with masquerade: at most 64, 24, 10 bytes
	plain6            IPv6 without NAT
	nat6              IPv6 with masquerade
	speed             new connections per second with and without replication
	kernel_is_clean   the kernel log is clean
END

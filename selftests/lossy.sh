#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The failover link loses 20 % of its frames, reorders and duplicates them, in
# both directions, while 10,000 connections come and go. Afterwards the two
# tables are equal, and the counters tell that the link did its worst and that
# each record was applied exactly once.
#
# Topology: lib.sh; netem on both ends of the link.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

count=${COUNT:-$(some 10000)}
tcp_count=$((count / 8))
udp_count=$((count - tcp_count))
# Connections a second: no more than such a link carries. A queue that is full means
# a bulk sync, and records of what the standby does not have any more.
rate=2000
hold_ms=5000
open=$(some 200)
held=(tcp="$open" udp="$open")

network() {
	network_up
	play echo "$server" server 5000
	pair_up
}

# Connections are to go as well as to come. What is open already keeps its time.
short_timeouts() {
	local ns
	for ns in "$fw1" "$fw2"; do
		sysctls "$ns" net.netfilter.nf_conntrack_udp_timeout=8 \
			net.netfilter.nf_conntrack_tcp_timeout_time_wait=8
	done
}

bad_link() {
	local ns
	modprobe -q sch_netem || :
	for ns in "$fw1" "$fw2"; do
		tc -n "$ns" qdisc add dev fail root netem delay 3ms 1ms \
			reorder 25% 50% duplicate 10% loss 20%
	done
}

come_and_go() {
	local it
	play tcp "$client" tcp "$out4" 5000 "$open"
	play udp "$client" udp "$out4" 5000 "$open"
	for it in "${held[@]}"; do opened "${it%=*}" "${it#*=}"; done
	short_timeouts
	play short-tcp "$client" churn tcp "$out4" 5000 "$tcp_count" \
		$((rate / 8)) 64 10000
	play short-udp "$client" churn udp "$out6" 5000 "$udp_count" \
		$((rate - rate / 8)) 64 10000
	hear short-tcp 150
	heard_is fail -eq 0
	hear short-udp 150
	heard_is fail -eq 0
	all_go_on "${held[@]}"
}

# The held flows are what is left when all others are gone.
equal() {
	wait_for 90 "$ctdiff" "$fw1" "$fw2"
	wait_for 60 few_left
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}

few_left() {
	is "left on the active" "$(alive "$fw1")" -le $((count / 10)) &&
		is "left on the standby" "$(connections "$fw2")" -le $((count / 10))
}

did_its_worst() {
	is "queue overflows" "$(counter "$fw1" queue-overflow)" -eq 0
	is "duplicates" "$(counter "$fw2" rx-duplicate)" -ge 1
	is "out of order" "$(counter "$fw2" rx-out-of-order)" -ge 1
	is "retransmitted" "$(counter "$fw1" tx-retransmits)" -ge 1
}

# rows NS COLUMN: NAME=COUNT of all classes.
# How long a unit is up is said in hellos, which are not sent again; the row General
# has all of the others, and that one.
rows() {
	show "$1" "[.classes[] | select(.name | IN(\"General\", \"up time\") | not) |
		\"\\(.name)=\\(.$2)\"] | join(\" \")"
}

# What is left goes on to expire, and its end is some time on its way.
all_received() { is "received" "$(rows "$fw2" rcv)" "$(rows "$fw1" xmit)"; }

exactly_once() {
	wait_for 30 all_received
	is "xerr" "$(show "$fw1" '[.classes[].xerr] | add')" -eq 0
	is "rerr" "$(show "$fw2" '[.classes[].rerr] | add')" -eq 0
	is "sent records" "$(show "$fw1" '[.classes[].xmit] | add')" \
		-ge $((2 * count))
}

stayed() {
	is "hold time" "$(counter "$fw1" hold-expired)$(counter "$fw2" hold-expired)" 00
	is "associations" "$(counter "$fw2" associations)" -eq 1
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
}

stages <<-END
	!network          the pair
	!bad_link         the link loses 20 %, reorders and duplicates
	!come_and_go      $count connections come and go, all of them served
	equal             the two tables are equal
	did_its_worst     frames were duplicated, overtaken and sent again
	exactly_once      and every record was applied exactly once
	stayed            the pair stayed a pair
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A switchover with a small table and with a great one: what a 1 kHz flow sees
# of it, and how long the command takes, as figures. They say something of this
# machine, and are no claim; what is, is that every switchover is a handover and
# that the flow goes on. virtual/handover.sh has the claims about time.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

exec 3>&1
load=${LOAD:-$here/out/load}
# There are five bulk syncs of them: less than elsewhere where a kernel is slow.
great=$(some "$(some 100000)")
rounds=4

# Chains as short as on a machine that is made for so many.
network() {
	local buckets
	buckets=$(sysctl -n net.netfilter.nf_conntrack_buckets 2>/dev/null || echo 0)
	[ "$buckets" -ge $((great * 2)) ] ||
		sysctl -qw net.netfilter.nf_conntrack_buckets=$((great * 2))
	network_up
	play echo "$server" server 5000
	pair_up
	play udp "$client" beat udp "$out4" 5000 1000
}

# one ACTIVE STANDBY: "GAP COMMAND GAP", in milliseconds; the second gap is that
# of the bulk sync which follows.
one() {
	local said gap
	wait_for 60 mate_is "$1" "Standby Ready"
	tell udp report >"$tmp/said"
	said=$(in_ns "$1" failover no active)
	wait_for 60 state_is "$2" Active
	tell udp report >"$tmp/said"
	gap=$(value gap_ms "$heard")
	wait_for 120 state_is "$1" "Standby Ready"
	in_step "$2" "$1"
	tell udp report >"$tmp/said"
	said=${said##*took }
	echo "$gap ${said% ms} $(value gap_ms "$heard")"
}

# range COLUMN: least and greatest of it.
range() {
	cut -d' ' -f"$1" "$tmp/rounds" | sort -g | sed -n '1p; $p' | paste -sd' ' |
		sed 's/ / to /'
}

# some_rounds WHAT: there and back again.
some_rounds() {
	local i
	for ((i = 0; i < rounds / 2; i++)); do
		one "$fw1" "$fw2"
		one "$fw2" "$fw1"
	done >"$tmp/rounds"
	echo "# $1: $(range 1) ms without an answer, the command took $(range 2) ms; $(range 3) ms in the bulk sync" >&3
	cat "$tmp/rounds"
	is "switchovers" "$(wc -l <"$tmp/rounds")" -eq "$rounds"
}

small() { some_rounds "$(connections "$fw1") connections"; }

big() {
	in_ns "$fw1" "$load" "$great" 203.0.113.2
	in_ns "$fw1" failover bulk-sync 2>"$tmp/said" || :
	wait_for 300 has_all "$fw2"
	in_step "$fw1" "$fw2"
	some_rounds "$(connections "$fw1") connections"
	has_all "$fw1"
	has_all "$fw2"
}
has_all() { is "connections of $1" "$(connections "$1")" -ge "$great"; }

by_the_kernels() {
	is "given by fw1" "$(counter "$fw1" handovers-given)" -eq $((rounds + 1))
	is "taken by fw2" "$(counter "$fw2" handovers-taken)" -eq $((rounds + 1))
	is "given by fw2" "$(counter "$fw2" handovers-given)" -eq $((rounds + 1))
	is "taken by fw1" "$(counter "$fw1" handovers-taken)" -eq $((rounds + 1))
	tell udp stop
	heard_is moved -eq 0
}

# routed ACTIVE STANDBY: while the standby takes over, its networks have a route
# at each moment, though the kernel takes that of the old address away.
routed() {
	local monitor
	: >"$tmp/routes" # what the last monitor wrote says nothing of this one
	ip netns exec "$2" ip -o -4 monitor route >>"$tmp/routes" 2>&1 &
	monitor=$!
	pids+=("$monitor")
	wait_for 20 listens "$2"
	one "$1" "$2"
	ends "$monitor"
	awk '/^(Deleted )?(10\.10\.0\.0|203\.0\.113\.0)\/24 dev / {
			net = $1 == "Deleted" ? $2 : $1
			if (!(net in n)) n[net] = 1
			if ($1 == "Deleted") gone++
			if ((n[net] += $1 == "Deleted" ? -1 : 1) < 1) bad = $0
		}
		END {
			if (bad || gone < 2) { print "gone " gone ": " bad; exit 1 }
		}' "$tmp/routes" || { cat "$tmp/routes"; return 1; }
}
listens() {
	ip -n "$1" route replace blackhole 192.0.2.99
	ip -n "$1" route del blackhole 192.0.2.99
	[ -s "$tmp/routes" ]
}
always_routed() {
	routed "$fw1" "$fw2"
	routed "$fw2" "$fw1"
}

stages <<-END
	!network          the pair, and a flow
	always_routed     a unit that takes over has a route to its networks all the time
	small             switchovers with a small table
	big               switchovers with $great connections
	by_the_kernels    all of them were handovers, and the flow kept its port
	kernel_is_clean   the kernel log is clean
END

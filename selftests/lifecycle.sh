#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module comes and goes 50 times under traffic, with units in every
# condition and with the daemon alive or not; namespaces are deleted in every
# role. Nothing is said in the kernel log and memory is back where it was.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

cycles=${CYCLES:-$(some 50)}

# Some other test, or the harness, may have loaded it; it is loaded again then.
network() {
	was_loaded=
	if module_loaded; then was_loaded=1; fi
	module_down
	network_up
	# What the traffic leaves in its own two hosts is not looked for here.
	for ns in "$client" "$server"; do
		sysctls "$ns" net.ipv4.tcp_max_tw_buckets=0
	done
	by_hand "$fw1" active
}

# A server for itself: what never heard that its client has gone ends with it.
traffic_on() {
	play echo "$server" server 5000
	play tcp "$client" churn tcp "$out4" 5000 0 10
	play udp "$client" churn udp "$out6" 5000 0 30
}

traffic_off() {
	tell tcp stop
	is "connections that worked" "$(value ok "$heard")" -ge 10
	tell udp stop
	stop tcp udp echo
}

# cycle N: one load and unload; every other time no unit is there at all.
cycle() {
	module_up
	case $(($1 % 10)) in
	0)
		unit_up "$fw1" primary
		unit_up "$fw2" secondary
		wait_for 20 state_is "$fw2" "Standby Ready"
		;;
	2)	# in the middle of their negotiation
		unit_up "$fw1" primary
		unit_up "$fw2" secondary
		wait_for 20 configured "$fw2"
		;;
	4)	# at once
		unit_up "$fw1" primary
		unit_up "$fw2" secondary
		;;
	6)
		unit_up "$fw1" primary
		wait_for 20 configured "$fw1"
		;;
	8)
		unit_up "$fw1" primary
		sed -i '/^failover$/d' "$tmp/$fw1.conf"
		;;
	esac
	[ $(($1 % 4)) = 0 ] || units_off
	wait_for 10 module_down
	units_off
}
configured() { [ "$(state "$1")" != Disabled ]; }

units_off() {
	daemon_down "$fw1"
	daemon_down "$fw2"
}

# memory: what the kernel holds that it cannot give back, in KiB.
memory() {
	awk '/^(SUnreclaim|Percpu):/ { n += $2 } END { print n }' /proc/meminfo
}

# slabs: the same by kind of object, in bytes.
slabs() {
	awk 'NR > 2 { print $1, $3 * $4 }' /proc/slabinfo
	awk '/^Percpu:/ { print "percpu", $2 * 1024 }' /proc/meminfo
}

# settled: memory when what is freed later is freed, in $kib. It never stands
# still where the kernel keeps what was freed, to find who still uses it; what it
# falls to is its measure, and five seconds without less are the end of a fall.
settled() {
	local ns
	for ns in "$fw1" "$fw2"; do in_ns "$ns" conntrack -F 2>/dev/null; done
	sync
	echo 3 >/proc/sys/vm/drop_caches
	shrink
	kib=$(memory) looks=0
	wait_for 60 no_less
}
no_less() {
	nap 0.5
	local now
	now=$(memory)
	[ "$now" -ge $((kib - 16)) ] || looks=0
	[ "$now" -ge "$kib" ] || kib=$now
	[ $((looks += 1)) -ge 10 ]
}
# shrink: a slab keeps the pages of what was freed, for those who come next; how
# many depends on how many connections were there at once.
shrink() {
	local f
	for f in /sys/kernel/slab/*/shrink; do
		[ ! -w "$f" ] || echo 1 >"$f"
	done
}

# The first loads allocate what stays for good.
first_cycles() {
	local i
	traffic_on
	for i in 0 2 4 6 8; do cycle "$i"; done
	traffic_off
	settled
	before=$kib
	slabs >"$tmp/slabs"
}

many_cycles() {
	local i
	traffic_on
	for ((i = 0; i < cycles; i++)); do cycle "$i"; done
	traffic_off
}

memory_is_back() {
	settled
	echo "unreclaimable: $before KiB before, $kib KiB after; grown most:"
	slabs | awk 'NR == FNR { old[$1] = $2; next }
		{ print $2 - old[$1], $1 }' "$tmp/slabs" - | sort -rn | head -n 12
	is "growth in KiB" $((kib - before)) -le 512
	kmemleak_is_empty
}

# Only a debug kernel has it.
kmemleak_is_empty() {
	[ -w /sys/kernel/debug/kmemleak ] || return 0
	echo scan >/sys/kernel/debug/kmemleak
	echo scan >/sys/kernel/debug/kmemleak
	fails grep -A 20 nf_failover /sys/kernel/debug/kmemleak
}

# deleted_as ROLE NS: its namespace goes, with the daemon in it.
deleted_as() {
	echo "deleted as $1"
	[ "$1" = "$(state "$2")" ]
	unit_gone "$2"
}

deletions() {
	local i
	fresh_firewalls
	pair_up
	play echo "$server" server 5000
	play tcp "$client" churn tcp "$out4" 5000 0 10
	deleted_as Active "$fw1"
	wait_for 20 state_is "$fw2" Active
	unit_back "$fw1" primary
	wait_for 30 state_is "$fw1" "Standby Ready"
	deleted_as "Standby Ready" "$fw1"
	wait_for 20 other_is_lost "$fw2"
	# At any moment of the negotiation
	for i in 0 0.1 0.2 0.4 0.8; do
		unit_back "$fw1" primary
		nap "0$i"
		unit_gone "$fw1"
	done
	disabled_too
	stop tcp echo
}
other_is_lost() { [ "$(show "$1" .other.state)" != "Standby Ready" ]; }

disabled_too() {
	fw_up "$fw1"
	link_up
	config primary | sed '$d' >"$tmp/$fw1.conf"
	daemon_up "$fw1"
	wait_for 20 state_is "$fw1" Disabled
	deleted_as Disabled "$fw1"
}

# The module is not held by anything that is gone.
unloads() {
	unit_gone "$fw2"
	wait_for 20 module_down
	[ -z "$was_loaded" ] || module_up
}

stages <<-END
	!network          client, server, fw1 as a plain firewall
	!first_cycles     five loads and unloads, then a look at memory
	many_cycles       $cycles loads and unloads under traffic, in all conditions
	memory_is_back    memory is back where it was
	!module_up        the module loads once more
	deletions         namespaces go as active, standby, negotiating, disabled
	unloads           nothing holds the module afterwards
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "failover replication rate": a bulk sync of 20,000 connections takes the time that
# the rate gives it, and half of it or less without; the standby's table equals the
# active's afterwards.
#
# Topology: lib.sh. A debug kernel is too slow for the lowest rate to be one.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

count=${COUNT:-$(some 20000)}

network() {
	network_up
	play echo "$server" server 5000
	pair_up
	play short "$client" churn udp "$out4" 5000 "$count" 0 64 10000
	hear short 120
	heard_is ok -eq "$count"
	stop short
	in_step "$fw1" "$fw2"
}

syncs_are() { is "bulk syncs" "$(counter "$fw1" bulk-syncs)" -ge "$1"; }
resync() {
	local n
	n=$(counter "$fw1" bulk-syncs)
	in_ns "$fw1" failover resync
	wait_for 120 syncs_are $((n + 1))
}
took_ms() {
	in_ns "$fw1" failover -j show statistics bulk-sync |
		jq '[.[] | select(.name == "Connections" and .direction == "sent") |
			(.end_ns - .begin_ns) / 1000000 | floor][0]'
}

# A bulk sync takes so many ms at the least, for it may send no faster. Its records
# are what it has to send.
rated() {
	local bytes free ms kbit
	bytes=$(counter "$fw1" tx-record-bytes)
	resync
	bytes=$(($(counter "$fw1" tx-record-bytes) - bytes))
	free=$(took_ms)
	ms=$((2 * free > 2000 ? 2 * free : 2000))
	kbit=$((bytes * 8 / ms))
	echo "$bytes bytes in $free ms; $kbit kbit/s: $ms ms"
	in_ns "$fw1" failover replication rate "$kbit" kbit
	in_ns "$fw1" failover show running-config | grep -x "failover replication rate $kbit kbit"
	state_is "$fw2" "Standby Ready"
	resync
	is "ms with a rate" "$(took_ms)" -ge $((ms * 8 / 10))
	# control: so it was not without
	is "ms without" "$free" -lt $((ms * 8 / 10))
	in_ns "$fw1" failover no replication rate
	"$ctdiff" "$fw1" "$fw2"
}

stages <<-END
	!network          a pair, and $count connections
	rated             a bulk sync is no faster than the rate says
	kernel_is_clean   the kernel log is clean
END

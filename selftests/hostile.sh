#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames that no unit sent, on the failover link: of every length from 0 to the
# MTU with random bytes, real ones cut at every length, real ones with each bit
# inverted. Every one is refused and counted, in one counter each; the pair stays
# up and its tables stay as they are. Nor is the link a road for other packets.
#
# Topology: lib.sh; the frames are sent from fw1's end of the link.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# Why a frame that was never sealed by a unit is refused. What a real one may be
# refused for, such as coming twice, is for other counters.
refusals='^rx-(short|bad-version|bad-type|bad-seal|bad-body|bad-key|stranger|mismatch)$'
total=0
# A flood in an emulated machine holds softirqs back; timing is not the claim.
hold_ms=5000

network() {
	network_up
	play echo "$server" server 5000
	pair_up
	play many "$client" tcp "$out4" 5000 100
	opened many 100
	in_step "$fw1" "$fw2"
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	"$ctdiff" -l "$fw2" >"$tmp/table"
	mac=$(link_mac)
}

# A pair that is left alone refuses nothing: else the sums below mean nothing.
quiet() {
	local before
	before=$(sum "$fw2" "$refusals")
	heard_hellos 10
	is "refused" "$(sum "$fw2" "$refusals")" -eq "$before"
	is "frames sent" "$(counter "$fw2" tx-frames)" -ge 10
}

# heard_hellos N: waits until so many more frames have come in.
heard_hellos() {
	local from
	from=$(counter "$fw2" rx-frames)
	wait_for 20 more_frames $((from + $1))
}
more_frames() { [ "$(counter "$fw2" rx-frames)" -ge "$1" ]; }

# refused COUNTERS ARGUMENTS...: sends frames, which these counters must count.
refused() {
	local before sent which=$1
	shift
	before=$(sum "$fw2" "$which")
	in_ns "$fw1" "$frames" fail "$@" >"$tmp/sent"
	sent=$(value sent "$(<"$tmp/sent")")
	is "frames sent" "$sent" -ge 1
	wait_for 20 counted "$which" $((before + sent))
	heard_hellos 3
	counted "$which" $((before + sent))
	total=$((total + sent))
	echo "$sent frames refused"
}
counted() { is "refused" "$(sum "$fw2" "$1")" -eq "$2"; }

# Cut and flipped data frames too, so there must be some.
busy() { play busy "$client" churn udp "$out4" 5000 0 20; }

random() { refused "$refusals" random "$ethertype" 2 "$mac"; }
multicast() { refused "$refusals" random "$ethertype" 1 ff:ff:ff:ff:ff:ff; }
shortened() { refused "$refusals" cut "$ethertype" 30; }
flipped() { refused "$refusals" flip "$ethertype" 20; }
# A route through the link, made by mistake, leads nowhere.
no_road() {
	local before
	before=$(counter "$fw1" link-drops)
	ip -n "$fw1" route add 192.0.2.0/24 via 169.254.99.2
	play stray "$client" udp 192.0.2.1 5000 10
	tell stray open 1000
	heard_is ok -eq 0
	is "dropped" "$(counter "$fw1" link-drops)" -ge $((before + 10))
	stop stray
}

still_there() {
	stop busy
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
	is "hold time" "$(counter "$fw2" hold-expired)" -eq 0
	is "associations" "$(counter "$fw2" associations)" -eq 1
	is "records refused" "$(counter "$fw2" rx-bad-record)" -eq 0
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	"$ctdiff" -l "$fw2" | grep ' proto=6 ' >"$tmp/now"
	cmp "$tmp/now" "$tmp/table"
	all_go_on many=100
	is "frames in all" "$total" -ge 5000
}

stages <<-END
	!network          the pair with 100 connections
	quiet             left alone, it refuses nothing
	random            random bytes of every length to the unit: all refused
	multicast         the same to everyone: all refused
	busy              traffic, so that real data frames are on the link
	shortened         real frames cut at every length: all refused
	flipped           real frames with each bit inverted: all refused
	no_road           packets that are routed through the link: dropped
	still_there       the pair is up, its tables are unchanged
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A whole session on a link in clear text, recorded: the handshake, a bulk sync,
# connections behind NAT, a talk between the units, a switchover. What was
# recorded, and what "failover show" said at its end, are left in the folder of
# the lane, for ./run.
#
# Topology: lib.sh; fw1's end of the link is recorded.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"

# few hellos: the record is part of the documentation
poll_ms=2000
hold_ms=10000
link_key=none
# the folder of the lane: the rest of the file system cannot be written to
result=${HISTORIES%/*}

network() {
	network_up
	play echo "$server" server 5000
	ip netns exec "$fw1" tcpdump -Z root -i fail -w "$tmp/session.pcap" -U \
		--immediate-mode ether proto "$ethertype" 2>"$tmp/tcpdump" &
	recorder=$!
	pids+=("$recorder")
	wait_for 20 grep -q listening "$tmp/tcpdump"
	pair_up "failover exec clear-text"
}

traffic() {
	play four "$client" tcp "$out4" 5000 2
	opened four 2
	play six "$client" udp "$out6" 5000 1
	opened six 1
	all_go_on four=2 six=1
	in_step "$fw1" "$fw2"
}

talk() { in_ns "$fw1" failover exec mate show | grep -qF 'Failover On'; }

switchover() {
	in_ns "$fw2" failover active
	wait_for 30 state_is "$fw2" Active
	wait_for 30 state_is "$fw1" "Standby Ready"
	all_go_on four=2 six=1
	stop four six
	in_step "$fw2" "$fw1"
}

# The last hellos tell the same state as what is shown here.
kept() {
	local ns
	ns=$(frames_sent)
	wait_for 30 more_than "$ns"
	in_ns "$fw1" failover show -j >"$result/fw1.json"
	in_ns "$fw2" failover show -j >"$result/fw2.json"
	kill -INT "$recorder"
	wait "$recorder" || :
	cp "$tmp/session.pcap" "$result/session.pcap"
}
frames_sent() { echo $(($(counter "$fw1" tx-hellos) + $(counter "$fw2" tx-hellos))); }
more_than() { is "hellos" "$(frames_sent)" -ge $(($1 + 4)); }

stages <<-END
	!network          the pair, on a link in clear text that is recorded
	!traffic          connections are replicated
	!talk             a command is run on the other unit
	!switchover       the other unit becomes active
	!kept             the record and what both units show are kept
	kernel_is_clean   the kernel log is clean
END

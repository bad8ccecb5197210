#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A link that is narrower than the state that goes over it: no hello is lost, none
# waits for long, nobody takes over, and the tables are equal afterwards. For
# virtual time (boot -v), where the link carries exactly what it should. The
# figures are printed. Where the queue is full before frames wait for long enough
# to be noticed, and where a policer drops what is too much, the rate is found by
# what is lost.
#
# Topology: lib.sh, but the link goes through a bridge in the namespace of the
# switch, which is narrow towards fw2: its queue knows no priorities.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/record.bash"
. "$(dirname "$0")/bridged.bash"

count=2000
kbit=512

pair() {
	network_up
	play echo "$server" server 5000
	pair_up
	play short "$client" churn udp "$out4" 5000 "$count" 0 64 10000
	hear short 150
	heard_is fail -eq 0
	in_step "$fw1" "$fw2"
}

narrow() { tc -n "$sw" qdisc replace dev fw2-fail root netem rate "${kbit}kbit" limit "$1"; }
wide() { tc -n "$sw" qdisc del dev fw2-fail root; }
# What is more than that is dropped, and nothing waits.
police() {
	in_ns "$sw" nft -f - <<-NFT
	table bridge police {
		chain from_fw1 {
			type filter hook prerouting priority 0;
			iifname fw1-fail limit rate over $((kbit / 8)) kbytes/second \
				burst 20 kbytes counter drop
		}
	}
	NFT
}

# Of the queue in front of the link: what was dropped, what went through. The
# record of fw2 has the latter, too.
dropped() { tc -n "$sw" -j -s qdisc show dev fw2-fail root | jq '.[0].drops'; }
carried() { tc -n "$sw" -j -s qdisc show dev fw2-fail root | jq '.[0].bytes'; }

policed_away() {
	in_ns "$sw" nft -j list chain bridge police from_fw1 |
		jq '[.. | .counter? | objects | .packets] | add'
}

# All connections, again and again.
syncs_for() {
	local end
	end=$(($(now_ms) + $1 * 1000))
	while [ "$(now_ms)" -lt "$end" ]; do
		in_ns "$fw1" failover resync || :
		nap "${2-0.5}"
	done
}

# hellos FILE: how many came, and the longest time between two, in ms.
hellos() {
	awk '/ in hello/ { if (last && $1 - last > most) most = $1 - last; last = $1; n++ }
		END { print n + 0, int(most / 1000) }' "$1"
}

# What must not change.
counts() {
	local n
	for n in hellos-missed hold-expired peer-silent associations; do
		echo "$n $(counter "$fw1" "$n") $(counter "$fw2" "$n")"
	done
	echo "epoch $(show "$fw1" .this.epoch)"
}

# saturated QUEUE SECONDS: so many packets wait in front of the link.
saturated() {
	local was n gap used
	was=$(counts)
	narrow "$1"
	# with what the way took before it would begin with a burst
	nap 2
	record frames "$fw2" frames fail
	syncs_for "$2"
	unrecord frames
	read -r n gap < <(hellos "$tmp/frames")
	used=$(($(carried) * 8 * 100 / (kbit * 1000 * $2)))
	figure "queue of $1: $used % of $kbit kbit/s in use for $2 s, $n hellos, $gap ms between two at most; frames: $(dropped) dropped, $(counter "$fw1" tx-retransmits) sent again"
	is "counts" "$(counts)" "$was"
	is "dropped" "$(dropped)" -eq 0
	is "per cent in use" "$used" -ge 90
	is "hellos" "$n" -ge $(($2 * 5 - 2))
	# the poll time, and some frames
	is "ms between two hellos" "$gap" -le 320
	wide
	wait_for 60 "$ctdiff" "$fw1" "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}
shallow() { saturated 14 60; }
deep() { saturated 340 10; }

# suddenly SECONDS WHAT PAUSE: it is in use all the time, and loss comes without a
# warning. The rate is found in the first four seconds; of the hellos of ten seconds
# one may meet a frame that tries a higher one. (By the window alone it is a third.)
suddenly() {
	local was n gap lost
	nap 2
	syncs_for 4 "$3"
	was=$(counts | grep -v missed)
	lost=$(counter "$fw1" tx-retransmits)
	record frames "$fw2" frames fail
	syncs_for "$1" "$3"
	unrecord frames
	read -r n gap < <(hellos "$tmp/frames")
	figure "$2: $kbit kbit/s for $1 s, $n hellos, $gap ms between two at most, $(($(counter "$fw1" tx-retransmits) - lost)) frames sent again"
	is "counts" "$(counts | grep -v missed)" "$was"
	is "hellos" "$n" -ge $(($1 * 5 - 1 - $1 / 10))
}
sudden() {
	local kbit=10000
	narrow 4
	suddenly 10 "queue of 4" 0.06
	wide
}
policed() {
	local kbit=1000
	police
	suddenly 20 policer 0.3
	figure "policer: $(policed_away) packets dropped in all"
	is "dropped" "$(policed_away)" -gt 0
	in_ns "$sw" nft delete table bridge police
	wait_for 60 "$ctdiff" "$fw1" "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}

# Control: what heeds nothing fills the queue, and hellos are lost.
missed() { is "missed" "$(counter "$fw2" hellos-missed)" -gt "$1"; }
unpaced() {
	local was
	was=$(counter "$fw2" hellos-missed)
	narrow 14
	play sink "$fw2" server 5000
	# no part of the time between hellos, else each finds the queue as the last one
	play flood "$fw1" beat udp 169.254.99.2 5000 333
	wait_for 30 missed "$was"
	figure "control: datagrams that fill the queue: $(dropped) packets dropped, $(($(counter "$fw2" hellos-missed) - was)) hellos"
	stop flood sink
	wide
}

stages <<-END
	!pair            the pair
	shallow          a link in use for a minute, with a short queue, loses nothing
	deep             and with a deep one no hello waits for long
	sudden           with one that is full before it is felt, hellos go through
	policed          and through a policer
	unpaced          control: what heeds nothing costs hellos on that link
	kernel_is_clean  the kernel log is clean
END

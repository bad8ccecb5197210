#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a flood from a stranger on the link costs: the expensive operations of the
# handshake, which units count, are as many as their limits allow, and no more when
# ten times as many frames come. All else is refused after a look or after one tag.
# The pair does not notice: no hello is lost, nobody takes over, connections are
# replicated. What a refused frame costs is measured by the bench.
#
# Controls: below the limits each frame costs what the counters say; who has the
# key makes the other counter move.
#
# For virtual time (boot -v), where a rate is exactly what it should be. Topology:
# lib.sh, with the link through a bridge; the frames come from there.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/bridged.bash"

exec 3>&1
figure() { echo "# $*" >&3; }

# As in kmod/handshake.c: INITs that are tried, handshakes that are begun or
# answered, and those of an older start, in a second and at once.
trials=(5000 50)
handshakes=(20 20)
late=(2 4)
seconds=1

# most PER_SECOND AT_ONCE: of what is limited, in a flood; one for its edge.
most() { echo $(($1 * seconds + $2 + 1)); }

mac_of() { ip -n "$1" -j link show fail | jq -r '.[0].address'; }

# A record of what is said before there are keys, by two starts of the secondary.
pair() {
	network_up
	play echo "$server" server 5000
	ip netns exec "$sw" tcpdump -Z root -i fw1-fail -w "$tmp/link.pcap" -U \
		--immediate-mode ether proto "$ethertype" 2>"$tmp/tcpdump" &
	recorder=$!
	pids+=("$recorder")
	wait_for 20 grep -q listening "$tmp/tcpdump"
	pair_up
	again_up "$fw2" secondary
	wait_for 60 state_is "$fw2" "Standby Ready"
	nap 1
	kill -INT "$recorder"
	wait "$recorder" || :
	tcpdump -r "$tmp/link.pcap" -w "$tmp/init.pcap" \
		'ether[15] = 5 and ether[18:4] = 0' 2>/dev/null
	inits=$(tcpdump -r "$tmp/init.pcap" --count 2>/dev/null | sed 's/ .*//')
	is "INITs in the record" "$inits" -ge 2
	play busy "$client" churn udp "$out4" 5000 0 20
}
gone() {
	daemon_down "$1"
	in_ns "$1" failover no failover
}
again_up() {
	gone "$1"
	unit_up "$1" "$2"
}

# What would tell that the pair has noticed.
effects='hellos-missed peer-silent hold-expired associations promotions demotions bulk-syncs
	tx-retransmits tx-errors'
noticed() {
	local n
	for n in $effects; do echo "$n $(counter "$fw1" "$n") $(counter "$fw2" "$n")"; done
}

counters='handshake-trials handshake-x25519 rx-limited rx-bad-key rx-bad-seal rx-stranger rx-replay'
declare -A before cost

# flooded NS COMMAND...: what it costs the unit, in $cost, and how many in $sent.
flooded() {
	local ns=$1 n
	# all limits are as if nothing had come
	nap 3
	for n in $counters; do before[$n]=$(counter "$ns" "$n"); done
	"${@:2}" >"$tmp/sent"
	sent=$(value sent "$(<"$tmp/sent")")
	for n in $counters; do cost[$n]=$(($(counter "$ns" "$n") - before[$n])); done
	figure "${what-}: $sent frames: trials of keys ${cost[handshake-trials]}, X25519 ${cost[handshake-x25519]}, refused by the limits ${cost[rx-limited]}"
}

# forged NS PER_MS WHAT [LEN]: for $seconds, from the link.
forged() {
	local port=${1%%-*}-fail mac=()
	[ "$3" = seal ] || mac=("$(mac_of "$1")")
	in_ns "$sw" "$frames" -r "$2" "$port" "$3" "$ethertype" $(($2 * 1000 * seconds)) \
		"${mac[@]}" "${@:4}"
}
# replayed NS PER_MS
replayed() {
	in_ns "$sw" "$frames" -r "$2" "${1%%-*}-fail" replay "$ethertype" \
		$(($2 * 1000 * seconds / inits)) "$tmp/init.pcap"
}

# twice PER_MS NS COMMAND WORD...: a flood and one of ten times as much, of which
# neither is noticed, and which cost the same.
twice() {
	local noticed once
	noticed=$(noticed)
	flooded "$2" "$3" "$2" "$1" "${@:4}"
	once=("$sent" "${cost[handshake-trials]}" "${cost[handshake-x25519]}")
	flooded "$2" "$3" "$2" $((10 * $1)) "${@:4}"
	is "frames" "$sent" -ge $((9 * once[0]))
	is "noticed" "$(noticed)" "$noticed"
	same "trials" "${cost[handshake-trials]}" "${once[1]}"
	same "X25519" "${cost[handshake-x25519]}" "${once[2]}"
}
# same WHAT A B: but for what comes before the second that is not over yet
same() { is "$1: $2 and $3" $(($2 > $3 ? $2 - $3 : $3 - $2)) -le $((($3 + 99) / 100)); }

init() {
	what="INITs of no key"
	twice 6 "$fw1" forged init
	is "trials" "${cost[handshake-trials]}" -le "$(most "${trials[@]}")"
	is "trials" "${cost[handshake-trials]}" -eq "${cost[rx-bad-key]}"
	is "X25519" "${cost[handshake-x25519]}" -eq 0
	is "limited and tried" $((cost[rx-limited] + cost[rx-bad-key])) -eq "$sent"
}
# Control: one after the other costs its hashes.
init_slow() {
	what="INITs of no key, below the limit"
	flooded "$fw1" forged "$fw1" 1 init
	is "trials" "${cost[handshake-trials]}" -eq "$sent"
	is "limited" "${cost[rx-limited]}" -eq 0
}

solicit() {
	what="SOLICITs"
	twice 1 "$fw2" forged solicit
	is "X25519" "${cost[handshake-x25519]}" -ge 2
	is "X25519" "${cost[handshake-x25519]}" -le $((2 * $(most "${handshakes[@]}")))
	is "limited" "${cost[rx-limited]}" -ge $((sent * 9 / 10))
}

# of_no_use COUNTER WHAT LEN: refused for one reason, before anything is begun.
of_no_use() {
	what="$2 of $3 bytes"
	twice 1 "$fw1" forged "$2" "$3"
	is "refused" "${cost[$1]}" -eq "$sent"
	is "trials and X25519" $((cost[handshake-trials] + cost[handshake-x25519])) -eq 0
}
unknown() { of_no_use rx-stranger unknown 100; }
seal() { of_no_use rx-bad-seal seal 100; }

recorded() {
	what="recorded INITs"
	twice 6 "$fw1" replayed
	is "trials" "${cost[handshake-trials]}" -le "$(most "${trials[@]}")"
	is "X25519" "${cost[handshake-x25519]}" -eq 0
	is "limited and heard before" $((cost[rx-limited] + cost[rx-replay])) -eq "$sent"
}

still_there() {
	stop busy
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
	in_step "$fw1" "$fw2"
	wait_for 60 "$ctdiff" "$fw1" "$fw2"
}

# with_key PER_SECOND: INITs under the key of the pair, by another implementation.
with_key() {
	ip netns exec "$sw" "$here/virtual/inits.py" fw1-fail "$(mac_of "$fw1")" "$secret" \
		"$1" "$seconds"
}
# Control: each of the first is answered with a public key and a shared one.
key() {
	local rate
	what="INITs under the key, below the limit"
	flooded "$fw1" with_key 5
	is "X25519" "${cost[handshake-x25519]}" -eq $((2 * sent))
	what="INITs under the key"
	for rate in 50 500; do
		flooded "$fw1" with_key "$rate"
		is "X25519" "${cost[handshake-x25519]}" -le $((2 * $(most "${handshakes[@]}")))
		is "X25519" "${cost[handshake-x25519]}" -ge $((2 * handshakes[0] * seconds))
	done
}

# The unit has been restarted, and nobody else is there.
alone() {
	local associations
	what="recorded INITs, to a new start"
	gone "$fw2"
	again_up "$fw1" primary
	wait_for 60 state_is "$fw1" Active
	associations=$(counter "$fw1" associations)
	flooded "$fw1" replayed "$fw1" 1
	flooded "$fw1" replayed "$fw1" 10
	is "X25519" "${cost[handshake-x25519]}" -ge 2
	is "X25519" "${cost[handshake-x25519]}" -le $((2 * $(most "${late[@]}")))
	is "associations" "$(counter "$fw1" associations)" -eq "$associations"
}

stages <<-END
	!pair            a pair under traffic, and a record of its handshakes
	init_slow        control: INITs of no key cost hashes below their limit
	init             ten times as many above it cost no more, and no X25519
	solicit          SOLICITs: ten times as many make no more handshakes
	unknown          frames under keys of nobody: no handshake
	seal             frames with a wrong tag: no handshake
	recorded         recorded INITs, ten times as many: no more hashes, no X25519
	still_there      the pair is up, its tables are equal
	key              control: INITs under the key cost X25519, up to the limit
	alone            a new start that has no mate: recorded INITs cost what the limit allows
	kernel_is_clean  the kernel log is clean
END

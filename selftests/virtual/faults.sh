#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a link can do wrong while connections come and go over the active unit: it
# loses, reorders, doubles or delays frames, flaps, carries one direction alone, or
# all but hellos. Nobody takes over, and the tables are equal afterwards. The key is
# changed on a sound link: no hello and no frame is lost. Frames of the handshake,
# recorded and sent again by the thousand some minutes later, change nothing. For
# virtual time (boot -v), where minutes cost nothing and a sound link loses nothing.
#
# Topology: lib.sh, with the link through a bridge.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/bridged.bash"

exec 3>&1
figure() { echo "# $*" >&3; }
per_second=10

pair() {
	network_up
	play echo "$server" server 5000
	tcpdump_up
	pair_up
}

# All that is said on the link before there are keys, and for a while after.
tcpdump_up() {
	ip netns exec "$sw" tcpdump -Z root -i fw1-fail -w "$tmp/link.pcap" -U \
		--immediate-mode ether proto "$ethertype" 2>"$tmp/tcpdump" &
	recorder=$!
	pids+=("$recorder")
	wait_for 20 grep -q listening "$tmp/tcpdump"
}

# busy SECONDS: connections of both kinds come and go for so long, and many more
# at once, so that frames follow each other closely.
busy() {
	play burst "$client" churn udp "$out4" 5000 1000 0 64
	play tcp "$client" churn tcp "$out4" 5000 $((per_second * $1)) "$per_second" 64
	play udp "$client" churn udp "$out6" 5000 $((per_second * $1)) "$per_second" 64
}
served() {
	local it
	for it in burst tcp udp; do
		hear "$it" 120
		heard_is fail -eq 0
		stop "$it"
	done
}

# Who is active, and since which takeover.
roles() { echo "$(state "$fw1"), epoch $(show "$fw1" .this.epoch) $(counter "$fw2" promotions)"; }

# counted NAME...: of both units.
counted() {
	local n
	for n; do echo "$n $(counter "$fw1" "$n") $(counter "$fw2" "$n")"; done
}

was_well() { was=$(roles); }
is_well() {
	served
	wait_for 60 state_is "$fw2" "Standby Ready"
	in_step "$fw1" "$fw2"
	wait_for 60 "$ctdiff" "$fw1" "$fw2"
	is "roles" "$(roles)" "$was"
	figure "$1: $(counted hellos-missed peer-silent hold-expired associations tx-retransmits | xargs)"
}

both() {
	local dev
	for dev in fw1-fail fw2-fail; do
		tc -n "$sw" qdisc replace dev "$dev" root netem "$@"
	done
}
sound() {
	local dev
	for dev in fw1-fail fw2-fail; do
		tc -n "$sw" qdisc del dev "$dev" root 2>/dev/null || :
	done
}

# sums REGEX: those counters of both units together.
sums() { echo $(($(sum "$fw1" "$1") + $(sum "$fw2" "$1"))); }

# disturbed REGEX NETEM...: for 20 s, in which those counters grow.
disturbed() {
	local before
	was_well
	before=$(sums "$1")
	both "${@:2}"
	busy 20
	nap 20
	sound
	is_well "${*:2}"
	figure "${*:2}: $1: $(($(sums "$1") - before))"
	is "$1" "$(sums "$1")" -gt "$before"
}
loss() { disturbed '^tx-retransmits$' loss 30%; }
reorder() { disturbed '^rx-out-of-order$' delay 20ms 15ms; }
duplicate() { disturbed '^rx-(duplicate|replay)$' duplicate 50%; }
delay() { disturbed '^hellos-missed$' delay 200ms; }

flapping() {
	local i
	was_well
	busy 60
	for ((i = 0; i < 300; i++)); do
		ip -n "$sw" link set fw1-fail down
		nap 0.1
		ip -n "$sw" link set fw1-fail up
		nap 0.1
	done
	is_well "flapping every 100 ms for a minute"
}

# one_way PORT: nothing goes out there for 20 s
one_way() {
	was_well
	busy 20
	tc -n "$sw" qdisc replace dev "$1" root netem loss 100%
	nap 20
	sound
	is_well "nothing out of $1"
}
deaf_standby() { one_way fw2-fail; }
deaf_active() { one_way fw1-fail; }

# Any frame is a sign of life: they tell it for the hellos, and when there is no
# traffic any more nothing does.
no_hellos() {
	local before heard
	was_well
	in_ns "$sw" nft -f - <<-NFT
	table bridge hellos {
		chain through {
			type filter hook forward priority 0;
			ether type $ethertype @nh,8,8 2 drop
		}
	}
	NFT
	busy 20
	before=$(counted hold-expired associations)
	heard=$(sums '^rx-hellos$')
	nap 15
	is "hellos heard" "$(sums '^rx-hellos$')" -eq "$heard"
	is "hold times, associations" "$(counted hold-expired associations)" "$before"
	nap 10
	is "hold times, associations" "$(counted hold-expired associations)" != "$before"
	in_ns "$sw" nft delete table bridge hellos
	is_well "hellos are lost, and nothing else"
}

# In the order of the man page, with time between two commands.
rekey() {
	local words ns
	in_ns "$fw1" failover genkey "$tmp/key2"
	for words in "key next file $tmp/key2" "key file $tmp/key2" "no key next"; do
		for ns in "$fw1" "$fw2"; do
			# shellcheck disable=SC2086 # words of a command
			in_ns "$ns" failover $words
			nap 1
		done
	done
}

# What would tell of a hello or a frame that did not arrive, or not at once.
losses='hellos-missed peer-silent hold-expired tx-retransmits rx-bad-seal rx-bad-key rx-stranger
	rx-replay rx-duplicate rx-out-of-order tx-errors'
key_changed() {
	local before sent came
	was_well
	in_step "$fw1" "$fw2"
	# shellcheck disable=SC2086 # words
	before=$(counted $losses)
	sent=$(counter "$fw1" tx-frames) came=$(counter "$fw2" rx-frames)
	busy 20
	rekey
	wait_for 30 has_new_keys
	is_well "key changed"
	# shellcheck disable=SC2086 # words
	is "what tells of losses" "$(counted $losses)" "$before"
	figure "key changed: $(($(counter "$fw1" tx-frames) - sent)) frames sent, $(($(counter "$fw2" rx-frames) - came)) came"
	in_ns "$fw1" failover show running-config | grep -qF "key file $tmp/key2"
}
has_new_keys() { is "changes of keys" "$(counter "$fw1" rekeys)$(counter "$fw2" rekeys)" -ge 11; }

# handshakes FILE: those frames of the record, of type HAND and NOISE.
handshakes() {
	tcpdump -r "$tmp/link.pcap" -w "$1" 'ether[15] = 1 or ether[15] = 5' 2>/dev/null
}

# Minutes later, from the place of the switch, towards both; 5,000 of them and more.
again() {
	local before n d
	kill -INT "$recorder"
	wait "$recorder" || :
	handshakes "$tmp/hand.pcap"
	was_well
	nap 300
	before=$(counted associations hold-expired hellos-missed bulk-syncs demotions)
	busy 20
	n=0
	for d in fw1-fail fw2-fail; do
		in_ns "$sw" "$frames" "$d" replay "$ethertype" 20 "$tmp/hand.pcap" >"$tmp/sent"
		n=$((n + $(value sent "$(<"$tmp/sent")")))
	done
	is "frames of the handshake sent" "$n" -ge 5000
	is_well "$n frames of a handshake again"
	is "what tells of an effect" \
		"$(counted associations hold-expired hellos-missed bulk-syncs demotions)" "$before"
	figure "of those: $(counted rx-limited rx-own rx-stranger rx-replay rx-bad-key | xargs)"
}

stages <<-END
	!pair            the pair, and a record of what is said first
	loss             30 % of all frames are lost
	reorder          frames overtake each other
	duplicate        every other frame comes twice
	delay            every frame takes 200 ms
	flapping         the link flaps every 100 ms for a minute
	deaf_standby     what the active unit says is lost
	deaf_active      what the standby unit says is lost
	no_hellos        hellos are lost: other frames are signs of life, as long as there are any
	key_changed      the key is changed: no hello and no frame is lost
	again            handshakes are sent again by the thousand, minutes later
	kernel_is_clean  the kernel log is clean
END

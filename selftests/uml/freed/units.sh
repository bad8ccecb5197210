#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A pair that changes its keys, ends its session, and goes. What is in memory is
# asked by ./run, from outside, in FOLDER; keys are written in digits here, which
# are not looked for.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../../lib.sh"

# memory LINE...: what is asked is so.
memory() {
	printf '%s\n' "$@" >"$FOLDER/asked"
	mv "$FOLDER/asked" "$FOLDER/question"
	wait_for 60 test -e "$FOLDER/answer"
	mv "$FOLDER/answer" "$tmp/answer"
	cat "$tmp/answer"
	grep -qx 'so it is' "$tmp/answer"
}

new_key() { in_ns "$fw1" failover genkey "$FOLDER/$1"; }

# only PSK: where it is and what is made of it, in both units and their daemons.
only() { echo "only $1 begun-$1 says1-$1 says2-$1"; }

pair() {
	network_up
	new_key psk1
	ip netns exec "$fw1" tcpdump -Z root -i fail -w "$FOLDER/link.pcap" -U \
		--immediate-mode ether proto "$ethertype" 2>"$tmp/tcpdump" &
	pids+=($!)
	wait_for 20 grep -q listening "$tmp/tcpdump"
	link_key="file $FOLDER/psk1" pair_up
	memory 'psk psk1' 'learn session1' "$(only psk1) session1" 'open session1'
}

changed() {
	local i ns
	new_key psk2
	for i in "key next file $FOLDER/psk2" "key file $FOLDER/psk2" "no key next"; do
		for ns in "$fw1" "$fw2"; do
			# shellcheck disable=SC2086 # words of a command
			in_ns "$ns" failover $i
		done
	done
	wait_for 30 has_new_keys
	memory 'psk psk2' 'learn session2' "$(only psk2) session2"
}
has_new_keys() {
	[ "$(counter "$fw1" rekeys)" -ge 1 ] && [ "$(counter "$fw2" rekeys)" -ge 1 ]
}

# The key of the unit that is off stays in its configuration, but no handshake is
# begun with it.
ended() {
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	memory 'only psk2 begun-psk2=1 says1-psk2 says2-psk2'
	in_ns "$fw2" failover
	wait_for 30 state_is "$fw2" "Standby Ready"
	memory 'learn session3' "$(only psk2) session3"
}

unloaded() {
	# one that is killed wipes nothing
	kill -TERM "${daemon[$fw1]}" "${daemon[$fw2]}"
	wait "${daemon[$fw1]}" "${daemon[$fw2]}" || :
	daemon_down "$fw1"
	daemon_down "$fw2"
	memory 'only psk2 begun-psk2 session3'
	module_down
	memory only
}

claims='
!pair             keys are in memory only where they are in use, and open frames
changed           another key: the one before is gone, and so are session keys
ended             one unit ends: both have no session keys any more
unloaded          the module is unloaded: no key is left
kernel_is_clean   the kernel log is clean
'
# STAGES: only these, whatever became of those before
if [ -n "${STAGES-}" ]; then
	claims=$(grep -E "^!?(${STAGES// /|}) " <<<"$claims" | sed 's/^!//')
fi
stages < <(sed '/^$/d' <<<"$claims")

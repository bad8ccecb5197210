#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Another implementation of the handshake, of which no line is ours, pairs with
# the module over UDP and exchanges hellos with it (noise.py). With another key
# it does not. It may also be an active unit, with a connection whose helper is
# there or, as no kernel of a pair in one machine can show, is not.
#
# Topology: lib.sh; there is no second unit, but a program on fw2's end.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

other_key=$(printf '%064x' $((tag + 1)))

unit() {
	network_up
	module_needed
	unit_up "$fw1" primary "failover lan interface FAIL-LINK fail transport udp"
	ip -n "$fw2" addr add 169.254.99.2/30 dev fail
	wait_for 20 state_is "$fw1" Active
	link_is up
}

words=(169.254.99.2 169.254.99.1 7789)

wrong_key() {
	fails in_ns "$fw2" "$here/noise.py" "${words[@]}" "$other_key" $((3 * slow))
	grep -qx 'no answer' "$tmp/fails"
	is "INITs of another key" "$(counter "$fw1" rx-bad-key)" -ge 1
	is "associations" "$(counter "$fw1" associations)" -eq 0
}

pairs() {
	local program
	ip netns exec "$fw2" "$here/noise.py" "${words[@]}" "$secret" 600 \
		>"$tmp/noise" 2>&1 &
	program=$!
	pids+=("$program")
	# role 1: active
	wait_for 20 grep -q '^hello role=1 epoch=[1-9]' "$tmp/noise"
	grep '^associated version=' "$tmp/noise"
	wait_for 20 link_is peer-alive
	is "version of the mate" "$(show "$fw1" .other.version)" noise.py
	wait_for 20 differs
	in_ns "$fw1" failover show |
		grep -E 'Warning: version of the module: [0-9.]+ here, noise.py on the other unit'
	is "hellos heard" "$(counter "$fw1" rx-hellos)" -ge 1
	is "bad seals" "$(counter "$fw1" rx-bad-seal)" -eq 0
	# it is missed
	ends "$program"
	wait_for 20 link_is peer-silent
}
differs() {
	show "$fw1" '.differences[] | "\(.setting): \(.theirs)"' |
		grep -x 'version of the module: noise.py'
}

# active HELPER: it has a connection with that. The unit yields at once, but does not
# apply what comes before its daemon has followed, which is late here.
active() {
	freeze "${daemon[$fw1]}"
	# or else what the last one has said is found in it
	: >"$tmp/noise"
	ip netns exec "$fw2" "$here/noise.py" "${words[@]}" "$secret" 600 "$1" \
		>"$tmp/noise" 2>&1 &
	program=$!
	pids+=("$program")
	wait_for 30 grep -q '^hello role=0' "$tmp/noise"
	kill -CONT "${daemon[$fw1]}"
	wait_for 20 replicated
}
replicated() { is "inserted" "$(counter "$fw1" ct-inserted)" -gt "$inserted"; }

with_helper() {
	inserted=$(counter "$fw1" ct-inserted)
	active "$1"
	in_ns "$fw1" conntrack -L -p tcp --orig-port-dst 21 >"$tmp/it" 2>/dev/null
	grep "sport=$((40000 + ${#1})) dport=21 " "$tmp/it"
	is "bad records" "$(counter "$fw1" rx-bad-record)" -eq 0
}

there() {
	modprobe -q nf_conntrack_ftp || :
	with_helper ftp
	grep 'helper=ftp' "$tmp/it"
	lacks ""
	ends "$program"
	wait_for 30 link_is peer-silent
	wait_for 30 state_is "$fw1" Active
}

missing() {
	with_helper ghost
	fails grep 'helper=' "$tmp/it"
	wait_for 60 lacks ghost
	is "without a helper" "$(counter "$fw1" ct-no-helper)" -ge 1
	in_ns "$fw1" failover show | grep '^Warning: helper ghost is missing on this unit'
	fails in_ns "$fw1" failover check
	grep 'helper ghost is missing' "$tmp/fails"
	# and the active unit is told
	wait_for 20 grep -q ' helper=ghost$' "$tmp/noise"
	ends "$program"
}
lacks() { is "missing" "$(show "$fw1" '.this.missing_helpers | join(" ")')" "$1"; }

link_is() { is "link" "$(show "$fw1" ".config.links[0].status")" "$1"; }

stages <<-END
	!unit             a unit with a link over UDP, alone
	wrong_key         the control: under another key there is no answer
	pairs             an independent Noise library pairs with it, and hellos go both ways
	there             a connection that it replicates has its helper
	missing           or goes without it, and both units hear of that
	kernel_is_clean   the kernel log is clean
END

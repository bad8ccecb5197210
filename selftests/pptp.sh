#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Calls by PPTP go on after a takeover, with and without NAT: those that run, those
# that were made and have sent nothing yet, whoever sends first, and those that are
# made in a session from before it. Each packet of a call is GRE with a number that
# only the session has told, and that NAT translates; the rules let in no other.
#
# Both ends are pptp.py. Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.bash"

bare4=203.0.113.11	# is reached without NAT

ruleset() { helper_rules pptp tcp 1723; }

network() {
	helper_modules pptp
	network_up
	ip -n "$client" addr add 10.10.0.11/24 dev eth0
	traffic=$here/pptp.py play server "$server" server "$out4" "$bare4"
}

# calls NS: the connections of calls, one a line.
calls() {
	in_ns "$1" conntrack -L -p gre 2>/dev/null |
		sed -E 's/^gre +47 [0-9]+ //; s/ use=.*//' | sort
}
calls_are() { is "calls of $1" "$(calls "$1" | wc -l)" -eq "$2"; }
# alike ACTIVE STANDBY: also when they have just changed their roles.
alike() {
	wait_for 30 state_is "$2" "Standby Ready"
	in_step "$1" "$2"
	is "calls of $2" "$(calls "$2")" "$(calls "$1")"
	same_expected "$1" "$2"
}

callers=()
# caller NAME ADDRESS SERVER CALL COMMAND...
caller() {
	local it
	traffic=$here/pptp.py play "$1" "$client" client "${@:2:3}"
	callers+=("$1")
	for it in "${@:5}"; do does "$1" "$it"; done
}

# does NAME COMMAND [MS]
does() {
	tell "$@"
	is "$1: $2" "$heard" ok
}

does_not() {
	tell "$@"
	is "$1: $2" "$heard" "$2: nothing heard"
}

# both_ways NAME...
both_ways() {
	local it
	for it; do
		does "$it" data
		does "$it" knock
	done
}

### stages ####################################################################

# Two clients use the same number. What a session says is told without an event.
told() {
	pair_up "failover replication rate 64 kbit"
	caller session 10.10.0.10 "$out4" 1 start
	wait_for 20 row_is "$fw2" rcv -eq 1
	does session ask
	wait_for 20 row_is "$fw2" rcv -eq 2
	caller runs 10.10.0.10 "$out4" 7 start call data
	caller runs-back 10.10.0.11 "$out4" 7 start call knock
	caller runs-bare 10.10.0.10 "$bare4" 7 start call data
	caller made 10.10.0.10 "$out4" 8 start call
	caller made-back 10.10.0.11 "$out4" 8 start call
	caller made-bare 10.10.0.10 "$bare4" 8 start call
	caller made-bare-back 10.10.0.11 "$bare4" 8 start call
	caller waits 10.10.0.10 "$out4" 9 start call
	caller waits-bare 10.10.0.10 "$bare4" 9 start call
	alike "$fw1" "$fw2"
	calls_are "$fw2" 3
	helped_is "$fw2" pptp 10
	row_is "$fw1" xerr -eq 0
	row_is "$fw2" rerr -eq 0
}

runs_on() {
	caller young 10.10.0.11 "$out4" 1 start
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	both_ways runs runs-back runs-bare
}

begins() {
	does made data
	does made-back knock
	does made-bare data
	does made-bare-back knock
	# what waits, and what the kernel leaves of runs-back
	expected_is "$fw2" 5
	both_ways made made-back made-bare made-bare-back
}

calls_anew() {
	does session accepted
	does young call
	both_ways session young
}

# What waits is expected by a unit that was told to, and tells it.
comes_back() {
	unit_back "$fw1" primary
	alike "$fw2" "$fw1"
	row_is "$fw2" xerr -eq 0
	row_is "$fw1" rerr -eq 0
	take_role "$fw1"
	both_ways runs runs-back runs-bare made made-back session
	does waits data
	does waits-bare knock
	both_ways waits waits-bare
}

# The next call of a session has other numbers.
redials() {
	alike "$fw1" "$fw2"
	calls_are "$fw1" 11
	does runs clear
	does runs-bare clear
	calls_are "$fw1" 9
	does runs call
	does runs-bare call
	alike "$fw1" "$fw2"
	give_role "$fw1" "$fw2"
	does runs knock
	does runs-bare data
	both_ways runs runs-bare made session
}

# crowd: as many connections as make a bulk sync long.
crowd() {
	local ns
	for ns in "$fw1" "$fw2"; do
		in_ns "$ns" nft insert rule inet fw forward iifname in udp dport 5000 accept
	done
	play echo "$server" server 5000
	play many "$client" udp "$out4" 5000 3000
	opened many 3000
}

# The standby hears late that a call has ended: behind all that a bulk sync tells. The
# kernel takes the keys of the next call away with it, which nothing tells anew.
misses() {
	alike "$fw2" "$fw1"
	crowd
	ip -n "$fw1" link set fail down
	wait_for 30 fails state_is "$fw1" "Standby Ready"
	does made clear
	does made call
	ip -n "$fw1" link set fail up
	alike "$fw2" "$fw1"
	time_left "$fw2" -le 290
	is "swept" "$(counter "$fw1" ct-swept)" -ge 1
	wait_for 30 time_left "$fw2" -le 260
	give_role "$fw2" "$fw1"
	does made data
	both_ways made runs session
	in_ns "$fw1" conntrack -D -p udp
	stop many echo
}

# Nothing is left that would call it.
without_module() {
	alike "$fw1" "$fw2"
	does made clear
	does made call
	alike "$fw1" "$fw2"
	expected "$fw2" | grep "srckey=0x8 "
	daemon_down "$fw1"
	daemon_down "$fw2"
	wait_for 20 module_down
	expected "$fw2" >"$tmp/expected"
	fails grep "srckey=0x8 " "$tmp/expected"
	both_ways runs made
}

control() {
	local it
	stop "${callers[@]}"
	fresh_firewalls
	pair_up "no failover replication expectations"
	caller runs 10.10.0.10 "$out4" 7 start call data
	caller made 10.10.0.10 "$out4" 8 start call
	caller made-bare 10.10.0.10 "$bare4" 8 start call
	caller session 10.10.0.11 "$out4" 8 start ask
	in_step "$fw1" "$fw2"
	expected_is "$fw2" 0
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	both_ways runs
	fails does session accepted
	for it in made made-bare; do
		does_not "$it" data 2000
		does_not "$it" knock 2000
	done
	refused_is "$fw2" 2
}

stages <<-END
	!network          a server of PPTP, clients, two firewalls, a switch
	!told             calls, and what sessions expect, are on the standby
	runs_on           calls go on after a takeover
	begins            and begin, where they were made before it
	calls_anew        and are accepted, or made, in a session from before it
	comes_back        all that by a bulk sync, and a second takeover
	redials           the next call of a session takes the place of the last one
	misses            also when the standby hears of both late
	without_module    without the module calls go on
	control           control: without all that a call has to run already
	kernel_is_clean   the kernel log is clean
END

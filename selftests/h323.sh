#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A call by H.323 that was set up before a takeover opens its connections for control
# (H.245) after it, in both directions: to the server, and from it to an address of NAT
# that only the call has announced. A port that NAT has changed stays the one that it
# was when it is announced again, for control and for media, which run through it, and
# a call has no more channels than before. With the replication of expectations off
# there are no connections, and other ports.
#
# Both ends are h323.py. Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.bash"

ruleset() { helper_rules Q.931 tcp 1720; }

network() {
	helper_modules h323
	network_up
	ip -n "$client" addr add 10.10.0.11/24 dev eth0
	traffic=$here/h323.py play server "$server" server "$out4"
}

# caller NAME...: each has a call.
caller() {
	local it
	for it; do
		traffic=$here/h323.py play "$it" "$client" client 10.10.0.10 "$out4"
		does "$it" call
	done
}

# Two phones with the same ports, of which NAT leaves those of the first. When its
# call is answered, the port of the second for control would be free.
phones() {
	traffic=$here/h323.py play first "$client" client 10.10.0.10 "$out4" 2776
	traffic=$here/h323.py play second "$client" client 10.10.0.11 "$out4" 2776
	all_do call first second
	does second moved
	does first opened
	does second again
	all_do channel first second
}

# One with all channels that the kernel has room for.
full() {
	traffic=$here/h323.py play full "$client" client 10.10.0.10 "$out4"
	does full call
	all_do channel full full full full
	fails does full channel
}

# told ACTIVE STANDBY: also what is remembered, which is looked at every five seconds.
told() {
	sleep 6
	in_step "$1" "$2"
	same_expected "$1" "$2"
}

# all_do COMMAND NAME...
all_do() {
	local it
	for it in "${@:2}"; do does "$it" "$1"; done
}

# does NAME COMMAND [MS]
does() {
	tell "$@"
	is "$1: $2" "$heard" ok
}

called() {
	pair_up
	caller before after
	does before open
	does before opened
	expected_is "$fw1" 2
	in_step "$fw1" "$fw2"
	same_expected "$fw1" "$fw2"
	helped_is "$fw1" Q.931 2
	helped_is "$fw1" H.245 2
	helped_is "$fw2" Q.931 2
	helped_is "$fw2" H.245 2
	row_is "$fw1" xerr -eq 0
	row_is "$fw2" rerr -eq 0
	is "missing" "$(show "$fw2" '.this.missing_helpers | length')" 0
}

channels() {
	phones
	full
	told "$fw1" "$fw2"
	row_is "$fw1" xerr -eq 0
	row_is "$fw2" rerr -eq 0
	is "bad records" "$(counter "$fw2" rx-bad-record)" 0
}

opens() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	does after open
	does after opened
	helped_is "$fw2" H.245 8
}

goes_on() {
	does second again
	does second opened
	does second media
	does first media
	fails does full channel
}

control() {
	stop before after first second full
	fresh_firewalls
	pair_up "no failover replication expectations"
	caller before
	phones
	full
	sleep 6
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	fails does before open 5000
	fails does before opened 10000
	refused_is "$fw2" 2
	fails does second again
	fails does second media
	does full channel
}

stages <<-END
	!network          both ends of calls, two firewalls, a switch
	!called           what a call has announced, and has open, is on the standby
	!channels         phones with the same ports, and one with all its channels
	opens             after a takeover the rest is opened
	goes_on           ports are as before, media is heard, no channel more
	control           control: without what is expected nothing is opened, nor kept
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A call by H.323 that was set up before a takeover opens its connections for control
# (H.245) after it, in both directions: to the server, and from it to an address of NAT
# that only the call has announced. With the replication of expectations off there are
# none.
#
# Both ends are h323.py. Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.bash"

ruleset() { helper_rules Q.931 tcp 1720; }

network() {
	helper_modules h323
	network_up
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

opens() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	does after open
	does after opened
	helped_is "$fw2" H.245 4
}

control() {
	stop before after
	fresh_firewalls
	pair_up "no failover replication expectations"
	caller before
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	fails does before open 5000
	fails does before opened 10000
	refused_is "$fw2" 2
}

stages <<-END
	!network          both ends of calls, two firewalls, a switch
	!called           what a call has announced, and has open, is on the standby
	opens             after a takeover the rest is opened
	control           control: without what is expected nothing is opened
	kernel_is_clean   the kernel log is clean
END

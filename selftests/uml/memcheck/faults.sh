#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The part of ./pair.sh in which the faults that ./run plants come to bear. A
# command with a fault may end with another status.
#
# Topology: ../../lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../../lib.sh"

pair() {
	network_up
	pair_up
}

# The daemon has looked for the process, whatever it found.
looked_for() {
	in_ns "$fw1" "$asker" show track | grep -qE 'Track shell .*(Normal|Failed)$'
}

commands() {
	local words
	for words in 'track shell process bash' 'show state' 'show monitor-interface'; do
		# shellcheck disable=SC2086 # words
		in_ns "$fw1" failover $words || echo "failover $words: status $?"
	done
	wait_for 30 looked_for
	daemon_down "$fw2"
	daemon_down "$fw1"
}

stages <<-END
	!pair     a pair
	commands  what has faults
END

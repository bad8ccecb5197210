#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Moves of the election table that no other test makes: failover is switched off
# in each state in which a unit can be found, and an operator does not wait for
# the end of a negotiation.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

network() {
	network_up
	module_needed
}

# moved NS FROM TO: how often it did.
moved() {
	in_ns "$1" failover --history "$tmp/$1.history" show history -j |
		jq "[.this.entries[] | select(.from == \"$2\" and .to == \"$3\")] | length"
}

# moves NS FROM TO COMMAND...: it does so once, and had not before; at the end
# it is in the state.
moves() {
	local ns=$1 from=$2 to=$3 before
	shift 3
	state_is "$ns" "$from"
	before=$(moved "$ns" "$from" "$to")
	in_ns "$ns" failover "$@"
	wait_for 20 has_moved "$ns" "$from" "$to" $((before + 1))
}
has_moved() { is "$2 -> $3" "$(moved "$1" "$2" "$3")" -eq "$4"; }

# Alone it negotiates for the hold time.
negotiating() {
	hold_ms=40000 unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" Negotiation
	moves "$fw1" Negotiation Disabled no
	in_ns "$fw1" failover
	wait_for 20 state_is "$fw1" Negotiation
	moves "$fw1" Negotiation "Just Active" active
	wait_for 20 state_is "$fw1" Active
}

active() {
	moves "$fw1" Active Disabled no
	daemon_down "$fw1"
}

standby() {
	pair_up
	moves "$fw2" "Standby Ready" Disabled no
	in_ns "$fw2" failover
	wait_for 20 state_is "$fw2" "Standby Ready"
}

# A mate without a daemon cannot hand over; an operator need not wait for the
# grace that it has.
orphaned() {
	daemon_down "$fw1"
	wait_for 20 no_daemon "$fw2"
	moves "$fw2" "Standby Ready" "Just Active" active
	is "reason" "$(in_ns "$fw2" failover --history "$tmp/$fw2.history" show history -j |
		jq -r '[.this.entries[] | select(.to == "Just Active")][-1].reason')" \
		"Set by the config command"
	daemon_up "$fw1"
	wait_for 20 state_is "$fw1" "Standby Ready"
}
no_daemon() { is "daemon of the mate" "$(show "$1" .other.daemon)" false; }

failed() {
	printf 'link set %s down\n' in out | ips "$fw1"
	wait_for 20 state_is "$fw1" Failed
	moves "$fw1" Failed Disabled no
	# control: who is off does not move, whatever becomes of its mate
	ip -n "$fw1" link set fail down
	wait_for 20 mate_lost "$fw1"
	state_is "$fw1" Disabled
}
mate_lost() { [[ $(show "$1" .other.state) =~ ^(Failed|Not Detected)$ ]]; }

stages <<-END
	!network        two firewalls
	!negotiating    off while it negotiates; active at once when asked
	!active         off while it is active
	!standby        off while it is Standby Ready
	!orphaned       active at once beside a mate without a daemon, when asked
	failed          off while it is Failed
	kernel_is_clean the kernel log is clean
END

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the kselftests ask of a unit.
# Sourced by lib.sh.
# shellcheck disable=SC2154,SC2034 # names of lib.sh, and for it

# ask NS: all that failover show knows, into $json.
ask() { spawn -n "$1" -v json "$asker" show -j; }

# show NS FILTER: what jq finds in that.
show() {
	local json
	ask "$1" || return
	spawn jq -r "$2" <<<"$json"
}

# in_show NS TEXT: the lines of failover show that have it.
in_show() { in_ns "$1" failover show | grep -F "$2"; }

# find_state this|other: of the units in $json, into $found. Without jq, because
# it is asked for often; as what else begins with find_.
find_state() {
	found=
	[[ $json =~ \"$1\":[[:space:]]*\{[^{}]*\"state\":[[:space:]]*\"([^\"]*)\" ]] || return
	found=${BASH_REMATCH[1]}
}

# state NS
state() {
	local json found
	ask "$1" && find_state this && echo "$found"
}

state_is() {
	local json found
	ask "$1" && find_state this && is "state of $1" "$found" "$2"
}

# mate_is NS STATE: what NS holds of the other unit: a hello later than it.
mate_is() {
	local json found
	ask "$1" && find_state other && is "mate of $1" "$found" "$2"
}

# find_counter NAME: of those in $json.
find_counter() {
	[[ $json =~ \"counters\":[[:space:]]*\{([^{}]*) ]] || return
	found=0
	[[ ${BASH_REMATCH[1]} =~ \"$1\":[[:space:]]*([0-9]+) ]] || return 0
	found=${BASH_REMATCH[1]}
}

# counter NS NAME
counter() {
	local json found
	ask "$1" && find_counter "$2" && echo "$found"
}

# sum NS REGEX: of all counters whose name matches.
sum() {
	show "$1" "[.counters | to_entries[] | select(.key | test(\"$2\")) | .value] | add // 0"
}

queues_empty() {
	local json
	ask "$1" && [[ $json =~ \"queues\":[[:space:]]*\[([^]]*\"cur\"[^]]*)\] ]] &&
		[[ ! ${BASH_REMATCH[1]} =~ \"cur\":[[:space:]]*[^0[:space:]] ]]
}

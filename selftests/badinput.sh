#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad input gives a clear error, which names the line and the word, or a clear
# state in "failover show"; and what was in force before stays in force.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

network() { network_up; module_needed; }

# bad SED-SCRIPT: the primary's file with a fault.
bad() { config primary | sed -E "$1" >"$tmp/bad.conf"; }

# refused LINE WORD: by the daemon at its start and by the check of a file,
# with an error that names the line and has the word in it.
refused() {
	local how
	for how in "failoverd -c" "failover check config"; do
		# shellcheck disable=SC2086 # words of a command
		fails in_ns "$fw1" timeout 10 $how "$tmp/bad.conf"
		grep -qE "(^|[^0-9])$1([^0-9]|$)" "$tmp/fails"
		grep -qF -- "$2" "$tmp/fails"
	done
	is "is on" "$(state "$fw1")" Disabled
}

wrong_word() {
	bad 's/polltime unit msec/polltime unit msce/'
	refused 5 msce
}
wrong_line() {
	bad '3i failover lnik FAIL-LINK fail'
	refused 3 lnik
}
wrong_address() {
	bad 's/10.10.0.254/10.10.0.256/'
	refused 7 10.10.0.256
}
same_address() {
	bad 's/standby 10.10.0.253/standby 10.10.0.254/'
	refused 7 10.10.0.254
}
same_link_address() {
	bad 's/standby 169.254.99.2/standby 169.254.99.1/'
	refused 4 169.254.99.1
}
short_hold() {
	bad 's/holdtime msec [0-9]+/holdtime msec 300/'
	refused 5 300
}

# in_show NS REGEX: a line of failover show says so.
in_show() { in_ns "$1" failover show | grep -E "$2"; }

absent_link() {
	config primary | sed 's/FAIL-LINK fail$/FAIL-LINK nosuch/' >"$tmp/$fw1.conf"
	daemon_up "$fw1"
	wait_for 10 in_show "$fw1" 'FAIL-LINK nosuch \(.*(down|missing|no such|absent|not).*\)'
	daemon_down "$fw1"
	fresh_firewalls
}

absent_interface() {
	config primary | sed 's/^interface in nameif/interface nosuch nameif/' \
		>"$tmp/$fw1.conf"
	daemon_up "$fw1"
	wait_for 10 shown_or_said nosuch
	daemon_down "$fw1"
	fresh_firewalls
}
shown_or_said() {
	in_show "$fw1" 'inside.*([Nn]o [Ll]ink|[Ff]ailed|[Dd]own|[Uu]nknown|missing)' ||
		grep "$1" "$tmp/$fw1.log"
}

# What is in force, apart from what changes by itself.
in_force() { in_ns "$fw1" failover show running-config; }

last_good_stays() {
	in_force >"$tmp/good"
	bad 's/polltime unit msec/polltime unit msce/'
	fails in_ns "$fw1" failover configure "$tmp/bad.conf"
	grep -q msce "$tmp/fails"
	fails in_ns "$fw1" failover polltime unit msec 500 holdtime msec 300
	fails in_ns "$fw1" failover lan interface FAIL-LINK in
	fails in_ns "$fw1" failover bogus
	grep -q bogus "$tmp/fails"
	in_force | cmp - "$tmp/good"
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
}

# The other unit says so as well; which one is active meanwhile is another test's.
link_down() {
	ip -n "$fw2" link set fail down
	wait_for 10 in_show "$fw2" 'FAIL-LINK( fail \(.*down.*\)|, which is down)'
	wait_for 10 link_lost
	ip -n "$fw2" link set fail up
	wait_for 20 in_show "$fw2" 'FAIL-LINK fail \(up\)'
	wait_for 30 paired_again
}
link_lost() { in_show "$fw1" 'FAIL-LINK fail \(.*(down|[Ff]ailed|silent).*\)'; }
paired_again() {
	local states
	states=$(state "$fw1")+$(state "$fw2")
	[ "$states" = "Active+Standby Ready" ] ||
		[ "$states" = "Standby Ready+Active" ]
}

other_version() {
	local mac
	fresh_firewalls
	unit_up "$fw2" secondary
	wait_for 20 state_is "$fw2" Active
	mac=$(link_mac)
	in_ns "$fw1" "$frames" fail version "$ethertype" 5 "$mac"
	wait_for 10 five_counted
	wait_for 10 said_while_heard "$mac"
}
five_counted() { is "counted" "$(counter "$fw2" rx-bad-version)" -eq 5; }

# It is forgotten when no such frame comes any more.
said_while_heard() {
	in_ns "$fw1" "$frames" fail version "$ethertype" 1 "$1"
	in_show "$fw2" 'FAIL-LINK fail .*another version'
}

both_primary() {
	fresh_firewalls
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" Active
	unit_up "$fw2" primary
	wait_for 20 in_show "$fw1" '[Mm]ismatch|both.*primary|also.*primary'
	wait_for 20 in_show "$fw2" '[Mm]ismatch|both.*primary|also.*primary'
	state_is "$fw1" Active
}

stages <<-END
	!network            two firewalls, the module
	wrong_word          a wrong word in a line: refused, line and word named
	wrong_line          a line that is none: refused
	wrong_address       an address that is none: refused
	same_address        the same address for both units: refused
	same_link_address   the same address at both ends of the link: refused
	short_hold          a hold time under three polls: refused
	absent_link         a link device that does not exist: shown
	absent_interface    a data interface that does not exist: shown
	!pair_up            a good configuration works
	last_good_stays     bad commands and files after that change nothing
	link_down           a link that is down is shown by both, and recovers
	other_version       a peer of another version is counted and shown
	both_primary        two primaries: both say so, the active stays active
	kernel_is_clean     the kernel log is clean
END

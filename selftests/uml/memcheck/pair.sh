#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a pair and its operator do in one day, for ./run: every command once, a
# switchover, a lost unit, a file that is wrong, both daemons to their end.
#
# Topology: ../../lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../../lib.sh"

pair() {
	network_up
	pair_up
	play echo "$server" server 5000
	play tcp "$client" tcp "$out4" 5000 10
	opened tcp 10
}

# each_of NS: every line of standard input is a command; all are tried.
each_of() {
	local words bad=0
	while read -r words; do
		# shellcheck disable=SC2086 # words
		in_ns "$1" failover $words </dev/null >"$tmp/said" 2>&1 && continue
		echo "failover $words: status $?"
		cat "$tmp/said"
		bad=1
	done
	return "$bad"
}

shown=('' state 'history details' statistics 'statistics unit'
	'statistics bulk-sync' 'statistics interface' interface
	monitor-interface track counters running-config)

commands() {
	{
		printf 'show %s\n' "${shown[@]}"
		printf -- '-j show %s\n' "${shown[@]}"
		printf '%s\n' prompt check '-j check' help "genkey $tmp/key"
	} | each_of "$fw1"
}

lines() {
	each_of "$fw1" <<-END
		configure $tmp/$fw1.conf
		interface-policy 2
		no interface-policy
		preempt 30
		track mark file $tmp/mark
		track daemon process failoverd
		track shell process bash
		track net route 10.10.0.0/24 dev in
		show track
		no track
	END
	fails in_ns "$fw1" failover xyzzy
	echo 'failover lan unit third' >"$tmp/bad"
	fails in_ns "$fw1" failover check config "$tmp/bad"
	cp "$tmp/$fw2.conf" "$tmp/good"
	cp "$tmp/bad" "$tmp/$fw2.conf"
	kill -HUP "${daemon[$fw2]}"
	wait_for 20 grep -q '%FAILOVER-3-990105' "$tmp/$fw2.log"
	cp "$tmp/good" "$tmp/$fw2.conf"
	kill -HUP "${daemon[$fw2]}"
	wait_for 20 grep -q '%FAILOVER-5-990104' "$tmp/$fw2.log"
}

switched() {
	in_ns "$fw1" failover --timeout 60 no active
	wait_for 20 state_is "$fw2" Active
	wait_for 20 state_is "$fw1" "Standby Ready"
	all_go_on tcp=10
}

lost() {
	ip -n "$fw2" link set fail down
	ip -n "$sw" link set fw2-in down
	ip -n "$sw" link set fw2-out down
	wait_for 20 state_is "$fw1" Active
	daemon_down "$fw2"
	daemon_down "$fw1"
}

stages <<-END
	!pair           a pair with traffic
	commands        every command that shows
	lines           lines at the shell, and files that are wrong
	switched        a switchover
	lost            a lost unit, and the end of both daemons
	kernel_is_clean the kernel log is clean
END

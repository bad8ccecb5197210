#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Elements with a timeout of named sets of nftables: who has logged in to a
# captive portal of three lines stays so over a takeover. What rules add on the
# packet path is on the other unit, too. Without the setting the new active unit
# lets nobody through.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

user=10.10.0.10
lines=("failover replication nft-set inet portal users"
	"failover replication nft-set inet portal seen")

# portal NS: the three lines, and a set that a rule fills.
portal() {
	in_ns "$1" nft -f - <<-END
		table inet portal {
			set users { type ipv4_addr; flags timeout; }
			set seen {
				type ipv4_addr . inet_proto
				flags timeout, dynamic
				timeout 1h
			}
			chain forward {
				type filter hook forward priority -5
				iifname in ip saddr != @users drop
				iifname in add @seen { ip saddr . meta l4proto }
			}
		}
	END
}

log_in() { in_ns "$1" nft "add element inet portal users { $2 timeout 1h }"; }
log_out() { in_ns "$1" nft "delete element inet portal users { $2 }"; }
# elements NS SET
elements() { in_ns "$1" nft list set inet portal "$2"; }
has() { elements "$@" | grep -qF -- "$3"; }
has_not() { fails has "$@"; }
# Seconds until it is over.
left() {
	in_ns "$1" nft -j list set inet portal users |
		jq ".nftables[].set.elem // [] | .[] | .elem | select(.val == \"$2\") | .expires"
}
gets_through() { in_ns "$client" ping -q -c 1 -W 2 "$out4"; }

network() {
	network_up
	sysctls "$server" net.ipv4.icmp_echo_ignore_all=0
	portal "$fw1"
	portal "$fw2"
}

logged_in() {
	pair_up "${lines[@]}"
	in_ns "$fw1" failover show | grep -qxF "${lines[0]}"
	fails gets_through
	log_in "$fw1" "$user"
	gets_through
	wait_for 20 has "$fw2" users "$user"
	is "seconds left" "$(left "$fw2" "$user")" -gt 3500
}

# What a rule adds makes no event, and is found all the same.
by_rule() {
	has "$fw1" seen "$user . icmp"
	wait_for 20 has "$fw2" seen "$user . icmp"
}

logged_out() {
	log_in "$fw1" 10.10.0.77
	wait_for 20 has "$fw2" users 10.10.0.77
	log_out "$fw1" 10.10.0.77
	wait_for 20 has_not "$fw2" users 10.10.0.77
	has "$fw2" users "$user"
}

# What happens while a daemon is not there is seen when it is started again.
restarted() {
	log_in "$fw1" 10.10.0.78
	wait_for 20 has "$fw2" users 10.10.0.78
	daemon_down "$fw1"
	log_out "$fw1" 10.10.0.78
	log_in "$fw1" 10.10.0.79
	daemon_up "$fw1"
	wait_for 30 has "$fw2" users 10.10.0.79
	wait_for 30 has_not "$fw2" users 10.10.0.78
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
	# the standby's daemon, and a ruleset that is loaded anew
	daemon_down "$fw2"
	in_ns "$fw2" nft flush set inet portal users
	daemon_up "$fw2"
	wait_for 30 has "$fw2" users "$user"
	wait_for 20 state_is "$fw2" "Standby Ready"
}

taken_over() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	wait_for 20 gets_through
	has "$fw2" users "$user"
	is "seconds left" "$(left "$fw2" "$user")" -lt 3600
	log_in "$fw2" 10.10.0.80
}

# A unit that comes back without the table says so, and has all when it has one.
missing() {
	unit_back "$fw1" primary "${lines[@]}"
	wait_for 30 state_is "$fw1" "Standby Ready"
	in_ns "$fw1" failover show | grep -F "${lines[0]}: there is no such set"
	in_ns "$fw1" failover check | grep -F "set inet portal users is not replicated"
	grep -F "set inet portal users is not replicated" "$tmp/$fw1.log"
	portal "$fw1"
	wait_for 40 has "$fw1" users "$user"
	wait_for 20 has "$fw1" users 10.10.0.80
	in_ns "$fw1" failover show | grep -qxF "${lines[0]}"
}

control() {
	fresh_firewalls
	portal "$fw1"
	portal "$fw2"
	pair_up
	log_in "$fw1" "$user"
	gets_through
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	has_not "$fw2" users "$user"
	fails gets_through
}

stages <<-END
	!network          client, server, two firewalls with a captive portal
	!logged_in        who logs in on the active unit is in the set of the standby
	by_rule           so is what a rule adds on the packet path
	logged_out        who logs out is not any more
	restarted         nor are changes lost while a daemon is not there
	!taken_over       after a takeover the client gets through
	missing           a unit without the set says so, and has all once it has one
	control           control: without the setting it does not get through
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The standby joins late: the active has 20,000 connections, half of which are
# older than its failover. Afterwards the standby's table equals the active's,
# entry by entry: tuples, NAT, protocol state, mark, zone, status. The
# comparison is shown to fail for one entry that is missing or altered.
#
# Topology: lib.sh. Port 5006 gets a mark, port 5007 a zone.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

count=${COUNT:-$(some 20000)}
held=(tcp6=50 marked=100 plain=50 zoned=100 icmp4=50 icmp6=50)

network() {
	network_up
	play echo "$server" server 5000 5006 5007
	module_needed
}

# short HOST PORT COUNT SPORT: so many UDP flows, each with a tuple of its own.
short() {
	play short "$client" churn udp "$1" "$2" "$3" 0 64 "$4"
	hear short 120
	heard_is ok -eq "$3"
	stop short
}

before() {
	by_hand "$fw1" active
	short "$out4" 5000 $((count / 2)) 10000
	play tcp4 "$client" tcp "$out4" 5000 150
	opened tcp4 150
	all_go_on tcp4=150
}

alone() {
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" Active
}

older_go_on() {
	is "connections of the active" "$(connections "$fw1")" -ge $((count / 2))
	all_go_on tcp4=150
}

while_active() {
	local it quarter
	quarter=$(((count - $(connections "$fw1")) / 4))
	short "$out6" 5000 $((quarter * 2)) 10000
	short "$out4" 5006 "$quarter" 10000
	short "$out4" 5007 "$quarter" 10000
	play tcp6 "$client" tcp "$out6" 5000 50
	play marked "$client" tcp "$out4" 5006 100
	play plain "$client" tcp 203.0.113.11 5000 50
	play zoned "$client" udp "$out4" 5007 100
	play icmp4 "$client" icmp "$out4" 0 50
	play icmp6 "$client" icmp "$out6" 0 50
	for it in "${held[@]}"; do opened "${it%=*}" "${it#*=}"; done
	all_go_on "${held[@]}"
	is "connections of the active" "$(connections "$fw1")" -ge "$count"
}

joins() {
	unit_up "$fw2" secondary
	wait_for 60 state_is "$fw2" "Standby Ready"
	echo "bulk syncs: $(counter "$fw1" bulk-syncs)"
}

# Ready means ready: the comparison is not given time.
equal() {
	"$ctdiff" "$fw1" "$fw2"
	"$ctdiff" -l "$fw1" >"$tmp/list"
	is "entries compared" "$(wc -l <"$tmp/list")" -ge "$count"
	grep -q ' zone=7$' "$tmp/list"
	grep -q ' mark=0xabcd0006' "$tmp/list"
	grep -q '^ipv6 .* id=.*\[SNAT\]' "$tmp/list"
}

# The same with the eyes of conntrack: all but timeouts and use counts.
listed_equal() {
	listed "$fw1" >"$tmp/one"
	listed "$fw2" >"$tmp/two"
	is "entries listed" "$(wc -l <"$tmp/one")" -ge "$count"
	cmp "$tmp/one" "$tmp/two"
}
listed() {
	in_ns "$1" conntrack -L -o extended 2>/dev/null |
		sed -E 's/ [0-9]+ (src=|[A-Z])/ \1/; s/ use=[0-9]+//' | sort
}

counts() {
	is "objects of the standby" "$(show "$fw2" .this.objects)" \
		-ge "$(wc -l <"$tmp/list")"
	is "xerr of the active" "$(show "$fw1" '[.classes[].xerr] | add')" -eq 0
	is "rerr of the standby" "$(show "$fw2" '[.classes[].rerr] | add')" -eq 0
}

takeover() {
	unit_lost "$fw1"
	all_go_on "${held[@]}" tcp4=150
}

# one NS: the selectors of one of its entries, a short one.
one() {
	in_ns "$1" conntrack -L -p udp --orig-port-dst 5006 2>/dev/null |
		sed -nE '1s/.*src=(\S+) dst=(\S+) sport=(\S+) dport=(\S+) src=.*/-s \1 -d \2 --sport \3 --dport \4/p'
}

# differ COUNT: so many lines of the comparison.
differ() {
	fails "$ctdiff" "$fw1" "$fw2"
	is "lines that differ" "$(grep -c '^[-+]ipv' "$tmp/fails")" -eq "$1"
}

altered() {
	local e
	e=$(one "$fw2")
	# shellcheck disable=SC2086 # the selectors are words
	in_ns "$fw2" conntrack -U -p udp $e --mark 99 >/dev/null
	differ 2
	# shellcheck disable=SC2086
	in_ns "$fw2" conntrack -U -p udp $e --mark $((0x66)) >/dev/null
	"$ctdiff" "$fw1" "$fw2"
	in_ns "$fw2" conntrack -I -p udp -s 192.0.2.7 -d 192.0.2.8 \
		--sport 7 --dport 8 -t 600 -u SEEN_REPLY >/dev/null
	differ 1
	in_ns "$fw2" conntrack -D -p udp -s 192.0.2.7 >/dev/null
	"$ctdiff" "$fw1" "$fw2"
}

# What the standby loses by somebody's hand, it asks for.
repaired() {
	local e
	e=$(one "$fw2")
	# shellcheck disable=SC2086
	in_ns "$fw2" conntrack -D -p udp $e >/dev/null
	is "lost" "$(counter "$fw2" ct-lost-on-standby)" -eq 1
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}

stages <<-END
	!network          client, server, two firewalls, the module
	!before           half of $count connections, before failover is on
	!alone            fw1 alone becomes active
	older_go_on       the connections from before are all there, and go on
	!while_active     the rest: marks, zones, IPv6, ICMP, with and without NAT
	!joins            fw2 joins, gets a bulk sync and is standby ready
	equal             its table equals the active's, entry by entry
	listed_equal      and so does what conntrack -L shows
	counts            the counters say so too, without errors
	altered           control: an entry altered or too many fails the comparison
	repaired          an entry that is deleted on the standby comes back
	takeover          fw1 is lost: what is still in use goes on
	kernel_is_clean   the kernel log is clean
END

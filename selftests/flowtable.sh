#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections that a flowtable of nftables forwards past conntrack outlive the
# active unit: conntrack on the active sees no more packets of them, makes no
# events, and has given them a timeout of a day. On the standby they are
# connections like others; the new active takes them into its own flowtable if its
# ruleset has one. A unit that was active forwards nothing of what it has in there.
#
# Topology: lib.sh. What is to be closed goes to port 5001, what is no longer used
# after a while to 5002.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

timeout=$((4 * slow))
flows=(tcp4=10 tcp6=10 fwd-tcp4=5)
streams=(stream4 stream6)
beats=(beat4 beat6)

network() {
	network_up
	play outside "$server" server 5000 5001 5002
	play behind "$client" server 5000
	prepare "$fw1"
	prepare "$fw2"
}

# prepare NS: timeouts that end while the test runs. That of a flowtable is to be
# shorter than that of its protocol: the rest is what its flows have left when they
# leave it, for one because the routes change.
prepare() {
	flowtable "$1"
	sysctls "$1" net.netfilter.nf_conntrack_udp_timeout="$timeout" \
		net.netfilter.nf_conntrack_udp_timeout_stream="$timeout" \
		net.netfilter.nf_conntrack_tcp_timeout_time_wait=2 \
		net.netfilter.nf_conntrack_tcp_timeout_close=2 \
		net.netfilter.nf_flowtable_udp_timeout="$slow" \
		net.netfilter.nf_flowtable_tcp_timeout=600
}

# flowtable NS
flowtable() {
	in_ns "$1" nft -f - <<-NFT
	table inet more {
		flowtable ft {
			hook ingress priority filter; devices = { in, out };
		}
		chain forward {
			type filter hook forward priority 10; policy accept;
			meta l4proto { tcp, udp } flow add @ft
		}
	}
	NFT
}

open_all() {
	local it
	play tcp4 "$client" tcp "$out4" 5000 10
	play tcp6 "$client" tcp "$out6" 5000 10
	play fwd-tcp4 "$server" tcp 203.0.113.2 8080 5
	for it in "${flows[@]}"; do opened "${it%=*}" "${it#*=}"; done
	all_go_on "${flows[@]}"
	play stream4 "$client" stream "$out4" 5000 20000
	play stream6 "$client" stream "$out6" 5000 20000
	play beat4 "$client" beat udp "$out4" 5000 5
	play beat6 "$client" beat udp "$out6" 5000 5
}

opened_all() {
	open_all
	play closing "$client" tcp "$out4" 5001 5
	opened closing 5
	all_go_on closing=5
	wait_for 20 offloaded "$fw1" 34
}

# lines NS REGEX: connections that conntrack shows with it.
lines() { in_ns "$1" conntrack -L 2>/dev/null | grep -cE "$2" || :; }

# offloaded NS COUNT
offloaded() { is "offloaded on $1" "$(lines "$1" '\[OFFLOAD')" -eq "$2"; }

standby_has_all() {
	in_step "$fw1" "$fw2"
	wait_for 20 has_all "$fw2" 34
	offloaded "$fw2" 0
}
has_all() { is "connections of $1" "$(lines "$1" 'dport=(500[012]|8080)')" -eq "$2"; }

# Time is what matters, not what is seen.
longer() {
	local began
	began=$(now_ms)
	wait_for 12 later "$began"
	has_all "$fw1" 34
	has_all "$fw2" 34
	wait_for 5 offloaded "$fw1" 34
}
later() { is "age" $(($(now_ms) - $1)) -ge $((timeout * 1500)); }

# The end of a connection is for conntrack again: from the first FIN on, or, with newer
# kernels, when the flow, which goes on until then, was not used for the timeout of a
# flowtable. Here that is short; what is silent meanwhile keeps its long one.
closed() {
	sysctls "$fw1" net.netfilter.nf_flowtable_tcp_timeout="$slow"
	tell closing close
	wait_for 20 none_of "$fw1" 5001
	sysctls "$fw1" net.netfilter.nf_flowtable_tcp_timeout=600
	in_step "$fw1" "$fw2"
	wait_for 20 none_of "$fw2" 5001
	stop closing
}
none_of() { is "connections to port $2 on $1" "$(lines "$1" "dport=$2 ")" -eq 0; }

# go_on: all that was opened and is used.
go_on() {
	local who
	all_go_on "${flows[@]}"
	for who in "${streams[@]}"; do
		tell "$who" report
		heard_is bad -eq 0
		heard_is reset -eq 0
		running_on "$who"
	done
	for who in "${beats[@]}"; do
		running_on "$who"
		heard_is moved -eq 0
	done
}

# running_on NAME: more comes than has come.
running_on() {
	local was
	tell "$1" report
	was=$(value received "$heard")
	wait_for 30 more_came "$1" "$was"
}
more_came() {
	tell "$1" report
	heard_is received -gt "$2"
}

# A flowtable lets go soon of what is not used.
used_and_offloaded() { all_go_on unused=5 && offloaded "$fw1" 34; }

# What is offloaded on fw1 when it is lost, and not used from then on.
loss() {
	play unused "$client" udp "$out4" 5002 5
	opened unused 5
	wait_for 20 used_and_offloaded
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	go_on
	wait_for 20 offloaded "$fw2" 29
}

# What nobody uses has the timeout of UDP from here on, not that of a flowtable;
# what the flowtable has taken has that.
expire() {
	wait_for 10 none_of "$fw2" 5002
	stop unused
	has_all "$fw2" 29
	wait_for 5 offloaded "$fw2" 29
}

back() {
	unit_back "$fw1" primary
	prepare "$fw1"
	wait_for 30 state_is "$fw1" "Standby Ready"
	give_role "$fw2" "$fw1"
	go_on
	wait_for 20 offloaded "$fw1" 29
	offloaded "$fw2" 0
	wait_for 20 has_all "$fw2" 29
}

# What comes to a standby is dropped, also what it would have forwarded as the
# active unit a moment ago without a look at its rules.
gate() {
	local was mac
	was=$(counter "$fw2" gate-drops)
	mac=$(ip -n "$fw2" -o link show in | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/')
	ip -n "$client" neigh replace 10.10.0.254 lladdr "$mac" dev eth0 nud permanent
	# for a moment after a handover it sends it on to the active unit
	wait_for 20 dropped $((was + 5))
	tell beat4 report
	set -- "$(value received "$heard")"
	wait_for 20 dropped $((was + 25))
	tell beat4 report
	heard_is received -eq "$1"
	ip -n "$client" neigh del 10.10.0.254 dev eth0
	go_on
}
dropped() { is "what the gate has dropped" "$(counter "$fw2" gate-drops)" -ge "$1"; }

# The ruleset of the new active has no flowtable: what that of the other has wished
# of conntrack, not to check windows, is not for good here.
none_there() {
	in_ns "$fw2" nft delete table inet more
	unit_lost "$fw1"
	go_on
	offloaded "$fw2" 0
	has_all "$fw2" 29
	wait_for 10 all_liberal
}
all_liberal() { is "for a while" "$(show "$fw2" .this.liberal_connections)" -eq 27; }

# control: it is the connections that count.
control() {
	local it
	stop "${flows[@]%=*}" "${streams[@]}" "${beats[@]}"
	fresh_firewalls
	prepare "$fw1"
	prepare "$fw2"
	pair_up "no failover replication connections"
	open_all
	wait_for 20 offloaded "$fw1" 29
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on "${flows[@]%=*}"
	wait_for 20 moved beat4
	wait_for 20 moved beat6
}
moved() {
	tell "$1" report
	heard_is moved -gt 0
}

stages <<-END
	!network          servers outside and behind, two firewalls with flowtables
	!pair_up          fw1 becomes active, fw2 becomes standby ready
	!opened_all       TCP and UDP through NAT, offloaded on fw1
	standby_has_all   the standby has all of them, and offloads none
	longer            also when they are older than their timeouts
	closed            what is closed on fw1 ends on fw2
	loss              fw1 is lost: all go on, and are offloaded on fw2
	expire            what is not used ends when its own timeout does
	back              fw1 takes over again: fw2 has all, and offloads none
	gate              and forwards nothing of what is sent to it
	none_there        fw1 is lost again: all go on without a flowtable as well
	control           control: without replication none does
	kernel_is_clean   the kernel log is clean
END

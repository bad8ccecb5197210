#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a rule, a helper or a sysctl has given to a connection outlives the active
# unit: labels, counters, the time when it began, and sequence numbers that NAT
# has shifted. The rules that give it are those of fw1 alone: the other unit has
# it from the records.
#
# Topology: lib.sh. The server echoes at port 21, which is FTP for the helper:
# its NAT makes "PORT 10,10,0,10,4,1" one letter longer.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

all=(tcp4=20 udp4=10 tcp6=10)
counted='net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1'

network() {
	network_up
	play outside "$server" server 5000
	modprobe -q nf_nat_ftp || :
	prepare
}

# prepare: the rules of fw1, and what both count.
prepare() {
	# shellcheck disable=SC2086 # words
	sysctls "$fw1" $counted
	# shellcheck disable=SC2086 # words
	sysctls "$fw2" $counted
	in_ns "$fw1" nft -f - <<-NFT
	table inet more {
		ct helper ftp { type "ftp" protocol tcp; }
		chain forward {
			type filter hook forward priority -10; policy accept;
			iifname "in" tcp dport 5000 ct label set 5
			iifname "in" udp dport 5000 ct label set 127
			iifname "in" tcp dport 21 ct helper set "ftp"
		}
	}
	NFT
}

players() {
	play tcp4 "$client" tcp "$out4" 5000 20
	play udp4 "$client" udp "$out4" 5000 10
	play tcp6 "$client" tcp "$out6" 5000 10
}

# ftp_up: a connection to port 21, whose text comes back.
ftp_up() {
	rm -f "$tmp/said" "$tmp/heard"
	mkfifo "$tmp/said"
	all_said=
	ip netns exec "$server" socat TCP-LISTEN:21,reuseaddr EXEC:cat 2>"$tmp/socat" &
	pids+=($!)
	wait_for 10 listens
	ip netns exec "$client" socat - "TCP:$out4:21" <"$tmp/said" >"$tmp/heard" 2>&1 &
	pids+=($!)
	exec {ftp}>"$tmp/said"
}

listens() { in_ns "$server" ss -Hltn sport = 21 | grep -q .; }

# says TEXT HEARD: the client says a line, and all that it has said so far comes
# back as it should.
says() {
	printf '%s\r\n' "$1" >&"$ftp"
	all_said+=$2/
	wait_for 30 heard_back
}
heard_back() { is "what the server heard" "$(tr -d '\r' <"$tmp/heard" | tr '\n' /)" "$all_said"; }

shifted() {
	ftp_up
	# the helper takes a line for one when it has seen the end of another
	says "USER a" "USER a"
	says "PORT 10,10,0,10,4,1" "PORT 203,0,113,2,4,1"
	says "NOOP 1" "NOOP 1"
	in_ns "$fw1" conntrack -L -p tcp --orig-port-dst 21
	"$ctdiff" -l "$fw1" | grep 'dport=21 .*seqadj='
}

# ctdiff compares labels, shifts and the time when it began, too.
standby_has_all() {
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	is "connections with label 5" "$(labelled "$fw2" 20000000)" -ge 30
	is "connections with label 127" \
		"$(labelled "$fw2" 00000000000000000000000000000080)" -eq 10
	is "connections with a start" "$("$ctdiff" -l "$fw2" | grep -c ' start=')" -ge 41
	is "what had no room" "$(counter "$fw2" ct-extension-refused)" 0
}

# labelled NS HEX: how many have just these.
labelled() { "$ctdiff" -l "$1" | grep -cE " labels=${2}0*( |$)"; }

# A rule sets a label on connections that the standby has; a packet is all.
changed() {
	in_ns "$fw1" nft add rule inet more forward iifname '"in"' udp dport 5000 ct label set 64
	all_go_on "${all[@]}"
	wait_for 20 both_labels
}
both_labels() {
	is "connections with both labels" \
		"$(labelled "$fw2" 00000000000000000100000000000080)" -eq 10
}

# packets NS: of the TCP connections to port 5000 over IPv4, out and back.
packets() {
	in_ns "$1" conntrack -L -f ipv4 -p tcp --orig-port-dst 5000 2>/dev/null |
		grep -oE 'packets=[0-9]+' | awk -F= '{ n += $2 } END { print n + 0 }'
}

# No event tells of them: an established connection has none.
accounting() {
	local was
	was=$(packets "$fw2")
	all_go_on "${all[@]}"
	all_go_on "${all[@]}"
	is "packets that the active has seen" "$(packets "$fw1")" -gt $((was + 20))
	wait_for 40 same_packets
}
same_packets() { is "packets" "$(packets "$fw2")" "$(packets "$fw1")"; }

loss() {
	local was
	was=$(packets "$fw2")
	in_ns "$fw2" nft -f - <<-NFT
	table inet more {
		counter five { }
		chain forward {
			type filter hook forward priority -10; policy accept;
			iifname "in" tcp dport 5000 ct label 5 counter name five
		}
	}
	NFT
	unit_lost "$fw1"
	all_go_on "${all[@]}"
	is "packets of it" "$(packets "$fw2")" -gt "$was"
	is "packets that a rule of fw2 knows by their label" "$(in_ns "$fw2" nft -j \
		list counter inet more five | jq '[.nftables[].counter // empty][0].packets')" -gt 0
}

# Both directions: what comes back is acknowledged.
shifted_goes_on() {
	says "NOOP 2" "NOOP 2"
	says "NOOP 3" "NOOP 3"
}

# tended: fw1 has looked at all its connections; this sysctl is part of that.
tended() {
	sysctls "$fw1" net.netfilter.nf_conntrack_events=0
	wait_for 20 in_ns "$fw1" grep -q 1 /proc/sys/net/netfilter/nf_conntrack_events
}

# Without the interval only whole records have counters.
control() {
	local it was
	for it in "${all[@]}"; do stop "${it%=*}"; done
	fresh_firewalls
	prepare
	pair_up
	open_all
	in_step "$fw1" "$fw2"
	was=$(packets "$fw2")
	all_go_on "${all[@]}"
	all_go_on "${all[@]}"
	tended
	tended
	in_step "$fw1" "$fw2"
	is "packets on the standby" "$(packets "$fw2")" "$was"
}

paired() { pair_up "failover replication accounting 5"; }

stages <<-END
	!network          a server, two firewalls, rules of fw1 that set labels
	!paired           fw1 becomes active, fw2 becomes standby ready
	!open_all         TCP and UDP through masquerade
	!shifted          NAT of FTP makes a line longer than it was
	standby_has_all   the standby has labels, shifts, and when it all began
	changed           a label that is set later is there, too
	accounting        and counters, without an event that tells of them
	loss              fw1 is lost: all go on, a rule of fw2 finds the label
	shifted_goes_on   the connection of FTP loses no letter, in both directions
	control           control: without the interval counters stand still
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netdev of a link takes part in nothing else: what does is refused with the
# reason, and what becomes so later is told. Nothing is forwarded through it. And
# nothing that is for other packets stops a hello: no ruleset, no filter of all that
# comes to the netdev, no full table of connections. A send queue that takes nothing
# is a fault of its unit alone.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

network() {
	network_up
	play echo "$server" server 5000
	module_needed
	modprobe -q bonding || :
}

# refused WORDS: x1 as the failover link of fw1.
refused() {
	fails in_ns "$fw1" failover lan interface X x1
	grep -F "$1" "$tmp/fails"
}
accepted() {
	in_ns "$fw1" failover lan interface X x1
	in_ns "$fw1" failover no lan interface X x1
}
refusals() {
	ips "$fw1" <<-END
		link add x1 type veth peer name x2
		link add xbr type bridge
		link set x1 master xbr
	END
	refused 'is a port of a bridge'
	ip -n "$fw1" link set x1 nomaster
	accepted
	ips "$fw1" <<-END
		link add xbond type bond
		link set x1 master xbond
	END
	refused 'is a slave of a bond'
	ip -n "$fw1" link set x1 nomaster
	ip -n "$fw1" link set x1 up
	ip -n "$fw1" addr add 192.0.2.1/24 dev x1
	refused 'the link has the address 192.0.2.1, not its own'
	ip -n "$fw1" addr flush dev x1
	ip -n "$fw1" addr add 2001:db8:5::1/64 dev x1 nodad
	refused 'the link has the address 2001:db8:5::1, not its own'
	ip -n "$fw1" addr del 2001:db8:5::1/64 dev x1
	# control: its link-local address is no reason
	accepted
	printf 'link del %s\n' x1 xbr xbond | ips "$fw1"
}

ready() {
	state_is "$fw1" Active || return
	state_is "$fw2" "Standby Ready"
}
not_in_show() { fails in_show "$@"; }
told() { grep -E "990224.*$2" "$tmp/$1.log"; }
more() { is "$2" "$(counter "$1" "$2")" -gt "$3"; }

pair() { pair_up; }

epochs() { echo "$(show "$fw1" .this.epoch) $(show "$fw2" .this.epoch)"; }

# It stays a link.
gets_address() {
	local n
	n=$(counter "$fw2" link-shared)
	ip -n "$fw2" addr add 192.0.2.1/24 dev fail
	wait_for 20 more "$fw2" link-shared "$n"
	wait_for 20 in_show "$fw2" 'Warning: link FAIL-LINK: has the address 192.0.2.1, which is not one of the link'
	wait_for 20 told "$fw2" 192.0.2.1
	in_ns "$fw2" failover show history | grep -F 'has got an address'
	ready
	# switched off and on it is still a link, as it is in force
	n=$(counter "$fw1" associations)
	in_ns "$fw1" failover reload-standby
	wait_for 20 more "$fw1" associations "$n"
	wait_for 30 ready
	ip -n "$fw2" addr del 192.0.2.1/24 dev fail
	wait_for 20 not_in_show "$fw2" 192.0.2.1
	# control: an address of the link is none of that
	n=$(counter "$fw2" link-shared)
	ip -n "$fw2" addr del 169.254.99.2/30 dev fail
	ip -n "$fw2" addr add 169.254.99.2/30 dev fail
	is "told" "$(counter "$fw2" link-shared)" -eq "$n"
}

# It is none any more, and the other unit is found on the data networks.
gets_master() {
	local n before
	before=$(epochs)
	n=$(counter "$fw2" link-shared)
	ip -n "$fw2" link add xbr type bridge
	ip -n "$fw2" link set fail master xbr
	more "$fw2" link-shared "$n"
	wait_for 20 told "$fw2" 'is a port of a bridge'
	wait_for 30 state_is "$fw2" "Cold Standby"
	is "link" "$(show "$fw2" '.config.links[0].mismatch')" \
		"the netdev of the link is a port of a bridge"
	state_is "$fw1" Active
	ip -n "$fw2" link set fail nomaster
	wait_for 30 ready
	is "epochs" "$(epochs)" "$before"
	ip -n "$fw2" link del xbr
}

# Out of it: hostile.sh.
no_way_in() {
	local n
	n=$(counter "$fw1" link-drops)
	in_ns "$fw1" nft insert rule inet fw forward counter accept
	ip -n "$fw2" route add 203.0.113.11/32 via 169.254.99.1
	play stray "$fw2" udp 203.0.113.11 5000 10
	tell stray open 1000
	heard_is ok -eq 0
	is "dropped" "$(counter "$fw1" link-drops)" -ge $((n + 10))
	stop stray
	ip -n "$fw2" route del 203.0.113.11/32
}

hellos() { is "hellos" "$(counter "$1" rx-hellos)" -ge "$2"; }
# heard: both go on to hear each other, for some polls.
heard() {
	local ns n
	for ns in "$fw1" "$fw2"; do
		n=$(counter "$ns" rx-hellos)
		wait_for 20 hellos "$ns" $((n + 10))
	done
}
pings() { in_ns "$fw2" ping -c 2 -i 0.2 -W 1 169.254.99.1; }
calm_counts() { echo "$(epochs) $(counter "$fw1" hold-expired) $(counter "$fw2" hold-expired)"; }

# closed SHUT OPEN [CLAIM]: what SHUT does to both units lets nothing else pass,
# and they go on as ever.
closed() {
	local ns before
	before=$(calm_counts)
	wait_for 20 pings
	for ns in "$fw1" "$fw2"; do "$1" "$ns"; done
	fails pings
	heard
	${3-}
	is "epochs and hold times" "$(calm_counts)" "$before"
	for ns in "$fw1" "$fw2"; do "$2" "$ns"; done
	wait_for 20 pings
}

no_packets() {
	in_ns "$1" nft -f - <<-'NFT'
	table inet closed {
		chain pre { type filter hook prerouting priority -450; policy drop; }
		chain in { type filter hook input priority -450; policy drop; }
		chain out { type filter hook output priority -450; policy drop; }
		chain through { type filter hook forward priority -450; policy drop; }
	}
	NFT
}
packets() { in_ns "$1" nft delete table inet closed; }
ruleset_closed() {
	in_ns "$fw1" sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	closed no_packets packets
}

# Those see frames of each type, and none is before a chain of this priority.
no_frames() {
	local p='type filter hook %s device "fail" priority -2147483648; policy drop;'
	# shellcheck disable=SC2059 # it is one
	printf "table netdev closed { chain in { $p }; chain out { $p }; }\n" \
		ingress egress | in_ns "$1" nft -f - "${@:2}"
}
frames() { in_ns "$1" nft delete table netdev closed; }
no_frames_in() {
	in_ns "$1" tc filter add dev fail ingress matchall action drop
}
frames_in() { in_ns "$1" tc filter del dev fail ingress; }

# State goes on as well, and so does a pair that finds each other there.
state_goes_on() {
	local n
	play few "$client" udp "$out4" 5000 20
	opened few 20
	in_step "$fw1" "$fw2"
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	stop few
	n=$(counter "$fw1" associations)
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	in_ns "$fw2" failover
	wait_for 30 ready
	more "$fw1" associations "$n"
}
chains_closed() {
	if ! no_frames "$fw1" -c; then
		echo "no chains at a netdev"
		return "$skipped"
	fi
	closed no_frames frames state_goes_on
}
tc_closed() {
	local ns
	for ns in "$fw1" "$fw2"; do
		in_ns "$ns" tc qdisc add dev fail clsact && no_frames_in "$ns" &&
			frames_in "$ns" && continue
		echo "no filters of tc"
		return "$skipped"
	done
	closed no_frames_in frames_in
	for ns in "$fw1" "$fw2"; do in_ns "$ns" tc qdisc del dev fail clsact; done
}

# With one connection more than it may have the table is full, on both units.
table_full() {
	local before
	play few "$client" udp "$out4" 5000 20
	opened few 20
	in_step "$fw1" "$fw2"
	before=$(calm_counts)
	sysctl -qw net.netfilter.nf_conntrack_max=10
	play late "$client" udp "$out4" 5000 20
	tell late open 1000
	# control; the table makes room for a few
	heard_is fail -ge 10
	heard
	wait_for 20 ready
	is "epochs and hold times" "$(calm_counts)" "$before"
	sysctl -qw net.netfilter.nf_conntrack_max=200000
	tell late open 5000
	heard_is ok -eq 20
	stop few late
}

# A queue that takes nothing: this unit alone has the fault.
send_error() {
	local before errors
	before=$(epochs)
	errors=$(counter "$fw1" tx-errors)
	in_ns "$fw1" tc qdisc add dev fail root pfifo limit 0
	wait_for 20 more "$fw1" tx-errors "$errors"
	wait_for 20 in_show "$fw1" 'Warning: link FAIL-LINK: frames cannot be sent'
	wait_for 20 told "$fw1" 'frames cannot be sent'
	wait_for 30 state_is "$fw2" "Cold Standby"
	state_is "$fw1" Active
	fails in_show "$fw2" 'frames cannot be sent'
	in_ns "$fw1" tc qdisc del dev fail root
	wait_for 30 ready
	wait_for 20 not_in_show "$fw1" 'frames cannot be sent'
	is "epochs" "$(epochs)" "$before"
}

stages <<-END
	!network          the network; failover is not configured
	refusals          what takes part in something else is refused as a link
	!pair             the pair
	gets_address      a link gets another address: told, and goes on
	gets_master       a link becomes a port of a bridge: told, no takeover
	no_way_in         what is to be forwarded from it is dropped
	ruleset_closed    a ruleset that drops all packets: hellos go on
	chains_closed     chains that drop all frames of the netdev: all goes on
	tc_closed         a filter of tc that drops all that comes in: all goes on
	table_full        the table of connections is full: hellos go on
	send_error        frames cannot be sent: told, no takeover
	kernel_is_clean   the kernel log is clean
END

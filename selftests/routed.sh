#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Links over UDP, through a router whose ruleset lets one port pass: the
# failover link in IPv4, the state link in IPv6 and with a narrow piece in the
# middle. The units' own rules do not concern them. Blocked, it is told what
# has to pass, nobody takes over, and it heals.
#
# Topology: lib.sh, but the namespace of the switch routes between the ends of
# the links: 10.1.0.1 - 10.2.0.1 and fd00:a::1 - fd00:b::1, .254 and ::fe there.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

lines=("failover lan interface FAIL-LINK fail transport udp"
	"failover link STATE-LINK stat transport udp port 7790"
	"failover interface ip FAIL-LINK 10.1.0.1/24 standby 10.2.0.1"
	"failover interface ip STATE-LINK fd00:a::1/64 standby fd00:b::1")
narrow=1400

# cable NS NET6 NET4: its two links to the router, unless it has them.
cable() {
	local host=${1%%-*} there4=10.1.0.0/24 there6=fd00:a::/64
	if ip -n "$1" link show fail >/dev/null 2>&1; then return; fi
	[ "$2" != a ] || there4=10.2.0.0/24 there6=fd00:b::/64
	wait_for 20 no_link "$sw" "$host-fail"
	wait_for 20 no_link "$sw" "$host-stat"
	ips "" <<-END
		link add fail netns $1 type veth peer name $host-fail netns $sw
		link add stat netns $1 type veth peer name $host-stat netns $sw
	END
	ips "$sw" <<-END
		addr add $3.254/24 dev $host-fail
		addr add fd00:$2::fe/64 dev $host-stat nodad
		link set $host-fail up
		link set $host-stat up
	END
	ips "$1" <<-END
		link set fail up
		link set stat up
		route add $there4 via $3.254 dev fail onlink
		route add $there6 via fd00:$2::fe dev stat onlink
	END
}
link_up() {
	cable "$fw1" a 10.1.0
	cable "$fw2" b 10.2.0
}

# The rules of the firewall in the middle, as Documentation gives them.
middle() {
	sysctls "$sw" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	in_ns "$sw" nft -f - <<-'NFT'
	table inet middle {
		counter dropped { }
		chain forward {
			type filter hook forward priority filter; policy accept;
			ct state established,related accept
			udp sport { 7789, 7790 } udp dport { 7789, 7790 } accept
			counter name dropped drop
		}
	}
	NFT
}
# The units' own rules, of every hook that could see the links.
hostile_rules() {
	in_ns "$1" nft -f - <<-'NFT'
	table inet own {
		counter seen { }
		chain raw {
			type filter hook prerouting priority raw; policy accept;
			udp dport 7788-7790 counter name seen drop
		}
		chain in {
			type filter hook input priority filter; policy accept;
			udp dport 7788-7790 counter name seen drop
		}
		chain out {
			type filter hook output priority filter; policy accept;
			udp dport 7788-7790 counter name seen drop
		}
		chain post {
			type filter hook postrouting priority filter; policy accept;
			udp dport 7788-7790 counter name seen drop
		}
	}
	NFT
}
# nft_counter NS NAME PACKETS
nft_counter() {
	is "packets of $2" "$(in_ns "$1" nft -j list counters |
		jq ".nftables[].counter? | select(.name == \"$2\") | .packets")" -eq "$3"
}

pair() {
	network_up
	middle
	hostile_rules "$fw1"
	hostile_rules "$fw2"
	play echo "$server" server 5000
	pair_up "${lines[@]}"
	is "transports" "$(show "$fw1" '[.config.links[] | .transport, .port] | join(" ")')" \
		"udp 7789 udp 7790"
	in_ns "$fw1" failover show running-config | grep -qx "${lines[1]}"
	in_ns "$fw1" failover show interface | grep -q 'Transport *: UDP port 7789'
}

# say NS ADDRESS PORT: a datagram.
say() { in_ns "$1" bash -c "echo hello >/dev/udp/$2/$3"; }

own_rules() {
	nft_counter "$fw1" seen 0
	nft_counter "$fw2" seen 0
	fails grep -E 'dport=(7789|7790)' <<<"$(in_ns "$fw1" conntrack -L 2>/dev/null)"
	nft_counter "$sw" dropped 0
	# the control: what is not of the link they do see
	say "$sw" 10.1.0.1 7788
	wait_for 10 nft_counter "$fw1" seen 1
	say "$fw1" 10.2.0.1 7787
	wait_for 10 nft_counter "$sw" dropped 1
}

stranger() {
	local before
	before=$(counter "$fw1" link-drops)
	say "$sw" 10.1.0.1 7789
	wait_for 10 dropped_since "$((before + 1))"
	nft_counter "$fw1" seen 1
}
dropped_since() { is "link-drops" "$(counter "$fw1" link-drops)" -ge "$1"; }

# block PORT...: in the middle.
block() {
	local port
	for port; do
		in_ns "$sw" nft insert rule inet middle forward udp dport "$port" drop
	done
}
unblock() {
	in_ns "$sw" nft flush chain inet middle forward
	in_ns "$sw" nft add rule inet middle forward accept
}

path_mtu() { ip -n "$fw1" -6 route get fd00:b::1 from fd00:a::1; }
path_found() { grep -q "mtu $narrow" <<<"$(path_mtu)"; }
# A bulk sync makes frames as long as they may be, of which the first are for the
# wide path.
narrow_path() {
	# in the middle alone: an end that knows of it tells the other one
	sysctls "$sw" net.ipv6.conf.fw1-stat.mtu="$narrow" \
		net.ipv6.conf.fw2-stat.mtu="$narrow"
	play tcp "$client" tcp "$out4" 5000 400
	play udp "$client" udp "$out6" 5000 100
	fails path_found
	block 7789 7790
	opened tcp 400
	opened udp 100
	wait_for 20 links_are "$fw1" peer-silent
	wait_for 20 links_are "$fw2" peer-silent
	unblock
	wait_for 30 path_found
	wait_for 30 state_is "$fw2" "Standby Ready"
	wait_for 60 in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}

links_are() {
	is "links of $1" "$(show "$1" '[.config.links[].status] | unique | join(" ")')" "$2"
}
says() { in_ns "$1" failover show | grep -qF -- "$2"; }
blocked() {
	local epoch
	epoch=$(show "$fw1" .this.epoch)
	block 7789 7790
	wait_for 20 links_are "$fw1" peer-silent
	wait_for 20 links_are "$fw2" peer-silent
	says "$fw1" 'nothing is heard on FAIL-LINK; UDP port 7789 has to pass between 10.1.0.1 and 10.2.0.1, both ways'
	says "$fw2" 'nothing is heard on STATE-LINK; UDP port 7790 has to pass between fd00:a::1 and fd00:b::1, both ways'
	all_go_on tcp=400 udp=100
	state_is "$fw1" Active
	unblock
	wait_for 20 links_are "$fw1" peer-alive
	wait_for 30 state_is "$fw2" "Standby Ready"
	is "epoch" "$(show "$fw1" .this.epoch)" "$epoch"
	fails says "$fw1" 'nothing is heard'
}

no_route() {
	ip -n "$fw1" route del 10.2.0.0/24
	wait_for 20 says "$fw1" "Warning: link FAIL-LINK: frames cannot be sent: there is no route to the other unit's address"
	state_is "$fw1" Active
	ip -n "$fw1" route add 10.2.0.0/24 via 10.1.0.254
	wait_for 20 links_are "$fw2" peer-alive
	# until the next frame the last one is what is known
	wait_for 20 fails says "$fw1" 'frames cannot be sent'
}

taken_over() {
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	all_go_on tcp=400 udp=100
	fw_up "$fw1"
	link_up
	unit_up "$fw1" primary "${lines[@]}"
	wait_for 30 state_is "$fw1" "Standby Ready"
}

stages <<-END
	!pair             a pair whose links go through a firewall that lets one port each pass
	own_rules         rules of the units that drop these ports see nothing, nor does conntrack
	stranger          a datagram of somebody else at the port is dropped and counted
	narrow_path       a path narrower than its ends is found, and all state arrives
	blocked           blocked: it is said what has to pass, nobody takes over, it heals
	no_route          without a route: that is said
	taken_over        the active unit is lost: every session goes on, and the mate comes back
	kernel_is_clean   the kernel log is clean
END

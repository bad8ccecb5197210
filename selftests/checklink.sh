#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "failover check link" finds out what is in the way of a link, and what it says
# is true: a firewall in the middle that blocks lets it pass with the very rule
# that is printed. The failover link is in UDP, through a router, the state link
# is not.
#
# Topology: lib.sh, but the namespace of the switch routes between the ends of the
# failover link: 10.1.0.1 - 10.2.0.1, .254 there.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

lines=("failover lan interface FAIL-LINK fail transport udp"
	"failover link STATE-LINK stat"
	"failover interface ip FAIL-LINK 10.1.0.1/24 standby 10.2.0.1")
narrow=1400

to_there() { ip -n "$fw1" route add 10.2.0.0/24 via 10.1.0.254 dev fail onlink; }
link_up() {
	ips "" <<-END
		link add fail netns $fw1 type veth peer name fw1-fail netns $sw
		link add fail netns $fw2 type veth peer name fw2-fail netns $sw
		link add stat netns $fw1 type veth peer name stat netns $fw2
	END
	ips "$sw" <<-END
		addr add 10.1.0.254/24 dev fw1-fail
		addr add 10.2.0.254/24 dev fw2-fail
		link set fw1-fail up
		link set fw2-fail up
	END
	printf 'link set %s up\n' fail stat | ips "$fw1"
	printf 'link set %s up\n' fail stat | ips "$fw2"
	to_there
	ip -n "$fw2" route add 10.1.0.0/24 via 10.2.0.254 dev fail onlink
	sysctls "$sw" net.ipv4.ip_forward=1
}

# looks NS STATUS [WORD...]: what it says is in $tmp/report.
looks() {
	local ns=$1 want=$2 status=0
	shift 2
	in_ns "$ns" failover -j check link "$@" >"$tmp/report" || status=$?
	cat "$tmp/report"
	is "exit status" "$status" -eq "$want"
}
# said LINK FILTER
said() { jq -r ".links[] | select(.name == \"$1\") | $2" "$tmp/report"; }
# fails_at NS LINK STATUS STAGE
fails_at() {
	looks "$1" "$3" "$2" || return
	is "stage" "$(said "$2" .stage)" "$4"
}
well() {
	looks "$1" 0 || return
	is "stages" "$(jq -c '[.links[].stage]' "$tmp/report")" '[null,null]'
}

pair() {
	network_up
	pair_up "${lines[@]}"
	wait_for 20 well "$fw1"
	epoch=$(show "$fw1" .this.epoch)
}

# Each comes back from the other unit's kernel, of the length that it had.
all_well() {
	local answered link
	answered=$(counter "$fw2" echoes-answered)
	well "$fw2"
	well "$fw1"
	for link in FAIL-LINK STATE-LINK; do
		is "sent" "$(said "$link" .sent)" -eq 20
		is "received" "$(said "$link" .received)" -eq 20
		is "loss" "$(said "$link" '.loss_percent == 0')" true
		is "path MTU" "$(said "$link" .path_mtu)" -eq 1500
		is "order" "$(said "$link" '.rtt_min_us > 0 and .rtt_min_us <= .rtt_avg_us and
			.rtt_avg_us <= .rtt_max_us')" true
	done
	# 20 and the longest, over each
	is "answered" $(($(counter "$fw2" echoes-answered) - answered)) -eq 42
	in_ns "$fw1" failover check link | grep -F "Path MTU: 1500"
	looks "$fw1" 0 STATE-LINK count 3
	is "sent" "$(jq -c '[.links[] | .name, .sent]' "$tmp/report")" '["STATE-LINK",3]'
	looks "$fw1" 3 NO-LINK
}

route_mtu() { # MTU
	ip -n "$sw" route replace 10.2.0.0/24 dev fw2-fail proto kernel scope link \
		src 10.2.0.254 mtu lock "$1"
}
path_known() { ip -n "$fw1" route get 10.2.0.1 from 10.1.0.1 | grep -q "mtu $narrow"; }
narrow_path() {
	route_mtu "$narrow"
	# where nobody says so
	in_ns "$sw" nft -f - <<-'NFT'
		table inet hole {
			chain out {
				type filter hook output priority filter; policy accept;
				icmp type destination-unreachable drop
			}
		}
	NFT
	fails_at "$fw1" FAIL-LINK 1 mtu
	is "path MTU" "$(said FAIL-LINK .path_mtu)" -eq "$narrow"
	fails path_known
	in_ns "$sw" nft delete table inet hole
	fails_at "$fw1" FAIL-LINK 1 mtu
	is "path MTU" "$(said FAIL-LINK .path_mtu)" -eq "$narrow"
	path_known
	in_ns "$fw1" failover check link FAIL-LINK | grep -F 'has to come back'
	route_mtu 1500
	ip -n "$fw1" route flush cache
	wait_for 20 well "$fw1"
}

lossy_path() {
	in_ns "$sw" tc qdisc add dev fw1-fail root netem delay 30ms loss 10%
	looks "$fw1" 1 FAIL-LINK count 200
	is "stage" "$(said FAIL-LINK .stage)" loss
	is "loss" "$(said FAIL-LINK '.loss_percent | . > 2 and . < 30')" true
	is "round trip" "$(said FAIL-LINK '.rtt_min_us >= 30000')" true
	is "path MTU" "$(said FAIL-LINK .path_mtu)" -eq 1500
	in_ns "$sw" tc qdisc del dev fw1-fail root
	wait_for 20 well "$fw1"
}

# The rule that is printed is what it takes.
blocked() {
	local rule
	in_ns "$sw" nft -f - <<-'NFT'
		table inet filter {
			chain forward { type filter hook forward priority filter; policy drop; }
		}
	NFT
	wait_for 20 fails_at "$fw1" FAIL-LINK 2 silent
	is "what" "$(said FAIL-LINK .open)" "UDP port 7789 between 10.1.0.1 and 10.2.0.1, both ways"
	rule=$(said FAIL-LINK .rule)
	looks "$fw1" 2
	is "state link" "$(said STATE-LINK .status)" OK
	in_ns "$sw" bash -c "$rule"
	wait_for 20 well "$fw1"
	wait_for 20 well "$fw2"
}
one_way() {
	in_ns "$sw" nft insert rule inet filter forward ip saddr 10.1.0.1 drop
	wait_for 20 fails_at "$fw2" FAIL-LINK 2 silent
	fails_at "$fw1" FAIL-LINK 2 one-way
	in_ns "$sw" nft delete table inet filter
	wait_for 20 well "$fw1"
}

netdev() {
	ip -n "$fw1" link set fail down
	fails_at "$fw1" FAIL-LINK 2 down
	# the route is gone with it
	ip -n "$fw1" link set fail up
	wait_for 20 fails_at "$fw1" FAIL-LINK 2 send
	said FAIL-LINK .text | grep -F 'there is no route'
	to_there
	wait_for 20 well "$fw1"
	ip -n "$sw" link set fw1-fail down
	wait_for 20 fails_at "$fw1" FAIL-LINK 2 carrier
	ip -n "$sw" link set fw1-fail up
	wait_for 20 well "$fw1"
	fails_at "$fw1" STATE-LINK 0 null
	is "epoch" "$(show "$fw1" .this.epoch)" "$epoch"
	state_is "$fw2" "Standby Ready"
}

other_key() {
	daemon_down "$fw2"
	in_ns "$fw2" failover no failover
	wait_for 20 fails_at "$fw1" STATE-LINK 2 silent
	is "what" "$(said STATE-LINK .open)" "EtherType 0x88b5, both ways"
	link_key="hex ${secret//0/1}" unit_up "$fw2" secondary "${lines[@]}"
	wait_for 20 fails_at "$fw1" STATE-LINK 2 refused
	said STATE-LINK .text | grep -F 'another key'
	in_ns "$fw1" failover no failover
	looks "$fw1" 3
}

stages <<-END
	!pair            a pair with a routed link and one that is not
	all_well         both are well: all echoes come back, of the length of the MTU
	narrow_path      a narrow path is found, told of by ICMP or not
	lossy_path       loss and delay are found
	blocked          blocked in the middle: the rule that is printed opens it
	one_way          blocked one way: either end knows on which side it is
	netdev           netdev down, no route, no carrier: each is told
	other_key        another key, and nobody there
	kernel_is_clean  the kernel log is clean
END

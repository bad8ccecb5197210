#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A failover link and a state link. Hellos go over both; when one is cut, the
# other one carries them and the state, and nobody takes over; when it is back it
# is used again. The same over a VLAN, a bond and a macvlan; with MTUs from 1280
# to 9000. What both units should have alike and do not is named by both.
#
# Topology: lib.sh, and "rep" beside "fail" on both firewalls.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

links=("failover link STATE-LINK rep"
	"failover interface ip STATE-LINK 169.254.99.5/30 standby 169.254.99.6")
cabling=plain
eval "plain_$(declare -f link_up)"

# As lib.sh does it, and rep besides.
link_up() {
	wire rep
	"${cabling}_link_up"
}

# fail is a VLAN, a bond of two cables, a macvlan.
vlan_link_up() {
	local ns
	wire trunk
	for ns in "$fw1" "$fw2"; do
		ip -n "$ns" link add link trunk name fail type vlan id 10
		ip -n "$ns" link set fail up
	done
}
bond_link_up() {
	local ns i
	for i in a b; do
		wait_for 20 no_link "$fw1" "fail-$i"
		wait_for 20 no_link "$fw2" "fail-$i"
		ip link add "fail-$i" netns "$fw1" type veth peer name "fail-$i" netns "$fw2"
	done
	for ns in "$fw1" "$fw2"; do
		ips "$ns" <<-END
			link add fail type bond mode active-backup miimon 20
			link set fail-a master fail
			link set fail-b master fail
			link set fail up
		END
	done
}
macvlan_link_up() {
	local ns
	wire trunk
	for ns in "$fw1" "$fw2"; do
		ip -n "$ns" link add link trunk name fail type macvlan mode private
		ip -n "$ns" link set fail up
	done
}

link_is() { # NS NAME STATUS
	is "status of $2" "$(show "$1" ".config.links[] | select(.name == \"$2\") | .status")" "$3"
}
links_are() {
	link_is "$1" FAIL-LINK "$2" || return
	link_is "$1" STATE-LINK "$3"
}
ready() {
	state_is "$fw1" Active || return
	state_is "$fw2" "Standby Ready"
}

network() {
	network_up
	play echo "$server" server 5000
	pair_up "${links[@]}"
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	wait_for 20 links_are "$fw2" peer-alive peer-alive
}

# replicated COUNT: so many new connections reach the standby.
replicated() {
	play many "$client" udp "$out4" 5000 "$1"
	opened many "$1"
	in_step "$fw1" "$fw2"
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	stop many
}

# quiet_pair COMMAND...: meanwhile nobody takes over and no association ends.
before=
all_counts() {
	local ns
	for ns in "$fw1" "$fw2"; do
		echo "$(show "$ns" .this.epoch) $(counter "$ns" hold-expired) $(counter "$ns" associations)"
	done
}
calm() { is "epochs, hold times, associations" "$(all_counts)" "$before"; }

# without DEVICE NAME DEAD ALIVE: a cut of one link that is seen, and one that is
# not, since the carrier stays.
without() {
	local ns
	before=$(all_counts)
	ip -n "$fw2" link set "$1" down
	wait_for 20 link_is "$fw1" "$2" down
	wait_for 20 in_show "$fw1" "$2 $1 (Failed - No Switchover)"
	link_is "$fw1" "$3" peer-alive
	replicated 20
	ip -n "$fw2" link set "$1" up
	wait_for 20 link_is "$fw1" "$2" peer-alive
	for ns in "$fw1" "$fw2"; do
		in_ns "$ns" tc qdisc add dev "$1" root netem loss 100%
	done
	wait_for 20 link_is "$fw1" "$2" peer-silent
	wait_for 20 link_is "$fw2" "$2" peer-silent
	in_show "$fw1" "$2 $1 (Failed - No Switchover)"
	replicated 20
	ready
	for ns in "$fw1" "$fw2"; do in_ns "$ns" tc qdisc del dev "$1" root; done
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	wait_for 20 links_are "$fw2" peer-alive peer-alive
	calm
	ready
}
state_link_cut() { without rep STATE-LINK FAIL-LINK; }
failover_link_cut() { without fail FAIL-LINK STATE-LINK; }

# State is on its own link again: bytes on it tell.
bytes() { ip -n "$1" -s -j link show "$2" | jq '.[0].stats64.tx.bytes'; }
own_link_again() {
	local rep fail
	rep=$(bytes "$fw1" rep) fail=$(bytes "$fw1" fail)
	replicated 500
	rep=$(($(bytes "$fw1" rep) - rep)) fail=$(($(bytes "$fw1" fail) - fail))
	# a connection is some 30 bytes; the hellos are on both
	is "bytes on the state link beside those on the other" "$((rep - fail))" -ge 10000
}

# The state link and the failover link are cut, and a third one is there.
spare_is() { link_is "$1" SPARE-LINK peer-alive; }
third_link() {
	local ns dev
	fresh_firewalls
	wire spare
	pair_up "${links[@]}" "failover backup link SPARE-LINK spare"
	wait_for 20 spare_is "$fw1"
	wait_for 20 spare_is "$fw2"
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	wait_for 20 links_are "$fw2" peer-alive peer-alive
	before=$(all_counts)
	for ns in "$fw1" "$fw2"; do
		for dev in fail rep; do in_ns "$ns" tc qdisc add dev "$dev" root netem loss 100%; done
	done
	wait_for 20 links_are "$fw1" peer-silent peer-silent
	wait_for 20 links_are "$fw2" peer-silent peer-silent
	in_show "$fw1" "Failover Backup Interface: SPARE-LINK spare (up)"
	replicated 20
	ready
	for ns in "$fw1" "$fw2"; do
		for dev in fail rep; do in_ns "$ns" tc qdisc del dev "$dev" root; done
	done
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	calm
	ready
}

# over CABLING: a new pair whose failover link is such a netdev.
over() {
	cabling=$1
	fresh_firewalls
	pair_up "${links[@]}"
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	replicated 20
	before=$(all_counts)
	ip -n "$fw1" link set rep down
	wait_for 20 link_is "$fw1" STATE-LINK down
	replicated 20
	ip -n "$fw1" link set rep up
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	calm
}
over_vlan() { modprobe -q 8021q || :; over vlan; }
over_macvlan() { modprobe -q macvlan || :; over macvlan; }
over_bond() {
	modprobe -q bonding || :
	over bond
	ip -n "$fw1" link set fail-a down
	replicated 20
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	calm
}

# set_mtu NS MTU: of both links.
set_mtu() {
	ip -n "$1" link set fail mtu "$2"
	ip -n "$1" link set rep mtu "$2"
}
mtu_difference() { # HERE THERE
	show "$fw1" '.differences[] | "\(.setting): \(.ours) \(.theirs)"' |
		grep -xF "link STATE-LINK: mtu: $1 $2"
}
alike() { is "differences" "$(show "$1" '.differences | length')" 0; }
mtus() {
	local ns
	cabling=plain
	fresh_firewalls
	set_mtu "$fw1" 1280
	set_mtu "$fw2" 1280
	pair_up "${links[@]}"
	replicated 500
	wait_for 20 alike "$fw1"
	# longer on one, then on both
	set_mtu "$fw1" 9000
	wait_for 20 mtu_difference 9000 1280
	daemon_down "$fw1"
	daemon_down "$fw2"
	for ns in "$fw1" "$fw2"; do in_ns "$ns" failover no failover; done
	pair_up "${links[@]}"
	wait_for 20 mtu_difference 9000 1280
	wait_for 20 in_show "$fw1" "Warning: link STATE-LINK: mtu: 9000 here, 1280 on the other unit"
	wait_for 20 in_show "$fw2" "Warning: link STATE-LINK: mtu: 1280 here, 9000 on the other unit"
	grep -q '990207.*STATE-LINK: mtu' "$tmp/$fw1.log"
	replicated 500
	set_mtu "$fw2" 9000
	wait_for 20 alike "$fw1"
	wait_for 20 alike "$fw2"
	wait_for 20 grep -q 990208 "$tmp/$fw1.log"
}
# Frames of the old length are under way all the time.
mtu_cut() {
	local associations epoch ns
	for ns in "$fw1" "$fw2"; do in_ns "$ns" failover no failover; done
	daemon_down "$fw1"
	daemon_down "$fw2"
	pair_up "${links[@]}"
	play churn "$client" churn udp "$out4" 5000 0 200
	epoch=$(show "$fw1" .this.epoch)
	associations=$(counter "$fw1" associations)
	set_mtu "$fw2" 1400
	wait_for 20 more_associations "$associations"
	set_mtu "$fw1" 1400
	wait_for 30 ready
	stop churn
	replicated 500
	is "epoch" "$(show "$fw1" .this.epoch)" "$epoch"
}
more_associations() { is "associations" "$(counter "$fw1" associations)" -gt "$1"; }

# differs SETTING OURS THEIRS BLOCKS
differs() {
	show "$fw1" '.differences[] | "\(.setting)|\(.ours)|\(.theirs)|\(.blocks)"' |
		grep -xF "$1|$2|$3|$4"
}
# again NS UNIT LINE...: another configuration, without a restart.
again() {
	local ns=$1
	shift
	config "$@" >"$tmp/$ns.conf"
	kill -HUP "${daemon[$ns]}"
}
warned() {
	again "$fw2" secondary "${links[@]}" "failover interface-policy 2" \
		"failover polltime unit msec 300 holdtime msec $((hold_ms + 3000))"
	wait_for 20 differs "failover interface-policy" 1 2 false
	wait_for 20 differs "failover polltime unit" \
		"msec 200 holdtime msec $hold_ms" \
		"msec 300 holdtime msec $((hold_ms + 3000))" false
	wait_for 20 in_show "$fw2" "Warning: failover interface-policy: 2 here, 1 on the other unit"
	in_ns "$fw1" failover show history | grep -F "differs: "
	ready
	fails in_ns "$fw1" failover check
	again "$fw2" secondary "${links[@]}"
	wait_for 20 alike "$fw1"
	wait_for 20 alike "$fw2"
}
hold_ms=$((800 * slow))

# Ends of a link that do not hear each other: it is said on the other link, which
# carries the state. An end that has no port has none to compare.
transport() {
	again "$fw2" secondary "${links[0]} transport udp" "${links[1]}"
	wait_for 20 differs "link STATE-LINK: transport" ethernet udp false
	wait_for 20 link_is "$fw1" STATE-LINK peer-silent
	is "differences" "$(show "$fw1" '.differences | length')" 1
	wait_for 30 ready
	replicated 20
	again "$fw2" secondary "${links[@]}"
	wait_for 20 links_are "$fw1" peer-alive peer-alive
	wait_for 30 ready
	wait_for 20 alike "$fw1"
}

# An address that only one of them has: a takeover would not be one.
blocked() {
	local ip="ip address 203.0.113.2/24 standby 203.0.113.3"
	config secondary "${links[@]}" | sed "s,$ip,${ip//.3/.4}," >"$tmp/$fw2.conf"
	grep -q 203.0.113.4 "$tmp/$fw2.conf"
	kill -HUP "${daemon[$fw2]}"
	wait_for 20 differs "interface outside: ip address 1" \
		"203.0.113.2/24 standby 203.0.113.3" \
		"203.0.113.2/24 standby 203.0.113.4" true
	wait_for 20 not_ready
	is "state" "$(state "$fw1")" Active
	again "$fw2" secondary "${links[@]}"
	wait_for 30 ready
	alike "$fw1"
}
not_ready() { is "state" "$(state "$fw2")" != "Standby Ready"; }

# One link in UDP for both. The longest datagrams are of the MTU, and in one piece.
declare -A udp_addresses=(
	[4]="169.254.99.1/30 standby 169.254.99.2"
	[6]="fd00:99::1/64 standby fd00:99::2"
)
mtus_udp() {
	local v mtu
	cabling=plain
	play many "$client" udp "$out4" 5000 300
	for v in 4 6; do
		for mtu in 1280 9000; do mtu_udp "$v" "$mtu"; done
	done
	stop many
}
mtu_udp() { # FAMILY MTU
	local ns
	fresh_firewalls
	for ns in "$fw1" "$fw2"; do ip -n "$ns" link set fail mtu "$2"; done
	sniff_link "$tmp/udp.pcap" "$fw1" 'ip or ip6'
	pair_up "failover lan interface FAIL-LINK fail transport udp" \
		"no failover interface ip FAIL-LINK" \
		"failover interface ip FAIL-LINK ${udp_addresses[$1]}"
	wait_for 20 link_is "$fw1" FAIL-LINK peer-alive
	opened many 300
	in_ns "$fw2" failover no failover
	wait_for 20 state_is "$fw2" Disabled
	in_ns "$fw2" failover
	wait_for 30 ready
	in_step "$fw1" "$fw2"
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	is "path MTU" "$(in_ns "$fw1" failover -j check link count 1 |
		jq '.links[0].path_mtu')" "$2"
	# of the check itself, just now: who ends leaves what he has not read yet
	wait_for 20 long_ones "$1" "$2"
	sniff_off link
	is "datagrams of more" "$(datagrams "$1" $(($2 + 1)))" -eq 0
	is "fragments" "$(recorded 'ip[6:2] & 0x3fff != 0 or ip6[6] = 44')" -eq 0
}
long_ones() { is "datagrams of $2" "$(datagrams "$1" "$2")" -ge 2; }
recorded() { tcpdump --count -r "$tmp/udp.pcap" "$1" 2>/dev/null | sed 's/ .*//'; }
datagrams() { # FAMILY LEAST
	case $1 in
	4) recorded "ip proto 17 and ip[2:2] >= $2" ;;
	6) recorded "ip6 proto 17 and ip6[4:2] >= $(($2 - 40))" ;;
	esac
}

stages <<-END
	!network           a pair with two links: hellos on both
	state_link_cut     the state link is cut: the other one carries all
	failover_link_cut  the failover link is cut: the other one carries all
	own_link_again     state is on its own link again
	third_link         a third link: the other two are cut, it carries all
	mtus               1280, 9000, and one of each: reported, and state fits
	mtu_cut            the MTU is cut in mid-run: all arrives
	warned             other timers and another policy: both say so
	transport          a link in UDP at one end alone: said, and the other one carries all
	blocked            another address: not Standby Ready until it is the same
	over_vlan          the failover link is a VLAN
	over_bond          a bond, of which a cable is cut
	over_macvlan       a macvlan
	mtus_udp           1280 and 9000 in UDP, IPv4 and IPv6: whole datagrams of that length
	kernel_is_clean    the kernel log is clean
END

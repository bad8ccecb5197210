#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is replicated is a matter of configuration: HTTP only when that is on, all
# else by rules about protocol, port, address, zone and mark, of which the first
# that fits decides, and nothing before it is as old as the delay. What is left
# out is lost with the active unit, which is the control of each; a drained switch
# loses nothing.
#
# Topology: lib.sh. The other address of the server, ..11, is reached without NAT;
# 5006 gets a mark and 5007 a zone.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

n=10

# Players: who, protocol, address and port; "-" are those that the rules leave out.
plays=(
	"web        tcp  $out4              80    -"
	"web6       tcp  $out6              80    +"
	"alt        tcp  $out4              5000  +"
	"ping       icmp $out4              0     -"
	"ping6      icmp $out6              0     +"
	"range      udp  $out4              5025  -"
	"above      udp  $out4              5030  +"
	"host       tcp  203.0.113.11       5000  -"
	"host6      tcp  2001:db8:203::11   5000  -"
	"alt6       tcp  $out6              5000  +"
	"zone       udp  $out4              5007  -"
	"mark       tcp  $out4              5006  -"
	"othermark  udp  $out4              5006  +"
)

rules=(
	"failover replication include protocol tcp port 80 address $out6"
	"failover replication exclude protocol icmp"
	"failover replication exclude port 5020-5029"
	"failover replication exclude address 203.0.113.11"
	"failover replication exclude address 2001:db8:203::11/128"
	"failover replication exclude zone 7"
	"failover replication exclude mark 0xabcd0000/0xffff0000"
)

network() {
	network_up
	play outside "$server" server 80 5000 5006 5007 5025 5030
}

# kept SIGN [PROTOCOL]: the players with that sign.
kept() {
	local row w
	for row in "${plays[@]}"; do
		read -ra w <<<"$row"
		if [ "${w[4]}" = "$1" ] && [ "${2:-${w[1]}}" = "${w[1]}" ]; then echo "${w[0]}"; fi
	done
}

open_all() {
	local row w
	for row in "${plays[@]}"; do
		read -ra w <<<"$row"
		play "${w[0]}" "$client" "${w[1]}" "${w[2]}" "${w[3]}" "$n"
		opened "${w[0]}" "$n"
	done
	# shellcheck disable=SC2046 # words
	all_go_on $(kept + | sed "s/\$/=$n/") $(kept - | sed "s/\$/=$n/")
}

close_all() {
	local row
	for row in "${plays[@]}"; do stop "${row%% *}"; done
}

# held NS OPTION...: connections of these in the table of a unit.
held() { in_ns "$1" conntrack -L "${@:2}" 2>/dev/null | wc -l; }
holds() { is "connections of ${*:3}" "$(held "$1" "${@:3}")" -eq "$2"; }

both() { in_ns "$fw1" failover "$@" && in_ns "$fw2" failover "$@"; }

ruled() { pair_up "${rules[@]}"; }

standby_has_those() {
	in_step "$fw1" "$fw2"
	# shellcheck disable=SC2046 # words
	set -- $(kept +)
	is "connections of the standby" "$(show "$fw2" .this.objects)" -eq $(($# * n))
	holds "$fw2" 0 -p tcp -f ipv4 --orig-port-dst 80
	holds "$fw2" "$n" -p tcp -f ipv6 --orig-port-dst 80
}

counted() {
	# shellcheck disable=SC2046 # words
	set -- $(kept -)
	is "HTTP" "$(counter "$fw1" ct-filtered-http)" -eq "$n"
	is "by rules" "$(counter "$fw1" ct-filtered)" -eq $((($# - 1) * n))
	is "short" "$(counter "$fw1" ct-filtered-short)" -eq 0
	in_ns "$fw1" failover show >"$tmp/show"
	grep -qxF "Connections not replicated: $((($# - 1) * n)) by rules, $n HTTP, 0 shorter than the delay" "$tmp/show"
	is "rules" "$(show "$fw1" '.config.replication_filters | length')" ${#rules[@]}
	is "the prefix" "$(show "$fw1" '.config.replication_filters[3].address')" 203.0.113.11/32
	is "HTTP ports" "$(show "$fw1" '.config.replication_http_ports | tostring')" '[80]'
	# another bulk sync judges again, and counts nothing twice
	in_ns "$fw1" failover resync
	in_step "$fw1" "$fw2"
	is "by rules" "$(counter "$fw1" ct-filtered)" -eq $((($# - 1) * n))
}

# A new flow of UDP gets another port from masquerading, but for luck.
loss() {
	local who kept=0
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	# shellcheck disable=SC2046 # words
	all_go_on $(kept + | sed "s/\$/=$n/")
	# shellcheck disable=SC2046 # words
	none_goes_on $(kept - tcp)
	# shellcheck disable=SC2046 # words
	set -- $(kept - udp) $(kept - icmp)
	rounds 3000 "$@"
	for who; do kept=$((kept + $(value ok "$(<"$tmp/$who.round")"))); done
	is "flows with their old port" "$kept" -le 1
}

### changes while it runs ######################################################

unruled() {
	close_all
	fresh_firewalls
	pair_up
	play web "$client" tcp "$out4" 80 "$n"
	play alt "$client" tcp "$out4" 5000 "$n"
	opened web "$n"
	opened alt "$n"
	in_step "$fw1" "$fw2"
	holds "$fw2" 0 -p tcp --orig-port-dst 80
	holds "$fw2" "$n" -p tcp --orig-port-dst 5000
}

# Each unit on its own says that the other has other rules.
differ() {
	in_ns "$fw1" failover replication http-port 80 8080
	wait_for 10 names_it
	in_ns "$fw2" failover replication http-port 80 8080
	wait_for 10 fails names_it
}
names_it() { show "$fw2" '.differences[].setting' | grep -qxF 'failover replication filters'; }

included() {
	both replication http
	wait_for 20 holds "$fw2" "$n" -p tcp --orig-port-dst 80
	in_ns "$fw1" failover show | grep -qxF "failover replication http"
}

excluded() {
	both replication exclude protocol tcp port 5000
	wait_for 20 holds "$fw2" 0 -p tcp --orig-port-dst 5000
	holds "$fw1" "$n" -p tcp --orig-port-dst 5000
	all_go_on "alt=$n" "web=$n"
	in_step "$fw1" "$fw2"
	is "slots of both" "$(show "$fw1" .this.objects)" "$(show "$fw2" .this.objects)"
	both no replication exclude protocol tcp port 5000
	wait_for 20 holds "$fw2" "$n" -p tcp --orig-port-dst 5000
	is "lost on the standby" "$(counter "$fw2" ct-lost-on-standby)" -eq 0
}

# The mark of a connection that a rule leaves out changes: it is judged again.
marked() {
	both replication exclude mark 0x66
	play mark "$client" udp "$out4" 5006 "$n"
	opened mark "$n"
	in_step "$fw1" "$fw2"
	holds "$fw2" 0 -p udp --orig-port-dst 5006
	in_ns "$fw1" nft insert rule inet fw forward iifname '"in"' udp dport 5006 ct mark set 0x67 accept
	all_go_on "mark=$n"
	wait_for 20 holds "$fw2" "$n" -p udp --orig-port-dst 5006
	both no replication exclude
}

loss_of_none() {
	unit_lost "$fw1"
	all_go_on "alt=$n" "web=$n" "mark=$n"
}

### delay #####################################################################

delay=$((5 * slow))

delayed() {
	stop web alt mark
	fresh_firewalls
	pair_up "failover replication delay $delay"
	is "JSON" "$(show "$fw1" .config.replication_delay_s)" "$delay"
}

# What ends is never told of, neither when it ends nor as long as it is remembered.
short() {
	play short "$client" tcp "$out4" 5000 "$n"
	opened short "$n"
	stop short
	play long "$client" tcp "$out4" 5006 "$n"
	opened long "$n"
	holds "$fw2" 0 -p tcp
	is "sent" "$(counter "$fw1" tx-creates)" -eq 0
	# without a packet: nothing but the walk can tell
	wait_for $((delay + 20)) holds "$fw2" "$n" -p tcp --orig-port-dst 5006
	in_step "$fw1" "$fw2"
	is "sent" "$(counter "$fw1" tx-creates)" -eq "$n"
	in_ns "$fw1" conntrack -D -p tcp --orig-port-dst 5000
	wait_for 20 short_are "$n"
}
short_are() { is "short ones" "$(counter "$fw1" ct-filtered-short)" -ge "$1"; }

# An event of one that is old enough tells at once.
young() {
	play young "$client" tcp "$out4" 5000 "$n"
	play youngudp "$client" udp "$out4" 5000 "$n"
	opened young "$n"
	opened youngudp "$n"
	holds "$fw2" 0 -p tcp --orig-port-dst 5000
	holds "$fw2" 0 -p udp --orig-port-dst 5000
}

switched() {
	young
	give_role "$fw1" "$fw2"
	all_go_on "young=$n" "youngudp=$n" "long=$n"
}

# A bulk sync tells of all as well.
synced() {
	stop young youngudp
	in_ns "$fw2" conntrack -D -p tcp --orig-port-dst 5000
	in_ns "$fw2" conntrack -D -p udp --orig-port-dst 5000
	wait_for 20 holds "$fw1" 0 -p tcp --orig-port-dst 5000
	wait_for 20 holds "$fw1" 0 -p udp --orig-port-dst 5000
	play bulk "$client" tcp "$out4" 5000 "$n"
	opened bulk "$n"
	holds "$fw1" 0 -p tcp --orig-port-dst 5000
	in_ns "$fw2" failover resync
	wait_for 20 holds "$fw1" "$n" -p tcp --orig-port-dst 5000
	stop bulk
}

# control: which is more than the unit can do that is lost.
loss_of_young() {
	play young "$client" tcp "$out4" 5000 "$n"
	opened young "$n"
	unit_lost "$fw2"
	wait_for 20 state_is "$fw1" Active
	all_go_on "long=$n"
	none_goes_on young
}

stages <<-END
	!network          a server with many ports, two firewalls
	!ruled            a pair with a rule for each key; HTTP is off by default
	!open_all         connections, some of each rule
	standby_has_those the standby has those that no rule leaves out, and no more
	counted           the others are counted by reason and shown, once each
	loss              fw1 is lost: those go on, and the others do not
	!unruled          a pair without rules
	differ            a unit with other ports of HTTP is named by the other one
	included          HTTP is switched on: the standby gets it
	excluded          a new rule takes others from it; without it they are back
	marked            one that a rule leaves out gets another mark: it is told
	loss_of_none      fw1 is lost: all go on
	!delayed          a pair with a delay
	short             a short connection is never sent; one that lives is
	switched          a drained switch: the youngest go on
	synced            a bulk sync tells of them, too
	loss_of_young     control: with the unit they are lost
	kernel_is_clean   the kernel log is clean
END

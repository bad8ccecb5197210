#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ESP tunnels of the pair go on after a takeover: the numbers of the new active
# unit begin ahead of those of the old one, none is used twice, and the other
# end drops nothing as a replay. The SAs are there on both units, by hand. With
# the replication of IPsec off the other end drops what comes.
#
# Topology: lib.sh, and three tunnels between the outside address of the pair
# and the server, one for each of 192.0.2.1 (numbers of 32 bits), .2 (ESN) and .3
# (ESN, in IPv6).
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

tunnels=(1 2 3)
margin=$((1 << 20))
gate4=203.0.113.2 gate6=2001:db8:203::2
server4=203.0.113.10 server6=2001:db8:203::10

network() {
	network_up
	play echo "$server" server 5000
	ends_at_server | ips "$server"
}

# sa FROM TO SPI [WORD...]: a command; the SPI is in hexadecimal.
sa() {
	local from=$1 to=$2 spi=$3
	shift 3
	echo "xfrm state add src $from dst $to proto esp spi 0x$spi mode tunnel" \
		"aead rfc4106(gcm(aes)) 0x$(printf '%040d' "$spi") 128 $*"
}

# The addresses of tunnel N, the server's and the pair's.
far() { if [ "$1" = 3 ]; then echo "$server6"; else echo "$server4"; fi; }
near() { if [ "$1" = 3 ]; then echo "$gate6"; else echo "$gate4"; fi; }

# states: of all tunnels, alike on both ends.
states() {
	local n words far near
	for n in "${tunnels[@]}"; do
		words="reqid $n flag af-unspec esn replay-window 64"
		[ "$n" != 1 ] || words="reqid $n replay-window 32"
		far=$(far "$n") near=$(near "$n")
		sa "$near" "$far" "100$n" "$words"
		sa "$far" "$near" "200$n" "$words"
	done
}

# policy DIR FROM TO OUTER-FROM OUTER-TO N
policy() {
	echo "xfrm policy add src $2 dst $3 dir $1" \
		"tmpl src $4 dst $5 proto esp reqid $6 mode tunnel"
}

ends_at_server() {
	local n
	states
	for n in "${tunnels[@]}"; do
		echo "addr add 192.0.2.$n/32 dev lo"
		policy out "192.0.2.$n/32" 10.10.0.0/24 "$(far "$n")" "$(near "$n")" "$n"
		policy in 10.10.0.0/24 "192.0.2.$n/32" "$(near "$n")" "$(far "$n")" "$n"
	done
}

ends_at_pair() {
	local n dir
	states
	for n in "${tunnels[@]}"; do
		policy out 10.10.0.0/24 "192.0.2.$n/32" "$(near "$n")" "$(far "$n")" "$n"
		for dir in in fwd; do
			policy "$dir" "192.0.2.$n/32" 10.10.0.0/24 \
				"$(far "$n")" "$(near "$n")" "$n"
		done
	done
	echo "route add 192.0.2.0/24 via $server4 dev out onlink"
}

# ends_at NS: a firewall; what goes into a tunnel is not masqueraded.
ends_at() {
	ends_at_pair | ips "$1"
	in_ns "$1" nft insert rule ip nat4 post ip daddr 192.0.2.0/24 accept
}

# look NS: how far its SAs have come, in sent[NS SPI] and received[NS SPI].
declare -A sent received
look() {
	local spi hi lo ohi olo
	while read -r spi hi lo ohi olo; do
		received[$1 $spi]=$(((hi << 32) + lo))
		sent[$1 $spi]=$(((ohi << 32) + olo))
	done < <(ip -n "$1" xfrm state list proto esp | tr , ' ' | awk '
		{ for (i = 1; i < NF; i++) {
			v[$i] = $(i + 1)
			if ($i == "spi") v["seq-hi"] = v["oseq-hi"] = 0
			if ($i == "oseq") print v["spi"], v["seq-hi"], v["seq"],
				v["oseq-hi"], v["oseq"]
		} }')
}

exists() { ip -n "$1" xfrm state list proto esp | grep -q "spi 0x0*$2 "; }

row() { show "$1" ".classes[] | select(.name == \"VPN IPSEC upd\") | .$2"; }
row_is() { is "row of $1: $2" "$(row "$1" "$2")" "${@:3}"; }

flows_on() {
	local n
	for n in "${tunnels[@]}"; do
		play "flow$n" "$client" tcp "192.0.2.$n" 5000 10
		opened "flow$n" 10
	done
}
flows_off() { stop "${tunnels[@]/#/flow}"; }

# busy: more packets in each tunnel than the windows are wide.
busy() {
	local i
	for ((i = 0; i < 10; i++)); do all_go_on flow1=10 flow2=10 flow3=10; done
}

### told ######################################################################

# in_step_with ACTIVE STANDBY: the standby is where it has to be.
in_step_with() {
	local n
	look "$1"
	look "$2"
	for n in "${tunnels[@]}"; do
		is "sent by $n" "${sent[$2 0x0000100$n]}" -ge \
			$((${sent[$1 0x0000100$n]} + margin))
		is "received by $n" "${received[$2 0x0000200$n]}" -eq \
			"${received[$1 0x0000200$n]}"
		is "sent by what is received" "${sent[$2 0x0000200$n]}" -eq 0
	done
}

told() {
	ends_at "$fw1"
	ends_at "$fw2"
	pair_up
	flows_on
	busy
	wait_for 20 in_step_with "$fw1" "$fw2"
	is "sent" "${sent[$fw1 0x00001001]}" -gt 64
	is "received" "${received[$fw1 0x00002002]}" -gt 64
	row_is "$fw1" xmit -ge 6
	row_is "$fw2" rcv -ge 6
	row_is "$fw2" rerr -eq 0
	in_ns "$fw2" failover show | grep -qE '^\sVPN IPSEC upd +[0-9]+ +0 +[1-9][0-9]* +0$'
}

missing() {
	sa 192.0.2.77 192.0.2.78 7777 reqid 77 | ips "$fw1"
	wait_for 20 missing_is 1
	ip -n "$fw1" xfrm state delete src 192.0.2.77 dst 192.0.2.78 proto esp spi 0x7777
}
missing_is() { is "without SA" "$(counter "$fw2" ipsec-no-sa)" -ge "$1"; }

# Its time runs on the active unit: 3009 does not end there. 3010 is not known
# there.
ages() {
	for spi in 3009 3010; do
		sa "$gate4" "$server4" "$spi" reqid 9 limit time-hard 5
	done | ips "$fw2"
	sa "$gate4" "$server4" 3009 reqid 9 | ips "$fw1"
	wait_for 20 fails exists "$fw2" 3010
	exists "$fw2" 3009
	exists "$fw1" 3009
}

# What the standby itself sends to the other end of a tunnel.
own_traffic() {
	listen
	in_ns "$fw2" ping -q -c 2 -W 1 -I 10.10.0.253 192.0.2.3 || :
	in_ns "$fw2" ping -q -c 2 -W 1 -I 10.10.0.253 192.0.2.1 || :
	drops_are 2
	listen_off
	fails grep -i "$(mac "$fw2" out)" "$tmp/esp"
}
drops_are() { is "drops" "$(counter "$fw2" ipsec-gate-drops)" -ge "$1"; }
mac() { ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }

### takeover ##################################################################

# listen: what comes and goes at the server, with the numbers.
listen() {
	ip netns exec "$server" tcpdump --immediate-mode -Z root -l -n -e -i eth0 esp \
		>"$tmp/esp" 2>"$tmp/tcpdump" &
	listener=$!
	wait_for 20 grep -q listening "$tmp/tcpdump"
}

listen_off() {
	kill "$listener"
	wait "$listener" || :
	sed -nE 's/.*ESP\(spi=(0x[0-9a-f]+),seq=(0x[0-9a-f]+)\).*/\1 \2/p' \
		"$tmp/esp" >"$tmp/numbers"
}

twice() { sort "$tmp/numbers" | uniq -d; }

# errors: packets that the server dropped because of an SA.
errors() {
	# shellcheck disable=SC2016 # awk's
	in_ns "$server" awk '/^XfrmIn(StateSeq|StateProto|StateInvalid|State|NoStates|Error)/ { n += $2 }
		END { print n + 0 }' /proc/net/xfrm_stat
}

# none_twice: of what was listened to.
none_twice() {
	is "numbers" "$(wc -l <"$tmp/numbers")" -gt 100
	is "used twice" "$(twice)" ""
	is "dropped by the server" "$(errors)" -eq 0
}

takeover() {
	listen
	busy
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	busy
	listen_off
	none_twice
}

# As old as the one of the unit that is gone: four seconds have passed.
goes_on() {
	wait_for 20 fails exists "$fw2" 3009
}

# The unit that comes back has new SAs, and what is told by the bulk sync.
back() {
	fw_up "$fw1"
	link_up
	ends_at "$fw1"
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 20 in_step_with "$fw2" "$fw1"
	listen
	busy
	take_role "$fw1"
	busy
	listen_off
	none_twice
	wait_for 20 in_step_with "$fw1" "$fw2"
}

# The new active unit is gone before it has told much.
soon() {
	listen
	take_role "$fw2"
	all_go_on flow1=10 flow2=10 flow3=10
	unit_lost "$fw2"
	wait_for 20 state_is "$fw1" Active
	busy
	listen_off
	none_twice
	flows_off
}

control() {
	fresh_firewalls
	fresh_server
	ends_at "$fw1"
	ends_at "$fw2"
	pair_up "no failover replication ipsec"
	in_ns "$fw1" failover show | grep -qxF "no failover replication ipsec"
	is "JSON" "$(show "$fw1" .config.replication_ipsec)" false
	flows_on
	busy
	in_step "$fw1" "$fw2"
	row_is "$fw1" xmit -eq 0
	listen
	busy
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	tell flow1 round 3000
	wait_for 20 errors_are 1
	listen_off
}
errors_are() { is "dropped by the server" "$(errors)" -ge "$1"; }

fresh_server() {
	{ echo "xfrm state flush"; states; } | ips "$server"
}

stages <<-END
	!network          client, server, two firewalls, three tunnels
	!told             the standby's numbers are ahead, its windows where the active's are
	missing           an SA that the standby does not have is counted
	ages              what the active unit has does not expire on the standby
	own_traffic       no ESP packet leaves the standby
	takeover          tunnels go on, no number is used twice, nothing is a replay
	goes_on           and the time of an SA goes on
	back              a unit that comes back is told, and takes the role without loss
	soon              also when the new active unit is gone at once
	control           control: without the replication the server drops what comes
	kernel_is_clean   the kernel log is clean
END

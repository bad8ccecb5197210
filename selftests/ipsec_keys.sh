#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ESP tunnels that are made on the active unit alone, SAs with keys and policies,
# are on the standby, and go on after a takeover in both directions: no number is
# used twice, the other end drops nothing. What is made anew, or deleted, is so on
# the standby. Keys are in nothing that can be seen. With the numbers alone
# replicated the new active unit has no tunnel; over links in clear text nothing
# goes.
#
# Topology: lib.sh, and the tunnels of ipsec.bash; .2 has AES-CBC and HMAC-SHA-256,
# the others have AES-GCM.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$here/ipsec.bash"

line="failover replication ipsec keys"

# What is part of the key of each SA, and may be seen nowhere, nor its bytes.
mark=c0ffee5ec2e7
bytes=$'\xc0\xff\xee\x5e\xc2\xe7'

# algs SPI [TUNNEL]: whatever each tunnel has.
algs() {
	local key
	key=$mark$(printf '%028d' "$1")
	case $2 in
	2) echo "enc cbc(aes) 0x${key:0:32} auth-trunc hmac(sha256) 0x${key}${key:0:24} 128" ;;
	*) echo "aead rfc4106(gcm(aes)) 0x$key 128" ;;
	esac
}

network() {
	network_up
	play echo "$server" server 5000
	ends_at_server | ips "$server"
	routes "$fw1"
	routes "$fw2"
}

### told ######################################################################

told() {
	pair_up "$line"
	in_ns "$fw1" failover show | grep -qxF "$line"
	is "JSON" "$(show "$fw1" .config.replication_ipsec_keys)" true
	ends_at_pair | ips "$fw1"
	wait_for 30 alike
	is "SAs" "$(ip -n "$fw2" xfrm state list | grep -c '^src')" -eq 6
	is "policies" "$(ip -n "$fw2" xfrm policy list | grep -c 'tmpl')" -eq 9
	flows_on
	busy
	wait_for 20 in_step_with "$fw1" "$fw2"
	# none was missed because its record came before it
	is "without SA" "$(counter "$fw2" ipsec-no-sa)" -eq 0
	is "problem" "$(show "$fw1" .config.replication_ipsec_problem)" null
	is "problem" "$(show "$fw2" .config.replication_ipsec_problem)" null
}

# made WORDS: a state that is added.
made() { echo "xfrm state add $*"; }

# One of each kind of thing that an SA or a policy can have.
all_kinds() {
	local there=198.51.100.1 there6=2001:db8:7::1
	ips "$fw1" <<-END
		$(made src "$gate4" dst "$there" proto esp spi 0x8001 mode tunnel reqid 40 \
			replay-window 64 mark 0x12 mask 0xff if_id 7 output-mark 0x33 mask 0xf0 \
			"$(algs 8001 1)" encap espinudp 4500 4501 0.0.0.0 \
			limit time-soft 3000 limit time-hard 3600 limit packet-hard 1000000)
		$(made src "$there" dst "$gate4" proto ah spi 0x8002 mode transport reqid 41 \
			replay-window 32 \
			auth-trunc "hmac(sha1) 0x${mark}00000000000000000000000000aa 96" \
			sel src "$there" dst "$gate4" proto tcp sport 22)
		$(made src "$gate6" dst "$there6" proto esp spi 0x8003 mode beet reqid 42 \
			"$(algs 8003 2)" sel src fd00::/64 dst fd01::/64)
		xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 proto udp dport 53 dir out \
			priority 77 mark 0x5 mask 0xff if_id 7 \
			tmpl src $gate4 dst $there proto esp reqid 40 mode tunnel
		xfrm policy add src fd00::/64 dst fd01::/64 dev in dir fwd action block \
			priority 5 tmpl src $there6 dst $gate6 proto esp reqid 42 mode beet \
			level use
		xfrm policy add src $gate4 dst 198.51.100.9 dir out \
			tmpl proto ah mode transport \
			tmpl src $gate4 dst 198.51.100.9 proto esp mode tunnel
	END
	wait_for 30 alike
	is "SAs" "$(ip -n "$fw2" xfrm state list | grep -c '^src')" -eq 9
	ips "$fw1" <<-END
		xfrm state delete src $gate4 dst $there proto esp spi 0x8001 mark 0x12 mask 0xff
		xfrm state delete src $there dst $gate4 proto ah spi 0x8002
		xfrm state delete src $gate6 dst $there6 proto esp spi 0x8003
		xfrm policy delete src 10.1.0.0/16 dst 10.2.0.0/16 proto udp dport 53 dir out \
			mark 0x5 mask 0xff if_id 7
		xfrm policy delete src fd00::/64 dst fd01::/64 dev in dir fwd
		xfrm policy delete src $gate4 dst 198.51.100.9 dir out
	END
	wait_for 30 has_not_spi "$fw2" 8001
	wait_for 30 alike
	is "SAs" "$(ip -n "$fw2" xfrm state list | grep -c '^src')" -eq 6
}

# tunnel FROM SPI [WORD...]: an SA to nobody.
tunnel() {
	made src "$1" dst 198.51.100.1 proto esp spi "0x$2" mode tunnel "$(algs "$2" 1)" "${@:3}"
}
# gone NS FROM SPI
gone() { ip -n "$1" xfrm state delete src "$2" dst 198.51.100.1 proto esp spi "0x$3"; }

# What belongs to one unit stays there, on both.
own() {
	tunnel "169.254.99.1" 5001 | ips "$fw1"
	tunnel "203.0.113.3" 5002 | ips "$fw2"
	# which comes after them
	tunnel "$gate4" 5003 | ips "$fw1"
	wait_for 20 has_spi "$fw2" 5003
	has_not_spi "$fw2" 5001
	has_spi "$fw2" 5002
	gone "$fw1" "169.254.99.1" 5001
	gone "$fw2" "203.0.113.3" 5002
	gone "$fw1" "$gate4" 5003
	wait_for 20 has_not_spi "$fw2" 5003
}

# Its time is the active unit's business: nothing expires on the standby.
ages() {
	local mon
	ip netns exec "$fw2" ip xfrm monitor expire acquire >"$tmp/expired" 2>&1 &
	mon=$!
	pids+=("$mon")
	tunnel "$gate4" 6001 limit time-soft 3 limit time-hard 6 | ips "$fw1"
	wait_for 20 has_spi "$fw2" 6001
	wait_for 20 has_not_spi "$fw1" 6001
	wait_for 20 has_not_spi "$fw2" 6001
	ends "$mon"
	is "expired on the standby" "$(cat "$tmp/expired")" ""
}

### keys ######################################################################

# hidden FILE...: the keys of the SAs are in none of them.
hidden() {
	local f
	for f; do
		fails grep -aqiF "$mark" "$f" || return
		fails grep -aqF "$bytes" "$f" || return
	done
}

link_seen() { is "bytes of the link" "$(stat -c %s "$tmp/link.pcap")" -gt 4000; }

keys_hidden() {
	local ns
	sniff_link "$tmp/link.pcap" "$fw2" ''
	ip netns exec "$fw1" timeout 20 failover monitor >"$tmp/monitor" 2>&1 &
	pids+=($!)
	ip netns exec "$fw2" timeout 20 failover object watch >"$tmp/watch" 2>&1 &
	pids+=($!)
	tunnel "$gate4" 7001 | ips "$fw1"
	wait_for 20 has_spi "$fw2" 7001
	wait_for 20 grep -q 'ipsec-sa .*\*\*\*\*\*' "$tmp/watch"
	wait_for 20 link_seen
	sniff_off link
	for ns in "$fw1" "$fw2"; do
		{
			in_ns "$ns" failover object list
			in_ns "$ns" failover -j object list
			in_ns "$ns" failover show
			in_ns "$ns" failover show -j
			in_ns "$ns" failover show history details
			in_ns "$ns" failover show running-config
		} >"$tmp/$ns.seen" 2>&1
		grep -q 'ipsec-sa .*\*\*\*\*\*' "$tmp/$ns.seen"
		hidden "$tmp/$ns.seen" "$tmp/$ns.log"
		[ ! -e "$tmp/$ns.history" ] || hidden "$tmp/$ns.history"
		fails in_ns "$ns" failover object get ipsec-sa \
			"$(in_ns "$ns" failover -j object list ipsec-sa | jq -r '"hex:" + .[0].key_hex')"
	done
	hidden "$tmp/link.pcap" "$tmp/monitor" "$tmp/watch"
	dmesg >"$tmp/words"
	hidden "$tmp/words"
	# and this finds one where it is
	ip -n "$fw2" xfrm state list >"$tmp/words"
	fails hidden "$tmp/words"
	gone "$fw1" "$gate4" 7001
}

### changes ###################################################################

# New SAs for old ones, while packets go.
rekeyed() {
	new_states | ips "$server"
	new_states | ips "$fw1"
	old_states | ips "$fw1"
	old_states | ips "$server"
	busy
	wait_for 20 has_spi "$fw2" 3001
	wait_for 20 has_not_spi "$fw2" 1001
	wait_for 20 alike
	first=3 second=4
	wait_for 20 in_step_with "$fw1" "$fw2"
	is "without SA" "$(counter "$fw2" ipsec-no-sa)" -eq 0
}
new_states() { states 3 4; }
old_states() {
	local n
	for n in "${tunnels[@]}"; do
		echo "xfrm state delete src $(near "$n") dst $(far "$n") proto esp spi 0x100$n"
		echo "xfrm state delete src $(far "$n") dst $(near "$n") proto esp spi 0x200$n"
	done
}

policies_go() {
	ip -n "$fw1" xfrm policy delete src 10.10.0.0/24 dst 192.0.2.1/32 dir out
	wait_for 20 alike
	fails grep -q 'dst 192.0.2.1/32' <<<"$(ip -n "$fw2" xfrm policy list)"
	policy out 10.10.0.0/24 192.0.2.1/32 "$(near 1)" "$(far 1)" 1 | ips "$fw1"
	wait_for 20 alike
}

# What changes while no daemon runs is seen by the next one.
restarted() {
	daemon_down "$fw1"
	ip -n "$fw1" xfrm policy delete src 10.10.0.0/24 dst 192.0.2.1/32 dir out
	daemon_up "$fw1"
	wait_for 30 alike
	fails grep -q 'dst 192.0.2.1/32' <<<"$(ip -n "$fw2" xfrm policy list)"
	policy out 10.10.0.0/24 192.0.2.1/32 "$(near 1)" "$(far 1)" 1 | ips "$fw1"
	daemon_down "$fw2"
	ip -n "$fw2" xfrm state flush
	daemon_up "$fw2"
	wait_for 30 alike
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
	busy
	wait_for 20 in_step_with "$fw1" "$fw2"
}

# What something else has deleted on the standby is made again there, and is as far
# as it was, though nothing goes through the tunnels meanwhile.
made_again() {
	# nothing of the last packets is on its way any more
	wait_for 20 in_step_with "$fw1" "$fw2"
	in_step "$fw1" "$fw2"
	ip -n "$fw2" xfrm state flush
	wait_for 20 alike
	wait_for 5 in_step_with "$fw1" "$fw2"
}

### takeover ##################################################################

takeover() {
	listen
	busy
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	busy
	listen_off
	none_twice
	is "SAs" "$(ip -n "$fw2" xfrm state list | grep -c '^src')" -eq 6
}

# The unit that comes back has nothing, and gets all by the bulk sync.
back() {
	fw_up "$fw1"
	link_up
	routes "$fw1"
	unit_up "$fw1" primary "$line"
	wait_for 20 state_is "$fw1" "Standby Ready"
	wait_for 30 alike
	wait_for 20 in_step_with "$fw2" "$fw1"
	listen
	busy
	take_role "$fw1"
	busy
	listen_off
	none_twice
	wait_for 20 in_step_with "$fw1" "$fw2"
}

# What was made the moment before the role is given away.
at_once() {
	wait_for 30 mate_is "$fw1" "Standby Ready"
	tunnel "$gate4" 8101 | ips "$fw1"
	in_ns "$fw1" failover --timeout $((10 * slow)) no active
	wait_for 20 state_is "$fw2" Active
	wait_for 20 state_is "$fw1" "Standby Ready"
	# what was told is made beside the takeover
	wait_for 10 has_spi "$fw2" 8101
	has_spi "$fw1" 8101
	wait_for 30 mate_is "$fw2" "Standby Ready"
	tunnel "$gate4" 8102 | ips "$fw2"
	in_ns "$fw1" failover --timeout $((10 * slow)) active
	wait_for 10 has_spi "$fw1" 8102
	gone "$fw1" "$gate4" 8101
	gone "$fw1" "$gate4" 8102
}

# Off: what was replicated goes from the standby, and from the objects.
off() {
	in_ns "$fw1" failover no replication ipsec keys
	wait_for 20 has_not_spi "$fw2" 3001
	has_spi "$fw1" 3001
	# they go one after the other
	wait_for 20 no_objects "$fw1"
	wait_for 20 no_objects "$fw2"
	flows_off
}
no_objects() { is "objects" "$(in_ns "$1" failover object list | grep -c ipsec)" -eq 0; }

### controls ##################################################################

control() {
	afresh
	ends_at_pair | ips "$fw1"
	pair_up
	flows_on
	busy
	in_step "$fw1" "$fw2"
	has_not_spi "$fw2" 1001
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on flow1 flow2 flow3
	flows_off
}

clear_text() {
	afresh
	ends_at_pair | ips "$fw1"
	link_key=none pair_up "$line"
	in_ns "$fw1" failover show | grep -F "$line: not replicated"
	in_ns "$fw1" failover check | grep -F "IPsec: not replicated"
	wait_for 20 refused_in_clear
	grep -F "IPsec SAs are not replicated: the links are in clear text" "$tmp/$fw1.log"
	in_step "$fw1" "$fw2"
	has_not_spi "$fw2" 1001
	is "policies" "$(ip -n "$fw2" xfrm policy list | grep -c tmpl)" -eq 0
	is "objects" "$(in_ns "$fw2" failover object list | grep -c ipsec)" -eq 0
}
refused_in_clear() { is "refused" "$(counter "$fw1" objects-refused-clear-text)" -ge 1; }

afresh() {
	first=1 second=2
	fresh_firewalls
	routes "$fw1"
	routes "$fw2"
	fresh_server
}

stages <<-END
	!network          client, server, two firewalls; tunnels at the server
	!told             tunnels that are made on the active unit are on the standby
	all_kinds         with all that SAs and policies can have
	own               but not those of one unit
	ages              none expires on the standby, which goes when it is over
	own_traffic       no ESP packet leaves the standby
	keys_hidden       keys are in nothing that can be seen
	rekeyed           new SAs are on the standby, old ones are not
	policies_go       nor are policies that were deleted
	restarted         nor is what a daemon did not see lost
	made_again        nor is what the standby has to make again behind
	takeover          tunnels go on, no number is used twice, nothing is a replay
	back              a unit that comes back has all, and takes the role without loss
	at_once           what was made just before the role is given away goes along
	off               switched off, they go from the standby
	control           control: with the numbers alone there is no tunnel
	clear_text        over links in clear text nothing goes, and it is said
	kernel_is_clean   the kernel log is clean
END

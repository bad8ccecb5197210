#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The link is closed to strangers. What is recorded on it, from the first frame to
# the last and through changes of keys and restarts, tells no address of a connection
# and no key; sent again, to either unit, the one that said it included, in the same
# association, in the next one and after a restart of either, it changes nothing. A
# unit with another key, or with none, does not pair, and both say why; the key is
# replaced without a lost hello.
#
# Topology: lib.sh; frames are recorded and sent at fw1's end of the link.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# A flood in an emulated machine holds softirqs back; timing is not the claim.
hold_ms=5000
# 203.0.113.10, 10.10.0.10, 2001:db8:203::10 and fd00:10::10, as in a record
addresses='cb00710a 0a0a000a 20010db8020300000000000000000010 fd000010000000000000000000000010'

network() {
	network_up
	play echo "$server" server 5000
	record_start ""
	pair_up
}

record_start() { sniff_link "$tmp/$1link.pcap" "$fw1" "ether proto $ethertype"; }

# recorded RECORD [CLAIM]: connections come, are replicated, and are on the
# record, of which the claim holds before it ends.
recorded() {
	play many "$client" tcp "$out4" 5000 50
	opened many 50
	play many6 "$client" udp "$out6" 5000 50
	opened many6 50
	in_step "$fw1" "$fw2"
	wait_for 20 "$ctdiff" "$fw1" "$fw2"
	# a record of a new connection has 30 bytes and more
	wait_for 20 has_bytes "$tmp/$1link.pcap" $((100 * 30))
	wait_for 20 "${2:-true}" "$tmp/$1link.pcap"
	sniff_off link
}
has_bytes() { is "bytes recorded" "$(stat -c %s "$1")" -ge "$2"; }
hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }
tells() { hex "$1" | grep -qF "$2"; }
tells_addresses() {
	local a
	for a in $addresses; do tells "$1" "$a" || return; done
}
# tells_nothing RECORD KEY...
tells_nothing() {
	local it
	hex "$1" >"$tmp/hex"
	for it in $addresses "${@:2}"; do
		fails grep -qF "$it" "$tmp/hex"
		# where it is, it is found
		bytes_of "$it" >"$tmp/bytes"
		tells "$tmp/bytes" "$it"
	done
	for it in "${@:2}"; do fails grep -qaF "$it" "$1"; done
}
secret_record() {
	recorded ""
	tells_nothing "$tmp/link.pcap" "$secret"
	# and all that is said from here on
	record_start rest-
}
# shellcheck disable=SC2001,SC2059 # every two digits; the bytes are a format
bytes_of() { printf "$(sed 's/../\\x&/g' <<<"$1")"; }

# What may come of a replay: it is refused, or was heard before.
refusals='^rx-(own|stranger|bad-seal|bad-key|replay|duplicate|limited|mismatch)$'
# replayed NS: the record is sent to NS from the other end, what NS said itself as
# well, and all is refused.
replayed() {
	local before sent from=${peer[$1]} applied assoc hold
	before=$(sum "$1" "$refusals")
	applied=$(sum "$1" '^ct-(inserted|updated|deleted|replaced|swept)$')
	assoc=$(counter "$1" associations)
	hold=$(counter "$1" hold-expired)
	in_ns "$from" "$frames" fail replay "$ethertype" 3 "$tmp/link.pcap" \
		"$(ip -n "$1" -j link show fail | jq -r '.[0].address')" >"$tmp/sent"
	sent=$(value sent "$(<"$tmp/sent")")
	is "frames sent" "$sent" -ge 50
	# but for those in clear that ask for an association, and end nothing
	wait_for 30 refused_since "$1" $((before + sent - 3 * $(packets "$tmp/link.pcap" 'ether[15] = 1')))
	is "applied" "$(sum "$1" '^ct-(inserted|updated|deleted|replaced|swept)$')" \
		-eq "$applied"
	is "associations" "$(counter "$1" associations)" -eq "$assoc"
	is "hold time" "$(counter "$1" hold-expired)" -eq "$hold"
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}
refused_since() { is "refused" "$(sum "$1" "$refusals")" -ge "$2"; }

# packets FILE [FILTER]
packets() { tcpdump --count -r "$@" 2>/dev/null | sed 's/ .*//'; }

again() { replayed "$fw2"; replayed "$fw1"; }

restarted() {
	stop many many6
	fresh_unit "$fw2" secondary
	again
	fresh_unit "$fw1" primary
	state_is "$fw2" Active
	again
}
fresh_unit() {
	daemon_down "$1"
	in_ns "$1" failover no failover
	link_key="file $tmp/key2" unit_up "$1" "$2"
	wait_for 60 state_is "$1" "Standby Ready"
	in_step "$fw1" "$fw2"
}

whole_record() {
	sniff_off link
	is "frames" "$(packets "$tmp/rest-link.pcap")" -ge 200
	tells_nothing "$tmp/rest-link.pcap" "$secret" "$(<"$tmp/key2")"
}

# Neither the netlink family nor the logs tell the key.
not_told() {
	{
		in_ns "$fw1" failover show running-config
		in_ns "$fw1" failover show -j
		dmesg
		cat "$tmp/$fw1.log"
	} >"$tmp/told"
	grep -qF 'failover key *****' "$tmp/told"
	fails grep -qF "$secret" "$tmp/told"
}

# Control: as the daemon one is told.
for_the_daemon() {
	local stranger
	stranger=$(in_ns "$fw1" "$here/hello_keys.py")
	is "keys for a stranger" "$stranger" "0 Operation not permitted"
	daemon_down "$fw2"
	is "keys for the daemon" "$(in_ns "$fw2" "$here/hello_keys.py" --attach)" "0 1"
	daemon_up "$fw2"
	wait_for 60 state_is "$fw2" "Standby Ready"
	wait_for 30 state_is "$fw1" Active
}

key_changed() {
	local i ns hold
	in_ns "$fw1" failover genkey "$tmp/key2"
	hold=$(counter "$fw1" hold-expired)+$(counter "$fw2" hold-expired)
	for i in "key next file $tmp/key2" "key file $tmp/key2" "no key next"; do
		for ns in "$fw1" "$fw2"; do
			# shellcheck disable=SC2086 # words of a command
			in_ns "$ns" failover $i
		done
	done
	wait_for 30 has_new_keys
	is "hold time" "$(counter "$fw1" hold-expired)+$(counter "$fw2" hold-expired)" \
		= "$hold"
	in_ns "$fw1" failover show running-config | grep -qF "key file $tmp/key2"
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
}
has_new_keys() {
	[ "$(counter "$fw1" rekeys)" -ge 1 ] && [ "$(counter "$fw2" rekeys)" -ge 1 ]
}

# differs KEY1 KEY2 TEXT1 TEXT2: two units that do not fit say why.
differs() {
	fresh_firewalls
	link_key=$1 unit_up "$fw1" primary
	link_key=$2 unit_up "$fw2" secondary
	wait_for 30 in_show "$fw1" "$3"
	wait_for 30 in_show "$fw2" "$4"
	is "associations" "$(counter "$fw1" associations)" -eq 0
	is "associations" "$(counter "$fw2" associations)" -eq 0
}
other_key() {
	differs "hex $secret" "hex ${secret//0/1}" 'has another key' 'has another key'
}
one_clear() {
	differs "hex $secret" none 'sends in clear text' 'the other unit has a key'
}
no_key() {
	fresh_firewalls
	module_needed
	link_key="hex $secret" unit_up "$fw1" primary
	config secondary | grep -v '^failover key' >"$tmp/$fw2.conf"
	daemon_up "$fw2"
	wait_for 30 in_show "$fw2" 'there is no key (failover key)'
	wait_for 20 counter_is "$fw2" rx-stranger -ge 1
	state_is "$fw2" Negotiation
	is "frames sent" "$(counter "$fw2" tx-frames)" -eq 0
	is "associations" "$(counter "$fw1" associations)" -eq 0
}
counter_is() { is "$2" "$(counter "$1" "$2")" "${@:3}"; }

readable_file() {
	cp "$tmp/key2" "$tmp/key3"
	chmod 644 "$tmp/key3"
	fails in_ns "$fw1" failover key file "$tmp/key3"
	grep -qF "mode 0600" "$tmp/fails"
}

clear() {
	fresh_firewalls
	record_start clear-
	link_key=none pair_up
	in_show "$fw1" 'CLEAR TEXT'
	recorded clear- tells_addresses
}

stages <<-END
	!network          the pair, and a record of its link from the first frame
	secret_record     the record has no address of a connection, and not the key
	again             the record sent again, to both units, whoever said it: refused
	not_told          the key is neither shown nor logged
	for_the_daemon    nobody but the daemon is told the keys of hellos on interfaces
	key_changed       the key is replaced: no hello is lost, new keys are in use
	restarted         the record sent again after a restart of either unit: refused
	whole_record      nor has the record of all that: no address, neither key
	no_key            without a key the link stays down, and the unit says so
	other_key         another key: no pair, both say so
	one_clear         a key and none: no pair, both say so
	readable_file     a key file that others can read is refused
	clear             control: with "failover key none" the record has the addresses
	kernel_is_clean   the kernel log is clean
END

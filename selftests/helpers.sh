#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a control connection has announced before a takeover is let through after
# it: the data connection of FTP, active, where the server opens it to an address
# of NAT, and passive. The rules let in nothing but port 21, so that it is there
# only because the standby was told to expect it; with the replication of
# expectations off it is not.
#
# The server is vsftpd and the client ftp.py, which opens the data connection, or
# asks for it, only when it is told to: there is as much time as a takeover takes.
#
# Topology: lib.sh. The address of the client is not as long as the one that it is
# translated to, so what the server is told is shifted.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.bash"

fetches=(active passive passive6)

ruleset() { helper_rules ftp tcp 21; }

network() {
	helper_modules ftp
	network_up
	# a connection that is kept half open is tried for
	sysctls "$client" net.ipv4.tcp_syn_retries=15
	sysctls "$server" net.ipv4.tcp_synack_retries=15
	ftp_server
}

### FTP #######################################################################

# announce NAME active|passive HOST SECONDS
declare -A fetcher
announce() {
	rm -f "$tmp/$1".*
	ip netns exec "$client" "$here/ftp.py" "$2" "$3" files/file "$4" \
		>"$tmp/$1.got" 2>"$tmp/$1.said" &
	fetcher[$1]=$!
	pids+=($!)
	wait_for 20 grep announced "$tmp/$1.said"
}

announce_all() {
	announce active active "$out4" "$1"
	announce passive passive "$out4" "$1"
	announce passive6 passive "$out6" "$1"
	is "announced" "$(expected "$fw1" | wc -l)" 3
}

go() {
	local it
	for it; do kill -USR1 "${fetcher[$it]}"; done
}

# fetched NAME: the whole file.
fetched() {
	wait "${fetcher[$1]}" || { cat "$tmp/$1.said"; return 1; }
	cmp "$tmp/$1.got" "$tmp/ftp/files/file"
}

all_fetched() {
	local it
	go "${fetches[@]}"
	for it in "${fetches[@]}"; do fetched "$it"; done
}

# hold: the server answers no data connection.
hold() {
	in_ns "$server" nft -f - <<-NFT
		table inet hold {
			counter kept { }
			chain out {
				type filter hook output priority 0;
				tcp sport != 21 tcp flags & (syn | ack) == syn | ack \
					counter name kept drop
			}
		}
	NFT
}

let_go() { in_ns "$server" nft delete table inet hold; }

kept_one() {
	is "answers kept" "$(in_ns "$server" nft -j list counter inet hold kept |
		jq '[.nftables[].counter.packets // empty][0]')" -ge 1
}

### stages ####################################################################

told() {
	pair_up
	announce_all $((60 * slow))
	in_step "$fw1" "$fw2"
	same_expected "$fw1" "$fw2"
	expected "$fw2" | grep 'dst=203.0.113.2 '
	helped_is "$fw1" ftp 3
	helped_is "$fw2" ftp 3
	row_is "$fw1" xmit -ge 3
	row_is "$fw2" rcv -ge 3
	row_is "$fw2" rerr -eq 0
	row_is "$fw2" xmit -eq 0
}

# FTP gives them 300 seconds.
is_held() {
	time_left "$fw1" -le 300
	time_left "$fw2" -gt 3600
}

opened_after() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	wait_for 20 time_left "$fw2" -le 300
	all_fetched
	wait_for 20 expected_is "$fw2" 0
}

# One that is announced to a unit that is alone comes by the bulk sync.
bulk() {
	announce passive passive "$out4" $((60 * slow))
	expected_is "$fw2" 1
	unit_back "$fw1" primary
	wait_for 30 state_is "$fw1" "Standby Ready"
	in_step "$fw2" "$fw1"
	same_expected "$fw2" "$fw1"
	time_left "$fw1" -gt 3600
	take_role "$fw1"
	go passive
	fetched passive
	wait_for 20 expected_is "$fw1" 0
	in_step "$fw1" "$fw2"
	wait_for 20 expected_is "$fw2" 0
}

# Its first packet has used up what was expected, and nobody has answered it.
half_open() {
	announce passive passive "$out4" $((60 * slow))
	hold
	go passive
	wait_for 30 kept_one
	expected_is "$fw1" 0
	in_step "$fw1" "$fw2"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	let_go
	fetched passive
}

control() {
	local it
	fresh_firewalls
	pair_up "no failover replication expectations"
	is "JSON" "$(show "$fw1" .config.replication_expectations)" false
	announce_all $((10 * slow))
	in_step "$fw1" "$fw2"
	row_is "$fw1" xmit -eq 0
	expected_is "$fw2" 0
	helped_is "$fw2" ftp 3
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	go "${fetches[@]}"
	wait_for 60 refused_is "$fw2" 2
	for it in "${fetches[@]}"; do
		fails fetched "$it"
		fails test -s "$tmp/$it.got"
	done
}

stages <<-END
	!network          a server of FTP, a client, two firewalls, a switch
	!told             what is expected and its control connection are on the standby
	is_held           where it is not over while the active has it
	opened_after      data connections are opened after a takeover, each way
	bulk              one that was announced before comes by a bulk sync
	half_open         and one is finished that had only begun
	control           control: without their replication no file arrives
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The window checks of TCP: strict, off for a while after a takeover, strict
# again. For virtual time (boot -v), in which that while costs nothing. Data is
# under way in both directions, what is invalid is dropped, and a stranger who
# does not know the sequence numbers sends segments of a connection.
#
# usage: strict.sh [TAKEOVERS]
#
# Topology: lib.sh, whose rules drop what is invalid.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"

takeovers=${1:-${TAKEOVERS:-200}}
exec 3>&1
figure() { echo "# $*" >&3; }

network() {
	local ns
	network_up
	for ns in "$fw1" "$fw2"; do
		sysctls "$ns" net.netfilter.nf_conntrack_tcp_be_liberal=0
	done
	in_ns "$client" nft -f - <<-NFT
	table inet seen {
		counter forged { }
		chain in {
			type filter hook input priority filter; policy accept;
			ip dscp 46 counter name forged drop
		}
	}
	NFT
	play echo "$server" server 5000
	play inner "$client" server 5000
	pair_up
	play tcp "$client" stream "$out4" 5000 100000
	# the other way round: opened by the server, to a forwarded port
	play back "$server" stream 203.0.113.2 8080 100000
	nap 2
	in_step "$fw1" "$fw2"
	port=$(in_ns "$fw1" conntrack -L -p tcp --orig-port-dst 5000 2>/dev/null |
		sed -nE 's/.* dst=203.0.113.2 sport=5000 dport=([0-9]+).*/\1/p')
	play stranger "$server" forge "$out4" 5000 203.0.113.2 "$port"
}

forged() {
	in_ns "$client" nft -j list counter inet seen forged |
		jq '[.nftables[].counter // empty][0].packets'
}

# comes_through: how many of the stranger's eight segments reach the client.
comes_through() {
	local was
	was=$(forged)
	tell stranger send >"$tmp/said"
	heard_is sent 8
	nap 1
	through=$(($(forged) - was))
}

# Those behind the window are let through as repeated ones, those before it not.
strict() {
	local unit=$1
	comes_through
	figure "$2: $through of 8 segments come through"
	is "segments that come through" "$through" -le 5
	is "liberal connections" "$(show "$unit" .this.liberal_connections)" 0
}

before() { strict "$fw1" "before the takeover"; }

# is_well NAME: the stream goes on, nothing of it was reset or spoilt.
is_well() {
	tell "$1" report >"$tmp/said"
	heard_is bad -eq 0
	heard_is reset -eq 0
}

told() { is "liberal connections" "$(show "$1" .this.liberal_connections)" -ge 2; }

# Control: while the windows are not checked all of them come through.
liberal() {
	give_role "$fw1" "$fw2"
	wait_for 5 told "$fw2"
	figure "$(in_ns "$fw2" failover show | grep 'TCP windows')"
	in_ns "$fw2" failover show | grep 'TCP windows: [0-9]* connections are not checked'
	is "time that is left" "$(show "$fw2" .this.liberal_ms)" -gt 50000
	is_well tcp
	is_well back
	comes_through
	figure "in the first moments after it: $through of 8"
	is "segments that come through" "$through" 8
}

again() {
	nap 70
	is_well tcp
	is_well back
	strict "$fw2" "70 s after it"
	is_well tcp
	fails grep 'TCP windows' <<<"$(in_ns "$fw2" failover show)"
}

# No stall: every stream is answered within two seconds of each takeover.
many() {
	local i from=$fw2 to=$fw1 worst=0 who gap
	tell tcp report
	tell back report
	for ((i = 0; i < takeovers; i++)); do
		give_role "$from" "$to" >"$tmp/given"
		nap 1
		for who in tcp back; do
			is_well "$who"
			gap=$(value gap_ms "$heard")
			[ "$gap" -le "$worst" ] || worst=$gap
			is "milliseconds without an answer" "$gap" -le 2000
		done
		set -- "$from" "$to"
		from=$2 to=$1
	done
	figure "$takeovers takeovers: $worst ms without an answer at most, $(value received "$heard") bytes came"
}

whole() {
	local who
	for who in tcp back; do
		tell "$who" stop
		heard_is bad -eq 0
		heard_is sum ok
	done
}

stages <<-END
	!network          the pair, data in both directions
	before            strict: most segments of a stranger are dropped
	liberal           control: after a takeover they come through, and show says so
	again             a minute later it is strict again
	many              takeovers in a row: no stream stands still
	whole             both streams are whole
	kernel_is_clean   the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Protocols that have no row of their own outlive the active unit, as the kernel at
# hand tracks them: SCTP with its tags, DCCP, UDP-Lite, GRE with a key
# and without, ESP that passes through, and one that no kernel knows. After the
# takeover it is the server who speaks first: only a connection that the firewall
# knows lets that in.
#
# Topology: lib.sh. What carries a checksum over its addresses that not every
# kernel translates goes to the server's other address, without NAT.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

behind_nat=(gre other esp sctp)
without_nat=(udplite dccp)
# GRE of version 0 is one connection between two hosts, whatever its keys are: the one
# with a key is to the other address.
protocols=("${behind_nat[@]}" "${without_nat[@]}" gre-key)

# known PROTOCOL: the kernel has sockets for it: DCCP and UDP-Lite are gone from newer
# ones, and with them what tracks them.
known() {
	! in_ns "$server" "$traffic" raw "$1" 4 at "$(address_of "$1" 4)" < <(:) 2>&1 |
		grep -q 'Protocol not supported'
}

only_known() {
	local p left=()
	for p in "${protocols[@]}"; do
		if known "$p"; then
			left+=("$p")
		else
			(own_stdout; echo "# this kernel has no $p")
		fi
	done
	protocols=("${left[@]}")
	# what every kernel has
	for p in "${behind_nat[@]}" gre-key; do [[ " ${left[*]} " == *" $p "* ]]; done
}

# What tracks UDP-Lite takes its checksum for one of UDP, so that each packet is
# invalid unless checksums are not looked at.
any_checksum() {
	local ns
	for ns in "$fw1" "$fw2"; do sysctls "$ns" net.netfilter.nf_conntrack_checksum=0; done
}

network() {
	network_up
	any_checksum
	only_known
	server_ends
	pair_up
}

# address_of PROTOCOL FAMILY: where the server's end is.
address_of() {
	case "$1 $2" in
	*' 4') [[ " ${behind_nat[*]} " == *" $1 "* ]] && echo "$out4" || echo 203.0.113.11 ;;
	*' 6') [[ " ${behind_nat[*]} " == *" $1 "* ]] && echo "$out6" || echo 2001:db8:203::11 ;;
	esac
}

# each FUNCTION: of each, with its protocol, family and address.
each() {
	local p f
	for p in "${protocols[@]}"; do
		for f in 4 6; do
			"$@" "$p" "$f" "$(address_of "$p" "$f")"
		done
	done
}

server_end() { play "s-$1$2" "$server" raw "$1" "$2" at "$3"; }
client_end() { play "c-$1$2" "$client" raw "$1" "$2" "$3"; }

server_ends() { each server_end; }

open_one() {
	client_end "$@"
	tell "c-$1$2" open
	heard_is ok -eq 1
	tell "c-$1$2" ask
	heard_is ok -eq 1
	tell "s-$1$2" ask
	heard_is ok -eq 1
}

open_all() { each open_one; }

standby_has_all() {
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	is "SCTP connections with tags" "$("$ctdiff" -l "$fw2" | grep -c 'vtag=')" -ge 2
}

# Twice: an entry that has not got the timeouts of its protocol dies of the first.
asks() {
	tell "s-$1$2" ask
	heard_is ok -eq 1
}
asks_back() {
	tell "c-$1$2" ask
	heard_is ok -eq 1
}

loss() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	each asks
	each asks
	each asks_back
}

none_asks() {
	tell "s-$1$2" ask 700
	heard_is ok -eq 0
}

stop_one() { stop "c-$1$2" "s-$1$2"; }

control() {
	each stop_one
	fresh_firewalls
	any_checksum
	server_ends
	pair_up "no failover replication connections"
	open_all
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	each none_asks
}

stages <<-END
	!network          a server, a pair of firewalls
	!open_all         SCTP, DCCP, UDP-Lite, GRE, ESP and another, out and back
	standby_has_all   the standby's table equals the active's
	loss              fw1 is lost: the server reaches its clients, and they it
	control           control: without replication it reaches none
	kernel_is_clean   the kernel log is clean
END

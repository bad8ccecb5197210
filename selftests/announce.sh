#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each host that has an address of the pair in its table has the new unit's MAC
# after a takeover: for the floating addresses, those of source NAT, of proxies
# and local routes. What was not announced stays as it was, and frames to it go
# on to the old unit.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/macs.bash"

### addresses only ############################################################

# What the pair answers for besides: source NAT to an address, a range, a prefix
# and two maps, a proxy, a local route. The last line of rules covers the whole
# segment; destination NAT leads to a server of the inside.
pool_rules() {
	in_ns "$1" nft -f - <<-'NFT'
	table inet pool {
		map named {
			type ipv4_addr : ipv4_addr
			elements = { 10.77.0.1 : 203.0.113.51 }
		}
		chain pre {
			type nat hook prerouting priority dstnat;
			iifname "none" dnat ip to 10.10.0.77
		}
		chain post {
			type nat hook postrouting priority srcnat;
			ip saddr 10.77.0.0/16 snat ip to 203.0.113.40
			ip saddr 10.77.0.0/16 snat ip to 203.0.113.41-203.0.113.43
			ip saddr 10.77.0.0/16 snat ip to 203.0.113.44/31
			ip saddr 10.77.0.0/16 snat ip to ip saddr map { 10.77.0.2 : 203.0.113.50 }
			snat ip to ip saddr map @named
			ip6 saddr fd77::/16 snat ip6 to 2001:db8:203::40
			ip saddr 10.77.0.0/16 snat ip to 203.0.113.0/24
		}
	}
	NFT
	ips "$1" <<-END
		neigh add proxy 203.0.113.60 dev out
		neigh add proxy 2001:db8:203::60 dev out
		neigh add proxy 10.10.0.60 dev in
		route add local 203.0.113.64/31 dev lo
	END
}

outside='203.0.113.2 2001:db8:203::2 203.0.113.40 203.0.113.41 203.0.113.42
	203.0.113.43 203.0.113.44 203.0.113.45 203.0.113.50 203.0.113.51
	2001:db8:203::40 203.0.113.60 2001:db8:203::60 203.0.113.64 203.0.113.65'
inside='10.10.0.254 fd00:10::254 10.10.0.60'
# Not ours: the NAT's target, a proxy's address on the other segment, hosts.
not_outside='203.0.113.99 203.0.113.10 2001:db8:203::99 203.0.113.61'
not_inside='10.10.0.77 10.10.0.99 203.0.113.60'

# all_are NS MAC ADDRESS...
all_are() {
	local a ns=$1 mac=$2
	shift 2
	for a; do neighbour_is "$ns" "$a" "$mac" || return; done
}

# shellcheck disable=SC2086 # lists of words
announced() {
	local old_in old_out
	pool_rules "$fw1"
	pool_rules "$fw2"
	pair_up
	wait_for 30 pool_known "$fw2" 14
	old_in=$(mac "$fw1" in) old_out=$(mac "$fw1" out)
	known "$client" "$old_in" $inside $not_inside
	known "$server" "$old_out" $outside $not_outside
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	wait_for 10 all_are "$client" "$(mac "$fw2" in)" $inside
	wait_for 10 all_are "$server" "$(mac "$fw2" out)" $outside
	all_are "$client" "$old_in" $not_inside
	all_are "$server" "$old_out" $not_outside
}

# pool_known NS COUNT: 9 of NAT, 3 of proxies, 2 of the route.
pool_known() { grep -q " $2 addresses of NAT" "$tmp/$1.log"; }

# A new rule is seen without a word to the daemon.
learned() {
	local old
	in_ns "$fw2" nft add rule inet pool post ip saddr 10.77.0.0/16 snat ip to 203.0.113.70
	wait_for 30 pool_known "$fw2" 15
	unit_back "$fw1" primary
	wait_for 20 state_is "$fw1" "Standby Ready"
	old=$(mac "$fw2" out)
	known "$server" "$old" 203.0.113.2 203.0.113.70
	wait_for 30 pool_known "$fw1" 14
	give_role "$fw2" "$fw1"
	wait_for 10 neighbour_is "$server" 203.0.113.2 "$(mac "$fw1" out)"
	# fw1 has no such rule
	neighbour_is "$server" 203.0.113.70 "$old"
	wait_for 20 state_is "$fw2" "Standby Ready"
	known "$server" "$(mac "$fw1" out)" 203.0.113.70
	give_role "$fw1" "$fw2"
	wait_for 10 neighbour_is "$server" 203.0.113.70 "$old"
}

stages <<-END
	!network           client, server, two firewalls, a switch
	announced          the hosts have the new unit's MAC for each address, and only for those
	learned            a new rule is noticed; the unit without it does not announce it
	kernel_is_clean    the kernel log is clean
END

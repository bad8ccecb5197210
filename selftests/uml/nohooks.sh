#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel whose bridges have no hooks (CONFIG_NETFILTER_FAMILY_BRIDGE is not
# set): the module, which ./run builds as for such a one, routes as ever, and
# says no to transparent mode, whichever comes first, the bridge or the name.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"

bridge_up() {
	ip -n "$1" link add br0 type bridge
	ip -n "$1" link set br0 up
}
refused() { grep -q 'bridges of this kernel have no hooks' "$1"; }

routes() {
	network_up
	play echo "$server" server 5000
	pair_up
	play udp "$client" udp "$out4" 5000 5
	opened udp 5
}

# Nothing has changed: the unit goes on as it was.
bridge_comes_last() {
	bridge_up "$fw2"
	fails ip -n "$fw2" link set in master br0
	refused "$tmp/fails"
	ip -n "$fw2" -o link show in | fails grep master
	state_is "$fw2" "Standby Ready"
	all_go_on udp=5
}

name_comes_last() {
	in_ns "$fw2" failover interface in no nameif
	ip -n "$fw2" link set in master br0
	fails in_ns "$fw2" failover interface in nameif inside
	refused "$tmp/fails"
	is "interfaces" "$(show "$fw2" '.config.interfaces | length')" -eq 1
	ip -n "$fw2" link set in nomaster
	in_ns "$fw2" failover interface in nameif inside
}

at_boot() {
	local ns
	for ns in "$fw1" "$fw2"; do
		daemon_down "$ns"
		ip netns del "$ns"
	done
	rmmod nf_failover
	fails insmod "$(module_file)" shut=in
	insmod "$(module_file)"
}

stages <<-END
	!routes            a pair that routes
	bridge_comes_last  a named interface does not become a port
	name_comes_last    a port gets no name
	at_boot            nor is there shut=
	kernel_is_clean    the kernel log is clean
END

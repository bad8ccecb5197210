#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A connection does not expire on the standby while the active has it, however
# long that is: idle TCP and ICMP whose timeout is short on the standby only,
# and UDP with the same short timeout on both, which traffic keeps alive on the
# active (such traffic changes nothing that would be sent). The takeover comes
# ten of these timeouts later. After it, what is not used does expire. An entry
# that was not replicated shows that the timeout is real.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

timeout=3
held=(tcp=50 icmp=30)

network() {
	network_up
	play echo "$server" server 5000
	sysctls "$fw2" net.netfilter.nf_conntrack_tcp_timeout_established="$timeout" \
		net.netfilter.nf_conntrack_icmp_timeout="$timeout"
	for ns in "$fw1" "$fw2"; do
		sysctls "$ns" net.netfilter.nf_conntrack_udp_timeout="$timeout" \
			net.netfilter.nf_conntrack_udp_timeout_stream="$timeout"
	done
	pair_up
}

open_all() {
	local it
	play tcp "$client" tcp "$out4" 5000 50
	play icmp "$client" icmp "$out4" 0 30
	for it in "${held[@]}"; do opened "${it%=*}" "${it#*=}"; done
	play beat "$client" beat udp "$out4" 5000 5
	play unused "$client" beat udp "$out4" 5000 5
	in_step "$fw1" "$fw2"
	wait_for 20 all_there
	synced=$(now_ms)
}

# Of each kind, on the standby, as many as there are.
all_there() {
	local n
	in_ns "$fw2" conntrack -L 2>/dev/null >"$tmp/list"
	n=$(grep -c '^tcp .*ESTABLISHED' "$tmp/list")
	is "tcp" "$n" -eq 50 || return
	n=$(grep -c '^icmp ' "$tmp/list")
	is "icmp" "$n" -eq 30 || return
	n=$(grep -c '^udp ' "$tmp/list")
	is "udp" "$n" -eq 2
}

# unreplicated: how many there are of an entry made by hand on the standby.
unreplicated() {
	in_ns "$fw2" conntrack -L -p udp -s 192.0.2.7 2>/dev/null | wc -l
}

control() {
	in_ns "$fw2" conntrack -I -p udp -s 192.0.2.7 -d 192.0.2.8 \
		--sport 7 --dport 8 -t "$timeout" -u SEEN_REPLY
	is "made by hand" "$(unreplicated)" -eq 1
	wait_for $((timeout * 3)) none_unreplicated
}
none_unreplicated() { [ "$(unreplicated)" = 0 ]; }

ten_times_later() {
	wait_for $((timeout * 12)) older
	all_there
}
older() { is "age" $(($(now_ms) - synced)) -ge $((timeout * 10000)); }

takeover() {
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	all_go_on "${held[@]}"
	tell unused stop
	tell beat report
	heard_is moved -eq 0
}

# Both timeouts are over long before the end of this wait.
expire_again() {
	wait_for 20 one_udp
	tell beat report
	heard_is moved -eq 0
}
one_udp() {
	local n
	n=$(in_ns "$fw2" conntrack -L -p udp 2>/dev/null | wc -l)
	is "udp" "$n" -eq 1
}

stages <<-END
	!network          the pair, with timeouts of $timeout s
	!open_all         idle TCP and ICMP, and UDP kept alive, are on the standby
	control           control: an entry that is not replicated expires there
	ten_times_later   $((timeout * 10)) s later all replicated ones are still there
	takeover          fw1 is lost: all go on
	expire_again      now the one that is no longer used expires, the other stays
	kernel_is_clean   the kernel log is clean
END

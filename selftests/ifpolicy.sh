#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How many failed interfaces are too many: numbers, percentages and weights, with
# four interfaces, and one that is not monitored. What flaps is held down; what
# is configured otherwise on the other unit is Waiting, and says so.
#
# Topology: lib.sh, and two more networks: interfaces.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/interfaces.bash"

pair() { tested_pair "no failover hold-down"; }

cables_down() {
	printf 'link set fw1-%s down\n' "$@" | ips "$sw"
}

# row POLICY FW1 FW2 stays|moves NETWORK...: these cables of the active unit.
row() {
	local policy=$1 one=$2 two=$3 role=$4
	shift 4
	on_both interface-policy "$policy"
	fails_as "$one" "$two" "$role" cables_down "$@"
}

# far has nobody else, so that its silence is nobody's fault.
one() { row 1 NLNN NWNN moves out; }
two() {
	row 2 NLNN NWNN stays out
	row 2 NLLN NWWN moves out dmz
}
half() {
	row 50% NNLL NNWU stays dmz far
	row 50% NLLL NWWU moves out dmz far
}

# As many as three interfaces of which there are six.
weighs() {
	on_both monitor-interface outside weight 3
	in_ns "$fw1" failover show running-config | grep -x "monitor-interface outside weight 3"
	row 3 NNLL NNWU stays dmz far
	row 3 NLNN NWNN moves out
	on_both monitor-interface outside
	row 3 NLNN NWNN stays out
}

not_monitored() {
	whole
	on_both no monitor-interface dmz
	on_both interface-policy 1
	all_normal=NN-N
	wait_for 60 states_are "$all_normal" "$all_normal"
	fails_as NN-N NN-N stays cables_down dmz
	healed
	all_normal=NNNN
	on_both monitor-interface dmz
	wait_for 60 states_are "$all_normal" "$all_normal"
}

# The standby's, so that nothing else moves: the second failure lasts.
flapping() {
	local i
	whole
	on_both interface-policy 2
	on_both hold-down 1 3600
	for i in 1 2; do
		cable fw2-dmz down
		wait_for 60 states_are NNWN NNLN
		cable fw2-dmz up
		[ "$i" = 2 ] || wait_for 60 states_are "$all_normal" "$all_normal"
	done
	wait_for 60 states_are NNNN NNFN
	wait_for 20 cause_is "$fw2" dmz "Failed too often, held down"
	in_ns "$fw2" failover reset
	wait_for 20 states_are "$all_normal" "$all_normal"
	on_both no hold-down
}

# What the mate has is not what is configured here.
wrong_address() {
	local text="standby address is 192.168.50"
	whole
	in_ns "$fw2" failover interface dmz ip address 192.168.50.1/24 standby 192.168.50.7
	wait_for 60 states_are NNWN NNWN
	wait_for 20 says "$fw1" "Mate's $text.7, here 192.168.50.2, since "
	wait_for 20 says "$fw2" "Mate's $text.2, here 192.168.50.7, since "
	state_is "$fw1" Active
	in_ns "$fw2" failover interface dmz ip address 192.168.50.1/24 standby 192.168.50.2
	wait_for 60 states_are "$all_normal" "$all_normal"
	wait_for 60 state_is "$fw2" "Standby Ready"
}

# Two cables of the standby are in each other's place.
crossed() {
	whole
	on_both interface-policy 1
	printf 'link set fw2-%s master br-%s\n' in dmz dmz in | ips "$sw"
	wait_for 60 says "$fw2" "mate's interface dmz"
	wait_for 60 says "$fw2" "mate's interface inside"
	state_is "$fw1" Active
	printf 'link set fw2-%s master br-%s\n' in in dmz dmz | ips "$sw"
	wait_for 60 states_are "$all_normal" "$all_normal"
}

stages <<-END
	!four_networks     four data networks
	!pair              a pair that tests its interfaces, and sessions
	one                interface-policy 1: one is too many
	two                interface-policy 2: one is not, two are
	half               interface-policy 50%: two of four are not, three are
	weighs             one that weighs as much as three
	not_monitored      one that is not monitored does not count
	flapping           one that fails too often stays Failed until a reset
	wrong_address      another address at the mate: Waiting, and why
	crossed            cables in each other's place: whose was heard
	kernel_is_clean    the kernel log is clean
END

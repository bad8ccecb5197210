#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The failover link is cut while the units live: the standby finds the active
# one on the data networks and does not take over, however long it lasts, and
# shows the link as failed. When the active one dies then, it does. Booted with
# the link cut one becomes active. With everything cut both do, which is the
# control, and one remains as soon as either network is back. Who answers for
# the addresses of the mate with another MAC is not the mate.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

poll_ms=200
hold_ms=1000

### words #####################################################################

# link_cut, link_heal: no frame of a link passes, in neither direction, and both
# keep their carrier.
link_cut() {
	local ns
	for ns in "$fw1" "$fw2"; do
		tc -n "$ns" qdisc add dev "${1:-fail}" root netem loss 100%
	done
}
link_heal() {
	local ns
	for ns in "$fw1" "$fw2"; do
		tc -n "$ns" qdisc del dev "${1:-fail}" root 2>/dev/null || :
	done
}

# lan on|off: whether the two units see each other on the data networks; the
# hosts see both in any case.
lan() {
	local port isolated=on
	[ "$1" = off ] || isolated=off
	for port in fw1-in fw2-in fw1-out fw2-out; do
		bridge -n "$sw" link set dev "$port" isolated "$isolated"
	done
}

# Whatever is to happen after a loss has happened.
three_holds() { nap $((3 * hold_ms / 1000)); }

answer() { show "$1" ".this.interfaces[] | select(.nameif == \"$2\") | .mate_answer"; }
answer_is() { is "answer on $2 of $1" "$(answer "$1" "$2")" "$3"; }
epoch() { show "$1" .this.epoch; }
reason() { show "$1" .reason; }
says() { in_ns "$1" failover show | grep -F -- "$2"; }

# pair STATE1 STATE2
states_are() {
	state_is "$fw1" "$1" || return
	state_is "$fw2" "$2"
}

one_remains() {
	wait_for 30 states_are Active "Cold Standby"
	three_holds
	states_are Active "Cold Standby"
}

whole_again() {
	link_heal
	wait_for 30 states_are Active "Standby Ready"
}

### one link ##################################################################

network() {
	network_up
	play echo "$server" server 5000
	pair_up
	play many "$client" tcp "$out4" 5000 100
	opened many 100
	play udp "$client" udp "$out4" 5000 20
	opened udp 20
	in_step "$fw1" "$fw2"
}

cut() {
	local before
	before=$(epoch "$fw2")
	is "answer before" "$(answer "$fw2" inside)" not-asked
	link_cut
	one_remains
	is "epoch" "$(epoch "$fw2")" -eq "$before"
	is "peer-silent" "$(counter "$fw2" peer-silent)" -ge 1
	is "reason" "$(reason "$fw2")" "No HELLO heard, but the active addresses are answered"
	all_go_on many=100 udp=20
}

shown() {
	local ns
	answer_is "$fw2" inside mate
	answer_is "$fw2" outside mate
	wait_for 20 answer_is "$fw1" inside mate
	for ns in "$fw1" "$fw2"; do
		says "$ns" "FAIL-LINK fail (Failed - No Switchover)"
		is "link in JSON" "$(show "$ns" '.config.links[0].failed_no_switchover')" true
	done
	says "$fw2" "Warning: no HELLO is heard on FAIL-LINK; the other unit answers on inside, outside"
	is "mate of the standby" "$(show "$fw2" .other.state)" Active
	is "mate of the active" "$(show "$fw1" .other.state)" "Cold Standby"
}

# The mate cannot be asked to hand over, and must not be overruled.
refused() {
	in_ns "$fw2" failover active || :
	three_holds
	states_are Active "Cold Standby"
}

# What was opened meanwhile is on the standby when it is ready again.
healed() {
	play late "$client" tcp "$out4" 5000 30
	opened late 30
	whole_again
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	is "answer" "$(answer "$fw2" inside)" not-asked
	fails says "$fw2" "No Switchover"
	all_go_on many=100 udp=20 late=30
}

# As a restarted daemon sees it: nobody tells it of a loss.
daemon_again() {
	local before
	link_cut
	wait_for 30 state_is "$fw2" "Cold Standby"
	daemon_down "$fw2"
	three_holds
	before=$(asked)
	daemon_up "$fw2"
	wait_for 20 asked_more "$before"
	three_holds
	states_are Active "Cold Standby"
	answer_is "$fw2" inside mate
}

asked() { grep -c 'interface inside: asked for the mate, answer: mate' "$tmp/$fw2.log" || :; }
asked_more() { is "answers" "$(asked)" -gt "$1"; }

# The link is cut still, and now the active one dies.
killed() {
	unit_gone "$fw1"
	wait_for 30 state_is "$fw2" Active
	is "reason" "$(reason "$fw2")" "HELLO not heard from mate, no answer on inside, outside"
	all_go_on many=100 udp=20 late=30
	stop many udp late
}

### all networks ##############################################################

# Nobody can know better: the control of all the rest.
all_cut() {
	fresh_firewalls
	pair_up
	lan off
	link_cut
	wait_for 30 states_are Active Active
}

# They see each other again, but cannot speak: the primary stays.
lan_back() {
	lan on
	one_remains
}

link_back() { whole_again; }

no_interface() {
	ip -n "$fw2" link set in down
	ip -n "$fw2" link set out down
	link_cut
	wait_for 30 state_is "$fw2" Active
	is "reason" "$(reason "$fw2")" "HELLO not heard from mate, no interface to ask on"
}

### at boot ###################################################################

# boot FIRST UNIT SECOND UNIT: with the link cut.
boot() {
	fresh_firewalls
	link_cut
	unit_up "$1" "$2"
	# the second waits for it but half a second longer
	wait_for 20 takes_part "$1"
	[ -z "${5-}" ] || wait_for 30 state_is "$1" Active
	unit_up "$3" "$4"
}

both_boot() {
	boot "$fw1" primary "$fw2" secondary
	one_remains
	whole_again
}

beside_an_active() {
	boot "$fw2" secondary "$fw1" primary wait
	wait_for 30 state_is "$fw1" "Cold Standby"
	three_holds
	states_are "Cold Standby" Active
	is "reason" "$(reason "$fw1")" "No HELLO heard, but the active addresses are answered"
}

# An operator who knows better than a unit that was never heard.
overruled() {
	in_ns "$fw1" failover active
	wait_for 30 state_is "$fw1" Active
}

both_boot_alone() {
	fresh_firewalls
	lan off
	link_cut
	unit_up "$fw1" primary
	unit_up "$fw2" secondary
	wait_for 30 states_are Active Active
	lan on
	link_heal
	wait_for 30 states_are Active "Standby Ready"
}

### others who answer #########################################################

# third_host add|del: the hosts hold the active addresses, too.
third_host() {
	ips "$client" <<-END
		addr $1 10.10.0.254/32 dev eth0
		addr $1 fd00:10::254/128 dev eth0 $([ "$1" = del ] || echo nodad)
	END
	ips "$server" <<-END
		addr $1 203.0.113.2/32 dev eth0
		addr $1 2001:db8:203::2/128 dev eth0 $([ "$1" = del ] || echo nodad)
	END
}

third_host_answers() {
	new_pair
	third_host add
	unit_gone "$fw1"
	wait_for 30 state_is "$fw2" Active
	third_host del
}

# Control: with the MAC of the mate it is the mate.
third_host_with_its_mac() {
	local mac
	new_pair
	mac=$(show_mac "$fw1" in)
	third_host add
	# at once, well within the hold time; its daemon would see its cables go
	freeze "${daemon[$fw1]}"
	unplugged "$fw1"
	ip -n "$client" link set eth0 address "$mac"
	unit_gone "$fw1"
	wait_for 30 state_is "$fw2" "Cold Standby"
	three_holds
	state_is "$fw2" "Cold Standby"
	third_host del
	wait_for 30 state_is "$fw2" Active
}

new_pair() {
	fresh_firewalls
	pair_up
}
show_mac() { ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }

ipv6_alone() {
	fresh_firewalls
	config primary | sed '/^ ip address/d' >"$tmp/$fw1.conf"
	config secondary | sed '/^ ip address/d' >"$tmp/$fw2.conf"
	daemon_up "$fw1"
	daemon_up "$fw2"
	wait_for 30 states_are Active "Standby Ready"
	link_cut
	one_remains
	unit_gone "$fw1"
	wait_for 30 state_is "$fw2" Active
}

### two links #################################################################

links=("failover link STATE-LINK rep" "failover interface ip STATE-LINK 169.254.99.5/30 standby 169.254.99.6")

two_links() {
	fresh_firewalls
	ip link add rep netns "$fw1" type veth peer name rep netns "$fw2"
	unit_up_two "$fw1" primary
	unit_up_two "$fw2" secondary
	wait_for 30 states_are Active "Standby Ready"
}
unit_up_two() {
	config "$2" "${links[@]}" | sed '/^failover link FAIL-LINK/d' >"$tmp/$1.conf"
	daemon_up "$1"
}

link_status() { show "$1" ".config.links[] | select(.name == \"$2\") | .status"; }
link_status_is() { is "$2 of $1" "$(link_status "$1" "$2")" "$3"; }

# lose_one DEVICE NAME OTHER: dead, and nobody is missed.
lose_one() {
	local lost
	lost=$(counter "$fw2" hold-expired)
	link_cut "$1"
	wait_for 30 link_status_is "$fw2" "$2" peer-silent
	three_holds
	link_status_is "$fw2" "$3" peer-alive
	is "state" "$(state "$fw1")" Active
	is "losses" "$(counter "$fw2" hold-expired)" -eq "$lost"
	says "$fw2" "$2 $1 (Failed - No Switchover)"
	link_heal "$1"
	wait_for 30 link_status_is "$fw2" "$2" peer-alive
	wait_for 30 states_are Active "Standby Ready"
}
lose_failover_link() { lose_one fail FAIL-LINK STATE-LINK; }
lose_state_link() { lose_one rep STATE-LINK FAIL-LINK; }

# A unit in the place of a broken one has other MACs on its links; the one that
# lives has not seen its own go down.
replaced() {
	local lost
	lost=$(counter "$fw1" hold-expired)
	in_ns "$fw2" failover no failover
	wait_for 20 losses_are "$fw1" $((lost + 1))
	ip -n "$fw2" link set fail address 02:00:00:00:00:07
	ip -n "$fw2" link set rep address 02:00:00:00:00:08
	in_ns "$fw2" failover failover
	wait_for 30 states_are Active "Standby Ready"
}
losses_are() { is "losses of $1" "$(counter "$1" hold-expired)" -eq "$2"; }

stages <<-END
	!network            the pair, with connections
	!cut                the link is cut: no takeover, nothing is lost
	shown               the link is shown as failed, and the mate as what it is
	refused             the standby cannot be made active then
	healed              the link is back: the standby is ready again
	daemon_again        nor is there one after a restart of the standby's daemon
	killed              then the active one is killed: the standby takes over
	!all_cut            control: with all networks cut both are active
	lan_back            with the data networks back one remains
	link_back           with the link back it is a pair again
	no_interface        who cannot ask anywhere takes over, and says so
	both_boot           both boot with the link cut: the primary is active
	beside_an_active    one boots with the link cut beside an active one
	overruled           an operator may overrule one that was never heard
	both_boot_alone     control: with all networks cut both are active
	third_host_answers  a third host with the active addresses holds nobody back
	third_host_with_its_mac  control: with the MAC of the mate it does
	ipv6_alone          the same with nothing but IPv6
	!two_links          a pair with a failover link and a state link
	lose_failover_link  the failover link is dead: the mate is heard on the other
	lose_state_link     the state link is dead: the mate is heard on the other
	replaced            a unit comes back with other MACs on its links: a pair
	kernel_is_clean     the kernel log is clean
END

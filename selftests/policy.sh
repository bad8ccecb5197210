#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the daemons decide, and what becomes of the traffic when they cannot:
# preemption, the hold-down against flapping, a unit that is not fit, daemons
# that are killed, stopped and gone. Connections and a stream of datagrams go
# through the pair all the time.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

network() {
	network_up
	play echo "$server" server 5000
}

# pair LINE...: the units with these lines, and traffic through them.
pair() {
	pair_up "$@"
	play many "$client" tcp "$out4" 5000 100
	opened many 100
	play beat "$client" beat udp "$out4" 5000 100
}

lines=("failover preempt 1" "failover hold-down 1 3600")
first_pair() { pair "${lines[@]}"; }

all_live() { all_go_on many=100; }

active_is() {
	wait_for 30 state_is "$1" Active
	wait_for 30 state_is "${peer[$1]}" "Standby Ready"
	all_live
}

said() { grep -c "$2" "$tmp/$1.log" || :; }
has_said() { is "\"$2\" in the log of $1" "$(said "$1" "$2")" -ge "$3"; }

cables() { printf 'link set %s '"$2"'\n' in out | ips "$1"; }

shown() { in_ns "$1" failover show | grep -q "$2"; }
# field_is NS FILTER WANT: in what fw1 or fw2 shows.
field_is() { is "$2 of $1" "$(show "$1" "$2")" "$3"; }
held() { field_is "$1" ".$2.hold_down" "$3"; }

# The operator's wish is no takeover to be undone.
operator_is_obeyed() {
	in_ns "$fw2" failover active
	active_is "$fw2"
	is "preemptions" "$(said "$fw1" "preempt: in")" -eq 0
}

# fails_and_recovers: the primary, which is standby, without any interface.
fails_and_recovers() {
	cables "$fw1" down
	wait_for 10 state_is "$fw1" Failed
	wait_for 10 field_is "$fw2" .other.state Failed
	field_is "$fw1" .this.fit false
	fails in_ns "$fw1" failover active
	state_is "$fw2" Active
	all_live
	cables "$fw1" up
}

preempts() {
	active_is "$fw1"
	has_said "$fw1" "preempt: in 1 s" 1
}

# Both were active twice and standby in between: more than 1 takeover.
holds_down() {
	wait_for 10 held "$fw1" this true
	wait_for 10 held "$fw2" other true
	has_said "$fw1" "hold-down: more than 1 takeovers within 3600 s" 1
	is "counter" "$(counter "$fw1" hold-downs)" -ge 1
	shown "$fw1" "Hold-down: no preemption until .*:"
	shown "$fw2" "Hold-down: the other host allows no preemption"
}

# The active unit has no interface: the hold-down does not keep it active.
hands_over_when_unfit() {
	cables "$fw1" down
	wait_for 20 state_is "$fw2" Active
	wait_for 20 state_is "$fw1" Failed
	has_said "$fw1" "drained: all changes are acknowledged" 1
	has_said "$fw1" "Active Drain.*Interface check" 1
	all_live
	# they were down once before, which is too often for them, too
	cables "$fw1" up
	wait_for 30 interfaces_held "$fw1" 2
	state_is "$fw1" Failed
}
interfaces_held() {
	is "interfaces held down" "$(in_ns "$1" failover show monitor-interface |
		grep -c "Failed too often, held down")" -eq "$2"
}

# The control of the hold-down: without it the role comes back.
reset_ends_it() {
	local before
	before=$(said "$fw1" "preempt: in")
	state_is "$fw2" Active
	held "$fw1" this true
	in_ns "$fw1" failover reset
	wait_for 10 held "$fw1" this false
	wait_for 10 interfaces_held "$fw1" 0
	# the mate still does, and is asked from here
	if [ "$(show "$fw1" .other.hold_down)" = true ]; then
		is "preemptions" "$(said "$fw1" "preempt: in")" -eq "$before"
		in_ns "$fw1" failover reset mate
	fi
	active_is "$fw1"
	has_said "$fw1" "preempt: in 1 s" $((before + 1))
}

# ready_again SYNCS: the daemon says that it reloads before it does so.
ready_again() {
	is "reloads" "$(said "$fw2" "reload: failover is switched off")" -eq 1 || return
	is "bulk syncs" "$(counter "$fw1" bulk-syncs)" -gt "$1" || return
	state_is "$fw2" "Standby Ready"
}

reload_standby() {
	local syncs
	syncs=$(counter "$fw1" bulk-syncs)
	fails in_ns "$fw2" failover reload-standby
	in_ns "$fw1" failover reload-standby
	wait_for 30 ready_again "$syncs"
	state_is "$fw1" Active
	all_live
}

### daemons ###################################################################

second_pair() {
	stop many beat
	fresh_firewalls
	pair "failover preempt" "no failover hold-down"
}

has_daemon() { field_is "$1" .this.daemon "$2"; }

# What the stream has lost; the last datagrams are still on their way.
lost() { echo $(($(value sent "$heard") - $(value received "$heard"))); }

# lost_at_most COUNT: those that are on their way still come.
lost_at_most() {
	tell beat report && is "datagrams lost" "$(lost)" -le "$1"
}

# Nothing of it is seen in the stream: no datagram is lost.
restarts_change_nothing() {
	local i ns epoch lost
	epoch=$(show "$fw1" .this.epoch)
	tell beat report
	lost=$(lost)
	for i in 1 2 3; do
		for ns in "$fw1" "$fw2"; do
			daemon_down "$ns"
			wait_for 10 has_daemon "$ns" false
			all_live
			daemon_up "$ns"
			wait_for 10 has_daemon "$ns" true
		done
	done
	wait_for 10 lost_at_most $((lost + 2))
	field_is "$fw1" .this.epoch "$epoch"
	state_is "$fw1" Active
	wait_for 30 state_is "$fw2" "Standby Ready"
}

# Whoever it is, and however far it is: the next one goes on.
killed_in_a_takeover() {
	local ns
	for ns in "$fw1" "$fw2"; do
		in_ns "$fw1" failover --timeout 0 no active || :
		daemon_down "$ns"
		daemon_up "$ns"
		wait_for 10 has_daemon "$ns" true
		wait_for 40 one_active
		in_ns "$fw1" failover active
		active_is "$fw1"
	done
}

one_active() {
	case $(state "$fw1"),$(state "$fw2") in
	Active,Standby\ Ready|Standby\ Ready,Active) return 0 ;;
	esac
	return 1
}

# No policy over there: nothing is handed over to it.
standby_without_a_daemon() {
	daemon_down "$fw2"
	wait_for 10 has_daemon "$fw2" false
	wait_for 10 field_is "$fw1" .other.daemon false
	fails in_ns "$fw1" failover no active
	cables "$fw1" down
	wait_for 10 field_is "$fw1" .this.fit false
	state_is "$fw1" Active
	cables "$fw1" up
	all_live
	daemon_up "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}

# A daemon that stands still is as good as none; the data path goes on until
# the other unit takes over, and its first hello shuts this one.
stopped_active() {
	local was
	was=$(show "$fw2" .this.epoch)
	freeze "${daemon[$fw1]}"
	wait_for 20 has_daemon "$fw1" false
	all_live
	wait_for 10 has_said "$fw2" "failoverd on the active unit is gone" 1
	state_is "$fw2" "Standby Ready"
	wait_for 60 state_is "$fw2" Active
	has_said "$fw2" "failoverd in other unit has failed" 1
	is "epoch" "$(show "$fw2" .this.epoch)" -gt "$was"
	field_is "$fw1" .this.role standby
	is "fenced" "$(counter "$fw1" fenced)" -ge 1
	all_live
}

# It learns what has happened, and takes its role back: preempt is on.
goes_on() {
	kill -CONT "${daemon[$fw1]}"
	active_is "$fw1"
	has_said "$fw1" "Detected an Active mate" 1
}

whole() {
	tell beat stop
	heard_is moved -eq 0
}

stages <<-END
	!network                  the network
	!first_pair               a pair that preempts, and traffic through it
	operator_is_obeyed        what an operator gave away is not taken back
	fails_and_recovers        a standby without interfaces is Failed
	preempts                  it is fit again, and preempts
	holds_down                that was too often: hold-down
	hands_over_when_unfit     an active unit without interfaces hands over
	reset_ends_it             no preemption, until failover reset
	reload_standby            failover reload-standby, once
	whole                     the stream kept its port
	!second_pair              another pair
	restarts_change_nothing   daemons that are killed: nothing is lost
	killed_in_a_takeover      daemons that are killed in a takeover
	standby_without_a_daemon  nothing is handed over to a unit without daemon
	stopped_active            a stopped daemon on the active: taken over
	goes_on                   it goes on, and gets the role again
	whole                     the stream kept its port
	kernel_is_clean           the kernel log is clean
END

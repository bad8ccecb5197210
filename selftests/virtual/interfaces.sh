#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How long it takes until a failed interface moves the role, by its link and by
# its tests, with the fastest timers and with those of the ASA, and what keepalived
# sees of the same failures; and that a switch without power, which takes the link
# of both units one after the other, moves nothing. For virtual time (boot -v), where
# that is the same in every run. The figures are printed.
#
# Topology: lib.sh, and two more networks: interfaces.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../interfaces.bash"
. "$(dirname "$0")/record.bash"

# POLL HOLD of interfaces, in ms
settings='
100 500
5000 25000
'
poll_ms=200	# of the units
settle=10	# ms for which a unit has to be the worse one
# The daemon's part, and that its clock has whole milliseconds: of the link and
# of up to ten tests, one after the other.
soon=2000
later=15000

pair() { tested_pair "failover interface-policy 1" "no failover hold-down"; }

# polled POLL HOLD: all is well, with these times.
polled() {
	on_both polltime interface msec "$1" holdtime msec "$2"
	whole
	# whatever happens now and then has happened with them
	nap 30
	is_whole
}

# moved COMMAND...: the role moves, at $active; the mate was heard on the
# interface until $last. No session is lost.
moved() {
	record events "$fw2" events
	record frames "$fw1" frames in
	nap 6
	begin=$(us)
	"$@"
	wait_for 120 grep -q 'state=Active$' "$tmp/events"
	unrecord events frames
	active=$(when events 'state=Active$')
	# hellos on interfaces are of no type of the link
	last=$(awk '/ in [?]$/ { at = $1 } END { print at }' "$tmp/frames")
	all_go_on many=20
}

# near WHAT GOT WANT SLACK: from WANT on, by less than SLACK; in us.
near() {
	is "$1" "$2" -ge "$3"
	is "$1" "$2" -lt $(($3 + $4))
}

by_link() {
	local poll hold
	while read -r poll hold; do
		[ -n "$hold" ] || continue
		polled "$poll" "$hold"
		moved cable fw1-in down
		figure "poll $poll ms, hold $hold ms: link lost, active after $((active - begin)) us"
		near "active" $((active - begin)) $((settle * 1000)) "$soon"
	done <<<"$settings"
}

# tests_ms HOLD: from the last hello until the tests are over. They begin after
# half the hold time. There are three, and the last two are repeated until what
# the mate says is newer than two hellos of the unit.
tests_ms() {
	local slice=$(($1 / 16)) ms
	ms=$((3 * slice))
	while [ "$ms" -lt $((2 * poll_ms)) ]; do ms=$((ms + 2 * slice)); done
	echo $(($1 / 2 + ms))
}

by_tests() {
	local poll hold want
	while read -r poll hold; do
		[ -n "$hold" ] || continue
		polled "$poll" "$hold"
		moved block_port fw1-in
		want=$((($(tests_ms "$hold") + settle) * 1000))
		figure "poll $poll ms, hold $hold ms: silent, active $(((active - last) / 1000)) ms after the last hello, $(((active - begin) / 1000)) ms after the failure"
		near "active" $((active - last)) "$want" "$later"
	done <<<"$settings"
}

# control: the active unit's first, and the standby's before it counts.
dark_switch() {
	local epoch
	polled 100 500
	epoch=$(epoch "$fw1")
	printf 'link set %s down\n' fw1-in fw2-in | ips "$sw"
	wait_for 20 states_are LNNN LNNN
	nap 5
	state_is "$fw1" Active
	is "epoch" "$(epoch "$fw1")" "$epoch"
}

### a daemon that stands still ###############################################

# A fifth interface, as a port of a bridge is: nothing on it has an address, so that
# the units hear nothing there but each other's hellos.
idle_port() {
	local fw
	whole
	ips "$sw" <<-END
		link add br-idle type bridge forward_delay 0 mcast_snooping 0
		link set br-idle up
	END
	in_ns "$sw" sysctl -qw net.ipv6.conf.br-idle.disable_ipv6=1
	for fw in "$fw1" "$fw2"; do
		plug "$fw" idle br-idle
		in_ns "$fw" sysctl -qw net.ipv6.conf.idle.disable_ipv6=1
	done
	on_both interface idle nameif idle
	all_normal=NNNNN
	wait_for 60 states_are "$all_normal" "$all_normal"
}

# POLL HOLD of interfaces, in ms, and seconds: as long as the hold time, almost as
# long as the kernel waits for a daemon, and longer.
stops='
100 500 0.5
100 500 2.5
100 500 8
5000 25000 16
'

# The mate's daemon stops, and goes on. What it said before is no reason to hand it
# the role, nor is that it hears first what it has slept through.
mate_stands_still() {
	local poll hold seconds before
	idle_port
	while read -r poll hold seconds; do
		[ -n "$hold" ] || continue
		echo "poll $poll ms, hold $hold ms, $seconds s"
		polled "$poll" "$hold"
		before=$(epoch "$fw1")
		kill -STOP "${daemon[$fw2]}"
		nap "$seconds"
		kill -CONT "${daemon[$fw2]}"
		nap $((hold * 2 / 1000 + 4))
		wait_for 10 states_are "$all_normal" "$all_normal"
		state_is "$fw1" Active
		is "epoch" "$(epoch "$fw1")" "$before"
		fails grep -F "Interface idle failed" <<<"$(in_ns "$fw1" failover show history)"
	done <<<"$stops"
}

# control: who does not hear it at all while it lives has failed.
idle_port_fails() {
	polled 100 500
	in_ns "$sw" nft add element bridge ports tx "{ fw1-idle }"
	wait_for 20 state_is "$fw2" Active
	in_ns "$fw1" failover show history | grep -F "Interface idle failed: Nothing received, mate's interface passes"
	healed
	on_both no interface idle
	all_normal=NNNN
	wait_for 60 states_are "$all_normal" "$all_normal"
}

### a network that comes late ################################################

# boots PORT STATE: a new pair with the timers of the ASA; a port of the switch is
# down. The daemon of fw1 starts at $begin; fw2 comes to be in this state.
boots() {
	local fw
	heal
	fresh_firewalls
	for fw in "$fw1" "$fw2"; do plug "$fw" dmz br-dmz far br-far; done
	cable "$1" down
	begin=$(us)
	unit_up "$fw1" primary "no failover hold-down"
	unit_up "$fw2" secondary "no failover hold-down"
	wait_for 10 state_is "$fw1" Active
	wait_for 10 state_is "$fw2" "$2"
	first=$(epoch "$fw1")
}

# It is active all the same, and goes on: a link that comes is no failure.
late_network() {
	boots fw1-in "Standby Ready"
	# two polls later all have heard of one another
	nap 12
	states_are UNNN WNNN
	cause_is "$fw1" inside "No link so far"
	cable fw1-in up
	wait_for 10 states_are NNNN NNNN
	fails grep -F "Interface inside failed" <<<"$(in_ns "$fw1" failover show history)"
	nap 30
	state_is "$fw1" Active
	is "epoch" "$(epoch "$fw1")" "$first"
}

# Control: it does not come, and the other unit is the better one.
no_network() {
	boots fw1-in "Standby Ready"
	record events "$fw2" events
	wait_for 60 grep -q 'state=Active$' "$tmp/events"
	unrecord events
	active=$(when events 'state=Active$')
	figure "no link at boot, hold 25000 ms: the other unit is active after $(((active - begin) / 1000)) ms"
	# the daemon begins within a millisecond, and is there a little later
	near "active" $((active - begin)) $(((25000 + settle - 1) * 1000)) 1000000
	wait_for 10 states_are LNNN WNNN
}

# Control: who boots beside an active unit is not waited for.
no_network_of_standby() {
	boots fw2-in Failed
	nap 12
	states_are WNNN LNNN
}

### keepalived, in its place ##################################################

# Adverts are on the outside, each 100 ms; the inside is tracked, as here.
vrrp_conf() { # PRIORITY
	cat <<-CONF
	global_defs {
		script_user root
		vrrp_version 3
	}
	vrrp_instance pair {
		state BACKUP
		interface out
		virtual_router_id 7
		priority $1
		advert_int 0.1
		track_interface {
			in
		}
		virtual_ipaddress {
			203.0.113.2/24 dev out
		}
	}
	CONF
}

vrrp_up() { # NS NUMBER
	vrrp_conf $((200 - $2)) >"$tmp/$1.vrrp"
	ips "$1" <<-END
		addr add 10.10.0.25$2/24 dev in
		addr add 203.0.113.$(($2 + 2))/24 dev out
	END
	ip netns exec "$1" keepalived --vrrp --dont-fork --log-console --no-syslog \
		--use-file "$tmp/$1.vrrp" --pid "$tmp/$1.pid" --vrrp_pid "$tmp/$1.vpid" \
		</dev/null >"$tmp/$1.vrrplog" 2>&1 &
	pids+=($!)
}
is_master() { ip -n "$1" -4 addr show out | grep -qF "203.0.113.2/24"; }

# The control of what it does not see is what it sees.
keepalived_beside() {
	local fw
	heal
	fresh_firewalls
	for fw in "$fw1" "$fw2"; do plug "$fw" dmz br-dmz far br-far; done
	vrrp_up "$fw1" 1
	vrrp_up "$fw2" 2
	wait_for 30 is_master "$fw1"
	nap 10
	block_port fw1-in
	nap 60
	is_master "$fw1"
	fails is_master "$fw2"
	figure "keepalived, track_interface: silent, no takeover within 60000 ms"
	heal
	nap 10
	is_master "$fw1"
	begin=$(us)
	cable fw1-in down
	until is_master "$fw2" || [ $(($(us) - begin)) -gt 30000000 ]; do nap 0.001; done
	active=$(us)
	is_master "$fw2"
	figure "keepalived, track_interface: link lost, master after $((active - begin)) us"
}

stages <<-END
	!four_networks   four data networks
	!pair            a pair that tests its interfaces, and sessions
	by_link          a lost link moves the role after 10 ms, with any timers
	by_tests         a silent interface does when its tests are over
	dark_switch      control: a switch without power moves nothing
	mate_stands_still  a mate whose daemon stood still is not handed the role
	idle_port_fails  control: one that is not heard, and whose mate is
	late_network     a link that comes after the daemon: the unit is active meanwhile
	no_network       control: one that does not come, for the hold time of 25 s
	no_network_of_standby  control: one of the standby, which is Failed at once
	keepalived_beside  keepalived: a lost link moves it, a silent interface never
	kernel_is_clean  the kernel log is clean
END

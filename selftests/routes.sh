#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Routes that only the active unit has are at hand on the other one: sessions
# through them go on after a takeover. Static ones stay, those of a routing daemon
# (BIRD) until there is one of the new active unit, or their time is over. What
# cannot be carried is told. Without the setting the sessions break.
#
# Topology: lib.sh, and networks behind the server.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

far4=198.51.100
far6=2001:db8:51
via4=203.0.113.10
via6=2001:db8:203::10
lines=("failover replication route static" "failover replication route bird"
	"failover replication route timeout $(printf 0:%02d:%02d $((slow / 6)) $((slow % 6 * 10)))")

network() {
	network_up
	ips "$server" <<-END
		addr add $far4.10/32 dev lo
		addr add $far4.210/32 dev lo
		addr add $far6:10::10/128 dev lo
	END
	play echo "$server" server 5000
}

# ours NS [-6]: what is installed for the other unit, without what tools add.
ours() { ip -n "$1" "${2--4}" route show table all proto 70 | sed 's/ pref medium//; s/ *$//'; }
ours_has() { ours "$1" "${3--4}" | grep -E "^$2"; }
ours_has_not() { fails ours_has "$@"; }
# object NS DESTINATION: how many there are of this space.
objects() { in_ns "$1" failover -j object list route | jq length; }
objects_are() { is "objects of $1" "$(objects "$1")" "$2"; }
row() { show "$1" ".classes[] | select(.name == \"Route Session\") | .$2"; }

### bird ######################################################################

# bird_up NS NETWORK...: a routing daemon that has learned these.
bird_up() {
	local ns=$1 net
	shift
	{
		echo 'router id 192.0.2.1;'
		echo 'protocol device { }'
		echo 'protocol kernel { ipv4 { export all; }; }'
		echo 'protocol static { ipv4;'
		for net; do echo "	route $net via $via4;"; done
		echo '}'
	} >"$tmp/$ns.bird"
	ip netns exec "$ns" bird -f -c "$tmp/$ns.bird" -s "$tmp/$ns.ctl" \
		</dev/null >>"$tmp/$ns.birdlog" 2>&1 &
	bird[$ns]=$!
	pids+=($!)
}
declare -A bird

### told ######################################################################

# The two static ones lead to the server, and so does one that BIRD has made.
told() {
	pair_up "${lines[@]}"
	ips "$fw1" <<-END
		route add $far4.0/25 via $via4 proto static
		route add $far6:10::/64 via $via6 proto static metric 77
	END
	bird_up "$fw1" "$far4.128/25" "$far4.64/28"
	wait_for 20 ours_has "$fw2" "$far4.0/25 via $via4 dev out metric 1073741824\$"
	wait_for 20 ours_has "$fw2" "$far6:10::/64 via $via6 dev out metric 1073741901\$" -6
	wait_for 20 ours_has "$fw2" "$far4.128/25 via $via4 dev out metric 1073741856\$"
	wait_for 20 ours_has "$fw2" "$far4.64/28 "
	is "installed on the active unit" "$(ours "$fw1"; ours "$fw1" -6)" ""
	in_ns "$fw1" failover show | grep -x 'failover replication route static: 2 routes'
	in_ns "$fw1" failover show | grep -x 'failover replication route bird: 2 routes'
	in_ns "$fw2" failover show | grep -x 'failover replication route bird: 2 routes'
	is "xmit" "$(row "$fw1" xmit)" -ge 4
	is "rcv" "$(row "$fw2" rcv)" -eq "$(row "$fw1" xmit)"
}

# Another gateway, and one that is gone.
changed() {
	ips "$fw1" <<-END
		route add 192.0.2.0/24 via $via4 proto static mtu 1400 src 10.10.0.254
		route add 192.0.2.128/28 via 203.0.113.11 proto static
	END
	# the source is the active unit's, which the standby is not
	wait_for 20 ours_has "$fw2" "192.0.2.0/24 via $via4 dev out metric [0-9]* mtu 1400\$"
	wait_for 20 ours_has "$fw2" "192.0.2.128/28 "
	ips "$fw1" <<-END
		route replace 192.0.2.0/24 via 203.0.113.11 proto static
		route del 192.0.2.128/28
	END
	wait_for 20 ours_has "$fw2" "192.0.2.0/24 via 203.0.113.11 dev out metric [0-9]*\$"
	wait_for 20 ours_has_not "$fw2" "192.0.2.128/28 "
	ip -n "$fw1" route del 192.0.2.0/24
	wait_for 20 ours_has_not "$fw2" "192.0.2.0/24 "
	wait_for 20 objects_are "$fw2" 4
}

# Several gateways; a table; what leads nowhere waits for the takeover, and the
# kernel's own routes are nobody else's.
kinds() {
	local two="nexthop via $via6 dev out weight 3 nexthop via fd00:10::10 dev in"
	ips "$fw1" <<-END
		route add $far6:20::/64 proto static $two
		route add blackhole 192.0.2.0/24 proto static
	END
	wait_for 20 objects_are "$fw2" 6
	wait_for 20 eval "ours $fw2 -6 | grep -c nexthop | grep -x 2"
	ours "$fw2" -6 | grep "nexthop via $via6 dev out weight 3"
	ours_has_not "$fw2" "blackhole"
	ips "$fw1" <<-END
		route del $far6:20::/64
		route del blackhole 192.0.2.0/24
	END
	wait_for 20 objects_are "$fw2" 4
	wait_for 20 ours_has_not "$fw2" "$far6:20::/64" -6
}

# Where the kernel has more than one table.
tables() {
	local line="failover replication route static table 100"
	ip -n "$fw1" route add 192.0.2.0/24 table 100 proto static \
		nexthop via "$via4" dev out nexthop via 203.0.113.11 dev out || {
		echo "this kernel has one table, or no routes with several gateways"
		return "$skipped"
	}
	# which comes after it
	ip -n "$fw1" route add 192.0.2.128/28 via "$via4" proto static
	wait_for 20 ours_has "$fw2" "192.0.2.128/28 "
	objects_are "$fw2" 5
	ip -n "$fw1" route del 192.0.2.128/28
	wait_for 20 objects_are "$fw2" 4
	# shellcheck disable=SC2086 # words
	in_ns "$fw1" $line
	# shellcheck disable=SC2086 # words
	in_ns "$fw2" $line
	wait_for 20 ours_has "$fw2" '192.0.2.0/24 table 100'
	wait_for 20 eval "ours $fw2 | grep -c 'nexthop via 203.0.113' | grep -x 2"
	in_ns "$fw1" failover no replication route static table 100
	wait_for 20 ours_has_not "$fw2" '192.0.2.0/24 table 100'
	in_ns "$fw2" failover no replication route static table 100
	ip -n "$fw1" route del 192.0.2.0/24 table 100
}

# What takes packets in, and a device that the other unit has not.
left_out() {
	ips "$fw1" <<-END
		route add local 192.0.2.1 dev lo table main proto static
		link add lonely type dummy
		link set lonely up
		route add 192.0.2.64/28 dev lonely proto static
	END
	wait_for 20 shows "$fw1" 'route static: 3 routes; 1 not replicated: 192.0.2.1/32.*: type 2'
	wait_for 20 shows "$fw2" 'route static: 3 routes; 1 not installed: 192.0.2.64/28: no device lonely'
	in_ns "$fw1" failover check | grep -F 'routes static: 1 not replicated'
	is "JSON" "$(show "$fw2" '.config.routes[0] | "\(.route) \(.routes) \(.problem)"')" \
		"static 3 1 not installed: 192.0.2.64/28: no device lonely"
	grep -F '1 routes cannot be replicated; 192.0.2.1/32' "$tmp/$fw1.log"
	ips "$fw1" <<-END
		route del local 192.0.2.1 dev lo table main proto static
		link del lonely
	END
	# of which the kernel makes no event for the route
	wait_for 30 shows "$fw2" 'route static: 2 routes$'
	wait_for 20 shows "$fw1" 'route static: 2 routes$'
}
shows() { in_ns "$1" failover show | grep -E "$2"; }

# One of the standby's own is left alone, and nothing is put beside it.
own_first() {
	ip -n "$fw2" route add "$far4.0/25" via 10.10.0.10 proto static
	wait_for 30 ours_has_not "$fw2" "$far4.0/25 "
	ip -n "$fw2" route show | grep "^$far4.0/25 via 10.10.0.10 dev in"
	ip -n "$fw2" route del "$far4.0/25"
	wait_for 30 ours_has "$fw2" "$far4.0/25 "
}

# The kernel takes them away with the device, and tells of none.
flapped() {
	ip -n "$fw2" link set out down
	ours_has_not "$fw2" "$far4.0/25 "
	ip -n "$fw2" link set out up
	wait_for 20 ours_has "$fw2" "$far4.0/25 "
	wait_for 20 ours_has "$fw2" "$far6:10::/64 " -6
	wait_for 30 state_is "$fw2" "Standby Ready"
}

# What happens while a daemon is not there is seen when it is started again.
restarted() {
	kill -KILL "${daemon[$fw2]}"
	daemon_down "$fw2"
	ips "$fw1" <<-END
		route add 192.0.2.0/24 via $via4 proto static
		route del $far4.0/25
	END
	wait_for 20 objects_are "$fw2" 4
	ours_has "$fw2" "$far4.0/25 "
	# one that nobody has told of
	ip -n "$fw2" route add 192.0.2.128/25 via 10.10.0.10 proto 70 metric 1073741824
	daemon_up "$fw2"
	wait_for 30 ours_has "$fw2" "192.0.2.0/24 "
	wait_for 30 ours_has_not "$fw2" "$far4.0/25 "
	wait_for 30 ours_has_not "$fw2" "192.0.2.128/25 "
	ips "$fw1" <<-END
		route del 192.0.2.0/24
		route add $far4.0/25 via $via4 proto static
	END
	wait_for 30 ours_has "$fw2" "$far4.0/25 "
	wait_for 30 ours_has_not "$fw2" "192.0.2.0/24 "
	wait_for 30 state_is "$fw2" "Standby Ready"
}

### taken over ################################################################

flows_on() {
	play static "$client" tcp "$far4.10" 5000 5
	play dynamic "$client" tcp "$far4.210" 5000 5
	play six "$client" tcp "$far6:10::10" 5000 5
	opened static 5
	opened dynamic 5
	opened six 5
	in_step "$fw1" "$fw2"
}

taken_over() {
	ip -n "$fw1" route add blackhole 192.0.2.0/24 proto static
	wait_for 20 objects_are "$fw2" 5
	flows_on
	kill -KILL "${daemon[$fw1]}"
	daemon_down "$fw1"
	wait_for 30 state_is "$fw2" Active
	ends "${bird[$fw1]}"
	unit_gone "$fw1"
	all_go_on static=5 dynamic=5 six=5
	# what had to wait is there, too
	wait_for 10 ours_has "$fw2" "blackhole 192.0.2.0/24"
}

# A daemon of the new active unit has one of the two routes: it takes the place of
# what was inherited, the other one goes when its time is over, static ones do not.
aged() {
	bird_up "$fw2" "$far4.128/25"
	wait_for 20 ours_has_not "$fw2" "$far4.128/25 "
	ip -n "$fw2" route show proto bird | grep "^$far4.128/25 "
	all_go_on dynamic=5
	wait_for 30 ours_has_not "$fw2" "$far4.64/28 "
	ours_has "$fw2" "$far4.0/25 "
	ours_has "$fw2" "$far6:10::/64 " -6
	wait_for 20 objects_are "$fw2" 4
	all_go_on static=5 dynamic=5 six=5
}

# A unit that comes back has them, and its own routes of before are not missed;
# what is removed on the new active unit is removed.
back() {
	unit_back "$fw1" primary "${lines[@]}"
	wait_for 30 state_is "$fw1" "Standby Ready"
	wait_for 20 ours_has "$fw1" "$far4.0/25 "
	wait_for 20 ours_has "$fw1" "$far4.128/25 "
	ip -n "$fw2" route del blackhole 192.0.2.0/24 proto 70 metric 1073741824
	wait_for 20 objects_are "$fw1" 3
	give_role "$fw2" "$fw1"
	all_go_on static=5 dynamic=5 six=5
	wait_for 30 state_is "$fw2" "Standby Ready"
}

# One that was active for less than the timeout has nothing to end when it is over.
rests() {
	local ticks
	give_role "$fw1" "$fw2"
	give_role "$fw2" "$fw1"
	wait_for 30 state_is "$fw2" "Standby Ready"
	nap $((11 * slow))
	ticks=$(cpu_ticks "${daemon[$fw2]}")
	nap $((5 * slow))
	is "ticks of the daemon" $(($(cpu_ticks "${daemon[$fw2]}") - ticks)) -lt $((100 * slow))
	wait_for 20 ours_has "$fw2" "$far4.0/25 "
}
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# Without the lines nothing stays.
switched_off() {
	in_ns "$fw1" failover no replication route
	wait_for 20 eval "[ -z \"\$(ours $fw1; ours $fw1 -6)\" ]"
	wait_for 20 objects_are "$fw2" 0
	wait_for 20 eval "[ -z \"\$(ours $fw2; ours $fw2 -6)\" ]"
	stop static dynamic six
	ends "${bird[$fw2]}"
}

control() {
	fresh_firewalls
	pair_up
	ips "$fw1" <<-END
		route add $far4.0/25 via $via4 proto static
		route add $far6:10::/64 via $via6 proto static
	END
	bird_up "$fw1" "$far4.128/25"
	wait_for 20 eval "ip -n $fw1 route show proto bird | grep ."
	flows_on
	objects_are "$fw2" 0
	is "installed" "$(ours "$fw2")" ""
	# which leaves its routes
	ends "${bird[$fw1]}"
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on static dynamic six
}

stages <<-END
	!network        client, server with networks behind it, two firewalls
	!told           what only the active unit has is at hand on the standby
	changed         also when it changes, and no longer when it is gone
	kinds           several gateways; what leads nowhere waits
	tables          another table, by its own line
	left_out        what cannot be carried or installed is told
	own_first       a route of the standby's own is before it
	flapped         what goes with a device comes back with it
	restarted       nor are changes lost while a daemon is not there
	!taken_over     daemon killed, unit lost: sessions go on, IPv4 and IPv6
	aged            those of a routing daemon are replaced, or end in time
	back            a unit that comes back has them; and back again
	rests           one that was active for a moment only is idle afterwards
	switched_off    without the setting nothing stays
	control         control: with it off from the start the sessions break
	kernel_is_clean the kernel log is clean
END

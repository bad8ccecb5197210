#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every move of the election table, over real kernels: a row for each below.
# Somebody does something in a situation, and then the unit's history has the
# move, with its reason, once more than before, and the log of its daemon the
# event. A move of the table without a row is a failure, and so is a row
# without a move.
#
# Topology: lib.sh, with a state link of its own, rep. Hellos are heard on
# either link; what is sent of the tables goes over rep.
# shellcheck disable=SC2317,SC2119 # the rows call by name
. "$(dirname "$0")/lib.sh"

short=$((500 * slow))	# hold times: a loss is noticed soon, or not at all
long=40000
declare -A held
links=("failover link STATE-LINK rep" "failover interface ip STATE-LINK 169.254.99.5/30 standby 169.254.99.6")

# UNIT  STATE | EVENT | SITUATION | WHAT IS DONE (empty: it was seen before)
# A minus in the place of the unit: the move does not happen, and why. (The role
# is taken in a handover by is_ready() of kmod/unit_role.c, where the kernel
# refuses any other state afterwards: fits() of kmod/unit_history.c. What it
# means that a role is gone is told by observe_kernel() of tools/elect.c.)
every='
fw1 Negotiation            | disable         | negotiating       | off fw1
fw1 Negotiation            | ask active      | negotiating       | asked fw1
fw1 Negotiation            | we come first   | negotiating       | slowly on fw2
fw1 Negotiation            | wait over       | nobody            | on fw1
-   Negotiation            | handed over     | a role is taken only in Standby Ready
fw2 Negotiation            | peer active     | pair              | again fw2
fw2 Negotiation            | peer answers    | pair              | cold
fw1 Disabled               | enable          |                   |
fw2 Cold Standby           | bulk begin      | pair              | slow_bulk
fw2 Bulk Sync              | synced          | bulk              | joined

fw2 Cold Standby           | disable         | cold              | off fw2
fw2 Cold Standby           | we come first   | cold              | mate_yields
fw2 Cold Standby           | unfit           | unplugged         | on fw2
fw2 Cold Standby           | peer lost       | cold              | gone
fw2 Cold Standby           | ask active      | cold              | asked fw2
fw2 Cold Standby           | wait over       | cold              | reborn_alone
-   Cold Standby           | handed over     | a role is taken only in Standby Ready

fw2 Bulk Sync              | disable         | bulk              | off fw2
fw2 Bulk Sync              | we come first   | bulk              | mate_yields
fw2 Bulk Sync              | unfit           | bulk              | unplug fw2
fw2 Bulk Sync              | peer answers    | bulk              | cut
fw2 Bulk Sync              | peer lost       | bulk              | gone
fw2 Bulk Sync              | ask active      | bulk              | operator_alone
fw2 Bulk Sync              | wait over       | bulk              | reborn_alone
-   Bulk Sync              | handed over     | a role is taken only in Standby Ready

fw2 Failed                 | disable         | failed            | off fw2
fw2 Failed                 | we come first   | failed            | mate_yields
fw2 Failed                 | fit             | failed            | plugged fw2
fw2 Failed                 | peer lost       | failed            | gone
fw2 Failed                 | ask active      | failed            | operator_alone
fw2 Failed                 | wait over       | failed            | reborn_alone
-   Failed                 | handed over     | a role is taken only in Standby Ready
fw2 Cold Standby           | synced          |                   |
fw2 Standby Ready          | unfit           |                   |

fw2 Standby Ready          | disable         | pair              | off fw2
fw2 Standby Ready          | handed over     | pair              | asked fw2
fw2 Standby Ready          | we come first   | pair              | mate_yields
fw2 Standby Ready          | not synced      | pair              | associated_anew
fw2 Standby Ready          | bulk begin      | pair              | deaf_to_a_bulk_sync
fw2 Standby Ready          | peer answers    | pair              | cut
fw2 Standby Ready          | peer lost       | pair              | gone
fw2 Standby Ready          | ask active      | orphaned          | asked fw2
fw2 Standby Ready          | wait over       | pair              | reborn_alone
fw2 Standby Ready          | grace over      | orphaned          | :

fw2 Just Active            | step            |                   |
fw2 Active Drain           | step            |                   |
fw2 Active Applying Config | step            |                   |
fw2 Active Config Applied  | step            |                   |
fw2 Just Active            | disable         | rising Just Active | off_in_it
fw2 Just Active            | fenced          | rising Just Active | overtaken
fw2 Active Drain           | disable         | rising Active Drain | off_in_it
fw2 Active Drain           | resume          | rising Active Drain | reborn
fw2 Active Applying Config | disable         | rising Active Applying Config | off_in_it
fw2 Active Applying Config | fenced          | rising Active Applying Config | overtaken
fw2 Active Applying Config | resume          | rising Active Applying Config | reborn
fw2 Active Config Applied  | disable         | rising Active Config Applied | off_in_it
fw2 Active Config Applied  | fenced          | rising Active Config Applied | overtaken
fw2 Active Config Applied  | resume          | rising Active Config Applied | reborn
-   Just Active            | handed over     | that is a fence but in Active Drain
-   Active Applying Config | handed over     | that is a fence but in Active Drain
-   Active Config Applied  | handed over     | that is a fence but in Active Drain
-   Active                 | handed over     | that is a fence but in Active Drain

fw1 Active                 | disable         | pair              | off fw1
fw1 Active                 | fenced          | both_active       | joined
fw1 Active                 | peer wants active | pair            | asked fw2
fw1 Active Drain           | handed over     |                   |
fw1 Active                 | mate is fitter  | pair              | unplug fw1
fw1 Active                 | ask standby     | pair              | yielding fw1
fw1 Active Drain           | drain over      | stuck fw1         | yielding fw1
fw1 Active Drain           | peer lost       | falling fw1       | lost_meanwhile
fw1 Active Drain           | peer answers    | falling fw1       | replaced fw1 fw2
fw2 Active Drain           | fenced          | falling fw2       | replaced fw2 fw1
-   Sync Config            | disable         | no event leads there
-   Sync Config            | resume          | no event leads there
'

### units #####################################################################

configured() {
	config "$2" "${links[@]}" | sed '/^failover link FAIL-LINK/d' >"$tmp/$1.conf"
}

daemon_up() {
	ip netns exec "$1" env LD_PRELOAD="$here/out/halt.so" HALT="$tmp/$1.halt" \
		failoverd -v -c "$tmp/$1.conf" --history "$tmp/$1.history" \
		</dev/null >>"$tmp/$1.log" 2>&1 &
	daemon[$1]=$!
	pids+=($!)
}

asleep() { grep -q '^State:.T' "/proc/${daemon[$1]}/status"; }
sleeps() { freeze "${daemon[$1]}"; }
wakes() { kill -CONT "${daemon[$1]}"; }

off() { in_ns "${!1}" failover no; }
on() { in_ns "${!1}" failover; }
again() { off "$1"; on "$1"; }
# asked, yielding UNIT: nobody waits for what becomes of it.
asked() { in_ns "${!1}" failover --timeout 0 active || :; }
yielding() {
	wait_for 30 mate_is "${!1}" "Standby Ready"
	in_ns "${!1}" failover --timeout 0 no active || :
}
hold() {
	in_ns "$1" failover polltime unit msec 200 holdtime msec "$2"
	held[$1]=$2
}

no_daemon() { is "daemon of the mate" "$(show "$1" .other.daemon)" false; }
mate_lost() { [[ $(show "$1" .other.state) =~ ^(Failed|Not Detected)$ ]]; }
states_are() {
	state_is "$fw1" "$1"
	state_is "$fw2" "$2"
}

### networks ##################################################################

# queueing NS DEVICE ARGUMENTS...: what leaves there.
queueing() { tc -n "$1" qdisc replace dev "$2" root netem "${@:3}"; }

# cut [DEVICE]: no frame of it, or of any link, passes, in neither direction.
cut() {
	local dev
	for dev in ${1-fail rep}; do
		queueing "$fw1" "$dev" loss 100%
		queueing "$fw2" "$dev" loss 100%
	done
}

# joined [DEVICE]
joined() {
	local ns
	for ns in "$fw1" "$fw2"; do
		# shellcheck disable=SC2086 # words
		printf 'qdisc del dev %s root\n' ${1-fail rep} |
			tc -n "$ns" -force -batch - 2>/dev/null || :
	done
}

# lan on|off: whether the units see each other on the data networks.
lan() {
	local isolated=on
	[ "$1" = off ] || isolated=off
	printf "link set dev %s isolated $isolated\n" fw1-in fw2-in fw1-out fw2-out |
		bridge -n "$sw" -batch -
}

# unplug, plugged UNIT...: all its data interfaces.
unplug() { printf "link set %s-in down\nlink set %s-out down\n" "$1" "$1" | ips "$sw"; }
plugged() { printf "link set %s up\n" "${@/%/-in}" "${@/%/-out}" | ips "$sw"; }

# Neither unit sees anything of the other.
gone() { lan off; cut; }
back() { lan on; joined; }

### situations ################################################################

# Whatever a row has left behind ends.
heal() {
	local ns
	back
	plugged fw1 fw2
	for ns in "$fw1" "$fw2"; do
		rm -f "$tmp/$ns.halt"
		# until it has configured the unit no other setting is there
		[ -n "${daemon[$ns]-}" ] || { daemon_up "$ns"; wait_for 20 takes_part "$ns"; }
		wakes "$ns"
		[ "${held[$ns]-}" = "$short" ] || wait_for 20 hold "$ns" "$short"
	done
}

# fw1 is active, fw2 Standby Ready.
pair() {
	local ns
	heal
	for ns in "$fw1" "$fw2"; do
		[ "$(state "$ns")" != Disabled ] || in_ns "$ns" failover
	done
	wait_for 30 in_order
	[ "$(state "$fw1")" = Active ] || swap fw1
}
in_order() { [[ $(state "$fw1")/$(state "$fw2") =~ ^(Active/Standby Ready|Standby Ready/Active)$ ]]; }
swap() {
	asked "$1"
	wait_for 30 state_is "${!1}" Active
	wait_for 30 in_order
}

nobody() {
	heal
	off fw1
	off fw2
}

# fw1 alone, for so long.
negotiating() {
	nobody
	hold "$fw1" "$long"
	on fw1
}
slowly() { hold "${!2}" "$long"; "$@"; }

# fw2 boots without a link, beside an active unit.
cold() {
	pair
	off fw2
	cut
	on fw2
	wait_for 20 state_is "$fw2" "Cold Standby"
}

# state_lost UNIT: the mate misses all its state, and hears it. For a unit that
# waits for long it takes long until it sends state over the failover link.
state_lost() {
	hold "${!1}" "$long"
	cut rep
}

# What fw1 sends comes so slowly that the end of a bulk sync does not come, and
# then not at all.
bulk() {
	pair
	slow_bulk
	wait_for 60 state_is "$fw2" "Bulk Sync"
	state_lost fw1
}

failed() {
	pair
	unplug fw2
	wait_for 20 state_is "$fw2" Failed
}

# fw2 is off, and will be worse than fw1. What has lasted for less than 10 ms is
# not believed, and in that time a bulk sync could begin.
unplugged() {
	pair
	off fw2
	unplug fw2
	state_lost fw1
}

orphaned() {
	pair
	daemon_down "$fw1"
	wait_for 20 no_daemon "$fw2"
}

both_active() {
	pair
	gone
	wait_for 30 states_are Active Active
}

# rising STATE...: fw2 becomes active, and stands still in this state.
rising() {
	pair
	echo "$*" >"$tmp/$fw2.halt"
	asked fw2
	wait_for 20 asleep "$fw2"
	state_is "$fw2" "$*"
}

# stuck UNIT: it is active, and what it sends is not acknowledged.
stuck() {
	pair
	[ "$1" = fw1 ] || swap "$1"
	play more "$client" udp "$out4" 5000 20
	state_lost "$1"
	tell more open
	stop more
}

# falling UNIT: it hands over, and stands still before the mate has all.
falling() {
	stuck "$1"
	echo "Active Drain" >"$tmp/${!1}.halt"
	yielding "$1"
	wait_for 20 asleep "${!1}"
	state_is "${!1}" "Active Drain"
}

### deeds #####################################################################

# One that is over before the daemon looks is not seen to begin.
slow_bulk() {
	queueing "$fw1" rep rate 12kbit
	again fw2
}

# The mate is not active any more, and cannot become it. What fw2 misses
# meanwhile it does not miss for long enough.
mate_yields() {
	daemon_down "$fw1"
	hold "$fw2" "$long"
	off fw1
	joined
	on fw1
}

# A new daemon finds the state, and no mate. (One that was cold has heard none.)
reborn_alone() {
	daemon_down "$fw2"
	gone
	[ "$from" = "Cold Standby" ] || wait_for 30 mate_lost "$fw2"
	daemon_up "$fw2"
}

# The same, and it would wait for long.
operator_alone() {
	daemon_down "$fw2"
	gone
	wait_for 30 mate_lost "$fw2"
	hold "$fw2" "$long"
	daemon_up "$fw2"
	wait_for 30 obeyed
}
obeyed() { asked fw2; state_is "$fw2" Active; }

# Only fw1 has missed the other.
associated_anew() {
	hold "$fw2" "$long"
	lan off
	cut
	wait_for 30 mate_lost "$fw1"
	queueing "$fw1" rep rate 12kbit
	tc -n "$fw2" qdisc del dev rep root
	joined fail
}

# The daemon stands still from before a bulk sync begins until the mate is lost.
deaf_to_a_bulk_sync() {
	local begun
	begun=$(bulk_begun)
	sleeps "$fw2"
	associated_anew
	wait_for 60 bulk_begun_after "$begun"
	gone
	hold "$fw2" "$short"
	wait_for 30 mate_lost "$fw2"
	wakes "$fw2"
}
bulk_begun() {
	in_ns "$fw2" failover show statistics bulk-sync -j |
		jq '[.[] | select(.direction == "received") | .begin_ns] | max'
}
bulk_begun_after() { [ "$(bulk_begun)" != "$1" ]; }

# What stood still does not go on where it was.
off_in_it() {
	off fw2
	wakes "$fw2"
	wait_for 20 has_no_active_address "$fw2"
	state_is "$fw2" Disabled
}
has_no_active_address() { fails grep -F 10.10.0.254/24 <<<"$(ip -n "$1" -o addr show in)"; }

overtaken() {
	wait_for 30 state_is "$fw1" "Standby Ready"
	wait_for 30 no_daemon "$fw1"
	asked fw1
	wait_for 30 state_is "$fw1" Active
	wakes "$fw2"
}

reborn() {
	daemon_down "$fw2"
	daemon_up "$fw2"
}

# lost UNIT: nobody is heard any more, and it notices soon.
lost() {
	gone
	hold "${!1}" "$short"
}

lost_meanwhile() {
	lost fw1
	wait_for 30 mate_lost "$fw1"
	wakes "$fw1"
}

# replaced UNIT BY: the mate takes the role, and nobody is heard. It stands
# still when both are seen again: a secondary would yield to fw1.
replaced() {
	lost "$1"
	wait_for 30 state_is "${!2}" Active
	sleeps "${!2}"
	lan on
	wakes "${!1}"
}

### what a daemon finds that stood still ######################################

# What it was asked before the kernel took it for gone; it heeds the next order.
late_order() {
	local before
	pair
	before=$(refused_late)
	sleeps "$fw2"
	asked fw2
	wait_for 20 no_daemon "$fw1"
	wakes "$fw2"
	wait_for 20 refused_one_more "$before"
	states_are Active "Standby Ready"
	swap fw2
}
refused_late() { grep -cF "refused: failoverd stood still since" "$tmp/$fw2.log" || :; }
refused_one_more() { is "late orders refused" "$(refused_late)" -eq $(($1 + 1)); }

# The role came in a handover, and the mate has taken it back.
lapsed_role() {
	pair
	wait_for 30 mate_is "$fw1" "Standby Ready"
	sleeps "$fw2"
	yielding fw1
	wait_for 20 role_is "$fw2" active
	gone
	wait_for 30 state_is "$fw1" Active
	back
	wait_for 30 role_is "$fw2" standby
	state_is "$fw2" "Standby Ready"
	synced_is "$fw2" false
	wakes "$fw2"
	wait_for 30 synced_is "$fw2" true
	give_role "$fw1" "$fw2"
}
role_is() { is "role of $1" "$(show "$1" .this.role)" "$2"; }
synced_is() { is "synced" "$(show "$1" .this.synced)" "$2"; }

### rows ######################################################################

# moves: FROM TO EVENT REASON, with tabs.
moves() { "$here/out/moves"; }

# fields ROW: sets unit, from, event, situation, deed, or why.
fields() {
	local rest
	IFS='|' read -r from event situation deed <<<"$1"
	read -r unit from <<<"$from"
	read -r event <<<"$event"
	read -r situation <<<"$situation"
	read -r deed <<<"$deed"
}

# to_and_reason: of from and event.
to_and_reason() {
	IFS=$'\t' read -r to reason < <(moves |
		awk -F'\t' -v OFS='\t' -v s="$from" -v e="$event" '$1 == s && $3 == e { print $2, $4 }')
}

# seen: how often the unit's history tells of it, and how often its daemon has
# said the event. What the kernel does itself the daemon says not.
seen() {
	local orders='[]'
	# a unit that has yielded keeps the words of that order when the links fail
	[ "$event" != "peer answers" ] ||
		orders='["Set by the config command", "Other unit wants me Standby"]'
	in_ns "${!unit}" failover --history "$tmp/${!unit}.history" show history -j |
		jq "[.this.entries[] | select(.from == \"$from\" and .to == \"$to\" and
			(\"$reason\" == \"*\" or ([.reason] | inside($orders)) or (.reason | split(\",\")[0]) == (\"$reason\" | split(\",\")[0])))] | length"
}
said() {
	case $event in
	enable | disable) echo 1 ;;
	*) grep -cF -- "$from -> $to: $event" "$tmp/${!unit}.log" || : ;;
	esac
}

made_again() {
	is "in the history: $from -> $to ($reason)" "$(seen)" -gt "$1" || return
	case $event in
	enable | disable) ;;
	*) is "said: $from -> $to: $event" "$(said)" -gt "$2" ;;
	esac
}

row() {
	local unit from event situation deed to reason before said
	fields "$1"
	to_and_reason
	# shellcheck disable=SC2086 # words
	$situation
	before=$(seen) said=$(said)
	if [ -z "$deed" ]; then
		made_again 0 0
		return
	fi
	$deed
	wait_for 40 made_again "$before" "$said"
}

network() {
	network_up
	module_needed
	ip link add rep netns "$fw1" type veth peer name rep netns "$fw2"
	configured "$fw1" primary
	configured "$fw2" secondary
	pair
	play echo "$server" server 5000
	play many "$client" udp "$out4" 5000 500
	opened many 500
	in_step "$fw1" "$fw2"
}

# Each move of the table has a row, and each row is one of the table.
complete() {
	local row unit from event situation deed
	for row in "${rows[@]}"; do
		fields "$row"
		echo "$from, $event"
	done | sort >"$tmp/rows"
	moves | awk -F'\t' '{ print $1 ", " $3 }' | sort >"$tmp/moves"
	diff "$tmp/rows" "$tmp/moves"
}

mapfile -t rows < <(grep . <<<"$every")
plan() {
	local i unit from event situation deed
	echo "!network two firewalls with a failover link and a state link"
	echo "complete each move of the election table has a row"
	for i in "${!rows[@]}"; do
		fields "${rows[i]}"
		[ "$unit" != - ] || continue
		eval "row_$i() { row \"\${rows[$i]}\"; }"
		printf 'row_%d %s: %s%s\n' "$i" "$from" "$event" "${deed:+ ($situation; $deed)}"
	done
	echo "late_order an order from before a standstill is refused"
	echo "lapsed_role a role that came and went in a standstill is given up"
	echo "kernel_is_clean the kernel log is clean"
}

plan >"$tmp/plan"
stages <"$tmp/plan"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What an operator has around a pair: hooks are told of each change of the role
# once and never keep it waiting; the service manager hears of the daemon;
# "failover monitor" prints events as they come; "failover check" judges each
# situation as it is; "failover prompt" fits into a prompt; the log has the
# numbers of the ASA.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

long=300	# seconds for which a hook hangs that is meant to hang

declare -A options notify monitor

# Every unit has hooks of its own; what they are told goes to NS.told.
daemon_up() {
	local vars words
	read -ra vars <<<"${notify[$1]-}"
	read -ra words <<<"${options[$1]-}"
	ip netns exec "$1" env "${vars[@]}" failoverd -c "$tmp/$1.conf" \
		--hooks "$tmp/$1.hooks" "${words[@]}" </dev/null \
		>>"$tmp/$1.log" 2>&1 &
	daemon[$1]=$!
	pids+=($!)
}

# hook NS NAME: an executable of it, from standard input.
hook() {
	mkdir -p "$tmp/$1.hooks"
	{ echo '#!/bin/sh'; cat; } >"$tmp/$1.hooks/$2"
	chmod 755 "$tmp/$1.hooks/$2"
}

hooks_up() {
	local ns
	for ns in "$fw1" "$fw2"; do
		hook "$ns" 10-tell <<-END
			env | grep ^FAILOVER_ | sort >"$tmp/$ns.env"
			# the last: who sees it reads the others
			echo "\$FAILOVER_UNIT \$FAILOVER_ROLE" >>"$tmp/$ns.told"
			echo first line
			echo second line >&2
		END
		: >"$tmp/$ns.told"
	done
}

network() {
	network_up
	play echo "$server" server 5000
	hooks_up
}

# told_is NS WORD...: the roles it was told, in order, since forget_told.
told_is() {
	local ns=$1 got
	shift
	got=$(awk '{ print $2 }' "$tmp/$ns.told" | xargs)
	is "told to $ns" "$got" "$*"
}
forget_told() { : >"$tmp/$fw1.told"; : >"$tmp/$fw2.told"; }

# env_is NS NAME VALUE
env_is() {
	is "$2 of $1" "$(sed -n "s/^FAILOVER_$2=//p" "$tmp/$1.env")" "$3"
}

logged() { grep -E "$2" "$tmp/$1.log"; }

# check NS: its line in $line, its exit status in $code.
check() {
	code=0
	line=$(in_ns "$1" failover check) || code=$?
	echo "$code: $line"
}

# check_is NS STATUS CODE REGEX
check_is() {
	check "$1"
	is "exit status" "$code" -eq "$3" &&
		[[ $line == "FAILOVER $2 - "* && $line =~ $4 ]]
}

### without a module ##########################################################

no_module() {
	local code=0 out
	module_down
	check_is "$fw1" UNKNOWN 3 'not loaded'
	out=$(in_ns "$fw1" failover check -j) || code=$?
	is code "$code" -eq 3
	is "JSON" "$(jq -r '"\(.status) \(.code)"' <<<"$out")" "UNKNOWN 3"
	out=$(in_ns "$fw1" failover prompt 2>&1)
	is prompt "$out" "$(hostname -s)"
	fails in_ns "$fw1" failover monitor
	grep -q 'not loaded' "$tmp/fails"
}

off() {
	module_needed
	check_is "$fw1" WARNING 1 'failover is off'
	is prompt "$(in_ns "$fw1" failover prompt)" "$(hostname -s)"
}

### a pair comes up ###########################################################

# The service manager's end of NOTIFY_SOCKET, in a file.
manager_up() {
	socat -u "UNIX-RECV:$tmp/notify" "OPEN:$tmp/notified,creat,append" &
	pids+=($!)
	wait_for 10 test -S "$tmp/notify"
}
heard_manager() { grep -qE "$1" "$tmp/notified"; }

alone() {
	manager_up
	notify[$fw1]="NOTIFY_SOCKET=$tmp/notify WATCHDOG_USEC=3000000"
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" Active
	check_is "$fw1" WARNING 1 'no mate is heard'
	is prompt "$(in_ns "$fw1" failover prompt)" "$(hostname -s)/pri/act"
	is prompt "$(in_ns "$fw1" failover prompt state priority)" act/pri
	wait_for 10 told_is "$fw1" standby active
	env_is "$fw1" UNIT primary
	env_is "$fw1" ROLE active
	env_is "$fw1" STATE Active
	env_is "$fw1" FROM Negotiation
	env_is "$fw1" MATE_STATE "Not Detected"
	env_is "$fw1" EPOCH "$(show "$fw1" .this.epoch)"
	grep -q '^FAILOVER_REASON=.' "$tmp/$fw1.env"
	wait_for 10 logged "$fw1" '%FAILOVER-6-990304: Hook 10-tell: second line'
	wait_for 10 logged "$fw1" '%FAILOVER-1-104001: \(Primary\) Switching to ACTIVE \(cause: '
}

manager() {
	wait_for 10 heard_manager '^READY=1'
	wait_for 20 heard_manager 'STATUS=Active, no mate'
	wait_for 20 heard_manager WATCHDOG=1
	kill -HUP "${daemon[$fw1]}"
	wait_for 20 heard_manager RELOADING=1
	# a daemon that stands still must not be called alive
	freeze "${daemon[$fw1]}"
	# what it had said before has arrived after this
	nap 1
	: >"$tmp/notified"
	nap 2.5
	fails grep WATCHDOG "$tmp/notified"
	kill -CONT "${daemon[$fw1]}"
	wait_for 20 heard_manager WATCHDOG=1
}

pair() {
	forget_told
	unit_up "$fw2" secondary
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
	wait_for 20 check_is "$fw1" OK 0 'Primary Active, mate Standby Ready \| epoch='
	check_is "$fw2" OK 0 'Secondary Standby Ready, mate Active'
	is prompt "$(in_ns "$fw2" failover prompt)" "$(hostname -s)/sec/stby"
	wait_for 10 told_is "$fw2" standby
	told_is "$fw1"
	wait_for 10 heard_manager 'STATUS=Active, mate Standby Ready'
}

check_json() {
	local out
	out=$(in_ns "$fw1" failover -j check)
	is JSON "$(jq -r '"\(.status) \(.code) \(.findings | length)"' <<<"$out")" "OK 0 0"
	jq -e '.values.epoch >= 1' <<<"$out"
}

# Noise on the link while two looks are taken; and without it, control, none.
errors_grow() {
	local noise
	ip netns exec "$fw1" "$frames" fail random "$ethertype" 100000 "$(link_mac)" \
		>"$tmp/frames" 2>&1 &
	noise=$!
	pids+=("$noise")
	wait_for 20 check_is "$fw2" WARNING 1 'rx-[a-z-]+ grows \('
	ends "$noise"
	wait_for 20 check_is "$fw2" OK 0 .
	check_is "$fw1" OK 0 .
}

### takeover ##################################################################

# monitor_up NAME [OPTION]: on fw2.
monitor_up() {
	local who=$1
	shift
	ip netns exec "$fw2" failover monitor "$@" >"$tmp/$who" 2>"$tmp/$who.err" &
	monitor[$who]=$!
	pids+=($!)
	wait_for 10 grep -q start "$tmp/$who"
}

# A hook that hangs, with a child that it leaves in its group.
hanging_hook() {
	hook "$fw2" 05-hang <<-END
		[ "\$FAILOVER_ROLE" = active ] || exit 0
		sleep $long &
		echo \$\$ \$! >"$tmp/hanging"
		sleep $long
	END
	: >"$tmp/hanging"
}

# For a limit that is long enough to look around meanwhile.
restart_with_limit() {
	options[$fw2]="--hook-limit $1"
	daemon_down "$fw2"
	forget_told
	daemon_up "$fw2"
	wait_for 20 state_is "$fw2" "Standby Ready"
	wait_for 20 told_is "$fw2" standby
	env_is "$fw2" REASON "failoverd started"
	wait_for 20 check_is "$fw2" OK 0 .
}

takeover() {
	hanging_hook
	restart_with_limit "$long"
	forget_told
	monitor_up text
	monitor_up json -j
	play tcp "$client" tcp "$out4" 5000 10
	opened tcp 10
	give_role "$fw1" "$fw2"
	wait_for 20 test -s "$tmp/hanging"
	# it hangs, and all is there
	all_go_on tcp=10
	ip -n "$fw2" addr show dev in | grep -q '10\.10\.0\.254/24'
	ip -n "$fw2" addr show dev out | grep -q '203\.0\.113\.2/24'
	read -r leader child <"$tmp/hanging"
	kill -0 "$leader" "$child"
	told_is "$fw2"
	wait_for 20 told_is "$fw1" standby
	wait_for 20 state_is "$fw1" "Standby Ready"
	stop tcp
}

monitor_shows() {
	wait_for 20 grep -E 'role +Active / ' "$tmp/text"
	wait_for 20 jq -es 'map(select(.event == "role" and .this.state == "Active")) |
		length >= 1' "$tmp/json"
	wait_for 20 jq -es 'all(.time and .event and .this and .other)' "$tmp/json"
	[ ! -s "$tmp/text.err" ]
	ends "${monitor[text]}" "${monitor[json]}"
}

# The newest role: fw2 goes back while its hook still hangs. What was told of
# the role that is no more ends there.
newest_wins() {
	give_role "$fw2" "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
	# else the rest of the old role's hooks may begin before they are stopped
	wait_for 20 logged "$fw2" 'hooks: role standby is told when the hook'
	kill -0 "$leader"
	told_is "$fw2"
	kill -KILL -- "-$leader"
	wait_for 20 told_is "$fw2" standby
	logged "$fw2" '%FAILOVER-4-990306: Hooks for role active end before 10-tell'
	env_is "$fw2" ROLE standby
	wait_for 20 gone "$child"
}
gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

# With a short limit it is killed, whole, and the next hook has its turn.
killed() {
	local limit=$((2 * slow))
	restart_with_limit "$limit"
	forget_told
	: >"$tmp/hanging"
	give_role "$fw1" "$fw2"
	wait_for 30 told_is "$fw2" active
	logged "$fw2" '%FAILOVER-3-990302: Hook 05-hang killed, not done within '"$limit s"
	read -r leader child <"$tmp/hanging"
	wait_for 10 gone "$leader"
	wait_for 10 gone "$child"
	wait_for 10 no_zombies "${daemon[$fw2]}"
	env_is "$fw2" FROM "Standby Ready"
	grep -qE '^FAILOVER_MATE_STATE=.*(Drain|Standby|Sync|Negotiation)' "$tmp/$fw2.env"
	rm "$tmp/$fw2.hooks/05-hang"
	wait_for 20 state_is "$fw1" "Standby Ready"
}
# The daemon has no child at all.
no_zombies() { is children "$(<"/proc/$1/task/$1/children")" ""; }

# Executables that others may change, or that are none, are left alone.
refused() {
	local f=$tmp/$fw1.hooks
	hook "$fw1" 20-writable <<<"echo ran >>'$tmp/ran'"
	hook "$fw1" 21-foreign <<<"echo ran >>'$tmp/ran'"
	hook "$fw1" 22-plain <<<"echo ran >>'$tmp/ran'"
	hook "$fw1" 23-old.dpkg-old <<<"echo ran >>'$tmp/ran'"
	hook "$fw1" 24-real <<<"echo ran >>'$tmp/real'; exit 3"
	chmod 777 "$f/20-writable"
	chown 12345 "$f/21-foreign"
	chmod 644 "$f/22-plain"
	ln -s 24-real "$f/25-link"
	take_role "$fw1"
	wait_for 20 logged "$fw1" '%FAILOVER-4-990303: Hook 24-real ended with status 3'
	wait_for 20 logged "$fw1" '%FAILOVER-3-990301: Hook .*/25-link refused: it is no regular file'
	logged "$fw1" 'Hook .*/20-writable refused: others'
	logged "$fw1" 'Hook .*/21-foreign refused: it does not belong to root'
	[ ! -e "$tmp/ran" ]
	is ran "$(wc -l <"$tmp/real")" -eq 1
	wait_for 20 state_is "$fw2" "Standby Ready"
}

### trouble ###################################################################

link_cut() {
	# one interface is not too many here
	in_ns "$fw1" failover interface-policy 2
	in_ns "$fw2" failover interface-policy 2
	wait_for 20 check_is "$fw1" OK 0 .
	ip -n "$fw2" link set in down
	wait_for 20 check_is "$fw2" WARNING 1 'interface inside: (No Link|Link Down)'
	wait_for 20 logged "$fw2" "%FAILOVER-1-105007: \(Secondary\) Link status 'Down' on interface inside"
	ip -n "$fw2" link set in up
	wait_for 20 check_is "$fw2" OK 0 .
	unit_gone "$fw2"
	wait_for 20 check_is "$fw1" WARNING 1 'no mate is heard; .*link FAIL-LINK is down'
	wait_for 20 logged "$fw1" '%FAILOVER-1-105032: LAN Failover interface is down'
	wait_for 20 logged "$fw1" '%FAILOVER-1-103001: \(Primary\) No response from other firewall \(reason code = [14]\)'
}

# A standby that cannot become ready: without a daemon on the active unit.
no_daemon() {
	fw_up "$fw2"
	link_up
	unit_up "$fw2" secondary
	wait_for 30 state_is "$fw2" "Standby Ready"
	daemon_down "$fw2"
	wait_for 20 check_is "$fw2" WARNING 1 'failoverd does not run on this unit'
	wait_for 20 check_is "$fw1" WARNING 1 'failoverd does not run on the mate'
	wait_for 20 logged "$fw1" '%FAILOVER-1-990205: '
}

# The active unit dies beside a standby that nobody may promote.
none_active() {
	ip -n "$fw1" link set fail down
	wait_for 20 check_is "$fw2" CRITICAL 2 'no unit is active'
	ip -n "$fw1" link set fail up
	wait_for 20 check_is "$fw2" WARNING 1 'failoverd does not run on this unit'
}

mismatch() {
	in_ns "$fw2" failover no
	in_ns "$fw2" failover lan unit primary
	in_ns "$fw2" failover
	wait_for 20 check_is "$fw1" CRITICAL 2 'link FAIL-LINK: '
	wait_for 20 logged "$fw1" '%FAILOVER-1-990204: \(Primary\) Cannot be paired on FAIL-LINK: '
}

switched_off() {
	forget_told
	in_ns "$fw1" failover no
	wait_for 20 told_is "$fw1" disabled
	check_is "$fw1" WARNING 1 'failover is off'
	in_ns "$fw1" failover prompt state | grep -E '^(act|stby)NoFailover$'
	logged "$fw1" '%FAILOVER-1-105001: \(Primary\) Disabling failover'
}

### the end of a monitor ######################################################

reader_gone() {
	local status=0
	ip netns exec "$fw1" failover monitor | head -n 1 >"$tmp/head"
	status=${PIPESTATUS[0]}
	is "status after the reader went" "$status" -eq 0
	grep -q start "$tmp/head"
}

# Events that do not fit into the socket of a monitor that stands still. It has
# no privilege, so the socket is as small as it is told.
events_lost() {
	local i old
	old=$(sysctl -n net.core.rmem_max)
	sysctl -qw net.core.rmem_max=8192
	ip netns exec "$fw1" setpriv --bounding-set=-net_admin \
		failover monitor >"$tmp/slow" 2>&1 &
	monitor[slow]=$!
	pids+=($!)
	wait_for 10 grep -q start "$tmp/slow" || i=late
	sysctl -qw "net.core.rmem_max=$old"
	[ -z "${i-}" ]
	kill -STOP "${monitor[slow]}"
	for ((i = 0; i < 30; i++)); do
		in_ns "$fw1" failover configure "$tmp/$fw1.conf"
	done
	kill -CONT "${monitor[slow]}"
	wait_for 20 grep -E ' lost +.*: events were lost' "$tmp/slow"
	# control: one that reads has not lost any
	fails grep -E ' lost ' "$tmp/text"
	ends "${monitor[slow]}"
}

interrupted() {
	local status=0
	ip netns exec "$fw1" failover monitor >"$tmp/int" 2>&1 &
	pids+=($!)
	wait_for 10 grep -q start "$tmp/int"
	kill -TERM $!
	wait $! || status=$?
	is "status after a signal" "$status" -eq 0
}

module_goes() {
	local status=0 pid
	daemon_down "$fw1"
	ip netns exec "$fw1" failover monitor >"$tmp/last" 2>&1 &
	pid=$!
	pids+=("$pid")
	wait_for 10 grep -q start "$tmp/last"
	in_ns "$fw1" failover no
	module_down
	wait_for 20 grep -q 'the kernel module was unloaded' "$tmp/last"
	wait "$pid" || status=$?
	is "status after the module went" "$status" -eq 1
}

stages <<-END
	!network        two firewalls, and hooks for their daemons
	no_module       without a module: UNKNOWN, and only the hostname
	off             failover is off: WARNING
	!alone          a unit alone: WARNING, its hooks were told, its log has ids
	manager         the service manager hears that it is ready, and alive
	!pair           a pair: OK on both units
	check_json      the same as JSON
	errors_grow     errors that grow: WARNING, and OK when they do not
	!takeover       a hook that hangs delays nothing of a takeover
	monitor_shows   the monitor has shown it, as lines and as JSON
	newest_wins     a newer change waits for a hook, and is then told alone
	!killed         a hook that takes too long is killed with its children
	refused         what others may write to, and what is no executable
	!link_cut       an interface without link, a mate that is gone
	!no_daemon      no daemon on the mate: WARNING on both units
	none_active     nobody is active: CRITICAL
	mismatch        two primaries: CRITICAL
	switched_off    failover switched off: WARNING, and hooks are told
	reader_gone     a monitor ends when nobody reads it
	events_lost     a monitor says when events were lost
	interrupted     a monitor ends well when it is interrupted
	module_goes     a monitor ends when the module goes
	kernel_is_clean the kernel log is clean
END

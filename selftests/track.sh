#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Objects beside the interfaces are tracked: a script, a process, a file, a route
# and a BFD session of each unit. One of them fails on the active unit, and the role moves;
# both units show it, and sessions go on. The control of each is the same object
# on the other unit, and one that weighs too little.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# What each unit tracks is in a folder of its own, and its namespace.
home() { echo "$tmp/home-$1"; }

# objects NS: the lines of a unit. Files, routes and the end of a process are told
# by the kernel: who looks at them each hour must see them as soon. (Not files in
# a kernel without inotify, as in User Mode Linux.)
objects() {
	local home soon="msec $((200 * slow))" files
	home=$(home "$1")
	files=$soon
	[ ! -e /proc/sys/fs/inotify ] || files=3600
	cat <<-CONF
	failover interface-policy 2
	no failover hold-down
	failover track check script $home/check interval $soon timeout $((2 * slow)) weight 2
	failover track program process $home/program interval $soon weight 2
	failover track mark file $home/mark contains up interval $files weight 2
	failover track uplink route 198.18.0.0/15 dev out interval 3600 weight 2
	failover track light file $home/light interval $files
	CONF
}

script() { printf '#!/bin/sh\n%s\n' "$2" >"$1.new"; chmod 755 "$1.new"; mv "$1.new" "$1"; }

# good OBJECT NS, bad OBJECT NS: makes it so.
good() {
	local home
	home=$(home "$2")
	case $1 in
	check) script "$home/check" "echo fine" ;;
	program)
		"$home/program" 100000 &
		program[$2]=$!
		pids+=($!) ;;
	mark) echo "it is up" >"$home/mark.new"; mv "$home/mark.new" "$home/mark" ;;
	uplink) ip -n "$2" route replace 198.18.0.0/15 dev out ;;
	light) : >"$home/light" ;;
	esac
}
bad() {
	local home
	home=$(home "$2")
	case $1 in
	check) script "$home/check" "echo no answer; exit 3" ;;
	program) ends "${program[$2]}" ;;
	mark) echo "it is down" >"$home/mark.new"; mv "$home/mark.new" "$home/mark" ;;
	uplink) ip -n "$2" route del 198.18.0.0/15 dev out ;;
	light) rm "$home/light" ;;
	esac
}
declare -A program
names="check program mark uplink light"

pair() {
	local ns it lines
	module_needed
	for ns in "$fw1" "$fw2"; do
		mkdir "$(home "$ns")"
		cp /bin/sleep "$(home "$ns")/program"
		for it in $names; do good "$it" "$ns"; done
		mapfile -t lines < <(objects "$ns")
		unit_up "$ns" "$([ "$ns" = "$fw1" ] && echo primary || echo secondary)" "${lines[@]}"
	done
	wait_for 30 state_is "$fw1" Active
	wait_for 30 state_is "$fw2" "Standby Ready"
	wait_for 30 tracks_are NNNNN NNNNN
	play echo "$server" server 5000
	play many "$client" tcp "$out4" 5000 20
	opened many 20
}

# tracks NS: what a unit shows of itself and of the other one, a letter each.
tracks() {
	in_ns "$1" "$asker" show track | awk '
		/^\tOther host/ { printf " " }
		/^\t\tTrack / { printf "%s", substr($NF, 1, 1) }'
}
# tracks_are FW1 FW2: on both, the same.
tracks_are() {
	is "objects on fw1" "$(tracks "$fw1")" "$1 $2" || return
	is "objects on fw2" "$(tracks "$fw2")" "$2 $1"
}
cause_is() {
	is "cause of $2 on $1" "$(in_ns "$1" "$asker" show track -j |
		jq -r ".this.tracks[] | select(.name == \"$2\") | .cause")" "$3"
}
# healed: whatever has failed before, in another stage perhaps, works, and fw1 is
# active.
healed() {
	local ns it
	for ns in "$fw1" "$fw2"; do
		for it in check mark uplink light; do good "$it" "$ns"; done
		kill -0 "${program[$ns]}" 2>/dev/null || good program "$ns"
	done
	wait_for 30 tracks_are NNNNN NNNNN
	if [ "$(state "$fw2")" = Active ]; then take_role "$fw1"; fi
	wait_for 30 state_is "$fw2" "Standby Ready"
	all_go_on many=20
}
is_whole() {
	tracks_are NNNNN NNNNN && state_is "$fw1" Active &&
		state_is "$fw2" "Standby Ready"
}
whole() { is_whole || healed; }

history_has() { in_ns "$1" failover show history | grep -F -- "$2"; }
epoch() { show "$1" .this.epoch; }

# moves OBJECT LETTERS CAUSE: it fails on fw1, which hands over, is good again,
# and the unit is ready again and takes the role back.
moves() {
	local before
	whole
	before=$(epoch "$fw1")
	bad "$1" "$fw1"
	wait_for 30 tracks_are "$2" NNNNN
	wait_for 30 state_is "$fw2" Active
	wait_for 30 state_is "$fw1" Failed
	all_go_on many=20
	is "epoch" "$(epoch "$fw2")" -gt "$before"
	cause_is "$fw1" "$1" "$3"
	history_has "$fw1" "Track $1 failed: $3"
	history_has "$fw1" "Interface check, failed: $1; of mate: 0"
	record_is "$1"
	good "$1" "$fw1"
	wait_for 30 tracks_are NNNNN NNNNN
	history_has "$fw1" "Track $1 works: "
	wait_for 30 state_is "$fw1" "Standby Ready"
	healed
}

# record_is OBJECT: what was seen when it was decided: this one alone had failed,
# and none of the mate.
record_is() {
	local all
	all=$(in_ns "$fw1" "$asker" show history -j | jq -c '[.this.entries[] |
		select(.reason | startswith("Interface check"))][-1].flight')
	is "failed by the record" "$(jq -r '[.tracks[] | select(.status == "Failed") | .name] | join(" ")' <<<"$all")" "$1"
	is "of the mate" "$(jq -r '[.mate.tracks[].status] | unique | join(" ")' <<<"$all")" Normal
	in_ns "$fw1" failover show history details | grep -x "	This host track $1: Failed"
	in_ns "$fw1" failover show history details | grep -x "	Other host track $1: Normal"
}

script_fails() {
	moves check FNNNN "Status 3: no answer"
	wait_for 20 mates_history "Track check failed: Status 3: no answer"
	grep -F "%FAILOVER-1-990501: (Primary) Tracked object check failed: Status 3: no answer" "$tmp/$fw1.log"
}
mates_history() {
	in_ns "$fw2" failover show history details | sed '1,/^PEER/d' | grep -F "$1"
}
process_ends() { moves program NFNNN "0 processes run"; }
file_changes() { moves mark NNFNN "It does not contain up"; }
route_goes() { moves uplink NNNFN "No such route"; }

# Without a carrier it is there, and leads nowhere; the cable itself counts less
# than the policy wants, and is not what makes the unit unfit.
route_is_dead() {
	whole
	ip -n "$sw" link set fw1-out down
	wait_for 30 tracks_are NNNFN NNNNN
	wait_for 30 state_is "$fw2" Active
	cause_is "$fw1" uplink "It is there, and leads nowhere it should"
	ip -n "$sw" link set fw1-out up
	wait_for 30 tracks_are NNNNN NNNNN
	wait_for 30 state_is "$fw1" "Standby Ready"
	healed
}

# stays LETTERS LETTERS COMMAND...: nothing becomes of it.
stays() {
	local before one=$1 two=$2
	before=$(epoch "$fw1")
	shift 2
	"$@"
	wait_for 30 tracks_are "$one" "$two"
	nap "$slow"
	state_is "$fw1" Active
	is "epoch" "$(epoch "$fw1")" "$before"
	all_go_on many=20
}

# The standby first: for the moment between both it is the worse one.
both_fail() {
	whole
	stays NNNNN NNFNN bad mark "$fw2"
	wait_for 20 state_is "$fw2" Failed
	stays NNFNN NNFNN bad mark "$fw1"
	stays NNNNN NNFNN good mark "$fw1"
	stays NNNNN NNNNN good mark "$fw2"
	wait_for 30 state_is "$fw2" "Standby Ready"
}

too_light() {
	local light
	light=$(objects "$fw1" | grep " light ")
	whole
	stays NNNNF NNNNN bad light "$fw1"
	is "fit" "$(show "$fw1" .this.fit)" true
	history_has "$fw1" "Track light failed: No such file or directory"
	warns_of "$fw1" "tracked object light failed: No such file or directory"
	warns_of "$fw2" "mate's tracked object light failed"
	# with the weight of another one it counts
	# shellcheck disable=SC2086 # words
	in_ns "$fw1" $light weight 2
	wait_for 30 state_is "$fw2" Active
	wait_for 20 warns "$fw2" "failover track: 5, weight 9 in all here, 5, weight 10 in all on the other unit"
	# shellcheck disable=SC2086 # words
	in_ns "$fw1" $light
	healed
}
# warns_of NS TEXT: failover check.
warns_of() {
	local rc=0
	in_ns "$1" failover check >"$tmp/check" || rc=$?
	is "status of check" "$rc" 1
	grep -F -- "$2" "$tmp/check"
}
warns() { in_ns "$1" failover show | grep -F -- "$2"; }

# It is killed with all that it has started, and hellos go on meanwhile.
script_hangs() {
	local lost
	whole
	lost=$(counter "$fw2" hold-expired)
	script "$(home "$fw1")/check" "sleep 54321 & sleep 54321"
	wait_for 30 tracks_are FNNNN NNNNN
	wait_for 30 state_is "$fw2" Active
	cause_is "$fw1" check "Killed, not done in $((2000 * slow)) ms"
	is "losses" "$(counter "$fw2" hold-expired)" "$lost"
	healed
	fails pgrep -f "sleep 54321"
}

# A new daemon knows what has failed before it has looked, and goes on looking.
daemon_restarts() {
	local before watchers
	whole
	bad uplink "$fw1"
	wait_for 30 state_is "$fw1" Failed
	before=$(works)
	watchers=$(pgrep -P "${daemon[$fw1]}" -x failoverd-track)
	is "watchers" "$(wc -w <<<"$watchers")" 5
	daemon_down "$fw1"
	wait_for 20 all_gone "$watchers"
	tracks_are NNNFN NNNNN
	daemon_up "$fw1"
	wait_for 30 has_daemon "$fw1" true
	tracks_are NNNFN NNNNN
	nap "$slow"
	tracks_are NNNFN NNNNN
	is "recoveries" "$(works)" "$before"
	healed
}
all_gone() {
	local pid
	for pid in $1; do fails test -e "/proc/$pid"; done
}
works() { in_ns "$fw1" failover show history | grep -c "Track uplink works" || :; }
has_daemon() { is "daemon of $1" "$(show "$1" .this.daemon)" "$2"; }

### a session of BFD ##########################################################

declare -A bird

# bird_up NS: BIRD has a session with each neighbour that is named in
# NS.peers, on the cables to the router.
bird_up() {
	local ns=$1 peer
	{
		echo "router id 192.0.2.${1: -1};"
		echo "protocol device { }"
		echo "protocol bfd {"
		echo "	interface \"bfd*\" { interval $((100 * slow)) ms; multiplier 4; };"
		while read -r peer; do echo "	neighbor $peer;"; done
		echo "}"
	} <"$tmp/$ns.peers" >"$tmp/$ns.bird"
	ip netns exec "$ns" bird -f -c "$tmp/$ns.bird" -s "$(ctl "$ns")" \
		</dev/null >>"$tmp/$ns.birdlog" 2>&1 &
	bird[$ns]=$!
	pids+=($!)
}
ctl() { echo "$tmp/$1.ctl"; }

# A router beside the data networks, with a cable to each unit.
router_up() {
	local ns n=0
	for ns in "$fw1" "$fw2"; do
		n=$((n + 1))
		ips "" <<<"link add bfd0 netns $ns type veth peer name bfd$n netns $server"
		ip -n "$server" addr add "10.66.$n.9/24" dev "bfd$n"
		ip -n "$server" link set "bfd$n" up
		ip -n "$ns" addr add "10.66.$n.1/24" dev bfd0
		ip -n "$ns" link set bfd0 up
		echo "10.66.$n.9 dev \"bfd0\"" >"$tmp/$ns.peers"
		echo "10.66.$n.1 dev \"bfd$n\"" >>"$tmp/$server.peers"
	done
	for ns in "$server" "$fw1" "$fw2"; do bird_up "$ns"; done
	# one that is not there yet would be a failure
	wait_for 30 has_session "$fw1"
	wait_for 30 has_session "$fw2"
}
has_session() { birdc -s "$(ctl "$1")" show bfd sessions | grep -E "^10\.66\..* Up "; }

track_session() {
	in_ns "$1" failover track session bfd "10.66.$2.9" dev bfd0 \
		socket "$(ctl "$1")" interval msec $((200 * slow)) weight 2
}

# path lost|good: between fw1 and the router; the cable keeps its carrier.
path() {
	if [ "$1" = lost ]; then
		# this one first: fw1 is not to hear that the router has lost it
		tc -n "$server" qdisc add dev bfd1 root netem loss 100%
		tc -n "$fw1" qdisc add dev bfd0 root netem loss 100%
	else
		tc -n "$fw1" qdisc del dev bfd0 root
		tc -n "$server" qdisc del dev bfd1 root
	fi
}

# What is known without BIRD is a failure, too; and the other one is the control.
session_goes() {
	local before
	whole
	router_up
	track_session "$fw1" 1
	track_session "$fw2" 2
	wait_for 30 tracks_are NNNNNN NNNNNN
	cause_is "$fw1" session "It is Up"
	before=$(epoch "$fw1")
	path lost
	wait_for 30 tracks_are NNNNNF NNNNNN
	wait_for 30 state_is "$fw2" Active
	wait_for 30 state_is "$fw1" Failed
	all_go_on many=20
	is "epoch" "$(epoch "$fw2")" -gt "$before"
	cause_is "$fw1" session "It is Down"
	history_has "$fw1" "Track session failed: It is Down"
	history_has "$fw1" "Interface check, failed: session; of mate: 0"
	path good
	wait_for 30 tracks_are NNNNNN NNNNNN
	wait_for 30 state_is "$fw1" "Standby Ready"
	ends "${bird[$fw1]}"
	wait_for 30 tracks_are NNNNNF NNNNNN
	wait_for 30 cause_has "$fw1" session "Socket of BIRD: "
	bird_up "$fw1"
	wait_for 30 tracks_are NNNNNN NNNNNN
	in_ns "$fw1" failover track session bfd 10.66.1.8 socket "$(ctl "$fw1")"
	wait_for 30 cause_is "$fw1" session "No such session"
	in_ns "$fw1" failover no track session
	in_ns "$fw2" failover no track session
	ends "${bird[@]}"
	wait_for 30 tracks_are NNNNN NNNNN
	healed
}
cause_has() { in_ns "$1" "$asker" show track -j | jq -r ".this.tracks[] | select(.name == \"$2\") | .cause" | grep -F -- "$3"; }

# refused TEXT LINE...
refused() {
	local text=$1
	shift
	fails in_ns "$fw1" failover "$@"
	grep -F -- "$text" "$tmp/fails"
}
what_is_wrong() {
	local home
	home=$(home "$fw1")
	whole
	chmod 775 "$home/check"
	refused " word 5 \"$home/check\": others than its owner may write to it" \
		track again script "$home/check"
	echo "failover track again script $home/check" >"$tmp/wrong.conf"
	refused "$tmp/wrong.conf:1: word 5 \"$home/check\": others than its owner may write to it" \
		configure "$tmp/wrong.conf"
	# what is in force is not run any more, either
	wait_for 30 cause_is "$fw1" check "Not run: others than its owner may write to it"
	wait_for 30 state_is "$fw2" Active
	good check "$fw1"
	refused " word 5 \"$home/none\": No such file or directory" track again script "$home/none"
	refused " word 4 \"ping\": expected script, process, file, route or bfd" track again ping 1.1.1.1
	refused "has the name of an interface" track inside file /run/x
	healed
}

# What is taken back is not looked at any more.
taken_back() {
	whole
	in_ns "$fw1" failover show running-config | grep -F "failover track light file $(home "$fw1")/light"
	in_ns "$fw1" failover no track light
	in_ns "$fw1" failover no track program
	wait_for 20 is_tracked "check mark uplink"
	bad program "$fw1"
	is "objects on fw1" "$(tracks "$fw1")" "NNN NNN"
	state_is "$fw1" Active
	in_ns "$fw1" failover no track
	in_ns "$fw1" failover show track | grep -x "Nothing is tracked"
	state_is "$fw1" Active
	all_go_on many=20
}
is_tracked() { is "objects" "$(show "$fw1" '[.this.tracks[].name] | join(" ")')" "$1"; }

stages <<-END
	!network_up      two firewalls, a client and a server
	!pair            a pair that tracks five objects, and sessions
	script_fails     a script fails on the active unit: it hands over, and comes back
	process_ends     a process of the active unit ends: the same
	file_changes     a file of the active unit changes: the same
	route_goes       a route of the active unit goes: the same
	route_is_dead    a route without a carrier leads nowhere: the same
	both_fail        control: an object of the standby, and of both units
	too_light        control: an object that weighs less than the policy wants
	session_goes     a BFD session with a router, in BIRD, goes down: the same
	script_hangs     a script that hangs is killed and has failed
	daemon_restarts  a new daemon knows what has failed
	what_is_wrong    scripts that others could change are refused
	taken_back       what is not tracked any more does not matter
	kernel_is_clean  the kernel log is clean
END

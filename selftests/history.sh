#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The history tells of every change on both units, once, with its reason: a
# switchover, a takeover, a fence, a daemon that was killed, a unit that was
# restarted. Its file goes on where a unit was started again, whatever else is
# in it. The other commands that show are in the layout of the ASA and are JSON.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# As in tools/history_file.h.
file_size=$((256 * 1024))

network() {
	network_up
	pair_up
}

# history NS [FILTER]: what jq finds in its JSON.
history() {
	in_ns "$1" failover --history "$tmp/$1.history" show history -j |
		jq -r "${2-.}"
}

# of HOST FROM TO KIND REASON: jq's filter for such entries; - is any.
of() {
	local filter=".$1.entries[]" key
	for key in from to kind reason; do
		shift
		[ "$1" = - ] || filter+=" | select(.$key | startswith(\"$1\"))"
	done
	echo "[$filter]"
}

# told NS COUNT HOST FROM TO KIND REASON: so many of these are in its history.
told() {
	local ns=$1 count=$2
	shift 2
	is "$ns: $*" "$(history "$ns" "$(of "$@") | length")" -eq "$count"
}

# both_tell NS COUNT FROM TO KIND REASON: of the unit NS, itself and the other.
both_tell() {
	local ns=$1 count=$2
	shift 2
	wait_for 20 told "$ns" "$count" this "$@"
	wait_for 20 told "${peer[$ns]}" "$count" other "$@"
}

# Every change of role has a cause, the states follow each other, and no entry
# comes twice; in both lists of both units.
sound() {
	local ns host
	for ns in "$fw1" "$fw2"; do
		for host in this other; do
			history "$ns" ".$host.entries" >"$tmp/entries"
			is "entries without a reason" \
				"$(jq 'map(select(.reason == "")) | length' "$tmp/entries")" -eq 0
			is "entries that come twice" \
				"$(jq 'length - (unique_by([.list, .seq]) | length)' "$tmp/entries")" -eq 0
			is "gaps in the states" "$(jq 'group_by(.list) |
				map([., .[1:]] | transpose | map(select(.[1] != null)) |
				map(select(.[0].seq + 1 == .[1].seq and .[0].to != .[1].from)) |
				length) | add' "$tmp/entries")" -eq 0
		done
	done
}

begun() {
	both_tell "$fw1" 1 Disabled Negotiation enabled "Set by the config command"
	both_tell "$fw1" 1 Negotiation "Just Active" moved "No Active unit found"
	both_tell "$fw1" 1 "Active Config Applied" Active moved "No Active unit found"
	both_tell "$fw2" 1 Disabled Negotiation enabled "Set by the config command"
	both_tell "$fw2" 1 Negotiation "Cold Standby" moved "Detected an Active mate"
	sound
}

# hellos_are NS COUNT: so many were received.
hellos_are() { is "hellos" "$(counter "$1" rx-hellos)" -ge "$2"; }

entries() { history "$1" '[.this.entries, .other.entries] | add | length'; }

# What asks for nothing new leaves nothing; hellos go on.
no_event() {
	local before ns
	for ns in "$fw1" "$fw2"; do
		before=$(entries "$ns")
		in_ns "$fw1" failover active
		in_ns "$fw2" failover no active
		kill -HUP "${daemon[$ns]}"
		wait_for 20 hellos_are "$ns" $(($(counter "$ns" rx-hellos) + 5))
		is "entries of $ns" "$(entries "$ns")" -eq "$before"
	done
}

switchover() {
	give_role "$fw1" "$fw2"
	wait_for 20 state_is "$fw1" "Standby Ready"
	both_tell "$fw1" 1 Active "Active Drain" moved "Set by the config command"
	both_tell "$fw1" 1 "Active Drain" "Active Drain" handover-given "Mate has acknowledged everything"
	both_tell "$fw1" 1 "Active Drain" - moved "Set by the config command"
	both_tell "$fw2" 1 "Standby Ready" "Standby Ready" handover-taken "Other unit wants me Active"
	both_tell "$fw2" 1 "Standby Ready" "Just Active" moved "Other unit wants me Active"
	both_tell "$fw2" 0 - - peer-lost -
	sound
}

# The flight record of the takeover tells what was seen.
takeover() {
	local record
	unit_gone "$fw2"
	wait_for 20 state_is "$fw1" Active
	told "$fw1" 1 this "Standby Ready" "Standby Ready" peer-lost "HELLO not heard from mate"
	told "$fw1" 1 this "Standby Ready" "Just Active" moved "HELLO not heard from mate"
	told "$fw1" 0 this - - handover-taken -
	record=$(history "$fw1" "$(of this "Standby Ready" "Just Active" moved -)[0].flight")
	is "age of the last hello in ms" \
		"$(jq '.hello_age_ns / 1000000 | floor' <<<"$record")" -ge "${hold_ms:-800}"
	is "age of the last frame in ms" \
		"$(jq '.frame_age_ns / 1000000 | floor' <<<"$record")" -ge "${hold_ms:-800}"
	is "heard" "$(jq .alive <<<"$record")" false
	is "state of the mate" "$(jq -r .mate.state <<<"$record")" Active
	is "role of the mate" "$(jq -r .mate.role <<<"$record")" active
	is "daemon" "$(jq .daemon <<<"$record")" true
	is "interfaces" "$(jq -c '[.interfaces[].nameif]' <<<"$record")" '["inside","outside"]'
	is "links" "$(jq '.links | length' <<<"$record")" -ge 1
	sound_alone "$fw1"
}

sound_alone() {
	is "takeovers without a cause" \
		"$(history "$1" '[.this.entries[] | select(.role == "active" and .reason == "")] | length')" -eq 0
}

# The new unit learns why the other one is active; what it was before its start
# is in its file, and in the memory of the other one.
restarted() {
	local old new
	old=$(history "$fw1" .other.list)
	unit_back "$fw2" secondary
	wait_for 20 state_is "$fw2" "Standby Ready"
	both_tell "$fw1" 1 "Standby Ready" "Just Active" moved "HELLO not heard from mate"
	wait_for 20 told "$fw1" 2 other Negotiation "Cold Standby" moved "Detected an Active mate"
	told "$fw2" 2 this Negotiation "Cold Standby" moved "Detected an Active mate"
	new=$(history "$fw2" .this.list)
	is "list of fw2 that fw1 holds" "$(history "$fw1" .other.list)" "$new"
	is "list of fw2" "$new" != "$old"
	is "starts that fw2 tells of" \
		"$(history "$fw2" '[.this.entries[].list] | unique | length')" -eq 2
	is "what is of the file" \
		"$(history "$fw2" '[.this.entries[] | select(.source == "file") | .list] | unique | join(" ")')" "$old"
	in_ns "$fw2" failover --history "$tmp/$fw2.history" show history >"$tmp/text"
	grep -q "^--- unit start $old, from the file ---$" "$tmp/text"
	grep -q "^--- unit start $new ---$" "$tmp/text"
	# control: without the file it knows of one start only
	is "starts without the file" "$(in_ns "$fw2" failover --history "$tmp/none" show history -j |
		jq '[.this.entries[].list] | unique | length')" -eq 1
	sound
}

# kept NS: what the kernel has of both units is in the file, each once.
kept() {
	history "$1" '[.this.entries[], .other.entries[] | select(.source == "kernel") |
		"\(.list) \(.seq)"] | unique | .[]' >"$tmp/have"
	jq -r '"\(.list) \(.seq)"' "$tmp/$1.history" | sort >"$tmp/kept"
	is "lines that come twice" "$(uniq -d "$tmp/kept" | wc -l)" -eq 0 || return
	is "entries that are not in the file" \
		"$(sort "$tmp/have" | comm -23 - "$tmp/kept" | wc -l)" -eq 0
}

daemon_killed() {
	kill -KILL "${daemon[$fw2]}"
	both_tell "$fw2" 1 "Standby Ready" "Standby Ready" daemon-gone "failoverd does not answer"
	daemon_down "$fw2"
	daemon_up "$fw2"
	wait_for 20 kept "$fw2"
	wait_for 20 kept "$fw1"
	both_tell "$fw2" 1 "Standby Ready" "Standby Ready" daemon-gone "failoverd does not answer"
	sound
}

# Both are active while nothing joins them; then the lower epoch yields.
fenced() {
	printf 'link set fw2-%s nomaster\n' in out | ips "$sw"
	ip -n "$fw1" link set fail down
	wait_for 20 state_is "$fw2" Active
	told "$fw1" 0 this - - fenced -
	ip -n "$fw1" link set fail up
	printf 'link set fw2-%s master br-%s\n' in in out out | ips "$sw"
	wait_for 30 state_is "$fw1" "Standby Ready"
	both_tell "$fw1" 1 Active Active fenced "Fenced by an Active mate"
	both_tell "$fw1" 1 Active "Cold Standby" moved "Detected an Active mate"
	is "role after the fence" \
		"$(history "$fw1" "$(of this Active Active fenced -)[0].role")" standby
	both_tell "$fw2" 1 - "Just Active" moved "HELLO not heard from mate"
	both_tell "$fw2" 0 - - fenced -
	sound
}

switched_off() {
	in_ns "$fw1" failover no
	wait_for 20 told "$fw1" 1 this "Standby Ready" Disabled disabled "Set by the config command"
	in_ns "$fw1" failover
	wait_for 30 state_is "$fw1" "Standby Ready"
	both_tell "$fw1" 1 "Standby Ready" Disabled disabled "Set by the config command"
	both_tell "$fw1" 2 Disabled Negotiation enabled "Set by the config command"
	sound
}

# Lines that are no entries are left out and counted; nothing of them reaches a
# terminal. A line that was cut short does not take the next one with it.
bad_file() {
	local good bad
	good=$(history "$fw2" '.this.entries | length')
	cp "$tmp/$fw2.history" "$tmp/bad"
	{
		printf 'not JSON\n{}\n[1]\n"x"\n'
		head -n 1 "$tmp/$fw2.history" | jq -c '.seq = -1, .seq = "1", .kind = "x", .flight = 3, .host = "?"'
		head -c 20000 /dev/zero | tr '\0' x
		printf '\n\033[2J\n'
		head -n 1 "$tmp/$fw2.history" | jq -c '.list = "0", .list = "1\u001b[2J" | .reason = "\u001b[2J"'
		printf '{"host":"this"'
	} >>"$tmp/bad"
	in_ns "$fw2" failover --history "$tmp/bad" show history -j >"$tmp/json" 2>"$tmp/err"
	is "entries" "$(jq '.this.entries | length' "$tmp/json")" -eq $((good + 2))
	bad=$(jq .bad_lines "$tmp/json")
	is "bad lines" "$bad" -eq 12
	grep -q "$bad lines are not entries" "$tmp/err"
	in_ns "$fw2" failover --history "$tmp/bad" show history details >"$tmp/text" 2>&1
	fails grep -q "$(printf '\033')" "$tmp/text"
	fails in_ns "$fw2" failover --history "$tmp" show history
	# the daemon goes on behind it
	daemon_down "$fw2"
	cp "$tmp/bad" "$tmp/$fw2.history"
	daemon_up "$fw2"
	wait_for 20 told "$fw2" 2 this - - daemon-gone -
	wait_for 20 last_is_whole
}
# More may have come to pass since.
last_is_whole() {
	tail -n 1 "$tmp/$fw2.history" | jq -e .kind &&
		tail -n 5 "$tmp/$fw2.history" | jq -rR 'fromjson? | .kind' |
			grep -x daemon-gone
}

# A file that is full makes room; both are read.
rotated() {
	local before
	before=$(history "$fw2" '.this.entries | length')
	yes "$(printf '#%.0s' {1..1000})" | head -c "$file_size" >>"$tmp/$fw2.history"
	daemon_down "$fw2"
	daemon_up "$fw2"
	wait_for 20 told "$fw2" 3 this - - daemon-gone -
	wait_for 20 test -e "$tmp/$fw2.history.1"
	wait_for 20 last_is_whole
	is "size" "$(stat -c %s "$tmp/$fw2.history")" -lt 65536
	is "entries" "$(history "$fw2" '.this.entries | length')" -ge $((before + 1))
	rm "$tmp/$fw2.history.1"
}

layout() {
	local rule
	rule=$(printf '=%.0s' {1..74})
	in_ns "$fw1" failover --history "$tmp/$fw1.history" show history details >"$tmp/text"
	is "first line" "$(sed -n 1p "$tmp/text")" "$rule"
	is "second line" "$(sed -n 2p "$tmp/text")" \
		"From State                 To State                   Reason"
	is "last line" "$(tail -n 1 "$tmp/text")" "$rule"
	grep -Eq '^[0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z]+ [A-Z][a-z]{2} [0-9]{1,2} [0-9]{4}$' "$tmp/text"
	grep -q '^Standby Ready              Just Active                HELLO not heard from mate' "$tmp/text"
	grep -q '^	Time since last hello of the mate: [0-9]*\.[0-9]* msec$' "$tmp/text"
	grep -q '^PEER History' "$tmp/text"
	# control: the record and the mate's list only with details
	in_ns "$fw1" failover show history >"$tmp/text"
	fails grep -Eq 'PEER|Time since' "$tmp/text"
}

state_layout() {
	in_ns "$fw2" failover show state >"$tmp/text"
	is "header" "$(head -n 1 "$tmp/text")" \
		"               State          Last Failure Reason      Date/Time"
	grep -q '^This host  -   Secondary$' "$tmp/text"
	grep -q '^               Active         Daemon Failure           [0-9]' "$tmp/text"
	grep -q '^Other host -   Primary$' "$tmp/text"
	grep -q '^====Configuration State===$' "$tmp/text"
	grep -q '^====Communication State===$' "$tmp/text"
	is "communication" "$(in_ns "$fw2" failover show state -j | jq -r .communication)" Ready
	is "failure of the mate" "$(in_ns "$fw2" failover show state -j |
		jq -r .other.last_failure.reason)" "Comm Failure"
	is "state" "$(in_ns "$fw2" failover show state -j | jq -r .other.state)" "Standby Ready"
}

statistics() {
	local what
	in_ns "$fw2" failover show statistics >"$tmp/text"
	grep -Eq '^tx:[1-9][0-9]*$' "$tmp/text"
	grep -Eq '^rx:[1-9][0-9]*$' "$tmp/text"
	grep -Eq '^Bandwidth: [0-9]+ kbps in / [0-9]+ kbps out$' "$tmp/text"
	grep -Eq '^Frame loss rate: [0-9.]+% / [0-9.]+%$' "$tmp/text"
	in_ns "$fw2" failover show statistics -j >"$tmp/json"
	is "bandwidth" "$(jq '.bandwidth.in_kbps > 0 and .bandwidth.out_kbps > 0' "$tmp/json")" true
	# while it was cut off, hellos were said that no frame carried
	in_ns "$fw2" failover show statistics unit -j | tee "$tmp/json"
	is "hellos and frames" "$(jq '.hellos_sent > 0 and .hellos_received > 0 and
		.frames_sent > 0 and .frames_received >= .hellos_received' "$tmp/json")" true
	is "changes to active" "$(in_ns "$fw2" failover show statistics events -j |
		jq .promotions)" -eq 1
	# on a machine that stands still one may go by itself
	is "daemons that went" "$(in_ns "$fw2" failover show statistics events -j |
		jq .daemon_gone)" -ge 3
	is "bulk syncs" "$(in_ns "$fw2" failover show statistics bulk-sync -j |
		jq '[.[] | select(.name == "Connections" and .direction == "sent" and .count > 0 and .end_ns >= .begin_ns)] | length')" -eq 1
	is "interfaces" "$(in_ns "$fw2" failover show statistics interface -j |
		jq -r 'map(.nameif) | join(" ")')" "inside outside"
	for what in unit events bulk-sync interface; do
		in_ns "$fw2" failover show statistics "$what" >"$tmp/text"
		is "lines of $what" "$(wc -l <"$tmp/text")" -ge 3
	done
	fails in_ns "$fw2" failover show statistics nothing
}

# A hello that is lost on the way is missed.
missed() {
	local before
	before=$(counter "$fw1" hellos-missed)
	in_ns "$fw2" tc qdisc add dev fail root netem loss 30%
	wait_for 30 missed_more "$before"
	in_ns "$fw2" tc qdisc del dev fail root
	is "loss" "$(in_ns "$fw1" failover show statistics -j | jq '.frame_loss.in_percent > 0')" true
}
missed_more() { is "missed" "$(counter "$fw1" hellos-missed)" -gt "$1"; }

interface_layout() {
	local ns
	for ns in "$fw1" "$fw2"; do
		in_ns "$ns" failover interface ip FAIL-LINK fd00:9::1/64 standby fd00:9::2
	done
	in_ns "$fw2" failover show interface >"$tmp/text"
	printf '%s\n' 'interface FAIL-LINK fail' \
		'	System IP Address: 169.254.99.1 255.255.255.252' \
		'	My IP Address    : 169.254.99.2' \
		'	Other IP Address : 169.254.99.1' \
		'	System IP Address: fd00:9::1/64' \
		'	My IP Address    : fd00:9::2' \
		'	Other IP Address : fd00:9::1' >"$tmp/want"
	diff "$tmp/want" "$tmp/text"
	is "my address" "$(in_ns "$fw1" failover show interface -j |
		jq -r '.[0].addresses[0].my')" 169.254.99.1
}

# The lines that the ASA has before the hosts, in its order.
header() {
	in_ns "$fw1" failover show | sed -n '/^\t/q; s/^\(Failover unit\|Failover LAN Interface\|Reconnect timeout\|Unit Poll frequency\|Interface Poll frequency\|Interface Policy\|Monitored Interfaces\|MAC Address Move Notification Interval\|Version: Ours\|Serial Number: Ours\|Last Failover at\).*/\1/p; s/^Failover On$/&/p' >"$tmp/got"
	printf '%s\n' 'Failover On' 'Failover unit' 'Failover LAN Interface' \
		'Reconnect timeout' 'Unit Poll frequency' 'Interface Poll frequency' \
		'Interface Policy' 'Monitored Interfaces' \
		'MAC Address Move Notification Interval' 'Version: Ours' \
		'Serial Number: Ours' 'Last Failover at' >"$tmp/want"
	diff "$tmp/want" "$tmp/got"
}

stages <<-END
	!network            a pair
	!begun              both units tell how both began
	no_event            control: without an event there is no entry
	!switchover         failover no active
	!takeover           the active unit is gone; the record tells what was seen
	!restarted          it comes back: both lists are told again, the file goes on
	!daemon_killed      a daemon that is killed, and one that goes on with the file
	!fenced             two active units meet
	switched_off        failover off and on
	bad_file            a file with lines that are no entries
	rotated             a file that is full
	layout              show history, as the ASA prints it
	state_layout        show state
	statistics          show statistics
	missed              hellos that are lost are counted
	interface_layout    show interface
	header              the lines of show before the hosts
	kernel_is_clean     the kernel log is clean
END

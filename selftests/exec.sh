#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "failover exec": one unit has commands run on the other over the failover link.
# Only commands of failover and those that the other unit's administrator has
# listed, with exactly the words that he wrote; only over a link with a key,
# unless he allows it in words; bounded in time and in what they print; and
# whatever goes wrong is said. What goes on there delays no takeover.
#
# Topology: lib.sh
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# program NAME: a script on standard input, as an executable file.
program() {
	cat >"$tmp/$1"
	chmod 755 "$tmp/$1"
}

allow=()
programs() {
	# who reads only folders of root can trust this one, whatever it is under
	chmod 755 "$tmp"
	program words <<-'END'
		#!/bin/sh
		for w; do echo "<$w>"; done
		env | sort
	END
	program seven <<-END
		#!/bin/sh
		echo run >>"$tmp/ran"
		echo said
		echo wrong >&2
		exit 7
	END
	program endless <<-'END'
		#!/bin/sh
		exec yes 0123456789abcde
	END
	program hangs <<-END
		#!/bin/sh
		trap '' TERM
		echo begun
		sleep 9$tag &
		sleep 9$tag
		sleep 9$tag
	END
	program escape <<-'END'
		#!/bin/sh
		printf 'a\033[31mb\tc\n'
	END
	program loose </dev/null
	chmod 777 "$tmp/loose"
	program unlisted <<-END
		#!/bin/sh
		echo run >>"$tmp/ran-unlisted"
	END
	for p in seven endless hangs escape loose; do
		allow+=("failover exec allow $p $tmp/$p")
	done
	allow+=("failover exec allow words $tmp/words -a two;three \$HOME *")
	allow+=("failover exec allow absent $tmp/absent")
}

network() {
	programs
	network_up
	pair_up "${allow[@]}"
}

# runs NS STATUS WORDS...: failover exec WORDS ends with STATUS; what it prints
# is in $tmp/out and $tmp/err.
runs() {
	local ns=$1 want=$2 got=0
	shift 2
	in_ns "$ns" failover "${opts[@]}" exec "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	cat "$tmp/out" "$tmp/err" | head -n 20
	is "status of $*" "$got" -eq "$want"
}
opts=()

says() { grep -qF -e "$1" "$tmp/err"; }

# The same as the command there, and about the other unit.
shows() {
	runs "$fw1" 0 mate show running-config
	in_ns "$fw2" failover show running-config >"$tmp/there"
	diff "$tmp/out" "$tmp/there"
	grep -qF "lan unit secondary" "$tmp/out"
	runs "$fw2" 0 mate show running-config
	grep -qF "lan unit primary" "$tmp/out"
	runs "$fw1" 0 active show running-config
	grep -qF "lan unit primary" "$tmp/out"
	runs "$fw1" 0 standby failover show running-config
	grep -qF "lan unit secondary" "$tmp/out"
	runs "$fw2" 0 active prompt priority state
	is "prompt" "$(<"$tmp/out")" pri/act
	opts=(-j)
	runs "$fw1" 0 mate show
	opts=()
	is "unit in JSON" "$(jq -r .this.unit "$tmp/out")" secondary
}

statuses() {
	rm -f "$tmp/ran"
	runs "$fw1" 7 mate seven
	is "its output" "$(<"$tmp/out")" said
	is "its errors" "$(<"$tmp/err")" wrong
	runs "$fw1" 0 mate check
	runs "$fw1" 7 active seven
	is "times run" "$(wc -l <"$tmp/ran")" -eq 2
	runs "$fw1" 0 mate escape
	is "control characters" "$(<"$tmp/out")" $'a?[31mb\tc'
}

# No shell has seen the words, and no environment was handed on.
exact() {
	SECRET_OF_DAEMON=1 runs "$fw1" 0 mate words
	# shellcheck disable=SC2016 # as it is
	printf '%s\n' '<-a>' '<two;three>' '<$HOME>' '<*>' >"$tmp/want"
	head -n 4 "$tmp/out" | diff - "$tmp/want"
	tail -n +5 "$tmp/out" | cut -d= -f1 >"$tmp/env"
	fails grep -qvxE 'PATH|PWD|LC_ALL|_|SHLVL|OLDPWD' "$tmp/env"
}

refused() {
	local before
	before=$(wc -l <"$tmp/ran")
	rm -f "$tmp/ran-unlisted"
	runs "$fw1" 126 mate unlisted
	says "the other unit refused"
	runs "$fw1" 126 mate "$tmp/unlisted"
	runs "$fw1" 126 mate seven more
	runs "$fw1" 126 mate 'seven;seven'
	runs "$fw1" 126 mate exec mate show
	says 'not a command for "failover exec"'
	runs "$fw1" 126 mate lan unit primary
	runs "$fw1" 126 mate no failover
	runs "$fw1" 126 mate monitor
	runs "$fw1" 126 mate genkey
	runs "$fw1" 126 mate write "$tmp/written"
	runs "$fw1" 126 mate configure "$tmp/$fw1.conf"
	runs "$fw1" 126 mate -- show --history=/dev/null
	runs "$fw1" 126 mate loose
	says "others than its owner may write to it"
	runs "$fw1" 126 mate absent
	runs "$fw1" 126 active unlisted
	runs "$fw1" 2 mate
	is "times run" "$(wc -l <"$tmp/ran")" -eq "$before"
	fails test -e "$tmp/ran-unlisted" -o -e "$tmp/written"
	in_ns "$fw2" failover show running-config | grep -qF "lan unit secondary"
	runs "$fw1" 7 mate seven	# and this is still taken
	# an ordinary user gets nothing over the link
	cp "$(tool_file failover)" "$tmp/failover"
	fails in_ns "$fw1" setpriv --reuid 65534 --clear-groups \
		"$tmp/failover" exec mate seven
	grep -qF "Operation not permitted" "$tmp/fails"
	is "times run" "$(wc -l <"$tmp/ran")" -eq $((before + 1))
}

too_much() {
	opts=(--timeout $((10 * slow)))
	runs "$fw1" 124 mate endless
	opts=()
	says "cut after 256 KiB of output"
	is "bytes" "$(stat -c %s "$tmp/out")" -le $((256 * 1024))
	is "bytes" "$(stat -c %s "$tmp/out")" -ge $((255 * 1024))
	fails grep -qvx 0123456789abcde <(head -n 1000 "$tmp/out")
	wait_for 20 none_runs endless
}

# It takes no notice of SIGTERM, and leaves children behind.
hanging() {
	opts=(--timeout "$slow")
	runs "$fw1" 124 mate hangs
	opts=()
	says "cut after $slow s"
	is "what it said before" "$(<"$tmp/out")" begun
	wait_for 20 none_runs "sleep 9$tag"
}
none_runs() { fails pgrep -f "$1"; }
some_run() { is "processes" "$(pgrep -fc "$1")" -ge "$2"; }

# While four of them hang, the units switch to and fro, and a fifth is refused.
beside_takeovers() {
	local i
	for i in 1 2 3 4; do
		ip netns exec "$fw1" failover --timeout 60 exec mate hangs \
			>"$tmp/hang$i" 2>&1 &
		pids+=($!)
	done
	wait_for 20 some_run "sleep 9$tag" 8
	runs "$fw1" 126 mate seven
	says "too many commands at once"
	give_role "$fw1" "$fw2"
	wait_for 20 state_is "$fw1" "Standby Ready"
	take_role "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
	some_run "sleep 9$tag" 8
	# nobody waits any more: what they still had to say is not heard
	kill "${pids[@]: -4}"
	pkill -KILL -f "sleep 9$tag"
	wait_for 20 none_runs "$tmp/hangs"
	runs "$fw1" 7 mate seven
}

counted() {
	local sent heard
	sent=$(show "$fw1" '.classes[] | select(.name == "sys cmd") | .xmit')
	heard=$(show "$fw2" '.classes[] | select(.name == "sys cmd") | .rcv')
	runs "$fw1" 7 mate seven
	is "sys cmd xmit" "$(show "$fw1" '.classes[] | select(.name == "sys cmd") | .xmit')" \
		-gt "$sent"
	is "sys cmd rcv" "$(show "$fw2" '.classes[] | select(.name == "sys cmd") | .rcv')" \
		-gt "$heard"
	grep -qE 'FAILOVER-5-990401: .*: seven' "$tmp/$fw2.log"
	grep -qE 'FAILOVER-4-990402: .*failover exec' "$tmp/$fw2.log"
}

# A record of the link, sent again: it is refused, and nothing is run.
replayed() {
	local before refusals='^rx-(replay|stranger|bad-seal|own|duplicate)$'
	sniff_link "$tmp/link.pcap" "$fw1" "ether proto $ethertype"
	runs "$fw1" 7 mate seven
	wait_for 20 recorded 500
	sniff_off link
	fails grep -qaF seven "$tmp/link.pcap"
	rm -f "$tmp/ran"
	before=$(sum "$fw2" "$refusals")
	in_ns "$fw1" "$frames" fail replay "$ethertype" 3 "$tmp/link.pcap"
	wait_for 20 refused_since $((before + 3))
	fails test -e "$tmp/ran"
	runs "$fw1" 7 mate seven
	is "times run" "$(wc -l <"$tmp/ran")" -eq 1
}
recorded() { is "bytes recorded" "$(stat -c %s "$tmp/link.pcap")" -ge "$1"; }
refused_since() { is "refused" "$(sum "$fw2" "$refusals")" -ge "$1"; }

# Every third frame is lost, and each part comes once all the same.
lossy() {
	local size
	ip netns exec "$fw1" tc qdisc add dev fail root netem loss 20% ||
		{ echo "no netem"; return "$skipped"; }
	ip netns exec "$fw2" tc qdisc add dev fail root netem loss 20%
	rm -f "$tmp/ran"
	for _ in 1 2 3 4 5; do runs "$fw1" 7 mate seven; done
	size=$(in_ns "$fw2" failover show counters | wc -l)
	runs "$fw1" 0 mate show counters
	is "lines" "$(wc -l <"$tmp/out")" -eq "$size"
	is "times run" "$(wc -l <"$tmp/ran")" -eq 5
	is "said again" $(($(counter "$fw1" msg-retransmits) + $(counter "$fw2" msg-retransmits))) \
		-ge 1
	ip netns exec "$fw1" tc qdisc del dev fail root
	ip netns exec "$fw2" tc qdisc del dev fail root
}

# The daemon stands still, is gone, comes back; the whole unit is gone.
not_there() {
	freeze "${daemon[$fw2]}"
	opts=(--timeout 1)
	runs "$fw1" 125 mate show
	says "mate did not answer in 6 s"
	opts=()
	daemon_down "$fw2"
	runs "$fw1" 125 mate show
	says "failoverd does not run on the other unit"
	daemon_up "$fw2"
	wait_for 20 state_is "$fw2" "Standby Ready"
	wait_for 20 runs "$fw1" 7 mate seven
	ip netns exec "$fw1" failover --timeout 60 exec mate hangs >"$tmp/out" 2>"$tmp/err" &
	pids+=($!)
	wait_for 20 some_run "sleep 9$tag" 2
	unit_gone "$fw2"
	wait "${pids[-1]}" || is "status" $? -eq 125
	says "the other unit was lost"
	wait_for 20 fails in_ns "$fw1" failover exec standby show
	runs "$fw1" 125 mate show
	says "the other unit is not there"
	runs "$fw1" 125 standby show
	says "no standby unit is heard"
	runs "$fw1" 0 active prompt
	in_ns "$fw1" failover no failover
	runs "$fw1" 125 mate show
	says "failover is off"
}

clear_text() {
	fresh_firewalls
	link_key=none pair_up "${allow[@]}"
	rm -f "$tmp/ran"
	runs "$fw1" 125 mate seven
	says 'without "failover exec clear-text"'
	# one unit alone cannot decide for the other
	in_ns "$fw1" failover exec clear-text
	runs "$fw1" 125 mate seven
	says "the other unit takes no command over a link in clear text"
	fails test -e "$tmp/ran"
	is "msg-refused" "$(counter "$fw2" msg-refused)" -ge 1
	in_ns "$fw2" failover exec clear-text
	runs "$fw1" 7 mate seven
	in_ns "$fw2" failover no exec clear-text
	runs "$fw1" 125 mate seven
	is "times run" "$(wc -l <"$tmp/ran")" -eq 1
}

lines() {
	in_ns "$fw1" failover show running-config >"$tmp/conf"
	grep -qF "failover exec allow words $tmp/words -a two;three \$HOME *" "$tmp/conf"
	grep -qxF "failover exec clear-text" "$tmp/conf"
	in_ns "$fw1" failover write "$tmp/written.conf"
	in_ns "$fw1" failover no exec allow words
	fails grep -F "exec allow words" <(in_ns "$fw1" failover show running-config)
	in_ns "$fw1" failover configure "$tmp/written.conf"
	in_ns "$fw1" failover show running-config | diff "$tmp/conf" -
	fails in_ns "$fw1" failover exec allow show /bin/true
	grep -qF "a name that is no word of failover" "$tmp/fails"
	is "exec_allow in JSON" "$(show "$fw1" '.config.exec_allow | length')" -eq 7
}

stages <<-END
	!network          the pair, and programs that the administrators list
	shows             mate, active, standby: the right unit answers, also in JSON
	statuses          output, errors and exit status are those of the command
	exact             a listed command has exactly its words, and a clean environment
	refused           what is neither listed nor fit to be run so is refused, not run
	too_much          more than 256 KiB are cut
	hanging           a command that hangs is cut, with all that it has started
	beside_takeovers  four that hang delay no switchover; a fifth is refused
	counted           sys cmd counts messages, the log tells of them
	replayed          a record of it sent again: refused, not run
	lossy             frames are lost on the link: everything comes, once
	not_there         daemon or unit gone, before and meanwhile: said, with a status
	clear_text        without a key: refused, until both units allow it in words
	lines             the lines are shown, kept, and taken back
	kernel_is_clean   the kernel log is clean
END

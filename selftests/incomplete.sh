#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A standby that cannot take in all that it is told says why, the active unit says it of
# it, and neither shows it as fully ready; it takes over all the same, with what it has.
# When there is room again, a bulk sync mends it.
#
# Here its table is full: of entries of its own, which the active unit has not.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

own=20		# entries of the standby
room=10		# what it has room for then
flows=30

network() {
	network_up
	play echo "$server" server 5000
}

# refused FW WHOSE: by reason, what FW says of itself (this) or of its mate (other).
refused() { show "$1" ".$2.refused[] | \"\\(.reason)=\\(.count)\"" | xargs; }
refused_is() { is "refused, $2 of $1" "$(refused "$1" "$2")" "$3"; }
state_says() { in_ns "$1" failover show state | grep -F "$2"; }
# judged FW STATUS TEXT
judged() {
	local rc=0
	in_ns "$1" failover check >"$tmp/check" || rc=$?
	is "status: $(<"$tmp/check")" "$rc" -eq "$2" || return
	grep -F "$3" "$tmp/check"
}

# is_complete: both say so of the standby, in each way there is to say it.
is_complete() {
	refused_is "$fw1" other "" && refused_is "$fw2" this "" || return
	fails in_show "$fw1" incomplete || return
	fails state_says "$fw2" incomplete || return
	judged "$fw1" 0 OK && judged "$fw2" 0 OK
}

ready() {
	pair_up
	is_complete
}

own_entries() {
	local n
	for ((n = 1; n <= own; n++)); do
		in_ns "$fw2" conntrack -I -p udp -s 192.0.2.1 -d "192.0.2.$((100 + n))" \
			--sport 9 --dport 9 -t 3600 -u ASSURED,SEEN_REPLY
	done
}

entries() { in_ns "$1" conntrack -C; }

# A connection that is refused may be counted once more when it changes.
is_incomplete() {
	local line='Standby Ready (incomplete)'
	fails refused_is "$fw2" this "" || return
	refused_is "$fw1" other "$(refused "$fw2" this)" || return
	in_show "$fw1" "Other host: Secondary - $line" || return
	in_show "$fw1" "Warning: the other unit has not taken in all" || return
	in_show "$fw2" "This host: Secondary - $line" || return
	in_show "$fw2" "Warning: this unit has not taken in all" || return
	state_says "$fw1" "$line" && state_says "$fw2" "$line" || return
	judged "$fw1" 1 "the mate has not taken in all: ct-insert-refused" || return
	judged "$fw2" 1 "this unit has not taken in all: ct-insert-refused"
}

full() {
	own_entries
	sysctl -qw "net.netfilter.nf_conntrack_max=$(($(entries "$fw2") + room))"
	play many "$client" tcp "$out4" 5000 "$flows"
	opened many "$flows"
	in_step "$fw1" "$fw2"
	wait_for 30 is_incomplete
	is "reasons" "$(refused "$fw2" this | sed 's/=[0-9]*//g')" \
		"ct-insert-refused ct-table-full"
	is "refused" "$(counter "$fw2" ct-table-full)" -ge $((flows - room))
	# what a program reads is the state that the election knows
	state_is "$fw2" "Standby Ready"
	fails "$ctdiff" "$fw1" "$fw2"
}

mended() {
	in_ns "$fw2" conntrack -D -s 192.0.2.1
	sysctl -qw net.netfilter.nf_conntrack_max=200000
	in_ns "$fw1" failover resync
	wait_for 30 is_complete
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	stop many
}

takes_over() {
	own_entries
	sysctl -qw "net.netfilter.nf_conntrack_max=$(($(entries "$fw2") + room))"
	play more "$client" tcp "$out4" 5000 "$flows"
	opened more "$flows"
	in_step "$fw1" "$fw2"
	wait_for 30 is_incomplete
	sysctl -qw net.netfilter.nf_conntrack_max=200000
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	refused_is "$fw2" this ""
	fails in_show "$fw2" incomplete
	rounds 5000 more
	heard=$(<"$tmp/more.round")
	heard_is ok -ge 5
	heard_is ok -lt "$flows"
}

stages <<-END
	!network          a client, a server, two firewalls
	!ready            a standby that has all: nothing is said
	full              its table is full: both units say so, and why
	mended            there is room: a bulk sync, and nothing is said any more
	takes_over        a standby that is not complete takes over, with what it has
	kernel_is_clean   the kernel log is clean
END

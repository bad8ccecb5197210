#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What people write for an ASA and read from it, replayed: configuration lines
# of the field with Linux devices in them (seeds/*.conf) are accepted, by the
# checker and by a unit in service, and the commands that show print each field
# under the same name and in the same order (seeds/show*, a line of each is an
# extended regular expression; .active and .standby are the two units).
#
# Topology: lib.sh, and an interface dmz and a link sync on both firewalls.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

seeds=$here/seeds
flows=20

network() {
	network_up
	ips "$sw" <<-END
		link add br-dmz type bridge forward_delay 0 mcast_snooping 0
		link set br-dmz up
		addr add 192.168.50.9/24 dev br-dmz
	END
	# somebody who answers the tests of dmz
	in_ns "$sw" sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	plug "$fw1" dmz br-dmz
	plug "$fw2" dmz br-dmz
	ip link add sync netns "$fw1" type veth peer name sync netns "$fw2"
	ip -n "$fw1" link set sync up
	ip -n "$fw2" link set sync up
	module_needed
}

### lines #####################################################################

# lines FILE: without comments.
lines() { grep -v '^!' "$1"; }

# What a file needs besides to be one of a unit in service.
whole() { cat "$1"; echo 'failover key none'; echo failover; }

# Each line has an effect: there is nothing to be said.
checked() {
	local f
	for f in "$seeds"/*.conf; do
		failover check config "$f" 2>"$tmp/said"
		is "$f: warnings" "$(wc -l <"$tmp/said")" -eq 0
	done
}

# control: each line with a word too many, and a line that there is not.
refused() {
	local f n line text
	for f in "$seeds"/*.conf; do
		n=0
		mapfile -t text <"$f"
		for line in "${text[@]}"; do
			n=$((n + 1))
			# these take more words
			case $line in
			'!'* | description*) continue ;;
			'no nameif' | 'no security-level' | 'no ip address') continue ;;
			esac
			sed "${n}s/\$/ xyzzy/" "$f" >"$tmp/bad"
			fails failover check config "$tmp/bad"
			grep -q "^$tmp/bad:$n: word .* \"xyzzy\": expected" "$tmp/fails"
		done
		{ cat "$f"; echo 'failover xyzzy'; } >"$tmp/bad"
		fails failover check config "$tmp/bad"
		grep -q "^$tmp/bad:$((n + 1)): word 2 \"xyzzy\": expected" "$tmp/fails"
	done
}

# at_shell NS FILE: its lines one by one, as an operator types them.
at_shell() {
	local line dev='' words
	while read -r line; do
		case $line in
		interface*) dev=${line#interface } ;;
		failover* | monitor-interface* | 'no monitor-interface'*) dev= ;;
		esac
		words=$line
		[[ $line == interface* ]] || words=${dev:+interface $dev }$line
		# shellcheck disable=SC2086 # words
		in_ns "$1" failover $words
	done < <(lines "$2")
}

# has_lines NS FILE: what it has in force, in the form in which it is printed:
# the last of those that exclude each other, prefix lengths, no defaults.
has_lines() {
	local line
	in_ns "$1" failover show running-config >"$tmp/running"
	while read -r line; do
		grep -qE "^ ?$line\$" "$tmp/running" && continue
		echo "not in force: $line"
		cat "$tmp/running"
		return 1
	done < <(lines "$2" | sed -E '/^ ?(description|interface sync|no (shutdown|nameif|security-level|ip address))/d
		/ standby$/d; /interface-policy [12]$/{'"$3"'}
		s,255\.255\.255\.252,/30,; s,255\.255\.255\.0,/24,; s, /,/,
		s/polltime interface 3$/& holdtime 15/; s/^ //')
}

is_on() { is "on" "$(show "$1" .config.enabled)" true; }

# A unit whose file it is, and one at which the lines are typed in.
in_service() {
	local f drop
	for f in "$seeds"/*.conf; do
		drop=
		[ "${f##*/}" != interfaces.conf ] || drop=d
		whole "$f" >"$tmp/$fw1.conf"
		daemon_up "$fw1"
		wait_for 20 is_on "$fw1"
		has_lines "$fw1" "$f" "$drop"
		at_shell "$fw1" "$f"
		has_lines "$fw1" "$f" "$drop"
		# control: what is no line changes nothing
		in_ns "$fw1" failover show running-config >"$tmp/before"
		fails in_ns "$fw1" failover xyzzy
		fails in_ns "$fw1" failover interface-policy 0
		in_ns "$fw1" failover show running-config | diff "$tmp/before" -
		in_ns "$fw1" failover no
		daemon_down "$fw1"
		# the next file has other addresses of the links, or none
		ip -n "$fw1" addr flush dev fail
		ip -n "$fw1" addr flush dev sync
		module_down
		module_up
		# the next file has other addresses of these
		ip -n "$fw1" -4 addr flush dev fail
		ip -n "$fw1" -4 addr flush dev sync
	done
}

# Manual control, as it is written there.
commands() {
	in_ns "$fw1" failover help | sed 's/^ *//' >"$tmp/help"
	grep -qF '[no] failover active' "$tmp/help"
	grep -qF '[no] failover preempt [DELAY]' "$tmp/help"
}

### output ####################################################################

# An unmonitored interface is one more word, so dmz is monitored, and has a
# cable on one unit only, which is not too few.
pair() {
	local fw lines=("failover link STATE-LINK sync"
		"failover interface ip STATE-LINK 169.254.99.5 255.255.255.252 standby 169.254.99.6"
		"failover polltime interface 3" "failover interface-policy 2"
		"failover replication http"
		"interface dmz nameif dmz"
		"interface dmz ip address 192.168.50.1/24 standby 192.168.50.2")
	ip -n "$sw" link set fw2-dmz down
	pair_up "${lines[@]}"
	play echo "$server" server 5000
	play tcp "$client" tcp "$out4" 5000 "$flows"
	play udp "$client" udp "$out4" 5000 "$flows"
	play icmp "$client" icmp "$out4" 0 "$flows"
	opened tcp "$flows"
	opened udp "$flows"
	opened icmp "$flows"
	all_go_on "tcp=$flows" "udp=$flows" "icmp=$flows"
	in_step "$fw1" "$fw2"
	# hellos and tests have taken their time
	for fw in "$fw1" "$fw2"; do
		wait_for 60 word_is "$fw" '(in|out)side .*: Normal \(Monitored\)' 4
		wait_for 60 word_is "$fw" 'dmz .*: Normal \(Waiting\)' 1
	done
}

# has_fields FILE OUTPUT [N]: a line for each, in this order; as if the lines of
# the Nth were not there.
has_fields() {
	awk -v without="${3-0}" '
		NR == FNR { if (!/^#/) want[++n] = "^(" $0 ")$"; next }
		without && $0 ~ want[without] { next }
		at < n && $0 ~ want[at + 1] { at++ }
		END { if (at < n) { print "missing: " want[at + 1]; exit 1 } }
	' "$1" "$2"
}

# shown NS ROLE: each of the commands, and the control of each of its fields.
shown() {
	local f n words
	for f in "$seeds"/show*."$2"; do
		words=${f##*/}
		words=${words%."$2"}
		# a command of two words; the second one may have a hyphen in it
		words=${words/-/ }
		# shellcheck disable=SC2086 # words
		in_ns "$1" failover $words >"$tmp/shown"
		has_fields "$f" "$tmp/shown" || { cat "$tmp/shown"; return 1; }
		for ((n = 1; n <= $(grep -vc '^#' "$f"); n++)); do
			fails has_fields "$f" "$tmp/shown" "$n"
		done
	done
}

active() { shown "$fw1" active; }
standby() { shown "$fw2" standby; }

# row NS COLUMN: of "up time".
up_row() { show "$1" ".classes[] | select(.name == \"up time\") | .$2"; }
goes_on() { is "row" "$(up_row "$1" "$2")" -gt "$3"; }
# Both units are one machine here; a second may end between two readings.
up_is_known() {
	local up said
	up=$(cut -d. -f1 /proc/uptime)
	said=$(show "$1" .other.up_time)
	is "other unit up" "$said" -ge "$((up - 1))"
	up=$(cut -d. -f1 /proc/uptime)
	is "other unit up" "$said" -le "$((up + 2))"
}

counted_on() { is "other unit up" "$(show "$1" .other.up_time)" -ge "$2"; }

# Said by both every ten seconds, and counted on by who hears it: what is not
# heard any more is not known.
up_time() {
	local fw sent up
	for fw in "$fw1" "$fw2"; do
		up_is_known "$fw"
		sent=$(up_row "$fw" xmit)
		wait_for 15 goes_on "$fw" xmit "$sent"
		wait_for 15 goes_on "$fw" rcv "$sent"
		is "errors" "$(show "$fw" '.classes[] | select(.name == "up time") | .xerr + .rerr')" -eq 0
	done
	# not in each hello, of which there are five a second
	is "said" "$(up_row "$fw1" xmit)" -lt "$(show "$fw1" '.counters["tx-hellos"] / 10 | ceil')"
	# and between two
	up=$(show "$fw1" .other.up_time)
	wait_for 10 counted_on "$fw1" $((up + 4))
	up_is_known "$fw1"
}

# dmz is waiting for its mate until that has a link, too, and does not count
# when it is not monitored; the history and the state tell of a switchover.
words() {
	ip -n "$sw" link set fw2-dmz up
	wait_for 60 word_is "$fw1" 'dmz .*: Normal \(Monitored\)' 2
	ip -n "$fw1" link set dmz down
	wait_for 20 word_is "$fw1" 'dmz .*: Link Down \(Monitored\)' 1
	wait_for 60 word_is "$fw2" 'dmz .*: Normal \(Waiting\)' 1
	in_ns "$fw1" failover no monitor-interface dmz
	in_ns "$fw2" failover no monitor-interface dmz
	wait_for 20 word_is "$fw1" 'dmz .*: Unmonitored' 2
	is "tested" "$(in_ns "$fw1" failover show monitor-interface -j | jq -r .tested)" true
	is "dmz" "$(in_ns "$fw1" failover show monitor-interface -j | jq -r '.other.interfaces[2].status')" Unmonitored
}
word_is() {
	is "lines with $2" "$(in_ns "$1" failover show monitor-interface |
		grep -cE "Interface $2\$")" -eq "$3"
}

# Each way, with all flows.
switched() {
	give_role "$fw1" "$fw2"
	wait_for 20 state_is "$fw1" "Standby Ready"
	take_role "$fw1"
	all_go_on "tcp=$flows" "udp=$flows" "icmp=$flows"
	in_ns "$fw2" failover show history | grep -E '^Standby Ready +Just Active +Other unit wants me Active|^Standby Ready +Just Active '
	in_ns "$fw1" failover show history | grep -E '^Active +Active Drain +'
}

stages <<-END
	!network        two firewalls with a link of each kind
	checked         each line is accepted by the checker
	refused         control: not with a word too many, nor an unknown line
	in_service      and by a unit in service; what has no effect yet is said
	commands        the commands of manual control are there
	!pair           a pair with TCP, UDP and ICMP through it
	active          each field of the active unit, and none may be missing
	standby         the same on the standby unit
	up_time         each unit knows how long the other one is up
	words           the words for the health of an interface
	switched        no active there and back, no flow notices
	kernel_is_clean the kernel log is clean
END

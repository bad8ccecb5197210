#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is promised of time, to the granularity of the clocks that it hangs on:
# the loss of the peer, the outage that a flow sees, announcements, the lives of
# replicated entries over days, frozen deletions, window checks. For virtual
# time (boot -v), where programs cost none: what is measured here is what the
# timers do, and it is the same in every run. The figures are printed.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/record.bash"

# The clock costs a little each time that it is read: a quarter of a microsecond
# of virtual time, so whatever a program does takes some microseconds.
second=1000000
soon=2000		# the daemon's part of a takeover
jiffy=10000		# HZ is 100; conntrack counts in whole ones
tend=$((5 * second))	# the module looks after its connections this often

# POLL HOLD, in ms: the least, the greatest, and what is between
settings='
10 30
50 200
200 800
1000 5000
15000 45000
'

### words #####################################################################

# sleep_until US: in parts, because the kernel may end a wait a thousandth of it
# too late.
sleep_until() {
	local left
	while left=$(($1 - $(us))) && [ "$left" -gt 0 ]; do
		left=$((left - left / 500))
		nap "$((left / second)).$(printf %06d $((left % second)))"
	done
}

# near WHAT GOT WANT SLACK: from WANT on, by less than SLACK.
near() {
	is "$1" "$2" -ge "$3"
	is "$1" "$2" -lt $(($3 + $4))
}

# before NAME US REGEX: the stamp of the last such line until then.
before() {
	awk -v re="$3" -v end="$2" '$1 <= end && $0 ~ re { at = $1 } END { print at }' "$tmp/$1"
}

stamped() { [ -n "$(when "$1" "$2")" ]; }

# takeover: fw1 is lost at $cut, fw2 knows at $lost and is active at $active.
takeover() {
	record events "$fw2" events
	record frames "$fw2" frames fail
	nap "${1:-1}"
	cut=$(us)
	unit_gone "$fw1"
	nap "$(((hold_ms - poll_ms) / 1000)).$(printf %03d $(((hold_ms - poll_ms) % 1000)))"
	wait_for 60 stamped events 'state=Active$'
	lost=$(when events peer-lost)
	active=$(when events 'state=Active$')
	heard=$(before frames "$lost" ' in ')
	unrecord events frames
}

new_pair() {
	poll_ms=$1 hold_ms=$2
	# What a failed stage has left holds the namespaces.
	unrecord "${!recorder[@]}"
	fresh_firewalls
	pair_up "${@:3}"
}

### the loss of the peer ######################################################

network() {
	network_up
	play echo "$server" server 5000
}

# steady US: the hellos before then came once a poll, but for those that news
# made come at once.
steady() {
	awk -v end="$1" -v poll="$((poll_ms * 1000))" '
		$1 <= end && / in hello/ { if (last) gap[n++] = $1 - last; last = $1 }
		END {
			for (i = n - 3; i < n; i++)
				if (gap[i] < poll - 5 || gap[i] > poll + 5) bad = gap[i]
			if (n < 3 || bad) { print "hellos: gap of " bad " us"; exit 1 }
		}' "$tmp/frames"
}

detection() {
	local poll hold
	while read -r poll hold; do
		[ -n "$hold" ] || continue
		new_pair "$poll" "$hold"
		# by then the interfaces have no news any more
		takeover "$((20 + poll * 6 / 1000)).$(printf %03d $((poll * 6 % 1000 + 3)))"
		steady "$cut"
		near "detection" $((lost - heard)) $((hold * 1000 - 1)) 50
		# the last frame may be under way when the links are cut
		near "since the loss" $((lost - cut)) $(((hold - poll) * 1000 - 1)) \
			$((poll * 1000 + 100))
		near "active after that" $((active - lost)) 0 "$soon"
		figure "poll $poll ms, hold $hold ms: lost $((lost - heard)) us after the last frame, active $((active - lost)) us later"
	done <<<"$settings"
}

# cut_for MS: neither hears the other for so long.
cut_for() {
	local ns
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc add dev fail root netem loss 100%; done
	nap "0.$(printf %03d "$1")"
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc del dev fail root; done
}

# The longest that is none, wherever between two hellos it begins.
short_cut() {
	new_pair 200 800
	record events "$fw2" events
	record frames "$fw2" frames fail
	nap 1
	cut_for 399
	nap 5
	fails stamped events peer-lost
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
	unrecord events frames
}

# netem ARGUMENTS...: of the link, in both directions.
netem() {
	local ns
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc replace dev fail root netem "$@"; done
}
healed() {
	local ns
	for ns in "$fw1" "$fw2"; do tc -n "$ns" qdisc del dev fail root; done
}

# A minute without a hello, under traffic; then, before the link is back, the
# active is lost. It is asked once a poll, and its last answer is as good as a
# hello.
long_cut() {
	local ms
	new_pair 200 800
	flows_on
	nap 1
	netem loss 100%
	nap 60
	state_is "$fw1" Active
	state_is "$fw2" "Cold Standby"
	gaps "the link cut for a minute"
	is "gap of UDP" "${gap[udp]}" -le 1
	is "gap of ICMP" "${gap[icmp]}" -le 1
	is "gap of TCP" "${gap[tcp]}" -le 5
	record events "$fw2" events
	cut=$(us)
	unit_gone "$fw1"
	wait_for 60 stamped events 'state=Active$'
	active=$(when events 'state=Active$')
	unrecord events
	near "active since the loss" $((active - cut)) $(((800 - 200) * 1000)) \
		$((200 * 1000 + soon))
	nap 3
	ms=$(((active - cut) / 1000))
	gaps "the active lost while the link was cut, the other active $ms ms later"
	near "gap of UDP" "${gap[udp]}" "$ms" 3
	flows_off
}

# The same, and the link is back: a whole pair again.
long_cut_healed() {
	new_pair 200 800
	netem loss 100%
	nap 60
	healed
	wait_for 10 state_is "$fw2" "Standby Ready"
	state_is "$fw1" Active
	is "takeovers" "$(show "$fw2" .this.epoch)" -eq "$(show "$fw1" .this.epoch)"
}

# Since the first second that the machine is up, and a whole one is not over.
active_time() {
	is "uptime" "$(cut -d. -f1 /proc/uptime)" -eq 0
	pair_up
	is "active time" "$(show "$fw1" .this.active_time)" -eq 0
	nap 10
	near "active time" "$(show "$fw1" .this.active_time)" 9 2
	is "of the standby" "$(show "$fw2" .this.active_time)" -eq 0
}

### outages ###################################################################

flows_on() {
	play udp "$client" beat udp "$out4" 5000 1000
	play icmp "$client" beat icmp "$out4" 0 1000
	play tcp "$client" stream "$out4" 5000 100000
	nap 1
	local who
	for who in udp icmp tcp; do tell "$who" report; done
}

declare -A gap

# gaps WHAT: the longest of each since the last time, in ms.
gaps() {
	local who
	for who in udp icmp tcp; do
		tell "$who" report
		gap[$who]=$(value gap_ms "$heard")
	done
	figure "$1: UDP ${gap[udp]} ms, ICMP ${gap[icmp]} ms, TCP ${gap[tcp]} ms without an answer"
}

flows_off() {
	tell tcp stop
	heard_is bad -eq 0
	heard_is reset -eq 0
	heard_is sum ok
	tell udp stop
	heard_is moved -eq 0
	tell icmp stop
	heard_is moved -eq 0
	stop udp icmp tcp
}

no_outage() {
	new_pair 200 800
	flows_on
	nap 3
	gaps "no takeover"
	is "gap of UDP" "${gap[udp]}" -le 1
	is "gap of ICMP" "${gap[icmp]}" -le 1
	is "gap of TCP" "${gap[tcp]}" -le 5
}

# The flows beat once a millisecond; the stream's segments every five, and when
# one was lost it is repeated after the retransmission timeout, which doubles.
outage() {
	local ms
	takeover
	nap 3
	ms=$(((active - cut) / 1000))
	gaps "the active lost, the other active $ms ms later"
	near "gap of UDP" "${gap[udp]}" "$ms" 3
	near "gap of ICMP" "${gap[icmp]}" "$ms" 3
	near "gap of TCP" "${gap[tcp]}" "$ms" $((ms + 220))
	flows_off
}

# With the shortest times: sixty milliseconds, for TCP too.
short_outage() {
	local who
	new_pair 10 30
	flows_on
	takeover
	nap 3
	gaps "the active lost, hold time 30 ms"
	for who in udp icmp tcp; do
		is "gap of $who" "${gap[$who]}" -le 60
	done
	flows_off
}

switchover() {
	new_pair 200 800
	flows_on
	in_ns "$fw1" failover no active
	wait_for 10 state_is "$fw2" Active
	nap 3
	gaps "failover no active"
	is "gap of UDP" "${gap[udp]}" -le 2
	is "gap of ICMP" "${gap[icmp]}" -le 2
	is "gap of TCP" "${gap[tcp]}" -le 10
	flows_off
}

### announcements #############################################################

# after NAME US WHAT: how long after, in ms, each such line came.
after() {
	awk -v from="$2" -v re="$3" '$0 ~ re {
		printf "%s%d", sep, ($1 - from + 500) / 1000; sep = " " }' "$tmp/$1"
}

announcements() {
	new_pair 200 800
	nap 5
	record inside "$client" frames eth0
	nap 5
	is "before" "$(after inside 0 ' in (arp|na) ')" ""
	takeover
	nap 20
	unrecord inside
	is "ARP of the inside" "$(after inside "$active" ' in arp 10.10.0.254 ')" \
		"0 0 100 100 500 500 2000 2000"
	is "ND of the inside" "$(after inside "$active" ' in na fd00:10::254')" \
		"0 100 500 2000"
	figure "announcements $(after inside "$active" ' in na fd00:10::254') ms after the takeover"
}

# What the pair answers for besides: of NAT, of a proxy, of a local route.
pool_rules() {
	in_ns "$1" nft -f - <<-'NFT'
	table inet pool {
		chain post {
			type nat hook postrouting priority srcnat;
			ip saddr 10.77.0.0/16 snat ip to 203.0.113.40-203.0.113.41
			ip6 saddr fd77::/16 snat ip6 to 2001:db8:203::40
		}
	}
	NFT
	ips "$1" <<-END
		neigh add proxy 203.0.113.60 dev out
		neigh add proxy 2001:db8:203::60 dev out
		route add local 203.0.113.64/31 dev lo
	END
}

pool_announcements() {
	local a
	unrecord "${!recorder[@]}"
	fresh_firewalls
	pool_rules "$fw1"
	pool_rules "$fw2"
	pair_up
	nap 5
	record outside "$server" frames eth0
	nap 5
	is "before" "$(after outside 0 ' in (arp|na) ')" ""
	takeover
	nap 20
	unrecord outside
	for a in 203.0.113.2 203.0.113.40 203.0.113.41 203.0.113.60 203.0.113.64 203.0.113.65; do
		is "ARP of $a" "$(after outside "$active" " in arp $a ")" \
			"0 0 100 100 500 500 2000 2000"
	done
	for a in ::2 ::40 ::60; do
		is "ND of $a" "$(after outside "$active" " in na 2001:db8:203$a\$")" \
			"0 100 500 2000"
	done
}

# latest NAME US REGEX MS: the last such line within MS, in us.
latest() {
	awk -v from="$2" -v re="$3" -v ms="$4" '
		$0 ~ re && $1 < from + ms * 1000 { at = $1 - from; n++ }
		END { print n + 0, at + 0 }' "$tmp/$1"
}

# A thousand and more: in parts, and the first time all within five milliseconds.
many_announcements() {
	local n first last
	unrecord "${!recorder[@]}"
	fresh_firewalls
	in_ns "$fw2" nft add table ip6 pool
	in_ns "$fw2" nft 'add chain ip6 pool post { type nat hook postrouting priority srcnat; }'
	in_ns "$fw2" nft add rule ip6 pool post ip6 saddr fd77::/16 \
		snat to 2001:db8:203::1:0-2001:db8:203::1:ffff
	pair_up
	nap 5
	record outside "$server" frames eth0
	takeover
	nap 20
	unrecord outside
	read -r n last < <(latest outside "$active" ' in na 2001:db8:203::1:' 50)
	is "announced at first" "$n" -eq 1024
	first=$(($(when outside ' in na 2001:db8:203::1:') - active))
	near "the last of them after the first" $((last - first)) 3000 2000
	is "the last of them" "$last" -lt 5000
	is "in all" "$(grep -c ' in na 2001:db8:203::1:' "$tmp/outside")" -eq 4096
	figure "1024 addresses are announced within $last us of the takeover, 64512 are too many"
	grep -q '1024 addresses of NAT and proxies are announced, 64512 more are not' "$tmp/$fw2.log"
}

### the lives of entries ######################################################

udp_life=600
tcp_life=432000		# five days, the kernel's own
days=6

lives() {
	local ns
	new_pair 15000 45000
	for ns in "$fw1" "$fw2"; do
		sysctls "$ns" net.netfilter.nf_conntrack_tcp_timeout_established="$tcp_life" \
			net.netfilter.nf_conntrack_udp_timeout="$udp_life" \
			net.netfilter.nf_conntrack_udp_timeout_stream="$udp_life"
	done
	play tcp "$client" tcp "$out4" 5000 3
	opened tcp 3
	play udp "$client" udp "$out4" 5000 3
	opened udp 3
	in_step "$fw1" "$fw2"
	# By hand, and not replicated: this one has nobody who holds it.
	in_ns "$fw2" conntrack -I -p udp -s 192.0.2.7 -d 192.0.2.8 \
		--sport 7 --dport 8 -t "$udp_life" -u SEEN_REPLY
	made=$(us)
}

# left NS ARGUMENTS...: how many such entries there are.
left() { in_ns "$1" conntrack -L "${@:2}" 2>/dev/null | wc -l; }

control_expires() {
	nap 300
	all_go_on udp=3
	expire_at $((made + udp_life * second)) 1 -p udp -s 192.0.2.7
	all_go_on udp=3
}

# expire_at US COUNT ARGUMENTS...: so many such entries of fw2 are there until
# then, and not after it.
expire_at() {
	sleep_until $(($1 - 2 * jiffy))
	is "${*:3} just before its time" "$(left "$fw2" "${@:3}")" -eq "$2"
	sleep_until $(($1 + jiffy))
	is "${*:3} just after its time" "$(left "$fw2" "${@:3}")" -eq 0
}

# The kernels alone: the daemons, which have nothing to do, would make the days
# long. UDP is kept alive on the active; TCP speaks once, after three days.
held_for_days() {
	local i
	daemon_down "$fw1"
	daemon_down "$fw2"
	for ((i = 0; i < days * 86400; i += 550)); do
		nap 550
		tell udp round
		heard_is ok -eq 3
		if [ $((i / 550)) = $((days * 86400 / 550 / 2)) ]; then
			all_go_on tcp=3
		fi
	done
	is "TCP on the standby" "$(left "$fw2" -p tcp --state ESTABLISHED)" -eq 3
	is "UDP on the standby" "$(left "$fw2" -p udp)" -eq 3
	figure "held for $(((($(us) - made) / second + 43200) / 86400)) days: UDP of $udp_life s, TCP of $tcp_life s"
	daemon_up "$fw1"
	daemon_up "$fw2"
	wait_for 60 state_is "$fw1" Active
	wait_for 60 state_is "$fw2" "Standby Ready"
}

# Nothing speaks any more; the lives are those that their last records told.
expire_after_takeover() {
	takeover
	daemon_down "$fw2"
	expire_at $((active + udp_life * second)) 3 -p udp
	figure "UDP expired $udp_life s after the takeover"
	expire_at $((active + tcp_life * second)) 3 -p tcp
	figure "TCP expired $tcp_life s after the takeover"
	stop tcp udp
}

### deletions #################################################################

# One interface that is down is not to move the role here.
lasting=("failover interface-policy 100%")

# Of TCP, which the timeouts of the firewalls leave alone.
some_tcp() {
	new_pair 200 800 "${lasting[@]}"
	play tcp "$client" tcp "$out4" 5000 5
	opened tcp 5
	in_step "$fw1" "$fw2"
	is "on the standby" "$(left "$fw2" -p tcp)" -eq 5
}

deleted_at_once() {
	some_tcp
	in_ns "$fw1" conntrack -F
	nap 0.01
	is "on the standby" "$(left "$fw2" -p tcp)" -eq 0
	stop tcp
}

# Masquerading forgets what went through an interface that goes down. A bulk
# sync meanwhile does not end them on the standby either.
frozen() {
	local down syncs
	some_tcp
	syncs=$(counter "$fw1" bulk-syncs)
	down=$(us)
	ip -n "$fw1" link set out down
	nap 0.01
	is "on the active" "$(left "$fw1" -p tcp)" -eq 0
	in_ns "$fw1" failover resync
	wait_for 10 synced_again "$fw1" "$syncs"
	nap 1
	is "on the standby after a bulk sync" "$(left "$fw2" -p tcp)" -eq 5
	sleep_until $((down + 60 * second - jiffy))
	is "on the standby before a minute" "$(left "$fw2" -p tcp)" -eq 5
	wait_for 10 none_left
	near "deletions" $(($(us) - down)) $((60 * second)) $((tend + second / 10))
	figure "deletions frozen for $((($(us) - down) / 1000)) ms"
	stop tcp
}

synced_again() { is "bulk syncs" "$(counter "$1" bulk-syncs)" -gt "$2"; }

# What waits behind an acknowledgement is dead before it is sent: no deletion.
frozen_in_queue() {
	new_pair 200 800 "${lasting[@]}"
	play tcp "$client" tcp 203.0.113.11 5000 5
	opened tcp 5
	in_step "$fw1" "$fw2"
	in_ns "$fw2" tc qdisc add dev fail root netem delay 200ms
	tell tcp close
	ip -n "$fw1" link set out down
	in_ns "$fw1" conntrack -F
	nap 1
	is "on the active" "$(left "$fw1" -p tcp)" -eq 0
	is "on the standby" "$(left "$fw2" -p tcp)" -eq 5
	in_ns "$fw2" tc qdisc del dev fail root
	wait_for 70 none_left
	stop tcp
}
none_left() { is "on the standby" "$(left "$fw2" -p tcp)" -eq 0; }

### a long way ################################################################

# slow_link MS: so long in each direction.
slow_link() {
	local ns
	for ns in "$fw1" "$fw2"; do
		in_ns "$ns" tc qdisc replace dev fail root netem delay "$1ms"
	done
}

# sent_again: frames of the active that the standby had already.
sent_again() { counter "$fw2" rx-duplicate; }

# come_and_go N: connections; all of it is on the standby when it returns.
come_and_go() {
	play tcp "$client" churn tcp "$out4" 5000 "$1" 0 64 20000
	hear tcp 60
	heard_is fail -eq 0
	# it would hear what is said to the next one
	stop tcp
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
}

# A round trip of 0.8 s from the first word on: an association comes about and
# lasts. Then the way becomes shorter, and longer again: what is on it when it
# does may be sent twice, and nothing after that.
long_link() {
	local ms before
	poll_ms=200 hold_ms=1000
	fresh_firewalls
	slow_link 400
	pair_up
	is "associations" "$(counter "$fw2" associations)" -eq 1
	for ms in 400 1 200; do
		slow_link "$ms"
		come_and_go 20
		before=$(sent_again)
		come_and_go 400
		figure "round trip of $((2 * ms)) ms: $(($(sent_again) - before)) of" \
			"$(counter "$fw2" rx-frames) frames came twice"
		is "twice" "$(sent_again)" -le $((before + 3))
	done
	is "associations" "$(counter "$fw2" associations)" -eq 1
	is "hold time" "$(counter "$fw1" hold-expired)$(counter "$fw2" hold-expired)" 00
	slow_link 0
}

### window checks #############################################################

liberal() { in_ns "$1" "$stamp" liberal; }

# What has spoken since the takeover is strict again after a minute, at the next
# look; what has not stays as it is.
strict_again() {
	new_pair 200 800
	play tcp "$client" tcp "$out4" 5000 5
	opened tcp 5
	play mute "$client" tcp "$out4" 5000 2
	opened mute 2
	in_step "$fw1" "$fw2"
	is "liberal on the active" "$(liberal "$fw1")" -eq 0
	takeover
	all_go_on tcp=5
	sleep_until $((active + 60 * second - jiffy))
	is "liberal before a minute" "$(liberal "$fw2")" -eq 7
	wait_for 10 two_liberal
	near "strict again" $(($(us) - active)) $((60 * second)) $((tend + second / 10))
	figure "window checks off for $((($(us) - active) / 1000)) ms"
	nap 60
	two_liberal
	all_go_on tcp=5 mute=2
	stop tcp mute
}
two_liberal() { is "liberal" "$(liberal "$fw2")" -eq 2; }

stages <<-END
	!network               client, server, two firewalls, a switch
	active_time            the time for which a unit is active is counted in seconds
	detection              a silent peer is lost after the hold time, to the microsecond
	short_cut              control: a cut that is shorter is none
	long_cut               the link cut for a minute: no flow waits; then the loss takes as long
	long_cut_healed        and when the link is back it is a pair again
	no_outage              control: without a takeover no flow waits
	outage                 loss of the active: UDP and ICMP wait for the takeover, no longer
	short_outage           with a hold time of 30 ms no flow waits for more than 60
	switchover             a switchover: UDP and ICMP wait two milliseconds at most
	announcements          addresses are announced 0, 100, 500 and 2,000 ms after it
	pool_announcements     so are those of NAT, proxies and local routes
	many_announcements     a thousand of them, within five milliseconds
	!lives                 a pair with entries that live $udp_life s and five days
	control_expires        control: an entry that is not replicated expires to the jiffy
	held_for_days          replicated ones are held for $days days
	expire_after_takeover  after a takeover they live as long as they should, to the jiffy
	deleted_at_once        control: a deletion is replicated at once
	frozen                 not when an interface went down: a minute later
	frozen_in_queue        nor what was in the queue then
	long_link              a round trip of 0.8 s is a way like others, only longer
	strict_again           window checks are back a minute after a takeover
	kernel_is_clean        the kernel log is clean
END

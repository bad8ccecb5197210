#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything comes and goes at once: connections of all kinds through NAT, what FTP
# announces, neighbours, ESP tunnels whose SAs are made anew, user objects, elements
# of sets, routes. Meanwhile the links lose, double, overtake, damage frames and are
# cut, the role is given to and fro, and a unit is lost and comes back. Then it
# stops, and the tables of both units are compared, class by class. They are equal,
# or a counter has counted what differs. With the classes off each differs.
#
# MINUTES=N goes on for so long (1), with a comparison after each part of a minute.
# SEED decides what comes and goes.
#
# Topology: lib.sh, "rep" beside "fail", and the tunnels of ipsec.bash.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$here/helpers.bash"
. "$here/ipsec.bash"
. "$here/netem.bash"
. "$here/tables.bash"

minutes=${MINUTES:-1}
RANDOM=${SEED:-1}
hold_ms=5000
look_ms=300

link_devs=(fail rep)
lines=("failover link STATE-LINK rep"
	"failover interface ip STATE-LINK 169.254.99.5/30 standby 169.254.99.6"
	"failover replication ipsec keys"
	"failover replication nft-set inet churn users"
	"failover replication nft-set inet churn seen"
	"failover replication route static")
off=("${lines[@]:0:2}"
	"no failover replication expectations"
	"no failover replication neighbours"
	"no failover replication objects"
	"no failover replication ipsec")

# Which unit has which role now.
active=$fw1 standby=$fw2
declare -A unit=([$fw1]=primary [$fw2]=secondary) net=([$fw1]=198.51.100 [$fw2]=198.51.101)
declare -A host_mac=()

exec 3>&1
figure() { echo "# $*" >&3; }

### the network ###############################################################

link_up() {
	wire fail
	wire rep
}

# dress NS: a firewall, with what this test needs besides. What is short here is to
# go as well as to come; what is held is used again within its time. Neighbours that are
# not used the kernel forgets, when it has many, on each unit in its own time: not here.
dress() {
	in_ns "$1" nft -f - <<-NFT
		table inet churn {
			ct helper ftp-standard { type "ftp" protocol tcp; }
			set users { type ipv4_addr; flags timeout; }
			set seen {
				type ipv4_addr . inet_service
				flags timeout, dynamic
				timeout 1m
			}
			chain pre {
				type filter hook prerouting priority filter
				tcp dport 21 ct helper set "ftp-standard"
			}
			chain forward {
				type filter hook forward priority -5
				iifname in udp dport 5007 add @seen { ip saddr . udp sport }
			}
		}
	NFT
	routes "$1"
	sysctls "$1" net.netfilter.nf_conntrack_udp_timeout=8 \
		net.netfilter.nf_conntrack_tcp_timeout_time_wait=8 \
		net.netfilter.nf_conntrack_icmp_timeout=8 \
		net.netfilter.nf_conntrack_icmpv6_timeout=8 \
		net.ipv{4,6}.neigh.{in,out}.gc_stale_time=3600
}

network() {
	helper_modules ftp
	network_up
	dress "$fw1"
	dress "$fw2"
	for ns in "$client" "$server"; do
		sysctls "$ns" net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
	done
	# a host of several addresses answers for each with its own MAC
	sysctls "$client" net.ipv4.conf.all.arp_ignore=1
	ends_at_server | ips "$server"
	ftp_server
	play echo "$server" server 5000
	play echo7 "$server" server 5007
	play echo-in "$client" server 5000
}

pair() {
	pair_up "$@"
	active=$fw1 standby=$fw2
	ends_at_pair | ips "$active"
}

### what stays ################################################################

held=(tcp=20 tcp6=20 udp=20 udp6=20 flow1=10 flow2=10 flow3=10)

stays_on() {
	play tcp "$client" tcp "$out4" 5000 20
	play tcp6 "$client" tcp "$out6" 5000 20
	play udp "$client" udp "$out4" 5000 20
	play udp6 "$client" udp "$out6" 5000 20
	for it in tcp tcp6 udp udp6; do opened "$it" 20; done
	flows_on
	# datagrams are a stream, with its timeout, after two seconds
	nap 3
	all_go_on "${held[@]}"
	object_put stays 1 here
	echo "route replace 198.51.102.0/24 via $server4 proto static" | ips "$active"
	in_ns "$active" nft add element inet churn users "{ 10.99.0.1 timeout 1h }"
}

### what comes and goes #######################################################

# NAME NS ARGUMENTS: of churn, for ever; so many a second
players="
short-tcp    $client  tcp $out4 5000 0 10
short-plain  $client  tcp 203.0.113.11 5000 0 5
short-udp6   $client  udp $out6 5000 0 10
short-tcp6   $client  tcp $out6 5000 0 5
short-zone   $client  udp $out4 5007 0 5
short-dnat   $server  tcp $gate4 8080 0 5
"
names=()
declare -A total=()

churn_on() {
	local who ns words
	names=()
	while read -r who ns words; do
		[ -n "$who" ] || continue
		names+=("$who")
		# shellcheck disable=SC2086 # words
		play "$who" "$ns" churn $words
	done <<<"$players"
	ftp_on
}

# churn_off: it stands still, with what FTP has announced.
churn_off() {
	local who found
	for who in "${names[@]}"; do
		tell "$who" stop
		value_of fail
		failed=$((failed + found))
		value_of ok
		add_to connections "$found"
		stop "$who"
	done
	wait_for 20 announced
}
value_of() { find_value "$1" "$heard"; }
add_to() { total[$1]=$((${total[$1]-0} + $2)); }

# Sessions of FTP: a process, which stands still in a comparison.
ftp_on() {
	if [ -z "${sessions-}" ]; then
		ip netns exec "$client" "$here/ftp_churn.py" 4 "$RANDOM" files/file $((30 * slow)) \
			"$out4" "$out6" >"$tmp/sessions" 2>"$tmp/sessions.log" &
		sessions=$!
		pids+=($!)
		wait_for 20 grep -q ready "$tmp/sessions.log"
	fi
	kill -CONT "$sessions"
}
announced() {
	kill -STOP "$sessions"
	is "expected" "$(expected "$active" | wc -l)" -ge 1 && return
	kill -CONT "$sessions"
	return 1
}
ftp_off() {
	kill -CONT "$sessions"
	kill -TERM "$sessions"
	wait "$sessions"
	figure "FTP: $(<"$tmp/sessions")"
	sessions=
}

object_put() { in_ns "$active" failover object put "$@"; }

# Some of each, once a second.
step() {
	local i=$((RANDOM % 10))
	new_host "$i"
	in_ns "$client" ping -q -c 1 -W 1 "$out4" || :
	in_ns "$client" ping -q -c 1 -W 1 "$out6" || :
	some_objects
	some_elements
	some_routes
	rounds $((30000 * slow)) flow1 flow2 flow3
	steps=$((steps + 1))
	[ $((steps % 4)) != 0 ] || rekey
	[ $((steps % 2)) != 0 ] || short_sa
	nap 0.9
}

# new_host N: one with the address that another one had before.
new_host() {
	local dev=mv$1
	host_mac[$1]=$(printf 02:00:00:00:%02x:%02x $((RANDOM % 256)) $((100 + $1)))
	[ ! "${used[$dev]-}" ] || ip -n "$client" link del "$dev"
	used[$dev]=1
	ips "$client" <<-END
		link add $dev link eth0 address ${host_mac[$1]} type macvlan mode bridge
		link set $dev up
		addr add 10.10.0.$((100 + $1))/24 dev $dev
		addr add fd00:10::$((100 + $1))/64 dev $dev nodad
	END
	in_ns "$client" ping -q -c 1 -W 1 -I "$dev" 10.10.0.254 || :
	in_ns "$client" ping -q -c 1 -W 1 -I "$dev" fd00:10::254 || :
}
declare -A used=()

some_objects() {
	object_put churn "$((RANDOM % 50))" "$RANDOM"
	object_put brief "$((RANDOM % 50))" "$RANDOM" lifetime $((1 + RANDOM % 30))
	in_ns "$active" failover object delete churn "$((RANDOM % 50))" || :
}

some_elements() {
	local brief=$((2 + RANDOM % 20))
	in_ns "$active" nft -f - <<-NFT
		add element inet churn users { 10.99.1.$((RANDOM % 100)) timeout 1h }
		add element inet churn users { 10.99.2.$((RANDOM % 100)) timeout ${brief}s }
	NFT
	in_ns "$active" nft delete element inet churn users "{ 10.99.1.$((RANDOM % 100)) }" || :
}

# The units' own routes are different ones: those of the other one stay.
some_routes() {
	local n=$((RANDOM % 20))
	if [ $((RANDOM % 3)) = 0 ]; then
		ip -n "$active" route del "${net[$active]}.$n/32" proto static || :
	else
		ip -n "$active" route replace "${net[$active]}.$n/32" via "$server4" proto static
	fi
}

# New SAs for old ones, while packets go. The SPIs are in hexadecimal.
rekey() {
	local old_first=$first old_second=$second n
	spis=$((spis + 1))
	first=1$spis second=2$spis
	states "$first" "$second" | ips "$server"
	states "$first" "$second" | ips "$active"
	for n in "${tunnels[@]}"; do
		echo "xfrm state delete src $(near "$n") dst $(far "$n") proto esp spi 0x${old_first}00$n"
		echo "xfrm state delete src $(far "$n") dst $(near "$n") proto esp spi 0x${old_second}00$n"
	done >"$tmp/old"
	ips "$active" <"$tmp/old"
	ips "$server" <"$tmp/old"
	add_to SAs 6
}
spis=100 steps=0 failed=0

# To nobody, and soon over.
short_sa() {
	spis=$((spis + 1))
	sa "$gate4" 198.51.100.1 "3$spis" 1 reqid 77 limit time-hard $((3 + RANDOM % 20)) | ips "$active"
	add_to SAs 1
}

churn_for() { # SECONDS
	local end now
	now_ms now
	end=$((now + $1 * 1000))
	while now_ms now; [ "$now" -lt "$end" ]; do step; done
}

### what goes wrong ###########################################################

# disturbed SECONDS NETEM...
disturbed() {
	netem "${@:2}"
	churn_for "$1"
	sound
}

# Both links, for less than the hold time.
blink() {
	local dev
	for dev in fail rep; do ip -n "$active" link set "$dev" down; done
	nap 1.5
	for dev in fail rep; do ip -n "$active" link set "$dev" up; done
	churn_for 2
}

state_link_cut() {
	ip -n "$standby" link set rep down
	churn_for 4
	ip -n "$standby" link set rep up
	churn_for 1
}

resync() {
	netem loss 10%
	in_ns "$active" failover resync
	churn_for 3
	sound
}

swap() {
	local old=$active
	# a daemon tells of SAs when it has seen them; what it did not see is lost with the role
	wait_for 20 same sas
	give_role "$active" "$standby"
	active=$standby standby=$old
}

lose() {
	local old=$active
	wait_for 30 state_is "$standby" "Standby Ready"
	wait_for 20 same sas
	note "$active"
	unit_lost "$active"
	wait_for 20 state_is "$standby" Active
	active=$standby standby=$old
	churn_for 3
	fw_up "$standby"
	link_up
	dress "$standby"
	unit_up "$standby" "${unit[$standby]}" "${lines[@]}"
}

### comparison ################################################################

# CLASS, and the counters that tell of what the units do not have alike
of_ct="ct-insert-refused ct-table-full ct-nat-differs ct-no-slot ct-extension-refused
	ct-no-master ct-no-helper ct-no-tracker"
classes="
entries      ${of_ct//[[:space:]]/ }
conntrack    ${of_ct//[[:space:]]/ }
expected     expect-unnamed expect-omitted expect-no-master expect-refused
neighbours   neighbours-no-interface neighbours-refused neighbours-displaced
sas          ipsec-no-memory objects-refused-full objects-refused-no-memory
objects      objects-refused-full objects-refused-no-memory
elements     objects-refused-full objects-refused-no-memory
static       objects-refused-full objects-refused-no-memory
"

same() {
	is "lines that differ, of $1" "$(differ "$1")" -eq 0 && return
	head -n 20 "$tmp/$1.differ"
	return 1
}

explained() { # CLASS COUNTER...
	local n counted
	n=$(wc -l <"$tmp/$1.differ")
	counted=$(sums "^($(tr -s ' ' '|' <<<"${*:2}"))\$")
	figure "$1: $n lines differ, and $counted are counted"
	is "not counted, of $1" $((n - counted)) -le 0 && return
	echo "< $active"
	echo "> $standby"
	head -n 40 "$tmp/$1.differ"
	return 1
}
sums() { echo $(($(sum "$fw1" "$1") + $(sum "$fw2" "$1"))); }

# compared: all classes are what they are on the other unit.
compared() {
	local class counters found=() bad=
	churn_off
	wait_for 60 state_is "$active" Active
	wait_for 60 state_is "$standby" "Standby Ready"
	all_go_on "${held[@]}"
	in_step "$active" "$standby"
	while read -r class counters; do
		[ -n "$class" ] || continue
		# shellcheck disable=SC2086 # words
		wait_for 30 same "$class" || explained "$class" $counters || bad+=" $class"
		found+=("$class=$(wc -l <"$tmp/$class.active")")
		is "of $class" "$(wc -l <"$tmp/$class.active")" -ge 1
	done <<<"$classes"
	wait_for 20 in_step_with "$active" "$standby"
	figure "$1: ${found[*]}"
	is "classes that differ" "$bad" ""
}

# note NS: what it has counted in its time.
noted='tx-frames tx-retransmits rx-duplicate rx-out-of-order rx-bad-seal bulk-syncs associations'
rows=("TCP conn" "UDP conn" "ICMP session" "Expectations" "ARP tbl" "IPv6 ND tbl" "User objects"
	"VPN IPSEC upd")
note() {
	local it
	for it in $noted; do add_to "$it" "$(counter "$1" "$it")"; done
	for it in "${rows[@]}"; do
		add_to "$it" "$(show "$1" ".classes[] | select(.name == \"$it\") | .xmit")"
	done
}

### stages ####################################################################

opened_all() {
	pair "${lines[@]}"
	stays_on
	churn_on
	churn_for 3
	compared "before"
}

minute() {
	failed=0
	churn_on
	disturbed 4 loss 20%
	disturbed 4 duplicate 30%
	disturbed 4 delay 3ms 1ms reorder 25% 50%
	disturbed 4 corrupt 5%
	blink
	state_link_cut
	resync
	compared "minute $1, links"
	churn_on
	disturbed 5 loss 10%
	swap
	disturbed 5 loss 10% duplicate 10%
	compared "minute $1, the role there"
	churn_on
	churn_for 4
	swap
	churn_for 4
	compared "minute $1, and back"
	is "connections that failed" "$failed" -eq 0
	churn_on
	churn_for 3
	lose
	netem loss 10%
	churn_for 8
	sound
	compared "minute $1, a unit was lost"
	figure "failed with it: $failed"
}

churned() {
	local i
	for ((i = 1; i <= minutes; i++)); do minute "$i"; done
}

# Frames were lost, and all that comes and goes did so.
worked() {
	local it
	ftp_off
	note "$fw1"
	note "$fw2"
	total[lost]=$frames_lost
	for it in connections SAs lost $noted "${rows[@]}"; do
		figure "$it: ${total[$it]-0}"
		is "$it" "${total[$it]-0}" -ge 1
	done
}

# With the classes off, and then all of them, each comparison finds what is missing.
control() {
	local class ns
	stop tcp tcp6 udp udp6
	flows_off
	fresh_firewalls
	fresh_server
	dress "$fw1"
	dress "$fw2"
	pair "${off[@]}"
	stays_on
	some_churn
	wait_for 30 same entries
	for class in expected neighbours sas objects elements static; do differs "$class"; done
	for ns in "$fw1" "$fw2"; do in_ns "$ns" failover no replication connections; done
	some_churn
	for class in entries conntrack; do differs "$class"; done
}
some_churn() {
	churn_on
	churn_for 3
	churn_off
	in_step "$active" "$standby"
}
differs() {
	is "lines that differ, of $1" "$(differ "$1")" -ge 1
	figure "control: $1: $(wc -l <"$tmp/$1.differ") lines differ"
}

stages <<-END
	!network          hosts, two firewalls, two links, tunnels, a server of FTP
	!opened_all       the pair; something of each class
	!churned          $minutes minutes of churn: what both units have is the same
	worked            frames were lost, and something of each class came and went
	control           control: what is not replicated is found by the comparison
	kernel_is_clean   the kernel log is clean
END

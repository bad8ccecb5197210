#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What conntrack(8) does and says about the same three connections through NAT:
# -L, -C, -G, -I, -U, -D, -F, -S. In the style of the kernel's tests, because it
# runs as one of them; each line of its output is a result of its own.
# shellcheck disable=SC2154,SC2317 # setup_ns makes c, r, s; its lib.sh calls back
# shellcheck source=/dev/null
source lib.sh

checktool "conntrack --version" "run test without conntrack"
checktool "nft --version" "run test without nft"
checktool "socat -h" "run test without socat"

ret=0

cleanup() {
	local ns
	for ns in "$c" "$s"; do
		ip netns pids "$ns" | xargs -r kill 2>/dev/null
	done
	cleanup_all_ns
}

# ct ARGUMENTS...: the command on the router; its output in order, without what
# changes from run to run, and without the references to a connection, of which
# a unit that replicates it has one.
ct() {
	local out rc=0
	out=$(ip netns exec "$r" conntrack "$@" 2>&1) || rc=$?
	echo "ok $rc: conntrack $*"
	sed -E 's/^conntrack v[0-9.]+/conntrack/; s/ use=[0-9]+//; s/^(.*[a-z]+ +[0-9]+) [0-9]+ /\1 /
		s/^/ok   /' <<<"$out" | sort
}

# check WHAT GOT WANT
check() {
	if [ "$2" = "$3" ]; then
		echo "PASS: $1: $2"
	else
		echo "FAIL: $1: $2, expected $3"
		ret=1
	fi
}

count() { ip netns exec "$r" conntrack -C; }
listed() { ip netns exec "$r" conntrack -L "$@" 2>/dev/null | wc -l; }
has() { [ "$(listed "$@")" -gt 0 ]; }

network() {
	setup_ns c r s
	ip link add eth0 netns "$c" type veth peer name in netns "$r"
	ip link add eth0 netns "$s" type veth peer name out netns "$r"
	ip -n "$c" addr add 10.0.1.2/24 dev eth0
	ip -n "$s" addr add 10.0.2.2/24 dev eth0
	ip -n "$r" addr add 10.0.1.1/24 dev in
	ip -n "$r" addr add 10.0.2.1/24 dev out
	ip -n "$c" link set eth0 up
	ip -n "$s" link set eth0 up
	ip -n "$r" link set in up
	ip -n "$r" link set out up
	ip -n "$c" route add default via 10.0.1.1
	ip netns exec "$r" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=1
	ip netns exec "$r" nft -f - <<-NFT
		table ip nat {
			chain post {
				type nat hook postrouting priority srcnat;
				oifname "out" masquerade
			}
		}
	NFT
	ip netns exec "$s" socat UDP-LISTEN:5000,fork PIPE &
	ip netns exec "$s" socat TCP-LISTEN:5000,fork PIPE &
	busywait "$BUSYWAIT_TIMEOUT" listening -lnu
	busywait "$BUSYWAIT_TIMEOUT" listening -lnt
}
listening() { ss -N "$s" "$1" -o "sport = :5000" | grep -q 5000; }

traffic() {
	ip netns exec "$c" ping -q -c 1 -e 77 10.0.2.2 >/dev/null
	echo hello | ip netns exec "$c" socat -t 0.1 - UDP:10.0.2.2:5000,sourceport=4001 >/dev/null
	sleep 100 | ip netns exec "$c" socat - TCP:10.0.2.2:5000,sourceport=4002 >/dev/null &
	busywait "$BUSYWAIT_TIMEOUT" has -p tcp --state ESTABLISHED --status ASSURED
}

reading() {
	ct -L
	ct -L -p udp -o extended
	ct -L --src-nat
	ct -L -p tcp --state ESTABLISHED
	ct -L expect
	ct -L dying
	ct -G -p tcp -s 10.0.1.2 -d 10.0.2.2 --sport 4002 --dport 5000
	check "connections" "$(count)" 3
}

changing() {
	ct -U -p udp -s 10.0.1.2 --mark 7
	check "with the mark" "$(listed --mark 7)" 1
	ct -U -p tcp --orig-port-src 4002 --timeout 1000
	ct -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2 \
		--state ESTABLISHED --timeout 300 -u SEEN_REPLY,ASSURED
	ct -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2 \
		--state ESTABLISHED --timeout 300
	check "connections with the made one" "$(count)" 4
	ct -L --mark 7
	ct -D -p tcp -s 192.0.2.1
	ct -D -p tcp -s 192.0.2.1
	ct -D -p udp
	check "connections after two were deleted" "$(count)" 2
}

# A connection that conntrack -F took away goes on: it is picked up.
flushing() {
	ct -F
	check "connections after the flush" "$(count)" 0
	ip netns exec "$c" ping -q -c 1 -e 78 10.0.2.2 >/dev/null
	check "connections after a ping" "$(count)" 1
}

# statistics: of the columns that count trouble the sum, of all their names.
statistics() {
	ip netns exec "$r" conntrack -S | tr -s '[:space:]' '\n' | awk -F= '
		NF == 2 { seen[$1] = 1; n[$1] += $2 }
		END {
			split("insert_failed drop early_drop error", bad, " ")
			for (i in bad) print "ok   " bad[i] "=" n[bad[i]]
			for (k in seen) if (k != "cpu") print "ok   column " k
		}' | sort
	check "kinds of trouble" "$(ip netns exec "$r" conntrack -S |
		grep -c 'insert_failed=0 drop=0 early_drop=0')" "$(nproc)"
}

trap cleanup EXIT
network
traffic
reading
changing
flushing
statistics
exit $ret

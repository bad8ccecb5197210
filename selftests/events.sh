#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Other listeners hear what they heard before: the same traffic gives the same
# sequence of conntrack events for each connection, without the module and on
# an active unit; and conntrackd, with a pair and a link of its own, counts all
# connections. Two runs without the module are compared first, so the
# comparison means something, and a lost event is shown to be found.
#
# Topology: lib.sh, and a veth "aux" between fw1 and fw2 for conntrackd.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

flows=20

network() {
	network_up
	by_hand "$fw1" active
	play echo "$server" server 5000
	# Warm: no connection is to wait for a neighbour.
	play first "$client" udp "$out4" 5000 1
	opened first 1
	stop first
}

# listening NS: something there has joined the groups of conntrack's events; the
# daemon is in another one of netfilter's netlink.
listening() {
	# shellcheck disable=SC2016 # awk
	in_ns "$1" awk '$2 == 12 && $4 ~ /7$/ { n++ } END { exit !n }' \
		/proc/net/netlink
}

# traffic_script: the same connections each time, one after the other.
traffic_script() {
	wait_for 90 ports_are_free
	play tcp "$client" tcp "$out4" 5000 "$flows" 20000
	play udp "$client" udp "$out4" 5000 "$flows" 20000
	play icmp "$client" icmp "$out4" 0 "$flows" 200
	for who in tcp udp icmp; do opened "$who" "$flows"; done
	# what UDP says after two seconds makes it ASSURED: in each run, then
	nap 3
	all_go_on tcp="$flows" udp="$flows" icmp="$flows"
	tell tcp close
	stop tcp udp icmp
	wait_for 10 all_closed
	in_ns "$fw1" conntrack -F 2>/dev/null
}
# None of the client's ports is in TIME_WAIT, from where it is not given again at once.
# shellcheck disable=SC2016 # awk
ports_are_free() { in_ns "$client" awk '$4 == "06" { exit 1 }' /proc/net/tcp; }
all_closed() {
	local n
	n=$(in_ns "$fw1" conntrack -L -p tcp --state TIME_WAIT 2>/dev/null | wc -l)
	is "in TIME_WAIT" "$n" -eq "$flows"
}

# record FILE: the events of one run.
record() {
	local pid
	in_ns "$fw1" conntrack -F 2>/dev/null
	ip netns exec "$fw1" conntrack -E -b 4194304 >"$tmp/$1.raw" 2>&1 &
	pid=$!
	pids+=("$pid")
	wait_for 10 listening "$fw1"
	traffic_script
	wait_for 20 all_destroyed "$1"
	ends "$pid"
	normalise <"$tmp/$1.raw" >"$tmp/$1"
	is "events" "$(wc -l <"$tmp/$1")" -ge $((flows * 8))
}
all_destroyed() {
	is "destroyed" "$(grep -c 'DESTROY.* src=10.10.0.10 ' "$tmp/$1.raw")" \
		-ge $((flows * 3))
}

# normalise: without timeouts and the random ports and ids of masquerading;
# the connections in order, the events of each as they came. Without CLOSE_WAIT:
# a server that closes within the time of a delayed ACK acknowledges the FIN in
# its own, and one on a busy machine before it; both are good order.
normalise() {
	grep ' src=10.10.0.10 ' | grep -v ' CLOSE_WAIT ' | awk '{
		event = $1; proto = $2; state = ""; key = proto
		for (i = 3; i <= NF; i++) {
			if ($i ~ /^(sport|dport|id|src|dst)=/) {
				# The reply tuple begins with the fifth, or
				# with ICMP the fourth of these.
				if (++n[NR] <= (proto ~ /icmp/ ? 3 : 4))
					key = key " " $i
				else if ($i ~ /^(src|dst)=/)
					state = state " " $i
			} else if ($i == "[USERSPACE]") {
				break	# who asked for it, this time
			} else if ($i !~ /^[0-9]+$/) {
				state = state " " $i
			}
		}
		print key "\t" ++seq[key] "\t" event state
	}' | sort -t "$(printf '\t')" -k1,1 -k2,2n
}

same() {
	diff -U 0 "$tmp/$1" "$tmp/$2" | head -n 40 | tee "$tmp/same"
	[ ! -s "$tmp/same" ]
}

without() { record without; }
without_again() {
	record again
	same without again
}

lost_event() {
	sed 30d "$tmp/without" >"$tmp/lost"
	fails same without lost
}

with() {
	pair_up
	record with
	same without with
	is "sent" "$(show "$fw1" '[.classes[].xmit] | add')" -ge $((flows * 3))
}

# daemon_conf OWN PEER: conntrackd in its reliable mode, on a link of its own.
daemon_conf() {
	cat <<-CONF
	Sync {
		Mode FTFW {
		}
		UDP {
			IPv4_address 10.99.0.$1
			IPv4_Destination_Address 10.99.0.$2
			Port 3780
			Interface aux
		}
	}
	General {
		HashSize 8192
		HashLimit 65536
		LogFile $tmp/conntrackd$1.log
		LockFile $tmp/conntrackd$1.lock
		UNIX {
			Path $tmp/conntrackd$1.ctl
		}
		NetlinkBufferSize 2097152
		NetlinkBufferSizeMaxGrowth 8388608
		Filter From Kernelspace {
			Protocol Accept {
				TCP
				UDP
				ICMP
			}
			Address Ignore {
				IPv4_address 127.0.0.1
				IPv4_address 10.99.0.1
				IPv4_address 10.99.0.2
			}
		}
	}
	CONF
}

# conntrackd_says N OPTION: what its control socket answers.
conntrackd_says() { conntrackd -C "$tmp/conntrackd$1.conf" "$2"; }

# knows N CACHE COUNT: connections in the internal or external cache.
knows() {
	local n
	n=$(conntrackd_says "$1" -s | awk -v c="$2" '
		index($0, "cache " c) == 1 { here = 1 }
		here && /current active connections/ { print $NF; exit }')
	is "$2 cache of conntrackd $1" "${n:-0}" -ge "$3"
}

conntrackd_beside() {
	local ns n=0
	command -v conntrackd >"$tmp/found" || return "$skipped"
	ip link add aux netns "$fw1" type veth peer name aux netns "$fw2"
	for ns in "$fw1" "$fw2"; do
		n=$((n + 1))
		ip -n "$ns" addr add "10.99.0.$n/30" dev aux
		ip -n "$ns" link set aux up
		daemon_conf "$n" $((3 - n)) >"$tmp/conntrackd$n.conf"
		ip netns exec "$ns" conntrackd -C "$tmp/conntrackd$n.conf" \
			</dev/null >"$tmp/conntrackd$n.out" 2>&1 &
		pids+=($!)
		wait_for 20 conntrackd_says "$n" -s
	done
	play tcp "$client" tcp "$out4" 5000 100
	opened tcp 100
	all_go_on tcp=100
	wait_for 20 knows 1 internal 100
	wait_for 20 knows 2 external 100
	state_is "$fw1" Active
	state_is "$fw2" "Standby Ready"
	wait_for 20 "$ctdiff" "$fw1" "$fw2" 10.99.0.1 10.99.0.2
}

stages <<-END
	!network            client, server, fw1 as a plain firewall
	!without            the events of some traffic, without a unit
	without_again       a second run gives the same
	lost_event          control: one event less is found
	with                on the active unit of a pair the events are the same
	conntrackd_beside   conntrackd runs beside us, and its own pair works
	kernel_is_clean     the kernel log is clean
END

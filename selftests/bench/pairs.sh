# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The systems under test, each a pair of firewalls on the topology of lib.sh,
# and how the processor time of each unit is told apart. Sourced by ./guest.
#
#   none              two plain firewalls, fw1 forwards
#   nf_failover       the module and its daemon
#   nf_failover-clear the same with "failover key none": what sealing costs
#   conntrackd        Debian's package, FTFW, DisableExternalCache On
#   conntrackd-cache  the same with the external cache, which is its default
#
# shellcheck disable=SC2154 # what lib.sh has

### processor time ############################################################

# A network device gets a kernel thread for what it receives, so that the
# scheduler accounts it to the unit it belongs to: the work for fw1 is that of
# its three devices' threads and of its daemons. That needs devices which are
# not segmenting, at the sending end, and GRO, at the receiving one.
declare -A cpu_pids

threads_of() { pgrep "^napi/$1-" | sort; }

# threaded NS IFNAME...
threaded() {
	local ns=$1 i
	shift
	for i; do
		in_ns "$ns" ethtool -K "$i" tso off gro on
		ip netns exec "$ns" sh -c "echo 1 >/sys/class/net/$i/threaded"
	done
}

# accounted NS IFNAME...: the same, and the threads are those of the unit.
accounted() {
	local ns=$1 i
	shift
	for i; do
		threads_of "$i" >"$tmp/threads"
		threaded "$ns" "$i"
		cpu_pids[$ns]+=" $(threads_of "$i" | comm -13 "$tmp/threads" -)"
	done
}

# link_first: what comes over the link does not wait behind clients, servers and
# the other unit: between two machines it would not.
link_first() {
	local ns pid
	for ns in "$fw1" "$fw2"; do
		for pid in ${cpu_pids[$ns]}; do
			grep -q ^napi/fail- "/proc/$pid/comm" || continue
			chrt -f -p 50 "$pid"
		done
	done
}

# cpu NS: nanoseconds so far.
cpu() {
	local pid ns sum=0
	for pid in ${cpu_pids[$1]} ${daemon[$1]-}; do
		read -r ns _ <"/proc/$pid/schedstat"
		sum=$((sum + ns))
	done
	echo "$sum"
}

# cpu_workers: of the kernel's unbound worker threads and of ksoftirqd, which
# belong to no namespace. The walk of a bulk sync is there; the connection
# table's garbage collector is not.
cpu_workers() {
	local pid ns _ sum=0
	for pid in $(pgrep '^(kworker/u|ksoftirqd/)'); do
		read -r ns _ <"/proc/$pid/schedstat" || continue
		sum=$((sum + ns))
	done
	echo "$sum"
}

### pairs #####################################################################

networks_up() {
	conntrack_max
	switch_up
	hosts_up
	threaded "$client" eth0
	threaded "$server" eth0
	threaded "$sw" client-eth0 server-eth0
	play echo "$server" server 5000
}

pair_fresh() {
	local ns
	cpu_pids[$fw1]='' cpu_pids[$fw2]=''
	fresh_firewalls
	for ns in "$fw1" "$fw2"; do
		threaded "$sw" "${ns%%-*}-in" "${ns%%-*}-out"
		accounted "$ns" in out fail
	done
	for ns in "$client" "$server"; do ip -n "$ns" neigh flush all; done
	for ns in "$fw1" "$fw2"; do wait_for 20 carrier "$ns"; done
	# The namespaces of the pair before are taken down by workers.
	wait_for 60 workers_idle
}

carrier() { ip -n "$1" -br link show fail | grep ' UP '; }

workers_idle() {
	local before
	before=$(cpu_workers)
	nap 1
	is "work of a second" $(($(cpu_workers) - before)) -le 2000000
}

# up: a new pair of $system, fw1 active, and no connection but to warm it.
up() {
	pair_fresh
	start "$fw1" active
	start "$fw2" standby
	in_pair
	warm
}

down() {
	daemon_down "$fw1"
	daemon_down "$fw2"
}

# No measured connection is to wait for a neighbour or a module.
warm() {
	play first "$client" churn udp "$out4" 5000 4 0 1
	hear first 30
	heard_is fail -eq 0
	stop first
	play first "$client" churn tcp "$out4" 5000 4 0 1
	hear first 30
	heard_is fail -eq 0
	stop first
}

# start NS active|standby: a unit of $system.
start() {
	case $system in
	nf_failover) unit_up "$1" "${unit_of[$2]}" ;;
	nf_failover-clear) link_key=none unit_up "$1" "${unit_of[$2]}" ;;
	*) by_hand "$1" "$2" ;;&
	conntrackd*) conntrackd_up "$1" ;;
	esac
}
ours() { [ "${system%-clear}" = nf_failover ]; }
declare -A unit_of=([active]=primary [standby]=secondary)

# in_pair: both are what they are to be.
in_pair() {
	ours || return 0
	wait_for 60 state_is "$fw1" Active
	wait_for 600 state_is "$fw2" "Standby Ready"
}

# conntrackd_conf OWN PEER OPTION: the package's example, but for the addresses,
# UDP and ICMP too, the filter in the kernel, which is cheaper, and limits that
# hold what is loaded here. It is a realtime process by default, and is one here,
# but not before the clock of ./bulk.sh.
conntrackd_conf() {
	cat <<-CONF
	Sync {
		Mode FTFW {
			$3
		}
		UDP {
			IPv4_address 10.99.0.$1
			IPv4_Destination_Address 10.99.0.$2
			Port 3780
			Interface fail
			SndSocketBuffer 1249280
			RcvSocketBuffer 1249280
			Checksum on
		}
	}
	General {
		Scheduler {
			Type RR
			Priority 50
		}
		HashSize 262144
		HashLimit 2097152
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

declare -A conntrackd_number=([$fw1]=1 [$fw2]=2)

# conntrackd_up NS
conntrackd_up() {
	local n=${conntrackd_number[$1]} option="DisableExternalCache On"
	[ "$system" = conntrackd ] || option=
	ip -n "$1" addr add "10.99.0.$n/30" dev fail
	# The one before was killed.
	rm -f "$tmp/conntrackd$n".{lock,ctl}
	conntrackd_conf "$n" $((3 - n)) "$option" >"$tmp/conntrackd$n.conf"
	ip netns exec "$1" conntrackd -C "$tmp/conntrackd$n.conf" \
		</dev/null >"$tmp/conntrackd$n.out" 2>&1 &
	daemon[$1]=$!
	pids+=($!)
	wait_for 60 ask_conntrackd "$n" -s
}

# ask_conntrackd UNIT-NUMBER OPTION...: what its control socket answers.
ask_conntrackd() { conntrackd -C "$tmp/conntrackd$1.conf" "${@:2}"; }

# in_cache UNIT-NUMBER internal|external: connections.
in_cache() {
	ask_conntrackd "$1" -s | awk -v c="cache $2" '
		/^cache / { here = index($0, c) == 1 }
		here && /current active connections/ { print $NF; exit }'
}

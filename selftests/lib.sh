# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the kselftests share: the topology, the players, the stages. Sourced.
#
#    client            10.10.0.10         203.0.113.10           server
#  fd00:10::10     ______|______           ______|______    2001:db8:203::10
#                 |  br-in (sw) |         | br-out (sw) |
#                 |_____________|         |_____________|
#                   |         |             |         |
#                 in|         |in        out|         |out
#                 __|_________|_____________|__     __|__
#                |  fw1     in|.254/.253  out|.2/.3  fw2 |
#                |____________|______________|___________|
#                      fail |________________| fail
#                 169.254.99.1                169.254.99.2
#
# (fw1 and fw2 have the same three interfaces: in, out, fail.) The active unit
# holds .254 inside and .2 outside, the standby .253 and .3; likewise in IPv6
# fd00:10::254/::253 and 2001:db8:203::2/::3.
#
# A script defines one function per claim and ends with
#	stages <<-END
#		function   what it shows
#	END
# which prints TAP; after a "!function" that fails only kernel_is_clean is still
# tried. In these functions every command must succeed: the first
# one that fails ends the function, and its text becomes the diagnosis. What
# they print is shown only then.

# shellcheck disable=SC2034 # most names are for the scripts that source this

set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/.." && pwd)
name=$(basename "$0" .sh)
tag=$$
export LC_ALL=C PATH=${TOOLS:-$top/tools}:/usr/sbin:/sbin:$PATH

[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP not root"; exit 4; }

tmp=$(mktemp -d "${TMPDIR:-/tmp}/fo-$name.XXXXXX")
traffic=${TRAFFIC:-$here/out/traffic}
frames=${FRAMES:-$here/out/frames}
ctdiff=${CTDIFF:-$here/out/ctdiff}
# What is asked for the state all the time: where the tools have checkers, one
# that has none.
asker=${ASKER:-failover}
ethertype=0x88b5
# The builtin that starts programs: the most of a test's time goes into copies
# of the shell.
enable -f "${SPAWN:-$here/out/spawn.so}" spawn || exit 1

# The server as its clients see it.
out4=203.0.113.10 out6=2001:db8:203::10

client=client-$tag server=server-$tag sw=sw-$tag fw1=fw1-$tag fw2=fw2-$tag
declare -A peer=([$fw1]=$fw2 [$fw2]=$fw1)

# How much longer a slow machine may take; deadlines and the hold time, never a
# pause.
slow=${SLOW:-1}
# How much less of everything is enough there; see some().
shrink=${SHRINK:-1}
# Milliseconds between the first two looks of wait_for.
look_ms=50

### small words ###############################################################

# Each line of standard input becomes a TAP diagnosis.
diag() { sed 's/^/# /'; }

# some N: so many, where the number is to be great but is no claim; fewer on a
# machine on which that would take too long, but ten in any case.
some() { echo $(($1 / shrink < 10 ? 10 : $1 / shrink)); }

# now_ms [VARIABLE]: sets it, or prints.
now_ms() {
	local t=$((${EPOCHREALTIME/[.,]/} / 1000))
	if [ $# = 0 ]; then echo "$t"; else printf -v "$1" %s "$t"; fi
}

# A pause without a process; used by wait_for only.
nap() { read -r -t "$1" <>"$tmp/nap" || :; }

# wait_for SECONDS COMMAND...: polls until COMMAND succeeds, the less often the
# longer it has taken: what is asked costs the kernel time that it needs itself.
wait_for() {
	local begun now pause end
	now_ms begun
	end=$((begun + $1 * 1000 * slow))
	shift
	until "$@" >"$tmp/poll" 2>&1; do
		now_ms now
		if [ "$now" -ge "$end" ]; then
			echo "not in time: $*"
			cat "$tmp/poll"
			return 1
		fi
		pause=$((look_ms + (now - begun) / 16))
		printf -v pause %d.%03d $((pause / 1000)) $((pause % 1000))
		nap "$pause"
	done
}

# fails COMMAND...: the command must not succeed.
fails() {
	if "$@" >"$tmp/fails" 2>&1; then
		echo "succeeded, but must fail: $*"
		cat "$tmp/fails"
		return 1
	fi
	return 0
}

# is WHAT GOT [OP] WANT: compares, numbers with -eq and its like.
is() {
	local op='='
	[ $# -eq 4 ] && { op=$3; set -- "$1" "$2" "$4"; }
	# shellcheck disable=SC1072,SC1073 # the operator is an argument
	if test "$2" "$op" "$3"; then return 0; fi
	echo "$1: is \"$2\", want $op \"$3\""
	return 1
}

# value KEY TEXT: of a line of words KEY=VALUE.
value() {
	local found
	find_value "$@" && echo "$found"
}

# find_value KEY TEXT: into $found.
find_value() {
	local w
	found=
	for w in $2; do
		[ "${w%%=*}" = "$1" ] && { found=${w#*=}; return; }
	done
	return 1
}

# in_ns NS COMMAND...: in its network. Not for the background: the process would
# be a shell, not the command.
in_ns() { spawn -n "$@"; }

# ip: its own -n makes a new view of all file systems before it begins. In a
# subshell, netns exec is the last thing, and is that process: a daemon.
ip() {
	case ${1-} in
	-n) spawn -n "$2" ip "${@:3}" ;;
	netns)
		[ "$2" != exec ] || [ "$BASHPID" = $$ ] || exec ip "$@"
		spawn ip "$@"
		;;
	*) spawn ip "$@" ;;
	esac
}

# tool_file NAME: the file of a tool, not the script that starts it under memcheck.
tool_file() {
	local dir
	dir=$(dirname "$(type -P "$1")")
	[ ! -e "$dir/bin/$1" ] || dir+=/bin
	echo "$dir/$1"
}

# ips NS: iproute2's commands for NS on standard input; none for here.
ips() { ip ${1:+-n "$1"} -batch -; }

sysctls() {
	local ns=$1
	shift
	in_ns "$ns" sysctl -qw "$@"
}

### stages ####################################################################

skipped=4	# a stage returns this to be skipped; its last line says why

# on_error COMMAND: the innermost command that failed, and who called it.
on_error() {
	[ -s "$tmp/where" ] && return
	local i chain=
	for ((i = 1; i < ${#FUNCNAME[@]} - 3; i++)); do
		chain="${FUNCNAME[i]}:${BASH_LINENO[i - 1]} $chain"
	done
	echo "failed: $1 (in ${chain% })" >"$tmp/where"
}

# run_stage FUNCTION: with ERR as the judge of each command in it. A call of
# this in a condition would switch that off.
run_stage() {
	: >"$tmp/where"
	set -E
	trap 'on_error "$BASH_COMMAND"
		[ "${FUNCNAME[0]-}" = run_stage ] || return 1 2>/dev/null' ERR
	"$1"
	set -- $?
	trap - ERR
	set +E
	return "$1"
}

# stages: the table of the script, on standard input; runs it and exits.
stages() {
	local fn what number=0 bad=0 rc broken='' t0 now table=()
	mapfile -t table
	echo "1..${#table[@]}"
	for what in "${table[@]}"; do
		read -r fn what <<<"$what"
		number=$((number + 1))
		if [ -n "$broken" ] && [ "$fn" != kernel_is_clean ]; then
			echo "not ok $number - $what # not run: $broken failed"
			continue
		fi
		now_ms t0
		running="$number - $what"
		run_stage "${fn#!}" >"$tmp/log" 2>&1
		rc=$?
		running=
		now_ms now
		stage_result "$rc" "$number - $what" $((now - t0)) && continue
		bad=1
		[ "$fn" = "${fn#!}" ] || broken=${fn#!}
	done
	exit "$bad"
}

stage_result() {
	if [ "$1" = 0 ]; then
		echo "ok $2 # time=$3ms"
		return 0
	fi
	if [ "$1" = "$skipped" ] && [ -z "${EXPECT_ALL_FEATURES-}" ]; then
		echo "ok $2 # SKIP $(tail -n 1 "$tmp/log")"
		return 0
	fi
	echo "not ok $2 # time=$3ms"
	# the last words say why; a summary shows but the first lines
	{ cat "$tmp/where"; tail -n 3 "$tmp/log"; echo "--- all it said"
		tail -n 60 "$tmp/log"; } | diag
	[ -n "${dumped-}" ] || dump | diag
	dumped=1
	return 1
}

# Both units as they are, at the first failure.
dump() {
	local ns
	for ns in "$fw1" "$fw2"; do
		ip netns pids "$ns" >/dev/null 2>&1 || continue
		echo "--- $ns: failover show"
		in_ns "$ns" failover show 2>&1 | head -n 80
		echo "--- $ns: $(in_ns "$ns" conntrack -C 2>&1) connections"
		in_ns "$ns" ip -br addr show up 2>&1
		tail -n 15 "$tmp/$ns.log" 2>/dev/null
	done
	echo "--- kernel log"
	dmesg | sed "1,/$marker/d" | grep -vE 'entered [a-z]+ (state|mode)' |
		tail -n 30
}

### what is left behind #######################################################

pids=()
marker=nf_failover-$name-$tag

# A command or daemon with a checker in it has to come to its end, where what
# leaked is told; it ends well when it is terminated. Not one that was stopped:
# that must not act.
tells_leaks() {
	[ -n "${REPORTS-}" ] &&
		grep -qsE '^(failover|memcheck)' "/proc/$1/comm" &&
		fails stands_still "$1"
}
stands_still() { grep -qs '^State:.T' "/proc/$1/status"; }

# freeze PID: it stands still when this returns.
freeze() {
	kill -STOP "$1"
	wait_for 20 stands_still "$1"
}

# ends PID...: ends processes that this script started, and waits for them.
ends() {
	local p
	for p; do
		# it may be gone already
		if tells_leaks "$p"; then
			kill -TERM "$p" 2>/dev/null || :
			wait "$p" || :
		fi
		kill -KILL "$p" 2>/dev/null || :
		wait "$p" 2>/dev/null || :
	done
}

# own_stdout: back from the log of a stage to what this script was started with,
# which the shell keeps; a copy of ours would be open in each process that it
# starts, and who reads would wait for the last of them.
stdout=$(readlink /proc/$$/fd/1)
own_stdout() {
	local fd
	for fd in "/proc/$$/fd/"*; do
		[ "$(readlink "$fd")" = "$stdout" ] || continue
		exec >>"$fd"
		return
	done
}

cleanup() {
	trap - ERR
	local ns
	# The shell itself gave up: an unset variable, a signal.
	[ -z "${running-}" ] || { own_stdout; stage_result 1 "$running" 0; }
	[ ${#pids[@]} -eq 0 ] || ends "${pids[@]}"
	# what the units went through
	[ -z "${HISTORIES-}" ] || cat "$tmp"/*.history >"$HISTORIES" 2>/dev/null || :
	for ns in "$client" "$server" "$fw1" "$fw2" "$sw"; do
		ip netns del "$ns" 2>/dev/null || :
	done
	[ -z "${old_ct_max-}" ] ||
		sysctl -qw "net.netfilter.nf_conntrack_max=$old_ct_max"
	# which is in use as long as one of these is on its way out with a bridge
	wait_for 20 module_idle >/dev/null || :
	[ -z "${loaded-}" ] || rmmod nf_failover 2>/dev/null || :
	[ -n "${KEEP-}" ] || rm -rf "$tmp"
}

# The kernel's words since this script began hold no report of a fault.
kernel_is_clean() {
	dmesg | sed "1,/$marker/d" >"$tmp/dmesg"
	fails grep -E 'BUG:|WARNING:|Oops|INFO:.*(possible|suspicious|hung|stall|blocked)|general protection|KASAN|refcount_t:|unregister_netdevice: waiting' "$tmp/dmesg"
}

mkfifo "$tmp/nap"
trap cleanup EXIT
# timeout(1) sends it twice, and the second one would end the cleaning up.
trap 'on_error "a signal ended this, in $BASH_COMMAND"
	trap : INT TERM
	exit 130' INT TERM
echo "<6>$marker" >/dev/kmsg

### the module ################################################################

module_loaded() { [ -d /sys/module/nf_failover ]; }
# module_idle: nothing holds it.
module_idle() {
	module_loaded || return 0
	is "references" "$(cat /sys/module/nf_failover/refcnt)" -eq 0
}

# The file of the module: as told, of this tree when it was built for this
# kernel, or the installed one.
module_file() {
	local ko=$top/kmod/nf_failover.ko for
	[ -z "${KO-}" ] || { echo "$KO"; return; }
	for=$(modinfo -F vermagic "$ko" 2>/dev/null || :)
	if [ "${for%% *}" = "$(uname -r)" ]; then
		echo "$ko"
	else
		modinfo -n nf_failover 2>/dev/null
	fi
}

# module_up: insmod, the first time with what it depends on.
ko=
module_up() {
	local dep
	if module_loaded; then return; fi
	if [ -z "$ko" ]; then
		ko=$(module_file) || { echo "no nf_failover.ko"; return 1; }
		for dep in nf_conntrack nf_nat \
			$(modinfo -F depends "$ko" | tr , ' '); do
			modprobe -q "$dep" || :
		done
	fi
	# what a daemon began when it was told to end may be quicker: its modprobe
	insmod "$ko" || module_loaded
}

# module_needed: the same, and it is unloaded at the end of the script.
module_needed() {
	if module_loaded; then return; fi
	loaded=1
	module_up
}

module_down() {
	module_loaded || return 0
	rmmod nf_failover
}

# The tests need more connections than a small machine has by default.
conntrack_max() {
	local old
	modprobe -q nf_conntrack || :
	old=$(sysctl -n net.netfilter.nf_conntrack_max)
	if [ "$old" -ge 200000 ]; then return; fi
	old_ct_max=$old
	sysctl -qw net.netfilter.nf_conntrack_max=200000
}

### namespaces ################################################################

# no_link NS IFNAME: there is none; the other end of a veth goes some time after
# its namespace.
no_link() { fails ip -n "$1" link show "$2"; }

# free_name NS IFNAME: waits for that, if this script has had it before.
declare -A used_name
free_name() {
	[ -z "${used_name[$1/$2]-}" ] || wait_for 20 no_link "$1" "$2"
	used_name[$1/$2]=1
}

# Without DAD, router discovery and their waiting.
still='net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
	net.ipv6.conf.all.dad_transmits=0 net.ipv6.conf.default.dad_transmits=0
	net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0
	net.ipv6.conf.default.router_solicitations=0'

# ns_up NS SYSCTL...: a namespace with lo.
ns_up() {
	local ns=$1
	shift
	ip netns add "$ns"
	# shellcheck disable=SC2086 # words
	sysctls "$ns" $still "$@"
	ip -n "$ns" link set lo up
}

# plug NS IFNAME BRIDGE...: interfaces of NS, connected to bridges of the
# switch.
plug() {
	local ns=$1 host=${1%%-*} cables=() ports=() ends=()
	shift
	while [ $# -gt 0 ]; do
		free_name "$sw" "$host-$1"
		cables+=("link add $1 netns $ns type veth peer name $host-$1 netns $sw")
		ports+=("link set $host-$1 master $2 up")
		ends+=("link set $1 up")
		shift 2
	done
	printf '%s\n' "${cables[@]}" | ips ""
	printf '%s\n' "${ports[@]}" | ips "$sw"
	printf '%s\n' "${ends[@]}" | ips "$ns"
}

switch_up() {
	local quiet=()
	# With br_netfilter loaded the switch would track connections too.
	if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
		quiet=(net.bridge.bridge-nf-call-{ip,ip6,arp}tables=0)
	fi
	ns_up "$sw" "${quiet[@]}"
	ips "$sw" <<-END
		link add br-in type bridge forward_delay 0 mcast_snooping 0
		link add br-out type bridge forward_delay 0 mcast_snooping 0
		link set br-in up
		link set br-out up
	END
}

hosts_up() {
	local ns words=(net.ipv4.icmp_echo_ignore_all=1
		net.ipv6.icmp.echo_ignore_all=1 net.ipv4.tcp_tw_reuse=1
		net.ipv4.ip_local_port_range="32000 65001")
	for ns in "$client" "$server"; do ns_up "$ns" "${words[@]}"; done
	plug "$client" eth0 br-in
	plug "$server" eth0 br-out
	ips "$client" <<-END
		addr add 10.10.0.10/24 dev eth0
		addr add fd00:10::10/64 dev eth0 nodad
		route add default via 10.10.0.254
		route add default via fd00:10::254
	END
	ips "$server" <<-END
		addr add 203.0.113.10/24 dev eth0
		addr add 203.0.113.11/24 dev eth0
		addr add 2001:db8:203::10/64 dev eth0 nodad
		addr add 2001:db8:203::11/64 dev eth0 nodad preferred_lft 0
		route add 10.10.0.0/24 via 203.0.113.2
		route add fd00:10::/64 via 2001:db8:203::2
	END
}

# The rules of both units. Masquerading picks random ports and ids, and a TCP
# segment without a connection is invalid: no session goes on by luck. The
# server's other address, .11, is reached without NAT. Port 8080 of the outside
# address leads to the client. A script may want other NAT: $source_nat{4,6}.
ruleset() {
	cat <<-NFT
	table inet fw {
		counter invalid { }
		chain pre {
			type filter hook prerouting priority raw; policy accept;
			iifname "in" udp dport 5007 ct zone set 7
			iifname "out" udp sport 5007 ct zone set 7
		}
		chain forward {
			type filter hook forward priority filter; policy drop;
			ct state invalid counter name invalid drop
			ct state established,related accept
			iifname "in" udp dport 5006 ct mark set 0x66
			iifname "in" tcp dport 5006 ct mark set 0xabcd0006
			iifname "in" accept
			iifname "out" ct status dnat accept
		}
	}
	table ip nat4 {
		chain pre {
			type nat hook prerouting priority dstnat;
			iifname "out" meta l4proto { tcp, udp } th dport 8080 dnat to 10.10.0.10:5000
		}
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "out" ip daddr != 203.0.113.11 ${source_nat4:-masquerade} fully-random
		}
	}
	table ip6 nat6 {
		chain pre {
			type nat hook prerouting priority dstnat;
			iifname "out" meta l4proto { tcp, udp } th dport 8080 dnat to [fd00:10::10]:5000
		}
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "out" ip6 daddr != 2001:db8:203::11 ${source_nat6:-masquerade} fully-random
		}
	}
	NFT
}

# fw_up NS: a firewall with rules and interfaces, but without addresses.
fw_up() {
	ns_up "$1" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	plug "$1" in br-in out br-out
	in_ns "$1" nft -f - <<<"$(ruleset)"
	# These are there when conntrack is, which the rules see to.
	sysctls "$1" net.netfilter.nf_conntrack_tcp_loose=0 \
		net.netfilter.nf_conntrack_udp_timeout=600 \
		net.netfilter.nf_conntrack_udp_timeout_stream=600 \
		net.netfilter.nf_conntrack_icmp_timeout=600 \
		net.netfilter.nf_conntrack_icmpv6_timeout=600
}

# wire NAME: from one firewall to the other, up.
wire() {
	free_name "$fw1" "$1"
	free_name "$fw2" "$1"
	ip link add "$1" netns "$fw1" type veth peer name "$1" netns "$fw2"
	ip -n "$fw1" link set "$1" up
	ip -n "$fw2" link set "$1" up
}

# The dedicated link.
link_up() { wire fail; }

# The address of fw2's end.
link_mac() { ip -n "$fw2" -o link show fail | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }

# by_hand NS active|standby: the addresses, as an operator would set them.
by_hand() {
	local in=254 out=2
	if [ "$2" = standby ]; then in=253 out=3; fi
	ips "$1" <<-END
		addr add 10.10.0.$in/24 dev in
		addr add 203.0.113.$out/24 dev out
		addr add fd00:10::$in/64 dev in nodad
		addr add 2001:db8:203::$out/64 dev out nodad
	END
}

# network_up: everything but the units.
network_up() {
	conntrack_max
	switch_up
	hosts_up
	fw_up "$fw1"
	fw_up "$fw2"
	link_up
}

### units #####################################################################

declare -A daemon

# The interfaces of a unit, as lines of its file; some tests have others.
interfaces() {
	cat <<-CONF
	interface in nameif inside
	 ip address 10.10.0.254/24 standby 10.10.0.253
	 ipv6 address fd00:10::254/64 standby fd00:10::253
	interface out nameif outside
	 ip address 203.0.113.2/24 standby 203.0.113.3
	 ipv6 address 2001:db8:203::2/64 standby 2001:db8:203::3
	CONF
}

# config primary|secondary [LINE...]: the file of a unit, on standard output. A
# slow machine may stand still for longer than the default hold time, and a unit
# that takes over then does so rightly, but not in the place of the test.
config() {
	local unit=$1 line
	shift
	cat <<-CONF
	failover lan unit $unit
	failover lan interface FAIL-LINK fail
	failover link FAIL-LINK fail
	failover interface ip FAIL-LINK 169.254.99.1/30 standby 169.254.99.2
	failover polltime unit msec ${poll_ms:-200} holdtime msec ${hold_ms:-$((800 * slow))}
	CONF
	interfaces
	echo "failover key ${link_key:-hex $secret}"
	for line; do echo "$line"; done
	echo failover
}

# The key of the links; a test that is about it sets link_key: "none", "file X".
secret=$(printf '%064x' "$tag")

# unit_up NS primary|secondary [LINE...]: starts the daemon of a unit.
unit_up() {
	local ns=$1
	shift
	config "$@" >"$tmp/$ns.conf"
	daemon_up "$ns"
}

daemon_up() {
	ip netns exec "$1" failoverd -c "$tmp/$1.conf" --history "$tmp/$1.history" \
		</dev/null >>"$tmp/$1.log" 2>&1 &
	daemon[$1]=$!
	pids+=($!)
}

daemon_down() {
	[ -n "${daemon[$1]-}" ] || return 0
	ends "${daemon[$1]}"
	unset "daemon[$1]"
}

# give_role FROM TO: refused as long as FROM has not heard that TO is ready.
give_role() {
	wait_for 30 mate_is "$1" "Standby Ready"
	in_ns "$1" failover --timeout $((10 * slow)) no active
	wait_for 20 state_is "$2" Active
}

# take_role TO: the same, asked for by the unit that is to be active.
take_role() {
	wait_for 30 state_is "$1" "Standby Ready"
	in_ns "$1" failover --timeout $((10 * slow)) active
	wait_for 20 state_is "$1" Active
}

connections() { in_ns "$1" conntrack -C; }

# alive NS: connections that have not expired. To list them is also what makes
# the kernel see that others have: it looks by itself but once a minute.
alive() { in_ns "$1" conntrack -L 2>/dev/null | wc -l; }

# pair_up [LINE...]: both units, fw1 the primary and active, fw2 synced.
pair_up() {
	module_needed
	unit_up "$fw1" primary "$@"
	# with a checker in it the first may take longer to start than the
	# second waits for it
	[ -z "${REPORTS-}" ] || wait_for 20 takes_part "$fw1"
	unit_up "$fw2" secondary "$@"
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
}

# takes_part NS: its daemon has begun.
takes_part() {
	local json found
	ask "$1" && find_state this && [ "$found" != Disabled ]
}

# in_step ACTIVE STANDBY: nothing waits to be sent or acknowledged.
in_step() {
	wait_for 30 queues_empty "$1" || return
	wait_for 30 queues_empty "$2"
}

# unit_lost NS: the active unit, as if it were gone: links down first, which
# makes its masquerading forget all connections, then all that it was.
unit_lost() {
	state_is "$1" Active
	# the client's side first: it is not to be told that there is no way
	printf 'link set %s down\n' in out fail | ips "$1"
	unit_gone "$1"
}

# unit_gone NS: all at once, as without power: nothing is said on any link
# before, and the namespace, which dies in parts, is not heard while it does.
# (Its addresses outlive its connections: it would answer with resets. Its
# daemon stands still from here on: it would see its interfaces go, and hand
# over.)
unit_gone() {
	[ -z "${daemon[$1]-}" ] || kill -STOP "${daemon[$1]}"
	unplugged "$1"
	ip netns del "$1"
	# before it stands still daemon_down would terminate it, and wait
	[ -z "${daemon[$1]-}" ] || wait_for 20 stands_still "${daemon[$1]}"
	daemon_down "$1"
}

# unplugged NS: all its ports of the switch are down.
unplugged() {
	ip -n "$sw" -br link | sed -nE "s/^(${1%%-*}-[^@ ]*).*/link set \1 down/p" | ips "$sw"
}

# unit_back NS UNIT [LINE...]: a new firewall in the place of a lost one.
unit_back() {
	fw_up "$1"
	link_up
	unit_up "$@"
}

# fresh_firewalls: new ones in the place of both, without units.
fresh_firewalls() {
	local ns
	for ns in "$fw1" "$fw2"; do
		daemon_down "$ns"
		ip netns del "$ns" 2>/dev/null || :
		fw_up "$ns"
	done
	link_up
}

heard=	# the last answer of a player

. "$here/ask.bash"
. "$here/players.bash"
. "$here/sniffers.bash"

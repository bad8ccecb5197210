# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Three virtual machines joined by unix sockets: the hosts and two firewalls
# (see ./init). Sourced by what tries a pair of real kernels.
#
#              client 10.10.0.2                         server 203.0.113.10
#                     |                                        |
#         ====== bridge inside ======              ====== bridge outside =====
#            |                   |                    |                   |
#          eth0 ----- fw1 ----- eth1                 eth0 ---- fw2 ---- eth1
#                      |                                        |
#                     eth2 ------------ failover link -------- eth2
#
# (each firewall has its eth0 in "inside" and its eth1 in "outside")
. "$(dirname "${BASH_SOURCE[0]}")/base.sh"

machines_dir=
machines_log=
declare -A machine_pid=() machine_ctl=() machine_answers=()
clock=0
answer=
timing='msec 200 holdtime msec 800'

machines_begin() { # LOG-FOLDER
	machines_log=$1
	machines_dir=$(mktemp -d)
	mkdir -p "$machines_log"
	trap machines_end EXIT
}

machines_end() {
	local name
	for name in "${!machine_pid[@]}"; do machine_kill "$name"; done
	rm -rf "$machines_dir"
}

# machine_start NAME IMAGE INITRAMFS NETDEV...: a NETDEV is listen:SOCKET or
# connect:SOCKET; the first is the guest's eth0.
machine_start() {
	local name=$1 image=$2 initramfs=$3 n=0 d ctl answers
	local -a net=()
	shift 3
	for d; do
		local server=off
		[ "${d%%:*}" = connect ] || server=on
		net+=(-netdev "stream,id=n$n,server=$server,addr.type=unix,addr.path=$machines_dir/${d#*:}"
			-device "virtio-net-pci,netdev=n$n,mac=52:54:00:00:${#machine_pid[@]}0:0$n,romfile=")
		n=$((n + 1))
	done
	mkfifo "$machines_dir/$name.in" "$machines_dir/$name.out"
	exec {ctl}<>"$machines_dir/$name.in" {answers}<>"$machines_dir/$name.out"
	machine_ctl[$name]=$ctl
	machine_answers[$name]=$answers
	# Not -cpu max: a kernel that believes in fast "rep movsb" is four to ten
	# times slower under emulation.
	qemu-system-x86_64 -name "$name" -accel tcg,thread=multi \
		-cpu qemu64,+rdrand -smp 1 \
		-m 320M -nodefaults -display none -no-reboot \
		-kernel "$image" -initrd "$initramfs" \
		-append "console=ttyS0 quiet panic=-1 $guest_args nff.role=$name" \
		-serial "file:$machines_log/$name.console" \
		-device virtio-serial-pci \
		-chardev "pipe,id=ctl,path=$machines_dir/$name" \
		-device virtserialport,chardev=ctl,name=ctl \
		"${net[@]}" </dev/null >"$machines_log/$name.qemu" 2>&1 &
	machine_pid[$name]=$!
	disown
	for d; do
		[ "${d%%:*}" = connect ] ||
			until_true 60 test -S "$machines_dir/${d#*:}" || return 1
	done
}

machine_alive() { kill -0 "${machine_pid[$1]:-0}" 2>/dev/null; }

# machine_kill NAME: SIGKILL, as if the power had failed.
machine_kill() {
	[ -n "${machine_pid[$1]:-}" ] || return 0
	kill -KILL "${machine_pid[$1]}" 2>/dev/null || :
	unset "machine_pid[$1]"
}

# machine_answer NAME SECONDS TAG: sets answer to what came before the line that
# begins with =TAG, and returns the status in it; 255 when none came.
machine_answer() {
	local part line='' mine='' end=$((SECONDS + $2))
	answer=
	while [ "$SECONDS" -lt "$end" ]; do
		# its second may be over in the middle of a line
		IFS= read -r -t 1 -u "${machine_answers[$1]}" part || {
			line+=$part
			machine_alive "$1" && continue
			break
		}
		line+=$part
		case $line in
		"=$3 "*) answer=$mine; return "${line##* }" ;;
		=*) mine= ;; # the end of an answer that came too late
		*) mine+=${line#|}$'\n' ;;
		esac
		line=
	done
	warn "no answer from $1; its console ends with:"
	tail -n 20 "$machines_log/$1.console" >&2
	return 255
}

# on NAME SCRIPT [SECONDS]: runs a script on a machine and prints what it says.
on() {
	local tag=$BASHPID.${EPOCHREALTIME/./} rc=0
	printf '%s %s\n' "$tag" "$(base64 -w0 <<<"$2")" >&"${machine_ctl[$1]}"
	machine_answer "$1" "${3:-180}" "$tag" || rc=$?
	printf '%s' "$answer"
	return "$rc"
}

# machine_clock NAME: sets clock to what the machine's clock is ahead of this
# one's, in microseconds, from the quickest of a few questions.
machine_clock() {
	local t0 t1 g='' best=999999999
	for _ in 1 2 3 4 5 6 7 8; do
		t0=${EPOCHREALTIME/./}
		printf 'clock\n' >&"${machine_ctl[$1]}"
		until [[ $g =~ ^@[0-9]+$ ]]; do
			IFS= read -r -t 5 -u "${machine_answers[$1]}" g || return 1
		done
		t1=${EPOCHREALTIME/./}
		g=${g#@}
		[ $((t1 - t0)) -lt "$best" ] || continue
		best=$((t1 - t0))
		# shellcheck disable=SC2034 # read by who asked
		clock=$((g - (t0 + t1) / 2))
	done
}

# machine_boots NAME VERSION NETDEV...: of the kernel VERSION.
machine_boots() {
	local name=$1 cpio=$out/initramfs-$2.cpio image
	image=$(echo "$out/stage/$2/boot/"vmlinuz-*)
	shift 2
	[ -e "$cpio" ] || die "no $cpio; run ./initramfs first"
	machine_start "$name" "$image" "$cpio" "$@"
}

# trio_start VERSION LOG-FOLDER [VERSION]: all three, up and connected; the last
# VERSION is of the second firewall, if that has another kernel.
trio_start() {
	local name
	machines_begin "$2"
	machine_boots hosts "$1" listen:in1 listen:in2 listen:out1 listen:out2
	machine_boots fw1 "$1" connect:in1 connect:out1 listen:link
	machine_boots fw2 "${3:-$1}" connect:in2 connect:out2 connect:link
	for name in hosts fw1 fw2; do
		machine_answer "$name" 360 ready || die "$name did not boot"
	done
}

# The key of the links.
secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')

# The interfaces of a unit, as lines of its file; who sources this may have others.
interfaces() {
	cat <<-CONF
		interface eth0 nameif inside
		 ip address 10.10.0.254/24 standby 10.10.0.253
		interface eth1 nameif outside
		 ip address 203.0.113.2/24 standby 203.0.113.3
	CONF
}

# firewall_config UNIT [LINE...]: the configuration of one unit.
firewall_config() {
	cat <<-CONF
		failover lan unit $1
		failover lan interface FAIL-LINK eth2
		failover link FAIL-LINK eth2
		failover interface ip FAIL-LINK 169.254.99.1/30 standby 169.254.99.2
		failover polltime unit $timing
		failover key hex $secret
	CONF
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@"
	interfaces
	say failover
}

# firewall_start NAME UNIT [LINE...]: the daemon with its configuration; what
# it says goes to its log with the time, and to the console.
firewall_start() {
	local name=$1 conf
	shift
	conf=$(firewall_config "$@")
	on "$name" "mkdir -p /etc/failover
		cat >/etc/failover/failover.conf <<'END'
$conf
END
		modprobe nf_failover || exit 1
		start_daemon"
}

# firewall_state NAME: "Active", "Standby Ready" ...
firewall_state() {
	on "$1" 'failover show -j' | jq -r '.this.state // empty' 2>/dev/null
}

firewall_is() { [ "$(firewall_state "$1")" = "$2" ]; }

# pair_start [LINE...]: both units, until one is active and one stands by. More
# lines of configuration are for both.
pair_start() {
	firewall_start fw1 primary "$@" || die "fw1: the daemon did not start"
	until_true 180 firewall_is fw1 Active || pair_trouble "fw1 is not active"
	firewall_start fw2 secondary "$@" || die "fw2: the daemon did not start"
	until_true 180 firewall_is fw2 'Standby Ready' ||
		pair_trouble "fw2 is not ready"
}

# pair_stands: nobody has taken over by himself.
pair_stands() { firewall_is fw1 Active && firewall_is fw2 'Standby Ready'; }

pair_trouble() {
	local name
	for name in fw1 fw2; do
		say "--- $name"
		on "$name" 'failover show; tail -n 20 /run/failoverd.log; dmesg | tail -n 20'
	done >&2
	die "$1"
}

# field NAME: of a line of words NAME=VALUE.
field() { sed -nE "s/.*\b$1=([^ ]+).*/\1/p"; }

# flow NAME NAMESPACE ARGUMENTS-OF-TRAFFIC...: starts a flow on the hosts.
flow() { on hosts "start_flow $*" >/dev/null; }

# moves FLOW: bytes come in.
moves() { on hosts "flow_moves $1" >/dev/null; }

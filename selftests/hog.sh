#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes of the highest real-time priority take all processors for ten
# seconds, and with them user space, kworkers and ksoftirqd; the kernel's brake
# for such processes is off. Both units share these processors. Hellos go on,
# nobody is lost, and no role changes.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

seconds=10

network() {
	network_up
	play echo "$server" server 5000
	pair_up
	play tcp "$client" tcp "$out4" 5000 20
	opened tcp 20
}

# hog CPU PID: prints how much of the processor that process got meanwhile, in
# hundredths of a second. It ends by itself; nobody else could end it.
hog() {
	# shellcheck disable=SC2016 # for the other shell
	chrt -f 99 taskset -c "$1" bash -c '
		read -ra before <"/proc/$1/stat"
		end=$((SECONDS + $2))
		while ((SECONDS < end)); do :; done
		read -ra after <"/proc/$1/stat"
		echo $((after[13] + after[14] - before[13] - before[14]))' hog "$2" "$seconds"
}

# came NS: frames from the mate.
came() { counter "$1" rx-frames; }

starve() {
	local cpu brake before=() after=() hogs=() ns busy n
	brake=$(sysctl -n kernel.sched_rt_runtime_us)
	for ns in "$fw1" "$fw2"; do
		before+=("$(counter "$ns" hold-expired) $(show "$ns" .this.epoch) $(state "$ns")")
	done
	while :; do :; done &
	busy=$!
	pids+=("$busy")
	n=$(came "$fw2")
	sysctl -qw kernel.sched_rt_runtime_us=-1
	for cpu in $(seq 0 $(($(nproc) - 1))); do
		hog "$cpu" "$busy" >"$tmp/hog.$cpu" &
		hogs+=($!)
	done
	wait "${hogs[@]}"
	sysctl -qw kernel.sched_rt_runtime_us="$brake"
	ends "$busy"
	n=$(($(came "$fw2") - n))
	for ns in "$fw1" "$fw2"; do
		after+=("$(counter "$ns" hold-expired) $(show "$ns" .this.epoch) $(state "$ns")")
	done
	echo "$n frames came"
	is "losses, epoch and state of fw1" "${after[0]}" "${before[0]}"
	is "losses, epoch and state of fw2" "${after[1]}" "${before[1]}"
	# Five hellos a second, of which none may be missing for long.
	is "frames" "$n" -ge $((seconds * 4))
}

# Control: one of ordinary priority, which would have had a processor for itself,
# got next to nothing. Newer kernels leave it a twentieth of the time.
was_starved() {
	is "hundredths" "$(sort -n "$tmp"/hog.* | head -n 1)" -lt $((seconds * 20))
}

goes_on() { all_go_on tcp=20; }

# Control: silence is noticed.
is_noticed() {
	local before
	before=$(counter "$fw2" hold-expired)
	unit_gone "$fw1"
	wait_for 10 lost_once_more "$before"
	wait_for 20 state_is "$fw2" Active
}
lost_once_more() { is "losses" "$(counter "$fw2" hold-expired)" -gt "$1"; }

stages <<-END
	!network          the pair, and some connections
	!starve           processors taken for $seconds s: hellos go on, nothing changes
	was_starved       control: user space got next to nothing meanwhile
	goes_on           all connections go on
	is_noticed        control: a mate that is silent is lost
	kernel_is_clean   the kernel log is clean
END

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Faults on the links between the firewalls, in both directions. Sourced, after
# lib.sh.
# shellcheck disable=SC2154,SC2034 # names of lib.sh, and for those that source this

modprobe -q sch_netem || :
link_devs=(fail)
frames_lost=0

# netem WORDS...: from now on, instead of what was before.
netem() {
	local ns dev
	for ns in "$fw1" "$fw2"; do
		for dev in "${link_devs[@]}"; do
			in_ns "$ns" tc qdisc replace dev "$dev" root netem "$@"
		done
	done
}

# What was lost is added to $frames_lost.
sound() {
	local ns dev n
	for ns in "$fw1" "$fw2"; do
		for dev in "${link_devs[@]}"; do
			n=$(in_ns "$ns" tc -s qdisc show dev "$dev" root |
				sed -n 's/.*dropped \([0-9]*\),.*/\1/p')
			frames_lost=$((frames_lost + ${n:-0}))
			in_ns "$ns" tc qdisc del dev "$dev" root 2>/dev/null || :
		done
	done
}

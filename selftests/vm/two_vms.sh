#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A pair of real machines: two QEMU firewalls with NAT between a client and a
# server, and the active one's QEMU process gets SIGKILL in the middle of TCP
# transfers. One transfer was opened by the client (masquerade), one by the
# server (port forwarding); each sends and receives checked data.
#
# Two kernels are tried both ways round: each is killed once, and takes over once.
# Before, something of each class of state is opened, and the tables of both are
# compared, class by class (./classes.bash).
#
# Control: the same pair with "no failover replication ..." loses them, and each
# class differs.
#
# usage: two_vms.sh [-k VERSION] [-K VERSION]   (after ./build and ./initramfs)
#
#   -k VERSION  the kernel of the active firewall (6.1)
#   -K VERSION  the kernel of its standby (the same)
#
# shellcheck disable=SC2317 # conditions are called by name
set -euo pipefail
. "$(dirname "$0")/machines.sh"
. "$vm/classes.bash"

of_active=6.1
of_standby=
while getopts k:K: o; do
	case $o in
	k) of_active=$OPTARG ;;
	K) of_standby=$OPTARG ;;
	*) exit 2 ;;
	esac
done
: "${of_standby:=$of_active}"
rate=100000
# A busy host stops a machine for longer than a good hold time is.
# shellcheck disable=SC2034 # for machines.sh
timing='1 holdtime 4'

n=0
bad=0
kernels=
tap() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then say "ok $n $2"; else say "not ok $n $2"; bad=1; fi
}

# Packets without a connection that fw2 has refused.
refused() {
	on fw2 'nft list chain inet filter forward' |
		grep -oE 'packets [0-9]+' | awk '{ n += $2 } END { print n + 0 }'
}
refused_some() { [ "$(refused)" -ge 6 ]; }

start_transfers() {
	flow out client stream 203.0.113.10 7 "$rate" &&
		flow in server stream 203.0.113.2 8080 "$rate" &&
		until_true 90 moves out && until_true 90 moves in
}

# kill_in_transfer: the gap is counted from here.
kill_in_transfer() {
	on hosts 'mark_flow out; mark_flow in' >/dev/null
	pair_stands || return 1
	machine_kill fw1
	until_true 180 firewall_is fw2 Active
}

# completed NAME: the rest of the transfer arrives, and the sums are equal.
completed() {
	local line stall
	stall=$(on hosts "flow_gap $1")
	line=$(on hosts "ask_flow $1 stop")
	say "# $1: stall ${stall:-?} ms; $line"
	[ "$(field sum <<<"$line")" = ok ] && [ "$(field bad <<<"$line")" = 0 ]
}

# pair NAME ACTIVE STANDBY [LINE...]: machines of these versions, and units.
pair() {
	local name=$1 of_active=$2 of_standby=$3
	shift 3
	trio_start "$of_active" "$out/two_vms/$name-$of_active-$of_standby" "$of_standby"
	pair_start "$@"
	kernels="$(on fw1 'uname -r') -> $(on fw2 'uname -r')"
	say "# $kernels"
}

# replicated ACTIVE STANDBY: versions.
replicated() {
	local rc f
	pair replicated "$@" "${class_lines[@]}"
	classes_compared
	rc=0; start_transfers || rc=1
	tap $rc "$kernels: transfers run through the active unit"
	rc=0; kill_in_transfer || rc=1
	tap $rc "$kernels: the standby becomes active after SIGKILL of the active"
	for f in out in; do
		until_true 180 moves "$f" || :
		rc=0; completed "$f" || rc=1
		tap $rc "$kernels: the transfer '$f' completes on its socket, checksum right"
	done
	result 'what was opened of each class goes on' classes_go_on
	result 'a connection that a helper expected is known for it' child_goes_on
	rc=0; clean_log || rc=1
	tap $rc "$kernels: no complaint in the survivor's kernel log"
	[ "$bad" = 0 ] || on fw2 'failover show; cat /run/failoverd.log; dmesg | tail -n 30' |
		sed 's/^/# /'
	machines_end
}

clean_log() { ! on fw2 dmesg | grep -E "$splat_re" | sed 's/^/# /' | grep .; }

control() {
	local rc f
	pair control "$@" "${class_lines_off[@]}"
	classes_differ
	rc=0; start_transfers && kill_in_transfer || rc=1
	until_true 180 refused_some || rc=1
	tap $rc "$kernels: control: the same takeover without replication"
	for f in out in; do
		rc=0; ! completed "$f" || rc=1
		tap $rc "$kernels: control: the transfer '$f' is lost"
	done
	result 'control: so is what was opened of each class' classes_lost
	machines_end
}

say 'TAP version 13'
if [ "$of_active" = "$of_standby" ]; then
	say 1..$((17 + 2 * $(how_many)))
else
	say 1..$((29 + 3 * $(how_many)))
	replicated "$of_standby" "$of_active"
fi
replicated "$of_active" "$of_standby"
control "$of_active" "$of_standby"
exit "$bad"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The part of the soak that is inside the guest: makes the hosts and the switch
# and leaves the rest to the driver, which makes and loses the units.
#
# usage: soak.sh [OPTION...]   (those of the driver)
#
# Topology: lib.sh.
. "$(dirname "$0")/../lib.sh"

export TRAFFIC=$traffic CTDIFF=$ctdiff KO

poll_ms=100
hold_ms=1000

set -e
conntrack_max
module_up
module_down
switch_up
hosts_up
# What the traffic leaves in its own two hosts is not looked for here.
for ns in "$client" "$server"; do sysctls "$ns" net.ipv4.tcp_max_tw_buckets=0; done
ruleset >"$tmp/rules"
line=()
[ -z "${NO_REPLICATION-}" ] || line=("no failover replication connections")
config primary "${line[@]}" >"$tmp/fw1.conf"
config secondary "${line[@]}" >"$tmp/fw2.conf"
"${DRIVER:-$here/out/soak-driver}" "$@" \
	"$tmp" "$sw" "$client" "$server" "$fw1" "$fw2"

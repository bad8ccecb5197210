# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The sniffers of the kselftests: who write down what they hear. Sourced by
# lib.sh.
# shellcheck disable=SC2154 # names of lib.sh

declare -A sniffer

# sniff NAME NS ARGUMENT...: tcpdump with these; it hears when this returns. What
# it prints is in $tmp/NAME.heard.
sniff() {
	local who=$1 ns=$2
	shift 2
	# that the one before was listening says nothing of this one
	: >"$tmp/$who.tcpdump"
	ip netns exec "$ns" tcpdump --immediate-mode -Z root "$@" \
		>"$tmp/$who.heard" 2>>"$tmp/$who.tcpdump" &
	sniffer[$who]=$!
	pids+=($!)
	wait_for 60 grep -q listening "$tmp/$who.tcpdump"
}

# sniff_text NAME NS FILTER: frames of a host, one a line, with their addresses.
sniff_text() { sniff "$1" "$2" -l -n -e -i eth0 "$3"; }

# sniff_link FILE NS FILTER: the failover link, into a file that is whole at any
# time.
sniff_link() { sniff link "$2" -i fail -U -w "$1" "$3"; }

# sniff_off NAME...: what was read is written down; who counts the last frames waits
# for them first.
sniff_off() {
	local who
	for who; do
		kill -INT "${sniffer[$who]}"
		wait "${sniffer[$who]}" || :
	done
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts of virtual time share: the clock, figures, and what ./stamp
# records of frames and events. Sourced, after lib.sh.
# shellcheck disable=SC2154,SC2317 # names of lib.sh; a script takes what it needs

stamp=${STAMP:-$here/out/stamp}
exec 3>&1

us() { echo "${EPOCHREALTIME/[.,]/}"; }
figure() { echo "# $*" >&3; }

declare -A recorder

# record NAME NS ARGUMENTS...: stamps, into a file of that name.
record() {
	local who=$1 ns=$2
	shift 2
	ip netns exec "$ns" "$stamp" "$@" >"$tmp/$who" 2>&1 &
	recorder[$who]=$!
	pids+=($!)
	wait_for 5 grep -q ready "$tmp/$who"
}

unrecord() {
	local who
	for who; do
		ends "${recorder[$who]}"
		unset "recorder[$who]"
	done
}

# when NAME REGEX: the stamp of the first such line.
when() { awk -v re="$2" '$0 ~ re { print $1; exit }' "$tmp/$1"; }

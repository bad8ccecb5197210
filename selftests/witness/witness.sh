#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own netfilter tests as witness: each runs without the module and
# then, in the same kernel, with it and an active unit in each namespace that
# the test makes (hook.sh). The results, down to the single lines of a test,
# must be the same. Then once more with units that are standby: that blocks
# forwarding, so a result must change.
#
# The tests come from ./Makefile, the table is ./tests; ./run starts this in a VM
# and has written down which tests are wanted. Some run at the same time, each
# in a sandbox.
# shellcheck disable=SC2317,SC2016 # the stages are called by name; awk
. "$(dirname "$0")/../lib.sh"

witness=$here/witness
net=$here/out/witness/net/netfilter
pair=$here/out/witness/pair

# How many run at the same time: they sleep much.
jobs=3
# What cannot work behind a standby.
control=conntrack_icmp_related
# Our own test of conntrack-tools, in the style of the kernel's.
own=conntrack_tools

# rows FILTER: of the table, those for which awk's FILTER is true.
rows() { awk -v w="${wanted-}" "/^[a-z]/ && $1" "$witness/tests"; }

mapfile -t tests <"$here/out/witness/wanted"
# What fails in both says little: no more than a quarter.
pass_min=$((${#tests[@]} - ${#tests[@]} / 4))

# not_run: what, and why.
not_run() {
	wanted=" ${tests[*]} " rows 'NF > 2 && !index(w, " " $1 " ") {
		name = $1
		sub("^[^\t]*\t+[^\t]*\t", "")
		print "# " name " is not run: " $0
	}'
}

limit_of() {
	local limit
	limit=$(rows "\$1 == \"$1\" { print \$2 }")
	echo $((${limit:-60} * slow))
}

# command_of TEST: what is to be run, in the folder of the kernel's tests.
command_of() {
	if [ "$1" = "$own" ]; then
		echo "$witness/$own.sh"
	elif [ -e "$net/$1.sh" ]; then
		echo "./$1.sh"
	else
		echo "$witness/program.sh $1"
	fi
}

# sandboxed SECONDS COMMAND...: with a network and names of namespaces of its own,
# so that tests do not meet, and nothing stays. (sh would drop the functions that
# bash has exported.)
sandboxed() {
	local group rc=0
	unshare --mount --net bash -c 'mount -t tmpfs tmpfs /run && exec "$@"' \
		bash timeout -k 5 "$@" &
	group=$!
	wait "$group" || rc=$?
	kill -KILL -- "-$group" 2>/dev/null
	return "$rc"
}

# units_on ROLE REPORT: from here on ip makes units; for a subshell.
units_on() {
	export WITNESS_ROLE=$1 WITNESS_REPORT=$2 WITNESS_PAIR=$pair
	# shellcheck source=/dev/null
	. "$witness/hook.sh"
}

# attempt PASS TEST [ROLE]: its output, result and single results become files.
attempt() {
	local files=$tmp/$1/$2 rc=0 t0
	t0=$(now_ms)
	mkdir -p "$tmp/$1"
	(
		cd "$net" || exit
		export KSFT_MACHINE_SLOW=yes
		[ -z "${3-}" ] || units_on "$3" "$files.units"
		# shellcheck disable=SC2046 # words
		sandboxed "$(limit_of "$2")" bash $(command_of "$2")
	) </dev/null >"$files.out" 2>&1 || rc=$?
	single_results <"$files.out" >"$files.lines"
	word_for "$rc" >"$files.result"
	echo "# $1: $2: $(<"$files.result") in $((($(now_ms) - t0) / 1000)) s"
}

word_for() {
	case $1 in
	0) echo pass ;;
	4) echo skip ;;
	124 | 137) echo hang ;;
	*) echo fail ;;
	esac
}

# single_results: without what is random in them.
single_results() {
	tr -d '\r' | grep -E '^ *(PASS|FAIL|OK|ERROR|SKIP|ok |not ok |TEST:)' |
		sed -E 's/\b([a-z_]+[0-9]*)-[A-Za-z0-9]{6}\b/\1/g; s/\b[0-9]+ ?m?s\b/N s/g'
}

# pass NAME [ROLE]: all tests, some at the same time.
pass() {
	local t running=0
	for t in "${tests[@]}"; do
		if [ "$running" -ge "$jobs" ]; then
			wait -n
			running=$((running - 1))
		fi
		attempt "$1" "$t" "${@:2}" &
		running=$((running + 1))
	done
	wait
}

# passes: everything is run first, and judged then.
passes() {
	module_down
	pass without
	module_needed
	pass with active
	attempt control "$control" standby
}

# counted COLUMN: the sum of what the units have counted, on standard input.
counted() {
	tr ' ' '\n' | awk -F= -v c="$1" '$1 == c { n += $2 } END { print n + 0 }'
}

same() {
	local with without
	without=$(<"$tmp/without/$1.result")
	with=$(<"$tmp/with/$1.result")
	if [ "$with $without" = "skip skip" ]; then
		grep -m 1 SKIP "$tmp/with/$1.out" || echo "it does not say why"
		return "$skipped"
	fi
	if alike with "$1" >"$tmp/alike"; then return 0; fi
	echo "without: $without, with: $with"
	diff -U 1 "$tmp/without/$1.lines" "$tmp/with/$1.lines"
	tail -n 15 "$tmp/without/$1.out" "$tmp/with/$1.out"
	return 1
}

# alike PASS TEST: as without the module.
alike() {
	cmp "$tmp/without/$2.result" "$tmp/$1/$2.result" &&
		cmp "$tmp/without/$2.lines" "$tmp/$1/$2.lines"
}

enough_pass() {
	local n
	n=$(grep -lx pass "$tmp"/without/*.result | wc -l)
	is "tests that pass" "$n" -ge "$pass_min"
}

# Each namespace had its unit, and connections went from it to its standby.
units_at_work() {
	cat "$tmp"/with/*.units >"$tmp/units"
	cat "$tmp/units"
	is "namespaces" "$(wc -l <"$tmp/units")" -ge ${#tests[@]}
	fails grep -v 'role=active' "$tmp/units"
	is "captured" "$(counted captured <"$tmp/units")" -ge 10
	is "applied" "$(counted applied <"$tmp/units")" -ge 10
	is "refused by a standby" "$(counted refused <"$tmp/units")" -eq 0
	is "dropped by the gate" "$(counted gate_drops <"$tmp/units")" -eq 0
}

# The test fails, and by the gate.
standby_is_noticed() {
	is "result" "$(<"$tmp/control/$control.result")" fail
	fails alike control "$control"
	is "dropped by the gate" \
		"$(counted gate_drops <"$tmp/control/$control.units")" -gt 0
}

# table: the stages; what was seen is in their names.
table() {
	local t with=$tmp/with units captured applied
	units=$(cat "$with"/*.units)
	captured=$(counted captured <<<"$units")
	applied=$(counted applied <<<"$units")
	for t in "${tests[@]}"; do
		echo "same_$t $t: same result ($(<"$with/$t.result")) with and" \
			"without, in $(wc -l <"$with/$t.lines") lines"
	done
	cat <<-END
		enough_pass         at least $pass_min tests pass
		units_at_work       $(wc -l <<<"$units") units captured $captured connections, standbys applied $applied
		standby_is_noticed  control: behind standby units $control fails
		kernel_is_clean     the kernel log is clean
	END
}

for t in "${tests[@]}"; do eval "same_$t() { same $t || return; }"; done
not_run
passes
stages < <(table)

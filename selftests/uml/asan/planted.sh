#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# For ./run: a daemon with a fault of each kind planted (planted.c) leaves a
# report that fails a test.
#
# Topology: ../../lib.sh; no hosts.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/../../lib.sh"
. "$(dirname "$0")/../../vm/base.sh"

PATH=$TOOLS/planted:$PATH

firewalls() {
	module_needed
	switch_up
	fw_up "$fw1"
	fw_up "$fw2"
	link_up
}

# whole_life [FAULT]: of a daemon that has it; what it left behind is in
# $tmp/said.
whole_life() {
	export FAULT=${1-}
	unit_up "$fw1" primary
	wait_for 20 up_or_gone
	daemon_down "$fw1"
	sound planted "$REPORTS"* >"$tmp/said"
	rm -f "$REPORTS"*
	cat "$tmp/said"
}
# The unit is active without it, from the one before.
up_or_gone() {
	[ ! -e "/proc/${daemon[$fw1]}" ] ||
		is "daemon" "$(show "$fw1" .this.daemon)" true
}

# reported FAULT TEXT
reported() {
	whole_life "$1"
	grep -q '^not ok - planted: a fault in user space' "$tmp/said"
	grep -q "^# .*$2" "$tmp/said"
}

leak() { reported leak ' in lose '; }
freed() { reported freed 'heap-use-after-free'; }
shift_too_far() { reported shift 'shift exponent 32 is too large'; }

control() {
	whole_life
	is "what a sound daemon leaves" "$(<"$tmp/said")" ""
}

stages <<-END
	!firewalls      two firewalls, no hosts
	leak            a leak is reported and fails the test
	freed           so is a read of what was freed
	shift_too_far   so is an undefined operation
	control         control: the same daemon without a fault leaves nothing
	kernel_is_clean the kernel log is clean
END

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts of virtual time share. Sourced, never run.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/base.sh"
virtual=$top/selftests/virtual

# built: the module for the guest's kernel, in $ko, and all programs.
built() {
	mkdir -p "$out/build"
	exec 8>"$out/virtual.lock"
	flock 8
	ko=$("$top/selftests/uml/build" -n virtual fast)
	quietly "$out/tools.log" make -C "$top/tools"
	quietly "$out/selftests.log" make -C "$top/selftests"
	quietly "$out/virtual.log" make -C "$virtual"
	exec 8>&-
}

# guest SECONDS SEED [-e NAME=VALUE]... COMMAND...: in virtual time; SECONDS are
# those of this machine.
guest() {
	local limit=$1 seed=$2
	shift 2
	"$top/selftests/uml/boot" -t "$limit" -v "$seed" -e "KO=$ko" "$@" |
		sed -u '/\] sysrq: Power Off/d; /\] reboot: Power down/d'
}

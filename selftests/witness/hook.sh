# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Switches failover on in each namespace that a test makes, before the test goes
# on: the unit there is active, and a standby in a namespace beside it takes the
# records. Sourced by what starts a test; the functions are inherited by the
# test, which calls ip without a path.
#
# WITNESS_PAIR    the program ./pair
# WITNESS_ROLE    active, or standby for the control
# WITNESS_REPORT  the file that gets what each unit has counted, when its
#                 namespace is deleted

# witness_up NS: what goes wrong there is in the report.
witness_up() {
	local said
	said=$({
		command ip netns add "standby-$1" &&
			command ip -n "$1" link add fo0 type veth \
				peer name fo0 netns "standby-$1" &&
			"$WITNESS_PAIR" up "$WITNESS_ROLE" "/run/netns/$1" \
				"/run/netns/standby-$1"
	} 2>&1) || echo "$1 failed: $said" >>"$WITNESS_REPORT"
}

witness_down() {
	[ -e "/run/netns/standby-$1" ] || return 0
	echo "$1 $("$WITNESS_PAIR" report "/run/netns/$1" \
		"/run/netns/standby-$1" 2>&1)" >>"$WITNESS_REPORT"
	command ip netns del "standby-$1"
}

ip() {
	case "${1-} ${2-}" in
	"netns add" | "net add")
		command ip "$@" || return
		witness_up "$3" >&2
		;;
	"netns del" | "netns delete" | "net del" | "net delete")
		witness_down "$3" >&2
		command ip "$@"
		;;
	*) command ip "$@" ;;
	esac
}

export -f ip witness_up witness_down

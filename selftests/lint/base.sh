# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the checks of the module share: where it was built, apart from the tree, so
# that no check leaves anything behind. Sourced, never run.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/base.sh"

# built: the module, against Debian's 6.1 headers, with all warnings of gcc, of which
# there are none. KDIR is the headers.
built() {
	local places
	"$vm/build" --strict 6.1 || return
	places=$("$vm/kernel" --env 6.1) || return
	eval "$places"
}

# none_of WHAT...: prints what grep finds; finding something is a failure.
none_of() {
	! grep "$@"
}

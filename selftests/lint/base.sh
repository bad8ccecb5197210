# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the checks of the module share: a copy of it, built apart from the
# tree, once, so that no check leaves anything behind. Sourced, never run.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/base.sh"

lint=$out/lint
tree=$lint/tree
log=$lint/build.log

fresh() {
	mkdir -p "$tree"
	rsync -a --delete --delete-excluded --exclude='*.o' --exclude='*.ko' \
		--exclude='*.cmd' --exclude='*.mod*' --exclude=config.h \
		--include='/Kbuild' --include='/kmod/***' --include='/uapi/***' \
		--exclude='*' "$top/" "$tree/"
}

# A build that failed is not tried again before something changes.
up_to_date() {
	[ -e "$lint/built" ] && [ -z "$(find "$top/Kbuild" "$top/kmod" "$top/uapi" \
		"$top/selftests/lint/base.sh" -newer "$lint/built")" ]
}

# built: the copy is built, against Debian's 6.1 headers, with all warnings of
# gcc and with sparse; what they said is in $log. $lint/built names the headers.
built() {
	local places KDIR
	if ! up_to_date; then
		places=$("$vm/kernel" --env 6.1) || return
		eval "$places"
		fresh
		: >"$lint/built"
		quietly "$log" make -C "$KDIR" M="$tree" -j2 W=1 C=1 \
			CF=-D__CHECK_ENDIAN__ modules || return
		printf '%s\n' "$KDIR" >"$lint/built"
	fi
	[ -s "$lint/built" ] || die "the module does not build (see w1)"
}

# none_of WHAT...: prints what grep finds; finding something is a failure.
none_of() {
	! grep "$@"
}

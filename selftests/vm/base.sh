# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts of the VM harness share: where things are, how they speak,
# and apt. Sourced, never run.
# shellcheck disable=SC2034 # read by the scripts that source this

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vm=$top/selftests/vm
out=$top/selftests/out
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nf_failover
splat_re='BUG:|WARNING:|Oops|INFO:.*(possible|suspicious|hung|stall|blocked|non-static)|general protection|KASAN|UBSAN|ODEBUG|hung task|refcount_t:|ref_tracker:|leaked reference|list_(add|del) corruption|unregister_netdevice: waiting|kmemleak: ([0-9]+ new|module )'
# An emulated machine on a busy host loses timer ticks: the kernel must neither
# panic over that at boot nor give up its clock.
# Retpolines cost a fifth of the speed and protect nothing there. A program that
# is at another address each time is translated anew each time: that made the
# start of one three to four times slower.
guest_args='no_timer_check tsc=reliable rcupdate.rcu_cpu_stall_timeout=120 mitigations=off'
guest_args+=' norandmaps'

# true_clock: an argument more, for a guest that counts the ticks of this
# machine. On a busy host it takes their rate for a third of what it is, by its
# emulated timers, and its clock runs three times too fast.
true_clock() { say "tsc_early_khz=$("$out/tsc")"; }

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { warn "$@"; exit 1; }

# quietly LOG COMMAND...: keeps the output in LOG and shows it only on failure.
quietly() {
	local log=$1 rc=0
	shift
	"$@" >"$log" 2>&1 || rc=$?
	[ "$rc" = 0 ] || { warn "failed ($rc): $*"; tail -n 60 "$log" >&2; }
	return "$rc"
}

# until_true SECONDS COMMAND...: polls a condition, and fails when it is late.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		read -r -t 0.05 <> <(:) || :
	done
}

# sound TEST FILE...: TEST has failed when there are reports of faults in user
# space; these are printed.
sound() {
	local test=$1 f
	shift
	for f; do
		[ -s "$f" ] || continue
		say "not ok - $test: a fault in user space"
		sed 's/^/# /' "$f"
	done
}

# apt_lists: the system's package lists, fetched once when there are none.
apt_lists() {
	[ -n "$(apt-cache show --no-all-versions linux-image-amd64 2>/dev/null)" ] && return
	say "apt-get update"
	quietly "$(mktemp)" apt-get update -q
}

# apt_private SUITE: prints the file of an apt configuration for another suite
# of the mirror that the system's own sources name. Own sources, own lists, own
# cache: nothing is added to the system. The signature is checked as always, but
# a mirror that stands still may be older than a week, when backports expire.
apt_private() {
	local suite=$1 dir=$cache/apt/$1 site
	if [ ! -e "$dir/ready" ]; then
		# shellcheck disable=SC2016 # apt fills these in
		site=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' \
			'Created-By: Packages' |
			awk '$3 == "main" && $2 !~ /[-\/]/ { print $1; exit }')
		[ -n "$site" ] || die "the system's apt sources name no mirror of Debian"
		mkdir -p "$dir/lists/partial" "$dir/archives/partial" "$dir/empty"
		printf 'deb [signed-by=%s] %s %s main\n' \
			/usr/share/keyrings/debian-archive-keyring.gpg "$site" "$suite" \
			>"$dir/sources.list"
		cat >"$dir/apt.conf" <<-CONF
			Dir::Etc::SourceList "$dir/sources.list";
			Dir::Etc::SourceParts "$dir/empty";
			Dir::Etc::Preferences "$dir/none";
			Dir::Etc::PreferencesParts "$dir/empty";
			Dir::State::Lists "$dir/lists";
			Dir::Cache "$dir";
			Dir::Cache::Archives "$dir/archives";
			Dir::State::Status "/dev/null";
			APT::Sandbox::User "root";
			APT::Get::List-Cleanup "false";
			Acquire::Languages "none";
			Acquire::Check-Valid-Until "false";
		CONF
		APT_CONFIG=$dir/apt.conf quietly "$dir/update.log" apt-get update -q
		: >"$dir/ready"
	fi
	say "$dir/apt.conf"
}

# apt_fetch APT_CONF DIR PACKAGE...: downloads .debs into DIR; apt verifies
# their hashes against the signed index. An empty APT_CONF is the system's.
apt_fetch() {
	local conf=$1 dir=$2
	shift 2
	(
		cd "$dir" || exit
		quietly "$dir/fetch.log" env ${conf:+APT_CONFIG="$conf"} \
			apt-get download -q -o APT::Sandbox::User=root "$@"
	)
}

# apt_depends APT_CONF PACKAGE: the names that PACKAGE depends on.
apt_depends() {
	env ${1:+APT_CONFIG="$1"} apt-cache show --no-all-versions "$2" | sed -n 's/^Depends: //p' | head -n1 | tr ',' '\n' |
		sed 's/(.*//; s/|.*//; s/[[:space:]]//g'
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The players of the kselftests: who send traffic, and are told what to do.
# Sourced by lib.sh.
# shellcheck disable=SC2154,SC2034 # names of lib.sh, and for it

declare -A ear mouth player

# play NAME NS ARGUMENTS...: starts traffic and waits until it is ready.
play() {
	local who=$1 ns=$2 in out
	shift 2
	[ -e "$tmp/$who.in" ] || mkfifo "$tmp/$who.in" "$tmp/$who.out"
	ip netns exec "$ns" "$traffic" "$@" <"$tmp/$who.in" >"$tmp/$who.out" 2>&1 &
	player[$who]=$!
	pids+=($!)
	exec {in}>"$tmp/$who.in" {out}<"$tmp/$who.out"
	mouth[$who]=$in
	ear[$who]=$out
	hear "$who" 15
}

# hear NAME SECONDS: its next line, in $heard.
hear() {
	heard=
	if ! read -r -t $(($2 * slow)) -u "${ear[$1]}" heard; then
		echo "$1 says nothing for $2 s"
		return 1
	fi
	echo "$1: $heard"
}

# tell NAME COMMAND [MS]: one command, and its answer in $heard.
tell() {
	echo "${*:2}" >&"${mouth[$1]}"
	hear "$1" 90
}

# stop NAME...: ends players.
stop() {
	local who in out
	for who; do
		in=${mouth[$who]} out=${ear[$who]}
		ends "${player[$who]}"
		exec {in}>&- {out}<&-
		unset "player[$who]" "mouth[$who]" "ear[$who]"
	done
}

# heard_is KEY [OP] WANT: of the last answer.
heard_is() {
	local found
	find_value "$1" "$heard" || :
	is "$heard: $1" "$found" "${@:2}"
}

# rounds MS NAME...: one round of each of these players, all at once.
rounds() {
	local ms=$1 who
	shift
	for who; do echo "round $ms" >&"${mouth[$who]}"; done
	for who; do
		hear "$who" $((ms / 1000 + 30))
		echo "$heard" >"$tmp/$who.round"
	done
}

# all_go_on NAME=COUNT...: each flow of these players gets its answer, from the
# place that it had before.
all_go_on() {
	local it
	rounds $((30000 * slow)) "${@%=*}"
	for it; do
		heard=$(<"$tmp/${it%=*}.round")
		heard_is ok -eq "${it#*=}"
	done
}

# open_all: the flows that "players" of a test starts, NAME=COUNT in its array all,
# are open and work. A test may have one of its own.
open_all() {
	local it
	players
	for it in "${all[@]}"; do opened "${it%=*}" "${it#*=}"; done
	all_go_on "${all[@]}"
}

# none_goes_on NAME...: and this is what a control must see.
none_goes_on() {
	local who
	rounds 3000 "$@"
	for who; do
		heard=$(<"$tmp/$who.round")
		heard_is ok -eq 0
	done
}

# opened NAME COUNT: opens all flows of a player.
opened() {
	tell "$1" open
	heard_is ok -eq "$2"
}

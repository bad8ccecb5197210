# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs jobs side by side, as many as there are CPUs, in the order of a table.
# Sourced by check.
#
# A line of the table: NAME NEEDS TITLE. NEEDS are the jobs, with commas, that
# must have ended before, or "-"; the command is the function do_NAME, with "-"
# read as "_". How a job ended is given to the function job_ended NAME STATUS
# SECONDS CPU-SECONDS TITLE.

slots=$(nproc)
heartbeat=120		# seconds between two signs of life

declare -A job_title=() job_needs=() job_pid=() job_began=() job_done=()
job_order=()
job_cpu=0		# seconds, of the one that ended last
jobs_cpu=0		# of all that have ended

jobs_read() {
	local name needs title
	while read -r name needs title; do
		[ -n "$name" ] || continue
		declare -F "do_${name//[-.]/_}" >/dev/null ||
			die "no function for the job $name"
		job_order+=("$name")
		job_needs[$name]=$needs
		job_title[$name]=$title
	done
}

job_is_ready() {
	local n
	[ "${job_needs[$1]}" = - ] && return
	for n in ${job_needs[$1]//,/ }; do
		# what a quick run leaves out is not waited for
		[ -z "${job_title[$n]-}" ] || [ -n "${job_done[$n]-}" ] || return 1
	done
}

job_start() {
	job_began[$1]=$SECONDS
	"do_${1//[-.]/_}" >"${logs:?}/$1.log" 2>&1 </dev/null &
	job_pid[$!]=$1
}

jobs_start() {
	local name
	for name in "${job_order[@]}"; do
		[ "${#job_pid[@]}" -lt "$slots" ] || return 0
		[ -z "${job_began[$name]-}" ] || continue
		! job_is_ready "$name" || job_start "$name"
	done
}

# cpu_of_job: of the job that was waited for just now. The shell counts what its
# children took when they have ended, and they what theirs did.
cpu_of_job() {
	local um us sm ss all
	times >"${logs:?}/times"
	{
		read -r _
		IFS=' ms' read -r um us sm ss
	} <"$logs/times"
	all=$((um * 60 + ${us%.*} + sm * 60 + ${ss%.*}))
	job_cpu=$((all - jobs_cpu))
	jobs_cpu=$all
}

jobs_running() {
	local pid words=
	for pid in "${!job_pid[@]}"; do
		words+=", ${job_pid[$pid]} ($((SECONDS - job_began[${job_pid[$pid]}])) s)"
	done
	say "    ... ${words#, }"
}

# jobs_run: until all have ended.
jobs_run() {
	local pid status name beat=
	trap 'jobs_stop' EXIT
	jobs_start
	while [ "${#job_pid[@]}" -gt 0 ]; do
		[ -n "$beat" ] || { sleep "$heartbeat" & beat=$!; }
		status=0
		wait -n -p pid "$beat" "${!job_pid[@]}" || status=$?
		if [ "$pid" = "$beat" ]; then
			beat=
			jobs_running
			continue
		fi
		name=${job_pid[$pid]}
		unset "job_pid[$pid]"
		job_done[$name]=1
		cpu_of_job
		job_ended "$name" "$status" $((SECONDS - job_began[$name])) \
			"$job_cpu" "${job_title[$name]}"
		jobs_start
	done
	[ -z "$beat" ] || kill "$beat"
	trap - EXIT
	[ "${#job_done[@]}" = "${#job_order[@]}" ] ||
		die "jobs that wait for each other: $(jobs_left)"
}

jobs_left() {
	local name
	for name in "${job_order[@]}"; do
		[ -n "${job_done[$name]-}" ] || printf '%s ' "$name"
	done
}

jobs_stop() {
	local pid
	for pid in "${!job_pid[@]}"; do kill "$pid" 2>/dev/null || :; done
}

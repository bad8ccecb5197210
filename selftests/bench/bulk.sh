# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The phase of a table of $size entries: the standby joins late and gets it
# all, then it is promoted. Sourced by ./guest.
#
# shellcheck disable=SC2154 # what lib.sh, ./pairs.sh and ./guest have

# fill: the table of fw1, while nobody listens.
fill() {
	in_ns "$fw1" "$loader" "$size" 203.0.113.2
	is "loaded" "$(connections "$fw1")" -ge "$size"
}

# count_reaches NS NUMBER: waits, almost for free, and prints when, in µs. It
# comes before all that it waits for.
count_reaches() {
	# shellcheck disable=SC2016 # for the shell in there
	in_ns "$1" chrt -f 90 bash -c '
		exec 9<>"$2"
		until read -r n </proc/sys/net/netfilter/nf_conntrack_count && [ "$n" -ge "$1" ]; do
			read -r -t 0.002 -u 9 || :
		done
		echo "${EPOCHREALTIME/[.,]/}"' - "$2" "$tmp/nap"
}

# cache_reaches NUMBER: the same of the external cache of conntrackd on fw2.
cache_reaches() {
	until [ "$(in_cache 2 external)" -ge "$1" ]; do nap 0.1; done
	now_us
}

reaches() {
	if [ "$system" = conntrackd-cache ]; then
		cache_reaches "$1"
	else
		count_reaches "$fw2" "$1"
	fi
}

# bulk: how long, from the first entry to the last, and how much work.
bulk() {
	local cpu1 cpu2 first last packets bytes
	fill
	start "$fw1" active
	filled_up
	cpu1=$(($(cpu "$fw1") + $(cpu_workers)))
	packets=$(link_counter packets) bytes=$(link_counter bytes)
	start "$fw2" standby
	cpu2=$(cpu "$fw2")
	case $system in conntrackd*) ask_conntrackd 2 -n ;; esac
	first=$(reaches 1)
	last=$(reaches "$size")
	in_pair
	settled
	phase_figure ms $(((last - first) / 1000))
	phase_figure cpu_active $(($(cpu "$fw1") + $(cpu_workers) - cpu1))
	phase_figure cpu_standby $(($(cpu "$fw2") - cpu2))
	phase_figure link_packets $(($(link_counter packets) - packets))
	phase_figure link_bytes $(($(link_counter bytes) - bytes))
	phase_figure missing $((size - $(held_by_standby)))
}

phase_figure() { figure "bulk_$size" "$system" "$@"; }

# The active knows its whole table.
filled_up() {
	case $system in
	nf_failover) wait_for 60 state_is "$fw1" Active ;;
	*) wait_for 3600 knows_all ;;
	esac
}
knows_all() { is "internal cache" "$(in_cache 1 internal)" -ge "$size"; }

held_by_standby() {
	if [ "$system" = conntrackd-cache ]; then
		in_cache 2 external
	else
		# conntrackd's own link is tracked too.
		echo $(($(connections "$fw2") - $(link_entries)))
	fi
}

link_entries() {
	in_ns "$fw2" conntrack -L -p udp --dport 3780 2>/dev/null | wc -l
}

# promote: until the entries are there for traffic, and until all is done that
# belongs to it.
promote() {
	local t0 t1
	t0=$(now_us)
	case $system in
	nf_failover) in_ns "$fw2" failover active ;;
	*) ask_conntrackd 2 -c ;;
	esac
	t1=$(now_us)
	phase_figure promote_us $((t1 - t0))
	case $system in
	conntrackd*)
		# The rest of the package's primary-backup.sh.
		ask_conntrackd 2 -f
		ask_conntrackd 2 -R
		ask_conntrackd 2 -B
		;;
	esac
	phase_figure promote_all_us $(($(now_us) - t0))
	is "entries of the new active" "$(connections "$fw2")" -ge "$size"
}

table() {
	pair_fresh
	bulk
	promote
}

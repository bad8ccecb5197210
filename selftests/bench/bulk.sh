# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The phase of a table of $size entries: the standby joins late and gets it
# all, then it is promoted. Sourced by ./guest.
#
# shellcheck disable=SC2154 # what lib.sh, ./pairs.sh and ./guest have

# fill: the table of fw1, while nobody listens. It has a bucket for each entry.
fill() {
	echo $((size > 65536 ? size : 65536)) >"$hashsize"
	in_ns "$fw1" "$loader" "$size" 203.0.113.2
	is "loaded" "$(connections "$fw1")" -ge "$size"
}

# watch_count: in the background, when the first entry came to fw2 and when the
# last, in µs, into $tmp/clock. It costs almost nothing, and comes before all
# that it watches. There may be some entries already, of the link.
watch_count() {
	# shellcheck disable=SC2016 # for the shell in there
	ip netns exec "$fw2" chrt -f 90 bash -c '
		exec 9<>"$2"
		count() { read -r n </proc/sys/net/netfilter/nf_conntrack_count; }
		until_more() {
			until count && [ "$n" -gt "$1" ]; do
				read -r -t 0.002 -u 9 || :
			done
			echo "${EPOCHREALTIME/[.,]/}"
		}
		count
		base=$n
		echo ready
		until_more "$base"
		until_more $((base + $1 - 1))
		' - "$size" "$tmp/nap" >"$tmp/clock" &
	watcher=$!
	pids+=("$watcher")
	wait_for 30 grep ready "$tmp/clock"
}

# clocked SINCE: in $ms, from the first to the last. A cache is asked instead,
# and the time is from the request on.
clocked() {
	if [ "$system" = conntrackd-cache ]; then
		until [ "$(in_cache 2 external)" -ge "$size" ]; do nap 0.1; done
		ms=$((($(now_us) - $1) / 1000))
	else
		wait "$watcher"
		ms=$(awk '/[0-9]/ { t[++n] = $1 }
			END { print int((t[2] - t[1]) / 1000) }' "$tmp/clock")
	fi
}

# bulk: how long, from the first entry to the last, and how much work.
bulk() {
	local cpu1 cpu2 t0 ms packets bytes
	fill
	start "$fw1" active
	filled_up
	ours || start "$fw2" standby
	[ "$system" = conntrackd-cache ] || watch_count
	cpu1=$(($(cpu "$fw1") + $(cpu_workers))) cpu2=$(cpu "$fw2")
	packets=$(link_counter packets) bytes=$(link_counter bytes)
	t0=$(now_us)
	sync_asked
	clocked "$t0"
	in_pair
	settled
	phase_figure ms "$ms"
	phase_figure cpu_active $(($(cpu "$fw1") + $(cpu_workers) - cpu1))
	phase_figure cpu_standby $(($(cpu "$fw2") - cpu2))
	phase_figure link_packets $(($(link_counter packets) - packets))
	phase_figure link_bytes $(($(link_counter bytes) - bytes))
	phase_figure missing $((size - $(held_by_standby)))
}

# sync_asked: the standby asks for everything.
sync_asked() {
	case $system in
	nf_failover*) start "$fw2" standby ;;
	*) ask_conntrackd 2 -n ;;
	esac
}

phase_figure() { figure "bulk_$size" "$system" "$@"; }

# The active knows its whole table.
filled_up() {
	case $system in
	nf_failover*) wait_for 60 state_is "$fw1" Active ;;
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

# promote: until the entries are there for traffic.
promote() {
	local t0
	t0=$(now_us)
	case $system in
	nf_failover*) in_ns "$fw2" failover active ;;
	*) ask_conntrackd 2 -c ;;
	esac
	phase_figure promote_us $(($(now_us) - t0))
	is "entries of the new active" "$(connections "$fw2")" -ge "$size"
}

table() {
	pair_fresh
	bulk
	promote
}

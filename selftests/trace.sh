#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tracepoints tell each outcome, and nothing until they are asked. With a key log
# what was sent over a sealed link can be opened, and without it cannot (that the
# Wireshark dissector does so, too, is shown by dissector/run).
#
# Topology: lib.sh; hostile frames are sent at fw2's end of the link.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

hold_ms=5000
tracing=/sys/kernel/tracing
events='fo_association fo_bulk fo_count fo_ct_applied fo_ct_captured fo_ct_sent
	fo_frame_received fo_frame_sent fo_history fo_mismatch fo_record'

network() {
	[ -d "$tracing/events" ] || mount -t tracefs tracefs "$tracing" ||
		{ echo "the kernel has no tracefs"; return "$skipped"; }
	network_up
	play echo "$server" server 5000
	pair_up
}

described() {
	local e
	for e in $events; do
		grep -q 'field:u32 netns' "$tracing/events/nf_failover/$e/format"
	done
	is "events" "$(find "$tracing/events/nf_failover" -name format | wc -l)" \
		-eq "$(wc -w <<<"$events")"
}

# A frame of another version, which is counted as such.
strange_frames() {
	local before
	before=$(counter "$fw1" rx-bad-version)
	in_ns "$fw2" "$frames" fail version "$ethertype" "$1" \
		"$(ip -n "$fw1" -o link show fail | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/')"
	wait_for 30 counted "$((before + $1))"
}
counted() { is "rx-bad-version" "$(counter "$fw1" rx-bad-version)" -eq "$1"; }

quiet() {
	echo >"$tracing/trace"
	strange_frames 3
	fails grep -E 'fo_[a-z]+:' "$tracing/trace"
}

# traced REGEX: there is such a line, of the unit NS where that is given.
traced() { grep -E "$1" "$tmp/trace" >/dev/null || { echo "no $1"; return 1; }; }
inode() { stat -L -c %i "/run/netns/$1"; }

told() {
	local one two
	one=netns=$(inode "$fw1") two=netns=$(inode "$fw2")
	echo 4096 >"$tracing/buffer_size_kb"
	echo 1 >"$tracing/events/nf_failover/enable"
	strange_frames 7
	play few "$client" tcp "$out4" 5000 3
	opened few 3
	in_step "$fw1" "$fw2"
	in_ns "$fw2" failover active
	wait_for 60 state_is "$fw2" Active
	wait_for 60 state_is "$fw1" "Standby Ready"
	echo 0 >"$tracing/events/nf_failover/enable"
	cp "$tracing/trace" "$tmp/trace"
	is "strange frames" \
		"$(grep -c "fo_count: $one counter=rx-bad-version n=1" "$tmp/trace")" -eq 7
	traced "fo_frame_sent: $one link=fail type=HELLO .* err=0"
	traced "fo_frame_received: $two link=fail type=DATA index=[0-9a-f]{8} counter=[1-9]"
	traced "fo_ct_captured: $one proto=6 src=10.10.0.10:[0-9]+ dst=203.0.113.10:5000"
	traced "fo_ct_sent: $one op=create slot=[0-9]+ proto=6 src=10.10.0.10:[0-9]+ dst=203.0.113.10:5000"
	traced "fo_ct_applied: $two op=create slot=[0-9]+ proto=6 src=10.10.0.10:[0-9]+ .* err=0"
	traced "fo_record: $two row=\"TCP conn\" column=rcv"
	traced "fo_history: $two from=\"Standby Ready\" .* role=active"
	traced "fo_bulk: $two sent begin"
	traced "fo_bulk: $one received end"
	fails traced 'counter=rx-bad-seal'
}

# New keys while the log is written, and what is recorded under them.
keys_logged() {
	local log
	"$top/tools/wireshark/keylog" "$tmp/keys" 2>"$tmp/keylog" &
	log=$!
	pids+=("$log")
	wait_for 60 grep -qs 1 "$tracing/instances/nf_failover_keylog/events/nf_failover_keylog/keys/enable"
	sniff_link "$tmp/link.pcap" "$fw1" "ether proto $ethertype"
	new_keys
	play more "$client" tcp "$out4" 5000 3
	opened more 3
	in_step "$fw2" "$fw1"
	# neither the log nor the record is behind
	wait_for 20 recorded
	sniff_off link
	kill -TERM "$log"
	wait "$log" || :
	is "mode of the log" "$(stat -c %a "$tmp/keys")" = 600
	is "keys" "$(wc -l <"$tmp/keys")" -ge 2
}
new_keys() {
	local i ns
	in_ns "$fw1" failover genkey "$tmp/key2"
	for i in "key next file $tmp/key2" "key file $tmp/key2" "no key next"; do
		for ns in "$fw1" "$fw2"; do
			# shellcheck disable=SC2086 # words of a command
			in_ns "$ns" failover $i
		done
	done
	wait_for 60 rekeyed "$fw1"
	wait_for 60 rekeyed "$fw2"
}
rekeyed() { is "rekeys" "$(counter "$1" rekeys)" -ge 1; }

recorded() { is "connections" "$(told_by connections "$tmp/keys")" -ge 3; }
told_by() { value "$1" "$("$here/out/codec" open "$tmp/link.pcap" "$2")"; }
keys_open_it() {
	is "frames opened" "$(told_by opened "$tmp/keys")" -ge 4
	is "connections" "$(told_by connections "$tmp/keys")" -ge 3
	is "frames opened without keys" "$(told_by opened /dev/null)" -eq 0
}

stages <<-END
	!network         the pair
	described        each event has its format
	quiet            nothing is traced until somebody asks
	told             frames, refusals, connections, roles and bulk syncs are traced
	keys_logged      the keys of a sealed link are logged by a probe
	keys_open_it     with them the record shows connections, without them none
	kernel_is_clean  the kernel log is clean
END

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A call by SIP that was set up before a takeover has its sound after it, sent by
# the callee to an address of NAT that only the call has announced; and a
# transfer by TFTP whose request has passed gets its data. With the replication of
# expectations off there is no sound.
#
# Both ends of the call are sipp, which sends back what it hears. tftp asks again
# when it gets nothing, and is expected anew then: that has no control.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.bash"

ruleset() { helper_rules sip udp 5060 tftp udp 69; }

network() {
	helper_modules sip tftp
	network_up
	mkdir -p "$tmp/sip" "$tmp/tftp"
	chmod 755 "$tmp" "$tmp/tftp"
	head -c 20000 /dev/urandom >"$tmp/tftp/file"
	chmod 644 "$tmp/tftp/file"
	in_ns "$server" in.tftpd -l -4 -a "$out4:69" -s "$tmp/tftp" -P "$tmp/tftpd.pid"
	wait_for 20 test -s "$tmp/tftpd.pid"
	pids+=("$(<"$tmp/tftpd.pid")")
	(cd "$tmp/sip" && exec ip netns exec "$server" sipp -sn uas -i "$out4" \
		-p 5060 -mi "$out4" -mp 6000 -nostdin >"$tmp/uas.log" 2>&1 </dev/null) &
	pids+=($!)
}

call() {
	(cd "$tmp/sip" && exec ip netns exec "$client" sipp -sn uac -i 10.10.0.10 \
		-p 5060 -mi 10.10.0.10 -mp 6000 -rtp_echo -m 1 -d 3600000 \
		-nostdin "$out4:5060" >"$tmp/uac.log" 2>&1 </dev/null) &
	caller=$!
	pids+=($!)
}

hang_up() { ends "$caller"; }

# where: the port of NAT that the sound of the caller is expected at.
where() {
	expected "$1" | sed -nE 's/.*dst=203\.0\.113\.2 .* dport=([0-9]*[02468]) mask.*/\1/p' |
		head -n 1
}

# sound PORT: the callee sends something, and hears it again.
sound() {
	is "heard" "$(echo sound | in_ns "$server" timeout 5 socat -t 3 - \
		"UDP4:203.0.113.2:$1,bind=$out4:7000")" sound
}

called() {
	pair_up
	call
	wait_for 60 expected_is "$fw1" 4
	in_step "$fw1" "$fw2"
	# an INVITE that is said again takes back for a moment what was announced
	wait_for 20 same_expected "$fw1" "$fw2"
	helped_is "$fw2" sip 1
	time_left "$fw2" -gt 3600
	row_is "$fw2" rerr -eq 0
}

sounds() {
	local port
	port=$(where "$fw1")
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	wait_for 60 sound "$port"
	hang_up
}

# keep: what the server sends by a port that is not known before waits.
keep() {
	in_ns "$sw" nft -f - <<-NFT
		table bridge hold {
			counter kept { }
			chain f {
				type filter hook forward priority 0;
				ip saddr $out4 udp sport != 5060 counter name kept drop
			}
		}
	NFT
}
kept_one() {
	is "kept" "$(in_ns "$sw" nft -j list counter bridge hold kept |
		jq '[.nftables[].counter.packets // empty][0]')" -ge 1
}

# The request is the last thing before the takeover: neither end asks for long.
tftp_data() {
	unit_back "$fw1" primary
	wait_for 30 state_is "$fw1" "Standby Ready"
	keep
	ip netns exec "$client" tftp -4 -m binary "$out4" -c get file "$tmp/tftp.got" &
	pids+=($!)
	wait_for 30 kept_one
	in_step "$fw2" "$fw1"
	expected "$fw1" | grep helper=tftp
	take_role "$fw1"
	in_ns "$sw" nft delete table bridge hold
	wait_for 60 cmp "$tmp/tftp.got" "$tmp/tftp/file"
}

control() {
	local port
	fresh_firewalls
	pair_up "no failover replication expectations"
	call
	wait_for 60 expected_is "$fw1" 4
	in_step "$fw1" "$fw2"
	expected_is "$fw2" 0
	port=$(where "$fw1")
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	fails sound "$port"
	fails sound "$port"
}

stages <<-END
	!network          ends of calls, a server of files, two firewalls, a switch
	!called           what a call has announced is on the standby
	sounds            after a takeover it has its sound
	tftp_data         a transfer that was asked for before gets its data
	control           control: without their replication there is no sound
	kernel_is_clean   the kernel log is clean
END

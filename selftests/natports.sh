#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What NAT has given away stays given away: after a takeover no new connection gets
# a port that one from before has, of a range that is all in use or nearly; a
# source that has its port keeps it for whatever it talks to; and what goes out and
# comes back in by the same interface (hairpin: DNAT and SNAT) goes on. On a
# standby an entry that is in the way of the active's is removed, and counted.
#
# Topology: lib.sh. NAT has 50 ports for what goes to port 5000, and 50 others,
# given by the source alone, for UDP from port 33000. Port 8080 of the outside
# address leads to the client from inside as well.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

# Before the rule of the ruleset, which is for what these do not take.
source_nat4='udp sport 33000 snat to 203.0.113.2:41000-41049
	oifname "out" meta l4proto { tcp, udp } snat to 203.0.113.2:40000-40049'
source_nat6='meta l4proto { tcp, udp } masquerade to :40000-40049'
# Of each range, 50 by UDP and 40 by TCP.
all=(tcp4=40 tcp6=40 udp4=50 udp6=50 cone=1 hairpin-tcp=10 hairpin-udp=10)

network() {
	network_up
	play outside "$server" server 5000 5001
	play behind "$client" server 5000
	prepare "$fw1"
	prepare "$fw2"
}

# prepare NS: hairpin NAT. Nobody is told of the shorter way.
prepare() {
	sysctls "$1" net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.in.send_redirects=0
	in_ns "$1" nft -f - <<-NFT
	table ip hairpin {
		chain pre {
			type nat hook prerouting priority dstnat;
			iifname "in" ip daddr 203.0.113.2 meta l4proto { tcp, udp } \
				th dport 8080 dnat to 10.10.0.10:5000
		}
		chain post {
			type nat hook postrouting priority srcnat;
			iifname "in" oifname "in" masquerade
		}
	}
	NFT
}

# in_the_way WORD...: an entry of the standby's own, in UDP to the server.
in_the_way() {
	in_ns "$fw2" conntrack -I -p udp -t 600 -u SEEN_REPLY -d 203.0.113.10 --dport 5000 \
		-r 203.0.113.10 --reply-port-src 5000 "$@"
}

# The port of another connection is in use, and so is the tuple of the one that
# comes from port 33000, without NAT.
obstacles() {
	in_the_way -s 10.10.0.99 --sport 7 -q 203.0.113.2 --reply-port-dst 40007
	in_the_way -s 10.10.0.10 --sport 33000 -q 10.10.0.10 --reply-port-dst 33000
	is "what was replaced" "$(counter "$fw2" ct-replaced)" -eq 0
}

players() {
	play tcp4 "$client" tcp "$out4" 5000 40
	play tcp6 "$client" tcp "$out6" 5000 40
	play udp4 "$client" udp "$out4" 5000 50
	play udp6 "$client" udp "$out6" 5000 50
	play cone "$client" udp "$out4" 5000 1 33000
	play hairpin-tcp "$client" tcp 203.0.113.2 8080 10
	play hairpin-udp "$client" udp 203.0.113.2 8080 10
}

seen_as() {
	tell hairpin-udp where
	heard_is addr 10.10.0.254
	tell cone where
	heard_is addr 203.0.113.2
	cone_port=$(value port "$heard")
	is "its port" "$cone_port" -ge 41000
	is "its port" "$cone_port" -le 41049
}

# ports_used NS FAMILY PROTO: so many of the range, for what goes to port 5000.
ports_used() {
	in_ns "$1" conntrack -L -f "$2" -p "$3" --orig-port-dst 5000 2>/dev/null |
		grep -oE 'sport=5000 dport=400[0-4][0-9]' | sort -u | wc -l
}

# used NS TCP UDP: of each family.
used() {
	local family
	for family in ipv4 ipv6; do
		is "ports of TCP in $family on $1" "$(ports_used "$1" "$family" tcp)" -eq "$2"
		is "ports of UDP in $family on $1" "$(ports_used "$1" "$family" udp)" -eq "$3"
	done
}

# The active unit is right, whatever the standby had before.
resolved() {
	in_step "$fw1" "$fw2"
	wait_for 30 "$ctdiff" "$fw1" "$fw2"
	used "$fw2" 40 50
	is "what was replaced" "$(counter "$fw2" ct-replaced)" -eq 2
	is "what was refused" "$(counter "$fw2" ct-insert-refused)" -eq 0
}

loss() {
	unit_lost "$fw1"
	all_go_on "${all[@]}"
}

# open_more NAME FAMILY PROTO COUNT: new connections; they have three seconds.
open_more() {
	local to=$out4
	[ "$2" = ipv4 ] || to=$out6
	play "$1" "$client" "$3" "$to" 5000 "$4"
	tell "$1" open 3000
}

# Of 15 new ones of TCP there are ports for 10, of UDP for none.
free_ones() {
	local family
	for family in ipv4 ipv6; do
		open_more more-tcp "$family" tcp 15
		heard_is ok -eq 10
		open_more more-udp "$family" udp 5
		heard_is ok -eq 0
		stop more-tcp more-udp
	done
	used "$fw2" 50 50
	all_go_on "${all[@]}"
}

# A source that has its port has it for another destination, too.
same_cone() {
	play cone2 "$client" udp "$out4" 5001 1 33000
	opened cone2 1
	tell cone2 where
	heard_is port -eq "$cone_port"
	stop cone2
}

# Without replication nobody knows which ports are in use.
control() {
	local it
	for it in "${all[@]}"; do stop "${it%=*}"; done
	fresh_firewalls
	prepare "$fw1"
	prepare "$fw2"
	pair_up "no failover replication connections"
	open_all
	unit_lost "$fw1"
	wait_for 20 state_is "$fw2" Active
	none_goes_on tcp4 tcp6 hairpin-tcp
	open_more more-udp ipv4 udp 50
	heard_is ok -eq 50
	rounds 3000 udp4
	heard=$(<"$tmp/udp4.round")
	heard_is ok -le 1
}

stages <<-END
	!network          a server, two firewalls with NAT to few ports, hairpin NAT
	!pair_up          fw1 becomes active, fw2 becomes standby ready
	obstacles         the standby has entries of its own that will be in the way
	!open_all         TCP and UDP take 40 and 50 of 50 ports, both ways
	seen_as           the server sees addresses and ports of NAT
	resolved          the standby has what the active has; what was in the way is gone
	loss              fw1 is lost: all go on, from the ports they had
	free_ones         new connections get what is free, and no port twice
	same_cone         a source has the same port for another destination
	control           control: without replication ports are given a second time
	kernel_is_clean   the kernel log is clean
END

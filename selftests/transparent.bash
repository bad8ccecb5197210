# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the kselftests of transparent mode share: two firewalls that bridge the
# same two segments, and what is heard in these. Sourced, after lib.sh.
#
#    client           10.10.0.0/24            server
#    .10 |        ____________________        | .20
#    ____|_____  |  fw1 br0 .254/.253 |  _____|____
#   |  br-in   |-| in              out |-|  br-out  |
#   |  (sw)    |  |___________________|  |   (sw)   |
#   |          |   ________|fail_______  |          |
#   |          |-| in  fw2 br0     out |-|          |
#   |__________|  |___________________|  |__________|
#
# A script may have other devices() in a firewall, other interfaces(), and join()
# other ports with the bridges.

# shellcheck disable=SC2154,SC2034 # names of lib.sh, and for the scripts
# shellcheck disable=SC2317,SC2119 # a script takes what it needs

client_mac=02:00:00:00:00:c1
server_mac=02:00:00:00:00:51
everybody=10.10.0.255

### the network, in the place of that of lib.sh ################################

# Each knows the other, and says nothing that teaches a switch.
host() { # NS MAC NUMBER OTHER-MAC OTHER-NUMBER
	ips "$1" <<-END
		link set eth0 address $2
		addr add 10.10.0.$3/24 dev eth0
		addr add fd00:10::$3/64 dev eth0 nodad
		neigh replace 10.10.0.$5 dev eth0 lladdr $4 nud permanent
		neigh replace fd00:10::$5 dev eth0 lladdr $4 nud permanent
	END
}

hosts_up() {
	local ns
	for ns in "$client" "$server"; do
		ns_up "$ns" net.ipv4.icmp_echo_ignore_all=1 \
			net.ipv6.icmp.echo_ignore_all=1
	done
	plug "$client" eth0 br-in
	plug "$server" eth0 br-out
	host "$client" "$client_mac" 10 "$server_mac" 20
	host "$server" "$server_mac" 20 "$client_mac" 10
}

ruleset() {
	cat <<-'NFT'
	table bridge fw {
		chain forward {
			type filter hook forward priority filter; policy drop;
			ether type arp accept
			ether daddr ff:ff:ff:ff:ff:ff accept
			ct state invalid drop
			ct state established,related accept
			ip daddr 10.10.0.253 accept
			iifname { "in", "in.20" } accept
		}
	}
	NFT
}

fw_up() {
	ns_up "$1"
	devices "$1"
	rules_up "$1"
}

devices() {
	bridge_up "$1" br0
	plug "$1" in br-in out br-out
}

bridge_up() {
	ip -n "$1" link add "$2" type bridge forward_delay 0 mcast_snooping 0
	ip -n "$1" link set "$2" up
}

rules_up() {
	in_ns "$1" nft -f - <<<"$(ruleset)"
	sysctls "$1" net.netfilter.nf_conntrack_tcp_loose=0
}

# What a broadcast makes of itself on its way to each host.
count_broadcasts() {
	local seen='ether daddr ff:ff:ff:ff:ff:ff ip daddr { 10.10.0.255, 10.20.0.255, 10.30.0.255 }'
	in_ns "$sw" nft -f - <<-NFT
	table bridge seen {
		counter server { }
		counter client { }
		chain post {
			type filter hook postrouting priority filter;
			oifname "server-eth0" $seen counter name server
			oifname "client-eth0" $seen counter name client
		}
	}
	NFT
}

network() {
	network_up
	count_broadcasts
	play echo "$server" server 5000
}

### units ######################################################################

interfaces() {
	cat <<-CONF
	interface in nameif inside
	interface out nameif outside
	interface br0 nameif management
	 ip address 10.10.0.254/24 standby 10.10.0.253
	CONF
}

# The gate is there before the ports are.
bridge_unit() {
	unit_up "$@"
	wait_for 20 gated "$1"
	join "$1"
}
gated() { is "$1 is on" "$(show "$1" '.config.enabled')" true; }
join() { printf 'link set %s master br0\n' in out | ips "$1"; }

# The tests of interfaces begin before the ports are joined, and hear nothing
# until the mate says its next hello: one that ends in between fails, and its
# unit. The pair is one when all of them are normal, and fw1 has the role then.
pair() {
	module_needed
	bridge_unit "$fw1" primary "$@"
	bridge_unit "$fw2" secondary "$@"
	wait_for 60 all_normal "$fw1"
	wait_for 60 all_normal "$fw2"
	wait_for 20 settled
	[ "$(state "$fw1")" = Active ] || take_role "$fw1"
	wait_for 20 state_is "$fw1" Active
	wait_for 20 state_is "$fw2" "Standby Ready"
}
all_normal() {
	is "interfaces of $1 that are not normal" "$(show "$1" \
		'[.this.interfaces[] | select(.status != "Normal (Monitored)") | .nameif] | join(" ")')" ""
}
# settled: one is active, and the other one is ready.
settled() {
	is "states" "$(printf '%s\n' "$(state "$fw1")" "$(state "$fw2")" | sort | paste -sd,)" \
		"Active,Standby Ready"
}

# From here on stations and connections are replicated.
replicate() {
	config primary >"$tmp/$fw1.conf"
	config secondary >"$tmp/$fw2.conf"
	kill -HUP "${daemon[$fw1]}" "${daemon[$fw2]}"
	wait_for 20 replicates "$fw1"
	wait_for 20 replicates "$fw2"
	give_role "$fw2" "$fw1"
	wait_for 20 state_is "$fw2" "Standby Ready"
}
replicates() { is "replication of $1" "$(show "$1" .config.replication)" true; }

### what was heard #############################################################

# count_heard: how many broadcasts came to each host, in $at_server and $at_client.
count_heard() {
	local text
	text=$(in_ns "$sw" nft list counters table bridge seen)
	at_server=$(packets server "$text")
	at_client=$(packets client "$text")
}
packets() {
	[[ $2 =~ "counter $1 {"[^}]*"packets "([0-9]+) ]]
	echo "${BASH_REMATCH[1]}"
}
forget_heard() { in_ns "$sw" nft reset counters table bridge seen >/dev/null; }

# broadcasts NS COUNT [DEV [ADDRESS]]: so many frames to everybody.
broadcasts() {
	in_ns "$1" ping -q -b -c "$2" -i 0.05 -W 0.2 -I "${3:-eth0}" "${4:-$everybody}" || :
}

# client_heard_once [DEV ADDRESS]: each of its broadcasts, by the server, and not
# by itself.
client_heard_once() {
	forget_heard
	broadcasts "$client" 5 "$@"
	count_heard
	is "heard by the server" "$at_server" -eq 5
	is "came back" "$at_client" -eq 0
}

# A talker in the background, through everything until it is asked. Where all
# takes longer it says as much in the time that a takeover needs.
talk() {
	forget_heard
	ip netns exec "$client" ping -q -b -i "$(printf 0.%03d $((slow * 10)))" \
		-I eth0 "$everybody" >"$tmp/talk" 2>&1 &
	talker=$!
	pids+=($!)
	# until then it may not hear that it shall end
	wait_for 20 heard 3
}
heard() { count_heard; is "heard by the server" "$at_server" -ge "$1"; }

# talked: no frame was heard twice, none came back.
talked() {
	local sent
	kill -INT "$talker"
	wait "$talker" || :
	sent=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$tmp/talk")
	count_heard
	echo "sent $sent, heard $at_server"
	is "sent" "$sent" -ge 3
	is "heard of $sent" "$at_server" -le "$sent"
	is "heard of $sent" "$at_server" -ge 1
	is "came back" "$at_client" -eq 0
}

# behind BRIDGE MAC PORT [VLAN...]: where the switch has learned the station, in
# each of these VLANs; with a bond it is one of its cables.
behind() {
	local fdb vlan on=$1 mac=$2 port=$3
	shift 3
	fdb=$'\n'$(bridge -n "$sw" fdb show br "$on")
	[ $# -gt 0 ] || set -- ''
	for vlan; do
		[[ $fdb =~ $'\n'"$mac dev "([^ ]+)"${vlan:+ vlan $vlan} master" ]] || :
		is "port of $mac${vlan:+ in VLAN $vlan}" "${BASH_REMATCH[1]%-[ab]}" "$port" ||
			return
	done
}

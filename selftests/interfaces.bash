# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Of the tests of interfaces: four data networks of which each fails in its own
# way, and the states that both units are to show then. Sourced after lib.sh.
#
# The units have these interfaces, in this order:
#	inside	IPv4 and IPv6, with a client that answers a ping of all
#	outside	IPv4 and IPv6, with a server that answers ARP and ND alone
#	dmz	IPv4, with a host that answers a ping of all
#	far	IPv6, with nobody else
# A unit whose link was down has forgotten its neighbours there.
# A state is a letter: Normal, Waiting, Testing, Failed, no Link, link Down,
# Unknown, or "-" for one that is not monitored.

# shellcheck disable=SC2154 # of lib.sh

all_normal=NNNN

# Those of lib.sh, and two more.
eval "two_$(declare -f interfaces)"
interfaces() {
	two_interfaces
	cat <<-CONF
	interface dmz nameif dmz
	 ip address 192.168.50.1/24 standby 192.168.50.2
	interface far nameif far
	 ipv6 address fd00:77::1/64 standby fd00:77::2
	CONF
}

# Two more switches, and what each port lets in and out.
four_networks() {
	local fw br
	network_up
	for br in br-dmz br-far; do
		ips "$sw" <<-END
			link add $br type bridge forward_delay 0 mcast_snooping 0
			link set $br up
		END
	done
	# no address of its own, by which it would solicit and be heard
	in_ns "$sw" sysctl -qw net.ipv6.conf.br-far.disable_ipv6=1
	ip -n "$sw" addr add 192.168.50.9/24 dev br-dmz
	in_ns "$sw" sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
	sysctls "$client" net.ipv4.icmp_echo_ignore_all=0 \
		net.ipv4.icmp_echo_ignore_broadcasts=0
	for fw in "$fw1" "$fw2"; do plug "$fw" dmz br-dmz far br-far; done
	in_ns "$sw" nft -f - <<-NFT
	table bridge ports {
		set rx { type ifname; }
		set tx { type ifname; }
		chain rx {
			type filter hook prerouting priority -300;
			iifname @rx drop
		}
		chain tx {
			type filter hook postrouting priority 300;
			oifname @tx drop
		}
	}
	NFT
}

# Fast, but not so that a loaded machine misses hellos all the time.
tested=("failover polltime interface msec $((100 * slow)) holdtime msec $((1000 * slow))")

tested_pair() {
	pair_up "${tested[@]}" "$@"
	wait_for 60 states_are "$all_normal" "$all_normal"
	play echo "$server" server 5000
	play many "$client" tcp "$out4" 5000 20
	opened many 20
}

### what fails ################################################################

cable() { ip -n "$sw" link set "$1" "$2"; }
# block rx|tx PORT...: what the switch gets from a port, or sends to it, is lost;
# each keeps its carrier.
block() {
	local set=$1 port
	shift
	for port; do
		in_ns "$sw" nft add element bridge ports "$set" "{ $port }"
	done
}
# block_port PORT...: both, at once.
block_port() {
	local set port
	for set in rx tx; do
		for port; do echo "add element bridge ports $set { $port }"; done
	done | in_ns "$sw" nft -f -
}
heal() {
	local port
	in_ns "$sw" nft flush set bridge ports rx
	in_ns "$sw" nft flush set bridge ports tx
	for port in fw{1,2}-{in,out,dmz,far}; do cable "$port" up; done
}

### what is shown #############################################################

declare -A letter=(
	["Normal (Monitored)"]=N ["Normal (Waiting)"]=W
	["Testing (Monitored)"]=T ["Failed (Monitored)"]=F
	["No Link (Monitored)"]=L ["Link Down (Monitored)"]=D
	["Unknown (Monitored)"]=U ["Unmonitored"]=-
)

# What a unit shows of itself and of the other one, as "NNNN NNNN"; without jq,
# because it is asked for often.
states() {
	local text line all=
	text=$(in_ns "$1" "$asker" show monitor-interface)
	while read -r line; do
		case $line in
		'Other host'*) all+=' ' ;;
		'Interface '*'): '*) all+=${letter[${line##*'): '}]} ;;
		esac
	done <<<"$text"
	echo "$all"
}

# states_are FW1 FW2: on both, the same.
states_are() {
	is "states on fw1" "$(states "$fw1")" "$1 $2" || return
	is "states on fw2" "$(states "$fw2")" "$2 $1"
}

# cause NS NAMEIF
cause() {
	in_ns "$1" "$asker" show monitor-interface -j |
		jq -r ".this.interfaces[] | select(.nameif == \"$2\") | .cause"
}
cause_is() { is "cause of $2 on $1" "$(cause "$1" "$2")" "$3"; }
# says NS TEXT: failover show monitor-interface.
says() { in_ns "$1" failover show monitor-interface | grep -F -- "$2"; }

epoch() { show "$1" .this.epoch; }

# on_both WORDS...: a line that is typed in at both units.
on_both() { in_ns "$fw1" failover "$@" && in_ns "$fw2" failover "$@"; }

### a row of the table ########################################################

# fails_as FW1 FW2 stays|moves COMMAND...: what COMMAND does brings these states,
# and the active role from fw1 to fw2 or not. What failed before is healed first.
fails_as() {
	local before one=$1 two=$2 role=$3
	shift 3
	whole
	before=$(epoch "$fw1")
	"$@"
	wait_for 60 states_are "$one" "$two"
	if [ "$role" = moves ]; then
		wait_for 30 state_is "$fw2" Active
		all_go_on many=20
		is "epoch" "$(epoch "$fw2")" -gt "$before"
	else
		nap "$slow"
		# one that waits is tested again and again
		wait_for 20 states_are "$one" "$two"
		state_is "$fw1" Active
		is "epoch" "$(epoch "$fw1")" "$before"
	fi
}

is_whole() {
	states_are "$all_normal" "$all_normal" && state_is "$fw1" Active &&
		state_is "$fw2" "Standby Ready"
}

# whole: whatever has failed before, in another stage perhaps.
whole() { is_whole || healed; }

# healed: as before, with fw1 active.
healed() {
	heal
	wait_for 60 states_are "$all_normal" "$all_normal"
	if [ "$(state "$fw2")" = Active ]; then take_role "$fw1"; fi
	wait_for 30 state_is "$fw2" "Standby Ready"
	wait_for 60 states_are "$all_normal" "$all_normal"
	all_go_on many=20
}

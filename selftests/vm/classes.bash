# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Something of each class of state on a pair of machines, and the comparison of what
# both units have then. Sourced by two_vms.sh, after machines.sh.
# shellcheck disable=SC2034,SC2154 # names are from, and for, those that source this
# shellcheck disable=SC2016 # what machines expand

# CLASS, the list of ../tables.bash that it is in, and its lines there, of which the
# beginning is another one in a comparison.
class_rows='
TCP               entries     ipv4 proto=6 .*ESTABLISHED wscale
TCP of IPv6       entries     ipv6 proto=6 .*ESTABLISHED wscale
UDP               entries     ipv4 proto=17 .*\[ASSURED\]
ICMP              entries     ipv4 proto=1 src
ICMPv6            entries     ipv6 proto=58 src
SCTP and tags     entries     proto=132 .*state=[1-9].* vtag=.* vtag=
GRE               entries     proto=47 src
NAT               entries     dst=203.0.113.2 .*\[SNAT\]
marks             entries     mark=0xabcd0006
labels            entries     labels=20000000
zones             entries     zone=7
begun at          entries     start=
as it is shown    conntrack   .
packets and bytes accounts    udp .*packets=[1-9].* bytes=[1-9].*packets=[1-9]
neighbours        neighbours  10\.10\.0\.99 
neighbours, IPv6  neighbours  fd00:10::99 
SAs and policies  sas         .
objects           objects     stays
of a set          elements    users
of a set, by rule elements    seen
routes            static      198\.51\.102
'
# These are there when the standby has the module of the helper.
helper_rows='
helper            conntrack   helper=ftp
shifted numbers   entries     seqadj=-?[1-9].*seqadj=
expectations      expected    dport=1025
'
class_lines=("failover replication ipsec keys"
	"failover replication nft-set inet churn users"
	"failover replication nft-set inet churn seen"
	"failover replication route static")
class_lines_off=("no failover replication connections"
	"no failover replication expectations"
	"no failover replication neighbours"
	"no failover replication objects"
	"no failover replication ipsec")
how_many() { grep -c . <<<"$class_rows$helper_rows"; }

### machines in the place of namespaces ########################################

client=client server=server active=fw1 standby=fw2 ctdiff=ctdiff

# in_ns NAME COMMAND...: of a firewall, or of one of the hosts.
in_ns() {
	local it=$1
	shift
	case $it in
	client | server) on hosts "ip netns exec $it ${*@Q} 2>/dev/null" ;;
	*) on "$it" "${*@Q} 2>/dev/null" ;;
	esac
}

ip() { in_ns "$2" ip "${@:3}"; }

. "$top/selftests/helpers.bash"
. "$top/selftests/ipsec.bash"
. "$top/selftests/tables.bash"
inside=eth0 outside=eth1

interfaces() {
	cat <<-CONF
		interface eth0 nameif inside
		 ip address 10.10.0.254/24 standby 10.10.0.253
		 ipv6 address fd00:10::254/64 standby fd00:10::253
		interface eth1 nameif outside
		 ip address 203.0.113.2/24 standby 203.0.113.3
		 ipv6 address 2001:db8:203::2/64 standby 2001:db8:203::3
	CONF
}

# What both firewalls have besides. The server's second address is reached without NAT.
class_rules() {
	cat <<-NFT
		insert rule ip nat postrouting ip daddr 203.0.113.11 accept
		table ip6 nat {
			chain postrouting {
				type nat hook postrouting priority srcnat
				oifname "eth1" masquerade fully-random
			}
		}
		table inet churn {
			set users { type ipv4_addr; flags timeout; }
			set seen {
				type ipv4_addr . inet_service
				flags timeout, dynamic
				timeout 1h
			}
			chain zones {
				type filter hook prerouting priority raw
				iifname "eth0" udp dport 5007 ct zone set 7
				iifname "eth1" udp sport 5007 ct zone set 7
			}
			chain forward {
				type filter hook forward priority -5
				udp dport 7 ct mark set 0xabcd0006
				tcp dport 7 ct label set 5
				iifname "eth0" udp dport 5007 add @seen { ip saddr . udp sport }
				ct helper "ftp" tcp sport 7 counter
			}
		}
	NFT
}

# What needs the modules of FTP, which fw2 gets late.
helper_rules_of() {
	on "$1" 'modprobe -a nf_conntrack_ftp nf_nat_ftp && nft -f - <<END
		table inet churn {
			ct helper ftp-standard { type "ftp" protocol tcp; }
			chain helpers {
				type filter hook prerouting priority filter
				tcp dport 21 ct helper set "ftp-standard"
			}
		}
END'
}
lay_aside() {
	on fw2 'for f in $(find /lib/modules -name "nf_*_ftp.ko*"); do mv "$f" "$f.aside"; done'
}
put_back() {
	on fw2 'for f in $(find /lib/modules -name "*.aside"); do mv "$f" "${f%.aside}"; done' &&
		helper_rules_of fw2
}

# Nothing is over before it is compared.
class_machine() {
	on "$1" "sysctl -qw net.ipv6.conf.all.forwarding=1 \
			net.netfilter.nf_conntrack_{acct,timestamp}=1 \
			net.netfilter.nf_conntrack_{udp,icmp,icmpv6,gre}_timeout=3600 \
			net.netfilter.nf_conntrack_{udp,gre}_timeout_stream=3600 \
			net.netfilter.nf_conntrack_sctp_timeout_established=3600
		touch /run/netns/$1
		mount --bind /proc/self/ns/net /run/netns/$1
		nft -f - <<'END'
$(class_rules)
END"
}

class_machines() {
	tmp=$machines_dir
	class_machine fw1 && helper_rules_of fw1 && class_machine fw2 && lay_aside || return
	on hosts 'ip -n client -batch - <<END
addr add 10.10.0.99/24 dev eth0
addr add fd00:10::2/64 dev eth0 nodad
addr add fd00:10::99/64 dev eth0 nodad preferred_lft 0
route add default via fd00:10::254
END
		ip -n server -batch - <<END
addr add 203.0.113.11/24 dev eth0
addr add 2001:db8:203::10/64 dev eth0 nodad
route add 10.10.0.0/24 via 203.0.113.2
END
		for ns in client server; do
			ip netns exec $ns sysctl -qw net.ipv6.icmp.echo_ignore_all=1
		done'
}

### what is opened #############################################################

# NAME NAMESPACE ARGUMENTS: of traffic; the flows of the client are opened.
class_flows='
s-sctp server raw sctp 4 at 203.0.113.10
s-gre  server raw gre 4 at 203.0.113.10
c-sctp client raw sctp 4 203.0.113.10
c-gre  client raw gre 4 203.0.113.10
tcp    client tcp 203.0.113.10 7 3
tcp6   client tcp 2001:db8:203::10 7 2
udp    client udp 203.0.113.10 7 3
zone   client udp 203.0.113.10 5007 2
icmp   client icmp 203.0.113.10 7 2
icmp6  client icmp 2001:db8:203::10 7 2
'

# class_flow FILTER COMMAND: for the flows that are called so; each has to do all.
class_flow() {
	on hosts "for it in $(awk -v f="$1" '$1 ~ f { print $1 }' <<<"$class_flows" | xargs); do
			printf '%s: ' \$it; ask_flow \$it '$2'
		done" >"$tmp/flows" && ! grep -vE 'ok=[1-9]' "$tmp/flows"
}

classes_open() {
	class_machines || return
	# only fw1 asks for these; they need not answer but who they are
	on fw1 'for it in 10.10.0.99 fd00:10::99; do ping -c 1 -W 1 $it; done >/dev/null; :'
	on hosts "while read -r it; do [ -z \"\$it\" ] || start_flow \$it || exit; done <<'END'
$class_flows
END" || return
	class_flow '^[^s]' open && class_flow '^(udp|zone)' round || return
	# datagrams are a stream, with its timeout, after two seconds
	sleep 3
	class_flow '^(udp|zone)' round || return
	on fw1 "failover object put stays 1 here &&
		nft add element inet churn users '{ 10.99.0.1 timeout 1h }' &&
		ip route replace 198.51.102.0/24 via 203.0.113.10 proto static &&
		ip -batch - <<'END'
$(ends_at_pair)
END"
}

# What FTP announces, where the client's address gets longer by NAT: what listens at
# port 7 is used at once, and the other one is expected on.
ftp_open() {
	on hosts 'start_lines ftp client 203.0.113.10 21 &&
		ask_flow ftp "USER a" && ask_flow ftp "PORT 10,10,0,2,0,7" &&
		start_flow ftp-data server tcp 203.0.113.2 7 1 &&
		ask_flow ftp-data open | grep ok=1 &&
		ask_flow ftp "PORT 10,10,0,2,4,1" && ask_flow ftp "NOOP 1"' >/dev/null
}

### comparison ################################################################

list_same() { [ "$(differ "$1")" = 0 ]; }
list_differs() { ! list_same "$1"; }

# each_row ROWS FUNCTION...: with a list and a pattern behind it.
each_row() {
	local rows=$1 class list pattern rc
	shift
	while IFS= read -r class; do
		[ -n "$class" ] || continue
		read -r list pattern <<<"${class:18}"
		class=${class:0:18}
		class=${class%"${class##*[! ]}"}
		rc=0
		"$@" "$list" "$pattern" || rc=1
		tap "$rc" "$kernels: $what: $class: $found"
	done <<<"$rows"
}

# count LIST PATTERN: on the active unit, and how many of the lines differ.
count() {
	has=$(grep -cE -- "$2" "$tmp/$1.active") || :
	unlike=$(grep -cE -- "$2" "$tmp/$1.differ") || :
	found="$has, $unlike differ"
}
row_same() {
	count "$@"
	[ "$has" -ge 1 ] && [ "$unlike" = 0 ] && return
	sed 's/^/# /' "$tmp/$1.differ" | head -n 20
	return 1
}
row_differs() { count "$@"; [ "$has" -ge 1 ] && [ "$unlike" -ge 1 ]; }

# lists_are FUNCTION LIST...: for a while.
lists_are() {
	local it
	for it in "${@:2}"; do until_true 60 "$1" "$it" || :; done
}
lists='entries conntrack neighbours sas objects elements static'

# said NAME FILTER: of what failover show knows.
said() { on "$1" 'failover show -j' | jq -r "$2"; }
counted() { [ "$(said "$1" ".counters[\"$2\"] // 0")" -ge 1 ]; }
refused_row() { [ "$(said fw2 ".classes[] | select(.name == \"$1\") | .rerr")" -ge 1 ]; }

# What a unit has counted of what it could not make anything of, or not take in.
refusals() {
	said "$1" '(.counters | to_entries[] | select(.value != 0 and (.key | test(
			"^rx-(bad|unknown|short|no-memory|beyond)|refused|omitted|unnamed|"
			+ "^ct-(no|nat-differs|table-full|lost|unknown)|no-(master|interface|sa)|overflow")))
			| "\(.key)=\(.value)"),
		(.classes[] | select(.rerr != 0) | "\(.name) rerr=\(.rerr)")' | xargs
}

none_refused() {
	found="$(refusals fw1)$(refusals fw2)"
	[ -z "$found" ]
}

# What fw2 has no module for is counted there, and said by fw1.
helper_missing() {
	local it
	ftp_open || return
	for it in 'counted fw2 ct-no-helper' 'counted fw2 expect-refused' \
		'refused_row Expectations' fw1_warns 'mate_lacks ct-no-helper'; do
		found="not in time: $it"
		# shellcheck disable=SC2086 # words
		until_true 60 $it || return
	done
	found=
}
# mate_lacks REASON: so fw1 knows of fw2.
mate_lacks() { said fw1 '.other.refused[].reason' | grep -x "$1" >/dev/null; }
mate_lacks_nothing() { [ "$(said fw1 '.other.refused | length')" = 0 ]; }
fw1_warns() {
	on fw1 'failover show' | grep 'helper ftp is missing on the other unit' >/dev/null
}

helper_comes() { put_back && lists_are list_same expected conntrack entries; }

# Whole records have the counters with them.
counters_told() { on fw1 'failover resync' && lists_are list_same accounts; }

# DCCP: which kernel tracks it by its ports has timeouts of it.
tracks_dccp() { on "$1" 'test -e /proc/sys/net/netfilter/nf_conntrack_dccp_timeout_open'; }
tracker_missing() {
	local one=0 other=0
	tracks_dccp fw1 || one=1
	tracks_dccp fw2 || other=1
	on hosts 'start_flow s-dccp server raw dccp 4 at 203.0.113.11 &&
		start_flow c-dccp client raw dccp 4 203.0.113.11 &&
		ask_flow c-dccp open' | grep 'ok=1' >/dev/null || return
	until_true 60 has_dccp || return
	found=$(said fw2 '.counters["ct-no-tracker"] // 0')
	[ "$one" != "$other" ] || { [ "$found" = 0 ]; return; }
	[ "$found" -ge 1 ] && until_true 60 mate_lacks ct-no-tracker &&
		on fw2 'dmesg | grep "tracked in another way here"' >/dev/null
}
has_dccp() { list_entries fw2 | grep 'proto=33 ' >/dev/null; }

# What was opened goes on at the survivor; the server speaks first. Or nothing does.
classes_go_on() {
	class_flow '^s-' ask && class_flow '^c-' ask && class_flow '^[tuzi]' round
}
# Its master was made anew, when the module came: a rule finds the helper there.
child_goes_on() {
	on hosts 'ask_flow ftp-data round' | grep 'ok=1' >/dev/null || return
	found=$(on fw2 'nft -j list chain inet churn forward' |
		jq '[.nftables[].rule.expr // empty | .[] | .counter.packets // empty] | add')
	[ "$found" -ge 1 ]
}
classes_lost() {
	class_flow '^s-' 'ask 700' || :
	! grep 'ok=[1-9]' "$tmp/flows" || return
	class_flow '^tcp' 'round 2000' || :
	grep 'ok=0' "$tmp/flows" >/dev/null && ! grep 'ok=[1-9]' "$tmp/flows"
}

result() { # TITLE COMMAND...
	local title=$1 rc=0
	shift
	found=
	"$@" || rc=1
	tap "$rc" "$kernels: $title${found:+: $found}"
}

# classes_compared: 5 results, and one of each row.
classes_compared() {
	local what='the same on both'
	result 'something of each class is on the active unit' classes_open
	# shellcheck disable=SC2086 # words
	lists_are list_same $lists
	result 'no unit has refused anything' none_refused
	result 'a helper that the standby lacks is counted there, and said by the active' \
		helper_missing
	result 'it is told anew when the module is there, and counters by a bulk sync' come
	each_row "$class_rows$helper_rows" row_same
	result 'a protocol that the other unit tracks in another way is counted and logged' \
		tracker_missing
}
come() { helper_comes && counters_told && until_true 60 mate_lacks_nothing; }

# classes_differ: 1 result, and one of each row.
classes_differ() {
	local what='control: without replication they differ'
	result 'control: something of each class is on the active unit' open_and_ftp
	# shellcheck disable=SC2086 # words
	lists_are list_differs $lists accounts expected
	each_row "$class_rows$helper_rows" row_differs
}
open_and_ftp() { classes_open && put_back && ftp_open; }

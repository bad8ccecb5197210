# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The tables of both units, class by class, in a form that is the same on both: what
# a unit has for itself is left out. Sourced, after lib.sh or after what has
# "in_ns" and "ip -n" of its own, and after helpers.bash and ipsec.bash.
# shellcheck disable=SC2034,SC2154 # names are from, and for, those that source this

# The devices of a firewall; and who has these addresses for himself.
inside=in outside=out
own=(10.10.0.253 203.0.113.3 fd00:10::253 2001:db8:203::3)

list_entries() { in_ns "$1" "$ctdiff" -l "$1" "${own[@]}"; }

# As conntrack shows it, without what a unit has for itself: times and uses. What
# has no answer yet is not told.
list_accounts() {
	local f
	for f in ipv4 ipv6; do in_ns "$1" conntrack -L -f "$f" -o extended 2>/dev/null; done |
		sed -E 's/^([a-z0-9]+ +[0-9]+ [a-z0-9]+ +[0-9]+) [0-9]+ /\1 /; s/ (use|delta-time)=[0-9]+//g' |
		grep -vE "UNREPLIED|SYN_SENT|SYN_RECV|=fe80:|=($(IFS='|'; echo "${own[*]}")) " |
		sort
}

# What was counted since the last whole record is not told, either.
list_conntrack() { list_accounts "$1" | sed -E 's/ (packets|bytes)=[0-9]+//g' | sort; }

list_expected() { expected "$1"; }

# Of hosts that are there: one that goes is not told, so a standby has more.
list_neighbours() {
	in_ns "$1" ip neigh show |
		awk -v dev="^($inside|$outside)\$" '
			$3 ~ dev && $4 == "lladdr" { print $1, $3, $5 }' | sort >"$tmp/neighbours"
	join "$tmp/neighbours" <(hosts | sed 's/ .*//' | sort -u)
}

# The addresses of all hosts, with the MAC and the interface of the firewalls.
hosts() {
	local it
	for it in "$client $inside" "$server $outside"; do
		in_ns "${it% *}" ip -j addr show up | jq -r ".[] | .address as \$mac |
			.addr_info[] | \"\(.local) ${it#* } \(\$mac)\""
	done
}

# What hosts say to the standby itself it learns, too, and that is right.
but_learned() {
	if [ "$1" = neighbours ]; then
		grep -vxFf <(hosts | sed 's/^/> /')
	else
		cat
	fi
}

list_sas() { known "$1"; }

list_objects() {
	in_ns "$1" failover object list -j | jq -cS '.[] | del(.from, .lifetime_s)' | sort
}

list_elements() {
	local it
	for it in users seen; do
		in_ns "$1" nft -j list set inet churn "$it" |
			jq -c "[\"$it\", (.nftables[].set.elem // [] | .[].elem.val)] | .[1:][] | [\"$it\", .]"
	done | sort
}

list_static() {
	in_ns "$1" ip route show | sed -nE 's/^(198[^ ]*) (via [^ ]* dev [^ ]*).*/\1 \2/p' | sort -u
}

# differ CLASS: lines of one unit alone, into a file.
differ() {
	"list_$1" "$active" >"$tmp/$1.active"
	"list_$1" "$standby" >"$tmp/$1.standby"
	diff "$tmp/$1.active" "$tmp/$1.standby" | grep '^[<>]' | but_learned "$1" >"$tmp/$1.differ" || :
	wc -l <"$tmp/$1.differ"
}

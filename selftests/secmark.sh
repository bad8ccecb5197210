#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The security mark of a connection, which a rule has given to it, outlives the
# active unit: not its number but the context that it stands for. The rules are
# those of one unit alone.
#
# Both units are on one host, with one policy. SELinux without any knows some names.
# AppArmor can forget a profile, whose connections keep its name: one context that
# the standby does not know.
#
# Topology: lib.sh.
# shellcheck disable=SC2317,SC2119 # the stages are called by name
. "$(dirname "$0")/lib.sh"

all=(tcp4=20 udp4=10 tcp6=10)
profiles=(nf_failover_gone nf_failover_late)

contexts() {
	[ -e /sys/kernel/security/lsm ] ||
		mount -t securityfs none /sys/kernel/security
	case $(cat /sys/kernel/security/lsm) in
	*selinux*)
		tcp=port udp=netif late=node refused=0
		;;
	*apparmor*)
		printf 'profile %s { }\n' "${profiles[@]}" | apparmor_parser -Kr
		tcp=unconfined udp=${profiles[0]} late=${profiles[1]} refused=1
		;;
	*) return 1 ;;
	esac
}

forgotten() {
	[ "$refused" = 0 ] || echo "profile $udp { }" | apparmor_parser -KR
}

network() {
	contexts
	network_up
	play outside "$server" server 5000
	rules "$fw1" "$tcp" "$udp"
}

# rules NS TCP UDP: contexts of new connections.
rules() {
	in_ns "$1" nft -f - <<-NFT
	table inet marks {
		secmark of_tcp { "$2" }
		secmark of_udp { "$3" }
		chain forward {
			type filter hook forward priority -10; policy accept;
			ct state new tcp dport 5000 meta secmark set "of_tcp"
			ct state new udp dport 5000 meta secmark set "of_udp"
			ct state new ct secmark set meta secmark
		}
	}
	NFT
}

players() {
	play tcp4 "$client" tcp "$out4" 5000 20
	play udp4 "$client" udp "$out4" 5000 10
	play tcp6 "$client" tcp "$out6" 5000 10
}

# marked NS TEXT: how many connections have this context.
marked() { "$ctdiff" -l "$1" | grep -cF " secctx=$2" || :; }

# are NS TCP UDP: so many connections have these contexts there.
are() {
	is "connections of $1 that are $tcp" "$(marked "$1" "$tcp")" "$2" || return
	is "connections of $1 that are $udp" "$(marked "$1" "$udp")" "$3"
}

known() { if [ "$refused" = 0 ]; then echo "$1"; else echo 0; fi; }

same() {
	in_step "$fw1" "$fw2"
	are "$fw1" "$1" "$2"
	wait_for 20 are "$fw2" "$1" "$(known "$2")"
	[ "$refused" = 1 ] || "$ctdiff" "$fw1" "$fw2"
}

# Before there is a standby, and while there is one.
bulk() {
	module_needed
	unit_up "$fw1" primary
	wait_for 20 state_is "$fw1" Active
	open_all
	are "$fw1" 30 10
	forgotten
	unit_up "$fw2" secondary
	wait_for 40 state_is "$fw2" "Standby Ready"
	same 30 10
}

live() {
	play more "$client" tcp "$out4" 5000 5
	opened more 5
	all+=(more=5)
	all_go_on "${all[@]}"
	same 35 10
}

# A rule sees what the standby has already.
changed() {
	in_ns "$fw1" nft flush chain inet marks forward
	in_ns "$fw1" nft -f - <<-NFT
	table inet marks {
		chain forward {
			udp dport 5000 meta secmark set "of_tcp"
			udp dport 5000 ct secmark set meta secmark
		}
	}
	NFT
	all_go_on "${all[@]}"
	same 45 0
}

# What is not known is said, by the log and by a counter: each time that it is told.
refusals() {
	local n
	n=$(counter "$fw2" secmark-refused)
	is "contexts that fw2 does not know" "$n" -ge "$refused"
	[ "$refused" = 1 ] || is "contexts that fw2 does not know" "$n" 0
	is "what fw1 could not tell" "$(counter "$fw1" secmark-omitted)" 0
	[ "$refused" = 1 ] || return 0
	dmesg | grep -F "has the security context \"$udp\", which is none here"
}

# fw2 numbers its contexts in its own way, and has one more.
loss() {
	unit_lost "$fw1"
	all_go_on "${all[@]}"
	are "$fw2" 45 0
	rules "$fw2" "$late" "$late"
	play late "$client" tcp "$out4" 5000 5
	opened late 5
	all+=(late=5)
}

back() {
	unit_back "$fw1" primary
	wait_for 40 state_is "$fw1" "Standby Ready"
	in_step "$fw2" "$fw1"
	is "connections of fw2 that are new" "$(marked "$fw2" "$late")" 5
	wait_for 20 are "$fw1" 45 0
	[ "$refused" = 1 ] || "$ctdiff" "$fw2" "$fw1"
}

stages <<-END
	!network          a server, two firewalls, rules of fw1 that set marks
	!bulk             the standby has the context of each in its bulk sync
	live              and that of a new one
	refusals          what it does not know is counted and said
	changed           and that of one that it has already
	loss              fw1 is lost: all have their marks on fw2, which sets others
	back              fw1 comes back, and learns them by the numbers of fw2
	kernel_is_clean   the kernel log is clean
END

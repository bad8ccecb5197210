# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# keepalived beside conntrackd: a unit of the rival, whole. Sourced by
# ./outage_guest after ./pairs.sh, which has conntrackd.
#
# Debian's package, VRRP version 3, one group of the inside and the outside
# address; advertisements on both, every $advert_ms. Adverts of 10 ms are the
# shortest that version 3 has, and three of them that do not come are a dead
# master, which cannot be changed in this release. Both units start as backups
# and nobody preempts, so that a unit that comes back stays one. At each turn
# the commands of conntrack-tools' primary-backup.sh.
#
# shellcheck disable=SC2154,SC2034 # what lib.sh, pairs.sh and the guest have

declare -A keepalived

# keepalived_conf UNIT-NUMBER
keepalived_conf() {
	local n=$1 turn=$tmp/turn$1
	cat <<-CONF
	global_defs {
		router_id fw$n
		script_user root
		vrrp_version 3
		vrrp_rt_priority 50
	}
	vrrp_sync_group pair {
		group {
			inside
			outside
		}
		notify_master "$turn primary"
		notify_backup "$turn backup"
		notify_fault "$turn fault"
	}
	CONF
	vrrp_instance inside in 10 "$n" 10.10.0.254/24 fd00:10::254/64
	vrrp_instance outside out 20 "$n" 203.0.113.2/24 2001:db8:203::2/64
}

# vrrp_instance NAME IFNAME ID UNIT-NUMBER ADDRESS ADDRESS6
vrrp_instance() {
	cat <<-CONF
	vrrp_instance $1 {
		state BACKUP
		nopreempt
		interface $2
		virtual_router_id $3
		priority $((255 - $4))
		advert_int $(printf '%d.%03d' $((advert_ms / 1000)) $((advert_ms % 1000)))
		virtual_ipaddress {
			$5 dev $2
		}
		virtual_ipaddress_excluded {
			$6 dev $2
		}
	}
	CONF
}

# turn_script UNIT-NUMBER: at the end of a turn it is known in $tmp/roleN. A
# backup without an external cache does not shorten its timers (-t): after a
# minute that would empty the kernel's table, which is where it has its replicas.
turn_script() {
	local backup='ask -t'
	[ "$system" = conntrackd-cache ] || backup=:
	cat <<-SCRIPT
	#!/bin/sh
	ask() { $(command -v conntrackd) -C $tmp/conntrackd$1.conf "\$1"; }
	case \$1 in
	primary) ask -c; ask -f; ask -R; ask -B ;;
	backup) $backup; ask -n ;;
	fault) $backup ;;
	esac
	echo "\$1" >$tmp/role$1
	SCRIPT
}

# own_addresses NS: of the unit itself, adverts come from there.
own_addresses() {
	local n=${conntrackd_number[$1]}
	ips "$1" <<-END
		addr add 10.10.0.25$n/24 dev in
		addr add 203.0.113.$((n + 2))/24 dev out
	END
}

keepalived_up() {
	local n=${conntrackd_number[$1]}
	# Those before may have been killed.
	rm -f "$tmp/role$n" "$tmp/keepalived$n.pid" "$tmp/vrrp$n.pid"
	keepalived_conf "$n" >"$tmp/keepalived$n.conf"
	turn_script "$n" >"$tmp/turn$n"
	chmod 755 "$tmp/turn$n"
	ip netns exec "$1" keepalived --vrrp --dont-fork --log-console \
		--no-syslog --use-file "$tmp/keepalived$n.conf" \
		--pid "$tmp/keepalived$n.pid" --vrrp_pid "$tmp/vrrp$n.pid" \
		</dev/null >>"$tmp/keepalived$n.log" 2>&1 &
	keepalived[$1]=$!
	pids+=($!)
}

# role_is NS primary|backup|fault: its last turn is done.
role_is() {
	local role=none
	read -r role <"$tmp/role${conntrackd_number[$1]}" || :
	is "role of $1" "$role" "$2"
}

rival_up() {
	own_addresses "$1"
	conntrackd_up "$1"
	keepalived_up "$1"
}

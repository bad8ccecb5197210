# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests of helpers share: rules that let in a control connection and what is
# related to it, and what units expect. Sourced, after lib.sh.

# shellcheck disable=SC2154 # names of lib.sh

# helper_rules NAME PROTOCOL PORT...: rules with these helpers; masquerading.
helper_rules() {
	local all=("$@")
	echo "table inet fw {"
	while [ $# -gt 0 ]; do
		echo "ct helper $1-standard { type \"$1\" protocol $2; }"
		shift 3
	done
	set -- "${all[@]}"
	echo "chain pre { type filter hook prerouting priority filter; policy accept;"
	while [ $# -gt 0 ]; do
		echo "$2 dport $3 ct helper set \"$1-standard\""
		shift 3
	done
	set -- "${all[@]}"
	echo "}"
	echo "chain forward { type filter hook forward priority filter; policy drop;"
	echo "ct state established,related accept"
	while [ $# -gt 0 ]; do
		echo "iifname \"in\" $2 dport $3 accept"
		shift 3
	done
	cat <<-NFT
				counter drop
			}
		}
		table ip nat4 {
			chain post {
				type nat hook postrouting priority srcnat;
				oifname "out" ip daddr != 203.0.113.11 masquerade
			}
		}
		table ip6 nat6 {
			chain post {
				type nat hook postrouting priority srcnat;
				oifname "out" masquerade
			}
		}
	NFT
}

# refused_is NS COUNT: packets that no rule let through.
refused_is() {
	is "refused by $1" "$(in_ns "$1" nft -j list chain inet fw forward |
		jq '[.nftables[].rule.expr // empty | .[] | .counter.packets // empty] | add')" -ge "$2"
}

# helper_modules NAME...: what nothing else loads, where they are modules.
helper_modules() {
	local it
	for it; do modprobe -q -a "nf_conntrack_$it" "nf_nat_$it" || :; done
}

# timed NS: what is expected, one a line, behind the seconds that it has left.
timed() {
	in_ns "$1" conntrack -L expect 2>/dev/null
	in_ns "$1" conntrack -L expect -f ipv6 2>/dev/null
}

# expected NS: the same without the seconds.
expected() { timed "$1" | sed 's/^[0-9]* //' | sort; }

expected_is() {
	expected "$1" >"$tmp/expected"
	is "expected of $1" "$(wc -l <"$tmp/expected")" -eq "$2" && return
	cat "$tmp/expected"
	return 1
}

same_expected() { is "expected of $2" "$(expected "$2")" "$(expected "$1")"; }

# time_left NS OP SECONDS: of each.
time_left() {
	local n
	for n in $(timed "$1" | sed 's/ .*//'); do
		is "seconds of $1" "$n" "$2" "$3" || return
	done
}

row() { show "$1" ".classes[] | select(.name == \"Expectations\") | .$2"; }
row_is() { is "row of $1: $2" "$(row "$1" "$2")" "${@:3}"; }

# helped_is NS HELPER COUNT: connections with that helper.
helped_is() {
	is "with $2 in $1" \
		"$(in_ns "$1" conntrack -L 2>/dev/null | grep -c "helper=$2 ")" -eq "$3"
}

# A server of FTP, with a file of 300,000 bytes.
ftp_server() {
	mkdir -p "$tmp/ftp/files" "$tmp/empty"
	chmod 755 "$tmp" "$tmp/ftp" "$tmp/ftp/files" "$tmp/empty"
	head -c 300000 /dev/urandom >"$tmp/ftp/files/file"
	cat >"$tmp/vsftpd.conf" <<-CONF
		listen_ipv6=YES
		background=NO
		anonymous_enable=YES
		anon_root=$tmp/ftp
		ftp_username=ftp
		nopriv_user=nobody
		secure_chroot_dir=$tmp/empty
		connect_from_port_20=YES
		port_enable=YES
		seccomp_sandbox=NO
		isolate=NO
		isolate_network=NO
		connect_timeout=300
		accept_timeout=300
		idle_session_timeout=900
		data_connection_timeout=900
	CONF
	# it tells its standard input what it does not like
	ip netns exec "$server" vsftpd "$tmp/vsftpd.conf" 0<>"$tmp/vsftpd.log" >&0 2>&0 &
	pids+=($!)
	wait_for 20 answers || { cat "$tmp/vsftpd.log"; return 1; }
}

answers() { in_ns "$server" bash -c 'read -r it </dev/tcp/127.0.0.1/21'; }

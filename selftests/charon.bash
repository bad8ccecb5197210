# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A site behind a gateway of its own. Its tunnels to the pair are made by key
# daemons: strongSwan's charon, one on each unit and one on the far gateway.
# Sourced, after lib.sh and ipsec.bash.
#
#   pair ____ br-out ____ server ____________ far ________________ host
#   203.0.113.2        .10      198.51.100.1    .2   192.0.2.254    192.0.2.1
#
# The server is a router, and translates addresses when it is told to.
# shellcheck disable=SC2034,SC2154 # names are from, and for, those that source this

far=far-$tag host=host-$tag
far4=198.51.100.2
# Who drops what is wrong, for ipsec.bash.
far_end=$far
declare -A charon

# site_up: the far gateway and its host.
site_up() {
	ns_up "$far" net.ipv4.ip_forward=1
	ns_up "$host"
	sysctls "$server" net.ipv4.ip_forward=1
	ips "" <<-END
		link add site netns $server type veth peer name out netns $far
		link add in netns $far type veth peer name eth0 netns $host
	END
	ips "$server" <<-END
		addr add 198.51.100.1/24 dev site
		link set site up
	END
	ips "$far" <<-END
		addr add $far4/24 dev out
		addr add 192.0.2.254/24 dev in
		link set out up
		link set in up
		route add default via 198.51.100.1
	END
	ips "$host" <<-END
		addr add 192.0.2.1/24 dev eth0
		link set eth0 up
		route add default via 192.0.2.254
	END
}
site_down() {
	ip netns del "$far" 2>/dev/null || :
	ip netns del "$host" 2>/dev/null || :
}
trap 'cleanup; site_down' EXIT

# ways NS: of a firewall, to the site. Neither what is in tunnels is translated, nor
# what the key daemon says; and the site may begin.
ways() {
	ips "$1" <<-END
		route add 198.51.100.0/24 via $out4 dev out onlink
		route add 192.0.2.0/24 via $out4 dev out onlink
	END
	in_ns "$1" nft -f - <<-NFT
		insert rule ip nat4 post ip daddr 192.0.2.0/24 accept
		insert rule ip nat4 post udp sport { 500, 4500 } accept
		add rule inet fw forward iifname "out" ip saddr 192.0.2.0/24 meta secpath exists accept
	NFT
}

### key daemons ###############################################################

# connection OWN OTHER OWN-ID OTHER-ID OWN-NET OTHER-NET: of swanctl.conf. The far
# gateway makes all anew, and soon, when it gets no answer.
connection() {
	cat <<-CONF
	connections {
		site {
			version = 2
			mobike = no
			local_addrs = $1
			remote_addrs = $2
			proposals = aes128-sha256-modp2048
			dpd_delay = 30s
			local {
				auth = psk
				id = $3
			}
			remote {
				auth = psk
				id = $4
			}
			children {
				net {
					reqid = 1
					local_ts = $5
					remote_ts = $6
					esp_proposals = $esp
					replay_window = 64
					dpd_action = $([ "$3" != far ] && echo clear || echo restart)
				}
			}
		}
	}
	secrets {
		ike-site {
			secret = $secret
		}
	}
	CONF
}

# seen: where the far gateway is for the pair.
seen=$far4
swanctl_conf() {
	if [ "$1" = "$far" ]; then
		connection "$far4" "$gate4" far pair 192.0.2.0/24 10.10.0.0/24
	else
		connection "$gate4" "$seen" pair far 10.10.0.0/24 192.0.2.0/24
	fi
}

strongswan_conf() {
	cat <<-CONF
	charon-systemd {
		load = random nonce aes sha1 sha2 hmac kdf gmp kernel-netlink socket-default vici
		install_routes = no
		threads = 6
		retransmit_timeout = 1
		retransmit_tries = 2
		filelog {
			log {
				path = $1/log
				flush_line = yes
			}
		}
		plugins {
			vici {
				socket = unix://$1/vici
			}
		}
	}
	swanctl {
		load = random
	}
	CONF
}

# charon_up NS: its key daemon knows its connection, and does nothing.
charon_up() {
	local dir=$tmp/$1.charon
	mkdir -p "$dir"
	rm -f "$dir/vici"
	strongswan_conf "$dir" >"$dir/strongswan.conf"
	swanctl_conf "$1" >"$dir/swanctl.conf"
	STRONGSWAN_CONF=$dir/strongswan.conf ip netns exec "$1" \
		charon-systemd </dev/null >"$dir/out" 2>&1 &
	charon[$1]=$!
	pids+=($!)
	wait_for 20 test -S "$dir/vici"
	# the socket is there before somebody listens to it
	wait_for 20 ike "$1" --load-creds --file "$dir/swanctl.conf"
	ike "$1" --load-conns --file "$dir/swanctl.conf"
}

# charon_ends NS [SIGNAL]: without one it says nothing to anybody.
charon_ends() {
	kill "-${2:-KILL}" "${charon[$1]}"
	wait "${charon[$1]}" || :
	unset "charon[$1]"
}

# ike NS WORD...: its key daemon is told or asked something.
ike() {
	STRONGSWAN_CONF=$tmp/$1.charon/strongswan.conf \
		timeout 60 swanctl "${@:2}" --uri "unix://$tmp/$1.charon/vici"
}

# ike_sas NS: how many it has made.
ike_sas() { ike "$1" --list-sas | grep -c ESTABLISHED || :; }

# spis NS: of the SAs that are in use.
spis() { ip -n "$1" xfrm state list | sed -nE 's/.*proto esp spi (0x[0-9a-f]+) reqid 1 .*/\1/p' | sort; }

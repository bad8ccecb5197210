# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # of lib.sh
#
# A link of lib.sh through a bridge in the namespace of the switch, at whose ports
# something can go wrong without either unit having done it. Sourced by scripts.

link_up() {
	ips "" <<-END
		link add fail netns $fw1 type veth peer name fw1-fail netns $sw
		link add fail netns $fw2 type veth peer name fw2-fail netns $sw
	END
	ips "$sw" <<-END
		link add br-link type bridge forward_delay 0 mcast_snooping 0
		link set br-link up
		link set fw1-fail master br-link up
		link set fw2-fail master br-link up
	END
	ip -n "$fw1" link set fail up
	ip -n "$fw2" link set fail up
}

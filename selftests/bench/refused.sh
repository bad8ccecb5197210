# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The phase of frames that no unit has sent: what each costs the unit that refuses
# it, with all that the kernel does before. Sourced by ./guest.
#
# shellcheck disable=SC2154 # what lib.sh, ./pairs.sh and ./guest have

forged=1000

refused() {
	local mac foreign trial before
	up
	settled
	mac=$(link_mac)
	each foreign unknown 0x88b6 "$forged" "$mac" 100
	foreign=$each
	each version version "$ethertype" "$forged" "$mac"
	each unknown unknown "$ethertype" "$forged" "$mac" 100
	each unknown_long unknown "$ethertype" "$forged" "$mac" 1500
	each seal seal "$ethertype" "$forged" 100
	each seal_long seal "$ethertype" "$forged" 1500
	before=$(counter "$fw2" handshake-x25519)
	each solicit solicit "$ethertype" "$forged" "$mac"
	figure refused nf_failover solicit_x25519 \
		$(($(counter "$fw2" handshake-x25519) - before))
	# so many are tried at once, and then no more for a while
	bursts=25 each init init "$ethertype" $((forged / 25)) "$mac"
	trial=$((each - foreign))
	before=$(counter "$fw2" handshake-trials)
	each init_many init "$ethertype" "$forged" "$mac"
	before=$(($(counter "$fw2" handshake-trials) - before))
	is "tried of $forged" "$before" -le $((forged / 4))
	figure refused nf_failover init_limited $((each - trial * before / forged))
	state_is "$fw2" "Standby Ready"
}

# each NAME WORD...: of frames.c; what one costs is in $each, too.
each() {
	local i cost
	nap 1
	cost=$(cpu "$fw2")
	for ((i = 0; i < ${bursts:-1}; i++)); do
		in_ns "$fw1" "$frames" fail "${@:2}" >"$tmp/sent"
		nap 0.02
	done
	each=$((($(cpu "$fw2") - cost) / forged))
	figure refused nf_failover "$1" "$each"
}

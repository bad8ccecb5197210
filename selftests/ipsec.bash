# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Three ESP tunnels between the outside address of the pair and the server, one for
# each of 192.0.2.1 (numbers of 32 bits), .2 (ESN) and .3 (ESN, in IPv6). Sourced,
# after lib.sh.
# shellcheck disable=SC2034,SC2119,SC2120,SC2154 # names are from, and for, those
# that source this

tunnels=(1 2 3)
margin=$((1 << 20))
gate4=203.0.113.2 gate6=2001:db8:203::2
server4=203.0.113.10 server6=2001:db8:203::10

# The SPIs of tunnel N are FIRST00N from the pair and SECOND00N to it.
first=1 second=2

# algs SPI TUNNEL: and their keys; a test may have others.
algs() { echo "aead rfc4106(gcm(aes)) 0x$(printf '%040d' "$1") 128"; }

# sa FROM TO SPI TUNNEL [WORD...]: a command; the SPI is in hexadecimal.
sa() {
	local from=$1 to=$2 spi=$3 n=$4
	shift 4
	echo "xfrm state add src $from dst $to proto esp spi 0x$spi mode tunnel" \
		"$(algs "$spi" "$n") $*"
}

# The addresses of tunnel N, the server's and the pair's.
far() { if [ "$1" = 3 ]; then echo "$server6"; else echo "$server4"; fi; }
near() { if [ "$1" = 3 ]; then echo "$gate6"; else echo "$gate4"; fi; }

# states [FIRST SECOND]: of all tunnels, alike on both ends.
states() {
	local n words far near first=${1:-$first} second=${2:-$second}
	for n in "${tunnels[@]}"; do
		words="reqid $n flag af-unspec esn replay-window 64"
		[ "$n" != 1 ] || words="reqid $n replay-window 32"
		far=$(far "$n") near=$(near "$n")
		sa "$near" "$far" "${first}00$n" "$n" "$words"
		sa "$far" "$near" "${second}00$n" "$n" "$words"
	done
}

# policy DIR FROM TO OUTER-FROM OUTER-TO N
policy() {
	echo "xfrm policy add src $2 dst $3 dir $1" \
		"tmpl src $4 dst $5 proto esp reqid $6 mode tunnel"
}

ends_at_server() {
	local n
	states
	for n in "${tunnels[@]}"; do
		echo "addr add 192.0.2.$n/32 dev lo"
		policy out "192.0.2.$n/32" 10.10.0.0/24 "$(far "$n")" "$(near "$n")" "$n"
		policy in 10.10.0.0/24 "192.0.2.$n/32" "$(near "$n")" "$(far "$n")" "$n"
	done
}

ends_at_pair() {
	local n dir
	states
	for n in "${tunnels[@]}"; do
		policy out 10.10.0.0/24 "192.0.2.$n/32" "$(near "$n")" "$(far "$n")" "$n"
		for dir in in fwd; do
			policy "$dir" "192.0.2.$n/32" 10.10.0.0/24 \
				"$(far "$n")" "$(near "$n")" "$n"
		done
	done
}

# routes NS: to what is behind the tunnels; what goes there is not masqueraded.
routes() {
	echo "route add 192.0.2.0/24 via $server4 dev out onlink" | ips "$1"
	in_ns "$1" nft insert rule ip nat4 post ip daddr 192.0.2.0/24 accept
}

# known NS: its SAs and policies, in a form that is the same on both units.
known() {
	ip -n "$1" -s -d xfrm state list | awk '
		/^src/ { if (sa != "") print sa; sa = $0; next }
		/^\t *(proto|replay[-_]window|auth|enc|aead|encap|sel|limit|expire)/ ||
		/^\t *(output-mark|if_id|mark)/ { sa = sa " " $0 }
		END { if (sa != "") print sa }' | sed 's/ seq 0x[0-9a-f]*//; s/\t/ /g; s/  */ /g' | sort
	ip -n "$1" -d xfrm policy list | sed 's/ index [0-9]*//; s/\t/ /g' | awk '
		/^src/ { if (p != "") print p; p = $0; next } { p = p " " $0 }
		END { if (p != "") print p }' | grep -v 'dir [3-9]\|socket ' | sort
}
alike() { is "SAs and policies" "$(known "$fw2")" "$(known "$fw1")"; }
has_spi() { ip -n "$1" xfrm state list | grep -q "spi 0x0*$2 "; }
has_not_spi() { fails has_spi "$@"; }

# look NS: how far its SAs have come, in sent[NS SPI] and received[NS SPI].
declare -A sent received
look() {
	local spi hi lo ohi olo
	while read -r spi hi lo ohi olo; do
		received[$1 $spi]=$(((hi << 32) + lo))
		sent[$1 $spi]=$(((ohi << 32) + olo))
	done < <(ip -n "$1" xfrm state list proto esp | tr , ' ' | awk '
		{ for (i = 1; i < NF; i++) {
			v[$i] = $(i + 1)
			if ($i == "spi") v["seq-hi"] = v["oseq-hi"] = 0
			if ($i == "oseq") print v["spi"], v["seq-hi"], v["seq"],
				v["oseq-hi"], v["oseq"]
		} }')
}

flows_on() {
	local n
	for n in "${tunnels[@]}"; do
		play "flow$n" "$client" tcp "192.0.2.$n" 5000 10
		opened "flow$n" 10
	done
}
flows_off() { stop "${tunnels[@]/#/flow}"; }

# busy: more packets in each tunnel than the windows are wide.
busy() {
	local i
	for ((i = 0; i < 10; i++)); do all_go_on flow1=10 flow2=10 flow3=10; done
}

# in_step_with ACTIVE STANDBY: the standby is where it has to be.
in_step_with() {
	local n out in
	look "$1"
	look "$2"
	for n in "${tunnels[@]}"; do
		printf -v out 0x%08x "0x${first}00$n"
		printf -v in 0x%08x "0x${second}00$n"
		is "sent by $n" "${sent[$2 $out]}" -ge $((${sent[$1 $out]} + margin)) || return
		is "received by $n" "${received[$2 $in]}" -eq "${received[$1 $in]}" || return
		is "sent by what is received" "${sent[$2 $in]}" -eq 0 || return
	done
}

drops_are() { is "drops" "$(counter "$fw2" ipsec-gate-drops)" -ge "$1"; }
mac() { ip -n "$1" -o link show "$2" | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/'; }

# listen [FILTER]: what comes and goes at the server, with the numbers.
listen() { sniff_text esp "$server" "${1:-esp}"; }

# written: the listener is not behind.
written() {
	local size
	size=$(stat -c %s "$tmp/esp.heard")
	sleep .2
	is "bytes of the listener" "$(stat -c %s "$tmp/esp.heard")" -eq "$size"
}

listen_off() {
	wait_for 20 written
	sniff_off esp
	sed -nE 's/.*ESP\(spi=(0x[0-9a-f]+),seq=(0x[0-9a-f]+)\).*/\1 \2/p' \
		"$tmp/esp.heard" >"$tmp/numbers"
}

twice() { sort "$tmp/numbers" | uniq -d; }

# errors: packets that the other end, the server if it is not set, dropped because
# of an SA.
errors() {
	# shellcheck disable=SC2016 # awk's
	in_ns "${far_end:-$server}" awk '/^XfrmIn(StateSeq|StateProto|StateInvalid|State|NoStates|Error)/ { n += $2 }
		END { print n + 0 }' /proc/net/xfrm_stat
}

# none_twice: of what was listened to; nothing was dropped, but what $dropped says.
dropped=0
none_twice() {
	is "numbers" "$(wc -l <"$tmp/numbers")" -gt 100
	is "used twice" "$(twice)" ""
	is "dropped by the other end" "$(errors)" -eq "$dropped"
}

fresh_server() {
	{ echo "xfrm state flush"; states; } | ips "$server"
}

# What the standby sends itself into a tunnel of the pair.
own_traffic() {
	listen
	in_ns "$fw2" ping -q -c 2 -W 1 -I 10.10.0.253 192.0.2.3 || :
	in_ns "$fw2" ping -q -c 2 -W 1 -I 10.10.0.253 192.0.2.1 || :
	drops_are 2
	listen_off
	fails grep -i "$(mac "$fw2" out)" "$tmp/esp.heard"
}

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print a header that says what the kernel's headers have.
#
# usage: probe.sh KERNEL-SOURCE
#
# Headers are searched, versions are not compared: stable series change within
# themselves, and distributions take changes back and forth.
set -eu
inc=$1/include

probe() { # MACRO HEADER EXTENDED-REGEX
	if grep -Eqs "$3" "$inc/$2"; then
		echo "#define $1 1"
	else
		echo "/* $1 is not set */"
	fi
}

echo "/* Made by probe.sh from the kernel's headers. */"
probe FO_HAVE_HRTIMER_SETUP linux/hrtimer.h 'void hrtimer_setup\('
probe FO_HAVE_BLAKE2S_CTX crypto/blake2s.h '^struct blake2s_ctx'
probe FO_HAVE_EXPECT_ASSIGN net/netfilter/nf_conntrack_expect.h 'assign_helper;'
probe FO_HAVE_EXPECT_STAMP net/netfilter/nf_conntrack_expect.h 'u32 timeout;'
probe FO_HAVE_EXPECT_EVENTS net/netfilter/nf_conntrack_expect.h 'u16 event_mask;'
probe FO_HAVE_HELPER_REFS net/netfilter/nf_conntrack_helper.h 'refcount_t ct_refcnt;'
probe FO_HAVE_GRE_KEYMAP_PAIR linux/netfilter/nf_conntrack_proto_gre.h '^bool nf_ct_gre_keymap_add\('
probe FO_HAVE_SOCKADDR_UNSIZED linux/socket.h '^struct sockaddr_unsized'
probe FO_HAVE_GENL_INFO_DUMP net/genetlink.h '^genl_info_dump\('
probe FO_HAVE_LSM_CONTEXT linux/security.h '^struct lsm_context'

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_GENETLINK_H
#define _FO_COMPAT_GENETLINK_H

#include_next <net/genetlink.h>

#include "config.h"

/* Before it had a name of its own the flag of an operation was that of a group. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN	GENL_UNS_ADMIN_PERM
#endif

/* What a dump was asked had a structure of its own, with the same attributes. */
#ifndef FO_HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif /* _FO_COMPAT_GENETLINK_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_LINUX_SOCKET_H
#define _FO_COMPAT_LINUX_SOCKET_H

#include_next <linux/socket.h>

#include "config.h"

#ifndef FO_HAVE_SOCKADDR_UNSIZED
#define sockaddr_unsized	sockaddr
#endif

#endif /* _FO_COMPAT_LINUX_SOCKET_H */

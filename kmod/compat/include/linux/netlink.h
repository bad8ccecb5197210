/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_LINUX_NETLINK_H
#define _FO_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/*
 * Where an error has no room for a text of its own, the text is kept until so
 * many others were made; it is sent as soon as the request is refused.
 */
#ifndef NL_SET_ERR_MSG_FMT
#define FO_ERR_TEXTS	16
#define FO_ERR_TEXT_LEN	80

static inline char *fo_err_text(void)
{
	static char text[FO_ERR_TEXTS][FO_ERR_TEXT_LEN];
	static atomic_t n;

	return text[(unsigned int)atomic_inc_return(&n) % FO_ERR_TEXTS];
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
	char *__text = fo_err_text();					\
									\
	snprintf(__text, FO_ERR_TEXT_LEN, fmt, ##args);			\
	if (__extack)							\
		__extack->_msg = __text;				\
} while (0)
#endif

#endif /* _FO_COMPAT_LINUX_NETLINK_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_LINUX_SECURITY_H
#define _FO_COMPAT_LINUX_SECURITY_H

#include_next <linux/security.h>

#include "config.h"

/*
 * The context behind a number; an error when it does not fit, or there is none.
 * What security modules give is terminated, whether their length says so or not.
 */
static inline int fo_secid_to_text(u32 secid, char *text, size_t size)
{
#ifdef FO_HAVE_LSM_CONTEXT
	struct lsm_context lsm = {};
	int err = security_secid_to_secctx(secid, &lsm);

	if (err < 0)
		return err;
	err = strscpy(text, lsm.context, size);
	security_release_secctx(&lsm);
#else
	char *context;
	u32 len;
	int err = security_secid_to_secctx(secid, &context, &len);

	if (err)
		return err;
	err = strscpy(text, context, size);
	security_release_secctx(context, len);
#endif
	return err < 0 ? err : err ? 0 : -ENOENT;
}

#endif /* _FO_COMPAT_LINUX_SECURITY_H */

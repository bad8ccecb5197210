/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_COMPAT_LINUX_HRTIMER_H
#define _FO_COMPAT_LINUX_HRTIMER_H

#include_next <linux/hrtimer.h>

#include "config.h"

#ifndef FO_HAVE_HRTIMER_SETUP
/* The function used to be set apart from the rest. */
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

#endif /* _FO_COMPAT_LINUX_HRTIMER_H */

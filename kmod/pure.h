/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure files may use: types, memcpy and error numbers.
 *
 * The pure files (codec*, window, noise, filter) are built three ways: into the module, into
 * the host's unit tests and simulation, and into the fuzzers. They call
 * nothing of the kernel.
 */
#ifndef _FO_PURE_H
#define _FO_PURE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define BIT(nr)		(1UL << (nr))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define U32_MAX		UINT32_MAX
#define pick_t(t, a, op, b) \
	({ t _a = (t)(a); t _b = (t)(b); _a op _b ? _a : _b; })
#define min_t(t, a, b)	pick_t(t, a, <, b)
#define max_t(t, a, b)	pick_t(t, a, >, b)
#endif

#endif /* _FO_PURE_H */

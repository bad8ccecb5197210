/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What session.c, hello.c and apply.c use of the kernel, for user space: every
 * <linux/...> header that they include is this one (see make_headers of ./run).
 * What it declares is in kernel.c.
 */
#ifndef _FUZZ_SHIM_H
#define _FUZZ_SHIM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <linux/errno.h>

#include "crypto.h"
#include "tracepoint.h"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef s64 ktime_t;

#define __rcu
#define __percpu

#define BIT(nr)			(1UL << (nr))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define U32_MAX			UINT32_MAX
#define NSEC_PER_MSEC		1000000ULL
#define pick_t(t, a, op, b) \
	({ t _a = (t)(a); t _b = (t)(b); _a op _b ? _a : _b; })
#define min_t(t, a, b)		pick_t(t, a, <, b)
#define max_t(t, a, b)		pick_t(t, a, >, b)
#define max(a, b)		pick_t(__typeof__(a), a, >, b)
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

typedef struct { s64 v; } atomic64_t;

#define atomic64_inc_return(a)	(++(a)->v)
#define atomic64_read(a)	((a)->v)

static inline long strscpy(char *to, const char *from, size_t size)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = '\0';
	return n;
}

static inline const void *memchr_inv(const void *p, int c, size_t n)
{
	const u8 *b = p;

	for (; n; n--, b++)
		if (*b != (u8)c)
			return b;
	return NULL;
}

u32 crc32c(u32 crc, const void *p, size_t len);
void __attribute__((noreturn)) fuzz_broken(const char *what);
#define fuzz_assert(ok, what)	do { if (!(ok)) fuzz_broken(what); } while (0)

/* --- memory and chance ------------------------------------------------ */

void *fuzz_alloc(size_t n, bool zero);
void fuzz_free(void *p);

#define kvmalloc_array(n, size, gfp)	fuzz_alloc((size_t)(n) * (size), false)
#define kvfree(p)			fuzz_free(p)
#define kvfree_sensitive(p, n)		fuzz_free(p)
#define kmalloc(n, gfp)			fuzz_alloc(n, false)
#define kfree(p)			fuzz_free(p)
#define alloc_percpu(type)		((type *)fuzz_alloc(sizeof(type), true))
#define free_percpu(p)			fuzz_free(p)
#define per_cpu_ptr(p, cpu)		(p)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define this_cpu_add(x, n)		((x) += (n))
#define this_cpu_inc(x)			((x)++)

u64 fuzz_random(void);
#define get_random_u32()		((u32)fuzz_random())
#define get_random_u64()		fuzz_random()
#define wait_for_random_bytes()		0

static inline void get_random_bytes(void *p, size_t len)
{
	u8 *b = p;

	while (len--)
		*b++ = fuzz_random();
}

/* --- locks ------------------------------------------------------------ */

typedef struct { bool held; bool ready; } spinlock_t;

void spin_lock_init(spinlock_t *l);
void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
#define spin_lock_bh(l)		spin_lock(l)
#define spin_unlock_bh(l)	spin_unlock(l)
#define local_bh_disable()	do { } while (0)
#define local_bh_enable()	do { } while (0)
#define lockdep_assert_held(l)	fuzz_assert((l)->held, "a lock is held")

/* --- time, timers, softirqs ------------------------------------------- */

#define CLOCK_MONOTONIC		1
#define ktime_get()		((ktime_t)ktime_get_ns())
#define ktime_add_ns(t, ns)	((ktime_t)((t) + (s64)(ns)))
#define ktime_after(a, b)	((a) > (b))
#define ns_to_ktime(ns)		((ktime_t)(ns))
u64 ktime_get_ns(void);
#define ktime_get_real_ns()	ktime_get_ns()

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode { HRTIMER_MODE_ABS_HARD, HRTIMER_MODE_REL_SOFT };

struct hrtimer {
	struct hrtimer *next;
	enum hrtimer_restart (*fn)(struct hrtimer *t);
	u64 expires;
	bool queued;
};

void hrtimer_setup(struct hrtimer *t,
		   enum hrtimer_restart (*fn)(struct hrtimer *),
		   int clock, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *t, ktime_t when, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *t);
#define hrtimer_is_queued(t)	((t)->queued)
#define hrtimer_set_expires(t, when) ((t)->expires = (when))
u64 hrtimer_forward_now(struct hrtimer *t, ktime_t interval);

struct tasklet_struct {
	struct tasklet_struct *next;
	void (*fn)(struct tasklet_struct *t);
	bool scheduled;
};

#define from_tasklet(v, t, field) container_of(t, __typeof__(*(v)), field)
void tasklet_setup(struct tasklet_struct *t,
		   void (*fn)(struct tasklet_struct *));
void tasklet_schedule(struct tasklet_struct *t);
#define tasklet_hi_schedule(t)	tasklet_schedule(t)
void tasklet_kill(struct tasklet_struct *t);

/* --- netlink ---------------------------------------------------------- */

struct netlink_ext_ack { int unused; };

#define NL_SET_ERR_MSG(extack, text)	((void)(extack), (void)(text))

/* --- network ---------------------------------------------------------- */

#define IFNAMSIZ	16

struct net;
struct net_device;
union nf_inet_addr { u32 ip; u8 in6[16]; };
struct nf_hook_ops { int hooknum; };
struct packet_type { int unused; };

struct sk_buff {
	u8 *data;
	u32 len;
};

void kfree_skb(struct sk_buff *skb);
#define consume_skb(skb)	kfree_skb(skb)

#endif /* _FUZZ_SHIM_H */

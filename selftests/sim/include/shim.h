/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module uses of the kernel, for user space: as little as will do.
 *
 * The sources of kmod/ are compiled as they are; every <linux/...> and
 * <net/...> header that they include is this one (see ../build). Time, timers,
 * softirqs and processes are those of the simulation, in ../kernel.c; memory
 * belongs to the unit that runs and goes when it crashes. A unit has one CPU:
 * what other CPUs would do meanwhile is done at the points where locks are
 * released.
 */
#ifndef _SIM_KERNEL_H
#define _SIM_KERNEL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <linux/errno.h>

#include "crypto.h"
#include "tracepoint.h"
#include "sim.h"

typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef u16 __be16;
typedef u32 __be32;
#define be16_to_cpu(v)	__builtin_bswap16(v)
typedef s64 ktime_t;
typedef s64 time64_t;
typedef int clockid_t;
typedef unsigned int gfp_t;

#define __rcu
#define __percpu
#define __net_exit
#define __net_init
#define __user
#define ____cacheline_aligned_in_smp
#define __acquire(x)		do { } while (0)
#define fallthrough		__attribute__((fallthrough))
#define __aligned(x)		__attribute__((aligned(x)))
#define likely(x)		(x)
#define unlikely(x)		(x)
#define EXPORT_SYMBOL_GPL(x)
#define THIS_MODULE		((struct module *)NULL)

#define BIT(nr)			(1UL << (nr))
#define BITS_PER_LONG		64
#define BITS_PER_BYTE		8
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define U32_MAX			UINT32_MAX
#define U64_MAX			UINT64_MAX
#define BUILD_BUG_ON(c)		_Static_assert(!(c), #c)
/* A kernel that has everything, and whose log nobody reads. */
#define IS_ENABLED(option)	1
#define pr_warn_ratelimited(...) do { if (0) printf(__VA_ARGS__); } while (0)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define NSEC_PER_MSEC		1000000ULL
#define HZ			250

#define pick_t(t, a, op, b) \
	({ t _a = (t)(a); t _b = (t)(b); _a op _b ? _a : _b; })
#define min_t(t, a, b)		pick_t(t, a, <, b)
#define max_t(t, a, b)		pick_t(t, a, >, b)
#define max(a, b)		pick_t(__typeof__(a), a, >, b)
#define clamp(v, lo, hi)	min_t(__typeof__(v), max_t(__typeof__(v), v, lo), hi)
#define struct_size(p, m, n) \
	(sizeof(*(p)) + (size_t)(n) * sizeof((p)->m[0]))
#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define smp_mb()		barrier()
#define smp_rmb()		barrier()
#define smp_wmb()		barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)
#define barrier()		__asm__ __volatile__("" ::: "memory")
#define xchg(p, v) \
	({ __typeof__(*(p)) _o = *(p); *(p) = (v); _o; })
#define cmpxchg(p, o, n) \
	({ __typeof__(*(p)) _o = *(p); if (_o == (o)) *(p) = (n); _o; })

static inline bool test_bit(int nr, const unsigned long *p)
{
	return *p >> nr & 1;
}

static inline void set_bit(int nr, unsigned long *p)
{
	*p |= BIT(nr);
}

static inline void clear_bit(int nr, unsigned long *p)
{
	*p &= ~BIT(nr);
}

static inline bool test_and_set_bit(int nr, unsigned long *p)
{
	bool was = test_bit(nr, p);

	set_bit(nr, p);
	return was;
}

static inline bool test_and_clear_bit(int nr, unsigned long *p)
{
	bool was = test_bit(nr, p);

	clear_bit(nr, p);
	return was;
}

typedef struct { long v; } atomic_long_t;
typedef struct { s64 v; } atomic64_t;
typedef struct { int v; } refcount_t;

#define atomic_long_set(a, n)	((a)->v = (n))
#define atomic_long_read(a)	((a)->v)
#define atomic_long_inc(a)	((a)->v++)
#define atomic_long_dec(a)	((a)->v--)
#define atomic64_inc_return(a)	(++(a)->v)
#define atomic64_read(a)	((a)->v)
#define atomic64_set(a, n)	((a)->v = (n))

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	if (r->v)
		r->v++;
	return r->v;
}

/* --- text ------------------------------------------------------------- */

static inline long strscpy(char *to, const char *from, size_t size)
{
	size_t n;

	for (n = 0; n + 1 < size && from[n]; n++)
		to[n] = from[n];
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

/* --- memory ----------------------------------------------------------- */

#define GFP_KERNEL	0
#define GFP_KERNEL_ACCOUNT	0
#define GFP_ATOMIC	1

#define kmalloc(n, gfp)			sim_alloc(n, false)
#define kzalloc(n, gfp)			sim_alloc(n, true)
#define kvzalloc(n, gfp)		sim_alloc(n, true)
#define kcalloc(n, size, gfp)		sim_alloc((size_t)(n) * (size), true)
#define kvcalloc(n, size, gfp)		sim_alloc((size_t)(n) * (size), true)
#define kvmalloc_array(n, size, gfp)	sim_alloc((size_t)(n) * (size), false)
#define kfree(p)			sim_free(p)
#define kvfree(p)			sim_free(p)
#define kvfree_sensitive(p, n)		sim_free(p)
#define kmemdup(p, n, gfp) \
	({ void *_c = sim_alloc(n, false); if (_c) memcpy(_c, p, n); _c; })

#define alloc_percpu(type)		((type *)sim_alloc(sizeof(type), true))
#define free_percpu(p)			sim_free(p)
#define per_cpu_ptr(p, cpu)		(p)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define num_possible_cpus()		2U
#define this_cpu_add(x, n)		((x) += (n))
#define this_cpu_inc(x)			((x)++)

static inline unsigned int roundup_pow_of_two(unsigned int n)
{
	return n < 2 ? 1 : 1U << (32 - __builtin_clz(n - 1));
}

/* Addresses differ from run to run; the order of objects must not. */
u32 hash32_ptr(const void *p);

#define get_random_u32()	((u32)sim_random())
#define get_random_u64()	sim_random()
#define wait_for_random_bytes()	0

static inline void get_random_bytes(void *p, size_t len)
{
	u8 *b = p;

	while (len--)
		*b++ = sim_random();
}

struct hlist_node { struct hlist_node *next, **pprev; };
#define DECLARE_HASHTABLE(name, bits)	struct hlist_node *name[1 << (bits)]

/* --- RCU -------------------------------------------------------------- */

struct rcu_head { struct rcu_head *next; void *p; };

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
#define synchronize_rcu_expedited()	synchronize_rcu()
void sim_free_rcu(struct rcu_head *h, void *p);
#define kfree_rcu(p, field)		sim_free_rcu(&(p)->field, p)
#define synchronize_net()		synchronize_rcu()
#define rcu_dereference(p)		(p)
#define rcu_dereference_raw(p)		(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_access_pointer(p)		(p)
#define rcu_assign_pointer(p, v)	((p) = (v))
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define RCU_INITIALIZER(v)		(v)
#define unrcu_pointer(p)		(p)

/* --- locks: one CPU, so a lock that is taken is a bug ------------------ */

typedef struct { bool held; bool ready; } spinlock_t;

void spin_lock_init(spinlock_t *l);
void spin_lock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
void spin_lock_bh(spinlock_t *l);
void spin_unlock_bh(spinlock_t *l);
void local_bh_disable(void);
void local_bh_enable(void);
void cond_resched(void);

#define lockdep_assert_held(l)	sim_assert(sim_held(l), "lock is held")
#define lockdep_is_held(l)	1
#define sim_held(l) _Generic((l), spinlock_t *: sim_spin_held, \
			     struct mutex *: sim_mutex_held)(l)

struct mutex { struct proc *owner; };

#define DEFINE_MUTEX(m)		struct mutex m
void mutex_init(struct mutex *m);
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);
bool sim_spin_held(const spinlock_t *l);
bool sim_mutex_held(const struct mutex *m);

/* --- time ------------------------------------------------------------- */

#define CLOCK_MONOTONIC		1
#define jiffies			((unsigned long)(sim_clock() / (1000000000 / HZ)))
#define ktime_get()		((ktime_t)sim_clock())
#define ktime_get_ns()		sim_clock()
#define ktime_get_real_ns()	sim_wall()
#define ktime_add_ns(t, ns)	((ktime_t)((t) + (s64)(ns)))
#define ktime_after(a, b)	((a) > (b))
#define ns_to_ktime(ns)		((ktime_t)(ns))
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define jiffies_to_msecs(j)	((unsigned int)((j) * 1000 / HZ))
#define msecs_to_jiffies(ms)	((unsigned long)DIV_ROUND_UP((ms) * (u64)HZ, 1000))
#define nsecs_to_jiffies(ns)	((unsigned long)((ns) / (1000000000 / HZ)))
#define ktime_get_boottime_seconds() ((s64)(sim_clock() / 1000000000))
#define ktime_get_real_seconds() ((s64)(sim_wall() / 1000000000))
#define ktime_get_real_ns()	sim_wall()
#define ktime_get_boottime_ns()	sim_clock()
#define ktime_sub(a, b)		((ktime_t)((a) - (b)))
#define ktime_to_ns(t)		((s64)(t))

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
		   clockid_t clock, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *t, ktime_t when, enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *t);
#define hrtimer_is_queued(t)	((t)->queued)
#define hrtimer_set_expires(t, when) ((t)->expires = (when))
u64 hrtimer_forward_now(struct hrtimer *t, ktime_t interval);

/* --- softirq, processes ------------------------------------------------ */

struct tasklet_struct {
	struct tasklet_struct *next;
	void (*fn)(struct tasklet_struct *t);
	bool scheduled;
};

#define from_tasklet(v, t, field) container_of(t, __typeof__(*(v)), field)
void tasklet_setup(struct tasklet_struct *t,
		   void (*fn)(struct tasklet_struct *));
void tasklet_schedule(struct tasklet_struct *t);
void tasklet_hi_schedule(struct tasklet_struct *t);
void tasklet_kill(struct tasklet_struct *t);

typedef struct { int unused; } wait_queue_head_t;

#define init_waitqueue_head(wq)	((void)(wq))
#define wake_up(wq)		sim_wake(wq)
#define wait_event_timeout(wq, condition, timeout) ({			\
	unsigned long __until = jiffies + (timeout);			\
									\
	while (!(condition) && time_before(jiffies, __until))		\
		sim_block(&(wq), (__until - jiffies) * (1000000000 / HZ)); \
	(condition);							\
})

struct work_struct {
	void (*fn)(struct work_struct *w);
	struct proc *proc;
	bool pending;
	bool running;
	bool canceling;
	const bool *timer;	/* of a delayed one: whether it waits */
};

struct delayed_work {
	struct work_struct work;
	struct hrtimer timer;
};

struct workqueue_struct;
#define WQ_UNBOUND		0
#define alloc_workqueue(...) \
	((struct workqueue_struct *)sim_alloc(1, true))
#define destroy_workqueue(wq)	sim_free(wq)
#define queue_work(wq, w)	sim_queue_work(w)
#define schedule_work(w)	sim_queue_work(w)
#define work_busy(w) \
	((w)->pending || (w)->running || ((w)->timer && *(w)->timer))
#define INIT_WORK(w, f)		(*(w) = (struct work_struct){ .fn = (f) })
#define INIT_DELAYED_WORK(w, f)	sim_init_delayed(w, f)
bool sim_queue_work(struct work_struct *w);
void sim_init_delayed(struct delayed_work *w, void (*fn)(struct work_struct *));
bool schedule_delayed_work(struct delayed_work *w, unsigned long delay);
bool sim_mod_delayed(struct delayed_work *w, unsigned long delay);
#define mod_delayed_work(wq, w, delay)	sim_mod_delayed(w, delay)
bool flush_delayed_work(struct delayed_work *w);
bool cancel_work_sync(struct work_struct *w);
bool cancel_delayed_work(struct delayed_work *w);
bool cancel_delayed_work_sync(struct delayed_work *w);

/* --- lists and arrays -------------------------------------------------- */

struct list_head { struct list_head *next, *prev; };

#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }
#define list_for_each_entry(p, head, member) \
	for ((p) = container_of((head)->next, __typeof__(*(p)), member); \
	     &(p)->member != (head); \
	     (p) = container_of((p)->member.next, __typeof__(*(p)), member))

static inline void list_add(struct list_head *e, struct list_head *head)
{
	e->next = head->next;
	e->prev = head;
	head->next->prev = e;
	head->next = e;
}

static inline void list_del(struct list_head *e)
{
	e->next->prev = e->prev;
	e->prev->next = e->next;
	e->next = NULL;
}

/* Only so that a unit has room for what is not there. */
struct rhashtable { int none; };
struct timerqueue_head { int none; };

struct xarray {
	spinlock_t lock;
	void **slot;
	unsigned long size;
};

#define XA_FLAGS_ALLOC1		0
#define XA_FLAGS_LOCK_BH	0
#define XA_LIMIT(lo, hi)	(hi)
#define xa_lock_bh(xa)		spin_lock_bh(&(xa)->lock)
#define xa_unlock_bh(xa)	spin_unlock_bh(&(xa)->lock)
#define xa_for_each_start(xa, n, e, start) \
	for ((n) = (start); (n) < (xa)->size; (n)++) \
		if (((e) = (xa)->slot[n]))
#define xa_for_each(xa, n, e) \
	for ((n) = 0; (n) < (xa)->size; (n)++) \
		if (((e) = (xa)->slot[n]))
void xa_init_flags(struct xarray *xa, int flags);
void *xa_load(const struct xarray *xa, unsigned long n);
int xa_alloc_bh(struct xarray *xa, u32 *n, void *e, u32 limit, gfp_t gfp);
int xa_insert_bh(struct xarray *xa, unsigned long n, void *e, gfp_t gfp);
void __xa_erase(struct xarray *xa, unsigned long n);
void xa_destroy(struct xarray *xa);

/* --- network ----------------------------------------------------------- */

#define IFNAMSIZ	16
#define ETH_ALEN	6

struct sk_buff {
	u8 *data;
	u32 len;
	char cb[48] __aligned(8);
};

struct sk_buff_head { int unused; };

void kfree_skb(struct sk_buff *skb);
#define consume_skb(skb)	kfree_skb(skb)

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long event,
			     void *data);
};

#define NOTIFY_DONE		0
#define notifier_from_errno(err) (err)
#define NOTIFY_OK		1
enum { NETDEV_GOING_DOWN, NETDEV_DOWN, NETDEV_UNREGISTER, NETDEV_REGISTER,
       NETDEV_CHANGEMTU, NETDEV_CHANGENAME, NETDEV_UP, NETDEV_CHANGE };
#define netif_running(dev)	((void)(dev), true)
#define netif_carrier_ok(dev)	((void)(dev), true)
enum { MODULE_STATE_LIVE, MODULE_STATE_COMING };

struct net_device {
	char name[IFNAMSIZ];
	struct net *net;
	int ifindex;
	u8 addr_len;
	u8 dev_addr[6];
};

struct net_device *dev_get_by_name_rcu(struct net *net, const char *name);

struct packet_type { int unused; };
struct netlink_ext_ack { const char *msg; };

#define NL_SET_ERR_MSG(ea, text)	((ea)->msg = (text))
#define netdev_notifier_info_to_dev(p)	((struct net_device *)(p))
#define dev_net(dev)			((dev)->net)
#define register_netdevice_notifier(nb)	((void)(nb), 0)
#define unregister_netdevice_notifier(nb) ((void)(nb))
#define register_reboot_notifier(nb)	((void)(nb), 0)
#define unregister_reboot_notifier(nb)	((void)(nb))
#define register_module_notifier(nb)	((void)(nb), 0)
#define unregister_module_notifier(nb)	((void)(nb))
#define for_each_net_rcu(n)		for ((n) = NULL; (n);)

struct kset { int unused; };
struct kobject { struct kset *kset; };
struct module { const char *name; struct { struct kobject kobj; } mkobj; };
struct module_kobject { struct kobject kobj; struct module *mod; };

#define kset_find_obj(set, name)	((struct kobject *)NULL)
#define kobject_put(k)			((void)(k))
#define try_module_get(m)		((void)(m), true)
#define module_put(m)			((void)(m))
#define request_module(name)		((void)(name))

struct pernet_operations {
	int (*init)(struct net *net);
	void (*pre_exit)(struct net *net);
	void (*exit)(struct net *net);
	unsigned int *id;
	size_t size;
};

int register_pernet_subsys(struct pernet_operations *ops);
void unregister_pernet_subsys(struct pernet_operations *ops);
void *net_generic(const struct net *net, unsigned int id);

#include "conntrack.h"

#endif /* _SIM_KERNEL_H */

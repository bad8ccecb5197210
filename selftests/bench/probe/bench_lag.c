// SPDX-License-Identifier: GPL-2.0
/*
 * When a connection was seen on the active unit and when it was inserted on
 * the standby, in nanoseconds of the one clock that both namespaces have.
 * Whoever replicates: on the active every event passes
 * nf_ct_deliver_cached_events(), on the standby every entry
 * nf_conntrack_hash_check_insert().
 *
 * A connection is known by its source port: the traffic uses each port once.
 * /proc/bench_lag has a line for each that was heard of:
 *	PORT NEW ESTABLISHED INSERTED
 * (0 is never). Writing to it forgets all.
 */

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <net/netfilter/nf_conntrack.h>

#define NAME	"bench_lag"
#define PORTS	65536

/* The port of the server that the traffic goes to. */
static unsigned short dport = 5000;
module_param(dport, ushort, 0444);

struct times {
	u64 new;
	u64 established;
	u64 inserted;
};

static struct times *times;

static struct times *times_of(const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *t;

	t = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (t->dst.u.all != htons(dport))
		return NULL;
	return &times[ntohs(t->src.u.all)];
}

/* What nf_failover replicates from, by default. */
static bool established(const struct nf_conn *ct)
{
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		return ct->proto.tcp.state == TCP_CONNTRACK_ESTABLISHED;
	return test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
}

/* Context: any; one processor, so nobody else writes the same entry. */
static int event(struct kprobe *p, struct pt_regs *regs)
{
	const struct nf_conn *ct = (void *)regs_get_kernel_argument(regs, 0);
	struct times *t = times_of(ct);

	if (!t)
		return 0;
	if (!t->new)
		t->new = local_clock();
	if (!t->established && established(ct))
		t->established = local_clock();
	return 0;
}

static int insert_begins(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(void **)ri->data = (void *)regs_get_kernel_argument(regs, 0);
	return 0;
}

static int insert_done(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct nf_conn *ct = *(void **)ri->data;
	struct times *t;

	if (regs_return_value(regs))
		return 0;
	t = times_of(ct);
	if (t && !t->inserted)
		t->inserted = local_clock();
	return 0;
}

static struct kprobe on_event = {
	.symbol_name = "nf_ct_deliver_cached_events",
	.pre_handler = event,
};

static struct kretprobe on_insert = {
	.kp.symbol_name = "nf_conntrack_hash_check_insert",
	.entry_handler = insert_begins,
	.handler = insert_done,
	.data_size = sizeof(void *),
};

static int show(struct seq_file *m, void *v)
{
	const struct times *t;
	unsigned int i;

	for (i = 0; i < PORTS; i++) {
		t = &times[i];
		if (t->new || t->inserted)
			seq_printf(m, "%u %llu %llu %llu\n", i, t->new,
				   t->established, t->inserted);
	}
	return 0;
}

static ssize_t forget(struct file *file, const char __user *buf, size_t size,
		      loff_t *pos)
{
	memset(times, 0, array_size(PORTS, sizeof(*times)));
	return size;
}

static int open(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static const struct proc_ops ops = {
	.proc_open	= open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_write	= forget,
	.proc_release	= single_release,
};

static int __init bench_lag_init(void)
{
	int err;

	times = vcalloc(PORTS, sizeof(*times));
	if (!times)
		return -ENOMEM;
	err = register_kprobe(&on_event);
	if (err)
		goto err_free;
	err = register_kretprobe(&on_insert);
	if (err)
		goto err_event;
	err = -ENOMEM;
	if (!proc_create(NAME, 0600, NULL, &ops))
		goto err_insert;
	return 0;

err_insert:
	unregister_kretprobe(&on_insert);
err_event:
	unregister_kprobe(&on_event);
err_free:
	vfree(times);
	return err;
}

static void __exit bench_lag_exit(void)
{
	remove_proc_entry(NAME, NULL);
	unregister_kretprobe(&on_insert);
	unregister_kprobe(&on_event);
	vfree(times);
}

module_init(bench_lag_init);
module_exit(bench_lag_exit);
MODULE_DESCRIPTION("Times of replicated connections, for the benchmark");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/* The init ladder of the module, and its mirror. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/net_namespace.h>

#include "unit.h"
#include "netlink.h"
#include "version.h"

static int __init fo_init(void)
{
	int err;

	err = register_pernet_subsys(&fo_capture_net_ops);
	if (err)
		return err;
	err = fo_capture_init();
	if (err)
		goto pernet;
	err = fo_unit_module_init(&fo_netlink_notify);
	if (err)
		goto capture;
	err = fo_unit_links_init();
	if (err)
		goto unit;
	err = fo_netlink_init();
	if (err)
		goto links;
	return 0;
links:
	fo_unit_links_exit();
unit:
	fo_unit_module_exit();
capture:
	fo_capture_exit();
pernet:
	unregister_pernet_subsys(&fo_capture_net_ops);
	return err;
}

static void __exit fo_exit(void)
{
	fo_netlink_exit();
	fo_unit_links_exit();
	fo_unit_module_exit();
	fo_capture_exit();
	unregister_pernet_subsys(&fo_capture_net_ops);
	fo_pptp_exit();
	/* what kfree_rcu() still holds does not need us, call_rcu() would */
	rcu_barrier();
}

module_init(fo_init);
module_exit(fo_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stateful failover for a pair of firewalls");
MODULE_VERSION(FO_VERSION);
MODULE_SOFTDEP("pre: nf_conntrack_netlink");

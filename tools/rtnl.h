/* SPDX-License-Identifier: GPL-2.0 */
/* The few things that the daemon does through rtnetlink. */
#ifndef FAILOVER_RTNL_H
#define FAILOVER_RTNL_H

#include <net/if.h>
#include <stdbool.h>

#include "addr.h"
#include "mac.h"

/* A network device as the kernel has it now; @perm: all zero when unknown. */
struct fo_dev {
	char		ifname[IF_NAMESIZE];
	int		ifindex;
	unsigned int	flags;
	bool		carrier;
	bool		ethernet;
	bool		bridge;
	bool		bridge_port;
	unsigned char	mac[MAC_BYTES];
	unsigned char	perm[MAC_BYTES];
};

struct fo_rtnl {
	struct mnl_socket *sk;
	struct mnl_socket *events;
	unsigned int	seq;
};

/* All return 0 or -errno. */
int rtnl_open(struct fo_rtnl *rt);
void rtnl_close(struct fo_rtnl *rt);
int rtnl_dev(struct fo_rtnl *rt, const char *ifname, struct fo_dev *dev);
/* Whether a bridge has ports. */
int rtnl_ports(struct fo_rtnl *rt, int ifindex, bool *any);
int rtnl_dev_up(struct fo_rtnl *rt, const struct fo_dev *dev);
/* -EBUSY: the device must be down for that. */
int rtnl_mac_set(struct fo_rtnl *rt, int ifindex, const unsigned char *mac);
/* The bridge that the device is a port of forgets who is behind it. */
int rtnl_port_flush(struct fo_rtnl *rt, int ifindex);
/* A neighbour, and how long ago it was there, in hundredths of a second. */
struct fo_neigh {
	int		family;
	unsigned char	addr[ADDR_BYTES_MAX];
	unsigned char	mac[MAC_BYTES];
	unsigned int	age;
};

/* Those that were there most recently, but for a MAC; returns how many. */
int rtnl_neighs(struct fo_rtnl *rt, int ifindex, const unsigned char *without,
		struct fo_neigh *list, int max);
/* -EEXIST: it is there already. */
int rtnl_addr_add(struct fo_rtnl *rt, int ifindex, int family,
		  const unsigned char *addr, unsigned int prefix);
/* -EADDRNOTAVAIL: it was not there. */
int rtnl_addr_del(struct fo_rtnl *rt, int ifindex, int family,
		  const unsigned char *addr, unsigned int prefix);

/*
 * The network of an IPv4 address of a device: a route that any other one there
 * is preferred to. Not for devices in a VRF.
 */
int rtnl_net_add(struct fo_rtnl *rt, int ifindex, const unsigned char *addr,
		 unsigned int prefix);
int rtnl_net_del(struct fo_rtnl *rt, int ifindex, const unsigned char *addr,
		 unsigned int prefix);

/* Changes of devices: rtnl_event() returns 1, 0 when none, or -errno. */
int rtnl_event_fd(const struct fo_rtnl *rt);
int rtnl_event(struct fo_rtnl *rt, struct fo_dev *dev);

#endif /* FAILOVER_RTNL_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * Fills the connection table of this network namespace: COUNT established TCP
 * connections behind source NAT, as a busy firewall has them. Many messages
 * go in one datagram, without an answer for each.
 *
 * usage: load COUNT NAT-ADDRESS
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_S	432000
#define CLIENTS		0x0a0a0100	/* 10.10.1.0, and up */
#define SERVERS		0xc6120000	/* 198.18.0.0, and up */
#define SERVER_PORT	443
#define FIRST_PORT	1024
#define PORTS		60000		/* of one client to one server */

/* What fits well into one datagram. */
#define DATAGRAM	(64 << 10)
#define MESSAGE_MAX	512

static void put_tuple(struct nlmsghdr *nlh, int type, uint32_t src,
		      uint32_t dst, unsigned int sport, unsigned int dport)
{
	struct nlattr *tuple = mnl_attr_nest_start(nlh, type);
	struct nlattr *part = mnl_attr_nest_start(nlh, CTA_TUPLE_IP);

	mnl_attr_put_u32(nlh, CTA_IP_V4_SRC, htonl(src));
	mnl_attr_put_u32(nlh, CTA_IP_V4_DST, htonl(dst));
	mnl_attr_nest_end(nlh, part);
	part = mnl_attr_nest_start(nlh, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(nlh, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(nlh, CTA_PROTO_SRC_PORT, htons(sport));
	mnl_attr_put_u16(nlh, CTA_PROTO_DST_PORT, htons(dport));
	mnl_attr_nest_end(nlh, part);
	mnl_attr_nest_end(nlh, tuple);
}

static void put_nat(struct nlmsghdr *nlh, uint32_t to, unsigned int port)
{
	struct nlattr *nat = mnl_attr_nest_start(nlh, CTA_NAT_SRC);
	struct nlattr *proto;

	mnl_attr_put_u32(nlh, CTA_NAT_V4_MINIP, htonl(to));
	proto = mnl_attr_nest_start(nlh, CTA_NAT_PROTO);
	mnl_attr_put_u16(nlh, CTA_PROTONAT_PORT_MIN, htons(port));
	mnl_attr_put_u16(nlh, CTA_PROTONAT_PORT_MAX, htons(port));
	mnl_attr_nest_end(nlh, proto);
	mnl_attr_nest_end(nlh, nat);
}

static void put_state(struct nlmsghdr *nlh)
{
	struct nlattr *info = mnl_attr_nest_start(nlh, CTA_PROTOINFO);
	struct nlattr *tcp = mnl_attr_nest_start(nlh, CTA_PROTOINFO_TCP);

	mnl_attr_put_u8(nlh, CTA_PROTOINFO_TCP_STATE,
			TCP_CONNTRACK_ESTABLISHED);
	mnl_attr_put_u8(nlh, CTA_PROTOINFO_TCP_WSCALE_ORIGINAL, 7);
	mnl_attr_put_u8(nlh, CTA_PROTOINFO_TCP_WSCALE_REPLY, 7);
	mnl_attr_nest_end(nlh, tcp);
	mnl_attr_nest_end(nlh, info);
}

/* The length of the message that creates connection number @i. */
static size_t put_connection(void *buf, unsigned int i, uint32_t nat)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	uint32_t src = CLIENTS + i / PORTS, dst = SERVERS + i / PORTS;
	unsigned int port = FIRST_PORT + i % PORTS;
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_INET;
	nfg->version = NFNETLINK_V0;
	put_tuple(nlh, CTA_TUPLE_ORIG, src, dst, port, SERVER_PORT);
	put_tuple(nlh, CTA_TUPLE_REPLY, dst, src, SERVER_PORT, port);
	put_nat(nlh, nat, port);
	put_state(nlh);
	mnl_attr_put_u32(nlh, CTA_STATUS, htonl(IPS_CONFIRMED | IPS_ASSURED |
						IPS_SEEN_REPLY));
	mnl_attr_put_u32(nlh, CTA_TIMEOUT, htonl(TIMEOUT_S));
	return nlh->nlmsg_len;
}

/* An answer comes only when a message was refused. */
static void refused(struct mnl_socket *nl)
{
	char buf[8192];
	ssize_t n;

	n = recv(mnl_socket_get_fd(nl), buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0)
		return;
	if (mnl_cb_run(buf, n, 0, 0, NULL, NULL) < 0)
		perror("load: a connection was refused");
	exit(1);
}

static int fill(struct mnl_socket *nl, unsigned int count, uint32_t nat)
{
	static char buf[DATAGRAM];
	unsigned int i = 0;
	size_t len;

	while (i < count) {
		for (len = 0; i < count && len + MESSAGE_MAX <= sizeof(buf); i++)
			len += put_connection(buf + len, i, nat);
		if (mnl_socket_sendto(nl, buf, len) < 0) {
			perror("load: send");
			return 1;
		}
		refused(nl);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct mnl_socket *nl;
	struct in_addr nat;

	if (argc != 3 || inet_pton(AF_INET, argv[2], &nat) != 1) {
		fprintf(stderr, "usage: load COUNT NAT-ADDRESS\n");
		return 2;
	}
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID)) {
		perror("load: netlink");
		return 1;
	}
	return fill(nl, strtoul(argv[1], NULL, 0), ntohl(nat.s_addr));
}

// SPDX-License-Identifier: GPL-2.0
/* Finds out what this unit answers for; in a process of its own.
 *
 * A ruleset may have a million elements: to list it takes seconds and much
 * memory, and the daemon has milliseconds. So a child does it, and what it
 * found is at hand when the unit becomes active.
 */
#include "pool_read.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "log.h"
#include "ruleset.h"

#ifndef POOL_READ_SECONDS
#define POOL_READ_SECONDS	60
#endif
#define BUF_SIZE	(32 * 1024)

/* --- in the child ------------------------------------------------------ */

/* What libnftables says; to be freed. */
static char *list(bool json)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	char *text = NULL;

	if (!nft)
		return NULL;
	if (json)
		nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_JSON);
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	if (!nft_run_cmd_from_buffer(nft, "list ruleset"))
		text = strdup(nft_ctx_get_output_buffer(nft));
	nft_ctx_free(nft);
	return text;
}

static bool read_rules(struct fo_ranges *to)
{
	char *text = list(true);
	bool xt = false, ok = text && ruleset_json(to, text, &xt);

	free(text);
	if (!xt)
		return ok;
	text = list(false);
	if (text)
		ruleset_text(to, text);
	free(text);
	return ok && text;
}

static void name_of(uint32_t ifindex, char *name)
{
	if (!if_indextoname(ifindex, name))
		name[0] = '\0';
}

/* An entry of the table "local": addresses, and prefixes that are local. */
static int take_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *dst = NULL;
	char ifname[IF_NAMESIZE] = "";

	if (nlh->nlmsg_type != RTM_NEWROUTE || rtm->rtm_type != RTN_LOCAL ||
	    rtm->rtm_table != RT_TABLE_LOCAL)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		if (mnl_attr_get_type(attr) == RTA_DST)
			dst = attr;
		/* IPv4 answers on all interfaces, IPv6 only on that one */
		if (mnl_attr_get_type(attr) == RTA_OIF &&
		    rtm->rtm_family == AF_INET6)
			name_of(mnl_attr_get_u32(attr), ifname);
	}
	if (dst && mnl_attr_get_payload_len(dst) == addr_len(rtm->rtm_family))
		pool_add_prefix(data, rtm->rtm_family,
				mnl_attr_get_payload(dst), rtm->rtm_dst_len,
				ifname);
	return MNL_CB_OK;
}

/* "ip neigh add proxy ADDR dev DEV" */
static int take_proxy(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	char ifname[IF_NAMESIZE];

	if (nlh->nlmsg_type != RTM_NEWNEIGH || !(ndm->ndm_flags & NTF_PROXY))
		return MNL_CB_OK;
	name_of(ndm->ndm_ifindex, ifname);
	mnl_attr_for_each(attr, nlh, sizeof(*ndm))
		if (mnl_attr_get_type(attr) == NDA_DST &&
		    mnl_attr_get_payload_len(attr) ==
		    addr_len(ndm->ndm_family))
			pool_add(data, ndm->ndm_family,
				 mnl_attr_get_payload(attr),
				 mnl_attr_get_payload(attr), ifname);
	return MNL_CB_OK;
}

static bool dump(struct mnl_socket *sk, struct nlmsghdr *nlh, mnl_cb_t cb,
		 struct fo_ranges *to)
{
	char buf[BUF_SIZE];
	ssize_t len;
	int ret;

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (mnl_socket_sendto(sk, nlh, nlh->nlmsg_len) < 0)
		return false;
	do {
		len = mnl_socket_recvfrom(sk, buf, sizeof(buf));
		if (len < 0)
			return false;
		ret = mnl_cb_run(buf, len, 0, mnl_socket_get_portid(sk), cb,
				 to);
	} while (ret > MNL_CB_STOP);
	return !ret;
}

static bool dump_routes(struct mnl_socket *sk, int family,
			struct fo_ranges *to)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct rtmsg *rtm;

	nlh->nlmsg_type = RTM_GETROUTE;
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = family;
	/* with strict checks the kernel sends this table alone */
	rtm->rtm_table = RT_TABLE_LOCAL;
	return dump(sk, nlh, take_route, to);
}

static bool dump_proxies(struct mnl_socket *sk, int family,
			 struct fo_ranges *to)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *ndm;

	nlh->nlmsg_type = RTM_GETNEIGH;
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = family;
	ndm->ndm_flags = NTF_PROXY;
	return dump(sk, nlh, take_proxy, to);
}

static bool read_tables(struct fo_ranges *to)
{
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int one = 1;
	bool ok;

	if (!sk)
		return false;
	mnl_socket_setsockopt(sk, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	ok = mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) >= 0 &&
	     dump_routes(sk, AF_INET, to) && dump_routes(sk, AF_INET6, to) &&
	     dump_proxies(sk, AF_INET, to) && dump_proxies(sk, AF_INET6, to);
	mnl_socket_close(sk);
	return ok;
}

static bool write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;
	ssize_t n;

	for (; len; p += n, len -= n) {
		n = write(fd, p, len);
		if (n < 0)
			return false;
	}
	return true;
}

/*
 * It keeps no socket of the daemon, which would look alive then, and does not
 * outlive it. Libraries of iptables write to standard error what they like.
 */
static void child(int out)
{
	struct fo_ranges found = { .n = 0 };
	bool ok;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_be_ordinary();
	setpriority(PRIO_PROCESS, 0, 10);
	alarm(POOL_READ_SECONDS);
	dup2(out, STDIN_FILENO);
	dup2(open("/dev/null", O_RDWR | O_CLOEXEC), STDERR_FILENO);
	close_range(3, ~0u, 0);
	ok = read_tables(&found);
	/* where there is no nftables there are no rules of it */
	read_rules(&found);
	ok = ok && write_all(STDIN_FILENO, &found.lost, sizeof(found.lost)) &&
	     write_all(STDIN_FILENO, found.range,
		       found.n * sizeof(*found.range));
	_exit(!ok);
}

/* --- in the daemon ----------------------------------------------------- */

void pool_read_open(struct fo_pool_reader *r)
{
	int group = NFNLGRP_NFTABLES;

	*r = (struct fo_pool_reader) { .fd = -1 };
	r->rules = mnl_socket_open2(NETLINK_NETFILTER,
				    SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (r->rules &&
	    !mnl_socket_bind(r->rules, 0, MNL_SOCKET_AUTOPID) &&
	    !mnl_socket_setsockopt(r->rules, NETLINK_ADD_MEMBERSHIP, &group,
				   sizeof(group)))
		return;
	log_warn("changes of the ruleset are noticed late: %s",
		 strerror(errno));
	if (r->rules)
		mnl_socket_close(r->rules);
	r->rules = NULL;
}

static void forget_child(struct fo_pool_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	r->pid = 0;
}

void pool_read_close(struct fo_pool_reader *r)
{
	if (r->pid) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	forget_child(r);
	if (r->rules)
		mnl_socket_close(r->rules);
	r->rules = NULL;
}

void pool_read_start(struct fo_pool_reader *r)
{
	r->again = r->pid;
	if (r->pid)
		return;
	r->fd = memfd_create("pool", MFD_CLOEXEC);
	r->pid = r->fd < 0 ? -1 : fork();
	if (!r->pid)
		child(r->fd);
	if (r->pid > 0)
		return;
	log_warn("cannot read the ruleset: %s", strerror(errno));
	forget_child(r);
}

/* What the file holds, or nothing. */
static bool collect(int fd, struct fo_ranges *to)
{
	off_t size = lseek(fd, 0, SEEK_END) - (off_t)sizeof(to->lost);
	struct fo_ranges found = { .n = 0 };

	if (size < 0 || size % sizeof(*found.range) ||
	    size / sizeof(*found.range) > POOL_RANGES_MAX)
		return false;
	found.range = malloc(size ? size : 1);
	if (!found.range ||
	    pread(fd, &found.lost, sizeof(found.lost), 0) < 0 ||
	    pread(fd, found.range, size, sizeof(found.lost)) != size) {
		free(found.range);
		return false;
	}
	found.n = size / sizeof(*found.range);
	pool_free(to);
	*to = found;
	return true;
}

bool pool_read_end(struct fo_pool_reader *r, struct fo_ranges *to)
{
	bool ok, again = r->again;
	int status;

	if (!r->pid || waitpid(r->pid, &status, WNOHANG) != r->pid)
		return false;
	ok = !status && collect(r->fd, to);
	if (!ok)
		log_warn("the addresses of NAT and proxies could not be read (status %d), keeping what was known",
			 status);
	forget_child(r);
	if (again)
		pool_read_start(r);
	return ok;
}

int pool_read_event_fd(const struct fo_pool_reader *r)
{
	return r->rules ? mnl_socket_get_fd(r->rules) : -1;
}

/* What it was does not matter; nor if some were lost. */
void pool_read_event(struct fo_pool_reader *r)
{
	char buf[BUF_SIZE];

	while (recv(mnl_socket_get_fd(r->rules), buf, sizeof(buf), 0) > 0 ||
	       errno == ENOBUFS)
		;
}

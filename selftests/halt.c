// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into failoverd: it stands still, as by SIGSTOP, as soon as it has
 * told the kernel the state whose name is in the file $HALT. That is done once:
 * the file is gone then.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nf_failover.h>
#include <sys/socket.h>

#include "names.h"

/* The state that a message to the kernel tells, or NULL. */
static const char *state_in(int fd, const void *msg, size_t size)
{
	const struct nlmsghdr *nlh = msg;
	const struct genlmsghdr *gen = NLMSG_DATA(nlh);
	const struct nlattr *a = (const void *)((const char *)gen + GENL_HDRLEN);
	const char *end = (const char *)msg + size;
	socklen_t len = sizeof(int);
	int protocol;

	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) ||
	    protocol != NETLINK_GENERIC || (const char *)a > end ||
	    gen->cmd != NF_FAILOVER_CMD_ROLE_SET)
		return NULL;
	for (; (const char *)(a + 1) < end && a->nla_len >= NLA_HDRLEN;
	     a = (const void *)((const char *)a + NLA_ALIGN(a->nla_len)))
		if (a->nla_type == NF_FAILOVER_A_STATE)
			return names_state(*(const unsigned int *)(a + 1));
	return NULL;
}

static int is_asked(const char *path, const char *state)
{
	char want[64] = "";
	FILE *f = path && state ? fopen(path, "re") : NULL;

	if (!f)
		return 0;
	if (!fgets(want, sizeof(want), f))
		want[0] = '\0';
	fclose(f);
	want[strcspn(want, "\n")] = '\0';
	return !strcmp(want, state);
}

/* libmnl sends by it; the kernel has done what it was told when it returns. */
__attribute__((visibility("default")))
ssize_t sendto(int fd, const void *msg, size_t len, int flags,
	       const struct sockaddr *to, socklen_t to_len)
{
	ssize_t (*real)(int, const void *, size_t, int,
			const struct sockaddr *, socklen_t) =
		dlsym(RTLD_NEXT, "sendto");
	const char *path = getenv("HALT");
	ssize_t sent = real(fd, msg, len, flags, to, to_len);

	if (is_asked(path, state_in(fd, msg, len))) {
		unlink(path);
		raise(SIGSTOP);
	}
	return sent;
}

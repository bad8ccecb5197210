// SPDX-License-Identifier: GPL-2.0
/* Packet sockets of one device: its hellos, or whatever comes in. */
#include "ifsock.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * All that comes in but what bridges keep to themselves (01:80:c2:00:00:0x): a
 * port that is blocked still gets that. What goes out, and multicast of our own
 * that the stack loops back, come after PACKET_OTHERHOST.
 */
static struct sock_filter any_filter[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, PACKET_OTHERHOST, 5, 0),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0180c200, 0, 2),
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0xfff0, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 64),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static bool set_up(int fd, int poll_fd, int ifindex, uint16_t protocol,
		   const struct sock_fprog *prog)
{
	const struct sockaddr_ll to = {
		.sll_family   = AF_PACKET,
		.sll_protocol = htons(protocol),
		.sll_ifindex  = ifindex,
	};
	struct epoll_event ev = { .events = EPOLLIN };
	int yes = 1;

	/* what goes out would be copied for us, only to be dropped */
	return !setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
			   sizeof(yes)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, prog,
			   sizeof(*prog)) &&
	       !bind(fd, (const void *)&to, sizeof(to)) &&
	       !epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &ev);
}

static int open_socket(int poll_fd, int ifindex, uint16_t protocol,
		       const struct sock_fprog *prog)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && !set_up(fd, poll_fd, ifindex, protocol, prog))
		ifsock_close(&fd);
	return fd;
}

/*
 * A bridge takes the frames of its port before anybody who asked for their type
 * gets them: of one every frame is looked at, and of no other device.
 */
int ifsock_hello(int poll_fd, int ifindex, uint16_t ethertype, bool port)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2 * ETH_ALEN),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ethertype, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog prog = { N(filter), filter };

	return open_socket(poll_fd, ifindex, port ? ETH_P_ALL : ethertype,
			   &prog);
}

int ifsock_any(int poll_fd, int ifindex)
{
	const struct sock_fprog prog = { N(any_filter), any_filter };

	return open_socket(poll_fd, ifindex, ETH_P_ALL, &prog);
}

void ifsock_send(int fd, int ifindex, const unsigned char *frame, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family  = AF_PACKET,
		.sll_ifindex = ifindex,
		.sll_halen   = ETH_ALEN,
	};

	memcpy(&to.sll_protocol, frame + 2 * ETH_ALEN, 2);
	memcpy(to.sll_addr, frame, ETH_ALEN);
	(void)!sendto(fd, frame, len, 0, (const void *)&to, sizeof(to));
}

void ifsock_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

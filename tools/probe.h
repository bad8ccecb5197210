/* SPDX-License-Identifier: GPL-2.0 */
/* The sockets through which the mate is asked on the data interfaces. */
#ifndef FAILOVER_PROBE_H
#define FAILOVER_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct fo_probe - sockets that are open while the mate is not heard
 * @poll_fd: readable when an answer may be there; always open
 * @fd: for ARP and ND, while @open
 */
struct fo_probe {
	int	poll_fd;
	int	fd[2];
	bool	open;
};

/* All return 0, or -errno. */
int probe_init(struct fo_probe *p);
int probe_open(struct fo_probe *p);
void probe_close(struct fo_probe *p);
int probe_send(struct fo_probe *p, int ifindex, const unsigned char *frame,
	       size_t len);

/* The next frame that may be an answer: its length, or 0. */
size_t probe_recv(struct fo_probe *p, int *ifindex, unsigned char *frame,
		  size_t size);

#endif /* FAILOVER_PROBE_H */

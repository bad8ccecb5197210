/* SPDX-License-Identifier: GPL-2.0 */
/* Questions for the holder of an address, and what answers them. Pure. */
#ifndef FAILOVER_PROBE_FRAME_H
#define FAILOVER_PROBE_FRAME_H

#include <stddef.h>

#include <linux/nf_failover.h>

#include "addr.h"

#define PROBE_MAC	6
#define PROBE_FRAME_MAX	128

/**
 * struct probe_ask - one question: by ARP for IPv4, by ND for IPv6
 * @family: AF_INET or AF_INET6
 * @target: who holds this address?
 * @source: an address of our own; all zero: none
 * @mac: our own
 * @mate: the mate's; all zero when it is not known
 */
struct probe_ask {
	int		family;
	unsigned char	target[ADDR_BYTES_MAX];
	unsigned char	source[ADDR_BYTES_MAX];
	unsigned char	mac[PROBE_MAC];
	unsigned char	mate[PROBE_MAC];
};

/* Whether there is one. */
bool probe_has_mac(const unsigned char *mac);

/* The question as a whole frame; its length is returned. */
size_t probe_question(unsigned char *frame, const struct probe_ask *ask);

/*
 * A ping of all hosts of the segment, from @source, as a whole frame; 0 when
 * there is no source: nobody would know where to answer. It goes no further.
 */
size_t probe_ping(unsigned char *frame, const struct probe_ask *ask);

/*
 * Who answers the question in a frame: mate, other, or not-asked when it is no
 * answer to it. While the MAC of the mate is not known, anybody else is it.
 */
enum nf_failover_answer probe_answer(const unsigned char *frame, size_t len,
				     const struct probe_ask *ask);

#endif /* FAILOVER_PROBE_FRAME_H */

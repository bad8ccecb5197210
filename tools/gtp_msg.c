// SPDX-License-Identifier: GPL-2.0
/*
 * PDP contexts of GTP in messages of the kernel. Pure.
 *
 * What a context has besides would be lost on the other unit: an attribute that is
 * not known makes it one that is not replicated.
 */
#include "gtp_msg.h"

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/gtp.h>
#include <string.h>

/* Of kernels that are newer than these headers may be. */
#define A_PEER_ADDR6	11
#define A_MS_ADDR6	12
#define A_FAMILY	13
#define A_MAX		A_FAMILY

static const char *const whys[GTP_WHYS] = {
	[GTP_OK]	= "",
	[GTP_EMPTY]	= "it is not complete",
	[GTP_UNKNOWN]	= "it has what this version does not know",
	[GTP_NO_DEV]	= "its device is not there",
	[GTP_ODD]	= "the name of its device is not plain ASCII",
};

/* What has no length here may be of any, and means nothing. */
static const uint8_t lengths[A_MAX + 1] = {
	[GTPA_LINK]		= 4,
	[GTPA_VERSION]		= 4,
	[GTPA_TID]		= 8,
	[GTPA_PEER_ADDRESS]	= 4,
	[GTPA_MS_ADDRESS]	= 4,
	[GTPA_FLOW]		= 2,
	[GTPA_I_TEI]		= 4,
	[GTPA_O_TEI]		= 4,
	[A_PEER_ADDR6]		= 16,
	[A_MS_ADDR6]		= 16,
	[A_FAMILY]		= 1,
};

const char *gtp_why(enum gtp_why why)
{
	return whys[why];
}

/* --- from the kernel -------------------------------------------------------- */

struct attrs {
	const void *a[A_MAX + 1];
};

static enum gtp_why take_attr(struct attrs *t, const struct nlattr *attr)
{
	uint16_t type = mnl_attr_get_type(attr);

	if (type == GTPA_PAD)
		return GTP_OK;
	if (type > A_MAX || !lengths[type])
		return GTP_UNKNOWN;
	if (t->a[type] || mnl_attr_get_payload_len(attr) != lengths[type])
		return GTP_EMPTY;
	t->a[type] = mnl_attr_get_payload(attr);
	return GTP_OK;
}

/* libmnl's own loop ends at the next multiple of four bytes behind the message. */
static enum gtp_why take_attrs(const struct nlmsghdr *nlh, struct attrs *t)
{
	const char *from = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	enum gtp_why why = GTP_OK;
	const struct nlattr *attr;

	*t = (struct attrs) { { NULL } };
	if (len <= GENL_HDRLEN)
		return GTP_EMPTY;
	mnl_attr_for_each_payload((const void *)(from + GENL_HDRLEN),
				  len - GENL_HDRLEN) {
		why = take_attr(t, attr);
		if (why)
			return why;
	}
	return why;
}

/* False when there is none. Attributes are at multiples of four bytes only. */
static bool get(const struct attrs *t, uint16_t type, void *to)
{
	if (t->a[type])
		memcpy(to, t->a[type], lengths[type]);
	return t->a[type];
}

/* One of the two, whose family it tells. */
static bool get_addr(const struct attrs *t, uint16_t type4, uint16_t type6,
		     unsigned char *to, uint8_t *family)
{
	bool four = get(t, type4, to), six = !four && get(t, type6, to);

	*family = four ? 4 : six ? 6 : 0;
	return four ? !t->a[type6] : six;
}

static bool get_tunnel(const struct attrs *t, struct gtp_ctx *g)
{
	uint32_t version, tei;
	uint16_t flow;

	if (!get(t, GTPA_VERSION, &version) || version > GTP_V1)
		return false;
	g->version = version;
	if (version == GTP_V1) {
		if (!get(t, GTPA_I_TEI, &tei) || !get(t, GTPA_O_TEI, &g->out))
			return false;
		g->tid = tei;
		return true;
	}
	if (!get(t, GTPA_TID, &g->tid) || !get(t, GTPA_FLOW, &flow))
		return false;
	g->out = flow;
	return true;
}

/* The kernel says it since it has contexts of IPv6. */
static bool is_family(const struct attrs *t, uint8_t family)
{
	uint8_t af;

	return !get(t, A_FAMILY, &af) || af == (family == 4 ? AF_INET : AF_INET6);
}

enum gtp_why gtp_get_msg(const struct nlmsghdr *nlh, struct gtp_ctx *g,
			 uint32_t *ifindex)
{
	struct attrs t;
	enum gtp_why why = take_attrs(nlh, &t);

	*g = (struct gtp_ctx) { .family = 0 };
	if (why)
		return why;
	if (!get(&t, GTPA_LINK, ifindex) || !get_tunnel(&t, g) ||
	    !get_addr(&t, GTPA_MS_ADDRESS, A_MS_ADDR6, g->ms, &g->family) ||
	    !get_addr(&t, GTPA_PEER_ADDRESS, A_PEER_ADDR6, g->peer,
		      &g->peer_family) || !is_family(&t, g->family))
		return GTP_EMPTY;
	return GTP_OK;
}

/* --- to the kernel ---------------------------------------------------------- */

static void put_addr(struct nlmsghdr *nlh, uint16_t type4, uint16_t type6,
		     const unsigned char *addr, uint8_t family)
{
	uint16_t type = family == 4 ? type4 : type6;

	mnl_attr_put(nlh, type, lengths[type], addr);
}

/* What is of IPv4 is said as to kernels that know nothing else. */
static void put_link(struct nlmsghdr *nlh, const struct gtp_ctx *g,
		     uint32_t ifindex)
{
	mnl_attr_put_u32(nlh, GTPA_VERSION, g->version);
	mnl_attr_put_u32(nlh, GTPA_LINK, ifindex);
	if (g->family == 6)
		mnl_attr_put_u8(nlh, A_FAMILY, AF_INET6);
}

void gtp_put_id(struct nlmsghdr *nlh, const struct gtp_ctx *g, uint32_t ifindex)
{
	put_link(nlh, g, ifindex);
	if (g->version == GTP_V1)
		mnl_attr_put_u32(nlh, GTPA_I_TEI, g->tid);
	else
		mnl_attr_put_u64(nlh, GTPA_TID, g->tid);
}

void gtp_put_ms(struct nlmsghdr *nlh, const struct gtp_ctx *g, uint32_t ifindex)
{
	put_link(nlh, g, ifindex);
	put_addr(nlh, GTPA_MS_ADDRESS, A_MS_ADDR6, g->ms, g->family);
}

void gtp_put_rest(struct nlmsghdr *nlh, const struct gtp_ctx *g)
{
	put_addr(nlh, GTPA_MS_ADDRESS, A_MS_ADDR6, g->ms, g->family);
	put_addr(nlh, GTPA_PEER_ADDRESS, A_PEER_ADDR6, g->peer, g->peer_family);
	if (g->version == GTP_V1)
		mnl_attr_put_u32(nlh, GTPA_O_TEI, g->out);
	else
		mnl_attr_put_u16(nlh, GTPA_FLOW, g->out);
}

// SPDX-License-Identifier: GPL-2.0
/* PDP contexts of GTP in messages of the kernel: gtp_msg.c. */

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/gtp.h>
#include <string.h>

#include "gtp_msg.h"
#include "rng.h"
#include "test.h"

#define ROOM	512

static const struct gtp_ctx v1 = {
	.family = 4, .version = 1, .tid = 0x11223344,
	.peer_family = 4, .peer = { 203, 0, 113, 10 }, .ms = { 10, 9, 0, 1 },
	.out = 0xaabbccdd,
};

static const struct gtp_ctx v0 = {
	.family = 4, .version = 0, .tid = 0x1122334455667788,
	.peer_family = 4, .peer = { 203, 0, 113, 10 }, .ms = { 10, 9, 0, 2 },
	.out = 0xaabb,
};

static const struct gtp_ctx six = {
	.family = 6, .version = 1, .tid = UINT32_MAX,
	.peer_family = 6, .peer = { 0x20, 1, [15] = 2 },
	.ms = { 0xfd, [7] = 7 }, .out = 1,
};

static const struct gtp_ctx six_in_four = {
	.family = 6, .version = 0, .tid = 7, .peer_family = 4,
	.peer = { 203, 0, 113, 10 }, .ms = { 0xfd, [7] = 7 }, .out = 1,
};

static const struct gtp_ctx *const all[] = { &v1, &v0, &six, &six_in_four };

static struct nlmsghdr *begin(unsigned char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return nlh;
}

static struct nlmsghdr *whole(unsigned char *buf, const struct gtp_ctx *g)
{
	struct nlmsghdr *nlh = begin(buf);

	gtp_put_id(nlh, g, 42);
	gtp_put_rest(nlh, g);
	return nlh;
}

static void come_back(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	struct gtp_ctx got;
	uint32_t ifindex;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		ifindex = 0;
		assert_int_equal(gtp_get_msg(whole(buf, all[i]), &got,
					     &ifindex), GTP_OK);
		assert_memory_equal(&got, all[i], sizeof(got));
		assert_int_equal(ifindex, 42);
	}
}

/* What old kernels do not know they are not sent, and need not send. */
static void of_ipv4(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	const struct nlattr *a;

	(void)state;
	mnl_attr_for_each(a, whole(buf, &v1), GENL_HDRLEN)
		assert_in_range(mnl_attr_get_type(a), 1, GTPA_PAD);
}

/* One more attribute; @len: of it. */
static enum gtp_why with(const struct gtp_ctx *g, uint16_t type, size_t len)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	static const unsigned char zeros[64];
	struct nlmsghdr *nlh = whole(buf, g);
	struct gtp_ctx got;
	uint32_t ifindex;

	mnl_attr_put(nlh, type, len, zeros);
	return gtp_get_msg(nlh, &got, &ifindex);
}

static void more(void **state)
{
	uint16_t type;
	uint8_t af = AF_INET6;
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = whole(buf, &v1);
	struct gtp_ctx got;
	uint32_t ifindex;

	(void)state;
	assert_int_equal(with(&v1, GTPA_PAD, 0), GTP_OK);
	assert_int_equal(with(&v1, GTPA_PAD, 4), GTP_OK);
	assert_int_equal(with(&v1, 0, 4), GTP_UNKNOWN);
	assert_int_equal(with(&v1, GTPA_NET_NS_FD, 4), GTP_UNKNOWN);
	for (type = 14; type < 40; type++)
		assert_int_equal(with(&v1, type, 4), GTP_UNKNOWN);
	/* twice */
	assert_int_equal(with(&v1, GTPA_LINK, 4), GTP_EMPTY);
	assert_int_equal(with(&v1, GTPA_VERSION, 4), GTP_EMPTY);
	assert_int_equal(with(&v1, GTPA_I_TEI, 4), GTP_EMPTY);
	assert_int_equal(with(&v1, GTPA_MS_ADDRESS, 4), GTP_EMPTY);
	/* of both families */
	assert_int_equal(with(&v1, 11, 16), GTP_EMPTY);
	assert_int_equal(with(&v1, 12, 16), GTP_EMPTY);
	mnl_attr_put_u8(nlh, 13, af);
	assert_int_equal(gtp_get_msg(nlh, &got, &ifindex), GTP_EMPTY);
}

/* Without one of them, or with a length that it has not. */
static void less(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	unsigned char some[ROOM] __attribute__((aligned(8))) = "";
	struct nlmsghdr *to;
	const struct nlattr *a, *b;
	struct gtp_ctx got;
	uint32_t ifindex;
	size_t i;
	int d;

	(void)state;
	for (i = 0; i < 2; i++)
		mnl_attr_for_each(a, whole(buf, all[i]), GENL_HDRLEN)
			for (d = -1; d <= 2; d++) {
				to = begin(some);
				mnl_attr_for_each(b, (struct nlmsghdr *)buf,
						  GENL_HDRLEN)
					if (b != a || d < 2)
						mnl_attr_put(to, mnl_attr_get_type(b),
							     mnl_attr_get_payload_len(b) +
							     (b == a ? d : 0),
							     mnl_attr_get_payload(b));
				assert_int_equal(gtp_get_msg(to, &got, &ifindex),
						 d ? GTP_EMPTY : GTP_OK);
			}
	to = begin(some);
	assert_int_equal(gtp_get_msg(to, &got, &ifindex), GTP_EMPTY);
	to->nlmsg_len = sizeof(*to);
	assert_int_equal(gtp_get_msg(to, &got, &ifindex), GTP_EMPTY);
}

static void versions(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	struct gtp_ctx g = v1, got;
	uint32_t ifindex;

	(void)state;
	g.version = 2;
	assert_int_equal(gtp_get_msg(whole(buf, &g), &got, &ifindex), GTP_EMPTY);
}

/* The subscriber alone, without the tunnel. */
static void subscriber(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = begin(buf);
	const struct nlattr *a;
	unsigned int seen = 0;

	(void)state;
	gtp_put_ms(nlh, &six, 42);
	mnl_attr_for_each(a, nlh, GENL_HDRLEN)
		seen |= 1u << mnl_attr_get_type(a);
	assert_int_equal(seen, 1u << GTPA_LINK | 1u << GTPA_VERSION |
			       1u << 12 | 1u << 13);
}

/* Nothing behind the end is read, wherever that is and whatever lengths say. */
static void hostile(void **state)
{
	unsigned char buf[ROOM] __attribute__((aligned(8)));
	struct rng rng = { 7 };
	struct nlmsghdr *nlh;
	struct gtp_ctx g;
	uint32_t ifindex;
	size_t len, i;
	int n;
	u8 *p;

	(void)state;
	for (n = 0; n < 20000; n++) {
		nlh = whole(buf, all[n % 4]);
		len = nlh->nlmsg_len;
		for (i = rng_below(&rng, 6); i; i--)
			buf[16 + rng_below(&rng, len - 16)] = rng_next(&rng);
		if (rng_below(&rng, 2))
			len = 16 + rng_below(&rng, len - 15);
		nlh->nlmsg_len = len;
		p = exact(buf, len);
		if (gtp_get_msg((void *)p, &g, &ifindex) == GTP_OK) {
			strcpy(g.dev, "gtp0");
			assert_true(gtp_is_sound(&g));
		}
		exact_free(p, len);
	}
}

static void words(void **state)
{
	enum gtp_why why;

	(void)state;
	for (why = 1; why < GTP_WHYS; why++)
		assert_true(*gtp_why(why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(come_back),
		cmocka_unit_test(of_ipv4),
		cmocka_unit_test(more),
		cmocka_unit_test(less),
		cmocka_unit_test(versions),
		cmocka_unit_test(subscriber),
		cmocka_unit_test(hostile),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("gtp_msg", tests, NULL, NULL);
}

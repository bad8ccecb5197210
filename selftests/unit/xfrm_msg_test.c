// SPDX-License-Identifier: GPL-2.0
/* SAs and policies of IPsec in messages of the kernel: xfrm_msg.c. */

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <stdbool.h>

#include "xfrm_msg.h"
#include "test.h"

static const struct ipsec_sa esn = {
	.family = 4, .proto = 50, .spi = 0x1001, .dst = { 203, 0, 113, 10 },
	.mark = 0x12, .mask = 0xff, .src = { 203, 0, 113, 2 }, .mode = 1,
	.reqid = 1, .flags = XFRM_STATE_ESN | XFRM_STATE_AF_UNSPEC,
	.extra_flags = 1, .window = 64, .esn = 1, .words = 2, .if_id = 7,
	.out_mark = 0x33, .out_mask = 0xf0, .tfc_pad = 9,
	.sel = { .src_len = 12, .dport = 53, .dport_mask = 0xffff },
	.soft_bytes = 1001, .hard_packets = 77, .soft_added = 3000,
	.hard_used = 3600,
	.aead = { .name = "rfc4106(gcm(aes))", .bits = 160, .icv = 128,
		  .key = "twenty bytes of key" },
	.encap = 2, .encap_sport = 4500, .encap_dport = 4501, .dir = 2,
	.keepalive = 20,
};

static const struct ipsec_sa both = {
	.family = 6, .proto = 50, .spi = 1, .dst = { 0xfd, [15] = 1 },
	.src = { 0xfe, [15] = 2 }, .window = 32,
	.auth = { .name = "hmac(sha256)", .bits = 256, .icv = 128,
		  .key = "thirty-two bytes of key for HMAC" },
	.crypt = { .name = "cbc(aes)", .bits = 128, .key = "sixteen bytes ok" },
};

static const struct ipsec_policy fwd = {
	.dir = 2, .mark = 5, .mask = 0xff, .if_id = 7,
	.sel = { .family = 6, .src = { 0xfd }, .src_len = 64,
		 .dst = { 0xfd, 1 }, .dst_len = 64, .dev = "lo" },
	.action = 1, .flags = 1, .priority = 99, .n_tmpls = 2,
	.tmpl[0] = { .family = 6, .proto = 51, .mode = 0 },
	.tmpl[1] = { .family = 6, .proto = 50, .reqid = 3, .mode = 1,
		     .src = { 0xfe, [15] = 2 }, .dst = { 0xfd, [15] = 1 },
		     .optional = 1, .aalgos = UINT32_MAX, .ealgos = 7 },
};

static struct nlmsghdr *begin(unsigned char *buf, uint16_t type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	return nlh;
}

static void sa_comes_back(const struct ipsec_sa *sa, bool sends)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = begin(buf, XFRM_MSG_NEWSA);
	struct ipsec_sa got;

	xfrm_put_sa(nlh, sa, sends);
	assert_int_equal(xfrm_get_sa(nlh, &got), XFRM_OK);
	assert_memory_equal(&got, sa, sizeof(got));
}

static void sas(void **state)
{
	(void)state;
	sa_comes_back(&esn, true);
	sa_comes_back(&esn, false);
	sa_comes_back(&both, true);
	sa_comes_back(&both, false);
}

static void policies(void **state)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = begin(buf, XFRM_MSG_NEWPOLICY);
	struct ipsec_policy got;

	(void)state;
	assert_true(xfrm_put_policy(nlh, &fwd));
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_OK);
	assert_memory_equal(&got, &fwd, sizeof(got));
	got.sel.dev[0] = '?';
	nlh = begin(buf, XFRM_MSG_NEWPOLICY);
	assert_false(xfrm_put_policy(nlh, &got));
}

/* One that is made for the other unit's begins ahead, if it sends. */
static void ahead(void **state)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = begin(buf, XFRM_MSG_NEWSA);
	const struct nlattr *a;
	int found = 0;

	(void)state;
	xfrm_put_sa(nlh, &esn, true);
	mnl_attr_for_each(a, nlh, sizeof(struct xfrm_usersa_info)) {
		const struct xfrm_replay_state_esn *e = mnl_attr_get_payload(a);

		if (mnl_attr_get_type(a) != XFRMA_REPLAY_ESN_VAL)
			continue;
		found++;
		assert_int_equal(e->oseq, 1 << 20);
		assert_int_equal(e->seq, 0);
	}
	nlh = begin(buf, XFRM_MSG_NEWSA);
	xfrm_put_sa(nlh, &both, true);
	mnl_attr_for_each(a, nlh, sizeof(struct xfrm_usersa_info)) {
		const struct xfrm_replay_state *r = mnl_attr_get_payload(a);

		if (mnl_attr_get_type(a) != XFRMA_REPLAY_VAL)
			continue;
		found++;
		assert_int_equal(r->oseq, 1 << 20);
	}
	assert_int_equal(found, 2);
}

static enum xfrm_why with_attr(const struct ipsec_sa *sa, uint16_t type,
			       size_t len)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8))) = "";
	static const unsigned char zeros[64];
	struct nlmsghdr *nlh = begin(buf, XFRM_MSG_NEWSA);
	struct ipsec_sa got;

	xfrm_put_sa(nlh, sa, false);
	mnl_attr_put(nlh, type, len, zeros);
	return xfrm_get_sa(nlh, &got);
}

static enum xfrm_why why_not(struct ipsec_sa sa)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8))) = "";
	struct nlmsghdr *nlh = begin(buf, XFRM_MSG_NEWSA);
	struct ipsec_sa got;

	xfrm_put_sa(nlh, &sa, false);
	return xfrm_get_sa(nlh, &got);
}

static void not_replicated(void **state)
{
	struct ipsec_sa sa = both;

	(void)state;
	assert_int_equal(with_attr(&esn, XFRMA_OFFLOAD_DEV, 8), XFRM_OFFLOAD);
	assert_int_equal(with_attr(&esn, XFRMA_SEC_CTX, 16), XFRM_UNKNOWN);
	assert_int_equal(with_attr(&esn, XFRMA_COADDR, 16), XFRM_UNKNOWN);
	assert_int_equal(with_attr(&esn, 35, 4), XFRM_UNKNOWN);
	assert_int_equal(with_attr(&esn, 255, 0), XFRM_UNKNOWN);
	sa.proto = 108;
	assert_int_equal(why_not(sa), XFRM_PROTO);
	sa = both;
	sa.mode = XFRM_MODE_ROUTEOPTIMIZATION;
	assert_int_equal(why_not(sa), XFRM_PROTO);
	sa = both;
	sa.auth.name[0] = sa.crypt.name[0] = 0;
	assert_int_equal(why_not(sa), XFRM_EMPTY);
	sa = both;
	sa.spi = 0;
	assert_int_equal(why_not(sa), XFRM_EMPTY);
	/* what a locked down kernel says */
	sa = both;
	memset(sa.crypt.key, 0, sizeof(sa.crypt.key));
	assert_int_equal(why_not(sa), XFRM_HIDDEN);
	/* no key is none to hide */
	sa.crypt.bits = 0;
	assert_int_equal(why_not(sa), XFRM_OK);
}

static void policies_not(void **state)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8)));
	struct xfrm_userpolicy_type type = { .type = XFRM_POLICY_TYPE_SUB };
	struct xfrm_userpolicy_info *i = (void *)(buf + MNL_NLMSG_HDRLEN);
	struct ipsec_policy p = fwd, got;
	struct nlmsghdr *nlh;

	(void)state;
	nlh = begin(buf, XFRM_MSG_NEWPOLICY);
	xfrm_put_policy(nlh, &fwd);
	i->dir = 4;
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_EMPTY);
	i->dir = 1;
	i->lft.hard_add_expires_seconds = 1;
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_LIMITS);
	i->lft.hard_add_expires_seconds = 0;
	i->sel.ifindex = INT32_MAX;
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_UNKNOWN);
	i->sel.ifindex = 0;
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_OK);
	mnl_attr_put(nlh, XFRMA_POLICY_TYPE, sizeof(type), &type);
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_UNKNOWN);
	p.n_tmpls = 0;
	nlh = begin(buf, XFRM_MSG_NEWPOLICY);
	xfrm_put_policy(nlh, &p);
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_NO_TMPL);
	p = fwd;
	p.tmpl[1].proto = 108;
	nlh = begin(buf, XFRM_MSG_NEWPOLICY);
	xfrm_put_policy(nlh, &p);
	assert_int_equal(xfrm_get_policy(nlh, &got), XFRM_PROTO);
}

/* Nothing behind the end is read, wherever that is and whatever lengths say. */
static void hostile(void **state)
{
	unsigned char buf[XFRM_REQUEST_MAX] __attribute__((aligned(8)));
	const struct ipsec_sa *which[] = { &esn, &both };
	struct ipsec_policy pol;
	struct rng rng = { 7 };
	struct nlmsghdr *nlh;
	struct ipsec_sa sa;
	size_t len, i, k;
	u8 *p;

	(void)state;
	for (k = 0; k < 20000; k++) {
		nlh = begin(buf, XFRM_MSG_NEWSA);
		if (k % 3 < 2)
			xfrm_put_sa(nlh, which[k % 3], k & 1);
		else
			xfrm_put_policy(nlh, &fwd);
		len = nlh->nlmsg_len;
		for (i = rng_below(&rng, 6); i; i--)
			buf[16 + rng_below(&rng, len - 16)] = rng_next(&rng);
		if (rng_below(&rng, 2))
			len = 16 + rng_below(&rng, len - 15);
		nlh->nlmsg_len = len;
		p = exact(buf, len);
		xfrm_get_sa((void *)p, &sa);
		xfrm_get_policy((void *)p, &pol);
		exact_free(p, len);
	}
}

static void words(void **state)
{
	enum xfrm_why why;

	(void)state;
	for (why = 1; why < XFRM_WHYS; why++)
		assert_true(*xfrm_why(why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sas),
		cmocka_unit_test(policies),
		cmocka_unit_test(ahead),
		cmocka_unit_test(not_replicated),
		cmocka_unit_test(policies_not),
		cmocka_unit_test(hostile),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("xfrm_msg", tests, NULL, NULL);
}

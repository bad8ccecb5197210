// SPDX-License-Identifier: GPL-2.0
/*
 * Connections of the simulation have no helper and no security mark, and expect
 * nothing.
 */
#include "ct.h"

static const struct fo_class no_expects = { .id = FO_CLASS_EXPECT };
static const struct fo_class no_secmarks = { .id = FO_CLASS_SECMARK };

void fo_helper_fill(struct fo_ct_rec *rec, const struct nf_conn *ct)
{
}

bool fo_helper_has(const struct nf_conn *ct)
{
	return false;
}

bool fo_helper_expects(const struct nf_conn *ct)
{
	return false;
}

u32 fo_memory_sum(const struct nf_conn *ct)
{
	return 0;
}

int fo_helper_attach(struct fo_cts *c, struct nf_conn *ct,
		     const struct fo_ct_rec *rec)
{
	return 0;
}

void fo_helper_detach(struct nf_conn *ct)
{
}

bool fo_helper_fits(struct fo_cts *c, const struct nf_conn *ct,
		    const struct fo_ct_rec *rec)
{
	return true;
}

void fo_helper_renew(struct nf_conn *ct)
{
}

void fo_helpers_tend(struct fo_cts *c)
{
}

unsigned int fo_helpers_missing(struct fo_cts *c, char names[][FO_HELPER_NAME])
{
	return 0;
}

void fo_helpers_init(struct fo_cts *c)
{
}

void fo_helpers_stop(struct fo_cts *c)
{
}

void fo_expects_hold(struct fo_cts *c)
{
}

void fo_expects_release(struct fo_cts *c)
{
}

void fo_expects_tend(struct fo_cts *c)
{
}

void fo_expects_start(struct fo_cts *c)
{
}

void fo_expects_stop(struct fo_cts *c)
{
}

void fo_expects_init(struct fo_cts *c)
{
	c->expects.ref.ops = &no_expects;
	c->expects.ref.self = c;
}

void fo_secmark_fill(struct fo_cts *c, struct fo_ct_rec *rec,
		     const struct nf_conn *ct)
{
}

void fo_secmark_set(struct fo_cts *c, struct nf_conn *ct, u32 number)
{
}

void fo_secmarks_stop(struct fo_cts *c)
{
}

void fo_secmarks_init(struct fo_cts *c)
{
	c->secmarks.ref.ops = &no_secmarks;
	c->secmarks.ref.self = c;
}

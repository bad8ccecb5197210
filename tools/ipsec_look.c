// SPDX-License-Identifier: GPL-2.0
/* What of IPsec is not replicated, for people. */
#include "ipsec_look.h"

#include <stdio.h>
#include <string.h>

#include "ipsec_list.h"
#include "xfrm.h"

/**
 * struct looker - what is found
 * @pair: whose SAs and policies are wanted
 * @skipped: so many are not replicated, by the reason
 * @want: what the other unit has told of; @missing: of that is not here
 */
struct looker {
	struct ipsec_pair pair;
	unsigned int	skipped[XFRM_WHYS];
	struct ipsec_list have;
	unsigned int	want, missing;
};

static int see_sa(void *ctx, enum xfrm_why why, const struct ipsec_sa *sa)
{
	struct looker *l = ctx;

	if (!ipsec_pair_sa(&l->pair, sa))
		return 0;
	if (!why && !ipsec_list_add_sa(&l->have, sa))
		why = XFRM_UNKNOWN;
	l->skipped[why]++;
	return 0;
}

static int see_policy(void *ctx, enum xfrm_why why, const struct ipsec_policy *p)
{
	struct looker *l = ctx;

	if (!ipsec_pair_policy(&l->pair, p))
		return 0;
	if (!why && !ipsec_list_add_policy(&l->have, p))
		why = XFRM_UNKNOWN;
	l->skipped[why]++;
	return 0;
}

static bool has(const struct ipsec_list *l, const struct fo_object *o)
{
	bool policy = !strcmp(o->space, IPSEC_POLICY);
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->item[i].policy == policy &&
		    l->item[i].key_len == o->key_len &&
		    !memcmp(l->item[i].key, o->key, o->key_len))
			return true;
	return false;
}

static int see_object(void *ctx, const struct fo_object *o)
{
	struct looker *l = ctx;

	l->want++;
	l->missing += !has(&l->have, o);
	return 0;
}

static void say_skipped(char *to, size_t room, const struct looker *l)
{
	enum xfrm_why why;

	for (why = XFRM_FOREIGN + 1; why < XFRM_WHYS; why++)
		if (l->skipped[why]) {
			snprintf(to, room, "%u not replicated: %s",
				 l->skipped[why], xfrm_why(why));
			return;
		}
}

/* The standby knows by their keys what there is. */
static void say_missing(char *to, size_t room, struct looker *l,
			struct fo_nl *nl)
{
	if (nl_object_list(nl, IPSEC_SA, see_object, l) ||
	    nl_object_list(nl, IPSEC_POLICY, see_object, l) || !l->missing)
		return;
	snprintf(to, room, "%u of %u SAs and policies are not on this unit",
		 l->missing, l->want);
}

static void look(struct fo_nl *nl, struct fo_show *s)
{
	size_t room = sizeof(s->config.ipsec_why);
	struct looker l = { .want = 0 };
	struct xfrm x;

	/* who may not look sees nothing */
	if (!ipsec_pair_set(&l.pair, &s->config) || xfrm_open(&x))
		return;
	if (!xfrm_list_sas(&x, see_sa, &l) &&
	    !xfrm_list_policies(&x, see_policy, &l)) {
		if (s->this.role == NF_FAILOVER_ROLE_ACTIVE)
			say_skipped(s->config.ipsec_why, room, &l);
		else
			say_missing(s->config.ipsec_why, room, &l, nl);
	}
	xfrm_close(&x);
	ipsec_list_free(&l.have);
	ipsec_pair_free(&l.pair);
}

void ipsec_look(struct fo_nl *nl, struct fo_show *s)
{
	const char *why = NULL;

	s->config.ipsec_why[0] = 0;
	if (s->config.ipsec != NF_FAILOVER_IPSEC_KEYS || !s->config.enabled)
		return;
	if (s->config.key_mode == NF_FAILOVER_KEY_MODE_CLEAR)
		why = "not replicated, the links are in CLEAR TEXT";
	else if (!s->config.objects)
		why = "not replicated without \"failover replication objects\"";
	if (why)
		snprintf(s->config.ipsec_why, sizeof(s->config.ipsec_why),
			 "%s", why);
	else
		look(nl, s);
}

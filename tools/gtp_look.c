// SPDX-License-Identifier: GPL-2.0
/* What of GTP is replicated, and what is not, for people. */
#include "gtp_look.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include "gtp_nl.h"

/* What was changed just now may not have been told, or heard of, yet. */
#define AGAIN_US	(200 * 1000)

/**
 * struct looker - what is found
 * @have: contexts of the kernel; @left: those that are none
 * @want: so many objects; @missing: of these are not in the kernel
 * @among: only these can be missing; NULL: all
 */
struct looker {
	struct gtp_list have;
	struct gtp_left left;
	unsigned int	want;
	struct gtp_list missing;
	const struct gtp_list *among;
};

static int see_object(void *ctx, const struct fo_object *o)
{
	struct looker *l = ctx;
	struct gtp_ctx g;

	if (!gtp_get_key(&g, o->key, o->key_len) ||
	    !gtp_get_value(&g, o->value, o->len))
		return 0;
	l->want++;
	if (!gtp_list_find(&l->have, &g) &&
	    (!l->among || gtp_list_find(l->among, &g)))
		gtp_list_add(&l->missing, &g);
	return 0;
}

static void end(struct looker *l)
{
	gtp_list_free(&l->have);
	gtp_list_free(&l->missing);
}

static int look_once(struct gtp_nl *n, struct fo_nl *nl, struct looker *l,
		     const struct gtp_list *among)
{
	int err;

	*l = (struct looker) { .among = among };
	err = gtp_list(n, &l->have, &l->left);
	if (!err)
		err = nl_object_list(nl, GTP_SPACE, see_object, l);
	gtp_list_sort(&l->missing);
	return err;
}

/* Of what the kernel told. */
static void say_left(char *to, size_t room, const struct looker *l)
{
	enum gtp_why why;

	for (why = GTP_OK + 1; why < GTP_WHYS; why++)
		if (l->left.n[why]) {
			snprintf(to, room, "%u not replicated: %s",
				 l->left.n[why], gtp_why(why));
			return;
		}
}

/* What the other unit has told, or had, and this one has not. */
static void say_missing(char *to, size_t room, const struct looker *l)
{
	const struct gtp_ctx *first = l->missing.item;
	char text[GTP_TEXT];

	if (!l->missing.n)
		return;
	if (if_nametoindex(first->dev))
		snprintf(to, room, "%zu of %u not installed: %s", l->missing.n,
			 l->want, gtp_text(first, text));
	else
		snprintf(to, room, "%zu of %u not installed: no device %s",
			 l->missing.n, l->want, first->dev);
}

static void look(struct gtp_nl *n, struct fo_nl *nl, struct fo_config *c)
{
	struct looker l, again;
	int err = look_once(n, nl, &l, NULL);

	if (!err && l.missing.n) {
		usleep(AGAIN_US);
		err = look_once(n, nl, &again, &l.missing);
		end(&l);
		l = again;
	}
	if (!err) {
		c->gtp_contexts = l.have.n;
		say_left(c->gtp_why, sizeof(c->gtp_why), &l);
		say_missing(c->gtp_why, sizeof(c->gtp_why), &l);
	}
	end(&l);
}

/* Who may not look sees nothing. */
void gtp_look(struct fo_nl *nl, struct fo_show *s)
{
	struct fo_config *c = &s->config;
	const char *why = "";
	struct gtp_nl n;
	int err;

	if (!c->gtp || !c->enabled)
		return;
	err = gtp_open(&n);
	if (err == -ENOENT)
		why = "the kernel has no GTP";
	if (!c->objects)
		why = "not replicated without \"failover replication objects\"";
	snprintf(c->gtp_why, sizeof(c->gtp_why), "%s", why);
	if (!err && !*why)
		look(&n, nl, c);
	gtp_close(&n);
}

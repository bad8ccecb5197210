// SPDX-License-Identifier: GPL-2.0
/*
 * Units of the simulation route: there is no bridge, and are no stations. Nor
 * are there neighbours, nor objects: nobody is asked for a MAC, and no program
 * runs there.
 */
#include "unit.h"

struct net init_net;

static const struct fo_class no_stations = { .id = FO_CLASS_STATION };
static const struct fo_class no_neighs = { .id = FO_CLASS_NEIGH };
static const struct fo_class no_objects = { .id = FO_CLASS_OBJECT };

int fo_bridge_start(struct fo_bridge *b)
{
	return 0;
}

void fo_bridge_stop(struct fo_bridge *b)
{
}

void fo_bridge_renamed(struct fo_bridge *b)
{
}

bool fo_bridge_guards(void)
{
	return false;
}

int fo_bridge_guard(struct fo_bridge *b)
{
	return 0;
}

int fo_bridge_netdev_event(struct fo_bridge *b, unsigned long event, void *info)
{
	return 0;
}

int fo_bridge_check(const struct fo_bridge *b, const struct fo_config *was,
		    const struct fo_config *c, struct netlink_ext_ack *extack)
{
	return 0;
}

int fo_stations_init(struct fo_stations *s)
{
	s->ref.ops = &no_stations;
	s->ref.self = s;
	return 0;
}

void fo_stations_exit(struct fo_stations *s)
{
}

void fo_stations_announce(struct fo_stations *s)
{
}

void fo_stations_stop(struct fo_stations *s)
{
}

int fo_neighs_init(struct fo_neighs *s)
{
	s->ref.ops = &no_neighs;
	s->ref.self = s;
	return 0;
}

void fo_neighs_exit(struct fo_neighs *s)
{
}

void fo_neighs_start(struct fo_neighs *s)
{
}

void fo_neighs_restore(struct fo_neighs *s)
{
}

void fo_neighs_linked(struct fo_neighs *s)
{
}

void fo_neighs_stop(struct fo_neighs *s)
{
}

int fo_objects_init(struct fo_objects *s)
{
	s->ref.ops = &no_objects;
	s->ref.self = s;
	return 0;
}

void fo_objects_exit(struct fo_objects *s)
{
}

void fo_objects_promoted(struct fo_objects *s)
{
}

void fo_objects_stop(struct fo_objects *s)
{
}

/* Nor do they have settings that differ. */
void fo_agree_init(struct fo_agree *g, struct net *net, struct fo_store *store)
{
}

void fo_agree_reset(struct fo_agree *g)
{
}

void fo_agree_stale(struct fo_agree *g)
{
}

u64 fo_agree_refresh(struct fo_agree *g)
{
	return 1;
}

void fo_agree_greet(struct fo_agree *g, u64 digest)
{
}

void fo_agree_say(struct fo_agree *g, struct fo_hello *h)
{
}

enum fo_agree_news fo_agree_hear(struct fo_agree *g, const struct fo_hello *h)
{
	return FO_AGREE_NO_NEWS;
}

bool fo_agree_blocks(struct fo_agree *g)
{
	return false;
}

bool fo_agree_get(struct fo_agree *g, unsigned int i, struct fo_difference *d)
{
	return false;
}

void fo_agree_words(struct fo_agree *g, const struct fo_setting *s, char *to,
		    size_t size)
{
}

// SPDX-License-Identifier: GPL-2.0
/* Units of the simulation route: there is no bridge, and are no stations. */
#include "unit.h"

static const struct fo_class no_stations = { .id = FO_CLASS_STATION };

int fo_bridge_start(struct fo_bridge *b)
{
	return 0;
}

void fo_bridge_stop(struct fo_bridge *b)
{
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

/* SPDX-License-Identifier: GPL-2.0 */
/* Words for the enums of the netlink family: for people and for JSON. Pure. */
#ifndef FAILOVER_NAMES_H
#define FAILOVER_NAMES_H

#include <stdbool.h>

/* As the ASA prints them, such as "Standby Ready". */
const char *names_unit(unsigned int unit);
const char *names_state(unsigned int state);
const char *names_ifstatus(unsigned int status);
const char *names_trackstatus(unsigned int status);

/* As the YAML spec names them, such as "peer-silent". */
const char *names_unit_key(unsigned int unit);
const char *names_role_key(unsigned int role);
const char *names_transport_key(unsigned int transport);
const char *names_link_kind_key(unsigned int kind);
const char *names_link_status_key(unsigned int status);
const char *names_event_key(unsigned int event);
const char *names_ask(unsigned int ask);
const char *names_history_key(unsigned int kind);

/* The value that @name calls @word. */
bool names_find(const char *(*name)(unsigned int), const char *word,
		unsigned int *value);
const char *names_answer_key(unsigned int answer);

#endif /* FAILOVER_NAMES_H */

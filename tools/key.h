/* SPDX-License-Identifier: GPL-2.0 */
/* Pre-shared keys: from files and pass phrases, and new ones. */
#ifndef FAILOVER_KEY_H
#define FAILOVER_KEY_H

#include "config.h"

/* 0, or -1 and @e. */
int key_load(struct fo_config *c, struct fo_error *e);
int key_make(const char *path, struct fo_error *e);

/* Takes over what @old says about the key whose fingerprint @k has. */
bool key_find(struct fo_key *k, const struct fo_config *old);

/* Whether the configuration, as printed, holds a key. */
bool key_in_text(const struct fo_config *c);

#endif /* FAILOVER_KEY_H */

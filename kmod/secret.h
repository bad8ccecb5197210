/* SPDX-License-Identifier: GPL-2.0 */
/* Messages with secrets, until they are read and can be wiped. */
#ifndef _FO_SECRET_H
#define _FO_SECRET_H

#include <linux/skbuff.h>

/**
 * struct fo_secrets - messages that were sent to user space
 * @sent: copies that have their memory in common with what was sent
 */
struct fo_secrets {
	struct sk_buff_head sent;
};

/* secret.c */
void fo_secrets_init(struct fo_secrets *s);
bool fo_secrets_keep(struct fo_secrets *s, struct sk_buff *skb);
void fo_secrets_wipe(struct fo_secrets *s);
void fo_secrets_end(struct fo_secrets *s);
void fo_secret_free(struct sk_buff *skb);

#endif /* _FO_SECRET_H */

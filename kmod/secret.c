// SPDX-License-Identifier: GPL-2.0
/*
 * Messages with secrets, until they are read and can be wiped.
 *
 * What frees a message that user space has read does not wipe it, nor does it
 * tell. So we keep a clone, which has the same memory: when it has it alone, the
 * message was read.
 */

#include "secret.h"

#include <linux/string.h>

void fo_secrets_init(struct fo_secrets *s)
{
	skb_queue_head_init(&s->sent);
}

/**
 * fo_secret_free() - free a message that nobody else has
 * @skb: message, in one piece
 */
void fo_secret_free(struct sk_buff *skb)
{
	memzero_explicit(skb->data, skb->len);
	kfree_skb(skb);
}

/**
 * fo_secrets_keep() - a message with a secret will be sent
 * @s: where it is kept until it was read
 * @skb: message, complete, in one piece
 *
 * Context: process.
 *
 * Return: false without memory; it must not be sent then.
 */
bool fo_secrets_keep(struct fo_secrets *s, struct sk_buff *skb)
{
	struct sk_buff *kept = skb_clone(skb, GFP_KERNEL);

	if (!kept)
		return false;
	skb_queue_tail(&s->sent, kept);
	return true;
}

/**
 * fo_secrets_wipe() - wipe what was read in the meantime
 * @s: messages
 *
 * Context: any but hard interrupt.
 */
void fo_secrets_wipe(struct fo_secrets *s)
{
	struct sk_buff *skb, *next;
	struct sk_buff_head read;
	unsigned long flags;

	__skb_queue_head_init(&read);
	spin_lock_irqsave(&s->sent.lock, flags);
	skb_queue_walk_safe(&s->sent, skb, next) {
		if (skb_cloned(skb))
			continue;
		__skb_unlink(skb, &s->sent);
		__skb_queue_tail(&read, skb);
	}
	spin_unlock_irqrestore(&s->sent.lock, flags);
	while ((skb = __skb_dequeue(&read)))
		fo_secret_free(skb);
}

/**
 * fo_secrets_end() - wipe all; what was not read yet cannot be read any more
 * @s: messages
 */
void fo_secrets_end(struct fo_secrets *s)
{
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&s->sent)))
		fo_secret_free(skb);
}

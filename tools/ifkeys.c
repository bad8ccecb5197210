// SPDX-License-Identifier: GPL-2.0
/*
 * Keys of the hellos on interfaces: the kernel makes something of the key of the
 * link for the attached daemon; of that each unit's is made.
 *
 * They are in a page that no child gets, whose copy would be freed as it is, and
 * that is neither swapped nor dumped.
 */
#include "ifkeys.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

int ifkeys_open(struct fo_ifkeys *k)
{
	const size_t len = sizeof(*k->secret);
	void *page = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*k = (struct fo_ifkeys) { .n = 0 };
	if (page == MAP_FAILED)
		return -errno;
	/* where one of these cannot be had the others still are worth it */
	madvise(page, len, MADV_WIPEONFORK);
	madvise(page, len, MADV_DONTDUMP);
	mlock(page, len);
	k->secret = page;
	return 0;
}

void ifkeys_close(struct fo_ifkeys *k)
{
	if (k->secret) {
		sodium_memzero(k->secret, sizeof(*k->secret));
		munmap(k->secret, sizeof(*k->secret));
	}
	*k = (struct fo_ifkeys) { .n = 0 };
}

static struct fo_ifkeys of(const struct fo_config *c)
{
	struct fo_ifkeys k = { .mode = c->key_mode, .unit = c->unit };
	unsigned int i;

	for (i = 0; i < CONFIG_KEYS; i++)
		k.fingerprint[i] = c->key[i].fingerprint;
	return k;
}

static bool same(const struct fo_ifkeys *a, const struct fo_ifkeys *b)
{
	return a->mode == b->mode && a->unit == b->unit &&
	       !memcmp(a->fingerprint, b->fingerprint, sizeof(a->fingerprint));
}

static void add(struct fo_ifkeys *k, const unsigned char *secret)
{
	uint32_t mate = k->unit == NF_FAILOVER_UNIT_PRIMARY ?
			NF_FAILOVER_UNIT_SECONDARY : NF_FAILOVER_UNIT_PRIMARY;

	ifhello_key(k->secret->ours[k->n], secret, k->unit);
	ifhello_key(k->secret->mates[k->n++], secret, mate);
}

int ifkeys_learn(struct fo_ifkeys *k, struct fo_nl *nl,
		 const struct fo_config *c)
{
	struct fo_hello_keys known = { .n = 0 };
	struct fo_ifkeys next = of(c);
	unsigned int i;
	int err = 0;

	if (same(k, &next))
		return 0;
	if (next.mode == NF_FAILOVER_KEY_MODE_SECRET)
		err = nl_hello_keys(nl, &known);
	if (!err) {
		next.secret = k->secret;
		*k = next;
		sodium_memzero(k->secret, sizeof(*k->secret));
		if (k->mode == NF_FAILOVER_KEY_MODE_CLEAR)
			add(k, NULL);
		for (i = 0; i < known.n; i++)
			add(k, known.key[i]);
	}
	sodium_memzero(&known, sizeof(known));
	return err;
}

// SPDX-License-Identifier: GPL-2.0
/* Linked into a daemon with -Wl,--wrap=config_free: the environment names the
 * fault that it has, if any. */
#include <stdlib.h>
#include <string.h>

struct fo_config;

void __real_config_free(struct fo_config *c);
void __wrap_config_free(struct fo_config *c);

static void *volatile block;
static volatile int bits = 32;

static void lose(void)
{
	block = malloc(9);
	block = NULL;
}

static void read_freed(void)
{
	block = malloc(9);
	free(block);
	bits = *(volatile char *)block;
}

static void shift(void)
{
	bits = 1 << bits;
}

void __wrap_config_free(struct fo_config *c)
{
	const char *fault = getenv("FAULT");

	if (fault && !strcmp(fault, "leak"))
		lose();
	if (fault && !strcmp(fault, "freed"))
		read_freed();
	if (fault && !strcmp(fault, "shift"))
		shift();
	__real_config_free(c);
}

// SPDX-License-Identifier: GPL-2.0
/* Linked to a test: of its cases runs the one that is named in ONLY. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>

static __attribute__((constructor)) void only(void)
{
	const char *name = getenv("ONLY");

	if (name)
		cmocka_set_test_filter(name);
}

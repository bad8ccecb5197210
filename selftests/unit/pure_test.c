// SPDX-License-Identifier: GPL-2.0
/* What pure.h offers on the host behaves as in the kernel. */

#include "test.h"

static unsigned int calls;

static u64 counted(u64 v)
{
	calls++;
	return v;
}

static void min_evaluates_once(void **state)
{
	(void)state;
	calls = 0;
	assert_int_equal(min_t(u64, counted(3), 9), 3);
	assert_int_equal(min_t(u64, 9, counted(3)), 3);
	assert_int_equal(max_t(u64, counted(3), 2), 3);
	assert_int_equal(max_t(u64, 2, counted(3)), 3);
	assert_int_equal(calls, 4);
}

static void min_is_one_operand(void **state)
{
	u64 one = 1;

	(void)state;
	assert_int_equal(one << min_t(u8, 3, 7), 8);
	assert_int_equal(10 + min_t(u64, 3, 7), 13);
	assert_int_equal(10 + max_t(u64, 3, 7), 17);
	assert_int_equal(min_t(u64, max_t(u64, 5, 9), 7), 7);
}

static void min_takes_the_type(void **state)
{
	(void)state;
	assert_int_equal(min_t(u8, 256, 7), 0);
	assert_int_equal(max_t(u32, -1, 7), U32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(min_evaluates_once),
		cmocka_unit_test(min_is_one_operand),
		cmocka_unit_test(min_takes_the_type),
	};

	return cmocka_run_group_tests_name("pure", tests, NULL, NULL);
}

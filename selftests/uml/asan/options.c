// SPDX-License-Identifier: GPL-2.0
/* What the checkers in the command and the daemon are to do. It is built into
 * them: what the daemon runs for the other unit has no environment of ours. */

#define REPORTS "log_path=/run/reports/asan:exitcode=99"

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return REPORTS ":detect_leaks=1:detect_stack_use_after_return=1:"
	       "strict_string_checks=1";
}

const char *__ubsan_default_options(void)
{
	return REPORTS ":print_stacktrace=1";
}

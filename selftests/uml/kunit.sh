#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints as TAP what the KUnit suites said when the module was loaded; ./run
# loads one that has them (../kunit/add).
set -euo pipefail

# flat: KTAP in the kernel log, whose suites hold the tests, as one list of
# SUITE.TEST, each with what was printed before its result.
flat() {
	sed -E 's/^\[ *[0-9.]+\](\[ *[TC][0-9]+\])? //' | awk '
	/^ *# Subtest: / { suite = $NF; said = ""; next }
	/^ +(not )?ok [0-9]+ / {
		word = $1 == "not" ? "not ok" : "ok"
		sub(/^ +(not )?ok [0-9]+ /, "")
		printf "%s %d - %s.%s\n%s", word, ++n, suite, $0, said
		said = ""
		next
	}
	/^ +(# module:|1\.\.)/ { next }
	/^ +/ { said = said "#" $0 "\n" }
	/^1\.\./ { suites = substr($0, 4) }
	/^(not )?ok [0-9]+ / { suites-- }
	END {
		print "1.." n + 0
		if (suites) print "not ok - kunit: " suites " suites did not report"
	}'
}

dmesg | flat | tee /tmp/kunit.tap
! grep -q "^not ok" /tmp/kunit.tap
